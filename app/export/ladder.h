// The ladder as a drawing: one column per party, one row per event. A Pen draws it: as SVG, or as pixels.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/export/story.h"

namespace glasspost {

// A colour by what it is for. Protocols have three of their own.
enum class Ink : std::uint8_t { panel, line, text, second, third, accent, error, fill, words, tint, half };
struct Colouring {
  Ink ink = Ink::text;
  Protocol protocol = Protocol::smtp;  // of fill, words, tint and half
};
enum class Lettering : std::uint8_t { wire, wire_bold, small, label, chapter };
enum class Anchor : std::uint8_t { start, middle, end };
struct Place {
  double x = 0, y = 0;
};

class Pen {
 public:
  virtual ~Pen() = default;
  virtual void rectangle(double x, double y, double w, double h, Colouring) = 0;
  virtual void outline(double x, double y, double w, double h, Colouring) = 0;
  virtual void line(Place, Place, Colouring, bool dashed) = 0;
  virtual void polygon(std::span<const Place>, Colouring) = 0;
  virtual void text(Place baseline, Anchor, Lettering, std::string_view, Colouring) = 0;
};

class Ladder {
 public:
  Ladder(const Story&, const Speech&);

  struct Row {
    EventKind kind;
    MessageRef message;            // of a message
    std::size_t number = 0;        // of a message, from 1
    Instant at;
    std::string seconds, text;     // the line as it is shown; the sentence of any other event
    Protocol protocol = Protocol::smtp;
    std::size_t from = 0, to = 0;  // columns
    bool client = true, sealed = false, problem = false;
  };
  const std::vector<Row>& rows() const { return rows_; }
  double width() const { return width_; }
  double height() const;           // of all rows, without the head
  static double height_of(const Row&);
  static constexpr double head_height = 34;

  void draw_head(double y, Pen&) const;
  void draw_row(std::size_t index, double y, Pen&) const;

 private:
  struct Column {
    HostId host;
    std::string label;
    double x;
  };
  struct Line {  // a connection
    const Conversation* conversation;
    std::size_t client, server;
    int slot;    // beside others at the same server
  };

  void make_columns(const Story&, const Speech&);
  void make_lines(const Story&);
  void make_row(const Story&, const Speech&, const Event&);
  std::size_t column_of(HostId) const;
  void draw_ground(const Row&, double y, double h, Pen&) const;
  void draw_message(const Row&, double y, Pen&) const;
  void draw_note(const Row&, double y, Pen&) const;

  std::vector<Column> columns_;
  std::vector<Line> lines_;
  std::vector<Row> rows_;
  double width_ = 0;
};

}  // namespace glasspost

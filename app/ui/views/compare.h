// What the parts of the Compare workspace share. Lives for one frame.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/model/comparison.h"
#include "app/ui/icons.h"
#include "app/ui/views/views.h"

namespace glasspost::ui {

namespace comparison = sim::comparison;

struct ComparePage {
  Ui& ui;
  const Model& model;
  const app::Comparison& of;
  const Strings& s;
  Actions& actions;

  const Theme& theme() const { return ui.theme; }
  Canvas& canvas() const { return ui.canvas(); }
  void wants(app::ComparisonDeed deed) const { actions.push_back(app::Compare{std::move(deed)}); }
};

// compare_words.cpp
std::string place_word(const ComparePage&, comparison::Place, std::size_t act);       // "Laptop"; "New phone" once it was lost
std::string holder_word(const ComparePage&, HostId, std::size_t act);
std::string act_title(const ComparePage&, const comparison::UserAct&);
std::string act_note(const ComparePage&, std::size_t act);                            // from 1; what did not happen, too
Icon act_icon(const comparison::UserAct&);
std::string why(const ComparePage&, Protocol, const comparison::Finding&);
std::string_view why_source(Protocol, const comparison::Finding&);                    // "RFC 1939 §5, §6"
std::string_view expectation_words(const Strings&, app::Expectation);
std::string octets_words(const Strings&, std::uint64_t octets);                       // "197 kB"
bool leaves_copies(const ComparePage&, comparison::Place, std::size_t act);           // the setting after that act
bool was_lost(const ComparePage&, comparison::Place, std::size_t act);
bool is_offline(const ComparePage&, comparison::Place, std::size_t act);

// Each draws its part.
void compare_kinds(ComparePage&, Rect& row);   // the switch between the comparisons, cut off the row at its left
void compare_work_bar(ComparePage&, Rect);     // what goes on in the meantime, if something does
void compare_acts(ComparePage&, Rect);
void compare_acts_bar(ComparePage&, Rect);     // where there is no room for the list
void compare_editor(ComparePage&);             // the pop-up over an act
void compare_side(ComparePage&, Rect, Protocol);
void compare_sides(ComparePage&, Rect);        // both
void compare_curves(ComparePage&, Rect);
void compare_secrecy(ComparePage&, Rect);
void compare_news(ComparePage&, Rect);
void compare_exhibit(ComparePage&);            // the exchange that is looked at, over everything

// compare_chart.cpp
struct ChartSeries {
  Protocol protocol = Protocol::pop3;
  std::vector<Point> points;                   // in the chart's own units
  std::string label;                           // at its end
};
struct Chart {
  std::string_view name, title, note;
  std::vector<ChartSeries> series;
  std::vector<std::string> ticks;              // below the axis; for x = first, first + 1, …
  float first = 0, last = 1;                   // of x
  bool logarithmic = false;                    // y
  int chosen = -1;                             // the tick that is lit
  bool loss = false;                           // a cross over what is above zero
};
// The tick that was pressed.
std::optional<int> chart(ComparePage&, Rect, const Chart&);

}  // namespace glasspost::ui

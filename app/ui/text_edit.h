// The text in an input: UTF-8, a cursor, a selection, undo. No drawing here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace glasspost::ui {

class LineEdit {
 public:
  LineEdit() = default;
  explicit LineEdit(std::string text, bool multiline = false);

  const std::string& text() const { return text_; }
  std::size_t cursor() const { return cursor_; }  // byte offsets, never inside a character
  std::size_t anchor() const { return anchor_; }  // the selection's other end
  std::size_t begin() const { return cursor_ < anchor_ ? cursor_ : anchor_; }
  std::size_t end() const { return cursor_ < anchor_ ? anchor_ : cursor_; }
  std::string_view selection() const { return std::string_view(text_).substr(begin(), end() - begin()); }
  bool multiline() const { return multiline_; }

  void set(std::string text);  // the cursor goes to its end; undo can bring the old one back
  void clear() { set({}); }
  // Replaces the selection. Control characters are left out; so are line ends, unless multiline. What would pass the
  // limit is not put in: false.
  bool insert(std::string_view typed);
  void backspace(bool word = false);
  void erase(bool word = false);  // what is after the cursor
  void select_all();
  void select_word();
  void place(std::size_t offset, bool extend = false);  // moved to a character's start if inside one

  void left(bool word, bool extend);
  void right(bool word, bool extend);
  void line_start(bool extend);
  void line_end(bool extend);
  void up(bool extend);  // between lines
  void down(bool extend);
  bool undo();
  bool redo();

  static constexpr std::size_t limit = 1u << 20;  // bytes

 private:
  struct Past {
    std::string text;
    std::size_t cursor;
  };
  void remember(bool typing);
  void remove_selection();
  void vertically(int lines, bool extend);

  std::string text_;
  std::size_t cursor_ = 0, anchor_ = 0;
  bool multiline_ = false, typing_ = false;
  std::vector<Past> undo_, redo_;
};

}  // namespace glasspost::ui

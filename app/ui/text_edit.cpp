#include "app/ui/text_edit.h"

#include <algorithm>

#include "app/ui/utf8.h"

namespace glasspost::ui {
namespace {

constexpr std::size_t undo_steps = 200;

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (static_cast<unsigned char>(c) & 0x80);
}
std::size_t word_left(std::string_view text, std::size_t at) {
  while (at > 0 && !is_word(text[at - 1])) --at;
  while (at > 0 && is_word(text[at - 1])) --at;
  return at;
}
std::size_t word_right(std::string_view text, std::size_t at) {
  while (at < text.size() && !is_word(text[at])) ++at;
  while (at < text.size() && is_word(text[at])) ++at;
  return at;
}
std::size_t start_of_line(std::string_view text, std::size_t at) {
  const std::size_t end = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return end == std::string_view::npos ? 0 : end + 1;
}
std::size_t end_of_line(std::string_view text, std::size_t at) { return std::min(text.find('\n', at), text.size()); }

}  // namespace

LineEdit::LineEdit(std::string text, bool multiline) : text_(std::move(text)), multiline_(multiline) {
  cursor_ = anchor_ = multiline ? 0 : text_.size();
}

void LineEdit::remember(bool typing) {
  redo_.clear();
  if (typing && typing_) return;  // letters typed in a row are undone together
  typing_ = typing;
  if (undo_.size() == undo_steps) undo_.erase(undo_.begin());
  undo_.push_back({text_, cursor_});
}

void LineEdit::set(std::string text) {
  if (text == text_) return place(text_.size());
  remember(false);
  text_ = std::move(text);
  cursor_ = anchor_ = text_.size();
}

void LineEdit::remove_selection() {
  const std::size_t from = begin();
  text_.erase(from, end() - from);
  cursor_ = anchor_ = from;
}

bool LineEdit::insert(std::string_view typed) {
  std::string clean;
  clean.reserve(typed.size());
  for (const char c : typed) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (!control || (multiline_ && (c == '\n' || c == '\t'))) clean += c;
  }
  if (clean.empty()) return true;
  if (text_.size() - (end() - begin()) + clean.size() > limit) return false;
  remember(begin() == end() && clean.size() <= 4);
  remove_selection();
  text_.insert(cursor_, clean);
  cursor_ = anchor_ = cursor_ + clean.size();
  return true;
}

void LineEdit::backspace(bool word) {
  if (begin() == end()) anchor_ = word ? word_left(text_, cursor_) : previous_character(text_, cursor_);
  if (begin() == end()) return;
  remember(false);
  remove_selection();
}

void LineEdit::erase(bool word) {
  if (begin() == end()) anchor_ = word ? word_right(text_, cursor_) : next_character(text_, cursor_);
  if (begin() == end()) return;
  remember(false);
  remove_selection();
}

void LineEdit::select_all() { anchor_ = 0, cursor_ = text_.size(); }

void LineEdit::select_word() {
  std::size_t from = cursor_, to = cursor_;
  while (from > 0 && is_word(text_[from - 1])) --from;
  while (to < text_.size() && is_word(text_[to])) ++to;
  anchor_ = from, cursor_ = to;
}

void LineEdit::place(std::size_t offset, bool extend) {
  offset = std::min(offset, text_.size());
  while (offset > 0 && offset < text_.size() && (static_cast<unsigned char>(text_[offset]) & 0xC0) == 0x80) --offset;
  cursor_ = offset;
  if (!extend) anchor_ = cursor_;
  typing_ = false;
}

void LineEdit::left(bool word, bool extend) {
  if (!extend && !word && begin() != end()) return place(begin());
  place(word ? word_left(text_, cursor_) : previous_character(text_, cursor_), extend);
}

void LineEdit::right(bool word, bool extend) {
  if (!extend && !word && begin() != end()) return place(end());
  place(word ? word_right(text_, cursor_) : next_character(text_, cursor_), extend);
}

void LineEdit::line_start(bool extend) { place(start_of_line(text_, cursor_), extend); }
void LineEdit::line_end(bool extend) { place(end_of_line(text_, cursor_), extend); }

void LineEdit::vertically(int lines, bool extend) {
  const std::string_view text = text_;
  const std::size_t start = start_of_line(text, cursor_);
  const std::size_t column = cursor_ - start;
  if (lines < 0) {
    if (start == 0) return place(0, extend);
    const std::size_t above = start_of_line(text, start - 1);
    return place(std::min(above + column, start - 1), extend);
  }
  const std::size_t stop = end_of_line(text, cursor_);
  if (stop == text.size()) return place(text.size(), extend);
  place(std::min(stop + 1 + column, end_of_line(text, stop + 1)), extend);
}
void LineEdit::up(bool extend) { vertically(-1, extend); }
void LineEdit::down(bool extend) { vertically(1, extend); }

bool LineEdit::undo() {
  if (undo_.empty()) return false;
  redo_.push_back({text_, cursor_});
  text_ = std::move(undo_.back().text);
  cursor_ = anchor_ = undo_.back().cursor;
  undo_.pop_back();
  typing_ = false;
  return true;
}

bool LineEdit::redo() {
  if (redo_.empty()) return false;
  undo_.push_back({text_, cursor_});
  text_ = std::move(redo_.back().text);
  cursor_ = anchor_ = redo_.back().cursor;
  redo_.pop_back();
  typing_ = false;
  return true;
}

}  // namespace glasspost::ui

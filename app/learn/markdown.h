// The Markdown of lessons (CommonMark, by md4c) as blocks of runs: for drawing, for terminals, for pages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace glasspost::learn {

struct Run {
  std::string text;          // UTF-8, entities resolved
  bool strong = false, emphasis = false, code = false;
  std::string link;          // empty: none
  friend bool operator==(const Run&, const Run&) = default;
};

struct Block {
  enum class Kind { paragraph, item, code } kind = Kind::paragraph;
  int depth = 0;             // item: how deep in lists, from 1
  int number = 0;            // item: of an ordered list; 0: a bullet; -1: a further paragraph of the item before
  std::vector<Run> runs;     // code: one run with all its lines
  friend bool operator==(const Block&, const Block&) = default;
};

// HTML in it is text; pictures are their words.
std::vector<Block> parse_markdown(std::string_view);
std::string html_of(const std::vector<Block>&);
std::string html_of(const std::vector<Run>&);
// Without marks: "`EHLO` answered" is "EHLO answered".
std::string plain(const std::vector<Run>&);
std::string plain(std::string_view markdown);
// For terminals: lines of at most `width` characters.
std::string text_of(const std::vector<Block>&, std::size_t width);

}  // namespace glasspost::learn

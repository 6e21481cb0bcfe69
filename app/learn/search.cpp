#include "app/learn/search.h"

#include <algorithm>
#include <vector>

#include "protocol/base/text.h"

namespace glasspost::learn {
namespace {

// The letters of Latin-1 behind the octet C3, from À to ÿ, without their accents; a space: it stays as it is.
constexpr std::string_view without_accents = "aaaaaa ceeeeiiii nooooo  uuuuy  aaaaaa ceeeeiiii nooooo  uuuuy y";

// Comparable text, and where each of its octets came from.
struct Folded {
  std::string text;
  std::vector<std::size_t> from;
};

Folded fold(std::string_view utf8) {
  Folded out;
  const auto put = [&](char c, std::size_t from) {
    out.text += c;
    out.from.push_back(from);
  };
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const bool pair = utf8[i] == '\xC3' && i + 1 < utf8.size();
    const std::size_t letter = pair ? std::size_t(static_cast<unsigned char>(utf8[i + 1])) - 0x80 : without_accents.size();
    if (letter < without_accents.size() && without_accents[letter] != ' ') put(without_accents[letter], i++);
    else put(utf8[i] == '\n' ? ' ' : lower(utf8[i]), i);
  }
  return out;
}

// Markdown without its marks and the addresses of its links.
std::string unmarked(std::string_view markdown) {
  std::string out;
  for (std::size_t i = 0; i < markdown.size(); ++i) {
    if (markdown.substr(i, 2) == "](") i = std::min(markdown.find(')', i), markdown.size() - 1);
    else if (std::string_view("*`[").find(markdown[i]) == std::string_view::npos) out += markdown[i] == '\n' ? ' ' : markdown[i];
  }
  return out;
}

std::vector<std::string> words_of(std::string_view query) {
  std::vector<std::string> words;
  const std::string all = folded(query);
  for (const std::string_view word : split(all, ' '))
    if (!word.empty()) words.emplace_back(word);
  return words;
}

bool all_in(const std::string& text, const std::vector<std::string>& words) {
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) { return text.find(word) != text.npos; });
}

// From the beginning of a word some way before to the end of one some way behind.
std::string excerpt(std::string_view text, std::size_t at) {
  constexpr std::size_t before = 36, behind = 90;
  std::size_t from = at > before ? text.find(' ', at - before) : 0;
  if (from == text.npos || from > at) from = at;
  while (from < at && text[from] == ' ') ++from;
  std::size_t to = at + behind < text.size() ? text.rfind(' ', at + behind) : text.size();
  if (to == text.npos || to <= at) to = text.size();
  return (from > 0 ? "… " : "") + std::string(text.substr(from, to - from)) + (to < text.size() ? " …" : "");
}

}  // namespace

std::string folded(std::string_view utf8) { return fold(utf8).text; }

bool has_words(std::string_view text, std::string_view query) {
  const auto words = words_of(query);
  return !words.empty() && all_in(folded(text), words);
}

std::optional<Found> find_in(const lessons::Lesson& lesson, Language language, std::string_view query) {
  const std::vector<std::string> words = words_of(query);
  if (words.empty()) return std::nullopt;
  std::string heading = unmarked(lesson.text(language, "title")) + " " + lesson.id;
  for (const std::string& rfc : lesson.rfcs) heading += " " + rfc;
  if (all_in(folded(heading), words)) return Found{"title", {}};
  std::string everything = heading;
  std::optional<Found> first;
  for (const std::string& key : lessons::prose_keys(lesson)) {
    const std::string text = unmarked(lesson.text(language, key));
    const Folded comparable = fold(text);
    everything += " " + text;
    if (all_in(comparable.text, words)) return Found{key, excerpt(text, comparable.from[comparable.text.find(words.front())])};
    if (const auto at = comparable.text.find(words.front()); !first && at != comparable.text.npos) first = Found{key, excerpt(text, comparable.from[at])};
  }
  // The words are in it, though not beside each other.
  if (!all_in(folded(everything), words)) return std::nullopt;
  return first ? first : Found{"title", {}};
}

}  // namespace glasspost::learn

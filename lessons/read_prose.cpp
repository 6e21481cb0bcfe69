// One language's prose: a Markdown file whose headings of the second level are keys.
#include "lessons/reader.h"
#include "protocol/base/idn.h"

namespace glasspost::lessons {
namespace {

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

}  // namespace

Prose read_prose(std::string_view octets, const std::string& file) {
  const auto fail = [&](int line, std::string problem) { throw LessonError{file, line, 1, std::move(problem)}; };
  Prose prose;
  Section* section = nullptr;
  bool in_code = false;
  int number = 0;
  for (std::size_t at = 0; at < octets.size();) {
    const auto end = std::min(octets.find('\n', at), octets.size());
    std::string_view line = octets.substr(at, end - at);
    at = end + 1;
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!is_utf8(line)) fail(number, "this line is not UTF-8: save the file as UTF-8");
    if (number == 1) {
      if (!line.starts_with("# ") || trimmed(line.substr(2)).empty()) fail(1, "the first line is the title: \"# An SMTP dialogue by hand\"");
      prose["title"] = {trimmed(line.substr(2)), 1};
      continue;
    }
    if (line.starts_with("```")) in_code = !in_code;
    if (!in_code && line.starts_with("# ")) fail(number, "there is one title, in the first line; a section begins with \"## key\"");
    if (!in_code && line.starts_with("## ")) {
      const std::string key = trimmed(line.substr(3));
      if (prose.contains(key)) fail(number, fmt::format("the section \"{}\" is here twice; the first is in line {}", key, prose[key].line));
      section = &prose[key];
      section->line = number;
      continue;
    }
    if (!section) {
      if (!trimmed(line).empty()) fail(number, "text stands in a section: begin one with \"## intro\"");
      continue;
    }
    section->text += line;
    section->text += '\n';
  }
  if (number == 0) fail(1, "the file is empty; its first line is the title: \"# An SMTP dialogue by hand\"");
  if (in_code) fail(number, "a code block (```) is not closed");
  for (auto& [key, words] : prose) words.text = trimmed(words.text);
  return prose;
}

}  // namespace glasspost::lessons

#include "protocol/mime/header.h"

#include "protocol/base/text.h"

namespace glasspost::mime {
namespace {

constexpr bool is_ftext(char c) { return c > 0x20 && c < 0x7f && c != ':'; }
constexpr bool is_wsp(char c) { return c == ' ' || c == '\t'; }

// The end of the line that begins at `at`, its line end included.
std::size_t line_end(std::string_view text, std::size_t at) {
  const std::size_t found = text.find('\n', at);
  return found == text.npos ? text.size() : found + 1;
}

std::size_t without_line_end(std::string_view text, std::size_t begin, std::size_t end) {
  if (end > begin && text[end - 1] == '\n') {
    --end;
    if (end > begin && text[end - 1] == '\r') --end;
  }
  return end;
}

Span span(std::size_t begin, std::size_t end) { return {std::uint32_t(begin), std::uint32_t(end)}; }

}  // namespace

std::size_t header_end(std::string_view text) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = line_end(text, begin);
    if (end > begin && without_line_end(text, begin, end) == begin) return end;
    begin = end;
  }
  return text.size();
}

std::size_t field_name_size(std::string_view line) {
  std::size_t name = 0;
  while (name < line.size() && is_ftext(line[name])) ++name;
  std::size_t colon = name;
  while (colon < line.size() && is_wsp(line[colon])) ++colon;
  return colon < line.size() && line[colon] == ':' ? name : 0;
}

std::optional<HeaderField> HeaderReader::next() {
  if (over_ || at_ >= text_.size()) {
    over_ = true;
    return std::nullopt;
  }
  const std::size_t begin = at_;
  std::size_t end = line_end(text_, begin);
  const std::size_t first_stop = without_line_end(text_, begin, end);
  if (first_stop == begin && end > begin) {
    at_ = end;
    over_ = true;
    return std::nullopt;
  }
  const std::size_t name = field_name_size(text_.substr(begin, first_stop - begin));
  // RFC 5322 section 4.2 lets a fold be white space alone, but an empty line ends the header whatever comes behind it.
  while (end < text_.size() && is_wsp(text_[end])) end = line_end(text_, end);
  at_ = end;
  const std::size_t stop = without_line_end(text_, begin, end);
  if (name == 0) return HeaderField{span(begin, end), span(begin, begin), span(begin, stop)};
  const std::size_t colon = text_.find(':', begin + name);
  return HeaderField{span(begin, end), span(begin, begin + name), span(colon + 1, stop)};
}

Text field(std::string_view headers, std::string_view name) {
  HeaderReader reader(headers);
  while (const auto found = reader.next())
    if (equal_ignoring_case(found->name.of(headers), name)) return unfold(found->value.of(headers));
  return std::nullopt;
}

std::string unfold(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\n') continue;
    if (value[i] == '\r' && i + 1 < value.size() && value[i + 1] == '\n') continue;
    out += value[i];
  }
  const std::string_view trimmed = trim(out);
  return trimmed.size() == out.size() ? out : std::string(trimmed);
}

}  // namespace glasspost::mime

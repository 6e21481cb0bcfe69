#include "sim/store/content.h"

#include "protocol/base/text.h"

namespace glasspost::sim {
namespace {

// The end of the line that begins at `at`, its line end included.
std::size_t line_end(std::string_view text, std::size_t at) {
  const auto lf = text.find('\n', at);
  return lf == std::string_view::npos ? text.size() : lf + 1;
}

bool is_blank(std::string_view line) { return line == "\r\n" || line == "\n" || line.empty(); }

}  // namespace

Content::Content(std::string text) : text_(std::move(text)) {}
Content::~Content() = default;

std::string Content::header(std::string_view name) const {
  const std::string_view all = text_;
  for (std::size_t at = 0; at < all.size();) {
    std::size_t end = line_end(all, at);
    if (is_blank(all.substr(at, end - at))) break;
    while (end < all.size() && (all[end] == ' ' || all[end] == '\t')) end = line_end(all, end);
    const std::string_view field = all.substr(at, end - at);
    at = end;
    const auto colon = field.find(':');
    if (colon == std::string_view::npos || !equal_ignoring_case(trim(field.substr(0, colon)), name)) continue;
    std::string value;
    for (const char c : field.substr(colon + 1))
      if (c != '\r' && c != '\n') value += c;
    return std::string(trim(value));
  }
  return {};
}

}  // namespace glasspost::sim

#include "protocol/mime/recode.h"

#include <algorithm>
#include <vector>

#include "protocol/base/text.h"
#include "protocol/mime/encoding.h"
#include "protocol/mime/header.h"
#include "protocol/mime/message.h"

namespace glasspost::mime {
namespace {

struct Edit {
  std::size_t begin, end;
  std::string text;
};

constexpr std::string_view field_name = "Content-Transfer-Encoding";
constexpr std::string_view in_base64 = "Content-Transfer-Encoding: base64\r\n";

bool is_unencoded(std::string_view encoding) {
  return equal_ignoring_case(encoding, "binary") || equal_ignoring_case(encoding, "8bit") || equal_ignoring_case(encoding, "7bit");
}

void recode(std::string_view message, const Part& part, std::vector<Edit>& edits) {
  for (const Part& inner : part.parts) recode(message, inner, edits);
  const std::string_view body = part.body.of(message);
  if (!part.parts.empty() || body.find('\0') == body.npos || !is_unencoded(part.encoding)) return;
  const std::string_view headers = part.headers.of(message);
  HeaderReader reader(headers);
  std::size_t begin = 0, end = 0;  // of the field; of the place for it, if there is none
  bool found = false;
  while (const auto field = reader.next()) {
    if (!found) begin = end = part.headers.begin + field->whole.end;
    if (found || !equal_ignoring_case(field->name.of(headers), field_name)) continue;
    found = true;
    begin = part.headers.begin + field->whole.begin;
    end = part.headers.begin + field->whole.end;
  }
  if (!found && begin == 0) begin = end = part.headers.begin;
  edits.push_back({begin, end, std::string(in_base64)});
  edits.push_back({part.body.begin, part.body.end, encode_base64_body(body)});
}

}  // namespace

std::optional<std::string> without_nul(std::string message) {
  if (message.find('\0') == message.npos) return message;
  std::vector<Edit> edits;
  recode(message, read_message(message), edits);
  std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.begin > b.begin; });
  for (const Edit& edit : edits) message.replace(edit.begin, edit.end - edit.begin, edit.text);
  if (message.find('\0') != message.npos) return std::nullopt;
  return message;
}

}  // namespace glasspost::mime

#include "protocol/imap/extensions/objectid.h"

#include "protocol/base/text.h"
#include "protocol/imap/reader.h"

namespace glasspost::imap {
namespace {

constexpr std::size_t longest_id = 255;

}  // namespace

std::string parse_objectid(Reader& r, Role role) {
  const std::size_t begin = r.position();
  const std::string_view id = r.take_while([](char c) { return is_alnum(c) || c == '_' || c == '-'; });
  if (id.empty() || id.size() > longest_id) r.fail(Fault::syntax, begin, "objectid");
  r.mark(role, begin);
  return std::string(id);
}

std::string parse_objectid_in_parentheses(Reader& r, Role role) {
  r.open();
  std::string id = parse_objectid(r, role);
  r.close();
  return id;
}

std::optional<std::string> parse_optional_objectid(Reader& r, Role role) {
  if (r.take_nil()) return std::nullopt;
  return parse_objectid_in_parentheses(r, role);
}

void write_objectid(std::string& out, const std::optional<std::string>& id) {
  if (id) ((out += '(') += *id) += ')';
  else out += "NIL";
}

}  // namespace glasspost::imap

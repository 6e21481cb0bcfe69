// The sections of BODY[...]: RFC 3501 section 6.4.5.
//   section-spec   = section-msgtext / (section-part ["." section-text])
//   section-msgtext = "HEADER" / "HEADER.FIELDS" [".NOT"] SP header-list / "TEXT"
//   section-part   = nz-number *("." nz-number)
//   section-text   = section-msgtext / "MIME"
#include <algorithm>

#include "protocol/base/cursor.h"
#include "protocol/mime/header.h"
#include "protocol/mime/structure.h"

namespace glasspost::mime {
namespace {

// header-list = "(" header-fld-name *(SP header-fld-name) ")"; header-fld-name = astring
Result<std::vector<std::string>> header_list(Cursor& at) {
  std::vector<std::string> out;
  if (!at.take(' ') || !at.take('(')) return at.wanted("header-list");
  do {
    std::string name;
    if (at.take('"')) {
      while (!at.done() && at.peek() != '"') {
        if (at.peek() == '\\') at.skip();
        name += at.peek();
        at.skip();
      }
      if (!at.take('"')) return at.wanted("DQUOTE");
    } else {
      name = at.take_while([](char c) {
        return is_printable(c) && std::string_view(" (){%*\"\\").find(c) == std::string_view::npos;
      });
    }
    if (name.empty()) return at.wanted("header-fld-name");
    out.push_back(std::move(name));
  } while (at.take(' '));
  if (!at.take(')')) return at.wanted("header-list");
  return out;
}

constexpr std::size_t path_limit = 200;

// The octets that HEADER and TEXT name: of the message itself, or of the one inside a message/rfc822 part.
const Part* message_of(const Part& part, bool is_root) {
  if (is_root) return &part;
  return part.holds_message() ? &part.parts.front() : nullptr;
}

void select_fields(std::string_view headers, const Section& section, std::string& out) {
  out.clear();
  const bool wanted = section.what == Section::What::header_fields;
  HeaderReader reader(headers);
  while (const auto field = reader.next()) {
    const std::string_view name = field->name.of(headers);
    const bool listed = std::any_of(section.fields.begin(), section.fields.end(),
                                    [&](const std::string& one) { return equal_ignoring_case(one, name); });
    if (listed == wanted) out += field->whole.of(headers);
  }
  // The empty line belongs to every subset of a header that has one.
  if (headers == "\r\n" || headers == "\n" || headers.ends_with("\n\r\n") || headers.ends_with("\n\n")) out += "\r\n";
}

}  // namespace

Result<Section> parse_section(std::string_view text) {
  Section out;
  Cursor at(text);
  while (is_digit(at.peek())) {
    const std::size_t begin = at.position();
    const auto number = to_u32(at.take_while(is_digit));
    if (!number || *number == 0) return fail(Fault::number_range, begin, "nz-number");
    if (out.path.size() == path_limit) return at.fail(Fault::too_many, "section-part");
    out.path.push_back(*number);
    if (at.done()) return out;
    if (!at.take('.')) return at.wanted("section-part");
  }
  if (at.done() && out.path.empty()) return out;
  using What = Section::What;
  if (at.take_ignoring_case("HEADER.FIELDS.NOT")) out.what = What::header_fields_not;
  else if (at.take_ignoring_case("HEADER.FIELDS")) out.what = What::header_fields;
  else if (at.take_ignoring_case("HEADER")) out.what = What::header;
  else if (at.take_ignoring_case("TEXT")) out.what = What::text;
  else if (!out.path.empty() && at.take_ignoring_case("MIME")) out.what = What::mime;
  else return at.wanted("section-text");
  if (out.what == What::header_fields || out.what == What::header_fields_not) {
    auto fields = header_list(at);
    if (!fields) return tl::unexpected(fields.error());
    out.fields = std::move(*fields);
  }
  if (!at.done()) return at.wanted("]");
  return out;
}

std::string to_text(const Section& section) {
  std::string out;
  for (const std::uint32_t number : section.path) {
    if (!out.empty()) out += '.';
    out += std::to_string(number);
  }
  if (section.what == Section::What::everything) return out;
  if (!out.empty()) out += '.';
  switch (section.what) {
    case Section::What::everything: break;
    case Section::What::header: return out + "HEADER";
    case Section::What::text: return out + "TEXT";
    case Section::What::mime: return out + "MIME";
    case Section::What::header_fields: out += "HEADER.FIELDS ("; break;
    case Section::What::header_fields_not: out += "HEADER.FIELDS.NOT ("; break;
  }
  for (std::size_t i = 0; i < section.fields.size(); ++i) {
    const std::string& name = section.fields[i];
    if (i > 0) out += ' ';
    if (!name.empty() && name.find_first_of(" (){%*\"\\") == name.npos) {
      out += name;
      continue;
    }
    out += '"';
    for (const char c : name) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  return out + ")";
}

const Part* part_at(const Part& root, const std::vector<std::uint32_t>& path) {
  const Part* part = &root;
  const Part* message = &root;  // whose body the next number counts in; null inside a multipart
  for (const std::uint32_t number : path) {
    // Of a message/rfc822 part the numbers are those of the message inside.
    if (message == nullptr && part->holds_message()) message = part = &part->parts.front();
    if (part->is_multipart()) {
      if (number == 0 || number > part->parts.size()) return nullptr;
      part = &part->parts[number - 1];
    } else if (message != part || number != 1) {
      return nullptr;  // "every message has at least one part number": a message that is no multipart has only part 1
    }
    message = nullptr;
  }
  return part;
}

std::optional<std::string_view> section_of(std::string_view message, const Part& root, const Section& section,
                                           std::string& scratch) {
  const Part* part = part_at(root, section.path);
  if (part == nullptr) return std::nullopt;
  const bool whole = section.path.empty();
  using What = Section::What;
  if (section.what == What::everything)
    return whole ? message.substr(root.headers.begin, root.body.end - root.headers.begin) : part->body.of(message);
  if (section.what == What::mime) return whole ? std::nullopt : std::optional(part->headers.of(message));
  const Part* inner = message_of(*part, whole);
  if (inner == nullptr) return std::nullopt;
  if (section.what == What::header) return inner->headers.of(message);
  if (section.what == What::text) return inner->body.of(message);
  select_fields(inner->headers.of(message), section, scratch);
  return scratch;
}

}  // namespace glasspost::mime

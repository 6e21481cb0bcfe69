// The section of BODY[...], in commands and in responses. RFC 3501 section 6.4.5.
#include "protocol/imap/reader.h"

namespace glasspost::imap {
namespace {

using What = Section::What;

// header-list = "(" header-fld-name *(SP header-fld-name) ")"
std::vector<std::string> header_list(Reader& r) {
  std::vector<std::string> fields;
  r.open();
  do {
    if (!r.room_for(fields.size())) return {};
    fields.push_back(r.astring(Role::imap_section, "header-fld-name"));
  } while (r.take(' '));
  r.close();
  return fields;
}

// section-msgtext = "HEADER" / "HEADER.FIELDS" [".NOT"] SP header-list / "TEXT"
// section-text    = section-msgtext / "MIME"
void section_text(Reader& r, Section& section, std::size_t begin) {
  if (r.take_word("HEADER.FIELDS")) {
    section.what = r.take_word(".NOT") ? What::header_fields_not : What::header_fields;
    r.mark(Role::imap_section, begin);
    r.space();
    section.fields = header_list(r);
    return;
  }
  if (r.take_word("HEADER")) section.what = What::header;
  else if (r.take_word("TEXT")) section.what = What::text;
  else if (!section.path.empty() && r.take_word("MIME")) section.what = What::mime;
  else r.wanted(section.path.empty() ? "section-msgtext" : "section-text");
  r.mark(Role::imap_section, begin);
}

}  // namespace

// section-binary = "[" [section-part] "]"
Section Reader::section_binary() {
  const std::size_t begin = position();
  Section section = this->section();
  if (section.what != What::everything) fail(Fault::syntax, begin, "section-binary");
  return section;
}

// section = "[" [section-spec] "]";  section-spec = section-msgtext / (section-part ["." section-text])
Section Reader::section() {
  Section section;
  const std::size_t bracket = position();
  if (!take('[')) {
    wanted("\"[\"");
    return section;
  }
  mark(Role::imap_paren, bracket);
  const std::size_t begin = position();
  bool text_follows = peek() != ']' && !is_digit(peek());
  while (is_digit(peek())) {
    const std::size_t at = position();
    const std::string_view digits = c_.take_while(is_digit);
    const auto value = to_u32(digits);
    if (!value || digits.front() == '0') {
      fail(Fault::number_range, at, "nz-number");
      return section;
    }
    if (section.path.size() >= options_.nesting * 4) {
      fail(Fault::too_many, at, "section-part");
      return section;
    }
    section.path.push_back(*value);
    text_follows = take('.');
    if (!text_follows) break;
    text_follows = !is_digit(peek());
  }
  if (text_follows) section_text(*this, section, begin);
  else mark(Role::imap_section, begin);
  const std::size_t closing = position();
  if (!take(']')) wanted("\"]\"");
  mark(Role::imap_paren, closing);
  return section;
}

}  // namespace glasspost::imap

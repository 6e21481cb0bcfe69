// "* n FETCH (...)". RFC 3501 section 7.4.2.
#include "protocol/imap/extensions/objectid.h"
#include "protocol/imap/response_rules.h"
#include "protocol/imap/rules.h"

namespace glasspost::imap {
namespace {

Reader::Content content_of(const SectionData& data) {
  using What = Section::What;
  // What begins in the middle may be anything: nobody can tell a field from text.
  if (data.kind == FetchKind::rfc822_text || data.kind == FetchKind::binary || data.origin.value_or(0) != 0) return Reader::Content::body;
  if (data.kind != FetchKind::section) return Reader::Content::message;
  const Section& section = data.section;
  const bool body = section.what == What::text || (section.what == What::everything && !section.path.empty());
  return body ? Reader::Content::body : Reader::Content::message;
}

// "BODY" section ["<" number ">"] SP nstring / "RFC822" [".HEADER" / ".TEXT"] SP nstring /
// "BINARY" section-binary ["<" number ">"] SP (nstring / literal8)
SectionData section_data(Reader& r, const FetchName& name) {
  SectionData data;
  data.kind = name.kind;
  if (name.section) {
    data.section = name.kind == FetchKind::binary ? r.section_binary() : r.section();
    const std::size_t begin = r.position();
    if (r.take('<')) {
      const std::string_view digits = r.take_while(is_digit);
      data.origin = to_u32(digits);
      if (!data.origin || !r.take('>')) r.fail(Fault::syntax, begin, "\"<\" number \">\"");
      r.mark(Role::imap_partial, begin);
    }
  }
  r.space();
  data.octets = r.content_nstring(content_of(data));
  return data;
}

void msg_att(Reader& r, FetchData& data) {
  const std::size_t begin = r.position();
  const FetchName* name = fetch_name_at(r.rest(), r.options().dialect);
  if (!name || name->peek) {
    r.atom(Role::imap_fetch_item, "msg-att");
    r.space();
    skip_value(r, Role::imap_fetch_value);
    return;
  }
  r.skip(name->text.size() - (name->section ? 1 : 0));
  r.mark(Role::imap_fetch_item, begin);
  switch (name->kind) {
    case FetchKind::save_date:
      r.space();
      if (!r.take_nil()) data.save_date = r.date_time();
      return;
    case FetchKind::preview:
      r.space();
      data.preview = r.nstring(Role::imap_fetch_value);
      return;
    case FetchKind::email_id:
      r.space();
      data.email_id = parse_objectid_in_parentheses(r, Role::imap_fetch_value);
      return;
    case FetchKind::thread_id:
      r.space();
      data.thread_id = parse_optional_objectid(r, Role::imap_fetch_value);
      return;
    case FetchKind::binary_size: {
      Section section = r.section_binary();
      r.space();
      data.binary_sizes.emplace_back(std::move(section), r.number64(Role::imap_fetch_value));
      return;
    }
    case FetchKind::binary:
    case FetchKind::section:
    case FetchKind::rfc822:
    case FetchKind::rfc822_header:
    case FetchKind::rfc822_text: data.sections.push_back(section_data(r, *name)); return;
    case FetchKind::flags:
      r.space();
      data.flags = r.flag_list();
      return;
    case FetchKind::uid:
      r.space();
      data.uid = r.nz_number(Role::imap_uid, "uniqueid");
      return;
    case FetchKind::modseq: data.modseq = parse_fetched_mod_sequence(r); return;
    case FetchKind::rfc822_size:
      r.space();
      data.size = r.number(Role::imap_fetch_value);
      return;
    case FetchKind::internal_date:
      r.space();
      data.internal_date = r.date_time();
      return;
    case FetchKind::envelope:
      r.space();
      data.envelope = std::make_unique<mime::Envelope>(parse_envelope(r));
      return;
    case FetchKind::body:
      r.space();
      data.body = std::make_unique<mime::Part>(parse_body(r));
      return;
    case FetchKind::body_structure:
      r.space();
      data.body_structure = std::make_unique<mime::Part>(parse_body(r));
      return;
  }
}

}  // namespace

// msg-att = "(" msg-att-item *(SP msg-att-item) ")"
FetchData parse_fetch_data(Reader& r, std::uint32_t sequence) {
  FetchData data;
  data.sequence = sequence;
  r.open();
  std::size_t items = 0;
  do {
    if (!r.room_for(items++)) break;
    msg_att(r, data);
  } while (r.take(' '));
  r.close();
  return data;
}

// A string, an atom with anything but parentheses and spaces in it, or a list of such in parentheses.
void skip_value(Reader& r, Role role) {
  if (!r.enter()) return;
  if (r.take_open()) {
    std::size_t items = 0;
    while (r.ok() && !r.take_close()) {
      if (r.done() || !r.room_for(items++)) {
        r.wanted("\")\"");
        break;
      }
      if (!r.take(' ')) skip_value(r, role);
    }
  } else if (r.peek() == '"' || r.peek() == '{') {
    r.string(role);
  } else if (!r.take_nil()) {
    const std::size_t begin = r.position();
    if (r.take_while([](char c) { return is_quotable(c) && c != ' ' && c != '(' && c != ')' && c != '"'; }).empty())
      r.wanted("value");
    r.mark(role, begin);
  }
  r.leave();
}

}  // namespace glasspost::imap

// ENVELOPE, BODY and BODYSTRUCTURE as a client reads them. RFC 3501 sections 7.4.2 and 9.
#include "protocol/imap/response_rules.h"

namespace glasspost::imap {
namespace {

constexpr Role field = Role::imap_structure_field;

// env-from = "(" 1*address ")" / nil;  address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"
mime::AddressList addresses(Reader& r) {
  mime::AddressList list;
  if (r.take_nil()) return list;
  r.open();
  while (r.take_open()) {
    if (!r.room_for(list.size())) break;
    mime::Address address;
    address.name = r.nstring(Role::imap_envelope_field, "addr-name");
    r.space();
    address.route = r.nstring(Role::imap_envelope_field, "addr-adl");
    r.space();
    address.mailbox = r.nstring(Role::imap_envelope_field, "addr-mailbox");
    r.space();
    address.host = r.nstring(Role::imap_envelope_field, "addr-host");
    r.close();
    list.push_back(std::move(address));
    r.take(' ');  // some servers put a space here
  }
  r.close();
  return list;
}

// body-fld-param = "(" string SP string *(SP string SP string) ")" / nil
std::vector<mime::Parameter> parameters(Reader& r) {
  std::vector<mime::Parameter> list;
  if (r.take_nil()) return list;
  r.open();
  do {
    if (!r.room_for(list.size())) break;
    mime::Parameter parameter;
    parameter.name = r.string(field, "body-fld-param");
    r.space();
    parameter.value = r.nstring(field, "body-fld-param").value_or("");
    list.push_back(std::move(parameter));
  } while (r.take(' '));
  r.close();
  return list;
}

// body-fld-dsp = "(" string SP body-fld-param ")" / nil
void disposition(Reader& r, mime::Part& part) {
  if (r.take_nil()) return;
  r.open();
  part.disposition = r.string(field, "body-fld-dsp");
  r.space();
  part.disposition_parameters = parameters(r);
  r.close();
}

// body-fld-lang = nstring / "(" string *(SP string) ")"
void language(Reader& r, mime::Part& part) {
  if (!r.take_open()) {
    if (auto one = r.nstring(field, "body-fld-lang")) part.language.push_back(std::move(*one));
    return;
  }
  do {
    if (!r.room_for(part.language.size())) break;
    part.language.push_back(r.string(field, "body-fld-lang"));
  } while (r.take(' '));
  r.close();
}

// [SP body-fld-dsp [SP body-fld-lang [SP body-fld-loc *(SP body-extension)]]]
void common_extension(Reader& r, mime::Part& part) {
  if (!r.take(' ')) return;
  disposition(r, part);
  if (!r.take(' ')) return;
  language(r, part);
  if (!r.take(' ')) return;
  part.location = r.nstring(field, "body-fld-loc");
  while (r.take(' ')) skip_value(r, field);
}

// body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
void multipart(Reader& r, mime::Part& part) {
  part.type = "multipart";
  while (r.peek() == '(') {
    if (!r.room_for(part.parts.size())) return;
    part.parts.push_back(parse_body(r));
  }
  r.space();
  part.subtype = r.string(field, "media-subtype");
  if (!r.take(' ')) return;
  part.parameters = parameters(r);
  common_extension(r, part);
}

// body-type-1part = (body-type-basic / body-type-msg / body-type-text) [SP body-ext-1part]
void single_part(Reader& r, mime::Part& part) {
  part.type = r.string(field, "media-basic");
  r.space();
  part.subtype = r.string(field, "media-subtype");
  r.space();
  part.parameters = parameters(r);
  r.space();
  part.id = r.nstring(field, "body-fld-id");
  r.space();
  part.description = r.nstring(field, "body-fld-desc");
  r.space();
  part.encoding = r.nstring(field, "body-fld-enc").value_or("7BIT");
  r.space();
  part.body = {0, r.number(field, "body-fld-octets")};
  if (equal_ignoring_case(part.type, "message") && equal_ignoring_case(part.subtype, "rfc822")) {
    r.space();
    part.envelope = std::make_unique<mime::Envelope>(parse_envelope(r));
    r.space();
    part.parts.push_back(parse_body(r));
    r.space();
    part.lines = r.number(field, "body-fld-lines");
  } else if (equal_ignoring_case(part.type, "text")) {
    r.space();
    part.lines = r.number(field, "body-fld-lines");
  }
  if (!r.take(' ')) return;
  part.md5 = r.nstring(field, "body-fld-md5");
  common_extension(r, part);
}

}  // namespace

// envelope = "(" env-date SP env-subject SP env-from SP env-sender SP env-reply-to SP env-to SP env-cc SP env-bcc SP
//            env-in-reply-to SP env-message-id ")"
mime::Envelope parse_envelope(Reader& r) {
  mime::Envelope envelope;
  r.open();
  envelope.date = r.nstring(Role::imap_envelope_field, "env-date");
  r.space();
  envelope.subject = r.nstring(Role::imap_envelope_field, "env-subject");
  for (mime::AddressList* list :
       {&envelope.from, &envelope.sender, &envelope.reply_to, &envelope.to, &envelope.cc, &envelope.bcc}) {
    r.space();
    *list = addresses(r);
  }
  r.space();
  envelope.in_reply_to = r.nstring(Role::imap_envelope_field, "env-in-reply-to");
  r.space();
  envelope.message_id = r.nstring(Role::imap_envelope_field, "env-message-id");
  r.close();
  return envelope;
}

// body = "(" (body-type-1part / body-type-mpart) ")"
mime::Part parse_body(Reader& r) {
  mime::Part part;
  if (!r.enter()) return part;
  r.open();
  if (r.peek() == '(') multipart(r, part);
  else single_part(r, part);
  r.close();
  r.leave();
  return part;
}

}  // namespace glasspost::imap

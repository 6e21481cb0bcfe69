#include "protocol/imap/encode_structure.h"

#include <fmt/format.h>

#include "protocol/imap/encode.h"

namespace glasspost::imap {
namespace {

// address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"
void write_addresses(std::string& out, const mime::AddressList& list) {
  if (list.empty()) {
    out += "NIL";
    return;
  }
  out += '(';
  for (const mime::Address& address : list) {
    out += '(';
    write_nstring(out, address.name);
    out += ' ';
    write_nstring(out, address.route);
    out += ' ';
    write_nstring(out, address.mailbox);
    out += ' ';
    write_nstring(out, address.host);
    out += ')';
  }
  out += ')';
}

// body-fld-param = "(" string SP string *(SP string SP string) ")" / nil
void write_parameters(std::string& out, const std::vector<mime::Parameter>& parameters) {
  if (parameters.empty()) {
    out += "NIL";
    return;
  }
  out += '(';
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (i > 0) out += ' ';
    write_string(out, parameters[i].name);
    out += ' ';
    write_string(out, parameters[i].value);
  }
  out += ')';
}

// [SP body-fld-dsp [SP body-fld-lang [SP body-fld-loc *(SP body-extension)]]]: always all three
void write_common_extension(std::string& out, const mime::Part& part) {
  out += ' ';
  if (part.disposition) {
    out += '(';
    write_string(out, *part.disposition);
    out += ' ';
    write_parameters(out, part.disposition_parameters);
    out += ')';
  } else {
    out += "NIL";
  }
  out += ' ';
  if (part.language.empty()) {
    out += "NIL";
  } else if (part.language.size() == 1) {
    write_string(out, part.language.front());
  } else {
    out += '(';
    for (std::size_t i = 0; i < part.language.size(); ++i) {
      if (i > 0) out += ' ';
      write_string(out, part.language[i]);
    }
    out += ')';
  }
  out += ' ';
  write_nstring(out, part.location);
}

// body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
void write_multipart(std::string& out, const mime::Part& part, bool extended) {
  out += '(';
  for (const mime::Part& inner : part.parts) write_structure(out, inner, extended);
  out += ' ';
  write_string(out, part.subtype);
  if (extended) {
    out += ' ';
    write_parameters(out, part.parameters);
    write_common_extension(out, part);
  }
  out += ')';
}

}  // namespace

// envelope = "(" env-date SP env-subject SP env-from SP env-sender SP env-reply-to SP env-to SP env-cc SP env-bcc SP
//            env-in-reply-to SP env-message-id ")"
void write_envelope(std::string& out, const mime::Envelope& envelope) {
  out += '(';
  write_nstring(out, envelope.date);
  out += ' ';
  write_nstring(out, envelope.subject);
  for (const mime::AddressList* list :
       {&envelope.from, &envelope.sender, &envelope.reply_to, &envelope.to, &envelope.cc, &envelope.bcc}) {
    out += ' ';
    write_addresses(out, *list);
  }
  out += ' ';
  write_nstring(out, envelope.in_reply_to);
  out += ' ';
  write_nstring(out, envelope.message_id);
  out += ')';
}

// body-type-1part = (body-type-basic / body-type-msg / body-type-text) [SP body-ext-1part]
void write_structure(std::string& out, const mime::Part& part, bool extended) {
  if (part.is_multipart() && !part.parts.empty()) return write_multipart(out, part, extended);
  // The grammar has no multipart without parts, so such a part is shown as the text that it is.
  const bool empty_multipart = part.is_multipart();
  out += '(';
  write_string(out, empty_multipart ? std::string_view("TEXT") : std::string_view(part.type));
  out += ' ';
  write_string(out, empty_multipart ? std::string_view("PLAIN") : std::string_view(part.subtype));
  out += ' ';
  write_parameters(out, part.parameters);
  out += ' ';
  write_nstring(out, part.id);
  out += ' ';
  write_nstring(out, part.description);
  out += ' ';
  write_string(out, part.encoding);
  fmt::format_to(std::back_inserter(out), " {}", part.body.size());
  if (part.holds_message() && !part.parts.empty()) {
    out += ' ';
    write_envelope(out, *part.envelope);
    out += ' ';
    write_structure(out, part.parts.front(), extended);
  }
  if ((part.holds_message() && !part.parts.empty()) || part.is_text() || empty_multipart)
    fmt::format_to(std::back_inserter(out), " {}", part.lines);
  if (extended) {
    out += ' ';
    write_nstring(out, part.md5);
    write_common_extension(out, part);
  }
  out += ')';
}

}  // namespace glasspost::imap

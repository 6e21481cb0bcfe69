// ENVELOPE and BODYSTRUCTURE in IMAP's syntax, so that tests can hold them against the RFC's text.
#pragma once

#include <string>

#include "protocol/mime/structure.h"

namespace glasspost::mime {

inline std::string wire(const Text& text) { return text ? "\"" + *text + "\"" : std::string("NIL"); }

inline std::string wire(const AddressList& list) {
  if (list.empty()) return "NIL";
  std::string out = "(";
  for (const Address& a : list)
    out += "(" + wire(a.name) + " " + wire(a.route) + " " + wire(a.mailbox) + " " + wire(a.host) + ")";
  return out + ")";
}

inline std::string wire(const Envelope& e) {
  return "(" + wire(e.date) + " " + wire(e.subject) + " " + wire(e.from) + " " + wire(e.sender) + " " + wire(e.reply_to) + " " +
         wire(e.to) + " " + wire(e.cc) + " " + wire(e.bcc) + " " + wire(e.in_reply_to) + " " + wire(e.message_id) + ")";
}

inline std::string wire(const std::vector<Parameter>& parameters) {
  if (parameters.empty()) return "NIL";
  std::string out;
  for (const Parameter& p : parameters) out += (out.empty() ? "(\"" : " \"") + p.name + "\" \"" + p.value + "\"";
  return out + ")";
}

inline std::string extension(const Part& p) {
  std::string out = p.disposition ? " (\"" + *p.disposition + "\" " + wire(p.disposition_parameters) + ")" : " NIL";
  out += p.language.empty() ? " NIL" : " (";
  for (std::size_t i = 0; i < p.language.size(); ++i) out += (i > 0 ? " \"" : "\"") + p.language[i] + "\"";
  if (!p.language.empty()) out += ")";
  return out + " " + wire(p.location);
}

// BODY, or with `extended` BODYSTRUCTURE.
inline std::string wire(const Part& p, bool extended = false) {
  std::string out = "(";
  if (p.is_multipart()) {
    for (const Part& part : p.parts) out += wire(part, extended);
    out += " \"" + p.subtype + "\"";
    if (extended) out += " " + wire(p.parameters) + extension(p);
    return out + ")";
  }
  out += "\"" + p.type + "\" \"" + p.subtype + "\" " + wire(p.parameters) + " " + wire(p.id) + " " + wire(p.description) + " \"" +
         p.encoding + "\" " + std::to_string(p.body.size());
  if (p.holds_message()) out += " " + wire(*p.envelope) + " " + wire(p.parts[0], extended) + " " + std::to_string(p.lines);
  else if (p.is_text()) out += " " + std::to_string(p.lines);
  if (extended) out += " " + wire(p.md5) + extension(p);
  return out + ")";
}

}  // namespace glasspost::mime

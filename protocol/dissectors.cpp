// Which protocol has which dissector and which machine.
#include "protocol/dissector.h"

namespace glasspost {

std::unique_ptr<Dissector> make_dissector(Protocol protocol) {
  switch (protocol) {
    case Protocol::smtp: return make_smtp_dissector();
    case Protocol::lmtp: return make_lmtp_dissector();
    case Protocol::imap: return make_imap_dissector();
    case Protocol::pop3: return make_pop3_dissector();
    case Protocol::dns: return make_dns_dissector();
    case Protocol::tls: return nullptr;
  }
  return nullptr;
}

std::string_view hindrance(const Machine& machine, const CommandRow& row, StateId state, bool inside_tls) {
  if ((row.legal_in >> state & 1U) == 0) return machine.states[state].id;
  if (inside_tls && (row.name == "STARTTLS" || row.name == "STLS")) return "inside_tls";
  return {};
}

const Machine* machine_of(Protocol protocol) {
  switch (protocol) {
    case Protocol::smtp: return &smtp_machine();
    case Protocol::lmtp: return &lmtp_machine();
    case Protocol::imap: return &imap_machine();
    case Protocol::pop3: return &pop3_machine();
    case Protocol::dns:
    case Protocol::tls: return nullptr;
  }
  return nullptr;
}

}  // namespace glasspost

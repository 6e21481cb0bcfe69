#include "protocol/kinds.h"

namespace glasspost {

std::string_view name_of(Protocol protocol) {
  switch (protocol) {
    case Protocol::smtp: return "SMTP";
    case Protocol::lmtp: return "LMTP";
    case Protocol::imap: return "IMAP";
    case Protocol::pop3: return "POP3";
    case Protocol::dns: return "DNS";
    case Protocol::tls: return "TLS";
  }
  return "";
}

std::string_view lower_name_of(Protocol protocol) {
  switch (protocol) {
    case Protocol::smtp: return "smtp";
    case Protocol::lmtp: return "lmtp";
    case Protocol::imap: return "imap";
    case Protocol::pop3: return "pop3";
    case Protocol::dns: return "dns";
    case Protocol::tls: return "tls";
  }
  return "";
}

}  // namespace glasspost

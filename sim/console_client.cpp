#include "sim/console_client.h"

#include "protocol/base/text.h"

namespace glasspost::sim {
namespace {
constexpr std::size_t kept_of_a_line = 1024;  // enough to see what a reply says
}

void TypedSession::type(std::string_view octets) {
  if (!sealed_ && asks_for_tls(octets)) asked_ = true;
  output_ += octets;
}

// "STARTTLS", "a1 STARTTLS", "STLS", in any case, alone on its line.
bool TypedSession::asks_for_tls(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  line = trim(line);
  switch (protocol_) {
    case Protocol::smtp:
    case Protocol::lmtp: return equal_ignoring_case(line, "STARTTLS");
    case Protocol::pop3: return equal_ignoring_case(line, "STLS");
    case Protocol::imap: {
      const auto space = line.find(' ');
      if (space == line.npos || !equal_ignoring_case(trim(line.substr(space)), "STARTTLS")) return false;
      tag_ = line.substr(0, space);
      return true;
    }
    case Protocol::dns:
    case Protocol::tls: return false;
  }
  return false;
}

bool TypedSession::agrees(std::string_view line) const {
  switch (protocol_) {
    case Protocol::smtp:
    case Protocol::lmtp: return line.starts_with("220 ");
    case Protocol::pop3: return line.starts_with("+OK");
    case Protocol::imap: return starts_with_ignoring_case(line, tag_ + " OK");
    case Protocol::dns:
    case Protocol::tls: return false;
  }
  return false;
}

void TypedSession::receive(std::string_view octets, Instant) {
  if (!asked_) return;
  for (const char c : octets) {
    if (c != '\n') {
      if (line_.size() < kept_of_a_line) line_ += c;
      continue;
    }
    const bool final = protocol_ != Protocol::imap || line_.starts_with(tag_ + " ");
    if (agrees(line_)) wish_ = true;
    if (final) asked_ = false;
    line_.clear();
  }
}

void TypedSession::tls_established(const TlsFacts&) {
  wish_ = false;
  sealed_ = true;
}

}  // namespace glasspost::sim

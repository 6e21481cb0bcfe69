#include "sim/tamper.h"

#include <algorithm>

#include "protocol/base/text.h"

namespace glasspost::sim {
namespace {

// A word between these stands for itself: "STARTTLS" in "250-STARTTLS", "[CAPABILITY IMAP4rev1 STARTTLS]".
bool ends_word(std::string_view line, std::size_t at) {
  return at >= line.size() || std::string_view(" -[]\r\n").find(line[at]) != std::string_view::npos;
}

void overwrite(std::string& line, std::string_view word) {
  for (std::size_t at = 0; at + word.size() <= line.size(); ++at) {
    if (!starts_with_ignoring_case(std::string_view(line).substr(at), word)) continue;
    if ((at > 0 && !ends_word(line, at - 1)) || !ends_word(line, at + word.size())) continue;
    std::fill_n(line.begin() + std::ptrdiff_t(at), word.size(), 'X');
  }
}

// "STLS" in "STLS\r\n", "STARTTLS" in "a1 STARTTLS\r\n": the command's own word, tag aside.
std::string_view verb_of(Protocol protocol, std::string_view line) {
  line = trim(line.substr(0, line.find_first_of("\r\n")));
  if (protocol == Protocol::imap) line.remove_prefix(std::min(line.size(), line.find(' ') + 1));
  return line.substr(0, line.find(' '));
}

}  // namespace

std::string StarttlsStripper::pass(Side from, std::string_view octets) {
  std::string out;
  while (!octets.empty()) {
    const std::size_t end = octets.find('\n');
    std::string line(octets.substr(0, end == octets.npos ? end : end + 1));
    octets.remove_prefix(line.size());
    if (line.front() == '\x16' && from == Side::client) over_ = true;  // a handshake: TLS from here on
    if (!over_) from == Side::client ? from_client(line) : from_server(line);
    out += line;
  }
  return out;
}

void StarttlsStripper::from_server(std::string& line) {
  switch (protocol_) {
    case Protocol::smtp:
    case Protocol::lmtp:
      if (line.starts_with("250")) overwrite(line, "STARTTLS");
      return;
    case Protocol::pop3:
      if (verb_of(protocol_, line).size() == line.find_first_of("\r\n")) overwrite(line, "STLS");
      return;
    case Protocol::imap:
      if (std::search(line.begin(), line.end(), "CAPABILITY", "CAPABILITY" + 10) == line.end()) return;
      overwrite(line, "STARTTLS");
      overwrite(line, "LOGINDISABLED");  // so that the client thinks that it may log in
      return;
    case Protocol::dns:
    case Protocol::tls: return;
  }
}

void StarttlsStripper::from_client(std::string& line) {
  const std::string verb = to_upper(verb_of(protocol_, line));
  if (verb == "STARTTLS" || verb == "STLS") return overwrite(line, verb);
  for (const std::string_view begins : {"MAIL", "AUTH", "USER", "PASS", "APOP", "LOGIN", "AUTHENTICATE"}) over_ |= verb == begins;
}

}  // namespace glasspost::sim

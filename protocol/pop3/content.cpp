#include "protocol/pop3/content.h"

namespace glasspost::pop3 {

std::string_view top_of(std::string_view message, std::uint32_t lines) {
  std::size_t at = 0;
  bool in_header = true;
  while (at < message.size() && (in_header || lines > 0)) {
    const std::size_t found = message.find('\n', at);
    const std::size_t end = found == message.npos ? message.size() : found + 1;
    const std::string_view line = message.substr(at, end - at);
    if (!in_header) --lines;
    else if (line == "\r\n" || line == "\n") in_header = false;
    at = end;
  }
  return message.substr(0, at);
}

void append_stuffed(std::string_view message, std::string& out) {
  out.reserve(out.size() + message.size() + message.size() / 64 + 16);
  std::size_t at = 0;
  while (at < message.size()) {
    if (message[at] == '.') out += '.';
    const std::size_t found = message.find("\n.", at);
    const std::size_t end = found == message.npos ? message.size() : found + 1;
    out += message.substr(at, end - at);
    at = end;
  }
  if (!message.empty() && !message.ends_with("\r\n")) out += "\r\n";
  out += ".\r\n";
}

void append_unstuffed(std::string_view line, std::string& out) {
  if (line.starts_with('.')) line.remove_prefix(1);
  for (;;) {
    const std::size_t found = line.find("\n..");
    if (found == line.npos) break;
    out += line.substr(0, found + 2);
    line.remove_prefix(found + 3);
  }
  out += line;
  out += "\r\n";
}

}  // namespace glasspost::pop3

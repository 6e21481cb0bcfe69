#include "app/net/autoconfig.h"

#include <optional>
#include <string>

#include "protocol/base/text.h"

namespace glasspost::app {
namespace {

constexpr std::size_t most_servers = 20;

// "&amp;" and its like do not occur in names, ports and modes: what holds one is not taken.
std::optional<std::string> element(std::string_view within, std::string_view name) {
  const std::string open = "<" + std::string(name) + ">", close = "</" + std::string(name) + ">";
  const std::size_t begin = within.find(open);
  if (begin == within.npos) return std::nullopt;
  const std::size_t from = begin + open.size(), end = within.find(close, from);
  if (end == within.npos) return std::nullopt;
  const std::string_view text = trim(within.substr(from, end - from));
  if (text.find_first_of("<&") != text.npos) return std::nullopt;
  return std::string(text);
}

std::string attribute(std::string_view tag, std::string_view name) {
  for (const char quote : {'"', '\''}) {
    const std::string begin = std::string(name) + "=" + quote;
    const std::size_t at = tag.find(begin);
    if (at == tag.npos) continue;
    const std::size_t from = at + begin.size();
    return std::string(tag.substr(from, tag.find(quote, from) - from));
  }
  return {};
}

bool is_host(std::string_view host) {
  for (const char c : host)
    if (!is_alnum(c) && c != '.' && c != '-') return false;
  return !host.empty() && host.size() <= 253;
}

}  // namespace

tl::expected<std::vector<FoundServer>, std::string> read_autoconfig(std::string_view xml) {
  if (xml.find("<clientConfig") == xml.npos) return tl::unexpected(std::string("it is no clientConfig file"));
  std::vector<FoundServer> servers;
  for (const std::string_view kind : {"incomingServer", "outgoingServer"}) {
    const std::string open = "<" + std::string(kind), close = "</" + std::string(kind) + ">";
    for (std::size_t at = 0; (at = xml.find(open, at)) != xml.npos && servers.size() < most_servers;) {
      const std::size_t tag = xml.find('>', at), end = xml.find(close, at);
      if (tag == xml.npos || end == xml.npos || tag > end) return tl::unexpected(std::string(kind) + " does not end");
      const std::string type = to_lower(attribute(xml.substr(at, tag - at), "type"));
      const std::string_view inside = xml.substr(tag + 1, end - tag - 1);
      at = end;
      FoundServer server;
      if (type == "imap") server.protocol = Protocol::imap;
      else if (type == "pop3") server.protocol = Protocol::pop3;
      else if (type == "smtp") server.protocol = Protocol::smtp;
      else continue;
      const auto host = element(inside, "hostname"), port = element(inside, "port"), mode = element(inside, "socketType");
      const std::uint32_t number = port ? to_u32(*port).value_or(0) : 0;
      if (!host || !is_host(*host) || number == 0 || number > 65535 || !mode) continue;
      if (equal_ignoring_case(*mode, "SSL")) server.tls = TlsMode::implicit;
      else if (equal_ignoring_case(*mode, "STARTTLS")) server.tls = TlsMode::starttls;
      else continue;
      server.host = *host;
      server.port = std::uint16_t(number);
      servers.push_back(std::move(server));
    }
  }
  if (servers.empty()) return tl::unexpected(std::string("it names no server with TLS"));
  return servers;
}

}  // namespace glasspost::app

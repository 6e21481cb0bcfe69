#include "app/ui/views/doors_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/base/text.h"

namespace glasspost::ui {
namespace {

std::string local_part(std::string_view address) { return std::string(address.substr(0, address.find('@'))); }

const app::Doors::Door* door(const app::Doors& doors, std::string_view name) {
  for (const app::Doors::Door& one : doors.doors())
    if (one.name == name && one.port != 0) return &one;
  return nullptr;
}

}  // namespace

std::string shell_word(std::string_view word) {
  const auto plain = [](char c) { return is_alnum(c) || std::string_view("@%+=:,./_-").find(c) != std::string_view::npos; };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string address_inside(const app::Doors& doors, std::string_view address) {
  const std::string domain = doors.domain();
  return domain.empty() ? std::string(address) : local_part(address) + "@" + domain;
}

std::vector<ClientLine> client_lines(const app::Doors& doors, const sim::Scenario& scenario) {
  std::vector<ClientLine> lines;
  const std::string authority = doors.authority_file();
  const std::string ca = shell_word(authority);
  const auto trust = [&](std::string_view option) { return authority.empty() ? std::string() : fmt::format(" {} {}", option, ca); };
  const std::string sender = shell_word(address_inside(doors, scenario.sender)), recipient = shell_word(address_inside(doors, scenario.recipient));
  const std::string from = shell_word(local_part(scenario.sender)), to = shell_word(local_part(scenario.recipient));
  if (const auto* send = door(doors, "submission")) {
    lines.push_back({"curl.send", "curl", "doors.sends",
                     // a file has the line ends of its system, or of mail
                     fmt::format("sed 's/\\r*$/\\r/' letter.eml | curl{} --ssl-reqd smtp://localhost:{} -u {} --mail-from {} --mail-rcpt {} -T -", trust("--cacert"), send->port, from, sender, recipient)});
    lines.push_back({"swaks", "swaks", "doors.sends",
                     fmt::format("swaks --server localhost:{} --tls{} --auth PLAIN --auth-user {} --from {} --to {}", send->port, trust("--tls-ca-path"), from, sender, recipient)});
    lines.push_back({"openssl.smtp", "openssl s_client", "doors.by_hand",
                     fmt::format("openssl s_client -starttls smtp -crlf -quiet -connect localhost:{}{}", send->port, trust("-CAfile"))});
  }
  if (const auto* read = door(doors, "imaps")) {
    lines.push_back({"curl.read", "curl", "doors.reads", fmt::format("curl{} -u {} imaps://localhost:{}/INBOX -X 'SEARCH ALL'", trust("--cacert"), to, read->port)});
    const std::string setting = authority.empty() ? std::string() : " -e " + shell_word("set certificate_file=" + authority);
    lines.push_back({"mutt", "mutt", "doors.reads", fmt::format("mutt -f imaps://{}@localhost:{}/INBOX{}", to, read->port, setting)});
    lines.push_back({"openssl.imap", "openssl s_client", "doors.by_hand",
                     fmt::format("openssl s_client -crlf -quiet -connect localhost:{}{}", read->port, trust("-CAfile"))});
  }
  if (const auto* fetch = door(doors, "pop3s"))
    lines.push_back({"curl.pop3", "curl", "doors.fetches", fmt::format("curl{} -u {} pop3s://localhost:{}/1", trust("--cacert"), to, fetch->port)});
  return lines;
}

}  // namespace glasspost::ui

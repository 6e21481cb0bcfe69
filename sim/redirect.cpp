#include "sim/redirect.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/base/text.h"
#include "protocol/sasl/scram.h"

namespace glasspost::sim {
namespace {

constexpr std::string_view mark = "SRS0=";

std::string check_of(std::string_view local, std::string_view domain, std::string_view secret) {
  return hex(sasl::scram::hmac(sasl::scram::Hash::sha1, secret, to_lower(domain) + '=' + std::string(local)).substr(0, 4));
}

std::string_view local_of(std::string_view address) { return address.substr(0, address.rfind('@')); }
std::string_view domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  return at == address.npos ? std::string_view() : address.substr(at + 1);
}

}  // namespace

std::string rewritten_sender(std::string_view sender, std::string_view domain, std::string_view secret) {
  const std::string_view local = local_of(sender), from = domain_of(sender);
  return fmt::format("{}{}={}={}@{}", mark, check_of(local, from, secret), from, local, domain);
}

std::optional<std::string> original_sender(std::string_view rewritten, std::string_view secret) {
  std::string_view rest = local_of(rewritten);
  if (!starts_with_ignoring_case(rest, mark)) return std::nullopt;
  rest.remove_prefix(mark.size());
  const auto first = rest.find('=');
  if (first == rest.npos) return std::nullopt;
  const auto second = rest.find('=', first + 1);
  if (second == rest.npos) return std::nullopt;
  const std::string_view check = rest.substr(0, first), domain = rest.substr(first + 1, second - first - 1), local = rest.substr(second + 1);
  if (local.empty() || domain.empty() || to_lower(check) != check_of(local, domain, secret)) return std::nullopt;
  return fmt::format("{}@{}", local, domain);
}

std::string list_id(std::string_view address) { return fmt::format("{}.{}", local_of(address), domain_of(address)); }
std::string list_bounces(std::string_view address) { return fmt::format("{}-bounces@{}", local_of(address), domain_of(address)); }

// RFC 2919 section 3, RFC 2369 section 3
std::string list_fields(const Redirect& list) {
  return fmt::format("List-Id: <{}>\r\nList-Post: <mailto:{}>\r\nSender: {}\r\n", list_id(list.address), list.address,
                     list_bounces(list.address));
}

std::optional<std::string> field_of(std::string_view letter, std::string_view name) {
  std::size_t at = 0;
  while (at < letter.size() && !letter.substr(at).starts_with("\r\n")) {
    std::size_t end = letter.find("\r\n", at);
    while (end != letter.npos && end + 2 < letter.size() && (letter[end + 2] == ' ' || letter[end + 2] == '\t')) end = letter.find("\r\n", end + 2);
    const std::string_view field = letter.substr(at, end == letter.npos ? letter.npos : end - at);
    if (field.size() > name.size() && field[name.size()] == ':' && equal_ignoring_case(field.substr(0, name.size()), name)) {
      std::string value(trim(field.substr(name.size() + 1)));
      std::erase_if(value, [](char c) { return c == '\r' || c == '\n'; });
      return value;
    }
    if (end == letter.npos) break;
    at = end + 2;
  }
  return std::nullopt;
}

bool may_answer(std::string_view letter, std::string_view reverse_path, std::string_view address) {
  const std::string sender = to_lower(local_of(reverse_path));
  if (reverse_path.empty() || sender == "mailer-daemon" || sender.starts_with("owner-") || sender.ends_with("-request") ||
      sender.ends_with("-bounces") || sender.starts_with("srs0="))
    return false;
  if (const auto submitted = field_of(letter, "Auto-Submitted"); submitted && !equal_ignoring_case(*submitted, "no")) return false;
  if (field_of(letter, "List-Id") || field_of(letter, "List-Post")) return false;
  if (const auto precedence = field_of(letter, "Precedence"))
    for (const std::string_view word : {"bulk", "list", "junk"})
      if (equal_ignoring_case(*precedence, word)) return false;
  for (const std::string_view name : {"To", "Cc"})
    if (const auto people = field_of(letter, name); people && to_lower(*people).find(to_lower(address)) != std::string::npos) return true;
  return false;
}

std::string vacation_text(const Vacation& vacation, std::string_view letter, std::string_view to, std::string_view message_id, Instant now) {
  const std::string subject = !vacation.subject.empty() ? vacation.subject : "Re: " + field_of(letter, "Subject").value_or("your letter");
  std::string text = fmt::format("From: <{}>\r\nTo: <{}>\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}>\r\n", vacation.address, to, subject,
                                 rfc5322_date(now), message_id);
  if (const auto original = field_of(letter, "Message-ID")) text += fmt::format("In-Reply-To: {0}\r\nReferences: {0}\r\n", *original);
  text += "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
  for (const std::string_view line : split(trim(vacation.text), '\n')) text.append(line).append("\r\n");
  return text;
}

}  // namespace glasspost::sim

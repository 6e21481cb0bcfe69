#include "app/net/live_faults.h"

#include <fmt/format.h>

#include <chrono>

#include "protocol/base/text.h"

namespace glasspost::app {
namespace {

std::string day(Instant at) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(at));
  return fmt::format("{}-{:02}-{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

std::string filled(std::string pattern, const LiveFault& fault, const Strings& strings) {
  for (const auto& [name, value] : fault.names) pattern = fill(pattern, {{name, name == "reason" ? strings.reason(value) : value}});
  return pattern;
}

std::string text_if_any(const LiveFault& fault, const Strings& strings, const std::string& key) {
  return strings.has(key) ? filled(std::string(strings(key)), fault, strings) : std::string();
}

// The value of a member of a flat JSON object, a string's without its escapes; empty: it is not there.
std::string member(std::string_view json, std::string_view name) {
  const std::size_t at = json.find(fmt::format("\"{}\"", name));
  if (at == json.npos) return {};
  std::string_view rest = json.substr(at + name.size() + 2);
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n:"), rest.size()));
  if (!rest.starts_with('"')) return std::string(trim(rest.substr(0, rest.find_first_of(",}"))));
  std::string value;
  for (std::size_t i = 1; i < rest.size() && rest[i] != '"'; ++i) {
    if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
    value += rest[i];
  }
  return value;
}

}  // namespace

std::string sentence(const LiveFault& fault, const Strings& strings) {
  const std::string step = filled(std::string(strings("connect.step." + std::string(name_of(fault.step)))), fault, strings);
  // Why a certificate is not believed is said in the same words everywhere: app/words/verdict.h.
  std::string because;
  if (fault.key.starts_with("tls_"))
    if (const std::string key = "tls.because." + fault.key.substr(4); strings.has(key)) because = strings(key);
  return filled(fill(strings("connect.failed." + fault.key), {{"step", step}, {"because", because}}), fault, strings);
}

std::string meaning(const LiveFault& fault, const Strings& strings) { return text_if_any(fault, strings, "connect.means." + fault.key); }

std::vector<std::string> remedies(const LiveFault& fault, const Strings& strings) {
  std::vector<std::string> all;
  for (int number = 1;; ++number) {
    std::string one = text_if_any(fault, strings, fmt::format("connect.remedy.{}.{}", fault.key, number));
    if (one.empty()) return all;
    all.push_back(std::move(one));
  }
}

std::string option(const LiveFault& fault, const Strings& strings) { return text_if_any(fault, strings, "connect.option." + fault.key); }

LiveFault verdict_fault(const TlsFacts& facts, const std::string& failure) {
  if (facts.chain.empty()) return {LiveStep::tls, "tls", {{"reason", failure}}};
  const CertificateFacts& shown = facts.chain.front();
  std::string names;
  for (const std::string& name : shown.names) names += (names.empty() ? "" : ", ") + name;
  if (names.empty()) names = shown.subject;
  const auto with = [&](std::string key, std::vector<std::pair<std::string, std::string>> more = {}) {
    more.insert(more.end(), {{"names", names}, {"fingerprint", shown.fingerprint}});
    return LiveFault{LiveStep::tls, std::move(key), std::move(more)};
  };
  switch (facts.verdict) {
    case Verdict::wrong_name: return with("tls_wrong_name");
    case Verdict::expired: return with("tls_expired", {{"date", day(shown.not_after)}});
    case Verdict::not_yet_valid: return with("tls_not_yet_valid", {{"date", day(shown.not_before)}});
    case Verdict::unknown_authority: return with("tls_unknown_authority", {{"issuer", facts.chain.back().issuer}});
    case Verdict::self_signed: return with("tls_self_signed");
    case Verdict::other: return with("tls_other", {{"reason", failure}});
    case Verdict::trusted:
    case Verdict::not_checked: break;
  }
  return {LiveStep::tls, "tls", {{"reason", failure}}};
}

LiveFault token_fault(const std::string& reply, const std::string& reason) {
  const std::string status = member(reason, "status"), scope = member(reason, "scope");
  // RFC 6750 section 3.1 names them; Google and Microsoft send the status codes of HTTP instead.
  const bool invalid = status == "invalid_token" || status == "401" || status == "400";
  const bool scanty = status == "insufficient_scope" || status == "403";
  return {LiveStep::login, invalid ? "token_invalid" : scanty ? "token_scope" : "token",
          {{"reply", reply}, {"status", status.empty() ? "-" : status}, {"scope", scope.empty() ? "-" : scope}, {"reason", reason.empty() ? "-" : reason}}};
}

}  // namespace glasspost::app

#include "protocol/smtp/extensions.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/base/text.h"

namespace glasspost::smtp {
namespace {

constexpr EnhancedCode wrong_arguments{5, 5, 4};

bool is_digits(std::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), is_digit);
}

// mt-priority-value = (["-"] NZDIGIT) / "0"                                                      RFC 6710 section 3
std::optional<int> parse_priority(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.size() != 1 || !is_digit(text[0]) || (negative && text[0] == '0')) return std::nullopt;
  return negative ? -(text[0] - '0') : text[0] - '0';
}

std::optional<Body> parse_body(std::string_view text) {
  if (equal_ignoring_case(text, "7BIT")) return Body::seven_bit;
  if (equal_ignoring_case(text, "8BITMIME")) return Body::eight_bit;
  if (equal_ignoring_case(text, "BINARYMIME")) return Body::binary;
  return std::nullopt;
}

std::optional<Return> parse_return(std::string_view text) {
  if (equal_ignoring_case(text, "FULL")) return Return::full;
  if (equal_ignoring_case(text, "HDRS")) return Return::headers;
  return std::nullopt;
}

// hold-for: 1*9 DIGIT, more than 0                                                               RFC 4865
std::optional<Duration> parse_hold_for(std::string_view text) {
  const auto seconds = is_digits(text, 9) ? to_u32(text) : std::nullopt;
  return seconds && *seconds > 0 ? std::optional<Duration>(std::chrono::seconds{*seconds}) : std::nullopt;
}

std::int64_t seconds_of(Duration duration) { return std::chrono::floor<std::chrono::seconds>(duration).count(); }

class MailRules {
 public:
  MailRules(const Mail& mail, const ParameterRules& rules) : mail_(mail), rules_(rules) {}

  std::optional<Reply> check(const Parameter& parameter) const {
    const std::string value = parameter.value.value_or("");
    const std::string& keyword = parameter.keyword;
    const Extensions& offered = rules_.extensions;
    const auto unless = [&](bool good) { return good ? std::nullopt : std::optional(bad_value(parameter)); };
    if (!rules_.extended) return unknown(parameter);
    if (keyword == "SIZE") return size(parameter, value);
    if (keyword == "BODY") return unless(parse_body(value) && (offered.chunking || parse_body(value) != Body::binary));
    if (keyword == "AUTH" && rules_.auth) return unless(!value.empty() && xtext_decode(value));
    if (keyword == "RET" && offered.dsn) return unless(parse_return(value).has_value());
    if (keyword == "ENVID" && offered.dsn) return unless(!value.empty() && value.size() <= 100 && xtext_decode(value));
    if (keyword == "SMTPUTF8" && offered.utf8) return unless(!parameter.value);
    if (keyword == "REQUIRETLS" && offered.require_tls && rules_.sealed) return unless(!parameter.value);
    if (keyword == "MT-PRIORITY" && offered.priority) return unless(parse_priority(value).has_value());
    if (keyword == "BY" && offered.deliver_by) return deliver_by(parameter, value);
    if (offered.future_release && rules_.submission && (keyword == "HOLDFOR" || keyword == "HOLDUNTIL"))
      return hold(parameter, value);
    return unknown(parameter);
  }

 private:
  static Reply bad_value(const Parameter& parameter) { return {501, wrong_arguments, "Bad value of " + parameter.keyword}; }
  static Reply unknown(const Parameter& parameter) {
    return {555, wrong_arguments, "Unknown MAIL FROM parameter: " + parameter.keyword};
  }

  // size-value = 1*20DIGIT                                                                       RFC 1870 section 4
  std::optional<Reply> size(const Parameter& parameter, std::string_view value) const {
    if (!is_digits(value, 20)) return bad_value(parameter);
    const auto octets = to_u64(value);
    if (!octets || *octets > rules_.max_size)
      return Reply(552, {5, 3, 4}, fmt::format("The letter is too large: at most {} octets", rules_.max_size));
    return std::nullopt;
  }

  std::optional<Reply> deliver_by(const Parameter& parameter, std::string_view value) const {
    const auto by = parse_deliver_by(value);
    if (!by || (by->give_up && by->seconds <= 0)) return bad_value(parameter);
    if (by->give_up && std::chrono::seconds{by->seconds} < *rules_.extensions.deliver_by)
      return Reply(550, {5, 4, 7}, fmt::format("That is too soon: {} seconds are the least that can be promised",
                                               seconds_of(*rules_.extensions.deliver_by)));
    return std::nullopt;
  }

  std::optional<Reply> hold(const Parameter& parameter, std::string_view value) const {
    if (find_parameter(mail_.parameters, "HOLDFOR") && find_parameter(mail_.parameters, "HOLDUNTIL"))
      return Reply(501, wrong_arguments, "HOLDFOR and HOLDUNTIL exclude each other");
    const Duration most = *rules_.extensions.future_release;
    Duration wanted{};
    if (parameter.keyword == "HOLDFOR") {
      const auto interval = parse_hold_for(value);
      if (!interval) return bad_value(parameter);
      wanted = *interval;
    } else {
      const auto until = parse_date_time(value);
      if (!until || *until <= rules_.now) return bad_value(parameter);
      wanted = *until - rules_.now;
    }
    if (wanted > most)
      return Reply(501, wrong_arguments, fmt::format("Letters are held for {} seconds at most", seconds_of(most)));
    return std::nullopt;
  }

  const Mail& mail_;
  const ParameterRules& rules_;
};

}  // namespace

// notify-esmtp-value = "NEVER" / 1#notify-list-element                                           RFC 3461 section 4.1
std::optional<Notify> parse_notify(std::string_view text) {
  Notify out;
  if (equal_ignoring_case(text, "NEVER")) return out;
  for (const std::string_view word : split(text, ',')) {
    bool* const which = equal_ignoring_case(word, "SUCCESS")   ? &out.success
                        : equal_ignoring_case(word, "FAILURE") ? &out.failure
                        : equal_ignoring_case(word, "DELAY")   ? &out.delay
                                                               : nullptr;
    if (!which) return std::nullopt;
    *which = true;
  }
  return out.never() ? std::nullopt : std::optional(out);
}

std::string to_text(Notify notify) {
  std::string out;
  const auto add = [&](bool wanted, std::string_view word) {
    if (wanted) out.append(out.empty() ? "" : ",").append(word);
  };
  add(notify.success, "SUCCESS"), add(notify.failure, "FAILURE"), add(notify.delay, "DELAY");
  return out.empty() ? "NEVER" : out;
}

// orcpt-parameter = "ORCPT=" original-recipient-address
// original-recipient-address = addr-type ";" xtext            addr-type = atom                  RFC 3461 section 4.2
std::optional<OriginalRecipient> parse_original_recipient(std::string_view text) {
  const auto semicolon = text.find(';');
  constexpr std::size_t longest = 500;
  if (semicolon == text.npos || semicolon == 0 || text.size() > longest) return std::nullopt;
  for (const char c : text.substr(0, semicolon))
    if (!is_alnum(c) && c != '-') return std::nullopt;
  auto address = xtext_decode(text.substr(semicolon + 1));
  // What it stands for goes into a report's header field.
  if (!address || address->empty() || std::any_of(address->begin(), address->end(), [](char c) { return !is_printable(c) && !is_eight_bit(c); }))
    return std::nullopt;
  return OriginalRecipient{to_lower(text.substr(0, semicolon)), std::move(*address)};
}

std::string to_text(const OriginalRecipient& original) { return original.type + ';' + xtext_encode(original.address); }

// by-time = ["-" / "+"] 1*9digit        by-mode = "N" / "R"        by-trace = "T"                RFC 2852 section 4
std::optional<DeliverBy> parse_deliver_by(std::string_view text) {
  const auto semicolon = text.find(';');
  if (semicolon == text.npos) return std::nullopt;
  std::string_view digits = text.substr(0, semicolon);
  const std::string_view mode = text.substr(semicolon + 1);
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  if (!is_digits(digits, 9) || mode.empty() || mode.size() > 2) return std::nullopt;
  if ((upper(mode[0]) != 'N' && upper(mode[0]) != 'R') || (mode.size() == 2 && upper(mode[1]) != 'T')) return std::nullopt;
  const auto seconds = std::int64_t(*to_u32(digits));
  return DeliverBy{negative ? -seconds : seconds, upper(mode[0]) == 'R', mode.size() == 2};
}

std::string to_text(DeliverBy by) { return fmt::format("{};{}{}", by.seconds, by.give_up ? 'R' : 'N', by.trace ? "T" : ""); }

std::optional<Instant> parse_date_time(std::string_view text) {
  if (text.size() != 20 || upper(text[10]) != 'T' || upper(text[19]) != 'Z' || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size) { return to_u32(text.substr(at, size)); };
  const auto year = number(0, 4), month = number(5, 2), day = number(8, 2), hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  if (!year || !month || !day || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{int(*year)}, std::chrono::month{*month}, std::chrono::day{*day}};
  if (!date.ok()) return std::nullopt;
  return Instant(std::chrono::sys_days(date)) + std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second};
}

std::string date_time(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(at - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int(date.year()), unsigned(date.month()), unsigned(date.day()),
                     seconds / 3600, seconds / 60 % 60, seconds % 60);
}

MailWishes wishes_of(const Mail& mail) {
  MailWishes out;
  for (const Parameter& parameter : mail.parameters) {
    const std::string value = parameter.value.value_or("");
    const std::string& keyword = parameter.keyword;
    if (keyword == "SIZE") out.size = to_u64(value);
    else if (keyword == "BODY") out.body = parse_body(value).value_or(Body::seven_bit);
    else if (keyword == "SMTPUTF8") out.utf8 = true;
    else if (keyword == "RET") out.ret = parse_return(value);
    else if (keyword == "ENVID") out.envelope_id = xtext_decode(value).value_or("");
    else if (keyword == "REQUIRETLS") out.require_tls = true;
    else if (keyword == "MT-PRIORITY") out.priority = parse_priority(value);
    else if (keyword == "BY") out.by = parse_deliver_by(value);
    else if (keyword == "HOLDFOR") out.hold_for = parse_hold_for(value);
    else if (keyword == "HOLDUNTIL") out.hold_until = parse_date_time(value);
  }
  return out;
}

RcptWishes wishes_of(const Rcpt& rcpt) {
  RcptWishes out;
  for (const Parameter& parameter : rcpt.parameters) {
    if (parameter.keyword == "NOTIFY") out.notify = parse_notify(parameter.value.value_or(""));
    else if (parameter.keyword == "ORCPT") out.original = parse_original_recipient(parameter.value.value_or(""));
  }
  return out;
}

std::optional<Reply> objection(const Mail& mail, const ParameterRules& rules) {
  for (const Parameter& parameter : mail.parameters) {
    if (find_parameter(mail.parameters, parameter.keyword) != &parameter)
      return Reply(501, wrong_arguments, parameter.keyword + " is given twice");
    if (auto refusal = MailRules(mail, rules).check(parameter)) return refusal;
  }
  return std::nullopt;
}

std::optional<Reply> objection(const Rcpt& rcpt, const ParameterRules& rules) {
  for (const Parameter& parameter : rcpt.parameters) {
    const bool notify = parameter.keyword == "NOTIFY";
    if (!rules.extensions.dsn || !rules.extended || (!notify && parameter.keyword != "ORCPT"))
      return Reply(555, wrong_arguments, "Unknown RCPT TO parameter: " + parameter.keyword);
    if (find_parameter(rcpt.parameters, parameter.keyword) != &parameter)
      return Reply(501, wrong_arguments, parameter.keyword + " is given twice");
    const std::string value = parameter.value.value_or("");
    if (notify ? !parse_notify(value) : !parse_original_recipient(value))
      return Reply(501, wrong_arguments, "Bad value of " + parameter.keyword);
  }
  return std::nullopt;
}

bool needs_utf8(const Mailbox& mailbox) { return std::any_of(mailbox.text.begin(), mailbox.text.end(), is_eight_bit); }

}  // namespace glasspost::smtp

#include "sim/mta.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/base/text.h"

namespace glasspost::sim {
namespace {

constexpr Duration usual_delay_notice = std::chrono::hours{4};

}  // namespace

Mta::Mta(Settings settings, Network& network, const Users* users, Store* mailboxes, Random random)
    : settings_(std::move(settings)), network_(network), users_(users), mailboxes_(mailboxes), random_(random),
      secret_(settings_.host_name + " " + std::to_string(settings_.host)) {}

RecordId Mta::record(const Letter& letter, QueueChange change, std::string_view recipient, std::string_view reply,
                     Instant next) {
  Trace& trace = network_.trace();
  QueueChanged changed;
  changed.change = change;
  changed.host = settings_.host;
  changed.letter = letter.number;
  changed.next_try = next;
  changed.reverse_path = trace.keep(letter.reverse_path);
  changed.recipient = trace.keep(recipient);
  changed.reply = trace.keep(reply);
  changed.queue_id = trace.keep(letter.queue_id);
  return trace.append({network_.clock().now(), letter.cause, 0, changed});
}

Mta::Letter* Mta::find(std::uint32_t number) {
  const auto found = letters_.find(number);
  return found == letters_.end() ? nullptr : &found->second;
}

void Mta::enqueue(Letter letter, RecordId cause) {
  letter.number = ++numbers_;
  letter.accepted = network_.clock().now();
  letter.cause = cause;
  const std::uint32_t number = letter.number;
  for (const Recipient& recipient : letter.recipients) {
    const RecordId accepted = record(letter, QueueChange::accepted, recipient.address, "");
    if (letter.recipients.size() == 1) letter.cause = accepted;
  }
  Letter& kept = letters_.emplace(number, std::move(letter)).first->second;
  // RFC 4865: it is held back as its sender wished.
  const auto until = kept.wishes.hold_for ? std::optional(kept.accepted + *kept.wishes.hold_for) : kept.wishes.hold_until;
  if (!until || *until <= kept.accepted) return try_at(kept, kept.accepted + 5ms);
  for (const Recipient& recipient : kept.recipients) record(kept, QueueChange::deferred, recipient.address, "", *until);
  try_at(kept, *until);
}

void Mta::try_at(Letter& letter, Instant at) {
  letter.next_try = at;
  network_.clock().at(at, [this, number = letter.number, timer = ++letter.timer] {
    const Letter* due = find(number);
    if (due && due->timer == timer) attempt(number);
  });
}

void Mta::try_now(std::uint32_t number) {
  Letter* letter = find(number);
  if (!letter || under_way_[number] > 0) return;
  ++letter->timer;  // the try that was to come is this one
  attempt(number);
}

void Mta::hold(std::uint32_t number, bool held) {
  Letter* letter = find(number);
  if (!letter || letter->held == held) return;
  letter->held = held;
  for (const Recipient& recipient : letter->recipients)
    if (!recipient.done) record(*letter, held ? QueueChange::held : QueueChange::released, recipient.address, recipient.last_reply);
  if (!held) try_now(number);
}

void Mta::drop(std::uint32_t number) {
  Letter* letter = find(number);
  if (!letter || under_way_[number] > 0) return;
  for (const Recipient& recipient : letter->recipients)
    if (!recipient.done) record(*letter, QueueChange::dropped, recipient.address, recipient.last_reply);
  under_way_.erase(number);
  failed_.erase(number);
  letters_.erase(number);
}

void Mta::attempt(std::uint32_t number) {
  Letter* letter = find(number);
  if (!letter || letter->held || under_way_[number] > 0) return;
  ++letter->tries;
  std::map<std::string, std::vector<std::size_t>> by_domain;
  for (std::size_t i = 0; i < letter->recipients.size(); ++i)
    if (!letter->recipients[i].done) by_domain[letter->recipients[i].domain].push_back(i);
  under_way_[number] = by_domain.size();
  for (auto& [domain, recipients] : by_domain) {
    auto attempt = std::make_shared<Attempt>();
    attempt->letter = number;
    attempt->domain = domain;
    attempt->recipients = std::move(recipients);
    attempt->cause = record(*letter, QueueChange::attempt, letter->recipients[attempt->recipients[0]].address, "");
    find_targets(std::move(attempt));
  }
}

// The domain's mailboxes are here: no one need be asked.
void Mta::keep(const std::shared_ptr<Attempt>& attempt) {
  Letter* letter = find(attempt->letter);
  for (const std::size_t index : attempt->recipients) {
    Recipient& recipient = letter->recipients[index];
    recipient.remote.clear();
    std::string text = fmt::format("Return-Path: <{}>\r\n", letter->reverse_path) + *letter->content;
    const auto kept = mailboxes_->deliver(recipient.address, make_content(std::move(text)),
                                          Act{network_.clock().now(), attempt->cause, 0});
    recipient.last_reply = kept ? "" : "451 4.3.0 the mailbox could not be written";
    if (kept) delivered(*letter, recipient, ReportAction::delivered);
  }
  settle(attempt->letter);
}

void Mta::finished(const std::shared_ptr<Attempt>& attempt, const std::vector<smtp::RecipientResult>& results) {
  Letter* letter = find(attempt->letter);
  if (!letter) return;
  std::vector<std::size_t> unanswered;
  for (std::size_t i = 0; i < results.size() && i < attempt->recipients.size(); ++i) {
    Recipient& recipient = letter->recipients[attempt->recipients[i]];
    const smtp::RecipientResult& result = results[i];
    recipient.last_reply = result.reply ? result.reply->text() : result.problem;
    if (result.delivered) {
      const bool last_stop = attempt->domain == settings_.domain;
      // Who has been told what the sender wants to hear tells it; who has not is the last of whom anything is known.
      if (last_stop || !result.dsn) delivered(*letter, recipient, last_stop ? ReportAction::delivered : ReportAction::relayed);
      else recipient.done = true, record(*letter, QueueChange::delivered, recipient.address, recipient.last_reply);
    } else if (result.permanent()) {
      recipient.done = true;
      failed_[attempt->letter].push_back(attempt->recipients[i]);
    } else if (!result.reply || result.reply->code == 421) {
      if (!result.reply) recipient.last_reply = "451 4.4.2 " + result.problem;
      unanswered.push_back(attempt->recipients[i]);
    }
  }
  // The connection was lost before an answer came: the next exchanger may have better luck.
  if (!unanswered.empty() && !attempt->targets.empty()) {
    attempt->recipients = std::move(unanswered);
    attempt->last_problem = letter->recipients[attempt->recipients[0]].last_reply;
    return next_target(attempt);
  }
  settle(attempt->letter);
}

void Mta::unreachable(const std::shared_ptr<Attempt>& attempt, std::string problem, bool permanent) {
  Letter* letter = find(attempt->letter);
  if (!letter) return;
  for (const std::size_t index : attempt->recipients) {
    letter->recipients[index].last_reply = problem;
    if (!permanent) continue;
    letter->recipients[index].done = true;
    failed_[attempt->letter].push_back(index);
  }
  settle(attempt->letter);
}

void Mta::delivered(Letter& letter, Recipient& recipient, ReportAction action) {
  recipient.done = true;
  record(letter, QueueChange::delivered, recipient.address, recipient.last_reply);
  if (recipient.wishes.notify && recipient.wishes.notify->success)
    report(letter, action, {std::size_t(&recipient - letter.recipients.data())});
  if (action == ReportAction::delivered) answer_for(letter, recipient);
}

// RFC 5321 section 4.5.4.1: at least 30 minutes, and growing; but not past the time that the sender has set (RFC 2852).
Instant Mta::next_try(const Letter& letter, Instant now) const {
  const Instant usual = now + settings_.retry_after * (1 << std::min(letter.tries - 1, 3U));
  if (!letter.wishes.by) return usual;
  const Instant due = letter.accepted + std::chrono::seconds{letter.wishes.by->seconds};
  return due > now ? std::min(usual, due) : usual;
}

bool Mta::wants_delay_notice(const Letter& letter, const Recipient& recipient, Instant now) const {
  if (recipient.delay_told || letter.reverse_path.empty()) return false;
  const bool asked = recipient.wishes.notify && recipient.wishes.notify->delay;
  if (recipient.wishes.notify && !asked) return false;
  if (letter.wishes.by && !letter.wishes.by->give_up && now >= letter.accepted + std::chrono::seconds{letter.wishes.by->seconds}) return true;
  const Duration after = settings_.delay_notice_after != Duration{} ? settings_.delay_notice_after : asked ? usual_delay_notice : Duration{};
  return after != Duration{} && now - letter.accepted >= after;
}

void Mta::settle(std::uint32_t number) {
  if (under_way_[number] > 0 && --under_way_[number] > 0) return;
  Letter* letter = find(number);
  const Instant now = network_.clock().now();
  const bool too_late = letter->wishes.by && letter->wishes.by->give_up && now >= letter->accepted + std::chrono::seconds{letter->wishes.by->seconds};
  const bool give_up_now = too_late || now - letter->accepted >= settings_.give_up_after;
  std::vector<std::size_t> failed = failed_[number], delayed;
  const Instant again = next_try(*letter, now);
  bool waits = false;
  for (std::size_t i = 0; i < letter->recipients.size(); ++i) {
    Recipient& recipient = letter->recipients[i];
    if (recipient.done) continue;
    if (give_up_now) {
      recipient.done = true;
      failed.push_back(i);
      record(*letter, QueueChange::expired, recipient.address, recipient.last_reply);
      continue;
    }
    waits = true;
    record(*letter, QueueChange::deferred, recipient.address, recipient.last_reply, again);
    if (!wants_delay_notice(*letter, recipient, now)) continue;
    recipient.delay_told = true;
    delayed.push_back(i);
  }
  failed_.erase(number);
  if (!failed.empty()) give_up(*letter, failed);
  if (!delayed.empty()) report(*letter, ReportAction::delayed, delayed);
  if (waits) return try_at(*letter, again);
  under_way_.erase(number);
  letters_.erase(number);
}

void Mta::give_up(const Letter& letter, const std::vector<std::size_t>& failed) {
  std::vector<std::size_t> told;
  for (const std::size_t index : failed) {
    const Recipient& recipient = letter.recipients[index];
    record(letter, QueueChange::bounced, recipient.address, recipient.last_reply);
    if (!recipient.wishes.notify || recipient.wishes.notify->failure) told.push_back(index);
  }
  if (!told.empty()) report(letter, ReportAction::failed, told);
}

// A letter with the null reverse-path is never answered (RFC 5321 section 6.1).
void Mta::report(const Letter& letter, ReportAction action, const std::vector<std::size_t>& recipients) {
  if (letter.reverse_path.empty()) return;
  Report report;
  report.boundary = "report-" + random_.name(8);
  report.reporting_mta = settings_.host_name;
  report.to = letter.reverse_path;
  report.envelope_id = letter.wishes.envelope_id;
  report.arrival = letter.accepted;
  report.now = network_.clock().now();
  report.message_id = random_.name(10);
  report.utf8 = letter.wishes.utf8;
  // RFC 3461 section 4.3: RET is about failures; a binary letter does not fit into a letter of lines.
  report.whole = action == ReportAction::failed && letter.wishes.ret == smtp::Return::full && !letter.binary;
  for (const std::size_t index : recipients) {
    const Recipient& recipient = letter.recipients[index];
    ReportedRecipient told;
    told.address = recipient.address;
    told.original = recipient.wishes.original;
    told.action = action;
    const bool good = action != ReportAction::failed && action != ReportAction::delayed;
    told.status = good && recipient.last_reply.empty() ? "2.0.0" : status_of(recipient.last_reply);
    const auto words = glasspost::split(recipient.last_reply, ' ');
    if (words.size() > 1 && words[0].size() == 3 && smtp::parse_enhanced_code(words[1])) told.diagnostic = recipient.last_reply;
    told.remote_mta = recipient.remote;
    if (action == ReportAction::delayed) told.retry_until = letter.accepted + settings_.give_up_after;
    report.recipients.push_back(std::move(told));
  }
  post(letter.reverse_path, report_text(report, *letter.content), report.utf8, letter.cause);
}

}  // namespace glasspost::sim

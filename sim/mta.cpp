#include "sim/mta.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "protocol/base/text.h"
#include "protocol/endpoint.h"
#include "sim/client_peer.h"
#include "sim/lookup.h"

namespace glasspost::sim {
namespace {

std::size_t count_received(std::string_view content) {
  std::size_t count = 0, at = 0;
  while (at < content.size() && !content.substr(at).starts_with("\r\n")) {
    if (starts_with_ignoring_case(content.substr(at), "received:")) ++count;
    const auto end = content.find("\r\n", at);
    if (end == content.npos) break;
    at = end + 2;
  }
  return count;
}

std::string domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  return at == address.npos ? std::string() : to_lower(address.substr(at + 1));
}

}  // namespace

// Hands a letter to a host, and then those that have come to wait for that host meanwhile.
class Mta::Delivery final : public SessionClient<smtp::ClientSession> {
 public:
  Delivery(Endpoint::Settings endpoint, smtp::ClientSettings session, Mta& mta, std::shared_ptr<Attempt> attempt,
           Attempt::Target target, Trace& trace, Instant now)
      : SessionClient(std::move(endpoint), std::move(session), trace, now),
        mta_(mta),
        attempt_(std::move(attempt)),
        target_(std::move(target)) {}

  void refused(Instant) override {
    ended();
    attempt_->last_problem = "451 4.4.1 nobody takes connections at " + target_.name;
    mta_.next_target(attempt_);
  }

 private:
  void work() override {
    if (endpoint_.failed() && !answered_ && !told_) tls_failed();
    while (auto event = session_.poll()) {
      if (std::holds_alternative<smtp::Ready>(*event)) {
        go_on();
      } else if (const auto* done = std::get_if<smtp::LetterDone>(&*event)) {
        answered_ = true;
        finished(done->recipients);
        if (session_.is_ready()) go_on();
      } else if (const auto* failed = std::get_if<smtp::Failed>(&*event)) {
        fail(*failed);
      }
    }
  }

  // Ready for a letter: ours, or the next that waits for this host, or none.
  void go_on() {
    if (!answered_) return send();
    auto next = letters_ < mta_.settings_.most_letters ? mta_.take_waiting(target_) : std::nullopt;
    if (!next) {
      ended();
      return session_.quit(now_);
    }
    std::tie(attempt_, target_) = std::move(*next);
    answered_ = false;
    set_cause(attempt_->cause);
    send();
  }

  // A server may close a connection that has been used before for reasons of its own: a new one is tried.
  void finished(const std::vector<smtp::RecipientResult>& results) {
    const bool unanswered = std::any_of(results.begin(), results.end(), [](const auto& result) { return !result.reply; });
    if (unanswered && letters_ > 1) attempt_->targets.push_front(target_);
    mta_.finished(attempt_, results);
  }

  void ended() {
    if (!std::exchange(ended_, true)) mta_.connection_ended(target_);
  }

  // RFC 7435: without a policy, what cannot be sealed is sent open rather than not at all.
  void tls_failed() {
    told_ = true;
    ended();
    attempt_->last_problem = "451 4.7.5 " + endpoint_.failure();
    if (!target_.plaintext && mta_.settings_.policy != TlsPolicy::require) {
      target_.plaintext = true;
      attempt_->targets.push_front(target_);
    }
    mta_.next_target(attempt_);
  }

  void send() {
    const Letter* letter = mta_.find(attempt_->letter);
    if (!letter) {
      ended();
      return session_.quit(now_);
    }
    ++letters_;
    smtp::OutgoingLetter outgoing;
    outgoing.reverse_path = letter->reverse_path;
    for (const std::size_t index : attempt_->recipients) outgoing.recipients.push_back(letter->recipients[index].address);
    outgoing.content = *letter->content;
    session_.send(std::move(outgoing), now_);
  }

  void fail(const smtp::Failed& failed) {
    ended();
    if (answered_ || told_) return;
    told_ = true;
    const std::string_view code = failed.step == smtp::Step::starttls ? "451 4.7.4 " : "451 4.4.2 ";
    attempt_->last_problem = failed.reply && failed.step != smtp::Step::starttls ? failed.reply->text() : std::string(code) + failed.problem;
    mta_.next_target(attempt_);
  }

  Mta& mta_;
  std::shared_ptr<Attempt> attempt_;
  Attempt::Target target_;
  unsigned letters_ = 0;                     // sent so far
  bool answered_ = false, told_ = false, ended_ = false;
};

Mta::Mta(Settings settings, Network& network, const Users* users, Store* mailboxes, Random random)
    : settings_(std::move(settings)), network_(network), users_(users), mailboxes_(mailboxes), random_(random) {}

smtp::Reply Mta::recipient(const smtp::Rcpt& rcpt, std::string_view identity) {
  const std::string domain = to_lower(rcpt.forward_path.domain);
  const bool ours = domain.empty() || domain == settings_.domain;
  if (!ours && identity.empty()) return {550, {5, 7, 1}, "Relaying is only for those who have logged in"};
  if (ours && users_ && !settings_.deliver_to && !users_->exists(rcpt.forward_path.text))
    return {550, {5, 1, 1}, "No such mailbox here"};
  if (ours && users_ && settings_.deliver_to && !users_->exists(rcpt.forward_path.text))
    return {550, {5, 1, 1}, "No such mailbox in " + settings_.domain};
  if (identity.empty() && settings_.greylist > 0 &&
      greylisted_[rcpt.forward_path.text]++ < settings_.greylist)
    return {451, {4, 7, 1}, "Not now: come back later, as a real server does"};
  return {250, {2, 1, 5}, "Ok"};
}

bool Mta::may_send_as(std::string_view identity, const smtp::Mail& mail) {
  if (!users_ || mail.reverse_path.is_null()) return true;
  const auto canonical = users_->canonical(mail.reverse_path.text);
  return canonical && canonical == users_->canonical(identity);
}

std::vector<smtp::Reply> Mta::take(Received received) {
  const std::size_t recipients = received.letter.recipients.size();
  if (count_received(received.letter.content) >= settings_.most_hops)
    return std::vector<smtp::Reply>(recipients, smtp::Reply{554, {5, 4, 6}, "Too many hops: this letter runs in circles"});
  Letter letter;
  letter.queue_id = random_.name(6);
  letter.reverse_path = received.letter.mail.reverse_path.text;
  const std::string for_whom = recipients == 1 ? received.letter.recipients[0].forward_path.text : "";
  letter.content = std::make_shared<const std::string>(
      received_header(received, settings_.host_name, letter.queue_id, for_whom) + received.letter.content);
  for (const smtp::Rcpt& rcpt : received.letter.recipients) {
    const std::string& domain = rcpt.forward_path.domain;
    letter.recipients.push_back({rcpt.forward_path.text, domain.empty() ? settings_.domain : to_lower(domain), false, {}});
  }
  const std::string id = letter.queue_id;
  enqueue(std::move(letter), received.cause);
  return std::vector<smtp::Reply>(recipients, smtp::Reply{250, {2, 0, 0}, "Ok: queued as " + id});
}

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
  letters_.emplace(number, std::move(letter));
  network_.clock().after(5ms, [this, number] { attempt(number); });
}

void Mta::try_now(std::uint32_t letter) {
  if (find(letter) && under_way_[letter] == 0) attempt(letter);
}

void Mta::attempt(std::uint32_t number) {
  Letter* letter = find(number);
  if (!letter || under_way_[number] > 0) return;
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

// RFC 5321 section 5.1: MX records, the lowest preference first; without any, the domain's own address.
void Mta::find_targets(std::shared_ptr<Attempt> attempt) {
  if (mailboxes_ && attempt->domain == settings_.domain) return keep(attempt);
  if (settings_.deliver_to != 0 && attempt->domain == settings_.domain) {
    attempt->targets.push_back(
        {settings_.deliver_to, settings_.lmtp_port, std::string(network_.name_of(settings_.deliver_to)), true, false});
    return next_target(std::move(attempt));
  }
  const std::string domain = attempt->domain;
  network_.ask(settings_.host, domain, dns::Type::mx, attempt->cause, [this, attempt](std::optional<dns::Message> reply) {
    if (!reply || reply->code == dns::ResponseCode::server_failure)
      return unreachable(attempt, "DNS did not answer for " + attempt->domain, false);
    if (reply->code == dns::ResponseCode::name_error)
      return unreachable(attempt, "550 5.1.2 There is no domain " + attempt->domain, true);
    std::vector<dns::MailExchange> exchanges;
    for (const dns::Resource& resource : reply->answers)
      if (const auto* exchange = std::get_if<dns::MailExchange>(&resource.data)) exchanges.push_back(*exchange);
    std::stable_sort(exchanges.begin(), exchanges.end(),
                     [](const auto& a, const auto& b) { return a.preference < b.preference; });
    if (exchanges.size() == 1 && exchanges[0].exchange.empty())
      return unreachable(attempt, "556 5.1.10 " + attempt->domain + " takes no mail (null MX)", true);
    std::deque<std::string> names;
    for (const dns::MailExchange& exchange : exchanges) names.push_back(exchange.exchange);
    if (names.empty()) names.push_back(attempt->domain);
    next_address(attempt, std::move(names));
  });
}

// The domain's mailboxes are here: no one need be asked.
void Mta::keep(const std::shared_ptr<Attempt>& attempt) {
  Letter* letter = find(attempt->letter);
  for (const std::size_t index : attempt->recipients) {
    Recipient& recipient = letter->recipients[index];
    std::string text = fmt::format("Return-Path: <{}>\r\n", letter->reverse_path) + *letter->content;
    const auto kept = mailboxes_->deliver(recipient.address, make_content(std::move(text)),
                                          Act{network_.clock().now(), attempt->cause, 0});
    recipient.last_reply = kept ? "" : "the mailbox could not be written";
    recipient.done = bool(kept);
    if (kept) record(*letter, QueueChange::delivered, recipient.address, "");
  }
  settle(attempt->letter);
}

void Mta::next_address(std::shared_ptr<Attempt> attempt, std::deque<std::string> names) {
  if (names.empty()) return next_target(std::move(attempt));
  const std::string name = names.front();
  names.pop_front();
  look_up_host(network_, settings_.host, name, attempt->cause, [this, attempt, names, name](std::vector<FoundHost> found) {
    for (const FoundHost& host : found) attempt->targets.push_back({host.host, 25, name, false, host.ipv6});
    next_address(attempt, names);
  });
}

void Mta::next_target(std::shared_ptr<Attempt> attempt) {
  const Letter* letter = find(attempt->letter);
  if (!letter) return;
  if (attempt->targets.empty()) {
    const std::string problem = attempt->last_problem.empty() ? "no host of " + attempt->domain + " has an address"
                                                              : attempt->last_problem;
    return unreachable(attempt, problem, false);
  }
  const Attempt::Target target = attempt->targets.front();
  attempt->targets.pop_front();
  Destination& destination = destinations_[place_of(target)];
  if (destination.connections >= settings_.most_connections) destination.waiting.emplace_back(std::move(attempt), target);
  else connect(attempt, target);
}

std::optional<Mta::Waiting> Mta::take_waiting(const Attempt::Target& target) {
  auto& waiting = destinations_[place_of(target)].waiting;
  if (waiting.empty()) return std::nullopt;
  Waiting next = std::move(waiting.front());
  waiting.pop_front();
  return next;
}

void Mta::connection_ended(const Attempt::Target& target) {
  const auto found = destinations_.find(place_of(target));
  --found->second.connections;
  if (auto next = take_waiting(target)) connect(next->first, next->second);
  else if (found->second.connections == 0) destinations_.erase(found);
}

void Mta::connect(const std::shared_ptr<Attempt>& attempt, const Attempt::Target& target) {
  ++destinations_[place_of(target)].connections;
  const bool lmtp = target.port == settings_.lmtp_port;
  const auto deliver = [&](ConnectionId connection) {
    Endpoint::Settings endpoint;
    endpoint.connection = connection;
    endpoint.side = Side::client;
    endpoint.tls = TlsMode::starttls;
    endpoint.context = network_.tls_of(settings_.host);
    endpoint.server_name = target.name;
    endpoint.require_trust = settings_.policy == TlsPolicy::require;
    smtp::ClientSettings session;
    session.protocol = lmtp ? Protocol::lmtp : Protocol::smtp;
    session.client_name = settings_.host_name;
    session.starttls = target.plaintext ? smtp::StartTlsPolicy::never : starttls_of(settings_.policy);
    auto delivery = std::make_unique<Delivery>(std::move(endpoint), std::move(session), *this, attempt, target,
                                               network_.trace(), network_.clock().now());
    delivery->set_cause(attempt->cause);
    return delivery;
  };
  network_.dial(settings_.host, target.host, target.port, deliver, target.ipv6);
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
      recipient.done = true;
      record(*letter, QueueChange::delivered, recipient.address, recipient.last_reply);
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

void Mta::settle(std::uint32_t number) {
  if (under_way_[number] > 0 && --under_way_[number] > 0) return;
  Letter* letter = find(number);
  const Instant now = network_.clock().now();
  const bool give_up = now - letter->accepted >= settings_.give_up_after;
  std::vector<std::size_t> failed = failed_[number];
  Instant next{};
  for (std::size_t i = 0; i < letter->recipients.size(); ++i) {
    Recipient& recipient = letter->recipients[i];
    if (recipient.done) continue;
    if (give_up) {
      recipient.done = true;
      failed.push_back(i);
      record(*letter, QueueChange::expired, recipient.address, recipient.last_reply);
      continue;
    }
    // RFC 5321 section 4.5.4.1: at least 30 minutes, and growing.
    next = now + settings_.retry_after * (1 << std::min(letter->tries - 1, 3U));
    record(*letter, QueueChange::deferred, recipient.address, recipient.last_reply, next);
  }
  failed_.erase(number);
  if (!failed.empty()) bounce(*letter, failed);
  if (next != Instant{}) return network_.clock().at(next, [this, number] { attempt(number); });
  under_way_.erase(number);
  letters_.erase(number);
}

// RFC 3464 in its simplest form; a letter with the null reverse-path is never answered (RFC 5321 section 6.1).
void Mta::bounce(const Letter& letter, const std::vector<std::size_t>& failed) {
  for (const std::size_t index : failed)
    record(letter, QueueChange::bounced, letter.recipients[index].address, letter.recipients[index].last_reply);
  if (letter.reverse_path.empty()) return;
  const Instant now = network_.clock().now();
  const std::string boundary = "report-" + random_.name(8);
  std::string reasons, fields;
  for (const std::size_t index : failed) {
    const Recipient& recipient = letter.recipients[index];
    reasons += fmt::format("  {}\r\n    {}\r\n", recipient.address, recipient.last_reply);
    const auto parts = split(recipient.last_reply, ' ');
    const bool coded = parts.size() > 1 && smtp::parse_enhanced_code(parts[1]);
    fields += fmt::format("\r\nFinal-Recipient: rfc822; {}\r\nAction: failed\r\nStatus: {}\r\n", recipient.address,
                          coded ? parts[1] : std::string_view("5.0.0"));
    if (coded) fields += fmt::format("Diagnostic-Code: smtp; {}\r\n", recipient.last_reply);
  }
  const auto headers_end = letter.content->find("\r\n\r\n");
  std::string text = fmt::format(
      "From: Mail Delivery System <MAILER-DAEMON@{0}>\r\nTo: <{1}>\r\nSubject: Undelivered mail returned to sender\r\n"
      "Date: {2}\r\nMessage-ID: <{3}@{0}>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
      "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"{4}\"\r\n\r\n"
      "--{4}\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
      "This is the mail server at {0}. Your letter could not be delivered to:\r\n\r\n{5}\r\n"
      "--{4}\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; {0}\r\n{6}\r\n"
      "--{4}\r\nContent-Type: text/rfc822-headers\r\n\r\n{7}\r\n--{4}--\r\n",
      settings_.host_name, letter.reverse_path, rfc5322_date(now), random_.name(10), boundary, reasons, fields,
      letter.content->substr(0, headers_end == std::string::npos ? letter.content->size() : headers_end + 2));
  Letter notice;
  notice.queue_id = random_.name(6);
  notice.content = std::make_shared<const std::string>(std::move(text));
  notice.recipients.push_back({letter.reverse_path, domain_of(letter.reverse_path), false, {}});
  enqueue(std::move(notice), letter.cause);
}

}  // namespace glasspost::sim

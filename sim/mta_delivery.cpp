// How letters leave the queue: which hosts take them (RFC 5321 section 5.1), the connections to those, and what came of it.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

#include "protocol/base/idn.h"
#include "protocol/base/text.h"
#include "protocol/endpoint.h"
#include "sim/broken.h"
#include "sim/client_peer.h"
#include "sim/lookup.h"
#include "sim/mta.h"

namespace glasspost::sim {

// Hands a letter to a host, and then those that have come to wait for that host meanwhile, or come soon after.
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

  bool is_idle() const { return idle_until_.has_value() && !ended_; }
  // Only if it is idle. Whoever carries the connection is to be woken.
  void take(std::shared_ptr<Attempt> attempt, Attempt::Target target, Instant now) {
    now_ = now;
    begin({std::move(attempt), std::move(target)});
  }

 private:
  void work() override {
    if (endpoint_.failed() && !answered_ && !told_) tls_failed();
    if (idle_until_ && now_ >= *idle_until_) quit();
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
    const unsigned most = std::min(mta_.settings_.most_letters, session_.capabilities().limit("MAILMAX").value_or(~0U));
    if (auto next = letters_ < most ? mta_.take_waiting(target_) : std::nullopt) return begin(std::move(*next));
    if (letters_ >= most || !busy_) return quit();
    idle_until_ = now_ + mta_.settings_.keep_open;
  }

  void begin(Waiting next) {
    idle_until_.reset();
    std::tie(attempt_, target_) = std::move(next);
    answered_ = false;
    set_cause(attempt_->cause);
    send();
  }

  void quit() {
    idle_until_.reset();
    ended();
    session_.quit(now_);
  }

  std::optional<Instant> own_deadline() const override { return idle_until_; }

  // A server may close a connection that has been used before for reasons of its own: a new one is tried.
  void finished(const std::vector<smtp::RecipientResult>& results) {
    const bool unanswered = std::any_of(results.begin(), results.end(), [](const auto& result) { return !result.reply; });
    if (unanswered && letters_ > 1) attempt_->targets.push_front(target_);
    for (const std::size_t index : attempt_->recipients)
      if (Letter* letter = mta_.find(attempt_->letter)) letter->recipients[index].remote = target_.name;
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
    if (!target_.plaintext && !target_.trusted && mta_.settings_.policy != TlsPolicy::require) {
      target_.plaintext = true;
      attempt_->targets.push_front(target_);
    }
    mta_.next_target(attempt_);
  }

  void send() {
    const Letter* letter = mta_.find(attempt_->letter);
    if (!letter) return quit();
    ++letters_;
    busy_ = mta_.is_busy(target_, now_);
    if (const auto most = session_.capabilities().limit("RCPTMAX"); most && *most > 0) mta_.split(*attempt_, target_, *most);
    smtp::OutgoingLetter outgoing;
    outgoing.reverse_path = letter->reverse_path;
    outgoing.wishes = letter->wishes;
    outgoing.wishes.hold_for.reset(), outgoing.wishes.hold_until.reset();  // it has been held here
    if (outgoing.wishes.by)
      outgoing.wishes.by->seconds -= std::chrono::floor<std::chrono::seconds>(now_ - letter->accepted).count();
    outgoing.binary = letter->binary;
    for (const std::size_t index : attempt_->recipients) {
      outgoing.recipients.push_back(letter->recipients[index].address);
      outgoing.recipient_wishes.push_back(letter->recipients[index].wishes);
    }
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
  bool busy_ = false;                        // another letter had gone to the host shortly before this one
  std::optional<Instant> idle_until_;        // set: nothing is under way, and a letter may still come
  bool answered_ = false, told_ = false, ended_ = false;
};

// RFC 5321 section 5.1: MX records, the lowest preference first; without any, the domain's own address.
void Mta::find_targets(std::shared_ptr<Attempt> attempt) {
  if (mailboxes_ && attempt->domain == settings_.domain) return keep(attempt);
  if (settings_.deliver_to != 0 && attempt->domain == settings_.domain) {
    attempt->targets.push_back(
        {settings_.deliver_to, settings_.lmtp_port, std::string(network_.name_of(settings_.deliver_to)), true, false});
    return next_target(std::move(attempt));
  }
  const auto ascii = to_a_labels(attempt->domain);
  if (!ascii) return unreachable(attempt, "550 5.1.2 There cannot be a domain " + attempt->domain, true);
  const std::string domain = *ascii;
  if (domain.starts_with('[')) {  // an address literal: RFC 5321 section 4.1.3
    const std::string address = domain.substr(1, domain.size() - 2);
    const bool six = starts_with_ignoring_case(address, "IPv6:");
    const HostId host = network_.host_at(six ? address.substr(5) : address);
    if (host == 0) return unreachable(attempt, "450 4.4.1 there is nobody at " + domain, false);
    attempt->targets.push_back({host, 25, std::string(network_.name_of(host)), false, six, find(attempt->letter)->wishes.require_tls});
    return next_target(attempt);
  }
  network_.ask(settings_.host, domain, dns::Type::mx, attempt->cause, [this, attempt, domain](std::optional<dns::Message> reply) {
    if (!reply || reply->code == dns::ResponseCode::server_failure)
      return unreachable(attempt, "451 4.4.3 DNS did not answer for " + attempt->domain, false);
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
    if (names.empty()) names.push_back(domain);
    next_address(attempt, std::move(names));
  });
}

void Mta::next_address(std::shared_ptr<Attempt> attempt, std::deque<std::string> names) {
  if (names.empty()) return next_target(std::move(attempt));
  const std::string name = names.front();
  names.pop_front();
  look_up_host(network_, settings_.host, name, attempt->cause, [this, attempt, names, name](std::vector<FoundHost> found) {
    const Letter* letter = find(attempt->letter);
    const bool trusted = letter && letter->wishes.require_tls;
    for (const FoundHost& host : found) attempt->targets.push_back({host.host, 25, name, false, host.ipv6, trusted});
    next_address(attempt, names);
  });
}

void Mta::next_target(std::shared_ptr<Attempt> attempt) {
  const Letter* letter = find(attempt->letter);
  if (!letter) return;
  if (attempt->targets.empty()) {
    const std::string problem = attempt->last_problem.empty() ? "451 4.4.4 no host of " + attempt->domain + " has an address"
                                                              : attempt->last_problem;
    return unreachable(attempt, problem, false);
  }
  const Attempt::Target target = attempt->targets.front();
  attempt->targets.pop_front();
  Destination& destination = destinations_[place_of(target)];
  if (const auto carrier = idle_connection(destination)) {
    static_cast<Delivery*>(carrier->client())->take(std::move(attempt), target, network_.clock().now());
    return carrier->wake(Side::client);
  }
  if (destination.connections < settings_.most_connections) return connect(attempt, target);
  // The more urgent before the less, and otherwise as they came: RFC 6710 section 5.
  const auto urgency = [this](const Waiting& waiting) {
    const Letter* one = find(waiting.first->letter);
    return one ? one->wishes.priority.value_or(0) : 0;
  };
  const int mine = letter->wishes.priority.value_or(0);
  auto place = destination.waiting.end();
  while (place != destination.waiting.begin() && urgency(*std::prev(place)) < mine) --place;
  destination.waiting.emplace(place, std::move(attempt), target);
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
}

std::shared_ptr<Carrier> Mta::idle_connection(Destination& destination) {
  std::erase_if(destination.carriers, [](const auto& weak) { return weak.expired() || weak.lock()->closed(); });
  for (const auto& weak : destination.carriers) {
    auto carrier = weak.lock();
    if (static_cast<const Delivery*>(carrier->client())->is_idle()) return carrier;
  }
  return nullptr;
}

bool Mta::is_busy(const Attempt::Target& target, Instant now) {
  auto& last = destinations_[place_of(target)].last_letter;
  const bool busy = last && now - *last <= settings_.keep_open;
  last = now;
  return busy;
}

void Mta::split(Attempt& attempt, const Attempt::Target& target, std::size_t most) {
  if (attempt.recipients.size() <= most) return;
  auto rest = std::make_shared<Attempt>(attempt);
  rest->recipients.erase(rest->recipients.begin(), rest->recipients.begin() + std::ptrdiff_t(most));
  rest->targets.push_front(target);
  attempt.recipients.resize(most);
  ++under_way_[attempt.letter];
  next_target(std::move(rest));
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
    endpoint.require_trust = settings_.policy == TlsPolicy::require || target.trusted;
    smtp::ClientSettings session;
    session.protocol = lmtp ? Protocol::lmtp : Protocol::smtp;
    session.client_name = settings_.host_name;
    session.flaws = settings_.flaws;
    tell_flaws_of_sender(network_.trace(), network_.clock().now(), connection, settings_.host, settings_.flaws);
    session.starttls = target.plaintext ? smtp::StartTlsPolicy::never
                       : target.trusted ? smtp::StartTlsPolicy::require
                                        : starttls_of(settings_.policy);
    auto delivery = std::make_unique<Delivery>(std::move(endpoint), std::move(session), *this, attempt, target,
                                               network_.trace(), network_.clock().now());
    delivery->set_cause(attempt->cause);
    return delivery;
  };
  auto carrier = network_.dial(settings_.host, target.host, target.port, deliver, target.ipv6);
  destinations_[place_of(target)].carriers.push_back(std::move(carrier));
}

}  // namespace glasspost::sim

#include "protocol/smtp/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>

#include "protocol/base/text.h"
#include "protocol/smtp/content.h"

namespace glasspost::smtp {
namespace {

// RFC 5321 section 4.5.3.2
Duration patience(Step step) {
  switch (step) {
    case Step::data: return 2min;
    case Step::content: return 10min;
    default: return 5min;
  }
}

}  // namespace

std::string_view name_of(Step step) {
  switch (step) {
    case Step::connect: return "connect";
    case Step::greeting: return "greeting";
    case Step::hello: return "hello";
    case Step::starttls: return "starttls";
    case Step::tls: return "tls";
    case Step::login: return "login";
    case Step::ready: return "ready";
    case Step::mail: return "mail";
    case Step::recipient: return "recipient";
    case Step::data: return "data";
    case Step::content: return "content";
    case Step::quit: return "quit";
  }
  return "";
}

ClientSession::ClientSession(ClientSettings settings, Instant now)
    : settings_(std::move(settings)), sealed_(settings_.implicit_tls), now_(now) {
  expect(Step::greeting);
}

// --- octets -----------------------------------------------------------------------------------------------------------

void ClientSession::receive(std::string_view octets, Instant now) {
  if (closed_) return;
  now_ = now;
  if (wish_tls_) {
    // Said in plaintext behind the reply to STARTTLS: somebody may have put it there. RFC 3207 section 4.1
    return fail(Step::starttls, std::nullopt, Error{Fault::injected, 0, "TLS handshake"},
                "The server went on in plaintext behind its reply to STARTTLS");
  }
  replies_.put(octets);
  while (!closed_) {
    auto reply = replies_.next();
    if (!reply) return;
    if (!*reply) return fail(step_, std::nullopt, reply->error(), "The server's reply could not be understood");
    take(std::move(**reply));
    if (wish_tls_ && replies_.pending())
      return fail(Step::starttls, std::nullopt, Error{Fault::injected, 0, "TLS handshake"},
                  "The server sent more in plaintext behind its reply to STARTTLS");
  }
}

void ClientSession::receive_eof(Instant now) {
  if (closed_) return;
  now_ = now;
  if (step_ == Step::quit) {
    closed_ = true;
    events_.push_back(Finished{});
    return;
  }
  fail(step_, std::nullopt, Error{Fault::incomplete, 0, "Reply-line"}, "The server closed the connection");
}

std::string ClientSession::take_output() { return std::exchange(output_, {}); }
TlsWish ClientSession::tls_wish() const { return wish_tls_ && !closed_ ? TlsWish::start : TlsWish::none; }
bool ClientSession::wants_close() const { return closed_; }

void ClientSession::tls_established(const TlsFacts&) {
  sealed_ = true;
  if (!wish_tls_ || closed_) return;  // implicit TLS: the greeting is still to come
  wish_tls_ = false;
  replies_.discard();
  capabilities_ = {};
  say_hello(true);
}

std::optional<Instant> ClientSession::deadline() const {
  if (closed_ || (expected_.empty() && step_ != Step::tls)) return std::nullopt;
  return now_ + patience(step_);
}

void ClientSession::on_deadline(Instant now) {
  const auto due = deadline();
  if (!due || now < *due) return;
  fail(step_, std::nullopt, std::nullopt, fmt::format("The server said nothing for {}", duration_text(patience(step_))));
}

std::optional<ClientEvent> ClientSession::poll() {
  if (events_.empty()) return std::nullopt;
  std::optional<ClientEvent> event(std::move(events_.front()));
  events_.pop_front();
  return event;
}

void ClientSession::expect(Step step, std::size_t recipient) {
  if (expected_.empty()) step_ = step;
  expected_.push_back({step, recipient});
}

// The session is over; what is known of a letter under way is told first.
void ClientSession::fail(Step step, std::optional<Reply> reply, std::optional<Error> error, std::string problem) {
  if (closed_) return;
  closed_ = true;
  wish_tls_ = false;
  expected_.clear();
  if (!results_.empty()) {
    for (RecipientResult& result : results_) {
      if (result.reply && !result.reply->is_positive()) continue;
      if (result.delivered || result.refused_here) continue;
      result.step = step;
      result.reply = reply && !reply->is_positive() ? reply : std::nullopt;
      result.problem = problem;
    }
    finish_letter();
  }
  step_ = step;
  events_.push_back(Failed{step, std::move(reply), std::move(error), std::move(problem)});
}

// --- replies ----------------------------------------------------------------------------------------------------------

void ClientSession::take(Reply reply) {
  if (reply.code == 421) {  // it may come at any time: RFC 5321 section 3.8
    if (step_ == Step::quit) {
      closed_ = true;
      events_.push_back(Finished{});
      return;
    }
    const std::string text = reply.text();
    return fail(step_, std::move(reply), std::nullopt, "The server is closing the connection: " + text);
  }
  if (expected_.empty())
    return fail(step_, std::move(reply), Error{Fault::out_of_order, 0, "a reply to a command"},
                "The server sent a reply that nothing was asked for");
  const Expected now = expected_.front();
  expected_.pop_front();
  if (!expected_.empty()) step_ = expected_.front().step;
  switch (now.step) {
    case Step::greeting: return on_greeting(std::move(reply));
    case Step::hello: return on_hello(std::move(reply));
    case Step::starttls: return on_starttls(std::move(reply));
    case Step::login: return on_login(std::move(reply));
    case Step::mail: return on_mail(std::move(reply));
    case Step::recipient: return on_recipient(now.recipient, std::move(reply));
    case Step::data: return on_data(std::move(reply));
    case Step::content: return on_content(std::move(reply));
    case Step::quit:
      closed_ = true;
      events_.push_back(Finished{});
      return;
    case Step::connect:
    case Step::tls:
    case Step::ready: break;
  }
  assert(false && "nothing is expected in these steps");
}

void ClientSession::on_greeting(Reply reply) {
  if (reply.code / 100 != 2)
    return fail(Step::greeting, reply, std::nullopt, "The server does not let anybody in: " + reply.text());
  say_hello(true);
}

void ClientSession::say_hello(bool extended) {
  extended_ = extended;
  const std::string_view verb = settings_.protocol == Protocol::lmtp ? "LHLO" : extended ? "EHLO" : "HELO";
  fmt::format_to(std::back_inserter(output_), "{} {}\r\n", verb, settings_.client_name);
  expect(Step::hello);
}

void ClientSession::on_hello(Reply reply) {
  if (reply.code == 250) {
    capabilities_ = extended_ ? parse_capabilities(reply) : Capabilities{};
    return after_hello();
  }
  // An old server does not know EHLO: RFC 5321 section 3.2. Not inside TLS, where there are no old servers.
  if (extended_ && settings_.protocol == Protocol::smtp && reply.is_permanent_failure() &&
      settings_.starttls != StartTlsPolicy::require && !sealed_)
    return say_hello(false);
  fail(Step::hello, reply, std::nullopt, "The server did not take our hello: " + reply.text());
}

void ClientSession::after_hello() {
  if (sealed_ || settings_.starttls == StartTlsPolicy::never || tls_refused_) return log_in_or_ready();
  if (capabilities_.has("STARTTLS")) {
    output_ += "STARTTLS\r\n";
    return expect(Step::starttls);
  }
  if (settings_.starttls == StartTlsPolicy::require)
    return fail(Step::starttls, std::nullopt, Error{Fault::unsupported, 0, "STARTTLS"},
                "The server does not offer STARTTLS, and going on in plaintext is not allowed");
  log_in_or_ready();
}

void ClientSession::on_starttls(Reply reply) {
  if (reply.code == 220) {
    wish_tls_ = true;
    step_ = Step::tls;
    return;
  }
  if (settings_.starttls == StartTlsPolicy::require)
    return fail(Step::starttls, reply, std::nullopt,
                "The server refused STARTTLS, and going on in plaintext is not allowed: " + reply.text());
  tls_refused_ = true;
  log_in_or_ready();
}

// --- AUTH, RFC 4954 ---------------------------------------------------------------------------------------------------

// Inside TLS the simplest; outside only what keeps the password off the wire, unless told otherwise.
std::optional<sasl::Mechanism> ClientSession::best_mechanism() const {
  using sasl::Mechanism;
  const auto offered = capabilities_.mechanisms();
  const auto order = sealed_ ? std::array{Mechanism::plain, Mechanism::login, Mechanism::cram_md5}
                             : std::array{Mechanism::cram_md5, Mechanism::plain, Mechanism::login};
  for (const Mechanism mechanism : order) {
    if (!sealed_ && !settings_.allow_plaintext_auth && sends_password(mechanism)) continue;
    if (std::find(offered.begin(), offered.end(), name_of(mechanism)) != offered.end()) return mechanism;
  }
  return std::nullopt;
}

void ClientSession::log_in_or_ready() {
  if (settings_.user.empty()) return become_ready();
  const auto mechanism = best_mechanism();
  if (!mechanism) {
    const bool too_open = !sealed_ && !capabilities_.mechanisms().empty();
    return fail(Step::login, std::nullopt, Error{Fault::unsupported, 0, "AUTH"},
                too_open ? "The server offers only logins that would show the password to everybody on the way"
                : capabilities_.has("AUTH") ? "The server offers no way to log in that we know"
                                            : "The server offers no login");
  }
  if (settings_.password_follows) step_ = Step::login;
  else begin_login(*mechanism);
}

void ClientSession::log_in(std::string password) {
  assert(waits_for_password());
  settings_.password = std::move(password);
  settings_.password_follows = false;
  begin_login(*best_mechanism());
}

void ClientSession::begin_login(sasl::Mechanism mechanism) {
  exchange_.emplace(mechanism, settings_.user, std::exchange(settings_.password, {}));
  output_.append("AUTH ").append(name_of(mechanism));
  if (const auto initial = exchange_->initial_response()) {
    output_.append(1, ' ').append(base64_encode(*initial));
    // It stands in place of the answer to a first, empty challenge.
    if (const auto spent = exchange_->step(""); !spent) assert(false && "PLAIN has one step");
  }
  output_ += "\r\n";
  expect(Step::login);
}

void ClientSession::on_login(Reply reply) {
  if (reply.code == 235) {
    identity_ = settings_.user;
    exchange_.reset();
    return become_ready();
  }
  if (reply.code == 334 && exchange_) {
    const auto challenge = base64_decode(reply.lines.front());
    const auto answer = challenge ? exchange_->step(*challenge) : Result<std::string>(glasspost::fail(Fault::syntax, 4, "base64"));
    if (!answer) exchange_.reset();  // cancel; the server says 501 then
    output_ += answer ? base64_encode(*answer) : "*";
    output_ += "\r\n";
    return expect(Step::login);
  }
  const bool cancelled = !exchange_;
  exchange_.reset();
  fail(Step::login, reply, std::nullopt,
       (cancelled ? "The server's challenge could not be answered: " : "The server did not take the login: ") + reply.text());
}

void ClientSession::become_ready() {
  step_ = Step::ready;
  events_.push_back(Ready{capabilities_});
}

// --- letters ----------------------------------------------------------------------------------------------------------

void ClientSession::send(OutgoingLetter letter, Instant now) {
  assert(is_ready());
  if (!is_ready()) return;
  now_ = now;
  letter_ = std::move(letter);
  results_.clear();
  accepted_.clear();
  answered_ = 0;
  mail_refused_ = eight_bit_ = resetting_ = false;
  for (const std::string& recipient : letter_.recipients) results_.push_back({recipient});
  if (!check_letter()) return;
  pipelined_ = settings_.pipeline && capabilities_.has("PIPELINING");
  output_ += mail_line();
  step_ = Step::mail;
  expect(Step::mail);
  if (pipelined_) say_recipients_and_data();
}

// Whether it can be sent to this server at all; if not, it is told at once and nothing is said on the wire.
bool ClientSession::check_letter() {
  const auto refuse = [this](std::string problem) {
    refuse_all(std::move(problem));
    return false;
  };
  if (results_.empty()) return refuse("The letter has no recipients");
  if (!letter_.reverse_path.empty() && !parse_mailbox(letter_.reverse_path))
    return refuse("The sender's address is malformed: " + visible(letter_.reverse_path));
  for (RecipientResult& result : results_)
    if (!parse_mailbox(result.recipient)) return refuse("A recipient's address is malformed: " + visible(result.recipient));
  const ContentFacts facts = examine(letter_.content);
  if (facts.bare_line_end) return refuse("The letter has a line that does not end in CRLF");
  eight_bit_ = facts.eight_bit;
  if (eight_bit_ && !capabilities_.has("8BITMIME"))
    return refuse("The letter has 8-bit text, and the server does not offer 8BITMIME");
  if (const auto limit = capabilities_.size(); limit && size_of_letter() > *limit)
    return refuse(fmt::format("The letter has {} octets; the server takes at most {}", size_of_letter(), *limit));
  return true;
}

void ClientSession::refuse_all(std::string problem) {
  for (RecipientResult& result : results_) {
    result.step = Step::mail;
    result.refused_here = true;
    result.problem = problem;
  }
  finish_letter();
}

// With the CRLF that a last line without one is given; stuffed dots do not count. RFC 1870 section 5
std::size_t ClientSession::size_of_letter() const {
  const std::string& content = letter_.content;
  return content.size() + (content.empty() || content.ends_with("\r\n") ? 0 : 2);
}

std::string ClientSession::mail_line() const {
  std::string line = "MAIL FROM:<" + letter_.reverse_path + '>';
  if (capabilities_.has("SIZE")) line += fmt::format(" SIZE={}", size_of_letter());
  if (eight_bit_) line += " BODY=8BITMIME";
  return line + "\r\n";
}

// DATA is the last of what may go out in one piece: RFC 2920 section 3.1.
void ClientSession::say_recipients_and_data() {
  for (std::size_t i = 0; i < results_.size(); ++i) {
    output_.append("RCPT TO:<").append(results_[i].recipient).append(">\r\n");
    expect(Step::recipient, i);
  }
  output_ += "DATA\r\n";
  expect(Step::data);
}

void ClientSession::next_recipient_or_data() {
  if (answered_ < results_.size()) {
    output_.append("RCPT TO:<").append(results_[answered_].recipient).append(">\r\n");
    return expect(Step::recipient, answered_);
  }
  if (any_accepted()) {
    output_ += "DATA\r\n";
    return expect(Step::data);
  }
  take_envelope_back();
}

// The server still holds an envelope that will not be used: the next letter is to start afresh.
void ClientSession::take_envelope_back() {
  resetting_ = true;
  output_ += "RSET\r\n";
  expect(Step::data);
}

bool ClientSession::any_accepted() const {
  return std::any_of(results_.begin(), results_.end(),
                     [](const RecipientResult& result) { return result.reply && result.reply->is_positive(); });
}

void ClientSession::on_mail(Reply reply) {
  mail_refused_ = !reply.is_positive();
  if (mail_refused_) {
    for (RecipientResult& result : results_) result.step = Step::mail, result.reply = reply;
    if (!pipelined_) finish_letter();
    return;
  }
  if (!pipelined_) next_recipient_or_data();
}

void ClientSession::on_recipient(std::size_t index, Reply reply) {
  ++answered_;
  if (!mail_refused_) {
    results_[index].step = Step::recipient;
    if (reply.is_positive()) accepted_.push_back(index);
    results_[index].reply = std::move(reply);
  }
  if (!pipelined_) next_recipient_or_data();
}

void ClientSession::on_data(Reply reply) {
  if (std::exchange(resetting_, false)) return finish_letter();
  if (reply.code == 354) {
    if (accepted_.empty()) {
      // Nobody is to get it, but the server waits: it gets an empty letter. RFC 2920 section 3.1
      output_ += ".\r\n";
    } else {
      output_ += stuff(letter_.content);
    }
    const std::size_t replies = settings_.protocol == Protocol::lmtp ? accepted_.size() : 1;
    answered_ = 0;
    for (std::size_t i = 0; i < replies; ++i) expect(Step::content, i);
    if (replies == 0) finish_letter();
    return;
  }
  for (const std::size_t index : accepted_) {
    results_[index].step = Step::data;
    // A 2xx to DATA is no answer that RFC 5321 knows: the letter was not sent.
    if (reply.is_positive()) results_[index].reply.reset(), results_[index].problem = "The server answered DATA with " + reply.text();
    else results_[index].reply = reply;
  }
  if (mail_refused_) finish_letter();
  else take_envelope_back();
}

void ClientSession::on_content(Reply reply) {
  const auto decide = [&](std::size_t index) {
    results_[index].step = Step::content;
    results_[index].delivered = reply.code / 100 == 2;
    results_[index].reply = reply;
  };
  if (settings_.protocol == Protocol::lmtp) {
    decide(accepted_[answered_++]);
  } else {
    for (const std::size_t index : accepted_) decide(index);
  }
  if (expected_.empty()) finish_letter();
}

void ClientSession::finish_letter() {
  LetterDone done{std::exchange(results_, {})};
  letter_ = {};
  if (!closed_) step_ = Step::ready;
  events_.push_back(std::move(done));
}

void ClientSession::quit(Instant now) {
  assert(is_ready());
  if (!is_ready()) return;
  now_ = now;
  output_ += "QUIT\r\n";
  step_ = Step::quit;
  expect(Step::quit);
}

}  // namespace glasspost::smtp

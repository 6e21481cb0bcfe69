#include "protocol/imap/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "protocol/base/text.h"
#include "protocol/imap/extensions/utf8_accept.h"
#include "protocol/sasl/mechanism.h"
#include "protocol/tls/facts.h"

namespace glasspost::imap {
namespace {

// Cuts a command behind every literal that has to wait for the server's "+". The stream's own framing knows where.
std::vector<std::string> pieces_of(const std::string& command) {
  std::vector<std::string> pieces;
  Framer framer(Framer::Said::commands, command.size());
  std::string_view rest = command;
  std::size_t begun = 0;
  while (framer.next(rest) == Framer::Step::literal) {
    if (!framer.literal().plus) {
      pieces.push_back(command.substr(begun, framer.octets() - begun));
      begun = framer.octets();
    }
    framer.keep();
  }
  pieces.push_back(command.substr(begun));
  return pieces;
}

// Data about the mailbox that is open: it means nothing when none is.
bool is_about_mailbox(const ResponseBody& body) {
  return std::holds_alternative<ExistsData>(body) || std::holds_alternative<RecentData>(body) ||
         std::holds_alternative<ExpungeData>(body) || std::holds_alternative<VanishedData>(body) || std::holds_alternative<FetchData>(body) ||
         std::holds_alternative<FlagsData>(body);
}

}  // namespace

Client::Client(ClientSettings settings, Instant now)
    : settings_(settings), framer_(Framer::Said::responses, settings.line + settings.literal), last_heard_(now) {}

std::string Client::take_output() {
  effort_.said += out_.size();
  return std::exchange(out_, {});
}
TlsWish Client::tls_wish() const { return tls_wanted_ ? TlsWish::start : TlsWish::none; }
CompressionWish Client::compression_wish() const {
  if (compression_wanted_) return CompressionWish::start;
  return sent_ && sent_->verb == "COMPRESS" ? CompressionWish::awaited : CompressionWish::none;
}
void Client::compression_started() {
  compression_wanted_ = false;
  say_next();
}
bool Client::wants_close() const { return closing_ || failed_; }

void Client::receive(std::string_view octets, Instant now) {
  last_heard_ = now;
  effort_.heard += octets.size();
  rearm_ = false;
  if (failed_ || closing_) return;
  if (tls_wanted_) return fail(FailureReason::injected, "words in plaintext behind STARTTLS");
  in_ += octets;
  std::string_view rest = in_;
  while (!failed_ && !closing_) {
    const Framer::Step step = framer_.next(rest);
    if (step == Framer::Step::message) {
      take(framer_.text());
      if (tls_wanted_ && !rest.empty()) return fail(FailureReason::injected, "words in plaintext behind STARTTLS");
      continue;
    }
    if (step == Framer::Step::more) {
      if (framer_.line_octets() > settings_.line) fail(FailureReason::too_long, "a line");
      break;
    }
    const LiteralSize literal = framer_.literal();
    if (literal.huge || literal.octets > settings_.literal || framer_.octets() + literal.octets > settings_.literal)
      return fail(FailureReason::too_long, "a literal");
    framer_.keep();
  }
  in_.erase(0, in_.size() - rest.size());
}

void Client::receive_eof(Instant now) {
  last_heard_ = now;
  if (!closing_ && !failed_) fail(FailureReason::closed, bye_);
}

std::optional<Instant> Client::deadline() const {
  if (failed_ || closing_ || idling_ || tls_wanted_ || (ready_ && !busy())) return std::nullopt;
  return last_heard_ + settings_.patience;
}

void Client::on_deadline(Instant now) {
  const auto due = deadline();
  if (!due || now < *due) return;
  // What we said last was said after we last heard something: patience begins now.
  if (std::exchange(rearm_, false)) {
    last_heard_ = now;
    return;
  }
  fail(FailureReason::timeout, {});
}

void Client::tls_established(const TlsFacts& facts) {
  if (!facts.bindings.empty()) binding_ = facts.bindings.front();
  tls_ = true;
  if (!tls_wanted_) return;  // implicit TLS: the greeting is still to come
  tls_wanted_ = false;
  in_.clear();
  framer_.reset();
  tracker_.reset();
  capabilities_.clear();
  enabled_.clear();
  queue_own(Capability{});
}

std::optional<ClientEvent> Client::poll() {
  if (events_.empty()) return std::nullopt;
  ClientEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

bool Client::has(std::string_view capability) const {
  return std::any_of(capabilities_.begin(), capabilities_.end(),
                     [&](const std::string& name) { return equal_ignoring_case(name, capability); });
}

bool Client::enabled(std::string_view capability) const {
  return std::any_of(enabled_.begin(), enabled_.end(),
                     [&](const std::string& name) { return equal_ignoring_case(name, capability); });
}

void Client::fail(FailureReason reason, std::string text) {
  if (failed_) return;
  failed_ = true;
  tls_wanted_ = false;
  queue_.clear();
  out_.clear();
  events_.emplace_back(Failed{reason, std::move(text)});
}

void Client::learn(std::vector<std::string> capabilities) { capabilities_ = std::move(capabilities); }

// ---- what we say

std::string Client::next_tag() { return "a" + std::to_string(++tags_); }

std::string Client::send(CommandBody body) {
  Outgoing outgoing;
  outgoing.tag = next_tag();
  outgoing.verb = verb_of(body);
  outgoing.body = std::move(body);
  return queue(std::move(outgoing));
}

LiteralForm Client::literal_form() const {
  if (!settings_.literal_plus) return LiteralForm::synchronising;
  return has("LITERAL+") ? LiteralForm::plus : has("LITERAL-") ? LiteralForm::minus : LiteralForm::synchronising;
}

std::string Client::login(std::string user, std::string password, bool sasl) {
  if (!tls_ && !settings_.allow_plaintext_login) return {};
  if (!sasl || !has("AUTH=PLAIN")) {
    if (has("LOGINDISABLED")) return {};
    return send(Login{std::move(user), std::move(password)});
  }
  const sasl::ClientExchange exchange(sasl::Mechanism::plain, std::move(user), std::move(password));
  const std::string answer = base64_encode(exchange.initial_response().value_or(""));
  const std::string tag = next_tag();
  Outgoing outgoing;
  outgoing.tag = tag;
  outgoing.verb = "AUTHENTICATE";
  if (settings_.literal_plus && has("SASL-IR")) outgoing.pieces = {tag + " AUTHENTICATE PLAIN " + answer + "\r\n"};
  else outgoing.pieces = {tag + " AUTHENTICATE PLAIN\r\n", answer + "\r\n"};
  return queue(std::move(outgoing));
}

std::string Client::authenticate(sasl::Mechanism mechanism, std::string user, std::string password, sasl::ClientGround ground) {
  if (sends_password(mechanism) && !tls_ && !settings_.allow_plaintext_login) return {};
  if ((scram_hash(mechanism) && ground.nonce.empty()) || (binds_channel(mechanism) && !ground.binding) || exchange_) return {};
  exchange_.emplace(mechanism, std::move(user), std::move(password), std::move(ground));
  const std::string tag = next_tag();
  std::string line = fmt::format("{} AUTHENTICATE {}", tag, name_of(mechanism));
  if (const auto initial = exchange_->initial_response(); initial && settings_.literal_plus && has("SASL-IR")) {
    line += ' ' + (initial->empty() ? std::string("=") : base64_encode(*initial));
    if (const auto spent = exchange_->step(""); !spent) assert(false && "an initial response is a first step");
  }
  Outgoing outgoing;
  outgoing.tag = tag;
  outgoing.verb = "AUTHENTICATE";
  outgoing.pieces = {line + "\r\n"};
  return queue(std::move(outgoing));
}

std::string Client::queue(Outgoing outgoing) {
  const std::string tag = outgoing.tag;
  if (failed_ || closing_) return {};
  queue_.push_back(std::move(outgoing));
  say_next();
  return tag;
}

// The session's own commands come before everything else.
void Client::queue_own(CommandBody body) {
  Command command{next_tag(), std::move(body)};
  sent_ = Outgoing{};
  sent_->tag = command.tag;
  sent_->verb = verb_of(command.body);
  sent_->pieces = {write_command(command)};
  sent_->own = true;
  say_piece();
}

void Client::say_next() {
  if (!ready_ || sent_ || queue_.empty() || failed_ || compression_wanted_) return;
  sent_ = std::move(queue_.front());
  queue_.pop_front();
  if (sent_->body) {  // how it is written depends on what the server has said by now
    const Command command{sent_->tag, *std::exchange(sent_->body, std::nullopt)};
    sent_->pieces = pieces_of(write_command(command, {literal_form(), makes_names_utf8(enabled_)}));
  }
  say_piece();
}

void Client::say_piece() {
  out_ += sent_->pieces[sent_->said++];
  rearm_ = true;
}

void Client::stop_idle() {
  if (!sent_ || sent_->verb != "IDLE" || stop_idle_) return;
  stop_idle_ = true;
  if (!idling_) return;  // it is said as soon as the server has said "+"
  out_ += "DONE\r\n";
  idling_ = false;
  rearm_ = true;
}

// ---- what the server says

void Client::take(std::string_view text) {
  const bool challenge = sent_ && sent_->verb == "AUTHENTICATE";
  auto response = parse_response(text, nullptr, {.utf8 = makes_names_utf8(enabled_), .challenge = challenge});
  if (!response) {
    constexpr std::size_t shown = 1024;
    if (!greeted_) return fail(FailureReason::refused, std::string(text.substr(0, shown)));
    events_.emplace_back(Garbled{std::string(text.substr(0, shown)), response.error()});
    return;
  }
  if (!greeted_) return take_greeting(std::move(*response));
  if (response->tag == "+") return take_continuation(std::get<Continuation>(response->body));
  if (response->tag == "*") return take_untagged(std::move(*response));
  take_tagged(std::move(*response), text);
}

void Client::take_greeting(Response response) {
  const auto* greeting = std::get_if<ConditionData>(&response.body);
  const bool fits = greeting && response.tag == "*" &&
                    (greeting->condition == Condition::ok || greeting->condition == Condition::preauth);
  if (!fits) return fail(FailureReason::refused, greeting ? greeting->text : std::string(name_of(response.body)));
  greeted_ = true;
  greeting_ = greeting->text;
  if (greeting->condition == Condition::preauth) {
    if (settings_.tls == TlsPolicy::required && !tls_) return fail(FailureReason::preauth_untrusted, greeting_);
    preauth_ = true;
    tracker_.follow("", "PREAUTH");
  }
  if (greeting->code.name == "CAPABILITY") {
    learn(words_of(greeting->code));
    return after_capabilities();
  }
  queue_own(Capability{});
}

void Client::after_capabilities() {
  const bool wants_tls = settings_.tls == TlsPolicy::attempt || settings_.tls == TlsPolicy::required;
  if (wants_tls && !tls_ && !preauth_ && !starttls_refused_) {
    if (has("STARTTLS")) return queue_own(Starttls{});
    if (settings_.tls == TlsPolicy::required) return fail(FailureReason::starttls_missing, greeting_);
  }
  ready_ = true;
  events_.emplace_back(Ready{greeting_, capabilities_, preauth_});
  say_next();
}

void Client::take_continuation(const Continuation& continuation) {
  if (sent_ && sent_->said < sent_->pieces.size()) {
    ++effort_.round_trips;
    return say_piece();
  }
  if (sent_ && sent_->verb == "IDLE" && !idling_) {
    idling_ = true;
    tracker_.follow("IDLE", "+");
    events_.emplace_back(Idling{sent_->tag});
    if (std::exchange(stop_idle_, false)) stop_idle();
    return;
  }
  if (sent_ && sent_->verb == "AUTHENTICATE" && exchange_) {
    const auto challenge = base64_decode(continuation.text);
    const auto answer = challenge ? exchange_->step(*challenge) : Result<std::string>(glasspost::fail(Fault::syntax, 2, "base64"));
    out_ += (answer ? base64_encode(*answer) : "*") + "\r\n";
    return;
  }
  if (sent_ && sent_->verb == "AUTHENTICATE") {
    out_ += "*\r\n";  // we have nothing more to say to this: cancelled
    return;
  }
  events_.emplace_back(Garbled{"+ " + continuation.text, {Fault::out_of_order, 0, "response-data"}});
}

void Client::take_untagged(Response response) {
  const auto* capabilities = std::get_if<CapabilityData>(&response.body);
  if (capabilities) learn(capabilities->names);
  if (const auto* now = std::get_if<EnabledData>(&response.body))
    enabled_.insert(enabled_.end(), now->names.begin(), now->names.end());
  if (const auto* condition = std::get_if<ConditionData>(&response.body)) {
    if (condition->code.name == "CAPABILITY") learn(words_of(condition->code));
    if (condition->condition == Condition::bye) {
      bye_ = condition->text;
      tracker_.follow("", "BYE");
    }
    if (condition->condition == Condition::preauth) {  // only a greeting can say that
      events_.emplace_back(Garbled{"* PREAUTH " + condition->text, {Fault::out_of_order, 2, "response-data"}});
      return;
    }
  }
  const bool opening = sent_ && (sent_->verb == "SELECT" || sent_->verb == "EXAMINE");
  if (is_about_mailbox(response.body) && !tracker_.mailbox_open() && !opening) {
    events_.emplace_back(Garbled{"* " + std::string(name_of(response.body)), {Fault::out_of_order, 2, "response-data"}});
    return;
  }
  if (!ready_) return;  // the session's own talk
  events_.emplace_back(Data{std::move(response)});
}

void Client::take_tagged(Response response, std::string_view text) {
  if (!sent_ || response.tag != sent_->tag) {
    events_.emplace_back(Garbled{std::string(text.substr(0, 1024)), {Fault::mismatch, 0, "tag"}});
    return;
  }
  const Outgoing done = std::move(*sent_);
  sent_.reset();
  ++effort_.round_trips;
  auto& result = std::get<ConditionData>(response.body);
  const bool fine = result.condition == Condition::ok;
  // Whoever does not know the password may say yes to anything: RFC 5802 section 5.
  const bool unproved = done.verb == "AUTHENTICATE" && fine && exchange_ && !exchange_->is_satisfied();
  if (done.verb == "AUTHENTICATE") exchange_.reset();
  if (unproved) return fail(FailureReason::server_unproved, result.text);
  idling_ = stop_idle_ = false;
  if (done.verb == "IDLE" && tracker_.state() == idle) tracker_.follow("DONE", name_of(result.condition));
  else tracker_.follow(done.verb, name_of(result.condition), result.code.name == "READ-ONLY");
  if (result.code.name == "CAPABILITY") learn(words_of(result.code));
  if (done.own) return take_own(done.verb, fine, result.text);
  if (done.verb == "LOGOUT" && fine) closing_ = true;
  if (done.verb == "COMPRESS" && fine) compression_wanted_ = true;
  events_.emplace_back(Completed{done.tag, done.verb, std::move(result)});
  say_next();
}

void Client::take_own(std::string_view verb, bool fine, const std::string& text) {
  if (verb == "CAPABILITY") return after_capabilities();
  if (fine) {
    tls_wanted_ = true;
    capabilities_.clear();
    return;
  }
  if (settings_.tls == TlsPolicy::required) return fail(FailureReason::starttls_refused, text);
  starttls_refused_ = true;
  after_capabilities();
}

}  // namespace glasspost::imap

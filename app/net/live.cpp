#include "app/net/live.h"

#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "app/net/live_session.h"
#include "app/net/resolve.h"
#include "protocol/base/text.h"
#include "protocol/endpoint.h"

namespace glasspost::app {
namespace {

using boost::asio::ip::tcp;

constexpr std::size_t read_at_once = 64 * 1024;
constexpr int reads_a_poll = 16;                  // a talkative server leaves us time for the person
constexpr std::uint64_t endless = 8 * 1024 * 1024;  // octets without an end of the line, or of an SMTP reply
constexpr std::string_view tls_record_types = "\x14\x15\x16\x17";  // RFC 8446 section 5.1

// The wall clock's time, told by a clock that nobody sets back.
class LiveClock {
 public:
  Instant now() const {
    return begin_ + std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - steady_begin_);
  }

 private:
  Instant begin_ = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  std::chrono::steady_clock::time_point steady_begin_ = std::chrono::steady_clock::now();
};

std::string day(Instant at) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(at));
  return fmt::format("{}-{:02}-{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

std::string first_line(std::string_view text) { return std::string(text.substr(0, std::min({text.find('\r'), text.find('\n'), std::size_t{200}}))); }

// "a1 UID FETCH 1" -> "a1 UID FETCH": what a sentence may repeat of a command that may carry a secret.
std::string name_of_command(Protocol protocol, std::string_view line) {
  std::string out;
  int words = protocol == Protocol::imap ? 2 : 1;
  const std::string first = first_line(line);  // the words are views of it
  for (const std::string_view word : split(first, ' ')) {
    if (words == 0) break;
    out += (out.empty() ? "" : " ") + std::string(word);
    if (!equal_ignoring_case(word, "UID")) --words;
  }
  return out;
}

bool ends_session(Protocol protocol, std::string_view command) {
  const auto words = split(command, ' ');
  if (protocol == Protocol::imap) return words.size() > 1 && equal_ignoring_case(words[1], "LOGOUT");
  return equal_ignoring_case(words[0], "QUIT");
}

// The certificate's verdict as the key of its sentence, and the names in it.
LiveFault verdict_fault(const TlsFacts& facts, const std::string& failure) {
  const auto with = [](std::string key, std::vector<std::pair<std::string, std::string>> names) {
    return LiveFault{LiveStep::tls, std::move(key), std::move(names)};
  };
  if (facts.chain.empty()) return with("tls", {{"reason", failure}});
  const CertificateFacts& shown = facts.chain.front();
  std::string names;
  for (const std::string& name : shown.names) names += (names.empty() ? "" : ", ") + name;
  if (names.empty()) names = shown.subject;
  switch (facts.verdict) {
    case Verdict::wrong_name: return with("tls_wrong_name", {{"names", names}});
    case Verdict::expired: return with("tls_expired", {{"names", names}, {"date", day(shown.not_after)}});
    case Verdict::not_yet_valid: return with("tls_not_yet_valid", {{"names", names}, {"date", day(shown.not_before)}});
    case Verdict::unknown_authority: return with("tls_unknown_authority", {{"names", names}, {"issuer", facts.chain.back().issuer}});
    case Verdict::self_signed: return with("tls_self_signed", {{"names", names}});
    case Verdict::other: return with("tls_other", {{"names", names}, {"reason", failure}});
    case Verdict::trusted:
    case Verdict::not_checked: break;
  }
  return with("tls", {{"reason", failure}});
}

}  // namespace

std::string_view name_of(LiveStep step) {
  switch (step) {
    case LiveStep::name: return "name";
    case LiveStep::connect: return "connect";
    case LiveStep::tls: return "tls";
    case LiveStep::greeting: return "greeting";
    case LiveStep::login: return "login";
    case LiveStep::command: return "command";
  }
  return {};
}

namespace {

std::string filled(std::string pattern, const LiveFault& fault) {
  for (const auto& [name, value] : fault.names) pattern = fill(pattern, {{name, value}});
  return pattern;
}

}  // namespace

std::string sentence(const LiveFault& fault, const Strings& strings) {
  const std::string step = filled(std::string(strings("connect.step." + std::string(name_of(fault.step)))), fault);
  // Why a certificate is not believed is said in the same words everywhere: app/words/verdict.h.
  std::string because;
  if (fault.key.starts_with("tls_"))
    if (const std::string key = "tls.because." + fault.key.substr(4); strings.has(key)) because = strings(key);
  return filled(fill(strings("connect.failed." + fault.key), {{"step", step}, {"because", because}}), fault);
}

std::string advice(const LiveFault& fault, const Strings& strings) {
  const std::string key = "connect.advice." + fault.key;
  return strings.has(key) ? filled(std::string(strings(key)), fault) : std::string();
}

StartTls usual_starttls(const LiveAddress& address) {
  return address.tls == TlsMode::plaintext && !address.user.empty() ? StartTls::require : StartTls::never;
}

class Live::Inner {
 public:
  Inner(LiveSettings wanted, Trace& written) : settings(std::move(wanted)), trace(written), lookup(settings.address.host) {
    begun = since = clock.now();
    steps = {LiveStep::name, LiveStep::connect};
    const bool starttls = settings.address.tls == TlsMode::plaintext && settings.starttls != StartTls::never;
    if (settings.address.tls == TlsMode::implicit) steps.push_back(LiveStep::tls);
    steps.push_back(LiveStep::greeting);
    if (starttls) steps.push_back(LiveStep::tls);
    if (!settings.address.user.empty()) steps.push_back(LiveStep::login);
    connection = trace.next_connection();
  }

  bool poll() {
    if (over) return false;
    const Instant now = clock.now();
    bool happened = false;
    note_progress(now);
    switch (stage) {
      case Stage::name: happened = poll_name(now); break;
      case Stage::connect: happened = poll_connect(now); break;
      case Stage::talk: happened = poll_talk(now); break;
    }
    if (!over && limit_reached(now)) {
      time_out();
      happened = true;
    }
    note_progress(clock.now());
    return happened;
  }

  // Steps that are behind us have their time.
  void note_progress(Instant now) {
    std::size_t at = done_at.size();
    if (fault) {
      while (at < steps.size() && steps[at] != fault->step) ++at;
      if (at == steps.size()) at = done_at.size();  // it failed at what is no step of the opening
    } else if (is_open()) {
      at = steps.size();
    } else {
      const LiveStep now_at = step() == LiveStep::command ? LiveStep::greeting : step();
      for (std::size_t i = at; i < steps.size(); ++i)
        if (steps[i] == now_at) at = i;
      // Between the greeting and what follows it there are words: EHLO, CAPABILITY.
      if (step() == LiveStep::command && at < steps.size() && steps[at] == LiveStep::greeting) ++at;
    }
    while (done_at.size() < at) done_at.push_back(now);
    if (fault && !failed_at) failed_at = now;
  }
  bool is_open() const { return !over && session && greeted && !session->opening() && !handshaking(); }

  // What is being done now, as a person understands it.
  LiveStep step() const {
    if (fault) return fault->step;
    if (stage == Stage::name) return LiveStep::name;
    if (stage == Stage::connect) return LiveStep::connect;
    if (handshaking()) return LiveStep::tls;
    if (!greeted) return LiveStep::greeting;
    if (session->opening() && session->opening()->step() != LiveStep::greeting) return session->opening()->step();
    return LiveStep::command;
  }
  bool handshaking() const {
    if (endpoint->tls_is_up()) return false;
    return settings.address.tls == TlsMode::implicit || conversation_protection() == Protection::handshake ||
           session->tls_wish() == TlsWish::start || upgrading;
  }
  Protection conversation_protection() const {
    const Conversation* conversation = conversations.find(connection);
    return conversation ? conversation->protection_at(Instant::max()) : Protection::none;
  }

  void fail(LiveFault why) {
    if (fault) return;
    fault = std::move(why);
    const auto& address = settings.address;
    fault->names.insert(fault->names.end(), {{"host", address.host},
                                             {"address", numeric},
                                             {"port", std::to_string(address.port)},
                                             {"user", address.user},
                                             {"protocol", std::string(glasspost::name_of(address.protocol))},
                                             {"command", last_command},
                                             {"duration", duration_text(settings.limit)}});
    finish();
  }

  // The end: what there is still to say (an alert, close_notify) is said if the socket takes it at once.
  void finish() {
    if (over) return;
    over = true;
    if (!endpoint) return;
    session->hang_up();
    out += endpoint->take_wire(clock.now());
    boost::system::error_code ignored;
    if (sent < out.size()) socket.write_some(boost::asio::buffer(out.data() + sent, out.size() - sent), ignored);
    socket.shutdown(tcp::socket::shutdown_both, ignored);
    socket.close(ignored);
    take_in();
  }

  enum class Stage : std::uint8_t { name, connect, talk };

  LiveSettings settings;
  Trace& trace;
  LiveClock clock;
  Instant begun{}, since{};  // `since`: when something was last heard, or the step began
  Duration connected_after{};
  Stage stage = Stage::name;
  Lookup lookup;
  std::vector<std::string> addresses;
  std::size_t next_address = 0;
  std::string numeric;
  boost::asio::io_context io{1};
  tcp::socket socket{io};
  std::optional<boost::system::error_code> connect_result;

  ConnectionId connection = 0;
  std::unique_ptr<LiveSession> session;
  std::unique_ptr<Endpoint> endpoint;  // after the session that it refers to: ends before it
  Conversations conversations;
  std::string out;
  std::size_t sent = 0;
  std::uint64_t reply_octets = 0;  // since the server's last message
  std::size_t looked_at = 0;  // messages of the conversation
  bool greeted = false, due = false, upgrading = false, first_octets = true, spoke_clear = false;
  bool said_goodbye = false, over = false;
  std::string last_command;
  std::optional<LiveFault> fault;
  std::vector<LiveStep> steps;     // of this connection, in their order
  std::vector<Instant> done_at;    // of those that are done
  std::optional<Instant> failed_at;

 private:
  bool poll_name(Instant now) {
    if (!lookup.done()) return false;
    auto found = lookup.take();
    if (!found || found->empty()) {
      fail({LiveStep::name, "name", {{"reason", found ? "-" : found.error()}}});
      return true;
    }
    addresses = std::move(*found);
    stage = Stage::connect;
    connect_next(now);
    return true;
  }

  void connect_next(Instant now) {
    boost::system::error_code problem;
    numeric = addresses[next_address++];
    const tcp::endpoint target(boost::asio::ip::make_address(numeric, problem), settings.address.port);
    since = now;
    connect_result.reset();
    socket.close(problem);
    socket.async_connect(target, [this](boost::system::error_code result) { connect_result = result; });
  }

  bool poll_connect(Instant now) {
    io.restart();
    io.poll();
    if (!connect_result) return false;
    if (*connect_result) {
      if (next_address < addresses.size()) connect_next(now);
      else fail({LiveStep::connect, "connect", {{"reason", connect_result->message()}}});
      return true;
    }
    begin(now);
    poll_talk(now);
    return true;
  }

  void begin(Instant now) {
    boost::system::error_code problem;
    socket.set_option(tcp::no_delay(true), problem);
    socket.non_blocking(true, problem);
    stage = Stage::talk;
    since = now;
    connected_after = now - begun;
    Opened opened;
    opened.protocol = settings.address.protocol;
    opened.tls = settings.address.tls == TlsMode::implicit ? TlsMode::implicit
                 : settings.starttls == StartTls::never    ? TlsMode::plaintext
                                                           : TlsMode::starttls;
    opened.server_is_ours = false;
    const tcp::endpoint here = socket.local_endpoint(problem);
    opened.client_port = here.port();
    opened.server_port = settings.address.port;
    opened.client_name = trace.keep(here.address().to_string());
    opened.server_name = trace.keep(settings.address.host);
    trace.append({now, no_record, connection, opened});
    session = std::make_unique<LiveSession>(
        settings.address.protocol, make_opening({settings.address, settings.starttls, std::exchange(settings.password, {}), settings.secret_follows, settings.token}, now),
        settings.hold_opening, now);
    Endpoint::Settings wanted;
    wanted.connection = connection;
    wanted.tls = opened.tls;
    wanted.context = settings.context;
    wanted.server_name = settings.address.host;
    wanted.peer_is_ours = false;
    wanted.require_trust = true;
    wanted.handshake_limit = 24h;  // ours is the limit
    endpoint = std::make_unique<Endpoint>(std::move(wanted), *session, trace, now);
  }

  bool poll_talk(Instant now) {
    bool happened = speak(now);
    for (int i = 0; i < reads_a_poll && !over; ++i) {
      if (!listen(now)) break;
      happened = true;
    }
    if (over) return true;
    happened |= speak(now);
    if (const auto deadline = endpoint->deadline(); deadline && now >= *deadline) {
      endpoint->on_deadline(now);
      happened = true;
    }
    if (conversations.seen() != trace.end()) {
      take_in();
      happened = true;
    }
    judge();
    return happened;
  }

  bool speak(Instant now) {
    const bool wished = session->tls_wish() == TlsWish::start;
    std::string more = endpoint->take_wire(now);
    if (wished && !endpoint->tls_is_up()) upgrading = true;
    if (endpoint->tls_is_up()) upgrading = false;
    if (!more.empty()) since = now;
    out += more;
    bool wrote = false;
    while (sent < out.size()) {
      boost::system::error_code problem;
      const std::size_t octets = socket.write_some(boost::asio::buffer(out.data() + sent, out.size() - sent), problem);
      sent += octets;
      wrote |= octets > 0;
      if (problem) break;  // it would block; a broken connection is found out about by reading
    }
    if (sent == out.size()) {
      out.clear();
      sent = 0;
    }
    return wrote;
  }

  // True: octets came, or the end.
  bool listen(Instant now) {
    char buffer[read_at_once];
    boost::system::error_code problem;
    const std::size_t octets = socket.read_some(boost::asio::buffer(buffer), problem);
    if (problem == boost::asio::error::would_block || problem == boost::asio::error::try_again) return false;
    if (octets > 0) {
      const std::string_view heard(buffer, octets);
      since = now;
      if (first_octets && settings.address.tls == TlsMode::implicit) spoke_clear = tls_record_types.find(heard[0]) == heard.npos;
      first_octets = false;
      if (upgrading && !endpoint->tls_is_up() && tls_record_types.find(heard[0]) == heard.npos) spoke_clear = true;
      endpoint->receive_wire(heard, now);
      reply_octets += octets;
      if (upgrading && endpoint->tls_is_up()) upgrading = false;
      take_in();
      judge();
      return true;
    }
    endpoint->receive_eof(now);
    take_in();
    judge();
    if (!over) closed_by_server();
    return true;
  }

  void closed_by_server() {
    if (said_goodbye) return finish();
    fail({step(), "closed"});
  }

  // Failures that the endpoint and the opening have found.
  void judge() {
    if (over) return;
    if (endpoint->failed()) {
      if (spoke_clear) return fail({LiveStep::tls, "tls_not_tls"});
      if (const TlsFacts* facts = endpoint->tls_facts()) return fail(verdict_fault(*facts, endpoint->failure()));
      return fail({LiveStep::tls, "tls", {{"reason", endpoint->failure()}}});
    }
    const bool mail = settings.address.protocol == Protocol::smtp || settings.address.protocol == Protocol::lmtp;
    if (session->line_octets() > endless || (mail && reply_octets > endless)) return fail({step(), "endless"});
    if (session->injected()) return fail({LiveStep::tls, "tls_injected"});
    if (const Opening* opening = session->opening(); opening && opening->fault()) return fail(*opening->fault());
  }

  // What was said since the last time.
  void take_in() {
    conversations.observe(trace);
    const Conversation* conversation = conversations.find(connection);
    if (!conversation) return;
    for (; looked_at < conversation->size(); ++looked_at) {
      const Message& message = conversation->message(MessageId(looked_at));
      if (message.protocol == Protocol::tls) continue;
      if (message.from == Side::client) heard_client(*conversation, message);
      else heard_server(*conversation, message);
    }
  }

  void heard_client(const Conversation& conversation, const Message& message) {
    if (message.kind == MessageKind::stray) return;
    due = true;
    if (message.kind == MessageKind::command) last_command = name_of_command(settings.address.protocol, conversation.text(message));
  }

  void heard_server(const Conversation& conversation, const Message& message) {
    reply_octets = 0;
    const Error* problem = conversation.problem(message);
    if (problem && problem->fault == Fault::injected) return fail({LiveStep::tls, "tls_injected"});
    if (!greeted) {
      greeted = true;
      if (!session->opening()) judge_greeting(conversation.text(message));
    }
    // "* BAD" answers a line that had no tag to answer with; after "* BYE" nothing needs to come.
    const std::string_view headline = conversation.headline(message);
    const bool last_word = headline.ends_with("untagged/BAD") || headline.ends_with("untagged/BYE");
    if (last_word || (message.kind != MessageKind::untagged && message.kind != MessageKind::stray)) due = false;
    if (message.completes && ends_session(settings.address.protocol, last_command)) said_goodbye = true;
  }

  void judge_greeting(std::string_view text) {
    const auto begins = [&](std::string_view with) { return starts_with_ignoring_case(text, with); };
    bool welcome = false, refused = false;
    switch (settings.address.protocol) {
      case Protocol::smtp:
      case Protocol::lmtp:
        welcome = begins("220");
        refused = begins("4") || begins("5");
        break;
      case Protocol::imap:
        welcome = begins("* OK") || begins("* PREAUTH");
        refused = begins("* BYE");
        break;
      case Protocol::pop3:
        welcome = begins("+OK");
        refused = begins("-ERR");
        break;
      case Protocol::dns:
      case Protocol::tls: break;
    }
    if (!welcome) fail({LiveStep::greeting, refused ? "greeting_refused" : "greeting", {{"reply", first_line(text)}}});
  }

 public:
  // Is the server to do something now, so that we wait for it with a limit?
  bool waiting() const {
    if (stage != Stage::talk) return true;
    if (session && (!session->held().empty() || session->wants_secret())) return false;  // it waits for the person
    return handshaking() || !greeted || due;
  }

 private:
  bool limit_reached(Instant now) const { return waiting() && now - since >= settings.limit; }

  void time_out() {
    switch (step()) {
      case LiveStep::name: return fail({LiveStep::name, "name_timeout"});
      case LiveStep::connect: return connect_timed_out();
      case LiveStep::tls: return fail({LiveStep::tls, "tls_timeout"});
      case LiveStep::greeting: return fail({LiveStep::greeting, "greeting_timeout"});
      case LiveStep::login: return fail({LiveStep::login, "command_timeout"});
      case LiveStep::command: return fail({LiveStep::command, "command_timeout"});
    }
  }
  void connect_timed_out() {
    if (next_address < addresses.size()) return connect_next(clock.now());
    fail({LiveStep::connect, "connect_timeout"});
  }
};

Live::Live(LiveSettings settings, Trace& trace) : inner_(std::make_unique<Inner>(std::move(settings), trace)) {}
Live::~Live() { inner_->finish(); }

const LiveSettings& Live::settings() const { return inner_->settings; }
std::string_view Live::numeric_address() const { return inner_->numeric; }
Duration Live::connected_after() const { return inner_->connected_after; }
ConnectionId Live::connection() const { return inner_->connection; }
LiveStep Live::step() const { return inner_->step(); }
bool Live::connected() const { return inner_->endpoint != nullptr; }
bool Live::is_over() const { return inner_->over; }
const std::optional<LiveFault>& Live::fault() const { return inner_->fault; }
bool Live::read_only() const { return inner_->settings.read_only; }
void Live::allow_changes(bool allow) { inner_->settings.read_only = !allow; }
const Conversations& Live::conversations() const { return inner_->conversations; }
const Conversation* Live::conversation() const { return inner_->conversations.find(inner_->connection); }
const TlsFacts* Live::tls_facts() const { return inner_->endpoint ? inner_->endpoint->tls_facts() : nullptr; }
bool Live::reply_due() const { return inner_->due; }

bool Live::is_open() const { return inner_->is_open(); }

bool Live::wants_secret() const { return !inner_->over && inner_->session && inner_->session->wants_secret(); }
void Live::give_secret(std::string secret) {
  if (!wants_secret()) return;
  inner_->session->give_secret(std::move(secret));
  inner_->since = inner_->clock.now();
  inner_->poll();
}
void Live::refuse_secret(std::string reason) {
  inner_->fail({LiveStep::login, "password", {{"reason", std::move(reason)}}});
  inner_->note_progress(inner_->clock.now());
}

const std::vector<std::string>& Live::addresses() const { return inner_->addresses; }
std::vector<LiveProgress> Live::progress() const {
  const Inner& inner = *inner_;
  std::vector<LiveProgress> all;
  Instant before = inner.begun;
  for (std::size_t i = 0; i < inner.steps.size(); ++i) {
    LiveProgress one{inner.steps[i]};
    if (i < inner.done_at.size()) {
      one.state = LiveProgress::State::done;
      one.took = inner.done_at[i] - before;
      before = inner.done_at[i];
    } else if (i == inner.done_at.size()) {
      one.state = inner.fault ? LiveProgress::State::failed : inner.over ? LiveProgress::State::to_come : LiveProgress::State::doing;
      if (inner.failed_at) one.took = *inner.failed_at - before;
    }
    all.push_back(one);
  }
  return all;
}

sim::Awaits Live::awaits() const { return inner_->session && !inner_->over ? inner_->session->typed().awaits() : sim::Awaits::nothing; }

bool Live::is_secret(std::string_view line) const {
  const sim::Awaits now = awaits();
  if (now == sim::Awaits::line) return carries_secret(inner_->settings.address.protocol, line);
  return now == sim::Awaits::continuation || now == sim::Awaits::literal;
}

std::optional<Held> Live::type(std::string_view line) {
  Inner& inner = *inner_;
  if (!is_open()) return std::nullopt;
  if (inner.settings.read_only && awaits() == sim::Awaits::line)
    if (auto held = held_back(inner.settings.address.protocol, line, conversation()->state_at(Instant::max()))) return held;
  inner.session->type(std::string(line) + "\r\n");
  // The server says "+" before the octets of a literal that has no "+" of its own (RFC 7888).
  if (awaits() == sim::Awaits::literal && line.ends_with('}') && !line.ends_with("+}")) inner.due = true;
  inner.poll();
  return std::nullopt;
}

Conversation Live::preview(std::string_view octets) const {
  const Conversation& now = *conversation();
  Conversation next(now.id(), inner_->trace, now.opened(), now.opened_at());
  for (RecordId id = inner_->trace.first(); id < inner_->trace.end(); ++id) next.observe(inner_->trace, id);
  Trace scratch;
  const Layer layer = inner_->endpoint->tls_is_up() ? Layer::inside : Layer::clear;
  const RecordId said = scratch.append({inner_->clock.now(), no_record, now.id(), Sent{Side::client, layer, scratch.keep(octets)}});
  next.observe(scratch, said);
  return next;
}

std::string_view Live::held() const { return inner_->session ? std::string_view(inner_->session->held()) : std::string_view(); }
void Live::release() {
  inner_->session->release();
  inner_->poll();
}
void Live::give_up_opening() { inner_->session->give_up_opening(); }
void Live::hang_up() { inner_->finish(); }
bool Live::poll() { return inner_->poll(); }

bool Live::wait(int other, std::optional<Duration> at_most) {
  Inner& inner = *inner_;
  if (inner.over) return false;
  pollfd watched[2] = {{other, POLLIN, 0}, {-1, 0, 0}};
  switch (inner.stage) {
    case Inner::Stage::name: watched[1] = {inner.lookup.descriptor(), POLLIN, 0}; break;
    case Inner::Stage::connect:
      inner.io.restart();
      inner.io.poll();
      if (inner.connect_result) return false;  // it failed at once: no socket is left to wait for
      watched[1] = {inner.socket.native_handle(), POLLOUT, 0};
      break;
    case Inner::Stage::talk:
      watched[1] = {inner.socket.native_handle(), short(inner.sent < inner.out.size() ? POLLIN | POLLOUT : POLLIN), 0};
      break;
  }
  std::optional<Duration> patience = at_most;
  if (inner.waiting()) {
    const Duration left = inner.since + inner.settings.limit - inner.clock.now();
    patience = std::min(patience.value_or(left), left);
  }
  timespec time{};
  if (patience) {
    const std::int64_t microseconds = std::max<std::int64_t>(patience->count(), 0) + 1;
    time = {time_t(microseconds / 1'000'000), long(microseconds % 1'000'000 * 1000)};
  }
  sigset_t no_signals;
  ::sigemptyset(&no_signals);
  if (::ppoll(watched, 2, patience ? &time : nullptr, &no_signals) <= 0) return false;
  return (watched[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0;
}

}  // namespace glasspost::app

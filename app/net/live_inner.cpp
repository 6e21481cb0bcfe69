// A live line's steps: the name, the connection, then what is said and heard, and what is made of it.
#include "app/net/live_inner.h"

#include <boost/asio/connect.hpp>

#include <algorithm>

#include "protocol/base/text.h"

namespace glasspost::app {
namespace {

using boost::asio::ip::tcp;

constexpr std::size_t read_at_once = 64 * 1024;
constexpr int reads_a_poll = 16;                  // a talkative server leaves us time for the person
constexpr std::uint64_t endless = 8 * 1024 * 1024;  // octets without an end of the line, or of an SMTP reply
constexpr std::string_view tls_record_types = "\x14\x15\x16\x17";  // RFC 8446 section 5.1

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

}  // namespace

Live::Inner::Inner(LiveSettings wanted, Trace& written) : settings(std::move(wanted)), trace(written), lookup(settings.address.host, settings.dns_server) {
  begun = since = clock.now();
  steps = {LiveStep::name, LiveStep::connect};
  const bool starttls = settings.address.tls == TlsMode::plaintext && settings.starttls != StartTls::never;
  if (settings.address.tls == TlsMode::implicit) steps.push_back(LiveStep::tls);
  steps.push_back(LiveStep::greeting);
  if (starttls) steps.push_back(LiveStep::tls);
  if (!settings.address.user.empty()) steps.push_back(LiveStep::login);
  connection = trace.next_connection();
}

bool Live::Inner::poll() {
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

void Live::Inner::note_progress(Instant now) {
  const bool persons_turn = waits_for_person();
  if (!persons_turn && persons_since_) persons_ += now - *std::exchange(persons_since_, std::nullopt);
  if (persons_turn && !persons_since_) persons_since_ = now;
  const Instant worked = persons_since_.value_or(now) - persons_;
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
  while (done_at.size() < at) done_at.push_back(worked);
  if (fault && !failed_at) failed_at = worked;
}

LiveStep Live::Inner::step() const {
  if (fault) return fault->step;
  if (stage == Stage::name) return LiveStep::name;
  if (stage == Stage::connect) return LiveStep::connect;
  if (handshaking()) return LiveStep::tls;
  if (!greeted) return LiveStep::greeting;
  if (session->opening() && session->opening()->step() != LiveStep::greeting) return session->opening()->step();
  return LiveStep::command;
}

bool Live::Inner::handshaking() const {
  if (endpoint->tls_is_up()) return false;
  return settings.address.tls == TlsMode::implicit || conversation_protection() == Protection::handshake ||
         session->tls_wish() == TlsWish::start || upgrading;
}

Protection Live::Inner::conversation_protection() const {
  const Conversation* conversation = conversations.find(connection);
  return conversation ? conversation->protection_at(Instant::max()) : Protection::none;
}

void Live::Inner::fail(LiveFault why) {
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

void Live::Inner::finish() {
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

bool Live::Inner::poll_name(Instant now) {
  if (!lookup.poll()) return false;
  const auto& found = lookup.answer();
  if (!found || found->empty()) {
    fail({LiveStep::name, "name", {{"reason", found ? "-" : found.error()}}});
    return true;
  }
  addresses = *found;
  stage = Stage::connect;
  connect_next(now);
  return true;
}

void Live::Inner::connect_next(Instant now) {
  boost::system::error_code problem;
  numeric = addresses[next_address++];
  const tcp::endpoint target(boost::asio::ip::make_address(numeric, problem), settings.address.port);
  since = now;
  connect_result.reset();
  socket.close(problem);
  socket.async_connect(target, [this](boost::system::error_code result) { connect_result = result; });
}

bool Live::Inner::poll_connect(Instant now) {
  io.restart();
  io.poll();
  if (!connect_result) return false;
  if (*connect_result) {
    if (next_address < addresses.size()) connect_next(now);
    else fail({LiveStep::connect, "connect", {{"reason", connect_result->message()}}});
    return true;
  }
  begin(now);
  note_progress(clock.now());  // a greeting that is there already has come after this
  poll_talk(now);
  return true;
}

void Live::Inner::begin(Instant now) {
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
      settings.address.protocol, make_opening({settings.address, settings.starttls, std::exchange(settings.password, {}), settings.secret_follows, settings.token, settings.mechanism}, now),
      settings.hold_opening, settings.accepted_certificate, now);
  Endpoint::Settings wanted;
  wanted.connection = connection;
  wanted.tls = opened.tls;
  wanted.context = settings.context;
  wanted.server_name = settings.address.host;
  wanted.peer_is_ours = false;
  wanted.require_trust = settings.accepted_certificate.empty();  // else the session looks at it, before a word is said
  wanted.handshake_limit = 24h;  // ours is the limit
  endpoint = std::make_unique<Endpoint>(std::move(wanted), *session, trace, now);
}

bool Live::Inner::poll_talk(Instant now) {
  bool happened = speak(now);
  for (int i = 0; i < reads_a_poll && !over; ++i) {
    if (!listen(now)) break;
    note_progress(clock.now());
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

bool Live::Inner::speak(Instant now) {
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

bool Live::Inner::listen(Instant now) {
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
  take_in();  // the command that went out just now
  const bool asked = due;  // before what is left of a reply is taken for one
  endpoint->receive_eof(now);
  take_in();
  judge();
  if (!over) closed_by_server(asked);
  return true;
}

void Live::Inner::closed_by_server(bool asked) {
  if (said_goodbye) return finish();
  if (is_open() && !goodbye.empty()) return fail({LiveStep::command, "closed_saying", {{"reply", goodbye}}});
  if (is_open() && !asked) return fail({LiveStep::command, "closed_idle"});
  fail({step(), "closed"});
}

void Live::Inner::judge() {
  if (over) return;
  if (endpoint->failed()) {
    if (spoke_clear) return fail({LiveStep::tls, "tls_not_tls"});
    if (const TlsFacts* facts = endpoint->tls_facts()) return fail(verdict_fault(*facts, endpoint->failure()));
    return fail({LiveStep::tls, "tls", {{"reason", endpoint->failure()}}});
  }
  const bool mail = settings.address.protocol == Protocol::smtp || settings.address.protocol == Protocol::lmtp;
  if (session->line_octets() > endless || (mail && reply_octets > endless)) return fail({step(), "endless"});
  if (session->distrusts()) {
    const TlsFacts& facts = *endpoint->tls_facts();
    LiveFault why = verdict_fault(facts, glasspost::sentence(facts));
    why.key = "tls_another";
    return fail(std::move(why));
  }
  if (session->injected()) return fail({LiveStep::tls, "tls_injected"});
  if (const Opening* opening = session->opening(); opening && opening->fault()) return fail(*opening->fault());
}

void Live::Inner::take_in() {
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

void Live::Inner::heard_client(const Conversation& conversation, const Message& message) {
  if (message.kind == MessageKind::stray) return;
  due = true;
  if (message.kind == MessageKind::command) last_command = name_of_command(settings.address.protocol, conversation.text(message));
}

void Live::Inner::heard_server(const Conversation& conversation, const Message& message) {
  reply_octets = 0;
  const Error* problem = conversation.problem(message);
  if (problem && problem->fault == Fault::injected) return fail({LiveStep::tls, "tls_injected"});
  if (!greeted) {
    greeted = true;
    if (!session->opening()) judge_greeting(conversation.text(message));
  }
  // "* BAD" answers a line that had no tag to answer with; after "* BYE" nothing needs to come.
  const std::string_view said = conversation.text(message), headline = conversation.headline(message);
  if (said.starts_with("421") || said.starts_with("* BYE")) goodbye = first_line(said);
  const bool last_word = headline.ends_with("untagged/BAD") || headline.ends_with("untagged/BYE");
  if (last_word || (message.kind != MessageKind::untagged && message.kind != MessageKind::stray)) due = false;
  if (message.completes && ends_session(settings.address.protocol, last_command)) said_goodbye = true;
}

void Live::Inner::judge_greeting(std::string_view text) {
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

bool Live::Inner::waiting() const {
  if (stage != Stage::talk) return true;
  if (waits_for_person()) return false;
  return handshaking() || !greeted || due;
}

void Live::Inner::time_out() {
  switch (step()) {
    case LiveStep::name: return fail({LiveStep::name, "name_timeout"});
    case LiveStep::connect: return connect_timed_out();
    case LiveStep::tls: return fail({LiveStep::tls, "tls_timeout"});
    case LiveStep::greeting: return fail({LiveStep::greeting, "greeting_timeout"});
    case LiveStep::login: return fail({LiveStep::login, "command_timeout"});
    case LiveStep::command: return fail({LiveStep::command, "command_timeout"});
  }
}

void Live::Inner::connect_timed_out() {
  if (next_address < addresses.size()) return connect_next(clock.now());
  fail({LiveStep::connect, "connect_timeout"});
}

}  // namespace glasspost::app

#include "sim/comparison/secrecy.h"

#include <algorithm>
#include <map>

#include "protocol/base/text.h"
#include "protocol/conversation.h"

namespace glasspost::sim::comparison {
namespace {

constexpr std::size_t letter = 0;  // Timetable

std::string plain_response(std::string_view user, std::string_view password) {
  std::string all(1, '\0');
  all += user;
  all += '\0';
  all += password;
  return base64_encode(all);
}

std::string_view fetching_verb(Protocol protocol) {
  switch (protocol) {
    case Protocol::pop3: return "RETR 1";
    case Protocol::imap: return "FETCH";
    case Protocol::smtp: return "MAIL FROM";
    case Protocol::lmtp:
    case Protocol::dns:
    case Protocol::tls: break;
  }
  return {};
}

}  // namespace

SecrecyRun::SecrecyRun(Protocol protocol, TlsMode mode, std::uint64_t seed)
    : setting_{protocol, mode, seed, 0}, scenario_(scenario_for(setting_)), world_(scenario_, seed, trace_) {
  result_.mode = mode;
}

bool SecrecyRun::work() {
  if (finished_) return false;
  if (!begun_) {
    begun_ = true;
    if (setting_.protocol == Protocol::smtp) {
      world_.perform(LetDevice{submission(setting_)});
    } else {
      (void)world_.store(server_host)->deliver(bob, make_content(cast_letter(letter, world_.now())), {.now = world_.now()});
      const auto kind = setting_.protocol == Protocol::pop3 ? sim::ActKind::collect : sim::ActKind::check;
      world_.perform(LetDevice{device_act(setting_, kind, Place::laptop)});
    }
    return true;
  }
  world_.run_until(world_.now() + 100ms);
  if (!world_.at_rest()) return true;
  evaluate();
  finished_ = true;
  return false;
}

void SecrecyRun::evaluate() {
  for (RecordId id = trace_.first(); id < trace_.end(); ++id)
    if (const auto* opened = std::get_if<Opened>(&trace_[id].what); opened && opened->protocol == setting_.protocol) {
      connection_ = trace_[id].connection;
      break;
    }
  find_commands();
  find_road();
  for (const Secret secret : all_secrets) result_.leaks.push_back(find(secret));
}

// Goes through the connection once. TLS is up with the record that says so; a command on the way there (CAPA, EHLO, STARTTLS)
// is not what the person came for.
void SecrecyRun::find_commands() {
  const bool wants_tls = setting_.tls != TlsMode::plaintext;
  const std::string user = setting_.protocol == Protocol::smtp ? "alice" : std::string(bob);
  const std::string password = setting_.protocol == Protocol::smtp ? "s3cret" : std::string(bobs_password);
  const std::string plain = plain_response(user, password);
  bool waits = true, up = !wants_tls;
  std::uint64_t trips = 1;
  Instant opened{};
  for (RecordId id = trace_.first(); id < trace_.end(); ++id) {
    const Record& record = trace_[id];
    if (record.connection != connection_) continue;
    if (std::holds_alternative<Opened>(record.what)) opened = record.at;
    if (std::holds_alternative<TlsUp>(record.what)) up = true;
    if (const auto* tls = std::get_if<TlsRecord>(&record.what); tls && tls->content_type != 23)
      result_.handshake_octets += tls->wire_octets;
    if (const auto* sent = std::get_if<Sent>(&record.what)) {
      result_.to_end = record.at - opened;
      const bool on_wire = sent->layer != Layer::inside;
      if (on_wire) result_.octets += sent->bytes.size;
      if (sent->from == Side::client && on_wire) waits = true;
      const bool said = sent->from == Side::client && (sent->layer == Layer::inside || (sent->layer == Layer::clear && !wants_tls));
      if (!said || !up) continue;
      const std::string_view words = trace_.bytes(sent->bytes);
      if (result_.command == no_record)
        result_.command = id, result_.trips_to_command = trips, result_.to_command = record.at - opened;
      const bool digest = words.starts_with("APOP ") || words.find("CRAM-MD5") != words.npos;
      if (result_.login == no_record && (digest || words.find(password) != words.npos || words.find(plain) != words.npos)) {
        result_.login = id, result_.trips_to_login = trips, result_.to_login = record.at - opened;
        result_.digest = digest;
      }
    } else if (const auto* came = std::get_if<Arrived>(&record.what)) {
      if (came->layer == Layer::inside || came->from == Side::client || !waits) continue;
      waits = false;
      ++trips;
    }
  }
  result_.trips = trips;
}

void SecrecyRun::find_road() {
  result_.road.push_back({"TCP", false, false});
  Conversations said;
  said.observe(trace_);
  const Conversation* conversation = said.find(connection_);
  if (!conversation) return;
  bool shaken = false;
  for (MessageId id = 0; id < conversation->size(); ++id) {
    const Message& message = conversation->message(id);
    if (message.record >= result_.command) break;
    const std::string_view text = conversation->text(message);
    if (message.kind == MessageKind::handshake) {
      if (!shaken && message.from == Side::client) result_.road.push_back({"TLS", true, false});
      shaken = true;
    } else if (message.kind == MessageKind::greeting) {
      const std::size_t first = text.find(' ');
      result_.road.push_back({std::string(text.substr(0, text.starts_with('*') ? text.find(' ', first + 1) : first)), message.sealed, !message.sealed});
    } else if (message.from == Side::client && message.kind == MessageKind::command) {
      for (const Token& token : conversation->tokens(message))
        if (token.role == Role::imap_verb || token.role == Role::pop3_verb || token.role == Role::smtp_verb)
          result_.road.push_back({std::string(token.span.of(text)), message.sealed, !message.sealed});
    }
  }
}

Leak SecrecyRun::find(Secret secret) const {
  const bool smtp = setting_.protocol == Protocol::smtp;
  const std::string password = smtp ? "s3cret" : std::string(bobs_password);
  const std::string user = smtp ? "alice" : std::string(bob);
  switch (secret) {
    case Secret::server: return find_words(secret, {server_name});
    case Secret::software: return find_words(secret, {smtp ? "220 " : setting_.protocol == Protocol::pop3 ? "+OK " : "* OK "});
    case Secret::user: return find_words(secret, {user, plain_response(user, password)});
    case Secret::password: {
      Leak leak = find_words(secret, {password, plain_response(user, password)});
      leak.seen.clear();
      return leak;
    }
    case Secret::commands: return find_words(secret, {fetching_verb(setting_.protocol)});
    case Secret::subject: return find_words(secret, {cast[letter].subject});
    case Secret::body: return find_words(secret, {telling_line});
    case Secret::size: {
      Leak leak{secret, true, no_record, std::to_string(result_.octets)};
      for (RecordId id = trace_.first(); id < trace_.end(); ++id)
        if (trace_[id].connection == connection_ && std::holds_alternative<Sent>(trace_[id].what)) leak.record = id;
      return leak;
    }
  }
  return {secret, false, no_record, {}};
}

// Words may be cut in two by what was sent when: each direction is looked through as one stream.
Leak SecrecyRun::find_words(Secret secret, std::initializer_list<std::string_view> any_of) const {
  Leak first{secret, false, no_record, {}};
  for (const Side side : {Side::client, Side::server}) {
    std::string stream;
    std::map<std::size_t, RecordId> begins;
    for (RecordId id = trace_.first(); id < trace_.end(); ++id) {
      if (trace_[id].connection != connection_) continue;
      const auto* sent = std::get_if<Sent>(&trace_[id].what);
      if (!sent || sent->from != side || sent->layer == Layer::inside) continue;
      begins.emplace(stream.size(), id);
      stream += trace_.bytes(sent->bytes);
    }
    for (const std::string_view words : any_of) {
      const std::size_t at = stream.find(words);
      if (at == std::string::npos) continue;
      const RecordId record = std::prev(begins.upper_bound(at))->second;
      if (first.leaks && record >= first.record) continue;
      const std::size_t end = std::min({stream.find_first_of("\r\n", at), at + 40, stream.size()});
      const bool readable = std::all_of(stream.begin() + std::ptrdiff_t(at), stream.begin() + std::ptrdiff_t(end),
                                        [](char c) { return c >= ' ' && c < 127; });
      first = {secret, true, record, readable ? stream.substr(at, end - at) : std::string(words)};
    }
  }
  return first;
}

}  // namespace glasspost::sim::comparison

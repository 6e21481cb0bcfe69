#include "app/export/story.h"

#include <fmt/core.h>

#include <algorithm>

#include "app/export/prose.h"
#include "app/words/verdict.h"
#include "protocol/base/text.h"
#include "protocol/dns/message.h"
#include "protocol/tls/facts.h"
#include "protocol/tls/names.h"

namespace glasspost {
namespace {

constexpr Duration slice = 50ms;       // of the world's time, between two words about progress
constexpr Duration longest = std::chrono::hours{24 * 7};

std::optional<EventKind> kind_of(const Trace& trace, const Record& record) {
  if (std::holds_alternative<Opened>(record.what)) return EventKind::opened;
  if (std::holds_alternative<TlsUp>(record.what)) return EventKind::tls_up;
  if (std::holds_alternative<TlsFailed>(record.what)) return EventKind::tls_failed;
  if (std::holds_alternative<Closed>(record.what)) return EventKind::closed;
  if (std::holds_alternative<StoreChanged>(record.what) || std::holds_alternative<Synced>(record.what)) return EventKind::store;
  if (std::holds_alternative<QueueChanged>(record.what)) return EventKind::queue;
  if (std::holds_alternative<FaultInjected>(record.what)) return EventKind::fault;
  if (std::holds_alternative<Tampered>(record.what)) return EventKind::fault;
  if (const auto* note = std::get_if<Note>(&record.what))
    return trace.bytes(note->text).starts_with("chapter:") ? std::optional(EventKind::chapter)
           : trace.bytes(note->text).starts_with("device:") || trace.bytes(note->text).starts_with("broken:")
               ? std::optional(EventKind::fault)
                                                            : std::nullopt;
  return std::nullopt;
}

}  // namespace

Story::Story(sim::Scenario scenario, std::uint64_t seed, std::optional<Duration> until, const Progress& progress, const Turns& turns)
    : scenario_(std::move(scenario)), seed_(seed), world_(std::make_unique<sim::World>(scenario_, seed, trace_)) {
  const std::optional<Instant> end = until ? std::optional(scenario_.start + *until) : std::nullopt;
  if (turns) world_->run_story(end ? *end - scenario_.start : longest);
  else run(end, progress);
  while (turns && (!end || world_->now() < *end)) {
    const std::optional<Turn> turn = turns(*world_, trace_);
    if (!turn) break;
    if (turn->wait > Duration{}) world_->run_until(std::min(world_->now() + turn->wait, end.value_or(Instant::max())));
    if (!turn->chapter.empty()) trace_.append({world_->now(), no_record, 0, Note{0, trace_.keep("chapter:" + turn->chapter)}});
    for (const sim::Deed& deed : turn->deeds) world_->perform(deed);
    if (!end || world_->now() < *end) world_->run_story(end ? *end - world_->now() : longest);
    if (progress) progress(world_->now() - scenario_.start);
  }
  conversations_.observe(trace_);
}

void Story::run(std::optional<Instant> end, const Progress& progress) {
  if (!end) return void(world_->run_story(longest));
  while (world_->now() < *end && !world_->at_rest()) {
    world_->run_until(std::min(*end, world_->now() + slice));
    if (progress) progress(world_->now() - scenario_.start);
  }
}

Duration Story::length() const {
  return trace_.size() == 0 ? Duration{} : trace_[trace_.end() - 1].at - scenario_.start;
}

std::vector<Event> events_of(const Story& story) {
  const Conversations& conversations = story.conversations();
  const Trace& trace = story.trace();
  std::vector<Event> events;
  std::size_t row = 0;
  const auto messages_until = [&](Instant at, RecordId record) {
    for (; row < conversations.rows(); ++row) {
      const MessageRef ref = conversations.row(row);
      const Message& message = conversations.message(ref);
      if (message.at > at || (message.at == at && message.record > record)) return;
      events.push_back({EventKind::message, message.at, message.record, ref});
    }
  };
  for (RecordId id = trace.first(); id < trace.end(); ++id) {
    const auto kind = kind_of(trace, trace[id]);
    if (!kind) continue;
    messages_until(trace[id].at, id);
    events.push_back({*kind, trace[id].at, id});
  }
  messages_until(Instant::max(), no_record);
  return events;
}

std::string label_of(const Story& story, const Speech& speech, HostId host) {
  if (host == 0 || host > story.scenario().hosts.size()) return "?";
  return story.scenario().host(host).label.in(speech.language());
}

std::string label_of(const Story& story, const Speech& speech, const Conversation& conversation, Side side) {
  const HostId host = side == Side::client ? conversation.opened().client : conversation.opened().server;
  return host == 0 ? std::string(conversation.name(side)) : label_of(story, speech, host);
}

std::string seconds_of(const Story& story, Instant at) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(at - story.scenario().start).count();
  return fmt::format("{}.{:03}", ms / 1000, ms % 1000);
}

std::string chapter_of(const Story& story, const Speech& speech, const Event& event) {
  const std::string_view key = story.trace().bytes(std::get<Note>(story.trace()[event.record].what).text).substr(8);
  const auto found = story.scenario().chapters.find(key);
  return found == story.scenario().chapters.end() ? std::string(key) : found->second.title.in(speech.language());
}

std::string headline_of(const Story& story, const Speech& speech, MessageRef ref) {
  const Conversation& conversation = *story.conversations().find(ref.connection);
  const Words* words = speech.catalogue.find(conversation.headline(conversation.message(ref.message)));
  if (!words) return {};
  return fill(words->what, {{"client", label_of(story, speech, conversation, Side::client)},
                            {"server", label_of(story, speech, conversation, Side::server)}});
}

namespace {

struct Sentences {
  const Story& story;
  const Speech& speech;
  const Record& record;

  std::string text(Bytes bytes) const { return printable(story.trace().bytes(bytes)); }
  const Conversation& conversation() const { return *story.conversations().find(record.connection); }
  std::string party(Side side) const { return label_of(story, speech, conversation(), side); }

  std::string operator()(const Opened& opened) const {
    return speech.strings("play.opens", {{"client", party(Side::client)},
                                         {"server", party(Side::server)},
                                         {"port", std::to_string(opened.server_port)}});
  }
  std::string operator()(const TlsUp& up) const {
    const auto facts = decode_tls_facts(story.trace().bytes(up.facts));
    if (!facts) return {};
    std::string words = speech.strings("play.tls_up", {{"version", facts->version}, {"cipher", facts->cipher}});
    if (facts->resumed) words += "; " + std::string(speech.strings("tls.resumed"));
    if (const std::string why = verdict_sentence(*facts, speech.strings); !why.empty()) words += "; " + why;
    return words;
  }
  std::string operator()(const TlsFailed& failed) const {
    const auto facts = decode_tls_facts(story.trace().bytes(failed.facts));
    const std::string why = facts && failed.facts.size > 0 ? verdict_sentence(*facts, speech.strings) : std::string();
    return speech.strings("map.tls_failed", {{"reason", why.empty() ? text(failed.reason) : why}});
  }
  std::string operator()(const Closed& closed) const {
    if (closed.reset) return std::string(speech.strings("play.resets"));
    return speech.strings("play.closes", {{"who", party(closed.from)}});
  }
  std::string operator()(const StoreChanged& change) const {
    const std::string holder = label_of(story, speech, change.holder);
    const std::string mailbox = text(change.mailbox), user = text(change.user), uid = std::to_string(change.uid);
    const std::string subject = text(change.subject), flags = text(change.flags);
    const auto say = [&](std::string_view key) {
      return speech.strings(key, {{"holder", holder}, {"mailbox", mailbox}, {"user", user}, {"uid", uid},
                                  {"flags", flags}, {"subject", subject}});
    };
    const bool device = !story.scenario().host(change.holder).owner.empty();
    switch (change.change) {
      case StoreChange::added: return say(device ? "play.copy_added" : "play.store_added");
      case StoreChange::flags: return say(device ? "play.copy_flags" : "play.store_flags");
      case StoreChange::expunged: return say(device ? "play.copy_gone" : "play.store_expunged");
      case StoreChange::created: return say("play.mailbox_created");
      case StoreChange::deleted: return say("play.mailbox_deleted");
      case StoreChange::renamed: return say("play.mailbox_renamed");
      case StoreChange::read_back:
      case StoreChange::cleared:
      case StoreChange::body: return {};
    }
    return {};
  }
  std::string operator()(const QueueChanged& change) const {
    const std::string host = label_of(story, speech, change.host), recipient = text(change.recipient);
    const std::string reply = text(change.reply);
    const auto say = [&](std::string_view key) {
      return speech.strings(key, {{"host", host}, {"recipient", recipient}, {"reply", reply}});
    };
    switch (change.change) {
      case QueueChange::accepted: return say("play.queue_accepted");
      case QueueChange::attempt: return {};
      case QueueChange::deferred: return say(reply.empty() ? "play.queue_deferred" : "play.queue_deferred_why");
      case QueueChange::delivered: return say("play.queue_delivered");
      case QueueChange::bounced: return say("play.queue_bounced");
      case QueueChange::expired: return say("play.queue_expired");
      case QueueChange::held: return say("play.queue_held");
      case QueueChange::released: return say("play.queue_released");
      case QueueChange::dropped: return say("play.queue_dropped");
    }
    return {};
  }
  std::string operator()(const FaultInjected& fault) const {
    const std::string delay = speech.strings.duration(fault.delay);
    switch (fault.kind) {
      case FaultKind::delay: return speech.strings("map.fault_delay", {{"duration", delay}});
      case FaultKind::stall: return std::string(speech.strings("map.fault_stall"));
      case FaultKind::reset: return std::string(speech.strings("map.fault_reset"));
      case FaultKind::truncate: return std::string(speech.strings("map.fault_truncate"));
      case FaultKind::refuse: return std::string(speech.strings("map.fault_refuse"));
      case FaultKind::strip: return std::string(speech.strings("map.fault_strip"));
    }
    return {};
  }
  std::string operator()(const Synced& synced) const {
    const std::string_view way = synced.way == SyncWay::plain ? speech.strings("mailboxes.way_plain") : name_of(synced.way);
    return speech.strings.count("play.synced", synced.round_trips,
                                {{"device", label_of(story, speech, synced.holder)}, {"way", way},
                                 {"octets", speech.strings.number(synced.said + synced.heard)}});
  }
  std::string operator()(const Tampered& changed) const {
    return speech.strings("play.tampered", {{"sender", party(changed.from)}, {"hearer", party(other(changed.from))}});
  }
  std::string operator()(const Note& note) const {
    if (const std::string what = text(note.text); what.starts_with("broken:"))
      return speech.strings("play.broken", {{"host", note.host == 0 ? party(Side::server) : label_of(story, speech, note.host)},
                                            {"what", speech.strings("broken." + what.substr(7))}});
    if (text(note.text) != "device:no_starttls") return {};
    return speech.strings("play.no_starttls", {{"device", label_of(story, speech, note.host)}});
  }
  template <class Other>
  std::string operator()(const Other&) const {
    return {};
  }
};

}  // namespace

std::string sentence_of(const Story& story, const Speech& speech, const Event& event) {
  if (event.kind == EventKind::message) return headline_of(story, speech, event.message);
  const Record& record = story.trace()[event.record];
  return std::visit(Sentences{story, speech, record}, record.what);
}

std::string shown_token(const Conversation& conversation, const Message& message, const Token& token) {
  const std::string_view text = conversation.text(message);
  if (is_secret(token.role)) return std::string(mask);
  if (message.protocol == Protocol::dns) return printable(dns::text_of(text, token));
  if (message.protocol != Protocol::tls) return printable(token.span.of(text));
  if (const auto name = tls_token_name(token.role, token.span.of(text)); !name.empty()) return std::string(name);
  const std::string_view octets = token.span.of(text);
  if (token.role == Role::tls_server_name) return printable(octets);
  return octets.size() > 16 ? hex(octets.substr(0, 16)) + "…" : hex(octets);
}

std::vector<std::string> shown_lines(const Conversation& conversation, const Message& message) {
  const std::string_view headline = conversation.headline(message);
  std::vector<std::string> lines;
  if (message.protocol == Protocol::tls) {
    lines.emplace_back(headline.substr(headline.rfind('/') + 1));
  } else if (message.protocol == Protocol::dns) {
    for (const Token& token : conversation.tokens(message)) {
      if (token.role == Role::dns_name) lines.emplace_back();
      const bool told = token.role == Role::dns_name || token.role == Role::dns_type || token.role == Role::dns_preference ||
                        token.role == Role::dns_exchange || token.role == Role::dns_address || token.role == Role::dns_data;
      if (!told || lines.empty()) continue;
      lines.back() += (lines.back().empty() ? "" : " ") + shown_token(conversation, message, token);
    }
  } else {
    std::string text = redact(conversation.text(message), conversation.tokens(message));
    if (text.ends_with("\r\n")) text.resize(text.size() - 2);
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find("\r\n", at), text.size());
      lines.push_back(printable(std::string_view(text).substr(at, end - at), true));
      at = end + 2;
    }
  }
  return lines;
}

}  // namespace glasspost

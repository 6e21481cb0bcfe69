#include "app/export/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/export/masked.h"
#include "app/export/names.h"
#include "app/export/prose.h"
#include "protocol/base/text.h"
#include "protocol/tls/facts.h"

namespace glasspost {
namespace {

using Json = nlohmann::ordered_json;

class Writer {
 public:
  explicit Writer(const Story& story) : story_(story), trace_(story.trace()) {}

  std::string write() {
    const sim::Scenario& scenario = story_.scenario();
    std::string out = "{\"format\":\"glasspost-story\",\"version\":1,\"scenario\":" + Json(scenario.name).dump() +
                      ",\"seed\":" + std::to_string(story_.seed()) +
                      ",\"start_us\":" + std::to_string(scenario.start.time_since_epoch().count()) +
                      ",\"length_us\":" + std::to_string(story_.length().count());
    array(out, "hosts", hosts());
    array(out, "connections", connections());
    array(out, "messages", messages());
    array(out, "exchanges", exchanges());
    array(out, "events", events());
    return out + "}\n";
  }

 private:
  // One element a line, so that two stories can be compared line by line.
  static void array(std::string& out, std::string_view name, const std::vector<Json>& elements) {
    out += ",\n\"" + std::string(name) + "\":[";
    for (std::size_t i = 0; i < elements.size(); ++i) out += (i == 0 ? "\n" : ",\n") + elements[i].dump();
    out += "]";
  }

  static Json known(std::uint32_t number) { return number == 0 ? Json() : Json(number); }  // 0: its holder does not know it
  std::int64_t since_start(Instant at) const { return (at - story_.scenario().start).count(); }
  Json moment(Instant at) const { return at == Instant::max() ? Json() : Json(since_start(at)); }
  std::string text(Bytes bytes) const { return utf8(trace_.bytes(bytes)); }
  static std::string utf8(std::string_view octets) { return is_utf8(octets) ? std::string(octets) : printable(octets, true); }

  std::vector<Json> hosts() const {
    std::vector<Json> out;
    for (std::size_t i = 0; i < story_.scenario().hosts.size(); ++i) {
      const sim::HostDescription& host = story_.scenario().hosts[i];
      out.push_back({{"id", i + 1}, {"name", host.name}, {"address", host.address},
                     {"label", {{"en", host.label.english}, {"es", host.label.spanish}}}});
    }
    return out;
  }

  std::vector<Json> connections() const {
    std::vector<Json> out;
    for (std::size_t i = 0; i < story_.conversations().connections(); ++i) {
      const Conversation& conversation = story_.conversations().at(i);
      const Opened& opened = conversation.opened();
      Json one{{"id", conversation.id()}, {"protocol", lower_name_of(opened.protocol)}, {"tls_mode", json_name(opened.tls)}};
      one["client"] = {{"host", opened.client}, {"name", conversation.name(Side::client)}, {"port", opened.client_port}};
      one["server"] = {{"host", opened.server}, {"name", conversation.name(Side::server)}, {"port", opened.server_port}};
      one["opened_us"] = moment(conversation.opened_at());
      one["closed_us"] = moment(conversation.closed_at());
      if (trace_.holds(conversation.tls_up())) one["tls"] = tls(conversation.tls_up());
      out.push_back(std::move(one));
    }
    return out;
  }

  Json tls(RecordId id) const {
    const Record& record = trace_[id];
    const auto facts = decode_tls_facts(trace_.bytes(std::get<TlsUp>(record.what).facts));
    if (!facts) return nullptr;
    Json chain = Json::array();
    for (const CertificateFacts& certificate : facts->chain)
      chain.push_back({{"subject", certificate.subject}, {"issuer", certificate.issuer}, {"names", certificate.names},
                       {"fingerprint", certificate.fingerprint}});
    return {{"up_us", since_start(record.at)}, {"version", facts->version}, {"cipher", facts->cipher},
            {"group", facts->group}, {"server_name", facts->server_name}, {"resumed", facts->resumed},
            {"verdict", name_of(facts->verdict)}, {"chain", std::move(chain)}};
  }

  std::vector<Json> messages() const {
    std::vector<Json> out;
    for (std::size_t row = 0; row < story_.conversations().rows(); ++row) out.push_back(message(story_.conversations().row(row)));
    return out;
  }

  Json message(MessageRef ref) const {
    const Conversation& conversation = *story_.conversations().find(ref.connection);
    const Message& message = conversation.message(ref.message);
    const Machine* machine = machine_of(conversation.opened().protocol);
    Json one{{"connection", ref.connection}, {"message", ref.message}, {"said_us", since_start(message.at)},
             {"arrived_us", moment(message.arrived)}, {"from", json_name(message.from)},
             {"protocol", lower_name_of(message.protocol)}, {"kind", json_name(message.kind)}, {"sealed", message.sealed},
             {"octets", message.octets}, {"wire_octets", message.wire_octets}, {"headline", conversation.headline(message)}};
    if (message.answers) one["answers"] = *message.answers;
    if (message.completes) one["completes"] = true;
    if (machine)
      one["state"] = {{"before", machine->states[message.state_before].id}, {"after", machine->states[message.state_after].id}};
    const Masked shown = masked(conversation.text(message), conversation.tokens(message));
    const bool binary = message.protocol == Protocol::tls || message.protocol == Protocol::dns || !is_utf8(shown.text);
    one[binary ? "hex" : "text"] = binary ? hex(shown.text) : shown.text;
    Json tokens = Json::array();
    for (const Token& token : shown.tokens) tokens.push_back({{"begin", token.span.begin}, {"end", token.span.end}, {"role", name_of(token.role)}});
    one["tokens"] = std::move(tokens);
    if (const Error* problem = conversation.problem(message))
      one["problem"] = {{"fault", name_of(problem->fault)}, {"offset", shown.place_of(problem->offset)}, {"expected", problem->expected}};
    return one;
  }

  std::vector<Json> exchanges() const {
    std::vector<Json> out;
    for (std::size_t i = 0; i < story_.conversations().connections(); ++i) {
      const Conversation& conversation = story_.conversations().at(i);
      const Machine* machine = machine_of(conversation.opened().protocol);
      for (const Exchange& exchange : conversation.exchanges()) {
        Json one{{"connection", conversation.id()}, {"command", exchange.command ? Json(*exchange.command) : Json()},
                 {"replies", exchange.replies}};
        if (machine) one["state"] = {{"before", machine->states[exchange.before].id}, {"after", machine->states[exchange.after].id}};
        out.push_back(std::move(one));
      }
    }
    return out;
  }

  std::vector<Json> events() const {
    std::vector<Json> out;
    for (RecordId id = trace_.first(); id < trace_.end(); ++id) {
      const Record& record = trace_[id];
      Json one{{"record", id}, {"at_us", since_start(record.at)}};
      if (record.connection != 0) one["connection"] = record.connection;
      if (record.cause != no_record) one["cause"] = record.cause;
      if (std::visit([&](const auto& what) { return event(one, what); }, record.what)) out.push_back(std::move(one));
    }
    return out;
  }

  bool event(Json& one, const StoreChanged& change) const {
    one["event"] = "store";
    one["change"] = json_name(change.change);
    one["holder"] = change.holder;
    one["user"] = text(change.user);
    one["mailbox"] = text(change.mailbox);
    one["uid"] = change.uid;
    one["sequence"] = change.sequence;
    one["octets"] = change.octets;
    one["uid_validity"] = known(change.uid_validity);
    one["uid_next"] = known(change.uid_next);
    one["flags"] = text(change.flags);
    one["subject"] = text(change.subject);
    one["key"] = text(change.key);
    if (change.unique_id.size > 0) one["unique_id"] = text(change.unique_id);
    if (change.modseq != 0) one["modseq"] = change.modseq;
    return true;
  }
  bool event(Json& one, const QueueChanged& change) const {
    one["event"] = "queue";
    one["change"] = json_name(change.change);
    one["host"] = change.host;
    one["queue_id"] = text(change.queue_id);
    one["reverse_path"] = text(change.reverse_path);
    one["recipient"] = text(change.recipient);
    if (change.change == QueueChange::deferred) one["next_try_us"] = since_start(change.next_try);
    one["reply"] = text(change.reply);
    return true;
  }
  bool event(Json& one, const FaultInjected& fault) const {
    one["event"] = "fault";
    one["fault"] = json_name(fault.kind);
    one["towards"] = json_name(fault.towards);
    one["delay_us"] = fault.delay.count();
    return true;
  }
  bool event(Json& one, const Synced& synced) const {
    one["event"] = "synced";
    one["holder"] = synced.holder;
    one["user"] = text(synced.user);
    one["mailbox"] = text(synced.mailbox);
    one["way"] = name_of(synced.way);
    one["round_trips"] = synced.round_trips;
    one["said_octets"] = synced.said;
    one["heard_octets"] = synced.heard;
    if (synced.modseq != 0) one["modseq"] = synced.modseq;
    return true;
  }
  // Nothing secret: a line that asks for TLS, or one that offers it.
  bool event(Json& one, const Tampered& changed) const {
    one["event"] = "tampered";
    one["from"] = json_name(changed.from);
    one["said"] = text(changed.said);
    one["heard"] = text(changed.heard);
    return true;
  }
  bool event(Json& one, const Closed& closed) const {
    one["event"] = "closed";
    one["from"] = json_name(closed.from);
    one["reset"] = closed.reset;
    return true;
  }
  bool event(Json& one, const TlsFailed& failed) const {
    one["event"] = "tls_failed";
    one["at"] = json_name(failed.at);
    one["reason"] = text(failed.reason);
    return true;
  }
  bool event(Json& one, const Note& note) const {
    one["event"] = "note";
    one["note"] = text(note.text);
    return true;
  }
  // Openings and TLS are told with their connections, octets with their messages.
  template <class Other>
  bool event(Json&, const Other&) const {
    return false;
  }

  const Story& story_;
  const Trace& trace_;
};

}  // namespace

std::string json_of(const Story& story) { return Writer(story).write(); }

}  // namespace glasspost

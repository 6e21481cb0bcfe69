// The vocabulary of goals, as lesson.yaml writes it.
#include "lessons/reader.h"
#include "protocol/machine.h"

namespace glasspost::lessons {
namespace {

using namespace sim::yaml;

constexpr std::string_view fact_names =
    "exchange, sequence, states, connections, cut, tls, clear_octets, wire_octets, readable, mailbox, copies, lost, differences, "
    "envelope, queue, predicted, all, one_connection";

std::vector<std::string> texts(const YAML::Node& node, std::string_view what) {
  std::vector<std::string> out;
  for (const YAML::Node& one : list(node, what)) out.push_back(text(one, what));
  if (out.empty()) wrong(node, fmt::format("{} are a list of at least one", what));
  return out;
}

std::string optional_text(const YAML::Node& map, const char* key) {
  return map[key] ? text(map[key], fmt::format("\"{}\"", key)) : std::string();
}
std::optional<bool> optional_yes(const YAML::Node& map, const char* key) {
  if (!map[key]) return std::nullopt;
  return yes(map[key], fmt::format("\"{}\"", key));
}

class FactReader {
 public:
  FactReader(const YAML::Node& node, const sim::Scenario& world) : node_(node), world_(world) {}

  Fact read(const std::string& name, const YAML::Node& at) const {
    if (name == "exchange") return exchange();
    if (name == "sequence") return sequence();
    if (name == "states") return states();
    if (name == "connections") return of_where<Connections>("connections");
    if (name == "cut") return of_where<Cut>("cut");
    if (name == "tls") return of_where<Tls>("tls");
    if (name == "clear_octets") return of_where<ClearOctets>("clear_octets");
    if (name == "wire_octets") return of_where<WireOctets>("wire_octets");
    if (name == "readable") return readable();
    if (name == "mailbox") return mailbox();
    if (name == "copies") return copies<Copies>("copies");
    if (name == "lost") return copies<Lost>("lost");
    if (name == "differences") return differences();
    if (name == "envelope") return envelope();
    if (name == "queue") return queue();
    if (name == "predicted") return predicted();
    if (name == "all") return All{joined("all")};
    if (name == "one_connection") return one_connection();
    wrong(at, fmt::format("\"{}\" is no fact: they are {}", name, fact_names));
  }

 private:
  Where where() const {
    Where where;
    if (node_["client"]) where.client = known_host(node_["client"], world_);
    if (node_["server"]) where.server = known_host(node_["server"], world_);
    if (node_["port"]) where.port = std::uint16_t(number(node_["port"], "a port", 1, 65535));
    if (node_["protocol"])
      where.protocol = choose<Protocol>(node_["protocol"], "a protocol",
                                        {{"smtp", Protocol::smtp}, {"lmtp", Protocol::lmtp}, {"imap", Protocol::imap},
                                         {"pop3", Protocol::pop3}, {"dns", Protocol::dns}});
    return where;
  }

  template <class T>
  T of_where(std::string_view name) const {
    only(node_, name, {"client", "server", "port", "protocol"});
    return {where()};
  }

  Exchange exchange() const {
    only(node_, "exchange",
         {"client", "server", "port", "protocol", "command", "reply", "text", "reply_text", "sealed"});
    return {where(), optional_text(node_, "command"), optional_text(node_, "reply"), optional_text(node_, "text"),
            optional_text(node_, "reply_text"), optional_yes(node_, "sealed")};
  }

  Sequence sequence() const {
    only(node_, "sequence", {"client", "server", "port", "protocol", "commands", "clean"});
    return {where(), texts(need(node_, "commands", "sequence"), "commands"), optional_yes(node_, "clean").value_or(false)};
  }

  States states() const {
    only(node_, "states", {"client", "server", "port", "protocol", "states"});
    need(node_, "protocol", "states");
    States states{where(), {}};
    const Machine* machine = machine_of(*states.where.protocol);
    if (!machine) wrong(node_["protocol"], "this protocol has no states: smtp, lmtp, imap and pop3 have");
    std::string known;
    for (const MachineState& state : machine->states) known += (known.empty() ? "" : ", ") + std::string(state.id);
    for (const YAML::Node& wanted : list(need(node_, "states", "states"), "states")) {
      const std::string id = text(wanted, "a state");
      const auto found = std::find_if(machine->states.begin(), machine->states.end(),
                                      [&](const MachineState& state) { return state.id == id; });
      if (found == machine->states.end()) wrong(wanted, fmt::format("there is no state \"{}\": they are {}", id, known));
      states.states.push_back(StateId(found - machine->states.begin()));
    }
    if (states.states.empty()) wrong(node_["states"], "states are a list of at least one");
    return states;
  }

  Readable readable() const {
    only(node_, "readable", {"client", "server", "port", "protocol", "text"});
    Readable readable{where(), text(need(node_, "text", "readable"), "a text")};
    if (readable.text.empty()) wrong(node_["text"], "an empty text can be read everywhere: which one is meant?");
    return readable;
  }

  Mailbox mailbox() const {
    only(node_, "mailbox", {"holder", "user", "mailbox", "subject", "key", "flags", "without"});
    Mailbox mailbox;
    mailbox.holder = known_host(need(node_, "holder", "mailbox"), world_);
    mailbox.user = optional_text(node_, "user");
    if (node_["mailbox"]) mailbox.mailbox = text(node_["mailbox"], "a mailbox");
    mailbox.subject = optional_text(node_, "subject");
    mailbox.key = optional_text(node_, "key");
    if (node_["flags"]) mailbox.flags = texts(node_["flags"], "flags");
    if (node_["without"]) mailbox.without = texts(node_["without"], "flags");
    return mailbox;
  }

  std::vector<std::string> holders(std::string_view what) const {
    std::vector<std::string> holders;
    for (const YAML::Node& host : list(need(node_, "holders", what), "holders")) holders.push_back(known_host(host, world_));
    if (holders.empty()) wrong(node_["holders"], "holders are a list of at least one host");
    return holders;
  }

  template <class T>
  T copies(std::string_view name) const {
    only(node_, name, {"holders", "subject", "key"});
    return {holders(name), optional_text(node_, "subject"), optional_text(node_, "key")};
  }

  Differences differences() const {
    only(node_, "differences", {"holders", "flags"});
    return {holders("differences"), optional_yes(node_, "flags").value_or(true)};
  }

  Envelope envelope() const {
    only(node_, "envelope",
         {"client", "server", "port", "protocol", "sender", "recipient", "recipient_in_to", "sender_is_from", "subject", "body"});
    return {where(), optional_text(node_, "sender"), optional_text(node_, "recipient"),
            optional_yes(node_, "recipient_in_to"), optional_yes(node_, "sender_is_from"),
            optional_text(node_, "subject"), optional_text(node_, "body")};
  }

  Queue queue() const {
    only(node_, "queue", {"host", "recipient", "state"});
    Queue queue{known_host(need(node_, "host", "queue"), world_), optional_text(node_, "recipient"), {}};
    const auto state = [](const YAML::Node& node) {
      return choose<QueueChange>(node, "the state of a letter in a queue",
                                 {{"accepted", QueueChange::accepted}, {"attempt", QueueChange::attempt},
                                  {"deferred", QueueChange::deferred}, {"delivered", QueueChange::delivered},
                                  {"bounced", QueueChange::bounced}, {"expired", QueueChange::expired},
                                  {"held", QueueChange::held}, {"released", QueueChange::released},
                                  {"dropped", QueueChange::dropped}});
    };
    if (!node_["state"]) return queue;
    if (node_["state"].IsScalar()) queue.states.push_back(state(node_["state"]));
    else
      for (const YAML::Node& one : list(node_["state"], "states")) queue.states.push_back(state(one));
    return queue;
  }

  Predicted predicted() const {
    only(node_, "predicted", {"prediction"});
    return {read_id(need(node_, "prediction", "predicted"), "a prediction's id")};
  }

  std::vector<Predicate> joined(std::string_view name) const {
    std::vector<Predicate> of;
    for (const YAML::Node& one : list(node_, fmt::format("the predicates of \"{}\"", name))) {
      if (one.IsMap() && one["since"]) wrong(one["since"], fmt::format("\"since\" stands beside \"{}\", not inside it", name));
      of.push_back(read_predicate(one, world_));
    }
    if (of.size() < 2) wrong(node_, fmt::format("\"{}\" needs at least two predicates", name));
    return of;
  }
  OneConnection one_connection() const {
    OneConnection one{joined("one_connection")};
    for (std::size_t i = 0; i < one.of.size(); ++i)
      if (!where_of(one.of[i].fact)) wrong(node_[i], "of one connection only what was said on it can be asked: exchange, sequence, states, connections, cut, tls, clear_octets, wire_octets, readable, envelope");
    return one;
  }

  const YAML::Node node_;
  const sim::Scenario& world_;
};

// How many it takes if nothing is said.
std::uint64_t natural(const Fact& fact) {
  if (const auto* sequence = std::get_if<Sequence>(&fact)) return sequence->commands.size();
  if (const auto* states = std::get_if<States>(&fact)) return states->states.size();
  if (const auto* all = std::get_if<All>(&fact)) return all->of.size();
  if (const auto* one = std::get_if<OneConnection>(&fact)) return one->of.size();
  return 1;
}

bool compares(const std::string& key) { return key == "is" || key == "at_least" || key == "at_most" || key == "since"; }

}  // namespace

Predicate read_predicate(const YAML::Node& node, const sim::Scenario& world) {
  if (!node.IsMap()) wrong(node, fmt::format("a predicate is a fact and what it says, like {{connections: {{port: 25}}}}; facts are {}", fact_names));
  std::optional<Fact> fact;
  for (const auto& entry : node) {
    const std::string name = text(entry.first, "a key");
    if (compares(name)) continue;
    if (fact) wrong(entry.first, fmt::format("a predicate has one fact; \"{}\" is a second one (\"all\" joins several)", name));
    fact = FactReader(entry.second, world).read(name, entry.first);
  }
  if (!fact) wrong(node, fmt::format("a predicate needs a fact: one of {}", fact_names));
  Predicate predicate{std::move(*fact)};
  predicate.at_least = natural(predicate.fact);
  constexpr std::uint32_t most = 1'000'000'000;
  if (node["at_most"]) {
    predicate.at_most = number(node["at_most"], "\"at_most\"", 0, most);
    if (!node["at_least"]) predicate.at_least = 0;
  }
  if (node["at_least"]) predicate.at_least = number(node["at_least"], "\"at_least\"", 0, most);
  if (node["is"]) {
    if (node["at_least"] || node["at_most"]) wrong(node["is"], "\"is\" stands alone, without at_least and at_most");
    predicate.at_least = predicate.at_most = number(node["is"], "\"is\"", 0, most);
  }
  if (node["since"]) predicate.since_step = choose<bool>(node["since"], "what a fact is counted from", {{"step", true}, {"lesson", false}});
  if (predicate.at_least > predicate.at_most) wrong(node, "at_least is more than at_most: nothing could be so");
  return predicate;
}

std::vector<Goal> read_goals(const YAML::Node& node, const sim::Scenario& world) {
  if (!node.IsMap()) wrong(node, "goals are ids with what they want, like \"greeted: {reached: {exchange: {command: EHLO}}}\"");
  std::vector<Goal> goals;
  for (const auto& entry : node) {
    Goal goal;
    goal.id = read_id(entry.first, "a goal's id");
    const YAML::Node& written = entry.second;
    constexpr std::string_view shape = "a goal is one of reached, holds, never, count, with a predicate: \"greeted: {reached: {exchange: {command: EHLO}}}\"";
    if (!written.IsMap() || written.size() != 1) wrong(written, std::string(shape));
    const auto kind = *written.begin();
    goal.kind = choose<GoalKind>(kind.first, "the kind of a goal",
                                 {{"reached", GoalKind::reached}, {"holds", GoalKind::holds}, {"never", GoalKind::never},
                                  {"count", GoalKind::count}});
    goal.predicate = read_predicate(kind.second, world);
    goals.push_back(std::move(goal));
  }
  if (goals.empty()) wrong(node, "there is no goal here");
  return goals;
}

}  // namespace glasspost::lessons

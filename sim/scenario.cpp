#include "sim/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

#include "protocol/base/text.h"
#include "protocol/fault_words.h"
#include "protocol/smtp/command.h"
#include "sim/dns_server.h"
#include "sim/scenario_mail.h"
#include "sim/yaml.h"

namespace glasspost::sim {
namespace {

using namespace yaml;

// `note` has no word: it is an act without "do".
const std::initializer_list<Choice<ActKind>> act_words = {
    {"send", ActKind::send},       {"listen", ActKind::listen}, {"check", ActKind::check},   {"noop", ActKind::noop},
    {"expunge", ActKind::expunge}, {"collect", ActKind::collect}, {"leave", ActKind::leave}, {"read", ActKind::read},
    {"unread", ActKind::unread},   {"flag", ActKind::flag},     {"unflag", ActKind::unflag}, {"move", ActKind::move},
    {"delete", ActKind::erase},    {"type", ActKind::type},     {"unplug", ActKind::unplug}, {"lose", ActKind::lose},     {"reinstall", ActKind::reinstall}};

class Reader {
 public:
  explicit Reader(Scenario& scenario) : scenario_(scenario) {}

  void read(const YAML::Node& root) {
    only(root, "a scenario",
         {"title", "summary", "start", "seed", "speed", "think", "latency", "hosts", "links", "zones", "users",
          "chapters", "letter", "letters", "story", "retry_after", "give_up_after", "delay_notice_after"});
    scenario_.title = both(need(root, "title", "a scenario"), "the title");
    if (root["summary"]) scenario_.summary = both(root["summary"], "the summary");
    scenario_.start = instant(need(root, "start", "a scenario"));
    if (root["seed"]) scenario_.seed = number(root["seed"], "the seed", 0, UINT32_MAX);
    if (root["speed"]) scenario_.speed = speed(root["speed"]);
    if (root["think"]) scenario_.think = duration(root["think"], "the time to think");
    if (root["latency"]) scenario_.latency = duration(root["latency"], "the latency");
    if (root["retry_after"]) scenario_.retry_after = duration(root["retry_after"], "the time until the next try");
    if (root["give_up_after"]) scenario_.give_up_after = duration(root["give_up_after"], "the time until giving up");
    if (root["delay_notice_after"]) scenario_.delay_notice_after = duration(root["delay_notice_after"], "the time until a notice of delay");
    users(root["users"]);
    hosts(need(root, "hosts", "a scenario"));
    links(root["links"]);
    zones(root["zones"]);
    chapters(root["chapters"]);
    letter(root["letter"]);
    letters(root["letters"]);
    story(root["story"]);
  }

  // As the story's only act.
  StoryAct act(YAML::Node node) {
    scenario_.story.clear();
    if (node.IsMap())
      for (const char* key : {"at", "after", "chapter"})
        if (node[key]) wrong(node[key], fmt::format("this act is done at once: it has no \"{}\"", key));
    if (node.IsMap()) node["at"] = "0 ms";
    YAML::Node acts;
    acts.push_back(node);
    story(acts);
    return scenario_.story.front();
  }
  static LinkFault fault(const YAML::Node& node) { return read_fault(node); }

 private:
  static double speed(const YAML::Node& node) {
    double value = 0;
    if (!node.IsScalar() || !YAML::convert<double>::decode(node, value) || !(value >= 0.001 && value <= 100'000))
      wrong(node, "the speed is a number from 0.001 to 100000: how much virtual time passes in a second");
    return value;
  }

  void users(const YAML::Node& node) {
    if (!node) return;
    if (!node.IsMap()) wrong(node, "users are addresses with passwords: \"bob@example.org: s3cret\"");
    for (const auto& entry : node) {
      const std::string address = address_of_person(entry.first);
      for (const UserDescription& other : scenario_.users)
        if (equal_ignoring_case(other.address, address)) wrong(entry.first, fmt::format("the users have {} twice", address));
      scenario_.users.push_back({address, text(entry.second, "a password")});
    }
  }

  void hosts(const YAML::Node& node) {
    std::set<std::string> names, addresses;
    for (const YAML::Node& host : list(node, "hosts")) {
      only(host, "a host", {"name", "label", "kind", "address", "address6", "at", "owner", "sync", "compress", "services", "domain", "deliver_to", "quota", "greylist", "greylist_for",
                            "tls_policy", "certificate", "tls_version", "tickets", "aliases", "forwards", "lists", "vacations", "broken"});
      HostDescription description;
      description.name = text(need(host, "name", "a host"), "a host's name");
      if (!names.insert(description.name).second)
        wrong(host["name"], fmt::format("there are two hosts named \"{}\"", description.name));
      description.label = host["label"] ? both(host["label"], "a label") : BothLanguages{description.name, description.name};
      description.kind = choose<HostKind>(need(host, "kind", "a host"), "a host's kind",
                                          {{"laptop", HostKind::laptop}, {"phone", HostKind::phone},
                                           {"computer", HostKind::computer}, {"server", HostKind::server},
                                           {"store", HostKind::store}, {"dns", HostKind::dns}});
      description.address = text(need(host, "address", "a host"), "a host's address");
      if (!resource_of({"x", "A", description.address, 0}))
        wrong(host["address"], "an address is four numbers, like 192.0.2.17");
      if (!addresses.insert(description.address).second)
        wrong(host["address"], fmt::format("there are two hosts at {}", description.address));
      if (const YAML::Node six = host["address6"]) {
        description.address6 = canonical_address6(text(six, "a host's IPv6 address"));
        if (description.address6.empty()) wrong(six, "an IPv6 address is like 2001:db8::17");
        if (!addresses.insert(description.address6).second)
          wrong(six, fmt::format("there are two hosts at {}", description.address6));
      }
      if (const YAML::Node at = host["at"]) {
        if (!at.IsSequence() || at.size() != 2) wrong(at, "a place on the map is two numbers, like [0.1, 0.5]");
        description.x = fraction(at[0], "a place on the map");
        description.y = fraction(at[1], "a place on the map");
      }
      if (host["owner"]) description.owner = owner(host["owner"]);
      if (host["sync"] && description.owner.empty()) wrong(host["sync"], "\"sync\" is for a device with an owner");
      if (host["sync"])
        description.sync = choose<SyncWay>(host["sync"], "a way to catch up",
                                           {{"plain", SyncWay::plain}, {"condstore", SyncWay::condstore}, {"qresync", SyncWay::qresync}});
      if (host["compress"] && description.owner.empty()) wrong(host["compress"], "\"compress\" is for a device with an owner");
      if (host["compress"]) description.compress = yes(host["compress"], "compress");
      if (host["domain"]) description.domain = to_lower(text(host["domain"], "a domain"));
      if (host["greylist"]) description.greylist = number(host["greylist"], "greylisting's count", 0, 100);
      if (host["greylist_for"]) description.greylist_for = duration(host["greylist_for"], "greylisting's time");
      if (const YAML::Node quota = host["quota"]) description.quota = limits(quota);
      read_redirects(host, description);
      if (host["services"]) services(host["services"], description);
      tls(host, description);
      if (host["broken"]) read_flaws(host["broken"], description);
      if (description.kind == HostKind::dns) description.services = {{Protocol::dns, 53}};
      scenario_.hosts.push_back(std::move(description));
    }
    if (scenario_.hosts.empty() || scenario_.hosts.size() > 1000) wrong(node, "a world has from 1 to 1000 hosts");
    for (std::size_t i = 0; i < scenario_.hosts.size(); ++i) hand_over(node[i], scenario_.hosts[i]);
  }

  static Quota limits(const YAML::Node& node) {
    only(node, "a quota", {"octets", "messages", "mailboxes"});
    Quota quota;
    if (node["octets"]) quota.octets = number(node["octets"], "a quota's octets", 0, 1'000'000'000);
    if (node["messages"]) quota.messages = number(node["messages"], "a quota's messages", 0, 1'000'000);
    if (node["mailboxes"]) quota.mailboxes = number(node["mailboxes"], "a quota's mailboxes", 1, 10'000);
    return quota;
  }

  static void tls(const YAML::Node& host, HostDescription& description) {
    if (host["tls_policy"])
      description.tls_policy = choose<TlsPolicy>(
          host["tls_policy"], "a TLS policy", {{"none", TlsPolicy::none}, {"try", TlsPolicy::attempt}, {"require", TlsPolicy::require}});
    if (host["tls_version"])
      description.tls_versions = choose<TlsVersions>(host["tls_version"], "a TLS version",
                                                     {{"1.2", TlsVersions::only_1_2}, {"1.3", TlsVersions::only_1_3}});
    for (const char* key : {"certificate", "tickets"})
      if (host[key] && description.services.empty()) wrong(host[key], fmt::format("\"{}\" is for a host with services", key));
    if (host["certificate"])
      description.certificate = choose<CertificateState>(
          host["certificate"], "a certificate",
          {{"valid", CertificateState::valid}, {"expired", CertificateState::expired},
           {"not_yet_valid", CertificateState::not_yet_valid}, {"wrong_name", CertificateState::wrong_name},
           {"unknown_authority", CertificateState::unknown_authority}, {"self_signed", CertificateState::self_signed}});
    if (host["tickets"]) description.tickets = yes(host["tickets"], "tickets");
  }

  std::string owner(const YAML::Node& node) const {
    const std::string address = address_of_person(node);
    for (const UserDescription& user : scenario_.users)
      if (user.address == address) return address;
    wrong(node, fmt::format("\"{}\" is not among the users", address));
  }

  static void services(const YAML::Node& node, HostDescription& host) {
    for (const YAML::Node& service : list(node, "services")) {
      only(service, "a service", {"protocol", "port", "tls", "submission", "allow_plaintext_login", "capabilities", "extensions", "logins",
                                  "max_recipients"});
      ServiceDescription description;
      description.protocol = choose<Protocol>(need(service, "protocol", "a service"), "a protocol",
                                              {{"smtp", Protocol::smtp}, {"lmtp", Protocol::lmtp},
                                               {"imap", Protocol::imap}, {"pop3", Protocol::pop3}});
      description.port = std::uint16_t(number(need(service, "port", "a service"), "a port", 1, 65535));
      if (service["tls"]) description.tls = tls_mode(service["tls"]);
      if (service["submission"]) description.submission = yes(service["submission"], "submission");
      if (service["allow_plaintext_login"])
        description.allow_plaintext_login = yes(service["allow_plaintext_login"], "allow_plaintext_login");
      if (service["capabilities"]) description.imap_extensions = capabilities(service["capabilities"], description.protocol);
      read_offers(service, description);
      for (const ServiceDescription& other : host.services)
        if (other.port == description.port) wrong(service["port"], "two services have the same port");
      host.services.push_back(description);
    }
  }

  static imap::ExtensionSet capabilities(const YAML::Node& node, Protocol protocol) {
    if (protocol != Protocol::imap) wrong(node, "only an imap service has \"capabilities\"");
    const auto chosen = imap::choose_extensions(text(node, "capabilities"));
    if (chosen) return *chosen;
    std::string known;
    for (const std::string_view name : imap::choosable_extensions()) (known += known.empty() ? "" : ", ") += name;
    wrong(node, fmt::format("\"{}\" is no capability to choose; there are {}", chosen.error(), known));
  }

  void hand_over(const YAML::Node& node, HostDescription& host) const {
    if (const YAML::Node to = node["deliver_to"]) {
      host.deliver_to = known_host(to);
      const auto& services = scenario_.host(scenario_.find(host.deliver_to)).services;
      if (std::none_of(services.begin(), services.end(), [](const auto& s) { return s.protocol == Protocol::lmtp; }))
        wrong(to, fmt::format("\"{}\" has no lmtp service to deliver to", host.deliver_to));
    }
    if (!host.services.empty() && host.kind != HostKind::dns && host.domain.empty())
      wrong(node, fmt::format("\"{}\" has services, so it needs the \"domain\" for which it works", host.name));
    const bool keeps_mail = std::any_of(host.services.begin(), host.services.end(), [](const auto& s) {
      return s.protocol == Protocol::imap || s.protocol == Protocol::pop3 || s.protocol == Protocol::lmtp;
    });
    if (keeps_mail && !host.deliver_to.empty())
      wrong(node["deliver_to"], "a host with imap, pop3 or lmtp holds the mailboxes itself: it has no deliver_to");
  }

  std::string known_host(const YAML::Node& node) const {
    const std::string host = text(node, "a host's name");
    if (scenario_.find(host) == 0) wrong(node, fmt::format("there is no host named \"{}\"", host));
    return host;
  }

  void links(const YAML::Node& node) {
    if (!node) return;
    for (const YAML::Node& link : list(node, "links")) {
      only(link, "a link", {"between", "latency", "faults"});
      const YAML::Node ends = need(link, "between", "a link");
      if (!ends.IsSequence() || ends.size() != 2) wrong(ends, "a link is between two hosts, like [phone, store.example.org]");
      Link described;
      described.a = scenario_.find(known_host(ends[0]));
      described.b = scenario_.find(known_host(ends[1]));
      if (described.a == described.b) wrong(ends, "a link is between two different hosts");
      described.latency = link["latency"] ? duration(link["latency"], "a latency") : scenario_.latency;
      if (link["faults"])
        for (const YAML::Node& fault : list(link["faults"], "faults")) described.faults.push_back(read_fault(fault));
      scenario_.links.push_back(std::move(described));
    }
  }

  static LinkFault read_fault(const YAML::Node& node) {
    only(node, "a fault", {"kind", "delay", "after", "towards", "port", "connections"});
    LinkFault fault;
    fault.kind = choose_among(need(node, "kind", "a fault"), "a fault", fault_words);
    if (fault.kind == FaultKind::delay) need(node, "delay", "this fault");
    if (node["delay"]) fault.delay = duration(node["delay"], "a delay");
    if (node["after"]) fault.after = number(node["after"], "the octets before a fault", 0, UINT32_MAX);
    if (node["towards"])
      fault.towards = choose<Side>(node["towards"], "a direction", {{"client", Side::client}, {"server", Side::server}});
    if (node["port"]) fault.port = std::uint16_t(number(node["port"], "a port", 1, 65535));
    if (node["connections"]) fault.connections = number(node["connections"], "a count of connections", 1, 1'000'000);
    return fault;
  }

  void zones(const YAML::Node& node) {
    if (!node) return;
    for (const YAML::Node& record : list(node, "zones")) {
      only(record, "a DNS record", {"name", "type", "value", "ttl"});
      ZoneRecord described{text(need(record, "name", "a DNS record"), "a name"),
                           text(need(record, "type", "a DNS record"), "a type"),
                           text(need(record, "value", "a DNS record"), "a value"), 3600};
      if (record["ttl"]) described.ttl = number(record["ttl"], "a TTL in seconds", 0, 604'800);
      if (const auto resource = resource_of(described); !resource) wrong(record["value"], resource.error());
      scenario_.records.push_back(std::move(described));
    }
  }

  void chapters(const YAML::Node& node) {
    if (!node) return;
    if (!node.IsMap()) wrong(node, "chapters are keys with their titles");
    for (const auto& entry : node) {
      const YAML::Node& written = entry.second;
      Chapter described;
      only(written, "a chapter", {"en", "es", "begins"});
      described.title = {text(need(written, "en", "a chapter"), "a title"), text(need(written, "es", "a chapter"), "a title")};
      if (written["begins"])
        described.begins = choose<ChapterStart>(written["begins"], "the beginning of a chapter",
                                                {{"act", ChapterStart::act}, {"lookup", ChapterStart::lookup},
                                                 {"relay", ChapterStart::relay}, {"delivery", ChapterStart::delivery}});
      scenario_.chapters.emplace(text(entry.first, "a chapter's key"), std::move(described));
    }
  }

  static LetterDescription read_letter(const YAML::Node& node) {
    only(node, "a letter", {"from", "to", "text", "notify", "return", "envelope_id", "hold_for", "deliver_by", "priority", "require_tls", "utf8"});
    LetterDescription letter{address_of_person(need(node, "from", "a letter")), address_of_person(need(node, "to", "a letter")), {}, {}};
    letter.wishes = read_wishes(node);
    for (const char c : text(need(node, "text", "a letter"), "a letter's text")) {
      if (c == '\n') letter.text += "\r\n";
      else if (c != '\r') letter.text += c;
    }
    if (!letter.text.ends_with("\r\n")) letter.text += "\r\n";
    return letter;
  }

  void letter(const YAML::Node& node) {
    if (!node) return;
    LetterDescription letter = read_letter(node);
    scenario_.sender = std::move(letter.sender);
    scenario_.recipient = std::move(letter.recipient);
    scenario_.letter = std::move(letter.text);
    scenario_.wishes = std::move(letter.wishes);
  }

  void letters(const YAML::Node& node) {
    if (!node) return;
    if (!node.IsMap()) wrong(node, "letters are keys with a letter each: \"second: {from: …, to: …, text: …}\"");
    for (const auto& entry : node) scenario_.letters.emplace(text(entry.first, "a letter's key"), read_letter(entry.second));
  }

  void story(const YAML::Node& node) {
    if (!node) return;
    Duration before{};
    for (const YAML::Node& act : list(node, "the acts of the story")) {
      only(act, "an act", {"at", "after", "chapter", "do", "device", "server", "port", "tls", "remove", "mark_read",
                           "allow_plaintext", "mailbox", "message", "to", "letter", "says"});
      StoryAct described;
      if (act["after"]) described.after = milestone(act["after"]);
      if (act["at"] || !described.after) described.at = duration(need(act, "at", "an act"), "the time of an act");
      if (!described.after) {
        if (described.at < before) wrong(act["at"], "acts are in the order of their times");
        before = described.at;
      }
      if (act["chapter"]) described.chapter = chapter(act["chapter"]);
      described.kind = act["do"] ? choose<ActKind>(act["do"], "something to do", act_words)
                                 : ActKind::note;
      if (described.kind != ActKind::note) device_act(act, described);
      scenario_.story.push_back(std::move(described));
    }
  }

  // "after: delivered", or "after: {fetched: bob-phone}".
  Milestone milestone(const YAML::Node& node) const {
    const bool placed = node.IsMap() && node.size() == 1;
    const YAML::Node event = placed ? node.begin()->first : node;
    Milestone described;
    described.event = choose<Event>(event, "what an act waits for",
                                    {{"accepted", Event::accepted}, {"deferred", Event::deferred},
                                     {"bounced", Event::bounced}, {"delivered", Event::delivered},
                                     {"seen", Event::seen}, {"removed", Event::removed},
                                     {"fetched", Event::fetched}, {"lost", Event::lost}});
    if (placed) described.host = scenario_.find(known_host(node.begin()->second));
    return described;
  }

  std::string chapter(const YAML::Node& node) const {
    const std::string key = text(node, "a chapter");
    if (!scenario_.chapters.contains(key)) wrong(node, fmt::format("there is no chapter \"{}\" among the chapters", key));
    return key;
  }

  void device_act(const YAML::Node& act, StoryAct& described) const {
    described.device = known_host(need(act, "device", "an act"));
    if (scenario_.host(scenario_.find(described.device)).owner.empty())
      wrong(act["device"], fmt::format("\"{}\" has no owner, so nobody does anything with it", described.device));
    if (act["letter"]) {
      described.letter = text(act["letter"], "a letter's key");
      if (!scenario_.letters.contains(described.letter)) wrong(act["letter"], fmt::format("there is no \"{}\" among the letters", described.letter));
    } else if (described.kind == ActKind::send && scenario_.letter.empty()) {
      wrong(act["do"], "there is no \"letter\" to send");
    }
    if (described.kind == ActKind::type) lines_typed(act, described);
    if (connects(described.kind)) {
      described.server = known_host(need(act, "server", "this act"));
      described.port = std::uint16_t(number(need(act, "port", "this act"), "a port", 1, 65535));
    }
    if (act["tls"]) described.tls = tls_mode(act["tls"]);
    if (act["remove"]) described.remove = yes(act["remove"], "remove");
    if (act["mark_read"]) described.mark_read = yes(act["mark_read"], "mark_read");
    if (act["allow_plaintext"]) described.allow_plaintext = yes(act["allow_plaintext"], "allow_plaintext");
    if (act["mailbox"]) described.mailbox = text(act["mailbox"], "a mailbox");
    if (act["message"]) described.message = text(act["message"], "a message is its Message-ID, which");
    if (described.kind == ActKind::move) described.to = text(need(act, "to", "this act"), "a mailbox");
  }

  void lines_typed(const YAML::Node& act, StoryAct& described) const {
    for (const YAML::Node& line : list(need(act, "says", "this act"), "the lines that are typed")) described.says.push_back(text(line, "a line"));
    if (!act["server"]) return;
    described.server = known_host(act["server"]);
    described.port = std::uint16_t(number(need(act, "port", "this act"), "a port", 1, 65535));
    for (const ServiceDescription& service : scenario_.host(scenario_.find(described.server)).services)
      if (service.port == described.port) return void(described.protocol = service.protocol);
    wrong(act["port"], fmt::format("\"{}\" has no service at port {}", described.server, described.port));
  }

  static bool connects(ActKind kind) {
    return kind == ActKind::send || kind == ActKind::listen || kind == ActKind::check || kind == ActKind::collect;
  }

  Scenario& scenario_;
};

}  // namespace

Scenario yaml::read_scenario(const YAML::Node& root, std::string name) {
  Scenario scenario;
  scenario.name = std::move(name);
  Reader(scenario).read(root);
  return scenario;
}
StoryAct yaml::read_act(const YAML::Node& node, const Scenario& scenario) {
  Scenario around = scenario;
  return Reader(around).act(node);
}
LinkFault yaml::read_fault(const YAML::Node& node) { return Reader::fault(node); }

std::string_view word_of(ActKind kind) {
  for (const Choice<ActKind>& choice : act_words)
    if (choice.value == kind) return choice.word;
  return {};
}

HostId Scenario::find(std::string_view host_name) const {
  for (std::size_t i = 0; i < hosts.size(); ++i)
    if (hosts[i].name == host_name) return HostId(i + 1);
  return 0;
}

std::string ScenarioError::describe() const {
  return line == 0 ? fmt::format("{}: {}", file, problem) : fmt::format("{}:{}:{}: {}", file, line, column, problem);
}

tl::expected<Scenario, ScenarioError> parse_scenario(std::string_view octets, std::string file_name) {
  const auto fail = [&](const YAML::Mark& mark, std::string problem) {
    return tl::unexpected(mark.is_null() ? ScenarioError{file_name, 0, 0, std::move(problem)}
                                         : ScenarioError{file_name, mark.line + 1, mark.column + 1, std::move(problem)});
  };
  try {
    return yaml::read_scenario(YAML::Load(std::string(octets)), std::filesystem::path(file_name).stem().string());
  } catch (const Wrong& what) {
    return fail(what.mark, what.problem);
  } catch (const YAML::Exception& what) {
    return fail(what.mark, "this is not YAML: " + what.msg);
  }
}

tl::expected<Scenario, ScenarioError> read_scenario(const std::filesystem::path& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  if (!in || in.peek() == std::ifstream::traits_type::eof() || !(out << in.rdbuf()))
    return tl::unexpected(ScenarioError{file.string(), 0, 0, errno != 0 ? std::generic_category().message(errno) : "the file is empty"});
  return parse_scenario(out.str(), file.string());
}

}  // namespace glasspost::sim

// A scenario: which hosts, links, zones and users there are, and who does what when. A value, read from YAML that a
// teacher can write (assets/scenarios/README.md says how). Nothing here has begun yet: sim/world.h plays it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "protocol/base/time.h"
#include "protocol/kinds.h"
#include "protocol/trace.h"

namespace glasspost::sim {

// Words for people; wire text is never translated.
struct Words {
  std::string en, es;
  const std::string& in(Language language) const { return language == Language::spanish && !es.empty() ? es : en; }
};

enum class HostKind : std::uint8_t { laptop, phone, pc, mail_server, mx, store, dns };
std::string_view name_of(HostKind);  // "mail server", as scenarios write it
constexpr bool is_device(HostKind kind) { return kind <= HostKind::pc; }

enum class ServiceKind : std::uint8_t { relay, submission, lmtp, imap, pop3, dns };
std::string_view name_of(ServiceKind);
Protocol protocol_of(ServiceKind);

struct ServiceSpec {
  ServiceKind kind = ServiceKind::relay;
  std::uint16_t port = 25;
  TlsMode tls = TlsMode::starttls;
  bool allow_plaintext_login = false;
  Duration greylist{};  // relay: refuse for so long whom it does not know; 0: never
};

// A mail program on a device: whom it works for and by which protocols.
struct MailProgram {
  struct Account {
    ServiceKind kind = ServiceKind::imap;  // imap, pop3 or submission
    std::string server;                    // a host name, looked up in the DNS
    std::uint16_t port = 143;
    TlsMode tls = TlsMode::starttls;
  };
  std::string user, domain, password;      // "bob", "example.org"
  std::optional<Account> fetch, submit;
  bool idle = false;                       // IMAP: waits in IDLE while connected
  bool reads = false;                      // shows what arrives at once, which marks it as read
  bool keeps = false;                      // POP3: leaves on the server what it has collected
};

struct HostSpec {
  HostId id = 0;                  // as the trace numbers it
  std::string key;                // how the scenario refers to it: "alice-laptop"
  HostKind kind = HostKind::laptop;
  std::string name;               // "mail.example.com"; for devices what EHLO's name is not: "Alice's laptop"
  Words label;                    // for people
  std::string address;            // "192.0.2.17"
  float x = 0, y = 0;             // on the map, 0..1 from the top left
  Duration thinking{1000};        // between hearing and answering
  std::vector<ServiceSpec> services;
  std::optional<MailProgram> program;
  std::string domain;             // mail servers, mx, store: whose mail they handle
  std::string delivers_to;        // mx: key of the store that takes its mail by LMTP
  bool running = true;
};

struct FaultSpec {
  FaultKind kind = FaultKind::delay;
  std::optional<HostId> towards;  // only what travels to this end of the link
  std::uint64_t after = 0;        // strikes once so many octets of a connection have passed
  Duration delay{};               // delay: how much longer; stall: how long nothing moves
  std::uint32_t connections = 0;  // how many connections it spoils; 0: all
};

struct LinkSpec {
  HostId a = 0, b = 0;
  Duration latency{};             // one way
  std::uint64_t octets_per_second = 0;  // 0: no limit
  std::vector<FaultSpec> faults;
};

struct ZoneRecord {
  std::string name, type, data;   // "example.org", "MX", "10 mx1.example.org"; name in full
  std::uint32_t ttl = 3600;
};
struct Zone {
  std::string name;               // "example.org"
  std::vector<ZoneRecord> records;
};

struct UserSpec {
  std::string name, domain, password;
  std::string full_name;
};

// What begins a chapter or lets an act happen, besides a time: the first time that ...
enum class Milestone : std::uint8_t {
  start,      // the story begins
  lookup,     // a mail server asks the DNS for an MX
  relay,      // a mail server connects to another
  deliver,    // an MX connects to the store
  delivered,  // the store has put a letter into a mailbox
  seen,       // a letter in the store is marked as read
  removed,    // a letter has gone from the store
  deferred,   // a queue has to try again later
  bounced,    // a letter is sent back
};
inline constexpr int milestone_count = int(Milestone::bounced) + 1;
std::string_view name_of(Milestone);

struct ChapterSpec {
  std::string key;                // "submit": the trace's Note says "chapter:submit"
  Words title;
  Milestone begins = Milestone::start;
};

enum class Deed : std::uint8_t {
  send,        // submits the scenario's letter
  connect,     // IMAP: logs in, opens INBOX, fetches what is new, stays (in IDLE if the program does that)
  check,       // POP3: collects (and deletes, unless it keeps). IMAP: NOOP, and fetches what is new; connects if need be
  read,        // marks the newest message of its copy as read
  unread,
  remove,      // IMAP: \Deleted and EXPUNGE of the newest message of its copy. POP3: removes its copy
  disconnect,  // leaves (LOGOUT, QUIT)
  stop,        // the host goes down: connections are lost, nobody answers
  start,       // and up again
};
std::string_view name_of(Deed);

struct ActSpec {
  std::string key;                // "phone-reads": the trace's Note says "act:phone-reads"
  HostId who = 0;
  Deed does = Deed::send;
  Duration at{};                  // from the start, or from the milestone
  std::optional<Milestone> after; // not before the first time that this happened
  Words words;                    // what a person would call it; may be empty
};

struct LetterSpec {
  std::string from;               // reverse-path
  std::vector<std::string> to;
  std::string text;               // the whole message; line ends are CRLF
};

struct Scenario {
  std::string name;               // "first-letter"
  Words title, about;
  Instant start{};
  std::uint64_t seed = 1;
  std::vector<HostSpec> hosts;    // HostId n is hosts[n-1]
  std::vector<LinkSpec> links;
  std::vector<Zone> zones;
  std::string dns_server;         // its address
  std::vector<UserSpec> users;
  std::vector<ChapterSpec> chapters;
  std::vector<ActSpec> acts;
  LetterSpec letter;
  Duration retry{30min};          // queues: the first wait; it doubles each time
  Duration expiry{120h};          // and when they give up

  const HostSpec* find(std::string_view key) const;
  const HostSpec& host(HostId id) const { return hosts[id - 1u]; }
};

struct ScenarioError {
  std::string file;
  std::size_t line = 0, column = 0;  // from 1
  std::string wrong, right;          // English: "no host is called \"bobs-phone\"", "one of: bob-phone, bob-pc"
  std::string text() const;          // "first-letter.yaml:12:9: no host ...; one of: ..."
};

// `name`: what the scenario is called; `file`: for errors.
tl::expected<Scenario, ScenarioError> parse_scenario(std::string_view yaml, std::string name, std::string file);

// Line ends become CRLF; a last one is added if there is none.
std::string wire_text(std::string_view text);

}  // namespace glasspost::sim

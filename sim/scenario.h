// A scenario: a world as a teacher writes it down, in YAML. assets/scenarios/README.md describes the format.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "protocol/base/time.h"
#include "protocol/flaws.h"
#include "protocol/imap/extensions.h"
#include "protocol/kinds.h"
#include "protocol/sasl/mechanism.h"
#include "protocol/smtp/extensions.h"
#include "protocol/trace.h"
#include "sim/link.h"
#include "sim/redirect.h"
#include "sim/store/quota.h"

namespace glasspost::sim {

struct BothLanguages {
  std::string english, spanish;
  const std::string& in(Language language) const { return language == Language::spanish ? spanish : english; }
};

enum class HostKind : std::uint8_t { laptop, phone, computer, server, store, dns };

// What a host does about STARTTLS when it is the client.
enum class TlsPolicy : std::uint8_t {
  none,     // never asks for it
  attempt,  // takes what is offered, unchecked, and goes on in clear without (RFC 7435)
  require,  // goes no further without it, or when the server is not to be trusted
};

// How the certificate that a server shows stands.
enum class CertificateState : std::uint8_t { valid, expired, not_yet_valid, wrong_name, unknown_authority, self_signed };

enum class TlsVersions : std::uint8_t { both, only_1_2, only_1_3 };

struct ServiceDescription {
  Protocol protocol = Protocol::smtp;
  std::uint16_t port = 0;
  TlsMode tls = TlsMode::plaintext;
  bool submission = false;             // SMTP: login needed
  bool allow_plaintext_login = false;
  imap::ExtensionSet imap_extensions = imap::ExtensionSet::everything();  // IMAP: what is offered
  smtp::Extensions extensions = {};    // SMTP, LMTP: what is offered besides
  std::uint32_t max_recipients = 1000; // SMTP, LMTP: of one letter
  bool utf8 = false, languages = false;  // POP3: UTF8 and LANG
  std::vector<sasl::Mechanism> mechanisms = {};  // how people may log in; empty: as it is without saying
};

struct HostDescription {
  std::string name;                    // "mail.example.com": unique; a device's may be any word
  BothLanguages label;                 // as the map names it
  HostKind kind = HostKind::server;
  std::string address;                 // IPv4
  std::string address6;                // IPv6, as RFC 5952 writes it; empty: it has none
  double x = 0.5, y = 0.5;             // on the map, 0 to 1
  std::string owner;                   // a device's: the user's address, "bob@example.org"
  SyncWay sync = SyncWay::plain;       // a device's: how it catches up by IMAP after it was away, if the server can
  bool compress = false;               // a device's: it asks for COMPRESS=DEFLATE where that can be had
  std::vector<ServiceDescription> services;
  std::string domain;                  // for which it takes mail: "example.org"
  std::string deliver_to;              // the host that gets that domain's mail by LMTP; empty: it holds the mailboxes itself
  std::uint32_t greylist = 0;          // the first so many tries of a letter get 451,
  Duration greylist_for{};             // and all of them until so long after the first
  Quota quota = {};                    // of each user whose mailboxes are here
  std::vector<Redirect> redirects;     // a server's: aliases, forwarding, lists
  std::vector<Vacation> vacations;     // and who is away
  std::optional<TlsPolicy> tls_policy; // as it is: a device requires, a server attempts
  CertificateState certificate = CertificateState::valid;
  TlsVersions tls_versions = TlsVersions::both;
  bool tickets = false;                // a server's: whoever comes back may resume
  Flaws flaws;                         // a server's: what is broken in it on purpose, in all its services that can have it
};

struct ZoneRecord {
  std::string name, type, value;       // "example.org", "MX", "10 mx1.example.org"
  std::uint32_t ttl = 3600;
};

// What a letter's sender wishes of the servers on its way, as parameters of MAIL and RCPT.
struct LetterWishes {
  smtp::MailWishes mail = {};
  smtp::RcptWishes recipient = {};
};

struct LetterDescription {
  std::string sender, recipient;       // the envelope
  std::string text;                    // headers and body, lines end in CRLF
  LetterWishes wishes = {};
};

struct UserDescription {
  std::string address, password;       // "bob@example.org"
};

enum class ActKind : std::uint8_t {
  send,     // SMTP: submits the letter
  listen,   // IMAP: log in, fetch what is new, then IDLE
  check,    // IMAP: log in if need be, fetch what is new, stay connected and quiet
  noop,     // IMAP: NOOP on the open connection
  expunge,  // IMAP: mark everything \Deleted and EXPUNGE
  collect,  // POP3: fetch everything; `remove`: and delete it from the server
  leave,    // log out
  type,     // a person types to a server, line by line; each waits for the answer to the one before
  note,     // nothing but the chapter
  unplug,   // the network is gone: what was connected breaks off
  lose,     // the device is gone with all it held; a new and empty one is in its place
  reinstall,  // its mail program begins anew: POP3 forgets what was ever fetched, but keeps the letters; IMAP's copies go
  // With one message of the device's own list. IMAP tells the server, at once or, offline, when it is connected again;
  // a POP3 program changes nothing but its own copy.
  read, unread, flag, unflag,
  move,     // to the mailbox `to`, which is made if need be
  erase,    // IMAP: \Deleted and UID EXPUNGE
};
std::string_view word_of(ActKind);    // as a scenario says it: "collect"; empty for a note
constexpr bool is_about_one_message(ActKind kind) { return kind >= ActKind::read; }

// The first time that something happens in a world, whatever the time is: acts that wait for it keep in step with a
// story that was slowed down.
enum class Event : std::uint8_t {
  accepted, deferred, bounced,         // a letter in a queue
  delivered, seen, removed,            // a letter in a server's mailbox
  fetched, lost,                       // a letter on a device
};
struct Milestone {
  Event event = Event::delivered;
  HostId host = 0;                     // there; 0: wherever
};

// Something that a device does at a time of the story.
struct StoryAct {
  Duration at{};                       // after the start, or after the milestone
  std::optional<Milestone> after;
  std::string chapter;                 // a key of `chapters`; empty: none begins here
  ActKind kind = ActKind::note;
  std::string device;
  // Where it connects to. `noop`, `expunge` and `leave` use the connection that is open.
  std::string server;
  std::uint16_t port = 0;
  TlsMode tls = TlsMode::starttls;
  bool remove = false;
  bool mark_read = false;              // listen, check: fetching marks as \Seen
  bool headers_first = false;          // listen, check: headers are fetched; the rest of a message when it is read
  bool allow_plaintext = false;        // log in without TLS if there is none
  std::string mailbox = "INBOX";       // IMAP: which one is listened to, checked, or has the message
  std::string message;                 // acts with one message: its Message-ID; empty: the newest
  std::string to;                      // move
  std::string letter;                  // send: a key of `letters`; empty: the letter
  // type: each is sent as it is, and CRLF behind it. Without a server they go over the connection that is open.
  std::vector<std::string> says;
  Protocol protocol = Protocol::smtp;  // type: what is spoken at that port
};

// A chapter of the story begins with an act that names it, or by itself with the first connection of a kind.
enum class ChapterStart : std::uint8_t {
  act,
  lookup,   // DNS
  relay,    // SMTP between servers
  delivery, // LMTP
};
struct Chapter {
  BothLanguages title;
  ChapterStart begins = ChapterStart::act;
};

struct LetterEnvelope {
  std::string reverse_path;            // empty: <>
  std::vector<std::string> recipients;
};

struct Scenario {
  std::string name;                    // the file's, without its ending
  BothLanguages title, summary;
  Instant start{};
  std::uint64_t seed = 1;
  double speed = 0.02;                 // of virtual to real time, to begin with
  Duration think = 2ms;                // what a host needs before it answers
  std::vector<HostDescription> hosts;  // HostId is the place in here, from 1
  std::vector<Link> links;             // those that differ from `latency`
  Duration latency = 24ms;
  std::vector<ZoneRecord> records;
  std::vector<UserDescription> users;
  std::map<std::string, Chapter, std::less<>> chapters;
  std::vector<StoryAct> story;
  std::string sender, recipient;       // who writes the letter of the story, and to whom: its envelope too
  std::optional<LetterEnvelope> envelope;  // if somebody addressed the letter otherwise
  std::string letter;                  // headers and body, lines end in CRLF
  LetterWishes wishes;                 // of that letter
  std::map<std::string, LetterDescription, std::less<>> letters;  // more of them, by key
  Duration retry_after = 30min;        // of the queues
  Duration give_up_after = std::chrono::hours{24 * 5};
  Duration delay_notice_after{};       // 0: a sender is told of a delay only if they asked for that

  HostId find(std::string_view host) const;  // 0: there is none
  const HostDescription& host(HostId id) const { return hosts[id - 1U]; }
};

struct ScenarioError {
  std::string file;
  int line = 0, column = 0;            // from 1; 0: the file as a whole
  std::string problem;                 // what is wrong, and what would be right
  std::string describe() const;        // "first-letter.yaml:12:3: …"
};

tl::expected<Scenario, ScenarioError> parse_scenario(std::string_view yaml, std::string file_name);
tl::expected<Scenario, ScenarioError> read_scenario(const std::filesystem::path&);

}  // namespace glasspost::sim

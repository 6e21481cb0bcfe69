// The same mail read (or sent) in clear, after STARTTLS, and by implicit TLS: what somebody who listens on the way has
// afterwards, and what had to be said first. Found by looking for the words in what the wire carried.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "sim/comparison/counts.h"
#include "sim/comparison/world.h"
#include "sim/world.h"

namespace glasspost::sim::comparison {

inline constexpr TlsMode all_modes[] = {TlsMode::plaintext, TlsMode::starttls, TlsMode::implicit};

enum class Secret : std::uint8_t {
  server,    // the name of the server, as the client or its certificate says it
  software,  // the server's greeting
  user,
  password,  // as it is, or in the base64 of AUTH PLAIN
  commands,  // the verb that fetches or sends the letter
  subject,
  body,
  size,      // how many octets passed: never hidden
};
inline constexpr Secret all_secrets[] = {Secret::server, Secret::software, Secret::user, Secret::password,
                                         Secret::commands, Secret::subject, Secret::body, Secret::size};

struct Leak {
  Secret secret;
  bool leaks = false;
  RecordId record = no_record;   // leaks: what the wire carried when it could be read for the first time
  std::string seen;              // the words as they were read; empty for the password
};

// One round trip on the way to the first command: what was said, and whether it can be read.
struct RoadStep {
  std::string word;              // "TCP", "TLS", "+OK", "* OK", "220", "CAPA", "STARTTLS"
  bool tls = false, exposed = false;
  friend bool operator==(const RoadStep&, const RoadStep&) = default;
};

struct Secrecy {
  TlsMode mode = TlsMode::plaintext;
  std::vector<Leak> leaks;       // one for each of all_secrets
  std::uint64_t octets = 0, handshake_octets = 0;
  std::uint64_t trips = 0;       // in all
  std::uint64_t trips_to_command = 0;     // before the first command that the policy lets out for good: not on the way to TLS
  std::uint64_t trips_to_login = 0;
  Duration to_command{}, to_login{}, to_end{};  // after the connection was opened
  RecordId command = no_record, login = no_record;  // the records that said them
  std::vector<RoadStep> road;    // to the first command
  bool digest = false;           // the login was APOP or CRAM-MD5: a digest in place of the password (RFC 1939 section 7, RFC 2195)
};

class SecrecyRun {
 public:
  // `protocol`: POP3 or IMAP (the laptop fetches one letter), or SMTP (Alice submits one).
  SecrecyRun(Protocol, TlsMode, std::uint64_t seed);
  SecrecyRun(const SecrecyRun&) = delete;
  SecrecyRun& operator=(const SecrecyRun&) = delete;

  bool work();                   // a slice. True: there is more
  void finish() { while (work()) {} }
  bool finished() const { return finished_; }
  const Secrecy& result() const { return result_; }
  const Trace& trace() const { return trace_; }
  const World& world() const { return world_; }
  const Setting& setting() const { return setting_; }
  // The connection that is looked at.
  ConnectionId connection() const { return connection_; }

 private:
  void evaluate();
  void find_commands();
  void find_road();
  Leak find(Secret) const;
  Leak find_words(Secret, std::initializer_list<std::string_view>) const;

  Setting setting_;
  Scenario scenario_;
  Trace trace_;
  World world_;
  bool begun_ = false, finished_ = false;
  ConnectionId connection_ = 0;
  Secrecy result_;
};

}  // namespace glasspost::sim::comparison

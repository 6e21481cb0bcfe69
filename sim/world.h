// The world: hosts with their services, mailboxes, queues and devices, the links between them, and the story that is
// played in it. Everything that happens is in the trace; one scenario, one seed and one list of actions give one trace.
//
// Going back is not undoing: build a new World from the same scenario and seed, and replay() the actions up to there.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/trace.h"
#include "sim/scenario.h"

namespace glasspost::sim {

class Service;
class Store;
class Users;
class Queue;

using ConsoleId = std::uint32_t;  // counts from 1, in the order of opening

// ---- What a person can do. Values, so that they can be kept and done again.
struct SendLetter {
  HostId from_host = 0;          // a device whose program submits
  std::string from;              // reverse-path; empty: the program's user
  std::vector<std::string> to;
  std::string text;              // the whole message, as written or as an .eml has it; line ends are made CRLF
};
struct DeviceDoes {
  HostId device = 0;
  Deed deed = Deed::check;       // send: the scenario's letter
  std::uint32_t uid = 0;         // read, unread, remove: which message of its copy; 0: the newest
};
struct OpenConsole {
  HostId from = 0, to = 0;
  std::uint16_t port = 25;
};
struct TypeText {
  ConsoleId console = 0;
  std::string octets;            // exactly what is sent; the caller adds the CRLF
};
struct HangUp { ConsoleId console = 0; };
struct SetFault {
  std::size_t link = 0;          // index into Scenario::links
  FaultSpec fault;
};
struct ClearFaults { std::size_t link = 0; };
struct RunHost {
  HostId host = 0;
  bool running = true;
};
using Doing = std::variant<SendLetter, DeviceDoes, OpenConsole, TypeText, HangUp, SetFault, ClearFaults, RunHost>;
struct Action {
  Instant at{};
  Doing what;
};

// ---- What views may know beside the trace.
struct Port {
  std::uint16_t number = 0;
  ServiceSpec spec;
};

// What a console's server waits for.
enum class Awaits : std::uint8_t {
  line,          // a command
  continuation,  // the answer to a challenge (SMTP 334, IMAP and POP3 "+"), or "DONE"
  content,       // the letter behind 354, up to the lone dot
  literal,       // IMAP: octets of a literal
  nothing,       // it is not open (any more), or TLS is being set up
};
struct ConsoleState {
  ConsoleId id = 0;
  ConnectionId connection = 0;
  HostId from = 0, to = 0;
  std::uint16_t port = 0;
  Protocol protocol = Protocol::smtp;
  bool open = false;             // the connection stands
  bool over = false;             // it has stood, or could not
  bool sealed = false;           // inside TLS
  Awaits awaits = Awaits::nothing;
  std::uint64_t literal_left = 0;
  std::string problem;           // why it could not be opened, or TLS failed: English
};

class World {
 public:
  // `trace` must outlive the world; the scenario is copied. The acts of the story are scheduled at once.
  World(const Scenario&, std::uint64_t seed, Trace& trace);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Instant now() const;
  bool step();                   // everything of the next moment at which something happens; false: nothing will
  void run_until(Instant);
  // Up to the moment after which nothing more happens by itself, at most to `limit`. False: the limit came first.
  bool run_to_end(Instant limit);
  bool idle() const;             // nothing more happens by itself (time-outs of quiet connections do not count)
  std::optional<Instant> end_of_story() const;  // when the world last fell idle; nothing: it is not idle
  std::optional<Instant> next_event() const;

  // Does it now. False, with nothing done and nothing kept: there is no such host, link, console or message.
  bool act(const Doing&);
  const std::vector<Action>& actions() const;
  // In a fresh world: runs to each action's moment and does it again; then runs to `until`.
  void replay(std::span<const Action>, Instant until);

  const Scenario& scenario() const;
  std::uint64_t seed() const;
  bool is_running(HostId) const;
  std::vector<Port> ports(HostId) const;
  std::span<const LinkSpec> links() const;       // with the faults that are set now
  const Store* store(HostId) const;              // null: it keeps no mailboxes
  const Users* users(HostId) const;              // null: nobody logs in there
  const Queue* queue(HostId) const;              // null: it relays nothing
  Service* service(HostId, std::uint16_t port);  // null: nobody listens there
  std::span<const ConsoleState> consoles() const;
  const ConsoleState* console(ConsoleId) const;
  std::string authority_pem() const;             // the certificate that this world's hosts trust

 private:
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

}  // namespace glasspost::sim

// A person's device with its mail program: it submits, listens, checks, collects, as the story or a person tells it, and
// keeps its own copies of letters. Every change of a copy is a StoreChanged record whose holder is the device.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "protocol/endpoint.h"
#include "protocol/smtp/client.h"
#include "sim/id_set.h"
#include "sim/lookup.h"
#include "sim/network.h"
#include "sim/scenario.h"

namespace glasspost::sim {

struct DeviceCopy {
  std::string mailbox = "INBOX";
  std::uint32_t uid = 0;       // IMAP; 0: POP3
  std::string unique_id;       // POP3's UIDL
  std::string flags, subject, key;
  std::uint32_t octets = 0;    // that are held here
  std::uint32_t sequence = 0;  // IMAP: while connected
  bool whole = true;           // false: IMAP, and only its header has been fetched
  std::uint64_t modseq = 0;    // IMAP with CONDSTORE; 0: not told
};

class Device {
 public:
  struct Settings {
    HostId host = 0;
    std::string address;       // the owner's: "bob@example.org"
    std::string user, password;
    TlsPolicy policy = TlsPolicy::require;  // where an act says STARTTLS
    SyncWay sync = SyncWay::plain;
    bool compress = false;  // IMAP, where it can be had
  };
  Device(Settings, Network&);
  ~Device();

  // At once. An act with one message does nothing if the list has no such message.
  // `letter`, `sender`, `recipient`: what `send` submits.
  void perform(const StoryAct&, const Scenario&);

  // Lets go of so many copies without a word: the world ends, in pieces. False: there are none left.
  bool shed(std::size_t copies);

  const std::vector<DeviceCopy>& copies() const { return copies_; }
  const Settings& settings() const { return settings_; }

 private:
  class Imap;
  class Pop3;
  class Submission;
  class Typist;

  // What a person does with one message of the list.
  struct Change {
    ActKind kind = ActKind::read;
    DeviceCopy copy;
    std::string to;            // move
  };
  void change(const StoryAct&);
  void apply(const Change&);   // to the device's own copy
  void postpone(Change);       // there is no connection: apply it, and tell the server next time
  void set_flag(std::size_t index, std::string_view flag, bool on);
  bool is_connected() const;   // by IMAP
  void unplug();
  void begin_anew(bool lost);
  Endpoint::Settings endpoint_for(const StoryAct&, ConnectionId) const;
  bool may_say_passwords_open(const StoryAct&) const;
  // No TLS where it must be: the person is told that the device went no further.
  void tell_no_starttls(ConnectionId, RecordId cause);
  // Asks the DNS for the act's server, and connects to its addresses in turn until somebody takes the connection.
  using Make = std::function<std::unique_ptr<ClientPeer>(Endpoint::Settings, const FoundHost&, std::function<void()> refused)>;
  void reach(const StoryAct&, Make);
  void dial_next(const StoryAct&, std::deque<FoundHost>, const Make&);
  void connect_imap(const StoryAct&);
  void collect(const StoryAct&);
  void type(const StoryAct&);
  // Letters that wait for one door of one server go over one connection, one after the other.
  struct Outbox {
    std::deque<smtp::OutgoingLetter> letters;
    bool is_going = false;     // somebody is on the way to the server, or there
  };
  using Door = std::tuple<std::string, std::uint16_t, TlsMode, bool>;
  static Door door_of(const StoryAct& act) { return {act.server, act.port, act.tls, act.allow_plaintext}; }
  void submit(const StoryAct&, const Scenario&);
  void go_out(const StoryAct&);
  std::optional<smtp::OutgoingLetter> next_letter(const StoryAct&);
  void submission_ended(const StoryAct&);
  std::string nonce() const;  // for SCRAM
  RecordId record(StoreChange, const DeviceCopy&, RecordId cause, ConnectionId);
  void keep(DeviceCopy, RecordId cause, ConnectionId);
  void drop(std::size_t index, RecordId cause, ConnectionId);
  std::size_t drop_all(const std::function<bool(const DeviceCopy&)>&, RecordId cause, ConnectionId);  // how many

  Settings settings_;
  Network& network_;
  std::vector<DeviceCopy> copies_;
  std::vector<DeviceCopy> gone_;    // what was held before: let go of a few at a time, for of 100,000 that would be felt
  std::vector<Change> postponed_;
  // IMAP: what is remembered of each mailbox while the device is away.
  struct Remembered {
    std::uint32_t uid_validity = 0;
    std::uint64_t modseq = 0;       // up to which all that changed is known; 0: nothing is
  };
  std::map<std::string, Remembered, std::less<>> remembered_;
  IdSet collected_;                                             // POP3: unique ids of what was ever fetched
  std::map<Door, Outbox> outboxes_;
  bool looking_up_ = false;         // the IMAP server's address: what is wanted of the connection waits
  std::vector<StoryAct> waiting_;
  unsigned unplugged_ = 0;          // so often; who then still looks something up gives up
  Imap* imap_ = nullptr;            // owned by its carrier, which `line_` holds
  std::shared_ptr<Carrier> line_;
  Typist* typist_ = nullptr;        // owned by its carrier, which `typing_line_` holds
  std::shared_ptr<Carrier> typing_line_;
};

}  // namespace glasspost::sim

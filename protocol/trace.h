// The trace: an append-only record of everything that happened. Views, exports, goals and tests read nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/base/time.h"
#include "protocol/kinds.h"

namespace glasspost {

using RecordId = std::uint64_t;      // counts from 0, never reused
using ConnectionId = std::uint32_t;  // counts from 1; 0: none
using HostId = std::uint16_t;        // counts from 1; 0: none
inline constexpr RecordId no_record = std::numeric_limits<RecordId>::max();

// Octets kept by the trace: read them with Trace::bytes().
struct Bytes {
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
};

enum class Layer : std::uint8_t {
  clear,   // on the wire as it was said
  inside,  // said inside TLS or compressed; what the wire carried is a Layer::wire record
  wire,    // TLS records, or compressed words, as the wire carried them
};

struct Opened {
  HostId client = 0, server = 0;
  Protocol protocol = Protocol::smtp;
  TlsMode tls = TlsMode::plaintext;
  bool client_is_ours = true, server_is_ours = true;  // whose `Sent` we can record; the other's words only arrive
  bool datagrams = false;                             // each record is one message (DNS over UDP)
  std::uint16_t client_port = 0, server_port = 0;
  Bytes client_name, server_name;
};
struct Sent    { Side from; Layer layer; Bytes bytes; };
struct Arrived { Side from; Layer layer; Bytes bytes; };  // `from`: who said it
struct Dropped { Side from; Bytes bytes; };               // never arrived: cut off by a fault
// One handshake message or alert, decrypted, or the mere fact of the application data that carried the `inside` before it.
struct TlsRecord {
  Side from;
  std::uint8_t content_type;     // 20 change cipher spec, 21 alert, 22 handshake, 23 application data
  bool encrypted;                // an eavesdropper saw only ciphertext
  std::uint32_t wire_octets;     // of the records that carried it, headers included; 0: it shares the one before it
  Bytes message;                 // the plaintext handshake message or alert
};
struct TlsUp { Bytes facts; };     // TlsFacts, as encode(TlsFacts) writes them
struct TlsFailed { Side at; Bytes reason; Bytes facts = {}; };  // facts: empty if no certificate was shown
struct Closed { Side from; bool reset; };

enum class StoreChange : std::uint8_t {
  added, flags, expunged, read_back, created, deleted, renamed, cleared,
  body,  // a device that had a message's header alone has fetched the rest; `octets`: of that rest
};
// A mailbox changed: the server's (holder is the store's host) or a device's own copy.
struct StoreChanged {
  StoreChange change;
  HostId holder = 0;
  Bytes user, mailbox;
  std::uint32_t uid = 0;         // POP3 devices: 0
  std::uint32_t sequence = 0;
  std::uint32_t octets = 0;
  std::uint32_t uid_validity = 0, uid_next = 0;  // of the mailbox, after the change; 0: not known to the holder
  std::uint32_t modseq = 0;      // RFC 7162: the message's, or of its going; 0: likewise; beyond 32 bits the greatest
  Bytes flags;                   // "\Seen \Answered"
  Bytes subject;
  Bytes key;                     // what is the same for every copy of one letter: its Message-ID
  Bytes unique_id;               // POP3 devices: as UIDL told it
};
// How a device that was away finds out what has changed: every flag of every message is asked for; or what has changed since
// (CONDSTORE), and what is still there; or all is told with the SELECT (QRESYNC).
enum class SyncWay : std::uint8_t { plain, condstore, qresync };
constexpr std::string_view name_of(SyncWay way) {
  return way == SyncWay::qresync ? "QRESYNC" : way == SyncWay::condstore ? "CONDSTORE" : "plain";
}
// A device knows again what its copy of a mailbox lacked, and this is what it took, new messages apart.
struct Synced {
  HostId holder = 0;
  Bytes user, mailbox;
  SyncWay way = SyncWay::plain;
  std::uint32_t round_trips = 0;
  std::uint64_t said = 0, heard = 0;  // octets of the IMAP dialogue
  std::uint64_t modseq = 0;           // up to which all is known now; 0: the device does not follow that
};
enum class QueueChange : std::uint8_t {
  accepted, attempt, deferred, delivered, bounced, expired,
  held, released,  // by whoever keeps the queue: it waits until it is released
  dropped,         // likewise: thrown away, and nobody is told
};
struct QueueChanged {
  QueueChange change;
  HostId host = 0;
  std::uint32_t letter = 0;      // the queue's number for it
  Instant next_try{};            // deferred
  Bytes reverse_path, recipient, reply, queue_id;
};
enum class FaultKind : std::uint8_t { delay, stall, reset, truncate, refuse, strip };
struct FaultInjected { FaultKind kind; Side towards; Duration delay; };
// Somebody on the way changed what was said: as many octets arrive, and others. The cause is the Sent record.
struct Tampered { Side from; Bytes said, heard; };
struct Note { HostId host = 0; Bytes text; };  // "chapter:submit", "act:send": read by views, keyed, never shown raw

using What = std::variant<Opened, Sent, Arrived, Dropped, TlsRecord, TlsUp, TlsFailed, Closed, StoreChanged,
                          QueueChanged, FaultInjected, Tampered, Note, Synced>;

struct Record {
  Instant at;
  RecordId cause = no_record;
  ConnectionId connection = 0;
  What what;
};

class Trace {
 public:
  // Keeps at most about `limit` octets of text and records; the oldest are forgotten first. 0: no limit.
  explicit Trace(std::size_t limit = 0);
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  ConnectionId next_connection() { return ++connections_; }
  Bytes keep(std::string_view octets);  // stores octets and says where; at most 4 GiB at a time
  RecordId append(Record);

  RecordId first() const { return first_; }                        // the oldest that is still kept
  RecordId end() const { return first_ + records_.size(); }        // one past the newest
  std::size_t size() const { return records_.size(); }
  bool holds(RecordId id) const { return id >= first_ && id < end(); }
  const Record& operator[](RecordId id) const { return records_[std::size_t(id - first_)]; }
  // Empty if those octets were forgotten.
  std::string_view bytes(Bytes) const;
  std::uint64_t forgotten() const { return first_; }               // how many records
  std::size_t memory() const;                                      // octets held, text and records

 private:
  struct Chunk {
    std::uint64_t begin;
    std::string octets;
    RecordId last_user;  // the newest record when this chunk was last written to
  };
  void forget();

  std::size_t limit_;
  RecordId first_ = 0;
  ConnectionId connections_ = 0;
  std::deque<Record> records_;
  std::deque<Chunk> chunks_;
  std::uint64_t written_ = 0;
  std::size_t held_ = 0;
};

}  // namespace glasspost

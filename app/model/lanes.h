// One connection as three lanes that share their rows: what the application said, the TLS records that carried it, and what
// somebody who listens has of it. Folded record by record and kept, so that a frame walks nothing.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/conversation.h"
#include "protocol/tls/facts.h"

namespace glasspost::app {

enum class LaneKind : std::uint8_t {
  said,      // in clear
  attack,    // somebody on the way strips STARTTLS
  begins,    // from here on, TLS
  records,   // one handshake message in clear, or a flight of encrypted ones; an alert; ChangeCipherSpec under TLS 1.2
  carried,   // application data
  refused,   // the client goes no further without TLS
  failed,    // TLS did not come up, or broke
  gap,       // rows that are no longer kept
};
// What a listener makes out of the records of a row, besides their sizes and times.
enum class Reading : std::uint8_t { nothing, type, server_name, cipher, certificate, group, ticket, alert, compatibility };

// Octets of a Sent or Arrived record.
struct WirePiece {
  RecordId record = no_record;
  std::uint32_t offset = 0, size = 0;
};

struct LaneRow {
  LaneKind kind = LaneKind::said;
  Side from = Side::client;
  std::uint8_t content_type = 0;
  bool encrypted = false;
  bool folded = false;             // a compatibility record of six octets is counted in, RFC 8446 section D.4
  Reading reading = Reading::nothing;
  std::uint32_t records = 0;       // of TLS
  std::uint32_t octets = 0;        // what the wire carried
  std::uint32_t messages = 0;      // of them the first and the last
  MessageId first = 0, last = 0;
  Instant at{};
  WirePiece wire;                  // where its first record begins; of this Sent or Arrived record alone
  std::string read;                // the name, the cipher, ... that a listener reads; why TLS failed
  std::uint64_t hidden = 0;        // gap: rows
  std::uint32_t top = 0;           // the height of all rows before it, in steps
};
// In steps of 4 logical pixels.
constexpr std::uint32_t height_of(const LaneRow& row) {
  return row.kind == LaneKind::records || row.kind == LaneKind::carried ? 11 : row.kind == LaneKind::said ? 7 : 6;
}

class Lanes {
 public:
  static constexpr std::size_t most_rows = 4000;  // the oldest but the first few hundred give way

  // Takes in what is new of this connection; another one, or another trace, starts over.
  void update(const Trace&, const Conversations&, ConnectionId);
  void clear();
  // Compatibility records have rows of their own; from the next update() on.
  void unfold(bool on);
  bool unfolded() const { return unfolded_; }

  ConnectionId connection() const { return connection_; }
  const std::vector<LaneRow>& rows() const { return rows_; }
  std::size_t rows_until(Instant cursor) const;
  std::uint32_t height_until(std::size_t rows) const;  // in steps
  std::optional<std::size_t> row_of(MessageId, Side from) const;
  const std::optional<TlsFacts>& facts() const { return facts_; }
  bool under_attack() const { return attacked_; }
  // Handshake messages and alerts in their order, with the records that carried them, encrypted or not.
  const std::map<MessageId, WirePiece>& handshake() const { return handshakes_; }
  std::optional<WirePiece> wire_of(MessageId) const;

 private:
  struct Waiting {  // for octets of the wire
    std::uint64_t row;  // counted from the beginning
    std::optional<MessageId> message;
    std::uint32_t octets;
    bool folded;
  };
  struct Direction {
    std::deque<Waiting> waiting;
    std::deque<WirePiece> wire;
    std::deque<MessageId> sealed, handshake;  // said, and their records not met yet
    std::uint32_t before = 0;                 // octets of a compatibility record to be counted in
  };
  void fold(const Trace&, RecordId, const Conversation&);
  void messages_until(const Conversation&, RecordId, Instant);
  void tls_record(const Trace&, RecordId, const TlsRecord&, const Conversation&);
  void message(const Trace&, Instant, const TlsRecord&, const Conversation&);
  void carried(Instant, const TlsRecord&);
  void compatibility(Instant, const TlsRecord&);
  void wire(Direction&);
  LaneRow& add(LaneRow);
  LaneRow* last_of(Side, Instant, LaneKind);
  void make_room();

  const Trace* trace_ = nullptr;
  ConnectionId connection_ = 0;
  RecordId seen_ = 0;
  MessageId next_ = 0;
  std::vector<LaneRow> rows_;
  std::uint64_t dropped_ = 0;       // rows that are counted in the gap
  std::array<Direction, 2> directions_;
  std::map<MessageId, WirePiece> handshakes_;
  std::optional<TlsFacts> facts_;
  bool begun_ = false, newest_ = false, attacked_ = false, unfolded_ = false;
};

}  // namespace glasspost::app

#include "app/model/lanes.h"

#include <algorithm>

#include "protocol/tls/certificate.h"
#include "protocol/tls/handshake.h"
#include "protocol/tls/names.h"

namespace glasspost::app {
namespace {

constexpr std::size_t first_kept = 200, dropped_at_once = 1000;
constexpr std::size_t most_waiting = 100'000;
constexpr Duration last_words = std::chrono::minutes{1};  // of the other end, still under way when one has closed
constexpr std::uint8_t change_cipher_spec = 20, alert = 21, handshake_type = 22, application_data = 23;

// RFC 8446 section 4.2.1: the true version stands in an extension of the ServerHello.
bool chooses_1_3(std::string_view server_hello) {
  return server_hello.find(std::string_view("\x00\x2b\x00\x02\x03\x04", 6)) != std::string_view::npos;
}

struct Read {
  Reading reading = Reading::type;
  std::string text;
};

// What somebody who listens makes out of a handshake message in clear.
Read read_message(std::string_view message, const Conversation& conversation, const Message& said) {
  if (message.empty()) return {};
  const auto token = [&](Role role) -> std::string_view {
    for (const Token& each : conversation.tokens(said))
      if (each.role == role) return each.span.of(conversation.text(said));
    return {};
  };
  switch (static_cast<std::uint8_t>(message[0])) {
    case 1: return {Reading::server_name, std::string(token(Role::tls_server_name))};
    case 2: return {Reading::cipher, std::string(tls_token_name(Role::tls_cipher_suite, token(Role::tls_cipher_suite)))};
    case 4: return {Reading::ticket, {}};
    case 11: {
      const auto facts = certificate_facts(token(Role::tls_certificate));
      return {Reading::certificate, facts ? facts->subject : std::string()};
    }
    case 12: {
      const TlsDissection dissection = dissect_tls_message(handshake_type, message);
      for (const TlsField& field : dissection.fields)
        if (field.name == "namedcurve") return {Reading::group, field.value.substr(0, field.value.size() - 1).substr(field.value.find('(') + 1)};
      return {};
    }
    default: return {};
  }
}

}  // namespace

void Lanes::clear() {
  const bool unfolded = unfolded_;
  *this = {};
  unfolded_ = unfolded;
}

void Lanes::unfold(bool on) {
  if (std::exchange(unfolded_, on) != on) clear();
}

void Lanes::update(const Trace& trace, const Conversations& conversations, ConnectionId connection) {
  const Conversation* conversation = conversations.find(connection);
  if (&trace != trace_ || connection != connection_ || !conversation) {
    clear();
    if (!conversation) return;
    trace_ = &trace;
    connection_ = connection;
    if (conversation->size() > 0) seen_ = conversation->message(0).record;
    // What happens to a connection before anybody speaks: a fault on its link. A few records, not the trace.
    for (int back = 0; back < 64 && seen_ > trace.first() && !std::holds_alternative<Opened>(trace[seen_].what); ++back) --seen_;
  }
  // A while behind its end nothing is said of a connection any more, however long the trace goes on.
  const Instant end = conversation->closed_at() == Instant::max() ? Instant::max() : conversation->closed_at() + last_words;
  for (seen_ = std::max(seen_, trace.first()); seen_ < trace.end() && trace[seen_].at <= end; ++seen_)
    if (trace[seen_].connection == connection) fold(trace, seen_, *conversation);
}

void Lanes::fold(const Trace& trace, RecordId id, const Conversation& conversation) {
  const Record& record = trace[id];
  messages_until(conversation, id, record.at);
  const auto piece = [&](Side from, Layer layer, Bytes bytes, bool sent) {
    const bool ours = from == Side::client ? conversation.opened().client_is_ours : conversation.opened().server_is_ours;
    if (layer != Layer::wire || sent != ours) return;
    Direction& direction = directions_[int(from)];
    direction.wire.push_back({id, 0, bytes.size});
    wire(direction);
  };
  if (const auto* sent = std::get_if<Sent>(&record.what)) piece(sent->from, sent->layer, sent->bytes, true);
  else if (const auto* came = std::get_if<Arrived>(&record.what)) piece(came->from, came->layer, came->bytes, false);
  else if (const auto* tls = std::get_if<TlsRecord>(&record.what)) tls_record(trace, id, *tls, conversation);
  else if (const auto* up = std::get_if<TlsUp>(&record.what)) {
    if (Result<TlsFacts> facts = decode_tls_facts(trace.bytes(up->facts))) facts_ = std::move(*facts);
  } else if (const auto* failed = std::get_if<TlsFailed>(&record.what)) {
    if (Result<TlsFacts> facts = decode_tls_facts(trace.bytes(failed->facts)); facts && failed->facts.size > 0) facts_ = std::move(*facts);
    add({.kind = LaneKind::failed, .from = failed->at, .at = record.at, .read = std::string(trace.bytes(failed->reason))});
  } else if (const auto* fault = std::get_if<FaultInjected>(&record.what); fault && fault->kind == FaultKind::strip) {
    attacked_ = true;
    add({.kind = LaneKind::attack, .at = record.at});
  } else if (const auto* note = std::get_if<Note>(&record.what); note && trace.bytes(note->text) == "device:no_starttls") {
    add({.kind = LaneKind::refused, .at = record.at});
  }
}

// What was said up to this record. In clear it is a row; inside TLS it waits for the records that carry it.
void Lanes::messages_until(const Conversation& conversation, RecordId id, Instant at) {
  for (; next_ < conversation.size(); ++next_) {
    const Message& message = conversation.message(next_);
    if (message.record > id || message.at > at) return;
    Direction& direction = directions_[int(message.from)];
    if (message.protocol == Protocol::tls) {
      direction.handshake.push_back(next_);
    } else if (message.sealed) {
      direction.sealed.push_back(next_);
      if (direction.sealed.size() > most_waiting) direction.sealed.pop_front();
    } else {
      add({.kind = LaneKind::said, .from = message.from, .octets = std::uint32_t(message.octets), .messages = 1,
           .first = next_, .last = next_, .at = message.at});
    }
  }
}

void Lanes::tls_record(const Trace& trace, RecordId id, const TlsRecord& tls, const Conversation& conversation) {
  const Instant at = trace[id].at;
  if (!std::exchange(begun_, true)) add({.kind = LaneKind::begins, .from = tls.from, .at = at});
  switch (tls.content_type) {
    case change_cipher_spec: return compatibility(at, tls);
    case alert:
    case handshake_type: return message(trace, at, tls, conversation);
    case application_data: return carried(at, tls);
    default: return;
  }
}

LaneRow* Lanes::last_of(Side from, Instant at, LaneKind kind) {
  if (rows_.empty()) return nullptr;
  LaneRow& last = rows_.back();
  return last.from == from && last.at == at && last.kind == kind ? &last : nullptr;
}

// A flight of encrypted messages is one row: to whoever listens it is so much noise. In clear each has its own.
void Lanes::message(const Trace& trace, Instant at, const TlsRecord& tls, const Conversation& conversation) {
  Direction& direction = directions_[int(tls.from)];
  if (direction.handshake.empty()) return;
  const MessageId id = direction.handshake.front();
  direction.handshake.pop_front();
  const Message& said = conversation.message(id);
  LaneRow* row = last_of(tls.from, at, LaneKind::records);
  if (!row || !row->encrypted || !tls.encrypted || row->content_type != tls.content_type) {
    LaneRow fresh{.kind = LaneKind::records, .from = tls.from, .content_type = tls.content_type, .encrypted = tls.encrypted,
                  .first = id, .at = at};
    if (!tls.encrypted) {
      Read read = tls.content_type == alert ? Read{Reading::alert, {}} : read_message(trace.bytes(tls.message), conversation, said);
      fresh.reading = read.reading;
      fresh.read = std::move(read.text);
    }
    row = &add(std::move(fresh));
  }
  const std::string_view text = conversation.text(said);
  if (tls.content_type == handshake_type && text.starts_with('\x02')) newest_ = chooses_1_3(text);
  row->last = id;
  ++row->messages;
  if (tls.wire_octets > 0) ++row->records;
  row->octets += tls.wire_octets;
  if (direction.before > 0) {
    row->octets += std::exchange(direction.before, 0U);
    row->folded = true;
  }
  direction.waiting.push_back({dropped_ + rows_.size() - 1, id, tls.wire_octets, false});
  wire(direction);
}

// RFC 8446 section 5: under TLS 1.3 it means nothing and is folded into its neighbour; under 1.2 it says from here on, encrypted.
void Lanes::compatibility(Instant at, const TlsRecord& tls) {
  Direction& direction = directions_[int(tls.from)];
  LaneRow* row = last_of(tls.from, at, LaneKind::records);
  const bool folds = newest_ && !unfolded_;
  if (!folds) {
    row = &add({.kind = LaneKind::records, .from = tls.from, .content_type = change_cipher_spec,
                .reading = newest_ ? Reading::compatibility : Reading::type, .records = 1, .octets = tls.wire_octets, .at = at});
  } else if (row) {
    row->octets += tls.wire_octets;
    row->folded = true;
  } else {
    direction.before += tls.wire_octets;
  }
  direction.waiting.push_back({dropped_ + rows_.size() - 1, std::nullopt, tls.wire_octets, folds});
  wire(direction);
}

void Lanes::carried(Instant at, const TlsRecord& tls) {
  Direction& direction = directions_[int(tls.from)];
  LaneRow row{.kind = LaneKind::carried, .from = tls.from, .content_type = application_data, .encrypted = true, .records = 1,
              .octets = tls.wire_octets, .at = at};
  if (!direction.sealed.empty()) {
    row.first = direction.sealed.front();
    row.last = direction.sealed.back();
    row.messages = std::uint32_t(direction.sealed.size());
    direction.sealed.clear();
  }
  add(std::move(row));
  direction.waiting.push_back({dropped_ + rows_.size() - 1, std::nullopt, tls.wire_octets, false});
  wire(direction);
}

// Gives the wire's octets to the rows that wait for them, in order; either may be known first.
void Lanes::wire(Direction& direction) {
  while (!direction.waiting.empty() && !direction.wire.empty()) {
    Waiting& waiting = direction.waiting.front();
    WirePiece& piece = direction.wire.front();
    const std::uint32_t taken = std::min(waiting.octets, piece.size);
    const WirePiece part{piece.record, piece.offset, taken};
    LaneRow* row = waiting.row >= dropped_ && waiting.row - dropped_ < rows_.size() ? &rows_[std::size_t(waiting.row - dropped_)] : nullptr;
    if (row && !waiting.folded && taken > 0) {
      if (row->wire.record == no_record) row->wire = part;
      else if (row->wire.record == part.record && row->wire.offset + row->wire.size == part.offset) row->wire.size += taken;
    }
    if (waiting.message) {
      if (taken > 0) handshakes_.emplace(*waiting.message, part);
      else if (row && row->wire.record != no_record) handshakes_.emplace(*waiting.message, row->wire);  // it shares a record
    }
    waiting.octets -= taken;
    piece.offset += taken;
    piece.size -= taken;
    if (waiting.octets == 0) direction.waiting.pop_front();
    if (piece.size == 0) direction.wire.pop_front();
  }
}

LaneRow& Lanes::add(LaneRow row) {
  row.top = rows_.empty() ? 0 : rows_.back().top + height_of(rows_.back());
  rows_.push_back(std::move(row));
  if (rows_.size() > most_rows) make_room();
  return rows_.back();
}

void Lanes::make_room() {
  const auto from = rows_.begin() + std::ptrdiff_t(first_kept);
  if (from->kind != LaneKind::gap) *from = LaneRow{.kind = LaneKind::gap, .at = from->at, .hidden = 1, .top = from->top};
  from->hidden += dropped_at_once;
  rows_.erase(from + 1, from + 1 + std::ptrdiff_t(dropped_at_once));
  dropped_ += dropped_at_once;
  for (std::size_t i = first_kept; i < rows_.size(); ++i) rows_[i].top = rows_[i - 1].top + height_of(rows_[i - 1]);
}

std::size_t Lanes::rows_until(Instant cursor) const {
  return std::size_t(std::upper_bound(rows_.begin(), rows_.end(), cursor, [](Instant at, const LaneRow& row) { return at < row.at; }) -
                     rows_.begin());
}

std::uint32_t Lanes::height_until(std::size_t rows) const {
  return rows == 0 ? 0 : rows_[rows - 1].top + height_of(rows_[rows - 1]);
}

std::optional<std::size_t> Lanes::row_of(MessageId id, Side from) const {
  for (std::size_t i = rows_.size(); i-- > 0;)
    if (rows_[i].messages > 0 && rows_[i].from == from && rows_[i].first <= id && id <= rows_[i].last) return i;
  return std::nullopt;
}

std::optional<WirePiece> Lanes::wire_of(MessageId id) const {
  const auto found = handshakes_.find(id);
  return found == handshakes_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace glasspost::app

#include "protocol/endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace glasspost {

using Status = TlsEngine::Status;

Endpoint::Endpoint(Settings settings, Session& session, Trace& trace, Instant now)
    : settings_(std::move(settings)), session_(session), trace_(trace) {
  if (settings_.tls == TlsMode::implicit) start_tls(now);
}
Endpoint::~Endpoint() = default;

RecordId Endpoint::record(Instant now, RecordId cause, What what) {
  return trace_.append({now, cause, settings_.connection, std::move(what)});
}

void Endpoint::start_tls(Instant now) {
  const bool possible =
      settings_.context && (settings_.side == Side::client || settings_.context->can_serve());
  if (!possible) return fail("TLS was asked for, but this end has not been set up for it", now);
  handshake_deadline_ = now + settings_.handshake_limit;
  const TlsEngine::Settings wanted{.role = settings_.side,
                                   .server_name = settings_.server_name,
                                   .require_trust = settings_.require_trust,
                                   .alpn = settings_.alpn,
                                   .watch = settings_.records,
                                   .stream = settings_.connection};
  tls_ = std::make_unique<TlsEngine>(*settings_.context, wanted, now);
  if (tls_->status() == Status::failed) fail(tls_->failure(), now);
}

void Endpoint::receive_wire(std::string_view octets, Instant now, RecordId cause) {
  if (octets.empty()) return;
  // If the upgrade has been agreed upon since, these octets are no longer the session's.
  if (!tls_ && !failed() && session_.tls_wish() == TlsWish::start) speak(now);
  if (!compression_ && !failed() && session_.compression_wish() == CompressionWish::start) speak(now);
  const bool deaf = failed() || ended_;
  if (settings_.records && (tls_ || deaf))
    cause_ = record(now, cause,
                    Arrived{other(settings_.side), tls_ ? Layer::wire : Layer::clear, trace_.keep(octets)});
  if (deaf) return;
  if (!tls_) return hear(octets, cause, now);
  tls_->put_wire(octets);
  after_wire(now);
}

// What came out of TLS or, without it, off the wire.
void Endpoint::hear(std::string_view octets, RecordId cause, Instant now) {
  const Layer layer = tls_ ? Layer::inside : Layer::clear;
  while (!octets.empty() && !compression_) {
    // Behind the line that agrees to compression everything is compressed: it is looked for line by line.
    const bool may_agree = session_.compression_wish() == CompressionWish::awaited;
    const std::size_t size = may_agree ? std::min(octets.find('\n'), octets.size() - 1) + 1 : octets.size();
    if (settings_.records) cause_ = record(now, cause, Arrived{other(settings_.side), layer, trace_.keep(octets.substr(0, size))});
    session_.receive(octets.substr(0, size), now);
    octets.remove_prefix(size);
    if (settings_.side == Side::client && session_.compression_wish() == CompressionWish::start) begin_compression();
  }
  if (octets.empty()) return;
  if (settings_.records && !tls_) cause_ = record(now, cause, Arrived{other(settings_.side), Layer::wire, trace_.keep(octets)});
  compression_->in.put(octets);
  inflate(now);
}

// A client of ours reads all that came. A server, whom anybody may send a few octets that stand for very many, a portion at a time.
void Endpoint::inflate(Instant now) {
  constexpr std::size_t portion = 256 * 1024;
  do {
    const auto words = compression_->in.take(portion);
    if (!words) return end_session(now);  // nothing of what follows can be read
    if (words->empty()) return;
    if (settings_.records) cause_ = record(now, cause_, Arrived{other(settings_.side), Layer::inside, trace_.keep(*words)});
    session_.receive(*words, now);
  } while (settings_.side == Side::client && compression_->in.has_more());
}

void Endpoint::begin_compression_if_agreed() {
  if (!compression_ && session_.compression_wish() == CompressionWish::start) begin_compression();
}

void Endpoint::begin_compression() {
  compression_ = std::make_unique<Compression>();
  session_.compression_started();
}

// What the engine made of the octets that came.
void Endpoint::after_wire(Instant now) {
  const Status status = tls_->status();
  write_said(now, cause_, true);
  if (!tls_up_ && (status == Status::up || status == Status::closed)) {
    tls_up_ = true;
    // One of the two ends writes it; the client's facts are the fuller.
    if (settings_.records && (settings_.side == Side::client || !settings_.peer_is_ours))
      record(now, cause_, TlsUp{trace_.keep(encode(tls_->facts()))});
    session_.tls_established(tls_->facts());
  }
  if (const std::string plain = tls_->take_plain(); !plain.empty()) hear(plain, cause_, now);
  write_said(now, cause_, false);
  if (status == Status::failed)
    fail(tls_->failure(), now);
  else if (status == Status::closed)
    end_session(now);
}

// In a world of our own each end writes what it said itself; the words of a foreign peer are written as they
// come.
void Endpoint::write_said(Instant now, RecordId cause, bool up_to_application_data) {
  const auto all = tls_->said();
  for (; said_at_ < all.size(); ++said_at_) {
    const TlsSaid& said = all[said_at_];
    if (up_to_application_data && said.content_type == 23) return;
    if (said.by_us || !settings_.peer_is_ours)
      record(now, cause,
             TlsRecord{said.by_us ? settings_.side : other(settings_.side), said.content_type, said.encrypted,
                       said.wire_octets, trace_.keep(said.message)});
  }
  tls_->forget_said();
  said_at_ = 0;
}

void Endpoint::receive_eof(Instant now) {
  if (settings_.records && !settings_.peer_is_ours && !ended_)
    record(now, cause_, Closed{other(settings_.side), false});
  if (failed() || ended_) return;
  if (tls_ && tls_->put_eof() == Status::failed)
    fail(tls_->failure(), now);
  else
    end_session(now);
}

void Endpoint::fail(std::string sentence, Instant now) {
  failure_ = std::move(sentence);
  if (settings_.records) {
    const bool shown = tls_ && settings_.side == Side::client && !tls_->facts().chain.empty();
    record(now, cause_, TlsFailed{settings_.side, trace_.keep(failure_), shown ? trace_.keep(encode(tls_->facts())) : Bytes{}});
  }
  end_session(now);
}

void Endpoint::end_session(Instant now) {
  if (!std::exchange(ended_, true)) session_.receive_eof(now);
}

std::string Endpoint::take_wire(Instant now) {
  speak(now);
  if (wants_close() && !std::exchange(closed_, true) && settings_.records)
    record(now, cause_, Closed{settings_.side, false});
  return std::exchange(output_, {});
}

// Takes what the session says to the wire.
void Endpoint::speak(Instant now) {
  if (!tls_ && !failed()) {
    if (std::string said = session_.take_output(); !said.empty()) {
      if (!compression_) send_wire(std::move(said), cause_, Layer::clear, now);
      else if (!settings_.records) send_wire(compression_->out.put(said), cause_, Layer::wire, now);
      else send_wire(compression_->out.put(said), record(now, cause_, Sent{settings_.side, Layer::inside, trace_.keep(said)}), Layer::wire, now);
    }
    if (session_.tls_wish() == TlsWish::start) start_tls(now);
  }
  if (!tls_) return begin_compression_if_agreed();
  RecordId cause = cause_;
  if (tls_up_ && !failed()) {
    if (const std::string said = session_.take_output(); !said.empty()) {
      if (settings_.records)
        cause = record(now, cause_, Sent{settings_.side, Layer::inside, trace_.keep(said)});
      tls_->put_plain(compression_ ? compression_->out.put(said) : said);
    }
    if (session_.wants_close() || ended_) tls_->close();
  }
  write_said(now, cause, false);
  if (std::string wire = tls_->take_wire(); !wire.empty())
    send_wire(std::move(wire), cause, Layer::wire, now);
  begin_compression_if_agreed();
}

void Endpoint::send_wire(std::string octets, RecordId cause, Layer layer, Instant now) {
  if (settings_.records) last_sent_ = record(now, cause, Sent{settings_.side, layer, trace_.keep(octets)});
  if (output_.empty())
    output_ = std::move(octets);
  else
    output_ += octets;
}

bool Endpoint::wants_close() const { return failed() || ended_ || session_.wants_close(); }

std::optional<Instant> Endpoint::deadline() const {
  if (failed()) return std::nullopt;
  if (holds_input()) return Instant{};
  const auto session = session_.deadline();
  if (!tls_ || tls_->status() != Status::handshake) return session;
  return session ? std::min(*session, handshake_deadline_) : handshake_deadline_;
}

void Endpoint::on_deadline(Instant now) {
  if (holds_input()) return inflate(now);
  if (tls_ && tls_->status() == Status::handshake && now >= handshake_deadline_)
    fail(
        fmt::format("the TLS handshake was not finished within {}", duration_text(settings_.handshake_limit)),
        now);
  else
    session_.on_deadline(now);
}

}  // namespace glasspost

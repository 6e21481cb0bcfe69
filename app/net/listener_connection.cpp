// One connection of the listener: octets from the socket to its peer and back, at the client's pace.
#include <algorithm>

#include "app/net/listener_inner.h"
#include "sim/goodbye.h"

namespace glasspost::app {
namespace {

using boost::asio::socket_base;
using boost::system::error_code;

constexpr std::size_t enough_for_a_turn = 256 * 1024;    // octets that are taken from a peer before others have theirs
constexpr std::size_t most_in_a_turn = 4 * 1024 * 1024;  // octets that are sent before others have their turn
constexpr std::size_t unsent_while_reading = 64 * 1024;  // with more than this on its way, nothing is read
constexpr std::size_t most_discarded = 64 * 1024 * 1024;
constexpr Duration patience_after_last_word = 2s;        // for the client to have read it, and to close
constexpr Duration patience_with_last_word = 10s;        // for a client that does not read
constexpr Duration sending_is_life = 60s;                // who took octets so lately is not idle

bool would_block(const error_code& error) {
  return error == boost::asio::error::would_block || error == boost::asio::error::try_again ||
         error == boost::asio::error::interrupted;
}

}  // namespace

template <class Do>
void Listener::Connection::let(const Do& what) {
  const std::uint64_t before = owner_.written();
  what();
  if (const std::uint64_t after = owner_.written(); after != before) wrote_ = after;
}

void Listener::Connection::take() {
  if (!peer_ || closed_) return;
  drained_ = false;
  while (unsent() < enough_for_a_turn) {
    std::string said;
    let([&] { said = peer_->take_output(wall_clock_now()); });
    if (said.empty()) {
      drained_ = true;
      return;
    }
    if (unsent() == 0) out_ = std::move(said), sent_ = 0;
    else out_ += said;
  }
}

void Listener::Connection::send() {
  if (closed_ || writing_) return;
  std::size_t this_turn = 0;
  while (unsent() > 0 && this_turn < most_in_a_turn) {
    error_code error;
    const std::size_t most = std::min<std::size_t>(unsent(), most_in_a_turn);
    const std::size_t went = socket_.write_some(boost::asio::buffer(out_.data() + sent_, most), error);
    if (would_block(error)) {
      write_when_possible();
      break;
    }
    if (error) return reset();
    sent_ += went;
    this_turn += went;
    progress_ = wall_clock_now();
  }
  if (unsent() == 0) {
    sent_ = 0;
    if (out_.capacity() > enough_for_a_turn) out_ = {};  // a large letter's memory is not kept for small talk
    else out_.clear();
  }
  if (!peer_) return;
  if (!writing_ && (unsent() > 0 || !drained_)) return owner_.touch(shared_from_this());
  if (drained_ && peer_->wants_close()) {
    if (unsent() == 0) return finish();
    if (give_up_ == Instant::max()) give_up_ = wall_clock_now() + patience_with_last_word;
    return arm();
  }
  read();
  arm();
}

void Listener::Connection::write_when_possible() {
  writing_ = true;
  socket_.async_wait(socket_base::wait_write, [self = shared_from_this()](const error_code& error) {
    self->writing_ = false;
    if (self->closed_) return;
    if (error) return self->reset();
    self->owner_.touch(self);
  });
}

void Listener::Connection::read() {
  if (reading_ || eof_ || closed_) return;
  if (peer_ && (!drained_ || unsent() > unsent_while_reading)) return;
  reading_ = true;
  socket_.async_wait(socket_base::wait_read, [self = shared_from_this()](const error_code& error) {
    self->reading_ = false;
    if (self->closed_) return;
    if (error) return self->reset();
    self->readable();
  });
}

void Listener::Connection::readable() {
  error_code error;
  const std::size_t octets = socket_.read_some(boost::asio::buffer(owner_.read_buffer), error);
  if (would_block(error)) return read();
  if (error && error != boost::asio::error::eof) return reset();
  if (!error) return heard(octets);
  eof_ = true;
  if (!peer_) return close();
  let([&] { peer_->receive_eof(wall_clock_now()); });
  owner_.touch(shared_from_this());
}

void Listener::Connection::heard(std::size_t octets) {
  if (!peer_) {
    discarded_ += octets;
    return discarded_ > most_discarded ? close() : read();
  }
  let([&] { peer_->receive({owner_.read_buffer.data(), octets}, wall_clock_now(), no_record); });
  owner_.touch(shared_from_this());
}

// Everything is said and sent. What the client still sends is thrown away for a moment: to close at once would make
// the kernel send a reset, which can destroy the last reply before the client has read it.
void Listener::Connection::finish() {
  peer_.reset();
  error_code error;
  socket_.shutdown(tcp::socket::shutdown_send, error);
  if (eof_ || error) return close();
  give_up_ = wall_clock_now() + patience_after_last_word;
  arm();
  read();
}

void Listener::Connection::arm() {
  const auto due = peer_ ? peer_->deadline() : std::nullopt;
  owner_.arm(*this, std::min(give_up_, due.value_or(Instant::max())));
}

void Listener::Connection::on_time(Instant now) {
  if (closed_) return;
  if (now >= give_up_) {
    if (!peer_) return close();
    if (now >= progress_ + patience_with_last_word) return reset();
    give_up_ = progress_ + patience_with_last_word;
  }
  const auto due = peer_ ? peer_->deadline() : std::nullopt;
  if (!due || *due > now) return arm();
  if (unsent() > 0 && now < progress_ + sending_is_life) return owner_.arm(*this, progress_ + sending_is_life);
  let([&] { peer_->on_deadline(now); });
  if (unsent() > 0) give_up_ = now + patience_with_last_word;  // it does not read, so it will not read the last word
  owner_.touch(shared_from_this());
  arm();
}

void Listener::Connection::go_away() {
  if (closed_ || !peer_) return;
  const auto alive = shared_from_this();
  auto* polite = dynamic_cast<sim::SaysGoodbye*>(peer_.get());
  if (!polite) return reset();
  let([&] { polite->go_away(wall_clock_now()); });
  owner_.touch(alive);
}

void Listener::Connection::reset() {
  if (closed_) return;
  if (peer_ && owner_.settings.records)
    owner_.trace.append({wall_clock_now(), no_record, id_, Closed{owner_.stopped ? Side::server : Side::client, true}});
  close();
}

void Listener::Connection::cut_off() {
  error_code ignored;
  socket_.set_option(socket_base::linger(true, 0), ignored);
  reset();
}

void Listener::Connection::close() {
  if (closed_) return;
  closed_ = true;
  const auto alive = shared_from_this();
  peer_.reset();
  error_code ignored;
  socket_.close(ignored);
  owner_.forget(*this);
}

}  // namespace glasspost::app

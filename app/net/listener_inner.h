// What the listener is made of. Private to listener.cpp and listener_connection.cpp.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <queue>
#include <unordered_map>
#include <utility>

#include "app/net/listener.h"

namespace glasspost::app {

using boost::asio::ip::tcp;

// One client. It reads only while what was said to the client is on its way: who does not listen is not listened to.
class Listener::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Inner& owner, tcp::socket socket, std::size_t door, ConnectionId id)
      : owner_(owner), socket_(std::move(socket)), door_(door), id_(id) {}

  void begin(std::unique_ptr<sim::Peer> peer) { peer_ = std::move(peer); }
  ConnectionId id() const { return id_; }
  std::size_t door() const { return door_; }

  // The two halves of a turn: what the peer says is taken from all, then sent to all.
  void take();
  void send();
  bool has_to_send() const { return unsent() > 0; }
  Waits::Descriptor waits() { return {socket_.native_handle(), reading_, writing_}; }
  void on_time(Instant now);  // the moment that it was armed for
  void reset();               // without a word
  void cut_off();             // what is unsent must never be sent
  void go_away();             // says goodbye, as far as its protocol has words for it
  bool is_safe(std::uint64_t kept) const { return wrote_ <= kept; }

  bool touched = false;              // it is in the owner's list of those to be looked at
  bool held = false;                 // and in that of those whose promises are not yet safe
  Instant armed = Instant::max();

 private:
  std::size_t unsent() const { return out_.size() - sent_; }
  // Lets the peer do something, and notes whether it has written what must be kept.
  template <class Do>
  void let(const Do&);
  void read();
  void readable();
  void heard(std::size_t octets);
  void write_when_possible();
  void finish();
  void close();
  void arm();

  Inner& owner_;
  tcp::socket socket_;
  std::size_t door_;
  ConnectionId id_;
  std::unique_ptr<sim::Peer> peer_;  // null: it has had its last word
  std::string out_;
  std::size_t sent_ = 0;
  std::uint64_t wrote_ = 0;          // of what the owner's Keeping has written: the last that is due to this connection
  std::size_t discarded_ = 0;        // octets that came after the last word
  Instant progress_{};               // when octets last went out
  Instant give_up_ = Instant::max(); // the last word is said or being said, and the client does not go
  bool drained_ = false;             // the peer has nothing more to say
  bool reading_ = false, writing_ = false, eof_ = false, closed_ = false;
};

struct Listener::Inner : std::enable_shared_from_this<Inner> {
  Inner(Settings settings, Trace& trace);

  struct Opening {
    tcp::acceptor acceptor;
    sim::Service* service;
    HostId host;
  };
  void accept(std::size_t door);
  void admit(tcp::socket, std::size_t door);
  void refuse(tcp::socket&, const Door&);
  void touch(const std::shared_ptr<Connection>&);
  void turn();
  std::uint64_t written() const { return settings.keeping.written ? settings.keeping.written() : 0; }
  void keep();
  void kept(std::uint64_t what, bool good);
  void close_doors();
  void arm(Connection&, Instant due);
  void start_timer();
  void on_timer();
  void forget(Connection&);
  void stop();

  Settings settings;
  Trace& trace;
  boost::asio::io_context io{1};
  boost::asio::signal_set signals{io};
  boost::asio::steady_timer timer{io}, pause{io}, last_call{io};
  Instant timer_due = Instant::max();
  std::vector<Door> doors;
  std::vector<Opening> openings;
  std::unordered_map<ConnectionId, std::shared_ptr<Connection>> connections;
  std::vector<std::shared_ptr<Connection>> touched;
  bool turn_is_coming = false, stopped = false, closing = false;
  bool pausing = false, ran_out_of_time = false;  // no more files; poll() had more to do
  std::vector<std::shared_ptr<Connection>> held;  // until what they have written is safe
  std::uint64_t safe = 0;
  bool is_keeping = false;
  using Alarm = std::pair<Instant, ConnectionId>;
  std::priority_queue<Alarm, std::vector<Alarm>, std::greater<>> alarms;
  std::array<char, 64 * 1024> read_buffer{};  // one for all: whoever reads hands it on at once
};

}  // namespace glasspost::app

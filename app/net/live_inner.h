// What a live line is made of. Private to live.cpp and live_inner.cpp.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>

#include "app/net/live.h"
#include "app/net/live_session.h"
#include "app/net/resolve.h"
#include "protocol/endpoint.h"

namespace glasspost::app {

// The wall clock's time, told by a clock that nobody sets back.
class LiveClock {
 public:
  Instant now() const {
    return begin_ + std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - steady_begin_);
  }

 private:
  Instant begin_ = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  std::chrono::steady_clock::time_point steady_begin_ = std::chrono::steady_clock::now();
};

class Live::Inner {
 public:
  Inner(LiveSettings wanted, Trace& written);

  bool poll();
  // Steps that are behind us have their time.
  void note_progress(Instant now);
  // A line is held, or the password is asked for: it is the person's turn.
  bool waits_for_person() const { return session && (!session->held().empty() || session->wants_secret()); }
  bool is_open() const { return !over && session && greeted && !session->opening() && !handshaking(); }
  LiveStep step() const;  // what is being done now, as a person understands it
  bool handshaking() const;
  void fail(LiveFault why);
  // The end: what there is still to say (an alert, close_notify) is said if the socket takes it at once.
  void finish();
  // Is the server to do something now, so that we wait for it with a limit?
  bool waiting() const;

  enum class Stage : std::uint8_t { name, connect, talk };

  LiveSettings settings;
  Trace& trace;
  LiveClock clock;
  Instant begun{}, since{};  // `since`: when something was last heard, or the step began
  Duration connected_after{};
  Stage stage = Stage::name;
  Lookup lookup;
  std::vector<std::string> addresses;
  std::size_t next_address = 0;
  std::string numeric;
  boost::asio::io_context io{1};
  boost::asio::ip::tcp::socket socket{io};
  std::optional<boost::system::error_code> connect_result;

  ConnectionId connection = 0;
  std::unique_ptr<LiveSession> session;
  std::unique_ptr<Endpoint> endpoint;  // after the session that it refers to: ends before it
  Conversations conversations;
  std::string out;
  std::size_t sent = 0;
  std::uint64_t reply_octets = 0;  // since the server's last message
  std::size_t looked_at = 0;       // messages of the conversation
  bool greeted = false, due = false, upgrading = false, first_octets = true, spoke_clear = false;
  bool said_goodbye = false, over = false;
  std::string last_command;
  std::string goodbye;  // the server's own, said unasked: "421 4.4.2 timeout exceeded"
  std::optional<LiveFault> fault;
  std::vector<LiveStep> steps;   // of this connection, in their order
  std::vector<Instant> done_at;  // of those that are done; by a clock that stands while it is the person's turn
  std::optional<Instant> failed_at;  // likewise

 private:
  bool poll_name(Instant now);
  void connect_next(Instant now);
  bool poll_connect(Instant now);
  void begin(Instant now);
  bool poll_talk(Instant now);
  bool speak(Instant now);
  bool listen(Instant now);  // true: octets came, or the end
  void closed_by_server(bool asked);
  void judge();    // failures that the endpoint and the opening have found
  void take_in();  // what was said since the last time
  void heard_client(const Conversation&, const Message&);
  void heard_server(const Conversation&, const Message&);
  void judge_greeting(std::string_view text);
  bool limit_reached(Instant now) const { return waiting() && now - since >= settings.limit; }
  void time_out();
  void connect_timed_out();
  Protection conversation_protection() const;

  std::optional<Instant> persons_since_;  // it has been the person's turn since then
  Duration persons_{};                    // so long before
};

}  // namespace glasspost::app

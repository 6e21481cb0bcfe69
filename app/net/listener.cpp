#include "app/net/listener.h"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>

#include "app/net/listener_inner.h"

namespace glasspost::app {
namespace {

using boost::system::error_code;

constexpr Duration pause_when_out_of_files = 100ms;
constexpr Duration answer_comes = 1ms;  // from a program on this machine
constexpr Duration longest_sleep = 1h;
constexpr Duration patience_with_goodbyes = 3s;
constexpr std::size_t most_stale_alarms = 4096;

std::string refusal(const Listener::Door& door, std::string_view host_name) {
  if (door.tls == TlsMode::implicit) return {};  // no words before the handshake
  switch (door.protocol) {
    case Protocol::smtp:
    case Protocol::lmtp: return fmt::format("421 4.3.2 {} Too many connections, come back later\r\n", host_name);
    case Protocol::imap: return "* BYE [UNAVAILABLE] Too many connections, come back later\r\n";
    case Protocol::pop3: return "-ERR [SYS/TEMP] Too many connections, come back later\r\n";
    case Protocol::dns:
    case Protocol::tls: break;
  }
  return {};
}

}  // namespace

Instant wall_clock_now() {
  static thread_local Instant latest{};
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  return latest = std::max(latest, now);
}

Listener::Inner::Inner(Settings s, Trace& t) : settings(std::move(s)), trace(t) {}

void Listener::Inner::accept(std::size_t door) {
  openings[door].acceptor.async_accept([this, door](const error_code& error, tcp::socket socket) {
    if (stopped || closing) return;
    if (!error) {
      admit(std::move(socket), door);
    } else if (error == boost::asio::error::no_descriptors || error == error_code(ENFILE, error.category())) {
      // The clients wait in the kernel's queue until somebody leaves.
      pausing = true;
      pause.expires_after(pause_when_out_of_files);
      return pause.async_wait([this, door](const error_code&) {
        pausing = false;
        if (!stopped && !closing) accept(door);
      });
    }
    accept(door);
  });
}

void Listener::Inner::admit(tcp::socket socket, std::size_t number) {
  Door& door = doors[number];
  error_code error;
  const tcp::endpoint client = socket.remote_endpoint(error);
  if (error) return;  // gone again
  socket.non_blocking(true, error);
  socket.set_option(tcp::no_delay(true), error);
  if (connections.size() >= settings.most_connections) return refuse(socket, door);

  const Instant now = wall_clock_now();
  const ConnectionId id = trace.next_connection();
  sim::Admission admission;
  admission.connection = id;
  admission.now = now;
  admission.client_name = admission.client_address = client.address().to_string();
  admission.client_is_ours = false;
  if (settings.records) {
    Opened opened;
    opened.server = openings[number].host;
    opened.protocol = door.protocol;
    opened.tls = door.tls;
    opened.client_is_ours = false;
    opened.client_port = client.port();
    opened.server_port = door.port;
    opened.client_name = trace.keep(admission.client_name);
    opened.server_name = trace.keep(settings.host_name);
    trace.append({now, no_record, id, opened});
  }
  auto connection = std::make_shared<Connection>(*this, std::move(socket), number, id);
  admission.on_ready = [this, weak = std::weak_ptr(connection)] {
    if (const auto alive = weak.lock()) touch(alive);
  };
  connection->begin(openings[number].service->accept(std::move(admission)));
  connections.emplace(id, connection);
  ++door.inside;
  touch(connection);
}

void Listener::Inner::refuse(tcp::socket& socket, const Door& door) {
  error_code error;
  const std::string words = refusal(door, settings.host_name);
  boost::asio::write(socket, boost::asio::buffer(words), error);  // it fits into an empty socket's buffer
  socket.shutdown(tcp::socket::shutdown_both, error);
}

void Listener::Inner::touch(const std::shared_ptr<Connection>& connection) {
  if (!std::exchange(connection->touched, true)) touched.push_back(connection);
  if (!std::exchange(turn_is_coming, true)) boost::asio::post(io, [this] { turn(); });
}

// Everybody who has something to say; those whose promises are not yet safe wait.
void Listener::Inner::turn() {
  turn_is_coming = false;
  const auto all = std::exchange(touched, {});
  for (const auto& connection : all) {
    connection->touched = false;
    connection->take();
  }
  for (const auto& connection : all) {
    if (connection->is_safe(safe)) connection->send();
    else if (!std::exchange(connection->held, true)) held.push_back(connection);
  }
  keep();
}

// What many have promised meanwhile is made safe at once.
void Listener::Inner::keep() {
  if (held.empty() || std::exchange(is_keeping, true)) return;
  settings.keeping.keep([self = shared_from_this(), what = written()](bool good) {
    boost::asio::post(self->io, [self = self.get(), what, good] { self->kept(what, good); });
  });
}

void Listener::Inner::kept(std::uint64_t what, bool good) {
  is_keeping = false;
  if (good) safe = what;
  for (const auto& connection : std::exchange(held, {})) {
    connection->held = false;
    if (!good && connection->is_safe(what)) connection->cut_off();
    else touch(connection);
  }
}

// An alarm per connection lies in the heap, never later than its real deadline; when it rings, it is looked at again.
void Listener::Inner::arm(Connection& connection, Instant due) {
  if (due >= connection.armed) return;
  if (alarms.size() > most_stale_alarms + 2 * connections.size()) {  // of those who have left long before
    std::vector<Alarm> live;
    for (const auto& [id, other] : connections)
      if (other->armed != Instant::max()) live.emplace_back(other->armed, id);
    alarms = decltype(alarms)(std::greater<>(), std::move(live));
  }
  connection.armed = due;
  alarms.emplace(due, connection.id());
  if (due < timer_due) start_timer();
}

void Listener::Inner::start_timer() {
  timer_due = alarms.top().first;
  timer.expires_after(std::clamp(timer_due - wall_clock_now(), Duration{0}, Duration(longest_sleep)));
  timer.async_wait([this](const error_code& error) {
    if (!error && !stopped) on_timer();
  });
}

// Who wants to go on at once (a long search) is armed for this very moment again: that is for the next time, or nobody else
// would have a turn.
void Listener::Inner::on_timer() {
  const Instant now = wall_clock_now();
  std::vector<Alarm> ringing;
  for (; !alarms.empty() && alarms.top().first <= now; alarms.pop()) ringing.push_back(alarms.top());
  timer_due = Instant::max();
  for (const auto& [due, id] : ringing) {
    const auto found = connections.find(id);
    if (found == connections.end() || found->second->armed != due) continue;
    const auto connection = found->second;
    connection->armed = Instant::max();
    connection->on_time(now);
  }
  if (!alarms.empty() && alarms.top().first < timer_due) start_timer();
}

void Listener::Inner::forget(Connection& connection) {
  if (connections.erase(connection.id()) > 0) --doors[connection.door()].inside;
  if (closing && connections.empty()) stop();
}

void Listener::Inner::close_doors() {
  if (stopped || std::exchange(closing, true)) return;
  error_code ignored;
  for (Opening& opening : openings) opening.acceptor.close(ignored);
  if (connections.empty()) return stop();
  last_call.expires_after(patience_with_goodbyes);
  last_call.async_wait([this](const error_code& error) {
    if (!error) stop();
  });
  const auto all = connections;
  for (const auto& [id, connection] : all) connection->go_away();
}

void Listener::Inner::stop() {
  if (std::exchange(stopped, true)) return;
  error_code ignored;
  for (Opening& opening : openings) opening.acceptor.close(ignored);
  const auto all = connections;
  for (const auto& [id, connection] : all) connection->reset();
  signals.cancel(ignored);
  io.stop();
}

Listener::Listener(Settings settings, Trace& trace) : inner_(std::make_shared<Inner>(std::move(settings), trace)) {}
Listener::~Listener() {
  inner_->stop();
  inner_->touched.clear();
  inner_->held.clear();
}

tl::expected<std::uint16_t, std::string> Listener::open(std::string name, sim::Service& service, std::uint16_t port,
                                                        HostId host) {
  error_code error;
  const auto address = boost::asio::ip::make_address(inner_->settings.address, error);
  if (error) return tl::unexpected(std::string("it is not an address as in 127.0.0.1 or ::1"));
  tcp::acceptor acceptor(inner_->io);
  const tcp::endpoint endpoint(address, port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (!error) port = acceptor.local_endpoint(error).port();
  if (error) return tl::unexpected(error.message());
  inner_->doors.push_back({std::move(name), service.protocol(), service.tls(), port, 0});
  inner_->openings.push_back({std::move(acceptor), &service, host});
  inner_->accept(inner_->doors.size() - 1);
  return port;
}

const std::vector<Listener::Door>& Listener::doors() const { return inner_->doors; }
std::size_t Listener::connections() const { return inner_->connections.size(); }
bool Listener::poll(std::optional<Duration> at_most) {
  boost::asio::io_context& io = inner_->io;
  inner_->ran_out_of_time = false;
  if (!at_most) return io.poll() > 0;
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + *at_most;
  bool did = false;
  for (auto now = Clock::now(); now < until; now = Clock::now()) {
    if (io.poll_one() == 0 && (!did || io.run_one_until(std::min(until, now + answer_comes)) == 0)) return did;
    did = true;
  }
  inner_->ran_out_of_time = true;
  return did;
}

Waits Listener::waits() const {
  Waits waits;
  for (Inner::Opening& opening : inner_->openings)
    if (opening.acceptor.is_open() && !inner_->pausing) waits.descriptors.push_back({opening.acceptor.native_handle()});
  for (const auto& [id, connection] : inner_->connections) waits.descriptors.push_back(connection->waits());
  const auto no_later = [&](Duration due) { waits.at_most = std::max(Duration{}, std::min(due, waits.at_most.value_or(due))); };
  if (inner_->turn_is_coming || inner_->ran_out_of_time) no_later(Duration{});
  if (inner_->timer_due != Instant::max()) no_later(inner_->timer_due - wall_clock_now());
  if (inner_->pausing || inner_->closing || inner_->is_keeping) no_later(a_moment);
  return waits;
}

void Listener::run() { inner_->io.run(); }
void Listener::stop() { inner_->stop(); }

void Listener::close_doors() { inner_->close_doors(); }

void Listener::stop_on_signals() {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) inner_->signals.add(signal);
  inner_->signals.async_wait([inner = inner_.get()](const error_code& error, int) {
    if (error) return;
    inner->signals.async_wait([inner](const error_code& again, int) {
      if (!again) inner->stop();
    });
    inner->close_doors();
  });
}

}  // namespace glasspost::app

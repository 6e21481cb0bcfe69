#include "sim/link.h"

#include <algorithm>
#include <utility>

namespace glasspost::sim {

namespace {

// What is long crosses the line in pieces of this size, each with the time that it takes; and whoever says much is asked for
// more only when others have had their turn.
constexpr std::size_t piece = 64 * 1024;

}  // namespace

Carrier::Carrier(Clock& clock, Trace& trace, ConnectionId connection, Path path)
    : clock_(clock), trace_(trace), connection_(connection), path_(std::move(path)) {}

Carrier::~Carrier() { over(); }

void Carrier::over() {
  closed_ = true;
  if (std::exchange(holds_, false)) clock_.release();
}

void Carrier::later(Duration delay, std::function<void(Carrier&)> what, EventKind kind) {
  clock_.after(
      delay,
      [self = weak_from_this(), what = std::move(what)] {
        if (const auto carrier = self.lock()) what(*carrier);
      },
      kind);
}

void Carrier::injected(const LinkFault& fault) {
  trace_.append({clock_.now(), no_record, connection_, FaultInjected{fault.kind, fault.towards, fault.delay}});
}

void Carrier::open(std::unique_ptr<ClientPeer> client, std::function<std::unique_ptr<Peer>()> accept) {
  client_ = std::move(client);
  if ((holds_ = client_->ends_by_itself())) clock_.hold();
  for (const LinkFault& fault : path_.faults) {
    if (fault.kind == FaultKind::delay) {
      path_.latency += fault.delay;
      injected(fault);
    } else if (fault.kind == FaultKind::refuse) {
      injected(fault);
      return later(2 * path_.latency, [](Carrier& self) { self.refuse(); });
    } else if (fault.kind == FaultKind::strip && !path_.datagrams) {
      injected(fault);
      stripper_.emplace(path_.protocol);
    }
  }
  // SYN, SYN-ACK, ACK: the client may speak after two crossings, the server after three. Datagrams need none, but nobody
  // speaks at the very moment at which they are told to.
  const int crossings = path_.datagrams ? 0 : 1;
  later(crossings * path_.latency, [accept = std::move(accept)](Carrier& self) {
    self.server_ = accept();
    if (!self.server_) return self.later(self.path_.latency, [](Carrier& back) { back.refuse(); });
    if (self.path_.datagrams) return self.later(self.path_.think, [](Carrier& on) { on.speak(Side::client); });
    self.later(self.path_.latency, [](Carrier& on) { on.speak(Side::client); });
    self.later(2 * self.path_.latency, [](Carrier& on) { on.speak(Side::server); });
  });
}

void Carrier::refuse() {
  if (closed_) return;
  over();
  trace_.append({clock_.now(), no_record, connection_, Closed{Side::server, true}});
  client_->refused(clock_.now());
}

void Carrier::wake(Side side) {
  later(path_.think, [side](Carrier& self) { self.speak(side); });
}

void Carrier::speak(Side side) {
  if (closed_ || !peer(side) || from(side).ended) return;
  // Long answers come in pieces: there is more as long as something comes.
  for (;;) {
    std::string octets = peer(side)->take_output(clock_.now());
    if (octets.empty()) break;
    const bool long_one = octets.size() >= piece;
    carry(side, std::move(octets), peer(side)->last_sent());
    if (closed_) return;
    if (long_one) return later(Duration{0}, [side](Carrier& self) { self.speak(side); });
  }
  if (peer(side)->wants_close()) end(side);
  else arm(side);
}

void Carrier::carry(Side side, std::string octets, RecordId cause) {
  Direction& direction = from(side);
  if (direction.silent) return drop(side, octets, cause);
  bool then_reset = false, then_end = false;
  for (const LinkFault& fault : path_.faults) {
    const bool all_along = fault.kind == FaultKind::delay || fault.kind == FaultKind::refuse || fault.kind == FaultKind::strip;
    if (all_along || fault.towards == side) continue;
    if (direction.octets + octets.size() <= fault.after) continue;
    if (fault.kind == FaultKind::stall && fault.delay > Duration{0}) {
      if (std::exchange(direction.stalled, true)) continue;
      injected(fault);
      direction.last_arrival = std::max(direction.last_arrival, clock_.now() + fault.delay);
      continue;
    }
    const std::size_t kept = fault.after > direction.octets ? std::size_t(fault.after - direction.octets) : 0;
    injected(fault);
    drop(side, std::string_view(octets).substr(kept), cause);
    octets.resize(kept);
    direction.silent = true;
    then_reset = fault.kind == FaultKind::reset;
    then_end = fault.kind == FaultKind::truncate;
    break;
  }
  if (direction.silent && octets.empty() && !then_reset && !then_end) return;
  direction.octets += octets.size();
  if (stripper_) tamper(side, octets, cause);
  if (octets.size() <= piece) return send(side, std::move(octets), cause, then_reset, then_end);
  for (std::size_t at = 0; at < octets.size(); at += piece) {
    const bool last = at + piece >= octets.size();
    send(side, octets.substr(at, piece), cause, last && then_reset, last && then_end);
  }
}

// To where it arrives, in its time.
void Carrier::send(Side side, std::string octets, RecordId cause, bool then_reset, bool then_end) {
  Direction& direction = from(side);
  direction.busy_until = std::max(clock_.now(), direction.busy_until) + time_for(octets.size());
  const Instant arrival = std::max(direction.busy_until + path_.latency, direction.last_arrival);
  direction.last_arrival = arrival;
  later(arrival - clock_.now(), [side, octets = std::move(octets), cause, then_reset, then_end](Carrier& self) {
    if (!octets.empty()) self.arrive(side, octets, cause);
    if (then_reset) self.reset(side);
    if (then_end) self.end(side);
  });
}

Duration Carrier::time_for(std::size_t octets) const {
  return path_.octets_per_second == 0 ? Duration{} : Duration(octets * 1'000'000 / path_.octets_per_second);
}

void Carrier::tamper(Side side, std::string& octets, RecordId cause) {
  std::string changed = stripper_->pass(side, octets);
  if (changed == octets) return;
  const Tampered record{side, trace_.keep(octets), trace_.keep(changed)};
  trace_.append({clock_.now(), cause, connection_, record});
  octets = std::move(changed);
}

void Carrier::drop(Side side, std::string_view octets, RecordId cause) {
  if (!octets.empty()) trace_.append({clock_.now(), cause, connection_, Dropped{side, trace_.keep(octets)}});
}

void Carrier::arrive(Side side, const std::string& octets, RecordId cause) {
  Peer* hearer = peer(other(side));
  if (closed_ || !hearer) return drop(side, octets, cause);
  hearer->receive(octets, clock_.now(), cause);
  const Side answering = other(side);
  later(path_.think, [answering](Carrier& self) { self.speak(answering); });
}

void Carrier::end(Side side) {
  Direction& direction = from(side);
  if (direction.ended) return;
  direction.ended = true;
  const Instant arrival = std::max(clock_.now() + path_.latency, direction.last_arrival);
  later(arrival - clock_.now(), [side](Carrier& self) {
    if (self.closed_) return;
    self.from(side).heard_out = true;
    const Side hearing = other(side);
    if (Peer* hearer = self.peer(hearing)) {
      hearer->receive_eof(self.clock_.now());
      self.speak(hearing);
      self.end(hearing);
    }
    if (self.from(Side::client).heard_out && self.from(Side::server).heard_out) self.over();
  });
}

void Carrier::reset(Side by) {
  if (closed_) return;
  over();
  trace_.append({clock_.now(), no_record, connection_, Closed{by, true}});
  if (client_) client_->receive_eof(clock_.now());
  if (server_) server_->receive_eof(clock_.now());
}

void Carrier::arm(Side side) {
  const auto deadline = peer(side)->deadline();
  Direction& direction = from(side);
  if (!deadline || *deadline >= direction.armed) return;
  direction.armed = *deadline;
  // A deadline that has passed is not asked for again at this very moment.
  later(
      std::max<Duration>(*deadline - clock_.now(), 1ms),
      [side](Carrier& self) {
        self.from(side).armed = Instant::max();
        if (self.closed_ || self.from(side).ended) return;
        const auto due = self.peer(side)->deadline();
        if (due && *due <= self.clock_.now()) self.peer(side)->on_deadline(self.clock_.now());
        self.speak(side);
      },
      EventKind::timer);
}

}  // namespace glasspost::sim

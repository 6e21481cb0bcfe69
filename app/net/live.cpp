#include "app/net/live.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <utility>

#include "app/net/live_inner.h"

namespace glasspost::app {

StartTls usual_starttls(const LiveAddress& address) {
  return address.tls == TlsMode::plaintext && !address.user.empty() ? StartTls::require : StartTls::never;
}

Live::Live(LiveSettings settings, Trace& trace) : inner_(std::make_unique<Inner>(std::move(settings), trace)) {}
Live::~Live() { inner_->finish(); }

const LiveSettings& Live::settings() const { return inner_->settings; }
std::string_view Live::numeric_address() const { return inner_->numeric; }
Duration Live::connected_after() const { return inner_->connected_after; }
ConnectionId Live::connection() const { return inner_->connection; }
LiveStep Live::step() const { return inner_->step(); }
bool Live::connected() const { return inner_->endpoint != nullptr; }
bool Live::is_over() const { return inner_->over; }
const std::optional<LiveFault>& Live::fault() const { return inner_->fault; }
bool Live::read_only() const { return inner_->settings.read_only; }
void Live::allow_changes(bool allow) { inner_->settings.read_only = !allow; }
const Conversations& Live::conversations() const { return inner_->conversations; }
const Conversation* Live::conversation() const { return inner_->conversations.find(inner_->connection); }
const TlsFacts* Live::tls_facts() const { return inner_->endpoint ? inner_->endpoint->tls_facts() : nullptr; }
const TlsFacts* Live::distrusted() const {
  const TlsFacts* facts = tls_facts();
  const bool shown = fault() && fault()->step == LiveStep::tls && facts && !facts->chain.empty();
  return shown && facts->verdict != Verdict::trusted && facts->verdict != Verdict::not_checked ? facts : nullptr;
}
bool Live::reply_due() const { return inner_->due; }

bool Live::is_open() const { return inner_->is_open(); }

bool Live::wants_secret() const { return !inner_->over && inner_->session && inner_->session->wants_secret(); }
void Live::give_secret(std::string secret) {
  if (!wants_secret()) return;
  inner_->session->give_secret(std::move(secret));
  inner_->since = inner_->clock.now();
  inner_->poll();
}
void Live::refuse_secret(std::string reason) {
  inner_->fail({LiveStep::login, "password", {{"reason", std::move(reason)}}});
  inner_->note_progress(inner_->clock.now());
}

const std::vector<std::string>& Live::addresses() const { return inner_->addresses; }
std::vector<LiveProgress> Live::progress() const {
  const Inner& inner = *inner_;
  std::vector<LiveProgress> all;
  Instant before = inner.begun;
  for (std::size_t i = 0; i < inner.steps.size(); ++i) {
    LiveProgress one{inner.steps[i]};
    if (i < inner.done_at.size()) {
      one.state = LiveProgress::State::done;
      one.took = inner.done_at[i] - before;
      before = inner.done_at[i];
    } else if (i == inner.done_at.size()) {
      one.state = inner.fault ? LiveProgress::State::failed : inner.over ? LiveProgress::State::to_come : LiveProgress::State::doing;
      if (inner.failed_at) one.took = *inner.failed_at - before;
    }
    all.push_back(one);
  }
  return all;
}

sim::Awaits Live::awaits() const { return inner_->session && !inner_->over ? inner_->session->typed().awaits() : sim::Awaits::nothing; }

bool Live::is_secret(std::string_view line) const {
  const sim::Awaits now = awaits();
  if (now == sim::Awaits::line) return carries_secret(inner_->settings.address.protocol, line);
  return now == sim::Awaits::continuation || now == sim::Awaits::literal;
}

std::optional<Held> Live::would_hold(std::string_view line) const {
  if (!is_open() || !inner_->settings.read_only || awaits() != sim::Awaits::line) return std::nullopt;
  return held_back(inner_->settings.address.protocol, line, conversation()->state_at(Instant::max()));
}

std::optional<Held> Live::type(std::string_view line) {
  Inner& inner = *inner_;
  if (!is_open()) return std::nullopt;
  if (auto held = would_hold(line)) return held;
  inner.session->type(std::string(line) + "\r\n");
  // The server says "+" before the octets of a literal that has no "+" of its own (RFC 7888).
  if (awaits() == sim::Awaits::literal && line.ends_with('}') && !line.ends_with("+}")) inner.due = true;
  inner.poll();
  return std::nullopt;
}

Conversation Live::preview(std::string_view octets) const {
  const Conversation& now = *conversation();
  Conversation next(now.id(), inner_->trace, now.opened(), now.opened_at());
  for (RecordId id = inner_->trace.first(); id < inner_->trace.end(); ++id) next.observe(inner_->trace, id);
  Trace scratch;
  const Layer layer = inner_->endpoint->tls_is_up() ? Layer::inside : Layer::clear;
  const RecordId said = scratch.append({inner_->clock.now(), no_record, now.id(), Sent{Side::client, layer, scratch.keep(octets)}});
  next.observe(scratch, said);
  return next;
}

std::string_view Live::held() const { return inner_->session ? std::string_view(inner_->session->held()) : std::string_view(); }
void Live::release() {
  inner_->session->release();
  inner_->poll();
}
void Live::give_up_opening() { inner_->session->give_up_opening(); }
void Live::hang_up() { inner_->finish(); }
bool Live::poll() { return inner_->poll(); }

Waits Live::waits() const {
  const Inner& inner = *inner_;
  Waits waits;
  if (inner.over) return waits;
  switch (inner.stage) {
    case Inner::Stage::name: waits = inner.lookup.waits(); break;
    case Inner::Stage::connect:
      if (inner.connect_result) waits.at_most = Duration{};  // it failed at once: no socket is left to wait for
      else waits.descriptors.push_back({inner_->socket.native_handle(), false, true});
      break;
    case Inner::Stage::talk:
      waits.descriptors.push_back({inner_->socket.native_handle(), true, inner.sent < inner.out.size()});
      break;
  }
  if (inner.waiting()) {
    const Duration left = std::max(inner.since + inner.settings.limit - inner.clock.now(), Duration{});
    waits.at_most = std::min(waits.at_most.value_or(left), left);
  }
  return waits;
}

bool Live::wait(int other, std::optional<Duration> at_most) {
  Inner& inner = *inner_;
  if (inner.over) return false;
  if (inner.stage == Inner::Stage::connect) {
    inner.io.restart();
    inner.io.poll();
  }
  const Waits waits = this->waits();
  std::vector<pollfd> watched{{other, POLLIN, 0}};
  for (const Waits::Descriptor& one : waits.descriptors) watched.push_back({one.number, short((one.reads ? POLLIN : 0) | (one.writes ? POLLOUT : 0)), 0});
  std::optional<Duration> patience = at_most;
  if (waits.at_most) patience = std::min(patience.value_or(*waits.at_most), *waits.at_most);
  timespec time{};
  if (patience) {
    const std::int64_t microseconds = std::max<std::int64_t>(patience->count(), 0) + 1;
    time = {time_t(microseconds / 1'000'000), long(microseconds % 1'000'000 * 1000)};
  }
  sigset_t no_signals;
  ::sigemptyset(&no_signals);
  if (::ppoll(watched.data(), watched.size(), patience ? &time : nullptr, &no_signals) <= 0) return false;
  return (watched[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0;
}

}  // namespace glasspost::app

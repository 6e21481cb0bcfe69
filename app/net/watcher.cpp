#include "app/net/watcher.h"

#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace glasspost::app {

Watcher::~Watcher() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  call();
  thread_.join();
  ::close(event_);
}

void Watcher::call() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);  // an eventfd that is not read takes it
}

void Watcher::watch(const Waits& waits, std::function<void()> wake) {
  std::vector<pollfd> wanted;
  for (const Waits::Descriptor& one : waits.descriptors)
    if (one.reads || one.writes) wanted.push_back({one.number, short((one.reads ? POLLIN : 0) | (one.writes ? POLLOUT : 0)), 0});
  if (wanted.empty() && !thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    const auto same = [](const pollfd& a, const pollfd& b) { return a.fd == b.fd && a.events == b.events; };
    const bool goes_on = wake_ && std::equal(watched_.begin(), watched_.end(), wanted.begin(), wanted.end(), same);
    wake_ = wanted.empty() ? nullptr : std::move(wake);
    if (goes_on) return;
    watched_ = std::move(wanted);
  }
  if (!thread_.joinable()) {
    event_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    thread_ = std::thread([this] { run(); });
  }
  call();
}

void Watcher::run() {
  sigset_t all;  // they are the main thread's
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
  std::vector<pollfd> mine;
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (ends_) return;
      mine.assign(1, {event_, POLLIN, 0});
      if (wake_) mine.insert(mine.end(), watched_.begin(), watched_.end());
    }
    if (::poll(mine.data(), nfds_t(mine.size()), -1) <= 0) continue;
    if (mine.front().revents != 0) {  // something else is to be watched: what was seen may be old
      std::uint64_t count = 0;
      [[maybe_unused]] const auto got = ::read(event_, &count, sizeof count);
      continue;
    }
    const std::lock_guard lock(mutex_);
    if (const auto wake = std::exchange(wake_, nullptr)) wake();
  }
}

}  // namespace glasspost::app

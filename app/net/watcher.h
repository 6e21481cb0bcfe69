// Wakes somebody who sleeps when something outside is to be polled: a window draws nothing while nothing happens.
#pragma once

#include <poll.h>

#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "app/model/outside.h"

namespace glasspost::app {

class Watcher {
 public:
  Watcher() = default;
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // Calls wake(), from a thread of its own and once, when one of the descriptors can be read or written (or is closed). A later
  // call takes the place of this one; after it, this one's wake() is called no more. The time in `waits` is the sleeper's affair.
  void watch(const Waits&, std::function<void()> wake);

 private:
  void run();
  void call();  // the thread looks up

  std::mutex mutex_;
  std::vector<pollfd> watched_;   // all guarded by it
  std::function<void()> wake_;    // null: it was called, or nothing is watched
  bool ends_ = false;
  int event_ = -1;                // set before the thread begins
  std::thread thread_;
};

}  // namespace glasspost::app

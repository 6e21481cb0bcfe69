// Who sleeps is woken when something comes, once, and by the newest wish alone.
#include "app/net/watcher.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

namespace glasspost::app {
namespace {

using namespace std::chrono_literals;

class Wire {
 public:
  Wire() { ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends_); }
  ~Wire() {
    for (const int end : ends_) ::close(end);
  }
  int end() const { return ends_[0]; }
  void say() const { ASSERT_EQ(::send(ends_[1], "x", 1, MSG_NOSIGNAL), 1); }
  void hear() const {
    char octet;
    ASSERT_EQ(::recv(ends_[0], &octet, 1, 0), 1);
  }

 private:
  int ends_[2];
};

class Sleeper {
 public:
  std::function<void()> wake() {
    return [this] {
      const std::lock_guard lock(mutex_);
      ++woken_;
      changed_.notify_all();
    };
  }
  bool is_woken(int times, std::chrono::milliseconds within) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, within, [&] { return woken_ >= times; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int woken_ = 0;
};

Waits reading(const Wire& wire) { return {{{wire.end()}}, {}}; }

TEST(Watcher, WakesOnceForWhatCanBeRead) {
  Wire wire;
  Sleeper sleeper;
  Watcher watcher;
  watcher.watch(reading(wire), sleeper.wake());
  EXPECT_FALSE(sleeper.is_woken(1, 20ms)) << "nothing has come";
  wire.say();
  EXPECT_TRUE(sleeper.is_woken(1, 10s));
  EXPECT_FALSE(sleeper.is_woken(2, 20ms)) << "it is still there to be read, and was told of";
  watcher.watch(reading(wire), sleeper.wake());
  EXPECT_TRUE(sleeper.is_woken(2, 10s)) << "asked again, it tells again";
  wire.hear();
  watcher.watch(reading(wire), sleeper.wake());
  EXPECT_FALSE(sleeper.is_woken(3, 20ms));
}

TEST(Watcher, TheNewestWishCounts) {
  Wire first, second;
  Sleeper early, late;
  Watcher watcher;
  watcher.watch(reading(first), early.wake());
  watcher.watch(reading(second), late.wake());
  first.say();
  EXPECT_FALSE(late.is_woken(1, 20ms));
  second.say();
  EXPECT_TRUE(late.is_woken(1, 10s));
  EXPECT_FALSE(early.is_woken(1, 0ms));
  watcher.watch(reading(first), early.wake());
  EXPECT_TRUE(early.is_woken(1, 10s));
  watcher.watch({}, nullptr);
  second.say();
  EXPECT_FALSE(late.is_woken(2, 20ms));
}

TEST(Watcher, WritingIsWaitedForWhereItIsWished) {
  Wire wire;
  Sleeper sleeper;
  Watcher watcher;
  watcher.watch({{{wire.end(), false, true}}, {}}, sleeper.wake());
  EXPECT_TRUE(sleeper.is_woken(1, 10s));
}

}  // namespace
}  // namespace glasspost::app

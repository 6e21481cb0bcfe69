// Where threads meet: the one that waits for the disk and its helpers, the one that asks for a name. Under ThreadSanitizer
// (tests/CMakeLists.txt) a race here is found; in any build nothing that was acknowledged may be lost.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "app/net/office.h"
#include "app/net/resolve.h"

namespace glasspost::app {
namespace {

namespace fs = std::filesystem;

// A client of its own thread: says one thing after the other and waits for each answer. False: the server has gone.
class Talker {
 public:
  explicit Talker(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{30, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    good_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 && hears("220");
  }
  ~Talker() { ::close(socket_); }
  Talker(const Talker&) = delete;
  Talker& operator=(const Talker&) = delete;

  bool says(std::string_view words, std::string_view answer) {
    return good_ = good_ && ::send(socket_, words.data(), words.size(), MSG_NOSIGNAL) == ssize_t(words.size()) && hears(answer);
  }
  bool sends_letter() {
    return says("MAIL FROM:<>\r\n", "250") && says("RCPT TO:<bob@example.test>\r\n", "250") && says("DATA\r\n", "354") &&
           says("Subject: x\r\n\r\nx\r\n.\r\n", "250");
  }

 private:
  bool hears(std::string_view answer) {
    std::string heard;
    while (!heard.ends_with('\n')) {
      char octets[512];
      const ssize_t got = ::recv(socket_, octets, sizeof octets, 0);
      if (got <= 0) return false;
      heard.append(octets, std::size_t(got));
    }
    return heard.starts_with(answer);
  }
  int socket_;
  bool good_ = false;
};

class OnADisk : public testing::Test {
 protected:
  OnADisk() {
    std::string name = (fs::temp_directory_path() / "glasspost-threads-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    open();
  }
  ~OnADisk() override {
    office_.reset();
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }
  void open() {
    office_.reset();
    Office::Settings settings;
    settings.users = {{"bob", "secret"}};
    settings.maildir = directory_;
    settings.ports = {{OfficeService::smtp, 0}};
    auto opened = Office::open(settings);
    if (!opened) throw std::runtime_error(opened.error().reason);
    office_ = std::move(*opened);
  }
  // So many clients at once, each with so many letters; the office works until `enough` of them are acknowledged.
  int send(int clients, int letters, int enough) {
    const std::uint16_t port = office_->listener().doors().front().port;
    std::atomic<int> acknowledged = 0, at_work = clients;
    std::vector<std::jthread> threads;
    for (int i = 0; i < clients; ++i)
      threads.emplace_back([&, port] {
        Talker talker(port);
        if (talker.says("HELO a\r\n", "250"))
          for (int n = 0; n < letters && talker.sends_letter(); ++n) ++acknowledged;
        --at_work;
      });
    while (acknowledged < enough && at_work > 0)
      if (!office_->listener().poll()) ::usleep(200);
    if (acknowledged < clients * letters) office_.reset();  // while some wait for the disk
    threads.clear();
    return acknowledged;
  }
  std::size_t letters() { return office_->store().account("bob", wall_clock_now())->inbox().size(); }

  std::string directory_;
  std::unique_ptr<Office> office_;
};

TEST_F(OnADisk, LettersOfManyAreAllThere) {
  EXPECT_EQ(send(12, 4, 48), 48);
  EXPECT_EQ(letters(), 48U);
  open();
  EXPECT_EQ(letters(), 48U);
}

TEST_F(OnADisk, WhatWasAcknowledgedIsThereThoughTheOfficeGoesMeanwhile) {
  const int acknowledged = send(12, 1000, 20);
  EXPECT_GE(acknowledged, 20);
  open();
  EXPECT_GE(letters(), std::size_t(acknowledged));
}

// Until it has an answer, waiting only for what it says that it waits for.
const tl::expected<std::vector<std::string>, std::string>& answer_of(Lookup& lookup) {
  while (!lookup.poll()) {
    const Waits waits = lookup.waits();
    std::vector<pollfd> ready;
    for (const Waits::Descriptor& one : waits.descriptors) ready.push_back({one.number, short((one.reads ? POLLIN : 0) | (one.writes ? POLLOUT : 0)), 0});
    (void)::poll(ready.data(), ready.size(), waits.at_most ? int(waits.at_most->count() / 1000) + 1 : 30'000);
  }
  return lookup.answer();
}

TEST(Lookup, KnowsThisComputer) {
  Lookup lookup("localhost");
  const auto& addresses = answer_of(lookup);
  ASSERT_TRUE(addresses) << addresses.error();
  EXPECT_THAT(*addresses, testing::Contains(testing::AnyOf("127.0.0.1", "::1")));
}

// No name has a part of more than 63 octets (RFC 1035 section 2.3.4): the DNS is not asked, and the system is, on its thread.
const std::string no_name(64, 'a');

TEST(Lookup, WhatTheDnsDoesNotKnowTheSystemIsAsked) {
  Lookup lookup(no_name);
  EXPECT_FALSE(answer_of(lookup));
}

TEST(Lookup, WhoeverWantsNoAnswerGoes) {
  for (int i = 0; i < 20; ++i) {
    Lookup forgotten(i % 2 ? std::string("localhost") : no_name);
    if (i % 4 > 1) (void)forgotten.poll();
  }
}

}  // namespace
}  // namespace glasspost::app

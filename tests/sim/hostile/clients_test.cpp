// A hostile server: what it says without end ends the session with a failure that says so, and memory stays bounded.
#include <gtest/gtest.h>

#include "protocol/imap/client.h"
#include "protocol/pop3/client.h"
#include "protocol/smtp/client.h"
#include "tests/sim/hostile/memory.h"

namespace glasspost {
namespace {

constexpr Instant now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 9h;
constexpr std::size_t mega = 1024 * 1024;

// Says `again` until the client goes, 100 megabytes at most; its events are taken as they come. True: one was a Failed.
template <class Failure, class Client>
bool gives_up(Client& client, std::string_view first, std::string_view again) {
  bool failed = false;
  const test::MemoryWatch watch;
  std::string some;
  while (some.size() < 64 * 1024) some += again;
  client.receive(first, now);
  for (std::size_t said = 0; said < 100 * mega && !client.wants_close(); said += some.size()) {
    client.receive(some, now);
    while (auto event = client.poll()) failed |= std::holds_alternative<Failure>(*event);
    client.take_output();
  }
  EXPECT_LT(watch.peak(), 4 * mega);
  EXPECT_TRUE(client.wants_close());
  return failed;
}

TEST(HostileServer, GreetingsWithoutEnd) {
  for (const auto& [first, again] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"220-mail.example.org\r\n", "220-and more\r\n"}, {"220 ", "x"}, {"", "x"}, {"", "\r\n"}, {"", "\n"}, {"", "\r"}}) {
    smtp::ClientSession client({}, now);
    EXPECT_TRUE(gives_up<smtp::Failed>(client, first, again)) << first << again;
  }
  for (const auto& [first, again] : std::vector<std::pair<std::string_view, std::string_view>>{{"+OK ", "x"}, {"", "x"}, {"", "\r\n"}, {"", "\n"}, {"", "\r"}}) {
    pop3::ClientSession client({}, now);
    EXPECT_TRUE(gives_up<pop3::Failed>(client, first, again)) << first << again;
  }
  for (const auto& [first, again] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"* OK ", "x"}, {"* OK [", "x "}, {"", "x"}, {"", "\n"}, {"* OK {99999999999999999999}\r\n", "x"}}) {
    imap::Client client({}, now);
    EXPECT_TRUE(gives_up<imap::Failed>(client, first, again)) << first << again;
  }
}

}  // namespace
}  // namespace glasspost

// The live line against a small server of our own, and what it is made of.
#include "app/net/live.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/net/live_address.h"
#include "app/net/live_guard.h"
#include "protocol/smtp/states.h"

namespace glasspost::app {
namespace {

TEST(LiveAddress, SaysWhereToGo) {
  const auto address = live_address("imaps://ann%40example.com@mail.example.com");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->user, "ann@example.com");
  EXPECT_EQ(address->host, "mail.example.com");
  EXPECT_EQ(address->port, 993);
  EXPECT_EQ(address->tls, TlsMode::implicit);
  EXPECT_EQ(live_address("SUBMISSION://[::1]:2587/")->host, "::1");
  EXPECT_EQ(live_address("submission://[::1]:2587/")->port, 2587);
  EXPECT_EQ(live_address("lmtp://h")->protocol, Protocol::lmtp);
}

TEST(LiveAddress, RefusesWhatIsNone) {
  for (const char* url : {"", "imap", "http://h", "imap://", "imap://@h", "imap://h:", "imap://h:0", "imap://h:65536", "imap://h/x",
                          "imap://h:1x", "imap://a b", "imap://[::1", "imap://a%0d@h", "imap://a%4@h", "imap://h\r\n"}) {
    const auto address = live_address(url);
    ASSERT_FALSE(address) << url;
    EXPECT_EQ(address.error(), AddressFault::malformed) << url;
  }
  EXPECT_EQ(live_address("imap://ann:secret@h").error(), AddressFault::has_password);
}

TEST(LiveGuard, HoldsWhatChangesSomething) {
  EXPECT_EQ(held_back(Protocol::imap, "a select  INBOX", 1)->alternative, "a EXAMINE INBOX");
  EXPECT_EQ(held_back(Protocol::imap, "a UID MOVE 1:* x", 2)->alternative, "a UID FETCH 1:* (FLAGS)");
  EXPECT_TRUE(held_back(Protocol::imap, "a NOOP\rb EXPUNGE", 2));
  EXPECT_TRUE(held_back(Protocol::smtp, "mail FROM:<>", smtp::state::greeted)->sends_mail);
  EXPECT_EQ(held_back(Protocol::pop3, "DELE 3", 1)->alternative, "LIST 3");
  for (const char* line : {"a FETCH 1 BODY[]", "a EXAMINE INBOX", "STORE", "", "  ", "a SEARCH DELETED"})
    EXPECT_FALSE(held_back(Protocol::imap, line, 2)) << line;
  EXPECT_FALSE(held_back(Protocol::smtp, "RSET", smtp::state::greeted));
}

// Takes one client, on a port that the kernel chose.
class Server {
 public:
  Server() {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&here), size);
    ::listen(listener_, 1);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size);
    port_ = ntohs(here.sin_port);
  }
  ~Server() {
    close();
    ::close(listener_);
  }
  std::uint16_t port() const { return port_; }
  void say(std::string_view words) {
    if (wire_ < 0) wire_ = ::accept(listener_, nullptr, nullptr);
    ASSERT_EQ(::send(wire_, words.data(), words.size(), MSG_NOSIGNAL), ssize_t(words.size()));
  }
  std::string hear() {  // what has come up to now; waits for something
    char buffer[4096];
    const ssize_t got = ::recv(wire_, buffer, sizeof buffer, 0);
    return std::string(buffer, got > 0 ? std::size_t(got) : 0);
  }
  void close() {
    if (wire_ >= 0) ::close(wire_);
    wire_ = -1;
  }

 private:
  int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), wire_ = -1;
  std::uint16_t port_ = 0;
};

class ALiveLine : public testing::Test {
 protected:
  Live& connect(const std::string& scheme, Duration limit = 60s) {
    LiveSettings settings;
    settings.address = *live_address(scheme + "://127.0.0.1:" + std::to_string(server.port()));
    settings.limit = limit;
    live = std::make_unique<Live>(std::move(settings), trace);
    return *live;
  }
  template <class Condition>
  void run_until(Condition condition) {
    for (live->poll(); !condition() && !live->is_over(); live->poll()) live->wait(-1);
  }
  Server server;
  Trace trace;
  std::unique_ptr<Live> live;
};

TEST_F(ALiveLine, SendsWhatIsTyped) {
  connect("smtp");
  run_until([&] { return live->connected(); });
  EXPECT_EQ(live->step(), LiveStep::greeting);
  EXPECT_FALSE(live->is_open());
  server.say("220 x\r\n");
  run_until([&] { return live->is_open(); });
  EXPECT_FALSE(live->type("R to Q, \\x, \xff"));
  EXPECT_EQ(server.hear(), "R to Q, \\x, \xff\r\n");
  EXPECT_TRUE(live->reply_due());
  server.say("500 what?\r\n");
  run_until([&] { return live->wants_line(); });
  EXPECT_TRUE(live->type("MAIL FROM:<a@example.com>")->sends_mail);
  EXPECT_FALSE(live->type("QUIT"));
  EXPECT_EQ(server.hear(), "QUIT\r\n");
  server.say("221 bye\r\n");
  server.close();
  run_until([] { return false; });
  EXPECT_FALSE(live->fault());
  EXPECT_EQ(live->conversation()->size(), 5U);
}

TEST_F(ALiveLine, SaysWhereItFailed) {
  connect("imap");
  run_until([&] { return live->connected(); });
  server.say("* OK x\r\n");
  run_until([&] { return live->is_open(); });
  live->type("a NOOP");
  server.say("* 3 EX");
  server.close();
  run_until([] { return false; });
  ASSERT_TRUE(live->fault());
  EXPECT_EQ(live->fault()->key, "closed");
  EXPECT_EQ(live->fault()->step, LiveStep::command);
}

TEST_F(ALiveLine, WaitsNoLongerThanItsLimit) {
  connect("pop3", 1ms);
  run_until([] { return false; });
  ASSERT_TRUE(live->fault());
  EXPECT_TRUE(live->fault()->key.ends_with("timeout")) << live->fault()->key;
}

// What the person takes to read a held line, and to find the password, is no step's time.
TEST_F(ALiveLine, ThePersonsTimeIsNoStepsTime) {
  constexpr Duration reads = 150ms;
  LiveSettings settings;
  settings.address = *live_address("imaps://ann@127.0.0.1:" + std::to_string(server.port()));
  settings.address.tls = TlsMode::plaintext;  // and no STARTTLS: the login is said in clear, to this server
  settings.secret_follows = settings.hold_opening = true;
  live = std::make_unique<Live>(std::move(settings), trace);
  const auto begun = std::chrono::steady_clock::now();
  run_until([&] { return live->connected(); });
  server.say("* OK x\r\n");
  run_until([&] { return !live->held().empty(); });
  ::usleep(useconds_t(reads.count()));
  live->release();
  ASSERT_EQ(server.hear(), "a1 CAPABILITY\r\n");
  server.say("* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\na1 OK\r\n");
  run_until([&] { return live->wants_secret(); });
  ::usleep(useconds_t(reads.count()));
  live->give_secret("x");
  run_until([&] { return !live->held().empty(); });
  ::usleep(useconds_t(reads.count()));
  live->release();
  (void)server.hear();
  server.say("a2 OK\r\n");
  run_until([&] { return live->is_open(); });
  ASSERT_TRUE(live->is_open());
  Duration steps{};
  for (const LiveProgress& one : live->progress()) steps += one.took;
  const auto all = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - begun);
  EXPECT_LE(steps, all - 3 * reads);
}

TEST_F(ALiveLine, ExplainsBeforeItSends) {
  connect("smtp");
  run_until([&] { return live->connected(); });
  server.say("220 x\r\n");
  run_until([&] { return live->is_open(); });
  const Conversation next = live->preview("EHLO me\r\n");
  ASSERT_EQ(next.size(), live->conversation()->size() + 1);
  EXPECT_EQ(next.headline(next.message(1)), "say/smtp/EHLO");
  EXPECT_EQ(live->conversation()->size(), 1U);
}

}  // namespace
}  // namespace glasspost::app

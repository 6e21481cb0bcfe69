// The office in this process, with a real socket at its door: what is recorded, who is woken, how connections end.
#include "app/net/listener.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/net/office.h"
#include "protocol/conversation.h"

namespace glasspost::app {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) throw std::runtime_error("connect");
  }
  ~Client() { ::close(socket_); }
  void say(std::string_view text) const { ASSERT_EQ(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL), ssize_t(text.size())); }
  void end() const { ::shutdown(socket_, SHUT_WR); }
  void reset() const {
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  // What has come, while the office works; until `mark` has come, or the end.
  std::string hear(Listener& office, std::string_view mark) {
    for (int i = 0; i < 5000 && heard_.find(mark) == std::string::npos; ++i) {
      office.poll();
      pollfd ready{socket_, POLLIN, 0};
      if (::poll(&ready, 1, 1) != 1) continue;
      char octets[65536];
      const ssize_t got = ::recv(socket_, octets, sizeof octets, 0);
      if (got <= 0) return std::exchange(heard_, {}) + "(end)";
      heard_.append(octets, std::size_t(got));
    }
    return std::exchange(heard_, {});
  }

 private:
  int socket_;
  std::string heard_;
};

class ListenerTest : public testing::Test {
 protected:
  ListenerTest() { open({}); }
  void open(std::size_t most_connections) {
    Office::Settings settings;
    settings.users = {{"bob", "secret"}};
    settings.allow_plaintext_auth = true;
    if (most_connections) settings.most_connections = most_connections;
    for (const OfficeServiceRow& row : office_services()) settings.ports.emplace_back(row.service, 0);
    auto opened = Office::open(settings);
    if (!opened) throw std::runtime_error(opened.error().reason);
    office_ = std::move(*opened);
  }
  Listener& listener() { return office_->listener(); }
  std::uint16_t port(std::string_view name) {
    for (const Listener::Door& door : listener().doors())
      if (door.name == name) return door.port;
    return 0;
  }
  int inside(std::string_view name) {
    for (int i = 0; i < 100; ++i) listener().poll();
    for (const Listener::Door& door : listener().doors())
      if (door.name == name) return door.inside;
    return -1;
  }
  std::unique_ptr<Office> office_;
};

TEST_F(ListenerTest, PollDoesNotWait) {
  EXPECT_FALSE(listener().poll());
  EXPECT_EQ(listener().doors().size(), office_services().size());
  for (const Listener::Door& door : listener().doors()) EXPECT_NE(door.port, 0);
}

TEST_F(ListenerTest, CountsWhoIsInside) {
  {
    Client client(port("smtp"));
    EXPECT_THAT(client.hear(listener(), "\r\n"), StartsWith("220 mail.example.test"));
    EXPECT_EQ(inside("smtp"), 1);
  }
  EXPECT_EQ(inside("smtp"), 0);
}

TEST_F(ListenerTest, AnIdlingSessionIsWokenByALetterOnAnotherConnection) {
  Client reader(port("imap"));
  reader.say("a LOGIN bob secret\r\nb SELECT INBOX\r\nc IDLE\r\n");
  EXPECT_THAT(reader.hear(listener(), "\r\n+ "), HasSubstr("\r\n+ "));
  Client writer(port("lmtp"));
  writer.say("LHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\nSubject: x\r\n\r\n..\r\n.\r\n");
  writer.hear(listener(), "stored");
  EXPECT_THAT(reader.hear(listener(), "EXISTS"), HasSubstr("* 1 EXISTS\r\n"));
}

TEST_F(ListenerTest, BothSidesOfAConversationAreInTheTrace) {
  {
    Client client(port("pop3"));
    client.say("QUIT\r\n");
    EXPECT_THAT(client.hear(listener(), "(end)"), HasSubstr("+OK Bye\r\n(end)"));
  }
  EXPECT_EQ(inside("pop3"), 0);
  const Trace& trace = office_->trace();
  std::string said;
  int opened = 0, closed = 0, resets = 0;
  for (RecordId id = trace.first(); id < trace.end(); ++id) {
    const What& what = trace[id].what;
    if (const auto* o = std::get_if<Opened>(&what)) {
      ++opened;
      EXPECT_FALSE(o->client_is_ours);
      EXPECT_EQ(trace.bytes(o->client_name), "127.0.0.1");
    } else if (const auto* arrived = std::get_if<Arrived>(&what)) {
      said += "C: " + std::string(trace.bytes(arrived->bytes));
    } else if (const auto* sent = std::get_if<Sent>(&what)) {
      said += "S: " + std::string(trace.bytes(sent->bytes));
    } else if (const auto* c = std::get_if<Closed>(&what)) {
      ++closed;
      resets += c->reset;
    }
  }
  EXPECT_EQ(opened, 1);
  EXPECT_GE(closed, 1);
  EXPECT_EQ(resets, 0);
  EXPECT_THAT(said, HasSubstr("C: QUIT\r\nS: +OK Bye\r\n"));

  Conversations conversations;
  conversations.observe(trace);
  ASSERT_EQ(conversations.connections(), 1U);
  const Conversation& conversation = conversations.at(0);
  ASSERT_EQ(conversation.size(), 3U);
  EXPECT_EQ(conversation.text(conversation.message(1)), "QUIT\r\n");
  EXPECT_EQ(conversation.text(conversation.message(2)), "+OK Bye\r\n");
}

TEST_F(ListenerTest, AResetIsRecordedAsOne) {
  {
    Client client(port("smtp"));
    client.hear(listener(), "\r\n");
    client.reset();
  }
  EXPECT_EQ(inside("smtp"), 0);
  const Trace& trace = office_->trace();
  const auto* closed = std::get_if<Closed>(&trace[trace.end() - 1].what);
  ASSERT_NE(closed, nullptr);
  EXPECT_TRUE(closed->reset);
}

TEST_F(ListenerTest, AfterHalfClosingTheAnswersStillCome) {
  Client client(port("smtp"));
  client.say("EHLO a\r\nNOOP\r\n");
  client.end();
  EXPECT_THAT(client.hear(listener(), "(end)"), HasSubstr("250 2.0.0 OK\r\n(end)"));
}

TEST_F(ListenerTest, OneTooManyIsSentAwayWithAReply) {
  open(2);
  Client first(port("smtp")), second(port("imap"));
  first.hear(listener(), "\r\n");
  second.hear(listener(), "\r\n");
  Client third(port("smtp"));
  EXPECT_THAT(third.hear(listener(), "(end)"), StartsWith("421 4.3.2 "));
  Client fourth(port("imaps"));
  EXPECT_EQ(fourth.hear(listener(), "(end)"), "(end)");
}

TEST_F(ListenerTest, APortThatIsTakenIsAFaultWithItsReason) {
  Office::Settings settings;
  settings.users = {{"bob", "secret"}};
  settings.ports = {{OfficeService::imap, port("imap")}};
  const auto second = Office::open(settings);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().at, OfficeFault::At::port);
  EXPECT_EQ(second.error().what, "imap");
  EXPECT_THAT(second.error().reason, HasSubstr("in use"));
}

// A promise that cannot be kept is not given: the connection is cut off before a word of it.
TEST(Promise, IsCutOffIfItCannotBeKept) {
  Office::Settings settings;
  settings.users = {{"bob", "secret"}};
  settings.ports = {{OfficeService::smtp, 0}};
  auto office = Office::open(settings);
  ASSERT_TRUE(office);
  Trace trace;
  Listener::Settings careful;
  bool can_keep = true;
  careful.before_sending = [&] { return can_keep; };
  sim::Users users("example.test");
  sim::Store store({}, users, trace);
  sim::MailboxPostmaster postmaster(store, "localhost");
  sim::SmtpService service({}, postmaster, nullptr, trace);
  Listener listener(careful, trace);
  const auto at = listener.open("smtp", service, 0);
  ASSERT_TRUE(at);
  Client client(*at);
  EXPECT_THAT(client.hear(listener, "\r\n"), StartsWith("220 "));
  can_keep = false;
  client.say("NOOP\r\n");
  EXPECT_EQ(client.hear(listener, "(end)"), "(end)");
}

}  // namespace
}  // namespace glasspost::app

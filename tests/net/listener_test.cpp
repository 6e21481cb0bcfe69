// The office in this process, with a real socket at its door: what is recorded, who is woken, how connections end.
#include "app/net/listener.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

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

  // In a thread of its own: NOOP, and again when it is answered; then it hangs up.
  void ask_until(const std::atomic<bool>& over, std::atomic<int>& answers) const {
    char octets[256];
    while (!over && ::send(socket_, "NOOP\r\n", 6, MSG_NOSIGNAL) == 6) {
      pollfd ready{socket_, POLLIN, 0};
      while (!over && ::poll(&ready, 1, 10) == 0) {}
      if (ready.revents && ::recv(socket_, octets, sizeof octets, 0) > 0) ++answers;
    }
    ::shutdown(socket_, SHUT_RDWR);
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

// Who sleeps until something comes must be told what to wait for, and when there is more to do at once.
TEST_F(ListenerTest, SaysWhatItWaitsFor) {
  EXPECT_EQ(listener().waits().descriptors.size(), office_services().size());
  EXPECT_FALSE(listener().waits().at_most) << "nobody is inside: nothing is due";
  Client client(port("smtp"));
  EXPECT_THAT(client.hear(listener(), "\r\n"), StartsWith("220 "));
  const Waits waits = listener().waits();
  EXPECT_EQ(waits.descriptors.size(), office_services().size() + 1);
  ASSERT_TRUE(waits.at_most) << "who says nothing is sent away some time";
  EXPECT_GT(*waits.at_most, 1s);
  EXPECT_FALSE(listener().poll(Duration{})) << "no time, no work";
  EXPECT_EQ(listener().waits().at_most, Duration{}) << "and it is not known whether there was some";
  EXPECT_FALSE(listener().poll(5ms));
  EXPECT_GT(*listener().waits().at_most, 1s);
}

// A hundred commands at once are answered over as many polls as their limit needs, and none is lost.
TEST_F(ListenerTest, WorksInPortions) {
  Client client(port("smtp"));
  client.hear(listener(), "220 ");
  std::string all = "EHLO me\r\n";
  for (int i = 0; i < 100; ++i) all += "NOOP\r\n";
  client.say(all + "QUIT\r\n");
  for (int polls = 0; polls < 5000 && listener().connections() > 0; ++polls) listener().poll(100us);
  const std::string said = client.hear(listener(), "221 ");
  std::size_t answers = 0;
  for (std::size_t at = 0; (at = said.find("250 2.0.0", at)) != said.npos; ++at) ++answers;
  EXPECT_GE(answers, 100U) << said;
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

// Somebody else asks again and again while one client has a mailbox of 60 MB looked through.
TEST_F(ListenerTest, ALongSearchLetsOthersHaveTheirTurns) {
  const auto letter = sim::make_content("Subject: x\r\n\r\n" + std::string(1'000'000, 'x') + "\r\n");
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(office_->store().deliver("bob", letter, {wall_clock_now()}));
  Client reader(port("imap")), other(port("smtp"));
  reader.say("a LOGIN bob secret\r\nb SELECT INBOX\r\n");
  reader.hear(listener(), "b OK");
  other.hear(listener(), "\r\n");
  std::atomic<bool> over = false;
  std::atomic<int> answers = 0;
  std::thread asking([&] { other.ask_until(over, answers); });
  reader.say("c SEARCH TEXT nowhere\r\n");
  EXPECT_THAT(reader.hear(listener(), "c OK"), HasSubstr("* SEARCH\r\nc OK"));
  const int meanwhile = answers;
  over = true;
  while (listener().connections() > 1) listener().poll();
  asking.join();
  EXPECT_GE(meanwhile, 4);
}

// A disk that takes its time: whoever has given it a letter waits for it, and nobody else does.
class Promise : public testing::Test {
 protected:
  Promise() : store_({}, users_, trace_), postmaster_(*this), service_({}, postmaster_, nullptr, trace_) {
    users_.add("bob", "secret");
    Listener::Settings careful;
    careful.keeping.written = [this] { return written_; };
    careful.keeping.keep = [this](std::function<void(bool)> done) { waiting_.push_back(std::move(done)); };
    listener_ = std::make_unique<Listener>(careful, trace_);
    port_ = listener_->open("smtp", service_, 0).value();
  }
  struct Writing final : sim::Postmaster {
    explicit Writing(Promise& t) : test(t), mailboxes(t.store_, "localhost") {}
    smtp::Reply recipient(const smtp::Rcpt& rcpt, const sim::Visit& who) override { return mailboxes.recipient(rcpt, who); }
    std::vector<smtp::Reply> take(sim::Received received) override { return ++test.written_, mailboxes.take(std::move(received)); }
    bool may_send_as(std::string_view, const smtp::Mail&) override { return true; }
    Promise& test;
    sim::MailboxPostmaster mailboxes;
  };
  void give_letter(Client& client) {
    client.say("HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n");
    EXPECT_THAT(client.hear(*listener_, "354"), HasSubstr("354"));
    client.say("Subject: x\r\n\r\nx\r\n.\r\n");
    for (int i = 0; i < 2000 && waiting_.empty(); ++i) {
      listener_->poll();
      ::usleep(1000);
    }
    ASSERT_EQ(waiting_.size(), 1U);
  }
  void disk_says(bool good) { std::exchange(waiting_, {}).at(0)(good); }

  sim::Users users_{"example.test"};
  Trace trace_;
  sim::Store store_;
  Writing postmaster_;
  sim::SmtpService service_;
  std::uint64_t written_ = 0;
  std::vector<std::function<void(bool)>> waiting_;
  std::unique_ptr<Listener> listener_;
  std::uint16_t port_ = 0;
};

TEST_F(Promise, IsGivenWhenItIsKeptAndNobodyElseWaits) {
  Client writer(port_), other(port_);
  writer.hear(*listener_, "220");
  other.hear(*listener_, "220");
  give_letter(writer);
  other.say("NOOP\r\n");
  EXPECT_THAT(other.hear(*listener_, "250"), HasSubstr("250"));
  for (int i = 0; i < 50; ++i) listener_->poll();
  disk_says(true);
  EXPECT_THAT(writer.hear(*listener_, "stored"), HasSubstr("250 2.0.0 Ok: stored"));
  writer.say("NOOP\r\n");
  EXPECT_THAT(writer.hear(*listener_, "250"), HasSubstr("250"));
  EXPECT_TRUE(waiting_.empty());
}

TEST_F(Promise, IsCutOffIfItCannotBeKept) {
  Client writer(port_), other(port_);
  writer.hear(*listener_, "220");
  other.hear(*listener_, "220");
  give_letter(writer);
  disk_says(false);
  EXPECT_EQ(writer.hear(*listener_, "(end)"), "(end)");
  other.say("NOOP\r\n");
  EXPECT_THAT(other.hear(*listener_, "250"), HasSubstr("250"));
}

TEST_F(Promise, OfOneWhoHasLeftDoesNoHarm) {
  {
    Client writer(port_);
    writer.hear(*listener_, "220");
    give_letter(writer);
    writer.reset();
  }
  for (int i = 0; i < 50; ++i) listener_->poll();
  disk_says(true);
  for (int i = 0; i < 50; ++i) listener_->poll();
  EXPECT_EQ(listener_->connections(), 0U);
}

TEST_F(Promise, IsGivenBeforeTheGoodbye) {
  Client writer(port_);
  writer.hear(*listener_, "220");
  give_letter(writer);
  listener_->close_doors();
  for (int i = 0; i < 50; ++i) listener_->poll();
  disk_says(true);
  const std::string said = writer.hear(*listener_, "421");
  EXPECT_THAT(said, HasSubstr("250 2.0.0 Ok: stored\r\n421 4.3.2"));
}

// ---- Goodbye

TEST_F(ListenerTest, WhoeverIsInsideWhenTheDoorsCloseIsTold) {
  Client smtp(port("smtp")), imap(port("imap")), pop3(port("pop3")), idle(port("imap"));
  EXPECT_THAT(smtp.hear(listener(), "\r\n"), StartsWith("220"));
  EXPECT_THAT(imap.hear(listener(), "\r\n"), StartsWith("* OK"));
  EXPECT_THAT(pop3.hear(listener(), "\r\n"), StartsWith("+OK"));
  idle.say("a LOGIN bob secret\r\nb SELECT INBOX\r\nc IDLE\r\n");
  EXPECT_THAT(idle.hear(listener(), "\r\n+ "), HasSubstr("\r\n+ "));
  listener().close_doors();
  EXPECT_EQ(smtp.hear(listener(), "(end)"), "421 4.3.2 mail.example.test The service is closing, come back later\r\n(end)");
  EXPECT_EQ(imap.hear(listener(), "(end)"), "* BYE [UNAVAILABLE] The service is closing\r\n(end)");
  EXPECT_EQ(idle.hear(listener(), "(end)"), "* BYE [UNAVAILABLE] The service is closing\r\n(end)");
  EXPECT_EQ(pop3.hear(listener(), "(end)"), "(end)");
  EXPECT_THROW(Client late(port("smtp")), std::runtime_error);
}

TEST_F(ListenerTest, ClosedDoorsEndTheRunWhenEverybodyHasLeftOrTheTimeIsUp) {
  listener().close_doors();
  listener().run();
  EXPECT_EQ(listener().connections(), 0U);
}

}  // namespace
}  // namespace glasspost::app

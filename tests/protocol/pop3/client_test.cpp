#include "protocol/pop3/client.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/protocol/transcript.h"

namespace glasspost::pop3 {
namespace {

std::string shown(const ClientEvent& event) {
  struct Show {
    std::string operator()(const Ready& e) const {
      return "ready " + std::to_string(e.capabilities.size()) + (e.apop ? " apop" : "") + (e.tls ? " tls" : "");
    }
    std::string operator()(const LoggedIn&) const { return "logged in"; }
    std::string operator()(const DropAnswer& e) const { return "drop " + std::to_string(e.drop.count) + " " + std::to_string(e.drop.octets); }
    std::string operator()(const ListAnswer& e) const {
      std::string out = "list";
      for (const auto& one : e.messages) out += " " + std::to_string(one.number) + ":" + std::to_string(one.octets);
      return out;
    }
    std::string operator()(const UniqueIdAnswer& e) const {
      std::string out = "uidl";
      for (const auto& one : e.messages) out += " " + std::to_string(one.number) + ":" + one.id;
      return out;
    }
    std::string operator()(const LanguageAnswer& e) const { return "lang " + std::to_string(e.languages.size()); }
    std::string operator()(const CapabilityAnswer& e) const { return "capa " + std::to_string(e.capabilities.size()); }
    std::string operator()(const MessageAnswer& e) const { return (e.top ? "top " : "message ") + std::to_string(e.number) + " " + visible(e.message); }
    std::string operator()(const Done& e) const { return "done " + std::string(name_of(e.verb)); }
    std::string operator()(const Refused& e) const { return "refused " + std::string(name_of(e.verb)) + " [" + e.code + "] " + e.text; }
    std::string operator()(const Failed& e) const { return "failed " + std::to_string(int(e.why)) + " " + e.detail; }
  };
  return std::visit(Show(), event);
}
std::string failed(Failed::Why why, std::string_view detail) { return "failed " + std::to_string(int(why)) + " " + std::string(detail); }

// A mail program: on each event it says what comes next.
class Program : public test::Subject {
 public:
  using Next = std::function<void(ClientSession&, const std::string&)>;
  Program(ClientSettings settings, Next next, std::vector<std::string>& events)
      : session_(settings, test::nine_o_clock), next_(std::move(next)), events_(events) {
    events_.clear();
  }
  ClientSession& session() override { return session_; }
  void settle() override {
    while (const auto event = session_.poll()) {
      events_.push_back(shown(*event));
      next_(session_, events_.back());
    }
  }

 private:
  ClientSession session_;
  Next next_;
  std::vector<std::string>& events_;
};

ClientSettings in_clear() {
  ClientSettings settings;
  settings.tls = TlsMode::plaintext;
  settings.allow_plaintext_login = true;
  return settings;
}

std::vector<std::string> converse(const ClientSettings& settings, std::string_view transcript, const Program::Next& next) {
  std::vector<std::string> events;
  test::expect_transcript(Side::client, [&] { return std::make_unique<Program>(settings, next, events); }, transcript);
  return events;
}
void nothing(ClientSession&, const std::string&) {}

// The client's side of RFC 1939 section 10.
TEST(Pop3Client, SessionOfRfc1939) {
  const auto events = converse(in_clear(), R"(
    S: +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>
    C: CAPA
    S: -ERR what
    C: APOP mrose c4c9334bac560ecc979e58001b3e22fb
    S: +OK mrose's maildrop has 2 messages (320 octets)
    C: STAT
    S: +OK 2 320
    C: LIST
    S: +OK 2 messages (320 octets)
    S: 1 120
    S: 2 200
    S: .
    C: RETR 1
    S: +OK 120 octets
    S: Subject: x
    S:
    S: ..a dot
    S: .
    C: DELE 1
    S: +OK message 1 deleted
    C: QUIT
    S: +OK dewey POP3 server signing off (maildrop empty)
    X: closed
  )", [](ClientSession& client, const std::string& event) {
    if (event.starts_with("ready")) client.login("mrose", "tanstaaf", LoginChoice::apop);
    else if (event == "logged in") client.stat(), client.list(), client.retr(1), client.dele(1), client.quit();
  });
  EXPECT_EQ(events, (std::vector<std::string>{"ready 0 apop", "logged in", "drop 2 320", "list 1:120 2:200",
                                              "message 1 Subject: x\\r\\n\\r\\n.a dot\\r\\n", "done DELE", "done QUIT"}));
}

TEST(Pop3Client, PipelinesWhenItIsOffered) {
  const auto events = converse(in_clear(), R"(
    S: +OK hi
    C: CAPA
    S: +OK
    S: PIPELINING
    S: USER
    S: .
    C: USER u
    S: +OK
    C: PASS p w
    S: +OK
    C: UIDL
    C: UIDL 2
    C: LIST 2
    C: TOP 1 0
    C: DELE 7
    C: RSET
    C: NOOP
    S: +OK
    S: 1 a
    S: .
    S: +OK 2 b
    S: +OK 2 30
    S: +OK
    S: .
    S: -ERR [SYS/TEMP] later
    S: +OK
    S: +OK
  )", [](ClientSession& client, const std::string& event) {
    if (event.starts_with("ready")) client.login("u", "p w");
    else if (event == "logged in") client.uidl(), client.uidl(2), client.list(2), client.top(1, 0), client.dele(7), client.rset(), client.noop();
  });
  EXPECT_EQ(events, (std::vector<std::string>{"ready 2", "logged in", "uidl 1:a", "uidl 2:b", "list 2:30", "top 1 ",
                                              "refused DELE [SYS/TEMP] later", "done RSET", "done NOOP"}));
}

TEST(Pop3Client, GoesOverToTlsAndForgetsWhatItLearnedBefore) {
  const auto events = converse({}, R"(
    S: +OK hi
    C: CAPA
    S: +OK
    S: STLS
    S: USER
    S: .
    C: STLS
    S: +OK go
    T: up
    C: CAPA
    S: +OK
    S: SASL LOGIN PLAIN
    S: .
    C: AUTH PLAIN AHUAcA==
    S: -ERR [AUTH] no
    C: AUTH PLAIN AHUAcQ==
    S: + 
    C: *
    S: +OK
  )", [tries = 0](ClientSession& client, const std::string& event) mutable {
    if (event.starts_with("ready") || event.starts_with("refused")) client.login("u", tries++ % 2 == 0 ? "p" : "q");
  });
  EXPECT_EQ(events, (std::vector<std::string>{"ready 1 tls", "refused AUTH [AUTH] no", "logged in"}));
}

TEST(Pop3Client, SaysNoSecretWhenTlsCannotBeHad) {
  const auto log_in = [](ClientSession& client, const std::string& event) {
    if (event.starts_with("ready")) client.login("u", "secret");
  };
  using Why = Failed::Why;
  EXPECT_EQ(converse({}, "S: +OK\nC: CAPA\nS: +OK\nS: USER\nS: .\nX: closed", log_in), std::vector{failed(Why::no_stls, "STLS")});
  EXPECT_EQ(converse({}, "S: +OK\nC: CAPA\nS: -ERR\nC: STLS\nS: -ERR no\nX: closed", log_in), std::vector{failed(Why::stls_refused, "no")});
  ClientSettings attempt;
  attempt.stls = StlsPolicy::attempt;
  EXPECT_EQ(converse(attempt, "S: +OK\nC: CAPA\nS: +OK\nS: USER\nS: .\nX: closed", log_in),
            (std::vector<std::string>{"ready 1", failed(Why::no_login_method, "TLS")}));
}

TEST(Pop3Client, PlaintextBehindTheReplyToStlsEndsTheSession) {
  for (const bool at_once : {true, false}) {
    ClientSession client({}, test::nine_o_clock);
    client.receive("+OK\r\n", test::nine_o_clock);
    client.receive("+OK\r\nSTLS\r\n.\r\n", test::nine_o_clock);
    if (at_once) client.receive("+OK\r\n+OK evil\r\n", test::nine_o_clock);
    else client.receive("+OK\r\n", test::nine_o_clock), client.receive("+OK evil\r\n", test::nine_o_clock);
    const auto event = client.poll();
    ASSERT_TRUE(event);
    EXPECT_EQ(shown(*event).substr(0, 8), failed(Failed::Why::injected, "").substr(0, 8));
    EXPECT_EQ(client.tls_wish(), TlsWish::none);
    EXPECT_TRUE(client.wants_close());
  }
}

TEST(Pop3Client, WhatIsNoPop3EndsTheSession) {
  using Why = Failed::Why;
  EXPECT_EQ(converse(in_clear(), "S: -ERR busy\nX: closed", nothing), std::vector{failed(Why::greeting, "-ERR busy")});
  EXPECT_EQ(converse(in_clear(), "S: 220 smtp\nX: closed", nothing), std::vector{failed(Why::greeting, "220 smtp")});
  EXPECT_EQ(converse(in_clear(), "S: +OK\nC: CAPA\nS: huh\nX: closed", nothing), std::vector{failed(Why::syntax, "huh")});
  EXPECT_EQ(converse(in_clear(), "S: +OK\nC: CAPA\nS: -ERR\nS: +OK more\nX: closed", nothing),
            (std::vector<std::string>{"ready 0", failed(Why::syntax, "a reply to nothing")}));
  const auto stat = [](ClientSession& client, const std::string& event) {
    if (event.starts_with("ready")) client.login("u", "p");
    else if (event == "logged in") client.stat();
  };
  EXPECT_EQ(converse(in_clear(), "S: +OK\nC: CAPA\nS: -ERR\nC: USER u\nS: +OK\nC: PASS p\nS: +OK\nC: STAT\nS: +OK -2 320\nX: closed", stat),
            (std::vector<std::string>{"ready 0", "logged in", failed(Why::syntax, "-2 320")}));
}

TEST(Pop3Client, UserAndPasswordStayOnTheirLines) {
  for (const auto& [user, password] : std::vector<std::pair<std::string, std::string>>{
           {"u\r\nDELE 1", "p"}, {"u", "p\r\nDELE 1"}, {"u", std::string("p\0q", 3)}, {"", "p"}, {"u", ""}}) {
    ClientSession client(in_clear(), test::nine_o_clock);
    client.receive("+OK <a@b>\r\n", test::nine_o_clock);
    client.receive("-ERR\r\n", test::nine_o_clock);
    (void)client.take_output();
    client.login(user, password);
    EXPECT_EQ(client.take_output(), "");
    EXPECT_TRUE(client.wants_close());
  }
}

TEST(Pop3Client, EndlessRepliesAreBounded) {
  ClientSettings settings = in_clear();
  settings.message_limit = 100'000;
  settings.list_limit = 1000;
  const auto logged_in = [&](auto say) {
    auto client = std::make_unique<ClientSession>(settings, test::nine_o_clock);
    for (const std::string_view reply : {"+OK\r\n", "-ERR\r\n"}) client->receive(reply, test::nine_o_clock);
    client->login("u", "p");
    for (const std::string_view reply : {"+OK\r\n", "+OK\r\n"}) client->receive(reply, test::nine_o_clock);
    while (client->poll()) {}
    say(*client);
    client->receive("+OK\r\n", test::nine_o_clock);
    return client;
  };
  const auto why = [](ClientSession& client) {
    const auto event = client.poll();
    return event ? shown(*event) : "nothing";
  };
  auto message = logged_in([](ClientSession& client) { client.retr(1); });
  for (int i = 0; i < 2000; ++i) message->receive("a line of the message that never ends, and ends never at all\r\n", test::nine_o_clock);
  EXPECT_EQ(why(*message), failed(Failed::Why::too_long, "the message"));
  auto listing = logged_in([](ClientSession& client) { client.list(); });
  for (int i = 0; i < 2000; ++i) listing->receive("1 1\r\n", test::nine_o_clock);
  EXPECT_EQ(why(*listing), failed(Failed::Why::too_many, "LIST"));
  auto line = logged_in([](ClientSession& client) { client.retr(1); });
  for (int i = 0; i < 200; ++i) line->receive(std::string(10'000, 'x'), test::nine_o_clock);
  EXPECT_EQ(why(*line), failed(Failed::Why::too_long, "a line of the message"));
  auto status = logged_in([](ClientSession& client) { client.noop(), client.noop(); });
  while (status->poll()) {}
  status->receive("+OK " + std::string(10'000, 'x') + "\r\n", test::nine_o_clock);
  EXPECT_EQ(why(*status), failed(Failed::Why::too_long, "a reply line"));
}

TEST(Pop3Client, SilenceAndTheEndOfTheConnectionAreTold) {
  ClientSession silent(in_clear(), test::nine_o_clock);
  ASSERT_TRUE(silent.deadline());
  silent.on_deadline(*silent.deadline() - 1us);
  EXPECT_FALSE(silent.poll());
  silent.on_deadline(*silent.deadline());
  EXPECT_EQ(shown(*silent.poll()), failed(Failed::Why::timeout, "greeting"));
  ClientSession cut(in_clear(), test::nine_o_clock);
  cut.receive("+OK\r\n+OK\r\nUSER\r\n", test::nine_o_clock);
  cut.receive_eof(test::nine_o_clock);
  EXPECT_EQ(shown(*cut.poll()), failed(Failed::Why::closed, "CAPA"));
  EXPECT_FALSE(cut.deadline());
}

}  // namespace
}  // namespace glasspost::pop3

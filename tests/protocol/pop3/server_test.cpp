#include "protocol/pop3/server.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "protocol/base/text.h"
#include "tests/protocol/transcript.h"

namespace glasspost::pop3 {
namespace {

// One user's maildrop, and what became of it.
class Post : public test::Subject {
 public:
  explicit Post(ServerSettings settings = {}) : session_(std::move(settings), test::nine_o_clock) {}

  ServerSession& session() override { return session_; }
  void settle() override {
    while (auto event = session_.poll()) {
      if (auto* attempt = std::get_if<LoginAttempt>(&*event)) answer(*attempt);
      else if (auto* wanted = std::get_if<RetrieveRequest>(&*event)) {
        if (broken) session_.fail_retrieval("[SYS/TEMP] The disk is full");
        else session_.give(messages[wanted->number - 1]);
      } else if (auto* update = std::get_if<UpdateRequest>(&*event)) {
        deleted = update->deleted;
        ++updates;
        if (broken) session_.update_failed("some deleted messages not removed");
        else session_.updated();
      } else {
        ++abandoned;
      }
    }
  }
  void answer(const LoginAttempt& attempt) {
    ++attempts;
    if (attempt.user != "mrose" || !attempt.proves("tanstaaf") || !attempt.authorize_as.empty())
      return session_.refuse(Refusal::wrong_login, "Wrong user or password");
    if (locked) return session_.refuse(Refusal::in_use, "Do you have another POP session running?");
    std::vector<MaildropEntry> entries;
    for (std::size_t i = 0; i < messages.size(); ++i) entries.push_back({messages[i].size(), "id" + std::to_string(i + 1)});
    session_.open(std::move(entries));
  }

  std::vector<std::string> messages = {"Subject: 1\r\n\r\n.dot\r\nlast\r\n", "Subject: 2\r\n\r\nno end"};
  bool locked = false, broken = false;
  int attempts = 0, updates = 0, abandoned = 0;
  std::vector<std::uint32_t> deleted;

 private:
  ServerSession session_;
};

ServerSettings open_settings() {
  ServerSettings settings;
  settings.timestamp = "<1896.697170952@dbc.mtview.ca.us>";
  settings.allow_plaintext_login = true;
  return settings;
}
void expect(std::string_view transcript, const ServerSettings& settings = open_settings()) {
  test::expect_transcript(Side::server, [&] { return std::make_unique<Post>(settings); }, transcript);
}
// In one go; the post is left to be looked at.
std::string say(Post& post, std::string_view octets) {
  post.settle();
  post.session().receive(octets, test::nine_o_clock);
  std::string out;
  for (;;) {
    post.settle();
    const std::string more = post.session().take_output();
    if (more.empty()) return out;
    out += more;
  }
}

constexpr std::string_view login = R"(
  S: +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>
  C: USER mrose
  S: +OK ...
  C: PASS tanstaaf
  S: +OK Logged in, 2 messages (46 octets)
)";
std::string after_login(std::string_view more) { return std::string(login) + std::string(more); }

// RFC 1939 section 10: the commands verbatim, with maildrops of ours.
TEST(Pop3Server, SessionOfRfc1939) {
  expect(R"(
    S: +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>
    C: APOP mrose c4c9334bac560ecc979e58001b3e22fb
    S: +OK Logged in, 2 messages (46 octets)
    C: STAT
    S: +OK 2 46
    C: LIST
    S: +OK 2 messages (46 octets)
    S: 1 26
    S: 2 20
    S: .
    C: RETR 1
    S: +OK 26 octets
    S: Subject: 1
    S:
    S: ..dot
    S: last
    S: .
    C: DELE 1
    S: +OK Message 1 marked as deleted
    C: RETR 2
    S: +OK 20 octets
    S: Subject: 2
    S:
    S: no end
    S: .
    C: DELE 2
    S: +OK Message 2 marked as deleted
    C: QUIT
    S: +OK Bye (maildrop empty)
    X: closed
  )");
}

TEST(Pop3Server, NumbersStayAndMarkedMessagesAreNotThereUntilReset) {
  expect(after_login(R"(
    C: DELE 1
    S: +OK Message 1 marked as deleted
    C: DELE 1
    S: -ERR Message 1 is marked as deleted
    C: STAT
    S: +OK 1 20
    C: LIST
    S: +OK 1 messages (20 octets)
    S: 2 20
    S: .
    C: LIST 1
    S: -ERR Message 1 is marked as deleted
    C: LIST 2
    S: +OK 2 20
    C: UIDL
    S: +OK Unique-id listing follows
    S: 2 id2
    S: .
    C: UIDL 1
    S: -ERR Message 1 is marked as deleted
    C: RETR 1
    S: -ERR Message 1 is marked as deleted
    C: TOP 1 0
    S: -ERR Message 1 is marked as deleted
    C: RSET
    S: +OK Maildrop has 2 messages (46 octets)
    C: UIDL 1
    S: +OK 1 id1
    C: RETR 3
    S: -ERR No such message, only 2 messages in maildrop
    C: RETR 0
    S: -ERR No such message, only 2 messages in maildrop
    C: NOOP
    S: +OK
  )"));
}

TEST(Pop3Server, TopIsCutAndStuffed) {
  expect(after_login(R"(
    C: TOP 1 0
    S: +OK Top of message follows
    S: Subject: 1
    S:
    S: .
    C: TOP 1 1
    S: +OK Top of message follows
    S: Subject: 1
    S:
    S: ..dot
    S: .
    C: TOP 2 1000
    S: +OK ...
    S: Subject: 2
    S:
    S: no end
    S: .
  )"));
}

TEST(Pop3Server, PipelinedCommandsAreAnsweredInOrder) {
  expect(after_login(R"(
    C: STAT
    C: DELE 2
    C: NOOP
    C: QUIT
    C: STAT
    S: +OK 2 46
    S: +OK Message 2 marked as deleted
    S: +OK
    S: +OK Bye (1 messages left)
    X: closed
  )"));
}

TEST(Pop3Server, CommandsOutOfPlaceAreRefused) {
  expect(R"(
    S: +OK ...
    C: STAT
    S: -ERR Log in first
    C: PASS tanstaaf
    S: -ERR USER comes first
    C: USER mrose
    S: +OK ...
    C: CAPA
    S: +OK ...
    S: TOP
    S: UIDL
    S: RESP-CODES
    S: AUTH-RESP-CODE
    S: PIPELINING
    S: EXPIRE NEVER
    S: USER
    S: SASL PLAIN
    S: STLS
    S: .
    C: PASS tanstaaf
    S: -ERR USER comes first
    C: FOO
    S: -ERR Unknown command
    C: RETR 1
    S: -ERR Log in first
    C: USER mrose
    S: +OK ...
    C: PASS tanstaaf
    S: +OK ...
    C: USER mrose
    S: -ERR Not in this state: you are logged in
    C: STLS
    S: -ERR Not in this state: you are logged in
    C: RETR x
    S: -ERR Syntax error at octet 5: expected message-number
  )");
}

TEST(Pop3Server, NobodyGetsInWithAWrongOrEmptyPassword) {
  expect(R"(
    S: +OK ...
    C: USER mrose
    S: +OK ...
    C: PASS wrong
    S: -ERR [AUTH] Wrong user or password
    C: USER mrose
    S: +OK ...
    C: PASS 
    S: -ERR [AUTH] Wrong user or password
    C: APOP mrose 00000000000000000000000000000000
    S: -ERR [AUTH] Wrong user or password
    C: AUTH PLAIN AG1yb3NlAA==
    S: -ERR [AUTH] Malformed answer
    C: AUTH PLAIN =
    S: -ERR [AUTH] Malformed answer
    C: USER nobody
    S: +OK ...
    C: PASS tanstaaf
    S: -ERR [AUTH] ...
    C: USER mrose
    S: +OK ...
    C: PASS again
    S: -ERR [AUTH] ...
    X: closed
  )");
}

// RFC 5034 section 4 and 6.
TEST(Pop3Server, AuthPlainWithAndWithoutInitialResponse) {
  const std::string answer = base64_encode(std::string_view("\0mrose\0tanstaaf", 15));
  expect("S: +OK ...\nC: AUTH PLAIN " + answer + "\nS: +OK Logged in...\nC: STAT\nS: +OK 2 46");
  expect("S: +OK ...\nC: auth plain\nS: + \nC: " + answer + "\nS: +OK Logged in...\nC: STAT\nS: +OK 2 46");
  expect("S: +OK ...\nC: AUTH PLAIN\nS: + \nC: *\nS: -ERR Authentication cancelled\nC: STAT\nS: -ERR Log in first");
  expect("S: +OK ...\nC: AUTH PLAIN\nS: + \nC: !!!\nS: -ERR Answer is not base64\nC: STAT\nS: -ERR Log in first");
  expect("S: +OK ...\nC: AUTH PLAIN !!!\nS: -ERR Initial response is not base64\nC: AUTH CRAM-MD5\nS: -ERR Unknown mechanism");
  const std::string other = base64_encode(std::string_view("root\0mrose\0tanstaaf", 19));
  expect("S: +OK ...\nC: AUTH PLAIN " + other + "\nS: -ERR [AUTH] ...");
}

TEST(Pop3Server, ALockedMaildropIsSaidToBe) {
  Post post(open_settings());
  post.locked = true;
  EXPECT_TRUE(say(post, "USER mrose\r\nPASS tanstaaf\r\nSTAT\r\n")
                  .ends_with("-ERR [IN-USE] Do you have another POP session running?\r\n-ERR Log in first\r\n"));
}

// RFC 2595 section 4.
TEST(Pop3Server, PlaintextLoginsAreRefusedUntilTlsAndCapaSaysSo) {
  ServerSettings settings;
  settings.implementation = "Glasspost";
  expect(R"(
    S: +OK POP3 server ready
    C: CAPA
    S: +OK ...
    S: TOP
    S: UIDL
    S: RESP-CODES
    S: AUTH-RESP-CODE
    S: PIPELINING
    S: EXPIRE NEVER
    S: STLS
    S: IMPLEMENTATION Glasspost
    S: .
    C: USER mrose
    S: -ERR Plaintext login is not allowed without TLS...
    C: AUTH PLAIN
    S: -ERR Plaintext login is not allowed without TLS...
    C: APOP mrose c4c9334bac560ecc979e58001b3e22fb
    S: -ERR APOP is not offered
    C: STLS
    S: +OK Begin TLS negotiation
    T: up
    C: CAPA
    S: +OK ...
    S: TOP
    S: UIDL
    S: RESP-CODES
    S: AUTH-RESP-CODE
    S: PIPELINING
    S: EXPIRE NEVER
    S: USER
    S: SASL PLAIN
    S: IMPLEMENTATION Glasspost
    S: .
    C: STLS
    S: -ERR TLS is already active
    C: USER mrose
    S: +OK ...
    C: PASS tanstaaf
    S: +OK Logged in...
  )", settings);
  settings.tls = TlsMode::plaintext;
  expect("S: +OK POP3 server ready\nC: STLS\nS: -ERR STLS is not offered", settings);
}

TEST(Pop3Server, WhatWasPipelinedBehindStlsIsNeverExecuted) {
  for (const std::size_t cut : {0, 3, 6, 12, 30}) {
    Post post(open_settings());
    const std::string octets = "USER mrose\r\nSTLS\r\nPASS tanstaaf\r\nDELE 1\r\nUSER mrose\r\n";
    std::string out = say(post, octets.substr(0, 18 + cut));
    out += say(post, octets.substr(18 + cut));
    EXPECT_TRUE(out.ends_with("+OK Begin TLS negotiation\r\n")) << out;
    EXPECT_EQ(post.session().tls_wish(), TlsWish::start);
    post.session().tls_established(TlsFacts{});
    EXPECT_EQ(say(post, "PASS tanstaaf\r\n"), "-ERR USER comes first\r\n");
    EXPECT_EQ(post.attempts, 0);
  }
}

TEST(Pop3Server, DeletionsTakeEffectAtQuitOnly) {
  Post quits(open_settings());
  say(quits, "USER mrose\r\nPASS tanstaaf\r\nDELE 2\r\n");
  EXPECT_EQ(quits.updates, 0);
  say(quits, "QUIT\r\n");
  EXPECT_EQ(quits.updates, 1);
  EXPECT_EQ(quits.deleted, std::vector<std::uint32_t>{2});
  quits.session().receive_eof(test::nine_o_clock);
  quits.settle();
  EXPECT_EQ(quits.abandoned, 0);

  Post drops(open_settings());
  say(drops, "USER mrose\r\nPASS tanstaaf\r\nDELE 1\r\nDELE 2\r\nQUI");
  drops.session().receive_eof(test::nine_o_clock);
  drops.settle();
  drops.settle();
  EXPECT_EQ(drops.updates, 0);
  EXPECT_EQ(drops.abandoned, 1);
  EXPECT_TRUE(drops.session().wants_close());

  Post falls_asleep(open_settings());
  say(falls_asleep, "USER mrose\r\nPASS tanstaaf\r\nDELE 1\r\n");
  ASSERT_TRUE(falls_asleep.session().deadline());
  EXPECT_EQ(*falls_asleep.session().deadline(), test::nine_o_clock + 10min);
  falls_asleep.session().on_deadline(test::nine_o_clock + 9min);
  EXPECT_FALSE(falls_asleep.session().wants_close());
  falls_asleep.session().on_deadline(test::nine_o_clock + 10min);
  falls_asleep.settle();
  EXPECT_EQ(falls_asleep.session().take_output(), "");
  EXPECT_TRUE(falls_asleep.session().wants_close());
  EXPECT_EQ(falls_asleep.updates, 0);
  EXPECT_EQ(falls_asleep.abandoned, 1);
}

TEST(Pop3Server, TroubleOfTheServiceIsTold) {
  Post post(open_settings());
  post.broken = true;
  EXPECT_TRUE(say(post, "USER mrose\r\nPASS tanstaaf\r\nRETR 1\r\nQUIT\r\n")
                  .ends_with("-ERR [SYS/TEMP] The disk is full\r\n-ERR some deleted messages not removed\r\n"));
  EXPECT_TRUE(post.session().wants_close());
}

TEST(Pop3Server, EndlessInputIsBounded) {
  Post post(open_settings());
  for (int i = 0; i < 2000; ++i) say(post, std::string(10'000, 'x'));
  EXPECT_TRUE(say(post, "\r\nCAPA\r\n").starts_with("+OK Capability"));
  EXPECT_EQ(say(post, std::string(300, 'x') + "\r\n"), "-ERR Line too long\r\n");
  EXPECT_EQ(say(post, "USER " + std::string(300, 'x') + "\r\n"), "-ERR Line too long\r\n");
  Post errors(open_settings());
  std::string out;
  for (int i = 0; i < 100; ++i) out += say(errors, "X\r\n");
  EXPECT_TRUE(out.ends_with("-ERR Too many bad commands, closing\r\n"));
  EXPECT_TRUE(errors.session().wants_close());
}

TEST(Pop3Server, OutputIsHeldBackUntilItIsTaken) {
  Post post(open_settings());
  post.messages = {std::string(600'000, 'x') + "\r\n"};
  say(post, "USER mrose\r\nPASS tanstaaf\r\n");
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "RETR 1\r\n";
  post.session().receive(many, test::nine_o_clock);
  post.settle();
  std::size_t total = 0, taken;
  do {
    const std::string out = post.session().take_output();
    EXPECT_LT(out.size(), 2'000'000U);
    taken = out.size();
    total += taken;
    post.settle();
  } while (taken > 0);
  EXPECT_EQ(total, 1000 * (600'002 + 3 + std::string("+OK 600002 octets\r\n").size()));
}

// Whoever has ten thousand messages gets the listing in pieces, whole and in order, and the next command waits for its end.
TEST(Pop3Server, AListingOfManyComesInPieces) {
  for (const std::string_view command : {"LIST\r\n", "UIDL\r\n"}) {
    Post post(open_settings());
    post.messages.assign(10'000, "Subject: x\r\n\r\n");
    post.session().receive("USER mrose\r\nPASS tanstaaf\r\nDELE 2\r\n", test::nine_o_clock);
    post.settle();
    (void)post.session().take_output();
    post.session().receive(std::string(command) + "NOOP\r\n", test::nine_o_clock);
    std::string all;
    std::size_t pieces = 0, largest = 0;
    for (;; ++pieces) {
      post.settle();
      const std::string piece = post.session().take_output();
      if (piece.empty()) break;
      largest = std::max(largest, piece.size());
      all += piece;
    }
    EXPECT_GT(pieces, 1U);
    EXPECT_LT(largest, 70'000U);
    EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 1 + 9'999 + 1 + 1);
    EXPECT_EQ(all.find("\r\n2 "), std::string::npos) << "the marked one is not there";
    EXPECT_TRUE(all.ends_with(command == "LIST\r\n" ? "10000 14\r\n.\r\n+OK\r\n" : "10000 id10000\r\n.\r\n+OK\r\n")) << all.substr(all.size() - 40);
  }
}

TEST(Pop3Server, WordsOfTheServiceCannotBreakALine) {
  Post post(open_settings());
  post.session().receive("USER mrose\r\nPASS x\r\n", test::nine_o_clock);
  while (auto event = post.session().poll())
    if (std::holds_alternative<LoginAttempt>(*event)) post.session().refuse(Refusal::temporary, "later\r\n+OK never");
  EXPECT_TRUE(post.session().take_output().ends_with("-ERR [SYS/TEMP] later+OK never\r\n"));
}

}  // namespace
}  // namespace glasspost::pop3

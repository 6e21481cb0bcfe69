#include "protocol/smtp/client.h"

#include <gtest/gtest.h>

#include "protocol/base/text.h"
#include "tests/protocol/smtp/scripted_service.h"

namespace glasspost::smtp {
namespace {

using test::nine_o_clock;

// Sends its letters one after the other as soon as the session is ready, then quits.
class ClientSubject final : public test::Subject {
 public:
  ClientSubject(ClientSettings settings, std::vector<OutgoingLetter> letters)
      : session_(std::move(settings), nine_o_clock), letters_(std::move(letters)) {}
  ClientSession& session() override { return session_; }

  void settle() override {
    while (auto event = session_.poll()) {
      if (auto* done = std::get_if<LetterDone>(&*event))
        for (auto& result : done->recipients) results.push_back(std::move(result));
      if (auto* failed = std::get_if<Failed>(&*event)) failure = std::move(*failed);
      if (std::holds_alternative<Finished>(*event)) finished = true;
      if (!session_.is_ready()) continue;
      if (next_ < letters_.size()) session_.send(letters_[next_++], nine_o_clock);
      else session_.quit(nine_o_clock);
    }
  }

  std::vector<RecipientResult> results;
  std::optional<Failed> failure;
  bool finished = false;

 private:
  ClientSession session_;
  std::vector<OutgoingLetter> letters_;
  std::size_t next_ = 0;
};

const OutgoingLetter blah{"Smith@bar.com", {"Jones@foo.com", "Green@foo.com", "Brown@foo.com"},
                          "Blah blah blah...\r\n...etc. etc. etc.\r\n"};
ClientSettings plain_settings() {
  ClientSettings settings;
  settings.client_name = "bar.com";
  return settings;
}

// Plays it twice, turn by turn and octet by octet; `check` looks at the outcome of each.
void expect(const ClientSettings& settings, const std::vector<OutgoingLetter>& letters, std::string_view transcript,
            const std::function<void(const ClientSubject&)>& check) {
  for (const bool octet_by_octet : {false, true}) {
    SCOPED_TRACE(octet_by_octet ? "octet by octet" : "turn by turn");
    ClientSubject subject(settings, letters);
    test::play(subject, Side::client, test::turns_of(transcript), octet_by_octet);
    check(subject);
  }
}

// RFC 5321 appendix D.1, both sides' lines verbatim
TEST(SmtpClient, Rfc5321D1TypicalTransaction) {
  expect(plain_settings(), {blah}, R"(
    S: 220 foo.com Simple Mail Transfer Service Ready
    C: EHLO bar.com
    S: 250-foo.com greets bar.com
    S: 250-8BITMIME
    S: 250-SIZE
    S: 250-DSN
    S: 250 HELP
    C: MAIL FROM:<Smith@bar.com> SIZE=38
    S: 250 OK
    C: RCPT TO:<Jones@foo.com>
    S: 250 OK
    C: RCPT TO:<Green@foo.com>
    S: 550 No such user here
    C: RCPT TO:<Brown@foo.com>
    S: 250 OK
    C: DATA
    S: 354 Start mail input; end with <CRLF>.<CRLF>
    C: Blah blah blah...
    C: ....etc. etc. etc.
    C: .
    S: 250 OK
    C: QUIT
    S: 221 foo.com Service closing transmission channel
    X: closed
  )", [](const ClientSubject& subject) {
    EXPECT_TRUE(subject.finished);
    EXPECT_FALSE(subject.failure);
    ASSERT_EQ(subject.results.size(), 3U);
    EXPECT_TRUE(subject.results[0].delivered);
    EXPECT_FALSE(subject.results[1].delivered);
    EXPECT_EQ(subject.results[1].reply->text(), "550 No such user here");
    EXPECT_EQ(subject.results[1].step, Step::recipient);
    EXPECT_TRUE(subject.results[1].permanent());
    EXPECT_TRUE(subject.results[2].delivered);
  });
}

TEST(SmtpClient, FallsBackToHelo) {
  expect(plain_settings(), {{"", {"Jones@foo.com"}, "x\r\n"}}, R"(
    S: 220 foo.com
    C: EHLO bar.com
    S: 502 Command not implemented
    C: HELO bar.com
    S: 250 foo.com
    C: MAIL FROM:<>
    S: 250 OK
    C: RCPT TO:<Jones@foo.com>
    S: 250 OK
    C: DATA
    S: 354 go on
    C: x
    C: .
    S: 250 OK
    C: QUIT
    S: 221 bye
    X: closed
  )", [](const ClientSubject& subject) { EXPECT_TRUE(subject.results.at(0).delivered); });
}

// RFC 2920 section 4, the server's lines verbatim
TEST(SmtpClient, Rfc2920PipelinesWhereItIsOffered) {
  ClientSettings settings = plain_settings();
  settings.client_name = "dbc.mtview.ca.us";
  expect(settings, {{"mrose@dbc.mtview.ca.us", {"ned@innosoft.com", "dan@innosoft.com", "kvc@innosoft.com"}, "x\r\n"},
                    {"mrose@dbc.mtview.ca.us", {"nobody@innosoft.com"}, "x\r\n"}}, R"(
    S: 220 innosoft.com SMTP service ready
    C: EHLO dbc.mtview.ca.us
    S: 250-innosoft.com
    S: 250 PIPELINING
    C: MAIL FROM:<mrose@dbc.mtview.ca.us>
    C: RCPT TO:<ned@innosoft.com>
    C: RCPT TO:<dan@innosoft.com>
    C: RCPT TO:<kvc@innosoft.com>
    C: DATA
    S: 250 sender <mrose@dbc.mtview.ca.us> OK
    S: 250 recipient <ned@innosoft.com> OK
    S: 250 recipient <dan@innosoft.com> OK
    S: 250 recipient <kvc@innosoft.com> OK
    S: 354 enter mail, end with line containing only "."
    C: x
    C: .
    S: 250 message sent
    # the second letter: nobody is to get it, the server says so, and the envelope is taken back
    C: MAIL FROM:<mrose@dbc.mtview.ca.us>
    C: RCPT TO:<nobody@innosoft.com>
    C: DATA
    S: 250 sender <mrose@dbc.mtview.ca.us> OK
    S: 550 remote mail to <nobody@innosoft.com> not allowed
    S: 554 no valid recipients given
    C: RSET
    S: 250 OK
    C: QUIT
    S: 221 goodbye
    X: closed
  )", [](const ClientSubject& subject) {
    ASSERT_EQ(subject.results.size(), 4U);
    EXPECT_TRUE(subject.results[2].delivered);
    EXPECT_EQ(subject.results[3].reply->code, 550);
  });
}

// RFC 2920 section 3.1: a server that says 354 although nobody is to get the letter is sent an empty one
TEST(SmtpClient, Rfc2920SendsAnEmptyLetterToAServerThatWaitsForOne) {
  expect(plain_settings(), {{"a@bar.com", {"nobody@foo.com"}, "secret\r\n"}}, R"(
    S: 220 foo.com
    C: EHLO bar.com
    S: 250-foo.com
    S: 250 PIPELINING
    C: MAIL FROM:<a@bar.com>
    C: RCPT TO:<nobody@foo.com>
    C: DATA
    S: 250 OK
    S: 550 5.1.1 nobody
    S: 354 go on
    C: .
    S: 554 no valid recipients
    C: QUIT
    S: 221 bye
  )", [](const ClientSubject& subject) {
    ASSERT_EQ(subject.results.size(), 1U);
    EXPECT_EQ(subject.results[0].reply->code, 550);
    EXPECT_EQ(subject.results[0].reply->enhanced, (EnhancedCode{5, 1, 1}));
  });
}

// RFC 3207 section 5
TEST(SmtpClient, Rfc3207UpgradesLogsInAndForgetsWhatWasSaidBefore) {
  ClientSettings settings = plain_settings();
  settings.client_name = "mail.example.com";
  settings.user = "test";
  settings.password = "1234";
  settings.starttls = StartTlsPolicy::require;
  expect(settings, {}, R"(
    S: 220 mail.imc.org SMTP service ready
    C: EHLO mail.example.com
    S: 250-mail.imc.org offers a warm hug of welcome
    S: 250-8BITMIME
    S: 250-AUTH CRAM-MD5
    S: 250-STARTTLS
    S: 250 DSN
    C: STARTTLS
    S: 220 Go ahead
    T: up
    C: EHLO mail.example.com
    S: 250-mail.imc.org touches your hand gently for a moment
    S: 250-STARTTLS
    S: 250 AUTH LOGIN PLAIN
    C: AUTH PLAIN AHRlc3QAMTIzNA==
    S: 235 2.7.0 Authentication successful
    C: QUIT
    S: 221 bye
    X: closed
  )", [](const ClientSubject& subject) {
    EXPECT_FALSE(subject.failure);
    EXPECT_TRUE(subject.finished);
    EXPECT_FALSE(const_cast<ClientSubject&>(subject).session().capabilities().has("8BITMIME"));
  });
}

TEST(SmtpClient, LogsInByLoginAndCramMd5) {
  ClientSettings settings = plain_settings();
  settings.user = "tim";
  settings.password = "tanstaaftanstaaf";
  settings.implicit_tls = true;
  expect(settings, {}, R"(
    S: 220 foo.com
    C: EHLO bar.com
    S: 250-foo.com
    S: 250 AUTH LOGIN
    C: AUTH LOGIN
    S: 334 VXNlcm5hbWU6
    C: dGlt
    S: 334 UGFzc3dvcmQ6
    C: dGFuc3RhYWZ0YW5zdGFhZg==
    S: 235 OK
    C: QUIT
    S: 221 bye
  )", [](const ClientSubject& subject) { EXPECT_TRUE(subject.finished); });
  // RFC 2195 section 2
  settings.implicit_tls = false;
  expect(settings, {}, R"(
    S: 220 foo.com
    C: EHLO bar.com
    S: 250-foo.com
    S: 250 AUTH PLAIN LOGIN CRAM-MD5
    C: AUTH CRAM-MD5
    S: 334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+
    C: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw
    S: 235 OK
    C: QUIT
    S: 221 bye
  )", [](const ClientSubject& subject) { EXPECT_TRUE(subject.finished); });
}

// Every one of these ends the session with a clear word, and says nothing more on the wire.
void expect_failure(const ClientSettings& settings, const std::vector<OutgoingLetter>& letters, std::string_view transcript,
                    Step step, std::string_view problem, std::optional<Fault> fault = std::nullopt) {
  expect(settings, letters, transcript, [&](const ClientSubject& subject) {
    ASSERT_TRUE(subject.failure);
    EXPECT_EQ(name_of(subject.failure->step), name_of(step));
    EXPECT_TRUE(subject.failure->problem.starts_with(problem)) << subject.failure->problem;
    if (fault) {
      ASSERT_TRUE(subject.failure->error);
      EXPECT_EQ(name_of(subject.failure->error->fault), name_of(*fault));
    }
    for (const auto& result : subject.results) EXPECT_FALSE(result.delivered);
  });
}

TEST(SmtpClient, NeverGoesOnInPlaintextWhereTlsIsRequired) {
  ClientSettings settings = plain_settings();
  settings.starttls = StartTlsPolicy::require;
  expect_failure(settings, {blah}, "S: 220 x\nC: EHLO bar.com\nS: 250 x\nX: closed", Step::starttls,
                 "The server does not offer STARTTLS", Fault::unsupported);
  expect_failure(settings, {blah}, "S: 220 x\nC: EHLO bar.com\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 no\nX: closed",
                 Step::starttls, "The server refused STARTTLS");
  expect_failure(settings, {blah}, "S: 220 x\nC: EHLO bar.com\nS: 502 no\nX: closed", Step::hello, "The server did not take our hello");
}

TEST(SmtpClient, GoesOnInPlaintextWhereTlsIsOnlyWished) {
  expect(plain_settings(), {}, "S: 220 x\nC: EHLO bar.com\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 no\nC: QUIT\nS: 221 x",
         [](const ClientSubject& subject) { EXPECT_TRUE(subject.finished); });
}

TEST(SmtpClient, RepliesBufferedBeforeTlsAreAnError) {
  ClientSettings settings = plain_settings();
  for (const std::string trailing : {"250 injected\r\n", "2"}) {
    ClientSubject subject(settings, {});
    subject.session().receive("220 x\r\n", nine_o_clock);
    subject.session().receive("250-x\r\n250 STARTTLS\r\n", nine_o_clock);
    subject.session().take_output();
    subject.session().receive("220 go\r\n" + trailing, nine_o_clock);
    subject.settle();
    ASSERT_TRUE(subject.failure);
    EXPECT_EQ(subject.failure->error->fault, Fault::injected);
    EXPECT_EQ(subject.session().tls_wish(), TlsWish::none);
    EXPECT_TRUE(subject.session().wants_close());
  }
}

TEST(SmtpClient, PasswordsDoNotCrossThePlaintextWire) {
  ClientSettings settings = plain_settings();
  settings.user = "tim";
  settings.password = "x";
  expect_failure(settings, {}, "S: 220 x\nC: EHLO bar.com\nS: 250-x\nS: 250 AUTH PLAIN LOGIN\nX: closed", Step::login,
                 "The server offers only logins that would show the password");
  expect_failure(settings, {}, "S: 220 x\nC: EHLO bar.com\nS: 250 x\nX: closed", Step::login, "The server offers no login");
  settings.implicit_tls = true;
  expect_failure(settings, {}, "S: 220 x\nC: EHLO bar.com\nS: 250-x\nS: 250 AUTH PLAIN\nC: AUTH PLAIN AHRpbQB4\nS: 535 5.7.8 no\nX: closed",
                 Step::login, "The server did not take the login: 535 5.7.8 no");
  expect_failure(settings, {},
                 "S: 220 x\nC: EHLO bar.com\nS: 250-x\nS: 250 AUTH CRAM-MD5\nC: AUTH CRAM-MD5\nS: 334 !!!\nC: *\nS: 501 cancelled\nX: closed",
                 Step::login, "The server's challenge could not be answered");
  expect_failure(settings, {},
                 "S: 220 x\nC: EHLO bar.com\nS: 250-x\nS: 250 AUTH PLAIN\nC: AUTH PLAIN AHRpbQB4\nS: 334 \nC: *\nS: 501 cancelled\nX: closed",
                 Step::login, "The server's challenge could not be answered");
}

TEST(SmtpClient, A421MayComeAtAnyTime) {
  expect_failure(plain_settings(), {blah}, "S: 421 busy\nX: closed", Step::greeting, "The server is closing the connection: 421 busy");
  expect_failure(plain_settings(), {blah}, "S: 220 x\nC: EHLO bar.com\nS: 421 busy\nX: closed", Step::hello, "The server is closing");
  const std::string mail = "S: 220 x\nC: EHLO bar.com\nS: 250 x\nC: MAIL FROM:<Smith@bar.com>\n";
  expect_failure(plain_settings(), {blah}, mail + "S: 421 4.3.2 going down\nX: closed", Step::mail, "The server is closing");
  expect(plain_settings(), {blah}, mail + "S: 250 OK\nC: RCPT TO:<Jones@foo.com>\nS: 550 no\nC: RCPT TO:<Green@foo.com>\nS: 421 bye\nX: closed",
         [](const ClientSubject& subject) {
           ASSERT_EQ(subject.results.size(), 3U);
           EXPECT_EQ(subject.results[0].reply->code, 550);
           EXPECT_EQ(subject.results[1].reply->code, 421);
           EXPECT_EQ(subject.results[2].reply->code, 421);
           EXPECT_FALSE(subject.results[2].permanent());
         });
}

TEST(SmtpClient, RepliesThatMakeNoSenseEndTheSession) {
  const std::string hello = "S: 220 x\nC: EHLO bar.com\n";
  expect_failure(plain_settings(), {blah}, hello + "S: 250-x\nS: 251 HELP\nX: closed", Step::hello, "The server's reply", Fault::mismatch);
  expect_failure(plain_settings(), {blah}, hello + "S: hello\nX: closed", Step::hello, "The server's reply", Fault::syntax);
  expect_failure(plain_settings(), {blah}, hello + "S: 25\nX: closed", Step::hello, "The server's reply", Fault::syntax);
  expect_failure(plain_settings(), {blah}, "S: 554 go away\nX: closed", Step::greeting, "The server does not let anybody in");
}

TEST(SmtpClient, AReplyThatComesEarlyIsNotTakenForTheNext) {
  ClientSubject subject(plain_settings(), {});
  subject.session().receive("220 x\r\n250 x\r\n250 early\r\n", nine_o_clock);
  subject.settle();
  ASSERT_TRUE(subject.failure);
  EXPECT_EQ(subject.failure->error->fault, Fault::out_of_order);
}

TEST(SmtpClient, EndlessRepliesAreBounded) {
  ClientSubject lines(plain_settings(), {});
  for (int i = 0; i < 2000 && !lines.session().wants_close(); ++i) lines.session().receive("220-more\r\n", nine_o_clock);
  lines.settle();
  ASSERT_TRUE(lines.failure);
  EXPECT_EQ(lines.failure->error->fault, Fault::too_long);

  ClientSubject one(plain_settings(), {});
  for (int i = 0; i < 20 && !one.session().wants_close(); ++i) one.session().receive("220 " + std::string(1000, 'x'), nine_o_clock);
  one.settle();
  ASSERT_TRUE(one.failure);
  EXPECT_EQ(one.failure->error->fault, Fault::too_long);
}

TEST(SmtpClient, WhatCannotBeSentHereIsToldAndNothingIsSaid) {
  const auto one = [](OutgoingLetter letter, std::string_view capabilities, std::string_view problem) {
    expect(plain_settings(), {std::move(letter)},
           "S: 220 x\nC: EHLO bar.com\nS: 250-x\nS: 250 " + std::string(capabilities) + "\nC: QUIT\nS: 221 x",
           [&](const ClientSubject& subject) {
             ASSERT_EQ(subject.results.size(), 1U);
             EXPECT_TRUE(subject.results[0].permanent());
             EXPECT_TRUE(subject.results[0].problem.starts_with(problem)) << subject.results[0].problem;
           });
  };
  one({"a@b.example", {"c@d.example"}, "\xc3\xb1\r\n"}, "HELP", "The letter has 8-bit text");
  one({"a@b.example", {"c@d.example"}, std::string(98, 'x')}, "SIZE 99", "The letter has 100 octets; the server takes at most 99");
  one({"a@b.example", {"c@d.example"}, "x\ny\r\n"}, "HELP", "The letter has a line that does not end in CRLF");
  one({"a@b.example>\r\nRCPT TO:<x@y.example", {"c@d.example"}, "x\r\n"}, "HELP", "The sender's address is malformed");
  one({"a@b.example", {"c@d.example\r\nDATA"}, "x\r\n"}, "HELP", "A recipient's address is malformed: c@d.example\\r\\nDATA");
}

TEST(SmtpClient, EightBitTextGoesWhereItMay) {
  expect(plain_settings(), {{"a@b.example", {"\"a b\"@d.example"}, ".\xc3\xb1"}}, R"(
    S: 220 x
    C: EHLO bar.com
    S: 250-x
    S: 250-SIZE 0
    S: 250 8BITMIME
    C: MAIL FROM:<a@b.example> SIZE=5 BODY=8BITMIME
    S: 250 OK
    C: RCPT TO:<"a b"@d.example>
    S: 250 OK
    C: DATA
    S: 354 go on
    C: ..ñ
    C: .
    S: 250 OK
    C: QUIT
    S: 221 bye
  )", [](const ClientSubject& subject) { EXPECT_TRUE(subject.results.at(0).delivered); });
}

TEST(SmtpClient, WaitsAsLongAsRfc5321Says) {
  ClientSubject subject(plain_settings(), {blah});
  auto& session = subject.session();
  EXPECT_EQ(session.deadline(), nine_o_clock + 5min);
  session.receive("220 x\r\n250 x\r\n", nine_o_clock + 1min);
  subject.settle();
  session.receive("250 OK\r\n250 OK\r\n250 OK\r\n250 OK\r\n", nine_o_clock + 2min);
  EXPECT_EQ(session.step(), Step::data);
  EXPECT_EQ(session.deadline(), nine_o_clock + 4min);
  session.receive("354 go\r\n", nine_o_clock + 3min);
  EXPECT_EQ(session.deadline(), nine_o_clock + 13min);
  session.on_deadline(nine_o_clock + 12min);
  EXPECT_FALSE(session.wants_close());
  session.on_deadline(nine_o_clock + 13min);
  subject.settle();
  ASSERT_TRUE(subject.failure);
  EXPECT_EQ(subject.failure->problem, "The server said nothing for 10 min");
  ASSERT_EQ(subject.results.size(), 3U);
  EXPECT_FALSE(subject.results[0].delivered);
  EXPECT_FALSE(subject.results[0].permanent());
}

TEST(SmtpClient, AConnectionThatEndsIsAFailureUnlessWeSaidQuit) {
  ClientSubject cut(plain_settings(), {blah});
  cut.session().receive("220 x\r\n25", nine_o_clock);
  cut.session().receive_eof(nine_o_clock);
  cut.settle();
  ASSERT_TRUE(cut.failure);
  EXPECT_EQ(cut.failure->error->fault, Fault::incomplete);
  ClientSubject quiet(plain_settings(), {});
  quiet.session().receive("220 x\r\n250 x\r\n", nine_o_clock);
  quiet.settle();
  quiet.session().receive_eof(nine_o_clock);
  quiet.settle();
  EXPECT_TRUE(quiet.finished);
}

// RFC 2033 section 4.2, both sides' lines verbatim
TEST(LmtpClient, Rfc2033ExampleWithOneReplyForEachAcceptedRecipient) {
  ClientSettings settings = plain_settings();
  settings.protocol = Protocol::lmtp;
  settings.client_name = "foo.edu";
  expect(settings, {{"chris@bar.com", {"pat@foo.edu", "jones@foo.edu", "green@foo.edu"}, "Blah blah blah...\r\n...etc. etc. etc.\r\n"}}, R"(
    S: 220 foo.edu LMTP server ready
    C: LHLO foo.edu
    S: 250-foo.edu
    S: 250-PIPELINING
    S: 250 SIZE
    C: MAIL FROM:<chris@bar.com> SIZE=38
    C: RCPT TO:<pat@foo.edu>
    C: RCPT TO:<jones@foo.edu>
    C: RCPT TO:<green@foo.edu>
    C: DATA
    S: 250 OK
    S: 250 OK
    S: 550 No such user here
    S: 250 OK
    S: 354 Start mail input; end with <CRLF>.<CRLF>
    C: Blah blah blah...
    C: ....etc. etc. etc.
    C: .
    S: 250 OK
    S: 452 <green@foo.edu> is temporarily over quota
    C: QUIT
    S: 221 foo.edu closing connection
    X: closed
  )", [](const ClientSubject& subject) {
    ASSERT_EQ(subject.results.size(), 3U);
    EXPECT_TRUE(subject.results[0].delivered);
    EXPECT_EQ(subject.results[1].reply->code, 550);
    EXPECT_FALSE(subject.results[2].delivered);
    EXPECT_EQ(subject.results[2].reply->code, 452);
  });
}

// Client and server against each other: what goes in comes out.
TEST(SmtpBoth, ALetterCrossesUnchanged) {
  for (const Protocol protocol : {Protocol::smtp, Protocol::lmtp}) {
    ServerSettings server_settings;
    server_settings.protocol = protocol;
    test::SmtpSubject server(server_settings);
    ClientSettings settings = plain_settings();
    settings.protocol = protocol;
    const std::string content = ".\r\n..\r\n\r\n.a\r\n\xff\xfe\r\n.\r\n";
    ClientSubject client(settings, {{"", {"bob@example.org", "nobody@example.org", "postmaster"}, content}});
    for (int turn = 0; turn < 20; ++turn) {
      client.session().receive(server.session().take_output(), nine_o_clock);
      client.settle();
      server.session().receive(client.session().take_output(), nine_o_clock);
      server.settle();
    }
    EXPECT_TRUE(client.finished);
    ASSERT_EQ(server.letters.size(), 1U);
    EXPECT_EQ(server.letters[0].content, content);
    EXPECT_EQ(server.letters[0].recipients.size(), 2U);
    EXPECT_TRUE(client.results.at(0).delivered && client.results.at(2).delivered);
  }
}

}  // namespace
}  // namespace glasspost::smtp

// glasspost explain: transcripts of RFCs, of people, and of nobody.
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/cli/process.h"

namespace glasspost::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// RFC 5321 appendix D.1, verbatim.
constexpr std::string_view rfc5321_d1 = R"RFC(      S: 220 foo.com Simple Mail Transfer Service Ready
      C: EHLO bar.com
      S: 250-foo.com greets bar.com
      S: 250-8BITMIME
      S: 250-SIZE
      S: 250-DSN
      S: 250 HELP
      C: MAIL FROM:<Smith@bar.com>
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
      C: ...etc. etc. etc.
      C: .
      S: 250 OK
      C: QUIT
      S: 221 foo.com Service closing transmission channel
)RFC";

// RFC 3501 section 8, the beginning, verbatim: its own layout, and a line folded by the RFC.
constexpr std::string_view rfc3501_8 = R"RFC(
   S:   * OK IMAP4rev1 Service Ready
   C:   a001 login mrc secret
   S:   a001 OK LOGIN completed
   C:   a002 select inbox
   S:   * 18 EXISTS
   S:   * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
   S:   * 2 RECENT
   S:   * OK [UNSEEN 17] Message 17 is the first unseen message
   S:   * OK [UIDVALIDITY 3857529045] UIDs valid
   S:   a002 OK [READ-WRITE] SELECT completed
   C:   a003 fetch 12 full
   S:   * 12 FETCH (FLAGS (\Seen) INTERNALDATE "17-Jul-1996 02:44:25 -0700"
         RFC822.SIZE 4286 ENVELOPE ("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)"
         "IMAP4rev1 WG mtg summary and minutes"
         (("Terry Gray" NIL "gray" "cac.washington.edu"))
         (("Terry Gray" NIL "gray" "cac.washington.edu"))
         (("Terry Gray" NIL "gray" "cac.washington.edu"))
         ((NIL NIL "imap" "cac.washington.edu"))
         ((NIL NIL "minutes" "CNRI.Reston.VA.US")
         ("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL
         "<B27397-0100000@cac.washington.edu>")
         BODY ("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 3028
         92))
   S:    a003 OK FETCH completed
   C:    a004 fetch 12 body[header]
   S:    * 12 FETCH (BODY[HEADER] {342}
   S:    Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
   S:    From: Terry Gray <gray@cac.washington.edu>
   S:    Subject: IMAP4rev1 WG mtg summary and minutes
   S:    To: imap@cac.washington.edu
   S:    cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
   S:    Message-Id: <B27397-0100000@cac.washington.edu>
   S:    MIME-Version: 1.0
   S:    Content-Type: TEXT/PLAIN; CHARSET=US-ASCII
   S:
   S:    )
   S:    a004 OK FETCH completed
   C     a005 store 12 +flags \deleted
)RFC";

// RFC 1939 section 10, verbatim.
constexpr std::string_view rfc1939_10 = R"RFC(      S:    +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>
      C:    APOP mrose c4c9334bac560ecc979e58001b3e22fb
      S:    +OK mrose's maildrop has 2 messages (320 octets)
      C:    STAT
      S:    +OK 2 320
      C:    LIST
      S:    +OK 2 messages (320 octets)
      S:    1 120
      S:    2 200
      S:    .
      C:    QUIT
      S:    +OK dewey POP3 server signing off (maildrop empty)
)RFC";

nlohmann::json explained(std::string_view transcript, std::vector<std::string> words = {}) {
  words.insert(words.begin(), {"explain", "--json"});
  const Ran ran = glasspost(words, transcript);
  EXPECT_EQ(ran.status, 0) << ran.err;
  return nlohmann::json::parse(ran.out);
}

TEST(Explain, TheTranscriptOfRfc5321InBothLanguages) {
  const Ran english = glasspost({"explain"}, rfc5321_d1);
  EXPECT_EQ(english.status, 0);
  EXPECT_THAT(english.out, HasSubstr("protocol: SMTP (guessed"));
  EXPECT_THAT(english.out, HasSubstr("C: MAIL FROM:<Smith@bar.com>\n   the client opens an envelope and names its sender\n     MAIL  "));
  EXPECT_THAT(english.out, HasSubstr("[RFC 5321"));
  EXPECT_THAT(english.out, Not(HasSubstr("went wrong")));
  const Ran spanish = glasspost({"explain", "--lang", "es"}, rfc5321_d1);
  EXPECT_EQ(spanish.status, 0);
  EXPECT_THAT(spanish.out, HasSubstr("protocolo: SMTP"));
  EXPECT_THAT(spanish.out, HasSubstr("C: MAIL FROM:<Smith@bar.com>\n   el cliente "));
  const auto json = explained(rfc5321_d1);
  EXPECT_EQ(json["messages"].size(), 17U);  // the greeting, seven commands, the letter, a reply to each
  EXPECT_EQ(json["messages"][11]["kind"], "command");
  EXPECT_EQ(json["messages"][13]["kind"], "content");
  EXPECT_EQ(json["messages"][13]["text"], "Blah blah blah...\r\n...etc. etc. etc.\r\n.\r\n");
  EXPECT_EQ(json["messages"][13]["line"], 18);
}

TEST(Explain, TheTranscriptOfRfc1939MasksTheDigest) {
  const Ran ran = glasspost({"explain"}, rfc1939_10);
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, HasSubstr("protocol: POP3"));
  EXPECT_THAT(ran.out, HasSubstr("C: APOP mrose ••••••••••••\n"));
  EXPECT_THAT(ran.out, Not(HasSubstr("c4c9334b")));
  EXPECT_THAT(ran.out, Not(HasSubstr("went wrong")));
}

TEST(Explain, TheTranscriptOfRfc3501WithItsLayoutAndItsFoldedLines) {
  const std::string whole(rfc3501_8.substr(0, rfc3501_8.find("   C     a005")));
  const auto json = explained(whole);
  EXPECT_EQ(json["protocol"], "imap");
  for (const auto& message : json["messages"]) EXPECT_FALSE(message.contains("problem")) << message.dump(1);
  const std::string text = glasspost({"explain"}, whole).out;
  EXPECT_THAT(text, HasSubstr("C: a001 login mrc ••••••••••••\n"));
  EXPECT_THAT(text, Not(HasSubstr("secret\n")));
}

TEST(Explain, ALineThatNobodySaysNamesItself) {
  const std::size_t line = std::size_t(std::count(rfc3501_8.begin(), rfc3501_8.end(), '\n'));  // "C     a005": no colon
  const Ran ran = glasspost({"explain"}, rfc3501_8);
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr("Line " + std::to_string(line) + " has no C: or S:. Say who speaks: --side client or server"));
}

TEST(Explain, AuthenticationIsUnderstoodAsADialogue) {
  const auto json = explained("S: 220 a\nC: EHLO b\nS: 250-a\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YWxpY2U=\n"
                              "S: 334 UGFzc3dvcmQ6\nC: czNjcmV0\nS: 235 2.7.0 ok\n");
  std::vector<std::string> kinds;
  for (const auto& message : json["messages"]) kinds.push_back(message["kind"]);
  EXPECT_THAT(kinds, testing::ElementsAre("greeting", "command", "reply", "command", "continuation", "answer", "continuation",
                                          "answer", "reply"));
  EXPECT_THAT(json.dump(), Not(HasSubstr("czNjcmV0")));
}

TEST(Explain, AfterStarttlsTheSessionBeginsAgain) {
  for (const std::string between : {"", "C & S: <negotiate a TLS session>\n"}) {
    const auto json = explained("S: 220 a\nC: EHLO b\nS: 250-a\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\n" + between +
                                "C: EHLO b\nS: 250 a\n");
    ASSERT_EQ(json["messages"].size(), 7U);
    EXPECT_EQ(json["messages"][5]["key"], "say/smtp/EHLO");
    EXPECT_FALSE(json["messages"][5].contains("problem"));
  }
  const auto imap = explained("S: * OK hi\nC: a STARTTLS\nS: a OK begin\nC: b LOGIN joe sesame\nS: b OK in\n");
  EXPECT_FALSE(imap["messages"][3].contains("problem"));
  EXPECT_EQ(imap["messages"][4]["state"]["after"], "authenticated");
}

TEST(Explain, WhatWentWrongIsMarkedWhereItDid) {
  const Ran ran = glasspost({"explain"}, "S: 220 a\nC: EHLO b\nS: 250 a\nC: MAIL FROM: <a@b>\nS: 501 no\nC: \x01\xff garbage\n");
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, HasSubstr("C: MAIL FROM: <a@b>\n"
                                 "             ^\n"
                                 "   went wrong here; expected: the sender’s address in < > (Reverse-path)\n"));
  EXPECT_THAT(ran.out, HasSubstr("C: \\x01\\xff garbage\n   ^\n"));
}

TEST(Explain, RawLinesWithASide) {
  const auto client = explained("a1 SELECT INBOX\r\na2 UID FETCH 1:* (FLAGS)\r\n", {"--side", "client"});
  EXPECT_EQ(client["protocol"], "imap");
  EXPECT_EQ(client["guessed"], true);
  ASSERT_EQ(client["messages"].size(), 2U);
  EXPECT_EQ(client["messages"][0]["from"], "client");
  EXPECT_EQ(client["messages"][0]["tokens"][2]["role"], "imap_verb");
  const auto server = explained("+OK ready\r\n", {"--side", "server", "--protocol", "pop3"});
  EXPECT_EQ(server["guessed"], false);
  EXPECT_EQ(server["messages"][0]["from"], "server");
}

TEST(Explain, InSpanishTheArticleJoinsTheWordBeforeIt) {
  const Ran ran = glasspost({"explain", "--lang", "es"}, "S: 220 a\nC: EHLO b\nS: 250-a\nS: 250 AUTH PLAIN\nC: AUTH PLAIN AGEAYg==\nS: 235 ok\n");
  EXPECT_THAT(ran.out, HasSubstr("el servidor deja entrar al cliente"));
}

TEST(Explain, OneLine) {
  const Ran ran = glasspost({"explain", "--line", "C: AUTH PLAIN AGFsaWNlAHMzY3JldA==", "--protocol", "smtp"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, HasSubstr("C: AUTH PLAIN ••••••••••••\n"));
  EXPECT_THAT(ran.out, Not(HasSubstr("AGFs")));
}

TEST(Explain, OneSideOfALoginIsMaskedWithoutTheChallenges) {
  for (const std::string before : {"EHLO x\n", ""}) {
    const Ran smtp = glasspost({"explain", "--side", "client", "--protocol", "smtp"},
                               before + "AUTH LOGIN\ndXNlcg==\nczNjcmV0\nMAIL FROM:<a@b>\nFOO BAR\n");
    EXPECT_THAT(smtp.out, HasSubstr("C: AUTH LOGIN\n"));
    EXPECT_THAT(smtp.out, Not(HasSubstr("czNjcmV0")));
    EXPECT_THAT(smtp.out, HasSubstr("C: MAIL FROM:<a@b>\n"));
    EXPECT_THAT(smtp.out, HasSubstr("C: FOO BAR\n"));
  }
  const Ran pop3 = glasspost({"explain", "--side", "client", "--protocol", "pop3"}, "AUTH PLAIN\nAGpvZQBzZXNhbWU=\nSTAT\n");
  EXPECT_THAT(pop3.out, Not(HasSubstr("AGpvZQ")));
  EXPECT_THAT(pop3.out, HasSubstr("C: STAT\n"));
}

TEST(Explain, NothingAndNonsenseAreSaidToBeThat) {
  for (const std::string input : {"", "\n\n", "\r\n"}) {
    const Ran nothing = glasspost({"explain"}, input);
    EXPECT_EQ(nothing.status, 1);
    EXPECT_THAT(nothing.out, IsEmpty());
    EXPECT_THAT(nothing.err, HasSubstr("There is nothing to explain"));
  }
  const Ran nonsense = glasspost({"explain"}, "C: lorem ipsum\n");
  EXPECT_EQ(nonsense.status, 1);
  EXPECT_THAT(nonsense.err, HasSubstr("--protocol smtp, lmtp, imap or pop3"));
}

TEST(Explain, SecretsStayHiddenInEveryProtocolAndForm) {
  struct Case {
    std::string transcript, secret;
  };
  for (const Case& c : std::vector<Case>{
           {"S: * OK hi\nC: a LOGIN joe {6}\nS: + go\nC: sesame\nS: a OK in\n", "sesame"},
           {"S: * OK hi\nC: a LOGIN joe {6+}\nC: sesame\nS: a OK in\n", "sesame"},
           {"S: * OK hi\nC: a LOGIN joe \"open sesame\"\nS: a NO\n", "sesame"},
           {"S: * OK hi\nC: a AUTHENTICATE PLAIN\nS: +\nC: AGpvZQBzZXNhbWU=\nS: a OK\n", "AGpvZQ"},
           {"S: +OK hi\nC: USER joe\nS: +OK\nC: PASS open sesame\nS: +OK\n", "sesame"},
           {"S: 220 a\nC: EHLO b\nS: 250-a\nS: 250 AUTH XOAUTH2\nC: AUTH XOAUTH2 dXNlcj1zb21l\nS: 235 ok\n", "dXNlcj1zb21l"}})
    for (const std::string form : {"--json", "--lang=es"})
      EXPECT_THAT(glasspost({"explain", form}, c.transcript).out, Not(HasSubstr(c.secret))) << c.transcript;
}

// RFC 5802 section 5, as SMTP carries it.
constexpr std::string_view scram_login = R"(C: EHLO client.example
S: 250-foo.com
S: 250 AUTH SCRAM-SHA-1
C: AUTH SCRAM-SHA-1 biwsbj11c2VyLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM
S: 334 cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0wzcmZjTkhZSlkxWlZ2V1ZzN2oscz1RU1hDUitRNnNlazhiZjkyLGk9NDA5Ng==
C: Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMM3JmY05IWUpZMVpWdldWczdqLHA9djBYOHYzQnoyVDBDSkdiSlF5RjBYK0hJNFRzPQ==
S: 334 dj1ybUY5cHFWOFM3c3VBb1pXamE0ZEpSa0ZzS1E9
C:
S: 235 2.7.0 Authentication successful
)";

TEST(Explain, ALoginStepByStep) {
  const Ran without = glasspost({"explain", "--login", "-"}, scram_login);
  EXPECT_EQ(without.status, 0) << without.err;
  EXPECT_THAT(without.out, HasSubstr("SCRAM-SHA-1, step by step"));
  EXPECT_THAT(without.out, HasSubstr("salt\n  4125c247e43ab1e93c6dff76  (the server says it)\n"));
  EXPECT_THAT(without.out, Not(HasSubstr("ClientKey")));
  const Ran with = glasspost({"explain", "--login", "--password-command", "echo pencil", "-"}, scram_login);
  EXPECT_EQ(with.status, 0) << with.err;
  EXPECT_THAT(with.out, HasSubstr("ClientProof = ClientKey XOR ClientSignature\n  ••••••••••••  (computed)\n"));
  EXPECT_THAT(with.out, HasSubstr("The answer that was sent is the one that this password gives."));
  EXPECT_THAT(with.out, Not(HasSubstr("pencil")));
  EXPECT_THAT(with.out, Not(HasSubstr("v0X8v3Bz2T0CJGbJQyF0X")));
  const Ran other = glasspost({"explain", "--login", "--password-command", "echo pen", "--lang", "es", "-"}, scram_login);
  EXPECT_THAT(other.out, HasSubstr("La respuesta enviada es otra: se hizo con otra contraseña."));
  const Ran none = glasspost({"explain", "--login", "-"}, "C: EHLO a\nS: 250 b\n");
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.err, HasSubstr("There is no login in these lines"));
  const Ran secrets = glasspost({"explain", "--login", "--show-secrets", "-"}, scram_login);
  EXPECT_EQ(secrets.status, 2);  // not on a terminal
}

// RFC 2195 section 2
TEST(Explain, ACramLoginStepByStep) {
  const Ran ran = glasspost({"explain", "--login", "--password-command", "echo tanstaaftanstaaf", "-"},
                            "S: * OK IMAP4 Server\nC: A0001 AUTHENTICATE CRAM-MD5\n"
                            "S: + PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\n"
                            "C: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\nS: A0001 OK CRAM authentication successful\n");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("challenge\n  <1896.697170952@postoffice.reston.mci.net>  (the server says it)\n"));
  EXPECT_THAT(ran.out, HasSubstr("is the one that this password gives"));
}

}  // namespace
}  // namespace glasspost::test

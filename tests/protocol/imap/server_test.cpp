#include "protocol/imap/server.h"

#include <gtest/gtest.h>

#include <deque>

#include "tests/protocol/imap/small_service.h"

namespace glasspost::imap {
namespace {

// What is named here is of no matter to these tests: extensions_test.cpp has all of it.
const ExtensionSet some = {Extension::literal_plus, Extension::sasl_ir, Extension::id,   Extension::idle, Extension::namespace_,
                           Extension::uidplus,      Extension::unselect, Extension::move, Extension::children};

ServerSettings open_settings() {
  ServerSettings settings;
  settings.extensions = some;
  settings.server_name = "mail.example";
  settings.allow_plaintext_login = true;
  return settings;
}
ServerSettings tls_settings() {
  ServerSettings settings;
  settings.extensions = some;
  settings.server_name = "mail.example";
  settings.starttls = true;
  return settings;
}

void expect(const ServerSettings& settings, std::string_view transcript) {
  test::expect_transcript(Side::server, [&] { return std::make_unique<SmallService>(settings); }, transcript);
}

const std::string_view greeting =
    "S: * OK [CAPABILITY IMAP4rev1 LITERAL+ SASL-IR ID IDLE NAMESPACE UIDPLUS UNSELECT MOVE CHILDREN AUTH=PLAIN] mail.example "
    "IMAP4rev1 Glasspost ready\n";
const std::string_view login =
    "C: a0 LOGIN fred swordfish\n"
    "S: a0 OK [CAPABILITY IMAP4rev1 LITERAL+ SASL-IR ID IDLE NAMESPACE UIDPLUS UNSELECT MOVE CHILDREN] Logged in\n";

std::string logged_in(std::string_view rest) { return std::string(greeting) + std::string(login) + std::string(rest); }
std::string greeted(std::string_view rest) { return std::string(greeting) + std::string(rest); }

TEST(ImapServer, HoldsAWholeConversation) {
  expect(open_settings(), logged_in(R"(
    C: a1 SELECT inbox
    S: * 3 EXISTS
    S: a1 OK [READ-WRITE] opened
    C: a2 FETCH 1 UID
    S: * 1 FETCH (UID 5)
    S: a2 OK done
    C: a3 STORE 1 +FLAGS (\Seen)
    S: a3 OK done
    C: a4 CLOSE
    S: a4 OK done
    C: a5 FETCH 1 UID
    S: a5 BAD Select a mailbox first
    C: a6 CAPABILITY
    S: * CAPABILITY IMAP4rev1 LITERAL+ SASL-IR ID IDLE NAMESPACE UIDPLUS UNSELECT MOVE CHILDREN
    S: a6 OK CAPABILITY completed
    C: a7 ID NIL
    S: * ID ("name" "Glasspost")
    S: a7 OK ID completed
    C: a8 LOGOUT
    S: * BYE Logging out
    S: a8 OK LOGOUT completed
    X: closed)"));
}

TEST(ImapServer, LetsNothingBeDoneBeforeLogin) {
  expect(open_settings(), greeted(R"(
    C: a1 SELECT INBOX
    S: a1 BAD Log in first
    C: a2 FETCH 1 UID
    S: a2 BAD Log in first
    C: a3 IDLE
    S: a3 BAD Log in first
    C: a4 NOOP
    S: a4 OK done
    C: a5 LOGIN fred wrong
    S: a5 NO [AUTHENTICATIONFAILED] Wrong name or password
    C: a6 LOGIN fred ""
    S: a6 NO [AUTHENTICATIONFAILED] Wrong name or password
    C: a7 LOGIN fred swordfish
    S: a7 OK [CAPABILITY ...
    C: a8 LOGIN fred swordfish
    S: a8 BAD Already logged in
    C: a9 STARTTLS
    S: a9 BAD Already logged in)"));
}

TEST(ImapServer, LoginTakesLiterals) {
  expect(open_settings(), greeted(R"(
    C: a1 LOGIN {4}
    S: + Ready for the literal
    C: fred {9}
    S: + Ready for the literal
    C: swordfish
    S: a1 OK [CAPABILITY ...)"));
  expect(open_settings(), greeted(R"(
    C: a1 LOGIN {4+}
    C: fred {9+}
    C: swordfish
    S: a1 OK [CAPABILITY ...)"));
}

TEST(ImapServer, AuthenticatePlain) {
  expect(open_settings(), greeted(R"(
    C: a1 AUTHENTICATE PLAIN
    S: + 
    C: AGZyZWQAc3dvcmRmaXNo
    S: a1 OK [CAPABILITY ...)"));
  expect(open_settings(), greeted(R"(
    C: a1 AUTHENTICATE PLAIN AGZyZWQAc3dvcmRmaXNo
    S: a1 OK [CAPABILITY ...)"));
  expect(open_settings(), greeted(R"(
    C: a1 AUTHENTICATE PLAIN
    S: + 
    C: *
    S: a1 BAD Authentication cancelled
    C: a2 AUTHENTICATE PLAIN
    S: + 
    C: a3 NOOP
    S: a2 BAD The answer is not base64
    C: a4 AUTHENTICATE PLAIN
    S: + 
    C: AGZyZWQAd3Jvbmc=
    S: a4 NO [AUTHENTICATIONFAILED] Wrong name or password
    C: a5 AUTHENTICATE PLAIN =
    S: a5 NO [AUTHENTICATIONFAILED] Wrong name or password
    C: a6 AUTHENTICATE KERBEROS_V4
    S: a6 NO No such mechanism; see CAPABILITY for those that are offered
    C: a7 AUTHENTICATE PLAIN abc
    S: a7 BAD The initial response is not base64
    C: a8 AUTHENTICATE PLAIN
    S: + 
    C: Z9+ {3+}
    S: a8 BAD The answer is not base64
    C: a9 NOOP
    S: a9 OK done)"));
}

TEST(ImapServer, SaysNoPasswordsInPlaintextUnlessAllowed) {
  expect(tls_settings(), R"(
    S: * OK [CAPABILITY IMAP4rev1 LITERAL+ SASL-IR ID IDLE NAMESPACE UIDPLUS UNSELECT MOVE CHILDREN STARTTLS LOGINDISABLED] ...
    C: a1 LOGIN fred swordfish
    S: a1 NO [PRIVACYREQUIRED] A password may only be said inside TLS
    C: a2 AUTHENTICATE PLAIN AGZyZWQAc3dvcmRmaXNo
    S: a2 NO [PRIVACYREQUIRED] A password may only be said inside TLS
    C: a3 STARTTLS
    S: a3 OK Begin TLS negotiation now
    T: up
    C: a4 CAPABILITY
    S: * CAPABILITY IMAP4rev1 LITERAL+ SASL-IR ID IDLE NAMESPACE UIDPLUS UNSELECT MOVE CHILDREN AUTH=PLAIN
    S: a4 OK CAPABILITY completed
    C: a5 STARTTLS
    S: a5 BAD TLS is already up
    C: a6 LOGIN fred swordfish
    S: a6 OK [CAPABILITY ...)");
}

TEST(ImapServer, WhatIsSentBehindStarttlsIsNeverExecuted) {
  SmallService service(tls_settings());
  service.settle();
  service.server().take_output();
  service.server().receive("a1 STARTTLS\r\na2 NOOP\r\na3 LOGIN fred sword", test::nine_o_clock);
  service.settle();
  service.server().receive("a4 NOOP\r\n", test::nine_o_clock);
  service.settle();
  EXPECT_EQ(service.server().take_output(), "a1 OK Begin TLS negotiation now\r\n");
  service.server().tls_established(TlsFacts{});
  service.server().receive("fish\r\nb1 NOOP\r\n", test::nine_o_clock);
  service.settle();
  EXPECT_EQ(service.server().take_output(), "fish BAD Syntax error at octet 4: wanted SP\r\nb1 OK done\r\n");
  EXPECT_EQ(service.heard, std::vector<std::string>{"b1 NOOP\r\n"});
}

TEST(ImapServer, ARefusedLiteralIsSkippedAndNeverExecuted) {
  ServerSettings settings = open_settings();
  settings.limits.append = 20;
  expect(settings, logged_in(R"(
    C: a1 APPEND INBOX {20+}
    C: 01234567890123456789
    S: a1 OK [APPENDUID 7 5] 20 octets
    C: a2 APPEND INBOX {21+}
    C: b2 DELETE INBOX
    C: 1234 {3+}
    C: abc
    S: a2 NO [TOOBIG] Messages may have 20 octets at most
    C: a3 APPEND INBOX {21}
    S: a3 NO [TOOBIG] Messages may have 20 octets at most
    C: a4 XYZZY {14+}
    C: b4 DELETE INBOX
    S: a4 BAD Unknown command
    C: a5 XYZZY {14}
    S: a5 BAD Unknown command
    C: a6 FETCH 1 {14+}
    C: b4 DELETE INBOX
    S: a6 BAD Select a mailbox first
    C: a7 NOOP
    S: a7 OK done)"));
}

TEST(ImapServer, AppendTakesAMailboxByLiteralToo) {
  expect(open_settings(), logged_in(R"(
    C: a1 APPEND {5}
    S: + Ready for the literal
    C: INBOX (\Seen) {4}
    S: + Ready for the literal
    C: a
    C: b
    S: a1 OK [APPENDUID 7 5] 4 octets
    C: a2 APPEND INBOX (\Bogus) {5+}
    C: x
    C: ab
    S: a2 BAD Not offered at octet 17: wanted flag
    C: a3 NOOP
    S: a3 OK done)"));
}

TEST(ImapServer, LiteralsAreSmallBeforeLogin) {
  expect(open_settings(), greeted(R"(
    C: a1 LOGIN {8193}
    S: a1 BAD Too long for a command before login
    C: a2 LOGIN {99999999999999999999}
    S: a2 BAD A literal of more octets than can be counted
    C: a3 LOGIN {99999999999999999999+}
    S: * BYE A literal of more octets than can be counted
    X: closed)"));
}

TEST(ImapServer, IdleEndsWithDoneInAnyCase) {
  for (const std::string_view done : {"DONE", "done", "DoNe"}) {
    expect(open_settings(), logged_in(std::string(R"(
    C: a1 SELECT INBOX
    S: * 3 EXISTS
    S: a1 OK [READ-WRITE] opened
    C: a2 IDLE
    S: + idling
    S: * 4 EXISTS
    C: )") + std::string(done) + R"(
    S: a2 OK IDLE terminated
    C: a3 FETCH 1 UID
    S: * 1 FETCH (UID 5)
    S: a3 OK done)"));
  }
  expect(open_settings(), logged_in(R"(
    C: a2 IDLE
    S: + idling
    S: * 4 EXISTS
    C: a3 NOOP
    S: a2 BAD DONE was expected
    C: a4 NOOP
    S: a4 OK done)"));
}

TEST(ImapServer, ReadOnlyMailboxesAreNotChanged) {
  expect(open_settings(), logged_in(R"(
    C: a1 EXAMINE INBOX
    S: * 3 EXISTS
    S: a1 OK [READ-ONLY] opened
    C: a2 STORE 1 FLAGS (\Seen)
    S: a2 NO The mailbox is open read-only
    C: a3 EXPUNGE
    S: a3 NO The mailbox is open read-only
    C: a4 UID MOVE 1 x
    S: a4 NO The mailbox is open read-only
    C: a5 FETCH 1 UID
    S: * 1 FETCH (UID 5)
    S: a5 OK done
    C: a6 SELECT nowhere
    S: a6 NO No such mailbox
    C: a7 FETCH 1 UID
    S: a7 BAD Select a mailbox first)"));
}

TEST(ImapServer, MistakesEarnBad) {
  expect(open_settings(), logged_in(R"~(
    C: a1 XYZZY
    S: a1 BAD Unknown command
    C: 
    S: * BAD Syntax error at octet 0: wanted tag
    C: a2 FETCH 1 (FLAGS
    S: a2 BAD Syntax error at octet 17: wanted ")"
    C: a3 SELECT Entw&APw
    S: a3 BAD Syntax error at octet 10: wanted "-"
    C: * OK
    S: * BAD Syntax error at octet 0: wanted tag
    C: DONE
    S: DONE BAD Syntax error at octet 4: wanted SP)~"));
}

TEST(ImapServer, AnEndlessLineEndsTheConnectionWithBoundedMemory) {
  SmallService service(open_settings());
  const std::string piece(4096, 'x');
  for (int i = 0; i < 1000 && !service.server().wants_close(); ++i) {
    service.server().receive(piece, test::nine_o_clock);
    service.settle();
  }
  EXPECT_TRUE(service.server().wants_close());
  EXPECT_NE(service.server().take_output().find("* BYE A line without end\r\n"), std::string::npos);
  EXPECT_EQ(service.gone, std::vector<GoneReason>{GoneReason::refused});
}

TEST(ImapServer, LongLinesAreRefusedWhole) {
  ServerSettings settings = open_settings();
  settings.limits.line = 40;
  expect(settings, logged_in(R"(
    C: a1 SELECT 0123456789012345678901234567890123456789
    S: a1 BAD Line too long
    C: a2 SELECT 0123456789012345678901234567890123456789 {9+}
    C: a3 LOGOUT
    S: a2 BAD Line too long
    C: a4 NOOP
    S: a4 OK done)"));
}

TEST(ImapServer, TooManyMistakesEndTheConnection) {
  ServerSettings settings = open_settings();
  settings.limits.bad_commands = 3;
  settings.limits.failed_logins = 2;
  expect(settings, greeted(R"(
    C: a1 X
    S: a1 BAD Unknown command
    C: a2 X
    S: a2 BAD Unknown command
    C: a3 NOOP
    S: a3 OK done
    C: a4 X
    C: a5 X
    C: a6 X
    C: a7 NOOP
    S: a4 BAD Unknown command
    S: a5 BAD Unknown command
    S: a6 BAD Unknown command
    S: * BYE Too many commands in error
    X: closed)"));
  expect(settings, greeted(R"(
    C: a1 LOGIN fred x
    S: a1 NO [AUTHENTICATIONFAILED] Wrong name or password
    C: a2 LOGIN fred y
    S: a2 NO [AUTHENTICATIONFAILED] Wrong name or password
    S: * BYE Too many failed logins
    X: closed)"));
}

TEST(ImapServer, CommandsWaitUntilTheOneBeforeIsCompleted) {
  SmallService service(open_settings());
  service.hold = true;
  service.server().receive("a1 NOOP\r\na2 NOOP\r\n", test::nine_o_clock);
  service.settle();
  EXPECT_EQ(service.heard.size(), 1U);
  EXPECT_EQ(service.server().current(), "NOOP");
  service.hold = false;
  service.server().ok("late");
  service.settle();
  EXPECT_EQ(service.heard.size(), 2U);
  const std::string out = service.server().take_output();
  EXPECT_NE(out.find("a1 OK late\r\na2 OK done\r\n"), out.npos);
}

TEST(ImapServer, WhatWaitsIsBounded) {
  ServerSettings settings = open_settings();
  settings.limits.pipelined = 1000;
  SmallService service(settings);
  service.hold = true;
  service.server().receive("a1 NOOP\r\n", test::nine_o_clock);
  service.settle();
  for (int i = 0; i < 100; ++i) service.server().receive("a2 NOOP\r\na3 NOOP\r\n", test::nine_o_clock);
  EXPECT_TRUE(service.server().wants_close());
}

TEST(ImapServer, AfterTheEndOfInputWhatWasAskedIsStillAnswered) {
  SmallService service(open_settings());
  service.server().receive("a1 NOOP\r\na2 NOO", test::nine_o_clock);
  service.server().receive_eof(test::nine_o_clock);
  service.settle();
  EXPECT_EQ(service.heard.size(), 1U);
  EXPECT_EQ(service.gone, std::vector<GoneReason>{GoneReason::end_of_input});
  EXPECT_TRUE(service.server().wants_close());
}

TEST(ImapServer, AutologoutSaysGoodbye) {
  SmallService service(open_settings());
  ASSERT_TRUE(service.server().deadline());
  EXPECT_EQ(*service.server().deadline(), test::nine_o_clock + 30min);
  service.server().take_output();
  service.server().on_deadline(test::nine_o_clock + 29min);
  EXPECT_EQ(service.server().take_output(), "");
  service.server().receive("a1 NOOP\r\n", test::nine_o_clock + 29min);
  service.settle();
  service.server().take_output();
  service.server().on_deadline(test::nine_o_clock + 59min);
  service.settle();
  EXPECT_EQ(service.server().take_output(), "* BYE Autologout: nothing was said for too long\r\n");
  EXPECT_EQ(service.gone, std::vector<GoneReason>{GoneReason::autologout});
}

TEST(ImapServer, ExpungeIsNotTellableWhereItWouldRenumber) {
  EXPECT_EQ(push_during(""), Push::not_expunge);
  EXPECT_EQ(push_during("FETCH"), Push::not_expunge);
  EXPECT_EQ(push_during("STORE"), Push::not_expunge);
  EXPECT_EQ(push_during("SEARCH"), Push::not_expunge);
  for (const std::string_view verb : {"NOOP", "UID FETCH", "UID STORE", "UID SEARCH", "COPY", "CHECK", "EXPUNGE"})
    EXPECT_EQ(push_during(verb), Push::everything) << verb;
  SmallService service(open_settings());
  service.server().receive("a0 LOGIN fred swordfish\r\n", test::nine_o_clock);
  service.settle();
  EXPECT_EQ(service.server().may_push(), Push::nothing);
  service.server().receive("a1 SELECT INBOX\r\n", test::nine_o_clock);
  service.settle();
  EXPECT_EQ(service.server().may_push(), Push::not_expunge);
  service.server().receive("a2 IDLE\r\n", test::nine_o_clock);
  service.settle();
  EXPECT_EQ(service.server().may_push(), Push::everything);
  service.hold = true;
  service.server().receive("DONE\r\na3 FETCH 1 FLAGS\r\n", test::nine_o_clock);
  service.settle();
  EXPECT_EQ(service.server().may_push(), Push::not_expunge);
}

TEST(ImapServer, TakesALargeMessageOctetForOctet) {
  SmallService service(open_settings());
  service.server().receive("a0 LOGIN fred swordfish\r\n", test::nine_o_clock);
  service.settle();
  std::string message;
  for (int i = 0; message.size() < 3'000'000; ++i) message += "line " + std::to_string(i) + " \n \r {3}\r\n";
  std::string wire = "a1 APPEND INBOX {" + std::to_string(message.size()) + "+}\r\n" + message + "\r\n";
  for (std::size_t at = 0; at < wire.size(); at += 8191) {
    service.server().receive(std::string_view(wire).substr(at, 8191), test::nine_o_clock);
    service.settle();
  }
  ASSERT_EQ(service.heard.size(), 1U);
  EXPECT_NE(service.heard[0].find(message), std::string::npos);
}

}  // namespace
}  // namespace glasspost::imap

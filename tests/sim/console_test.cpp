// A dialogue by hand with simulated servers: what was typed is sent, and the console knows what is waited for.
#include "tests/sim/worlds.h"

namespace glasspost::sim::testing {
namespace {

using ::testing::HasSubstr;

class Console : public ::testing::Test {
 protected:
  void open(std::string_view server, std::uint16_t port) {
    console_ = played_.world.perform(OpenConsole{played_.host("laptop"), played_.host(server), port});
    settle();
  }
  // Types it, and what the server waits for a second later.
  Awaits type(std::string_view octets) {
    played_.world.perform(TypeText{console_, std::string(octets)});
    settle();
    return state().awaits;
  }
  ConsoleState state() const { return played_.world.console(console_); }
  void settle() { played_.world.run_until(played_.world.now() + 1s); }

  Played played_{Differently{}};
  ConnectionId console_ = 0;
};

TEST_F(Console, ALetterByHand) {
  open("mx1.example.org", 25);
  EXPECT_TRUE(state().open);
  EXPECT_EQ(state().awaits, Awaits::line);
  EXPECT_EQ(type("DATA\r\n"), Awaits::line);  // refused: out of order
  EXPECT_EQ(type("HELO me\r\n"), Awaits::line);
  EXPECT_EQ(type("MAIL FROM:<x@y.example>\r\n"), Awaits::line);
  EXPECT_EQ(type("RCPT TO:<bob@example.org>\r\n"), Awaits::line);
  EXPECT_EQ(type("DATA\r\n"), Awaits::content);
  EXPECT_EQ(type("Subject: by hand\r\n\r\n..\r\n"), Awaits::content);
  EXPECT_EQ(type(".\r\n"), Awaits::line);
  EXPECT_EQ(type("QUIT\r\n"), Awaits::nothing);
  EXPECT_FALSE(state().open);
  EXPECT_THAT(played_.transcript(), HasSubstr("mx1.example.org> 503"));
  EXPECT_THAT(played_.inbox("store.example.org", "bob").back(), HasSubstr("Subject: by hand\r\n\r\n.\r\n"));
}

TEST_F(Console, TlsBeginsAfterStartTlsAndALoginIsAContinuation) {
  open("mail.example.com", 587);
  type("EHLO me\r\n");
  EXPECT_FALSE(state().sealed);
  type("STARTTLS\r\n");
  EXPECT_TRUE(state().sealed);
  type("EHLO me\r\n");
  EXPECT_EQ(type("AUTH LOGIN\r\n"), Awaits::continuation);
  EXPECT_EQ(type("YWxpY2U=\r\n"), Awaits::continuation);
  EXPECT_EQ(type("czNjcmV0\r\n"), Awaits::line);
  EXPECT_THAT(played_.transcript(), HasSubstr("235"));
}

TEST_F(Console, AnImapLiteralAndIdle) {
  open("store.example.org", 143);
  EXPECT_EQ(type("a1 SELECT INBOX\r\n"), Awaits::line);
  EXPECT_THAT(played_.transcript(), HasSubstr("store.example.org> a1 BAD"));
  type("a2 STARTTLS\r\n");
  EXPECT_TRUE(state().sealed);
  EXPECT_EQ(type("a3 LOGIN bob {5}\r\n"), Awaits::literal);
  EXPECT_EQ(state().literal_left, 5U);
  EXPECT_EQ(type("b0"), Awaits::literal);
  EXPECT_EQ(state().literal_left, 3U);
  EXPECT_EQ(type("bby\r\n"), Awaits::line);
  EXPECT_THAT(played_.transcript(), HasSubstr("store.example.org> a3 OK"));
  type("a4 SELECT INBOX\r\n");
  EXPECT_EQ(type("a5 IDLE\r\n"), Awaits::continuation);
  EXPECT_EQ(type("DONE\r\n"), Awaits::line);
}

// RFC 4978: with the answer the words change, and both ends and the ladder still understand them.
TEST_F(Console, CompressionBeginsWhereItWasAgreed) {
  open("store.example.org", 143);
  type("a1 STARTTLS\r\n");
  type("a2 LOGIN bob b0bby\r\n");
  EXPECT_EQ(type("a3 COMPRESS DEFLATE\r\n"), Awaits::line);
  EXPECT_EQ(type("a4 SELECT INBOX\r\n"), Awaits::line);
  EXPECT_EQ(type("a5 IDLE\r\n"), Awaits::continuation);
  EXPECT_EQ(type("DONE\r\n"), Awaits::line);
  EXPECT_EQ(type("a6 LOGOUT\r\n"), Awaits::nothing);
  EXPECT_THAT(played_.transcript(), HasSubstr("store.example.org> a3 OK DEFLATE active"));
  EXPECT_THAT(played_.transcript(), HasSubstr("store.example.org> a4 OK [READ-WRITE]"));
  EXPECT_THAT(played_.transcript(), HasSubstr("store.example.org> a6 OK"));
}

// A client for people that takes "Q" for quit and "R" for renegotiate at the beginning of a line eats their mail.
TEST_F(Console, WhatIsTypedIsSentAsItIs) {
  open("mx1.example.org", 25);
  for (const std::string_view line : {"Q\r\n", "R\r\n", "k\r\n", "#x\r\n", "~.\r\n", "/quit\r\n", " NOOP\r\n", "RSET\r\n"}) type(line);
  for (const std::string_view line : {"> Q\r\n", "> R\r\n", "> k\r\n", "> #x\r\n", "> ~.\r\n", "> /quit\r\n", ">  NOOP\r\n", "> RSET\r\n"})
    EXPECT_THAT(played_.transcript(), HasSubstr(std::string(line).substr(0, line.size() - 2)));
  EXPECT_TRUE(state().open);
}

TEST_F(Console, NobodyListensThere) {
  open("mx1.example.org", 143);
  EXPECT_FALSE(state().open);
  EXPECT_EQ(state().problem, "nobody takes connections there");
  EXPECT_EQ(type("a1 NOOP\r\n"), Awaits::nothing);
}

}  // namespace
}  // namespace glasspost::sim::testing

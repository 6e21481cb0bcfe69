#include <gtest/gtest.h>

#include "protocol/base/text.h"
#include "protocol/dissector.h"
#include "protocol/pop3/states.h"
#include "tests/protocol/transcript.h"

namespace glasspost {
namespace {

std::string_view short_name(Role role) {
  std::string_view name = name_of(role);
  if (name.starts_with("pop3_")) name.remove_prefix(5);
  if (name.starts_with("content_")) name.remove_prefix(8);
  return name;
}

// Everything that was said, a line for each message.
class Heard : public MessageSink {
 public:
  MessageId said(const Said& one) override {
    EXPECT_TRUE(tiles(one.text, one.tokens)) << one.text;
    EXPECT_LE(one.text.size(), shown_content_limit);
    octets[int(one.from)] += one.octets;
    std::string line = std::string(one.headline.substr(one.headline.rfind("pop3/") + 5)) + " -> " +
                       std::string(pop3_machine().states[one.state_after].id);
    if (one.answers) line += " answers " + std::to_string(*one.answers) + (one.completes ? "" : " (more)");
    if (one.problem) line += " | " + std::string(name_of(one.problem->fault)) + " at " + std::to_string(one.problem->offset) + ": " + one.problem->expected;
    lines.push_back(line);
    std::string tokens;
    for (const Token& token : one.tokens) {
      if (token.role == Role::space || token.role == Role::crlf) continue;
      tokens += std::string(short_name(token.role)) + "(" + visible(token.span.of(one.text)) + ") ";
    }
    marked.push_back(tokens);
    redacted += redact(one.text, one.tokens);
    return MessageId(lines.size() - 1);
  }
  std::vector<std::string> lines, marked;
  std::string redacted;
  std::uint64_t octets[2] = {0, 0};
};

enum class How { turns, lines, octets };

// The transcript, what one side says in a turn at once, line by line, and octet by octet: all must be the same.
Heard hear(std::string_view transcript) {
  Heard out[3];
  for (const How how : {How::turns, How::lines, How::octets}) {
    Heard& heard = out[int(how)];
    const auto dissector = make_pop3_dissector();
    std::uint64_t put[2] = {0, 0};
    Side side = Side::client;
    std::string octets;
    const auto flush = [&] {
      put[int(side)] += octets.size();
      if (how == How::octets)
        for (const char& c : octets) dissector->put(side, std::string_view(&c, 1), heard);
      else dissector->put(side, octets, heard);
      octets.clear();
    };
    for (const test::Turn& turn : test::turns_of(transcript)) {
      const Side says = turn.who == 'C' ? Side::client : Side::server;
      if (how != How::turns || says != side || turn.who == 'T') flush();
      side = says;
      if (turn.who == 'T') dissector->tls_established();
      else octets += turn.text + "\r\n";
    }
    flush();
    dissector->end(Side::client, heard);
    dissector->end(Side::server, heard);
    EXPECT_EQ(heard.octets[0], put[0]);
    EXPECT_EQ(heard.octets[1], put[1]);
    EXPECT_EQ(heard.lines, out[0].lines);
    EXPECT_EQ(heard.marked, out[0].marked);
  }
  return out[0];
}

// RFC 1939 section 10, with messages put in.
TEST(Pop3Dissector, SessionOfRfc1939) {
  const Heard heard = hear(R"(
    S: +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>
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
    S: Subject: one
    S:
    S: ..dot
    S: .
    C: DELE 1
    S: +OK message 1 deleted
    C: QUIT
    S: +OK dewey POP3 server signing off (maildrop empty)
  )");
  EXPECT_EQ(heard.lines, (std::vector<std::string>{
                             "greeting -> authorization", "APOP -> authorization", "reply/APOP -> transaction answers 1",
                             "STAT -> transaction", "reply/STAT -> transaction answers 3", "LIST -> transaction",
                             "reply/LIST -> transaction answers 5", "RETR -> transaction", "reply/RETR -> transaction answers 7",
                             "DELE -> transaction", "reply/DELE -> transaction answers 9", "QUIT -> update", "reply/QUIT -> closed answers 11"}));
  EXPECT_EQ(heard.marked[0], "ok(+OK) text(POP3 server ready ) timestamp(<1896.697170952@dbc.mtview.ca.us>) ");
  EXPECT_EQ(heard.marked[1], "verb(APOP) user(mrose) digest(c4c9334bac560ecc979e58001b3e22fb) ");
  EXPECT_EQ(heard.marked[4], "ok(+OK) count(2) octets(320) ");
  EXPECT_EQ(heard.marked[6], "ok(+OK) text(2 messages (320 octets)) message_number(1) octets(120) message_number(2) octets(200) end(.) ");
  EXPECT_EQ(heard.marked[8], "ok(+OK) text(120 octets) header_name(Subject) header_value(one) blank(\\r\\n) stuffed_dot(.) body(.dot) end(.) ");
  EXPECT_EQ(heard.redacted.find("c4c9"), std::string::npos);
}

// RFC 2449 section 5's list, RFC 1939's UIDL and TOP.
TEST(Pop3Dissector, OtherRepliesOfSeveralLines) {
  const Heard heard = hear(R"(
    S: +OK
    C: CAPA
    S: +OK Capability list follows
    S: TOP
    S: SASL CRAM-MD5 KERBEROS_V4
    S: .
    C: USER mrose
    S: +OK
    C: PASS secret word
    S: +OK
    C: UIDL
    S: +OK
    S: 1 whqtswO00WBw418f9t5JxYwZ
    S: 2 QhdPYR:00WBw1Ph7x7
    S: .
    C: UIDL 2
    S: +OK 2 QhdPYR:00WBw1Ph7x7
    C: LIST 2
    S: +OK 2 200
    C: TOP 1 10
    S: +OK
    S: A: b
    S: .
    C: LIST
    S: +OK
    S: what?
    S: .
  )");
  EXPECT_EQ(heard.marked[2], "ok(+OK) text(Capability list follows) capability(TOP) capability(SASL) capability_value(CRAM-MD5) "
                             "capability_value(KERBEROS_V4) end(.) ");
  EXPECT_EQ(heard.marked[8], "ok(+OK) message_number(1) unique_id(whqtswO00WBw418f9t5JxYwZ) message_number(2) unique_id(QhdPYR:00WBw1Ph7x7) end(.) ");
  EXPECT_EQ(heard.marked[10], "ok(+OK) message_number(2) unique_id(QhdPYR:00WBw1Ph7x7) ");
  EXPECT_EQ(heard.marked[12], "ok(+OK) message_number(2) octets(200) ");
  EXPECT_EQ(heard.marked[14], "ok(+OK) header_name(A) header_value(b) end(.) ");
  EXPECT_EQ(heard.lines[16], "reply/LIST -> transaction answers 15 | syntax at 5: message-number");
  EXPECT_EQ(heard.redacted.find("secret word"), std::string::npos);
}

TEST(Pop3Dissector, PipelinedCommandsFindTheirReplies) {
  const Heard heard = hear(R"(
    S: +OK
    C: USER a
    C: PASS b
    C: STAT
    C: FOO
    C: RETR 9
    S: +OK
    S: +OK
    S: +OK 0 0
    S: -ERR what
    S: -ERR [SYS/PERM] no
    S: +OK unasked
  )");
  EXPECT_EQ(heard.lines[3], "STAT -> authorization | out_of_order at 0: another command");  // from outside nobody can know yet
  EXPECT_EQ(heard.lines[6], "reply/USER -> authorization answers 1");
  EXPECT_EQ(heard.lines[7], "reply/PASS -> transaction answers 2");
  EXPECT_EQ(heard.lines[8], "reply/STAT -> transaction answers 3");
  EXPECT_EQ(heard.lines[9], "err -> transaction answers 4");
  EXPECT_EQ(heard.lines[10], "err/RETR -> transaction answers 5");
  EXPECT_EQ(heard.lines[11], "ok -> transaction | out_of_order at 0: command");
  EXPECT_EQ(heard.marked[10], "err(-ERR) response_code([SYS/PERM]) text(no) ");
}

TEST(Pop3Dissector, AClientMayGoOnInTheMiddleOfAReply) {
  const Heard heard = hear(R"(
    S: +OK
    C: RETR 1
    S: +OK
    S: A: b
    C: DELE 1
    S:
    S: c
    S: .
    S: +OK
  )");
  EXPECT_EQ(heard.lines, (std::vector<std::string>{
                             "greeting -> authorization", "RETR -> authorization | out_of_order at 0: another command",
                             "DELE -> authorization | out_of_order at 0: another command", "reply/RETR -> authorization answers 1",
                             "reply/DELE -> authorization answers 2"}));
  EXPECT_EQ(heard.marked[3], "ok(+OK) header_name(A) header_value(b) blank(\\r\\n) body(c) end(.) ");
}

TEST(Pop3Dissector, AuthenticationShowsNoSecret) {
  const Heard heard = hear(R"(
    S: +OK
    C: AUTH PLAIN
    S: + 
    C: AG1yb3NlAHRhbnN0YWFm
    S: -ERR [AUTH] no
    C: AUTH PLAIN
    S: + 
    C: *
    S: -ERR cancelled
    C: AUTH PLAIN AG1yb3NlAHRhbnN0YWFm
    S: +OK
    C: STAT
    S: +OK 0 0
  )");
  EXPECT_EQ(heard.lines, (std::vector<std::string>{
                             "greeting -> authorization", "AUTH -> authorization", "continue -> authorization answers 1 (more)",
                             "answer -> authorization", "err/AUTH -> authorization answers 1", "AUTH -> authorization",
                             "continue -> authorization answers 5 (more)", "cancel -> authorization", "err/AUTH -> authorization answers 5",
                             "AUTH -> authorization", "reply/AUTH -> transaction answers 9", "STAT -> transaction",
                             "reply/STAT -> transaction answers 11"}));
  EXPECT_EQ(heard.marked[3], "auth_response(AG1yb3NlAHRhbnN0YWFm) ");
  EXPECT_EQ(heard.marked[7], "auth_cancel(*) ");
  EXPECT_EQ(heard.redacted.find("AG1y"), std::string::npos);
}

TEST(Pop3Dissector, AnAnswerThatDoesNotWaitIsSecretAllTheSame) {
  const Heard heard = hear("S: +OK\nC: AUTH PLAIN\nC: AG1yb3NlAHRhbnN0YWFm\nS: + \nS: +OK");
  EXPECT_EQ(heard.redacted.find("AG1y"), std::string::npos);
}

// RFC 2595 section 4.
TEST(Pop3Dissector, AnAnswerThatNobodyAskedForIsSecretAndGetsItsReply) {
  const Heard heard = hear("S: +OK\nC: AUTH PLAIN\nC: AG1yb3NlAHRhbnN0YWFm\nC: NOOP\nS: -ERR no\nS: -ERR what\nS: -ERR not now\nC: AG1yb3NlAHRhbnN0YWFm\nS: -ERR what");
  EXPECT_EQ(heard.redacted.find("AG1y"), std::string::npos);
  EXPECT_EQ(heard.redacted.find("out_of_order"), std::string::npos);
}

TEST(Pop3Dissector, BeginsAgainAfterStlsWithoutAGreeting) {
  const Heard heard = hear(R"(
    S: +OK
    C: STLS
    C: USER early
    S: +OK Begin TLS negotiation
    T: up
    C: CAPA
    S: +OK
    S: .
  )");
  EXPECT_EQ(heard.lines[2], "USER -> authorization | injected at 0: TLS handshake");
  EXPECT_EQ(heard.lines[5], "reply/CAPA -> authorization answers 4");
}

TEST(Pop3Dissector, ImplicitTlsBeginsWithAGreeting) {
  const Heard heard = hear("T: up\nS: +OK\nC: QUIT\nS: +OK");
  EXPECT_EQ(heard.lines, (std::vector<std::string>{"greeting -> authorization", "QUIT -> authorization", "reply/QUIT -> closed answers 1"}));
}

TEST(Pop3Dissector, WhatIsCutOffOrFitsNowhereIsSaidSo) {
  const auto dissector = make_pop3_dissector();
  Heard heard;
  dissector->put(Side::server, "+OK\r\n", heard);
  dissector->put(Side::client, "PASS sec", heard);
  dissector->end(Side::client, heard);
  dissector->put(Side::server, "220 wrong\r\n+OK", heard);
  dissector->end(Side::server, heard);
  EXPECT_EQ(heard.lines, (std::vector<std::string>{"greeting -> authorization", "incomplete -> authorization | incomplete at 8: CRLF",
                                                   "stray -> authorization | syntax at 0: status",
                                                   "incomplete -> authorization | incomplete at 3: CRLF"}));
  EXPECT_EQ(heard.redacted.find("sec"), std::string::npos);

  const auto second = make_pop3_dissector();
  Heard cut;
  second->put(Side::server, "+OK\r\n", cut);
  second->put(Side::client, "LIST\r\n", cut);
  second->put(Side::server, "+OK\r\n1 120\r\n2 2", cut);
  second->end(Side::server, cut);
  EXPECT_EQ(cut.lines.back(), "incomplete -> authorization answers 1 (more) | incomplete at 15: CRLF . CRLF");
  EXPECT_EQ(cut.octets[1], 5U + 15U);
}

TEST(Pop3Dissector, EndlessMessagesAndLinesAreCountedNotKept) {
  const auto dissector = make_pop3_dissector();
  Heard heard;
  std::uint64_t put = 0;
  const auto server = [&](std::string_view octets) {
    put += octets.size();
    dissector->put(Side::server, octets, heard);
  };
  server("+OK\r\n");
  dissector->put(Side::client, "RETR 1\r\n", heard);
  server("+OK\r\n");
  for (int i = 0; i < 20'000; ++i) server("a line of the body\r\n");
  for (int i = 0; i < 1000; ++i) server(std::string(1000, 'x'));
  server("\r\n.");
  server("\r\n");
  EXPECT_EQ(heard.lines.size(), 3U);
  EXPECT_EQ(heard.octets[1], put);
  for (int i = 0; i < 1000; ++i) dissector->put(Side::client, std::string(1000, 'y'), heard);
  dissector->put(Side::client, "\r\n", heard);
  EXPECT_EQ(heard.octets[0], 8U + 1'000'002U);
  EXPECT_EQ(heard.lines.back().substr(0, 7), "unknown");
}

TEST(Pop3Dissector, BareLineEndsEndNothing) {
  const auto dissector = make_pop3_dissector();
  Heard heard;
  dissector->put(Side::server, "+OK\r\n", heard);
  dissector->put(Side::client, "STAT\nQUIT\r", heard);
  dissector->put(Side::client, "RSET\r\n", heard);
  EXPECT_EQ(heard.lines.size(), 2U);
  EXPECT_EQ(heard.octets[0], 16U);
}

}  // namespace
}  // namespace glasspost

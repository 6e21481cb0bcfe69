#include <gtest/gtest.h>

#include "protocol/pop3/command.h"
#include "protocol/pop3/content.h"
#include "protocol/pop3/reply.h"
#include "protocol/pop3/states.h"

namespace glasspost::pop3 {
namespace {

std::string roles(std::string_view line, std::span<const Token> tokens) {
  EXPECT_TRUE(tiles(line, tokens)) << line;
  std::string out;
  for (const Token& token : tokens) {
    if (token.role == Role::space) continue;
    std::string_view name = name_of(token.role);
    if (name.starts_with("pop3_")) name.remove_prefix(5);
    out += (out.empty() ? "" : " ") + std::string(name) + "(" + std::string(token.span.of(line)) + ")";
  }
  return out;
}

std::string command(std::string_view line) {
  Tokens tokens;
  const auto parsed = parse_command(line, &tokens);
  tokens.finish(line);
  const std::string marked = roles(line, tokens.all());
  if (!parsed) return marked + " | " + std::string(name_of(parsed.error().fault)) + " at " + std::to_string(parsed.error().offset) + ": " + parsed.error().expected;
  const std::string written = to_text(*parsed);
  EXPECT_EQ(parse_command(std::string_view(written).substr(0, written.size() - 2)), *parsed);
  return marked;
}

// RFC 1939 sections 5 to 7, the commands of its examples.
TEST(Pop3Command, ExamplesOfRfc1939) {
  EXPECT_EQ(command("STAT"), "verb(STAT)");
  EXPECT_EQ(command("LIST"), "verb(LIST)");
  EXPECT_EQ(command("LIST 2"), "verb(LIST) message_number(2)");
  EXPECT_EQ(command("RETR 1"), "verb(RETR) message_number(1)");
  EXPECT_EQ(command("DELE 1"), "verb(DELE) message_number(1)");
  EXPECT_EQ(command("TOP 1 10"), "verb(TOP) message_number(1) line_count(10)");
  EXPECT_EQ(command("UIDL 2"), "verb(UIDL) message_number(2)");
  EXPECT_EQ(command("USER frated"), "verb(USER) user(frated)");
  EXPECT_EQ(command("APOP mrose c4c9334bac560ecc979e58001b3e22fb"),
            "verb(APOP) user(mrose) digest(c4c9334bac560ecc979e58001b3e22fb)");
  EXPECT_EQ(command("quit"), "verb(quit)");
}

TEST(Pop3Command, ExamplesOfRfc2449And2595And5034) {
  EXPECT_EQ(command("CAPA"), "verb(CAPA)");
  EXPECT_EQ(command("STLS"), "verb(STLS)");
  EXPECT_EQ(command("AUTH PLAIN"), "verb(AUTH) mechanism(PLAIN)");
  EXPECT_EQ(command("AUTH PLAIN dGVzdAB0ZXN0AHRlc3Q="), "verb(AUTH) mechanism(PLAIN) initial_response(dGVzdAB0ZXN0AHRlc3Q=)");
  EXPECT_EQ(command("AUTH EXTERNAL ="), "verb(AUTH) mechanism(EXTERNAL) initial_response(=)");
}

TEST(Pop3Command, MistakesSayWhereAndWhatWasWanted) {
  EXPECT_EQ(command("XTND x"), "plain(XTND) plain(x) | unknown_command at 0: keyword");
  EXPECT_EQ(command(""), " | unknown_command at 0: keyword");
  EXPECT_EQ(command("RETR"), "verb(RETR) | syntax at 4: SP");
  EXPECT_EQ(command("RETR  1"), "verb(RETR) plain(1) | syntax at 5: message-number");
  EXPECT_EQ(command("RETR -1"), "verb(RETR) plain(-1) | syntax at 5: message-number");
  EXPECT_EQ(command("RETR 99999999999999999999"), "verb(RETR) message_number(99999999999999999999) | number_range at 5: message-number");
  EXPECT_EQ(command("STAT "), "verb(STAT) | syntax at 4: CRLF");
  EXPECT_EQ(command("TOP 1"), "verb(TOP) message_number(1) | syntax at 5: SP");
  EXPECT_EQ(command("LIST 1 2"), "verb(LIST) message_number(1) plain(2) | syntax at 6: CRLF");
  EXPECT_EQ(command("USER a\nb"), "verb(USER) user(a\nb) | bad_line_end at 6: CRLF");
}

TEST(Pop3Command, WhatIsSecretIsMarkedSoHoweverMalformed) {
  EXPECT_EQ(command("PASS  two words "), "verb(PASS) password( two words )");
  EXPECT_EQ(command("pass s\nx"), "verb(pass) password(s\nx) | bad_line_end at 6: CRLF");
  EXPECT_EQ(command("APOP c4c9334bac560ecc979e58001b3e22fb"), "verb(APOP) digest(c4c9334bac560ecc979e58001b3e22fb) | syntax at 37: digest");
  EXPECT_EQ(command("APOP a b"), "verb(APOP) user(a) digest(b) | syntax at 8: digest");
  EXPECT_EQ(command("AUTH PLAIN a b c"), "verb(AUTH) mechanism(PLAIN) initial_response(a b c)");
  for (const std::string_view line : {"PASS x", "APOP u c4c9334bac560ecc979e58001b3e22fb", "AUTH PLAIN AHgAeQ=="}) {
    Tokens tokens;
    (void)parse_command(line, &tokens);
    tokens.finish(line);
    EXPECT_NE(redact(line, tokens.all()).find(mask), std::string::npos);
  }
}

std::string status(std::string_view line) {
  Tokens tokens;
  const auto parsed = parse_status(line, &tokens);
  tokens.finish(line);
  return roles(line, tokens.all()) + (parsed ? "" : " | wanted " + parsed.error().expected);
}

TEST(Pop3Reply, StatusLines) {
  EXPECT_EQ(status("+OK"), "ok(+OK)");
  EXPECT_EQ(status("+OK 2 320"), "ok(+OK) text(2 320)");
  EXPECT_EQ(status("-ERR [IN-USE] Do you have another POP session running?"),
            "err(-ERR) response_code([IN-USE]) text(Do you have another POP session running?)");
  EXPECT_EQ(status("-ERR [SYS/TEMP] x"), "err(-ERR) response_code([SYS/TEMP]) text(x)");
  EXPECT_EQ(status("-ERR [not a code"), "err(-ERR) text([not a code)");
  EXPECT_EQ(status("+ok"), "plain(+ok) | wanted status");
  EXPECT_EQ(status("+OKAY"), "plain(+OKAY) | wanted status");
  EXPECT_EQ(status("250 OK"), "plain(250) plain(OK) | wanted status");
}

TEST(Pop3Reply, Listings) {
  EXPECT_EQ(parse_drop("2 320")->octets, 320U);
  EXPECT_EQ(parse_drop("2 320 extra words")->count, 2U);
  EXPECT_FALSE(parse_drop("2"));
  EXPECT_FALSE(parse_drop("99999999999 1"));
  EXPECT_EQ(*parse_scan_listing("2 200"), (ScanListing{2, 200}));
  EXPECT_FALSE(parse_scan_listing("2 -200"));
  EXPECT_FALSE(parse_scan_listing("2 99999999999999999999"));
  EXPECT_EQ(*parse_unique_id("2 QhdPYR:00WBw1Ph7x7"), (UniqueIdListing{2, "QhdPYR:00WBw1Ph7x7"}));
  EXPECT_FALSE(parse_unique_id("2 "));
  EXPECT_FALSE(parse_unique_id("2 " + std::string(71, 'x')));
  EXPECT_EQ(*parse_capability("SASL CRAM-MD5 KERBEROS_V4"), (Capability{"SASL", "CRAM-MD5 KERBEROS_V4"}));
  EXPECT_FALSE(parse_capability(""));
}

TEST(Pop3Reply, TimestampsOfGreetings) {
  EXPECT_EQ(timestamp_of("+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>"), "<1896.697170952@dbc.mtview.ca.us>");
  for (const std::string_view none : {"+OK ready", "+OK <ready>", "+OK <a b@c>", "+OK <@>", "+OK <a@b", "+OK a@b>"}) EXPECT_EQ(timestamp_of(none), "");
}

TEST(Pop3Content, IsStuffedOnEveryLineAndUnstuffedAgain) {
  for (const std::string_view message : {"", ".\r\n", "a\r\n.\r\n..\r\n", "no end", "a\n.\r\nb\r\n", "a\n..\n.\r\n", ".a\r\n.b\r\n", "\r\n\r\n"}) {
    std::string out;
    append_stuffed(message, out);
    EXPECT_TRUE(out.ends_with(".\r\n"));
    // Nobody who reads lines, ended by CRLF or by LF, finds a lone dot before the last.
    EXPECT_EQ(out.find("\n.\r\n"), message.empty() ? out.npos : out.size() - 4) << message;
    EXPECT_EQ(out.find("\n.\n"), out.npos);
    std::string back;
    std::string_view rest(out);
    while (rest != ".\r\n") {
      const std::size_t end = rest.find("\r\n");
      append_unstuffed(rest.substr(0, end), back);
      rest.remove_prefix(end + 2);
    }
    const bool ended = message.empty() || message.ends_with("\r\n");
    EXPECT_EQ(back, std::string(message) + (ended ? "" : "\r\n"));
  }
}

TEST(Pop3Content, TopIsTheHeaderAndSoManyLines) {
  const std::string message = "A: b\r\n c\r\n\r\none\r\ntwo\r\n";
  EXPECT_EQ(top_of(message, 0), "A: b\r\n c\r\n\r\n");
  EXPECT_EQ(top_of(message, 1), "A: b\r\n c\r\n\r\none\r\n");
  EXPECT_EQ(top_of(message, 99), message);
  EXPECT_EQ(top_of("A: b\r\n", 5), "A: b\r\n");
  EXPECT_EQ(top_of("", 5), "");
}

TEST(Pop3Machine, OnlyAGoodLoginOpensAndOnlyQuitUpdates) {
  using namespace state;
  for (int i = 0; i < verb_count; ++i) {
    const Verb verb = Verb(i);
    const bool login = verb == Verb::pass || verb == Verb::apop || verb == Verb::auth;
    EXPECT_EQ(next_state(authorization, verb, "+OK") == transaction, login);
    EXPECT_EQ(next_state(authorization, verb, "-ERR"), authorization);
    EXPECT_EQ(next_state(transaction, verb, "") == update, verb == Verb::quit);
    EXPECT_FALSE(is_legal(verb, closed));
    EXPECT_EQ(verb_of(name_of(verb)), verb);
  }
  EXPECT_FALSE(is_legal(Verb::stls, transaction));
  EXPECT_FALSE(is_legal(Verb::retr, authorization));
}

}  // namespace
}  // namespace glasspost::pop3

#include "protocol/smtp/command.h"

#include <gtest/gtest.h>

#include "protocol/smtp/content.h"
#include "protocol/smtp/reply.h"
#include "protocol/smtp/states.h"

namespace glasspost::smtp {
namespace {

Mailbox sender(std::string_view line) {
  const auto command = parse_command(line);
  EXPECT_TRUE(command && std::holds_alternative<Mail>(*command)) << line;
  return command && std::holds_alternative<Mail>(*command) ? std::get<Mail>(*command).reverse_path : Mailbox{};
}

TEST(SmtpCommand, EveryVerbIsKnownInAnyCase) {
  const std::pair<std::string_view, Verb> lines[] = {
      {"helo c", Verb::helo},           {"EhLo c", Verb::ehlo},   {"LHLO c", Verb::lhlo},     {"MAIL FROM:<>", Verb::mail},
      {"rcpt to:<a@b>", Verb::rcpt},    {"DATA", Verb::data},     {"rset", Verb::rset},       {"NOOP x y", Verb::noop},
      {"QUIT", Verb::quit},             {"HELP MAIL", Verb::help}, {"VRFY Smith", Verb::vrfy}, {"EXPN Example-People", Verb::expn},
      {"starttls", Verb::starttls},     {"auth plain", Verb::auth}};
  for (const auto& [line, verb] : lines) {
    const auto command = parse_command(line);
    ASSERT_TRUE(command) << line;
    EXPECT_EQ(verb_of(*command), verb);
    EXPECT_EQ(verb_of(line), verb);
  }
  for (const std::string_view line : {"", " ", "HELOO c", "MAI FROM:<>", "\tHELO c", "MAIL\tFROM:<>", "DATA\r"})
    EXPECT_EQ(parse_command(line).error().fault, Fault::unknown_command) << line;
}

TEST(SmtpCommand, MailboxesInFull) {
  EXPECT_EQ(sender("MAIL FROM:<>"), Mailbox{});
  EXPECT_EQ(sender("MAIL FROM:<\"a \\\"b\\\\\"@[IPv6:::ffff:192.0.2.1]>"),
            (Mailbox{"\"a \\\"b\\\\\"@[IPv6:::ffff:192.0.2.1]", "a \"b\\", "[IPv6:::ffff:192.0.2.1]"}));
  EXPECT_EQ(sender("MAIL FROM:<@one,@two:joe@three>"), (Mailbox{"joe@three", "joe", "three"}));
  EXPECT_EQ(sender("MAIL FROM:<!#$%&'*+-/=?^_`{|}~@x-1.example>").domain, "x-1.example");
  EXPECT_EQ(sender("MAIL FROM:<\"\"@b>").text, "\"\"@b");
  EXPECT_EQ(sender("MAIL FROM:<a@[x-net:whatever]>").domain, "[x-net:whatever]");
}

TEST(SmtpCommand, WhatIsNotAMailboxIsRefusedAtTheOctet) {
  const std::pair<std::string_view, std::uint32_t> lines[] = {
      {"MAIL FROM:a@b", 10},       {"MAIL FROM:<a>", 12},      {"MAIL FROM:<a@>", 13},     {"MAIL FROM:<@b>", 13},
      {"MAIL FROM:<a..b@c>", 13},  {"MAIL FROM:<.a@c>", 11},   {"MAIL FROM:<a.@c>", 13},   {"MAIL FROM:<a b@c>", 12},
      {"MAIL FROM:<\"a@c>", 16},   {"MAIL FROM:<a@-b>", 13},   {"MAIL FROM:<a@b->", 15},   {"MAIL FROM:<a@b..c>", 15},
      {"MAIL FROM:<a@[1.2.3]>", 14}, {"MAIL FROM:<a@[1.2.3.256]>", 14}, {"MAIL FROM:<a@[IPv6:1::2::3]>", 14},
      {"MAIL FROM:<a@[IPv6:1:2:3:4:5:6:7]>", 14}, {"MAIL FROM:<a@[1.2.3.4>", 22}, {"MAIL FROM:<postmaster>", 21},
      {"RCPT TO:<>", 9},           {"MAIL FROM:<\"\x01\"@b>", 12}};
  for (const auto& [line, offset] : lines) {
    const auto command = parse_command(line);
    ASSERT_FALSE(command) << line;
    EXPECT_EQ(command.error().offset, offset) << line << ": " << command.error().expected;
  }
  EXPECT_EQ(parse_command("MAIL FROM:<\xc3\xb1@b>").error().fault, Fault::bad_octet);
  EXPECT_FALSE(parse_mailbox("a@b "));
  EXPECT_FALSE(parse_mailbox("a@b>\r\nRCPT TO:<c@d"));
  EXPECT_FALSE(parse_mailbox("\"a\r\nb\"@c"));
}

TEST(SmtpCommand, ParametersAreTakenAsTheyCome) {
  const auto command = parse_command("MAIL FROM:<a@b> size=12 BODY=8BITMIME X-flag AUTH=<>");
  ASSERT_TRUE(command);
  const auto& parameters = std::get<Mail>(*command).parameters;
  ASSERT_EQ(parameters.size(), 4U);
  EXPECT_EQ(parameters[0], (Parameter{"SIZE", "12"}));
  EXPECT_EQ(parameters[2], (Parameter{"X-FLAG", std::nullopt}));
  EXPECT_EQ(parameters[3], (Parameter{"AUTH", "<>"}));
  EXPECT_FALSE(parse_command("MAIL FROM:<a@b>  SIZE=1"));
  EXPECT_FALSE(parse_command("MAIL FROM:<a@b> SIZE="));
  EXPECT_FALSE(parse_command("MAIL FROM:<a@b> =1"));
  EXPECT_FALSE(parse_command("MAIL FROM:<a@b> A=b=c"));
}

TEST(SmtpCommand, TokensAndValuesComeFromOnePass) {
  const std::string_view line = "AUTH PLAIN AHRlc3QAMTIzNA==\r\n";
  Tokens tokens;
  const auto command = parse_command(line.substr(0, line.size() - 2), &tokens);
  tokens.finish(line);
  ASSERT_TRUE(command);
  EXPECT_EQ(std::get<Auth>(*command).response, "AHRlc3QAMTIzNA==");
  const Token expected[] = {{{0, 4}, Role::smtp_verb}, {{4, 5}, Role::space}, {{5, 10}, Role::smtp_mechanism},
                            {{10, 11}, Role::space}, {{11, 27}, Role::smtp_initial_response}, {{27, 29}, Role::crlf}};
  EXPECT_TRUE(std::equal(tokens.all().begin(), tokens.all().end(), std::begin(expected), std::end(expected)));
}

TEST(SmtpXtext, GoesThereAndBack) {
  EXPECT_EQ(xtext_encode("a b+c=\xff"), "a+20b+2Bc+3D+FF");
  EXPECT_EQ(xtext_decode("a+20b+2Bc+3D+FF"), "a b+c=\xff");
  for (const std::string_view bad : {"+", "+2", "+2g", "+2b", "a b", "a=b"}) EXPECT_FALSE(xtext_decode(bad)) << bad;
}

TEST(SmtpReply, RoundTrip) {
  Reply reply(250, {2, 1, 5}, "one");
  reply.lines.push_back("two");
  reply.lines.push_back("");
  EXPECT_EQ(encode(reply), "250-2.1.5 one\r\n250-2.1.5 two\r\n250 2.1.5\r\n");
  ReplyReader reader;
  reader.put(encode(reply));
  const auto read = reader.next();
  ASSERT_TRUE(read && *read);
  EXPECT_EQ(**read, reply);
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.pending());
  EXPECT_EQ(encode(Reply(334, "")), "334 \r\n");
  EXPECT_EQ(encode(Reply(550, std::string("a\r\n250 b\0c", 10))), "550 a  250 b c\r\n");
}

TEST(SmtpReply, LinesInAllShapes) {
  EXPECT_EQ(parse_reply_line("250", ReplyShape::words)->code, 250);
  EXPECT_TRUE(parse_reply_line("250", ReplyShape::words)->last);
  EXPECT_FALSE(parse_reply_line("250-", ReplyShape::words)->last);
  EXPECT_EQ(parse_reply_line("550 5.7.1 no", ReplyShape::words)->enhanced, (EnhancedCode{5, 7, 1}));
  EXPECT_FALSE(parse_reply_line("550 2.7.1 no", ReplyShape::words)->enhanced);  // another class than the reply's
  EXPECT_FALSE(parse_reply_line("550 5.7.1234 no", ReplyShape::words)->enhanced);
  EXPECT_FALSE(parse_reply_line("550 5.7.1x", ReplyShape::words)->enhanced);
  for (const std::string_view bad : {"", "25", "150 x", "650 x", "2500 x", "250+x", "x50 y", " 250 x"})
    EXPECT_FALSE(parse_reply_line(bad, ReplyShape::words)) << bad;
  EXPECT_EQ(parse_enhanced_code("5.1.10"), (EnhancedCode{5, 1, 10}));
  EXPECT_FALSE(parse_enhanced_code("3.1.1"));
  EXPECT_FALSE(parse_enhanced_code("5.1.1 "));
}

// RFC 4954 section 4.1 and RFC 1870 section 6: what EHLO brings back
TEST(SmtpReply, CapabilitiesAreFoundInAnyCaseAndInTheOldForm) {
  ReplyReader reader;
  reader.put("250-mail.example greets\r\n250-size 35882577\r\n250-AUTH=LOGIN\r\n250-AUTH PLAIN cram-md5\r\n250 8BITMIME\r\n");
  const auto reply = reader.next();
  ASSERT_TRUE(reply && *reply);
  const Capabilities capabilities = parse_capabilities(**reply);
  EXPECT_EQ(capabilities.server_name, "mail.example");
  EXPECT_EQ(capabilities.size(), 35882577U);
  EXPECT_TRUE(capabilities.has("8BITMIME"));
  EXPECT_FALSE(capabilities.has("GREETS"));
  EXPECT_EQ(capabilities.mechanisms(), (std::vector<std::string>{"LOGIN", "PLAIN", "CRAM-MD5"}));
}

TEST(SmtpContent, StuffingAndUnstuffingAreInverse) {
  for (const std::string_view content : {"", ".\r\n", "..\r\n.\r\n", "a\r\n.b\r\n\r\n.\r\n", "\r\n", "a\r\n\r\n.", ".a"}) {
    const std::string sent = stuff(content);
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{3}, sent.size()}) {
      ContentReader reader(1000);
      std::size_t taken = 0;
      const std::string more = sent + "NOOP\r\n";
      while (!reader.done() && taken < more.size()) taken += reader.put(std::string_view(more).substr(taken, step));
      EXPECT_EQ(taken, sent.size());
      const std::string ended = content.empty() || content.ends_with("\r\n") ? std::string(content) : std::string(content) + "\r\n";
      EXPECT_EQ(reader.take(), ended);
      EXPECT_FALSE(reader.has_bare_cr() || reader.has_bare_lf());
    }
  }
}

TEST(SmtpContent, IsExamined) {
  EXPECT_FALSE(examine("plain\r\n").eight_bit);
  EXPECT_TRUE(examine("a long line of text, then \xc3\xb1\r\n").eight_bit);
  EXPECT_TRUE(examine("\xff").eight_bit);
  EXPECT_TRUE(examine("a\nb\r\n").bare_line_end);
  EXPECT_TRUE(examine("a\r\nb\r").bare_line_end);
  EXPECT_TRUE(examine("a\rb\r\n").bare_line_end);
  EXPECT_FALSE(examine("a\r\n\r\nb").bare_line_end);
}

TEST(SmtpMachine, SaysWhatIsLegal) {
  EXPECT_FALSE(is_legal(Protocol::smtp, Verb::mail, state::connected));
  EXPECT_TRUE(is_legal(Protocol::smtp, Verb::mail, state::greeted));
  EXPECT_FALSE(is_legal(Protocol::smtp, Verb::mail, state::envelope));
  EXPECT_FALSE(is_legal(Protocol::smtp, Verb::data, state::envelope));
  EXPECT_TRUE(is_legal(Protocol::smtp, Verb::data, state::recipients));
  EXPECT_FALSE(is_legal(Protocol::smtp, Verb::auth, state::authenticated));
  EXPECT_FALSE(has_verb(Protocol::smtp, Verb::lhlo));
  EXPECT_FALSE(has_verb(Protocol::lmtp, Verb::ehlo));
  for (int verb = 0; verb < verb_count; ++verb)
    for (const StateId silent : {state::tls, state::authenticating, state::letter, state::closed})
      EXPECT_FALSE(is_legal(Protocol::smtp, static_cast<Verb>(verb), silent));
}

// Every state can be reached from the first, and leads to the last.
TEST(SmtpMachine, HasNoIslands) {
  for (const Machine* machine : {&smtp_machine(), &lmtp_machine()}) {
    std::uint32_t reached = 1U << machine->start, leaving = 1U << machine->closed;
    for (std::size_t i = 0; i < machine->states.size(); ++i)
      for (const Transition& way : machine->transitions) {
        if ((reached >> way.from & 1U) != 0) reached |= 1U << way.to;
        if ((leaving >> way.to & 1U) != 0) leaving |= 1U << way.from;
      }
    const std::uint32_t all = (1U << machine->states.size()) - 1;
    EXPECT_EQ(reached, all);
    EXPECT_EQ(leaving, all);
  }
}

}  // namespace
}  // namespace glasspost::smtp

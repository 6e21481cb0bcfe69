#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "protocol/base/text.h"
#include "protocol/dissector.h"
#include "protocol/smtp/states.h"
#include "tests/protocol/transcript.h"
#include "tests/source_dir.h"

namespace glasspost::smtp {
namespace {

struct Kept {
  Side from;
  MessageKind kind;
  std::string text;
  std::uint64_t octets;
  std::vector<Token> tokens;
  std::optional<Error> problem;
  std::optional<MessageId> answers;
  bool completes;
  StateId state;
  std::string headline;

  std::string words(Role role) const {  // every token of that role, joined by "|"
    std::string out;
    for (const Token& token : tokens)
      if (token.role == role) out.append(out.empty() ? "" : "|").append(token.span.of(text));
    return out;
  }
  bool operator==(const Kept&) const = default;
};

std::set<std::string> documented_headlines() {
  std::ifstream file(glasspost::source_dir() + std::string("/protocol/smtp/README.md"));
  std::set<std::string> keys;
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("- say/")) keys.insert(line.substr(2, line.find(' ', 2) - 2));
  return keys;
}

class Sink final : public MessageSink {
 public:
  MessageId said(const Said& said) override {
    EXPECT_TRUE(tiles(said.text, said.tokens)) << visible(said.text);
    EXPECT_LE(said.text.size(), shown_content_limit);
    EXPECT_LE(said.text.size(), said.octets);
    EXPECT_TRUE(keys.contains(std::string(said.headline))) << said.headline << " is not in the README";
    octets[int(said.from)] += said.octets;
    all.push_back({said.from, said.kind, std::string(said.text), said.octets, {said.tokens.begin(), said.tokens.end()}, said.problem,
                   said.answers, said.completes, said.state_after, std::string(said.headline)});
    return static_cast<MessageId>(all.size() - 1);
  }
  std::vector<Kept> all;
  std::uint64_t octets[2] = {0, 0};
  const std::set<std::string> keys = documented_headlines();
};

// Lines of one side in a row are put in at once, or octet by octet. "T: up": TLS came up.
std::vector<Kept> dissect(std::string_view transcript, Protocol protocol = Protocol::smtp, bool octet_by_octet = false) {
  Sink sink;
  auto dissector = protocol == Protocol::lmtp ? make_lmtp_dissector() : make_smtp_dissector();
  std::uint64_t put[2] = {0, 0};
  const auto turns = test::turns_of(transcript);
  for (std::size_t i = 0; i < turns.size(); ++i) {
    if (turns[i].who == 'T') {
      dissector->tls_established();
      continue;
    }
    const Side side = turns[i].who == 'C' ? Side::client : Side::server;
    std::string octets = turns[i].text + "\r\n";
    while (i + 1 < turns.size() && turns[i + 1].who == turns[i].who) octets += turns[++i].text + "\r\n";
    put[int(side)] += octets.size();
    if (!octet_by_octet) dissector->put(side, octets, sink);
    else
      for (const char& c : octets) dissector->put(side, {&c, 1}, sink);
  }
  dissector->end(Side::client, sink);
  dissector->end(Side::server, sink);
  for (const Side side : {Side::client, Side::server}) EXPECT_EQ(sink.octets[int(side)], put[int(side)]);
  return sink.all;
}

// The same whole and octet by octet.
std::vector<Kept> watch(std::string_view transcript, Protocol protocol = Protocol::smtp) {
  auto whole = dissect(transcript, protocol);
  EXPECT_EQ(whole, dissect(transcript, protocol, true)) << "cut differently, understood differently";
  return whole;
}

std::string headlines(const std::vector<Kept>& messages) {
  std::string out;
  for (const Kept& message : messages) out += message.headline.substr(9) + ' ';
  return out;
}

// Every way that a conversation takes is in the table, apart from 421.
void expect_ways_of(const Machine& machine, const std::vector<Kept>& messages) {
  StateId before = machine.start;
  for (const Kept& message : messages) {
    if (message.state != before && message.from == Side::server && !message.text.starts_with("421")) {
      bool known = false;
      for (const Transition& way : machine.transitions)
        known |= way.from == before && way.to == message.state && message.text.starts_with(way.reply);
      EXPECT_TRUE(known) << machine.states[before].id << " to " << machine.states[message.state].id << ": " << message.text;
    }
    before = message.state;
  }
}

constexpr std::string_view d1 = R"(
  S: 220 foo.com Simple Mail Transfer Service Ready
  C: EHLO bar.com
  S: 250-foo.com greets bar.com
  S: 250-8BITMIME
  S: 250-SIZE 1000
  S: 250-AUTH PLAIN LOGIN
  S: 250 HELP
  C: MAIL FROM:<Smith@bar.com> SIZE=39
  S: 250 OK
  C: RCPT TO:<Jones@foo.com>
  S: 250 2.1.5 OK
  C: RCPT TO:<Green@foo.com>
  S: 550 5.1.1 No such user here
  C: DATA
  S: 354 Start mail input; end with <CRLF>.<CRLF>
  C: Subject: a: b
  C:  folded
  C:
  C: Blah blah blah...
  C: ....etc. etc. etc.
  C: .
  S: 250 OK
  C: QUIT
  S: 221 foo.com Service closing transmission channel
)";

TEST(SmtpDissector, Rfc5321D1) {
  const auto said = watch(d1);
  EXPECT_EQ(headlines(said),
            "greeting EHLO reply/EHLO MAIL reply/MAIL RCPT reply/RCPT RCPT reply/550 DATA reply/DATA content reply/content QUIT reply/QUIT ");
  EXPECT_EQ(said[0].words(Role::smtp_server_name), "foo.com");
  EXPECT_EQ(said[1].words(Role::smtp_client_name), "bar.com");
  EXPECT_EQ(said[2].words(Role::smtp_capability), "8BITMIME|SIZE|AUTH|HELP");
  EXPECT_EQ(said[2].words(Role::smtp_capability_value), "1000|PLAIN|LOGIN");
  EXPECT_EQ(said[2].words(Role::smtp_code), "250|250|250|250|250");
  EXPECT_EQ(said[2].words(Role::smtp_separator), "-|-|-|-| ");
  EXPECT_EQ(said[2].words(Role::text), "greets bar.com");
  EXPECT_EQ(said[3].words(Role::smtp_path_keyword), "FROM:");
  EXPECT_EQ(said[3].words(Role::smtp_reverse_path), "<Smith@bar.com>");
  EXPECT_EQ(said[3].words(Role::smtp_parameter) + "=" + said[3].words(Role::smtp_parameter_value), "SIZE=39");
  EXPECT_EQ(said[5].words(Role::smtp_forward_path), "<Jones@foo.com>");
  EXPECT_EQ(said[6].words(Role::smtp_enhanced_code), "2.1.5");
  EXPECT_EQ(said[10].kind, MessageKind::continuation);
  EXPECT_FALSE(said[10].completes);
  const Kept& letter = said[11];
  EXPECT_EQ(letter.kind, MessageKind::content);
  EXPECT_EQ(letter.words(Role::content_header_name), "Subject:");
  EXPECT_EQ(letter.words(Role::content_header_value), "a: b| folded");
  EXPECT_EQ(letter.words(Role::content_blank), "\r\n");
  EXPECT_EQ(letter.words(Role::content_body), "Blah blah blah...|...etc. etc. etc.");
  EXPECT_EQ(letter.words(Role::content_stuffed_dot), ".");
  EXPECT_EQ(letter.words(Role::content_end), ".");
  EXPECT_EQ(letter.state, state::letter);
  EXPECT_EQ(said[12].answers, 11U);
  EXPECT_TRUE(said[12].completes);
  EXPECT_EQ(said[12].state, state::greeted);
  EXPECT_EQ(said.back().state, state::closed);
  for (const Kept& message : said) EXPECT_FALSE(message.problem) << message.text;
  for (std::size_t i = 2; i < said.size(); i += 2) EXPECT_EQ(said[i].answers, i - 1);
  expect_ways_of(smtp_machine(), said);
}

// RFC 2920 section 4: replies find their commands
TEST(SmtpDissector, Rfc2920PipeliningMatchesRepliesToCommands) {
  const auto said = watch(R"(
    S: 220 innosoft.com SMTP service ready
    C: EHLO dbc.mtview.ca.us
    S: 250-innosoft.com
    S: 250 PIPELINING
    C: MAIL FROM:<mrose@dbc.mtview.ca.us>
    C: RCPT TO:<ned@innosoft.com>
    C: RCPT TO:<dan@innosoft.com>
    C: DATA
    S: 250 sender <mrose@dbc.mtview.ca.us> OK
    S: 250 recipient <ned@innosoft.com> OK
    S: 550 remote mail to <dan@innosoft.com> not allowed
    S: 354 enter mail, end with line containing only "."
    C: x
    C: .
    C: QUIT
    S: 250 message sent
    S: 221 goodbye
  )");
  EXPECT_EQ(headlines(said), "greeting EHLO reply/EHLO MAIL RCPT RCPT DATA reply/MAIL reply/RCPT reply/550 reply/DATA content QUIT "
                             "reply/content reply/QUIT ");
  EXPECT_EQ(said[7].answers, 3U);
  EXPECT_EQ(said[9].answers, 5U);
  EXPECT_EQ(said[10].answers, 6U);
  EXPECT_EQ(said[13].answers, 11U);
  EXPECT_EQ(said[14].answers, 12U);
  for (const Kept& message : said) EXPECT_FALSE(message.problem) << message.text;
}

TEST(SmtpDissector, CommandsHeldBehindDataAreCommandsWhenItIsRefused) {
  Sink sink;
  auto dissector = make_smtp_dissector();
  dissector->put(Side::server, "220 x\r\n", sink);
  dissector->put(Side::client, "HELO c\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nDATA\r\nQUIT\r\n", sink);
  EXPECT_EQ(sink.all.size(), 5U);  // what comes behind DATA is not known yet
  dissector->put(Side::server, "250 x\r\n250 OK\r\n550 no\r\n554 nobody\r\n221 bye\r\n", sink);
  EXPECT_EQ(headlines(sink.all), "greeting HELO MAIL RCPT DATA reply/HELO reply/MAIL reply/550 reply/554 QUIT reply/QUIT ");
  EXPECT_EQ(sink.all.back().answers, 9U);
}

TEST(SmtpDissector, AuthDialoguesHideTheirSecrets) {
  const auto said = watch(R"(
    S: 220 x
    C: EHLO c
    S: 250-x
    S: 250 AUTH PLAIN LOGIN CRAM-MD5
    C: AUTH LOGIN
    S: 334 VXNlcm5hbWU6
    C: dGlt
    S: 334 UGFzc3dvcmQ6
    C: dGFuc3RhYWY=
    S: 535 5.7.8 no
    C: AUTH CRAM-MD5
    S: 334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+
    C: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw
    S: 535 5.7.8 no
    C: AUTH LOGIN
    S: 334 VXNlcm5hbWU6
    C: *
    S: 501 5.7.0 cancelled
    C: AUTH PLAIN
    S: 334 
    C: AHRpbQB0YW5zdGFhZg==
    S: 235 2.7.0 hello
    C: AUTH PLAIN AHRpbQB0YW5zdGFhZg==
    S: 503 5.5.1 twice
  )");
  EXPECT_EQ(headlines(said), "greeting EHLO reply/EHLO AUTH challenge answer challenge answer reply/535 AUTH challenge answer reply/535 "
                             "AUTH challenge cancel reply/501 AUTH challenge answer reply/AUTH AUTH reply/503 ");
  EXPECT_EQ(said[4].words(Role::smtp_challenge), "VXNlcm5hbWU6");
  EXPECT_EQ(said[15].words(Role::smtp_auth_cancel), "*");
  EXPECT_EQ(said[18].text, "334 \r\n");
  EXPECT_EQ(said[20].state, state::authenticated);
  std::string shown;
  for (const Kept& message : said) shown += redact(message.text, message.tokens);
  for (const std::string secret : {"dGlt", "dGFuc3RhYWY=", "dGltIGI5", "AHRpbQB0"}) EXPECT_EQ(shown.find(secret), shown.npos) << secret;
  expect_ways_of(smtp_machine(), said);
}

TEST(SmtpDissector, SecretsSaidOutOfTurnAreHiddenToo) {
  const auto said = watch(R"(
    S: 220 x
    C: EHLO c
    S: 250 x
    C: AUTH LOGIN
    C: dGlt
    C: dGFuc3RhYWY=
    S: 504 5.5.4 no
    S: 500 what
    S: 500 what
    C: AUTH PLAIN AHRpbQB0 rest of it
    S: 501 no
  )");
  std::string shown;
  for (const Kept& message : said) shown += redact(message.text, message.tokens);
  for (const std::string secret : {"dGlt", "dGFuc3RhYWY=", "AHRpbQB0", "rest"}) EXPECT_EQ(shown.find(secret), shown.npos) << shown;
}

TEST(SmtpDissector, TlsBeginsAgain) {
  const auto said = watch(R"(
    S: 220 x
    C: EHLO c
    S: 250-x
    S: 250 STARTTLS
    C: STARTTLS
    S: 454 4.7.0 not now
    C: STARTTLS
    S: 220 2.0.0 go
    T: up
    C: EHLO c
    S: 250-x
    S: 250 AUTH PLAIN
    C: AUTH PLAIN AHRpbQB0YW5zdGFhZg==
    S: 235 OK
    C: MAIL FROM:<>
    S: 250 OK
    C: RSET
    S: 250 OK
  )");
  EXPECT_EQ(headlines(said), "greeting EHLO reply/EHLO STARTTLS reply/454 STARTTLS reply/STARTTLS EHLO reply/EHLO AUTH reply/AUTH MAIL "
                             "reply/MAIL RSET reply/RSET ");
  EXPECT_EQ(said[4].state, state::greeted);
  EXPECT_EQ(said[6].state, state::tls);
  EXPECT_EQ(said.back().state, state::authenticated);
  for (const Kept& message : said) EXPECT_FALSE(message.problem) << message.text;
}

TEST(SmtpDissector, PlaintextBehindStartTlsIsMarkedAsInjected) {
  Sink sink;
  auto dissector = make_smtp_dissector();
  dissector->put(Side::server, "220 x\r\n", sink);
  dissector->put(Side::client, "EHLO c\r\n", sink);
  dissector->put(Side::server, "250 STARTTLS\r\n", sink);
  dissector->put(Side::client, "STARTTLS\r\nNOOP\r\n", sink);
  dissector->put(Side::server, "220 go\r\n250 injected\r\n", sink);
  ASSERT_EQ(sink.all.size(), 7U);
  EXPECT_EQ(sink.all[5].text, "NOOP\r\n");
  EXPECT_EQ(sink.all[5].problem->fault, Fault::injected);
  EXPECT_EQ(sink.all[6].text, "250 injected\r\n");
  EXPECT_EQ(sink.all[6].headline, "say/smtp/injected");
  dissector->tls_established();
  EXPECT_EQ(dissector->state(), state::connected);
}

TEST(SmtpDissector, WhatIsWrongIsSaidWhere) {
  const auto said = watch(R"(
    S: 220 x
    C: MAIL FROM:<a@b>
    S: 503 5.5.1 hello first
    C: FOO bar
    S: 500 5.5.1 what?
    C: EHLO c
    S: 250-x
    S: 251 HELP
    C: MAIL FROM: <a@b>
    S: 501 5.1.7 no
    S: 421 4.3.2 going down
    C: NOOP
    S: hello
    S: 250 late
  )");
  EXPECT_EQ(said[1].problem->fault, Fault::out_of_order);
  EXPECT_EQ(said[3].problem->fault, Fault::unknown_command);
  EXPECT_EQ(said[3].headline, "say/smtp/unknown");
  EXPECT_EQ(said[6].problem->fault, Fault::mismatch);
  EXPECT_EQ(said[7].problem, (Error{Fault::syntax, 10, "Reverse-path"}));
  EXPECT_EQ(said[9].state, state::closed);
  EXPECT_FALSE(said[9].answers);
  EXPECT_FALSE(said[9].problem);
  EXPECT_EQ(said[11].kind, MessageKind::stray);
}

TEST(SmtpDissector, A421TakesThePlaceOfAnyReply) {
  const auto said = watch("S: 220 x\nC: HELO c\nS: 250 x\nC: MAIL FROM:<>\nS: 421 4.3.2 bye");
  EXPECT_EQ(said.back().answers, 3U);
  EXPECT_TRUE(said.back().completes);
  EXPECT_EQ(said.back().state, state::closed);
}

TEST(SmtpDissector, SmugglingStaysInsideTheLetter) {
  Sink sink;
  auto dissector = make_smtp_dissector();
  dissector->put(Side::server, "220 x\r\n", sink);
  dissector->put(Side::client, "HELO c\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nDATA\r\n", sink);
  dissector->put(Side::server, "250 x\r\n250 OK\r\n250 OK\r\n354 go\r\n", sink);
  dissector->put(Side::client, "a\n.\r\nMAIL FROM:<eve@evil>\r\n.\r\n", sink);
  ASSERT_EQ(sink.all.size(), 10U);
  EXPECT_EQ(sink.all[9].kind, MessageKind::content);
  EXPECT_EQ(sink.all[9].problem, (Error{Fault::bad_line_end, 1, "CRLF"}));
}

TEST(SmtpDissector, LargeThingsAreCountedNotKept) {
  Sink sink;
  auto dissector = make_smtp_dissector();
  std::uint64_t put = 0;
  const auto client = [&](std::string_view octets) {
    put += octets.size();
    dissector->put(Side::client, octets, sink);
  };
  dissector->put(Side::server, "220 x\r\n", sink);
  client("HELO c\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nDATA\r\n");
  dissector->put(Side::server, "250 x\r\n250 OK\r\n250 OK\r\n354 go\r\n", sink);
  const std::string line(998, 'x');
  for (int i = 0; i < 200; ++i) client(line + "\r\n");
  client(".\r\n");
  EXPECT_EQ(sink.all.back().octets, 200U * 1000 + 3);
  EXPECT_EQ(sink.all.back().text.size(), shown_content_limit);
  for (int i = 0; i < 300; ++i) client(line);  // a command line without end
  client("\r\nNOOP\r\n");
  EXPECT_EQ(sink.all.back().headline, "say/smtp/NOOP");
  EXPECT_EQ(sink.all[sink.all.size() - 2].problem->fault, Fault::too_long);
  for (int i = 0; i < 3000; ++i) dissector->put(Side::server, "250-" + std::string(100, 'x') + "\r\n", sink);
  dissector->put(Side::server, "250 x\r\n", sink);
  EXPECT_EQ(sink.all.back().octets, 3000U * 106 + 7);
  dissector->end(Side::client, sink);
  EXPECT_EQ(sink.octets[0], put);
}

TEST(SmtpDissector, WhatWasCutOffIsShownAsSuch) {
  Sink sink;
  auto dissector = make_smtp_dissector();
  dissector->put(Side::server, "220 x\r\n250-half a re", sink);
  dissector->put(Side::client, "AUTH PLAIN AHRpbQB0YW5", sink);
  dissector->end(Side::client, sink);
  dissector->end(Side::server, sink);
  ASSERT_EQ(sink.all.size(), 3U);
  EXPECT_EQ(sink.all[1].problem->fault, Fault::incomplete);
  EXPECT_EQ(redact(sink.all[1].text, sink.all[1].tokens), "AUTH PLAIN " + std::string(mask));
  EXPECT_EQ(sink.all[2].kind, MessageKind::stray);
}

// RFC 2033 section 4.2
TEST(LmtpDissector, Rfc2033OneReplyForEachRecipient) {
  const auto said = watch(R"(
    S: 220 foo.edu LMTP server ready
    C: LHLO foo.edu
    S: 250-foo.edu
    S: 250-PIPELINING
    S: 250 SIZE
    C: MAIL FROM:<chris@bar.com>
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
    C: .
    S: 250 OK
    S: 452 <green@foo.edu> is temporarily over quota
    C: QUIT
    S: 221 foo.edu closing connection
  )", Protocol::lmtp);
  EXPECT_EQ(headlines(said), "greeting LHLO reply/EHLO MAIL RCPT RCPT RCPT DATA reply/MAIL reply/RCPT reply/550 reply/RCPT reply/DATA "
                             "content reply/content reply/452 QUIT reply/QUIT ");
  EXPECT_EQ(said[14].answers, 13U);
  EXPECT_FALSE(said[14].completes);
  EXPECT_EQ(said[15].answers, 13U);
  EXPECT_TRUE(said[15].completes);
  expect_ways_of(lmtp_machine(), said);
}

}  // namespace
}  // namespace glasspost::smtp

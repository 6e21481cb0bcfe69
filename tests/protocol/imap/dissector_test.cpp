#include "protocol/dissector.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "protocol/base/text.h"
#include "protocol/imap/headlines.h"
#include "protocol/imap/tracker.h"
#include "tests/source_dir.h"

namespace glasspost::imap {
namespace {

struct Heard {
  Side from;
  MessageKind kind;
  std::string text, shown, headline, state;
  std::uint64_t octets;
  std::optional<Error> problem;
  std::optional<MessageId> answers;
  bool completes;
  friend bool operator==(const Heard&, const Heard&) = default;
};

class Listener final : public MessageSink {
 public:
  MessageId said(const Said& said) override {
    EXPECT_TRUE(tiles(said.text, said.tokens)) << said.text;
    EXPECT_FALSE(said.headline.empty());
    EXPECT_LE(said.text.size(), shown_content_limit);
    octets[int(said.from)] += said.octets;
    heard.push_back({said.from, said.kind, std::string(said.text), redact(said.text, said.tokens), std::string(said.headline),
                     std::string(imap_machine().states[said.state_after].id), said.octets, said.problem, said.answers, said.completes});
    return MessageId(heard.size() - 1);
  }
  std::vector<Heard> heard;
  std::uint64_t octets[2] = {0, 0};
};

struct Line {
  Side from;
  std::string octets;
};

// "C: " and "S: " lines; lines that follow one another from one side are put in together.
std::vector<Line> lines_of(std::string_view transcript) {
  std::vector<Line> out;
  for (std::string_view line : split(transcript, '\n')) {
    line = trim(line);
    if (line.size() < 2) continue;
    const Side from = line[0] == 'C' ? Side::client : Side::server;
    const std::string octets = std::string(line.substr(std::min<std::size_t>(3, line.size()))) + "\r\n";
    if (!out.empty() && out.back().from == from) out.back().octets += octets;
    else out.push_back({from, octets});
  }
  return out;
}

std::vector<Heard> dissect(std::string_view transcript) {
  std::vector<std::vector<Heard>> seen;
  for (const bool octet_by_octet : {false, true}) {
    auto dissector = make_imap_dissector();
    Listener listener;
    std::uint64_t put[2] = {0, 0};
    for (const Line& line : lines_of(transcript)) {
      put[int(line.from)] += line.octets.size();
      if (!octet_by_octet) dissector->put(line.from, line.octets, listener);
      else
        for (const char& c : line.octets) dissector->put(line.from, {&c, 1}, listener);
    }
    dissector->end(Side::client, listener);
    dissector->end(Side::server, listener);
    EXPECT_EQ(listener.octets[0], put[0]);
    EXPECT_EQ(listener.octets[1], put[1]);
    seen.push_back(std::move(listener.heard));
  }
  EXPECT_EQ(seen[0], seen[1]);
  return seen[0];
}

std::string headlines(const std::vector<Heard>& heard) {
  std::string out;
  for (const Heard& message : heard) {
    if (!out.empty()) out += '\n';
    out += message.headline.substr(9) + " " + message.state;
    if (message.answers) out += " <" + std::to_string(*message.answers);
    if (message.completes) out += " done";
    if (message.problem) out += " !" + std::string(name_of(message.problem->fault));
  }
  return out;
}

TEST(ImapDissector, FollowsTheSampleConnectionOfRfc3501) {
  EXPECT_EQ(headlines(dissect(R"(
    S: * OK IMAP4rev1 Service Ready
    C: a001 login mrc secret
    S: a001 OK LOGIN completed
    C: a002 select inbox
    S: * 18 EXISTS
    S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
    S: * 2 RECENT
    S: * OK [UNSEEN 17] Message 17 is the first unseen message
    S: a002 OK [READ-WRITE] SELECT completed
    C: a004 fetch 12 body[header]
    S: * 12 FETCH (BODY[HEADER] {14}
    S: Subject: x
    S:
    S: )
    S: a004 OK FETCH completed
    C: a006 logout
    S: * BYE IMAP4rev1 server terminating connection
    S: a006 OK LOGOUT completed)")),
            R"(greeting/OK not_authenticated
LOGIN not_authenticated
tagged/OK authenticated <1 done
SELECT authenticated
response/EXISTS authenticated <3
response/FLAGS authenticated <3
response/RECENT authenticated <3
untagged/OK authenticated <3
tagged/OK selected <3 done
FETCH selected
response/FETCH selected <9
tagged/OK selected <9 done
LOGOUT selected
untagged/BYE logout <12
tagged/OK logout <12 done)");
}

TEST(ImapDissector, ACommandWithItsLiteralsIsOneMessageAndItsPasswordIsHidden) {
  const auto heard = dissect(R"(
    S: * OK hi
    C: a1 LOGIN {4}
    S: + go on
    C: fred {9}
    S: + go on
    C: swordfish
    S: a1 OK in)");
  EXPECT_EQ(headlines(heard), R"(greeting/OK not_authenticated
continuation/literal not_authenticated
continuation/literal not_authenticated
LOGIN not_authenticated
tagged/OK authenticated <3 done)");
  EXPECT_EQ(heard[3].text, "a1 LOGIN {4}\r\nfred {9}\r\nswordfish\r\n");
  EXPECT_EQ(heard[3].shown, "a1 LOGIN {4}\r\nfred {9}\r\n" + std::string(mask) + "\r\n");
}

TEST(ImapDissector, AuthenticationAnswersAreHidden) {
  for (const std::string_view text : {R"(
    S: * OK hi
    C: a1 AUTHENTICATE PLAIN
    S: +
    C: AGZyZWQAc3dvcmRmaXNo
    S: a1 OK in)",
                                      R"(
    S: * OK hi
    C: a1 AUTHENTICATE PLAIN AGZyZWQAc3dvcmRmaXNo
    S: a1 OK in)",
                                      R"(
    S: * OK hi
    C: a1 AUTHENTICATE PLAIN
    C: AGZyZWQAc3dvcmRmaXNo
    S: +
    S: a1 OK in)",
                                      R"(
    S: * OK hi
    C: a1 AUTHENTICATE LOGIN
    S: + VXNlcm5hbWU6
    C: ZnJlZA==
    S: + UGFzc3dvcmQ6
    C: AGZyZWQAc3dvcmRmaXNo
    S: a1 OK in)"}) {
    for (const Heard& message : dissect(text)) EXPECT_EQ(message.shown.find("AGZyZWQ"), std::string::npos) << message.shown;
  }
  EXPECT_EQ(headlines(dissect(R"(
    S: * OK hi
    C: a1 AUTHENTICATE PLAIN
    S: + 
    C: *
    S: a1 BAD cancelled
    C: a2 NOOP)")),
            R"(greeting/OK not_authenticated
AUTHENTICATE not_authenticated
continuation/challenge not_authenticated <1
auth/cancel not_authenticated <1
tagged/BAD not_authenticated <1 done
NOOP not_authenticated)");
}

TEST(ImapDissector, FollowsIdle) {
  EXPECT_EQ(headlines(dissect(R"(
    S: * PREAUTH hi
    C: a1 EXAMINE INBOX
    S: a1 OK [READ-ONLY] x
    C: a2 IDLE
    S: + idling
    S: * 4 EXISTS
    C: done
    S: a2 OK IDLE terminated
    C: a3 UID SEARCH ALL
    S: * SEARCH 4 5
    S: a3 OK x)")),
            R"(greeting/PREAUTH authenticated
EXAMINE authenticated
tagged/OK selected_read_only <1 done
IDLE selected_read_only
continuation/idle idle <3
response/EXISTS idle <3
DONE idle <3
tagged/OK selected_read_only <3 done
UID SEARCH selected_read_only
response/SEARCH selected_read_only <8
tagged/OK selected_read_only <8 done)");
}

TEST(ImapDissector, PipelinedCommandsAreMatchedByTheirTags) {
  EXPECT_EQ(headlines(dissect(R"(
    S: * PREAUTH hi
    C: a1 NOOP
    C: a2 STATUS INBOX (MESSAGES)
    C: a3 NOOP
    S: a1 OK x
    S: * STATUS INBOX (MESSAGES 3)
    S: a2 OK x
    S: a9 OK x
    S: a3 OK x)")),
            R"(greeting/PREAUTH authenticated
NOOP authenticated
STATUS authenticated
NOOP authenticated
tagged/OK authenticated <1 done
response/STATUS authenticated <2
tagged/OK authenticated <2 done
tagged/OK authenticated !mismatch
tagged/OK authenticated <3 done)");
}

TEST(ImapDissector, ARefusedLiteralEndsItsCommand) {
  const auto heard = dissect(R"(
    S: * PREAUTH hi
    C: a1 APPEND x {99999}
    S: a1 NO [TOOBIG] no
    C: a2 NOOP
    S: a2 OK x)");
  EXPECT_EQ(headlines(heard), R"(greeting/PREAUTH authenticated
APPEND authenticated
tagged/NO authenticated <1 done
NOOP authenticated
tagged/OK authenticated <3 done)");
  EXPECT_EQ(heard[1].text, "a1 APPEND x {99999}\r\n");
}

// What was said behind the announcement of a literal that was refused is commands, and not the literal.
TEST(ImapDissector, WhatDidNotWaitForARefusalIsCommands) {
  const auto heard = dissect(R"(
    S: * PREAUTH hi
    C: a1 APPEND x {99999}
    C: a2 NOOP
    S: a1 NO [TOOBIG] no
    S: a2 OK x
    C: a3 IDLE
    C: DONE
    S: + idling
    S: a3 OK x
    C: a4 IDLE
    C: a5 NOOP
    S: a4 NO x
    S: a5 OK x)");
  EXPECT_EQ(headlines(heard), R"(greeting/PREAUTH authenticated
APPEND authenticated
tagged/NO authenticated <1 done
NOOP authenticated
tagged/OK authenticated <3 done
IDLE authenticated
continuation/idle idle <5
DONE idle <5
tagged/OK authenticated <5 done
IDLE authenticated
tagged/NO authenticated <9 done
NOOP authenticated
tagged/OK authenticated <11 done)");
}

TEST(ImapDissector, AClientThatGoesOnWithItsPasswordShowsItToNobody) {
  const auto heard = dissect(R"(
    S: * OK hi
    C: a1 LOGIN fred {9}
    S: a1 NO not here
    C: swordfish
    S: swordfish BAD what
    C: a2 AUTHENTICATE PLAIN
    S: a2 NO not here
    C: AGZyZWQAc3dvcmRmaXNo
    S: AGZyZWQAc3dvcmRmaXNo BAD what)");
  for (const auto& message : heard) {
    EXPECT_EQ(message.shown.find("swordfish"), std::string::npos) << message.shown;
    EXPECT_EQ(message.shown.find("AGZy"), std::string::npos) << message.shown;
  }
}

TEST(ImapDissector, MistakesAreTold) {
  EXPECT_EQ(headlines(dissect(R"(
    S: * OK hi
    C: hello
    C: a1 FETCH 1 (FLAGS
    C: a2 XYZZY {3+}
    C: abc
    S: * 1 FETCH (FLAGS
    S: * XNEWS X
    S: a1 WHAT
    C: a4 LOGIN fr)")),
            R"(greeting/OK not_authenticated
unknown not_authenticated !syntax
FETCH not_authenticated !syntax
unknown not_authenticated !unknown_command
response/FETCH not_authenticated <1 !syntax
response/other not_authenticated <1
response/unparsed not_authenticated <1 !syntax
LOGIN not_authenticated !syntax)");
}

// RFC 9051 appendix A: UTF-8 in quotes is none of IMAP4rev1's.
TEST(ImapDissector, NamesAreUtf8OnceThatIsEnabled) {
  EXPECT_EQ(headlines(dissect(R"(
    S: * PREAUTH hi
    C: a1 STATUS "Entwürfe" (MESSAGES)
    S: a1 BAD what
    C: a2 ENABLE IMAP4rev2 X-LATER
    S: * ENABLED IMAP4rev2
    S: a2 OK done
    C: a3 STATUS "Entwürfe" (MESSAGES)
    S: * STATUS "Entwürfe" (MESSAGES 3)
    S: a3 OK done
    C: a4 SEARCH ALL
    S: a4 BAD none is open)")),
            R"(greeting/PREAUTH authenticated
STATUS authenticated !bad_octet
tagged/BAD authenticated <1 done
ENABLE authenticated
response/ENABLED authenticated <3
tagged/OK authenticated <3 done
STATUS authenticated
response/STATUS authenticated <6
tagged/OK authenticated <6 done
SEARCH authenticated
tagged/BAD authenticated <9 done)");
}

TEST(ImapDissector, WhatIsCutOffIsStrayAndStaysSecret) {
  auto dissector = make_imap_dissector();
  Listener listener;
  dissector->put(Side::client, "a1 LOGIN fred sword", listener);
  dissector->put(Side::server, "* OK hel", listener);
  EXPECT_TRUE(listener.heard.empty());
  dissector->end(Side::client, listener);
  dissector->end(Side::server, listener);
  ASSERT_EQ(listener.heard.size(), 2U);
  EXPECT_EQ(listener.heard[0].shown, "a1 LOGIN fred " + std::string(mask));
  EXPECT_EQ(listener.heard[0].kind, MessageKind::stray);
  EXPECT_EQ(listener.heard[1].text, "* OK hel");
}

TEST(ImapDissector, TlsBeginsAgain) {
  auto dissector = make_imap_dissector();
  Listener listener;
  dissector->put(Side::server, "* OK hi\r\n", listener);
  dissector->put(Side::client, "a1 STARTTLS\r\na2 LOGIN fred sword", listener);
  dissector->put(Side::server, "a1 OK go\r\n", listener);
  dissector->tls_established();
  dissector->put(Side::client, "a3 NOOP\r\n", listener);
  ASSERT_EQ(listener.heard.size(), 5U);
  EXPECT_EQ(listener.heard[3].kind, MessageKind::stray);
  EXPECT_EQ(listener.heard[3].shown, "a2 LOGIN fred " + std::string(mask));
  EXPECT_EQ(listener.heard[4].headline, "say/imap/NOOP");
}

TEST(ImapDissector, LongContentIsCountedAndNotKept) {
  auto dissector = make_imap_dissector();
  Listener listener;
  dissector->put(Side::server, "* PREAUTH hi\r\n", listener);
  const std::string message(1'000'000, 'x');
  const std::string append = "a1 APPEND x {1000000+}\r\n" + message + "\r\n";
  dissector->put(Side::client, append, listener);
  const std::string fetch = "* 1 FETCH (BODY[] {1000000}\r\n" + message + " UID 3)\r\n";
  dissector->put(Side::server, fetch, listener);
  ASSERT_EQ(listener.heard.size(), 3U);
  EXPECT_EQ(listener.heard[1].octets, append.size());
  EXPECT_EQ(listener.heard[1].headline, "say/imap/APPEND");
  EXPECT_EQ(listener.heard[1].text.size(), shown_content_limit);
  EXPECT_FALSE(listener.heard[1].problem);
  EXPECT_EQ(listener.heard[2].octets, fetch.size());
  EXPECT_EQ(listener.heard[2].headline, "say/imap/response/FETCH");
  EXPECT_FALSE(listener.heard[2].problem);
}

TEST(ImapDissector, ReadmeListsEveryHeadlineAndNoOther) {
  std::set<std::string> keys, listed;
  const auto take = [&](const auto& table) {
    for (const Headline& headline : table) keys.emplace(headline.key);
  };
  take(command_headlines), take(greeting_headlines), take(tagged_headlines), take(untagged_headlines), take(response_headlines);
  for (const std::string_view key : {unknown_command_headline, auth_answer_headline, auth_cancel_headline, other_response_headline,
                                     unparsed_response_headline, literal_headline, challenge_headline, idle_headline, stray_headline})
    keys.emplace(key);
  std::ifstream readme(glasspost::source_dir() + std::string("/protocol/imap/README.md"));
  for (std::string line; std::getline(readme, line);)
    if (line.starts_with("- say/imap/")) listed.insert(line.substr(2));
  EXPECT_EQ(keys, listed);
  for (const CommandRow& row : imap_machine().commands)  // every command of the table has its sentence
    EXPECT_TRUE(keys.contains("say/imap/" + std::string(row.name))) << row.name;
}

}  // namespace
}  // namespace glasspost::imap

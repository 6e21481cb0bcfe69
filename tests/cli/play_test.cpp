// glasspost play: every form of the first letter.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "protocol/base/text.h"
#include "tests/cli/process.h"
#include "tests/source_dir.h"

namespace glasspost::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class EveryForm : public testing::TestWithParam<std::string> {};

TEST_P(EveryForm, OneSeedGivesTheSameOctetsAndAnotherGivesOthers) {
  const std::vector<std::string> words{"play", "first-letter", "--to", GetParam()};
  const Ran first = glasspost(words), again = glasspost(words);
  EXPECT_EQ(first.status, 0);
  EXPECT_THAT(first.err, IsEmpty());
  EXPECT_THAT(first.out, Not(IsEmpty()));
  EXPECT_EQ(first.out, again.out);
  auto other = words;
  other.insert(other.end(), {"--seed", "7"});
  EXPECT_NE(first.out, glasspost(other).out);
}

TEST_P(EveryForm, ShowsNoSecret) {
  const Scratch scratch;
  for (const char* language : {"en", "es"}) {
    const std::string out = glasspost({"play", "--to", GetParam(), "--lang", language}).out;
    for (const std::string secret : {"s3cret", "b0bby"}) {
      EXPECT_THAT(out, Not(HasSubstr(secret)));
      EXPECT_THAT(out, Not(HasSubstr(hex(secret))));
      for (const std::string user : {"alice", "bob", "alice@example.com", "bob@example.org"}) {
        std::string plain = user;
        plain.insert(plain.begin(), '\0');
        plain += '\0' + secret;
        EXPECT_THAT(out, Not(HasSubstr(base64_encode(plain)))) << user;
      }
    }
  }
}

TEST_P(EveryForm, IsWrittenToAFileAsToStandardOutput) {
  const Scratch scratch;
  const Ran to_file = glasspost({"play", "--to", GetParam(), "-o", scratch.path("story")});
  EXPECT_EQ(to_file.status, 0);
  EXPECT_THAT(to_file.out, IsEmpty());
  EXPECT_EQ(read_file(scratch.path("story")), glasspost({"play", "--to", GetParam()}).out);
}

INSTANTIATE_TEST_SUITE_P(Forms, EveryForm, testing::Values("text", "json", "html", "svg", "mermaid", "pcapng"),
                         [](const auto& form) { return form.param; });

// GLASSPOST_UPDATE_GOLDEN=1 writes them anew: look at what changed before you commit it.
void is_golden(const std::string& name, const std::string& now) {
  const std::string file = std::string(glasspost::source_dir()) + "/tests/cli/golden/" + name;
  if (std::getenv("GLASSPOST_UPDATE_GOLDEN")) std::ofstream(file, std::ios::binary) << now;
  EXPECT_EQ(now, read_file(file));
}

TEST(PlayText, ReadsAsItDid) {
  is_golden("first-letter.en.txt", glasspost({"play", "first-letter", "--until", "470ms"}).out);
  is_golden("first-letter.es.txt", glasspost({"play", "first-letter", "--until", "470ms", "--lang", "es"}).out);
}

TEST(PlayText, TellsTheWholeStory) {
  const std::string out = glasspost({"play"}).out;
  std::size_t at = 0;
  for (const std::string_view part : {"The first letter\n", "── Submit ─", "→ EHLO [192.0.2.17]", "→ STARTTLS", "┃ → AUTH PLAIN ••••••••••••",
                                      "✱ mail.example.com accepts the letter for bob@example.org", "── Look up ─",
                                      "example.org MX 10 mx1.example.org", "── Relay ─", "── Deliver ─", "→ LHLO mx1.example.org",
                                      "* 1 EXISTS", "── Read ─", "→ RETR 1", "messages on "}) {
    const std::size_t found = out.find(part, at);
    ASSERT_NE(found, out.npos) << part << " is missing, or comes too early";
    at = found;
  }
  EXPECT_THAT(out, Not(HasSubstr("\x1b"))) << "colour belongs on a terminal only";
}

TEST(PlayJson, IsTheSameInEveryLanguage) {
  EXPECT_EQ(glasspost({"play", "--to", "json", "--lang", "en"}).out, glasspost({"play", "--to", "json", "--lang", "es"}).out);
}

TEST(PlayJson, TokensTileTheirText) {
  const auto story = nlohmann::json::parse(glasspost({"play", "--to", "json"}).out);
  ASSERT_GT(story["messages"].size(), 100U);
  std::size_t secrets = 0;
  for (const auto& message : story["messages"]) {
    const std::size_t size = message.contains("text") ? message["text"].get<std::string>().size()
                                                      : message["hex"].get<std::string>().size() / 2;
    std::size_t at = 0;
    for (const auto& token : message["tokens"]) {
      EXPECT_EQ(token["begin"], at);
      at = token["end"];
      if (message.contains("text") && message["text"].get<std::string>().substr(token["begin"], at - token["begin"].get<std::size_t>()) == "••••••••••••")
        ++secrets;
    }
    EXPECT_EQ(at, size);
  }
  EXPECT_GE(secrets, 4U);  // Alice's login and Bob's three
}

TEST(PlayJson, ConnectionsMessagesAndStoreHangTogether) {
  const auto story = nlohmann::json::parse(glasspost({"play", "--to", "json"}).out);
  EXPECT_EQ(story["connections"][0]["protocol"], "dns");
  EXPECT_EQ(story["connections"][1]["tls"]["version"], "TLSv1.3");
  EXPECT_EQ(story["connections"][1]["tls"]["verdict"], "trusted");
  std::set<std::string> changes;
  for (const auto& event : story["events"])
    if (event["event"] == "store" || event["event"] == "queue") changes.insert(event["change"]);
  for (const char* change : {"accepted", "delivered", "added", "flags", "expunged"}) EXPECT_TRUE(changes.count(change)) << change;
}

// What a client needs to know one message again: IMAP's UIDVALIDITY with the UID, POP3's unique-id.
TEST(PlayJson, TellsHowMessagesAreKnownAgain) {
  const auto story = nlohmann::json::parse(glasspost({"play", "--to", "json"}).out);
  std::optional<unsigned> validity;
  std::string collected;
  for (const auto& event : story["events"]) {
    if (event["event"] != "store" || event["change"] != "added" || event["mailbox"] != "INBOX") continue;
    if (event.contains("unique_id")) {
      EXPECT_EQ(event["uid"], 0);
      EXPECT_TRUE(event["uid_validity"].is_null());
      collected = event["unique_id"];
    } else if (!validity) {  // the store's, before any device has it
      validity = event["uid_validity"].get<unsigned>();
      EXPECT_EQ(event["uid_next"], event["uid"].get<unsigned>() + 1);
    } else {
      EXPECT_EQ(event["uid_validity"], *validity);
    }
  }
  ASSERT_TRUE(validity);
  EXPECT_EQ(collected, std::to_string(*validity) + ".1");
}

TEST(PlayMermaid, SaysNothingThatTheGrammarWouldTakeForItsOwn) {
  const std::string out = glasspost({"play", "--to", "mermaid"}).out;
  std::size_t lines = 0;
  for (const std::string_view line : split(out, '\n')) {
    if (line.empty()) continue;
    if (lines++ == 0) {
      EXPECT_EQ(line, "sequenceDiagram");
      continue;
    }
    EXPECT_TRUE(line.starts_with("  participant h") || line.starts_with("  Note over h") || line.starts_with("  h")) << line;
    // A semicolon ends a statement, a hash begins a character code: "#60;".
    for (std::size_t at = 0; at < line.size(); ++at) {
      EXPECT_TRUE(line[at] != '<' && line[at] != '%' && line[at] != '{' && line[at] != '"') << line;
      if (line[at] != '#') {
        EXPECT_NE(line[at], ';') << line;
        continue;
      }
      do ++at;
      while (at < line.size() && is_digit(line[at]));
      EXPECT_TRUE(at < line.size() && line[at] == ';') << line;
    }
  }
  EXPECT_GT(lines, 100U);
}

class EveryMarkup : public testing::TestWithParam<std::string> {};

TEST_P(EveryMarkup, IsWellFormedWhateverTheLetterSays) {
  const Scratch scratch;
  const std::string letter = scratch.write("mine.eml", "Subject: <b>&amp; \"\x01\xff ]]>\n\n<script>alert(1)</script>\n");
  for (const char* language : {"en", "es"}) {
    const std::string file = scratch.path("story");
    ASSERT_EQ(glasspost({"play", "--to", GetParam(), "--letter", letter, "--lang", language, "-o", file}).status, 0);
    const Ran check = run("python3", {"-c", "import sys, xml.dom.minidom as x; x.parse(sys.argv[1])", file});
    EXPECT_EQ(check.status, 0) << check.err;
    const std::string text = read_file(file);
    EXPECT_THAT(text, Not(HasSubstr("<script")));
    EXPECT_THAT(text, Not(HasSubstr("<b>")));
    EXPECT_THAT(text, HasSubstr(std::string("lang=\"") + language + "\""));
    for (const char* elsewhere : {"src=", "href=", "url(", "@import"}) EXPECT_THAT(text, Not(HasSubstr(elsewhere)));
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, EveryMarkup, testing::Values("html", "svg"), [](const auto& form) { return form.param; });

TEST(PlayPng, IsAPictureAndAlwaysTheSame) {
  const std::vector<std::string> words{"play", "--to", "png", "--until", "130ms"};
  const std::string picture = glasspost(words).out;
  EXPECT_EQ(picture, glasspost(words).out);
  EXPECT_TRUE(picture.starts_with("\x89PNG\r\n\x1a\n"));
  EXPECT_THAT(picture, HasSubstr("IEND"));
}

TEST(PlayHtml, EveryMessageOpensAndIsExplained) {
  const std::string page = glasspost({"play", "--to", "html"}).out;
  const auto story = nlohmann::json::parse(glasspost({"play", "--to", "json"}).out);
  std::size_t rows = 0;
  for (std::size_t at = 0; (at = page.find("<details id=\"m", at)) != page.npos; ++at) ++rows;
  EXPECT_EQ(rows, story["messages"].size());
  EXPECT_THAT(page, HasSubstr("<small>RFC 4954 §4</small>"));
}

TEST(PlayLetter, AnyMessageCanBeTheLetter) {
  const Scratch scratch;
  const std::string letter = scratch.write("mine.eml", "From: a@example.com\nSubject: Caf\xc3\xa9 \xe2\x80\xae\n\n.\n..two\nno line end");
  const auto story = nlohmann::json::parse(glasspost({"play", "--letter", letter, "--to", "json"}).out);
  bool collected = false;
  for (const auto& message : story["messages"]) {
    if (message["headline"] != "say/pop3/reply/RETR" || !message.contains("text")) continue;
    collected = message["text"].get<std::string>().ends_with("\r\n\r\n..\r\n...two\r\nno line end\r\n.\r\n");
    EXPECT_TRUE(collected) << message["text"];
  }
  EXPECT_TRUE(collected);
}

TEST(PlayLetter, AnEmptyFileIsNoLetter) {
  const Scratch scratch;
  const Ran ran = glasspost({"play", "--letter", scratch.write("empty.eml", "")});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr("empty.eml is empty: a letter needs at least one line."));
}

TEST(PlayLetter, NothingInALetterReachesTheTerminalAsAnOrder) {
  const Scratch scratch;
  const std::string letter = scratch.write("rude.eml", "Subject: \x1b[2J\x07\xff\xc2\x9b 31m\n\n\x1b]0;title\x07\n");
  const std::string out = glasspost({"play", "--letter", letter}).out;
  EXPECT_THAT(out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(out, Not(HasSubstr("\x07")));
  EXPECT_THAT(out, Not(HasSubstr("\xc2\x9b")));
  EXPECT_THAT(out, HasSubstr("\\x1b[2J\\x07\\xff\\xc2\\x9b 31m"));
}

TEST(PlayUntil, StopsTheWorldThere) {
  const auto story = nlohmann::json::parse(glasspost({"play", "--until", "0.3s", "--to", "json"}).out);
  EXPECT_LE(story["length_us"], 300000);
  EXPECT_GT(story["messages"].size(), 5U);
  for (const auto& message : story["messages"]) EXPECT_LE(message["said_us"], 300000);
}

TEST(PlayEveryScenario, HasWordsForAllThatHappensAndShowsNoSecret) {
  std::size_t scenarios = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(glasspost::source_dir()) + "/assets/scenarios")) {
    if (entry.path().extension() != ".yaml") continue;
    ++scenarios;
    const std::string name = entry.path().stem().string();
    for (const std::string form : {"text", "html", "json"}) {
      const Ran ran = glasspost({"play", name, "--to", form, "--lang", "es"});
      EXPECT_EQ(ran.status, 0) << name << ran.err;
      for (const char* never : {"s3cret", "b0bby", "czNjcmV0", "czNjcmV", "YjBiYnk", "play.store", "play.copy", "play.queue"})
        EXPECT_THAT(ran.out, Not(HasSubstr(never))) << name << " as " << form;
    }
  }
  EXPECT_GE(scenarios, 1U);
}

TEST(PlayHere, WithoutACommandAndWithoutADisplayTheStoryIsToldAsText) {
  const Ran ran = glasspost({});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, HasSubstr("── Submit ─"));
  EXPECT_THAT(ran.out, HasSubstr("No display"));
}

// A lesson is played with its first solution; its steps are the chapters.
TEST(PlayedLesson, IsSolvedStepByStep) {
  const Ran ran = glasspost({"play", "starttls"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Say EHLO and read what is offered"));
  EXPECT_THAT(ran.out, HasSubstr("STARTTLS"));
  EXPECT_LT(ran.out.find("Send STARTTLS"), ran.out.find("Say EHLO again, now inside TLS"));
  EXPECT_EQ(glasspost({"play", "9"}).out, ran.out) << "by its number";
  EXPECT_THAT(glasspost({"play", "starttls", "--lang", "es"}).out, HasSubstr("Di EHLO"));
}

TEST(PlayedLesson, EndsWhenItIsTold) {
  const Ran whole = glasspost({"play", "pop3", "--to", "json"}), part = glasspost({"play", "pop3", "--to", "json", "--until", "4500ms"});
  EXPECT_EQ(part.status, 0) << part.err;
  EXPECT_LT(part.out.size(), whole.out.size());
  EXPECT_THAT(part.out, HasSubstr("STAT"));
  for (const std::string secret : {"b0bby", "s3cret"}) EXPECT_THAT(whole.out, Not(HasSubstr(secret)));
}

}  // namespace
}  // namespace glasspost::test

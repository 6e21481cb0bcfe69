// Facts, asked of a small world in which something is done: since when they count, on which connection, of which letter.
#include "protocol/fault_words.h"
#include "tests/lessons/hello.h"

namespace glasspost::lessons::testing {
namespace {

using ::testing::HasSubstr;

// The template's world, with one goal: what is its number after these acts?
class Asked {
 public:
  explicit Asked(const std::string& predicate) {
    copy_.change("lesson.yaml", "{exchange: {command: greeting, reply: \"220\", port: 25}}", predicate);
    auto read = read_lesson(copy_.directory(), scenarios);
    EXPECT_TRUE(read) << read.error().front().describe();
    lesson_ = std::move(*read);
    run_.emplace(lesson_);
  }
  Asked& connect() { return perform(Connect{"laptop", "mail.example.com", 25}); }
  Asked& type(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) perform(Type{line});
    return *this;
  }
  Asked& hang_up() { return perform(HangUp{}); }
  Asked& perform(const Act& act) {
    const auto done = run_->perform(act);
    EXPECT_TRUE(done) << done.error();
    return *this;
  }
  std::uint64_t number() { return run_->standing().goals.front().value.number; }

 private:
  Copy copy_;
  Lesson lesson_;
  std::optional<lessons::Run> run_;
};

TEST(Facts, AConnectionIsCutIfNobodySaidGoodbye) {
  Asked cut("{cut: {protocol: smtp}}");
  cut.connect().type({"EHLO laptop"});
  EXPECT_EQ(cut.number(), 0U) << "it is still open";
  EXPECT_EQ(cut.hang_up().number(), 1U);
  cut.connect().type({"QUIT"});
  EXPECT_EQ(cut.number(), 1U);
}

TEST(Facts, LettersAreKnownByWhatStandsInThem) {
  const auto letters = [](const std::string& wanted) {
    Asked asked("{envelope: {recipient: alice@example.com, " + wanted + "}}");
    asked.connect().type({"EHLO laptop", "MAIL FROM:<>", "RCPT TO:<alice@example.com>", "DATA", "Subject: The Lanterns", "", "Bring them at seven.", "."});
    return asked.number();
  };
  EXPECT_EQ(letters("subject: lanterns"), 1U);
  EXPECT_EQ(letters("subject: seven"), 0U);
  EXPECT_EQ(letters("body: at SEVEN"), 1U);
  EXPECT_EQ(letters("body: Lanterns"), 0U) << "a header is not the body";
}

TEST(Facts, OneConnectionJoinsWhatWasSaidOnOne) {
  const std::string both = "{one_connection: [{exchange: {command: EHLO, reply: \"250\"}}, {exchange: {command: NOOP, reply: \"250\"}}]}";
  Asked apart(both);
  apart.connect().type({"EHLO laptop", "QUIT"});
  apart.connect().type({"NOOP"});
  EXPECT_EQ(apart.number(), 1U);
  Asked together(both);
  EXPECT_EQ(together.connect().type({"NOOP", "EHLO laptop"}).number(), 2U);
}

TEST(Facts, WhatIsOfNoConnectionIsNotAskedOfOne) {
  Copy copy;
  copy.change("lesson.yaml", "{exchange: {command: greeting, reply: \"220\", port: 25}}", "{one_connection: [{tls: {}}, {mailbox: {holder: mail.example.com}}]}");
  EXPECT_THAT(copy.problems(), HasSubstr("of one connection only what was said on it can be asked"));
}

// The second step wants a NOOP of its own, whatever was said in the first.
TEST(Facts, SinceTheStepBeganNothingBeforeCounts) {
  Copy copy;
  copy.change("lesson.yaml", "{exchange: {command: EHLO, reply: \"250\", port: 25}}", "{exchange: {command: NOOP, reply: \"250\"}, since: step}");
  const auto lesson = read_lesson(copy.directory(), scenarios);
  ASSERT_TRUE(lesson) << lesson.error().front().describe();
  lessons::Run run(*lesson);
  ASSERT_TRUE(run.perform(Connect{"laptop", "mail.example.com", 25}));
  EXPECT_EQ(run.standing().step, 1U);
  EXPECT_EQ(run.standing().goals[1].value.number, 0U);
  ASSERT_TRUE(run.perform(Type{"NOOP"}));
  EXPECT_EQ(run.standing().step, 2U);
  // In the step behind it, that NOOP is of the past.
  copy.change("lesson.yaml", "in-order: {reached: {sequence: {commands: [EHLO, MAIL, RCPT, DATA]}}}", "in-order: {reached: {exchange: {command: NOOP, reply: \"250\"}, since: step}}");
  const auto twice = read_lesson(copy.directory(), scenarios);
  ASSERT_TRUE(twice) << twice.error().front().describe();
  lessons::Run again(*twice);
  ASSERT_TRUE(again.perform(Connect{"laptop", "mail.example.com", 25}));
  ASSERT_TRUE(again.perform(Type{"NOOP"}));
  EXPECT_EQ(again.standing().goals[3].value.number, 0U);
  ASSERT_TRUE(again.perform(Type{"NOOP"}));
  EXPECT_EQ(again.standing().goals[3].value.number, 1U);
}

TEST(Facts, OnlyAStepCanCountSinceItBegan) {
  Copy copy;
  copy.change("lesson.yaml", "{never: {exchange: {reply: \"500\"}}}", "{never: {exchange: {reply: \"500\"}, since: step}}");
  EXPECT_THAT(copy.problems(), HasSubstr("\"no-syntax-error\" is a goal of the whole lesson"));
  Copy second;
  second.change("lesson.yaml", "{exchange: {command: greeting, reply: \"220\", port: 25}}", "{all: [{tls: {}, since: step}, {connections: {}}]}");
  EXPECT_THAT(second.problems(), HasSubstr("\"since\" stands beside \"all\", not inside it"));
}

// Writing acts down -----------------------------------------------------------------------------------------------------------

// Every member, so that a new one is not forgotten: this does not compile then.
bool same(const sim::StoryAct& a, const sim::StoryAct& b) {
  const auto parts = [](const sim::StoryAct& act) {
    const auto& [at, after, chapter, kind, device, server, port, tls, remove, mark_read, headers_first, allow_plaintext, mailbox, message, to, letter, says, protocol] = act;
    EXPECT_TRUE(at == Duration{} && !after && chapter.empty() && !headers_first && protocol == Protocol::smtp) << "what no lesson can write";
    return std::tie(kind, device, server, port, tls, remove, mark_read, allow_plaintext, mailbox, message, to, letter, says);
  };
  return parts(a) == parts(b);
}
bool same(const Act& a, const Act& b) {
  if (a.index() != b.index()) return false;
  return std::visit(
      [&](const auto& one) {
        using T = std::decay_t<decltype(one)>;
        const T& other = std::get<T>(b);
        if constexpr (std::is_same_v<T, Connect>) return one.from == other.from && one.to == other.to && one.port == other.port;
        else if constexpr (std::is_same_v<T, Type>) return one.line == other.line;
        else if constexpr (std::is_same_v<T, HangUp>) return true;
        else if constexpr (std::is_same_v<T, Let>) return same(one.act, other.act);
        else if constexpr (std::is_same_v<T, Fault>) return one.a == other.a && one.b == other.b && one.faults == other.faults;
        else if constexpr (std::is_same_v<T, Stop>) return one.host == other.host && one.stopped == other.stopped;
        else if constexpr (std::is_same_v<T, Retry>) return one.host == other.host;
        else if constexpr (std::is_same_v<T, Wait>) return one.time == other.time;
        else {
          static_assert(std::is_same_v<T, Predict>);
          return one.prediction == other.prediction && one.choices == other.choices;
        }
      },
      a);
}

std::vector<Act> every_kind_of_act() {
  const std::string mail = "mail.example.com";
  std::vector<Act> acts{Connect{"laptop", mail, 587}, HangUp{}, Stop{mail, true}, Stop{mail, false}, Retry{mail}, Predict{"offers", {"starttls", "size"}}};
  for (const char* line : {"EHLO laptop", "", " two  spaces ", "yes", "- a: [b]", "# none", "\"quoted\\\"", "tab\there", "\r", "ñandú “x”", "\x01\x7f", "a: b", "null", "~", "0x10"}) acts.push_back(Type{line});
  for (const Duration time : {Duration{1us}, Duration{999us}, Duration{1ms}, Duration{1500ms}, Duration{30min}, Duration{48h}, Duration{72h + 1us}, Duration{std::chrono::hours{24 * 30} + 1s + 1us}}) acts.push_back(Wait{time});
  for (const auto& [word, kind] : fault_words) {
    acts.push_back(Fault{"laptop", mail, {sim::LinkFault{.kind = kind, .delay = kind == FaultKind::delay ? Duration{250ms} : Duration{}}}});
    acts.push_back(Fault{"laptop", mail, {sim::LinkFault{kind, 40min, 4096, Side::client, 25, 3}, sim::LinkFault{.kind = kind, .delay = 1us}}});
  }
  acts.push_back(Fault{"laptop", mail, {}});
  for (int i = 0; i < 64; ++i) {
    const auto kind = sim::ActKind(i);
    if (word_of(kind).empty()) continue;
    sim::StoryAct act;
    act.kind = kind;
    act.device = "laptop";
    if (kind == sim::ActKind::move) act.to = "Old \"things\"";
    if (kind == sim::ActKind::type) act.says = {"NOOP", "a1 LOGIN \"bob\" b0bby"};
    if (kind == sim::ActKind::send || kind == sim::ActKind::listen || kind == sim::ActKind::check || kind == sim::ActKind::collect) act.server = mail, act.port = 143;
    acts.push_back(Let{act});
    if (!act.server.empty())
      for (const TlsMode tls : {TlsMode::plaintext, TlsMode::starttls, TlsMode::implicit}) {
        sim::StoryAct other = act;
        other.tls = tls;
        acts.push_back(Let{other});
      }
    act.remove = act.mark_read = act.allow_plaintext = true;
    act.mailbox = "Año: 2026";
    act.message = "<a.b@example.org>";
    acts.push_back(Let{act});
  }
  return acts;
}

TEST(Recording, EveryActIsReadAsItWasWritten) {
  Copy copy;
  copy.change("lesson.yaml", "  hosts:", "  letter: {from: alice@example.com, to: alice@example.com, text: \"Subject: x\"}\n  hosts:");
  const auto lesson = read_lesson(copy.directory(), scenarios);
  ASSERT_TRUE(lesson) << lesson.error().front().describe();
  const std::vector<Act> acts = every_kind_of_act();
  for (const Act& act : acts) {
    const std::string written = write_acts({act}, "  ");
    const auto read = parse_acts(written, "acts", *lesson);
    ASSERT_TRUE(read) << written << read.error().describe();
    ASSERT_EQ(read->size(), 1U) << written;
    EXPECT_TRUE(same(read->front(), act)) << written << " is read as\n" << write_acts(*read, "  ");
  }
  std::set<std::size_t> kinds;
  for (const Act& act : acts) kinds.insert(act.index());
  EXPECT_EQ(kinds.size(), std::variant_size_v<Act>) << "a kind of act is not tried here";
}

}  // namespace
}  // namespace glasspost::lessons::testing

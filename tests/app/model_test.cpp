#include "app/model/model.h"

#include <gtest/gtest.h>

#include <fstream>

#include "app/words/catalogue.h"
#include "tests/source_dir.h"

namespace glasspost::app {
namespace {

class ModelTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path assets = std::string(glasspost::source_dir()) + "/assets";
    model_ = std::make_unique<Model>(assets, Strings::load(assets).value(), load_catalogue(assets, Language::english).value(),
                                     load_catalogue(assets, Language::spanish).value(), Settings{});
    apply(LoadScenario{"first-letter", {}}, *model_);
    ASSERT_FALSE(model_->notice()) << model_->notice()->text;
  }
  std::string line(MessageRef ref) const {
    const Conversation* conversation = model_->conversations().find(ref.connection);
    const Message& message = conversation->message(ref.message);
    return redact(conversation->text(message), conversation->tokens(message));
  }
  std::size_t find(std::string_view text) const {
    for (std::size_t row = 0; row < model_->conversations().rows(); ++row)
      if (line(model_->conversations().row(row)).find(text) != std::string::npos) return row;
    ADD_FAILURE() << "nobody says " << text;
    return 0;
  }
  void choose(std::string_view text) { apply(Select{model_->conversations().row(find(text))}, *model_); }

  std::unique_ptr<Model> model_;
};

TEST_F(ModelTest, RestsAtTheStartWithTheWholeStoryAhead) {
  EXPECT_EQ(model_->cursor(), model_->start());
  EXPECT_GT(model_->conversations().rows(), 100U);
  EXPECT_EQ(model_->said(), 0U);
  EXPECT_TRUE(model_->history().holdings().empty());
  EXPECT_TRUE(model_->welcome());
  EXPECT_FALSE(model_->moving());
}

TEST_F(ModelTest, PlayingMovesTheCursorAndFollowsWhatIsSaid) {
  apply(Play{}, *model_);
  EXPECT_TRUE(model_->moving());
  EXPECT_FALSE(model_->welcome());
  model_->pass(std::chrono::seconds{10});  // at 0.02, a fifth of a second of mail
  EXPECT_GT(model_->said(), 0U);
  ASSERT_TRUE(model_->selection().message);
  model_->pass(std::chrono::hours{1});
  EXPECT_TRUE(model_->at_end());
  EXPECT_FALSE(model_->moving());
}

TEST_F(ModelTest, GoingBackShowsTheWorldAsItWas) {
  apply(ToEnd{}, *model_);
  const HostId store = model_->scenario().find("store.example.org");
  ASSERT_NE(model_->history().holding(store, "bob", "INBOX"), nullptr);
  EXPECT_EQ(model_->history().holding(store, "bob", "INBOX")->present(), 0U);
  choose("UID FETCH");
  apply(Seek{model_->selected()->at}, *model_);
  EXPECT_EQ(model_->history().holding(store, "bob", "INBOX")->present(), 1U);
  apply(ToStart{}, *model_);
  EXPECT_EQ(model_->history().holding(store, "bob", "INBOX"), nullptr);
}

TEST_F(ModelTest, SteppingBackAndForthEndsWhereItBegan) {
  apply(StepMessages{1}, *model_);
  apply(StepMessages{1}, *model_);
  apply(StepMessages{1}, *model_);
  EXPECT_EQ(model_->said(), 3U);
  apply(StepMessages{-1}, *model_);
  EXPECT_EQ(model_->said(), 2U);
  apply(StepMessages{-1}, *model_);
  apply(StepMessages{-1}, *model_);
  EXPECT_EQ(model_->said(), 0U);
  EXPECT_EQ(model_->cursor(), model_->start());
}

TEST_F(ModelTest, SteppingLeavesNoLineOutThoughManyAreSaidInOneMicrosecond) {
  const std::size_t rows = model_->conversations().rows();
  bool together = false;
  for (std::size_t row = 1; row < rows; ++row)
    together = together || model_->conversations().message(model_->conversations().row(row)).at == model_->conversations().message(model_->conversations().row(row - 1)).at;
  ASSERT_TRUE(together) << "the story has lines of one moment";
  for (std::size_t row = 0; row < rows; ++row) {
    apply(StepMessages{1}, *model_);
    ASSERT_EQ(model_->selection().message, model_->conversations().row(row)) << row;
  }
  apply(StepMessages{1}, *model_);
  EXPECT_EQ(model_->selection().message, model_->conversations().row(rows - 1));
  for (std::size_t row = rows - 1; row-- > 0;) {
    apply(StepMessages{-1}, *model_);
    ASSERT_EQ(model_->selection().message, model_->conversations().row(row)) << row;
  }
  apply(StepMessages{-1}, *model_);
  EXPECT_EQ(model_->cursor(), model_->start());
}

TEST_F(ModelTest, TheEnvelopeIsTheWritersToChoose) {
  apply(SendLetter{"From: The King <king@example.com>\nTo: everybody@example.org\nSubject: hi\nMessage-ID: <e@example.com>\n\nx\n",
                   sim::LetterEnvelope{"alice@example.com", {"bob@example.org", "nobody@example.org"}}},
        *model_);
  EXPECT_NE(line(model_->conversations().row(find("RCPT TO:<bob@example.org>"))), "");
  find("RCPT TO:<nobody@example.org>");
  apply(ToEnd{}, *model_);
  bool arrived = false;
  for (const sim::Holding& holding : model_->history().holdings())
    for (const sim::HeldMessage& message : holding.messages) arrived = arrived || (holding.user == "bob" && message.key == "<e@example.com>");
  EXPECT_TRUE(arrived) << "whatever To says";
  EXPECT_EQ(model_->scenario().sender, "alice@example.com") << "whose device it is stays known";
}

TEST_F(ModelTest, MailboxesAreToldApart) {
  apply(ToEnd{}, *model_);
  const HostId store = model_->scenario().find("store.example.org"), phone = model_->scenario().find("bob-phone"), old_pc = model_->scenario().find("bob-pc");
  const sim::Holding* inbox = model_->history().holding(store, "bob", "INBOX");
  ASSERT_NE(inbox, nullptr);
  EXPECT_NE(inbox->uid_validity, 0U);
  EXPECT_EQ(inbox->uid_next, 2U);
  bool phone_knows = false, unique = false;
  for (const sim::Holding& holding : model_->history().holdings()) {
    if (holding.holder == phone) phone_knows = holding.uid_validity == inbox->uid_validity;
    for (const sim::HeldMessage& message : holding.messages) unique = unique || (holding.holder != store && message.uid == 0 && !message.unique_id.empty());
  }
  EXPECT_TRUE(phone_knows);
  EXPECT_TRUE(unique) << "UIDL, on the PC " << old_pc;
}

TEST_F(ModelTest, ActingInThePastForksTheWorld) {
  const std::size_t told = model_->conversations().rows();
  choose("MAIL FROM");
  const Instant before = model_->cursor();
  const HostId alice = model_->scenario().find("alice-laptop"), mail = model_->scenario().find("mail.example.com");
  apply(Perform{sim::SetFaults{alice, mail, {}}}, *model_);
  EXPECT_EQ(model_->conversations().rows(), told) << "nothing was changed, so the same story goes on";
  apply(Perform{sim::StopHost{mail, true}}, *model_);
  EXPECT_LT(model_->conversations().rows(), told) << "the letter never gets further";
  EXPECT_EQ(model_->cursor(), before);
}

TEST_F(ModelTest, SelectBeforeLoginIsSentAsTypedAndRefused) {
  const HostId laptop = model_->scenario().find("bob-laptop"), store = model_->scenario().find("store.example.org");
  apply(OpenConsole{laptop, store, 143}, *model_);
  ASSERT_NE(model_->console().connection, 0U);
  EXPECT_TRUE(model_->console().held_by_person);
  const Conversation* dialogue = model_->conversations().find(model_->console().connection);
  ASSERT_NE(dialogue, nullptr);
  ASSERT_EQ(dialogue->size(), 1U) << "the greeting";

  apply(TypeLine{"a1 SELECT INBOX"}, *model_);
  dialogue = model_->conversations().find(model_->console().connection);
  ASSERT_EQ(dialogue->size(), 3U);
  EXPECT_EQ(dialogue->text(dialogue->message(1)), "a1 SELECT INBOX\r\n");
  EXPECT_TRUE(dialogue->text(dialogue->message(2)).starts_with("a1 BAD") ||
              dialogue->text(dialogue->message(2)).starts_with("a1 NO"))
      << dialogue->text(dialogue->message(2));
  EXPECT_GE(model_->cursor(), dialogue->message(2).arrived);
}

TEST_F(ModelTest, AWholeSubmissionByHandUnderTls) {
  const HostId alice = model_->scenario().find("alice-laptop"), mail = model_->scenario().find("mail.example.com");
  apply(OpenConsole{alice, mail, 587}, *model_);
  for (const char* line : {"EHLO me", "STARTTLS", "EHLO me", "AUTH PLAIN AGFsaWNlAHMzY3JldA==",
                           "MAIL FROM:<alice@example.com>", "RCPT TO:<bob@example.org>", "DATA"})
    apply(TypeLine{line}, *model_);
  apply(TypeLine{"Subject: by hand"}, *model_);
  apply(TypeLine{""}, *model_);
  apply(TypeLine{"Hello"}, *model_);
  apply(TypeLine{"."}, *model_);
  const Conversation* dialogue = model_->conversations().find(model_->console().connection);
  const Message& last = dialogue->message(MessageId(dialogue->size() - 1));
  EXPECT_TRUE(dialogue->text(last).starts_with("250 2.0.0")) << dialogue->text(last);
  EXPECT_TRUE(last.sealed);
  apply(TypeLine{"QUIT"}, *model_);
}

TEST_F(ModelTest, TheConsolesHistoryIsRecalled) {
  apply(OpenConsole{model_->scenario().find("alice-laptop"), model_->scenario().find("mail.example.com"), 25}, *model_);
  apply(TypeLine{"NOOP"}, *model_);
  apply(TypeLine{"HELP"}, *model_);
  apply(RecallLine{-1}, *model_);
  EXPECT_EQ(model_->console().input, "HELP");
  apply(RecallLine{-1}, *model_);
  EXPECT_EQ(model_->console().input, "NOOP");
  apply(RecallLine{1}, *model_);
  apply(RecallLine{1}, *model_);
  EXPECT_EQ(model_->console().input, "");
}

TEST_F(ModelTest, TheCauseOfTheExpungeIsTheOldPcsQuit) {
  apply(ToEnd{}, *model_);
  choose("* 1 EXPUNGE");
  apply(GoToCause{}, *model_);
  ASSERT_TRUE(model_->selection().message);
  EXPECT_EQ(line(*model_->selection().message), "QUIT\r\n");
  EXPECT_EQ(model_->selected_conversation()->opened().protocol, Protocol::pop3);
}

TEST_F(ModelTest, AFilterShowsOneConversationOnlyAndSelectionStaysInIt) {
  choose("AUTH PLAIN");
  LadderFilter filter;
  filter.kind = FilterKind::connection;
  filter.connection = model_->selection().message->connection;
  apply(SetFilter{filter}, *model_);
  EXPECT_EQ(model_->lines().size(), model_->selected_conversation()->size());
  for (int i = 0; i < 200; ++i) apply(SelectBy{1}, *model_);
  EXPECT_EQ(model_->selection().message->connection, filter.connection);
}

TEST_F(ModelTest, TheSecretIsRevealedByADeedAndMaskedAgainWithTheNextLine) {
  choose("AUTH PLAIN");
  EXPECT_FALSE(model_->revealed());
  apply(ToggleReveal{}, *model_);
  EXPECT_TRUE(model_->revealed());
  apply(SelectBy{1}, *model_);
  EXPECT_FALSE(model_->revealed());
  apply(ToggleProjector{}, *model_);
  apply(ToggleReveal{}, *model_);
  EXPECT_FALSE(model_->revealed());
}

TEST_F(ModelTest, AnyMessageCanBeTheLetter) {
  apply(SendLetter{"Subject: mine\nMessage-ID: <mine@example.com>\n\nOne line\n.\n"}, *model_);
  apply(ToEnd{}, *model_);
  bool arrived = false;
  for (const sim::Holding& holding : model_->history().holdings())
    for (const sim::HeldMessage& message : holding.messages) arrived = arrived || message.key == "<mine@example.com>";
  EXPECT_TRUE(arrived);
  apply(OpenLetter{"/nowhere/letter.eml"}, *model_);
  ASSERT_TRUE(model_->notice());
  EXPECT_TRUE(model_->notice()->is_error);
  EXPECT_NE(model_->notice()->text.find("/nowhere/letter.eml"), std::string::npos);
}

TEST_F(ModelTest, ABrokenScenarioIsSaidWithItsPlaceAndTheOldOneStays) {
  apply(LoadScenario{"/nowhere.yaml", {}}, *model_);
  ASSERT_TRUE(model_->notice());
  EXPECT_TRUE(model_->notice()->is_error);
  EXPECT_EQ(model_->scenario().find("alice-laptop"), 1U);
}

TEST_F(ModelTest, TheLanguageChangesAtOnce) {
  const std::string english(model_->strings()("transport.play"));
  apply(SetLanguage{Language::spanish}, *model_);
  EXPECT_NE(model_->strings()("transport.play"), english);
  EXPECT_TRUE(model_->settings_changed());
}

}  // namespace
}  // namespace glasspost::app

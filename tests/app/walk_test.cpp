// A session's way through its machine: what was taken is what was said, and going back takes it away again.
#include "app/model/walk.h"

#include <gtest/gtest.h>

#include "app/model/model.h"
#include "app/words/catalogue.h"
#include "tests/source_dir.h"

namespace glasspost::app {
namespace {

class WalkTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path assets = std::string(glasspost::source_dir()) + "/assets";
    model_ = std::make_unique<Model>(assets, Strings::load(assets).value(), load_catalogue(assets, Language::english).value(),
                                     load_catalogue(assets, Language::spanish).value(), Settings{});
    apply(LoadScenario{"first-letter", {}}, *model_);
  }
  const Conversation& first(Protocol protocol) const {
    for (std::size_t i = 0; i < model_->conversations().connections(); ++i)
      if (const Conversation& one = model_->conversations().at(i); one.opened().protocol == protocol) return one;
    throw std::runtime_error("nobody speaks it");
  }
  // "greeted AUTH 235 authenticated 1", a line for each row that was taken.
  static std::string taken(const Walk& walk) {
    std::string all;
    const Machine& machine = *walk.machine();
    for (std::size_t i = 0; i < machine.transitions.size(); ++i) {
      if (walk.count(i) == 0) continue;
      const Transition& way = machine.transitions[i];
      all += std::string(machine.states[way.from].id) + " " + std::string(way.command) + " " + std::string(way.reply) + " " +
             std::string(machine.states[way.to].id) + " " + std::to_string(walk.count(i)) + "\n";
    }
    return all;
  }

  std::unique_ptr<Model> model_;
};

TEST_F(WalkTest, ASubmissionTakesTheWayOfTheTable) {
  Walk walk;
  walk.follow(model_->trace(), first(Protocol::smtp), model_->end());
  EXPECT_EQ(taken(walk),
            "connected EHLO 250 greeted 2\n"
            "greeted STARTTLS 220 tls 1\n"
            "tls handshake  connected 1\n"
            "greeted AUTH 235 authenticated 1\n"
            "authenticated MAIL 250 envelope 1\n"
            "envelope RCPT 250 recipients 1\n"
            "recipients DATA 354 letter 1\n"
            "letter . 250 authenticated 1\n"
            "authenticated QUIT 221 closed 1\n");
  EXPECT_EQ(walk.now(), smtp_machine().closed);
}

TEST_F(WalkTest, AHandshakeTakesTheWayOfTls13) {
  Walk walk;
  walk.follow_tls(first(Protocol::smtp), model_->end());
  EXPECT_EQ(taken(walk),
            "start ClientHello  hello 1\n"
            "hello ServerHello  agreed 1\n"
            "agreed Finished  proved 1\n"
            "proved Finished  up 1\n"
            "up Alert  closed 1\n");
  for (const Step& step : walk.steps()) EXPECT_FALSE(step.refused);
}

TEST_F(WalkTest, PopLeavesByUpdate) {
  Walk walk;
  walk.follow(model_->trace(), first(Protocol::pop3), model_->end());
  EXPECT_NE(taken(walk).find("transaction QUIT  update 1\n"), std::string::npos) << taken(walk);
  EXPECT_NE(taken(walk).find("update QUIT +OK closed 1\n"), std::string::npos) << taken(walk);
  const std::size_t retr = 6;
  ASSERT_EQ(pop3_machine().commands[retr].name, "RETR");
  EXPECT_EQ(walk.stayed(1, retr), 1U);
}

TEST_F(WalkTest, GoingBackAndForthComesToTheSame) {
  for (const Protocol protocol : {Protocol::smtp, Protocol::lmtp, Protocol::imap, Protocol::pop3}) {
    const Conversation& conversation = first(protocol);
    Walk moved;
    for (MessageId id = 0; id < conversation.size(); ++id) moved.follow(model_->trace(), conversation, conversation.message(id).at);
    for (MessageId id = MessageId(conversation.size()); id-- > 0;) {
      const Instant at = conversation.message(id).at;
      moved.follow(model_->trace(), conversation, at);
      Walk fresh;
      fresh.follow(model_->trace(), conversation, at);
      EXPECT_EQ(taken(moved), taken(fresh)) << id;
      EXPECT_EQ(moved.now(), fresh.now());
      EXPECT_EQ(moved.client_now(), fresh.client_now());
    }
  }
}

TEST_F(WalkTest, TheClientKnowsWhenTheReplyHasArrived) {
  const Conversation& conversation = first(Protocol::smtp);
  for (MessageId id = 0; id < conversation.size(); ++id) {
    const Message& message = conversation.message(id);
    if (!conversation.text(message).starts_with("235")) continue;
    ASSERT_GT(message.arrived, message.at);
    Walk walk;
    walk.follow(model_->trace(), conversation, message.at);
    EXPECT_EQ(smtp_machine().states[walk.now()].id, "authenticated");
    EXPECT_EQ(smtp_machine().states[walk.client_now()].id, "greeted");
    walk.follow(model_->trace(), conversation, message.arrived);
    EXPECT_EQ(smtp_machine().states[walk.client_now()].id, "authenticated");
    ASSERT_NE(walk.step_of(id), nullptr);
    EXPECT_EQ(walk.step_of(id)->answered, id);
    return;
  }
  FAIL() << "nobody logs in";
}

TEST_F(WalkTest, ARefusalIsNoStepOfTheTable) {
  apply(OpenConsole{model_->scenario().find("bob-laptop"), model_->scenario().find("store.example.org"), 143}, *model_);
  apply(TypeLine{"a1 SELECT INBOX"}, *model_);
  apply(ToEnd{}, *model_);
  Walk walk;
  walk.follow(model_->trace(), *model_->conversations().find(model_->console().connection), model_->end());
  EXPECT_EQ(taken(walk), "");
  ASSERT_FALSE(walk.steps().empty());
  EXPECT_TRUE(walk.steps().back().refused);
}

TEST_F(WalkTest, TheModelFollowsTheChosenSession) {
  apply(ToEnd{}, *model_);
  const Conversation& imap = first(Protocol::imap);
  apply(Select{{imap.id(), 2}}, *model_);
  EXPECT_EQ(model_->walk().connection(), imap.id());
  EXPECT_EQ(model_->walk().machine(), &imap_machine());
  apply(LoadScenario{"first-letter", {}}, *model_);
  EXPECT_EQ(model_->walk().conversation(), nullptr);
}

}  // namespace
}  // namespace glasspost::app

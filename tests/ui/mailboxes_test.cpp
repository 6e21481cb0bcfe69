// The mailboxes: who holds what, what is stale, and why.
#include "tests/ui/panel.h"

#include "app/ui/views/mailboxes_chain.h"

namespace glasspost::ui {
namespace {

class MailboxesPanel : public Panel {
 protected:
  const sim::Holding* held(std::string_view host) const {
    for (const sim::Holding& holding : model_->history().holdings())
      if (holding.holder == model_->scenario().find(host) && holding.mailbox == "INBOX") return &holding;
    return nullptr;
  }
  std::vector<std::string> headings(RecordId change, std::size_t most) const {
    std::vector<std::string> all;
    for (const CauseCard& card : chain_to(*model_, change, most)) all.push_back(card.heading);
    return all;
  }
  std::string number(std::string_view host) const { return std::to_string(model_->scenario().find(host)); }
};

TEST_F(MailboxesPanel, WhyTheLetterVanishedFromThePhoneLeadsBackToThePop3Deletion) {
  act(app::ToEnd{});
  const sim::Holding* phone = held("bob-phone");
  ASSERT_TRUE(phone);
  ASSERT_TRUE(phone->messages.at(0).gone);
  EXPECT_EQ(headings(phone->messages[0].changed, 4),
            (std::vector<std::string>{"DELE 1", "QUIT", "UID 1 deleted", "* 1 EXPUNGE"}));
  for (const CauseCard& card : chain_to(*model_, phone->messages[0].changed, 4)) {
    EXPECT_TRUE(card.message) << card.heading;
    EXPECT_TRUE(card.source.starts_with("RFC ")) << card.heading;
    EXPECT_FALSE(card.sentence.empty()) << card.heading;
  }
}

TEST_F(MailboxesPanel, WhyTheLetterIsInTheStoreLeadsBackToWhoAcceptedIt) {
  act(app::ToEnd{});
  const std::vector<std::string> chain = headings(held("store.example.org")->messages.at(0).added, 6);
  ASSERT_GE(chain.size(), 4U);
  EXPECT_EQ(chain.back(), "UID 1 added");
  EXPECT_EQ(chain[chain.size() - 2], "the letter");
  EXPECT_EQ(chain[chain.size() - 3], "mx1");
}

TEST_F(MailboxesPanel, TheQuestionBelowAMailboxShowsItsChainAndACardChoosesItsLine) {
  act(app::ToEnd{});
  show(mailboxes_view, 984, 440);
  ASSERT_TRUE(panel_->click("mailboxes.why/" + number("bob-phone") + "-INBOX"));
  EXPECT_EQ(panel_->text_of("mailboxes.cause/1"), "QUIT");
  ASSERT_TRUE(panel_->click("mailboxes.cause/1"));
  ASSERT_TRUE(model_->selection().message);
  EXPECT_EQ(line(*model_->conversations().row_of(*model_->selection().message)), "QUIT\r\n");
  EXPECT_TRUE(model_->at_end()) << "looking back at the cause leaves the mailboxes as they are";
}

TEST_F(MailboxesPanel, AMessageOpensInTheMessagePanel) {
  act(app::ToEnd{});
  show(mailboxes_view, 984, 440);
  ASSERT_TRUE(panel_->click("mailboxes.row/" + number("bob-pc") + "-INBOX-0"));
  EXPECT_EQ(model_->lower(), app::LowerPanel::message);
  EXPECT_EQ(model_->letter().holder, model_->scenario().find("bob-pc"));
  EXPECT_EQ(model_->letter().key, "<first.20261102@example.com>");
}

TEST_F(MailboxesPanel, ALetterThatWaitsIsHeldReleasedAndThrownAwayFromItsRow) {
  act(app::LoadScenario{"greylisted", {}});
  act(app::Seek{model_->start() + 10min});
  show(mailboxes_view, 984, 440);
  const HostId mail = model_->scenario().find("mail.example.com");
  const auto waiting = [&] {
    for (const sim::WaitingLetter& letter : model_->history().letters())
      if (letter.host == mail && letter.waits()) return letter;
    return sim::WaitingLetter{};
  };
  ASSERT_EQ(waiting().state, QueueChange::deferred);
  const std::string row = "queue." + std::to_string(mail) + "." + std::to_string(waiting().letter) + ".bob@example.org/";
  ASSERT_TRUE(panel_->click(row + "hold"));
  EXPECT_EQ(waiting().state, QueueChange::held);
  EXPECT_FALSE(panel_->find(row + "retry")) << "it is released first";
  act_here(app::Seek{model_->start() + 2h});
  EXPECT_EQ(waiting().state, QueueChange::held) << "it is not tried, however long it waits";
  ASSERT_TRUE(panel_->click(row + "release"));
  EXPECT_NE(waiting().state, QueueChange::held);
  act(app::LoadScenario{"greylisted", {}});
  act(app::Seek{model_->start() + 10min});
  panel_->settle();
  ASSERT_TRUE(panel_->click(row + "drop"));
  act(app::ToEnd{});
  panel_->settle();
  EXPECT_FALSE(panel_->find(row + "drop"));
  const sim::Holding* store = held("store.example.org");
  EXPECT_TRUE(!store || store->messages.empty()) << "nobody has got it";
}

TEST_F(MailboxesPanel, SaysWhatWouldFillIt) {
  show(mailboxes_view, 984, 300);
  bool said = false;
  for (const Control& control : panel_->ui().recorder().controls()) said = said || control.text == "No letter has reached a mailbox yet.";
  EXPECT_TRUE(said);
}

TEST_F(MailboxesPanel, NothingIsCutOffAtAnySizeAndMoment) {
  struct Place { int w, h; float scale; };
  for (const Place place : {Place{880, 350, 1}, {984, 420, 1}, {1360, 540, 1}, {720, 250, 2}, {640, 220, 1}})
    for (const Language language : {Language::english, Language::spanish}) {
      apply(app::SetLanguage{language}, *model_);
      show(mailboxes_view, place.w, place.h, place.scale);
      for (int step = 20; step <= 40; ++step) {
        act_here(app::Seek{model_->start() + (model_->end() - model_->start()) * step / 40});
        EXPECT_EQ(cut_off(), "") << place.w << "x" << place.h << " at step " << step;
      }
    }
}

TEST_F(MailboxesPanel, LooksAsItDid) {
  halfway("* 1 EXPUNGE");
  act(app::Seek{model_->conversations().message(*model_->selection().message).arrived + 1ms});
  apply(app::ShowLower{app::LowerPanel::mailboxes}, *model_);
  show(mailboxes_view, 984, 420);
  EXPECT_TRUE(matches_golden(panel_->picture(), "mailboxes-light-en"));
  apply(app::ToggleLook{}, *model_);
  apply(app::SetLanguage{Language::spanish}, *model_);
  show(mailboxes_view, 880, 350);
  EXPECT_TRUE(matches_golden(panel_->picture(), "mailboxes-dark-es"));
}

}  // namespace
}  // namespace glasspost::ui

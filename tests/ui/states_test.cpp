// The States panel: which machine, where the session stands in it, what leads where.
#include "tests/ui/panel.h"

namespace glasspost::ui {
namespace {

class StatesPanel : public Panel {
 protected:
  StatesPanel() { apply(app::ShowLower{app::LowerPanel::states}, *model_); }
  void reach(std::string_view said) {
    const MessageRef ref = model_->conversations().row(row_saying(said));
    act_here(app::Seek{model_->conversations().message(ref).at});
    act_here(app::Select{ref});
  }
  std::string all() const {
    std::string text;
    for (const Control& control : panel_->ui().recorder().controls()) text += control.name + " " + control.text + "\n";
    return text;
  }
  bool has(std::string_view words) const { return all().find(words) != std::string::npos; }
  bool lit(std::string_view name) const {
    const Control* control = panel_->ui().recorder().find(name);
    return control && control->on;
  }
};

TEST_F(StatesPanel, BeforeAnythingWasSaidTheTableStandsAlone) {
  show(states_view, 1280, 648);
  EXPECT_EQ(panel_->text_of("states.title"), "the table alone");
  EXPECT_TRUE(has("states.state/authenticated"));
  ASSERT_TRUE(panel_->click("states.protocol/2"));
  EXPECT_TRUE(has("states.state/selected_read_only"));
  EXPECT_EQ(cut_off(), "");
}

TEST_F(StatesPanel, TellsWhereTheSessionStandsAndWhatMayBeSaid) {
  show(states_view, 1280, 648);
  reach("AUTH PLAIN •");
  EXPECT_TRUE(lit("states.state/greeted"));
  reach("235 ");
  EXPECT_TRUE(lit("states.state/authenticated"));
  EXPECT_TRUE(has("states.legal/MAIL"));
  EXPECT_FALSE(has("states.legal/RCPT"));
  EXPECT_TRUE(has("states.refused/RCPT"));
  EXPECT_TRUE(lit("states.way/greeted/authenticated"));
}

TEST_F(StatesPanel, TheClientKnowsLater) {
  show(states_view, 1280, 648);
  reach("235 ");
  ASSERT_TRUE(panel_->click("states.role/1"));
  EXPECT_TRUE(lit("states.state/greeted"));
  EXPECT_FALSE(lit("states.state/authenticated"));
  act_here(app::Seek{model_->selected()->arrived});
  EXPECT_TRUE(lit("states.state/authenticated"));
}

TEST_F(StatesPanel, ARowAndItsArrowLeadToTheRecord) {
  show(states_view, 1920, 900);
  act_here(app::ToEnd{});
  reach("235 ");
  const MessageRef reply = *model_->selection().message;
  ASSERT_TRUE(panel_->click("states.way/connected/greeted"));
  EXPECT_NE(model_->selection().message, reply);
  EXPECT_TRUE(model_->selected_conversation()->text(*model_->selected()).starts_with("EHLO"));
  EXPECT_TRUE(lit("states.row/0")) << "the first row of the table is EHLO";
}

TEST_F(StatesPanel, TheTableGoesByTheKeyboard) {
  show(states_view, 1920, 900);
  reach("235 ");
  panel_->ui().focus("states.rows", true);
  panel_->frame();
  panel_->press(Key::home);
  panel_->press(Key::enter);
  EXPECT_TRUE(model_->selected_conversation()->text(*model_->selected()).starts_with("EHLO"));
}

TEST_F(StatesPanel, AnotherProtocolBringsItsLastSession) {
  act_here(app::ToEnd{});
  show(states_view, 1280, 648);
  for (const auto& [index, protocol] : {std::pair{"3", Protocol::pop3}, {"1", Protocol::lmtp}, {"2", Protocol::imap}, {"0", Protocol::smtp}}) {
    ASSERT_TRUE(panel_->click(std::string("states.protocol/") + index));
    ASSERT_TRUE(model_->selected_conversation());
    EXPECT_EQ(model_->selected_conversation()->opened().protocol, protocol);
    EXPECT_EQ(model_->cursor(), model_->end()) << "looking moves no clock";
  }
}

TEST_F(StatesPanel, TheHandshakeHasItsMachine) {
  show(states_view, 1280, 648);
  for (std::size_t row = 0; row < model_->conversations().rows(); ++row) {
    const MessageRef ref = model_->conversations().row(row);
    const Conversation& conversation = *model_->conversations().find(ref.connection);
    if (conversation.headline(conversation.message(ref.message)) != "say/tls/ServerHello") continue;
    act_here(app::Seek{conversation.message(ref.message).at});
    act_here(app::Select{ref});
    break;
  }
  ASSERT_TRUE(panel_->click("states.protocol/4"));
  // The server's whole flight, up to its Finished, is said at one moment.
  EXPECT_TRUE(lit("states.state/proved"));
  EXPECT_TRUE(has("states.legal/Finished"));
  EXPECT_FALSE(has("states.legal/KeyUpdate"));
  act_here(app::ToEnd{});
  EXPECT_TRUE(lit("states.state/up") || lit("states.state/closed"));
}

TEST_F(StatesPanel, NothingIsCutOffOrLiesOverAnother) {
  apply(app::ToEnd{}, *model_);
  struct Place { int w, h; float scale; };
  for (const Place place : {Place{1280, 648, 1}, {1440, 748, 1}, {1920, 928, 1}, {960, 400, 2}, {640, 300, 2}, {720, 320, 2}})
    for (const Language language : {Language::english, Language::spanish})
      for (const char* said : {"235 ", "* 1 EXPUNGE", "RCPT TO", "DELE 1"}) {
        apply(app::SetLanguage{language}, *model_);
        show(states_view, place.w, place.h, place.scale);
        reach(said);
        EXPECT_EQ(cut_off(), "") << place.w << "x" << place.h << " " << said;
        for (const Control& control : panel_->ui().recorder().controls()) {  // the names of the states give way first
          const bool code = control.text.size() == 3 && control.text.find_first_not_of("0123456789") == std::string::npos;
          EXPECT_FALSE(code && control.elided) << control.text << " " << place.w << "x" << place.h << " " << said;
        }
        EXPECT_EQ(collisions(), "") << place.w << "x" << place.h << " " << said;
      }
}

TEST_F(StatesPanel, LooksAsItDid) {
  show(states_view, 1280, 648);
  reach("235 ");
  EXPECT_TRUE(matches_golden(panel_->picture(), "states-smtp-light-en"));
  apply(app::ToggleLook{}, *model_);
  apply(app::SetLanguage{Language::spanish}, *model_);
  show(states_view, 1920, 928);
  reach("* 1 EXPUNGE");
  EXPECT_TRUE(matches_golden(panel_->picture(), "states-imap-dark-es"));
  show(states_view, 640, 300, 2);
  reach("DELE 1");
  EXPECT_TRUE(matches_golden(panel_->picture(), "states-pop3-dark-es-200"));
  apply(app::ToggleLook{}, *model_);
  apply(app::SetLanguage{Language::english}, *model_);
  show(states_view, 960, 428, 2);
  reach("RCPT TO");
  EXPECT_TRUE(matches_golden(panel_->picture(), "states-lmtp-light-en-200"));
}

}  // namespace
}  // namespace glasspost::ui

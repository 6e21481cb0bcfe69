// The inspector over the first letter: what is said about each line, what stays masked, what a click and a key do.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "app/words/catalogue.h"
#include "protocol/base/text.h"
#include "tests/source_dir.h"
#include "tests/ui/golden.h"
#include "tests/ui/stage.h"
#include "app/ui/views/views.h"

namespace glasspost::ui {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Inspector : public Stage {
 protected:
  Inspector() {
    const std::filesystem::path assets = std::string(glasspost::source_dir()) + "/assets";
    model_ = std::make_unique<Model>(assets, Strings::load(assets).value(), load_catalogue(assets, Language::english).value(),
                                     load_catalogue(assets, Language::spanish).value(), app::Settings{});
    apply(app::LoadScenario{"first-letter", {}}, *model_);
    open(456, 808, 1);
  }
  void open(int width, int height, float scale) {
    window_ = std::make_unique<Headless>(fonts(), width, height, scale);
    window_->draw_with([this](Ui& ui) {
      ui.theme = theme_of(model_->settings().look == app::Look::dark ? Look::dark : Look::light, true);
      Actions actions;
      inspector_view(ui, ui.whole(), *model_, actions);
      if (ui.shortcut(Key::h)) actions.push_back(app::ToggleReveal{});
      for (const Action& action : actions) {
        if (const auto* copy = action.get_if<app::Copy>()) copied_ = copy->text;
        apply(action, *model_);
      }
      if (!actions.empty()) ui.next_frame();
    });
    window_->settle();
  }
  void act(const Action& action) {
    apply(action, *model_);
    window_->settle();
  }
  std::string line(MessageRef ref) const {
    const Conversation& conversation = *model_->conversations().find(ref.connection);
    const Message& message = conversation.message(ref.message);
    return redact(conversation.text(message), conversation.tokens(message));
  }
  bool choose(std::string_view text, std::size_t skip = 0) {
    for (std::size_t row = 0; row < model_->conversations().rows(); ++row)
      if (line(model_->conversations().row(row)).find(text) != std::string::npos && skip-- == 0) {
        choose_row(row);
        return true;
      }
    ADD_FAILURE() << "nobody says " << text;
    return false;
  }
  void choose_row(std::size_t row) {
    const MessageRef ref = model_->conversations().row(row);
    act(app::Select{ref});
    const Instant arrived = model_->conversations().message(ref).arrived;
    if (arrived != Instant::max()) act(app::Seek{arrived + 20ms});
    act(app::Select{ref});
  }
  void choose_token(Role role) {
    const auto tokens = model_->selected_conversation()->tokens(*model_->selected());
    for (std::size_t i = 0; i < tokens.size(); ++i)
      if (tokens[i].role == role) return act(app::SelectToken{i});
    ADD_FAILURE() << "no such word";
  }
  std::string all() const {
    std::string text;
    for (const Control& control : window_->ui().recorder().controls()) text += control.name + " " + control.text + "\n";
    return text;
  }
  std::string clipped() const {
    std::string text;
    for (const Control* control : window_->ui().recorder().clipped())
      text += fmt::format("{} \"{}\" at {} {} wide {}\n", control->name, control->text, control->rect.x, control->rect.y, control->rect.w);
    return text;
  }

  std::unique_ptr<Model> model_;
  std::unique_ptr<Headless> window_;
  std::string copied_;
};

constexpr app::InspectorTab every_tab[] = {app::InspectorTab::explain, app::InspectorTab::bytes, app::InspectorTab::tls, app::InspectorTab::state};

TEST_F(Inspector, SaysWhatWouldFillItBeforeAnythingIsChosen) {
  EXPECT_THAT(all(), HasSubstr("Click a line, and it opens here, word by word."));
  EXPECT_THAT(all(), HasSubstr("LMTP"));
  EXPECT_EQ(clipped(), "");
}

TEST_F(Inspector, TellsWhoAsksToLogIn) {
  choose("AUTH PLAIN •");
  EXPECT_EQ(window_->text_of("inspector.headline"), "Alice’s laptop asks to log in");
  EXPECT_THAT(window_->text_of("inspector.below"), HasSubstr("mail.example.com:587"));
  EXPECT_EQ(window_->text_of("inspector.state_after"), "authenticated");
  EXPECT_THAT(all(), HasSubstr("inspector.reply/235"));
  EXPECT_THAT(all(), HasSubstr("this is what came"));
}

TEST_F(Inspector, ASecretIsMaskedInEveryTabUntilItIsRevealed) {
  const std::string name = "alice", password = "s3cret", encoded = "AGFsaWNl";
  choose("AUTH PLAIN •");
  choose_token(Role::smtp_initial_response);
  for (const app::InspectorTab tab : every_tab) {
    act(app::ShowTab{tab});
    EXPECT_THAT(all(), Not(HasSubstr(encoded))) << int(tab);
    EXPECT_THAT(all(), Not(HasSubstr("67 46 73"))) << int(tab);
  }
  act(app::ShowTab{app::InspectorTab::bytes});
  ASSERT_TRUE(window_->click("inspector.copy_text"));
  EXPECT_EQ(copied_, "AUTH PLAIN ••••••••••••\r\n");
  ASSERT_TRUE(window_->click("inspector.copy_hex"));
  EXPECT_EQ(copied_, "41 55 54 48 20 50 4c 41 49 4e 20 •••••••••••• 0d 0a");
  ASSERT_TRUE(window_->click("inspector.copy_c"));
  EXPECT_EQ(copied_, "\"AUTH PLAIN ••••••••••••\\r\\n\"");

  act(app::ShowTab{app::InspectorTab::explain});
  window_->press(Key::h);
  window_->settle();
  EXPECT_TRUE(model_->revealed());
  EXPECT_THAT(all(), HasSubstr(encoded));
  EXPECT_THAT(all(), HasSubstr("base64 is an alphabet, not a lock"));
  act(app::ShowTab{app::InspectorTab::bytes});
  ASSERT_TRUE(window_->click("inspector.copy_text"));
  EXPECT_THAT(copied_, HasSubstr(encoded));
}

TEST_F(Inspector, TheEyeRevealsAndHides) {
  choose("AUTH PLAIN •");
  ASSERT_TRUE(window_->click("inspector.reveal"));
  EXPECT_TRUE(model_->revealed());
  ASSERT_TRUE(window_->click("inspector.reveal"));
  EXPECT_FALSE(model_->revealed());
}

TEST_F(Inspector, AWordIsChosenByClickAndByArrow) {
  choose("MAIL FROM");
  EXPECT_EQ(model_->selection().token, 0U);
  const auto tokens = model_->selected_conversation()->tokens(*model_->selected());
  std::size_t path = 0;
  while (path < tokens.size() && tokens[path].role != Role::smtp_reverse_path) ++path;
  ASSERT_LT(path, tokens.size());
  ASSERT_TRUE(window_->click("inspector.token/" + std::to_string(path)));
  EXPECT_EQ(model_->selection().token, path);
  EXPECT_THAT(all(), HasSubstr("a bounce would go there"));
  window_->ui().focus("inspector.line");
  window_->frame();
  window_->press(Key::left);
  window_->settle();
  EXPECT_LT(model_->selection().token, path);
  EXPECT_NE(tokens[model_->selection().token].role, Role::space);
}

TEST_F(Inspector, TheNthOctetSaidStandsBesideTheNthEncrypted) {
  choose("AUTH PLAIN •");
  act(app::ShowTab{app::InspectorTab::bytes});
  ASSERT_TRUE(window_->click("inspector.copy_record"));
  const std::string record = copied_;
  EXPECT_TRUE(record.starts_with("17 03 03 00 ")) << record;
  const Message& message = *model_->selected();
  EXPECT_EQ((record.size() + 1) / 3, message.wire_octets) << "a header of 5, a type of 1, a tag of 16";
  EXPECT_EQ(message.wire_octets, message.octets + 22);
  EXPECT_THAT(all(), HasSubstr("How " + std::to_string(message.octets) + " became " + std::to_string(message.wire_octets)));
  ASSERT_TRUE(window_->click("inspector.byte/5"));
  EXPECT_EQ(model_->selection().token, 2U) << "PLAIN";
}

TEST_F(Inspector, TheHandshakeUnfoldsFieldByField) {
  choose("AUTH PLAIN •");
  act(app::ShowTab{app::InspectorTab::tls});
  EXPECT_THAT(window_->text_of("inspector.headline"), HasSubstr("TLS 1.3, and the certificate is trusted"));
  EXPECT_THAT(all(), HasSubstr("supported_versions"));
  EXPECT_THAT(all(), HasSubstr("revocation was not asked for"));
  EXPECT_THAT(all(), HasSubstr("Certificate"));
}

TEST_F(Inspector, InClearIsSaidToBeInClear) {
  choose("STARTTLS\r\n");
  act(app::Seek{model_->selected()->at});
  act(app::ShowTab{app::InspectorTab::tls});
  EXPECT_THAT(all(), HasSubstr("This connection is in clear"));
  EXPECT_THAT(all(), HasSubstr("tls.row_password.exposed"));
}

TEST_F(Inspector, TheStateIsTheOneAtTheCursor) {
  choose("AUTH PLAIN •");
  act(app::ShowTab{app::InspectorTab::state});
  EXPECT_EQ(window_->text_of("inspector.headline"), "The session’s state: authenticated");
  EXPECT_THAT(all(), HasSubstr("inspector.taken/greeted/authenticated 1 time"));
  EXPECT_THAT(all(), HasSubstr("inspector.taken/connected/greeted 2 times"));
  EXPECT_THAT(all(), HasSubstr("inspector.legal/MAIL"));
  EXPECT_THAT(all(), HasSubstr("inspector.refused/AUTH"));
  act(app::Seek{model_->selected()->at});
  EXPECT_THAT(window_->text_of("inspector.headline"), HasSubstr("greeted")) << "nobody has answered yet";
  EXPECT_THAT(all(), Not(HasSubstr("inspector.taken/greeted/authenticated")));
}

TEST_F(Inspector, TheCauseOfAnExpungeIsGoneToByAClick) {
  choose("EXPUNGE\r\n");
  const auto before = *model_->selection().message;
  if (window_->find("inspector.cause")) {
    const Rect place = window_->find("inspector.cause")->rect;
    window_->turn_wheel({100, 400}, -std::max(0.F, (place.y - 400) / 40));
    window_->settle();
    ASSERT_TRUE(window_->click("inspector.cause"));
    EXPECT_FALSE(*model_->selection().message == before);
  } else {
    ADD_FAILURE() << all();
  }
}

TEST_F(Inspector, LooksAsItShould) {
  open(456, 1100, 1);
  act(app::SetLanguage{Language::spanish});
  EXPECT_TRUE(matches_golden(window_->picture(), "inspector-empty-light-es"));
  act(app::SetLanguage{Language::english});
  choose("AUTH PLAIN •");
  choose_token(Role::smtp_initial_response);
  act(app::ToggleReveal{});
  EXPECT_TRUE(matches_golden(window_->picture(), "inspector-explain-light-en"));
  const char* names[] = {"", "inspector-bytes-light-en", "inspector-tls-light-en", "inspector-state-light-en"};
  for (const app::InspectorTab tab : {app::InspectorTab::bytes, app::InspectorTab::tls, app::InspectorTab::state}) {
    act(app::ShowTab{tab});
    EXPECT_TRUE(matches_golden(window_->picture(), names[int(tab)]));
  }
  act(app::ShowTab{app::InspectorTab::explain});
  act(app::ToggleLook{});
  act(app::SetLanguage{Language::spanish});
  choose("EXPUNGE\r\n");
  EXPECT_TRUE(matches_golden(window_->picture(), "inspector-explain-dark-es"));
  choose("BODY[]");
  EXPECT_TRUE(matches_golden(window_->picture(), "inspector-fetch-dark-es"));
  act(app::ShowTab{app::InspectorTab::state});
  EXPECT_TRUE(matches_golden(window_->picture(), "inspector-state-dark-es"));
}

// Every message of the story, in every tab, in both languages, narrow and wide: words for each of them, nothing cut off.
TEST_F(Inspector, EveryMessageCanBeReadInEveryTab) {
  for (const auto& [width, height, scale] : {std::tuple{400, 700, 1.F}, {912, 1600, 2.F}}) {
    for (const Language language : {Language::english, Language::spanish}) {
      act(app::SetLanguage{language});
      open(width, height, scale);
      for (std::size_t row = 0; row < model_->conversations().rows(); ++row) {
        choose_row(row);
        for (const app::InspectorTab tab : every_tab) {
          act(app::ShowTab{tab});
          ASSERT_EQ(clipped(), "") << line(model_->conversations().row(row)) << " tab " << int(tab);
          ASSERT_TRUE(window_->ui().recorder().duplicates().empty())
              << window_->ui().recorder().duplicates().front() << " in " << line(model_->conversations().row(row)) << " tab " << int(tab);
          EXPECT_THAT(all(), Not(HasSubstr("There are no words for this yet"))) << line(model_->conversations().row(row));
        }
      }
    }
  }
  EXPECT_TRUE(model_->strings().missing().empty()) << *model_->strings().missing().begin();
}

}  // namespace
}  // namespace glasspost::ui

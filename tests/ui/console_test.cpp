// The console, driven by hand: what is typed goes out as typed, what is proposed is legal, and nothing is cut off.
#include <gmock/gmock.h>

#include <filesystem>

#include "app/ui/views/console_complete.h"
#include "app/ui/views/console_login.h"
#include "app/ui/views/console_preview.h"
#include "app/ui/views/views.h"
#include "app/words/catalogue.h"
#include "protocol/base/text.h"
#include "tests/source_dir.h"
#include "tests/ui/golden.h"
#include "tests/ui/stage.h"

namespace glasspost::ui {
namespace {

using ::testing::ElementsAre;

class Console : public Stage {
 protected:
  Console() {
    const std::filesystem::path assets = std::string(glasspost::source_dir()) + "/assets";
    model_ = std::make_unique<Model>(assets, Strings::load(assets).value(), load_catalogue(assets, Language::english).value(),
                                     load_catalogue(assets, Language::spanish).value(), app::Settings{});
    apply(app::LoadScenario{"first-letter", {}}, *model_);
    open(984, 168, 1);
  }
  void open(int width, int height, float scale) {
    window_ = std::make_unique<Headless>(fonts(), width, height, scale);
    window_->draw_with([this](Ui& ui) {
      ui.theme = theme_of(model_->settings().look == app::Look::dark ? Look::dark : Look::light);
      Actions actions;
      console_view(ui, ui.whole(), *model_, actions);
      for (const Action& action : actions) apply(action, *model_);
      if (!actions.empty()) ui.next_frame();
    });
    window_->settle();
  }
  void act(const Action& action) {
    apply(action, *model_);
    window_->settle();
  }
  void dial(const char* from, const char* to, std::uint16_t port) {
    act(app::OpenConsole{model_->scenario().find(from), model_->scenario().find(to), port});
    ASSERT_NE(model_->console().connection, 0U);
  }
  // As a person does it.
  void say(std::string_view line) {
    ASSERT_TRUE(window_->click("console.input"));
    window_->type(line);
    window_->press(Key::enter);
    window_->settle();
  }
  std::string last_reply() const {
    const Conversation& dialogue = *model_->conversations().find(model_->console().connection);
    return std::string(dialogue.text(dialogue.message(MessageId(dialogue.size() - 1))));
  }
  bool shows(std::string_view text) const {
    for (const Control& control : window_->ui().recorder().controls())
      if (control.text.find(text) != std::string::npos && !control.visible.empty()) return true;
    return false;
  }
  std::string clipped() const {
    std::string all;
    for (const Control* control : window_->ui().recorder().clipped()) all += control->name + " \"" + control->text + "\"\n";
    return all;
  }
  void submit_up_to_the_letter() {
    dial("alice-laptop", "mail.example.com", 587);
    for (const char* line : {"EHLO [192.0.2.17]", "STARTTLS", "EHLO [192.0.2.17]", "AUTH PLAIN AGFsaWNlAHMzY3JldA==", "MAIL FROM:<alice@example.com>",
                             "RCPT TO:<bob@example.org>"})
      say(line);
  }

  std::unique_ptr<Model> model_;
  std::unique_ptr<Headless> window_;
};

TEST_F(Console, WithNoDialogueOneIsOpenedFromTheMenu) {
  ASSERT_TRUE(window_->click("console.talk"));
  ASSERT_TRUE(window_->click("console.open/mail.example.com:587"));
  window_->settle();
  EXPECT_TRUE(model_->console().held_by_person);
  EXPECT_TRUE(shows("220 mail.example.com"));
  EXPECT_TRUE(window_->find("console.you_hold"));
}

TEST_F(Console, WhatIsTypedGoesOutAsTyped) {
  dial("bob-laptop", "store.example.org", 143);
  say("a1 select inbox");
  const Conversation& dialogue = *model_->conversations().find(model_->console().connection);
  EXPECT_EQ(dialogue.text(dialogue.message(1)), "a1 select inbox\r\n");
  EXPECT_TRUE(last_reply().starts_with("a1 BAD")) << last_reply();
  EXPECT_EQ(model_->console().input, "");
}

TEST_F(Console, TabCompletesOnlyWhatIsLegalNow) {
  dial("alice-laptop", "mail.example.com", 587);
  window_->click("console.input");
  window_->type("ma");
  window_->press(Key::tab);
  EXPECT_EQ(model_->console().input, "ma") << "MAIL is not legal before EHLO";
  window_->press(Key::backspace), window_->press(Key::backspace);
  window_->type("eh");
  window_->press(Key::tab);
  window_->settle();
  EXPECT_EQ(model_->console().input, "EHLO [192.0.2.17]");
  window_->press(Key::enter);
  window_->type("MAIL FROM:<al");
  window_->press(Key::tab);
  EXPECT_EQ(model_->console().input, "MAIL FROM:<alice@example.com>");
}

TEST_F(Console, ImapTagsAreProposedOneAfterTheOther) {
  dial("bob-laptop", "store.example.org", 143);
  EXPECT_EQ(completion_of(*model_, floor_of(*model_), ""), "a1 ");
  say("x09 NOOP");
  EXPECT_EQ(completion_of(*model_, floor_of(*model_), ""), "x10 ");
  EXPECT_EQ(completion_of(*model_, floor_of(*model_), "login"), "x10 LOGIN bob ");
  EXPECT_EQ(completion_of(*model_, floor_of(*model_), "q CAPA"), "q CAPABILITY");
  EXPECT_EQ(completion_of(*model_, floor_of(*model_), "q SEL"), "") << "not before a login";
}

TEST_F(Console, ThePromptSaysWhatTheServerWaitsFor) {
  submit_up_to_the_letter();
  EXPECT_EQ(floor_of(*model_).waits, Waits::command);
  say("DATA");
  EXPECT_EQ(floor_of(*model_).waits, Waits::content);
  EXPECT_TRUE(shows(model_->strings()("console.in_data")));
  say("Subject: by hand");
  EXPECT_TRUE(shows("Subject: by hand")) << "content shows while it is being typed";
  say("");
  say("MAIL FROM:<x>");
  EXPECT_EQ(floor_of(*model_).waits, Waits::content);
  say(".");
  EXPECT_EQ(floor_of(*model_).waits, Waits::command);
  EXPECT_TRUE(last_reply().starts_with("250 2.0.0")) << last_reply();
}

TEST_F(Console, AChallengeIsAnsweredInBase64) {
  dial("alice-laptop", "mail.example.com", 587);
  for (const char* line : {"EHLO me", "STARTTLS", "EHLO me", "AUTH PLAIN"}) say(line);
  EXPECT_EQ(floor_of(*model_).waits, Waits::answer);
  ASSERT_TRUE(window_->click("console.fill_answer"));
  EXPECT_EQ(model_->console().input, "AGFsaWNlAHMzY3JldA==");
  window_->press(Key::enter);
  window_->settle();
  EXPECT_TRUE(last_reply().starts_with("235")) << last_reply();
  EXPECT_FALSE(shows("AGFsaWNl")) << "masked once it is said";
}

// The steps that are shown, by what they are called.
std::vector<std::string> steps_shown(Headless& window) {
  std::vector<std::string> names;
  for (const Control& control : window.ui().recorder().controls())
    if (control.name.starts_with("console.login/") && (names.empty() || names.back() != control.name.substr(14))) names.push_back(control.name.substr(14));
  return names;
}

TEST_F(Console, ScramIsShownStepByStepAndAnsweredMessageByMessage) {
  act(app::LoadScenario{"logins", {}});
  open(1200, 1500, 1);  // every step is in sight
  dial("alice-laptop", "scram.example.net", 587);
  for (const char* line : {"EHLO me", "AUTH SCRAM-SHA-256"}) say(line);
  EXPECT_THAT(steps_shown(*window_), ElementsAre("gs2-header", "user", "client-nonce"));
  ASSERT_TRUE(window_->click("console.fill_answer"));
  EXPECT_TRUE(base64_decode(model_->console().input)->starts_with("n,,n=alice,r=alice."));
  window_->press(Key::enter);
  window_->settle();
  EXPECT_TRUE(last_reply().starts_with("334 ")) << last_reply();
  EXPECT_THAT(steps_shown(*window_), ElementsAre("gs2-header", "user", "client-nonce", "server-nonce", "salt", "i", "AuthMessage", "password", "SaltedPassword",
                                                 "ClientKey", "StoredKey", "ClientSignature", "ClientProof", "answer", "ServerKey", "ServerSignature", "server-final"));
  EXPECT_FALSE(shows("s3cret"));
  ASSERT_TRUE(window_->click("console.login.reveal"));
  window_->settle();
  EXPECT_TRUE(shows("s3cret"));
  ASSERT_TRUE(window_->click("console.login.reveal"));
  window_->settle();
  ASSERT_TRUE(window_->click("console.fill_answer"));
  EXPECT_TRUE(base64_decode(model_->console().input)->starts_with("c=biws,r=alice."));
  window_->press(Key::enter);
  window_->settle();
  EXPECT_TRUE(last_reply().starts_with("334 dj")) << "v=…: " << last_reply();
  EXPECT_EQ(login_steps(*model_, floor_of(*model_)).proof, Proof::good);
  EXPECT_TRUE(shows("This is what a server that knows the password must say."));
  say("");
  EXPECT_TRUE(last_reply().starts_with("235")) << last_reply();
  EXPECT_TRUE(steps_shown(*window_).empty());
}

TEST_F(Console, CramMd5IsShownStepByStep) {
  act(app::LoadScenario{"logins", {}});
  open(1200, 900, 1);
  dial("alice-laptop", "cram.example.org", 587);
  for (const char* line : {"EHLO me", "AUTH CRAM-MD5"}) say(line);
  EXPECT_THAT(steps_shown(*window_), ElementsAre("challenge", "user", "password", "digest", "answer"));
  ASSERT_TRUE(window_->click("console.fill_answer"));
  window_->press(Key::enter);
  window_->settle();
  EXPECT_TRUE(last_reply().starts_with("235")) << last_reply();
}

// A server that does not know the password says something that the password does not give.
TEST_F(Console, AServerThatProvesNothingIsSaidToProveNothing) {
  act(app::LoadScenario{"logins", {}});
  dial("alice-laptop", "scram.example.net", 587);
  Floor floor;
  floor.conversation = model_->conversations().find(model_->console().connection);
  floor.waits = Waits::answer;
  floor.mechanism = "SCRAM-SHA-256";
  floor.answers = {"n,,n=alice,r=abc"};
  floor.challenges = {"", "r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"};
  EXPECT_EQ(login_steps(*model_, floor).proof, Proof::none);
  floor.answers.push_back("c=biws,r=abcdef,p=AAAA");
  floor.challenges.push_back("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  EXPECT_EQ(login_steps(*model_, floor).proof, Proof::bad);
}

TEST_F(Console, ALiteralIsCountedAndIdleWaitsForDone) {
  dial("bob-laptop", "store.example.org", 143);
  for (const char* line : {"a1 STARTTLS", "a2 LOGIN bob b0bby", "a3 APPEND INBOX {12}"}) say(line);
  EXPECT_EQ(floor_of(*model_).waits, Waits::literal);
  EXPECT_EQ(floor_of(*model_).literal_left, 12U);
  say("A: b");
  EXPECT_EQ(floor_of(*model_).literal_left, 6U);
  say("");
  say("Hi");
  say("");
  EXPECT_TRUE(last_reply().starts_with("a3 OK")) << last_reply();
  say("a4 IDLE");
  EXPECT_EQ(floor_of(*model_).waits, Waits::done);
  EXPECT_EQ(completion_of(*model_, floor_of(*model_), "d"), "DONE");
  say("DONE");
  EXPECT_EQ(floor_of(*model_).waits, Waits::command);
  EXPECT_TRUE(last_reply().starts_with("a4 OK")) << last_reply();
}

TEST_F(Console, APastedScriptIsSentLineByLine) {
  dial("alice-laptop", "mail.example.com", 587);
  window_->clipboard = "EHLO me\nNOOP\nQUIT\n";
  window_->click("console.input");
  window_->press(Key::v, Modifier::ctrl);
  window_->settle();
  EXPECT_EQ(model_->console().input, "EHLO me\nNOOP\nQUIT");
  EXPECT_TRUE(shows(model_->strings().count("console.lines_left", 2)));
  window_->press(Key::enter);
  window_->settle();
  EXPECT_EQ(model_->console().input, "NOOP\nQUIT");
  window_->press(Key::enter);
  window_->settle();
  EXPECT_TRUE(last_reply().starts_with("250 2.0.0")) << last_reply();
  window_->press(Key::enter);
  window_->settle();
  EXPECT_TRUE(last_reply().starts_with("221")) << last_reply();
}

TEST_F(Console, TheOutcomeIsToldBeforeSending) {
  dial("alice-laptop", "mail.example.com", 587);
  const auto outcome = [&](std::string_view line) { return outcome_of(*model_, floor_of(*model_), line); };
  EXPECT_EQ(outcome("EHLO me").kind, Outcome::Kind::leads);
  EXPECT_EQ(outcome("NOOP").kind, Outcome::Kind::stays);
  EXPECT_EQ(outcome("MAIL FROM:<a@b.example>").kind, Outcome::Kind::refused);
  EXPECT_NE(outcome("MAIL FROM:<a@b.example>").words.find("503"), std::string::npos);
  EXPECT_EQ(outcome("GET / HTTP/1.1").kind, Outcome::Kind::unknown);
  say("EHLO me");
  EXPECT_EQ(outcome("MAIL FROM:a@b").kind, Outcome::Kind::broken) << outcome("MAIL FROM:a@b").words;
  ASSERT_TRUE(window_->click("console.explain"));
  window_->click("console.input");
  window_->type("MAIL FROM:<a@b.example>");
  window_->settle();
  EXPECT_TRUE(window_->find("console.preview"));
  EXPECT_NE(window_->text_of("console.outcome").find("250"), std::string::npos) << window_->text_of("console.outcome");
}

TEST_F(Console, AClickOnALegalCommandPutsItIntoTheInput) {
  dial("alice-laptop", "mail.example.com", 587);
  ASSERT_TRUE(window_->click("console.legal/EHLO"));
  EXPECT_EQ(model_->console().input, "EHLO [192.0.2.17]");
  window_->settle();
  window_->press(Key::enter);
  window_->settle();
  EXPECT_FALSE(window_->find("console.legal/DATA"));
  ASSERT_TRUE(window_->click("console.refused/RCPT"));
  EXPECT_EQ(model_->console().input, "RCPT TO:<bob@example.org>");
}

TEST_F(Console, AClickSelectsALineAndTheEndIsFollowed) {
  dial("alice-laptop", "mail.example.com", 587);
  for (int i = 0; i < 8; ++i) say("NOOP");
  ASSERT_TRUE(window_->find("console.line/16"));
  EXPECT_FALSE(window_->find("console.line/16")->visible.empty());
  ASSERT_TRUE(window_->click("console.line/16"));
  EXPECT_EQ(model_->selection().message, (MessageRef{model_->console().connection, 16}));
  window_->turn_wheel({200, 80}, 20);
  window_->settle();
  EXPECT_TRUE(window_->find("console.line/0"));
}

TEST_F(Console, AMailProgramsDialogueIsOnlyHeard) {
  act(app::ToEnd{});
  EXPECT_FALSE(model_->console().held_by_person);
  ASSERT_TRUE(window_->find("console.input"));
  EXPECT_FALSE(window_->find("console.input")->enabled);
  ASSERT_TRUE(window_->click("console.take_line"));
  EXPECT_TRUE(model_->console().held_by_person);
}

TEST_F(Console, EncryptionIsToldOnceWhereItBegins) {
  submit_up_to_the_letter();
  open(984, 900, 1);
  std::size_t told = 0;
  for (const Control& control : window_->ui().recorder().controls()) told += control.name.starts_with("console.tls/");
  EXPECT_EQ(told, 1U);
  EXPECT_TRUE(shows("TLS 1.3"));
  EXPECT_TRUE(matches_golden(window_->picture(), "console-tall-light-en"));
}

TEST_F(Console, HangingUpEndsTheDialogue) {
  dial("alice-laptop", "mail.example.com", 587);
  ASSERT_TRUE(window_->click("console.hang_up"));
  EXPECT_FALSE(model_->console().held_by_person);
}

TEST_F(Console, ARealServerNeedsAnOutside) {
  ASSERT_TRUE(window_->click("console.real"));
  window_->settle();
  window_->click("console.address");
  window_->type("imaps://imap.example.net");
  window_->press(Key::enter);
  ASSERT_TRUE(model_->notice());
  EXPECT_EQ(model_->notice()->text, model_->strings()("error.no_network"));
}

TEST_F(Console, NothingIsCutOffAtAnySize) {
  struct Size {
    int width, height;
    float scale;
  };
  submit_up_to_the_letter();
  for (const Language language : {Language::english, Language::spanish}) {
    act(app::SetLanguage{language});
    for (const Size size : {Size{880, 160, 1}, Size{1360, 224, 1}, Size{1440, 96, 2}, Size{1760, 320, 2}, Size{600, 160, 1}}) {
      open(size.width, size.height, size.scale);
      EXPECT_EQ(clipped(), "") << size.width << " x " << size.height;
      EXPECT_TRUE(window_->ui().recorder().duplicates().empty()) << window_->ui().recorder().duplicates().front();
    }
  }
}

TEST_F(Console, OneLineHasTheListBehindACount) {
  submit_up_to_the_letter();
  open(1440, 900, 2);
  window_->draw_with([this](Ui& ui) {
    Actions actions;
    Rect whole = ui.whole();
    console_view(ui, whole.take_bottom(48), *model_, actions);
    for (const Action& action : actions) apply(action, *model_);
    if (!actions.empty()) ui.next_frame();
  });
  window_->settle();
  ASSERT_TRUE(window_->click("console.legal.open"));
  window_->settle();
  ASSERT_TRUE(window_->click("console.legal/DATA"));
  EXPECT_EQ(model_->console().input, "DATA");
  window_->settle();
  EXPECT_EQ(clipped(), "");
}

TEST_F(Console, PictureOfALogin) {
  act(app::LoadScenario{"logins", {}});
  act(app::SetLanguage{Language::spanish});
  open(1100, 420, 1);
  dial("alice-laptop", "scram.example.net", 587);
  for (const char* line : {"EHLO [192.0.2.17]", "AUTH SCRAM-SHA-256"}) say(line);
  ASSERT_TRUE(window_->click("console.fill_answer"));
  window_->press(Key::enter);
  window_->settle();
  EXPECT_EQ(clipped(), "");
  EXPECT_TRUE(matches_golden(window_->picture(), "console-scram-light-es"));
}

TEST_F(Console, Pictures) {
  EXPECT_TRUE(matches_golden(window_->picture(), "console-empty-light-en"));
  submit_up_to_the_letter();
  window_->click("console.input");
  window_->type("D");
  window_->settle();
  EXPECT_TRUE(matches_golden(window_->picture(), "console-light-en"));
  act(app::SetLanguage{Language::spanish});
  act(app::ToggleLook{});
  EXPECT_TRUE(matches_golden(window_->picture(), "console-dark-es"));
  window_->click("console.explain");
  window_->settle();
  EXPECT_TRUE(matches_golden(window_->picture(), "console-explain-dark-es"));
  open(1440, 96, 2);
  EXPECT_TRUE(matches_golden(window_->picture(), "console-one-line-dark-es"));
}

}  // namespace
}  // namespace glasspost::ui

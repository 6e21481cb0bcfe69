// The panel of open doors, over a small post office that only counts its guests.
#include "app/ui/views/doors_lines.h"
#include "app/ui/views/views.h"
#include "app/ui/widgets.h"
#include "tests/source_dir.h"
#include "tests/ui/golden.h"
#include "tests/ui/whole.h"

namespace glasspost::ui {
namespace {

class CountedDoors final : public app::Doors {
 public:
  const Trace& trace() const override { return trace_; }
  const std::vector<Door>& doors() const override { return doors_; }
  std::string authority_file() const override { return "/home/ann/my mail/glasspost-ca.pem"; }
  std::string domain() const override { return "example.org"; }
  std::size_t letters_of(std::string_view login) const override { return login == "bob" ? 9 : 1; }
  bool poll() override { return false; }

 private:
  Trace trace_;
  std::vector<Door> doors_{{"smtp", Protocol::smtp, TlsMode::starttls, 2525, 0},       {"submission", Protocol::smtp, TlsMode::starttls, 2587, 1},
                           {"submissions", Protocol::smtp, TlsMode::implicit, 2465, 0}, {"imap", Protocol::imap, TlsMode::starttls, 2143, 0},
                           {"imaps", Protocol::imap, TlsMode::implicit, 2993, 3},       {"pop3", Protocol::pop3, TlsMode::starttls, 2110, 0},
                           {"pop3s", Protocol::pop3, TlsMode::implicit, 2995, 0},       {"lmtp", Protocol::lmtp, TlsMode::plaintext, 2424, 0}};
};

class Building final : public app::Outside {
 public:
  tl::expected<std::unique_ptr<app::Doors>, std::string> open_doors(const sim::Scenario&) override { return std::make_unique<CountedDoors>(); }
  tl::expected<std::unique_ptr<app::LiveLine>, std::string> connect(const app::LiveWish&) override { return tl::unexpected(std::string("no")); }
  void copy(std::string_view text) override { copied = text; }
  std::string copied;
};

class DoorsPanel : public Workbench {
 protected:
  DoorsPanel() {
    const std::filesystem::path assets = std::string(glasspost::source_dir()) + "/assets";
    model_ = std::make_unique<Model>(assets, Strings::load(assets).value(), load_catalogue(assets, Language::english).value(),
                                     load_catalogue(assets, Language::spanish).value(), app::Settings{}, &outside_);
    apply(app::LoadScenario{"first-letter", {}}, *model_);
    apply(app::OpenDoors{}, *model_);
    open(1440, 900, 1);
  }
  void panel(int width, int height, float scale) {
    window_ = std::make_unique<Headless>(fonts(), width, height, scale);
    window_->draw_with([this](Ui& ui) {
      ui.theme = theme_of(model_->settings().look == app::Look::dark ? Look::dark : Look::light);
      Actions actions;
      doors_view(ui, ui.whole(), *model_, actions);
      for (const Action& action : actions) apply(action, *model_);
      if (!actions.empty()) ui.next_frame();
    });
    window_->settle();
  }
  Building outside_;
};

TEST_F(DoorsPanel, EveryDoorIsThereAndDClosesThem) {
  for (const char* name : {"smtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s", "lmtp"})
    EXPECT_TRUE(window_->find("doors.door/" + std::string(name))) << name;
  EXPECT_TRUE(window_->find("doors.door/imaps")->on);
  EXPECT_FALSE(window_->find("doors.door/smtp")->on);
  window_->press(Key::d);
  EXPECT_EQ(model_->stage(), app::Stage::world);
  EXPECT_FALSE(model_->doors());
}

TEST_F(DoorsPanel, LinesHaveTheOpenPortsAndNoPassword) {
  const auto lines = client_lines(*model_->doors(), model_->scenario());
  ASSERT_EQ(lines.size(), 7U);
  EXPECT_EQ(lines[0].line,
            "sed 's/\\r*$/\\r/' letter.eml | curl --cacert '/home/ann/my mail/glasspost-ca.pem' --ssl-reqd smtp://localhost:2587 -u alice --mail-from alice@example.org --mail-rcpt "
            "bob@example.org -T -");
  for (const ClientLine& line : lines)
    for (const sim::UserDescription& user : model_->scenario().users) EXPECT_EQ(line.line.find(user.password), std::string::npos) << line.line;
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
}

TEST_F(DoorsPanel, ALineIsCopiedAsItStands) {
  panel(900, 1000, 1);
  ASSERT_TRUE(window_->click("doors.copy/curl.read"));
  EXPECT_EQ(outside_.copied, "curl --cacert '/home/ann/my mail/glasspost-ca.pem' -u bob imaps://localhost:2993/INBOX -X 'SEARCH ALL'");
  ASSERT_TRUE(window_->click("doors.copy_path"));
  EXPECT_EQ(outside_.copied, "/home/ann/my mail/glasspost-ca.pem");
}

TEST_F(DoorsPanel, PasswordsAreMaskedUntilTheEyeIsPressed) {
  panel(900, 1000, 1);
  EXPECT_EQ(window_->text_of("doors.password/bob@example.org"), masked_secret);
  ASSERT_TRUE(window_->click("doors.eye/bob@example.org"));
  window_->settle();
  EXPECT_EQ(window_->text_of("doors.password/bob@example.org"), "b0bby");
  EXPECT_EQ(window_->text_of("doors.password/alice@example.com"), masked_secret);
  act(app::ToggleProjector{});
  EXPECT_EQ(window_->text_of("doors.password/bob@example.org"), masked_secret);
}

TEST_F(DoorsPanel, NothingIsCutOff) {
  for (const Language language : {Language::english, Language::spanish}) {
    act(app::SetLanguage{language});
    panel(344, 800, 1);
    EXPECT_EQ(clipped(), "");
    EXPECT_TRUE(window_->ui().recorder().duplicates().empty());
    panel(1920, 1080, 1);
    EXPECT_EQ(clipped(), "");
    panel(1440, 80, 2);
    EXPECT_EQ(clipped(), "");
  }
}

TEST_F(DoorsPanel, Pictures) {
  panel(344, 800, 1);
  EXPECT_TRUE(matches_golden(window_->picture(), "doors-light-en"));
  act(app::SetLanguage{Language::spanish});
  act(app::ToggleLook{});
  panel(900, 620, 1);
  EXPECT_TRUE(matches_golden(window_->picture(), "doors-dark-es"));
}

}  // namespace
}  // namespace glasspost::ui

// A whole window over the first letter, driven without a display: what the program does between two frames, by hand.
#pragma once

#include <memory>
#include <string>

#include "app/ui/workbench.h"
#include "app/words/catalogue.h"
#include "tests/source_dir.h"
#include "tests/ui/stage.h"

namespace glasspost::ui {

// Both languages, both themes, both sizes and both scales, each with each of the others somewhere.
struct Sight {
  int w, h;
  float scale;
  Language language;
  app::Look look;
  const char* name;
};
inline constexpr Sight sights[] = {{1280, 800, 1, Language::english, app::Look::light, "1280-light-en"},
                                   {1280, 800, 1, Language::spanish, app::Look::dark, "1280-dark-es"},
                                   {1920, 1080, 1, Language::spanish, app::Look::light, "1920-light-es"},
                                   {1920, 1080, 1, Language::english, app::Look::dark, "1920-dark-en"},
                                   {1280, 800, 2, Language::english, app::Look::dark, "1280-200-dark-en"},
                                   {1280, 800, 2, Language::spanish, app::Look::light, "1280-200-light-es"},
                                   {1920, 1080, 2, Language::spanish, app::Look::dark, "1920-200-dark-es"},
                                   {1920, 1080, 2, Language::english, app::Look::light, "1920-200-light-en"}};

class Workbench : public Stage {
 protected:
  Workbench() : Workbench(app::Settings{}) {}
  explicit Workbench(app::Settings settings) {
    const std::filesystem::path assets = std::string(glasspost::source_dir()) + "/assets";
    model_ = std::make_unique<Model>(assets, Strings::load(assets).value(), load_catalogue(assets, Language::english).value(),
                                     load_catalogue(assets, Language::spanish).value(), settings);
    apply(app::LoadScenario{"first-letter", {}}, *model_);
    open(1440, 900, 1);
  }

  void open(int width, int height, float scale) {
    window_ = std::make_unique<Headless>(fonts(), width, height, scale);
    window_->draw_with([this](Ui& ui) { draw(ui); });
    window_->frame();
    window_->frame();
  }
  void appear(const Sight& sight) {
    apply(app::SetLanguage{sight.language}, *model_);
    if (model_->settings().look != sight.look) apply(app::ToggleLook{}, *model_);
    open(sight.w, sight.h, sight.scale);
    window_->settle();
  }
  void draw(Ui& ui) {
    ui.theme = theme_for(*model_);
    Actions actions;
    workbench(ui, *model_, actions);
    for (const Action& action : actions) apply(action, *model_);
    if (!actions.empty()) ui.next_frame();
  }
  // The story goes on for so much real time.
  void wait(Duration real) {
    for (Duration passed{}; passed < real; passed += std::chrono::milliseconds{100}) {
      model_->pass(std::chrono::milliseconds{100});
      if ((passed.count() / 100'000) % 10 == 0) window_->frame();
    }
    window_->settle();
  }
  void act(const Action& action) {
    apply(action, *model_);
    window_->settle();
  }
  std::string line(std::size_t row) const {
    const MessageRef ref = model_->conversations().row(row);
    const Conversation& conversation = *model_->conversations().find(ref.connection);
    return redact(conversation.text(conversation.message(ref.message)), conversation.tokens(conversation.message(ref.message)));
  }
  // The row in which this is said for the first time.
  std::size_t row_saying(std::string_view text) const {
    for (std::size_t row = 0; row < model_->conversations().rows(); ++row)
      if (line(row).find(text) != std::string::npos) return row;
    ADD_FAILURE() << "nobody says " << text;
    return 0;
  }
  std::string clipped() const {
    std::string all;
    for (const Control* control : window_->ui().recorder().clipped())
      all += control->name + " \"" + control->text + "\" at " + std::to_string(control->rect.x) + "," + std::to_string(control->rect.y) +
             " of width " + std::to_string(control->rect.w) + "\n";
    return all;
  }

  std::unique_ptr<Model> model_;
  std::unique_ptr<Headless> window_;
};

}  // namespace glasspost::ui

// The window as a whole: what the panels' own pictures cannot show, how they stand together.
#include "tests/ui/golden.h"
#include "tests/ui/whole.h"

namespace glasspost::ui {
namespace {

class Window : public Workbench {
 protected:
  static app::Settings known() {
    app::Settings settings;
    settings.greeted = true;
    return settings;
  }
  Window() : Workbench(known()) {}
  void reach(std::string_view said) {
    const MessageRef ref = model_->conversations().row(row_saying(said));
    act(app::Seek{model_->conversations().message(ref).at});
    act(app::Select{ref});
  }
};

constexpr Language en = Language::english, es = Language::spanish;
constexpr app::Look light = app::Look::light, dark = app::Look::dark;

TEST_F(Window, LooksAsItDidAtEachSize) {
  reach("AUTH PLAIN •");
  for (const Sight& sight : sights) {
    appear(sight);
    EXPECT_EQ(clipped(), "") << sight.name;
    EXPECT_TRUE(matches_golden(window_->picture(), std::string("window-") + sight.name));
  }
}

TEST_F(Window, PaletteHelpAndProjectorLookAsTheyDid) {
  reach("AUTH PLAIN •");
  for (const Language language : {en, es}) {
    const std::string end = language == en ? "-light-en" : "-dark-es";
    const app::Look look = language == en ? light : dark;
    appear({1280, 800, 1, language, look, ""});
    act(app::TogglePalette{});
    EXPECT_TRUE(matches_golden(window_->picture(), "palette" + end));
    act(app::TogglePalette{});
    act(app::ToggleHelp{});
    EXPECT_TRUE(matches_golden(window_->picture(), "help" + end));
    act(app::ToggleHelp{});
    act(app::ToggleProjector{});
    EXPECT_EQ(clipped(), "");
    EXPECT_TRUE(matches_golden(window_->picture(), "projector" + end));
    act(app::ToggleProjector{});
  }
}

}  // namespace
}  // namespace glasspost::ui

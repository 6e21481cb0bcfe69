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
  void appear(int width, int height, float scale, Language language, app::Look look) {
    apply(app::SetLanguage{language}, *model_);
    if (model_->settings().look != look) apply(app::ToggleLook{}, *model_);
    open(width, height, scale);
    window_->settle();
  }
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
  const struct { int w, h; float scale; Language language; app::Look look; const char* name; } pictures[] = {
      {1280, 800, 1, en, light, "window-1280-light-en"},      {1280, 800, 1, es, dark, "window-1280-dark-es"},
      {1920, 1080, 1, es, light, "window-1920-light-es"},     {1920, 1080, 1, en, dark, "window-1920-dark-en"},
      {1280, 800, 2, en, dark, "window-1280-200-dark-en"},    {1280, 800, 2, es, light, "window-1280-200-light-es"},
      {1920, 1080, 2, es, dark, "window-1920-200-dark-es"},   {1920, 1080, 2, en, light, "window-1920-200-light-en"}};
  for (const auto& picture : pictures) {
    appear(picture.w, picture.h, picture.scale, picture.language, picture.look);
    EXPECT_EQ(clipped(), "") << picture.name;
    EXPECT_TRUE(matches_golden(window_->picture(), picture.name));
  }
}

TEST_F(Window, PaletteHelpAndProjectorLookAsTheyDid) {
  reach("AUTH PLAIN •");
  for (const Language language : {en, es}) {
    const std::string end = language == en ? "-light-en" : "-dark-es";
    const app::Look look = language == en ? light : dark;
    appear(1280, 800, 1, language, look);
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

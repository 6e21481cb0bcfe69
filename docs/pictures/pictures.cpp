// Draws the pictures of the window that README.md shows, with the window's own code and no display:
// cmake --build build/dev --target pictures && build/dev/docs/pictures docs/pictures
#include <cstdio>
#include <stdexcept>

#include "app/model/comparison.h"
#include "app/ui/headless.h"
#include "app/ui/workbench.h"
#include "app/words/catalogue.h"

namespace glasspost {
namespace {

template <class Result>
auto taken(Result result, const char* what) {
  if (!result) throw std::runtime_error(what);
  return std::move(*result);
}

class Pictures {
 public:
  explicit Pictures(std::filesystem::path directory) : directory_(std::move(directory)) {
    fonts_ = taken(ui::Fonts::open(taken(ui::find_fonts(), "no fonts")), "fonts");
  }

  void draw(const std::string& name, Language language, app::Look look, const std::vector<app::Action>& deeds, std::string_view said) {
    app::Settings settings;
    settings.language = language;
    settings.look = look;
    settings.greeted = !said.empty();
    app::Model model(assets_, taken(Strings::load(assets_), "strings"), taken(load_catalogue(assets_, Language::english), "words"),
                     taken(load_catalogue(assets_, Language::spanish), "words"), settings);
    apply(app::LoadScenario{"first-letter", {}}, model);
    ui::Headless window(*fonts_, 1440, 900);
    window.draw_with([&model](ui::Ui& ui) {
      ui.theme = ui::theme_of(model.settings().look == app::Look::dark ? ui::Look::dark : ui::Look::light);
      ui::Actions actions;
      ui::workbench(ui, model, actions);
      for (const app::Action& action : actions) apply(action, model);
    });
    window.settle();
    if (!said.empty()) {
      apply(app::ToEnd{}, model);
      select(model, said);
      window.settle();
    }
    for (const app::Action& deed : deeds) {
      apply(deed, model);
      while (model.working() && !(model.comparison() && model.comparison()->playing())) model.pass(std::chrono::milliseconds{16});
      window.settle();
    }
    const auto file = directory_ / (name + ".png");
    if (const auto written = ui::write_png(window.picture(), file); !written) throw std::runtime_error(written.error());
    std::printf("%s\n", file.c_str());
  }

 private:
  // The first message that begins so, and the moment at which it was said.
  static void select(app::Model& model, std::string_view said) {
    for (std::size_t row = 0; row < model.conversations().rows(); ++row) {
      const MessageRef ref = model.conversations().row(row);
      const Conversation& conversation = *model.conversations().find(ref.connection);
      const Message& message = conversation.message(ref.message);
      if (!conversation.text(message).starts_with(said)) continue;
      apply(app::Seek{message.at}, model);
      apply(app::Select{ref}, model);
      return;
    }
    throw std::runtime_error("nobody says " + std::string(said));
  }

  std::filesystem::path directory_, assets_ = taken(find_assets(asset_places()), "no assets");
  std::unique_ptr<ui::Fonts> fonts_;
};

}  // namespace
}  // namespace glasspost

int main(int argc, char** argv) {
  using namespace glasspost;
  try {
    Pictures pictures(argc > 1 ? argv[1] : ".");
    for (const Language language : {Language::english, Language::spanish}) {
      const std::string code(code_of(language));
      pictures.draw("first-start-" + code, language, app::Look::light, {}, {});
      pictures.draw("auth-" + code, language, app::Look::light, {}, "AUTH PLAIN");
      pictures.draw("learn-" + code, language, app::Look::light, {app::OpenLesson{"10", 1}}, "AUTH PLAIN");
      pictures.draw("compare-" + code, language, app::Look::light, {app::ShowWorkspace{app::Workspace::compare}, app::Compare{app::ComparisonDeed{app::ChooseAct{9}}}}, "AUTH PLAIN");
      pictures.draw("mailboxes-" + code, language, app::Look::dark, {app::ShowLower{app::LowerPanel::mailboxes}}, "* 1 EXPUNGE");
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pictures: %s\n", error.what());
    return 1;
  }
}

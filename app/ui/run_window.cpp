#include "app/ui/run_window.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "app/ui/fonts.h"
#include "app/ui/window.h"
#include "app/ui/workbench.h"
#include "app/words/assets.h"
#include "app/words/catalogue.h"

namespace glasspost::ui {
namespace {

constexpr Duration longest_step = std::chrono::milliseconds{250};  // after a sleep the story does not leap

int fail(const std::string& sentence) {
  std::fprintf(stderr, "glasspost: %s\n", sentence.c_str());
  return 1;
}

// The first of them that is set says the language, as POSIX has it.
Language language_of_environment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value && *value)
      return std::string_view(value).starts_with("es") ? Language::spanish : Language::english;
  return Language::english;
}

app::Settings for_model(const Settings& kept) {
  app::Settings settings;
  settings.language = kept.language;
  settings.look = kept.look == Look::dark ? app::Look::dark : app::Look::light;
  settings.scale_percent = int(std::lround(kept.scale * 100));
  settings.reduced_motion = kept.reduced_motion;
  settings.greeted = kept.greeted;
  return settings;
}

Look look_of(const app::Settings& settings) { return settings.look == app::Look::dark ? Look::dark : Look::light; }

struct Words {
  std::filesystem::path assets;
  Strings strings;
  Catalogue english, spanish;
};
AssetResult<Words> load_words() {
  Words words;
  auto assets = find_assets(asset_places());
  if (!assets) return tl::unexpected(assets.error());
  words.assets = *assets;
  auto strings = Strings::load(words.assets);
  if (!strings) return tl::unexpected(strings.error());
  words.strings = std::move(*strings);
  for (const Language language : {Language::english, Language::spanish}) {
    auto catalogue = load_catalogue(words.assets, language);
    if (!catalogue) return tl::unexpected(catalogue.error());
    (language == Language::english ? words.english : words.spanish) = std::move(*catalogue);
  }
  return words;
}

// One window over one model: what happens between two frames.
class Program {
 public:
  Program(Window& window, Model& model, app::Outside* outside, std::filesystem::path progress_file)
      : window_(window), model_(model), outside_(outside), progress_file_(std::move(progress_file)), last_(window.now()) {}
  ~Program() {
    if (outside_) outside_->watch({}, nullptr);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void frame(Ui& ui) {
    const double now = window_.now();
    const auto real = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(now - last_));
    last_ = now;
    model_.pass(std::min(real, longest_step));
    take_scale();
    ui.theme = theme_for(model_);
    Actions actions;
    workbench(ui, model_, actions);
    for (const Action& action : actions) {
      if (const auto* copy = action.get_if<app::Copy>(); copy && ui.write_clipboard) ui.write_clipboard(copy->text);
      apply(action, model_);
    }
    give_scale();
    if (model_.quitting()) window_.close();
    if (!actions.empty()) ui.next_frame();
    if (model_.watching()) ui.next_frame_at(now + 0.5);
    if (model_.progress_changed()) {
      learn::save_progress(model_.progress(), progress_file_);
      model_.progress_saved();
    }
    if (model_.moving()) ui.next_frame_at(now);
    sleep_until_something_comes(ui);
  }

 private:
  // Real sockets wake the window themselves: nothing is drawn while nothing happens.
  void sleep_until_something_comes(Ui& ui) {
    const app::Waits waits = model_.waits();
    if (waits.at_most) ui.next_frame_at(window_.now() + std::chrono::duration<double>(*waits.at_most).count());
    if (outside_) outside_->watch(waits, [&window = window_] { window.wake(); });
  }
  // Ctrl+plus and minus are taken by the window, the palette's by the model.
  void take_scale() {
    const int percent = int(std::lround(window_.settings().scale * 100));
    if (percent != model_.settings().scale_percent) apply(app::SetScale{percent}, model_);
  }
  void give_scale() { window_.settings().scale = float(model_.settings().scale_percent) / 100; }

  Window& window_;
  Model& model_;
  app::Outside* outside_;
  std::filesystem::path progress_file_;
  double last_;
};

void remember(const app::Settings& settings, Settings& kept) {
  kept.language = settings.language;
  kept.look = look_of(settings);
  kept.scale = float(settings.scale_percent) / 100;
  kept.reduced_motion = settings.reduced_motion;
  kept.greeted = settings.greeted;
}

}  // namespace

int run_window(const std::string& open, app::Outside* outside, const std::string& language) {
  auto words = load_words();
  if (!words) return fail(describe(words.error()));
  const std::filesystem::path file = settings_file();
  std::error_code ignored;
  const bool first_time = file.empty() || !std::filesystem::exists(file, ignored);
  Settings kept = load_settings(file);
  if (first_time) kept.language = language_of_environment();
  if (language == "es" || language == "en") kept.language = language == "es" ? Language::spanish : Language::english;

  const auto font_files = find_fonts();
  if (!font_files) return fail(font_files.error());
  auto fonts = Fonts::open(*font_files);
  if (!fonts) return fail(fonts.error());

  Model model(words->assets, std::move(words->strings), std::move(words->english), std::move(words->spanish), for_model(kept), outside);
  const bool letter = open.ends_with(".eml");
  const auto& worlds = model.scenario_names();
  const bool world = open.empty() || std::find(worlds.begin(), worlds.end(), open) != worlds.end() || std::filesystem::is_regular_file(open, ignored);
  const bool lesson = !world && !learn::find_lesson({model.assets(), learn::own_lessons()}, open).empty();
  apply(app::LoadScenario{open.empty() || letter || lesson ? "first-letter" : open, {}}, model);
  if (model.notice() && model.notice()->is_error) return fail(model.notice()->text);
  if (letter) {
    apply(app::OpenLetter{open}, model);
    if (model.notice() && model.notice()->is_error) return fail(model.notice()->text);
  }
  const std::filesystem::path learnt = learn::progress_file();
  model.set_progress(learn::load_progress(learnt));
  if (lesson) {
    apply(app::OpenLesson{open}, model);
    if (model.notice() && model.notice()->is_error) return fail(model.notice()->text);
  }

  auto window = Window::open(**fonts, kept, "Glasspost");
  if (!window) return fail(window.error());
  Program program(**window, model, outside, learnt);
  (*window)->run([&](Ui& ui) { program.frame(ui); });

  Settings& last = (*window)->settings();
  remember(model.settings(), last);
  if (!file.empty() && !save_settings(last, file))
    std::fprintf(stderr, "glasspost: %s\n",
                 model.strings()("error.settings", {{"file", file.string()}, {"reason", "-"}}).c_str());
  return 0;
}

}  // namespace glasspost::ui

#include "app/ui/views/commands.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/model/comparison.h"
#include "app/ui/views/console_floor.h"
#include "app/ui/views/ladder_filter.h"
#include "app/ui/views/wording.h"

namespace glasspost::ui {
namespace {

constexpr Modifier ctrl = Modifier::ctrl;
constexpr int scales[] = {100, 110, 125, 150, 175, 200, 225, 250};

int scale_after(int now, int direction) {
  if (direction > 0) {
    for (const int step : scales)
      if (step > now) return step;
    return scales[std::size(scales) - 1];
  }
  int last = scales[0];
  for (const int step : scales)
    if (step < now) last = step;
  return last;
}

// The next message after the selected one (or from the first) that a server refused or that broke the grammar.
std::optional<MessageRef> next_error(const Model& model) {
  std::size_t from = 0;
  if (const auto& chosen = model.selection().message)
    if (const auto row = model.conversations().row_of(*chosen)) from = *row + 1;
  const auto& troubles = model.timeline().troubles();
  for (auto at = std::lower_bound(troubles.begin(), troubles.end(), from); at != troubles.end(); ++at)
    if (model.lines().index_of(*at)) return model.conversations().row(*at);
  return std::nullopt;
}

class List {
 public:
  explicit List(const Model& model) : model_(model), s_(model.strings()) {}

  Command& add(std::string_view words, std::optional<KeyPress> key, std::optional<Action> action, bool possible = true) {
    Command command;
    command.words = s_(words);
    command.key = key;
    command.action = std::move(action);
    command.possible = possible;
    all_.push_back(std::move(command));
    return all_.back();
  }
  void time();
  void selection();
  void workspaces();
  void comparison();
  void panels();
  void world();
  void outside();
  void looks();
  std::vector<Command> take() { return std::move(all_); }

 private:
  // None where lines are written: somebody who types before there is a field for it must not hide half of what is seen, end the
  // line or leave the room.
  std::optional<KeyPress> letter(Key key) const {
    const bool writes = model_.workspace() == app::Workspace::live || (model_.workspace() == app::Workspace::learn && model_.learning());
    return writes ? std::nullopt : std::optional(KeyPress{key});
  }

  const Model& model_;
  const Strings& s_;
  std::vector<Command> all_;
};

void List::time() {
  const bool world = model_.stage() == app::Stage::world;
  const double speed = model_.playback().speed;
  add("action.play_pause", KeyPress{Key::space}, app::TogglePlay{}, world);
  add("action.step", KeyPress{Key::right}, app::StepMessages{1}, !model_.at_end());
  add("action.back", KeyPress{Key::left}, app::StepMessages{-1}, model_.cursor() > model_.start());
  add("action.to_start", KeyPress{Key::home}, app::ToStart{});
  add("action.to_end", KeyPress{Key::end}, app::ToEnd{});
  add("action.faster", KeyPress{Key::plus}, app::SetSpeed{speed_after(speed, 1)}, world);
  add("action.slower", KeyPress{Key::minus}, app::SetSpeed{speed_after(speed, -1)}, world);
}

void List::selection() {
  const bool any = model_.lines().size() > 0, chosen = model_.selected() != nullptr;
  add("action.next_line", KeyPress{Key::j}, app::SelectBy{1}, any).other_key = KeyPress{Key::down};
  add("action.previous_line", KeyPress{Key::k}, app::SelectBy{-1}, any).other_key = KeyPress{Key::up};
  add("action.next_exchange", KeyPress{Key::n}, app::SelectExchange{1}, any);
  add("action.previous_exchange", KeyPress{Key::p}, app::SelectExchange{-1}, any);
  if (const auto trouble = next_error(model_)) add("action.next_error", KeyPress{Key::e}, app::Select{*trouble});
  add("action.go_to_cause", KeyPress{Key::c}, app::GoToCause{}, chosen);
  add("action.reveal_secret", KeyPress{Key::h}, app::ToggleReveal{}, chosen);
  const std::size_t tokens = chosen ? model_.selected_conversation()->tokens(*model_.selected()).size() : 0;
  const std::size_t token = model_.selection().token;
  add("action.next_token", KeyPress{Key::right, ctrl}, app::SelectToken{token + 1}, token + 1 < tokens);
  add("action.previous_token", KeyPress{Key::left, ctrl}, app::SelectToken{token == 0 ? 0 : token - 1}, token > 0);
  if (chosen) {
    const Conversation& conversation = *model_.selected_conversation();
    add("action.copy_line", KeyPress{Key::c, ctrl},
        app::Copy{redact(conversation.text(*model_.selected()), conversation.tokens(*model_.selected()))});
  }
  add("action.clear_selection", KeyPress{Key::escape}, app::ClearSelection{}, chosen);
}

void List::workspaces() {
  for (const app::Workspace workspace : app::all_workspaces) {
    if (!app::is_offered(workspace)) continue;
    const Key digit = Key(int(Key::digit_1) + int(workspace));
    Command& show = add("action.workspace", KeyPress{digit, ctrl}, app::ShowWorkspace{workspace}, workspace != model_.workspace());
    show.words = s_("action.workspace", {{"name", std::string(s_(workspace_word(workspace)))}});
  }
}

void List::comparison() {
  const app::Comparison& of = *model_.comparison();
  const auto compare = [&](std::string_view words, std::optional<KeyPress> key, app::ComparisonDeed deed, bool possible = true) -> Command& {
    return add(words, key, app::Compare{std::move(deed)}, possible);
  };
  using Kind = app::ComparisonKind;
  compare("action.compare_protocols", {}, app::ShowComparison{Kind::protocols}, of.kind() != Kind::protocols);
  compare("action.compare_secrecy", {}, app::ShowComparison{Kind::secrecy}, of.kind() != Kind::secrecy);
  compare("action.compare_news", {}, app::ShowComparison{Kind::news}, of.kind() != Kind::news);
  if (of.kind() != Kind::protocols) return;
  const std::size_t chosen = of.chosen(), total = of.acts().size();
  compare("action.compare_next", KeyPress{Key::down}, app::ChooseActBy{1}, chosen < total).other_key = KeyPress{Key::right};
  compare("action.compare_previous", KeyPress{Key::up}, app::ChooseActBy{-1}, chosen > 0).other_key = KeyPress{Key::left};
  compare("action.compare_first", KeyPress{Key::home}, app::ChooseAct{0}, chosen > 0);
  compare("action.compare_last", KeyPress{Key::end}, app::ChooseAct{total}, chosen < total);
  compare("action.compare_run", KeyPress{Key::r}, app::PlayActs{!of.playing()}, total > 0).other_key = KeyPress{Key::space};
  compare("action.compare_edit", KeyPress{Key::e}, app::EditAct{true}, chosen > 0);
  compare("action.compare_add", KeyPress{Key::a}, app::AddAct{}, total < app::comparison::most_acts);
  compare("action.compare_remove", KeyPress{Key::erase}, app::RemoveAct{}, chosen > 0);
  compare("action.compare_earlier", KeyPress{Key::up, Modifier::alt}, app::MoveAct{-1}, chosen > 1);
  compare("action.compare_later", KeyPress{Key::down, Modifier::alt}, app::MoveAct{1}, chosen > 0 && chosen < total);
  compare("action.compare_original", {}, app::StartActsOver{});
  compare("action.compare_measure", KeyPress{Key::m}, app::MeasureSizes{!of.measuring()}, total > 0);
}

void List::panels() {
  add("action.tab_explain", KeyPress{Key::digit_1}, app::ShowTab{app::InspectorTab::explain});
  add("action.tab_bytes", KeyPress{Key::digit_2}, app::ShowTab{app::InspectorTab::bytes});
  add("action.tab_tls", KeyPress{Key::digit_3}, app::ShowTab{app::InspectorTab::tls});
  add("action.tab_state", KeyPress{Key::digit_4}, app::ShowTab{app::InspectorTab::state});
  add("action.show_console", KeyPress{Key::f2}, app::ShowLower{app::LowerPanel::console});
  Command& write = add("action.focus_console", KeyPress{Key::i}, app::ShowLower{app::LowerPanel::console});
  write.focus = "console.input";
  add("action.show_mailboxes", KeyPress{Key::f3}, app::ShowLower{app::LowerPanel::mailboxes});
  add("action.show_message", KeyPress{Key::f4}, app::ShowLower{app::LowerPanel::message});
  add("action.show_states", KeyPress{Key::f6}, app::ShowLower{app::LowerPanel::states});
  add("action.show_lanes", KeyPress{Key::f7}, app::ShowLower{app::LowerPanel::tls});
  add("action.filter_everyone", letter(Key::a), app::SetFilter{filter_of(model_, app::FilterKind::everyone)});
  add("action.filter_connection", letter(Key::o), app::SetFilter{filter_of(model_, app::FilterKind::connection)},
      model_.selection().message.has_value());
  if (model_.stage() == app::Stage::world)
    add("action.filter_letter", letter(Key::f), app::SetFilter{filter_of(model_, app::FilterKind::letter)});
}

void List::world() {
  add("action.first_letter", {}, app::LoadScenario{"first-letter", {}});
  for (const std::string& name : model_.scenario_names()) {
    if (name == "first-letter") continue;
    add("action.load_scenario", {}, app::LoadScenario{name, {}}).words = s_("action.load_scenario", {{"name", name}});
  }
}

void List::outside() {
  add("action.write_letter", KeyPress{Key::n, ctrl}, app::ComposeLetter{!model_.composing()});
  add("action.open_letter", KeyPress{Key::o, ctrl}, app::AskLetterFile{});
  if (model_.stage() == app::Stage::doors) add("action.close_doors", letter(Key::d), app::CloseDoors{});
  else add("action.open_doors", letter(Key::d), app::OpenDoors{});
  add("action.connect", KeyPress{Key::r, ctrl}, app::AskAddress{}).focus = app::is_offered(app::Workspace::live) ? "live.address" : "console.address";
  const Conversation* dialogue = console_dialogue(model_);
  if (model_.console().held_by_person) {
    const bool live = model_.stage() == app::Stage::live;
    add(live ? "action.disconnect" : "action.release_line", letter(Key::t), app::HangUp{});
  } else {
    const bool possible = model_.stage() == app::Stage::world && dialogue;
    Command& take = add("action.take_line", letter(Key::t), {}, possible);
    if (possible) take.action = app::OpenConsole{dialogue->opened().client, dialogue->opened().server, dialogue->opened().server_port};
    take.focus = "console.input";
  }
  add("action.show_start", {}, app::ShowWelcome{}, !model_.welcome());
}

void List::looks() {
  const app::Settings& settings = model_.settings();
  const bool spanish = settings.language == Language::spanish;
  add("action.language_other", KeyPress{Key::l, ctrl},
      app::SetLanguage{spanish ? Language::english : Language::spanish});
  add("action.theme", KeyPress{Key::d, ctrl}, app::ToggleLook{});
  add("action.larger", KeyPress{Key::plus, ctrl}, app::SetScale{scale_after(settings.scale_percent, 1)},
      settings.scale_percent < 250);
  add("action.smaller", KeyPress{Key::minus, ctrl}, app::SetScale{scale_after(settings.scale_percent, -1)},
      settings.scale_percent > 100);
  add("action.actual_size", KeyPress{Key::digit_0, ctrl}, app::SetScale{100});
  add("action.reduced_motion", {}, app::ToggleReducedMotion{});
  add("action.projector", KeyPress{Key::f5}, app::ToggleProjector{});
  add("action.palette", KeyPress{Key::k, ctrl}, app::TogglePalette{}).listed = false;
  add("action.help", KeyPress{Key::f1}, app::ToggleHelp{}).other_key = KeyPress{Key::question};
  add("action.quit", KeyPress{Key::q, ctrl}, app::Quit{});
}

std::string_view key_word(Key key) {
  switch (key) {
    case Key::space: return "key.space";
    case Key::enter: return "key.enter";
    case Key::escape: return "key.escape";
    case Key::tab: return "key.tab";
    case Key::erase: return "key.delete";
    case Key::home: return "key.home";
    case Key::end: return "key.end";
    case Key::page_up: return "key.page_up";
    case Key::page_down: return "key.page_down";
    default: return {};
  }
}

}  // namespace

std::vector<Command> commands(const Model& model) {
  List list(model);
  if (model.workspace() == app::Workspace::compare && model.comparison()) {
    list.comparison();
    list.workspaces();
  } else {
    list.time();
    list.selection();
    list.workspaces();
    list.panels();
    list.world();
    list.outside();
  }
  list.looks();
  return list.take();
}

std::string key_text(const Strings& strings, KeyPress press) {
  std::string text;
  if (has(press.with, Modifier::ctrl)) text = std::string(strings("key.ctrl")) + "+";
  if (has(press.with, Modifier::shift)) text += std::string(strings("key.shift")) + "+";
  if (has(press.with, Modifier::alt)) text += std::string(strings("key.alt")) + "+";
  const Key key = press.key;
  if (const std::string_view word = key_word(key); !word.empty()) return text += strings(word);
  if (key <= Key::z) return text += char('A' + int(key));
  if (key <= Key::digit_9) return text += char('0' + int(key) - int(Key::digit_0));
  if (key >= Key::f1 && key <= Key::f12) return text += fmt::format("F{}", int(key) - int(Key::f1) + 1);
  switch (key) {
    case Key::left: return text += "←";
    case Key::right: return text += "→";
    case Key::up: return text += "↑";
    case Key::down: return text += "↓";
    case Key::plus: return text += "+";
    case Key::minus: return text += "−";
    case Key::slash: return text += "/";
    case Key::question: return text += "?";
    case Key::comma: return text += ",";
    case Key::period: return text += ".";
    default: return text;
  }
}

void take_keys(Ui& ui, const Model& model, Actions& actions) {
  if (ui.input().keys.empty()) return;
  for (Command& command : commands(model)) {
    const bool pressed = (command.key && ui.shortcut(command.key->key, command.key->with)) ||
                         (command.other_key && ui.shortcut(command.other_key->key, command.other_key->with));
    if (!pressed || !command.possible) continue;
    if (command.action) actions.push_back(std::move(*command.action));
    if (!command.focus.empty()) ui.focus(command.focus, true);
  }
}

}  // namespace glasspost::ui

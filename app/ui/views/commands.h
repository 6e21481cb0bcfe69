// Everything that can be done, as the palette and the help list it: words, key, whether it is possible now, the Action.
// The window's keys come from this one list, so that what is written is what works.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/input.h"
#include "app/ui/views/views.h"

namespace glasspost::ui {

struct Command {
  std::string words;
  std::optional<KeyPress> key;
  std::optional<KeyPress> other_key;  // does the same; not listed
  std::optional<Action> action;
  std::string_view focus;             // where the keyboard goes then; empty: it stays
  bool possible = true;
  bool listed = true;                 // false: in the help, but not in the palette
};
std::vector<Command> commands(const Model&);

// Its key in assets/strings.
constexpr std::string_view workspace_word(app::Workspace workspace) {
  switch (workspace) {
    case app::Workspace::learn: return "workspace.learn";
    case app::Workspace::world: return "workspace.world";
    case app::Workspace::compare: return "workspace.compare";
    case app::Workspace::live: return "workspace.live";
  }
  return {};
}

// "Ctrl+K", "Espacio"
std::string key_text(const Strings&, KeyPress);

// Appends what the keys of this frame ask for. After all views, which take first what is theirs.
void take_keys(Ui&, const Model&, Actions&);

}  // namespace glasspost::ui

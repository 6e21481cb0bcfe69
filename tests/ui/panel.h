// One panel alone, over the first letter: what its golden pictures and its tests of places are drawn with.
#pragma once

#include <algorithm>
#include <string>

#include "tests/ui/golden.h"
#include "tests/ui/whole.h"

namespace glasspost::ui {

class Panel : public Workbench {
 protected:
  using View = void (*)(Ui&, Rect, const Model&, Actions&);

  // The panel in a window of its own, of so many logical pixels.
  void show(View view, int width, int height, float scale = 1) {
    view_ = view;
    panel_ = std::make_unique<Headless>(fonts(), int(float(width) * scale), int(float(height) * scale), scale);
    panel_->draw_with([this](Ui& ui) {
      ui.theme = theme_of(model_->settings().look == app::Look::dark ? Look::dark : Look::light, model_->settings().reduced_motion);
      Actions actions;
      view_(ui, ui.whole(), *model_, actions);
      for (const Action& action : actions) apply(action, *model_);
      if (!actions.empty()) ui.next_frame();
    });
    panel_->settle();
  }
  void act_here(const Action& action) {
    apply(action, *model_);
    if (panel_) panel_->settle();
  }
  void speak(Language language) { act_here(app::SetLanguage{language}); }
  // The cursor halfway on the way of the line that says this, and the line chosen.
  void halfway(std::string_view text) {
    const MessageRef ref = model_->conversations().row(row_saying(text));
    const Message& message = model_->conversations().message(ref);
    apply(app::ToEnd{}, *model_);
    apply(app::Select{ref}, *model_);
    apply(app::Seek{message.at + (message.arrived - message.at) * 6 / 10}, *model_);
    if (panel_) panel_->settle();
  }
  std::string cut_off() const {
    std::string all;
    for (const Control* control : panel_->ui().recorder().clipped()) all += control->name + " \"" + control->text + "\"\n";
    return all;
  }
  // Words of the panel that lie over each other.
  std::string collisions() const {
    std::string all;
    const auto& controls = panel_->ui().recorder().controls();
    for (std::size_t i = 0; i < controls.size(); ++i)
      for (std::size_t k = i + 1; k < controls.size(); ++k) {
        const Control &a = controls[i], &b = controls[k];
        if (a.kind != Kind::text || b.kind != Kind::text || a.layer != b.layer || a.text.empty() || b.text.empty()) continue;
        const Rect both = a.visible.intersected(b.visible);
        if (both.w > 1 && both.h > 2) all += "\"" + a.text + "\" and \"" + b.text + "\"\n";
      }
    return all;
  }

  View view_ = nullptr;
  std::unique_ptr<Headless> panel_;
};

}  // namespace glasspost::ui

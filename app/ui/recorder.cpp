#include "app/ui/recorder.h"

#include <map>

namespace glasspost::ui {

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::area: return "area";
    case Kind::text: return "text";
    case Kind::button: return "button";
    case Kind::toggle: return "toggle";
    case Kind::tab: return "tab";
    case Kind::chip: return "chip";
    case Kind::link: return "link";
    case Kind::input: return "input";
    case Kind::checkbox: return "checkbox";
    case Kind::radio: return "radio";
    case Kind::splitter: return "splitter";
    case Kind::scroll: return "scroll";
    case Kind::row: return "row";
    case Kind::list: return "list";
    case Kind::item: return "item";
    case Kind::notice: return "notice";
    case Kind::picture: return "picture";
  }
  return "";
}

Control& Recorder::add(std::string_view name, Kind kind, Rect rect, Rect visible, std::string_view text, int layer) {
  if (used_ == pool_.size()) pool_.emplace_back();
  Control& c = pool_[used_++];
  c.name.assign(name), c.text.assign(text);
  c.kind = kind, c.rect = rect, c.visible = visible, c.layer = layer;
  c.enabled = true;
  c.focusable = c.focused = c.on = c.elided = c.clipped = false;
  return c;
}

const Control* Recorder::find(std::string_view name) const {
  const Control* best = nullptr;
  for (const Control& c : controls())
    if (c.name == name && (!best || c.layer >= best->layer)) best = &c;
  return best;
}

std::vector<std::string> Recorder::duplicates() const {
  std::map<std::string_view, int> seen;
  std::vector<std::string> twice;
  for (const Control& c : controls())
    if (!c.name.empty() && ++seen[c.name] == 2) twice.push_back(c.name);
  return twice;
}

std::vector<const Control*> Recorder::clipped() const {
  std::vector<const Control*> all;
  for (const Control& c : controls())
    if (c.clipped) all.push_back(&c);
  return all;
}

}  // namespace glasspost::ui

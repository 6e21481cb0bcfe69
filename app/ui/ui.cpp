#include "app/ui/ui.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace glasspost::ui {
namespace {

constexpr double tip_delay = 0.4;  // seconds of rest
constexpr std::string_view ellipsis = "…";

bool is_function_key(Key key) { return (key >= Key::f1 && key <= Key::f12) || key == Key::escape; }
bool is_widget_key(Key key) {
  return key == Key::enter || key == Key::space || (key >= Key::left && key <= Key::page_down);
}

}  // namespace

std::uint64_t id_of(std::string_view name) {  // FNV-1a
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : name) hash = (hash ^ std::uint8_t(c)) * 0x100000001B3u;
  return hash;
}

Ui::Ui(Fonts& fonts) : canvas_(fonts) {}

void Ui::start(ImDrawList* window, ImDrawList* above, const Input& input, Size size, float scale, double now) {
  const bool moved = !(input.mouse == input_.mouse);
  mouse_before_ = input_.mouse;
  input_ = input;
  wheel_ = input.wheel;
  now_ = now, wake_at_ = std::numeric_limits<double>::infinity();
  if (moved) rest_since_ = now, typed_since_rest_ = false;
  if (!input.text.empty()) typed_since_rest_ = true;
  canvas_.start(window, above, scale, size);
  recorder_.start_frame();
  std::swap(targets_, targets_before_);
  targets_.clear();
  text_focus_ = text_focus_next_, keys_focus_ = keys_focus_next_;
  text_focus_next_ = keys_focus_next_ = focus_seen_ = false;
  pointer_ = Pointer::arrow;
  layer_ = 0;
  layers_below_.clear();
  dismiss_popups();
  hit_layer_ = layer_at(input_.mouse);
  hot_ = target_at(input_.mouse);
  std::swap(tip_, tip_before_);
  tip_.clear();
  reveal_.reset();
}

void Ui::magnify(float times) {
  if (times == magnified_) return;
  magnified_ = times;
  next_frame();
}

void Ui::finish() {
  move_focus();
  if (focus_ != 0 && !focus_seen_ && !focus_moved_) focus_ = 0;
  focus_moved_ = false;
  if (!input_.down[0]) held_ = 0;
  for (std::size_t i = popups_.size(); i-- > 0;) {
    if (!popups_[i].drawn && !popups_[i].fresh) remove_popups(i);
  }
  for (Popup& popup : popups_) {
    if (popup.fresh) next_frame();
    popup.drawn = popup.fresh = false;
  }
  draw_tip();
}

int Ui::layer_at(Point p) const {
  for (std::size_t i = popups_.size(); i-- > 0;)
    if (popups_[i].modal || popups_[i].rect.contains(p)) return int(i) + 1;
  return 0;
}

// The topmost of the last frame: what is drawn later lies above.
std::uint64_t Ui::target_at(Point p) const {
  std::uint64_t found = 0;
  for (std::size_t i = targets_before_.size(); i-- > 0;) {
    const Target& t = targets_before_[i];
    if (t.layer != hit_layer_ || !t.visible.contains(p)) continue;
    if (t.first) return t.id;
    if (found == 0) found = t.id;
  }
  return found;
}

Response Ui::interact(std::string_view name, Kind kind, Rect rect, std::string_view text, const Manner& manner) {
  const std::uint64_t id = id_of(name);
  const Rect visible = rect.intersected(canvas_.clip());
  const bool can_focus = manner.focusable && manner.enabled;
  Response r;
  r.rect = rect;
  if (manner.enabled && hot_ == id && (held_ == 0 || held_ == id)) {
    r.hovered = true;
    if (held_ == 0 || held_ == id) pointer_ = manner.pointer;
    if (input_.pressed[0]) {
      held_ = id, r.pressed = true;
      r.double_clicked = input_.clicks == 2;
      if (manner.focus_on_click && manner.focusable) focus_ = id, ring_ = false;
    }
    r.secondary = input_.pressed[1];
  }
  if (held_ == id && manner.enabled) {
    r.held = input_.down[0] || r.pressed;  // a tap may begin and end between two frames
    r.drag = input_.mouse - mouse_before_;
    pointer_ = manner.pointer;
    if (input_.released[0]) r.clicked = visible.contains(input_.mouse) && layer_ == hit_layer_;
  }
  if (can_focus && focus_ == id) {
    r.focused = focus_seen_ = true;
    r.ring = ring_;
    text_focus_next_ = text_focus_next_ || manner.takes_text;
    keys_focus_next_ = keys_focus_next_ || manner.takes_keys || manner.takes_text;
    if (!manner.takes_keys && !manner.takes_text && (take(Key::enter) || take(Key::space))) r.clicked = true;
    if (take(Key::menu) || take(Key::f10, Modifier::shift)) r.secondary = true;
    if (ring_ && !(visible == rect)) reveal_ = rect;
  }
  targets_.push_back({id, visible, layer_, can_focus, kind == Kind::splitter});
  Control& c = recorder_.add(name, kind, rect, visible, text, layer_);
  c.enabled = manner.enabled, c.focusable = can_focus, c.focused = r.focused, c.on = manner.on;
  return r;
}

void Ui::note(std::string_view name, Kind kind, Rect rect, std::string_view text, bool on) {
  recorder_.add(name, kind, rect, rect.intersected(canvas_.clip()), text, layer_).on = on;
}

void Ui::focus_ring(Rect rect, float radius) {
  const float out = metric::focus_gap + metric::focus_ring;
  const Rect clip = canvas_.clip().inset(-out);
  canvas_.rise();
  canvas_.push_clip(clip);
  canvas_.outline(rect.inset(-out), theme.accent, metric::focus_ring, radius + out);
  canvas_.pop_clip();
  canvas_.sink();
}

float Ui::label(Rect rect, std::string_view text, Font f, std::optional<Colour> colour, Align align, std::string_view name) {
  const float all = canvas_.measure(text, f);
  const Colour ink = colour.value_or(theme.text);
  Control& c = recorder_.add(name, Kind::text, rect, rect.intersected(canvas_.clip()), text, layer_);
  float width = all, x = rect.x;
  const float y = canvas_.baseline(rect, f);
  if (all > rect.w + 0.5f) {
    c.elided = true;
    const std::size_t kept = canvas_.fitting(text, f, rect.w - canvas_.measure(ellipsis, f));
    width = canvas_.text({x, y}, text.substr(0, kept), f, ink);
    width += canvas_.text({x + width, y}, ellipsis, f, ink);
    c.clipped = width > rect.w + 0.5f;  // not even the ellipsis fits
    tooltip(rect, text);
  } else {
    if (align == Align::centre) x += (rect.w - all) / 2;
    if (align == Align::right) x += rect.w - all;
    canvas_.text({x, y}, text, f, ink);
  }
  const Rect clip = canvas_.clip();
  if (x < clip.x - 0.5f || x + width > clip.right() + 0.5f) c.clipped = true;
  return width;
}

void Ui::tooltip(Rect rect, std::string_view text) {
  if (layer_ != hit_layer_ || held_ != 0 || !rect.intersected(canvas_.clip()).contains(input_.mouse)) return;
  tip_.assign(text);
  tip_for_ = rect;
}

void Ui::draw_tip() {
  if (typed_since_rest_) return;  // it would lie over what is being written
  if (tip_.empty() || input_.pressed[0]) {
    if (input_.pressed[0]) rest_since_ = now_;
    return;
  }
  if (tip_ != tip_before_) rest_since_ = now_;
  const double due = rest_since_ + tip_delay;
  if (now_ < due) return next_frame_at(due);
  constexpr float most = 420, pad_x = 10, pad_y = 6, row = 18;
  std::vector<std::string_view> lines;
  float width = 0;
  for (std::string_view rest = tip_; !rest.empty();) {
    std::size_t cut = canvas_.fitting(rest, font::body, most);
    if (cut == 0) break;
    if (const std::size_t end = rest.find('\n'); end < cut) {
      cut = end;
    } else if (cut < rest.size()) {
      if (const std::size_t space = rest.rfind(' ', cut); space != std::string_view::npos && space > 0) cut = space;
    }
    lines.push_back(rest.substr(0, cut));
    width = std::max(width, canvas_.measure(lines.back(), font::body));
    rest.remove_prefix(cut);
    if (!rest.empty() && (rest[0] == ' ' || rest[0] == '\n')) rest.remove_prefix(1);
    if (lines.size() == 12) break;  // a tooltip is no reading room
  }
  Rect box{input_.mouse.x + 8, tip_for_.bottom() + 6, width + 2 * pad_x, float(lines.size()) * row + 2 * pad_y};
  if (box.bottom() > canvas_.size().h) box.y = tip_for_.y - 6 - box.h;
  box.x = std::clamp(box.x, 4.f, std::max(4.f, canvas_.size().w - box.w - 4));
  canvas_.rise();
  canvas_.fill(box, theme.text, metric::radius);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Rect line{box.x + pad_x, box.y + pad_y + float(i) * row, width, row};
    canvas_.text({line.x, canvas_.baseline(line, font::body)}, lines[i], font::body, theme.panel);
  }
  canvas_.sink();
  recorder_.add("tooltip", Kind::text, box, box, tip_, layer_);
}

void Ui::focus(std::string_view name, bool by_keyboard) {
  focus_ = id_of(name);
  ring_ = by_keyboard;
  focus_moved_ = true;  // it may only be drawn in the next frame
  next_frame();
}

bool Ui::focused(std::string_view name) const { return focus_ == id_of(name); }

void Ui::move_focus() {
  const bool forward = take(Key::tab), backward = !forward && take(Key::tab, Modifier::shift);
  if (!forward && !backward) return;
  const int top = int(popups_.size());
  std::vector<std::uint64_t> order;
  for (const Target& t : targets_)
    if (t.stop && t.layer == top) order.push_back(t.id);
  if (order.empty()) return;
  const auto at = std::find(order.begin(), order.end(), focus_);
  std::size_t next = forward ? 0 : order.size() - 1;
  if (at != order.end()) {
    const std::size_t here = std::size_t(at - order.begin());
    next = forward ? (here + 1) % order.size() : (here + order.size() - 1) % order.size();
  }
  focus_ = order[next];
  ring_ = focus_moved_ = true;
  next_frame();
}

bool Ui::pressed_key(Key key, Modifier with) const {
  return std::find(input_.keys.begin(), input_.keys.end(), KeyPress{key, with}) != input_.keys.end();
}

bool Ui::take(Key key, Modifier with) {
  const auto it = std::find(input_.keys.begin(), input_.keys.end(), KeyPress{key, with});
  if (it == input_.keys.end()) return false;
  input_.keys.erase(it);
  return true;
}

bool Ui::shortcut(Key key, Modifier with) {
  if (!pressed_key(key, with) || layer_ < int(popups_.size())) return false;
  const bool plain = !has(with, Modifier::ctrl) && !has(with, Modifier::alt) && !is_function_key(key);
  if (plain && text_focus_) return false;
  if (plain && focus_ != 0 && is_widget_key(key) && (ring_ || keys_focus_)) return false;
  return take(key, with);
}

std::string Ui::take_text() { return std::exchange(input_.text, {}); }

std::string Ui::take_stray_text() {
  if (text_focus_ || (keys_focus_ && ring_) || layer_ < int(popups_.size())) return {};
  if (input_.text.find_first_not_of(' ') == std::string::npos) return {};
  std::erase_if(input_.keys, [](const KeyPress& press) {
    const bool writes = press.key <= Key::digit_9 || press.key == Key::space || press.key >= Key::plus;
    return writes && !has(press.with, Modifier::ctrl) && !has(press.with, Modifier::alt);
  });
  return take_text();
}

Point Ui::wheel(Rect area) const {
  return layer_ == hit_layer_ && area.intersected(canvas_.clip()).contains(input_.mouse) ? wheel_ : Point{};
}

float Ui::animate(std::string_view name, bool on, double seconds) {
  const float target = on ? 1.f : 0.f;
  const auto [it, fresh] = motions_.try_emplace(id_of(name), Motion{now_, target, target, on});
  Motion& m = it->second;
  if (fresh || theme.reduced_motion || seconds <= 0) {
    m = {now_, target, target, on};
    return target;
  }
  if (m.on != on) m = {now_, m.value, m.value, on};
  const float t = float(std::clamp((now_ - m.since) / seconds, 0.0, 1.0)), left = (1 - t) * (1 - t) * (1 - t);
  m.value = target + (m.from - target) * left;
  if (m.value != target) next_frame();
  return m.value;
}

void Ui::open_popup(std::string_view name, Point where) {
  close_popup(name);
  Popup popup;
  popup.name = name, popup.where = where, popup.focus_before = focus_;
  popups_.push_back(std::move(popup));
  next_frame();
}

bool Ui::popup_open(std::string_view name) const {
  return std::any_of(popups_.begin(), popups_.end(), [&](const Popup& p) { return p.name == name; });
}

void Ui::close_popup(std::string_view name) {
  for (std::size_t i = 0; i < popups_.size(); ++i)
    if (popups_[i].name == name) return remove_popups(i);
}

void Ui::remove_popups(std::size_t from) {
  if (from >= popups_.size()) return;
  focus_ = popups_[from].focus_before;
  focus_moved_ = true;
  popups_.resize(from);
  next_frame();
}

void Ui::dismiss_popups() {
  if (popups_.empty()) return;
  if (take(Key::escape)) remove_popups(popups_.size() - 1);
  if (!input_.pressed[0] && !input_.pressed[1]) return;
  std::size_t keep = popups_.size();
  while (keep > 0 && !popups_[keep - 1].rect.contains(input_.mouse)) --keep;
  if (keep == popups_.size()) return;
  remove_popups(keep);
  input_.pressed = {};  // this press only closed
}

std::optional<Rect> Ui::begin_popup(std::string_view name, Size size, bool modal) {
  const auto it = std::find_if(popups_.begin(), popups_.end(), [&](const Popup& p) { return p.name == name; });
  if (it == popups_.end()) return std::nullopt;
  Popup& popup = *it;
  const Size all = canvas_.size();
  size = {std::min(size.w, all.w - 16), std::min(size.h, all.h - 16)};
  Point at = modal ? Point{(all.w - size.w) / 2, std::min(88.f, (all.h - size.h) / 2)} : popup.where;
  at = {std::clamp(at.x, 8.f, std::max(8.f, all.w - size.w - 8)), std::clamp(at.y, 8.f, std::max(8.f, all.h - size.h - 8))};
  popup.rect = {std::round(at.x), std::round(at.y), size.w, size.h};
  popup.modal = modal, popup.drawn = true;
  layers_below_.push_back(layer_);
  layer_ = int(it - popups_.begin()) + 1;
  canvas_.rise();
  for (int i = 4; i > 0; --i)  // a soft shadow
    canvas_.fill(popup.rect.inset(-float(i) * 2).moved(0, 3), Colour{0, 0, 0}.faded(theme.dark() ? 0.10f : 0.03f),
                 metric::card_radius + float(i) * 2);
  canvas_.fill(popup.rect, theme.raised, metric::card_radius);
  canvas_.outline(popup.rect, theme.strong_line, 1, metric::card_radius);
  canvas_.push_clip(popup.rect);
  targets_.push_back({id_of(name), popup.rect, layer_, false, false});
  note(name, Kind::area, popup.rect);
  return popup.rect;
}

void Ui::end_popup() {
  canvas_.pop_clip();
  canvas_.sink();
  layer_ = layers_below_.back();
  layers_below_.pop_back();
}

double& Ui::memory(std::string_view name, double initial) { return memory_.try_emplace(id_of(name), initial).first->second; }

}  // namespace glasspost::ui

#include "app/ui/views/ladder_minimap.h"

#include <algorithm>

#include "app/ui/widgets.h"

namespace glasspost::ui {

void ladder_minimap(Ui& ui, Rect strip, Rect wheel_area, const Model& model, double& first, double visible, double total) {
  const Theme& t = ui.theme;
  Canvas& c = ui.canvas();
  const std::size_t all = model.lines().size();
  if (all == 0 || strip.h < 8) return;
  const Response r = ui.interact("ladder.minimap", Kind::scroll, strip.inset(-4, 0), model.strings()("ladder.minimap"),
                                 {.focusable = false, .pointer = Pointer::arrow});
  // A message has at most 4 px; a long trace shows every so many of them.
  const float step = std::min(4.F, std::max(2.F, strip.h / float(all)));
  const float height = std::min(strip.h, step * float(all));
  const Instant cursor = model.cursor();
  const auto y_of = [&](double line) { return strip.y + float(line / double(all)) * height; };
  for (float y = 0; y + 1 < height; y += step) {
    const auto line = std::min(all - 1, std::size_t(double(y + 0.5F) / double(height) * double(all)));
    const MessageRef ref = model.conversations().row(model.lines().row(line));
    const Conversation& conversation = *model.conversations().find(ref.connection);
    const Message& message = conversation.message(ref.message);
    const float pale = message.at <= cursor ? 1 : 0.3F;
    c.fill({strip.x + 2, strip.y + y, 7, std::max(1.F, step - 1)}, mix(t.panel, t.of(conversation.opened().protocol).fill, pale));
    if (message.sealed) c.fill({strip.x + 11, strip.y + y, 2, step}, mix(t.panel, t.tls().fill, pale));
  }
  float marked = -1;
  for (const std::uint32_t row : model.timeline().troubles())
    if (const auto line = model.lines().index_of(row)) {
      const float y = y_of(double(*line));
      if (y < marked + 2) continue;
      c.fill({strip.x, y - 1, strip.w, 3}, t.error.fill);
      marked = y;
    }
  const double shown = std::max(1.0, total);
  const double seen_from = std::min(first, shown), seen_to = std::min(first + visible, shown);
  const Rect frame{strip.x - 1, y_of(std::min(seen_from, double(all))) - 1, 17, std::max(6.F, y_of(std::min(seen_to, double(all))) - y_of(std::min(seen_from, double(all))) + 2)};
  c.outline(frame, r.held ? t.accent : mix(t.panel, t.accent, 0.7F), r.hovered || r.held ? 2 : 1, 2);
  ui.note("ladder.minimap/seen", Kind::picture, frame);
  const double most = std::max(0.0, total - visible), before = first;
  if (r.held) first = double((ui.input().mouse.y - strip.y) / std::max(1.F, height)) * double(all) - visible / 2;
  if (const Point wheel = ui.wheel(wheel_area); wheel.y != 0) first -= double(wheel.y) * 3, ui.take_wheel();
  first = std::clamp(first, 0.0, most);
  if (first != before) ui.next_frame();
}

}  // namespace glasspost::ui

#include "app/ui/views/staff.h"

#include <algorithm>
#include <array>

#include "app/learn/words.h"
#include "app/model/learning.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr std::array<Protocol, 5> lanes{Protocol::dns, Protocol::smtp, Protocol::lmtp, Protocol::imap, Protocol::pop3};
constexpr float pale = 0.38F;             // of what is still to come

// A protocol's lane; messages of TLS lie in the lane of what they protect.
std::size_t lane_of(Protocol protocol) {
  const auto found = std::find(lanes.begin(), lanes.end(), protocol);
  return found == lanes.end() ? 1 : std::size_t(found - lanes.begin());
}

class Staff {
 public:
  Staff(Ui& ui, Rect area, const Model& model) : ui_(ui), model_(model), whole_(area), folded_(area.w < 460) {
    axis_ = area;
    if (!folded_) axis_.take_left(16);
    axis_.take_right(12);
    cursor_ = x_of(model.cursor());
  }

  float x_of(Instant at) const { return axis_.x + float(model_.timeline().place(at)) * axis_.w; }
  Instant time_at(float x) const { return model_.timeline().at(double(x - axis_.x) / double(std::max(1.F, axis_.w))); }
  float y_of(Protocol protocol) const {
    return folded_ ? whole_.y + 33 : whole_.y + 20 + 7 * float(lane_of(protocol));
  }
  float half() const { return folded_ ? 7.F : 2.5F; }
  Colour at_time(float x, Colour colour) const { return x <= cursor_ + 0.5F ? colour : mix(ui_.theme.panel, colour, pale); }

  void lines() const;
  void chapters() const;
  void encrypted() const;
  void ticks() const;
  void selected() const;
  void cursor() const;
  void act(Actions&) const;

 private:
  void gold(float x0, float x1, float y) const;

  Ui& ui_;
  const Model& model_;
  Rect whole_, axis_;
  bool folded_;
  float cursor_ = 0;
};

void Staff::lines() const {
  Canvas& c = ui_.canvas();
  if (folded_) return c.horizontal(axis_.x, axis_.right(), y_of(Protocol::smtp), ui_.theme.line);
  for (const Protocol lane : lanes) {
    const float y = y_of(lane);
    c.horizontal(axis_.x, axis_.right(), y, ui_.theme.line);
    draw_shape(c, ui_.theme, {whole_.x, y - 3.5F, 8, 7}, lane, true, false);
  }
}

void Staff::chapters() const {
  const std::vector<ChapterTitle> chapters = chapter_titles(model_);
  float free_from = axis_.x - 1;
  for (std::size_t i = 0; i < chapters.size(); ++i) {
    const float x = x_of(chapters[i].at);
    const float end = i + 1 < chapters.size() ? x_of(chapters[i + 1].at) : axis_.right();
    if (x > axis_.x + 1) ui_.canvas().vertical(x, whole_.y + 6, whole_.y + 50, ui_.theme.line);
    const bool now = model_.cursor() >= chapters[i].at && (i + 1 == chapters.size() || model_.cursor() < chapters[i + 1].at) &&
                     model_.cursor() > model_.start();
    const Font font = now ? font::caption_strong : font::caption;
    const float left = x > axis_.x + 1 ? x + 5 : x;
    const auto fits = [&](const std::string& title) {
      const float width = ui_.canvas().measure(title, font) + 1;
      return !title.empty() && left >= free_from && left + width <= std::max(end, left) + 4;
    };
    const std::string& title = fits(chapters[i].title) ? chapters[i].title : chapters[i].shorter;
    // Where a chapter is too short for its title, the line alone marks it, and the tooltip names it.
    if (&title != &chapters[i].title) ui_.tooltip({x - 4, whole_.y, std::max(9.F, std::min(24.F, end - x)), 18}, chapters[i].title);
    if (!fits(title)) continue;
    const float width = ui_.canvas().measure(title, font) + 1;
    ui_.label({left, whole_.y + 3, width, 16}, title, font, now ? ui_.theme.text : ui_.theme.second, Align::left);
    free_from = left + width;
  }
}

void Staff::gold(float x0, float x1, float y) const {
  const float height = folded_ ? 6 : 4, split = std::clamp(cursor_, x0, x1);
  const Colour colour = mix(ui_.theme.panel, ui_.theme.tls().fill, 0.55F);
  if (split > x0) ui_.canvas().fill({x0, y - height / 2, split - x0, height}, colour);
  if (x1 > split) ui_.canvas().fill({split, y - height / 2, x1 - split, height}, mix(ui_.theme.panel, colour, 0.55F));
}

void Staff::encrypted() const {
  std::array<float, lanes.size()> drawn{};  // how far each lane has been gilded: connections overlap
  for (const ConnectionId id : model_.timeline().sealed()) {
    const Conversation* conversation = model_.conversations().find(id);
    if (!conversation || !model_.trace().holds(conversation->tls_up())) continue;
    float& upto = drawn[lane_of(conversation->opened().protocol)];
    const float x0 = std::max(upto, x_of(model_.trace()[conversation->tls_up()].at));
    const float x1 = x_of(std::min(conversation->closed_at(), model_.end()));
    if (x1 - x0 < 0.5F) continue;
    gold(x0, x1, y_of(conversation->opened().protocol));
    upto = x1;
  }
}

void Staff::ticks() const {
  std::array<float, lanes.size()> last;
  last.fill(-2);
  for (const auto& tick : model_.timeline().ticks()) {
    const float x = x_of(tick.at), y = y_of(tick.protocol);
    float& before = last[lane_of(tick.protocol)];
    if (x < before + 1) continue;  // one to a pixel is enough
    before = x;
    ui_.canvas().vertical(x, y - half(), y + half(), at_time(x, ui_.theme.of(tick.protocol).fill), 1.5F);
  }
}

void Staff::selected() const {
  const Message* message = model_.selected();
  if (!message) return;
  const Protocol protocol = model_.selected_conversation()->opened().protocol;
  const float x = x_of(message->at), y = y_of(protocol), h = half() + 1.5F;
  const Rect frame{x - 3.5F, y - h, 7, 2 * h};
  ui_.canvas().outline(frame, ui_.theme.accent, 1.5F, 2);
  ui_.note("transport.selected", Kind::picture, frame);
}

void Staff::cursor() const {
  const float top = whole_.y + 17, bottom = whole_.bottom() - 2;
  ui_.canvas().vertical(cursor_, top, bottom, ui_.theme.accent, 2);
  const Point foot[] = {{cursor_ - 5, bottom + 1}, {cursor_, bottom - 6}, {cursor_ + 5, bottom + 1}};
  ui_.canvas().polygon(foot, ui_.theme.accent);
  ui_.note("transport.cursor", Kind::picture, {cursor_ - 5, top, 10, bottom - top});
}

void Staff::act(Actions& actions) const {
  const Rect grip{axis_.x - 8, whole_.y + 2, axis_.w + 16, whole_.h - 4};
  const Response r = ui_.interact("transport.staff", Kind::scroll, grip, model_.strings()("transport.scrubber"),
                                  {.takes_keys = true, .pointer = Pointer::resize_horizontal});
  const float mouse = ui_.input().mouse.x;
  if (r.held) {
    const Instant to = time_at(mouse);
    if (r.pressed && model_.playback().playing) actions.push_back(app::Pause{});
    if (to != model_.cursor()) actions.push_back(app::Seek{to});
  } else if (r.hovered) {
    ui_.tooltip({mouse - 4, whole_.y, 8, whole_.h}, clock_text(time_at(mouse)));
  }
  if (!r.focused) return;
  if (ui_.take(Key::right)) actions.push_back(app::StepMessages{1});
  if (ui_.take(Key::left)) actions.push_back(app::StepMessages{-1});
  if (ui_.take(Key::home)) actions.push_back(app::ToStart{});
  if (ui_.take(Key::end)) actions.push_back(app::ToEnd{});
  if (ui_.take(Key::space) || ui_.take(Key::enter)) actions.push_back(app::TogglePlay{});
  if (r.ring) ui_.focus_ring(grip.inset(4, 4));
}

}  // namespace

std::vector<ChapterTitle> chapter_titles(const Model& model) {
  std::vector<ChapterTitle> titles;
  const Language language = model.settings().language;
  const app::Learning* learning = model.stage() == app::Stage::world ? model.learning() : nullptr;
  if (learning && learning->course) {
    const auto& done = learning->course->steps_done();
    Instant began = learning->begins_at;
    for (std::size_t i = 0; i < learning->lesson.steps.size(); ++i) {
      const std::string number = std::to_string(i + 1);
      titles.push_back({began, number + " " + learn::plain(learn::step_title(learning->lesson, learning->lesson.steps[i], language)), number});
      if (i >= done.size() || !done[i]) break;
      began = *done[i];
    }
    return titles;
  }
  for (const app::Timeline::Chapter& chapter : model.timeline().chapters())
    if (const auto described = model.scenario().chapters.find(chapter.key); described != model.scenario().chapters.end())
      titles.push_back({chapter.at, described->second.title.in(language), {}});
  return titles;
}

void staff(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Staff staff(ui, area, model);
  staff.lines();
  if (model.conversations().rows() == 0) {
    area.take_left(24);
    const std::string_view words = model.strings()("transport.scrubber_empty");
    const float width = std::min(area.w, ui.canvas().measure(words, font::caption) + 1);
    ui.canvas().fill(Rect{area.x, area.middle(), width, 0}.inset(-6, -9), ui.theme.panel);  // the staff's lines do not strike it out
    ui.label(area.take_left(width), words, font::caption, ui.theme.third);
    return;
  }
  staff.encrypted();
  staff.ticks();
  staff.act(actions);
  staff.chapters();
  staff.selected();
  staff.cursor();
}

}  // namespace glasspost::ui

#include "app/ui/views/queue_rows.h"

#include <array>
#include <string>

#include "app/ui/icons.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float row_height = 22, link_gap = 14;

struct Deed {
  std::string_view name, key;
  sim::Deed deed;
};

std::array<Deed, 3> deeds_for(const sim::WaitingLetter& letter) {
  const bool held = letter.state == QueueChange::held;
  return {{{"retry", "queue.retry", sim::RetryNow{letter.host, letter.letter}},
           {held ? "release" : "hold", held ? "queue.release" : "queue.hold", sim::HoldLetter{letter.host, letter.letter, !held}},
           {"drop", "queue.drop", sim::DropLetter{letter.host, letter.letter}}}};
}

}  // namespace

// Letters that wait are in no mailbox; whoever accepted them answers for them.
void queue_rows(Ui& ui, const Model& model, Actions& actions, Rect& area) {
  const Strings& s = model.strings();
  for (const sim::WaitingLetter& letter : model.history().letters()) {
    const bool held = letter.state == QueueChange::held;
    if (letter.state != QueueChange::deferred && !held) continue;
    Rect line = area.take_top(row_height);
    draw_icon(ui.canvas(), Icon::queue, line.take_left(18).at_left(16, 16), ui.theme.text);
    line.take_left(8);
    const std::string row = "queue." + std::to_string(letter.host) + "." + std::to_string(letter.letter) + "." + letter.recipient + "/";
    const auto deeds = deeds_for(letter);
    for (auto deed = deeds.rbegin(); deed != deeds.rend(); ++deed) {
      if (held && deed->name == "retry") continue;  // it is released first
      const std::string_view words = s(deed->key);
      const Rect place = line.take_right(ui.canvas().measure(words, font::caption) + 2);
      if (link(ui, row + std::string(deed->name), place, words)) actions.push_back(app::Perform{deed->deed});
      line.take_right(link_gap);
    }
    const std::string words = held ? s("mailboxes.held", {{"host", host_label(model, letter.host)}, {"recipient", letter.recipient}})
                                   : s("mailboxes.waits", {{"host", host_label(model, letter.host)}, {"recipient", letter.recipient},
                                                           {"time", clock_text(letter.next_try).substr(0, 8)}});
    std::string reply = letter.last_reply.substr(0, letter.last_reply.find('\r'));
    if (reply.empty()) reply = std::string(s("queue.no_reply"));
    runs(ui, line, {{.text = words, .font = font::body}, {.text = reply, .font = font::table, .colour = ui.theme.error.text, .gap = 12}});
  }
}

}  // namespace glasspost::ui

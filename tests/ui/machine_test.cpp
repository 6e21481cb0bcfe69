// The drawing of a machine: whatever the table, the language and the room, no words lie over others or over a state.
#include "app/ui/views/machine_drawing.h"

#include <algorithm>

#include "protocol/tls/machine.h"
#include "tests/ui/panel.h"

namespace glasspost::ui {
namespace {

struct Drawn {
  const Machine* machine = nullptr;
  const app::Walk* walk = nullptr;
  MachineLook look;
} drawn;

void drawing_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  ui.canvas().fill(area, ui.theme.panel);
  machine_drawing(ui, area, model, actions, *drawn.machine, drawn.walk, drawn.look);
}

class MachineDrawing : public Panel {
 protected:
  std::string words_over_states() const {
    std::string all;
    const auto& controls = panel_->ui().recorder().controls();
    for (const Control& state : controls) {
      if (state.name.find(".state/") == std::string::npos) continue;
      for (const Control& words : controls) {
        if (words.kind != Kind::text || words.text.empty() || words.text == state.text) continue;
        const Rect both = words.visible.intersected(state.rect);
        const bool inside = words.rect.x >= state.rect.x && words.rect.right() <= state.rect.right() && words.rect.y >= state.rect.y && words.rect.bottom() <= state.rect.bottom();
        if (both.w > 0.5F && both.h > 0.5F && !inside) all += "\"" + words.text + "\" over " + state.name + "\n";
      }
    }
    return all;
  }
  // Arrows that run through a state, as if they ended there.
  std::string arrows_behind_states() const {
    const MachinePlan* plan = drawn_plan(panel_->ui(), "drawn");
    if (!plan) return "no plan";
    std::string all;
    for (std::size_t way = 0; way < plan->routes.size(); ++way)
      for (std::size_t box = 0; box < plan->boxes.size(); ++box) {
        const Rect inside = plan->boxes[box].inset(2);
        const auto& path = plan->routes[way].path;
        const auto hidden = std::count_if(path.begin(), path.end(), [&](Point p) { return inside.contains(p); });
        // In the smallest drawings one corner may be touched where no free way is left.
        if (hidden > 1) all += "way " + std::to_string(way) + " behind " + std::string(drawn.machine->states[box].id) + " at " + std::to_string(hidden) + " points\n";
      }
    return all;
  }
  // What was said and changed nothing.
  std::string loops_without_words(const app::Walk& walk) const {
    std::string all;
    for (std::size_t state = 0; state < drawn.machine->states.size(); ++state) {
      std::uint64_t stayed = 0;
      for (std::size_t command = 0; command < drawn.machine->commands.size(); ++command) stayed += walk.stayed(StateId(state), command);
      for (std::size_t way = 0; way < drawn.machine->transitions.size(); ++way)
        if (drawn.machine->transitions[way].from == state && drawn.machine->transitions[way].to == state) stayed += walk.count(way);
      const std::string id(drawn.machine->states[state].id);
      if (stayed > 0 && !panel_->ui().recorder().find("drawn.way/" + id + "/" + id)) all += id + "\n";
    }
    return all;
  }
  bool says(std::string_view text) const {
    for (const Control& control : panel_->ui().recorder().controls())
      if (control.kind == Kind::text && control.text.find(text) != std::string::npos) return true;
    return false;
  }
};

constexpr struct Room { int w, h; float scale; bool small, downwards; } rooms[] = {
    {336, 322, 1, true, true}, {360, 438, 1, true, true}, {400, 438, 1, true, true}, {560, 438, 1, true, true},  {360, 438, 2, true, true},  {610, 360, 1, true, false},
    {860, 480, 1, false, false}, {860, 560, 1, false, false}, {1300, 700, 1, false, false}, {860, 396, 2, false, false}};

// A panel that is lower than the machine needs scrolls.
int height_of(const Room& room) { return room.small ? std::max(room.h, int(machine_size(*drawn.machine, drawn.look).h)) : room.h; }

TEST_F(MachineDrawing, NoWordsLieOverOthersInAnyLanguageAtAnyMoment) {
  apply(app::ToEnd{}, *model_);
  for (const Machine* machine : {&smtp_machine(), &lmtp_machine(), &imap_machine(), &pop3_machine(), &tls_machine()})
    for (const Language language : {Language::english, Language::spanish}) {
      apply(app::SetLanguage{language}, *model_);
      for (std::size_t i = 0; i < model_->conversations().connections(); ++i) {
        const Conversation& conversation = model_->conversations().at(i);
        const bool tls = machine == &tls_machine();
        if (tls ? conversation.tls_up() == no_record : machine_of(conversation.opened().protocol) != machine) continue;
        for (const Room& room : rooms) {
          app::Walk walk;
          drawn = {machine, &walk, {.name = "drawn", .small = room.small, .downwards = room.downwards}};
          show(drawing_view, room.w, height_of(room), room.scale);
          for (MessageId id = 0; id < conversation.size(); id = id + 1 + MessageId(conversation.size() / 6)) {
            if (tls) walk.follow_tls(conversation, conversation.message(id).at);
            else walk.follow(model_->trace(), conversation, conversation.message(id).at);
            panel_->frame();
            EXPECT_EQ(collisions(), "") << name_of(machine->protocol) << " " << room.w << "x" << room.h << " message " << id;
            EXPECT_EQ(words_over_states(), "") << name_of(machine->protocol) << " " << room.w << "x" << room.h << " message " << id;
            EXPECT_EQ(cut_off(), "") << name_of(machine->protocol) << " " << room.w << "x" << room.h << " message " << id;
            EXPECT_EQ(arrows_behind_states(), "") << name_of(machine->protocol) << " " << room.w << "x" << room.h << " message " << id;
            EXPECT_EQ(loops_without_words(walk), "") << name_of(machine->protocol) << " " << room.w << "x" << room.h << " message " << id;
          }
        }
      }
    }
}

TEST_F(MachineDrawing, TheBareTableHasNoCollisionsEither) {
  for (const Machine* machine : {&smtp_machine(), &lmtp_machine(), &imap_machine(), &pop3_machine(), &tls_machine()})
    for (const Room& room : rooms) {
      drawn = {machine, nullptr, {.name = "drawn", .small = room.small, .downwards = room.downwards}};
      show(drawing_view, room.w, height_of(room), room.scale);
      EXPECT_EQ(collisions(), "") << name_of(machine->protocol) << " " << room.w;
      EXPECT_EQ(words_over_states(), "") << name_of(machine->protocol) << " " << room.w;
      for (const MachineState& state : machine->states) EXPECT_NE(panel_->ui().recorder().find("drawn.state/" + std::string(state.id)), nullptr);
    }
}

TEST_F(MachineDrawing, EveryWayThatWasTakenHasItsWords) {
  apply(app::ToEnd{}, *model_);
  for (std::size_t i = 0; i < model_->conversations().connections(); ++i) {
    const Conversation& conversation = model_->conversations().at(i);
    const Machine* machine = machine_of(conversation.opened().protocol);
    if (!machine) continue;
    app::Walk walk;
    walk.follow(model_->trace(), conversation, model_->end());
    for (const Room& room : rooms) {
      drawn = {machine, &walk, {.name = "drawn", .small = room.small, .downwards = room.downwards}};
      show(drawing_view, room.w, height_of(room), room.scale);
      for (std::size_t way = 0; way < machine->transitions.size(); ++way) {
        if (walk.count(way) == 0) continue;
        const Transition& row = machine->transitions[way];
        const std::string name = "drawn.way/" + std::string(machine->states[row.from].id) + "/" + std::string(machine->states[row.to].id);
        EXPECT_NE(panel_->ui().recorder().find(name), nullptr) << name << " " << room.w << "x" << room.h;
      }
    }
  }
}

TEST_F(MachineDrawing, ChoosingAWayGoesToTheLastMessageThatTookIt) {
  apply(app::ToEnd{}, *model_);
  const MessageRef quit = model_->conversations().row(row_saying("AUTH PLAIN"));
  apply(app::Select{quit}, *model_);
  drawn = {&smtp_machine(), &model_->walk(), {.name = "drawn"}};
  show(drawing_view, 1100, 560);
  ASSERT_TRUE(panel_->click("drawn.way/connected/greeted"));
  const Message& message = *model_->selected();
  EXPECT_TRUE(model_->selected_conversation()->text(message).starts_with("EHLO"));
  EXPECT_TRUE(message.sealed) << "the second EHLO, inside TLS";
}

}  // namespace
}  // namespace glasspost::ui

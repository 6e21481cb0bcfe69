// The one path by which anything changes.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "app/model/comparison.h"
#include "app/model/learning.h"
#include "app/model/model.h"
#include "protocol/mime/compose.h"

namespace glasspost::app {
namespace {

constexpr std::size_t kept_lines = 200;             // of the console's history
constexpr std::uintmax_t largest_letter = 100'000'000;

}  // namespace

struct Model::Applier {
  Model& model;

  // time
  void operator()(const Play&) const {
    if (model.at_end() && model.stage_ == Stage::world) model.set_cursor(model.start());
    model.playback_.playing = model.stage_ == Stage::world;
    greet();
  }
  void operator()(const Pause&) const { model.playback_.playing = false; }
  void operator()(const TogglePlay&) const {
    if (model.playback_.playing) (*this)(Pause{});
    else (*this)(Play{});
  }
  void operator()(const Seek& seek) const {
    greet();
    model.set_cursor(seek.to);
  }
  void operator()(const ToStart&) const {
    model.playback_.playing = false;
    model.set_cursor(model.start());
  }
  void operator()(const ToEnd&) const {
    greet();
    model.playback_.playing = false;
    model.set_cursor(model.end());
    model.follow();
  }
  void operator()(const StepMessages& step) const {
    model.playback_.playing = false;
    greet();
    const std::size_t at = std::size_t(reached_line() + 1);  // how many lines were stepped over so far
    if (step.by > 0) move_to(at);
    else move_to(at >= 2 ? at - 2 : 0, at < 2);
  }
  void operator()(const SetSpeed& speed) const { model.playback_.speed = std::clamp(speed.times, 0.001, 100'000.0); }

  // selection
  void operator()(const Select& chosen) const {
    const Conversation* conversation = model.conversations_.find(chosen.message.connection);
    if (!conversation || chosen.message.message >= conversation->size()) return;
    greet();
    model.select(chosen.message);
    reach(conversation->message(chosen.message.message).at);
  }
  void operator()(const SelectBy& by) const {
    if (model.lines_.size() == 0) return;
    greet();
    const std::ptrdiff_t last = std::ptrdiff_t(model.lines_.size()) - 1;
    const std::ptrdiff_t from = selected_line();
    move_to(std::size_t(std::clamp<std::ptrdiff_t>(from + by.rows, 0, last)));
  }
  void operator()(const SelectExchange& exchange) const {
    const std::ptrdiff_t step = exchange.by < 0 ? -1 : 1;
    for (std::ptrdiff_t line = selected_line() + step; line >= 0 && line < std::ptrdiff_t(model.lines_.size());
         line += step) {
      const MessageKind kind =
          model.conversations_.message(model.conversations_.row(model.lines_.row(std::size_t(line)))).kind;
      if (kind == MessageKind::command || kind == MessageKind::query) return move_to(std::size_t(line));
    }
  }
  void operator()(const SelectToken& token) const { model.selection_.token = token.index; }
  void operator()(const SelectHost& host) const {
    model.selection_.host = host.host;
    model.selection_.message.reset();
    model.walk_on();
  }
  void operator()(const GoToRecord& to) const { go_to_record(to.record); }
  void operator()(const GoToCause&) const {
    const Message* message = model.selected();
    if (!message || !model.trace().holds(message->record)) return;
    // Causes lead back through arrivals and changes of mailboxes to the words that began it.
    RecordId cause = model.trace()[message->record].cause;
    for (int hops = 0; hops < 16 && model.trace().holds(cause); ++hops) {
      if (go_to_record(cause)) return;
      cause = model.trace()[cause].cause;
    }
    model.say("notice.no_cause");
  }
  void operator()(const ClearSelection&) const {
    model.selection_ = {};
    model.walk_on();
  }

  // looking
  void operator()(const ShowWorkspace& show) const {
    if (!is_offered(show.workspace)) return;
    model.workspace_ = show.workspace;
    if (show.workspace == Workspace::compare && !model.comparison_) model.comparison_ = std::make_unique<Comparison>();
    if (show.workspace == Workspace::learn && !model.learning_) model.read_shelf();
    if (!is_offered(Workspace::live)) return;
    // A live line goes on while other rooms are looked at; what is shown is the room's.
    if (show.workspace == Workspace::live && model.live_ && model.stage_ != Stage::live) this->show(Stage::live), hold_live();
    else if (show.workspace != Workspace::live && model.stage_ == Stage::live) this->show(Stage::world);
  }
  void operator()(const ShowTab& show) const { model.tab_ = show.tab; }
  void operator()(const ShowLower& show) const { model.lower_ = show.panel; }
  void operator()(const UnfoldCompatibility& unfold) const {
    model.lanes_.unfold(unfold.on);
    model.follow_lanes();
  }
  void operator()(const SetFilter& filter) const {
    model.filter_ = filter.filter;
    model.refresh();
  }
  void operator()(const ToggleReveal&) const {
    if (model.stage_ == Stage::world && !model.projector_) model.revealed_ = !model.revealed_;
    else model.say("notice.secrets_stay_masked");
  }
  void operator()(const ShowLetter& show) const {
    model.letter_ = {show.holder, show.user, show.mailbox, show.key};
    model.lower_ = LowerPanel::message;
  }
  void operator()(const TogglePalette&) const { model.palette_ = !model.palette_; }
  void operator()(const ToggleHelp&) const { model.help_ = !model.help_; }
  void operator()(const SetLanguage& set) const {
    model.settings_.language = set.language;
    model.strings_.speak(set.language);
    if (model.outside_) model.outside_->speak(set.language);
    model.notice_.reset();
    changed();
  }
  void operator()(const ToggleLook&) const {
    model.settings_.look = model.settings_.look == Look::light ? Look::dark : Look::light;
    changed();
  }
  void operator()(const SetScale& scale) const {
    model.settings_.scale_percent = std::clamp(scale.percent, 100, 250);
    changed();
  }
  void operator()(const ToggleProjector&) const {
    model.projector_ = !model.projector_;
    model.revealed_ = false;
  }
  void operator()(const ToggleReducedMotion&) const {
    model.settings_.reduced_motion = !model.settings_.reduced_motion;
    changed();
  }
  void operator()(const CloseWelcome&) const { greet(); }
  void operator()(const ShowWelcome&) const {
    to_world();
    (*this)(ShowWorkspace{Workspace::world});
    model.composing_ = false;
    model.selection_ = {};
    model.console_ = {};
    (*this)(ToStart{});
    model.settings_.greeted = false;
    changed();
  }
  void operator()(const DismissNotice&) const { model.notice_.reset(); }

  // the world
  void operator()(const LoadScenario& load) const {
    if (auto loaded = model.load(load.name, load.seed); !loaded) return fail(loaded.error());
    if (model.workspace_ == Workspace::learn) model.workspace_ = Workspace::world;  // no lesson is open any more
  }
  void operator()(const AskLetterFile& ask) const { model.asks_letter_file_ = ask.ask; }
  void operator()(const OpenLetter& open) const {
    std::error_code failed;
    const std::uintmax_t size = std::filesystem::file_size(open.file, failed);
    std::ifstream in(open.file, std::ios::binary);
    if (failed || !in) return model.say("error.letter_unreadable", {{"file", open.file}}, true);
    if (size > largest_letter) return model.say("error.letter_too_large", {{"file", open.file}}, true);
    std::ostringstream content;
    content << in.rdbuf();
    (*this)(SendLetter{std::move(content).str(), {}});
  }
  void operator()(const SendLetter& send) const {
    to_world();
    model.scenario_.letter = mime::with_crlf(send.content);
    model.scenario_.envelope = send.envelope;
    model.composing_ = false;
    model.deeds_.clear();
    model.rebuild(model.scenario_.start);
    model.world_->run_story();
    model.selection_ = {};
    model.refresh();
    model.set_cursor(model.scenario_.start);
    (*this)(Play{});
  }
  void operator()(const ComposeLetter& compose) const { model.composing_ = compose.open; }
  void operator()(const Perform& perform) const {
    to_world();
    model.perform(perform.deed);
    if (model.learning_) model.set_cursor(model.end());
    else if (!model.at_end()) model.playback_.playing = true;
  }

  // the console
  void operator()(const OpenConsole& open) const {
    to_world();
    const ConnectionId opened = model.perform(sim::OpenConsole{open.from, open.to, open.port});
    if (opened == 0) return model.say("error.nobody_listens", {}, true);
    model.console_.connection = opened;
    model.console_.held_by_person = true;
    model.lower_ = LowerPanel::console;
    settle(opened);
  }
  void operator()(const HoldLine& hold) const {
    model.console_.connection = hold.connection;
    model.console_.held_by_person = hold.connection != 0 && model.world_->console_is_open(hold.connection);
    model.lower_ = LowerPanel::console;
    model.walk_on();
  }
  void operator()(const TypeLine& type) const {
    ConsoleState& console = model.console_;
    console.input.clear();
    if (!model.live_ || model.stage_ != Stage::live || !model.live_->is_secret(type.text)) console.history.push_back(type.text);
    if (console.history.size() > kept_lines) console.history.erase(console.history.begin());
    console.recalled = console.history.size();
    if (model.stage_ == Stage::live) {
      return live_does([&](LiveLine& line) { line.type(type.text); });
    }
    if (!console.held_by_person) return model.say("error.console_not_held", {}, true);
    model.perform(sim::TypeText{console.connection, type.text + "\r\n"});
    settle(console.connection);
  }
  void operator()(const EditLine& edit) const { model.console_.input = edit.text; }
  void operator()(const RecallLine& recall) const {
    ConsoleState& console = model.console_;
    if (console.history.empty()) return;
    const std::ptrdiff_t to = std::clamp<std::ptrdiff_t>(std::ptrdiff_t(console.recalled) + recall.by, 0,
                                                         std::ptrdiff_t(console.history.size()));
    console.recalled = std::size_t(to);
    console.input = console.recalled < console.history.size() ? console.history[console.recalled] : "";
  }
  void operator()(const HangUp&) const {
    if (model.stage_ == Stage::live) {
      if (is_offered(Workspace::live) && !model.live_->is_over()) return model.live_->hang_up();  // the dialogue can be read on
      model.live_->hang_up();
      return to_world();
    }
    if (!model.console_.held_by_person) return;
    model.perform(sim::HangUp{model.console_.connection});
    settle(model.console_.connection);
    model.console_.held_by_person = false;
  }
  void operator()(const AskAddress& ask) const {
    greet();
    model.console_.asks_address = ask.ask;
    if (!ask.ask) return;
    if (is_offered(Workspace::live)) {
      (*this)(ShowWorkspace{Workspace::live});
      if (model.live_ && model.live_->is_over()) to_world();
      return;
    }
    model.composing_ = false;
    model.lower_ = LowerPanel::console;
  }
  void operator()(const SetLiveChoice& set) const { model.live_choice_ = set.choice; }
  void operator()(const Discover& discover) const {
    model.discovery_ = model.outside_ ? model.outside_->discover(discover.address, model.providers_) : nullptr;
    if (!model.discovery_) model.say(model.outside_ ? "live.bad_address" : "error.no_network", {{"address", discover.address}}, true);
  }
  void operator()(const AllowAutoconfig& allow) const {
    if (model.discovery_) model.discovery_->allow_autoconfig(allow.allow);
  }
  void operator()(const StopDiscovery&) const { model.discovery_.reset(); }
  void operator()(const ConnectReal& connect) const {
    if (!model.outside_) return model.say("error.no_network", {}, true);
    auto line = model.outside_->connect(connect.wish);
    if (!line) return fail(line.error());
    if (is_offered(Workspace::live)) model.workspace_ = Workspace::live;
    else model.doors_.reset();
    model.live_ = std::move(*line);
    show(Stage::live);
    hold_live();
  }

  void operator()(const GiveSecret& give) const {
    live_does([&](LiveLine& line) { line.give_secret(give.text); });
  }
  void operator()(const AllowChanges& changes) const {
    if (model.live_) model.live_->allow_changes(changes.allow);
  }
  void operator()(const SendInstead&) const {
    if (!model.live_ || !model.live_->held_back()) return;
    const std::string line = model.live_->held_back()->alternative;
    if (!line.empty()) (*this)(TypeLine{line});
  }
  void operator()(const ReleaseHeld&) const {
    live_does([](LiveLine& line) { line.release(); });
  }
  void operator()(const DropHeld&) const {
    live_does([](LiveLine& line) { line.drop_held(); });
  }

  // lessons
  void operator()(const OpenLesson& open) const {
    to_world();
    model.open_lesson(open.what, open.step);
  }
  void operator()(const PredictInLesson& predict) const { model.predict_in_lesson(predict.choices); }
  void operator()(const DoDeed& chosen) const {
    if (!model.learning_) return;
    if (const lessons::Deed* deed = model.learning_->lesson.deed(chosen.id))
      for (const lessons::Act& act : std::vector<lessons::Act>(deed->acts)) model.do_act(act);
  }
  void operator()(const InLesson& deed) const { model.in_lesson(deed.what); }

  // real clients
  void operator()(const OpenDoors&) const {
    if (!model.outside_) return model.say("error.no_network", {}, true);
    auto doors = model.outside_->open_doors(model.scenario_);
    if (!doors) return fail(doors.error());
    if (is_offered(Workspace::live)) model.workspace_ = Workspace::world;
    else model.live_.reset();
    model.doors_ = std::move(*doors);
    show(Stage::doors);
  }
  void operator()(const CloseDoors&) const { to_world(); }

  // comparing
  void operator()(const Compare& compare) const {
    if (model.comparison_) model.comparison_->apply(compare.deed);
  }

  void operator()(const Copy& copy) const {
    if (model.outside_) model.outside_->copy(copy.text);
    model.say("notice.copied");
  }
  void operator()(const Quit&) const { model.quitting_ = true; }

 private:
  // The newest line of a real dialogue is shown, unless an earlier one is being looked at.
  template <class Deed>
  void live_does(Deed deed) const {
    if (!model.live_) return;
    const bool at_newest = model.at_end();
    deed(*model.live_);
    if (model.stage_ != Stage::live) return;
    model.refresh();
    if (at_newest) model.set_cursor(model.end());
  }
  void hold_live() const {
    model.console_.connection = model.live_->connection();
    model.console_.held_by_person = true;
  }
  void changed() const { model.settings_changed_ = true; }
  void greet() const {
    if (model.settings_.greeted) return;
    model.settings_.greeted = true;
    changed();
  }
  void fail(const std::string& sentence) const { model.notice_ = Notice{true, sentence}; }

  void show(Stage stage) const {
    model.stage_ = stage;
    model.conversations_ = {};
    model.lanes_.clear();
    model.history_.clear();
    model.lines_.clear();
    model.timeline_.clear();
    model.walk_.clear();
    model.tls_walk_.clear();
    model.selection_ = {};
    model.filter_ = {};
    model.console_ = {};
    model.playback_.playing = false;
    model.refresh();
    model.set_cursor(model.end());
  }
  void to_world() const {
    if (model.stage_ == Stage::world) return;
    const Stage left = std::exchange(model.stage_, Stage::world);
    if (left == Stage::doors) model.doors_.reset();
    else model.live_.reset();
    show(Stage::world);
  }

  // The cursor goes to when something was said, if it lies in the future.
  void reach(Instant at) const {
    model.playback_.playing = false;
    if (at > model.playback_.cursor) model.set_cursor(at);
  }
  std::ptrdiff_t selected_line() const {
    if (model.selection_.message)
      if (const auto row = model.conversations_.row_of(*model.selection_.message))
        if (const auto line = model.lines_.index_of(*row)) return std::ptrdiff_t(*line);
    return std::ptrdiff_t(model.lines_.shown_of(model.said())) - 1;
  }
  // The line that was stepped to: the chosen one among those said at this very moment, else the last that was said.
  std::ptrdiff_t reached_line() const {
    const std::ptrdiff_t last = std::ptrdiff_t(model.lines_.shown_of(model.said())) - 1;
    if (!model.selection_.message && model.cursor() == model.start()) return -1;  // even if the first is said at once
    if (!model.selection_.message || model.conversations_.message(*model.selection_.message).at != model.cursor()) return last;
    const auto row = model.conversations_.row_of(*model.selection_.message);
    const auto line = row ? model.lines_.index_of(*row) : std::nullopt;
    return line ? std::min(std::ptrdiff_t(*line), last) : last;
  }
  void move_to(std::size_t line, bool before_all = false) const {
    if (before_all) {
      model.selection_.message.reset();
      return model.set_cursor(model.start());
    }
    if (line >= model.lines_.size()) return;
    const MessageRef ref = model.conversations_.row(model.lines_.row(line));
    model.playback_.playing = false;
    model.select(ref);
    model.set_cursor(model.conversations_.message(ref).at);
  }
  bool go_to_record(RecordId record) const {
    const auto ref = model.conversations_.message_of_record(record);
    if (!ref) return false;
    model.select(*ref);
    model.set_cursor(model.conversations_.message(*ref).at);
    return true;
  }
  // After a line was typed the clock runs on until it was answered.
  void settle(ConnectionId connection) const {
    const Conversation* conversation = model.conversations_.find(connection);
    if (!conversation) return;
    const Instant typed = model.playback_.cursor;
    Instant answered = typed;
    for (MessageId id = MessageId(conversation->size()); id-- > 0;) {
      const Message& message = conversation->message(id);
      if (message.at <= typed) break;
      if (message.arrived != Instant::max()) answered = std::max(answered, message.arrived);
    }
    // A learner waits for nothing: the letter has arrived when the next step is read.
    model.set_cursor(model.learning_ ? model.end() : std::max(answered, typed + 1ms));
    for (MessageId id = MessageId(conversation->size()); id-- > 0;)
      if (conversation->message(id).from == Side::client && conversation->message(id).at <= model.cursor()) {
        model.select({connection, id});
        return;
      }
    // Nothing was typed yet: a learner looks at the connection that was just opened, not at an earlier one.
    if (model.learning_ && conversation->size() > 0) model.select({connection, 0});
  }
};

void apply(const Action& action, Model& model) { std::visit(Model::Applier{model}, action.any()); }

}  // namespace glasspost::app

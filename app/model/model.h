// What the program knows while it runs. Views get a const Model& and give Actions; apply() is the one path by which
// anything changes. Views keep indices into what is here, never data.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/learn/progress.h"
#include "app/learn/shelf.h"
#include "app/model/action.h"
#include "app/model/lanes.h"
#include "app/model/lines.h"
#include "app/model/outside.h"
#include "app/model/settings.h"
#include "app/model/timeline.h"
#include "app/model/walk.h"
#include "app/words/strings.h"
#include "lessons/glossary.h"
#include "protocol/conversation.h"
#include "protocol/explain.h"
#include "sim/history.h"
#include "sim/scenario.h"
#include "sim/world.h"

namespace glasspost::app {

class Comparison;

struct Selection {
  std::optional<MessageRef> message;
  std::size_t token = 0;
  HostId host = 0;
};

struct Playback {
  Instant cursor{};
  bool playing = false;
  double speed = 0.02;  // of virtual to real time: the first letter, 2.2 s of mail, takes about two minutes
};

struct ShownLetter {
  HostId holder = 0;
  std::string user, mailbox, key;
};

struct ConsoleState {
  ConnectionId connection = 0;     // the dialogue that is shown; 0: none
  bool held_by_person = false;     // opened by hand: the input goes to it
  std::string input;
  std::vector<std::string> history;
  std::size_t recalled = 0;        // history.size(): nothing
  bool asks_address = false;       // of a real server
};

// A sentence for the person, by its key in assets/strings and the names to put in.
struct Notice {
  bool is_error = false;
  std::string text;
};

// What was done by hand in this world, so that it can be done again up to a moment.
struct DoneDeed {
  Instant at{};
  sim::Deed deed;
};

struct Learning;  // app/model/learning.h

enum class Stage : std::uint8_t { world, doors, live };

class Model {
 public:
  // `assets`: the directory found by app/words/assets. The words must be loadable: main checks that first.
  Model(std::filesystem::path assets, Strings strings, Catalogue english, Catalogue spanish, Settings settings,
        Outside* outside = nullptr);
  ~Model();

  const Settings& settings() const { return settings_; }
  const Strings& strings() const { return strings_; }
  const Catalogue& catalogue() const;
  Stage stage() const { return stage_; }

  // What the views read: of the world, or of the doors or the real server while these are shown.
  const Trace& trace() const;
  const Conversations& conversations() const { return conversations_; }
  const sim::History& history() const { return history_; }
  const Lines& lines() const { return lines_; }  // the rows of the ladder under the filter
  const Timeline& timeline() const { return timeline_; }
  const Walk& walk() const { return walk_; }          // of the selected session, else of the console's, up to the cursor
  const Walk& tls_walk() const { return tls_walk_; }  // of its handshake
  // Of the selected line's connection, else of the console's.
  const Lanes& lanes() const { return lanes_; }

  const sim::Scenario& scenario() const { return scenario_; }
  const sim::World& world() const { return *world_; }
  std::uint64_t seed() const { return seed_; }
  const std::vector<DoneDeed>& deeds() const { return deeds_; }
  const std::vector<std::string>& scenario_names() const { return scenario_names_; }

  const Playback& playback() const { return playback_; }
  Instant cursor() const { return playback_.cursor; }
  Instant start() const;  // of the story
  Instant end() const;    // of what has happened so far
  bool at_end() const { return playback_.cursor >= end(); }
  std::size_t said() const;  // messages at or before the cursor

  const Selection& selection() const { return selection_; }
  const Message* selected() const;
  const Conversation* selected_conversation() const;
  Workspace workspace() const { return workspace_; }
  // Null before Compare was shown for the first time.
  const Comparison* comparison() const { return comparison_.get(); }
  InspectorTab tab() const { return tab_; }
  LowerPanel lower() const { return lower_; }
  const LadderFilter& filter() const { return filter_; }
  bool revealed() const { return revealed_; }  // the selected line's secret may be read
  bool palette_open() const { return palette_; }
  bool help_open() const { return help_; }
  bool composing() const { return composing_; }
  bool asks_letter_file() const { return asks_letter_file_; }
  bool projector() const { return projector_; }
  bool welcome() const { return !settings_.greeted && stage_ == Stage::world; }
  const ShownLetter& letter() const { return letter_; }
  const ConsoleState& console() const { return console_; }
  const std::optional<Notice>& notice() const { return notice_; }
  const Doors* doors() const { return doors_.get(); }
  const LiveLine* live() const { return live_.get(); }
  const Discovery* discovery() const { return discovery_.get(); }
  const LiveChoice& live_choice() const { return live_choice_; }
  const std::vector<Provider>& providers() const { return providers_; }
  const std::filesystem::path& assets() const { return assets_; }
  bool quitting() const { return quitting_; }
  bool settings_changed() const { return settings_changed_; }

  // The text of the letter that will be (or was) sent, headers and body.
  std::string_view story_letter() const;

  // Lessons: those that there are, their words, the open one (null: none), what was reached so far.
  const std::vector<learn::Shelved>& shelf() const;
  const std::vector<lessons::Term>& glossary() const { return glossary_; }
  const Learning* learning() const { return learning_.get(); }
  const learn::Progress& progress() const { return progress_; }
  void set_progress(learn::Progress progress) { progress_ = std::move(progress); }
  bool progress_changed() const { return progress_changed_; }
  void progress_saved() { progress_changed_ = false; }
  bool watching() const;  // the open lesson is somebody's own, so its files are looked at while it is open

  // Time passes in the real world: the cursor moves if it plays, sockets are polled. True: something changed.
  bool pass(Duration real);
  // Anything moves, so that the next frame must come by itself.
  bool moving() const { return playback_.playing || working(); }
  Waits waits() const;  // of the doors, the live line and the search: the next frame is due then
  // A comparison has more to do: a few milliseconds of it are done each frame.
  bool working() const;

  friend void apply(const Action&, Model&);

 private:
  struct Applier;

  tl::expected<void, std::string> load(const std::string& name, std::optional<std::uint64_t> seed);
  void begin(sim::Scenario, std::string name, std::uint64_t seed);
  void start_over();
  void rebuild(Instant until);          // the same world again, with the deeds up to a moment
  ConnectionId perform(const sim::Deed&);  // at the cursor
  void refresh();                       // folds what is new
  void set_cursor(Instant);
  void select(MessageRef);
  void follow();
  // learning.cpp
  void read_shelf();
  void open_lesson(const std::string& what, std::size_t step);
  void do_act(const lessons::Act&);
  void hold(ConnectionId);
  void predict_in_lesson(const std::vector<std::string>& choices, const std::string& prediction = {});
  void replay();
  void judge();
  void look_at_standing();
  void note_progress();
  void in_lesson(LessonDo);
  void lesson_back();
  void record_solution();
  bool read_again(Duration real);
  void walk_on();                       // the session that is looked at, as far as the cursor
  void follow_lanes();
  const Conversation* looked_at() const;  // the selected line's, the console's; in a lesson, the newest
  void say(std::string_view key, std::initializer_list<Filling> = {}, bool is_error = false);

  std::filesystem::path assets_;
  Strings strings_;
  Catalogue english_, spanish_;
  Settings settings_;
  Outside* outside_;
  bool settings_changed_ = false;

  std::vector<std::string> scenario_names_;
  std::string scenario_name_;
  sim::Scenario scenario_;
  std::uint64_t seed_ = 1;
  std::unique_ptr<Trace> trace_;
  std::unique_ptr<sim::World> world_;
  std::vector<DoneDeed> deeds_;
  std::unique_ptr<Doors> doors_;
  std::unique_ptr<LiveLine> live_;
  std::vector<learn::Shelved> shelf_;
  std::vector<lessons::Term> glossary_;
  std::unique_ptr<Learning> learning_;
  learn::Progress progress_;
  bool progress_changed_ = false;
  Duration since_look_{};                  // at the open lesson's files
  std::unique_ptr<Discovery> discovery_;
  LiveChoice live_choice_;
  std::vector<Provider> providers_;

  Conversations conversations_;
  sim::History history_;
  Lines lines_;
  Timeline timeline_;
  Walk walk_, tls_walk_;
  Lanes lanes_;
  Stage stage_ = Stage::world;

  Playback playback_;
  Selection selection_;
  Workspace workspace_ = Workspace::world;
  std::unique_ptr<Comparison> comparison_;
  InspectorTab tab_ = InspectorTab::explain;
  LowerPanel lower_ = LowerPanel::console;
  LadderFilter filter_;
  ShownLetter letter_;
  ConsoleState console_;
  std::optional<Notice> notice_;
  bool revealed_ = false, palette_ = false, help_ = false, composing_ = false, asks_letter_file_ = false, projector_ = false, quitting_ = false;
};

void apply(const Action&, Model&);

}  // namespace glasspost::app

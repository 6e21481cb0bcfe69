// Everything that a person can do, as values. Menus, keys, the palette, the console, the command line and tests all say
// what they want with one of these, and apply() in model.h is the only place where anything changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "app/model/comparison_deeds.h"
#include "app/model/outside.h"
#include "app/model/settings.h"
#include "protocol/conversation.h"
#include "sim/world.h"

namespace glasspost::app {

// The window's four rooms, as the top bar names them. One that is not whole is not offered.
enum class Workspace : std::uint8_t { learn, world, compare, live };
inline constexpr Workspace all_workspaces[] = {Workspace::learn, Workspace::world, Workspace::compare, Workspace::live};
constexpr bool is_offered(Workspace workspace) {
  switch (workspace) {
    case Workspace::learn:
    case Workspace::world:
    case Workspace::compare:
    case Workspace::live: return true;
  }
  return false;
}

enum class InspectorTab : std::uint8_t { explain, bytes, tls, state };
enum class LowerPanel : std::uint8_t { console, mailboxes, message, states, tls };
enum class FilterKind : std::uint8_t { everyone, connection, letter, user };

// How the next live line is to be held, as the person has set it.
enum class LoginWay : std::uint8_t { ask, password_command, token_command };
struct LiveChoice {
  bool steps = true;
  LoginWay way = LoginWay::ask;
  std::string command;  // of either kind
};

struct LadderFilter {
  FilterKind kind = FilterKind::everyone;
  ConnectionId connection = 0;  // connection
  std::string user;             // user: whose devices
  std::vector<HostId> devices;  // user
  std::string letter;           // letter: its Message-ID; every connection that carried it
  std::string text;             // further: only messages that contain this; empty: all
  friend bool operator==(const LadderFilter&, const LadderFilter&) = default;
};

// time
struct Play {};
struct Pause {};
struct TogglePlay {};
struct Seek { Instant to{}; };
struct ToStart {};
struct ToEnd {};
struct StepMessages { int by = 1; };     // the cursor goes to the next or previous message, and selects it
struct SetSpeed { double times = 1.0; };

// selection
struct Select { MessageRef message; };
struct SelectBy { int rows = 1; };       // among the rows that the filter shows; the cursor follows
struct SelectExchange { int by = 1; };   // the next or previous command
struct SelectToken { std::size_t index = 0; };
struct SelectHost { HostId host = 0; };
struct GoToRecord { RecordId record = no_record; };
struct GoToCause {};                     // of the selected message
struct ClearSelection {};

// looking
struct ShowWorkspace { Workspace workspace; };
struct ShowTab { InspectorTab tab; };
struct ShowLower { LowerPanel panel; };
struct UnfoldCompatibility { bool on = true; };  // in the lanes of TLS: RFC 8446 section D.4
struct SetFilter { LadderFilter filter; };
struct ToggleReveal {};                  // the selected line's secret; in simulated worlds only
struct ShowLetter { HostId holder = 0; std::string user, mailbox, key; };  // in the Message panel
struct TogglePalette {};
struct ToggleHelp {};
struct SetLanguage { Language language; };
struct ToggleLook {};
struct SetScale { int percent = 100; };
struct ToggleProjector {};
struct ToggleReducedMotion {};
struct CloseWelcome {};
struct ShowWelcome {};                   // the start again: at rest, with the bar of three ways
struct DismissNotice {};

// the world
struct LoadScenario { std::string name; std::optional<std::uint64_t> seed; };  // a name or a file
struct AskLetterFile { bool ask = true; };
struct OpenLetter { std::string file; };   // an .eml becomes the letter of the story
// The letter written in the window, whole; its envelope, if it is another than the scenario's sender and recipient.
struct SendLetter { std::string content; std::optional<sim::LetterEnvelope> envelope = {}; };
struct ComposeLetter { bool open = true; };
struct Perform { sim::Deed deed; };        // by a person, at the cursor: forks if the cursor is in the past

// the console
struct OpenConsole { HostId from = 0, to = 0; std::uint16_t port = 0; };
struct HoldLine { ConnectionId connection = 0; };  // look at this connection in the console
struct TypeLine { std::string text; };     // sent exactly as typed, with CRLF
struct EditLine { std::string text; };     // what stands in the input, not yet sent
struct RecallLine { int by = -1; };        // the history of what was typed
struct HangUp {};
struct AskAddress { bool ask = true; };    // of a real server, in the console or in Live
struct SetLiveChoice { LiveChoice choice; };
struct Discover { std::string address; };  // "ann@example.com": where its servers are
struct AllowAutoconfig { bool allow = true; };
struct StopDiscovery {};
struct ConnectReal { LiveWish wish; };
struct GiveSecret { std::string text; };   // what a live login waits for: it goes to the line, and is kept nowhere
struct AllowChanges { bool allow = true; };  // on a real server
struct SendInstead {};                     // of the line that read-only mode held back: its alternative
struct ReleaseHeld {};                     // step by step: the next line goes out
struct DropHeld {};

// real clients
struct OpenDoors {};
struct CloseDoors {};

// the Compare workspace
struct Compare { ComparisonDeed deed; };

// lessons
struct OpenLesson { std::string what; std::size_t step = 0; };  // an id, a number or a directory; where the solution leads
struct PredictInLesson { std::vector<std::string> choices; };    // of the step to do
struct DoDeed { std::string id; };                               // that the step offers
enum class LessonDo : std::uint8_t {
  back,       // to the beginning of the step, or of the one before
  restart,
  hint,       // one more
  solution,   // fills the console; neither runs nor counts
  check,      // the clock to the end, and what is still missing
  free_play,  // nothing counts
  come_back,  // from there
  close,      // to the list
  record,     // what was done, as a solution beside the lesson's own
};
struct InLesson { LessonDo what; };

struct Copy { std::string text; };         // to the clipboard
struct Quit {};

template <class What, class Variant>
inline constexpr bool is_one_of = false;
template <class What, class... Kinds>
inline constexpr bool is_one_of<What, std::variant<Kinds...>> = (std::is_same_v<What, Kinds> || ...);

using AnyAction =
    std::variant<Play, Pause, TogglePlay, Seek, ToStart, ToEnd, StepMessages, SetSpeed, Select, SelectBy,
                 SelectExchange, SelectToken, SelectHost, GoToRecord, GoToCause, ClearSelection, ShowWorkspace, ShowTab,
                 ShowLower, UnfoldCompatibility, SetFilter, ToggleReveal, ShowLetter, TogglePalette, ToggleHelp,
                 SetLanguage, ToggleLook, SetScale, ToggleProjector, ToggleReducedMotion, CloseWelcome, ShowWelcome,
                 DismissNotice, LoadScenario, AskLetterFile, OpenLetter, SendLetter, ComposeLetter, Perform,
                 OpenConsole, HoldLine, TypeLine, EditLine, RecallLine, HangUp, AskAddress, SetLiveChoice, Discover,
                 AllowAutoconfig, StopDiscovery, ConnectReal, GiveSecret, AllowChanges, SendInstead, ReleaseHeld,
                 DropHeld, OpenDoors, CloseDoors, Compare, OpenLesson, PredictInLesson, DoDeed, InLesson, Copy, Quit>;

// One of these, never changed once it is made. It is held at a distance, so that the many who make and pass on actions do not
// each compile what a variant of so many kinds needs (most of a view's time and size, before): action.cpp does, once.
class Action {
 public:
  template <class What>
    requires is_one_of<What, AnyAction>
  Action(What what);  // NOLINT: whatever a person can do is an action

  const AnyAction& any() const { return *any_; }
  template <class What>
  const What* get_if() const { return std::get_if<What>(any_.get()); }

 private:
  std::shared_ptr<const AnyAction> any_;
};

}  // namespace glasspost::app

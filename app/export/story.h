// A world that was played, and its events in the order in which they happened: what every export writes down.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/words/strings.h"
#include "protocol/conversation.h"
#include "protocol/explain.h"
#include "sim/scenario.h"
#include "sim/world.h"

namespace glasspost {

class Story {
 public:
  // Called now and then while the world runs, with its time since the start.
  using Progress = std::function<void(Duration)>;

  // What somebody does when the world has come to rest.
  struct Turn {
    std::string chapter;                 // a key of the scenario's chapters that begins here; empty: none
    Duration wait{};                     // before it
    std::vector<sim::Deed> deeds;
  };
  // Asked again and again until there is nothing more to do.
  using Turns = std::function<std::optional<Turn>(const sim::World&, const Trace&)>;

  // Runs the world to its end, or to `until` after its start; takes its turns after the story that the scenario tells.
  Story(sim::Scenario, std::uint64_t seed, std::optional<Duration> until, const Progress& progress = {}, const Turns& turns = {});

  const sim::Scenario& scenario() const { return scenario_; }
  std::uint64_t seed() const { return seed_; }
  const Trace& trace() const { return trace_; }
  const Conversations& conversations() const { return conversations_; }
  Duration length() const;  // from the start to the last event

 private:
  void run(std::optional<Instant> end, const Progress&);

  sim::Scenario scenario_;
  std::uint64_t seed_;
  Trace trace_;
  std::unique_ptr<sim::World> world_;
  Conversations conversations_;
};

enum class EventKind : std::uint8_t { chapter, opened, message, tls_up, tls_failed, closed, store, queue, fault };
struct Event {
  EventKind kind;
  Instant at;
  RecordId record;           // of a message: the first that carried it
  MessageRef message = {};   // of a message
};
std::vector<Event> events_of(const Story&);

// What exports for people speak with.
struct Speech {
  const Strings& strings;
  const Catalogue& catalogue;
  Language language() const { return strings.language(); }
};

// A host as the map names it; a party that is no host by its own name.
std::string label_of(const Story&, const Speech&, HostId);
std::string label_of(const Story&, const Speech&, const Conversation&, Side);
std::string seconds_of(const Story&, Instant);  // since the start: "0.332"
std::string chapter_of(const Story&, const Speech&, const Event&);
// The sentence that sums a message up, and the one for any other event; empty: there is nothing to say about it.
std::string headline_of(const Story&, const Speech&, MessageRef);
std::string sentence_of(const Story&, const Speech&, const Event&);

// A token as a person can read it: secrets masked, DNS and TLS fields by their meaning.
std::string shown_token(const Conversation&, const Message&, const Token&);
// A message, line by line, line ends left out. Of DNS its records, of TLS its name.
std::vector<std::string> shown_lines(const Conversation&, const Message&);

}  // namespace glasspost

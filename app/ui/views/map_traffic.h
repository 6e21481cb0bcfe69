// What passes between hosts at the cursor: a pure function of the trace and of the time, so that going back is free.
#pragma once

#include <vector>

#include "app/ui/views/views.h"

namespace glasspost::ui {

// Two hosts that talk at some time of the story, or could.
struct MapLink {
  HostId a = 0, b = 0;
  Protocol protocol = Protocol::smtp;  // what is spoken there, the first if several
};
std::vector<MapLink> map_links(const Model&);

// A connection that is open at the cursor.
struct OpenLine {
  const Conversation* conversation = nullptr;
  HostId client = 0, server = 0;
  Protection protection = Protection::none;
  bool talks = false;  // something was said; before, the connection is being made
};
std::vector<OpenLine> open_lines(const Model&);

// A message between the moment when it was said and the moment when it arrived.
struct UnderWay {
  MessageRef ref;
  const Conversation* conversation = nullptr;
  const Message* message = nullptr;
  float part = 0;      // of the way, 0 to 1
  bool lost = false;   // it never arrives: a fault swallowed it
};
std::vector<UnderWay> under_way(const Model&);

// Deeds and scenario, up to the cursor.
std::vector<sim::LinkFault> faults_at_cursor(const Model&, HostId a, HostId b);
bool stopped_at_cursor(const Model&, HostId);

// An envelope is drawn for the words that carry one, a letter for its content.
bool carries_envelope(const Conversation&, const Message&);

}  // namespace glasspost::ui

// Scripts for `connect`: one line per line, sent as it is, except
//   < TEXT     an expectation: since the last line that was sent, the server has said a line that begins with TEXT, or,
//              in IMAP, one that has TEXT right behind its tag
//   \LINE      LINE is sent, whatever it begins with
// Each line waits for the reply to the one before it.
#pragma once

#include <string>
#include <string_view>

#include "app/net/live.h"

namespace glasspost::cli {

struct ScriptLine {
  std::string text;
  bool is_expectation = false;
};
ScriptLine script_line(std::string_view line);

// Among what the server said from message `since` on.
bool is_met(const Conversation&, std::size_t since, std::string_view expected);
// The last line that it said since then; empty: nothing.
std::string last_said(const Conversation&, std::size_t since);

}  // namespace glasspost::cli

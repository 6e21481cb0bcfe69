// A written transcript, "C: EHLO a" and "S: 250 b", put through the dissectors: messages with tokens, as a trace's are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/dissector.h"

namespace glasspost {

struct TranscriptLine {
  Side from = Side::client;
  std::string text;        // without its line end
  std::size_t number = 0;  // in the file, from 1
  bool handshake = false;  // "C & S: <TLS negotiation>": TLS comes up here
};
struct TranscriptMistake {
  std::size_t line = 0;    // has no C: or S:, and nothing says who speaks
};
// `side` speaks the lines that have no C: or S:. Without it an indented line is the rest of the one before, as in RFCs.
tl::expected<std::vector<TranscriptLine>, TranscriptMistake> read_transcript(std::string_view text, std::optional<Side> side);

// The protocol that the lines look like; nothing if none, or two equally.
std::optional<Protocol> guess_protocol(const std::vector<TranscriptLine>&);

struct TranscriptMessage {
  Side from = Side::client;
  Protocol protocol = Protocol::smtp;
  MessageKind kind = MessageKind::command;
  std::string text, headline;
  std::vector<Token> tokens;
  std::optional<Error> problem;
  std::optional<MessageId> answers;
  StateId state_before = 0, state_after = 0;
  std::size_t line = 0;    // of the file, where it begins
};
std::vector<TranscriptMessage> dissect(const std::vector<TranscriptLine>&, Protocol);

}  // namespace glasspost

// Helpers of the IMAP grammar tests.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "protocol/imap/command.h"
#include "protocol/imap/response.h"
#include "protocol/token.h"

namespace glasspost::imap {

// Parses with tokens and without: the outcome must be the same, and the tokens must tile.
inline Result<Command> command_of(std::string_view text, std::string* shown = nullptr) {
  Tokens tokens;
  auto with = parse_command(text, &tokens);
  auto without = parse_command(text);
  EXPECT_TRUE(tiles(text, tokens.all())) << text;
  EXPECT_EQ(with.has_value(), without.has_value());
  if (!with && !without) {
    EXPECT_EQ(with.error(), without.error());
  }
  if (shown) *shown = redact(text, tokens.all());
  return with;
}

// A client's line, CRLF added, as its command's body.
template <class Body>
Body body_of(std::string_view line) {
  auto command = command_of(std::string(line) + "\r\n");
  if (!command) {
    ADD_FAILURE() << line << ": at " << command.error().offset << " wanted " << command.error().expected;
    return Body{};
  }
  auto* body = std::get_if<Body>(&command->body);
  if (!body) {
    ADD_FAILURE() << line << " is " << verb_of(command->body);
    return Body{};
  }
  return std::move(*body);
}

inline Error error_of(std::string_view line) {
  const auto command = command_of(std::string(line) + "\r\n");
  EXPECT_FALSE(command) << line << " was taken";
  return command ? Error{} : command.error();
}

template <class Body>
Body data_of(std::string_view line, const ResponseOptions& options = {}) {
  const std::string text = std::string(line) + "\r\n";
  Tokens tokens;
  auto response = parse_response(text, &tokens, options);
  EXPECT_TRUE(tiles(text, tokens.all())) << line;
  if (!response) {
    ADD_FAILURE() << line << ": at " << response.error().offset << " wanted " << response.error().expected;
    return Body{};
  }
  auto* body = std::get_if<Body>(&response->body);
  if (!body) {
    ADD_FAILURE() << line << " is " << name_of(response->body);
    return Body{};
  }
  return std::move(*body);
}

// The tokens as "role:text" with spaces and line ends left out, for transcripts of tokens.
inline std::string roles_of(std::string_view text, std::span<const Token> tokens) {
  std::string out;
  for (const Token& token : tokens) {
    if (token.role == Role::space || token.role == Role::crlf) continue;
    if (!out.empty()) out += ' ';
    out += name_of(token.role);
    out += ':';
    out += token.span.of(text);
  }
  return out;
}

}  // namespace glasspost::imap

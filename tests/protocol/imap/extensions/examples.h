// The RFCs' examples as they are printed, lines folded again: each line must be read, all its tokens known, and a command
// be written and read again.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/protocol/imap/grammar.h"
#include "protocol/base/text.h"

namespace glasspost::imap {

// "C: a1 SEARCH ..." and "S: * ESEARCH ..."; no word of them may be one that the grammar has no role for.
inline void expect_examples(std::string_view lines, const Dialect& dialect = {}) {
  for (const std::string_view raw : split(lines, '\n')) {
    const std::size_t first = raw.find_first_not_of(' ');
    if (first == raw.npos || raw[first] == '#') continue;
    const bool client = raw[first] == 'C';
    std::string text(raw.substr(first + 3));
    for (std::size_t at; (at = text.find("\\r\\n")) != text.npos;) text.replace(at, 4, "\r\n");
    text += "\r\n";
    Tokens tokens;
    std::optional<Error> error;
    if (client) {
      const auto command = parse_command(text, &tokens, {}, dialect);
      if (!command) error = command.error();
      for (const LiteralForm form : {LiteralForm::synchronising, LiteralForm::plus}) {
        if (!command) break;
        const WritingStyle style(form, dialect.utf8);
        const std::string written = write_command(*command, style);
        const auto again = parse_command(written, nullptr, {}, dialect);
        ASSERT_TRUE(again) << written;
        EXPECT_EQ(write_command(*again, style), written);
      }
    } else {
      const auto response = parse_response(text, &tokens, {.utf8 = dialect.utf8});
      if (!response) error = response.error();
      else EXPECT_FALSE(std::holds_alternative<OtherData>(response->body)) << text;
    }
    EXPECT_FALSE(error) << text << "at " << error->offset << " wanted " << error->expected;
    EXPECT_TRUE(tiles(text, tokens.all())) << text;
    for (const Token& token : tokens.all()) EXPECT_NE(token.role, Role::plain) << text << ": " << token.span.of(text);
    // Every beginning of it is read without harm, and whatever follows is not taken.
    for (std::size_t size = 0; size < text.size(); ++size) {
      Tokens some;
      if (client) static_cast<void>(parse_command(std::string_view(text).substr(0, size), &some, {}, dialect));
      else static_cast<void>(parse_response(std::string_view(text).substr(0, size), &some));
      EXPECT_TRUE(tiles(std::string_view(text).substr(0, size), some.all())) << text << size;
    }
    if (!client) continue;
    const std::string more = text.substr(0, text.size() - 2) + "\x01\r\n";
    EXPECT_FALSE(parse_command(more, nullptr, {}, dialect)) << more;
  }
}

// What is refused, and what was wanted there.
inline void expect_refused(std::string_view line, std::string_view expected, const Dialect& dialect = {}) {
  const auto command = parse_command(std::string(line) + "\r\n", nullptr, {}, dialect);
  ASSERT_FALSE(command) << line;
  EXPECT_EQ(command.error().expected, expected) << line;
}

inline Dialect dialect_without(Extension one) {
  Dialect dialect;
  dialect.offered.remove(one);
  return dialect;
}

}  // namespace glasspost::imap

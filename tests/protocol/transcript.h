// Plays a transcript against one session and compares octet by octet.
//
//   C: EHLO client.example       the client says this line (CRLF is added)
//   S: 250-mx.example ...        the server says exactly this line; a final "..." stands for any rest
//   T: up                        TLS is established (the session must have wished for it)
//   X: closed                    the session wants the connection closed
//   # a remark
//
// `us` says which side the session under test plays: its lines are expected, the other side's are put in. Lines of one
// turn are put in at once, and in a second run octet by octet: the outcome must be the same.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/text.h"
#include "protocol/session.h"
#include "protocol/tls/facts.h"

namespace glasspost::test {

inline constexpr Instant nine_o_clock = std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 9h;

// A session together with whoever answers its events.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual Session& session() = 0;
  virtual void settle() = 0;  // polls and replies until there is nothing to do
};

struct Turn {
  char who = '#';
  std::string text;
};

inline std::vector<Turn> turns_of(std::string_view transcript) {
  std::vector<Turn> out;
  for (const std::string_view raw : split(transcript, '\n')) {
    const std::size_t first = raw.find_first_not_of(' ');
    if (first == raw.npos || raw[first] == '#') continue;
    const std::string_view line = raw.substr(first);
    if (line.size() < 2 || line[1] != ':') {
      ADD_FAILURE() << "not a line of a transcript: " << line;
      continue;
    }
    out.push_back({line[0], std::string(line.substr(line.size() > 2 && line[2] == ' ' ? 3 : 2))});
  }
  return out;
}

inline bool says(std::string_view said, std::string_view expected) {
  if (!expected.ends_with("...")) return said == expected;
  return said.starts_with(expected.substr(0, expected.size() - 3));
}

inline void play(Subject& subject, Side us, const std::vector<Turn>& turns, bool octet_by_octet) {
  const char ours = us == Side::server ? 'S' : 'C';
  Session& session = subject.session();
  subject.settle();
  std::string out = session.take_output();
  const auto put = [&](std::string_view octets) {
    session.receive(octets, nine_o_clock);
    subject.settle();
    out += session.take_output();
  };
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const Turn& turn = turns[i];
    SCOPED_TRACE("line " + std::to_string(i + 1) + ", " + turn.who + ": " + turn.text);
    if (turn.who == 'T') {
      EXPECT_EQ(session.tls_wish(), TlsWish::start);
      EXPECT_EQ(out, "") << "was said before the handshake";
      session.tls_established(TlsFacts{});
      subject.settle();
      out += session.take_output();
    } else if (turn.who == 'X') {
      EXPECT_TRUE(session.wants_close());
    } else if (turn.who == ours) {
      const std::size_t end = out.find("\r\n");
      ASSERT_NE(end, out.npos) << "nothing more was said; there is only: " << visible(out);
      ASSERT_TRUE(says(std::string_view(out).substr(0, end), turn.text)) << "was said: " << visible(out);
      out.erase(0, end + 2);
    } else {
      ASSERT_EQ(out, "") << "was said too much";
      std::string octets;
      for (;; ++i) {
        octets += turns[i].text + "\r\n";
        if (i + 1 == turns.size() || turns[i + 1].who != turn.who) break;
      }
      if (!octet_by_octet) put(octets);
      else
        for (std::size_t k = 0; k < octets.size(); ++k) put(std::string_view(octets).substr(k, 1));
    }
  }
  EXPECT_EQ(out, "") << "was said too much at the end";
}

using MakeSubject = std::function<std::unique_ptr<Subject>()>;

inline void expect_transcript(Side us, const MakeSubject& make, std::string_view transcript) {
  const std::vector<Turn> turns = turns_of(transcript);
  for (const bool octet_by_octet : {false, true}) {
    SCOPED_TRACE(octet_by_octet ? "octet by octet" : "turn by turn");
    const std::unique_ptr<Subject> subject = make();
    play(*subject, us, turns, octet_by_octet);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace glasspost::test

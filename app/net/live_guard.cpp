#include "app/net/live_guard.h"

#include <algorithm>
#include <vector>

#include "protocol/base/text.h"
#include "protocol/imap/tracker.h"

namespace glasspost::app {
namespace {

// RFC 3501 section 6, RFC 4315, RFC 6851, RFC 8508, RFC 4314, RFC 5464, RFC 9208, RFC 5257, RFC 4467. SELECT is among
// them: it takes \Recent away, and FETCH after it sets \Seen.
constexpr std::string_view imap_changes[] = {
    "SELECT", "STORE", "EXPUNGE", "APPEND", "CREATE", "DELETE", "RENAME", "SUBSCRIBE", "UNSUBSCRIBE", "COPY", "MOVE",
    "REPLACE", "SETACL", "DELETEACL", "SETMETADATA", "SETANNOTATION", "SETQUOTA", "ANNOTATE", "RESETKEY"};
// RFC 5321 section 4.1.1, RFC 3030, RFC 821 section 3.4; ETRN (RFC 1985) and TURN make the server send.
constexpr std::string_view smtp_changes[] = {"MAIL", "DATA", "BDAT", "SEND", "SOML", "SAML", "ETRN", "TURN"};

template <std::size_t N>
bool is_among(const std::string_view (&names)[N], std::string_view word) {
  return std::any_of(std::begin(names), std::end(names), [&](std::string_view name) { return equal_ignoring_case(name, word); });
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; (at = line.find_first_not_of(" \t", at)) != line.npos;) {
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

std::string from_word(std::string_view line, std::string_view word) { return std::string(line.substr(std::size_t(word.data() - line.data()))); }

std::optional<Held> imap_held(std::string_view line, StateId state) {
  const auto words = words_of(line);
  if (words.size() < 2) return std::nullopt;
  const bool by_uid = equal_ignoring_case(words[1], "UID") && words.size() > 2;
  const std::string_view verb = words[by_uid ? 2 : 1];
  const std::string tag(words[0]);
  Held held{(by_uid ? "UID " : "") + to_upper(verb), {}};
  // CLOSE removes what is marked as deleted, unless the mailbox was opened by EXAMINE.
  if (equal_ignoring_case(verb, "CLOSE") && state == imap::selected) {
    held.alternative = tag + " UNSELECT";
    return held;
  }
  if (!is_among(imap_changes, verb)) return std::nullopt;
  if (equal_ignoring_case(verb, "SELECT") && words.size() > 2) held.alternative = tag + " EXAMINE " + from_word(line, words[2]);
  const std::size_t set = by_uid ? 3 : 2;
  const bool letters = equal_ignoring_case(verb, "STORE") || equal_ignoring_case(verb, "COPY") || equal_ignoring_case(verb, "MOVE");
  if (letters && words.size() > set)
    held.alternative = tag + (by_uid ? " UID" : "") + " FETCH " + std::string(words[set]) + " (FLAGS)";
  if (equal_ignoring_case(verb, "EXPUNGE")) held.alternative = tag + (by_uid ? " UID" : "") + " SEARCH DELETED";
  return held;
}

std::optional<Held> one_held(Protocol protocol, std::string_view line, StateId state) {
  const auto words = words_of(line);
  if (words.empty()) return std::nullopt;
  switch (protocol) {
    case Protocol::imap: return imap_held(line, state);
    case Protocol::pop3:
      if (!equal_ignoring_case(words[0], "DELE")) return std::nullopt;
      return Held{"DELE", words.size() > 1 ? "LIST " + std::string(words[1]) : std::string()};
    case Protocol::smtp:
    case Protocol::lmtp:
      if (!is_among(smtp_changes, words[0])) return std::nullopt;
      return Held{to_upper(words[0]), {}, true};
    case Protocol::dns:
    case Protocol::tls: break;
  }
  return std::nullopt;
}

}  // namespace

// A server that takes a bare CR for a line end would see several commands in one line.
std::optional<Held> held_back(Protocol protocol, std::string_view line, StateId state) {
  for (const std::string_view part : split(line, '\r'))
    if (auto held = one_held(protocol, part, state)) return held;
  return std::nullopt;
}

bool carries_secret(Protocol protocol, std::string_view line) {
  constexpr std::string_view imap[] = {"LOGIN", "AUTHENTICATE"}, others[] = {"AUTH", "PASS", "APOP"};
  const auto words = words_of(line);
  const std::size_t verb = protocol == Protocol::imap ? 1 : 0;
  if (words.size() <= verb + 1) return false;
  return protocol == Protocol::imap ? is_among(imap, words[verb]) : is_among(others, words[verb]);
}

}  // namespace glasspost::app

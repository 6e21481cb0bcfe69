// The order of commands: RFC 5321 sections 4.1.4 and 4.3.2, RFC 3207, RFC 4954, RFC 2033.
//
// From `letter`, and from an envelope that RSET or EHLO takes away, the way leads back to `authenticated` if somebody has
// logged in, else to `greeted`: both are in the table. A 421 leads from anywhere to `closed`, and so does the end of the
// connection.
#include "protocol/machine.h"

#include <array>


#include "protocol/base/text.h"
#include "protocol/smtp/states.h"

namespace glasspost {
namespace {

using namespace smtp::state;

constexpr MachineState states[] = {
    {"connected", 0, 1, 0}, {"greeted", 1, 1, 1},  {"tls", 1, 0, 0},        {"authenticating", 1, 2, 1}, {"authenticated", 2, 2, 2},
    {"envelope", 2, 1, 3},  {"recipients", 3, 1, 3}, {"letter", 4, 1, 3}, {"chunks", 4, 2, 3}, {"closed", 4, 0, 4},
};
static_assert(std::size(states) == closed + 1);
static_assert(states[letter].id == "letter" && states[authenticated].id == "authenticated");

constexpr std::uint32_t in(std::initializer_list<StateId> ids) {
  std::uint32_t mask = 0;
  for (const StateId id : ids) mask |= 1U << id;
  return mask;
}
constexpr std::uint32_t between_letters = in({greeted, authenticated});
constexpr std::uint32_t any_time = in({connected, greeted, authenticated, envelope, recipients, chunks});

template <class Row, std::size_t First, std::size_t Second>
constexpr std::array<Row, First + Second> join(const std::array<Row, First>& first, const std::array<Row, Second>& second) {
  std::array<Row, First + Second> out{};
  for (std::size_t i = 0; i < First; ++i) out[i] = first[i];
  for (std::size_t i = 0; i < Second; ++i) out[First + i] = second[i];
  return out;
}

constexpr CommandRow helo{"HELO", "HELO client.example", any_time, "250", "503 5.5.1", "RFC 5321 §4.1.1.1"};
constexpr CommandRow ehlo{"EHLO", "EHLO client.example", any_time, "250", "503 5.5.1", "RFC 5321 §4.1.1.1"};
constexpr CommandRow lhlo{"LHLO", "LHLO client.example", any_time, "250", "503 5.5.1", "RFC 2033 §4.1"};
constexpr std::array shared_commands = {
    CommandRow{"MAIL", "MAIL FROM:<…>", between_letters, "250, 451, 452, 530, 550, 552, 555", "503 5.5.1", "RFC 5321 §4.1.1.2"},
    CommandRow{"RCPT", "RCPT TO:<…>", in({envelope, recipients}), "250, 450, 452, 550, 555", "503 5.5.1", "RFC 5321 §4.1.1.3"},
    CommandRow{"DATA", "DATA", in({recipients}), "354, 451, 554", "503 5.5.1", "RFC 5321 §4.1.1.4"},
    CommandRow{"BDAT", "BDAT n [LAST]", in({recipients, chunks}), "250, 451, 452, 552, 554", "503 5.5.1", "RFC 3030 §2"},
    CommandRow{"RSET", "RSET", any_time, "250", "503 5.5.1", "RFC 5321 §4.1.1.5"},
    CommandRow{"NOOP", "NOOP", any_time, "250", "503 5.5.1", "RFC 5321 §4.1.1.9"},
    CommandRow{"QUIT", "QUIT", any_time, "221", "503 5.5.1", "RFC 5321 §4.1.1.10"},
    CommandRow{"HELP", "HELP", any_time, "214", "503 5.5.1", "RFC 5321 §4.1.1.8"},
    CommandRow{"VRFY", "VRFY …", any_time, "250, 252, 550", "503 5.5.1", "RFC 5321 §4.1.1.6"},
    CommandRow{"EXPN", "EXPN …", any_time, "250, 502, 550", "503 5.5.1", "RFC 5321 §4.1.1.7"},
    CommandRow{"STARTTLS", "STARTTLS", between_letters, "220, 454, 502", "503 5.5.1", "RFC 3207 §4"},
    CommandRow{"AUTH", "AUTH PLAIN …", in({greeted}), "235, 334, 501, 504, 535, 538", "503 5.5.1", "RFC 4954 §4"},
    // Not commands, but what may be said where no command may.
    CommandRow{"*", "*", in({authenticating}), "501", "500 5.5.1", "RFC 4954 §4"},
    CommandRow{".", ".", in({letter}), "250, 451, 452, 550, 552, 554", "500 5.5.1", "RFC 5321 §4.1.1.4"},
};
constexpr auto smtp_commands = join(std::array{helo, ehlo}, shared_commands);
constexpr auto lmtp_commands = join(std::array{lhlo}, shared_commands);

constexpr std::array<Transition, 9> hello_ways(std::string_view verb) {
  return {{{connected, verb, "250", greeted},
           {greeted, verb, "250", greeted},
           {authenticated, verb, "250", authenticated},
           {envelope, verb, "250", greeted},
           {envelope, verb, "250", authenticated},
           {recipients, verb, "250", greeted},
           {recipients, verb, "250", authenticated},
           {chunks, verb, "250", greeted},
           {chunks, verb, "250", authenticated}}};
}
constexpr std::array shared_ways = {
    Transition{greeted, "STARTTLS", "220", tls},
    Transition{authenticated, "STARTTLS", "220", tls},
    Transition{tls, "handshake", "", connected},
    Transition{greeted, "AUTH", "334", authenticating},
    Transition{greeted, "AUTH", "235", authenticated},
    Transition{authenticating, "answer", "334", authenticating},
    Transition{authenticating, "answer", "235", authenticated},
    Transition{authenticating, "answer", "535", greeted},
    Transition{authenticating, "*", "501", greeted},
    Transition{greeted, "MAIL", "250", envelope},
    Transition{authenticated, "MAIL", "250", envelope},
    Transition{envelope, "RCPT", "250", recipients},
    Transition{recipients, "RCPT", "250", recipients},
    Transition{envelope, "RSET", "250", greeted},
    Transition{envelope, "RSET", "250", authenticated},
    Transition{recipients, "RSET", "250", greeted},
    Transition{recipients, "RSET", "250", authenticated},
    Transition{recipients, "DATA", "354", letter},
    Transition{letter, ".", "250", greeted},
    Transition{letter, ".", "250", authenticated},
    Transition{recipients, "BDAT", "250", chunks},
    Transition{chunks, "BDAT", "250", chunks},
    Transition{recipients, "BDAT", "250", greeted},
    Transition{recipients, "BDAT", "250", authenticated},
    Transition{chunks, "BDAT", "250", greeted},
    Transition{chunks, "BDAT", "250", authenticated},
    Transition{chunks, "RSET", "250", greeted},
    Transition{chunks, "RSET", "250", authenticated},
    Transition{connected, "QUIT", "221", closed},
    Transition{greeted, "QUIT", "221", closed},
    Transition{authenticated, "QUIT", "221", closed},
    Transition{envelope, "QUIT", "221", closed},
    Transition{recipients, "QUIT", "221", closed},
    Transition{chunks, "QUIT", "221", closed},
};
constexpr auto smtp_ways = join(join(hello_ways("EHLO"), hello_ways("HELO")), shared_ways);
constexpr auto lmtp_ways = join(hello_ways("LHLO"), shared_ways);

constexpr Machine smtp_table{Protocol::smtp, states, smtp_ways, smtp_commands, connected, closed};
constexpr Machine lmtp_table{Protocol::lmtp, states, lmtp_ways, lmtp_commands, connected, closed};

constexpr std::string_view verbs[] = {"HELO", "EHLO", "LHLO", "MAIL", "RCPT", "DATA", "RSET",
                                      "NOOP", "QUIT", "HELP", "VRFY", "EXPN", "STARTTLS", "AUTH", "BDAT"};
static_assert(std::size(verbs) == smtp::verb_count);

// By verb: where it is legal; 0 for a verb that is not there.
constexpr std::array<std::uint32_t, smtp::verb_count> masks_of(const Machine& machine) {
  std::array<std::uint32_t, smtp::verb_count> masks{};
  for (std::size_t i = 0; i < masks.size(); ++i)
    for (const CommandRow& row : machine.commands)
      if (row.name == verbs[i]) masks[i] = row.legal_in;
  return masks;
}
constexpr auto smtp_masks = masks_of(smtp_table);
constexpr auto lmtp_masks = masks_of(lmtp_table);

// A way begins where its command is legal, or is said where no command is.
constexpr bool ways_are_legal(const Machine& machine) {
  for (const Transition& way : machine.transitions) {
    if (way.command == "handshake" || way.command == "answer") continue;
    bool found = false;
    for (const CommandRow& row : machine.commands)
      found |= row.name == way.command && (row.legal_in >> way.from & 1U) != 0;
    if (!found) return false;
  }
  return true;
}
static_assert(ways_are_legal(smtp_table) && ways_are_legal(lmtp_table));

}  // namespace

const Machine& smtp_machine() { return smtp_table; }
const Machine& lmtp_machine() { return lmtp_table; }

namespace smtp {

bool is_legal(Protocol protocol, Verb verb, StateId state) {
  const auto& masks = protocol == Protocol::lmtp ? lmtp_masks : smtp_masks;
  return (masks[static_cast<std::size_t>(verb)] >> state & 1U) != 0;
}

bool has_verb(Protocol protocol, Verb verb) {
  return (protocol == Protocol::lmtp ? lmtp_masks : smtp_masks)[static_cast<std::size_t>(verb)] != 0;
}

std::string_view name_of(Verb verb) { return verbs[static_cast<std::size_t>(verb)]; }

std::optional<Verb> verb_of(std::string_view line) {
  const std::string_view word = line.substr(0, line.find(' '));
  for (std::size_t i = 0; i < std::size(verbs); ++i)
    if (equal_ignoring_case(word, verbs[i])) return static_cast<Verb>(i);
  return std::nullopt;
}

}  // namespace smtp
}  // namespace glasspost

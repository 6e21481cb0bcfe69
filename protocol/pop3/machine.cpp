// RFC 1939 sections 4 to 6. QUIT leads into UPDATE as soon as it is said in TRANSACTION; its reply ends the session.
#include "protocol/machine.h"

#include <array>

#include "protocol/pop3/states.h"

namespace glasspost {
namespace {

using namespace pop3::state;

constexpr MachineState states[] = {
    {"authorization", 0, 0, 1}, {"transaction", 1, 0, 3}, {"update", 2, 0, 3}, {"closed", 2, 1, 4}};
static_assert(std::size(states) == closed + 1);

constexpr Transition ways[] = {
    {authorization, "STLS", "+OK", authorization}, {authorization, "PASS", "+OK", transaction},
    {authorization, "APOP", "+OK", transaction},   {authorization, "AUTH", "+OK", transaction},
    {authorization, "QUIT", "+OK", closed},        {transaction, "QUIT", "", update},
    {update, "QUIT", "+OK", closed},               {update, "QUIT", "-ERR", closed},
};

constexpr std::uint32_t before_login = 1U << authorization;
constexpr std::uint32_t after_login = 1U << transaction;

// In the order of pop3::Verb.
constexpr CommandRow commands[] = {
    {"USER", "USER …", before_login, "+OK, -ERR", "-ERR", "RFC 1939 §7"},
    {"PASS", "PASS …", before_login, "+OK, -ERR [AUTH], -ERR [IN-USE]", "-ERR", "RFC 1939 §7"},
    {"APOP", "APOP … …", before_login, "+OK, -ERR [AUTH], -ERR [IN-USE]", "-ERR", "RFC 1939 §7"},
    {"AUTH", "AUTH PLAIN …", before_login, "+OK, +, -ERR [AUTH], -ERR [IN-USE]", "-ERR", "RFC 5034 §4"},
    {"STAT", "STAT", after_login, "+OK", "-ERR", "RFC 1939 §5"},
    {"LIST", "LIST [n]", after_login, "+OK, -ERR", "-ERR", "RFC 1939 §5"},
    {"RETR", "RETR n", after_login, "+OK, -ERR", "-ERR", "RFC 1939 §5"},
    {"DELE", "DELE n", after_login, "+OK, -ERR", "-ERR", "RFC 1939 §5"},
    {"NOOP", "NOOP", after_login, "+OK", "-ERR", "RFC 1939 §5"},
    {"RSET", "RSET", after_login, "+OK", "-ERR", "RFC 1939 §5"},
    {"QUIT", "QUIT", before_login | after_login, "+OK, -ERR", "-ERR", "RFC 1939 §4, §6"},
    {"TOP", "TOP n lines", after_login, "+OK, -ERR", "-ERR", "RFC 1939 §7"},
    {"UIDL", "UIDL [n]", after_login, "+OK, -ERR", "-ERR", "RFC 1939 §7"},
    {"CAPA", "CAPA", before_login | after_login, "+OK, -ERR", "-ERR", "RFC 2449 §5"},
    {"STLS", "STLS", before_login, "+OK, -ERR", "-ERR", "RFC 2595 §4"},
    {"UTF8", "UTF8", before_login, "+OK, -ERR", "-ERR", "RFC 6856 §2.1"},
    {"LANG", "LANG [tag]", before_login | after_login, "+OK, -ERR", "-ERR", "RFC 6856 §3"},
};
static_assert(std::size(commands) == pop3::verb_count);

constexpr bool ways_are_legal() {
  for (const Transition& way : ways) {
    if (way.from == update) continue;
    bool found = false;
    for (const CommandRow& row : commands) found |= row.name == way.command && (row.legal_in >> way.from & 1U) != 0;
    if (!found) return false;
  }
  return true;
}
static_assert(ways_are_legal());

constexpr Machine machine{Protocol::pop3, states, ways, commands, authorization, closed};

}  // namespace

const Machine& pop3_machine() { return machine; }

namespace pop3 {

std::string_view name_of(Verb verb) { return commands[std::size_t(verb)].name; }

bool is_legal(Verb verb, StateId in) { return (commands[std::size_t(verb)].legal_in >> in & 1U) != 0; }

StateId next_state(StateId from, Verb verb, std::string_view reply) {
  const std::string_view name = name_of(verb);
  for (const Transition& way : ways)
    if (way.from == from && way.reply == reply && way.command == name) return way.to;
  return from;
}

}  // namespace pop3
}  // namespace glasspost

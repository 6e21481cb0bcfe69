#include "protocol/tls/machine.h"

#include <initializer_list>
#include <iterator>

namespace glasspost {
namespace {

enum State : StateId { start, hello, agreed, proved, asked, sealed, up, closed };

// Above, the way of TLS 1.3 (`proved`); below, that of TLS 1.2 (`asked`, `sealed`).
constexpr MachineState states[] = {
    {"start", 0, 1, 0}, {"hello", 1, 1, 1},  {"agreed", 2, 1, 1}, {"proved", 3, 0, 2},
    {"asked", 2, 2, 1}, {"sealed", 3, 2, 2}, {"up", 4, 1, 3},     {"closed", 4, 2, 4},
};
static_assert(std::size(states) == closed + 1);

constexpr Transition ways[] = {
    {start, "ClientHello", "", hello},
    {hello, "HelloRetryRequest", "", start},
    {hello, "ServerHello", "", agreed},
    {agreed, "Finished", "", proved},         // the server's; of 1.2 too, where a session is resumed
    {proved, "Finished", "", up},             // the client's
    {agreed, "ServerHelloDone", "", asked},
    {asked, "Finished", "", sealed},          // the client's
    {sealed, "Finished", "", up},             // the server's
    {hello, "Alert", "", closed},
    {agreed, "Alert", "", closed},
    {proved, "Alert", "", closed},
    {asked, "Alert", "", closed},
    {sealed, "Alert", "", closed},
    {up, "Alert", "", closed},
};

constexpr std::uint32_t in(std::initializer_list<StateId> ids) {
  std::uint32_t mask = 0;
  for (const StateId id : ids) mask |= 1U << id;
  return mask;
}
constexpr std::string_view unexpected = "alert 10";

constexpr CommandRow commands[] = {
    {"ClientHello", "ClientHello", in({start}), "ServerHello, HelloRetryRequest", unexpected, "RFC 8446 §4.1.2"},
    {"ServerHello", "ServerHello", in({hello}), "", unexpected, "RFC 8446 §4.1.3"},
    {"HelloRetryRequest", "HelloRetryRequest", in({hello}), "ClientHello", unexpected, "RFC 8446 §4.1.4"},
    {"EncryptedExtensions", "EncryptedExtensions", in({agreed}), "", unexpected, "RFC 8446 §4.3.1"},
    {"CertificateRequest", "CertificateRequest", in({agreed}), "Certificate", unexpected, "RFC 8446 §4.3.2"},
    {"Certificate", "Certificate", in({agreed, proved, asked}), "", unexpected, "RFC 8446 §4.4.2"},
    {"CertificateVerify", "CertificateVerify", in({agreed, proved, asked}), "", unexpected, "RFC 8446 §4.4.3"},
    {"ServerKeyExchange", "ServerKeyExchange", in({agreed}), "", unexpected, "RFC 5246 §7.4.3"},
    {"ServerHelloDone", "ServerHelloDone", in({agreed}), "ClientKeyExchange", unexpected, "RFC 5246 §7.4.5"},
    {"ClientKeyExchange", "ClientKeyExchange", in({asked}), "", unexpected, "RFC 5246 §7.4.7"},
    {"Finished", "Finished", in({agreed, proved, asked, sealed}), "Finished", unexpected, "RFC 8446 §4.4.4"},
    {"NewSessionTicket", "NewSessionTicket", in({sealed, up}), "", unexpected, "RFC 8446 §4.6.1"},
    {"KeyUpdate", "KeyUpdate", in({up}), "KeyUpdate", unexpected, "RFC 8446 §4.6.3"},
    {"Alert", "Alert", in({hello, agreed, proved, asked, sealed, up, closed}), "", unexpected, "RFC 8446 §6"},
};

constexpr bool ways_are_legal() {
  for (const Transition& way : ways) {
    bool found = false;
    for (const CommandRow& row : commands) found |= row.name == way.command && (row.legal_in >> way.from & 1U) != 0;
    if (!found) return false;
  }
  return true;
}
static_assert(ways_are_legal());

constexpr Machine machine{Protocol::tls, states, ways, commands, start, closed};

}  // namespace

const Machine& tls_machine() { return machine; }

}  // namespace glasspost

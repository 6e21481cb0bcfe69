#include "protocol/flaws.h"

#include <algorithm>
#include <array>

namespace glasspost {
namespace {

constexpr std::array relays{Protocol::smtp}, maildrops{Protocol::pop3}, mailboxes{Protocol::imap};
constexpr std::array receivers{Protocol::smtp, Protocol::lmtp};
constexpr std::array upgraders{Protocol::smtp, Protocol::lmtp, Protocol::pop3};
constexpr std::array stuffers{Protocol::smtp, Protocol::pop3};

constexpr std::array rows = {
    FlawRow{Flaw::bare_lf_ends, "bare-lf-ends", receivers},
    FlawRow{Flaw::bare_lf_passes, "bare-lf-passes", receivers},
    FlawRow{Flaw::early_354, "early-354", relays},
    FlawRow{Flaw::open_relay, "open-relay", relays, true},
    FlawRow{Flaw::starttls_injection, "starttls-injection", upgraders},
    FlawRow{Flaw::no_dot_stuffing, "no-dot-stuffing", stuffers},
    FlawRow{Flaw::any_password, "any-password", maildrops},
    FlawRow{Flaw::dele_at_once, "dele-at-once", maildrops},
    FlawRow{Flaw::lost_line_deletes, "lost-line-deletes", maildrops},
    FlawRow{Flaw::new_uidl, "new-uidl", maildrops},
    FlawRow{Flaw::shared_numbers, "shared-numbers", mailboxes},
    FlawRow{Flaw::peek_sets_seen, "peek-sets-seen", mailboxes},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].flaw != Flaw(i)) return false;
  return true;
}
static_assert(in_order());

}  // namespace

bool FlawRow::is_of(Protocol protocol) const { return std::find(protocols.begin(), protocols.end(), protocol) != protocols.end(); }

std::span<const FlawRow> flaw_rows() { return rows; }

std::string_view name_of(Flaw flaw) { return rows[std::size_t(flaw)].name; }

std::optional<Flaw> flaw_named(std::string_view name) {
  for (const FlawRow& row : rows)
    if (row.name == name) return row.flaw;
  return std::nullopt;
}

}  // namespace glasspost

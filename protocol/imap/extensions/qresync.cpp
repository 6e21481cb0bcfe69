#include "protocol/imap/extensions/qresync.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/imap/reader.h"

namespace glasspost::imap {
namespace {

SequenceSet set_without_star(Reader& r, Role role, std::string_view expected) {
  const std::size_t begin = r.position();
  SequenceSet set = r.sequence_set(role);
  const auto has_star = [](SequenceRange range) { return range.first == star || range.last == star; };
  if (set.is_saved() || std::any_of(set.ranges().begin(), set.ranges().end(), has_star)) r.fail(Fault::syntax, begin, expected);
  return set;
}

}  // namespace

QuickResync parse_quick_resync(Reader& r) {
  QuickResync wanted;
  r.space();
  r.open();
  wanted.uid_validity = r.nz_number(Role::imap_option_value, "uidvalidity");
  r.space();
  wanted.modseq = parse_mod_sequence(r);
  if (r.peek() == ' ' && r.peek(1) != '(') {
    r.space();
    wanted.known_uids = set_without_star(r, Role::imap_uid_set, "known-uids");
  }
  if (r.take(' ')) {
    r.open();
    wanted.match.emplace();
    wanted.match->numbers = set_without_star(r, Role::imap_sequence_set, "known-sequence-set");
    r.space();
    wanted.match->uids = set_without_star(r, Role::imap_uid_set, "known-uid-set");
    r.close();
  }
  r.close();
  return wanted;
}

void write(std::string& out, const QuickResync& wanted) {
  fmt::format_to(std::back_inserter(out), "QRESYNC ({} {}", wanted.uid_validity, wanted.modseq);
  if (wanted.known_uids) (out += ' ') += wanted.known_uids->text();
  if (wanted.match) fmt::format_to(std::back_inserter(out), " ({} {})", wanted.match->numbers.text(), wanted.match->uids.text());
  out += ')';
}

VanishedData parse_vanished(Reader& r) {
  VanishedData data;
  r.space();
  if (r.take_open()) {
    const std::size_t begin = r.position();
    data.earlier = equal_ignoring_case(r.atom(Role::imap_option, "EARLIER"), "EARLIER");
    if (!data.earlier) r.fail(Fault::syntax, begin, "EARLIER");
    r.close();
    r.space();
  }
  data.uids = set_without_star(r, Role::imap_uid_set, "known-uids");
  return data;
}

void write(std::string& out, const VanishedData& data) {
  fmt::format_to(std::back_inserter(out), "* VANISHED {}{}\r\n", data.earlier ? "(EARLIER) " : "", data.uids.text());
}

}  // namespace glasspost::imap

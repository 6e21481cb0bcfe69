// The Compare workspace in words: acts, findings, sizes.
#include <fmt/format.h>

#include <bit>

#include "app/ui/views/compare.h"

namespace glasspost::ui {

using comparison::ActKind;
using comparison::Aspect;
using comparison::FindingKind;
using comparison::Place;
using comparison::UserAct;

bool was_lost(const ComparePage& page, Place place, std::size_t act) {
  for (std::size_t i = 0; i < act; ++i)
    if (page.of.acts()[i].kind == ActKind::lose && page.of.acts()[i].place == place) return true;
  return false;
}

bool is_offline(const ComparePage& page, Place place, std::size_t act) {
  bool offline = false;
  for (std::size_t i = 0; i < act; ++i) {
    const UserAct& one = page.of.acts()[i];
    if (one.place != place) continue;
    if (one.kind == ActKind::go_offline) offline = true;
    if (one.kind == ActKind::come_back || one.kind == ActKind::lose) offline = false;
  }
  return offline;
}

bool leaves_copies(const ComparePage& page, Place place, std::size_t act) {
  bool leaves = true;
  for (std::size_t i = 0; i < act; ++i) {
    const UserAct& one = page.of.acts()[i];
    if (one.kind == ActKind::set_leaving && one.place == place) leaves = one.leaves;
  }
  return leaves;
}

std::string place_word(const ComparePage& page, Place place, std::size_t act) {
  const bool lost = was_lost(page, place, act), laptop = place == Place::laptop;
  return std::string(page.s(laptop ? (lost ? "compare.place.new_laptop" : "compare.place.laptop")
                                   : (lost ? "compare.place.new_phone" : "compare.place.phone")));
}

std::string holder_word(const ComparePage& page, HostId holder, std::size_t act) {
  if (holder == comparison::server_host) return std::string(page.s("compare.server"));
  return place_word(page, holder == comparison::laptop_host ? Place::laptop : Place::phone, act);
}

std::string act_title(const ComparePage& page, const UserAct& act) {
  const Strings& s = page.s;
  const std::string device(s(act.place == Place::laptop ? "compare.place.laptop" : "compare.place.phone"));
  const std::string letter(comparison::cast[comparison::letter_of(act)].subject);
  switch (act.kind) {
    case ActKind::arrive: {
      const int n = std::popcount(act.letters);
      if (n == 0) return std::string(s("compare.act.arrive_none"));
      return n == 1 ? s("compare.act.arrive_one", {{"letter", letter}}) : s.count("compare.act.arrive", std::uint64_t(n));
    }
    case ActKind::check: return s("compare.act.check", {{"device", device}});
    case ActKind::read: return s("compare.act.read", {{"device", device}, {"letter", letter}});
    case ActKind::erase: return s("compare.act.erase", {{"device", device}, {"letter", letter}});
    case ActKind::move: return s("compare.act.move", {{"device", device}, {"letter", letter}});
    case ActKind::go_offline: return s("compare.act.go_offline", {{"device", device}});
    case ActKind::come_back: return s("compare.act.come_back", {{"device", device}});
    case ActKind::lose: return std::string(s(act.place == Place::phone ? "compare.act.lose_phone" : "compare.act.lose_laptop"));
    case ActKind::reinstall: return s("compare.act.reinstall", {{"device", device}});
    case ActKind::set_leaving:
      return s(act.leaves ? "compare.act.leaving_on" : "compare.act.leaving_off", {{"device", device}});
  }
  return {};
}

namespace {

std::string_view outcome_words(const Strings& s, comparison::Outcome outcome) {
  switch (outcome) {
    case comparison::Outcome::done: return {};
    case comparison::Outcome::not_here: return s("compare.outcome.not_here");
    case comparison::Outcome::offline: return s("compare.outcome.offline");
    case comparison::Outcome::no_body: return s("compare.outcome.no_body");
    case comparison::Outcome::no_matter: return s("compare.outcome.no_matter");
  }
  return {};
}

std::string intention(const ComparePage& page, std::size_t act) {
  const Strings& s = page.s;
  const UserAct& one = page.of.acts()[act - 1];
  switch (one.kind) {
    case ActKind::arrive: {
      std::string names;
      for (std::size_t i = 0; i < comparison::cast.size(); ++i)
        if (one.letters & comparison::bit(i)) names += (names.empty() ? "" : ", ") + std::string(comparison::cast[i].subject);
      return names;
    }
    case ActKind::check:
      return std::string(s(leaves_copies(page, one.place, act) ? "compare.note.check_leaves" : "compare.note.check_deletes"));
    case ActKind::read: return std::string(s("compare.note.read"));
    case ActKind::erase: return std::string(s("compare.note.erase"));
    case ActKind::move: return std::string(s("compare.note.move"));
    case ActKind::go_offline: return std::string(s("compare.note.go_offline"));
    case ActKind::come_back: return std::string(s("compare.note.come_back"));
    case ActKind::lose: return std::string(s("compare.note.lose"));
    case ActKind::reinstall: return std::string(s("compare.note.reinstall"));
    case ActKind::set_leaving: return std::string(s(one.leaves ? "compare.note.leaving_on" : "compare.note.leaving_off"));
  }
  return {};
}

}  // namespace

// What the act means, or why nothing came of it.
std::string act_note(const ComparePage& page, std::size_t act) {
  const auto* pop3 = page.of.after(Protocol::pop3, act);
  const auto* imap = page.of.after(Protocol::imap, act);
  const UserAct& one = page.of.acts()[act - 1];
  if (!pop3 || !imap || one.kind == ActKind::set_leaving) return intention(page, act);
  const std::string_view by_pop3 = outcome_words(page.s, pop3->outcome), by_imap = outcome_words(page.s, imap->outcome);
  if (by_pop3.empty() && by_imap.empty()) return intention(page, act);
  if (by_pop3 == by_imap) return std::string(by_pop3);
  const bool of_pop3 = !by_pop3.empty();
  return page.s("compare.outcome.one_side", {{"protocol", of_pop3 ? "POP3" : "IMAP"}, {"words", of_pop3 ? by_pop3 : by_imap}});
}

Icon act_icon(const UserAct& act) {
  if (act.kind == ActKind::arrive) return Icon::envelope;
  return act.place == Place::laptop ? Icon::laptop : Icon::phone;
}

std::string why(const ComparePage& page, Protocol protocol, const comparison::Finding& finding) {
  const auto act_of = [&](RecordId record) { return std::to_string(page.of.act_of(protocol, record).value_or(0)); };
  const std::string act = act_of(finding.cause);
  const auto words = [&](std::string_view key) { return page.s(key, {{"n", act}}); };
  switch (finding.kind) {
    case FindingKind::lost:
      if (finding.before != no_record) return page.s("compare.why.lost_taken", {{"n", act_of(finding.before)}});
      return words("compare.why.lost");
    case FindingKind::duplicate: return words("compare.why.duplicate");
    case FindingKind::apart:
      switch (finding.aspect) {
        case Aspect::unread: return words("compare.why.apart_unread");
        case Aspect::still_here: return words("compare.why.apart_still");
        case Aspect::folder: return words("compare.why.apart_folder");
        case Aspect::not_here:
        case Aspect::none: return words("compare.why.apart_missing");
      }
      return {};
    case FindingKind::behind:
      switch (finding.aspect) {
        case Aspect::not_here: return words("compare.why.behind_new");
        case Aspect::still_here: return words("compare.why.behind_gone");
        case Aspect::unread:
        case Aspect::folder:
        case Aspect::none: return words("compare.why.behind_changed");
      }
      return {};
  }
  return {};
}

std::string_view why_source(Protocol protocol, const comparison::Finding& finding) {
  if (protocol == Protocol::imap) {
    switch (finding.kind) {
      case FindingKind::behind: return finding.aspect == Aspect::not_here ? "RFC 3501 §7.3.1" : "RFC 3501 §5.2";
      case FindingKind::apart:
      case FindingKind::duplicate:
      case FindingKind::lost: return "RFC 3501 §6.4.3";
    }
  }
  switch (finding.kind) {
    case FindingKind::lost: return "RFC 1939 §6";
    case FindingKind::duplicate: return "RFC 1939 §7";
    case FindingKind::behind: return "RFC 1939 §8";
    case FindingKind::apart: return finding.aspect == Aspect::not_here ? "RFC 1939 §6" : "RFC 1939 §3";
  }
  return {};
}

std::string_view expectation_words(const Strings& s, app::Expectation expected) {
  switch (expected) {
    case app::Expectation::nothing: return s("compare.predict.nothing");
    case app::Expectation::apart: return s("compare.predict.apart");
    case app::Expectation::duplicate: return s("compare.predict.duplicate");
    case app::Expectation::lost: return s("compare.predict.lost");
  }
  return {};
}

std::string octets_words(const Strings& s, std::uint64_t octets) {
  if (octets < 1000) return s.count("common.octets", octets);
  const auto scaled = [&](double value, std::string_view key) {
    std::string n = value < 10 ? fmt::format("{:.1f}", value) : s.number(std::uint64_t(value + 0.5));
    if (s.language() == Language::spanish)
      if (const auto point = n.find('.'); point != std::string::npos) n[point] = ',';
    return s(key, {{"n", n}});
  };
  if (octets < 1'000'000) return scaled(double(octets) / 1e3, "compare.unit.kb");
  if (octets < 1'000'000'000) return scaled(double(octets) / 1e6, "compare.unit.mb");
  return scaled(double(octets) / 1e9, "compare.unit.gb");
}

}  // namespace glasspost::ui

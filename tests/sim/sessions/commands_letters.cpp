// Commands about letters. RFC 3501 section 6.4.
#include <fmt/format.h>

#include <algorithm>

#include "tests/sim/sessions/commands.h"

namespace glasspost::sim::reference {
namespace {

std::string list_of(const FlagSet& flags) {
  std::string text;
  for (const std::string& flag : flags) text += (text.empty() ? "" : " ") + flag;
  return text;
}

FlagSet united(FlagSet one, const FlagSet& other) {
  one.insert(other.begin(), other.end());
  return one;
}

FlagSet without(FlagSet one, const FlagSet& other) {
  std::erase_if(one, [&](const std::string& flag) { return other.contains(flag); });
  return one;
}

}  // namespace

// ---- FETCH

void Driver::fetch(Actor actor) {
  auto& [client, session] = actor;
  const bool uid = chance(50);
  if (!uid && session.view.empty()) return noop(actor);
  const NumberSet set = NumberSet::random(dice_, most(session, uid));
  const bool asks_flags = chance(60), asks_uid = chance(40), subject = chance(60), peek = chance(60);
  std::string items = "RFC822.SIZE";
  if (asks_flags) items += " FLAGS";
  if (asks_uid) items += " UID";
  const bool asks_modseq = session.condstore ? chance(40) : chance(2);
  if (asks_modseq) items += " MODSEQ";
  std::optional<std::uint64_t> since;
  if (session.condstore && chance(25)) since = dice_.below(std::uint32_t(session.box->modseq) + 2);
  const bool vanished = since && uid && session.qresync && chance(60);
  if (subject) items += peek ? " BODY.PEEK[HEADER.FIELDS (SUBJECT)]" : " BODY[HEADER.FIELDS (SUBJECT)]";
  auto indices = named(session, set, uid);
  if (since) std::erase_if(indices, [&](std::size_t i) { return session.letter(i).modseq <= *since; });
  const bool sets_seen = subject && !peek && !session.read_only;
  std::vector<bool> changed;
  for (const std::size_t i : indices) {
    const Letter letter = session.letter(i);
    changed.push_back(sets_seen && !session.view[i].ghost && !letter.flags.contains("\\Seen"));
    if (changed.back()) model_.set_flags(*session.box, letter.uid, united(letter.flags, {"\\Seen"}), &session);
  }
  const std::string modifiers = since ? fmt::format(" (CHANGEDSINCE {}{})", *since, vanished ? " VANISHED" : "") : "";
  std::set<Uid> gone;
  for (const Uid one : vanished ? session.box->gone_since(*since) : std::set<Uid>{})
    if (set.contains(one, session.box->uid_next - 1) && !session.index_of(one)) gone.insert(one);
  say(actor, fmt::format("{}FETCH {} ({}){}", uid ? "UID " : "", set.text(), items, modifiers));
  if (asks_modseq || since) session.condstore = client.aware = true;
  want(client.vanished_earlier == gone, "VANISHED (EARLIER) is wrong");
  expect(actor, imap::Condition::ok);
  for (const auto& fetched : client.fetched)
    if (fetched.size && (asks_modseq || since)) want(fetched.modseq.has_value(), "FETCH tells no MODSEQ");
  for (std::size_t n = 0; n < indices.size(); ++n)
    check_fetched(actor, indices[n], session.letter(indices[n]), uid || asks_uid || (changed[n] && session.condstore), subject,
                  asks_flags || changed[n]);
  for (const auto& fetched : client.fetched)
    want(!fetched.size || std::find(indices.begin(), indices.end(), fetched.sequence - 1) != indices.end(),
         "a letter was fetched that was not named");
  finish(actor, uid);
}

void Driver::check_fetched(Actor actor, std::size_t index, const Letter& letter, bool uid, bool subject, bool flags) {
  std::size_t answers = 0;
  for (const auto& fetched : actor.client.fetched) {
    if (fetched.sequence != index + 1 || !fetched.size) continue;
    ++answers;
    if (uid) want(fetched.uid == letter.uid, "FETCH tells another UID, or none");
    want(fetched.flags.has_value() == flags, "FETCH tells flags that were not asked for, or none");
    if (fetched.flags)
      want(FlagSet(fetched.flags->begin(), fetched.flags->end()) == actor.session.flags(index), "FETCH tells other flags");
    if (!subject) continue;
    want(fetched.sections.size() == 1 && fetched.sections[0].octets == "Subject: " + letter.subject + "\r\n\r\n",
         "FETCH tells another letter than " + letter.subject);
  }
  want(answers == 1, fmt::format("letter {} was fetched {} times", index + 1, answers));
}

// ---- STORE

void Driver::store(Actor actor) {
  auto& [client, session] = actor;
  const bool uid = chance(50), silent = chance(40);
  if (!uid && session.view.empty()) return noop(actor);
  const NumberSet set = NumberSet::random(dice_, most(session, uid));
  const FlagSet flags = some_flags();
  const auto mode = Session::Mode(dice_.below(3));
  const auto changed = [&](const FlagSet& before) {
    return mode == Session::Mode::replace ? flags : mode == Session::Mode::add ? united(before, flags) : without(before, flags);
  };
  std::optional<std::uint64_t> since;
  if (chance(session.condstore ? 40 : 3)) since = chance(10) ? 0 : dice_.below(std::uint32_t(session.box->modseq) + 1);
  // A client that wants no answer reckons for itself, as far as it knows what was there.
  for (const std::size_t i : silent && !session.read_only ? named(session, set, uid) : std::vector<std::size_t>{}) {
    Told& told = client.belief.letters[i];
    if (!told.flags || session.view[i].ghost) continue;
    const bool recent = told.flags->contains("\\Recent");
    told.flags = changed(*told.flags);
    if (recent) told.flags->insert("\\Recent");
  }
  say(actor, fmt::format("{}STORE {}{} {}FLAGS{} ({})", uid ? "UID " : "", set.text(), since ? fmt::format(" (UNCHANGEDSINCE {})", *since) : "",
                         mode == Session::Mode::replace ? "" : mode == Session::Mode::add ? "+" : "-", silent ? ".SILENT" : "", list_of(flags)));
  if (session.read_only) return expect_read_only(actor);
  if (since) session.condstore = client.aware = true;
  bool gone = false;
  std::vector<std::uint32_t> modified;
  for (const std::size_t i : named(session, set, uid)) {
    if (session.view[i].ghost) {
      gone = true;
      continue;
    }
    const Letter letter = session.letter(i);
    const auto answer = std::find_if(client.fetched.begin(), client.fetched.end(), [&](const auto& f) { return f.sequence == i + 1; });
    const bool answered = answer != client.fetched.end();
    if (since && !session.is_unchanged(i, *since, mode, flags)) {
      modified.push_back(uid ? letter.uid : std::uint32_t(i + 1));
      want(answered && answer->flags && answer->modseq, "nothing tells why a letter was not changed");
      continue;
    }
    model_.set_flags(*session.box, letter.uid, changed(letter.flags), &session);
    if (!silent) want(answered && answer->flags, "STORE does not tell the new flags");
    if (!silent && uid) want(answered && answer->uid == letter.uid, "UID STORE tells no UID");
    const bool has_changed = session.box->find(letter.uid)->modseq != letter.modseq;
    if (session.condstore && (since || has_changed)) want(answered && answer->modseq, "STORE does not tell the new mod-sequence");
  }
  check_stored(actor, modified, gone && !uid);
  finish(actor, uid);
}

void Driver::check_stored(Actor actor, const std::vector<std::uint32_t>& modified, bool some_are_gone) {
  if (modified.empty()) {
    if (some_are_gone) return expect(actor, imap::Condition::no, "EXPUNGEISSUED");
    return expect(actor, imap::Condition::ok);
  }
  expect(actor, some_are_gone ? imap::Condition::no : imap::Condition::ok, "MODIFIED");
  if (actor.client.tagged) want(actor.client.tagged->code == imap::Code::modified(imap::SequenceSet::of(modified)), "MODIFIED is wrong");
}

// ---- SEARCH

Driver::Key Driver::random_key(const Session& session, int depth) {
  const auto flag = [](std::string text, std::string name, bool wanted) {
    return Key{std::move(text), [name = std::move(name), wanted](const Session& s, std::size_t i) {
                 return s.letter(i).flags.contains(name) == wanted;
               }};
  };
  switch (dice_.below(depth > 0 ? 17 : 13)) {
    case 12: {
      if (!session.condstore) return random_key(session, depth);
      const std::uint64_t since = dice_.below(std::uint32_t(session.box->modseq) + 2);
      return {fmt::format("MODSEQ {}", since), [since](const Session& s, std::size_t i) { return s.letter(i).modseq >= since; }, false, true};
    }
    case 0: return {"ALL", [](const Session&, std::size_t) { return true; }};
    case 1: return flag("SEEN", "\\Seen", true);
    case 2: return flag("UNSEEN", "\\Seen", false);
    case 3: return flag("DELETED", "\\Deleted", true);
    case 4: return flag("UNFLAGGED", "\\Flagged", false);
    case 5: return flag("KEYWORD $Junk", "$Junk", true);
    case 6: return flag("UNKEYWORD todo", "todo", false);
    case 7: return {"RECENT", [](const Session& s, std::size_t i) { return s.view[i].recent; }};
    case 8: return {"NEW", [](const Session& s, std::size_t i) { return s.view[i].recent && !s.letter(i).flags.contains("\\Seen"); }};
    case 9: return {"OLD", [](const Session& s, std::size_t i) { return !s.view[i].recent; }};
    case 10: {
      const NumberSet set = NumberSet::random(dice_, most(session, true));
      return {"UID " + set.text(), [set](const Session& s, std::size_t i) { return set.contains(s.view[i].uid, s.largest_uid()); }};
    }
    case 11: {
      if (session.view.empty()) return random_key(session, depth);
      const NumberSet set = NumberSet::random(dice_, most(session, false));
      return {set.text(), [set](const Session& s, std::size_t i) { return set.contains(std::uint32_t(i + 1), std::uint32_t(s.view.size())); },
              true};
    }
    case 13: {
      const Key key = random_key(session, depth - 1);
      return {"NOT " + key.text, [key](const Session& s, std::size_t i) { return !key.matches(s, i); }, key.names_numbers, key.modseq};
    }
    case 14: {
      const Key a = random_key(session, depth - 1), b = random_key(session, depth - 1);
      return {"OR " + a.text + " " + b.text,
              [a, b](const Session& s, std::size_t i) { return a.matches(s, i) || b.matches(s, i); },
              a.names_numbers || b.names_numbers, a.modseq || b.modseq};
    }
    default: {
      const Key a = random_key(session, depth - 1), b = random_key(session, depth - 1);
      return {"(" + a.text + " " + b.text + ")",
              [a, b](const Session& s, std::size_t i) { return a.matches(s, i) && b.matches(s, i); },
              a.names_numbers || b.names_numbers, a.modseq || b.modseq};
    }
  }
}

void Driver::search(Actor actor) {
  auto& [client, session] = actor;
  const bool uid = chance(50);
  const Key key = random_key(session, 2);
  say(actor, (uid ? "UID SEARCH " : "SEARCH ") + key.text);
  expect(actor, imap::Condition::ok);
  std::vector<std::uint32_t> found;
  std::uint64_t modseq = 0;
  for (std::size_t i = 0; i < session.view.size(); ++i) {
    if (!key.matches(session, i)) continue;
    found.push_back(uid ? session.view[i].uid : std::uint32_t(i + 1));
    modseq = std::max(modseq, session.letter(i).modseq);
  }
  want(client.found_modseq == (key.modseq && !found.empty() ? std::optional(modseq) : std::nullopt), "SEARCH tells another MODSEQ");
  want(client.found == found, "SEARCH finds something else");
  // RFC 7162 section 3.2.10.2: not if it names message numbers.
  finish(actor, uid && !key.names_numbers);
}

// ---- COPY, MOVE, EXPUNGE

void Driver::copy_or_move(Actor actor) {
  auto& [client, session] = actor;
  const bool uid = chance(50), move = chance(40);
  if (!uid && session.view.empty()) return noop(actor);
  const NumberSet set = NumberSet::random(dice_, most(session, uid));
  const std::string name = some_name();
  say(actor, fmt::format("{}{} {} {}", uid ? "UID " : "", move ? "MOVE" : "COPY", set.text(), name));
  if (move && session.read_only) return expect_read_only(actor);
  const BoxPtr to = model_.find(name);
  std::vector<Uid> uids;
  bool gone = false;
  for (const std::size_t i : named(session, set, uid)) {
    if (session.view[i].ghost) gone = true;
    else uids.push_back(session.view[i].uid);
  }
  if (!to) {
    expect(actor, imap::Condition::no, "TRYCREATE");
  } else if (gone && !uid) {
    expect(actor, imap::Condition::no, "EXPUNGEISSUED");
  } else {
    const auto copied = model_.copy(*session.box, uids, *to);
    if (move) model_.expunge(*session.box, {uids.begin(), uids.end()});
    expect(actor, imap::Condition::ok, move || copied.empty() ? "" : "COPYUID");
    const imap::Code* code = !move && !copied.empty() && client.tagged ? &client.tagged->code : nullptr;
    for (const auto& condition : client.conditions)
      if (condition.code.name == "COPYUID") code = &condition.code;
    check_copied(actor, *to, copied, code);
  }
  finish(actor, true);
}

void Driver::expunge(Actor actor) {
  auto& [client, session] = actor;
  const bool uid = chance(40);
  const NumberSet set = uid ? NumberSet::random(dice_, most(session, true)) : NumberSet::all();
  say(actor, uid ? "UID EXPUNGE " + set.text() : "EXPUNGE");
  if (session.read_only) return expect_read_only(actor);
  std::set<Uid> deleted;
  for (const Letter& letter : session.box->letters) {
    if (!letter.flags.contains("\\Deleted")) continue;
    // UID EXPUNGE names what the client knows; EXPUNGE takes all that is marked.
    if (!uid || (session.index_of(letter.uid) && set.contains(letter.uid, session.largest_uid()))) deleted.insert(letter.uid);
  }
  model_.expunge(*session.box, deleted);
  expect(actor, imap::Condition::ok);
  finish(actor, true);
}

}  // namespace glasspost::sim::reference

// What a client remembers while it is away, and how it catches up: RFC 7162 sections 3.2.5 and 6.
#include <fmt/format.h>

#include <algorithm>

#include "tests/sim/sessions/commands.h"

namespace glasspost::sim::reference {

std::size_t Driver::number_of_actor(const Session& session) {
  std::size_t who = 0;
  while (&model_.session(who) != &session) ++who;
  return who;
}

// What was told of letters whose UID it does not know is lost on it.
void Driver::remember(std::size_t who) {
  const Session& session = model_.session(who);
  if (!clients_[who] || !session.box || !session.qresync) return;
  const Belief& belief = clients_[who]->belief;
  Remembered& kept = remembered_[who][open_[who]] = {session.box->validity, belief.modseq, {}};
  for (const Told& told : belief.letters) {
    if (!told.uid || !told.flags) continue;
    kept.letters[*told.uid] = *told.flags;
    kept.letters[*told.uid].erase("\\Recent");
  }
}

// `known`: the UIDs of which it wants to hear.
std::string Driver::resync_parameters(Actor actor, const std::string& name, std::set<Uid>& known) {
  const auto found = remembered_[number_of_actor(actor.session)].find(name);
  if (found == remembered_[number_of_actor(actor.session)].end() || found->second.modseq == 0) return "";
  const Remembered& kept = found->second;
  std::vector<Uid> uids;
  for (const auto& [uid, flags] : kept.letters) uids.push_back(uid), known.insert(uid);
  std::string parameters = fmt::format(" (QRESYNC ({} {}", kept.validity, kept.modseq);
  if (!uids.empty() && chance(70)) parameters += " " + imap::SequenceSet::of(uids).text();
  return parameters + "))";
}

// Every letter that it remembers is now as it is, or is known to be gone.
void Driver::check_resync(Actor actor, const std::string& name, const std::set<Uid>& known) {
  Remembered& kept = remembered_[number_of_actor(actor.session)][name];
  const Box& box = *actor.session.box;
  if (kept.validity != box.validity) {
    want(actor.client.vanished_earlier.empty() && actor.client.fetched.empty(), "another mailbox was resynchronised");
    kept = {};
    return;
  }
  for (const auto& fetched : actor.client.fetched) {
    want(fetched.uid && fetched.flags && fetched.modseq, "a resynchronisation tells less than UID, FLAGS and MODSEQ");
    if (!fetched.uid || !fetched.flags || !known.contains(*fetched.uid)) continue;
    kept.letters[*fetched.uid] = {fetched.flags->begin(), fetched.flags->end()};
    kept.letters[*fetched.uid].erase("\\Recent");
  }
  for (const Uid uid : actor.client.vanished_earlier) kept.letters.erase(uid);
  for (const Uid uid : known) {
    const Letter* letter = actor.session.box->find(uid);
    const auto believed = kept.letters.find(uid);
    if (!letter) want(believed == kept.letters.end(), fmt::format("UID {} is gone, and that was not told", uid));
    else if (believed == kept.letters.end()) fail(fmt::format("UID {} is there, and was told to be gone", uid));
    else want(believed->second == letter->flags, fmt::format("UID {} has changed, and that was not told", uid));
  }
}

// VANISHED tells UIDs: who has enabled it asks for those of what is new.
void Driver::learn_uids(Actor actor) {
  auto& [client, session] = actor;
  if (!session.qresync || !session.box || !problem_.empty()) return;
  const auto unknown = std::find_if(client.belief.letters.begin(), client.belief.letters.end(), [](const Told& told) { return !told.uid; });
  if (unknown == client.belief.letters.end()) return;
  const std::size_t first = std::size_t(unknown - client.belief.letters.begin()) + 1;
  if (session.idle) done(actor);
  say(actor, fmt::format("FETCH {}:{} (UID FLAGS RFC822.SIZE)", first, client.belief.letters.size()));
  expect(actor, imap::Condition::ok);
  finish(actor, false);
  compare(session, client, number_of_actor(session));
}

// Each MODSEQ that was told is the letter's.
void Driver::check_modseqs(Actor actor) {
  if (!actor.session.box) return;
  for (const auto& fetched : actor.client.fetched) {
    if (!fetched.uid || !fetched.modseq) continue;
    const auto index = actor.session.index_of(*fetched.uid);
    const Letter* letter = index ? nullptr : actor.session.box->find(*fetched.uid);
    const std::uint64_t modseq = index ? actor.session.letter(*index).modseq : letter ? letter->modseq : 0;
    want(fetched.modseq == modseq, fmt::format("UID {} is told to have MODSEQ {}, not {}", *fetched.uid, *fetched.modseq, modseq));
  }
}

}  // namespace glasspost::sim::reference

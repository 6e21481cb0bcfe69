#include "tests/sim/sessions/commands.h"

#include <fmt/format.h>

#include "tests/sim/sessions/driver.h"

namespace glasspost::sim::reference {
namespace {

constexpr std::string_view every_name[] = {"INBOX", "INBOX", "Work", "Work/Deep", "Old", "Old/Sub"};
constexpr std::string_view every_flag[] = {"\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Deleted", "\\Draft", "$Junk", "todo"};

std::string words(const FlagSet& flags) {
  std::string text;
  for (const std::string& flag : flags) text += (text.empty() ? "" : " ") + flag;
  return text;
}

}  // namespace

Driver::Driver(std::string& transcript) : transcript_(transcript) {
  users_.add("bob", "secret");
  for (std::size_t who = 0; who < sessions; ++who) reconnect(who);
}

void Driver::fail(const std::string& what) {
  if (problem_.empty()) problem_ = what;
}

void Driver::step(std::uint64_t seed) {
  dice_ = Random(seed);
  told_nothing_ = false;
  if (seed == lie) return void(store_.deliver("bob", make_content("Subject: unknown\r\n\r\n"), {.now = now}));
  const std::size_t who = dice_.below(sessions + 1);
  if (who < sessions && !chance(2)) {
    act({*clients_[who], model_.session(who)});
  } else if (who < sessions) {
    reconnect(who);
  } else if (chance(70)) {
    deliver();
  } else {
    collect_by_pop3();
  }
  listen_to_the_others(who);
}

// ---- outside

void Driver::deliver() {
  std::string subject;
  const std::string text = new_letter(subject);
  transcript_ += "MX: " + subject + "\n";
  want(store_.deliver("bob", make_content(text), {.now = now}).has_value(), "a delivery was refused");
  model_.add(*model_.find("INBOX"), subject, {});
}

// RFC 1939 section 6: what was marked goes when QUIT is said.
void Driver::collect_by_pop3() {
  Box& inbox = *model_.find("INBOX");
  std::set<Uid> gone;
  std::string script = "USER bob\r\nPASS secret\r\n";
  for (std::size_t i = 0; i < inbox.letters.size(); ++i) {
    if (!chance(25)) continue;
    script += fmt::format("DELE {}\r\n", i + 1);
    gone.insert(inbox.letters[i].uid);
  }
  transcript_ += fmt::format("P: {} of {} letters are deleted by POP3\n", gone.size(), inbox.letters.size());
  const auto peer = pop3_.accept({++connections_, now, "client", "192.0.2.1", nullptr});
  std::string said;
  const auto listen = [&] {
    for (std::string some = peer->take_output(now); !some.empty(); some = peer->take_output(now)) said += some;
  };
  listen();
  peer->receive(script + "QUIT\r\n", now, no_record);
  listen();
  want(said.find("-ERR") == std::string::npos, "POP3 refused: " + said);
  model_.expunge(inbox, gone);
}

void Driver::reconnect(std::size_t who) {
  remember(who);
  transcript_ += fmt::format("X{}:\n", who + 1);
  clients_[who].reset();
  clients_[who] = std::make_unique<Client>(imap_, ++connections_, now, &transcript_, std::to_string(who + 1));
  model_.session(who) = {};
  const Actor actor{*clients_[who], model_.session(who)};
  say(actor, "LOGIN bob secret");
  expect(actor, imap::Condition::ok, "CAPABILITY");
  const std::uint32_t way = dice_.below(5);  // 0, 1: plain; 2: CONDSTORE; 3, 4: QRESYNC
  if (way < 2) return;
  say(actor, way == 2 ? "ENABLE CONDSTORE" : chance(50) ? "ENABLE QRESYNC" : "ENABLE CONDSTORE QRESYNC");
  expect(actor, imap::Condition::ok);
  actor.session.condstore = actor.client.aware = true;
  actor.session.qresync = actor.client.quick = way != 2;
}

// ---- saying and checking

void Driver::say(Actor actor, const std::string& command) {
  tag_ = fmt::format("t{}", ++tags_);
  actor.client.say(tag_ + " " + command + "\r\n");
}

void Driver::expect(Actor actor, imap::Condition condition, std::string_view code) {
  const auto& tagged = actor.client.tagged;
  if (!tagged) return fail("nothing completed the command");
  // RFC 7162 section 3.2.7: where there is no other code this one may stand.
  if (code.empty() && tagged->code.name == "HIGHESTMODSEQ" && actor.session.qresync && tagged->condition == condition) return;
  want(tagged->condition == condition && tagged->code.name == code,
       fmt::format("{} [{}] was wanted", name_of(condition), code));
}

void Driver::expect_read_only(Actor actor) {
  expect(actor, imap::Condition::no);
  want(actor.client.lines == 1, "a command that is not legal here tells news");
  told_nothing_ = true;
}

void Driver::finish(Actor actor, bool expunges) {
  if (!expunges) want(actor.client.expunges == 0, "an EXPUNGE was told where none may be");
  check_modseqs(actor);
  Model::tell(actor.session, expunges);
  if (actor.session.qresync && actor.session.box && actor.client.told_modseq)
    want(*actor.client.told_modseq == actor.session.told_modseq(), "HIGHESTMODSEQ is wrong");
}

void Driver::compare(const Session& session, const Client& client, std::size_t who) {
  const auto wrong = [&](const std::string& what) { fail(fmt::format("client {}: {}", who + 1, what)); };
  if (!client.complaint.empty()) return fail(client.complaint);
  if (!session.box) return;
  const Belief& belief = client.belief;
  if (belief.letters.size() != session.view.size())
    return wrong(fmt::format("believes in {} letters, not {}", belief.letters.size(), session.view.size()));
  if (belief.recent != session.recent())
    return wrong(fmt::format("believes that {} are recent, not {}", belief.recent, session.recent()));
  for (std::size_t i = 0; i < session.view.size(); ++i) {
    const Told& told = belief.letters[i];
    if (told.uid && *told.uid != session.view[i].uid)
      return wrong(fmt::format("believes that letter {} has UID {}, not {}", i + 1, *told.uid, session.view[i].uid));
    // What was flagged and then expunged by another session need not be told twice.
    if (told.flags && !session.view[i].ghost && *told.flags != session.flags(i))
      return wrong(fmt::format("believes that letter {} has ({}), not ({})", i + 1, words(*told.flags), words(session.flags(i))));
  }
}

// Who idles is told at once, and told that there is something to say; who does not is told nothing.
void Driver::listen_to_the_others(std::size_t who) {
  if (who < sessions && !told_nothing_) {
    compare(model_.session(who), *clients_[who], who);
    learn_uids({*clients_[who], model_.session(who)});
  }
  for (std::size_t other = 0; other < sessions; ++other) {
    if (other == who) continue;
    Client& client = *clients_[other];
    Session& session = model_.session(other);
    const bool woken = client.woken();
    client.forget();
    client.listen();
    want(client.lines == 0 || session.idle, "a session that does not idle was told something unasked");
    want(client.lines == 0 || woken, "an idle session had news, and did not say so to its carrier");
    if (!session.idle) continue;
    Model::tell(session, true);
    compare(session, client, other);
    learn_uids({client, session});
  }
}

void Driver::learn_validity(Box& box, std::uint32_t validity) {
  if (box.validity == 0) {
    want(validity != 0 && validities_.insert(validity).second, "a UIDVALIDITY was given twice");
    box.validity = validity;
  }
  want(box.validity == validity, "a UIDVALIDITY has changed");
}

void Driver::learn_id(Box& box, const std::string& id) {
  if (box.id.empty()) {
    want(!id.empty() && ids_.insert(id).second, "a MAILBOXID was given twice");
    box.id = id;
  }
  want(box.id == id, "a MAILBOXID has changed");
}

void Driver::check_copied(Actor, Box& to, const Model::Copied& copied, const imap::Code* code) {
  if (copied.empty()) return want(!code, "COPYUID, and nothing was copied");
  const auto told = code ? copied_uids_of(*code) : std::nullopt;
  if (!told) return fail("COPYUID is missing");
  learn_validity(to, told->validity);
  std::vector<std::uint32_t> from_uids, to_uids;
  for (const auto& [from_uid, to_uid] : copied) from_uids.push_back(from_uid), to_uids.push_back(to_uid);
  want(told->from == imap::SequenceSet::of(from_uids) && told->to == imap::SequenceSet::of(to_uids), "COPYUID is wrong");
}

// ---- chance

std::string Driver::some_name() { return std::string(every_name[dice_.below(std::size(every_name))]); }

FlagSet Driver::some_flags() {
  FlagSet some;
  for (const std::string_view flag : every_flag)
    if (chance(25)) some.emplace(flag);
  return some;
}

std::string Driver::new_letter(std::string& subject) {
  subject = fmt::format("letter-{}", ++letters_);
  return fmt::format("Subject: {}\r\n\r\nbody\r\n", subject);
}

std::vector<std::size_t> Driver::named(const Session& session, const NumberSet& set, bool uid) const {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < session.view.size(); ++i) {
    const std::uint32_t number = uid ? session.view[i].uid : std::uint32_t(i + 1);
    const std::uint32_t largest = uid ? session.largest_uid() : std::uint32_t(session.view.size());
    if (set.contains(number, largest)) indices.push_back(i);
  }
  return indices;
}

std::uint32_t Driver::most(const Session& session, bool uid) const {
  return uid ? session.box->uid_next + 1 : std::uint32_t(session.view.size());
}

// ---- which command

void Driver::act(Actor actor) {
  if (actor.session.idle) return done(actor);
  if (!actor.session.box || chance(25)) return act_on_mailboxes(actor);
  act_on_letters(actor);
}

void Driver::act_on_mailboxes(Actor actor) {
  switch (dice_.below(12)) {
    case 0: return create(actor);
    case 1: return chance(50) ? remove(actor) : create(actor);
    case 2: return rename(actor);
    case 3: return status(actor);
    case 4:
    case 5: return append(actor);
    case 6: return idle(actor);
    case 7: return noop(actor);
    default: return select(actor);
  }
}

void Driver::act_on_letters(Actor actor) {
  switch (dice_.below(18)) {
    case 0:
    case 1:
    case 2:
    case 3: return fetch(actor);
    case 4:
    case 5:
    case 6:
    case 7: return store(actor);
    case 8:
    case 9: return search(actor);
    case 10:
    case 11: return copy_or_move(actor);
    case 12:
    case 13: return expunge(actor);
    case 14: return chance(30) ? close(actor) : noop(actor);
    case 15:
    case 16: return idle(actor);
    default: return noop(actor);
  }
}

}  // namespace glasspost::sim::reference

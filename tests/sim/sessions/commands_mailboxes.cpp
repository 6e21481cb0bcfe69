// Commands about mailboxes as wholes.
#include <fmt/format.h>

#include "tests/sim/sessions/commands.h"

namespace glasspost::sim::reference {
namespace {

const imap::Code* code_of(const std::vector<imap::ConditionData>& conditions, std::string_view name) {
  for (const auto& condition : conditions)
    if (condition.code.name == name) return &condition.code;
  return nullptr;
}

std::string list_of(const FlagSet& flags) {
  std::string text;
  for (const std::string& flag : flags) text += (text.empty() ? "" : " ") + flag;
  return text;
}

}  // namespace

void Driver::select(Actor actor) {
  auto& [client, session] = actor;
  const std::string name = some_name();
  const bool read_only = chance(20);
  remember(number_of_actor(session));
  if (!session.box) client.belief = {};
  const bool was_open = session.box != nullptr;
  std::set<Uid> known;
  const std::string parameters = session.qresync && chance(80) ? resync_parameters(actor, name, known) : "";
  say(actor, (read_only ? "EXAMINE " : "SELECT ") + name + parameters);
  want(!was_open || code_of(client.conditions, "CLOSED"), "nothing tells that the old mailbox is closed");
  const BoxPtr box = model_.find(name);
  if (!box) {  // what was open is open no longer
    Model::close(session);
    return expect(actor, imap::Condition::no, "NONEXISTENT");
  }
  expect(actor, imap::Condition::ok, read_only ? "READ-ONLY" : "READ-WRITE");
  model_.select(session, box, read_only);
  const auto* validity = code_of(client.conditions, "UIDVALIDITY");
  const auto* next = code_of(client.conditions, "UIDNEXT");
  if (!validity || !next) return fail("UIDVALIDITY or UIDNEXT is missing");
  learn_validity(*box, number_of(*validity).value_or(0));
  want(number_of(*next) == box->uid_next, "UIDNEXT is wrong");
  const auto* id = code_of(client.conditions, "MAILBOXID");
  if (!id || words_of(*id).empty()) return fail("MAILBOXID is missing");
  learn_id(*box, words_of(*id).front());
  std::optional<std::uint32_t> unseen;
  for (std::size_t i = session.view.size(); i-- > 0;)
    if (!session.letter(i).flags.contains("\\Seen")) unseen = std::uint32_t(i + 1);
  const auto* told = code_of(client.conditions, "UNSEEN");
  want((told ? number_of(*told) : std::nullopt) == unseen, "UNSEEN is wrong");
  open_[number_of_actor(session)] = name;
  if (session.condstore) want(client.told_modseq == box->modseq, "HIGHESTMODSEQ is wrong");
  check_modseqs(actor);
  if (!parameters.empty()) check_resync(actor, name, known);
}

void Driver::append(Actor actor) {
  const std::string name = some_name();
  const FlagSet flags = some_flags();
  std::string subject;
  const std::string text = new_letter(subject);
  say(actor, fmt::format("APPEND {} ({}) {{{}+}}\r\n{}", name, list_of(flags), text.size(), text));
  const BoxPtr box = model_.find(name);
  if (!box) {
    expect(actor, imap::Condition::no, "TRYCREATE");
    return finish(actor, true);
  }
  const Uid uid = model_.add(*box, subject, flags);
  expect(actor, imap::Condition::ok, "APPENDUID");
  finish(actor, true);
  const auto told = actor.client.tagged ? copied_uids_of(actor.client.tagged->code) : std::nullopt;
  if (!told) return;
  learn_validity(*box, told->validity);
  want(told->to == imap::SequenceSet::of(std::vector{uid}), "APPENDUID is wrong");
}

void Driver::status(Actor actor) {
  const std::string name = some_name();
  const bool asks_modseq = actor.session.condstore || chance(5);
  say(actor, "STATUS " + name + " (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN MAILBOXID" + (asks_modseq ? " HIGHESTMODSEQ)" : ")"));
  const BoxPtr box = model_.find(name);
  if (!box) {
    expect(actor, imap::Condition::no, "NONEXISTENT");
    return finish(actor, true);
  }
  expect(actor, imap::Condition::ok);
  if (asks_modseq) actor.session.condstore = actor.client.aware = true;
  if (!actor.client.status) return fail("STATUS is missing");
  for (const auto& [item, value, id] : actor.client.status->values) {
    switch (item) {
      case imap::StatusItem::messages: want(value == box->letters.size(), "MESSAGES is wrong"); break;
      case imap::StatusItem::recent: want(value == box->recent(), "RECENT is wrong"); break;
      case imap::StatusItem::uid_next: want(value == box->uid_next, "UIDNEXT is wrong"); break;
      case imap::StatusItem::uid_validity: learn_validity(*box, std::uint32_t(value)); break;
      case imap::StatusItem::unseen: want(value == box->unseen(), "UNSEEN is wrong"); break;
      case imap::StatusItem::mailbox_id: learn_id(*box, id); break;
      case imap::StatusItem::highest_modseq: want(value == box->modseq, "HIGHESTMODSEQ is wrong"); break;
      default: fail("STATUS tells what was not asked"); break;
    }
  }
  finish(actor, true);
}

void Driver::create(Actor actor) {
  const std::string name = some_name();
  say(actor, "CREATE " + name);
  if (model_.create(name)) {
    expect(actor, imap::Condition::ok, "MAILBOXID");
    const auto ids = actor.client.tagged ? words_of(actor.client.tagged->code) : std::vector<std::string>();
    learn_id(*model_.find(name), ids.empty() ? std::string() : ids.front());
  } else {
    expect(actor, imap::Condition::no, "ALREADYEXISTS");
  }
  finish(actor, true);
}

void Driver::remove(Actor actor) {
  const std::string name = some_name();
  say(actor, "DELETE " + name);
  const bool there = model_.boxes().contains(name);
  if (model_.remove(name)) expect(actor, imap::Condition::ok);
  else expect(actor, imap::Condition::no, there ? "CANNOT" : "NONEXISTENT");
  finish(actor, true);
}

void Driver::rename(Actor actor) {
  const std::string from = some_name(), to = some_name();
  say(actor, "RENAME " + from + " " + to);
  if (model_.rename(from, to)) expect(actor, imap::Condition::ok);
  else want(actor.client.tagged && actor.client.tagged->condition == imap::Condition::no, "NO was wanted");
  finish(actor, true);
}

void Driver::idle(Actor actor) {
  say(actor, "IDLE");
  want(actor.client.continued && !actor.client.tagged, "IDLE was not begun");
  actor.session.idle = true;
  Model::tell(actor.session, true);
}

void Driver::done(Actor actor) {
  actor.client.say(chance(50) ? "DONE\r\n" : "done\r\n");
  actor.session.idle = false;
  expect(actor, imap::Condition::ok);
  finish(actor, true);
}

void Driver::noop(Actor actor) {
  say(actor, actor.session.box && chance(30) ? "CHECK" : "NOOP");
  expect(actor, imap::Condition::ok);
  finish(actor, true);
}

void Driver::close(Actor actor) {
  auto& [client, session] = actor;
  remember(number_of_actor(session));
  const bool unselect = chance(40);
  say(actor, unselect ? "UNSELECT" : "CLOSE");
  expect(actor, imap::Condition::ok);
  want(client.expunges == 0, "CLOSE tells expunges");
  std::set<Uid> deleted;
  for (const Letter& letter : session.box->letters)
    if (letter.flags.contains("\\Deleted")) deleted.insert(letter.uid);
  if (!unselect && !session.read_only) model_.expunge(*session.box, deleted);
  Model::close(session);
}

}  // namespace glasspost::sim::reference

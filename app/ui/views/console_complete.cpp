#include "app/ui/views/console_complete.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/base/text.h"
#include "protocol/sasl/scram.h"
#include "protocol/sasl/steps.h"

namespace glasspost::ui {
namespace {

constexpr MessageId most_looked_at = 200;

// 0: leads on to another state; 1: stays, but belongs to where we are; 2: any time; 3: seldom.
int rank_of(const Floor& floor, const CommandRow& row) {
  if (row.name == "HELP" || row.name == "VRFY" || row.name == "EXPN" || row.name == "HELO" || row.name == "ID") return 3;
  if (row.name == "EHLO" || row.name == "LHLO") return floor.state == floor.machine->start ? 0 : 2;
  int rank = row.name == "NOOP" || row.name == "QUIT" || row.name == "LOGOUT" ? 2 : 1;
  for (const Transition& way : floor.machine->transitions)
    if (way.from == floor.state && way.command == row.name && way.to > floor.state && way.to != floor.machine->closed) rank = 0;
  return rank;
}

HostId client_of(const Floor& floor) { return floor.conversation ? floor.conversation->opened().client : 0; }
HostId server_of(const Floor& floor) { return floor.conversation ? floor.conversation->opened().server : 0; }

const sim::HostDescription* host(const Model& model, HostId id) {
  if (model.stage() != app::Stage::world || id == 0 || id > model.scenario().hosts.size()) return nullptr;
  return &model.scenario().host(id);
}

}  // namespace

// The owner's account, else one of the server's domain.
const sim::UserDescription* account_of(const Model& model, const Floor& floor) {
  if (model.stage() != app::Stage::world) return nullptr;
  const sim::HostDescription* device = host(model, client_of(floor));
  const sim::HostDescription* server = host(model, server_of(floor));
  const sim::UserDescription* found = nullptr;
  for (const sim::UserDescription& user : model.scenario().users) {
    const bool owner = device && device->owner == user.address;
    const bool here = server && !server->domain.empty() && user.address.ends_with("@" + server->domain);
    if (here && (owner || !found)) found = &user;
    if (here && owner) break;
  }
  return found;
}

std::string local_part(std::string_view address) { return std::string(address.substr(0, address.find('@'))); }

namespace {

void add_mailboxes_seen(const Floor& floor, std::vector<std::string>& names) {
  const MessageId from = floor.said > most_looked_at ? floor.said - most_looked_at : 0;
  for (MessageId id = from; id < floor.said; ++id) {
    const Message& message = floor.conversation->message(id);
    if (message.kind != MessageKind::untagged) continue;
    for (const Token& token : floor.conversation->tokens(message))
      if (token.role == Role::imap_mailbox) names.emplace_back(token.span.of(floor.conversation->text(message)));
  }
}

std::vector<std::string> mailboxes(const Model& model, const Floor& floor) {
  std::vector<std::string> names{"INBOX"};
  add_mailboxes_seen(floor, names);
  const sim::UserDescription* user = account_of(model, floor);
  if (user)
    for (const sim::Holding& holding : model.history().holdings())
      if (holding.holder == server_of(floor) && (holding.user == user->address || holding.user == local_part(user->address)))
        names.push_back(holding.mailbox);
  std::vector<std::string> unique;
  for (const std::string& name : names) {
    if (std::find(unique.begin(), unique.end(), name) != unique.end()) continue;
    unique.push_back(name);
  }
  return unique;
}

std::vector<std::string> mail_lines(const Model& model, const Floor& floor, std::string_view verb) {
  const sim::HostDescription* device = host(model, client_of(floor));
  std::vector<std::string> lines;
  const std::string name(verb);
  if (verb == "EHLO" || verb == "HELO" || verb == "LHLO") {
    if (device && device->kind != sim::HostKind::server && device->kind != sim::HostKind::store) lines.push_back(name + " [" + device->address + "]");
    else if (device) lines.push_back(name + " " + device->name);
    else lines.push_back(name + " [127.0.0.1]");
  } else if (verb == "MAIL" || verb == "RCPT") {
    const std::string before = verb == "MAIL" ? "MAIL FROM:<" : "RCPT TO:<";
    if (model.stage() == app::Stage::world) {
      const std::string& first = verb == "MAIL" ? model.scenario().sender : model.scenario().recipient;
      if (!first.empty()) lines.push_back(before + first + ">");
      for (const sim::UserDescription& user : model.scenario().users)
        if (user.address != first) lines.push_back(before + user.address + ">");
    }
    if (verb == "MAIL") lines.push_back(before + ">");
    if (lines.empty()) lines.push_back(before);
  } else if (verb == "AUTH") {
    lines = {"AUTH PLAIN", "AUTH LOGIN"};
  } else if (verb == "VRFY" || verb == "EXPN") {
    lines.push_back(name + " " + (model.stage() == app::Stage::world ? local_part(model.scenario().recipient) : ""));
  } else {
    lines.push_back(name);
  }
  return lines;
}

std::vector<std::string> imap_lines(const Model& model, const Floor& floor, std::string_view verb) {
  const std::string name(verb);
  const sim::UserDescription* user = account_of(model, floor);
  const auto with = [&](std::initializer_list<std::string_view> ends) {
    std::vector<std::string> lines;
    for (const std::string_view end : ends) lines.push_back(name + " " + std::string(end));
    return lines;
  };
  if (verb == "LOGIN") return {name + " " + (user ? local_part(user->address) + " " : std::string())};
  if (verb == "AUTHENTICATE") return with({"PLAIN"});
  if (verb == "SELECT" || verb == "EXAMINE" || verb == "DELETE" || verb == "SUBSCRIBE" || verb == "UNSUBSCRIBE" || verb == "RENAME" || verb == "STATUS") {
    std::vector<std::string> lines;
    for (const std::string& box : mailboxes(model, floor)) {
      if (box == "INBOX" && verb == "DELETE") continue;
      lines.push_back(name + " " + box + (verb == "STATUS" ? " (MESSAGES UNSEEN UIDNEXT)" : ""));
    }
    if (lines.empty()) lines.push_back(name + " ");
    return lines;
  }
  if (verb == "ENABLE") return with({"IMAP4rev2"});
  if (verb == "CREATE") return with({"Archive"});
  if (verb == "LIST" || verb == "LSUB") return with({"\"\" *", "\"\" %"});
  if (verb == "APPEND") return with({"INBOX {5}"});
  if (verb == "ID") return with({"NIL"});
  if (verb == "FETCH") return with({"1:* (FLAGS RFC822.SIZE)", "1 (BODY.PEEK[HEADER])", "1 (BODY.PEEK[])", "1 BODYSTRUCTURE", "1 ENVELOPE"});
  if (verb == "UID FETCH") return with({"1:* (FLAGS)", "1 (BODY.PEEK[])"});
  if (verb == "STORE" || verb == "UID STORE") return with({"1 +FLAGS (\\Seen)", "1 +FLAGS (\\Deleted)", "1 -FLAGS (\\Seen)"});
  if (verb == "SEARCH" || verb == "UID SEARCH") return with({"UNSEEN", "ALL", "SUBJECT \"\""});
  if (verb == "COPY" || verb == "UID COPY" || verb == "MOVE" || verb == "UID MOVE") {
    const auto boxes = mailboxes(model, floor);
    return with({"1 " + (boxes.size() > 1 ? boxes[1] : std::string("Archive"))});
  }
  if (verb == "SORT" || verb == "UID SORT") return with({"(SUBJECT) UTF-8 ALL", "(REVERSE DATE) UTF-8 UNSEEN"});
  if (verb == "THREAD" || verb == "UID THREAD") return with({"REFERENCES UTF-8 ALL"});
  if (verb == "REPLACE" || verb == "UID REPLACE") return with({"1 INBOX {5}"});
  if (verb == "GETMETADATA") return with({"INBOX /private/comment"});
  if (verb == "SETMETADATA") return with({"INBOX (/private/comment \"\")"});
  if (verb == "UID EXPUNGE") return with({"1"});
  return {name};
}

std::vector<std::string> pop3_lines(const Model& model, const Floor& floor, std::string_view verb) {
  const std::string name(verb);
  const sim::UserDescription* user = account_of(model, floor);
  if (verb == "USER") return {name + " " + (user ? local_part(user->address) : std::string())};
  if (verb == "PASS" || verb == "APOP") return {name + " "};
  if (verb == "AUTH") return {"AUTH PLAIN"};
  if (verb == "RETR" || verb == "DELE") return {name + " 1"};
  if (verb == "TOP") return {"TOP 1 0"};
  return {name};
}

std::vector<std::string> lines_of(const Model& model, const Floor& floor, std::string_view verb) {
  switch (floor.protocol()) {
    case Protocol::smtp:
    case Protocol::lmtp: return mail_lines(model, floor, verb);
    case Protocol::imap: return imap_lines(model, floor, verb);
    case Protocol::pop3: return pop3_lines(model, floor, verb);
    case Protocol::dns:
    case Protocol::tls: break;
  }
  return {};
}

// What was typed, as tag (with its space) and the rest. A first word that begins a legal command is no tag.
struct Tagged {
  std::string tag;
  std::string_view rest;
};
Tagged tagged(const Floor& floor, std::string_view typed) {
  if (floor.protocol() != Protocol::imap || floor.waits == Waits::done) return {{}, typed};
  const std::size_t space = typed.find(' ');
  if (space == std::string_view::npos || row_of(*floor.machine, to_upper(typed.substr(0, space)))) return {next_tag(floor), typed};
  return {std::string(typed.substr(0, space + 1)), typed.substr(space + 1)};
}

}  // namespace

std::vector<const CommandRow*> legal_rows(const Floor& floor) {
  std::vector<const CommandRow*> rows;
  if (!floor.machine || !floor.open) return rows;
  for (const CommandRow& row : floor.machine->commands)
    if (legal_now(floor, row)) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(), [&](const CommandRow* a, const CommandRow* b) { return rank_of(floor, *a) < rank_of(floor, *b); });
  return rows;
}

std::vector<const CommandRow*> refused_rows(const Floor& floor) {
  std::vector<const CommandRow*> rows;
  if (!floor.machine || !floor.open) return rows;
  for (const CommandRow& row : floor.machine->commands)
    if (!legal_now(floor, row) && is_alpha(row.name[0])) rows.push_back(&row);
  return rows;
}

std::string next_tag(const Floor& floor) {
  if (floor.protocol() != Protocol::imap || !floor.conversation) return {};
  for (MessageId id = floor.said; id-- > 0;) {
    const Message& message = floor.conversation->message(id);
    if (message.from != Side::client || message.kind != MessageKind::command) continue;
    const std::string_view line = floor.conversation->text(message);
    const std::string_view tag = line.substr(0, line.find_first_of(" \r\n"));
    std::size_t digits = tag.size();
    while (digits > 0 && is_digit(tag[digits - 1])) --digits;
    const std::string_view number = tag.substr(digits);
    const std::uint64_t next = to_u64(number).value_or(0) + 1;
    std::string written = std::to_string(next);
    while (written.size() < number.size()) written.insert(0, "0");
    return std::string(tag.substr(0, std::min<std::size_t>(digits, 16))) + written + " ";
  }
  return "a1 ";
}

std::string example_of(const Model& model, const Floor& floor, const CommandRow& row) {
  const auto lines = lines_of(model, floor, row.name);
  if (lines.empty()) return std::string(row.name);
  return (row.name == "DONE" || floor.waits == Waits::done ? std::string() : next_tag(floor)) + lines.front();
}

std::string completion_of(const Model& model, const Floor& floor, std::string_view typed) {
  if (!floor.held || !floor.machine) return {};
  if (floor.waits == Waits::done) return starts_with_ignoring_case("DONE", typed) ? "DONE" : "";
  if (floor.waits != Waits::command) return {};
  const Tagged words = tagged(floor, typed);
  if (words.rest.empty()) return words.tag;
  const auto rows = legal_rows(floor);
  for (const CommandRow* row : rows) {  // the verb first, then what may follow
    if (row->name.size() >= words.rest.size() && !starts_with_ignoring_case(row->name, words.rest)) continue;
    for (const std::string& line : lines_of(model, floor, row->name))
      if (line.size() > words.rest.size() && starts_with_ignoring_case(line, words.rest)) return words.tag + line;
    if (equal_ignoring_case(row->name, words.rest)) return {};
  }
  return {};
}

std::string ghost_of(std::string_view typed, std::string_view completion) {
  if (completion.size() <= typed.size() || !starts_with_ignoring_case(completion, typed)) return {};
  return std::string(completion.substr(typed.size()));
}

// A nonce that is good enough where nobody attacks, and the same whenever this moment is looked at.
std::string first_message(const Floor& floor, const sim::UserDescription& user) {
  const std::string nonce = fmt::format("{}.{}.{}", local_part(user.address), floor.conversation->id(), floor.said);
  return sasl::scram::gs2_header(sasl::scram::Binding::not_supported, {}, {}) + sasl::scram::client_first_bare(local_part(user.address), nonce);
}

namespace {

// The client's next message of SCRAM; empty: it is not known how, or nothing but an empty line is wanted.
std::string scram_answer(const Floor& floor, sasl::Mechanism mechanism, const sim::UserDescription& user) {
  if (floor.answers.empty()) return first_message(floor, user);
  if (floor.challenges.empty() || floor.answers.size() > 1) return {};
  const auto steps = sasl::scram_steps(mechanism, floor.answers.front(), floor.challenges.back(), user.password);
  if (!steps) return {};
  for (const sasl::CalculationStep& step : *steps)
    if (step.what == sasl::Quantity::answer) return step.octets;
  return {};
}

}  // namespace

Answer answer_of(const Model& model, const Floor& floor) {
  const sim::UserDescription* user = account_of(model, floor);
  if (!user || floor.waits != Waits::answer) return {};
  const std::string name = local_part(user->address);
  if (floor.mechanism == "PLAIN") return {name, base64_encode(std::string(1, '\0') + name + std::string(1, '\0') + user->password)};
  if (floor.mechanism == "CRAM-MD5" && !floor.challenge.empty())
    return {name, base64_encode(name + ' ' + sasl::cram_md5_digest(floor.challenge, user->password))};
  if (const auto mechanism = sasl::mechanism_named(floor.mechanism); mechanism && sasl::scram_hash(*mechanism))
    return {name, base64_encode(scram_answer(floor, *mechanism, *user))};
  if (floor.mechanism != "LOGIN") return {};
  return {name, base64_encode(starts_with_ignoring_case(floor.challenge, "pass") ? user->password : name)};
}

}  // namespace glasspost::ui

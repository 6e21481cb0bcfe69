#include "protocol/imap/command.h"

#include <array>

#include "protocol/imap/rules.h"

namespace glasspost::imap {
namespace {

template <class T>
CommandBody bare(Reader&, bool) { return T{}; }
// The rule of an extension's file.
template <auto parse>
CommandBody as_body(Reader& r, bool) { return parse(r); }

constexpr CommandRule rules[] = {
    {"FETCH", false, parse_fetch},
    {"FETCH", true, parse_fetch},
    {"STORE", false, parse_store},
    {"STORE", true, parse_store},
    {"SEARCH", false, parse_search},
    {"SEARCH", true, parse_search},
    {"SORT", false, parse_sort, Extension::sort},
    {"SORT", true, parse_sort, Extension::sort},
    {"THREAD", false, parse_thread, Extension::thread_subject},
    {"THREAD", true, parse_thread, Extension::thread_subject},
    {"COPY", false, parse_copy},
    {"COPY", true, parse_copy},
    {"MOVE", false, parse_move, Extension::move},
    {"MOVE", true, parse_move, Extension::move},
    {"EXPUNGE", false, parse_expunge},
    {"EXPUNGE", true, parse_expunge, Extension::uidplus},
    {"NOOP", false, bare<Noop>},
    {"IDLE", false, bare<Idle>, Extension::idle},
    {"SELECT", false, parse_select},
    {"EXAMINE", false, parse_examine},
    {"CLOSE", false, bare<Close>},
    {"UNSELECT", false, bare<Unselect>, Extension::unselect},
    {"CHECK", false, bare<Check>, Extension::imap4rev1, true},
    {"APPEND", false, parse_append},
    {"STATUS", false, parse_status},
    {"LIST", false, parse_list},
    {"LSUB", false, parse_lsub, Extension::imap4rev1, true},
    {"CREATE", false, parse_create},
    {"DELETE", false, parse_delete},
    {"RENAME", false, parse_rename},
    {"SUBSCRIBE", false, parse_subscribe},
    {"UNSUBSCRIBE", false, parse_unsubscribe},
    {"NAMESPACE", false, bare<Namespace>, Extension::namespace_},
    {"ID", false, parse_id, Extension::id},
    {"CAPABILITY", false, bare<Capability>},
    {"LOGIN", false, parse_login},
    {"AUTHENTICATE", false, parse_authenticate},
    {"STARTTLS", false, bare<Starttls>},
    {"LOGOUT", false, bare<Logout>},
    {"REPLACE", false, parse_replace, Extension::replace},
    {"REPLACE", true, parse_replace, Extension::replace},
    {"COMPRESS", false, as_body<parse_compress>, Extension::compress},
    {"ENABLE", false, as_body<parse_enable>, Extension::enable},
    {"GETMETADATA", false, as_body<parse_get_metadata>, Extension::metadata},
    {"GETQUOTA", false, as_body<parse_get_quota>, Extension::quota},
    {"GETQUOTAROOT", false, as_body<parse_get_quota_root>, Extension::quota},
    {"SETQUOTA", false, as_body<parse_set_quota>, Extension::quota},
    {"SETMETADATA", false, as_body<parse_set_metadata>, Extension::metadata},
};

const CommandRule* rule_of(std::string_view verb, bool after_uid) {
  for (const CommandRule& rule : rules)
    if (rule.after_uid == after_uid && equal_ignoring_case(rule.verb, verb)) return &rule;
  return nullptr;
}

// Words that make a line one that tries to log in, however badly: what follows them is not for anyone's eyes.
std::optional<Role> secret_behind(std::string_view word) {
  if (starts_with_ignoring_case(word, "LOGI")) return Role::imap_password;
  if (starts_with_ignoring_case(word, "AUTH")) return Role::imap_initial_response;
  return std::nullopt;
}

// command = tag SP (command-any / command-auth / command-nonauth / command-select) CRLF
Command command(Reader& r, std::optional<Role>& secret) {
  Command command;
  const std::size_t tag_at = r.position();
  const std::string_view tag = r.take_while(is_tag_char);
  if (tag.empty()) r.wanted("tag");
  r.mark(Role::imap_tag, tag_at);
  secret = secret_behind(tag);
  command.tag = tag;
  r.space();
  std::size_t verb_at = r.position();
  std::string_view verb = r.take_while(is_atom_char);
  bool uid = false;
  if (equal_ignoring_case(verb, "UID") && r.peek() == ' ') {
    r.mark(Role::imap_uid_prefix, verb_at);
    r.skip();
    uid = true;
    verb_at = r.position();
    verb = r.take_while(is_atom_char);
  }
  if (!r.ok()) return command;
  if (verb.empty()) {
    r.wanted("command");
    return command;
  }
  r.mark(Role::imap_verb, verb_at);
  if (!secret) secret = secret_behind(verb);
  const CommandRule* rule = rule_of(verb, uid);
  if (!rule || !r.has(rule->extension) || (rule->ends_with_rev1 && r.rev2())) {
    r.fail(Fault::unknown_command, verb_at, "command");
    return command;
  }
  command.body = rule->parse(r, uid);
  r.end();
  return command;
}

std::string_view without_crlf(std::string_view text) {
  return text.ends_with("\r\n") ? text.substr(0, text.size() - 2) : text;
}

struct VerbOf {
  std::string_view operator()(const Capability&) const { return "CAPABILITY"; }
  std::string_view operator()(const Noop&) const { return "NOOP"; }
  std::string_view operator()(const Logout&) const { return "LOGOUT"; }
  std::string_view operator()(const Starttls&) const { return "STARTTLS"; }
  std::string_view operator()(const Authenticate&) const { return "AUTHENTICATE"; }
  std::string_view operator()(const Login&) const { return "LOGIN"; }
  std::string_view operator()(const Select& s) const { return s.read_only ? "EXAMINE" : "SELECT"; }
  std::string_view operator()(const Create&) const { return "CREATE"; }
  std::string_view operator()(const Delete&) const { return "DELETE"; }
  std::string_view operator()(const Rename&) const { return "RENAME"; }
  std::string_view operator()(const Subscribe&) const { return "SUBSCRIBE"; }
  std::string_view operator()(const Unsubscribe&) const { return "UNSUBSCRIBE"; }
  std::string_view operator()(const List& l) const { return l.subscribed ? "LSUB" : "LIST"; }
  std::string_view operator()(const Status&) const { return "STATUS"; }
  std::string_view operator()(const Append&) const { return "APPEND"; }
  std::string_view operator()(const Check&) const { return "CHECK"; }
  std::string_view operator()(const Close&) const { return "CLOSE"; }
  std::string_view operator()(const Unselect&) const { return "UNSELECT"; }
  std::string_view operator()(const Expunge& e) const { return e.uids ? "UID EXPUNGE" : "EXPUNGE"; }
  std::string_view operator()(const Search& s) const { return s.uid ? "UID SEARCH" : "SEARCH"; }
  std::string_view operator()(const Fetch& f) const { return f.uid ? "UID FETCH" : "FETCH"; }
  std::string_view operator()(const Store& s) const { return s.uid ? "UID STORE" : "STORE"; }
  std::string_view operator()(const Copy& c) const { return c.uid ? "UID COPY" : "COPY"; }
  std::string_view operator()(const Move& m) const { return m.uid ? "UID MOVE" : "MOVE"; }
  std::string_view operator()(const Idle&) const { return "IDLE"; }
  std::string_view operator()(const Namespace&) const { return "NAMESPACE"; }
  std::string_view operator()(const Id&) const { return "ID"; }
  std::string_view operator()(const Enable&) const { return "ENABLE"; }
  std::string_view operator()(const Compress&) const { return "COMPRESS"; }
  std::string_view operator()(const GetMetadata&) const { return "GETMETADATA"; }
  std::string_view operator()(const Sort& s) const { return s.uid ? "UID SORT" : "SORT"; }
  std::string_view operator()(const Thread& t) const { return t.uid ? "UID THREAD" : "THREAD"; }
  std::string_view operator()(const Replace& r) const { return r.uid ? "UID REPLACE" : "REPLACE"; }
  std::string_view operator()(const GetQuota&) const { return "GETQUOTA"; }
  std::string_view operator()(const GetQuotaRoot&) const { return "GETQUOTAROOT"; }
  std::string_view operator()(const SetQuota&) const { return "SETQUOTA"; }
  std::string_view operator()(const SetMetadata&) const { return "SETMETADATA"; }
};

}  // namespace

bool ends_with_rev1(std::string_view verb) {
  const CommandRule* rule = rule_of(verb, false);
  return rule && rule->ends_with_rev1;
}

std::string_view verb_of(const CommandBody& body) { return std::visit(VerbOf{}, body); }

Result<Command> parse_command(std::string_view text, Tokens* tokens, const GrammarLimits& limits, const Dialect& dialect) {
  Reader reader(without_crlf(text), tokens, {.nesting = limits.nesting, .list = limits.list, .dialect = dialect});
  std::optional<Role> secret;
  Command parsed = command(reader, secret);
  if (!reader.ok() && tokens && !secret) {  // the verb was not even reached: too many spaces, a tab
    const std::size_t marked = tokens->all().empty() ? 0 : tokens->all().back().span.end;
    secret = secret_behind(trim(text.substr(marked)));
  }
  if (!reader.ok() && secret) reader.hide_rest(*secret);
  if (tokens) tokens->finish(text);
  if (!reader.ok()) return tl::unexpected(*reader.error());
  return parsed;
}

std::string_view tag_of(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && is_tag_char(text[size])) ++size;
  return size < text.size() && text[size] != ' ' && text[size] != '\r' ? std::string_view() : text.substr(0, size);
}

}  // namespace glasspost::imap

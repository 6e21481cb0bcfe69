#include "protocol/imap/response.h"

#include "protocol/imap/response_rules.h"
#include "protocol/sasl/mechanism.h"

namespace glasspost::imap {
namespace {

struct ConditionName {
  std::string_view name;
  Condition condition;
};
constexpr ConditionName conditions[] = {{"OK", Condition::ok},
                                        {"NO", Condition::no},
                                        {"BAD", Condition::bad},
                                        {"BYE", Condition::bye},
                                        {"PREAUTH", Condition::preauth}};

std::optional<Condition> condition_named(std::string_view word) {
  for (const ConditionName& entry : conditions)
    if (equal_ignoring_case(entry.name, word)) return entry.condition;
  return std::nullopt;
}

Role role_of_code_word(std::string_view code, char first) {
  if (code == "CAPABILITY") return Role::imap_capability;
  if (code == "PERMANENTFLAGS") return Role::imap_flag;
  if (code == "BADCHARSET") return Role::imap_charset;
  if (code == "HIGHESTMODSEQ") return Role::imap_modseq;
  if (code == "MODIFIED") return Role::imap_sequence_set;
  if (code == "COPYUID" || code == "APPENDUID") return Role::imap_uid_set;
  return first == '\\' ? Role::imap_flag : Role::imap_code_value;
}

// "[" resp-text-code "]": name and arguments; what the arguments mean is for number_of(), words_of(), copied_uids_of().
Code response_code(Reader& r) {
  Code code;
  const std::size_t bracket = r.position();
  r.skip();
  r.mark(Role::imap_paren, bracket);
  code.name = to_upper(r.atom(Role::imap_code, "resp-text-code"));
  if (r.take(' ')) {
    const std::size_t arguments = r.position();
    bool first_word = true;
    while (r.ok() && !r.done() && r.peek() != ']') {
      const std::size_t begin = r.position();
      if (r.take_open() || r.take_close() || r.take(' ')) continue;
      const char first = r.peek();
      if (first == '"') {
        r.string(role_of_code_word(code.name, first));
        continue;
      }
      r.take_while([](char c) { return c != ' ' && c != '(' && c != ')' && c != ']' && c != '"'; });
      // The first number of APPENDUID and COPYUID is the mailbox's UIDVALIDITY.
      const bool validity = first_word && code.name.ends_with("UID");
      r.mark(validity ? Role::imap_code_value : role_of_code_word(code.name, first), begin);
      first_word = false;
    }
    code.arguments = r.text().substr(arguments, r.position() - arguments);
  }
  const std::size_t closing = r.position();
  if (!r.take(']')) r.wanted("\"]\"");
  r.mark(Role::imap_paren, closing);
  if (r.peek() == ' ') r.skip();
  return code;
}

// resp-text = ["[" resp-text-code "]" SP] text. Servers leave the text out, though they must not.
void response_text(Reader& r, Code& code, std::string& text) {
  if (r.peek() == '[') code = response_code(r);
  if (!r.ok()) return;
  const std::size_t begin = r.position();
  text = r.rest();
  r.skip(text.size());
  r.mark(Role::text, begin);
}

ConditionData condition_data(Reader& r, Condition condition) {
  ConditionData data;
  data.condition = condition;
  if (r.take(' ')) response_text(r, data.code, data.text);
  return data;
}

// capability-data = "CAPABILITY" *(SP capability)
CapabilityData capability_data(Reader& r) {
  CapabilityData data;
  while (r.take(' ')) {
    if (r.done() || !r.room_for(data.names.size())) break;
    data.names.push_back(to_upper(r.atom(Role::imap_capability, "capability")));
  }
  return data;
}

// "STATUS" SP mailbox SP "(" [status-att SP number *(SP status-att SP number)] ")"
StatusData status_data(Reader& r) {
  StatusData data;
  r.space();
  data.mailbox = r.mailbox();
  r.space();
  data.values = parse_status_values(r);
  return data;
}

// "SEARCH" [1*(SP nz-number) [SP search-sort-mod-seq]]
SearchData search_data(Reader& r, bool uids) {
  SearchData data;
  while (r.take(' ')) {
    if (r.done() || !r.room_for(data.numbers.size())) break;
    if (r.peek() == '(') {
      data.modseq = parse_found_mod_sequence(r);
      break;
    }
    data.numbers.push_back(r.nz_number(uids ? Role::imap_uid : Role::imap_sequence_number));
  }
  return data;
}

// Namespace = nil / "(" 1*("(" string SP (DQUOTE QUOTED-CHAR DQUOTE / nil) *(Namespace-Response-Extension) ")") ")"
std::vector<NamespaceEntry> namespace_entries(Reader& r) {
  std::vector<NamespaceEntry> entries;
  r.space();
  if (r.take_nil()) return entries;
  r.open();
  while (r.take_open()) {
    if (!r.room_for(entries.size())) break;
    NamespaceEntry entry;
    std::string prefix = r.string(Role::imap_namespace_value);
    entry.prefix = r.name_from_wire(std::move(prefix), r.position());
    r.space();
    entry.delimiter = delimiter(r);
    while (r.take(' ')) skip_value(r, Role::imap_namespace_value);
    r.close();
    entries.push_back(std::move(entry));
  }
  r.close();
  return entries;
}

NamespaceData namespace_data(Reader& r) {
  NamespaceData data;
  data.personal = namespace_entries(r);
  data.others = namespace_entries(r);
  data.shared = namespace_entries(r);
  return data;
}

// What an extension says that we do not know is words to us.
OtherData other_data(Reader& r, std::string_view name) {
  if (r.take(' ')) {
    const std::size_t begin = r.position();
    r.skip(r.rest().size());
    r.mark(Role::text, begin);
  }
  return {to_upper(name)};
}

// message-data = nz-number SP ("EXPUNGE" / ("FETCH" SP msg-att));  mailbox-data: number SP "EXISTS" / "RECENT"
ResponseBody numbered_data(Reader& r) {
  std::string_view word = r.rest();
  word.remove_prefix(std::min(word.find(' '), word.size()));
  word.remove_prefix(word.empty() ? 0 : 1);
  const bool about_message = starts_with_ignoring_case(word, "FETCH") || starts_with_ignoring_case(word, "EXPUNGE");
  const std::uint32_t number = about_message ? r.nz_number(Role::imap_sequence_number) : r.number(Role::imap_number);
  r.space();
  const std::string_view name = r.atom(Role::imap_response, "EXISTS, RECENT, EXPUNGE or FETCH");
  if (equal_ignoring_case(name, "EXISTS")) return ExistsData{number};
  if (equal_ignoring_case(name, "RECENT")) return RecentData{number};
  if (equal_ignoring_case(name, "EXPUNGE")) return ExpungeData{number};
  if (equal_ignoring_case(name, "FETCH")) {
    r.space();
    return parse_fetch_data(r, number);
  }
  return other_data(r, name);
}

struct ResponseRule {
  std::string_view name;
  ResponseBody (*parse)(Reader&);
};
template <auto parse>
ResponseBody as_body(Reader& r) { return parse(r); }
IdData id_data(Reader& r) { return {id_params_list(r)}; }

constexpr ResponseRule of_extensions[] = {
    {"ENABLED", as_body<parse_enabled>},
    {"ESEARCH", as_body<parse_esearch>},
    {"ID", as_body<id_data>},
    {"METADATA", as_body<parse_metadata>},
    {"NAMESPACE", as_body<namespace_data>},
    {"QUOTA", as_body<parse_quota>},
    {"QUOTAROOT", as_body<parse_quota_root>},
    {"VANISHED", as_body<parse_vanished>},
};

ResponseBody untagged(Reader& r, const ResponseOptions& options) {
  if (is_digit(r.peek())) return numbered_data(r);
  const std::size_t begin = r.position();
  const std::string_view name = r.take_while(is_atom_char);
  if (name.empty()) r.wanted("response-data");
  const auto condition = condition_named(name);
  r.mark(condition ? Role::imap_status : Role::imap_response, begin);
  if (condition) return condition_data(r, *condition);
  if (equal_ignoring_case(name, "CAPABILITY")) return capability_data(r);
  if (equal_ignoring_case(name, "LIST")) return parse_list_data(r, false);
  if (equal_ignoring_case(name, "LSUB")) return parse_list_data(r, true);
  if (equal_ignoring_case(name, "STATUS")) return status_data(r);
  if (equal_ignoring_case(name, "SEARCH")) return search_data(r, options.search_uids);
  if (equal_ignoring_case(name, "SORT")) return parse_sort_data(r, options.search_uids);
  if (equal_ignoring_case(name, "THREAD")) return parse_thread_data(r, options.search_uids);
  if (equal_ignoring_case(name, "FLAGS")) {
    r.space();
    return FlagsData{r.flag_list()};
  }
  for (const ResponseRule& rule : of_extensions)
    if (equal_ignoring_case(name, rule.name)) return rule.parse(r);
  return other_data(r, name);
}

// continue-req = "+" SP (resp-text / base64)
Continuation continuation(Reader& r, bool challenge) {
  Continuation data;
  if (!r.take(' ')) return data;
  if (!challenge) {
    response_text(r, data.code, data.text);
    return data;
  }
  const std::size_t begin = r.position();
  data.text = r.rest();
  r.skip(data.text.size());
  r.mark(sasl::is_server_proof(data.text) ? Role::sasl_server_proof : Role::imap_challenge, begin);
  return data;
}

Response response(Reader& r, const ResponseOptions& options) {
  Response response;
  const std::size_t begin = r.position();
  if (r.take('*')) {
    r.mark(Role::imap_untagged, begin);
    response.tag = "*";
    r.space();
    response.body = untagged(r, options);
  } else if (r.take('+')) {
    r.mark(Role::imap_continue, begin);
    response.tag = "+";
    response.body = continuation(r, options.challenge);
  } else {
    response.tag = r.take_while(is_tag_char);
    if (response.tag.empty()) r.wanted("tag, \"*\" or \"+\"");
    r.mark(Role::imap_tag, begin);
    r.space();
    const std::size_t word = r.position();
    const auto condition = condition_named(r.take_while(is_atom_char));
    if (!condition || *condition == Condition::bye || *condition == Condition::preauth) {
      r.fail(Fault::syntax, word, "resp-cond-state");
      return response;
    }
    r.mark(Role::imap_status, word);
    response.body = condition_data(r, *condition);
  }
  r.end();
  return response;
}

struct NameOf {
  std::string_view operator()(const ConditionData& d) const { return name_of(d.condition); }
  std::string_view operator()(const CapabilityData&) const { return "CAPABILITY"; }
  std::string_view operator()(const ListData& d) const { return d.subscribed ? "LSUB" : "LIST"; }
  std::string_view operator()(const StatusData&) const { return "STATUS"; }
  std::string_view operator()(const SearchData&) const { return "SEARCH"; }
  std::string_view operator()(const FlagsData&) const { return "FLAGS"; }
  std::string_view operator()(const ExistsData&) const { return "EXISTS"; }
  std::string_view operator()(const RecentData&) const { return "RECENT"; }
  std::string_view operator()(const ExpungeData&) const { return "EXPUNGE"; }
  std::string_view operator()(const FetchData&) const { return "FETCH"; }
  std::string_view operator()(const NamespaceData&) const { return "NAMESPACE"; }
  std::string_view operator()(const IdData&) const { return "ID"; }
  std::string_view operator()(const EnabledData&) const { return "ENABLED"; }
  std::string_view operator()(const SortData&) const { return "SORT"; }
  std::string_view operator()(const ThreadData&) const { return "THREAD"; }
  std::string_view operator()(const MetadataData&) const { return "METADATA"; }
  std::string_view operator()(const QuotaData&) const { return "QUOTA"; }
  std::string_view operator()(const QuotaRootData&) const { return "QUOTAROOT"; }
  std::string_view operator()(const EsearchData&) const { return "ESEARCH"; }
  std::string_view operator()(const VanishedData&) const { return "VANISHED"; }
  std::string_view operator()(const Continuation&) const { return "+"; }
  std::string_view operator()(const OtherData& d) const { return d.name; }
};

}  // namespace

// DQUOTE QUOTED-CHAR DQUOTE / nil
std::optional<char> delimiter(Reader& r) {
  if (r.take_nil()) return std::nullopt;
  const std::size_t begin = r.position();
  const std::string value = r.string(Role::imap_delimiter, "QUOTED-CHAR");
  if (value.size() != 1) {
    r.fail(Fault::syntax, begin, "QUOTED-CHAR");
    return std::nullopt;
  }
  return value.front();
}

// id_params_list = "(" [string SP nstring *(SP string SP nstring)] ")" / nil
IdFields id_params_list(Reader& r) {
  IdFields fields;
  r.space();
  if (r.take_nil()) return fields;
  r.open();
  if (r.take_close()) return fields;
  do {
    if (!r.room_for(fields.size())) break;
    std::string field = r.string(Role::imap_id_field);
    r.space();
    auto value = r.nstring(Role::imap_id_value);
    fields.emplace_back(std::move(field), std::move(value));
  } while (r.take(' '));
  r.close();
  return fields;
}

Result<Response> parse_response(std::string_view text, Tokens* tokens, const ResponseOptions& options) {
  const std::string_view line = text.ends_with("\r\n") ? text.substr(0, text.size() - 2) : text;
  Reader reader(line, tokens, {.lenient = true, .nesting = options.nesting, .list = options.list, .dialect = {.utf8 = options.utf8}});
  Response parsed = response(reader, options);
  if (tokens) tokens->finish(text);
  if (!reader.ok()) return tl::unexpected(*reader.error());
  return parsed;
}

std::string_view name_of(const ResponseBody& body) { return std::visit(NameOf{}, body); }

std::optional<std::uint32_t> number_of(const Code& code) {
  const auto number = to_u32(code.arguments);
  return number == 0U ? std::nullopt : number;  // nz-number
}

std::optional<ModSeq> modseq_of(const Code& code) {
  const auto modseq = code.name == "HIGHESTMODSEQ" ? to_u64(code.arguments) : std::nullopt;
  return modseq == 0U || modseq > most_modseq ? std::nullopt : modseq;
}

std::vector<std::string> words_of(const Code& code) {
  std::vector<std::string> words;
  std::string_view rest = code.arguments;
  if (rest.starts_with('(') && rest.ends_with(')')) rest = rest.substr(1, rest.size() - 2);
  for (std::string_view word : split(rest, ' ')) {
    if (word.size() >= 2 && word.starts_with('"') && word.ends_with('"')) word = word.substr(1, word.size() - 2);
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

std::optional<CopiedUids> copied_uids_of(const Code& code) {
  const auto words = split(code.arguments, ' ');
  const bool copy = code.name == "COPYUID";
  if ((!copy && code.name != "APPENDUID") || words.size() != (copy ? 3U : 2U)) return std::nullopt;
  const auto validity = to_u32(words[0]);
  auto first = parse_sequence_set(words[1]);
  if (!validity || !first) return std::nullopt;
  if (!copy) return CopiedUids{*validity, {}, std::move(*first)};
  auto second = parse_sequence_set(words[2]);
  if (!second) return std::nullopt;
  return CopiedUids{*validity, std::move(*first), std::move(*second)};
}

}  // namespace glasspost::imap

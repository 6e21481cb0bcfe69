#include "protocol/imap/encode.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/imap/encode_structure.h"
#include "protocol/imap/extensions/base.h"
#include "protocol/imap/extensions/objectid.h"
#include "protocol/imap/reader.h"
#include "protocol/imap/rules.h"
#include "protocol/imap/utf7.h"

namespace glasspost::imap {
namespace {

template <class Number>
void write_number(std::string& out, Number value) {
  fmt::format_to(std::back_inserter(out), "{}", value);
}

void write_literal(std::string& out, std::string_view value, LiteralForm form) {
  out += literal_head(value.size(), form);
  out += value;
}

template <class Items>
void write_words(std::string& out, const Items& items) {
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ' ';
    first = false;
    out += item;
  }
}

// A server's own words can hold a name that is not UTF-8 only by our own mistake; it is then sent as it is.
std::string wire_name(std::string_view name, const WritingStyle& style) {
  if (style.utf8) return std::string(name);
  auto wire = utf7_encode(name);
  return wire ? std::move(*wire) : std::string(name);
}

void write_delimiter(std::string& out, std::optional<char> delimiter) {
  if (!delimiter) {
    out += "NIL";
    return;
  }
  write_string(out, std::string_view(&*delimiter, 1));
}

// A name in quotes; with 8 bits where UTF-8 is spoken, else what cannot stand so is a literal.
void write_quoted_name(std::string& out, std::string_view name, const WritingStyle& style) {
  const auto fits = [](char c) { return is_quotable(c) || is_eight_bit(c); };
  if (!style.utf8 || !std::all_of(name.begin(), name.end(), fits)) return write_string(out, name, style.literals);
  out += '"';
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

Code code_of(std::string_view name, std::string arguments) { return {std::string(name), std::move(arguments)}; }

void write_entries(std::string& out, std::span<const NamespaceEntry> entries, const WritingStyle& style) {
  if (entries.empty()) {
    out += "NIL";
    return;
  }
  out += '(';
  for (const NamespaceEntry& entry : entries) {
    out += '(';
    write_quoted_name(out, wire_name(entry.prefix, style), style);
    out += ' ';
    write_delimiter(out, entry.delimiter);
    out += ')';
  }
  out += ')';
}

}  // namespace

std::string literal_head(std::uint64_t octets, LiteralForm form) {
  const bool plus = form == LiteralForm::plus || (form == LiteralForm::minus && octets <= longest_minus_literal);
  return fmt::format("{{{}{}}}\r\n", octets, plus ? "+" : "");
}

void write_string(std::string& out, std::string_view value, LiteralForm form) {
  constexpr std::size_t longest_quoted = 1024;  // so that lines stay short, whatever a value holds
  if (value.size() > longest_quoted || !std::all_of(value.begin(), value.end(), is_quotable))
    return write_literal(out, value, form);
  out += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void write_astring(std::string& out, std::string_view value, LiteralForm form) {
  const bool bare = !value.empty() && value.size() <= 1024 && std::all_of(value.begin(), value.end(), is_astring_char);
  // A bare NIL would be taken for no string at all by some.
  if (bare && !equal_ignoring_case(value, "NIL")) out += value;
  else write_string(out, value, form);
}

void write_nstring(std::string& out, const std::optional<std::string>& value) {
  if (value) write_string(out, *value);
  else out += "NIL";
}

void write_mailbox(std::string& out, std::string_view utf8_name, const WritingStyle& style) {
  const std::string wire = wire_name(utf8_name, style);
  if (std::any_of(wire.begin(), wire.end(), is_eight_bit)) write_quoted_name(out, wire, style);
  else write_astring(out, wire, style.literals);
}

void write_flags(std::string& out, std::span<const std::string> flags) {
  out += '(';
  write_words(out, flags);
  out += ')';
}

void write_section(std::string& out, const Section& section) {
  out += '[';
  for (std::size_t i = 0; i < section.path.size(); ++i) {
    if (i > 0) out += '.';
    write_number(out, section.path[i]);
  }
  if (!section.path.empty() && section.what != Section::What::everything) out += '.';
  switch (section.what) {
    case Section::What::everything: break;
    case Section::What::header: out += "HEADER"; break;
    case Section::What::text: out += "TEXT"; break;
    case Section::What::mime: out += "MIME"; break;
    case Section::What::header_fields:
    case Section::What::header_fields_not:
      out += section.what == Section::What::header_fields ? "HEADER.FIELDS (" : "HEADER.FIELDS.NOT (";
      for (std::size_t i = 0; i < section.fields.size(); ++i) {
        if (i > 0) out += ' ';
        write_astring(out, section.fields[i]);
      }
      out += ')';
      break;
  }
  out += ']';
}

void write_fetch_item(std::string& out, const FetchItem& item) {
  out += name_of(item.kind);
  if (item.lazy) out += " (LAZY)";
  if (item.kind != FetchKind::section && item.kind != FetchKind::binary && item.kind != FetchKind::binary_size) return;
  if (item.peek) out += ".PEEK";
  write_section(out, item.section);
  if (item.partial) fmt::format_to(std::back_inserter(out), "<{}.{}>", item.partial->offset, item.partial->count);
}

Code Code::uid_next(std::uint32_t uid) { return code_of("UIDNEXT", fmt::format("{}", uid)); }
Code Code::uid_validity(std::uint32_t validity) { return code_of("UIDVALIDITY", fmt::format("{}", validity)); }
Code Code::unseen(std::uint32_t sequence) { return code_of("UNSEEN", fmt::format("{}", sequence)); }
Code Code::permanent_flags(std::span<const std::string> flags) {
  std::string list;
  write_flags(list, flags);
  return code_of("PERMANENTFLAGS", std::move(list));
}
// resp-code-apnd = "APPENDUID" SP nz-number SP append-uid
Code Code::append_uid(std::uint32_t validity, const SequenceSet& uids) {
  return code_of("APPENDUID", fmt::format("{} {}", validity, uids.text()));
}
// resp-code-copy = "COPYUID" SP nz-number SP uid-set SP uid-set
Code Code::copy_uid(std::uint32_t validity, const SequenceSet& from, const SequenceSet& to) {
  return code_of("COPYUID", fmt::format("{} {} {}", validity, from.text(), to.text()));
}
Code Code::highest_modseq(std::uint64_t modseq) { return code_of("HIGHESTMODSEQ", fmt::format("{}", modseq)); }
Code Code::modified(const SequenceSet& set) { return code_of("MODIFIED", set.text()); }
Code Code::mailbox_id(const std::string& id) { return code_of("MAILBOXID", '(' + id + ')'); }
Code Code::bad_charset(std::span<const std::string> charsets) {
  std::string list;
  if (!charsets.empty()) {
    list += '(';
    for (std::size_t i = 0; i < charsets.size(); ++i) {
      if (i > 0) list += ' ';
      write_astring(list, charsets[i]);
    }
    list += ')';
  }
  return code_of("BADCHARSET", std::move(list));
}

std::string_view name_of(Condition condition) {
  switch (condition) {
    case Condition::ok: return "OK";
    case Condition::no: return "NO";
    case Condition::bad: return "BAD";
    case Condition::bye: return "BYE";
    case Condition::preauth: return "PREAUTH";
  }
  return "";
}

void write_text(std::string& out, std::string_view text) {
  for (const char c : text) out += is_quotable(c) ? c : '?';
}

void write_condition(std::string& out, Condition condition, const Code& code, std::string_view text) {
  out += name_of(condition);
  out += ' ';
  if (!code.name.empty()) {
    out += '[';
    out += code.name;
    if (!code.arguments.empty()) (out += ' ') += code.arguments;
    out += "] ";
  }
  write_text(out, text.empty() ? "Done" : text);  // text = 1*TEXT-CHAR: it cannot be empty
  out += "\r\n";
}

FetchWriter::FetchWriter(std::string& out, std::uint32_t sequence) : out_(out) {
  fmt::format_to(std::back_inserter(out_), "* {} FETCH (", sequence);
}

void FetchWriter::item(std::string_view name) {
  if (!first_) out_ += ' ';
  first_ = false;
  out_ += name;
  out_ += ' ';
}

FetchWriter& FetchWriter::uid(std::uint32_t uid) {
  item("UID");
  write_number(out_, uid);
  return *this;
}
FetchWriter& FetchWriter::flags(std::span<const std::string> flags) {
  item("FLAGS");
  write_flags(out_, flags);
  return *this;
}
FetchWriter& FetchWriter::modseq(std::uint64_t modseq) {
  item("MODSEQ");
  fmt::format_to(std::back_inserter(out_), "({})", modseq);
  return *this;
}
FetchWriter& FetchWriter::internal_date(const DateTime& date) {
  item("INTERNALDATE");
  ((out_ += '"') += date_time_text(date)) += '"';
  return *this;
}
FetchWriter& FetchWriter::save_date(const DateTime& date) {
  item("SAVEDATE");
  ((out_ += '"') += date_time_text(date)) += '"';
  return *this;
}
FetchWriter& FetchWriter::size(std::uint64_t octets) {
  item("RFC822.SIZE");
  write_number(out_, octets);
  return *this;
}
FetchWriter& FetchWriter::envelope(const mime::Envelope& envelope) {
  item("ENVELOPE");
  write_envelope(out_, envelope);
  return *this;
}
FetchWriter& FetchWriter::body(const mime::Part& part) {
  item("BODY");
  write_structure(out_, part, false);
  return *this;
}
FetchWriter& FetchWriter::body_structure(const mime::Part& part) {
  item("BODYSTRUCTURE");
  write_structure(out_, part, true);
  return *this;
}
FetchWriter& FetchWriter::octets(const FetchItem& wanted, std::optional<std::string_view> octets) {
  std::string name(name_of(wanted.kind));
  const bool binary = wanted.kind == FetchKind::binary;
  if (wanted.kind == FetchKind::section || binary) write_section(name, wanted.section);
  if (wanted.partial) fmt::format_to(std::back_inserter(name), "<{}>", wanted.partial->offset);
  item(name);
  if (!octets) out_ += "NIL";
  else if (octets->empty()) out_ += "\"\"";
  else if (binary && octets->find('\0') != octets->npos) write_literal(out_ += '~', *octets, LiteralForm::synchronising);
  else write_literal(out_, *octets, LiteralForm::synchronising);
  return *this;
}
FetchWriter& FetchWriter::preview(const std::optional<std::string>& text) {
  item("PREVIEW");
  write_nstring(out_, text);
  return *this;
}
FetchWriter& FetchWriter::email_id(const std::string& id) {
  item("EMAILID");
  write_objectid(out_, id);
  return *this;
}
FetchWriter& FetchWriter::thread_id(const std::optional<std::string>& id) {
  item("THREADID");
  write_objectid(out_, id);
  return *this;
}
FetchWriter& FetchWriter::binary_size(const Section& section, std::uint64_t octets) {
  std::string name(name_of(FetchKind::binary_size));
  write_section(name, section);
  item(name);
  write_number(out_, octets);
  return *this;
}
void FetchWriter::end() { out_ += ")\r\n"; }

void ResponseWriter::condition(Condition condition, const Code& code, std::string_view text) {
  out_ += "* ";
  write_condition(out_, condition, code, text);
}
void ResponseWriter::capability(std::span<const std::string> names) {
  out_ += "* CAPABILITY ";
  write_words(out_, names);
  out_ += "\r\n";
}
void ResponseWriter::flags(std::span<const std::string> flags) {
  out_ += "* FLAGS ";
  write_flags(out_, flags);
  out_ += "\r\n";
}
void ResponseWriter::exists(std::uint32_t count) {
  fmt::format_to(std::back_inserter(out_), "* {} EXISTS\r\n", count);
}
void ResponseWriter::recent(std::uint32_t count) {
  fmt::format_to(std::back_inserter(out_), "* {} RECENT\r\n", count);
}
void ResponseWriter::expunge(std::uint32_t sequence) {
  fmt::format_to(std::back_inserter(out_), "* {} EXPUNGE\r\n", sequence);
}
void ResponseWriter::list(const ListData& list) {
  out_ += list.subscribed ? "* LSUB " : "* LIST ";
  write_flags(out_, list.attributes);
  out_ += ' ';
  write_delimiter(out_, list.delimiter);
  out_ += ' ';
  write_mailbox(out_, list.mailbox, style_);
  if (!list.child_info.empty() || !list.old_name.empty()) {
    out_ += " (";
    if (!list.child_info.empty()) {
      out_ += "\"CHILDINFO\" (";
      for (std::size_t i = 0; i < list.child_info.size(); ++i) {
        if (i > 0) out_ += ' ';
        write_string(out_, list.child_info[i]);
      }
      out_ += ')';
    }
    if (!list.old_name.empty()) {
      out_ += list.child_info.empty() ? "\"OLDNAME\" (" : " \"OLDNAME\" (";
      write_mailbox(out_, list.old_name, style_);
      out_ += ')';
    }
    out_ += ')';
  }
  out_ += "\r\n";
}
void ResponseWriter::status(std::string_view mailbox, std::span<const StatusValue> values) {
  out_ += "* STATUS ";
  write_mailbox(out_, mailbox, style_);
  write(out_ += ' ', values);
  out_ += "\r\n";
}
void ResponseWriter::search(std::span<const std::uint32_t> numbers, std::uint64_t modseq) {
  out_ += "* SEARCH";
  for (const std::uint32_t number : numbers) fmt::format_to(std::back_inserter(out_), " {}", number);
  if (modseq != 0 && !numbers.empty()) write_found_mod_sequence(out_, modseq);
  out_ += "\r\n";
}
void ResponseWriter::name_spaces(std::span<const NamespaceEntry> personal, std::span<const NamespaceEntry> others,
                                 std::span<const NamespaceEntry> shared) {
  out_ += "* NAMESPACE ";
  write_entries(out_, personal, style_);
  out_ += ' ';
  write_entries(out_, others, style_);
  out_ += ' ';
  write_entries(out_, shared, style_);
  out_ += "\r\n";
}
void ResponseWriter::id(const IdFields& fields) {
  out_ += "* ID ";
  if (fields.empty()) out_ += "NIL";
  else {
    out_ += '(';
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i > 0) out_ += ' ';
      write_string(out_, fields[i].first);
      out_ += ' ';
      write_nstring(out_, fields[i].second);
    }
    out_ += ')';
  }
  out_ += "\r\n";
}

}  // namespace glasspost::imap

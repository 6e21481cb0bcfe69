// Writers of IMAP text: strings quoted or sent as literals, NIL exactly, and every untagged response of a server.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/imap/command.h"
#include "protocol/imap/date.h"
#include "protocol/imap/sequence_set.h"

namespace glasspost::imap {

// ---- strings, appended to `out`
std::string literal_head(std::uint64_t octets, LiteralForm);  // with its CRLF
void write_string(std::string& out, std::string_view value, LiteralForm = LiteralForm::synchronising);   // never NIL
void write_astring(std::string& out, std::string_view value, LiteralForm = LiteralForm::synchronising);  // bare if it can stand so
void write_nstring(std::string& out, const std::optional<std::string>& value);
void write_mailbox(std::string& out, std::string_view utf8_name, const WritingStyle& = {});
void write_flags(std::string& out, std::span<const std::string> flags);  // "(\Seen \Deleted)"
void write_section(std::string& out, const Section&);                     // "[1.2.MIME]"
void write_fetch_item(std::string& out, const FetchItem&);                // "BODY.PEEK[TEXT]<0.10>", as asked for

// ---- a status response's code, "[UIDNEXT 4392]"
struct Code {
  std::string name;       // "UIDNEXT"; empty: no code
  std::string arguments;  // "4392"; empty: none

  static Code alert() { return {"ALERT", {}}; }
  static Code read_only() { return {"READ-ONLY", {}}; }
  static Code read_write() { return {"READ-WRITE", {}}; }
  static Code try_create() { return {"TRYCREATE", {}}; }
  static Code uid_next(std::uint32_t);
  static Code uid_validity(std::uint32_t);
  static Code unseen(std::uint32_t sequence);
  static Code permanent_flags(std::span<const std::string>);                           // "\*": new keywords may be made
  static Code append_uid(std::uint32_t validity, const SequenceSet&);                  // RFC 4315
  static Code copy_uid(std::uint32_t validity, const SequenceSet& from, const SequenceSet& to);
  static Code uid_not_sticky() { return {"UIDNOTSTICKY", {}}; }
  static Code highest_modseq(std::uint64_t);                                           // RFC 7162
  static Code modified(const SequenceSet&);
  static Code closed() { return {"CLOSED", {}}; }
  static Code mailbox_id(const std::string&);                                          // RFC 8474
  static Code bad_charset(std::span<const std::string> charsets);
  friend bool operator==(const Code&, const Code&) = default;
};

enum class Condition : std::uint8_t { ok, no, bad, bye, preauth };
std::string_view name_of(Condition);  // "OK"

struct NamespaceEntry {
  std::string prefix;               // UTF-8
  std::optional<char> delimiter;
  friend bool operator==(const NamespaceEntry&, const NamespaceEntry&) = default;
};

// One "* n FETCH (...)": items in the order in which they are written, then end().
class FetchWriter {
 public:
  FetchWriter(std::string& out, std::uint32_t sequence);
  FetchWriter& uid(std::uint32_t);
  FetchWriter& flags(std::span<const std::string>);
  FetchWriter& modseq(std::uint64_t);
  FetchWriter& internal_date(const DateTime&);
  FetchWriter& save_date(const DateTime&);
  FetchWriter& size(std::uint64_t octets);  // RFC822.SIZE
  FetchWriter& envelope(const mime::Envelope&);
  FetchWriter& body(const mime::Part&);            // without extension data
  FetchWriter& body_structure(const mime::Part&);  // with
  FetchWriter& preview(const std::optional<std::string>&);  // UTF-8; nothing: NIL
  FetchWriter& email_id(const std::string&);
  FetchWriter& thread_id(const std::optional<std::string>&);  // nothing: NIL
  FetchWriter& binary_size(const Section&, std::uint64_t octets);
  // A section, BINARY, RFC822, RFC822.HEADER or RFC822.TEXT as `item` asked for it; no octets: NIL (no such part).
  FetchWriter& octets(const FetchItem& item, std::optional<std::string_view> octets);
  void end();

 private:
  void item(std::string_view name);
  std::string& out_;
  bool first_ = true;
};

// Untagged responses, each a whole line with its CRLF.
class ResponseWriter {
 public:
  // `utf8`: the client has enabled it for names.
  explicit ResponseWriter(std::string& out, bool utf8 = false) : out_(out), style_(LiteralForm::synchronising, utf8) {}

  void condition(Condition, const Code&, std::string_view text);  // "* OK [UNSEEN 12] text"
  void capability(std::span<const std::string>);
  void flags(std::span<const std::string>);
  void exists(std::uint32_t count);
  void recent(std::uint32_t count);
  void expunge(std::uint32_t sequence);
  void list(const ListData&);
  void status(std::string_view mailbox, std::span<const StatusValue> values);
  // `modseq`: the greatest of those found, where MODSEQ was searched for; 0: it was not.
  void search(std::span<const std::uint32_t> numbers, std::uint64_t modseq = 0);
  void name_spaces(std::span<const NamespaceEntry> personal, std::span<const NamespaceEntry> others,
                   std::span<const NamespaceEntry> shared);
  void id(const IdFields&);
  // What an extension's file writes.
  template <class Data>
  void say(const Data& data) { write(out_, data); }
  template <class Data>
  void say_with_names(const Data& data) { write(out_, data, style_); }
  FetchWriter fetch(std::uint32_t sequence) { return FetchWriter(out_, sequence); }

 private:
  std::string& out_;
  WritingStyle style_;
};

// "OK [UIDNEXT 4392] text" and CRLF: what follows a tag or "* ".
void write_condition(std::string& out, Condition, const Code&, std::string_view text);
// Words for people in a response's text: CR, LF, NUL and 8-bit octets would break it, so they become "?".
void write_text(std::string& out, std::string_view text);

}  // namespace glasspost::imap

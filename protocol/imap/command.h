// What an IMAP client says: one grammar for every command, which yields a typed value and tokens in the same pass.
// RFC 3501 sections 6 and 9; what extensions brought is in extensions/, and the small ones are in extensions/base.h.
//
// Mailbox names and patterns are UTF-8 here: the grammar decodes modified UTF-7 where that is spoken. INBOX is in capitals however it was
// written. System flags are spelt as the RFC spells them ("\Seen"); keywords as they came.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/base/result.h"
#include "protocol/imap/date.h"
#include "protocol/imap/extensions.h"
#include "protocol/imap/extensions/compress.h"
#include "protocol/imap/extensions/condstore.h"
#include "protocol/imap/extensions/append.h"
#include "protocol/imap/extensions/enable.h"
#include "protocol/imap/extensions/list_extended.h"
#include "protocol/imap/extensions/metadata.h"
#include "protocol/imap/extensions/preview.h"
#include "protocol/imap/extensions/qresync.h"
#include "protocol/imap/extensions/quota.h"
#include "protocol/imap/extensions/search_return.h"
#include "protocol/imap/extensions/sort.h"
#include "protocol/imap/extensions/special_use.h"
#include "protocol/imap/sequence_set.h"
#include "protocol/imap/status_item.h"
#include "protocol/mime/structure.h"
#include "protocol/token.h"

namespace glasspost::imap {

using FlagList = std::vector<std::string>;

// ---- FETCH
using Section = mime::Section;       // "1.2.HEADER.FIELDS (TO CC)": what stands between the brackets of BODY[...]
struct Partial {
  std::uint32_t offset = 0, count = 0;  // octets; count is never 0
  friend bool operator==(Partial, Partial) = default;
};
enum class FetchKind : std::uint8_t {
  envelope, flags, internal_date, rfc822, rfc822_header, rfc822_size, rfc822_text, body, body_structure, uid, section,
  modseq,  // CONDSTORE
  binary,       // BINARY[1.2]: only a path in its section
  binary_size,
  preview,
  save_date,
  email_id, thread_id,  // OBJECTID
};
struct FetchItem {
  FetchKind kind = FetchKind::flags;
  bool peek = false;                 // section: BODY.PEEK; binary: BINARY.PEEK
  Section section;                   // section, binary, binary_size
  std::optional<Partial> partial;    // section, binary
  bool lazy = false;                 // preview: only if it is ready at once
  // Whether fetching it sets \Seen: BODY[...], RFC822 and RFC822.TEXT do.
  bool sets_seen() const;
  friend bool operator==(const FetchItem&, const FetchItem&) = default;
};

// ---- SEARCH
enum class SearchKind : std::uint8_t {
  all, answered, bcc, before, body, cc, deleted, draft, flagged, from, header, keyword, larger, new_, not_, old, on,
  or_, recent, seen, sent_before, sent_on, sent_since, since, smaller, subject, text, to, uid, unanswered, undeleted,
  undraft, unflagged, unkeyword, unseen,
  older, younger,  // WITHIN
  saved_before, saved_on, saved_since, save_date_supported,  // SAVEDATE
  modseq,    // CONDSTORE
  email_id, thread_id,  // OBJECTID
  sequence,  // a bare sequence-set
  and_,      // a list in parentheses, and the whole of a SEARCH: every one of `keys`
};
struct SearchKey {
  SearchKind kind = SearchKind::all;
  std::string text;             // the string looked for, the keyword, or the identifier
  std::string field;            // header: the field's name
  std::uint32_t number = 0;     // larger, smaller: octets; older, younger: seconds
  Day day{};                    // before, on, since, sent_*, saved_*
  SequenceSet set;              // sequence, uid
  SearchModSeq modseq;          // modseq
  std::vector<SearchKey> keys;  // not_: one; or_: two; and_: any number
  friend bool operator==(const SearchKey&, const SearchKey&) = default;
};

// ---- the commands
struct Capability {};
struct Noop {};
struct Logout {};
struct Starttls {};
struct Authenticate {
  std::string mechanism;                // in capitals
  std::optional<std::string> response;  // SASL-IR, base64 as it came; "=" (an empty answer) is ""
};
struct Login { std::string user, password; };
struct Select {
  std::string mailbox;
  bool read_only = false;  // EXAMINE
  bool condstore = false;
  std::optional<QuickResync> resync = std::nullopt;
};
struct Create {
  std::string mailbox;
  std::vector<std::string> uses = {};  // "\Sent": CREATE-SPECIAL-USE
};
struct Delete { std::string mailbox; };
struct Rename { std::string from, to; };
struct Subscribe { std::string mailbox; };
struct Unsubscribe { std::string mailbox; };
struct Status { std::string mailbox; std::vector<StatusItem> items; };
struct Check {};
struct Close {};
struct Unselect {};
struct Expunge { std::optional<SequenceSet> uids; };  // uids: UID EXPUNGE
struct Search {
  bool uid = false;
  std::optional<SearchReturn> returns = std::nullopt;  // nothing: "* SEARCH", with everything that was found
  std::string charset;  // in capitals; empty: none was named
  SearchKey key;        // and_
};
struct Sort {
  bool uid = false;
  std::vector<SortCriterion> criteria;
  std::string charset;  // in capitals
  SearchKey key;        // and_
};
struct Thread {
  bool uid = false;
  ThreadAlgorithm algorithm = ThreadAlgorithm::references;
  std::string charset;  // in capitals
  SearchKey key;        // and_
};
struct Fetch {
  bool uid = false;
  SequenceSet set;
  std::vector<FetchItem> items;         // macros are spelt out
  std::optional<PartialRange> partial = std::nullopt;  // only these of the set
  std::optional<ModSeq> changed_since = std::nullopt;  // only what has a greater one
  bool vanished = false;                               // and which of the set have gone since
};
enum class StoreMode : std::uint8_t { replace, add, remove };
struct Store {
  bool uid = false;
  SequenceSet set;
  StoreMode mode = StoreMode::replace;
  bool silent = false;
  FlagList flags;
  std::optional<ModSeq> unchanged_since = std::nullopt;  // only what has no greater one
};
struct Copy { bool uid = false; SequenceSet set; std::string mailbox; };
struct Move { bool uid = false; SequenceSet set; std::string mailbox; };
struct Idle {};
struct Namespace {};
using IdFields = std::vector<std::pair<std::string, std::optional<std::string>>>;
struct Id { IdFields fields; };

using CommandBody = std::variant<
    Capability, Noop, Logout,
    Starttls, Authenticate, Login,
    Select, Create, Delete, Rename, Subscribe, Unsubscribe, List, Status, Append, Check, Close, Expunge, Search, Fetch, Store, Copy,
    // What extensions brought, in the alphabet's order.
    Compress,
    Enable,
    GetMetadata,
    GetQuota,
    GetQuotaRoot,
    Id,
    Idle,
    Move,
    Namespace,
    Replace,
    SetMetadata,
    SetQuota,
    Sort,
    Thread,
    Unselect>;

struct Command {
  std::string tag;
  CommandBody body;
};

// "FETCH", "UID FETCH", "EXAMINE": the row of imap_machine() that stands for it.
std::string_view verb_of(const CommandBody&);

// Limits of the grammar itself; those of framing are the server's.
struct GrammarLimits {
  std::size_t nesting = 32;     // parentheses, NOT and OR inside one another
  std::size_t list = 16384;     // elements of any one list or set
};

// What is a word of the grammar on this connection. By default everything that we know.
struct Dialect {
  ExtensionSet offered = ExtensionSet::everything();
  bool rev2 = false;  // IMAP4rev2 was enabled: what it dropped is no word any more
  bool utf8 = false;  // names and quoted strings are UTF-8; else names are in modified UTF-7, and strings have 7 bits
};

// `text`: the command as it crossed, literals in place, with or without its final CRLF. `tokens` may be null.
// After an error everything that may be a password is still marked as a secret.
Result<Command> parse_command(std::string_view text, Tokens* tokens = nullptr, const GrammarLimits& = {}, const Dialect& = {});

// The tag if `text` begins with a valid one, for the answer to a command that could not be parsed; else empty.
std::string_view tag_of(std::string_view text);

// "{n}"; "{n+}" (RFC 7888); `minus`: "{n+}" up to 4096 octets, "{n}" beyond.
enum class LiteralForm : std::uint8_t { synchronising, plus, minus };
struct WritingStyle {
  WritingStyle(LiteralForm form = LiteralForm::synchronising, bool utf8_names = false) : literals(form), utf8(utf8_names) {}
  LiteralForm literals;
  bool utf8;  // names are written in UTF-8; else in modified UTF-7
};

// What a client sends, CRLF included. What cannot be quoted becomes a literal of that
// form.
// Where the client must wait for "+" it breaks behind the literal's CRLF: see client.h.
std::string write_command(const Command&, const WritingStyle& = {});

}  // namespace glasspost::imap

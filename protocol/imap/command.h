// What an IMAP client says: one grammar for every command, which yields a typed value and tokens in the same pass.
// RFC 3501 sections 6 and 9, RFC 2177 (IDLE), 2342 (NAMESPACE), 2971 (ID), 3691 (UNSELECT), 4315 (UIDPLUS),
// 4959 (SASL-IR), 6851 (MOVE), 7888 (LITERAL+).
//
// Mailbox names and patterns are UTF-8 here: the grammar decodes modified UTF-7. INBOX is in capitals however it was
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
#include "protocol/imap/sequence_set.h"
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
};
struct FetchItem {
  FetchKind kind = FetchKind::flags;
  bool peek = false;                 // section: BODY.PEEK
  Section section;                   // section
  std::optional<Partial> partial;    // section
  // Whether fetching it sets \Seen: BODY[...], RFC822 and RFC822.TEXT do.
  bool sets_seen() const;
  friend bool operator==(const FetchItem&, const FetchItem&) = default;
};

// ---- SEARCH
enum class SearchKind : std::uint8_t {
  all, answered, bcc, before, body, cc, deleted, draft, flagged, from, header, keyword, larger, new_, not_, old, on,
  or_, recent, seen, sent_before, sent_on, sent_since, since, smaller, subject, text, to, uid, unanswered, undeleted,
  undraft, unflagged, unkeyword, unseen,
  sequence,  // a bare sequence-set
  and_,      // a list in parentheses, and the whole of a SEARCH: every one of `keys`
};
struct SearchKey {
  SearchKind kind = SearchKind::all;
  std::string text;             // the string looked for, or the keyword
  std::string field;            // header: the field's name
  std::uint32_t number = 0;     // larger, smaller: octets
  Day day{};                    // before, on, since, sent_*
  SequenceSet set;              // sequence, uid
  std::vector<SearchKey> keys;  // not_: one; or_: two; and_: any number
  friend bool operator==(const SearchKey&, const SearchKey&) = default;
};

// ---- the commands
enum class StatusItem : std::uint8_t { messages, recent, uid_next, uid_validity, unseen };
std::string_view name_of(StatusItem);  // "UIDNEXT"

struct Capability {};
struct Noop {};
struct Logout {};
struct Starttls {};
struct Authenticate {
  std::string mechanism;                // in capitals
  std::optional<std::string> response;  // SASL-IR, base64 as it came; "=" (an empty answer) is ""
};
struct Login { std::string user, password; };
struct Select { std::string mailbox; bool read_only = false; };  // read_only: EXAMINE
struct Create { std::string mailbox; };
struct Delete { std::string mailbox; };
struct Rename { std::string from, to; };
struct Subscribe { std::string mailbox; };
struct Unsubscribe { std::string mailbox; };
struct List { std::string reference, pattern; bool subscribed = false; };  // subscribed: LSUB
struct Status { std::string mailbox; std::vector<StatusItem> items; };
struct Append {
  std::string mailbox;
  FlagList flags;
  std::optional<DateTime> date;
  std::string message;
};
struct Check {};
struct Close {};
struct Unselect {};
struct Expunge { std::optional<SequenceSet> uids; };  // uids: UID EXPUNGE
struct Search {
  bool uid = false;
  std::string charset;  // in capitals; empty: none was named
  SearchKey key;        // and_
};
struct Fetch { bool uid = false; SequenceSet set; std::vector<FetchItem> items; };  // macros are spelt out
enum class StoreMode : std::uint8_t { replace, add, remove };
struct Store {
  bool uid = false;
  SequenceSet set;
  StoreMode mode = StoreMode::replace;
  bool silent = false;
  FlagList flags;
};
struct Copy { bool uid = false; SequenceSet set; std::string mailbox; };
struct Move { bool uid = false; SequenceSet set; std::string mailbox; };
struct Idle {};
struct Namespace {};
using IdFields = std::vector<std::pair<std::string, std::optional<std::string>>>;
struct Id { IdFields fields; };

using CommandBody =
    std::variant<Capability, Noop, Logout, Starttls, Authenticate, Login, Select, Create, Delete, Rename, Subscribe,
                 Unsubscribe, List, Status, Append, Check, Close, Unselect, Expunge, Search, Fetch, Store, Copy, Move,
                 Idle, Namespace, Id>;

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

// `text`: the command as it crossed, literals in place, with or without its final CRLF. `tokens` may be null.
// After an error everything that may be a password is still marked as a secret.
Result<Command> parse_command(std::string_view text, Tokens* tokens = nullptr, const GrammarLimits& = {});

// The tag if `text` begins with a valid one, for the answer to a command that could not be parsed; else empty.
std::string_view tag_of(std::string_view text);

// What a client sends, CRLF included. What cannot be quoted becomes a synchronising literal, or "{n+}" if `plus`.
// Where the client must wait for "+" it breaks behind the literal's CRLF: see client.h.
std::string write_command(const Command&, bool plus = false);

}  // namespace glasspost::imap

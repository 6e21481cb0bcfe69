// What an IMAP server says: one grammar for every response, which yields a typed value and tokens in the same pass.
// RFC 3501 sections 7 and 9, RFC 2342 (NAMESPACE), 2971 (ID), 4315 (UIDPLUS).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/base/result.h"
#include "protocol/imap/command.h"
#include "protocol/imap/encode.h"
#include "protocol/imap/extensions/enable.h"
#include "protocol/imap/extensions/metadata.h"
#include "protocol/imap/extensions/qresync.h"
#include "protocol/imap/extensions/quota.h"
#include "protocol/imap/extensions/search_return.h"
#include "protocol/imap/extensions/sort.h"
#include "protocol/mime/structure.h"
#include "protocol/token.h"

namespace glasspost::imap {

struct ConditionData {      // OK, NO, BAD, BYE, PREAUTH; tagged or not
  Condition condition = Condition::ok;
  Code code;                // see encode.h; read it with the functions below
  std::string text;
};
struct CapabilityData { std::vector<std::string> names; };
struct StatusData {
  std::string mailbox;
  std::vector<StatusValue> values;
};
struct SearchData {
  std::vector<std::uint32_t> numbers;
  std::optional<ModSeq> modseq = std::nullopt;  // the greatest of theirs: RFC 7162 section 3.1.6
};
struct FlagsData { FlagList flags; };
struct ExistsData { std::uint32_t count = 0; };
struct RecentData { std::uint32_t count = 0; };
struct ExpungeData { std::uint32_t sequence = 0; };
struct NamespaceData { std::vector<NamespaceEntry> personal, others, shared; };
struct IdData { IdFields fields; };

// BODY[...]<origin>, BINARY[...]<origin>, RFC822, RFC822.HEADER or RFC822.TEXT.
struct SectionData {
  FetchKind kind = FetchKind::section;
  Section section;
  std::optional<std::uint32_t> origin;
  std::optional<std::string> octets;  // nothing: NIL
};
// BODY's and BODYSTRUCTURE's parts have no place in octets that we have: a part's `body` is {0, its size}.
struct FetchData {
  std::uint32_t sequence = 0;
  std::optional<std::uint32_t> uid;
  std::optional<FlagList> flags;
  std::optional<DateTime> internal_date;
  std::optional<DateTime> save_date;    // nothing: NIL, or not told
  std::optional<std::uint32_t> size;
  std::optional<ModSeq> modseq;
  std::unique_ptr<mime::Envelope> envelope;
  std::unique_ptr<mime::Part> body, body_structure;
  std::optional<std::string> preview;   // nothing: NIL, or not told
  std::optional<std::string> email_id, thread_id;  // nothing: NIL, or not told
  std::vector<SectionData> sections;
  std::vector<std::pair<Section, std::uint64_t>> binary_sizes;
};
struct Continuation {                 // "+ text"; its text is base64 during AUTHENTICATE
  Code code;
  std::string text;
};
struct OtherData { std::string name; };  // an untagged response of an extension that we do not know

using ResponseBody = std::variant<
    ConditionData, CapabilityData, ListData, StatusData, SearchData, FlagsData, ExistsData, RecentData, ExpungeData, FetchData,
    Continuation, OtherData,
    // What extensions brought, in the alphabet's order.
    EnabledData,
    EsearchData,
    IdData,
    MetadataData,
    NamespaceData,
    QuotaData,
    QuotaRootData,
    SortData,
    ThreadData,
    VanishedData>;

struct Response {
  std::string tag;  // "a1"; "*"; "+"
  ResponseBody body;
};

struct ResponseOptions {
  bool utf8 = false;            // names are UTF-8: it was enabled
  bool challenge = false;       // a "+" now carries base64: AUTHENTICATE is in progress
  bool search_uids = false;     // SEARCH, SORT and THREAD now tell UIDs: their UID forms are in progress
  std::size_t nesting = 64;     // of body structures
  std::size_t list = 100'000;   // elements of any one list
};
// `text`: the response as it crossed, literals in place, with or without its final CRLF. `tokens` may be null.
Result<Response> parse_response(std::string_view text, Tokens* tokens = nullptr, const ResponseOptions& = {});

// "EXISTS", "FETCH", "OK": what the response is called; "+" for a continuation.
std::string_view name_of(const ResponseBody&);

// What a code carries.
std::optional<std::uint32_t> number_of(const Code&);             // UIDNEXT, UIDVALIDITY, UNSEEN
std::optional<ModSeq> modseq_of(const Code&);                    // HIGHESTMODSEQ
std::vector<std::string> words_of(const Code&);                  // CAPABILITY, PERMANENTFLAGS, BADCHARSET
struct CopiedUids {
  std::uint32_t validity = 0;
  SequenceSet from, to;  // APPENDUID: only `to`
};
std::optional<CopiedUids> copied_uids_of(const Code&);           // APPENDUID, COPYUID

}  // namespace glasspost::imap

// Where letters go on to from an address: aliases, forwarding, mailing lists; and who is away and says so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/time.h"

namespace glasspost::sim {

struct Redirect {
  enum class Kind : std::uint8_t {
    alias,    // the same letter to others, from the same sender
    forward,  // likewise to one place; `rewrite`: from an address of ours that stands for the sender, so that SPF holds
    list,     // to the members, from the list's own address, with the fields of RFC 2919 and RFC 2369
  };
  Kind kind = Kind::alias;
  std::string address;         // "sales@example.org"
  std::vector<std::string> to;
  bool rewrite = false;
  std::string owner;           // list: who gets what comes back
};

struct Vacation {
  std::string address, text;   // the answer's words, LF line ends
  std::string subject;         // empty: "Re: " and the letter's
  Duration again_after = std::chrono::hours{24 * 7};  // RFC 3834 section 2: to each sender once in so long
};

// The sender rewriting scheme: an address of `domain` that stands for `sender` and can be turned back by who knows `secret`.
// "SRS0=3f2a91bc=example.com=alice@example.org". Nothing: it stands for nobody, or was made by somebody else.
std::string rewritten_sender(std::string_view sender, std::string_view domain, std::string_view secret);
std::optional<std::string> original_sender(std::string_view rewritten, std::string_view secret);

// The fields that a list puts in front of a letter.
std::string list_fields(const Redirect& list);
std::string list_id(std::string_view address);           // "sales.example.org"
std::string list_bounces(std::string_view list_address);  // "sales-bounces@example.org"

// The value of the first field of that name, unfolded; nothing: there is none.
std::optional<std::string> field_of(std::string_view letter, std::string_view name);

// RFC 3834 sections 2 to 4: whether a letter to `address` may be answered by a program. No answer to the null reverse-path, to
// other programs, to lists and their owners, or where the person is not named.
bool may_answer(std::string_view letter, std::string_view reverse_path, std::string_view address);

std::string vacation_text(const Vacation&, std::string_view letter, std::string_view to, std::string_view message_id, Instant now);

}  // namespace glasspost::sim

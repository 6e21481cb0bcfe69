// Which extensions a server offers beyond those that every one here has (PIPELINING, SIZE, 8BITMIME, ENHANCEDSTATUSCODES), and
// what their parameters of MAIL and RCPT say.
//   CHUNKING, BINARYMIME  RFC 3030        DSN            RFC 3461        SMTPUTF8     RFC 6531
//   REQUIRETLS            RFC 8689        MT-PRIORITY    RFC 6710        DELIVERBY    RFC 2852
//   FUTURERELEASE         RFC 4865        LIMITS         RFC 9422
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/time.h"
#include "protocol/smtp/command.h"
#include "protocol/smtp/reply.h"

namespace glasspost::smtp {

// The service must honour what it offers.
struct Extensions {
  bool chunking = false;      // with BINARYMIME
  bool dsn = false;
  bool utf8 = false;
  bool require_tls = false;   // offered inside TLS only
  bool priority = false;
  std::optional<Duration> deliver_by;      // the shortest time that it can promise; 0: any
  std::optional<Duration> future_release;  // the longest that it holds a letter back
  bool limits = false;        // RCPTMAX and MAILMAX are told
};

enum class Body : std::uint8_t { seven_bit, eight_bit, binary };
enum class Return : std::uint8_t { full, headers };

// RFC 3461 section 4.1
struct Notify {
  bool success = false, failure = false, delay = false;  // none of them: NEVER
  bool never() const { return !success && !failure && !delay; }
  friend bool operator==(Notify, Notify) = default;
};
std::optional<Notify> parse_notify(std::string_view);
std::string to_text(Notify);  // "SUCCESS,DELAY", "NEVER"

// RFC 3461 section 4.2: "rfc822;Bob@example.com", what follows the semicolon as it was before xtext
struct OriginalRecipient {
  std::string type, address;
  friend bool operator==(const OriginalRecipient&, const OriginalRecipient&) = default;
};
std::optional<OriginalRecipient> parse_original_recipient(std::string_view);
std::string to_text(const OriginalRecipient&);

// RFC 2852 section 4: by-time ";" by-mode [by-trace]
struct DeliverBy {
  std::int64_t seconds = 0;
  bool give_up = false;  // R: then it goes back; N: then its sender is told, and it goes on
  bool trace = false;    // T
  friend bool operator==(DeliverBy, DeliverBy) = default;
};
std::optional<DeliverBy> parse_deliver_by(std::string_view);
std::string to_text(DeliverBy);

// RFC 3339 section 5.6, in UTC: "2026-11-02T09:00:00Z"
std::optional<Instant> parse_date_time(std::string_view);
std::string date_time(Instant);

// What the parameters of a MAIL say. Those that are wrong or unknown are left out: the server has refused them.
struct MailWishes {
  Body body = Body::seven_bit;
  std::optional<std::uint64_t> size;
  bool utf8 = false;
  std::optional<Return> ret;
  std::string envelope_id;  // decoded
  bool require_tls = false;
  std::optional<int> priority;  // -9 to 9
  std::optional<DeliverBy> by;
  std::optional<Duration> hold_for;
  std::optional<Instant> hold_until;
};
MailWishes wishes_of(const Mail&);

struct RcptWishes {
  std::optional<Notify> notify;
  std::optional<OriginalRecipient> original;
};
RcptWishes wishes_of(const Rcpt&);

// What a parameter is refused with; nothing: it is good. `sealed`: inside TLS. `now`: for FUTURERELEASE.
struct ParameterRules {
  const Extensions& extensions;
  bool extended = false;   // EHLO was said
  bool auth = false;       // AUTH= may be said
  bool submission = false;
  bool sealed = false;
  std::uint64_t max_size = 0;
  Instant now{};
};
std::optional<Reply> objection(const Mail&, const ParameterRules&);
std::optional<Reply> objection(const Rcpt&, const ParameterRules&);

// Beyond ASCII, so that it can only be said with SMTPUTF8.
bool needs_utf8(const Mailbox&);

}  // namespace glasspost::smtp

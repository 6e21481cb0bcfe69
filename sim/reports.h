// What a transfer agent tells a letter's sender about its fate: a multipart/report (RFC 6522) with a delivery-status (RFC 3464),
// and the letter or its headers behind it (RFC 3461 section 6.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/time.h"
#include "protocol/smtp/extensions.h"

namespace glasspost::sim {

// RFC 3464 section 2.3.3
enum class ReportAction : std::uint8_t { failed, delayed, delivered, relayed, expanded };
std::string_view name_of(ReportAction);

struct ReportedRecipient {
  std::string address;
  std::optional<smtp::OriginalRecipient> original;  // as the sender named them
  ReportAction action = ReportAction::failed;
  std::string status;      // "5.1.1"
  std::string diagnostic;  // the reply that decided it, "550 5.1.1 No such mailbox here"; empty: none, as when no host was found
  std::string remote_mta;  // who said so; empty: we did
  std::optional<Instant> retry_until;  // delayed
};

struct Report {
  std::string reporting_mta;
  std::string to;           // the letter's reverse-path
  std::string envelope_id;  // ENVID, decoded; may be empty
  Instant arrival{}, now{};
  std::vector<ReportedRecipient> recipients;  // at least one
  bool whole = false;       // the letter goes back, not its headers alone
  bool utf8 = false;        // addresses or headers beyond ASCII: RFC 6533
  std::string boundary, message_id;  // unique
};

// The report as a message, CRLF line ends. `letter`: what it is about.
std::string report_text(const Report&, std::string_view letter);

// The status that a reply stands for: its enhanced code, or the class of its three digits ("5.0.0").
std::string status_of(std::string_view reply);

}  // namespace glasspost::sim

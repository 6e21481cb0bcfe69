// A login with an OAuth token instead of a password, as SMTP (RFC 4954), IMAP (RFC 3501, RFC 4959) and POP3 (RFC 5034) carry it.
//   OAUTHBEARER  RFC 7628
//   XOAUTH2      Google's and Microsoft's, older; never a standard
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/net/live_address.h"
#include "protocol/session.h"

namespace glasspost::app {

enum class TokenMechanism : std::uint8_t { oauthbearer, xoauth2 };
std::string_view name_of(TokenMechanism);
// The standard one first; nothing if neither is offered.
std::optional<TokenMechanism> token_mechanism_of(const std::vector<std::string>& offered);
// What the server is told, before base64.
std::string token_response(TokenMechanism, const LiveAddress&, std::string_view token);

class TokenLogin final : public Session {
 public:
  // `at_once`: the response may go out with the command (IMAP: SASL-IR is offered).
  TokenLogin(TokenMechanism, const LiveAddress&, std::string_view token, bool at_once);

  void receive(std::string_view octets, Instant) override;
  void receive_eof(Instant) override { closed_ = true; }
  bool wants_close() const override { return false; }
  std::string take_output() override { return std::exchange(output_, {}); }

  bool accepted() const { return accepted_; }
  bool closed() const { return closed_; }
  // What the server said no with, and what it sent before that as the reason (JSON, RFC 7628 section 3.2.2); may be empty.
  const std::optional<std::string>& refusal() const { return refusal_; }
  const std::string& reason() const { return reason_; }

 private:
  void take(std::string_view line);
  void answer(std::string_view challenge);

  TokenMechanism mechanism_;
  Protocol protocol_;
  std::string response_;  // in base64; empty once it was said
  std::string in_, output_, reason_;
  bool accepted_ = false, closed_ = false;
  std::optional<std::string> refusal_;
};

}  // namespace glasspost::app

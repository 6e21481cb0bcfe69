// A dissector watches both directions of one connection from outside and cuts them into messages with tokens. It
// follows the protocol's state by itself, so it serves simulated, live, proxied and captured sessions alike.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "protocol/base/result.h"
#include "protocol/kinds.h"
#include "protocol/machine.h"
#include "protocol/token.h"

namespace glasspost {

using MessageId = std::uint32_t;  // an index into its conversation's messages

enum class MessageKind : std::uint8_t {
  command,       // a client's command line, with the literals it carries
  answer,        // a client's answer to a challenge, "DONE", "*"
  content,       // message text that follows DATA (with its final dot), or behind a POP3 reply
  greeting,      // the server's first words
  reply,         // a reply, all its lines; a tagged response
  untagged,      // IMAP "*" that nobody asked for, or that belongs to a command in progress
  continuation,  // 354, 334, IMAP "+", POP3 "+ "
  query,         // DNS
  handshake,     // TLS
  stray,         // octets that fit nowhere, or were cut off
};

struct Said {
  Side from = Side::client;
  Protocol protocol = Protocol::smtp;
  MessageKind kind = MessageKind::command;
  // The octets as they crossed, line ends included. If `octets` is larger, only the beginning is kept and shown.
  std::string_view text;
  std::uint64_t octets = 0;
  std::span<const Token> tokens;         // tile `text`
  std::optional<Error> problem;          // the first thing the grammar did not like
  std::optional<MessageId> answers;      // the command that this replies to
  bool completes = false;                // the last reply to that command
  StateId state_after = 0;               // of the connection
  std::string_view headline;             // catalogue key of the sentence that sums it up: "say/smtp/AUTH"
};

class MessageSink {
 public:
  virtual ~MessageSink() = default;
  // In the order of the stream. Every octet put into the dissector belongs to exactly one message.
  virtual MessageId said(const Said&) = 0;
};

class Dissector {
 public:
  virtual ~Dissector() = default;
  virtual void put(Side from, std::string_view octets, MessageSink&) = 0;
  // That side says no more: what is left over becomes an incomplete (stray) message.
  virtual void end(Side from, MessageSink&) = 0;
  // TLS came up: both sides begin again, as the protocol says.
  virtual void tls_established() = 0;
  virtual StateId state() const = 0;
};

// Content and literals are shown up to here; the rest is counted, not kept.
inline constexpr std::size_t shown_content_limit = 64 * 1024;

std::unique_ptr<Dissector> make_smtp_dissector();  // protocol/smtp/dissector.cpp
std::unique_ptr<Dissector> make_lmtp_dissector();
std::unique_ptr<Dissector> make_imap_dissector();  // protocol/imap/dissector.cpp
std::unique_ptr<Dissector> make_pop3_dissector();  // protocol/pop3/dissector.cpp
std::unique_ptr<Dissector> make_dns_dissector();   // protocol/dns/dissector.cpp; each put() is one datagram
std::unique_ptr<Dissector> make_dissector(Protocol);  // null for TLS: its messages come from TlsRecord

}  // namespace glasspost

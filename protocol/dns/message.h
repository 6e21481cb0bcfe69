// DNS messages, RFC 1035: what a mail server asks to find where a letter goes. Values and tokens from one pass.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/base/result.h"
#include "protocol/token.h"

namespace glasspost::dns {

// A domain name as text: "mail.example.org", without a final dot; the root is "". A dot or a backslash within a label is
// escaped by a backslash, an octet that cannot be printed as \DDD (RFC 1035 section 5.1).
using Name = std::string;
// RFC 1035 section 2.3.4.
inline constexpr std::size_t label_limit = 63;
inline constexpr std::size_t name_limit = 255;  // octets on the wire, the lengths and the root included
Result<Name> check_name(std::string_view);      // in canonical escaping, or what is wrong with it
bool same_name(std::string_view, std::string_view);  // ignoring case, RFC 1035 section 2.3.3, and a final dot

enum class Type : std::uint16_t { a = 1, ns = 2, cname = 5, soa = 6, ptr = 12, mx = 15, txt = 16, aaaa = 28, srv = 33, any = 255 };
std::string text_of(Type);  // "MX"; "TYPE65280" for what has no name here (RFC 3597)

inline constexpr std::uint16_t class_in = 1;

enum class ResponseCode : std::uint8_t { no_error = 0, format_error = 1, server_failure = 2, name_error = 3, not_implemented = 4, refused = 5 };
std::string text_of(ResponseCode);  // "NXDOMAIN"

struct Address4 { std::string text; friend bool operator==(const Address4&, const Address4&) = default; };   // "192.0.2.1"
struct Address6 { std::string text; friend bool operator==(const Address6&, const Address6&) = default; };   // "2001:db8::1", RFC 5952
struct OneName { Name name; friend bool operator==(const OneName&, const OneName&) = default; };             // NS, CNAME, PTR
struct MailExchange {
  std::uint16_t preference = 0;
  Name exchange;  // "": null MX, RFC 7505
  friend bool operator==(const MailExchange&, const MailExchange&) = default;
};
struct StartOfAuthority {
  Name primary, mailbox;
  std::uint32_t serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0;  // seconds but for the serial
  friend bool operator==(const StartOfAuthority&, const StartOfAuthority&) = default;
};
struct Strings { std::vector<std::string> strings; friend bool operator==(const Strings&, const Strings&) = default; };  // TXT
struct Service {
  std::uint16_t priority = 0, weight = 0, port = 0;
  Name target;
  friend bool operator==(const Service&, const Service&) = default;
};
struct Raw { std::string octets; friend bool operator==(const Raw&, const Raw&) = default; };
using Data = std::variant<Address4, Address6, OneName, MailExchange, StartOfAuthority, Strings, Service, Raw>;

struct Question {
  Name name;
  Type type = Type::a;
  std::uint16_t klass = class_in;
  friend bool operator==(const Question&, const Question&) = default;
};
struct Resource {
  Name name;
  Type type = Type::a;
  std::uint16_t klass = class_in;
  std::uint32_t ttl = 0;  // seconds
  Data data;
  friend bool operator==(const Resource&, const Resource&) = default;
};
struct Message {
  std::uint16_t id = 0;
  bool response = false;
  std::uint8_t opcode = 0;
  bool authoritative = false, truncated = false, recursion_desired = false, recursion_available = false;
  std::uint8_t reserved = 0;  // three bits: Z, and since RFC 4035 AD and CD
  ResponseCode code = ResponseCode::no_error;
  std::vector<Question> questions;
  std::vector<Resource> answers, authority, additional;
  friend bool operator==(const Message&, const Message&) = default;
};

// Names are compressed (section 4.1.4) where the RFC lets them be; SRV's target is not (RFC 2782). An error is a name, an address
// or a string that the wire cannot carry: its offset is 0. A message over 65,535 octets is too_long.
Result<std::string> encode(const Message&);
// Refuses what does not end where its lengths say, pointers that do not lead backwards, and octets behind the end. The counts
// are bounded by the octets, so memory is too. Tokens tile the datagram once finish() was called.
Result<Message> decode(std::string_view datagram, Tokens* = nullptr);

// A token of a datagram in words: "MX", "mail.example.org" (with what its pointer points to), "300", "192.0.2.1". This, not the
// octets, is what to show, and what to look up an explanation by: "dns_type/MX".
std::string text_of(std::string_view datagram, const Token&);

}  // namespace glasspost::dns

// What IMAP says about a message: ENVELOPE, BODYSTRUCTURE and the sections of BODY[...] (RFC 3501 sections 6.4.5 and
// 7.4.2). Everything is an offset into the message's octets, or a value that a header field spelled out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.h"

namespace glasspost::mime {

// A string that may be missing: IMAP's nstring. Nothing is NIL; "" is an empty string.
using Text = std::optional<std::string>;

// One member of an address list, as ENVELOPE wants it. A group is a list of members: its beginning has the group's
// name as `mailbox` and no `host`; its end has neither.
struct Address {
  Text name;      // display name (or, in the old style, the comment), still with its encoded words
  Text route;     // "@a,@b": RFC 822's source route
  Text mailbox;   // local part, without quoting
  Text host;

  bool begins_group() const { return mailbox && !host; }
  bool ends_group() const { return !mailbox && !host; }
  friend bool operator==(const Address&, const Address&) = default;
};
using AddressList = std::vector<Address>;  // empty: NIL

// RFC 3501 section 7.4.2. Values are unfolded, otherwise as the message has them (encoded words, 8-bit octets). Sender
// and Reply-To that are missing or empty are From. Only the first field of each name counts.
struct Envelope {
  Text date, subject;
  AddressList from, sender, reply_to, to, cc, bcc;
  Text in_reply_to, message_id;

  friend bool operator==(const Envelope&, const Envelope&) = default;
};

struct Parameter {
  std::string name, value;  // the value without its quotes
  friend bool operator==(const Parameter&, const Parameter&) = default;
};

// A message, or one body part of it.
struct Part {
  Span headers;  // the header fields and the empty line that ends them
  Span body;     // what follows, up to the CRLF in front of the next boundary
  std::uint32_t lines = 0;  // line ends in the body, which is how servers count; 0 for multipart, which needs none

  std::string type, subtype;           // as the header spells them; "TEXT" and "PLAIN" where it says nothing
  std::vector<Parameter> parameters;   // in one piece (RFC 2231), not decoded; text has a charset, US-ASCII if none
  Text id, description;
  std::string encoding;                // "7BIT" where the header says nothing
  // Extension data: BODYSTRUCTURE has it, BODY does not.
  Text md5;
  Text disposition;                    // its type; nothing: the whole field is NIL
  std::vector<Parameter> disposition_parameters;
  std::vector<std::string> language;
  Text location;

  // multipart: its parts, in order, at least one: where the message has none there is an empty text part at the end of the
  // body, since BODYSTRUCTURE needs one. message/rfc822: exactly one, the message inside (its headers, body, structure).
  std::vector<Part> parts;
  std::unique_ptr<Envelope> envelope;  // message/rfc822: of the message inside
  bool cut = false;                    // over the limits: further parts are left out, or this one is not taken apart and is
                                       // given out as APPLICATION/OCTET-STREAM

  bool is(std::string_view wanted_type, std::string_view wanted_subtype) const;  // ignoring case
  bool is_multipart() const;
  bool is_text() const;
  bool holds_message() const { return envelope != nullptr; }  // message/rfc822, with its inner message in parts[0]
};

// Of a header (its first header_limit octets): the fields and nothing else is looked at.
Envelope envelope_of(std::string_view headers);

// What stands between the brackets of BODY[...].
struct Section {
  enum class What : std::uint8_t { everything, header, header_fields, header_fields_not, text, mime };
  std::vector<std::uint32_t> path;  // "1.2"; empty: the message itself
  What what = What::everything;
  std::vector<std::string> fields;  // of header_fields and header_fields_not

  friend bool operator==(const Section&, const Section&) = default;
};
// "1.2.HEADER.FIELDS (FROM TO)", without the brackets; field names may be quoted.
Result<Section> parse_section(std::string_view);
std::string to_text(const Section&);

// The octets of a section of `message`, whose structure `root` is. They lie in `message` or, for header_fields, in
// `scratch`. Nothing: the message has no such part, and IMAP answers NIL.
std::optional<std::string_view> section_of(std::string_view message, const Part& root, const Section&,
                                           std::string& scratch);
// The part that a path names, nullptr if there is none. RFC 3501 section 6.4.5: part 1 of a message that is not multipart is
// its body; below message/rfc822 the numbers are those of the message inside.
const Part* part_at(const Part& root, const std::vector<std::uint32_t>& path);

}  // namespace glasspost::mime

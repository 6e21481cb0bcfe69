// Explanations are data: a catalogue maps keys to words in one language. This finds the right key; assets/words has
// the words, and app/words reads them from disk.
//
// Keys, from the most to the least particular; the first that the catalogue has is used:
//   a token      "<role>/<TEXT IN CAPITALS>"  "smtp_capability/PIPELINING", "smtp_code/250"
//                of DNS and TLS: its number's name, "dns_type/MX", "tls_cipher_suite/TLS_AES_128_GCM_SHA256"; where
//                it has none: its octets in hexadecimal, "dns_flags/0100"
//                the same up to a "=", "." or ":": "imap_capability/APPENDLIMIT" of "APPENDLIMIT=35651584",
//                                              "smtp_enhanced_code/5.7" of "5.7.509", "content_header_name/TO" of "To:"
//                "<role>"                      "smtp_capability"
//   a message    its headline                 "say/smtp/AUTH"
//   a state      "state/<protocol>/<id>"
//   a command    "legal/<protocol>/<NAME>"      in a few words, for lists of what is legal: "legal/imap/UID FETCH"
//   a refusal    "refused/<protocol>/<NAME>/<state>", "refused/<protocol>/<state>", "refused/<protocol>/<NAME>"
//   a mistake    "fault/<name>", "expected/<ABNF rule>"
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.h"
#include "protocol/kinds.h"
#include "protocol/role.h"

namespace glasspost {

struct Words {
  std::string what;    // what it is: a phrase, no final stop
  std::string why;     // why it is there, in a sentence or two
  std::string other;   // what else it could be; may be empty
  std::string source;  // "RFC 4954 §4"; may be empty
};

class Catalogue {
 public:
  void add(std::string key, Words);
  const Words* find(std::string_view key) const;
  std::vector<std::string_view> keys() const;

 private:
  std::map<std::string, Words, std::less<>> words_;
};

// `token_text` is the token's octets as they are, binary ones of DNS and TLS too.
// Never null for a role that the catalogue covers; null otherwise.
const Words* explain(const Catalogue&, Role, std::string_view token_text);

// Why a command is not legal, in a few words; null if there are none. `hindrance`: what machine.h names.
const Words* explain_refusal(const Catalogue&, Protocol, std::string_view command, std::string_view hindrance);

// "{client} asks to log in" with its names put in. Names that are not given stay as they are.
struct Filling {
  std::string_view name, value;
};
std::string fill(std::string_view pattern, std::initializer_list<Filling>);

}  // namespace glasspost

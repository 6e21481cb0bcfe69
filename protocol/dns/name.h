// Domain names on the wire and as text, and addresses as text: what message.cpp is built of.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.h"

namespace glasspost::dns {

// The labels that a text names, unescaped; RFC 1035 sections 2.3.4 and 5.1.
Result<std::vector<std::string>> labels_of(std::string_view text);
void append_label(std::string_view label, std::string& text);  // escaped, with a dot in front if `text` has labels

// Section 4.1.4. Takes the name at `at`, which is left behind it. A pointer must lead to an earlier place than the part of
// the name in front of it, and there are no more of them than labels in a name: no loop, no endless chain.
Result<std::string> read_name(std::string_view datagram, std::size_t& at);

// Writes names, and remembers where their ends stand so that later ones can point to them.
class NameWriter {
 public:
  // `out`: the datagram so far; offsets above 0x3FFF cannot be pointed to.
  Result<void> write(std::string_view name, std::string& out, bool compress = true);

 private:
  std::map<std::string, std::size_t> places_;  // by the wire form of the rest of the name, in lower case
};

std::optional<std::string> address4_octets(std::string_view text);  // 4 octets
std::optional<std::string> address6_octets(std::string_view text);  // 16 octets
std::string address4_text(std::string_view octets);
std::string address6_text(std::string_view octets);  // RFC 5952

}  // namespace glasspost::dns

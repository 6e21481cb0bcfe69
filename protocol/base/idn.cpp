#include "protocol/base/idn.h"

#include <idn2.h>

#include <algorithm>

#include "protocol/base/text.h"

namespace glasspost {

std::optional<std::string> to_a_labels(std::string_view domain) {
  if (std::none_of(domain.begin(), domain.end(), is_eight_bit)) return std::string(domain);
  if (!is_utf8(domain) || domain.find('\0') != domain.npos) return std::nullopt;
  char* ascii = nullptr;
  const int result = idn2_to_ascii_8z(std::string(domain).c_str(), &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  if (result != IDN2_OK) return std::nullopt;
  std::string out(ascii);
  idn2_free(ascii);
  // What is mapped to nothing leaves an empty label.
  const bool empty = out.empty() || out.starts_with('.') || out.find("..") != out.npos;
  return empty ? std::nullopt : std::optional(std::move(out));
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char first = octet(i);
    if (first < 0x80) {
      ++i;
      continue;
    }
    const std::size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || i + more >= text.size()) return false;
    const unsigned char second = octet(i + 1);
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) || (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
      return false;
    for (std::size_t k = 1; k <= more; ++k)
      if ((octet(i + k) & 0xc0) != 0x80) return false;
    i += more + 1;
  }
  return true;
}

}  // namespace glasspost

#include "sim/store/collation.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "protocol/base/idn.h"
#include "protocol/base/text.h"

namespace glasspost::sim {
namespace {

constexpr std::size_t longest_decomposition = 18;  // U+FDFA
constexpr std::size_t longest_utf8 = 4;

void append(std::string& out, utf8proc_int32_t code) {
  std::array<utf8proc_uint8_t, longest_utf8> octets{};
  const auto size = utf8proc_encode_char(code, octets.data());
  out.append(octets.begin(), octets.begin() + size);
}

// utf8proc has a capital for U+00DF; UnicodeData.txt, which RFC 5051 goes by, has none.
utf8proc_int32_t title_of(utf8proc_int32_t code) { return code == 0xdf ? code : utf8proc_totitle(code); }

// RFC 5051 section 2, step 2
void append_prepared(std::string& out, utf8proc_int32_t code) {
  std::array<utf8proc_int32_t, longest_decomposition> parts{};
  const utf8proc_int32_t title = title_of(code);
  int boundary = 0;  // utf8proc's, for graphemes
  const auto size = utf8proc_decompose_char(title, parts.data(), utf8proc_ssize_t(parts.size()),
                                            utf8proc_option_t(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT), &boundary);
  if (size < 0 || std::size_t(size) > parts.size()) return append(out, title);
  for (utf8proc_ssize_t i = 0; i < size; ++i) append(out, parts[std::size_t(i)]);
}

}  // namespace

std::string fold_case(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  while (!text.empty()) {
    const auto ascii = std::size_t(std::find_if(text.begin(), text.end(), is_eight_bit) - text.begin());
    const std::size_t begin = folded.size();
    folded.append(text, 0, ascii);
    std::transform(folded.begin() + std::ptrdiff_t(begin), folded.end(), folded.begin() + std::ptrdiff_t(begin), upper);
    text.remove_prefix(ascii);
    if (text.empty()) break;
    utf8proc_int32_t code = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), utf8proc_ssize_t(text.size()), &code);
    if (size > 0) append_prepared(folded, code);
    else folded += text.front();
    text.remove_prefix(size > 0 ? std::size_t(size) : 1);
  }
  return folded;
}

std::string collation_key(std::string_view text) {
  constexpr char behind_all_utf8 = '\xff';
  return is_utf8(text) ? fold_case(text) : behind_all_utf8 + std::string(text);
}

}  // namespace glasspost::sim

#include "protocol/imap/utf7.h"

#include <array>
#include <cstdint>
#include <optional>

#include "protocol/base/text.h"

namespace glasspost::imap {
namespace {

// RFC 3501 section 5.1.3: the alphabet of base64 with "," in place of "/".
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

constexpr std::array<std::int8_t, 256> make_reverse() {
  std::array<std::int8_t, 256> table{};
  for (auto& entry : table) entry = -1;
  for (std::size_t i = 0; i < alphabet.size(); ++i) table[static_cast<unsigned char>(alphabet[i])] = std::int8_t(i);
  return table;
}
constexpr auto reverse = make_reverse();

// One code point of strict UTF-8 (RFC 3629): no overlong forms, surrogates, or anything above U+10FFFF.
std::optional<char32_t> next_code_point(std::string_view utf8, std::size_t& at) {
  const auto octet = [&](std::size_t k) { return static_cast<unsigned char>(utf8[at + k]); };
  const unsigned first = octet(0);
  if (first < 0x80) {
    ++at;
    return char32_t(first);
  }
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || utf8.size() - at < size) return std::nullopt;
  char32_t value = first & (0x7fU >> size);
  for (std::size_t k = 1; k < size; ++k) {
    if ((octet(k) & 0xc0U) != 0x80) return std::nullopt;
    value = value << 6 | (octet(k) & 0x3fU);
  }
  constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  if (value < least[size] || (value >= 0xd800 && value < 0xe000) || value > 0x10ffff) return std::nullopt;
  at += size;
  return value;
}

void append_utf8(std::string& out, char32_t c) {
  const auto more = [&](int shift) { out += char(0x80 | (c >> shift & 0x3f)); };
  if (c < 0x80) {
    out += char(c);
  } else if (c < 0x800) {
    out += char(0xc0 | c >> 6), more(0);
  } else if (c < 0x10000) {
    out += char(0xe0 | c >> 12), more(6), more(0);
  } else {
    out += char(0xf0 | c >> 18), more(12), more(6), more(0);
  }
}

// A shifted run: UTF-16 in big-endian order, in base64 without padding.
class ShiftWriter {
 public:
  explicit ShiftWriter(std::string& out) : out_(out) { out_ += '&'; }
  void put(char32_t c) {
    if (c < 0x10000) return unit(std::uint32_t(c));
    c -= 0x10000;
    unit(0xd800 | std::uint32_t(c >> 10));
    unit(0xdc00 | std::uint32_t(c & 0x3ff));
  }
  void finish() {
    if (count_ > 0) out_ += alphabet[bits_ << (6 - count_) & 63];
    out_ += '-';
  }

 private:
  void unit(std::uint32_t value) {
    bits_ = bits_ << 16 | value;
    count_ += 16;
    while (count_ >= 6) out_ += alphabet[bits_ >> (count_ -= 6) & 63];
    bits_ &= (1U << count_) - 1;
  }
  std::string& out_;
  std::uint32_t bits_ = 0;
  int count_ = 0;
};

// What stands between "&" and "-" (neither included), appended as UTF-8.
Result<void> shifted(std::string_view run, std::size_t offset, std::string& out) {
  std::uint32_t bits = 0, high = 0;
  int count = 0;
  for (std::size_t i = 0; i < run.size(); ++i) {
    const int digit = reverse[static_cast<unsigned char>(run[i])];
    if (digit < 0) return fail(Fault::syntax, offset + i, "modified BASE64");
    bits = bits << 6 | std::uint32_t(digit);
    count += 6;
    if (count < 16) continue;
    count -= 16;
    const std::uint32_t unit = bits >> count & 0xffff;
    bits &= (1U << count) - 1;
    const bool is_low = unit >= 0xdc00 && unit < 0xe000;
    if (is_low != (high != 0)) return fail(Fault::syntax, offset + i, "surrogate pair");
    if (unit >= 0xd800 && unit < 0xdc00) {
      high = unit;
      continue;
    }
    const char32_t c = is_low ? char32_t(0x10000 + ((high & 0x3ff) << 10 | (unit & 0x3ff))) : char32_t(unit);
    high = 0;
    if (c == 0 || c == '\r' || c == '\n') return fail(Fault::bad_octet, offset + i, "mailbox");
    if (c >= 0x20 && c < 0x7f) return fail(Fault::syntax, offset + i, "printable US-ASCII as itself");
    append_utf8(out, c);
  }
  if (high != 0) return fail(Fault::syntax, offset + run.size(), "surrogate pair");
  if (count >= 6 || bits != 0) return fail(Fault::syntax, offset + run.size(), "modified BASE64");
  return {};
}

}  // namespace

Result<std::string> utf7_encode(std::string_view utf8) {
  std::string out;
  std::optional<ShiftWriter> shift;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t begin = at;
    const auto c = next_code_point(utf8, at);
    if (!c) return fail(Fault::bad_octet, begin, "UTF-8");
    if (*c == 0 || *c == '\r' || *c == '\n') return fail(Fault::bad_octet, begin, "mailbox");
    if (*c >= 0x20 && *c < 0x7f) {
      if (shift) shift->finish();
      shift.reset();
      out += char(*c);
      if (*c == '&') out += '-';
      continue;
    }
    if (!shift) shift.emplace(out);
    shift->put(*c);
  }
  if (shift) shift->finish();
  return out;
}

Result<std::string> utf7_decode(std::string_view wire) {
  std::string out;
  out.reserve(wire.size());
  bool after_shift = false;  // two shifts in a row should have been one
  for (std::size_t at = 0; at < wire.size();) {
    const char c = wire[at];
    if (!is_printable(c)) return fail(Fault::bad_octet, at, "modified UTF-7");
    if (c != '&') {
      out += c;
      ++at;
      after_shift = false;
      continue;
    }
    const std::size_t end = wire.find('-', at);
    if (end == wire.npos) return fail(Fault::syntax, wire.size(), "\"-\"");
    if (end == at + 1) {
      out += '&';
      after_shift = false;
    } else {
      if (after_shift) return fail(Fault::syntax, at, "one shifted run");
      const auto done = shifted(wire.substr(at + 1, end - at - 1), at + 1, out);
      if (!done) return tl::unexpected(done.error());
      after_shift = true;
    }
    at = end + 1;
  }
  return out;
}

}  // namespace glasspost::imap

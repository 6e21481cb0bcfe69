#include "protocol/mime/encoding.h"

#include <array>

#include "protocol/base/text.h"

namespace glasspost::mime {
namespace {

constexpr int six_bits(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}
constexpr int nibble(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}
constexpr std::string_view hexadecimal = "0123456789ABCDEF";

void escape(char c, std::string& out) {
  const auto octet = static_cast<unsigned char>(c);
  out += '=';
  out += hexadecimal[octet >> 4];
  out += hexadecimal[octet & 15];
}

void append_utf8(std::uint32_t code, std::string& out) {
  if (code < 0x80) {
    out += char(code);
  } else if (code < 0x800) {
    out += char(0xc0 | code >> 6);
    out += char(0x80 | (code & 63));
  } else {
    out += char(0xe0 | code >> 12);
    out += char(0x80 | (code >> 6 & 63));
    out += char(0x80 | (code & 63));
  }
}

// windows-1252's own letters between 0x80 and 0x9F; 0: none.
constexpr std::array<std::uint16_t, 32> windows_1252 = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
    0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178};

}  // namespace

std::string decode_body(std::string_view body, std::string_view transfer_encoding) {
  if (equal_ignoring_case(transfer_encoding, "base64")) return decode_base64_body(body);
  if (equal_ignoring_case(transfer_encoding, "quoted-printable")) return decode_quoted_printable(body);
  return std::string(body);
}

std::string decode_base64_body(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    if (c == '=') {  // the end of one encoding; what is put behind it begins another
      bits = 0;
      continue;
    }
    const int value = six_bits(c);
    if (value < 0) continue;
    group = (group << 6 | std::uint32_t(value)) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += char(group >> bits & 0xff);
  }
  return out;
}

std::string encode_base64_body(std::string_view octets) {
  std::string out;
  out.reserve(octets.size() / 57 * 78 + 78);
  for (std::size_t at = 0; at < octets.size(); at += 57) {
    out += base64_encode(octets.substr(at, 57));
    out += "\r\n";
  }
  return out;
}

std::string decode_quoted_printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t blanks = 0;  // trailing white space of the line so far: deleted if the line ends here
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n' || (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n')) {
      out.resize(out.size() - blanks);
      blanks = 0;
      if (c == '\r') out += text[i++];
      out += '\n';
      continue;
    }
    if (c != '=') {
      blanks = c == ' ' || c == '\t' ? blanks + 1 : 0;
      out += c;
      continue;
    }
    blanks = 0;
    const int high = i + 1 < text.size() ? nibble(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? nibble(text[i + 2]) : -1;
    if (high >= 0 && low >= 0) {
      out += char(high << 4 | low);
      i += 2;
      continue;
    }
    std::size_t end = i + 1;  // a soft line break, perhaps with white space that a gateway has added
    while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
    if (end < text.size() && text[end] == '\r') ++end;
    if (end == text.size() || text[end] == '\n') i = end;
    else out += c;
  }
  out.resize(out.size() - blanks);
  return out;
}

std::string encode_quoted_printable(std::string_view text) {
  std::string out, line;
  const auto soft_break = [&](std::size_t needed) {
    if (line.size() + needed <= 75) return;
    out += line;
    out += "=\r\n";
    line.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
      ++i;
      out += line;
      out += "\r\n";
      line.clear();
      continue;
    }
    const bool line_ends = i + 1 == text.size() || (text[i + 1] == '\r' && i + 2 < text.size() && text[i + 2] == '\n');
    const bool blank = c == ' ' || c == '\t';
    if ((is_printable(c) && c != '=' && !blank) || (blank && !line_ends)) {
      soft_break(1);
      line += c;
    } else {
      soft_break(3);
      escape(c, line);
    }
  }
  return out + line;
}

std::optional<std::string> to_utf8(std::string_view octets, std::string_view charset) {
  const bool utf8 = equal_ignoring_case(charset, "utf-8") || equal_ignoring_case(charset, "utf8");
  if (utf8 || equal_ignoring_case(charset, "us-ascii")) {
    // Much that calls itself ASCII is UTF-8.
    return is_utf8(octets) ? std::optional(std::string(octets)) : std::nullopt;
  }
  const bool windows = equal_ignoring_case(charset, "windows-1252");
  if (!windows && !equal_ignoring_case(charset, "iso-8859-1") && !equal_ignoring_case(charset, "latin1")) return std::nullopt;
  std::string out;
  out.reserve(octets.size() + octets.size() / 4);
  for (const char c : octets) {
    std::uint32_t code = static_cast<unsigned char>(c);
    if (code >= 0x80 && code < 0xa0 && windows_1252[code - 0x80] != 0) code = windows_1252[code - 0x80];
    append_utf8(code, out);
  }
  return out;
}

}  // namespace glasspost::mime

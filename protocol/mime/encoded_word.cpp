// RFC 2047: encoded words; RFC 2231: parameters in pieces and in other charsets.
#include <algorithm>

#include "protocol/base/text.h"
#include "protocol/mime/encoding.h"

namespace glasspost::mime {
namespace {

// encoded-word = "=?" charset "?" encoding "?" encoded-text "?="
struct EncodedWord {
  std::string_view charset, text;
  char encoding = 'Q';
  std::size_t size = 0;  // of all of it
};

std::optional<EncodedWord> encoded_word(std::string_view text) {
  if (!text.starts_with("=?")) return std::nullopt;
  const auto is_token = [](char c) { return is_printable(c) && c != ' ' && c != '?'; };
  std::size_t at = 2;
  while (at < text.size() && is_token(text[at])) ++at;
  const std::string_view charset = text.substr(2, at - 2);
  if (charset.empty() || at + 3 >= text.size() || text[at] != '?' || text[at + 2] != '?') return std::nullopt;
  const char encoding = upper(text[at + 1]);
  if (encoding != 'B' && encoding != 'Q') return std::nullopt;
  const std::size_t begin = at + 3;
  std::size_t end = begin;
  // Spaces are not allowed in it, yet often found.
  while (end < text.size() && text[end] != '?' && text[end] != '\r' && text[end] != '\n') ++end;
  if (end + 1 >= text.size() || text[end] != '?' || text[end + 1] != '=') return std::nullopt;
  // RFC 2231 section 5: a language may follow the charset behind a "*".
  return EncodedWord{charset.substr(0, charset.find('*')), text.substr(begin, end - begin), encoding, end + 2};
}

std::string decode_q(std::string_view text) {
  std::string underscored(text);
  std::replace(underscored.begin(), underscored.end(), '_', ' ');
  underscored += '.';  // trailing spaces are text here
  std::string out = decode_quoted_printable(underscored);
  out.pop_back();
  return out;
}

std::string raw_octets(const EncodedWord& word) {
  return word.encoding == 'B' ? decode_base64_body(word.text) : decode_q(word.text);
}

}  // namespace

std::string decode_words(std::string_view value) {
  std::string out;
  std::size_t gap = std::string::npos;  // white space since the last encoded word begins here in `out`
  for (std::size_t i = 0; i < value.size();) {
    const auto word = value[i] == '=' ? encoded_word(value.substr(i)) : std::nullopt;
    if (!word) {
      const char c = value[i++];
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n') gap = std::string::npos;
      out += c;
      continue;
    }
    // A character may be split over neighbours of one charset, against the RFC's advice: put them together first.
    std::string octets = raw_octets(*word);
    std::size_t next = i + word->size;
    for (;;) {
      const std::size_t follows = value.find_first_not_of(" \t\r\n", next);
      if (follows == value.npos) break;
      const auto neighbour = encoded_word(value.substr(follows));
      if (!neighbour || !equal_ignoring_case(neighbour->charset, word->charset)) break;
      octets += raw_octets(*neighbour);
      next = follows + neighbour->size;
    }
    const auto decoded = to_utf8(octets, word->charset);
    if (decoded && gap != std::string::npos) out.resize(gap);
    out += decoded ? std::string_view(*decoded) : value.substr(i, next - i);
    gap = decoded ? out.size() : std::string::npos;
    i = next;
  }
  return out;
}

std::string encode_words(std::string_view utf8, std::size_t column) {
  const bool plain = std::all_of(utf8.begin(), utf8.end(), [](char c) { return is_printable(c); });
  // A long line of words without a space cannot be folded; within 998 octets it may stand (RFC 5322 section 2.1.1).
  if (plain && utf8.find("=?") == utf8.npos && trim(utf8).size() == utf8.size() && column + utf8.size() <= 900)
    return std::string(utf8);
  constexpr std::string_view begin = "=?UTF-8?Q?";
  constexpr std::size_t word_limit = 75, line_limit = 76;  // RFC 2047 section 2
  std::string out(begin);
  std::size_t line = column + begin.size(), word = begin.size();
  for (std::size_t i = 0; i < utf8.size();) {
    // One character at a time: none is split between words (section 5).
    std::size_t size = 1;
    while (size < 4 && i + size < utf8.size() && (static_cast<unsigned char>(utf8[i + size]) & 0xc0) == 0x80) ++size;
    std::string coded;
    for (const char c : utf8.substr(i, size)) {
      if (c == ' ') {
        coded += '_';
      } else if (is_alnum(c) || std::string_view("!*+-/").find(c) != std::string_view::npos) {
        coded += c;
      } else {
        constexpr std::string_view digits = "0123456789ABCDEF";
        const auto octet = static_cast<unsigned char>(c);
        coded += '=';
        coded += digits[octet >> 4];
        coded += digits[octet & 15];
      }
    }
    if (word + coded.size() + 2 > word_limit || line + coded.size() + 2 > line_limit) {
      out += "?=\r\n ";
      out += begin;
      line = begin.size() + 1, word = begin.size();
    }
    out += coded;
    line += coded.size(), word += coded.size();
    i += size;
  }
  return out + "?=";
}

namespace {

std::string percent_decoded(std::string_view text) {
  std::string out;
  const auto nibble = [](char c) {
    return is_digit(c) ? c - '0' : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? nibble(text[i + 1]) : -1;
    const int low = high >= 0 ? nibble(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += char(high << 4 | low);
    i += 2;
  }
  return out;
}

const Parameter* find(std::span<const Parameter> parameters, std::string_view name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const Parameter& p) { return equal_ignoring_case(p.name, name); });
  return found == parameters.end() ? nullptr : &*found;
}

}  // namespace

std::optional<std::string> parameter(std::span<const Parameter> parameters, std::string_view name) {
  std::string charset, octets;
  bool found = false;
  // One octet string out of the pieces; the charset is said once, in front of the first.
  const auto add = [&](std::string_view value, bool extended, bool first) {
    found = true;
    if (extended && first) {
      const auto quote = value.find('\'');
      const auto second = quote == value.npos ? value.npos : value.find('\'', quote + 1);
      if (second != value.npos) {
        charset = value.substr(0, quote);
        value.remove_prefix(second + 1);
      }
    }
    octets += extended ? percent_decoded(value) : std::string(value);
  };
  const std::string base(name);
  if (const Parameter* whole = find(parameters, base + "*")) {
    add(whole->value, true, true);
  } else {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const std::string piece = base + "*" + std::to_string(i);
      if (const Parameter* plain = find(parameters, piece)) add(plain->value, false, i == 0);
      else if (const Parameter* extended = find(parameters, piece + "*")) add(extended->value, true, i == 0);
      else break;
    }
  }
  if (!found) {
    const Parameter* simple = find(parameters, base);
    // RFC 2047 section 5 forbids encoded words here, but most programs write them.
    return simple ? std::optional(decode_words(simple->value)) : std::nullopt;
  }
  const auto decoded = charset.empty() ? std::optional(octets) : to_utf8(octets, charset);
  return decoded ? *decoded : octets;
}

}  // namespace glasspost::mime

#include "protocol/smtp/content.h"

#include <algorithm>
#include <cstring>

#include "protocol/base/text.h"

namespace glasspost::smtp {
namespace {

std::size_t find(std::string_view text, char c, std::size_t from, std::size_t upto) {
  const void* found = std::memchr(text.data() + from, c, upto - from);
  return found ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) : text.npos;
}

}  // namespace

void ContentReader::restart(std::uint64_t expected) {
  *this = ContentReader(limit_);
  // A large letter that is announced need not be moved while it grows; what a stranger announces is believed so far.
  constexpr std::uint64_t most_reserved = 16 * 1024 * 1024;
  if (expected > 0) content_.reserve(static_cast<std::size_t>(std::min({expected + 2, limit_, most_reserved})));
}

void ContentReader::keep(std::string_view octets) {
  size_ += octets.size();
  if (size_ > limit_) content_ = {};  // it will be refused: no need to hold it
  else if (!forgotten_) content_ += octets;
}

// From inside a line (or the start of one that begins with no dot): everything up to the next line that begins with a
// dot goes over in one piece.
std::size_t ContentReader::take_lines(std::string_view octets, std::size_t from) {
  std::size_t line = from;
  at_ = At::middle;
  while (line < octets.size()) {
    const std::size_t lf = find(octets, '\n', line, octets.size());
    const std::size_t end = lf == octets.npos ? octets.size() : lf;
    std::size_t cr = find(octets, '\r', line, end);
    if (cr != octets.npos && cr + 1 < end) {
      bare_cr_ = true;
      cr = octets[end - 1] == '\r' ? end - 1 : octets.npos;
    }
    if (lf == octets.npos) {
      at_ = cr == octets.npos ? At::middle : At::cr;
      line = octets.size();
      break;
    }
    line = lf + 1;
    if (cr == octets.npos) {
      bare_lf_ = true;
      at_ = At::middle;
      continue;
    }
    at_ = At::line_start;
    if (line < octets.size() && octets[line] == '.') break;
    if (line < octets.size()) at_ = At::middle;
  }
  keep(octets.substr(from, line - from));
  return line;
}

std::size_t ContentReader::put(std::string_view octets) {
  std::size_t i = 0;
  while (i < octets.size() && at_ != At::end) {
    switch (at_) {
      case At::line_start:
        if (octets[i] == '.') at_ = At::dot, ++i;
        else i = take_lines(octets, i);
        break;
      case At::dot:
        // The dot is not part of the letter, whatever follows it.
        if (octets[i] == '\r') at_ = At::dot_cr, ++i;
        else i = take_lines(octets, i);
        break;
      case At::dot_cr:
        if (octets[i] == '\n') {
          at_ = At::end, ++i;
        } else {
          keep("\r");
          at_ = At::cr;
        }
        break;
      case At::cr:
        if (octets[i] == '\n') {
          keep("\n");
          at_ = At::line_start, ++i;
        } else {
          bare_cr_ = true;
          i = take_lines(octets, i);
        }
        break;
      case At::middle: i = take_lines(octets, i); break;
      case At::end: break;
    }
  }
  return i;
}

std::string stuff(std::string_view content) {
  std::string out;
  out.reserve(content.size() + content.size() / 64 + 8);
  std::size_t at = 0;
  if (content.starts_with('.')) out += '.';
  for (;;) {
    const std::size_t next = content.find("\r\n.", at);
    if (next == content.npos) break;
    out += content.substr(at, next + 3 - at);
    out += '.';
    at = next + 3;
  }
  out += content.substr(at);
  if (!content.empty() && !content.ends_with("\r\n")) out += "\r\n";
  out += ".\r\n";
  return out;
}

ContentFacts examine(std::string_view content) {
  ContentFacts facts;
  std::size_t i = 0;
  for (; i + 8 <= content.size() && !facts.eight_bit; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, content.data() + i, 8);
    facts.eight_bit = (word & 0x8080808080808080U) != 0;
  }
  for (; i < content.size() && !facts.eight_bit; ++i) facts.eight_bit = is_eight_bit(content[i]);
  facts.nul = content.find('\0') != content.npos;
  for (std::size_t at = content.find('\n'); at != content.npos && !facts.bare_line_end; at = content.find('\n', at + 1))
    facts.bare_line_end = at == 0 || content[at - 1] != '\r';
  for (std::size_t at = content.find('\r'); at != content.npos && !facts.bare_line_end; at = content.find('\r', at + 1))
    facts.bare_line_end = at + 1 == content.size() || content[at + 1] != '\n';
  return facts;
}

namespace {

// Line by line: headers until the first empty line, then the body.                                    RFC 5322 section 2.1
void mark_lines(std::string_view text, Tokens& tokens, bool& in_headers, bool dots) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t found = text.find("\r\n", at);
    const bool ended = found != text.npos;
    const std::size_t end = ended ? found : text.size(), next = ended ? found + 2 : text.size();
    if (dots && text[at] == '.') {
      if (ended && end == at + 1 && next == text.size()) {
        tokens.mark(text, at, end, Role::content_end);
        tokens.mark(text, end, next, Role::crlf);
        return;
      }
      tokens.mark(text, at, at + 1, Role::content_stuffed_dot);
      ++at;
    }
    if (!in_headers) {
      tokens.mark(text, at, end, Role::content_body);
      tokens.mark(text, end, next, Role::crlf);
    } else if (at == end) {
      in_headers = !ended;
      tokens.mark(text, end, next, Role::content_blank);
    } else {
      const bool folded = text[at] == ' ' || text[at] == '\t';
      const std::size_t colon = folded ? text.npos : text.substr(at, end - at).find(':');
      if (folded) {
        tokens.mark(text, at, end, Role::content_header_value);
      } else if (colon == text.npos || colon == 0) {
        in_headers = false;  // no header: the body begins without a blank line
        tokens.mark(text, at, end, Role::content_body);
      } else {
        tokens.mark(text, at, at + colon + 1, Role::content_header_name);
        std::size_t value = at + colon + 1;
        while (value < end && text[value] == ' ') ++value;
        tokens.mark(text, at + colon + 1, value, Role::space);
        tokens.mark(text, value, end, Role::content_header_value);
      }
      tokens.mark(text, end, next, Role::crlf);
    }
    at = next;
  }
}

}  // namespace

void mark_content(std::string_view text, Tokens& tokens) {
  bool in_headers = true;
  mark_lines(text, tokens, in_headers, true);
}

void mark_chunk(std::string_view text, Tokens& tokens, bool& in_headers) { mark_lines(text, tokens, in_headers, false); }

}  // namespace glasspost::smtp

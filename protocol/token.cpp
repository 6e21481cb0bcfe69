#include "protocol/token.h"

namespace glasspost {

void Tokens::fill(std::string_view text, std::size_t upto) {
  std::size_t at = tokens_.empty() ? 0 : tokens_.back().span.end;
  while (at < upto) {
    const bool blank = text[at] == ' ';
    std::size_t end = at + 1;
    while (end < upto && (text[end] == ' ') == blank) ++end;
    tokens_.push_back({{std::uint32_t(at), std::uint32_t(end)}, blank ? Role::space : Role::plain});
    at = end;
  }
}

void Tokens::mark(std::string_view text, std::size_t begin, std::size_t end, Role role) {
  const std::size_t marked = tokens_.empty() ? 0 : tokens_.back().span.end;
  if (begin < marked) begin = marked;
  if (begin >= end) return;
  fill(text, begin);
  tokens_.push_back({{std::uint32_t(begin), std::uint32_t(end)}, role});
}

void Tokens::finish(std::string_view text) {
  const std::size_t marked = tokens_.empty() ? 0 : tokens_.back().span.end;
  const bool ended = text.size() >= marked + 2 && text.ends_with("\r\n");
  fill(text, ended ? text.size() - 2 : text.size());
  if (ended) tokens_.push_back({{std::uint32_t(text.size() - 2), std::uint32_t(text.size())}, Role::crlf});
}

std::string redact(std::string_view text, std::span<const Token> tokens) {
  std::string out;
  out.reserve(text.size());
  for (const Token& token : tokens) {
    if (is_secret(token.role)) out += mask;
    else out += token.span.of(text);
  }
  return out;
}

bool tiles(std::string_view text, std::span<const Token> tokens) {
  std::size_t at = 0;
  for (const Token& token : tokens) {
    if (token.span.begin != at || token.span.end <= token.span.begin) return false;
    at = token.span.end;
  }
  return at == text.size();
}

}  // namespace glasspost

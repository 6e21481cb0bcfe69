#include "protocol/mime/content_tokens.h"

#include "protocol/mime/header.h"

namespace glasspost::mime {

// "Subject: words": the name alone is the name's token, so that "content_header_name/SUBJECT" explains it.
void ContentTokens::mark_header(std::string_view text, std::size_t begin, std::size_t end, Tokens& tokens) {
  const char first = text[begin];
  if (first == ' ' || first == '\t') {
    tokens.mark(text, begin, end, in_field_ ? Role::content_header_value : Role::plain);
    return;
  }
  const std::size_t name = field_name_size(text.substr(begin, end - begin));
  in_field_ = name != 0;
  if (!in_field_) {
    tokens.mark(text, begin, end, Role::plain);
    return;
  }
  std::size_t value = text.find(':', begin + name) + 1;
  while (value < end && (text[value] == ' ' || text[value] == '\t')) ++value;
  tokens.mark(text, begin, begin + name, Role::content_header_name);
  tokens.mark(text, begin + name, value, Role::space);
  tokens.mark(text, value, end, Role::content_header_value);
}

void ContentTokens::mark_line(std::string_view text, std::size_t begin, std::size_t end, Tokens& tokens) {
  if (begin >= end) return;
  const bool ended = end - begin >= 2 && text[end - 2] == '\r' && text[end - 1] == '\n';
  const std::size_t stop = ended ? end - 2 : end;
  if (in_headers_ && begin == stop) {
    in_headers_ = false;
    tokens.mark(text, begin, end, Role::content_blank);
    return;
  }
  if (stuffed_ && begin < stop && text[begin] == '.') {
    tokens.mark(text, begin, begin + 1, Role::content_stuffed_dot);
    ++begin;
  }
  if (begin < stop) {
    if (in_headers_) mark_header(text, begin, stop, tokens);
    else tokens.mark(text, begin, stop, Role::content_body);
  }
  tokens.mark(text, stop, end, Role::crlf);
}

void ContentTokens::mark_lines(std::string_view text, std::size_t begin, std::size_t end, Tokens& tokens) {
  const std::string_view content = text.substr(0, end);
  while (begin < end) {
    const std::size_t found = content.find("\r\n", begin);
    const std::size_t next = found == content.npos ? end : found + 2;
    mark_line(text, begin, next, tokens);
    begin = next;
  }
}

}  // namespace glasspost::mime

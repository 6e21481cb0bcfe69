// Any octets are a message: its parts lie within each other, every section lies within it, and texts can be read back.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "protocol/mime/compose.h"
#include "protocol/mime/content_tokens.h"
#include "protocol/mime/encoding.h"
#include "protocol/mime/header.h"
#include "protocol/mime/message.h"

namespace {

using namespace glasspost;

void require(bool good) {
  if (!good) std::abort();
}

std::size_t check(std::string_view message, const mime::Part& part, unsigned depth) {
  require(depth <= 100);
  require(part.headers.begin <= part.headers.end && part.headers.end <= part.body.begin);
  require(part.body.begin <= part.body.end && part.body.end <= message.size());
  require(part.lines <= part.body.size());
  require(!part.is_multipart() || !part.parts.empty());
  require(!part.holds_message() || part.parts.size() == 1);
  require(!part.type.empty() && !part.subtype.empty() && !part.encoding.empty());
  std::size_t count = 1;
  for (const mime::Part& inner : part.parts) {
    require(inner.headers.begin >= part.body.begin && inner.body.end <= part.body.end);
    count += check(message, inner, depth + 1);
  }
  return count;
}

void check_section(std::string_view message, const mime::Part& root, std::string_view name) {
  const auto section = mime::parse_section(name);
  if (!section) return;
  require(mime::parse_section(mime::to_text(*section)) == section);
  std::string scratch;
  const auto found = mime::section_of(message, root, *section, scratch);
  require(!found || found->size() <= message.size() + 2);
}

void check_texts(std::string_view text) {
  const std::string octets(text);
  require(mime::decode_quoted_printable(mime::encode_quoted_printable(octets)) == octets);
  require(mime::decode_base64_body(mime::encode_base64_body(octets)) == octets);
  if (mime::is_utf8(octets)) require(mime::decode_words(mime::encode_words(octets, 9)) == octets);
  (void)mime::decode_words(octets);
  (void)mime::parse_date(octets);
  for (const mime::Address& address : mime::parse_addresses(octets)) {
    const std::string written = mime::to_text(address);
    require(written.find_first_of("\r\n") == written.npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message(reinterpret_cast<const char*>(data), size);
  const mime::Part root = mime::read_message(message);
  const std::size_t count = check(message, root, 1);
  require(count <= 1300);
  mime::MessageReader in_portions;
  while (!in_portions.go_on(message, 1 + size % 13)) {}
  require(check(message, in_portions.take(), 1) == count);
  require(root.headers.begin == 0 && root.body.end == size);
  for (const std::string_view name : {"", "1", "2.1", "1.MIME", "TEXT", "HEADER", "1.1.HEADER", "HEADER.FIELDS (From To)", "1.HEADER.FIELDS.NOT (A)"})
    check_section(message, root, name);
  check_section(message, root, message.substr(0, message.find('\n')));
  check_texts(message);

  Tokens tokens;
  mime::ContentTokens(size % 2 == 0).mark_lines(message, 0, size, tokens);
  tokens.finish(message);
  require(tiles(message, tokens.all()));

  mime::Letter letter;
  letter.from = letter.to.emplace_back(mime::Mailbox{std::string(message), "a@b"});
  letter.subject = letter.text = letter.message_id = message;
  const std::string composed = mime::compose(letter);
  require(!mime::field(composed, "Bcc") && mime::field(composed, "Content-Type"));
  return 0;
}

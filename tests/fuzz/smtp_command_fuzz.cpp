// Commands and reply lines: tokens tile the line whatever it is, tokens change nothing about the value, and an address
// that was understood is understood again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "protocol/smtp/command.h"
#include "protocol/smtp/reply.h"

using namespace glasspost;

namespace {
void must(bool holds) {
  if (!holds) std::abort();
}
void check_path(const smtp::Mailbox& mailbox) {
  if (mailbox.is_null()) return;
  const auto again = smtp::parse_mailbox(mailbox.text);
  must(again && *again == mailbox);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  Tokens tokens;
  const auto command = smtp::parse_command(line, &tokens);
  tokens.finish(line);
  must(tiles(line, tokens.all()));
  const auto plain = smtp::parse_command(line);
  must(plain.has_value() == command.has_value());
  if (!command) {
    must(command.error() == plain.error() && command.error().offset <= size);
  } else {
    must(command->index() == plain->index() && smtp::verb_of(line) == smtp::verb_of(*command));
    if (const auto* mail = std::get_if<smtp::Mail>(&*command)) check_path(mail->reverse_path);
    if (const auto* rcpt = std::get_if<smtp::Rcpt>(&*command)) check_path(rcpt->forward_path);
  }
  for (const auto shape : {smtp::ReplyShape::words, smtp::ReplyShape::greeting, smtp::ReplyShape::ehlo_first,
                           smtp::ReplyShape::ehlo_capability, smtp::ReplyShape::challenge}) {
    tokens.clear();
    const auto reply = smtp::parse_reply_line(line, shape, &tokens);
    tokens.finish(line);
    must(tiles(line, tokens.all()));
    if (reply) must(reply->text.end <= size && reply->code >= 200 && reply->code < 600);
  }
  if (const auto octets = smtp::xtext_decode(line)) must(smtp::xtext_decode(smtp::xtext_encode(*octets)) == *octets);
  return 0;
}

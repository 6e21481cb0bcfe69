// A client's octets as one command: tokens tile, and what was taken can be written and read again.
#include <cstdint>
#include <cstdlib>

#include "protocol/imap/command.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace glasspost;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Tokens tokens;
  const auto command = imap::parse_command(text, &tokens);
  if (!tiles(text, tokens.all())) std::abort();
  if (command.has_value() != imap::parse_command(text).has_value()) std::abort();
  if (!command) {
    if (command.error().offset > size || command.error().expected.empty()) std::abort();
    return 0;
  }
  const std::string written = imap::write_command(*command, imap::LiteralForm::plus);
  const auto again = imap::parse_command(written);
  if (!again || imap::write_command(*again, imap::LiteralForm::plus) != written) std::abort();
  return 0;
}

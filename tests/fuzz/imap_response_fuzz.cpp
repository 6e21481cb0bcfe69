// A server's octets as one response: tokens tile, and structures that were taken can be written and read again.
#include <cstdint>
#include <cstdlib>

#include "protocol/imap/encode_structure.h"
#include "protocol/imap/response.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace glasspost;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Tokens tokens;
  const auto response = imap::parse_response(text, &tokens);
  if (!tiles(text, tokens.all())) std::abort();
  if (!response) {
    if (response.error().offset > size) std::abort();
    return 0;
  }
  const auto* fetch = std::get_if<imap::FetchData>(&response->body);
  if (!fetch || !fetch->body_structure) return 0;
  std::string written = "* 1 FETCH (BODYSTRUCTURE ";
  imap::write_structure(written, *fetch->body_structure, true);
  written += ")\r\n";
  const auto again = imap::parse_response(written);
  if (!again) std::abort();
  std::string once_more = "* 1 FETCH (BODYSTRUCTURE ";
  imap::write_structure(once_more, *std::get<imap::FetchData>(again->body).body_structure, true);
  if (once_more + ")\r\n" != written) std::abort();
  return 0;
}

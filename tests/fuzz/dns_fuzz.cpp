// Any datagram is read or refused; tokens tile it; what was read can be written and is read back the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "protocol/dissector.h"
#include "protocol/dns/message.h"
#include "protocol/dns/name.h"

namespace {

using namespace glasspost;

void require(bool good) {
  if (!good) std::abort();
}

struct Heard final : MessageSink {
  MessageId said(const Said& one) override {
    require(tiles(one.text, one.tokens) && one.octets == one.text.size());
    octets += one.octets;
    return count++;
  }
  MessageId count = 0;
  std::uint64_t octets = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view datagram(reinterpret_cast<const char*>(data), size);
  if (size > 65'535) return 0;
  Tokens tokens;
  const auto message = dns::decode(datagram, &tokens);
  tokens.finish(datagram);
  require(tiles(datagram, tokens.all()));
  for (const Token& token : tokens.all()) require(!dns::text_of(datagram, token).empty());
  if (message) {
    const auto written = dns::encode(*message);
    // Written anew a message may be longer than it was: not every name may point to where it pointed before.
    require(written || written.error().fault == Fault::too_long);
    if (written) {
      const auto again = dns::decode(*written);
      require(again && *again == *message);
    }
  }
  const auto dissector = make_dns_dissector();
  Heard heard;
  dissector->put(Side::client, datagram, heard);
  dissector->put(Side::server, datagram, heard);
  require(heard.octets == 2 * size);

  if (const auto name = dns::check_name(datagram)) require(dns::check_name(*name) == *name);
  if (const auto six = dns::address6_octets(datagram)) require(dns::address6_octets(dns::address6_text(*six)) == *six);
  return 0;
}

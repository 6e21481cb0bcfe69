// Both sides hostile. The first octet of each piece says who speaks and how long the piece is; 0xff: TLS came up. Tokens
// tile every message, and no octet is lost or told twice. A client session is fed the server's octets too: it must not fall.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "protocol/dissector.h"
#include "protocol/smtp/client.h"

using namespace glasspost;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

class Sink final : public MessageSink {
 public:
  MessageId said(const Said& said) override {
    must(tiles(said.text, said.tokens));
    must(said.text.size() <= said.octets && said.text.size() <= shown_content_limit && said.octets > 0);
    must(!said.answers || *said.answers < next);
    must(said.headline.starts_with("say/smtp/"));
    octets[int(said.from)] += said.octets;
    return next++;
  }
  std::uint64_t octets[2] = {0, 0};
  MessageId next = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  for (const bool lmtp : {false, true}) {
    Sink sink;
    const auto dissector = lmtp ? make_lmtp_dissector() : make_smtp_dissector();
    smtp::ClientSettings settings;
    settings.user = "u", settings.password = "p", settings.allow_plaintext_auth = true;
    settings.protocol = lmtp ? Protocol::lmtp : Protocol::smtp;
    smtp::ClientSession client(settings, Instant{});
    std::uint64_t put[2] = {0, 0};
    for (std::string_view left = rest; !left.empty();) {
      const auto head = static_cast<std::uint8_t>(left.front());
      left.remove_prefix(1);
      if (head == 0xff) {
        // A handshake begins where a message ends: what was cut off before it is told first.
        dissector->end(Side::client, sink);
        dissector->end(Side::server, sink);
        dissector->tls_established();
        continue;
      }
      const Side side = (head & 1) != 0 ? Side::server : Side::client;
      const std::string_view piece = left.substr(0, head >> 1);
      left.remove_prefix(piece.size());
      put[int(side)] += piece.size();
      dissector->put(side, piece, sink);
      if (side == Side::server) client.receive(piece, Instant{});
      while (client.poll())
        if (client.is_ready()) client.send({"a@b", {"c@d", "e@f"}, ".\r\n"}, Instant{});
    }
    dissector->end(Side::client, sink);
    dissector->end(Side::server, sink);
    must(sink.octets[0] == put[0] && sink.octets[1] == put[1]);
  }
  return 0;
}

// Both sides' octets, whole and in pieces: every octet belongs to one message, and tokens tile.
#include <cstdint>
#include <cstdlib>

#include "protocol/dissector.h"

namespace {

using namespace glasspost;

class Counter final : public MessageSink {
 public:
  MessageId said(const Said& said) override {
    if (!tiles(said.text, said.tokens) || said.headline.empty() || said.text.size() > said.octets) std::abort();
    if (said.answers && *said.answers >= count) std::abort();
    octets += said.octets;
    return count++;
  }
  std::uint64_t octets = 0;
  MessageId count = 0;
};

}  // namespace

// An octet of 0xFE turns to the other side; 0xFD brings TLS up.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const bool whole : {true, false}) {
    auto dissector = make_imap_dissector();
    Counter counter;
    Side side = Side::server;
    std::uint64_t put = 0;
    std::string words;
    const auto flush = [&] {
      put += words.size();
      dissector->put(side, words, counter);
      words.clear();
    };
    for (std::size_t i = 0; i < size; ++i) {
      if (data[i] >= 0xfd) {
        flush();
        if (data[i] == 0xfe) side = other(side);
        if (data[i] == 0xfd) dissector->tls_established();
        continue;
      }
      words += char(data[i]);
      if (!whole) flush();
    }
    flush();
    dissector->end(Side::client, counter);
    dissector->end(Side::server, counter);
    if (counter.octets != put) std::abort();
  }
  return 0;
}

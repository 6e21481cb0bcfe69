// Both sides say anything, in any pieces: every octet belongs to one message, tokens tile, and the pieces make no difference.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "protocol/dissector.h"

namespace {

using namespace glasspost;

void require(bool good) {
  if (!good) std::abort();
}

struct Heard final : MessageSink {
  MessageId said(const Said& one) override {
    require(tiles(one.text, one.tokens));
    require(one.octets >= one.text.size() && one.octets > 0);
    require(!one.headline.empty());
    require(!one.answers || *one.answers < count);
    octets[int(one.from)] += one.octets;
    if (one.text.size() == one.octets) all[int(one.from)] += one.text;
    headlines += one.headline;
    return count++;
  }
  MessageId count = 0;
  std::uint64_t octets[2] = {0, 0};
  std::string all[2], headlines;
};

// A line of the input that begins with C is the client's, others are the server's.
void play(std::string_view input, bool in_pieces, Heard& heard, std::uint64_t (&put)[2]) {
  const auto dissector = make_pop3_dissector();
  while (!input.empty()) {
    const std::size_t end = input.find('\n');
    const std::string_view line = input.substr(0, end == input.npos ? input.size() : end + 1);
    input.remove_prefix(line.size());
    const Side side = line[0] == 'C' ? Side::client : Side::server;
    const std::string_view octets = line.substr(1);
    put[int(side)] += octets.size();
    if (!in_pieces) dissector->put(side, octets, heard);
    else
      for (std::size_t i = 0; i < octets.size(); ++i) dissector->put(side, octets.substr(i, 1), heard);
  }
  dissector->end(Side::client, heard);
  dissector->end(Side::server, heard);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  Heard whole, pieces;
  std::uint64_t put[2] = {0, 0}, put_again[2] = {0, 0};
  play(input, false, whole, put);
  play(input, true, pieces, put_again);
  for (const int side : {0, 1}) {
    require(whole.octets[side] == put[side]);
    require(pieces.octets[side] == put[side]);
    require(whole.all[side] == pieces.all[side]);
  }
  require(whole.headlines == pieces.headlines);
  return 0;
}

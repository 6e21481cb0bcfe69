// Capture files, read by a small reader of the test's own: blocks, checksums, sequence numbers, and what was said.
#include <gmock/gmock.h>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/cli/process.h"

namespace glasspost::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::uint32_t little(std::string_view octets, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 4; i-- > 0;) number = number << 8 | std::uint8_t(octets[at + i]);
  return number;
}
std::uint32_t network(std::string_view octets, std::size_t at, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8 | std::uint8_t(octets[at + i]);
  return number;
}
// RFC 1071: 0xffff over octets that have their checksum in them.
std::uint32_t sum_of(std::string_view octets) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < octets.size(); ++i) sum += std::uint32_t(std::uint8_t(octets[i])) << (i % 2 == 0 ? 8 : 0);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

struct Stream {
  std::string octets;
  std::uint32_t next = 0;
  bool begun = false, ended = false;
};
struct Read {
  std::map<std::string, Stream> streams;  // by addresses and ports, hexadecimal would do as well: raw octets
  std::size_t packets = 0;
  std::uint64_t latest = 0;
};

void read_packet(std::string_view packet, Read& read) {
  ASSERT_EQ(std::uint8_t(packet[0]), 0x45);
  ASSERT_EQ(network(packet, 2, 2), packet.size());
  EXPECT_EQ(sum_of(packet.substr(0, 20)), 0xffffU);
  const auto protocol = std::uint8_t(packet[9]);
  const std::string_view transport = packet.substr(20);
  std::string pseudo(packet.substr(12, 8));
  pseudo += {'\0', char(protocol), char(transport.size() >> 8), char(transport.size() & 0xff)};
  EXPECT_EQ(sum_of(pseudo + std::string(transport)), 0xffffU);
  Stream& stream = read.streams[std::string(packet.substr(12, 8)) + std::string(transport.substr(0, 4))];
  if (protocol == 17) {
    ASSERT_EQ(network(transport, 4, 2), transport.size());
    stream.octets += transport.substr(8);
    return;
  }
  ASSERT_EQ(protocol, 6);
  const std::uint32_t sequence = network(transport, 4, 4), flags = network(transport, 12, 2) & 0x3f;
  const std::string_view data = transport.substr(20);
  if (flags & 2) {
    EXPECT_FALSE(stream.begun);
    stream.begun = true;
    stream.next = sequence + 1;
  } else {
    EXPECT_TRUE(stream.begun) << "nothing is said before the handshake";
    EXPECT_EQ(sequence, stream.next);
    stream.next += std::uint32_t(data.size());
  }
  if (flags & 5) stream.ended = true;
  else EXPECT_FALSE(stream.ended && !data.empty()) << "nothing is said behind the end";
  if (flags & 1) ++stream.next;
  stream.octets += data;
}

Read read_capture(const std::string& file) {
  Read read;
  std::size_t at = 0;
  for (std::size_t number = 0; at + 12 <= file.size(); ++number) {
    const std::uint32_t type = little(file, at), length = little(file, at + 4);
    EXPECT_EQ(type, number == 0 ? 0x0a0d0d0aU : number == 1 ? 1U : 6U);
    if (length % 4 != 0 || length < 12 || at + length > file.size()) {
      ADD_FAILURE() << "a block of " << length << " octets";
      break;
    }
    EXPECT_EQ(little(file, at + length - 4), length);
    if (type == 6) {
      const std::uint64_t time = std::uint64_t(little(file, at + 12)) << 32 | little(file, at + 16);
      EXPECT_GE(time, read.latest);
      read.latest = time;
      const std::uint32_t size = little(file, at + 20);
      EXPECT_EQ(little(file, at + 24), size);
      read_packet(std::string_view(file).substr(at + 28, size), read);
      ++read.packets;
    }
    at += length;
  }
  EXPECT_EQ(at, file.size());
  return read;
}

std::string all_of(const Read& read) {
  std::string all;
  for (const auto& [ends, stream] : read.streams) all += stream.octets;
  return all;
}

TEST(PlayPcapng, HasAllThatWasSaidInClearButTheSecrets) {
  const Read read = read_capture(glasspost({"play", "plaintext", "--to", "pcapng"}).out);
  const std::string all = all_of(read);
  EXPECT_THAT(all, HasSubstr("MAIL FROM:<alice@example.com>"));
  EXPECT_THAT(all, HasSubstr("****\r\n"));
  EXPECT_THAT(all, Not(HasSubstr("b0bby")));
  EXPECT_THAT(all, Not(HasSubstr("s3cret")));
  const auto story = nlohmann::json::parse(glasspost({"play", "plaintext", "--to", "json"}).out);
  std::size_t octets = 0;
  for (const auto& message : story["messages"]) octets += message["octets"].get<std::size_t>();
  EXPECT_EQ(all.size(), octets);
  EXPECT_GT(read.latest, story["start_us"].get<std::uint64_t>());
  EXPECT_LE(read.latest, story["start_us"].get<std::uint64_t>() + story["length_us"].get<std::uint64_t>());
}

TEST(PlayPcapng, OfTlsItHasTheRecords) {
  const Read read = read_capture(glasspost({"play", "first-letter", "--to", "pcapng"}).out);
  EXPECT_THAT(all_of(read), Not(HasSubstr("a letter for you")));
  bool imaps = false;
  for (const auto& [ends, stream] : read.streams) {
    if (network(ends, 10, 2) != 993 || stream.octets.empty()) continue;
    imaps = true;
    for (std::size_t at = 0; at < stream.octets.size(); at += 5 + network(stream.octets, at + 3, 2)) {
      ASSERT_LE(at + 5, stream.octets.size());
      EXPECT_THAT(std::uint8_t(stream.octets[at]), testing::AllOf(testing::Ge(20), testing::Le(23)));
    }
  }
  EXPECT_TRUE(imaps || read.packets > 100) << "a whole story";
}

}  // namespace
}  // namespace glasspost::test

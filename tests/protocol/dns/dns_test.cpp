#include <gtest/gtest.h>

#include <random>

#include "protocol/base/text.h"
#include "protocol/dissector.h"
#include "protocol/dns/message.h"
#include "protocol/dns/name.h"

namespace glasspost::dns {
namespace {

using namespace std::string_literals;

std::string repeated(std::string_view text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

// RFC 1035 section 4.1.4, octet by octet: F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root.
TEST(DnsName, CompressionExampleOfRfc1035) {
  std::string datagram(20, '\0');
  datagram += "\1F\3ISI\4ARPA\0"s;
  datagram += std::string(40 - datagram.size(), '\0');
  datagram += "\3FOO\xC0\x14"s;
  datagram += std::string(64 - datagram.size(), '\0');
  datagram += "\xC0\x1A"s;
  datagram += std::string(92 - datagram.size(), '\0');
  datagram += "\0"s;
  const auto name = [&](std::size_t at, std::size_t end) {
    const auto found = read_name(datagram, at);
    EXPECT_EQ(at, end);
    return found ? *found : "wrong: " + found.error().expected;
  };
  EXPECT_EQ(name(20, 32), "F.ISI.ARPA");
  EXPECT_EQ(name(40, 46), "FOO.F.ISI.ARPA");
  EXPECT_EQ(name(64, 66), "ARPA");
  EXPECT_EQ(name(92, 93), "");

  std::string out(20, '\0');
  NameWriter writer;
  ASSERT_TRUE(writer.write("F.ISI.ARPA", out));
  ASSERT_TRUE(writer.write("foo.f.isi.arpa", out));
  ASSERT_TRUE(writer.write("ARPA.", out));
  ASSERT_TRUE(writer.write("", out));
  EXPECT_EQ(out.substr(20), "\1F\3ISI\4ARPA\0"s + "\3foo\xC0\x14" + "\xC0\x1A" + "\0"s);
}

TEST(DnsName, PointersThatDoNotLeadBackwardsAreRefused) {
  for (const std::string& datagram : {"\xC0\x00"s, "\xC0\x02"s, "\1a\xC0\x00"s, "\1a\xC0\x02"s, "\xC0\x05\0\0\0\0"s}) {
    std::size_t at = 0;
    EXPECT_FALSE(read_name(datagram, at)) << hex(datagram);
  }
  // A long chain of pointers, each to the one before, is not walked to its end for every record that points to it.
  std::string chain = "\1a\0"s;
  std::size_t last = 0;
  for (int i = 0; i < 5000; ++i) {
    const std::size_t here = chain.size();
    chain += char(0xc0 | last >> 8);
    chain += char(last & 0xff);
    last = here;
  }
  std::size_t at = last;
  const auto found = read_name(chain, at);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().fault, Fault::too_many);
  at = 3 + 2 * 100;
  EXPECT_EQ(read_name(chain, at), "a");
}

TEST(DnsName, LimitsOfRfc1035) {
  EXPECT_TRUE(check_name(std::string(63, 'x') + ".org"));
  EXPECT_FALSE(check_name(std::string(64, 'x') + ".org"));
  const std::string longest = repeated(std::string(49, 'x') + ".", 5) + "abc";  // 5*50 + 4 + 1
  EXPECT_TRUE(check_name(longest));
  EXPECT_FALSE(check_name(longest + "d"));
  for (const std::string_view bad : {"a..b", ".a", "a\\", "a\\25", "a\\256"}) EXPECT_FALSE(check_name(bad)) << bad;
  std::string wire = repeated("\x3f" + std::string(63, 'x'), 4) + "\0"s;  // 257 octets
  std::size_t at = 0;
  const auto found = read_name(wire, at);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().fault, Fault::too_long);
  EXPECT_EQ(check_name("a\\.b.c\\032\\007.org."), "a\\.b.c\\032\\007.org");
  EXPECT_TRUE(same_name("Example.ORG.", "example.org"));
  EXPECT_FALSE(same_name("example.org", "example.or"));
}

TEST(DnsAddress, TextsOfRfc5952) {
  const auto six = [](std::string_view text) {
    const auto octets = address6_octets(text);
    return octets ? address6_text(*octets) : "none";
  };
  EXPECT_EQ(six("2001:db8:0:0:0:0:2:1"), "2001:db8::2:1");
  EXPECT_EQ(six("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(six("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");
  EXPECT_EQ(six("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
  EXPECT_EQ(six("::"), "::");
  EXPECT_EQ(six("::1"), "::1");
  EXPECT_EQ(six("1::"), "1::");
  EXPECT_EQ(six("::ffff:192.0.2.1"), "::ffff:c000:201");
  EXPECT_EQ(six("2001:DB8::ABCD"), "2001:db8::abcd");
  for (const std::string_view bad : {"", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "1::2::3", "1:2:3:4:5:6:7::8"})
    EXPECT_EQ(six(bad), "none") << bad;
  EXPECT_EQ(address4_octets("192.0.2.255"), "\xC0\0\2\xFF"s);
  for (const std::string_view bad : {"", "1.2.3", "1.2.3.256", "1.2.3.4.5", "1.2.3.-4", "1.2.3.0004"}) EXPECT_FALSE(address4_octets(bad)) << bad;
}

Message full() {
  Message m;
  m.id = 0x1a2b;
  m.response = m.authoritative = m.recursion_desired = true;
  m.questions = {{"example.org", Type::mx, class_in}};
  m.answers = {{"example.org", Type::mx, class_in, 300, MailExchange{10, "mx1.example.org"}},
               {"example.org", Type::mx, class_in, 300, MailExchange{20, "mx2.example.org"}},
               {"null.example.org", Type::mx, class_in, 300, MailExchange{0, ""}},
               {"example.org", Type::txt, class_in, 60, Strings{{"v=spf1 mx -all", ""}}},
               {"www.example.org", Type::cname, class_in, 60, OneName{"example.org"}},
               {"1.2.0.192.in-addr.arpa", Type::ptr, class_in, 60, OneName{"mx1.example.org"}},
               {"_imap._tcp.example.org", Type::srv, class_in, 60, Service{0, 1, 143, "mail.example.org"}},
               {"example.org", Type(65280), class_in, 1, Raw{"\0\1\2"s}}};
  m.authority = {{"example.org", Type::ns, class_in, 900, OneName{"ns.example.org"}},
                 {"example.org", Type::soa, class_in, 900, StartOfAuthority{"ns.example.org", "hostmaster.example.org", 1, 2, 3, 4, 5}}};
  m.additional = {{"mx1.example.org", Type::a, class_in, 300, Address4{"192.0.2.1"}},
                  {"mx1.example.org", Type::aaaa, class_in, 300, Address6{"2001:db8::1"}}};
  return m;
}

TEST(DnsMessage, RoundTripsEveryKindOfRecord) {
  const auto wire = encode(full());
  ASSERT_TRUE(wire);
  Tokens tokens;
  const auto back = decode(*wire, &tokens);
  ASSERT_TRUE(back) << back.error().expected;
  EXPECT_EQ(*back, full());
  EXPECT_TRUE(tiles(*wire, tokens.all()));
  EXPECT_LT(wire->size(), 430U);  // compressed: spelled out the names alone would take more
}

TEST(DnsMessage, AQueryOctetByOctetAndInWords) {
  Message query;
  query.id = 0x1a2b;
  query.recursion_desired = true;
  query.questions = {{"example.org", Type::mx, class_in}};
  const auto wire = encode(query);
  ASSERT_TRUE(wire);
  EXPECT_EQ(hex(*wire), "1a2b01000001000000000000" "076578616d706c65036f726700" "000f" "0001");
  Tokens tokens;
  ASSERT_TRUE(decode(*wire, &tokens));
  std::string shown;
  for (const Token& token : tokens.all()) shown += std::string(name_of(token.role)) + "(" + text_of(*wire, token) + ") ";
  EXPECT_EQ(shown, "dns_id(0x1a2b) dns_flags(query, recursion desired) dns_count(1) dns_count(0) dns_count(0) dns_count(0) "
                   "dns_name(example.org) dns_type(MX) dns_class(IN) ");
}

TEST(DnsMessage, AnswersInWords) {
  const auto wire = encode(full());
  ASSERT_TRUE(wire);
  Tokens tokens;
  ASSERT_TRUE(decode(*wire, &tokens));
  std::string shown;
  for (const Token& token : tokens.all()) shown += text_of(*wire, token) + "|";
  EXPECT_NE(shown.find("|example.org|MX|IN|300|8|10|mx1.example.org|"), shown.npos) << shown;
  EXPECT_NE(shown.find("|mx1.example.org|A|IN|300|4|192.0.2.1|mx1.example.org|AAAA|IN|300|16|2001:db8::1|"), shown.npos) << shown;
  EXPECT_NE(shown.find("response, authoritative, recursion desired, NOERROR"), shown.npos) << shown;
}

TEST(DnsMessage, WhatTheWireCannotCarryIsRefused) {
  Message m = full();
  m.answers[0].data = MailExchange{1, "a..b"};
  EXPECT_FALSE(encode(m));
  m.answers[0].data = Address4{"1.2.3"};
  EXPECT_FALSE(encode(m));
  m.answers[0].data = Strings{{std::string(256, 'x')}};
  EXPECT_FALSE(encode(m));
  m.answers[0].data = Raw{std::string(70'000, 'x')};
  EXPECT_FALSE(encode(m));
}

TEST(DnsMessage, EveryBeginningAndTrailingOctetsAreRefused) {
  const std::string wire = *encode(full());
  for (std::size_t size = 0; size < wire.size(); ++size) {
    Tokens tokens;
    const auto cut = decode(std::string_view(wire).substr(0, size), &tokens);
    EXPECT_FALSE(cut) << size;
    tokens.finish(std::string_view(wire).substr(0, size));
    EXPECT_TRUE(tiles(std::string_view(wire).substr(0, size), tokens.all()));
  }
  const auto trailing = decode(wire + "x");
  ASSERT_FALSE(trailing);
  EXPECT_EQ(trailing.error(), (Error{Fault::syntax, std::uint32_t(wire.size()), "end of message"}));
}

TEST(DnsMessage, LyingLengthsAndCountsAreRefused) {
  Message m;
  m.response = true;
  m.answers = {{"a", Type::a, class_in, 1, Address4{"192.0.2.1"}}};
  std::string wire = *encode(m);
  wire[wire.size() - 5] = 3;  // RDLENGTH
  EXPECT_EQ(decode(wire).error().expected, "ADDRESS");
  wire[wire.size() - 5] = 5;
  EXPECT_EQ(decode(wire).error().expected, "RDATA");
  m.answers = {{"a", Type::mx, class_in, 1, MailExchange{1, "b"}}};
  wire = *encode(m);
  wire += "\0"s;
  wire[wire.size() - 7] = 6;
  EXPECT_EQ(decode(wire).error(), (Error{Fault::mismatch, std::uint32_t(wire.size() - 1), "end of RDATA"}));
  std::string many(12, '\0');
  many[4] = many[5] = many[6] = many[7] = '\xff';
  EXPECT_FALSE(decode(many));
}

TEST(DnsMessage, BentOctetsNeverBreakTheTiling) {
  const std::string wire = *encode(full());
  std::mt19937 random(3);
  for (int round = 0; round < 1500; ++round) {
    std::string bent = wire;
    for (int i = 0; i < 3; ++i) bent[random() % bent.size()] = char(random());
    Tokens tokens;
    const auto message = decode(bent, &tokens);
    tokens.finish(bent);
    ASSERT_TRUE(tiles(bent, tokens.all()));
    for (const Token& token : tokens.all()) EXPECT_FALSE(text_of(bent, token).empty());
    if (!message) continue;
    const auto again = encode(*message);
    ASSERT_TRUE(again);
    EXPECT_EQ(*decode(*again), *message);
  }
}

class Heard : public MessageSink {
 public:
  MessageId said(const Said& one) override {
    EXPECT_TRUE(tiles(one.text, one.tokens));
    EXPECT_EQ(one.octets, one.text.size());
    lines.push_back(std::string(one.headline) + (one.answers ? " answers " + std::to_string(*one.answers) : "") +
                    (one.problem ? " problem at " + std::to_string(one.problem->offset) : ""));
    return MessageId(lines.size() - 1);
  }
  std::vector<std::string> lines;
};

TEST(DnsDissector, MatchesAnswersToQuestions) {
  const auto dissector = make_dns_dissector();
  Heard heard;
  Message query;
  query.questions = {{"example.org", Type::mx, class_in}};
  for (std::uint16_t id = 1; id <= 4; ++id) {
    query.id = id;
    dissector->put(Side::client, *encode(query), heard);
  }
  Message answer = full();
  answer.id = 2;
  dissector->put(Side::server, *encode(answer), heard);
  query.response = true;
  query.id = 1;
  query.code = ResponseCode::name_error;
  dissector->put(Side::server, *encode(query), heard);
  query.id = 3;
  query.code = ResponseCode::no_error;
  dissector->put(Side::server, *encode(query), heard);
  query.id = 9;
  query.code = ResponseCode::server_failure;
  dissector->put(Side::server, *encode(query), heard);
  dissector->put(Side::server, "nonsense", heard);
  EXPECT_EQ(heard.lines, (std::vector<std::string>{"say/dns/query/MX", "say/dns/query/MX", "say/dns/query/MX", "say/dns/query/MX",
                                                   "say/dns/reply/MX answers 1", "say/dns/no_name answers 0", "say/dns/no_data answers 2",
                                                   "say/dns/failed", "say/dns/malformed problem at 8"}));
}

}  // namespace
}  // namespace glasspost::dns

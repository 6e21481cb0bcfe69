#include "protocol/imap/extensions/compress.h"

#include "protocol/conversation.h"
#include "protocol/endpoint.h"
#include "protocol/imap/client.h"
#include "tests/protocol/imap/extensions/examples.h"
#include "tests/protocol/imap/small_service.h"

namespace glasspost::imap {
namespace {

TEST(ImapCompress, TakesTheExamplesOfRfc4978) {
  expect_examples(R"(
    S: * OK [CAPABILITY IMAP4REV1 STARTTLS COMPRESS=DEFLATE]
    C: c compress deflate
    S: d OK DEFLATE active
    S: c NO [COMPRESSIONACTIVE] DEFLATE active via TLS)");
  EXPECT_EQ(body_of<Compress>("a1 COMPRESS Deflate").algorithm, "DEFLATE");
  expect_refused("a1 COMPRESS LZ4", "algorithm");
  expect_refused("a1 COMPRESS", "SP");
  expect_refused("a1 COMPRESS DEFLATE 9", "CRLF");
  expect_refused("a1 COMPRESS DEFLATE", "command", dialect_without(Extension::compress));
}

// Both ends on one trace. What crosses is what the endpoints give.
struct Line {
  Line() {
    settings.allow_plaintext_login = true;
    Opened opened{.protocol = Protocol::imap, .client_name = {}, .server_name = {}};
    trace.append({at, no_record, 1, opened});
  }
  void run() {
    for (bool moved = true; moved;) {
      moved = false;
      service.settle();
      if (const std::string said = server.take_wire(at); !said.empty()) {
        downstream += said;
        client.receive_wire(said, at, server.last_sent());
        moved = true;
      }
      while (auto event = session.poll()) events.push_back(std::move(*event));
      if (const std::string said = client.take_wire(at); !said.empty()) {
        upstream += said;
        server.receive_wire(said, at, client.last_sent());
        moved = true;
      }
    }
  }
  void say(CommandBody body) {
    session.send(std::move(body));
    run();
  }
  std::string dialogue() {
    Conversations all;
    all.observe(trace);
    std::string text;
    for (MessageId id = 0; id < all.at(0).size(); ++id) {
      const Message& message = all.at(0).message(id);
      EXPECT_FALSE(all.at(0).problem(message)) << all.at(0).text(message);
      EXPECT_NE(message.arrived, Instant::max()) << all.at(0).text(message);
      EXPECT_FALSE(message.sealed);
      text += message.from == Side::client ? "C: " : "S: ";
      text += all.at(0).text(message);
    }
    return text;
  }

  const Instant at = test::nine_o_clock;
  ServerSettings settings{.allow_plaintext_login = true};
  Trace trace;
  SmallService service{settings};
  Client session{{.tls = TlsPolicy::never, .allow_plaintext_login = true}, at};
  Endpoint server{{.connection = 1, .side = Side::server}, service.session(), trace, at};
  Endpoint client{{.connection = 1, .side = Side::client}, session, trace, at};
  std::string upstream, downstream;
  std::vector<ClientEvent> events;
};

TEST(ImapCompress, EverythingBehindTheOkIsCompressedAndStillUnderstood) {
  Line line;
  line.session.login("fred", "swordfish", false);
  line.run();
  line.say(Compress{"DEFLATE"});
  EXPECT_TRUE(line.server.compresses() && line.client.compresses());
  const std::size_t before = line.downstream.size();
  line.say(Select{"INBOX"});
  line.say(Fetch{.set = *parse_sequence_set("1"), .items = {{.kind = FetchKind::uid}}});
  EXPECT_EQ(line.downstream.substr(before).find("OK"), std::string::npos) << "it crossed in clear";
  EXPECT_EQ(line.upstream.find("SELECT"), std::string::npos) << "it crossed in clear";
  const std::string said = line.dialogue();
  EXPECT_TRUE(said.ends_with("C: a2 COMPRESS DEFLATE\r\nS: a2 OK DEFLATE active\r\nC: a3 SELECT INBOX\r\nS: * 3 EXISTS\r\n"
                             "S: a3 OK [READ-WRITE] opened\r\nC: a4 FETCH 1 (UID)\r\nS: * 1 FETCH (UID 5)\r\nS: a4 OK done\r\n")) << said;
}

TEST(ImapCompress, CannotBeAskedForTwiceNorBeforeTheLogin) {
  Line line;
  line.say(Compress{"DEFLATE"});
  line.session.login("fred", "swordfish", false);
  line.run();
  line.say(Compress{"DEFLATE"});
  line.say(Compress{"DEFLATE"});
  line.say(Noop{});
  const std::string said = line.dialogue();
  EXPECT_NE(said.find("S: a1 BAD Log in first\r\n"), said.npos);
  EXPECT_TRUE(said.ends_with("S: a3 OK DEFLATE active\r\nC: a4 COMPRESS DEFLATE\r\nS: a4 BAD [COMPRESSIONACTIVE] DEFLATE is active already\r\n"
                             "C: a5 NOOP\r\nS: a5 OK done\r\n")) << said;
}

TEST(ImapCompress, WhatIsSentAheadOfTheAnswerIsNeitherTheOneNorTheOther) {
  test::expect_transcript(Side::server, [] {
    ServerSettings settings;
    settings.allow_plaintext_login = true;
    return std::make_unique<SmallService>(settings);
  }, R"(
    S: * OK [CAPABILITY ...
    C: a0 LOGIN fred swordfish
    S: a0 OK [CAPABILITY ...
    C: a1 COMPRESS GZIP
    S: a1 BAD Not offered at octet 12: wanted algorithm
    C: a2 NOOP
    S: a2 OK done)");
  Line line;
  line.session.login("fred", "swordfish", false);
  line.run();
  line.server.receive_wire("x1 COMPRESS DEFLATE\r\nx2 NOOP\r\n", line.at);
  line.service.settle();
  EXPECT_EQ(line.server.take_wire(line.at), "x1 BAD Nothing may follow COMPRESS before it is answered\r\nx2 OK done\r\n");
  EXPECT_FALSE(line.server.compresses());
}

TEST(ImapCompress, WhatIsNotDeflateEndsTheConnection) {
  Line line;
  line.session.login("fred", "swordfish", false);
  line.run();
  line.say(Compress{"DEFLATE"});
  line.server.receive_wire("a9 NOOP\r\n", line.at);
  line.service.settle();
  EXPECT_TRUE(line.server.wants_close());
}

// Ten megabytes of nothing in ten kilobytes: the server reads them a portion at a time.
TEST(ImapCompress, AFewOctetsThatStandForVeryManyAreReadInPortions) {
  Line line;
  line.session.login("fred", "swordfish", false);
  line.run();
  line.say(Compress{"DEFLATE"});
  Deflater client;
  line.server.receive_wire(client.put(std::string(10'000'000, 'x')), line.at);
  int turns = 0;
  while (line.server.holds_input() && !line.server.wants_close() && turns < 1000) {
    ASSERT_TRUE(line.server.deadline() && *line.server.deadline() <= line.at);
    line.service.settle();
    line.server.on_deadline(line.at);
    ++turns;
  }
  EXPECT_GT(turns, 2);
  EXPECT_TRUE(line.server.wants_close()) << "a line without end";
}

}  // namespace
}  // namespace glasspost::imap

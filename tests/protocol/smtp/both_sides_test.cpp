// Our client and our server hold a conversation, and the dissector listens: it must understand every word of both.
#include <gtest/gtest.h>

#include <map>

#include "protocol/dissector.h"
#include "protocol/smtp/client.h"
#include "protocol/smtp/server.h"
#include "protocol/tls/facts.h"
#include "tests/protocol/transcript.h"

namespace glasspost::smtp {
namespace {

using test::nine_o_clock;

class Understands final : public MessageSink {
 public:
  MessageId said(const Said& said) override {
    EXPECT_TRUE(tiles(said.text, said.tokens));
    EXPECT_FALSE(said.problem) << said.text << ": wanted " << said.problem->expected;
    EXPECT_NE(said.kind, MessageKind::stray) << said.text;
    for (const Token& token : said.tokens)
      if (token.span.of(said.text) != "=") {
        EXPECT_NE(token.role, Role::plain) << said.text << ": " << token.span.of(said.text);
      }
    shown += (said.from == Side::client ? "C: " : "S: ") + visible(redact(said.text, said.tokens).substr(0, 500)) + "\n";
    state = said.state_after;
    return count++;
  }
  std::string shown;
  StateId state = 0;
  MessageId count = 0;
};

class Post final : public sasl::Credentials {
 public:
  std::optional<std::string> password_of(std::string_view user) const override {
    return user == "user" ? std::optional<std::string>("pencil") : std::nullopt;
  }
  std::optional<std::string> user_of_token(std::string_view token) const override {
    return token == "ya29.good" ? std::optional<std::string>("user") : std::nullopt;
  }
};

class Conversation {
 public:
  Conversation(ClientSettings client, ServerSettings server) : client_(std::move(client), nine_o_clock), server_(std::move(server), nine_o_clock) {}

  void run() {
    for (bool busy = true; busy;) {
      busy = move(server_, client_, Side::server);
      while (auto event = client_.poll()) note(*event);
      busy |= move(client_, server_, Side::client);
      while (auto event = server_.poll()) serve(*event);
      if (client_.tls_wish() == TlsWish::start && server_.tls_wish() == TlsWish::start) {
        dissector_->tls_established();
        server_.tls_established(facts);
        client_.tls_established(facts);
        busy = true;
      }
    }
  }
  void send(OutgoingLetter letter) {
    client_.send(std::move(letter), nine_o_clock);
    run();
  }
  ClientSession& client() { return client_; }
  ServerSession& server() { return server_; }
  const Understands& heard() const { return heard_; }
  StateId dissected() const { return dissector_->state(); }

  TlsFacts facts;
  std::string stripped;  // somebody on the way takes this out
  std::vector<Letter> letters;
  std::vector<RecipientResult> results;
  std::optional<Failed> failure;
  std::vector<Reply> letter_replies;  // the next letter's, if there are any

 private:
  bool move(Session& from, Session& to, Side side) {
    std::string said = from.take_output();
    if (const std::size_t at = said.find(stripped); !stripped.empty() && at != said.npos) said.erase(at, stripped.size());
    dissector_->put(side, said, heard_);
    if (!said.empty()) to.receive(said, nine_o_clock);
    return !said.empty();
  }
  void note(ClientEvent& event) {
    if (auto* done = std::get_if<LetterDone>(&event))
      for (RecipientResult& result : done->recipients) results.push_back(std::move(result));
    if (auto* failed = std::get_if<Failed>(&event)) failure = std::move(*failed);
  }
  void serve(ServerEvent& event) {
    if (const auto* login = std::get_if<LoginAsked>(&event)) server_.decide_login(sasl::verify(Post(), login->attempt));
    else if (auto* came = std::get_if<LetterCame>(&event)) {
      letters.push_back(std::move(came->letter));
      if (letter_replies.empty()) server_.accept();
      else server_.reply(letter_replies.front()), letter_replies.erase(letter_replies.begin());
    } else if (const auto* rcpt = std::get_if<RecipientAsked>(&event); rcpt && rcpt->recipient.forward_path.local_part == "nobody") {
      server_.reply(Reply(550, {5, 1, 1}, "No such mailbox"));
    } else if (server_.awaits_reply()) {
      server_.accept();
    }
  }

  ClientSession client_;
  ServerSession server_;
  Understands heard_;
  std::unique_ptr<Dissector> dissector_ = make_smtp_dissector();
};

ServerSettings submission(std::vector<sasl::Mechanism> mechanisms) {
  ServerSettings settings;
  settings.role = ServerRole::submission;
  settings.host_name = "mail.example.org";
  settings.tls = TlsMode::starttls;
  settings.allow_plaintext_auth = true;
  settings.nonce = "3rfcNHYJY1ZVvWVs7j";
  settings.salt_seed = "the office's own";
  settings.mechanisms = std::move(mechanisms);
  return settings;
}
ClientSettings somebody() {
  ClientSettings settings;
  settings.user = "user";
  settings.password = "pencil";
  settings.strongest_login = true;
  settings.nonce = "fyko+d2lbbFgONRv9qkxdawL";
  settings.starttls = StartTlsPolicy::never;
  return settings;
}
ServerSettings relay(Extensions extensions) {
  ServerSettings settings;
  settings.host_name = "mx.example.org";
  settings.extensions = extensions;
  return settings;
}
ClientSettings relaying() {
  ClientSettings settings;
  settings.client_name = "mail.example.com";
  return settings;
}
const TlsFacts bound{.version = "TLSv1.3", .bindings = {{"tls-exporter", std::string(32, '\x07')}}};

TEST(SmtpBothSides, EveryWayToLogInThatKeepsThePasswordOffTheWire) {
  using enum sasl::Mechanism;
  for (const sasl::Mechanism mechanism : {cram_md5, scram_sha_1, scram_sha_256}) {
    Conversation conversation(somebody(), submission({mechanism}));
    conversation.run();
    EXPECT_TRUE(conversation.client().is_ready()) << name_of(mechanism) << conversation.heard().shown;
    EXPECT_EQ(conversation.server().identity(), "user");
    EXPECT_EQ(conversation.dissected(), conversation.server().state());
    // Neither the proofs nor what they could be tried against are shown.
    EXPECT_EQ(conversation.heard().shown.find("p="), std::string::npos);
    EXPECT_EQ(conversation.heard().shown.find("dj1"), std::string::npos);
  }
}

TEST(SmtpBothSides, ScramIsShownWithoutWhatIsSecret) {
  Conversation conversation(somebody(), submission({sasl::Mechanism::scram_sha_256}));
  conversation.run();
  const std::string& shown = conversation.heard().shown;
  const std::string login = shown.substr(shown.find("C: AUTH"));
  EXPECT_TRUE(login.starts_with("C: AUTH SCRAM-SHA-256 ••••••••••••\\r\\n\nS: 334 cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0wz")) << login;
  EXPECT_TRUE(login.ends_with("C: ••••••••••••\\r\\n\nS: 334 ••••••••••••\\r\\n\nC: \\r\\n\nS: 235 2.7.0 Authentication successful\\r\\n\n")) << login;
}

TEST(SmtpBothSides, AWrongPasswordIsRefusedAndProvesNothing) {
  ClientSettings wrong = somebody();
  wrong.password = "pen";
  for (const sasl::Mechanism mechanism : {sasl::Mechanism::scram_sha_1, sasl::Mechanism::scram_sha_256, sasl::Mechanism::cram_md5}) {
    Conversation conversation(wrong, submission({mechanism}));
    conversation.run();
    ASSERT_TRUE(conversation.failure);
    EXPECT_EQ(conversation.failure->reply->code, 535);
    EXPECT_EQ(conversation.server().identity(), "");
  }
}

// RFC 5802 section 6, RFC 9266: the proof holds for this TLS connection; whoever strips -PLUS from the offer is noticed.
TEST(SmtpBothSides, ChannelBindingIsUsedWhereItIsOffered) {
  using enum sasl::Mechanism;
  const std::vector<sasl::Mechanism> all = {scram_sha_256_plus, scram_sha_256, plain};
  ClientSettings client = somebody();
  client.starttls = StartTlsPolicy::require;
  Conversation conversation(client, submission(all));
  conversation.facts = bound;
  conversation.run();
  EXPECT_TRUE(conversation.client().is_ready()) << conversation.heard().shown;
  EXPECT_NE(conversation.heard().shown.find("AUTH SCRAM-SHA-256-PLUS"), std::string::npos);
  // In clear there is nothing to bind to, and it is not offered.
  Conversation open(somebody(), submission(all));
  open.run();
  EXPECT_EQ(open.heard().shown.find("PLUS"), std::string::npos);
  // Whoever wants another one may have it: they do not say that -PLUS was not there.
  client.mechanism = scram_sha_256;
  Conversation another(client, submission(all));
  another.facts = bound;
  another.run();
  EXPECT_TRUE(another.client().is_ready()) << another.heard().shown;
  // Somebody takes the offer away. A client that could bind says so ("y"), and the server that had offered it refuses.
  client.mechanism.reset();
  Conversation downgraded(client, submission(all));
  downgraded.facts = bound;
  downgraded.stripped = "SCRAM-SHA-256-PLUS ";
  downgraded.run();
  EXPECT_NE(downgraded.heard().shown.find("AUTH SCRAM-SHA-256 "), std::string::npos);
  ASSERT_TRUE(downgraded.failure);
  EXPECT_EQ(downgraded.failure->reply->code, 535);
}

TEST(SmtpBothSides, TokensGoodAndBad) {
  for (const sasl::Mechanism mechanism : {sasl::Mechanism::oauthbearer, sasl::Mechanism::xoauth2}) {
    ClientSettings client = somebody();
    client.password = "ya29.good";
    client.password_is_token = true;
    client.starttls = StartTlsPolicy::require;
    client.host = "mail.example.org";
    client.port = 587;
    Conversation good(client, submission({mechanism}));
    good.run();
    EXPECT_EQ(good.server().identity(), "user") << good.heard().shown;
    client.password = "ya29.expired";
    Conversation bad(client, submission({mechanism}));
    bad.run();
    ASSERT_TRUE(bad.failure);
    EXPECT_EQ(bad.failure->reply->code, 535);
    EXPECT_EQ(bad.heard().shown.find("ya29"), std::string::npos);
  }
}

TEST(SmtpBothSides, ACertificateLogsIn) {
  ClientSettings client = somebody();
  client.starttls = StartTlsPolicy::require;
  client.mechanism = sasl::Mechanism::external;
  Conversation conversation(client, submission({sasl::Mechanism::external}));
  conversation.facts.client_certificate = CertificateFacts{};
  conversation.facts.client_certificate->subject = "user";
  conversation.run();
  EXPECT_EQ(conversation.server().identity(), "user");
  Conversation without(client, submission({sasl::Mechanism::external}));
  without.run();
  ASSERT_TRUE(without.failure);
  EXPECT_EQ(without.failure->step, Step::login);
}

const std::string text = "Subject: chunks\r\n\r\n.a dot\r\n..\r\n.\r\nend\r\n";

TEST(SmtpBothSides, ALetterInChunks) {
  Extensions extensions;
  extensions.chunking = true;
  for (const bool pipeline : {false, true}) {
    for (const std::size_t chunk : {1U, 7U, 1000U}) {
      ClientSettings client = relaying();
      client.chunk = chunk;
      client.pipeline = pipeline;
      Conversation conversation(client, relay(extensions));
      conversation.run();
      conversation.send({"a@example.com", {"bob@example.org", "nobody@example.org"}, text});
      ASSERT_EQ(conversation.letters.size(), 1U) << conversation.heard().shown;
      EXPECT_EQ(conversation.letters[0].content, text);
      EXPECT_TRUE(conversation.results[0].delivered);
      EXPECT_FALSE(conversation.results[1].delivered);
      EXPECT_EQ(conversation.dissected(), conversation.server().state());
      EXPECT_TRUE(conversation.client().is_ready());
    }
  }
}

TEST(SmtpBothSides, ABinaryLetterGoesByBdatOrNotAtAll) {
  std::string binary = "MIME-Version: 1.0\r\nContent-Transfer-Encoding: binary\r\n\r\n";
  for (int i = 0; i < 1000; ++i) binary += static_cast<char>(i % 256);
  Extensions extensions;
  extensions.chunking = true;
  Conversation conversation(relaying(), relay(extensions));
  conversation.run();
  conversation.send({"a@example.com", {"bob@example.org"}, binary, true});
  ASSERT_EQ(conversation.letters.size(), 1U);
  EXPECT_TRUE(conversation.letters[0].content == binary);
  EXPECT_TRUE(conversation.letters[0].binary);
  Conversation plain(relaying(), relay({}));
  plain.run();
  plain.send({"a@example.com", {"bob@example.org"}, binary, true});
  ASSERT_EQ(plain.results.size(), 1U);
  EXPECT_TRUE(plain.results[0].refused_here);
  EXPECT_TRUE(plain.results[0].problem.starts_with("5.6.3 ")) << plain.results[0].problem;
}

// RFC 3030 section 2: after a chunk that was refused comes RSET, and then the next letter.
TEST(SmtpBothSides, ARefusedChunkEndsTheLetterAndNotTheSession) {
  Extensions extensions;
  extensions.chunking = true;
  ServerSettings server = relay(extensions);
  server.max_size = 20;
  for (const bool pipeline : {false, true}) {
    ClientSettings client = relaying();
    client.chunk = 8;
    client.pipeline = pipeline;
    Conversation conversation(client, server);
    conversation.run();
    // The client would not send what is over SIZE: the limit comes down meanwhile, as a full disk does.
    conversation.letter_replies = {Reply(452, {4, 3, 1}, "The disk is full")};
    conversation.send({"a@example.com", {"bob@example.org"}, "0123456789ab\r\n"});
    ASSERT_EQ(conversation.results.size(), 1U);
    EXPECT_FALSE(conversation.results[0].delivered);
    EXPECT_EQ(conversation.results[0].reply->code, 452);
    ASSERT_TRUE(conversation.client().is_ready()) << conversation.heard().shown;
    conversation.send({"a@example.com", {"bob@example.org"}, "0123456789ab\r\n"});
    EXPECT_TRUE(conversation.results[1].delivered);
  }
}

TEST(SmtpBothSides, WhatTheSenderWantsToHearIsPassedOn) {
  Extensions extensions;
  extensions.dsn = true;
  OutgoingLetter letter{"a@example.com", {"bob@example.org", "eve@example.org"}, text};
  letter.wishes.ret = Return::headers;
  letter.wishes.envelope_id = "QQ 314159+";
  letter.recipient_wishes = {{Notify{true, false, true}, OriginalRecipient{"rfc822", "Bob Smith@example.org"}}, {Notify{}, std::nullopt}};
  Conversation conversation(relaying(), relay(extensions));
  conversation.run();
  conversation.send(letter);
  EXPECT_NE(conversation.heard().shown.find("RET=HDRS ENVID=QQ+20314159+2B"), std::string::npos) << conversation.heard().shown;
  EXPECT_NE(conversation.heard().shown.find("NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Bob+20Smith@example.org"), std::string::npos);
  EXPECT_NE(conversation.heard().shown.find("RCPT TO:<eve@example.org> NOTIFY=NEVER"), std::string::npos);
  ASSERT_EQ(conversation.letters.size(), 1U);
  EXPECT_EQ(wishes_of(conversation.letters[0].mail).envelope_id, "QQ 314159+");
  EXPECT_EQ(wishes_of(conversation.letters[0].recipients[0]).original, letter.recipient_wishes[0].original);
  EXPECT_TRUE(conversation.results[0].dsn);
  Conversation without(relaying(), relay({}));
  without.run();
  without.send(letter);
  EXPECT_TRUE(without.results[0].delivered);
  EXPECT_FALSE(without.results[0].dsn);
  EXPECT_EQ(without.heard().shown.find("NOTIFY"), std::string::npos);
}

// RFC 6531: said where it is offered, refused and not mangled where it is not.
TEST(SmtpBothSides, AddressesBeyondAscii) {
  Extensions extensions;
  extensions.utf8 = true;
  OutgoingLetter letter{"josé@bücher.example", {"δοκιμή@παράδειγμα.δοκιμή"}, "Subject: ñ\r\n\r\nx\r\n"};
  letter.wishes.utf8 = true;
  Conversation conversation(relaying(), relay(extensions));
  conversation.run();
  conversation.send(letter);
  ASSERT_EQ(conversation.letters.size(), 1U) << conversation.heard().shown;
  EXPECT_EQ(conversation.letters[0].mail.reverse_path.text, "josé@bücher.example");
  EXPECT_EQ(conversation.letters[0].recipients[0].forward_path.local_part, "δοκιμή");
  EXPECT_EQ(conversation.letters[0].with, "UTF8SMTP");
  EXPECT_NE(conversation.heard().shown.find("SMTPUTF8\\r\\n"), std::string::npos);
  Conversation without(relaying(), relay({}));
  without.run();
  without.send(letter);
  ASSERT_EQ(without.results.size(), 1U);
  EXPECT_TRUE(without.results[0].refused_here);
  EXPECT_TRUE(without.results[0].problem.starts_with("5.6.7 "));
  EXPECT_EQ(without.letters.size(), 0U);
}

TEST(SmtpBothSides, RequireTlsGoesOnlyWhereItIsKept) {
  Extensions extensions;
  extensions.require_tls = true;
  OutgoingLetter letter{"a@example.com", {"bob@example.org"}, text};
  letter.wishes.require_tls = true;
  ServerSettings server = relay(extensions);
  server.tls = TlsMode::starttls;
  ClientSettings client = relaying();
  client.starttls = StartTlsPolicy::require;
  Conversation conversation(client, server);
  conversation.run();
  conversation.send(letter);
  ASSERT_EQ(conversation.letters.size(), 1U) << conversation.heard().shown;
  EXPECT_TRUE(wishes_of(conversation.letters[0].mail).require_tls);
  Conversation open(relaying(), relay(extensions));
  open.run();
  open.send(letter);
  EXPECT_TRUE(open.results[0].refused_here);
  EXPECT_TRUE(open.results[0].problem.starts_with("5.7.30 "));
}

TEST(SmtpBothSides, PriorityAndTimes) {
  Extensions extensions;
  extensions.priority = true;
  extensions.deliver_by = Duration{};
  extensions.future_release = 24h;
  OutgoingLetter letter{"user@example.com", {"bob@example.org"}, text};
  letter.wishes.priority = -3;
  letter.wishes.by = DeliverBy{120, true, false};
  letter.wishes.hold_for = 1h;
  ServerSettings server = submission({sasl::Mechanism::plain});
  server.extensions = extensions;
  ClientSettings client = somebody();
  client.allow_plaintext_auth = true;
  Conversation conversation(client, server);
  conversation.run();
  conversation.send(letter);
  ASSERT_EQ(conversation.letters.size(), 1U) << conversation.heard().shown;
  const MailWishes wishes = wishes_of(conversation.letters[0].mail);
  EXPECT_EQ(wishes.priority, -3);
  EXPECT_EQ(wishes.by, (DeliverBy{120, true, false}));
  EXPECT_EQ(wishes.hold_for, Duration(1h));
  EXPECT_NE(conversation.heard().shown.find("FUTURERELEASE 86400 2026-11-03T09:00:00Z"), std::string::npos) << conversation.heard().shown;
}

}  // namespace
}  // namespace glasspost::smtp

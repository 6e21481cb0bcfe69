// UTF8 and LANG: RFC 6856; and SCRAM in POP3.
#include <gtest/gtest.h>

#include <set>

#include "protocol/dissector.h"
#include "protocol/pop3/client.h"
#include "protocol/pop3/phrases.h"
#include "protocol/pop3/server.h"
#include "protocol/tls/facts.h"
#include "tests/protocol/transcript.h"

namespace glasspost::pop3 {
namespace {

using test::nine_o_clock;

class Karen final : public sasl::Credentials {
 public:
  std::optional<std::string> password_of(std::string_view user) const override {
    return user == "karen" ? std::optional<std::string>("password") : std::nullopt;
  }
};

class Post final : public test::Subject {
 public:
  explicit Post(ServerSettings settings) : session_(std::move(settings), nine_o_clock) {}
  ServerSession& session() override { return session_; }
  void settle() override {
    while (auto event = session_.poll()) {
      if (const auto* attempt = std::get_if<LoginAttempt>(&*event)) {
        if (attempt->method == LoginMethod::sasl) session_.decide_login(sasl::verify(Karen(), attempt->sasl));
        else if (attempt->user == "karen" && attempt->proves("password")) open();
        else session_.refuse(Refusal::wrong_login, "Wrong name or password");
      } else if (std::holds_alternative<LoginConfirmed>(*event)) {
        open();
      } else if (std::holds_alternative<RetrieveRequest>(*event)) {
        if (session_.utf8()) session_.give("Subject: \xc3\xb1\r\n\r\nx\r\n");
        else session_.fail_retrieval("[UTF8] This message has headers beyond ASCII: say UTF8 before logging in");
      } else if (std::holds_alternative<UpdateRequest>(*event)) {
        session_.updated();
      }
    }
  }
  bool opened = false;

 private:
  void open() {
    opened = true;
    session_.open({{160, "a"}, {160, "b"}});
  }
  ServerSession session_;
};

ServerSettings both() {
  ServerSettings settings;
  settings.allow_plaintext_login = true;
  settings.utf8 = settings.languages = true;
  settings.nonce = "3rfcNHYJY1ZVvWVs7j";
  settings.salt_seed = "salt";
  settings.mechanisms = {sasl::Mechanism::scram_sha_256_plus, sasl::Mechanism::scram_sha_256, sasl::Mechanism::scram_sha_1, sasl::Mechanism::cram_md5, sasl::Mechanism::plain};
  return settings;
}
void expect(std::string_view transcript) {
  test::expect_transcript(Side::server, [] { return std::make_unique<Post>(both()); }, transcript);
}

// RFC 6856 section 3.3: its commands, with the languages that are here.
TEST(Pop3Lang, ExamplesOfRfc6856) {
  expect(R"(
    S: +OK POP3 server ready
    C: USER karen
    S: +OK Send PASS
    C: PASS password
    S: +OK Logged in, 2 messages (320 octets)
    C: LANG MUL
    S: -ERR en There is no such language here
    C: LANG
    S: +OK Languages follow
    S: en English
    S: es Español
    S: .
    C: LANG es
    S: +OK es Idioma cambiado
    C: LANG uga
    S: -ERR es Ese idioma no se conoce aquí
    C: LANG sv
    S: -ERR es Ese idioma no se conoce aquí
    C: LIST 3
    S: -ERR No hay tal mensaje, solo 2 mensajes en el buzón
    C: DELE 1
    S: +OK Mensaje 1 marcado como borrado
    C: XYZ
    S: -ERR Orden desconocida
    C: LANG es-MX
    S: +OK es Idioma cambiado
    C: LANG *
    S: +OK en Language changed
    C: LANG e s
    S: -ERR Syntax error at octet 6: expected CRLF
    C: QUIT
    S: +OK Bye (1 messages left)
  )");
}

TEST(Pop3Utf8, ComesBeforeTheLoginAndBehindStls) {
  expect(R"(
    S: +OK ...
    C: CAPA
    S: +OK Capability list follows
    S: TOP
    S: UIDL
    S: RESP-CODES
    S: AUTH-RESP-CODE
    S: PIPELINING
    S: EXPIRE NEVER
    S: UTF8
    S: LANG
    S: USER
    S: SASL SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN
    S: STLS
    S: .
    C: UTF8
    S: +OK UTF8 it is
    C: STLS
    S: -ERR STLS comes before UTF8
    C: USER karen
    S: +OK Send PASS
    C: PASS password
    S: +OK ...
    C: RETR 1
    S: +OK 18 octets
    S: Subject: ñ
    S:
    S: x
    S: .
    C: UTF8
    S: -ERR Not in this state: you are logged in
  )");
  expect(R"(
    S: +OK ...
    C: USER karen
    S: +OK Send PASS
    C: PASS password
    S: +OK ...
    C: RETR 1
    S: -ERR [UTF8] This message has headers beyond ASCII: say UTF8 before logging in
  )");
}

TEST(Pop3Lang, EveryPhraseHasItsValuesInBothLanguages) {
  std::set<std::string_view> seen;
  for (const Phrase& one : phrases()) {
    EXPECT_TRUE(seen.insert(one.english).second) << one.english;
    const auto values = [](std::string_view text) {
      int count = 0;
      for (std::size_t at = text.find("{}"); at != text.npos; at = text.find("{}", at + 2)) ++count;
      return count;
    };
    EXPECT_EQ(values(one.english), values(one.spanish)) << one.english;
  }
}

// The dissector hears both sides, and understands every word.
class Understands final : public MessageSink {
 public:
  MessageId said(const Said& said) override {
    EXPECT_TRUE(tiles(said.text, said.tokens));
    EXPECT_FALSE(said.problem) << said.text << ": wanted " << said.problem->expected;
    EXPECT_NE(said.kind, MessageKind::stray) << said.text;
    for (const Token& token : said.tokens) EXPECT_NE(token.role, Role::plain) << said.text << ": " << token.span.of(said.text);
    shown += (said.from == Side::client ? "C: " : "S: ") + visible(redact(said.text, said.tokens)) + "\n";
    return count++;
  }
  std::string shown;
  MessageId count = 0;
};

struct Talk {
  std::string shown;
  bool logged_in = false;
  std::vector<LanguageListing> languages;
  std::optional<Refused> refused;
};
Talk talk(ClientSettings settings, const std::string& password) {
  ClientSession client(std::move(settings), nine_o_clock);
  Post post(both());
  Understands heard;
  const auto dissector = make_pop3_dissector();
  Talk out;
  for (bool busy = true; busy;) {
    busy = false;
    post.settle();
    if (const std::string said = post.session().take_output(); !said.empty()) {
      busy = true;
      dissector->put(Side::server, said, heard);
      client.receive(said, nine_o_clock);
    }
    while (const auto event = client.poll()) {
      if (std::holds_alternative<Ready>(*event)) client.login("karen", password);
      if (std::holds_alternative<LoggedIn>(*event)) out.logged_in = true, client.lang(), client.lang("es"), client.quit();
      if (const auto* refused = std::get_if<Refused>(&*event)) out.refused = *refused, client.quit();
      if (const auto* languages = std::get_if<LanguageAnswer>(&*event)) out.languages = languages->languages;
    }
    if (const std::string said = client.take_output(); !said.empty()) {
      busy = true;
      dissector->put(Side::client, said, heard);
      post.session().receive(said, nine_o_clock);
    }
  }
  EXPECT_EQ(dissector->state(), post.session().state());
  out.shown = heard.shown;
  return out;
}
ClientSettings in_clear(sasl::Mechanism mechanism) {
  ClientSettings settings;
  settings.tls = TlsMode::plaintext;
  settings.nonce = "fyko+d2lbbFgONRv9qkxdawL";
  settings.mechanism = mechanism;
  return settings;
}

TEST(Pop3Scram, BothSidesMeetInClear) {
  for (const sasl::Mechanism mechanism : {sasl::Mechanism::scram_sha_256, sasl::Mechanism::scram_sha_1, sasl::Mechanism::cram_md5}) {
    const Talk good = talk(in_clear(mechanism), "password");
    EXPECT_TRUE(good.logged_in) << good.shown;
    EXPECT_EQ(good.languages, (std::vector<LanguageListing>{{"en", "English"}, {"es", "Español"}}));
    EXPECT_EQ(good.shown.find("password"), std::string::npos);
    const Talk bad = talk(in_clear(mechanism), "pass");
    EXPECT_FALSE(bad.logged_in);
    ASSERT_TRUE(bad.refused) << bad.shown;
    EXPECT_EQ(bad.refused->code, "AUTH");
  }
}

TEST(Pop3Scram, AServerThatSaysYesTooSoonIsNotBelieved) {
  ClientSession client(in_clear(sasl::Mechanism::scram_sha_256), nine_o_clock);
  client.receive("+OK hi\r\n", nine_o_clock);
  client.receive("+OK\r\nSASL SCRAM-SHA-256\r\n.\r\n", nine_o_clock);
  while (client.poll()) {}
  client.login("karen", "password");
  client.receive("+OK welcome\r\n", nine_o_clock);
  const auto event = client.poll();
  ASSERT_TRUE(event && std::holds_alternative<Failed>(*event));
  EXPECT_EQ(std::get<Failed>(*event).why, Failed::Why::server_unproved);
}

}  // namespace
}  // namespace glasspost::pop3

// Whatever a client says to our services, legal, illegal or half a command, and however the octets are cut: the dissector,
// which only listens, understands every word of the server, loses no octet, and shows no secret.
#include <gtest/gtest.h>

#include <random>

#include "protocol/dissector.h"
#include "sim/services/imap.h"
#include "sim/services/pop3.h"
#include "sim/services/smtp.h"

namespace glasspost::sim {
namespace {

constexpr Instant now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 9h;
constexpr std::string_view password = "s3cr3t-word";
constexpr std::string_view plain_in_base64 = "AGJvYgBzM2NyM3Qtd29yZA==";  // \0bob\0s3cr3t-word
constexpr std::string_view password_in_base64 = "czNjcjN0LXdvcmQ=";

struct Piece {
  Side from;
  std::string octets;
};
using Log = std::vector<Piece>;

struct Heard {
  Side from;
  MessageKind kind;
  std::string text, shown;
  std::uint64_t octets;
  std::vector<Token> tokens;
  std::string problem;
  std::optional<MessageId> answers;
  bool completes;
  friend bool operator==(const Heard&, const Heard&) = default;
};

class Listener final : public MessageSink {
 public:
  MessageId said(const Said& said) override {
    EXPECT_TRUE(tiles(said.text, said.tokens)) << said.text;
    heard.push_back({said.from, said.kind, std::string(said.text), redact(said.text, said.tokens), said.octets,
                     {said.tokens.begin(), said.tokens.end()}, said.problem ? said.problem->expected + "?" : "",
                     said.answers, said.completes});
    return MessageId(heard.size() - 1);
  }
  std::vector<Heard> heard;
};

std::vector<Heard> listen(Protocol protocol, const Log& log, bool octet_by_octet) {
  const auto dissector = make_dissector(protocol);
  Listener listener;
  for (const Piece& piece : log) {
    if (!octet_by_octet) dissector->put(piece.from, piece.octets, listener);
    else for (const char& octet : piece.octets) dissector->put(piece.from, {&octet, 1}, listener);
  }
  dissector->end(Side::client, listener);
  dissector->end(Side::server, listener);
  return listener.heard;
}

class Talk {
 public:
  Talk(Service& service, Trace& trace) : peer_(service.accept({trace.next_connection(), now, "client", "192.0.2.1"})) { hear(); }
  void say(std::string octets) {
    if (peer_->wants_close()) return;
    log.push_back({Side::client, octets});
    peer_->receive(octets, now, no_record);
    hear();
  }
  // The server's last line asked for nothing else: no 354, no 334, no "+".
  bool may_command() const {
    for (auto piece = log.rbegin(); piece != log.rend(); ++piece) {
      if (piece->from == Side::client) continue;
      const std::string_view said = std::string_view(piece->octets).substr(0, piece->octets.size() - 2);
      const auto line = said.substr(said.rfind('\n') == said.npos ? 0 : said.rfind('\n') + 1);
      return !line.starts_with("3") && !line.starts_with("+ ");
    }
    return true;
  }
  bool over() const { return peer_->wants_close(); }
  Log log;

 private:
  void hear() {
    for (std::string some = peer_->take_output(now); !some.empty(); some = peer_->take_output(now))
      log.push_back({Side::server, std::move(some)});
  }
  std::unique_ptr<Peer> peer_;
};

// In each, "%" becomes a tag that was not used before; behind "\f" a client waits for an answer, or should.
const std::vector<std::string> smtp_words = {
    "EHLO client.example\r\n", "HELO c\r\n", "EHLO client.example\r\n", "MAIL FROM:<a@b.example>\r\n", "MAIL FROM:<> SIZE=100 BODY=8BITMIME\r\n",
    "RCPT TO:<bob@example.org>\r\n", "RCPT TO:<bob@example.org>\r\n", "RCPT TO:<nobody@example.org>\r\n", "RCPT TO:<x@else.example>\r\n",
    "DATA\r\n", "Subject: x\r\n\r\n..\r\n.\r\n", "x\r\n.\r\n", ".\r\n", "RSET\r\n", "NOOP\r\n", "NOOP x\r\n", "HELP\r\n", "VRFY bob\r\n", "EXPN l\r\n",
    "AUTH PLAIN AGJvYgBzM2NyM3Qtd29yZA==\r\n", "AUTH LOGIN\r\n\fYm9i\r\n\fczNjcjN0LXdvcmQ=\r\n", "AUTH PLAIN\r\n\fAGJvYgBzM2NyM3Qtd29yZA==\r\n",
    "AUTH CRAM-MD5\r\n", "AUTH LOGIN Ym9i\r\n\fczNjcjN0LXdvcmQ=\r\n", "*\r\n", "AUTH FOO\r\n", "STARTTLS\r\n", "LHLO c\r\n", "nonsense\r\n", "\r\n", "MAIL\r\n", "RCPT TO:<\r\n", "a bare \n one\r\n",
    std::string("\0\xff\r\n", 4), "MAIL FROM:<\xc3\xb1@b.example>\r\n", std::string(3000, 'x') + "\r\n", "QUIT now\r\n",
    "MAIL FROM:<a@b.example>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n", "MAIL FROM:<a@b.example>\r\nRCPT TO:<no@example.org>\r\nDATA\r\nNOOP\r\n"};
const std::vector<std::string> lmtp_words = {
    "LHLO client.example\r\n", "LHLO c\r\n", "MAIL FROM:<a@b.example>\r\n", "RCPT TO:<bob@example.org>\r\n", "RCPT TO:<alice@example.org>\r\n", "RCPT TO:<no@example.org>\r\n",
    "DATA\r\n", "Subject: x\r\n\r\n..\r\n.\r\n", "x\n.\r\n", "\r\n.\r\n", "RSET\r\n", "NOOP\r\n", "EHLO c\r\n", "STARTTLS\r\n", "nonsense\r\n"};
const std::vector<std::string> pop3_words = {
    "USER bob\r\n", "PASS s3cr3t-word\r\n", "USER bob\r\nPASS s3cr3t-word\r\n", "PASS wrong\r\n", "APOP bob 0123456789abcdef0123456789abcdef\r\n", "AUTH PLAIN\r\n\fAGJvYgBzM2NyM3Qtd29yZA==\r\n",
    "AUTH PLAIN AGJvYgBzM2NyM3Qtd29yZA==\r\n", "*\r\n", "AUTH\r\n", "AUTH FOO\r\n", "CAPA\r\n", "STAT\r\n", "LIST\r\n", "LIST 1\r\n", "LIST 99\r\n",
    "UIDL\r\n", "UIDL 2\r\n", "RETR 1\r\n", "RETR 2\r\n", "TOP 1 0\r\n", "TOP 2 1\r\n", "DELE 1\r\n", "DELE 3\r\n", "RSET\r\n", "NOOP\r\n", "STLS\r\n", "RETR x\r\n", "TOP 1\r\n",
    "nonsense\r\n", "\r\n", "a bare \r one\r\n", std::string("\0\xff\r\n", 4), std::string(1000, 'x') + "\r\n", "STAT\r\nLIST\r\nRETR 2\r\nNOOP\r\n", "QUIT now\r\n"};
const std::vector<std::string> imap_words = {
    "% LOGIN bob s3cr3t-word\r\n", "% LOGIN bob {11}\r\n\fs3cr3t-word\r\n", "% LOGIN {3+}\r\nbob {11+}\r\ns3cr3t-word\r\n", "% LOGIN bob wrong\r\n", "% AUTHENTICATE PLAIN\r\n\fAGJvYgBzM2NyM3Qtd29yZA==\r\n",
    "% AUTHENTICATE PLAIN AGJvYgBzM2NyM3Qtd29yZA==\r\n", "*\r\n", "% AUTHENTICATE FOO\r\n", "% CAPABILITY\r\n", "% NOOP\r\n", "% ID (\"name\" \"x\")\r\n",
    "% STARTTLS\r\n", "% SELECT INBOX\r\n", "% SELECT INBOX\r\n", "% EXAMINE INBOX\r\n", "% SELECT nothing\r\n", "% LIST \"\" *\r\n", "% LSUB \"\" %\r\n", "% CREATE \"a {3} \\\"b\"\r\n",
    "% CREATE {4}\r\n", "x(y)\r\n", "% DELETE x\r\n", "% RENAME \"x(y)\" Entw&APw-rfe\r\n", "% SUBSCRIBE INBOX\r\n", "% STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY UNSEEN RECENT)\r\n",
    "% APPEND INBOX (\\Seen $x) {5}\r\n", "hello\r\n", "% APPEND INBOX {5+}\r\nhello\r\n", "% APPEND INBOX {999999999999999999}\r\n", "% APPEND INBOX {99999999999999999999}\r\n",
    "% APPEND nothing {9+}\r\n9 LOGOUT\n\n\r\n", "% CHECK\r\n", "% CLOSE\r\n", "% UNSELECT\r\n", "% EXPUNGE\r\n", "% SEARCH TEXT {3}\r\n", "xyz\r\n", "% UID SEARCH OR SEEN (NOT ALL)\r\n",
    "% FETCH 1:* FULL\r\n", "% FETCH 1 (BODYSTRUCTURE BODY[] BODY.PEEK[HEADER.FIELDS (\"To\" X-Y)]<0.9> RFC822.SIZE)\r\n", "% UID FETCH 1:* (FLAGS BODY[1.MIME] BODY[TEXT])\r\n",
    "% STORE 1 +FLAGS (\\Deleted)\r\n", "% UID STORE 1:* -FLAGS.SILENT $y\r\n", "% COPY 1 INBOX\r\n", "% MOVE 1 nothing\r\n", "% UID MOVE 1 INBOX\r\n", "% UID EXPUNGE 1:*\r\n",
    "% IDLE\r\n", "dOnE\r\n", "DONE\r\n", "% NAMESPACE\r\n", "% NONSENSE\r\n", "%\r\n", "\r\n", "% FETCH x y\r\n", "% NOOP {3}\r\n", "% NOOP {3+}\r\nabc\r\n", "nonsense\r\n", "* OK hello\r\n",
    "+ x\r\n", std::string("% \0\xff\r\n", 6), "% LOGIN \"bob\r\n", "% FETCH 1 BODY[9.9.9]\r\n", "% NOOP\r\n% NOOP\r\n% FETCH 1 UID\r\n"};

class Understood : public testing::TestWithParam<Protocol> {
 protected:
  Understood() {
    users.add("bob", std::string(password)), users.add("alice", "wonder");
    for (int i = 0; i < 3; ++i)
      EXPECT_TRUE(store.deliver("bob", make_content("From: \"A \\\"x\" <a@b.example>\r\nSubject: =?utf-8?q?=C3=B1?= {3}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                                                    "--b\r\n\r\n.x\r\n..\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nTo: (\r\n\r\nx\n.\r\n--b--\r\n"), {.now = now}));
  }
  std::unique_ptr<Service> service() {
    switch (GetParam()) {
      case Protocol::imap: return std::make_unique<ImapService>(ImapService::Settings{.allow_plaintext_login = true, .records = false}, store, trace);
      case Protocol::pop3: return std::make_unique<Pop3Service>(Pop3Service::Settings{.allow_plaintext_login = true, .records = false}, store, trace);
      default:
        return std::make_unique<SmtpService>(
            SmtpService::Settings{.protocol = GetParam(), .role = GetParam() == Protocol::lmtp || relays ? smtp::ServerRole::relay : smtp::ServerRole::submission,
                                  .allow_plaintext_auth = true, .records = false},
            postmaster, &users, trace);
    }
  }
  const std::vector<std::string>& words() const {
    return GetParam() == Protocol::imap ? imap_words : GetParam() == Protocol::pop3 ? pop3_words : GetParam() == Protocol::lmtp ? lmtp_words : smtp_words;
  }
  static bool whole(const Log& log, const std::string& ahead) {
    if (!ahead.empty()) return ahead.ends_with("\r\n");
    std::string said;
    for (const Piece& piece : log)
      if (piece.from == Side::client) said += piece.octets;
    return said.empty() || said.ends_with("\r\n");
  }
  static std::string take(std::string& text, std::size_t octets) {
    std::string front = text.substr(0, octets);
    text.erase(0, octets);
    std::erase(front, '\f');
    return front;
  }
  // Commands whole, halved, and several at once.
  Log conversation(std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto below = [&](std::size_t limit) { return std::size_t(random() % limit); };
    relays = seed % 2 == 0;
    const auto office = service();
    Talk talk(*office, trace);
    std::string ahead;
    for (int i = 0, tag = 0; i < 40 && !talk.over(); ++i) {
      std::string next = words()[below(words().size())];
      if (i < 3 && below(2) == 0) next = words()[std::size_t(i)];
      for (auto at = next.find('%'); at == 0 || (at != next.npos && next[at - 1] == '\n'); at = next.find('%', at + 1))
        next.replace(at, 1, "t" + std::to_string(tag++));
      // A secret behind the beginning of something else, or inside a letter, is no command's: nobody can know that it is one.
      const bool is_secret = next.find("s3cr") != next.npos || next.find("czNj") != next.npos || next.find("AGJv") != next.npos;
      if (is_secret && (!talk.may_command() || !ahead.empty())) continue;
      if (is_secret && !whole(talk.log, ahead)) ahead += "\r\n";
      const std::size_t manner = below(8);
      if (manner == 0 && next.find("+}") == next.npos) next.resize(below(next.size() + 1));  // its end never comes
      if (manner == 1) talk.say(std::exchange(ahead, {}) + take(next, below(next.size())));
      if (manner <= 2) std::erase(next, '\f');
      if (manner == 2) {  // with what follows
        ahead += next;
        continue;
      }
      for (auto wait = next.find('\f'); wait != next.npos; wait = next.find('\f')) {
        talk.say(std::exchange(ahead, {}) + take(next, wait));
        next.erase(0, 1);
      }
      talk.say(std::exchange(ahead, {}) + next);
    }
    return talk.log;
  }

  bool relays = false;
  Users users{"example.org"};
  Trace trace;
  Store store{{.holder = 3, .records = false}, users, trace};
  MailboxPostmaster postmaster{store, "mail.example.org"};
};

void judge(const Log& log, const std::vector<Heard>& heard) {
  std::string said[2], kept[2];
  for (const Piece& piece : log) said[std::size_t(piece.from)] += piece.octets;
  std::vector<bool> completed(heard.size());
  for (MessageId id = 0; id < heard.size(); ++id) {
    const Heard& one = heard[id];
    EXPECT_EQ(one.octets, one.text.size());
    kept[std::size_t(one.from)] += one.text;
    for (const std::string_view secret : {password, plain_in_base64, password_in_base64})
      EXPECT_EQ(one.shown.find(secret), one.shown.npos) << one.shown;
    if (one.from == Side::client) continue;
    EXPECT_EQ(one.problem, "") << "in what the server said: " << one.text;
    EXPECT_NE(one.kind, MessageKind::stray) << one.text;
    if (!one.answers) continue;
    ASSERT_LT(*one.answers, id);
    EXPECT_EQ(heard[*one.answers].from, Side::client);
    if (!one.completes) continue;
    EXPECT_FALSE(completed[*one.answers]) << "answered twice: " << heard[*one.answers].text << "by " << one.text;
    completed[*one.answers] = true;
  }
  EXPECT_EQ(kept[0], said[0]);
  EXPECT_EQ(kept[1], said[1]);
}

TEST_P(Understood, WhateverIsSaid) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    const Log log = conversation(seed);
    const auto heard = listen(GetParam(), log, false);
    judge(log, heard);
    EXPECT_TRUE(heard == listen(GetParam(), log, true)) << "cut into octets it is heard otherwise";
    if (!HasFailure()) continue;
    for (const Piece& piece : log) std::cerr << (piece.from == Side::client ? "C: " : "S: ") << testing::PrintToString(piece.octets.substr(0, 300)) << '\n';
    return;
  }
}

INSTANTIATE_TEST_SUITE_P(Protocols, Understood, testing::Values(Protocol::smtp, Protocol::lmtp, Protocol::imap, Protocol::pop3),
                         [](const auto& which) { return std::string(name_of(which.param)); });

}  // namespace
}  // namespace glasspost::sim

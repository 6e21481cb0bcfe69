// A hostile client at each of the services, as a socket would bring it: whatever it says is refused in a sentence, or
// answered, and memory stays bounded. Nobody measures time here.
#include <gtest/gtest.h>

#include "sim/services/imap.h"
#include "sim/services/pop3.h"
#include "sim/services/smtp.h"
#include "tests/sim/hostile/memory.h"

namespace glasspost::sim {
namespace {

using test::MemoryWatch;

constexpr Instant now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 9h;
constexpr std::size_t kilo = 1024, mega = 1024 * kilo;
constexpr std::size_t read_at_once = 64 * kilo;

std::string times(std::size_t count, std::string_view text) {
  std::string out;
  out.reserve(count * text.size());
  while (count-- > 0) out += text;
  return out;
}

class Hostile : public testing::Test {
 protected:
  Hostile() { users.add("bob", "secret"); }

  // One connection. A carrier reads some octets, then sends all that there is to say, then reads on.
  class Line {
   public:
    Line(Service& service, Trace& trace) : peer_(service.accept({trace.next_connection(), now, "mallory", "192.0.2.66"})) {
      said_ = take();
    }
    std::string say(std::string_view octets) {
      for (; !octets.empty() && !closed(); octets.remove_prefix(std::min(octets.size(), read_at_once))) {
        peer_->receive(octets.substr(0, read_at_once), now, no_record);
        said_ += take();
      }
      return std::exchange(said_, {});
    }
    // What comes is counted and thrown away.
    std::size_t count(std::string_view octets) {
      peer_->receive(octets, now, no_record);
      std::size_t sum = 0;
      for (std::string some = peer_->take_output(now); !some.empty(); some = peer_->take_output(now)) sum += some.size();
      return sum;
    }
    bool closed() const { return peer_->wants_close(); }
    Peer& peer() { return *peer_; }

   private:
    std::string take() {
      std::string all;
      for (std::string some = peer_->take_output(now); !some.empty(); some = peer_->take_output(now)) all += some;
      return all;
    }
    std::unique_ptr<Peer> peer_;
    std::string said_;
  };

  Line imap() { return Line(imap_service, trace); }
  Line imap_with_inbox() {
    Line line = imap();
    line.say("a LOGIN bob secret\r\nb SELECT INBOX\r\n");
    return line;
  }
  Line pop3() { return Line(pop3_service, trace); }
  Line smtp() { return Line(smtp_service, trace); }
  Line lmtp() { return Line(lmtp_service, trace); }

  void arrive(std::string text) { ASSERT_TRUE(store.deliver("bob", make_content(std::move(text)), {.now = now})); }

  Users users{"example.org"};
  Trace trace;
  Store store{{.holder = 3, .records = false}, users, trace};
  MailboxPostmaster postmaster{store, "mail.example.org"};
  ImapService imap_service{{.host_name = "mail.example.org", .allow_plaintext_login = true, .records = false}, store, trace};
  Pop3Service pop3_service{{.host_name = "mail.example.org", .allow_plaintext_login = true, .records = false}, store, trace};
  SmtpService smtp_service{{.host_name = "mail.example.org", .records = false, .max_size = 30 * mega}, postmaster, &users, trace};
  SmtpService lmtp_service{{.host_name = "mail.example.org", .protocol = Protocol::lmtp, .records = false}, postmaster, nullptr, trace};
};

std::string last_line(std::string_view said) {
  if (said.ends_with("\r\n")) said.remove_suffix(2);
  const auto at = said.rfind("\r\n");
  return std::string(said.substr(at == std::string_view::npos ? 0 : at + 2));
}

// --- lines and literals without end ------------------------------------------------------------------------------------

TEST_F(Hostile, LinesWithoutEnd) {
  const std::string endless(32 * mega, 'x');
  auto smtp_line = smtp(), lmtp_line = lmtp(), imap_line = imap(), pop3_line = pop3(), inside = imap_with_inbox();
  const MemoryWatch watch;
  for (Line* line : {&smtp_line, &lmtp_line}) {
    EXPECT_EQ(last_line(line->say(endless)), "500 5.5.2 Line too long");
    EXPECT_EQ(line->say("\r\nNOOP\r\n"), "250 2.0.0 OK\r\n");
  }
  EXPECT_EQ(last_line(imap_line.say(endless)), "* BYE A line without end");
  EXPECT_EQ(last_line(inside.say(endless)), "* BYE A line without end");
  EXPECT_TRUE(imap_line.closed() && inside.closed());
  EXPECT_EQ(last_line(pop3_line.say(endless)), "-ERR Line too long");
  EXPECT_EQ(pop3_line.say("\r\nCAPA\r\n").substr(0, 4), "+OK ");
  EXPECT_LT(watch.peak(), mega);
}

TEST_F(Hostile, ALetterWithoutEnd) {
  auto line = smtp();
  line.say("EHLO mallory\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n");
  const MemoryWatch watch;
  const std::string part(read_at_once, 'x');
  for (std::size_t sent = 0; sent < 300 * mega; sent += part.size()) EXPECT_EQ(line.say(part), "");
  EXPECT_LT(watch.peak(), 70 * mega);  // 30 are taken, and a string that grows is there twice for a moment
  EXPECT_EQ(line.say("\r\n.\r\n"), "552 5.3.4 The letter is too large: at most 31457280 octets\r\n");
}

TEST_F(Hostile, LiteralsWithoutEnd) {
  for (const std::string_view size : {"18446744073709551615", "99999999999999999999", "4294967296"}) {
    SCOPED_TRACE(size);
    const std::string number(size);
    auto waits = imap_with_inbox(), floods = imap_with_inbox();
    const MemoryWatch watch;
    EXPECT_EQ(waits.say("c APPEND INBOX {" + number + "}\r\n").substr(0, 4), size[0] == '9' ? "c BA" : "c NO");
    EXPECT_FALSE(waits.closed());
    floods.say("c APPEND INBOX {" + number + "+}\r\n");
    const std::string part(read_at_once, 'x');
    for (std::size_t sent = 0; sent < 300 * mega && !floods.closed(); sent += part.size()) floods.say(part);
    EXPECT_LT(watch.peak(), mega);
  }
  EXPECT_EQ(imap_with_inbox().say("c APPEND INBOX {-1}\r\n").substr(0, 5), "c BAD");
}

// --- bad commands, floods ------------------------------------------------------------------------------------------------

TEST_F(Hostile, BadCommandsWithoutEnd) {
  const std::string nonsense = times(100'000, "x y z\r\n");
  auto smtp_line = smtp(), lmtp_line = lmtp(), imap_line = imap(), inside = imap_with_inbox(), pop3_line = pop3();
  EXPECT_EQ(last_line(smtp_line.say(nonsense)), "421 4.7.0 mail.example.org Too many mistakes, closing the connection");
  EXPECT_EQ(last_line(lmtp_line.say(nonsense)), "421 4.7.0 mail.example.org Too many mistakes, closing the connection");
  EXPECT_EQ(last_line(imap_line.say(nonsense)), "* BYE Too many commands in error");
  EXPECT_EQ(last_line(inside.say(nonsense)), "* BYE Too many commands in error");
  EXPECT_EQ(last_line(pop3_line.say(nonsense)), "-ERR Too many bad commands, closing");
  EXPECT_TRUE(smtp_line.closed() && lmtp_line.closed() && imap_line.closed() && inside.closed() && pop3_line.closed());
}

// A client that asks much in few octets: what is said waits until it is taken away, and only some of it is made ahead.
TEST_F(Hostile, MuchIsAskedInAFewOctets) {
  for (int i = 0; i < 200; ++i)
    ASSERT_TRUE(store.account("bob", now)->create("a mailbox with a name of some length, number " + std::to_string(i), {.now = now}));
  arrive("Subject: long\r\n\r\n" + times(10'000, "a line of some sixty octets, so that there is something to say\r\n"));
  auto lists = imap_with_inbox(), fetches = imap_with_inbox(), items = imap_with_inbox(), pieces = imap_with_inbox();
  auto retrieves = pop3(), listings = pop3(), helps = smtp();
  retrieves.say("USER bob\r\nPASS secret\r\n");

  const MemoryWatch watch;
  EXPECT_GT(lists.count(times(700, "c LIST \"\" *\r\n")), 8 * mega);
  EXPECT_GT(fetches.count(times(14, "c FETCH 1 BODY[]\r\n")), 8 * mega);
  EXPECT_GT(items.count("c FETCH 1 (" + times(13, "BODY[] ") + "BODY[])\r\n"), 8 * mega);
  EXPECT_GT(pieces.count("c FETCH 1 (" + times(13, "BODY[]<0.999999> ") + "BODY[])\r\n"), 8 * mega);
  EXPECT_GT(retrieves.count(times(14, "RETR 1\r\n")), 8 * mega);
  EXPECT_GT(helps.count(times(10'000, "HELP\r\n")), mega);
  EXPECT_LT(watch.peak(), 8 * mega);
}

TEST_F(Hostile, AFetchInPiecesIsWhole) {
  arrive("Subject: long\r\n\r\n" + std::string(700 * kilo, 'x'));
  auto line = imap_with_inbox();
  const std::string text = "Subject: long\r\n\r\n" + std::string(700 * kilo, 'x');
  const std::string item = "BODY[] {" + std::to_string(text.size()) + "}\r\n" + text;
  EXPECT_TRUE(line.say("c FETCH 1 (BODY.PEEK[] BODY.PEEK[] UID BODY.PEEK[] FLAGS)\r\n") ==
              "* 1 FETCH (" + item + ' ' + item + " UID 1 " + item + " FLAGS (\\Recent))\r\nc OK FETCH completed\r\n");
}

// --- messages ------------------------------------------------------------------------------------------------------------

std::string many_parts(std::size_t count) {
  return "From: mallory@example.net\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
         times(count, "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n") + "--b--\r\n";
}
std::string deep(std::size_t count) {
  std::string out = "From: mallory@example.net\r\n";
  for (std::size_t i = 0; i < count; ++i) {
    const std::string boundary = "b" + std::to_string(i);
    out += "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary + "\r\n";
  }
  return out + "\r\nthe innermost\r\n";
}
std::string letters_in_letters(std::size_t count) {
  return times(count, "Subject: in\r\nContent-Type: message/rfc822\r\n\r\n") + "Subject: last\r\n\r\nx\r\n";
}
std::string tiny_headers(std::size_t count) { return times(count, "a:\r\n") + "Subject: found\r\n\r\nx\r\n"; }

class HostileMessages : public Hostile, public testing::WithParamInterface<std::string (*)()> {};

TEST_P(HostileMessages, AreStoredAndFetched) {
  const std::string text = GetParam()();
  auto sender = lmtp();
  sender.say("LHLO mallory\r\nMAIL FROM:<m@example.net>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n");
  ASSERT_EQ(sender.say(text + ".\r\n"), "250 2.0.0 Ok: stored\r\n");
  auto line = imap_with_inbox();
  const MemoryWatch watch;
  std::string path = "1";
  for (int i = 0; i < 2000; ++i) path += ".1";
  for (const std::string_view items : {"ENVELOPE BODY BODYSTRUCTURE", "BODY.PEEK[1.1.1.1.1.1.1.1]", "BODY.PEEK[999.999]",
                                       "BODY.PEEK[HEADER.FIELDS (SUBJECT X Y Z)]", "BODY.PEEK[HEADER.FIELDS.NOT (A)]"})
    EXPECT_EQ(last_line(line.say("c FETCH 1 (" + std::string(items) + ")\r\n")), "c OK FETCH completed") << items;
  EXPECT_EQ(line.say("c FETCH 1 BODY.PEEK[" + path + "]\r\n"), "c BAD Too many or too deep at octet 276: wanted section-part\r\n");
  EXPECT_EQ(last_line(line.say("c SEARCH OR SUBJECT nowhere OR TEXT nowhere HEADER a nowhere\r\n")), "c OK SEARCH completed");
  auto old_pc = pop3();
  old_pc.say("USER bob\r\nPASS secret\r\n");
  EXPECT_TRUE(old_pc.say("TOP 1 10\r\n").starts_with("+OK Top of message follows\r\n"));
  EXPECT_TRUE(old_pc.say("TOP 1 4294967295\r\n").ends_with("\r\n.\r\n"));
  EXPECT_LT(watch.peak(), 6 * text.size() + 4 * mega);
}

INSTANTIATE_TEST_SUITE_P(Each, HostileMessages,
                         testing::Values([] { return many_parts(100'000); }, [] { return deep(10'000); },
                                         [] { return letters_in_letters(10'000); }, [] { return tiny_headers(300'000); },
                                         [] { return "To: " + times(200'000, "a@b,") + "\r\n\r\nx\r\n"; },
                                         [] { return "Subject: " + times(100'000, "=?utf-8?q?x?= ") + "\r\n\r\nx\r\n"; },
                                         [] { return "References: " + times(500'000, "\r\n ") + "x\r\n\r\nx\r\n"; }));

// --- commands ------------------------------------------------------------------------------------------------------------

TEST_F(Hostile, SearchesNestedTenThousandDeep) {
  auto line = imap_with_inbox();
  const MemoryWatch watch;
  EXPECT_EQ(line.say("c SEARCH " + times(10'000, "(") + "ALL" + times(10'000, ")") + "\r\n").substr(0, 36), "c BAD Too many or too deep at octet ");
  EXPECT_EQ(line.say("c SEARCH " + times(10'000, "NOT ") + "ALL\r\n").substr(0, 36), "c BAD Too many or too deep at octet ");
  EXPECT_EQ(line.say("c SEARCH " + times(10'000, "OR ") + "ALL\r\n").substr(0, 36), "c BAD Too many or too deep at octet ");
  EXPECT_EQ(line.say("c LIST \"\" " + times(10'000, "*%") + "\r\n"), "* LIST (\\HasNoChildren) \"/\" INBOX\r\nc OK LIST completed\r\n");
  EXPECT_LT(watch.peak(), 2 * mega);
}

TEST_F(Hostile, SetsOfAHundredThousandRanges) {
  for (int i = 0; i < 50; ++i) arrive("Subject: x\r\n\r\n");
  auto line = imap_with_inbox();
  const MemoryWatch watch;
  EXPECT_EQ(line.say("c UID FETCH " + times(100'000, "1:*,") + "1 UID\r\n"), "c BAD Line too long\r\n");
  const std::string said = line.say("c UID FETCH " + times(10'000, "*:1,") + "1 UID\r\n");
  EXPECT_EQ(std::size_t(std::count(said.begin(), said.end(), '\n')), 51u);
  EXPECT_EQ(last_line(line.say("c UID SEARCH UID " + times(2000, "4294967295:1,") + "1 UID " + times(4000, "1,*:2,") + "1\r\n")), "c OK SEARCH completed");
  EXPECT_EQ(line.say("c FETCH " + times(20'000, "1,") + "1 UID\r\n").substr(0, 36), "c BAD Too many or too deep at octet ");
  EXPECT_LT(watch.peak(), 4 * mega);
}

TEST_F(Hostile, MailboxNamesOfAMegabyte) {
  auto line = imap_with_inbox();
  const std::string name(mega, 'n');
  EXPECT_EQ(line.say("c CREATE " + name + "\r\n"), "c BAD Line too long\r\n");
  EXPECT_EQ(line.say("c CREATE {" + std::to_string(mega) + "}\r\n").substr(0, 5), "c BAD");
  EXPECT_EQ(line.say("c CREATE {" + std::to_string(mega) + "+}\r\n" + name + "\r\n").substr(0, 5), "c BAD");
  EXPECT_EQ(line.say("c CREATE " + times(10'000, "a/") + "a\r\n").substr(0, 4), "c NO");
  EXPECT_EQ(line.say("c CREATE " + std::string(30'000, 'n') + "\r\n").substr(0, 4), "c NO");
  EXPECT_EQ(store.account("bob", now)->mailboxes().size(), 1u);
}

TEST_F(Hostile, AMailboxThatIsCopiedIntoItselfHasAnEnd) {
  for (int i = 0; i < 300; ++i) arrive("Subject: x\r\n\r\n");
  auto line = imap_with_inbox();
  std::string said;
  for (int i = 0; i < 13; ++i) said = line.say("c UID COPY 1:* INBOX\r\n");
  EXPECT_EQ(last_line(said), "c NO [LIMIT] There are too many");
  EXPECT_LE(store.account("bob", now)->inbox().size(), 1'000'000u);
}

TEST_F(Hostile, RecipientsWithoutEnd) {
  auto line = smtp();
  line.say("EHLO mallory\r\nMAIL FROM:<>\r\n");
  const MemoryWatch watch;
  const std::string said = line.say(times(20'000, "RCPT TO:<bob@example.org>\r\n"));
  EXPECT_EQ(last_line(said), "452 4.5.3 Too many recipients");
  EXPECT_LT(watch.peak(), 4 * mega);  // the answers, here in the test
}

}  // namespace
}  // namespace glasspost::sim

// Letters that are large, or too many at once: others have their turns while one is written down, and there is a bound on
// what may be under way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/goodbye.h"
#include "sim/services/imap.h"
#include "sim/services/smtp.h"

namespace glasspost::sim {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr Instant nine = std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 9h;

// A disk that takes letters in three portions, and may have no room.
struct SlowDisk : Journal {
  int portions = 0;
  bool full = false;
  bool create(const Mailbox&) override { return true; }
  bool remove(const Mailbox&) override { return true; }
  bool rename(const Account&, std::string_view, std::string_view) override { return true; }
  bool subscriptions(const Account&, const std::set<std::string>&) override { return true; }
  bool add(const Mailbox&, const StoredMessage&) override { return !full; }
  bool set_flags(const Mailbox&, const StoredMessage&, Flags) override { return true; }
  bool expunge(const Mailbox&, std::span<const StoredMessage* const>) override { return true; }
  bool prepare(const ContentPtr&) override { return ++portions < 3; }
  StoreFault why() const override { return full ? StoreFault::no_room : StoreFault::not_kept; }
};

class LargeLetter : public testing::Test {
 protected:
  LargeLetter() {
    users_.add("bob", "secret");
    store_.set_journal(&disk_);
  }
  std::unique_ptr<Peer> smtp() {
    SmtpService::Settings settings;
    settings.under_way = &under_way_;
    settings.max_size = 10'000;
    smtp_ = std::make_unique<SmtpService>(std::move(settings), postmaster_, nullptr, trace_);
    return smtp_->accept(a_stranger());
  }
  std::unique_ptr<Peer> imap() {
    if (!imap_) imap_ = std::make_unique<ImapService>(ImapService::Settings{.allow_plaintext_login = true, .under_way = &under_way_}, store_, trace_);
    return imap_->accept(a_stranger());
  }
  Admission a_stranger() {
    Admission admission;
    admission.connection = trace_.next_connection();
    admission.now = nine;
    admission.client_is_ours = false;
    return admission;
  }
  static std::string say(Peer& peer, std::string_view octets) {
    peer.receive(octets, nine, no_record);
    return peer.take_output(nine);
  }
  std::size_t letters() { return store_.account("bob", nine)->inbox().size(); }

  const std::string envelope_ = "EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n";
  const std::string letter_ = "Subject: x\r\n\r\nx\r\n.\r\n";
  Users users_{"example.test"};
  Trace trace_;
  SlowDisk disk_;
  Store store_{{}, users_, trace_};
  MailboxPostmaster postmaster_{store_, "localhost"};
  LettersUnderWay under_way_{15'000};
  std::unique_ptr<SmtpService> smtp_;
  std::unique_ptr<ImapService> imap_;
};

TEST_F(LargeLetter, IsTakenInPortionsAndThenAnswered) {
  const auto peer = smtp();
  say(*peer, envelope_);
  peer->receive(letter_ + "NOOP\r\n", nine, no_record);  // one portion
  EXPECT_EQ(peer->deadline(), nine);                     // it wants another turn at once
  EXPECT_EQ(letters(), 0U);
  peer->on_deadline(nine);
  EXPECT_EQ(letters(), 0U);
  EXPECT_EQ(peer->take_output(nine), "250 2.0.0 Ok: stored\r\n250 2.0.0 OK\r\n");
  EXPECT_EQ(letters(), 1U);
  EXPECT_NE(peer->deadline(), nine);
}

TEST_F(LargeLetter, IsAnsweredToWhoHasNothingMoreToSay) {
  const auto peer = smtp();
  say(*peer, envelope_);
  peer->receive(letter_ + "QUIT\r\n", nine, no_record);
  peer->receive_eof(nine);
  EXPECT_FALSE(peer->wants_close());
  peer->on_deadline(nine);
  EXPECT_THAT(peer->take_output(nine), StartsWith("250 2.0.0 Ok: stored\r\n221 "));
  EXPECT_TRUE(peer->wants_close());
  EXPECT_EQ(letters(), 1U);
}

TEST_F(LargeLetter, AppendedIsTakenInPortionsToo) {
  const auto peer = imap();
  say(*peer, "a LOGIN bob secret\r\n");
  peer->receive("b APPEND INBOX {3+}\r\nx\r\n\r\nc NOOP\r\n", nine, no_record);
  EXPECT_EQ(peer->deadline(), nine);
  EXPECT_EQ(letters(), 0U);
  peer->on_deadline(nine);
  const std::string said = peer->take_output(nine);
  EXPECT_THAT(said, StartsWith("b OK [APPENDUID "));
  EXPECT_THAT(said, EndsWith("c OK NOOP completed\r\n"));
  EXPECT_EQ(letters(), 1U);
}

TEST_F(LargeLetter, OfOneWhoIsSentAwayIsNotTaken) {
  const auto peer = imap();
  say(*peer, "a LOGIN bob secret\r\n");
  peer->receive("b APPEND INBOX {3+}\r\nx\r\n\r\n", nine, no_record);
  dynamic_cast<SaysGoodbye&>(*peer).go_away(nine);
  EXPECT_THAT(peer->take_output(nine), StartsWith("* BYE "));
  EXPECT_TRUE(peer->wants_close());
  EXPECT_NE(peer->deadline(), nine);
  EXPECT_EQ(letters(), 0U);
}

// RFC 5321 section 4.2.2 (452), RFC 3463 section 3.4 (X.3.1, "Mail system full")
TEST_F(LargeLetter, OnAFullDiskIsRefusedForNow) {
  disk_.full = true;
  disk_.portions = 3;
  const auto by_smtp = smtp();
  EXPECT_THAT(say(*by_smtp, envelope_ + letter_), EndsWith("452 4.3.1 The disk is full; try again later\r\n"));
  const auto by_imap = imap();
  EXPECT_THAT(say(*by_imap, "a LOGIN bob secret\r\nb APPEND INBOX {3+}\r\nx\r\n\r\n"),
              EndsWith("b NO [UNAVAILABLE] The disk is full; nothing was changed\r\n"));
  EXPECT_EQ(letters(), 0U);
  disk_.full = false;
  EXPECT_THAT(say(*by_smtp, "MAIL FROM:<>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n" + letter_), EndsWith("250 2.0.0 Ok: stored\r\n"));
}

// Each is within its own limit, and both together are too much.
TEST_F(LargeLetter, WhatAllSendTogetherIsBounded) {
  disk_.portions = 3;
  const std::string much(9'000, 'x');
  const auto first = smtp();
  say(*first, envelope_ + much);
  const auto second = smtp();
  EXPECT_THAT(say(*second, "EHLO b\r\nMAIL FROM:<> SIZE=9000\r\n"), EndsWith("452 4.3.1 Too many letters are under way here; try again later\r\n"));
  EXPECT_THAT(say(*second, "MAIL FROM:<> SIZE=5000\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n"), HasSubstr("354"));
  EXPECT_THAT(say(*second, much), IsEmpty());
  EXPECT_THAT(say(*second, much + "\r\n.\r\n"), StartsWith("452 4.3.1 Too many letters are under way"));
  EXPECT_EQ(under_way_.room(), 6'000U);
  EXPECT_THAT(say(*first, "\r\n.\r\n"), StartsWith("250 "));  // nobody else suffers
  EXPECT_EQ(under_way_.room(), 15'000U);
  EXPECT_THAT(say(*second, "MAIL FROM:<> SIZE=9000\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n" + much + "\r\n.\r\n"), EndsWith("250 2.0.0 Ok: stored\r\n"));
  say(*second, "MAIL FROM:<>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n" + much);
}

TEST_F(LargeLetter, AppendedHasItsShareToo) {
  disk_.portions = 3;
  const auto first = imap(), second = imap();
  for (const auto& peer : {first.get(), second.get()}) say(*peer, "a LOGIN bob secret\r\n");
  EXPECT_EQ(say(*first, "b APPEND INBOX {9000}\r\n"), "+ Ready for the literal\r\n");
  EXPECT_LT(under_way_.room(), 6'000U);
  const std::string no = "b NO [UNAVAILABLE] Too many messages are under way here; try again later\r\n";
  EXPECT_EQ(say(*second, "b APPEND INBOX {9000}\r\n"), no);
  EXPECT_EQ(say(*second, "b APPEND INBOX {9000+}\r\n" + std::string(9000, 'x') + "\r\n"), no);
  EXPECT_THAT(say(*first, std::string(9000, 'x') + "\r\n"), StartsWith("b OK "));
  EXPECT_EQ(under_way_.room(), 15'000U);
  EXPECT_THAT(say(*second, "b APPEND INBOX {9000+}\r\n" + std::string(9000, 'x') + "\r\n"), StartsWith("b OK "));
}

TEST_F(LargeLetter, OfOneWhoHasGoneTakesNoRoom) {
  {
    const auto peer = smtp();
    say(*peer, envelope_ + std::string(9'000, 'x'));
    EXPECT_EQ(under_way_.room(), 6'000U);
  }
  EXPECT_EQ(under_way_.room(), 15'000U);
}

}  // namespace
}  // namespace glasspost::sim

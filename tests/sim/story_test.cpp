// The first letter, from end to end: real sessions between simulated hosts.
#include <gtest/gtest.h>

#include "protocol/conversation.h"
#include "sim/history.h"
#include "sim/world.h"
#include "tests/source_dir.h"

namespace glasspost::sim {
namespace {

class FirstLetter : public testing::Test {
 protected:
  void SetUp() override {
    auto read = read_scenario(std::string(glasspost::source_dir()) + "/assets/scenarios/first-letter.yaml");
    ASSERT_TRUE(read) << read.error().describe();
    scenario_ = std::move(*read);
  }
  void play(std::uint64_t seed = 1) {
    world_ = std::make_unique<World>(scenario_, seed, trace_);
    world_->run_story();
    conversations_.observe(trace_);
  }
  // Every line that was said, in order: "alice-laptop> EHLO [192.0.2.17]".
  std::string transcript() const {
    std::string out;
    for (std::size_t row = 0; row < conversations_.rows(); ++row) {
      const MessageRef ref = conversations_.row(row);
      const Conversation& conversation = *conversations_.find(ref.connection);
      const Message& message = conversation.message(ref.message);
      if (message.protocol == Protocol::tls || message.protocol == Protocol::dns) continue;
      std::string text = redact(conversation.text(message), conversation.tokens(message));
      text = text.substr(0, text.find("\r\n"));
      out += std::string(conversation.name(message.from)) + "> " + text + "\n";
    }
    return out;
  }

  Scenario scenario_;
  Trace trace_;
  std::unique_ptr<World> world_;
  Conversations conversations_;
};

TEST_F(FirstLetter, ReachesBobAndThePhoneLosesItToTheOldPc) {
  play();
  const std::string said = transcript();
  std::size_t at = 0;
  for (const std::string_view line :
       {"alice-laptop> EHLO [192.0.2.17]", "alice-laptop> STARTTLS", "alice-laptop> EHLO [192.0.2.17]", "alice-laptop> AUTH PLAIN",
        "alice-laptop> MAIL FROM:<alice@example.com>", "alice-laptop> RCPT TO:<bob@example.org>", "alice-laptop> DATA",
        "mail.example.com> 354", "mail.example.com> 250 2.0.0", "mail.example.com> EHLO mail.example.com",
        "mail.example.com> STARTTLS", "mx1.example.org> LHLO mx1.example.org", "store.example.org> * 1 EXISTS",
        "store.example.org> 250 2.0.0", "bob-phone> DONE", "bob-pc> RETR 1", "bob-pc> DELE 1", "bob-pc> QUIT",
        "store.example.org> * 1 EXPUNGE"}) {
    const std::size_t found = said.find(line, at);
    ASSERT_NE(found, std::string::npos) << line << " was not said, or not in this order:\n" << said;
    at = found + line.size();
  }
  EXPECT_EQ(said.find("s3cret"), std::string::npos);

  History history;
  history.fold(trace_, world_->now());
  const HostId store = scenario_.find("store.example.org");
  EXPECT_EQ(history.holding(store, "bob", "INBOX")->present(), 0U);
  EXPECT_EQ(history.holding(scenario_.find("bob-phone"), "bob", "INBOX")->present(), 0U);
  EXPECT_EQ(history.holding(scenario_.find("bob-pc"), "bob", "INBOX")->present(), 1U);
}

TEST_F(FirstLetter, TheLaptopFindsItMarkedAsRead) {
  play();
  History history;
  history.fold(trace_, scenario_.start + 2050ms);
  const Holding* laptop = history.holding(scenario_.find("bob-laptop"), "bob", "INBOX");
  ASSERT_NE(laptop, nullptr);
  ASSERT_EQ(laptop->present(), 1U);
  EXPECT_NE(laptop->messages[0].flags.find("\\Seen"), std::string::npos);
}

std::string octets_of(const Trace& trace) {
  std::string all;
  for (RecordId id = trace.first(); id < trace.end(); ++id) {
    const Record& record = trace[id];
    all += std::to_string(record.at.time_since_epoch().count()) + "/" + std::to_string(record.what.index()) + "/" +
           std::to_string(record.cause) + ":";
    if (const auto* sent = std::get_if<Sent>(&record.what)) all += trace.bytes(sent->bytes);
    if (const auto* arrived = std::get_if<Arrived>(&record.what)) all += trace.bytes(arrived->bytes);
    if (const auto* tls = std::get_if<TlsRecord>(&record.what)) all += trace.bytes(tls->message);
  }
  return all;
}

TEST_F(FirstLetter, OneSeedGivesOneTraceOctetForOctetAndAnotherGivesAnother) {
  Trace first, second, other;
  World a(scenario_, 1, first), b(scenario_, 1, second), c(scenario_, 2, other);
  a.run_story();
  b.run_story();
  c.run_story();
  EXPECT_EQ(octets_of(first), octets_of(second));
  EXPECT_NE(octets_of(first), octets_of(other));
}

}  // namespace
}  // namespace glasspost::sim

// The names in a Maildir, and what the journal does beyond what tests/interop/serve/killed.py sees from outside.
#include "app/net/maildir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "app/net/maildir_names.h"
#include "sim/store/store.h"

namespace glasspost::app {
namespace {

using maildir::MessageName;
using testing::HasSubstr;
using testing::SizeIs;
namespace fs = std::filesystem;

constexpr Instant nine{std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + std::chrono::hours{9}};

TEST(FolderNames, GoThereAndBack) {
  for (const auto& [mailbox, folder] : {std::pair{"Work", "Work"},
                                        {"Work/2026", "Work.2026"},
                                        {"a.b/c", "a\\2eb.c"},
                                        {"back\\slash", "back\\5cslash"},
                                        {"Entwürfe", "Entw&APw-rfe"},
                                        {"R&D", "R&-D"},
                                        {"\\2e", "\\5c2e"}}) {
    EXPECT_EQ(maildir::folder_name(mailbox), folder);
    EXPECT_EQ(maildir::mailbox_name(folder), mailbox);
  }
}

TEST(FolderNames, ThatNoMailboxHasAreNotTaken) {
  for (const char* folder : {"", ".", "a..b", "a.", "a/b", "Entw&APw", "a&AC8-b"})
    EXPECT_EQ(maildir::mailbox_name(folder), std::nullopt) << folder;
}

TEST(MessageNames, AreReadAndWritten) {
  MessageName name = maildir::parse_message_name("new/1793610000.M448P7Q1.glasspost,U=17,S=1234,W=1250");
  EXPECT_TRUE(name.in_new && name.ours);
  EXPECT_EQ(name.uid, 17U);
  EXPECT_EQ(name.file_size, 1234U);
  EXPECT_EQ(name.letter_size, 1250U);
  EXPECT_EQ(maildir::path_of(name), "new/1793610000.M448P7Q1.glasspost,U=17,S=1234,W=1250");
  name.flags = sim::flag::seen | sim::flag::draft | sim::Flags{1} << sim::flag::first_keyword;
  EXPECT_EQ(maildir::path_of(name), "cur/1793610000.M448P7Q1.glasspost,U=17,S=1234,W=1250:2,DSa");
  name.flags = sim::Flags{1} << (sim::flag::first_keyword + 27);
  EXPECT_EQ(maildir::path_of(name), "cur/1793610000.M448P7Q1.glasspost,U=17,S=1234,W=1250,K=2:2,");
  EXPECT_EQ(maildir::parse_message_name(maildir::path_of(name)).flags, name.flags);
  EXPECT_EQ(maildir::parse_message_name(maildir::path_of(name)).base, name.base);
}

TEST(MessageNames, OfOtherProgramsKeepWhatIsNotOurs) {
  MessageName name = maildir::parse_message_name("cur/1793610000.V801I2.host.example:2,PRS");
  EXPECT_FALSE(name.ours || name.in_new || name.uid);
  EXPECT_EQ(name.flags, sim::flag::seen | sim::flag::answered);
  name.flags = sim::flag::flagged;
  EXPECT_EQ(maildir::path_of(name), "cur/1793610000.V801I2.host.example:2,FP");
  EXPECT_EQ(maildir::with_uid(name.base, 9), "1793610000.V801I2.host.example,U=9");
  EXPECT_EQ(maildir::with_uid("1.host,U=3,S=10", 9), "1.host,S=10,U=9");
}

TEST(LineEnds, AreLocalOnlyIfThatCanBeUndone) {
  for (const std::string letter : {"", "a", "\r\n", "a\r\nb\r\n", "a\r\r\nb", "\r\n\r\n.\r\nend", "cr \r alone\r\n"}) {
    const auto local = maildir::with_local_line_ends(letter);
    ASSERT_TRUE(local) << letter;
    EXPECT_EQ(maildir::with_crlf_line_ends(*local), letter);
  }
  for (const char* letter : {"\n", "a\nb\r\n", "a\r\n\n"}) EXPECT_FALSE(maildir::with_local_line_ends(letter)) << letter;
}

// A directory of its own for each test.
class MaildirTest : public testing::Test {
 protected:
  MaildirTest() {
    std::string name = (fs::temp_directory_path() / "glasspost-maildir-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    users_.add("bob", "secret");
  }
  ~MaildirTest() override {
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }

  struct Office {
    Trace trace;
    std::unique_ptr<sim::Store> store;
    std::unique_ptr<Maildir> maildir;
    sim::Mailbox& inbox(std::string_view user = "bob") { return store->account(user, nine)->inbox(); }
  };
  std::unique_ptr<Office> open() {
    auto office = std::make_unique<Office>();
    office->store = std::make_unique<sim::Store>(sim::Store::Settings{}, users_, office->trace);
    auto opened = Maildir::open(directory_, *office->store, nine, [this](std::string_view said) { said_ += said; });
    if (!opened) throw std::runtime_error(opened.error());
    office->maildir = std::move(*opened);
    office->store->set_journal(office->maildir.get());
    return office;
  }
  std::vector<fs::path> files(const std::string& folder) const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(fs::path(directory_) / folder)) found.push_back(entry.path());
    return found;
  }

  std::string directory_, said_;
  sim::Users users_{"example.test"};
};

TEST_F(MaildirTest, AFileThatIsNotWholeIsPutAside) {
  {
    auto office = open();
    ASSERT_TRUE(office->store->deliver("bob", sim::make_content("Subject: a\r\n\r\nwhole\r\n"), {nine}));
    ASSERT_TRUE(office->store->deliver("bob", sim::make_content("Subject: b\r\n\r\nwill be cut\r\n"), {nine}));
    ASSERT_TRUE(office->maildir->sync());
  }
  for (const fs::path& file : files("bob/new"))
    if (file.string().find("U=2") != std::string::npos) fs::resize_file(file, 5);
  auto office = open();
  EXPECT_EQ(office->inbox().size(), 1U);
  EXPECT_EQ(office->inbox().uid_next(), 3U);
  EXPECT_THAT(said_, HasSubstr("is not whole"));
  EXPECT_THAT(files("bob/tmp"), SizeIs(1));
}

TEST_F(MaildirTest, WhatAProcessLeftHalfDoneIsCleared) {
  open()->inbox();
  std::ofstream(directory_ + "/bob/tmp/1.M1P1Q1.glasspost,U=1,S=10") << "half";
  std::ofstream(directory_ + "/bob/tmp/1.M1P1.another.host") << "somebody writes here";
  open();
  EXPECT_THAT(files("bob/tmp"), SizeIs(1));
}

TEST_F(MaildirTest, AFullDiskRefusesAndLeavesNothing) {
  auto office = open();
  sim::Mailbox& inbox = office->inbox();
  fs::remove_all(directory_ + "/bob/tmp");
  EXPECT_FALSE(office->store->deliver("bob", sim::make_content("Subject: a\r\n\r\n"), {nine}));
  EXPECT_EQ(inbox.size(), 0U);
  EXPECT_THAT(files("bob/new"), SizeIs(0));
  EXPECT_THAT(said_, HasSubstr("the maildir could not write"));
}

TEST_F(MaildirTest, FlagsThatAnotherProgramChangesMeanwhileAreNoObstacle) {
  auto office = open();
  sim::Mailbox& inbox = office->inbox();
  ASSERT_TRUE(inbox.add({sim::make_content("Subject: a\r\n\r\n"), {"\\Seen"}, nine}, {nine}));
  const fs::path was = files("bob/cur").at(0);
  fs::rename(was, was.string() + "T");
  EXPECT_TRUE(inbox.set_flags(1, sim::flag::flagged, {nine}));
  EXPECT_THAT(files("bob/cur").at(0).string(), HasSubstr(":2,F"));
  fs::remove(files("bob/cur").at(0));
  EXPECT_TRUE(inbox.expunge(std::vector<sim::Uid>{1}, {nine}));
  EXPECT_EQ(inbox.size(), 0U);
}

TEST_F(MaildirTest, TheSameUidTwiceBecomesTwo) {
  {
    auto office = open();
    ASSERT_TRUE(office->store->deliver("bob", sim::make_content("Subject: a\r\n\r\n"), {nine}));
  }
  const fs::path original = files("bob/new").at(0);
  fs::copy_file(original, original.parent_path() / ("0." + original.filename().string()));
  auto office = open();
  EXPECT_EQ(office->inbox().size(), 2U);
  EXPECT_EQ(office->inbox()[0].uid, 1U);
  EXPECT_EQ(office->inbox()[1].uid, 2U);
}

TEST_F(MaildirTest, ARenameThatFailsInTheMiddleIsUndone) {
  auto office = open();
  sim::Account& bob = *office->store->account("bob", nine);
  const sim::Act act{nine};
  ASSERT_TRUE(bob.create("A/b/c", act));
  fs::create_directories(directory_ + "/bob/.Z.b/in-the-way");
  EXPECT_FALSE(bob.rename("A", "Z", act));
  for (const char* folder : {"bob/.A/cur", "bob/.A.b/cur", "bob/.A.b.c/cur"})
    EXPECT_TRUE(fs::is_directory(fs::path(directory_) / folder)) << folder;
  EXPECT_TRUE(bob.find("A/b/c"));
}

}  // namespace
}  // namespace glasspost::app

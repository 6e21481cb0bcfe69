// The names in a Maildir, and what the journal does beyond what tests/interop/serve/killed.py sees from outside.
#include "app/net/maildir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "app/net/maildir_names.h"
#include "sim/store/objectid.h"
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
  EXPECT_EQ(name.saved, Instant(1793610000s));
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

// OBJECTID: what a client was told is still true after a restart.
TEST_F(MaildirTest, NamesOutliveARestart) {
  std::string mailbox, email, thread, copy;
  {
    auto office = open();
    auto& account = *office->store->account("bob", nine);
    const auto made = account.create("Work", {.now = nine}).value();
    office->inbox().add({sim::make_content("Subject: x\r\nMessage-ID: <a@x>\r\n\r\nlocal lines\r\n"), {}, nine + 5s}, {.now = nine});
    office->inbox().add({sim::make_content("Subject: y\n\nmixed\r\nlines"), {}, nine}, {.now = nine});
    const sim::Uid both[] = {1, 2};
    ASSERT_TRUE(office->inbox().copy(both, *made, {.now = nine + 1h}));
    ASSERT_TRUE(account.rename("Work", "Play", {.now = nine}));
    mailbox = sim::mailbox_id(*made);
    email = sim::email_id(office->inbox()[0]);
    thread = sim::thread_id(office->inbox()[0]);
    copy = sim::email_id((*made)[1]);
    EXPECT_EQ(sim::email_id((*made)[0]), email);
  }
  auto office = open();
  auto& account = *office->store->account("bob", nine);
  EXPECT_EQ(sim::mailbox_id(*account.find("Play")), mailbox);
  EXPECT_NE(sim::mailbox_id(account.inbox()), mailbox);
  for (const auto* box : {&account.inbox(), account.find("Play").get()}) {
    EXPECT_EQ(sim::email_id((*box)[0]), email);
    EXPECT_EQ(sim::thread_id((*box)[0]), thread);
    EXPECT_EQ(sim::email_id((*box)[1]), copy);
  }
}

// "cp -r" takes UIDVALIDITY along, and folders that another program made have none: no two of a user's are alike.
TEST_F(MaildirTest, FoldersThatWereCopiedHaveNamesOfTheirOwn) {
  {
    auto office = open();
    ASSERT_TRUE(office->store->account("bob", nine)->create("Work", {.now = nine}));
  }
  fs::copy(fs::path(directory_) / "bob/.Work", fs::path(directory_) / "bob/.Copy", fs::copy_options::recursive);
  fs::create_directories(fs::path(directory_) / "bob/.One/cur");
  fs::create_directories(fs::path(directory_) / "bob/.Two/cur");
  const auto look = [&] {
    auto office = open();
    std::set<std::string> seen;
    for (const auto& [name, mailbox] : office->store->account("bob", nine)->mailboxes()) seen.insert(sim::mailbox_id(*mailbox));
    return seen;
  };
  const auto first = look();
  EXPECT_THAT(first, SizeIs(5));
  EXPECT_EQ(look(), first);
}

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

// RFC 5464, RFC 6154, RFC 8514.
TEST_F(MaildirTest, NotesAndWhenAMessageCameAreThereAgain) {
  const std::string odd("two\r\nlines, a \0 and ñ", 22);
  {
    auto office = open();
    sim::Account& bob = *office->store->account("bob", nine);
    ASSERT_TRUE(bob.create("Sent/2026", {nine}, {{"/private/specialuse", "\\Sent"}}));
    ASSERT_TRUE(bob.inbox().annotate({{"/private/comment", odd}, {"/shared/comment", ""}}));
    ASSERT_TRUE(bob.annotate_server({{"/private/comment", "mine"}}));
    ASSERT_TRUE(bob.inbox().add({sim::make_content("Subject: a\r\n\r\n"), {}, nine - 48h}, {nine + 5s}));
    const std::vector<sim::Uid> first{1};
    ASSERT_TRUE(bob.inbox().copy(first, *bob.find("Sent/2026"), {nine + 1h}));
    ASSERT_TRUE(bob.rename("Sent", "Gone", {nine}));
    ASSERT_TRUE(office->maildir->sync());
  }
  auto office = open();
  sim::Account& bob = *office->store->account("bob", nine);
  const auto sent = bob.find("Gone/2026");
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->special_uses(), std::vector<std::string>{"\\Sent"});
  EXPECT_EQ(bob.inbox().annotations(), (sim::Annotations{{"/private/comment", odd}, {"/shared/comment", ""}}));
  EXPECT_EQ(bob.server_annotations(), (sim::Annotations{{"/private/comment", "mine"}}));
  EXPECT_EQ(bob.inbox()[0].saved, sim::save_date(nine + 5s));
  EXPECT_EQ(bob.inbox()[0].date, nine - 48h);
  EXPECT_EQ((*sent)[0].saved, sim::save_date(nine + 1h));
  EXPECT_EQ((*sent)[0].date, nine - 48h);
}

TEST_F(MaildirTest, ADiskThatTakesNoNotesRefusesThem) {
  auto office = open();
  sim::Account& bob = *office->store->account("bob", nine);
  fs::remove_all(directory_ + "/bob/tmp");
  EXPECT_FALSE(bob.inbox().annotate({{"/private/comment", "x"}}));
  EXPECT_TRUE(bob.inbox().annotations().empty());
  EXPECT_FALSE(bob.annotate_server({{"/private/comment", "x"}}));
  EXPECT_TRUE(bob.server_annotations().empty());
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

// --- large letters

std::string lines(std::size_t octets, std::string_view line) {
  std::string text = "Subject: large\r\n\r\n";
  while (text.size() < octets) text += line;
  return text;
}

TEST_F(MaildirTest, ALargeLetterIsWrittenInPortionsOctetByOctet) {
  const std::string usual = lines(5'000'000, "All work and no play makes Jack a dull boy\r\n");
  std::string bare = usual;
  bare.insert(3'000'000, "\n bare\n");  // so it must be kept as it is, from the beginning
  std::string ends = usual + "no end\r";
  std::vector<std::string> letters{usual, bare, ends, lines(3'000'000, "\r\n"), lines(2'000'000, "\r\r\n")};
  {
    auto office = open();
    for (const std::string& letter : letters) {
      const auto content = sim::make_content(letter);
      int portions = 0;
      while (office->store->prepare(content)) ++portions;
      EXPECT_GE(portions, 1);
      ASSERT_TRUE(office->store->deliver("bob", content, {nine}));
    }
    EXPECT_TRUE(office->maildir->sync());
    EXPECT_THAT(files(".glasspost-spool"), SizeIs(0));
  }
  auto office = open();
  ASSERT_EQ(office->inbox().size(), letters.size());
  for (std::size_t i = 0; i < letters.size(); ++i) {
    EXPECT_TRUE(office->inbox()[i].content->text() == letters[i]) << i;
    EXPECT_EQ(office->inbox()[i].date, nine);
  }
  EXPECT_THAT(files("bob/tmp"), SizeIs(0));
}

TEST_F(MaildirTest, ALargeLetterToTwoIsOneFile) {
  users_.add("alice", "wonder");
  const auto content = sim::make_content(lines(2'000'000, "x\r\n"));
  auto office = open();
  while (office->store->prepare(content)) {}
  ASSERT_TRUE(office->store->deliver("bob", content, {nine}));
  ASSERT_TRUE(office->store->deliver("alice", content, {nine}));
  EXPECT_TRUE(office->maildir->sync());
  EXPECT_TRUE(fs::equivalent(files("bob/new").at(0), files("alice/new").at(0)));
}

TEST_F(MaildirTest, WhatWasBegunForNobodyGoesAway) {
  auto office = open();
  auto content = sim::make_content(lines(5'000'000, "x\r\n"));
  EXPECT_TRUE(office->store->prepare(content));
  EXPECT_THAT(files(".glasspost-spool"), SizeIs(1));
  content.reset();  // its connection broke
  EXPECT_FALSE(office->store->prepare(sim::make_content("another\r\n")));
  EXPECT_THAT(files(".glasspost-spool"), SizeIs(0));
  content = sim::make_content(lines(5'000'000, "x\r\n"));
  EXPECT_TRUE(office->store->prepare(content));
  office.reset();
  std::ofstream(directory_ + "/.glasspost-spool/P1Q1") << "of a process that was killed";
  open();
  EXPECT_FALSE(fs::exists(directory_ + "/.glasspost-spool"));
}

TEST_F(MaildirTest, ACopyIsTheSameFileUnderItsOwnName) {
  const std::string letter = "Subject: a\r\n\r\nwhole\r\n";
  {
    auto office = open();
    ASSERT_TRUE(office->store->deliver("bob", sim::make_content(letter), {nine}));
    const auto work = office->store->account("bob", nine)->create("Work", {nine});
    const sim::Uid one[] = {1};
    ASSERT_TRUE(office->inbox().set_flags(1, sim::flag::seen, {nine}));
    ASSERT_TRUE(office->inbox().copy(one, **work, {nine}));
    EXPECT_TRUE(office->maildir->sync());
    EXPECT_TRUE(fs::equivalent(files("bob/cur").at(0), files("bob/.Work/cur").at(0)));
    ASSERT_TRUE(office->inbox().expunge(one, {nine}));
  }
  auto office = open();
  const auto work = office->store->account("bob", nine)->find("Work");
  ASSERT_EQ(work->size(), 1U);
  EXPECT_EQ((*work)[0].content->text(), letter);
  EXPECT_EQ((*work)[0].flags, sim::flag::seen);
  EXPECT_EQ((*work)[0].date, nine);
}

// A limit on the size of files stands for a disk without room: the same refusal, and as sudden.
class FullDisk : public MaildirTest {
 protected:
  FullDisk() {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
  }
  ~FullDisk() override { ::setrlimit(RLIMIT_FSIZE, &before_); }
  void leave_room_for(rlim_t octets) const {
    const rlimit now{octets, before_.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &now), 0);
  }
  rlimit before_{};
};

// ---- RFC 7162: mod-sequences, and what has gone with which

std::vector<std::uint64_t> modseqs(const sim::Mailbox& mailbox) {
  std::vector<std::uint64_t> all;
  for (const sim::StoredMessage& message : mailbox.messages()) all.push_back(message.modseq);
  return all;
}
std::string vanished_since(const sim::Mailbox& mailbox, std::uint64_t modseq) {
  return imap::SequenceSet(mailbox.vanished_since(modseq)).text();
}

class MaildirHistory : public MaildirTest {
 protected:
  // Five letters; the second is marked, the first and the fourth are gone.
  void work(Office& office) {
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(office.store->deliver("bob", sim::make_content("Subject: a\r\n\r\n"), {nine}));
    ASSERT_TRUE(office.inbox().set_flags(2, sim::flag::seen, {nine}));
    ASSERT_TRUE(office.inbox().expunge(std::vector<sim::Uid>{1, 4}, {nine}));
  }
};

TEST_F(MaildirHistory, IsTheSameAfterTheEnd) {
  {
    auto office = open();
    work(*office);
    EXPECT_EQ(modseqs(office->inbox()), (std::vector<std::uint64_t>{7, 4, 6}));
    office->maildir->close();
  }
  auto office = open();
  EXPECT_EQ(modseqs(office->inbox()), (std::vector<std::uint64_t>{7, 4, 6}));
  EXPECT_EQ(office->inbox().highest_modseq(), 8U);
  EXPECT_EQ(vanished_since(office->inbox(), 7), "1,4");
  EXPECT_EQ(vanished_since(office->inbox(), 8), "");
}

TEST_F(MaildirHistory, OfAProcessThatWasKilledLosesNothing) {
  work(*open());  // never closed
  auto office = open();
  EXPECT_EQ(modseqs(office->inbox()), (std::vector<std::uint64_t>{7, 4, 6}));
  EXPECT_GT(office->inbox().highest_modseq(), 8U) << "what the disk may not have had is not given again";
  EXPECT_EQ(vanished_since(office->inbox(), 7), "1,4");
}

TEST_F(MaildirHistory, AnotherProgramsChangesAreChanges) {
  {
    auto office = open();
    work(*office);
    office->maildir->close();
  }
  for (const fs::path& file : files("bob/new")) {
    if (file.string().find("U=3,") != std::string::npos) fs::remove(file);
    if (file.string().find("U=5,") != std::string::npos)
      fs::rename(file, directory_ + "/bob/cur/" + file.filename().string() + ":2,F");
  }
  for (int times = 0; times < 2; ++times) {
    auto office = open();
    EXPECT_EQ(modseqs(office->inbox()), (std::vector<std::uint64_t>{7, 10}));
    EXPECT_EQ(vanished_since(office->inbox(), 8), "3");
    EXPECT_EQ(office->inbox().highest_modseq(), 10U);
    office->maildir->close();
  }
}

TEST_F(MaildirHistory, ALineThatWasCutAndAFileOfAnotherMailboxArePassedOver) {
  {
    auto office = open();
    work(*office);
    office->maildir->close();
  }
  const std::string path = directory_ + "/bob/glasspost-modseq";
  std::ofstream(path, std::ios::app) << "m 5 99";
  {
    auto office = open();
    EXPECT_EQ(modseqs(office->inbox()), (std::vector<std::uint64_t>{7, 4, 6}));
    office->maildir->close();
  }
  std::ofstream(path) << "glasspost-modseq 1 1\nm 5 99 0\nc\n";
  EXPECT_GT(modseqs(open()->inbox()).front(), 1000U) << "greater than anything that a client can remember";
}

TEST_F(MaildirHistory, IsWrittenAnewBeforeItGrowsTooLong) {
  auto office = open();
  work(*office);
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(office->inbox().set_flags(2, i % 2 == 0 ? 0 : sim::flag::seen, {nine}));
  EXPECT_LT(fs::file_size(directory_ + "/bob/glasspost-modseq"), 100'000U);
  const auto before = modseqs(office->inbox());
  office->maildir->close();
  office = nullptr;
  EXPECT_EQ(modseqs(open()->inbox()), before);
}

TEST_F(FullDisk, IsSaidToBeWhatItIsAndLeavesNothingHalfDone) {
  auto office = open();
  ASSERT_TRUE(office->store->deliver("bob", sim::make_content("Subject: a\r\n\r\nfits\r\n"), {nine}));
  leave_room_for(500'000);
  for (const std::size_t size : {900'000U, 2'000'000U}) {  // at once, in portions
    const auto content = sim::make_content(lines(size, "x\r\n"));
    while (office->store->prepare(content)) {}
    EXPECT_EQ(office->store->deliver("bob", content, {nine}).error(), sim::StoreFault::no_room);
  }
  EXPECT_THAT(said_, HasSubstr("File too large"));
  ASSERT_TRUE(office->store->deliver("bob", sim::make_content("Subject: b\r\n\r\nfits\r\n"), {nine}));
  EXPECT_TRUE(office->maildir->sync());
  EXPECT_EQ(office->inbox().size(), 2U);
  EXPECT_THAT(files("bob/new"), SizeIs(2));
  EXPECT_THAT(files("bob/tmp"), SizeIs(0));
  EXPECT_THAT(files(".glasspost-spool"), SizeIs(0));
}

}  // namespace
}  // namespace glasspost::app

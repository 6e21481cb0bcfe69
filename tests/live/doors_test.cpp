// Real programs at the window's open doors.
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>

#include "app/ui/views/doors_lines.h"
#include "app/ui/widgets.h"
#include "tests/live/live_window.h"

namespace glasspost::ui {
namespace {

class Guest {
 public:
  explicit Guest(std::uint16_t port) {
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_port = htons(port);
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::connect(socket_, reinterpret_cast<sockaddr*>(&there), sizeof there);
  }
  ~Guest() { ::close(socket_); }
  void say(std::string_view words) { ::send(socket_, words.data(), words.size(), MSG_NOSIGNAL); }

 private:
  int socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

TEST_F(LiveWindow, TheDoorsShowWhatGuestsSay) {
  window_->press(Key::d);
  if (model_->notice()) GTEST_SKIP() << model_->notice()->text;  // another program has the ports
  ASSERT_EQ(model_->stage(), app::Stage::doors);
  std::uint16_t smtp = 0;
  for (const app::Doors::Door& door : model_->doors()->doors())
    if (door.name == "smtp") smtp = door.port;
  {
    Guest guest(smtp);
    guest.say("EHLO guest.example\r\n");
    ASSERT_TRUE(until([&] { return was_said("250"); }));
    EXPECT_TRUE(was_said("EHLO guest.example"));
    EXPECT_TRUE(window_->find("doors.door/smtp")->on);
    EXPECT_EQ(clipped(), "");
    guest.say("NOOP\r\n");
    ASSERT_TRUE(until([&] { return was_said("NOOP"); }));
  }
  ASSERT_TRUE(until([&] { return !window_->find("doors.door/smtp")->on; }));
  int lines = 0;
  for (int i = 0; i < 8; ++i) {
    lines += window_->find("console.line/" + std::to_string(i)) ? 1 : 0;
    EXPECT_FALSE(window_->find("console.state/" + std::to_string(i))) << "when it came there, nobody here can tell";
  }
  EXPECT_GT(lines, 0);
  ASSERT_TRUE(window_->click("doors.close"));
  EXPECT_EQ(model_->stage(), app::Stage::world);
}

// What the simulated world has of devices is not where real programs have their copies, and did not write their letters.
TEST_F(LiveWindow, BehindTheDoorsThereIsNoSimulatedDevice) {
  act(app::OpenDoors{});
  if (model_->notice()) GTEST_SKIP() << model_->notice()->text;  // another program has the ports
  std::uint16_t smtp = 0;
  for (const app::Doors::Door& door : model_->doors()->doors())
    if (door.name == "smtp") smtp = door.port;
  Guest guest(smtp);
  guest.say("HELO x\r\n");
  ASSERT_TRUE(until([&] { return was_said("250"); }));
  guest.say("MAIL FROM:<>\r\nRCPT TO:<bob@" + model_->doors()->domain() + ">\r\nDATA\r\n");
  ASSERT_TRUE(until([&] { return was_said("354"); }));
  guest.say("From: Eve <eve@example.net>\r\nSubject: x\r\n\r\nx\r\n.\r\n");
  ASSERT_TRUE(until([&] { return model_->doors()->letters_of("bob") == 1; }));
  act(app::ShowLower{app::LowerPanel::mailboxes});
  ASSERT_TRUE(until([&] { return window_->find("mailboxes.card/0-INBOX") != nullptr; }));
  EXPECT_EQ(window_->text_of("mailboxes.card/0-INBOX"), "Doors");
  for (const Control& control : window_->ui().recorder().controls())
    EXPECT_TRUE(!control.name.starts_with("mailboxes.card/") || control.name == "mailboxes.card/0-INBOX") << control.name;
  act(app::ShowLower{app::LowerPanel::message});
  window_->settle();
  for (const Control& control : window_->ui().recorder().controls()) EXPECT_EQ(control.text.find("Alice’s laptop"), std::string::npos) << control.name;
}

// The line that the window offers to copy, in a shell; all that is put in is the password that it would ask for.
TEST_F(LiveWindow, TheLineThatSendsALetterWorksAsItStands) {
  if (std::system("command -v curl >/dev/null") != 0) GTEST_SKIP() << "curl is not installed";
  act(app::OpenDoors{});
  if (model_->notice()) GTEST_SKIP() << model_->notice()->text;  // another program has the ports
  const sim::UserDescription& sender = model_->scenario().users.front();
  const std::string name = sender.address.substr(0, sender.address.find('@'));
  std::string line;
  const auto put = [&](const std::string& place, const std::string& what) {
    ASSERT_NE(line.find(place), std::string::npos) << line;
    line.replace(line.find(place), place.size(), what);
  };
  // As an editor writes a letter, and as a mail program saves one.
  for (const std::string letter : {"Subject: from outside\n\nText\n", "Subject: from outside\r\n\r\nText\r\n"}) {
    line = client_lines(*model_->doors(), model_->scenario()).at(0).line;
    put("-u " + name, "-s -u " + name + ":" + sender.password);
    put("letter.eml", place_.file("letter.eml", letter));
    const std::string done = place_.file("done", "");
    ASSERT_EQ(std::system(("(" + line + "; echo $? >" + done + ") &").c_str()), 0);
    std::string status;
    ASSERT_TRUE(until([&] {
      std::ifstream(done) >> status;
      return !status.empty();
    }));
    EXPECT_EQ(status, "0") << line;
  }
  EXPECT_EQ(model_->doors()->letters_of("bob"), 2U);
  EXPECT_TRUE(was_said("MAIL FROM:<" + name + "@" + model_->doors()->domain() + ">"));
}

}  // namespace
}  // namespace glasspost::ui

// The window talks to real servers.
#include <gmock/gmock.h>

#include <set>

#include "app/ui/widgets.h"
#include "tests/live/live_window.h"
#include "tests/live/quiet_servers.h"

namespace glasspost::ui {
namespace {

using ::testing::HasSubstr;

TEST_F(LiveWindow, LogsInWithAPasswordThatIsNeverSeen) {
  go_to("imaps://bob@localhost:" + port("imaps"));
  ASSERT_TRUE(until([&] { return window_->find("live.password") != nullptr; })) << model_->live()->status();
  EXPECT_TRUE(window_->find("live.password")->focused);
  window_->type(the_password);
  EXPECT_EQ(window_->text_of("live.password"), masked_secret);
  window_->press(Key::enter);
  ASSERT_TRUE(until([&] { return model_->live()->is_open(); })) << model_->live()->status();
  EXPECT_FALSE(window_->find("live.password"));
  EXPECT_TRUE(was_said("a1 AUTHENTICATE SCRAM-SHA-256 ••••"));
  EXPECT_EQ(window_->ui().edit("live.password").text(), "");
  EXPECT_FALSE(window_->ui().edit("live.password").undo());
  EXPECT_THAT(window_->text_of("console.status"), HasSubstr("TLSv1.3"));
  for (const std::string& typed : model_->console().history) EXPECT_EQ(typed.find(the_password), std::string::npos);
  for (const app::LiveProgress& step : model_->live()->progress()) EXPECT_EQ(step.state, app::LiveProgress::State::done);
}

TEST_F(LiveWindow, AWrongPasswordIsRefusedAndSaidSo) {
  go_to("imap://bob@localhost:" + port("imap"));  // STARTTLS, because somebody logs in
  ASSERT_TRUE(until([&] { return window_->find("live.password") != nullptr; })) << model_->live()->status();
  window_->type("another");
  ASSERT_TRUE(window_->click("live.log_in"));
  ASSERT_TRUE(until([&] { return model_->live()->is_over(); }));
  EXPECT_THAT(window_->text_of("console.status"), HasSubstr("the server refused it"));
  EXPECT_EQ(model_->live()->progress().back().state, app::LiveProgress::State::failed);
}

TEST_F(LiveWindow, LogsInBySubmissionAndByPop3) {
  for (const char* scheme : {"submission", "submissions", "pop3", "pop3s"}) {
    go_to(std::string(scheme) + "://bob@localhost:" + port(scheme));
    ASSERT_TRUE(until([&] { return window_->find("live.password") != nullptr; })) << scheme << model_->live()->status();
    window_->type(the_password);
    window_->press(Key::enter);
    ASSERT_TRUE(until([&] { return model_->live()->is_open(); })) << scheme << model_->live()->status();
    act(app::HangUp{});
    EXPECT_TRUE(model_->live()->is_over());
    act(app::HangUp{});
    EXPECT_FALSE(model_->live()) << "it can be read on until another address is asked for";
  }
}

TEST_F(LiveWindow, APasswordThatIsTypedInTheDialogueIsMaskedAndNotRemembered) {
  go_to("imaps://localhost:" + port("imaps"));
  ASSERT_TRUE(until([&] { return model_->live() && model_->live()->is_open(); }));
  say(std::string("a LOGIN bob ") + the_password);
  ASSERT_TRUE(until([&] { return was_said("a OK"); }));
  say("b NOOP");
  ASSERT_TRUE(until([&] { return was_said("b OK"); }));
  EXPECT_EQ(model_->console().history, std::vector<std::string>{"b NOOP"});
  window_->press(Key::z, Modifier::ctrl);
  EXPECT_EQ(window_->text_of("console.input").find("LOGIN"), std::string::npos);
}

TEST_F(LiveWindow, ReadOnlyHoldsBackAndProposes) {
  go_to("imaps://bob@localhost:" + port("imaps"));
  ASSERT_TRUE(until([&] { return window_->find("live.password") != nullptr; }));
  window_->type(the_password);
  window_->press(Key::enter);
  ASSERT_TRUE(until([&] { return model_->live()->is_open(); }));
  say("a SELECT INBOX");
  ASSERT_TRUE(until([&] { return window_->find("live.instead") != nullptr; }));
  EXPECT_FALSE(was_said("a SELECT"));
  EXPECT_THAT(window_->text_of("live.held_back"), HasSubstr("SELECT"));
  EXPECT_EQ(clipped(), "");
  ASSERT_TRUE(window_->click("live.instead"));
  ASSERT_TRUE(until([&] { return was_said("a OK [READ-ONLY]"); }));
  EXPECT_TRUE(was_said("a EXAMINE INBOX"));
  EXPECT_FALSE(window_->find("live.instead"));
  say("b SELECT INBOX");
  ASSERT_TRUE(until([&] { return window_->find("live.allow") != nullptr; }));
  ASSERT_TRUE(window_->click("live.allow"));
  EXPECT_EQ(window_->text_of("console.input"), "b SELECT INBOX") << "it is there again, and not sent";
  EXPECT_FALSE(was_said("b SELECT"));
  window_->press(Key::enter);
  ASSERT_TRUE(until([&] { return was_said("b OK [READ-WRITE]"); }));
}

TEST_F(LiveWindow, AServerThatHangsFreezesNothing) {
  Silent silent;
  for (const char* scheme : {"imaps", "imap", "smtp", "pop3s"}) {
    go_to(std::string(scheme) + "://127.0.0.1:" + silent.port());
    ASSERT_TRUE(until([&] { return model_->live() && model_->live()->progress()[1].state == app::LiveProgress::State::done; }));
    int frames = 0;
    EXPECT_TRUE(until([&] { return ++frames > 50; }));
    EXPECT_FALSE(model_->live()->is_over());
    EXPECT_FALSE(window_->text_of("console.status").empty());
    act(app::HangUp{});
    EXPECT_TRUE(model_->live()->is_over());
    act(app::HangUp{});
    EXPECT_FALSE(model_->live()) << "it can be read on until another address is asked for";
  }
}

// Wherever it stops: in the greeting, in a list of capabilities, behind the consent to TLS, in the middle of the handshake, in
// the answer to the login. It is said which step is waited for, the password is not asked for too early, and leaving works.
TEST_F(LiveWindow, AServerThatStallsAnywhereIsSaidSoAndLeft) {
  for (const char* scheme : {"imaps", "imap", "submission", "pop3s"}) {
    std::set<std::string> said;
    for (const std::size_t octets : {0U, 1U, 30U, 90U, 130U, 200U, 300U, 420U, 600U, 900U, 1200U, 1500U}) {
      Stalling server(port(scheme), octets);
      go_to(std::string(scheme) + "://bob@localhost:" + server.port());
      ASSERT_TRUE(until([&] {
        server.poll();
        if (model_->live() && model_->live()->asks_secret_of()) act(app::GiveSecret{the_password});
        return server.has_stalled() || (model_->live() && model_->live()->is_open());
      })) << scheme << octets << model_->live()->status();
      if (model_->live()->is_open()) {
        act(app::HangUp{});
        break;  // the whole opening takes less
      }
      int frames = 0;
      ASSERT_TRUE(until([&] {
        server.poll();
        return ++frames > 5;
      }));
      EXPECT_FALSE(model_->live()->is_over()) << scheme << octets << model_->live()->status();
      EXPECT_FALSE(model_->live()->is_open());
      said.insert(window_->text_of("console.status"));
      act(app::HangUp{});
      EXPECT_TRUE(model_->live()->is_over());
      EXPECT_FALSE(model_->live()->failed()) << "the person has left: nothing failed";
      EXPECT_TRUE(until([&] {
        server.poll();
        return server.is_left();
      })) << "the server sees that it was left";
      act(app::HangUp{});
    }
    EXPECT_GE(said.size(), 2U) << scheme << ": several steps, each by its name";
  }
}

TEST_F(LiveWindow, ALiteralThatStopsInTheMiddleIsLeft) {
  Stalling server(port("imaps"), 1U << 20);
  go_to("imaps://bob@localhost:" + server.port());
  ASSERT_TRUE(until([&] {
    server.poll();
    return window_->find("live.password") != nullptr;
  }));
  window_->type(the_password);
  window_->press(Key::enter);
  ASSERT_TRUE(until([&] {
    server.poll();
    return model_->live()->is_open();
  })) << model_->live()->status();
  say("a STATUS {5}");
  ASSERT_TRUE(until([&] {
    server.poll();
    return was_said("+ ");
  }));
  say("IN");  // four octets with its line end, and one is still due
  int frames = 0;
  ASSERT_TRUE(until([&] {
    server.poll();
    return ++frames > 5;
  }));
  EXPECT_FALSE(was_said("a OK"));
  act(app::HangUp{});
  EXPECT_TRUE(until([&] {
    server.poll();
    return server.is_left();
  }));
}

TEST_F(LiveWindow, FailuresAreSaidWithWhatToDo) {
  std::string nobody;
  { Silent gone; nobody = gone.port(); }
  go_to("imaps://127.0.0.1:" + nobody);
  ASSERT_TRUE(until([&] { return model_->live() && model_->live()->is_over(); }));
  EXPECT_THAT(window_->text_of("console.status"), HasSubstr("nobody accepts connections"));
  go_to("imaps://bob@localhost:" + port("imap"));
  ASSERT_TRUE(until([&] { return model_->live() && model_->live()->is_over(); }));
  EXPECT_THAT(window_->text_of("console.status"), HasSubstr("in clear where TLS was due"));
  act(app::SetLanguage{Language::spanish});
  EXPECT_EQ(window_->text_of("console.status"), model_->live()->status());
  EXPECT_EQ(clipped(), "");
  go_to("imap://bob:x@localhost");
  EXPECT_THAT(window_->text_of("notice"), HasSubstr("contraseña"));
}

// "127.1" is 127.0.0.1, and no name that the certificate has.
TEST_F(LiveWindow, ACertificateIsAcceptedByTypingItsNameForOneSession) {
  const std::string url = "imaps://bob@127.1:" + port("imaps");
  go_to(url);
  ASSERT_TRUE(until([&] { return model_->live() && model_->live()->failed(); })) << model_->live()->status();
  ASSERT_TRUE(model_->live()->distrusted());
  EXPECT_EQ(model_->live()->distrusted()->verdict, Verdict::wrong_name);
  EXPECT_THAT(window_->text_of("console.status"), HasSubstr("not for 127.1"));
  EXPECT_TRUE(window_->find("live.nothing_sent"));
  EXPECT_EQ(clipped(), "");
  ASSERT_TRUE(window_->click("live.accept"));
  window_->type("localhost");
  window_->press(Key::enter);
  ASSERT_TRUE(until([&] { return window_->find("live.password") != nullptr; })) << model_->live()->status();
  window_->type(the_password);
  window_->press(Key::enter);
  ASSERT_TRUE(until([&] { return model_->live()->is_open(); })) << model_->live()->status();
  EXPECT_THAT(model_->live()->status(), HasSubstr("accepted for this session only"));
  EXPECT_TRUE(window_->find("live.unproven"));
  act(app::HangUp{});
  go_to(url);
  ASSERT_TRUE(until([&] { return model_->live() && model_->live()->failed(); })) << "the next time it is refused again";
}

TEST_F(LiveWindow, AnotherCertificateThanTheAcceptedOneIsToldNothing) {
  act(app::ConnectReal{{.url = "imaps://bob@127.1:" + port("imaps"), .accepted_certificate = std::string(95, 'A')}});
  ASSERT_TRUE(until([&] { return model_->live()->is_over(); }));
  EXPECT_THAT(model_->live()->status(), HasSubstr("another certificate than the one that was accepted"));
  EXPECT_FALSE(model_->live()->asks_secret_of());
  for (std::size_t row = 0; row < model_->conversations().rows(); ++row) EXPECT_FALSE(line(row).starts_with("a1 ")) << line(row);
}

TEST_F(LiveWindow, ACommandGivesThePassword) {
  const std::string url = "imaps://bob@localhost:" + port("imaps");
  act(app::ConnectReal{{.url = url, .secret_command = std::string("echo ") + the_password}});
  ASSERT_TRUE(until([&] { return model_->live()->is_open(); })) << model_->live()->status();
  act(app::HangUp{});
  act(app::ConnectReal{{.url = url, .secret_command = "exit 3"}});
  ASSERT_TRUE(until([&] { return model_->live()->is_over(); }));
  EXPECT_THAT(model_->live()->status(), HasSubstr("ended with status 3"));
  act(app::ConnectReal{{.url = url, .secret_command = "sleep 1000"}});
  ASSERT_TRUE(until([&] { return model_->live()->progress()[3].state == app::LiveProgress::State::done; }));
  int frames = 0;
  ASSERT_TRUE(until([&] { return ++frames > 20; }));
  act(app::HangUp{});  // ends the command, too
}

TEST_F(LiveWindow, AnotherRoomLeavesTheLineOpen) {
  go_to("imaps://localhost:" + port("imaps"));
  ASSERT_TRUE(until([&] { return model_->live() && model_->live()->is_open(); }));
  const std::size_t said = model_->conversations().rows();
  act(app::ShowWorkspace{app::Workspace::world});
  EXPECT_EQ(model_->stage(), app::Stage::world);
  EXPECT_FALSE(window_->find("live.url"));
  int frames = 0;
  until([&] { return ++frames > 5; });
  act(app::ShowWorkspace{app::Workspace::live});
  EXPECT_EQ(model_->stage(), app::Stage::live);
  EXPECT_EQ(model_->conversations().rows(), said);
  say("a NOOP");
  ASSERT_TRUE(until([&] { return was_said("a OK"); }));
}

TEST_F(LiveWindow, ARecipeFillsTheConsoleAndSendsNothing) {
  go_to("imaps://bob@localhost:" + port("imaps"));
  ASSERT_TRUE(until([&] { return window_->find("live.password") != nullptr; }));
  window_->type(the_password);
  window_->press(Key::enter);
  ASSERT_TRUE(until([&] { return model_->live()->is_open(); }));
  ASSERT_TRUE(window_->click("live.recipe/unread"));
  int frames = 0;
  until([&] { return ++frames > 10; });
  EXPECT_EQ(window_->text_of("console.input"), "r1 STATUS INBOX (MESSAGES UNSEEN)");
  EXPECT_FALSE(was_said("r1 STATUS"));
  window_->click("console.input");
  window_->press(Key::enter);
  ASSERT_TRUE(until([&] { return was_said("r1 OK"); }));
  EXPECT_EQ(clipped(), "");
}

TEST_F(LiveWindow, ATestLetterIsSentLineByLine) {
  go_to("submission://bob%40example.test@localhost:" + port("submission"));
  ASSERT_TRUE(until([&] { return window_->find("live.password") != nullptr; }));
  window_->type(the_password);
  window_->press(Key::enter);
  ASSERT_TRUE(until([&] { return model_->live()->is_open(); })) << model_->live()->status();
  ASSERT_TRUE(window_->click("live.recipe/test"));
  window_->click("console.input");
  window_->press(Key::enter);  // MAIL is held back: the session is read-only
  ASSERT_TRUE(until([&] { return window_->find("live.allow") != nullptr; }));
  ASSERT_TRUE(window_->click("live.allow"));
  for (int line = 0; line < 20 && !model_->live()->is_over(); ++line) {
    window_->click("console.input");
    window_->press(Key::enter);
    int frames = 0;
    until([&] { return ++frames > 10; });
  }
  EXPECT_TRUE(was_said("MAIL FROM:<bob@example.test>"));
  EXPECT_TRUE(was_said("354"));
  EXPECT_TRUE(was_said("221"));
  std::size_t letters = 0;
  for (const auto& [name, account] : office_->store().accounts()) letters += account->inbox().size();
  EXPECT_EQ(letters, 1U);
}

TEST_F(LiveWindow, StepByStepNothingGoesOutBeforeItIsReleased) {
  act(app::ConnectReal{{.url = "imaps://bob@localhost:" + port("imaps"), .steps = true}});
  while (!model_->live()->asks_secret_of()) {
    ASSERT_TRUE(until([&] { return model_->live()->held() || model_->live()->asks_secret_of(); })) << model_->live()->status();
    if (model_->live()->held()) act(app::ReleaseHeld{});
  }
  act(app::GiveSecret{the_password});
  ASSERT_TRUE(until([&] { return model_->live()->held() != nullptr; }));
  const Conversation& held = *model_->live()->held();
  EXPECT_THAT(std::string(redact(held.text(held.message(MessageId(held.size() - 1))), held.tokens(held.message(MessageId(held.size() - 1))))),
              HasSubstr("AUTHENTICATE SCRAM-SHA-256 ••••"));
  EXPECT_FALSE(was_said("a1 AUTHENTICATE")) << "it is held";
  while (!model_->live()->is_open()) {  // SCRAM says three things
    ASSERT_TRUE(until([&] { return model_->live()->held() || model_->live()->is_open(); })) << model_->live()->status();
    if (model_->live()->held()) act(app::ReleaseHeld{});
  }
  act(app::TypeLine{"a SELECT INBOX"});
  EXPECT_FALSE(model_->live()->held()) << "what changes something is not offered to be sent";
  ASSERT_TRUE(model_->live()->held_back());
  act(app::SendInstead{});
  ASSERT_TRUE(model_->live()->held()) << "what is proposed instead is explained first, too";
  EXPECT_EQ(model_->live()->held_line(), "a EXAMINE INBOX");
  act(app::DropHeld{});
  act(app::TypeLine{"b NOOP"});
  act(app::DropHeld{});
  EXPECT_FALSE(model_->live()->held());
  int frames = 0;
  until([&] { return ++frames > 20; });
  EXPECT_FALSE(was_said("b NOOP"));
}

}  // namespace
}  // namespace glasspost::ui

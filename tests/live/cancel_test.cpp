// A server that says nothing, or nothing more, at every step of a connection: the window draws on, says what it waits for, and a
// click ends it.
#include <gmock/gmock.h>

#include "tests/live/live_window.h"
#include "tests/live/quiet_servers.h"
#include "tests/net/dns_and_web.h"

namespace glasspost::ui {
namespace {

class CancelWindow : public LiveWindow {
 protected:
  std::string doing() const {
    for (const app::LiveProgress& one : model_->live()->progress())
      if (one.state == app::LiveProgress::State::doing) return std::string(name_of(one.step));
    return {};
  }
  template <class Meanwhile>
  void draws_on(Meanwhile meanwhile) {
    int frames = 0;
    ASSERT_TRUE(until([&] {
      meanwhile();
      return ++frames > 20;
    }));
    ASSERT_FALSE(model_->live()->is_over()) << model_->live()->status();
    EXPECT_EQ(window_->text_of("console.status"), model_->live()->status());
    EXPECT_EQ(clipped(), "");
  }
  // By the button in the bar; then it can be read on, until another server is wanted.
  void is_left() {
    ASSERT_TRUE(window_->click("live.hang_up"));
    EXPECT_TRUE(model_->live()->is_over());
    EXPECT_FALSE(model_->live()->failed()) << "the person has left: nothing failed";
    ASSERT_TRUE(window_->click("live.hang_up"));
    EXPECT_FALSE(model_->live());
    EXPECT_TRUE(window_->find("live.address"));
  }
  void is_left_at(const std::string& step) {
    draws_on([] {});
    EXPECT_EQ(doing(), step) << model_->live()->status();
    is_left();
  }

  // Through a relay that falls silent before the server hears what begins like this.
  void stalls_after(const std::string& scheme, const std::string& line, const std::string& step) {
    Stalling server(port(scheme), 1U << 20);
    go_to(scheme + "://bob@localhost:" + server.port());
    ASSERT_TRUE(until([&] {
      if (was_said(line)) server.hold();
      server.poll();
      if (model_->live() && model_->live()->asks_secret_of() && !was_said(line)) act(app::GiveSecret{the_password});
      return was_said(line);
    })) << scheme << " " << line << ": " << model_->live()->status();
    server.hold();
    draws_on([&] { server.poll(); });
    EXPECT_EQ(doing(), step) << scheme << " " << line;
    EXPECT_FALSE(model_->live()->is_open());
    is_left();
    EXPECT_TRUE(until([&] {
      server.poll();
      return server.is_left();
    })) << "the server sees that it was left";
  }
};

TEST_F(CancelWindow, WhileTheNameIsLookedUp) {
  app::DnsServer dns;
  dns.silent = true;
  search_at(dns.address());
  go_to("imaps://bob@imap.example.test");
  is_left_at("name");
  dns.poll();
  EXPECT_THAT(dns.asked, testing::Contains("imap.example.test"));
}

TEST_F(CancelWindow, WhileNobodyAnswersTheDoor) {
  Full full;
  go_to("imaps://bob@127.0.0.1:" + full.port());
  is_left_at("connect");
}

TEST_F(CancelWindow, WhileTlsBegins) {
  Silent silent;
  go_to("imaps://bob@127.0.0.1:" + silent.port());
  ASSERT_TRUE(until([&] { return doing() == "tls"; }));
  is_left_at("tls");
}

TEST_F(CancelWindow, WhileNobodyGreets) {
  Silent silent;
  for (const char* scheme : {"imap", "smtp", "pop3", "lmtp"}) {
    go_to(std::string(scheme) + "://127.0.0.1:" + silent.port());
    ASSERT_TRUE(until([&] { return doing() == "greeting"; })) << scheme;
    is_left_at("greeting");
  }
}

TEST_F(CancelWindow, WhileStartTlsIsAskedFor) {
  stalls_after("submission", "STARTTLS", "tls");
  stalls_after("pop3", "STLS", "tls");
}

TEST_F(CancelWindow, WhileTheCapabilitiesAreAskedFor) {
  stalls_after("submissions", "EHLO", "login");
  stalls_after("pop3s", "CAPA", "login");
}

TEST_F(CancelWindow, WhileThePasswordIsJudged) {
  stalls_after("imaps", "a1 AUTHENTICATE", "login");
  stalls_after("submissions", "AUTH", "login");
  stalls_after("pop3s", "AUTH", "login");
}

TEST_F(CancelWindow, WhileThePasswordIsAskedFor) {
  go_to("imaps://bob@localhost:" + port("imaps"));
  ASSERT_TRUE(until([&] { return window_->find("live.password") != nullptr; })) << model_->live()->status();
  window_->type(the_password);
  ASSERT_TRUE(window_->click("live.no_password"));
  EXPECT_TRUE(model_->live()->is_over());
  EXPECT_FALSE(model_->live()->failed());
  EXPECT_EQ(window_->ui().edit("live.password").text(), "");
  EXPECT_FALSE(was_said("a1 "));
}

TEST_F(CancelWindow, WhileALineIsHeld) {
  act(app::ConnectReal{{.url = "submissions://bob@localhost:" + port("submissions"), .steps = true}});
  ASSERT_TRUE(until([&] { return window_->find("live.held.line") != nullptr; })) << model_->live()->status();
  is_left();
}

TEST_F(CancelWindow, WhileACommandIsAnswered) {
  Stalling server(port("imap"), 1U << 20);
  go_to("imap://localhost:" + server.port());
  ASSERT_TRUE(until([&] {
    server.poll();
    return model_->live() && model_->live()->is_open();
  }));
  server.hold();
  say("a NOOP");
  draws_on([&] { server.poll(); });
  EXPECT_TRUE(was_said("a NOOP"));
  EXPECT_FALSE(was_said("a OK"));
  is_left();
}

}  // namespace
}  // namespace glasspost::ui

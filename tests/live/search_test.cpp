// The search for a person's servers, driven in the window: a DNS server and a web server of our own answer, or don't.
#include <gmock/gmock.h>

#include "protocol/tls/certificate.h"
#include "tests/live/live_window.h"
#include "tests/net/dns_and_web.h"

namespace glasspost::ui {
namespace {

using ::testing::HasSubstr;
using State = app::DiscoveryStep::State;
enum Kind : std::size_t { by_srv, by_table, by_mx, by_autoconfig };

const std::string here{"\x7f\0\0\1", 4};  // 127.0.0.1

class SearchWindow : public LiveWindow {
 protected:
  SearchWindow() {
    using std::chrono::days;
    const CertificateAuthority authority(library_, "Test Root", {now() - days{1}, now() + days{30}}, KeyKind::p256);
    TlsContext::Settings server;
    server.identity = authority.issue({"autoconfig.example.test"}, {now() - days{1}, now() + days{20}});
    context_ = *TlsContext::make(library_, std::move(server));
    web_ = std::make_unique<app::WebServer>(*context_);
    place_.file("authority.pem", office_->authority_pem() + authority.certificate_pem());
    begin({.dns_server = dns_.address(), .web_address = "127.0.0.1", .web_port = web_->port()});
  }
  static Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

  template <class Condition>
  bool answered_until(Condition condition) {
    return until([&] {
      dns_.poll();
      web_->poll(now());
      return condition();
    });
  }
  State state(std::size_t kind) const { return model_->discovery() ? model_->discovery()->steps()[kind].state : State::to_come; }
  bool search_leads_to(const std::string& address, std::size_t kind, State wanted) {
    go_to(address);
    return answered_until([&] { return state(kind) == wanted; });
  }
  // For many frames nothing changes and nothing hangs; a click ends the search.
  void is_stopped_at(std::size_t kind, State waits) {
    int frames = 0;
    ASSERT_TRUE(answered_until([&] { return ++frames > 20; }));
    EXPECT_EQ(state(kind), waits);
    EXPECT_EQ(clipped(), "");
    ASSERT_TRUE(window_->click("live.stop"));
    EXPECT_FALSE(model_->discovery());
    EXPECT_TRUE(window_->find("live.address")) << "another address can be typed";
    EXPECT_FALSE(model_->live());
  }

  std::shared_ptr<TlsLibrary> library_ = TlsLibrary::make();
  std::unique_ptr<TlsContext> context_;
  std::unique_ptr<app::WebServer> web_;
  app::DnsServer dns_;
};

TEST_F(SearchWindow, SrvRecordsLeadToALogin) {
  const std::string imaps = port("imaps");
  dns_.records[{"_imaps._tcp.example.test", app::dns_srv}] = {app::srv(0, 1, unsigned(std::stoi(imaps)), "localhost")};
  ASSERT_TRUE(search_leads_to("bob@example.test", by_srv, State::found));
  EXPECT_EQ(window_->text_of("live.address"), "bob@example.test") << "nothing is connected to by itself";
  ASSERT_TRUE(window_->click("live.found/IMAP." + imaps));
  EXPECT_EQ(window_->text_of("live.address"), "imaps://bob%40example.test@localhost:" + imaps);
  EXPECT_FALSE(model_->live());
  window_->press(Key::enter);
  ASSERT_TRUE(answered_until([&] { return window_->find("live.password") != nullptr; })) << model_->live()->status();
  window_->type(the_password);
  window_->press(Key::enter);
  ASSERT_TRUE(answered_until([&] { return model_->live()->is_open(); })) << model_->live()->status();
  EXPECT_EQ(clipped(), "");
}

TEST_F(SearchWindow, MxRecordsTellTheProvider) {
  dns_.records[{"example.test", app::dns_mx}] = {app::mx(10, "in2-smtp.messagingengine.com"), app::mx(5, "in1-smtp.messagingengine.com")};
  ASSERT_TRUE(search_leads_to("ann@example.test", by_mx, State::found));
  EXPECT_EQ(state(by_srv), State::nothing);
  EXPECT_EQ(state(by_table), State::nothing);
  ASSERT_TRUE(window_->click("live.found/IMAP.993"));
  EXPECT_EQ(window_->text_of("live.address"), "imaps://ann%40example.test@imap.fastmail.com");
  EXPECT_EQ(web_->connections(), 0U);
  for (const std::string& name : dns_.asked) EXPECT_EQ(name.find("ann"), std::string::npos) << "only the domain leaves this computer";
}

constexpr const char* settings_file = R"(<?xml version="1.0"?>
<clientConfig version="1.1"><emailProvider id="example.test">
<incomingServer type="imap"><hostname>imap.example.test</hostname><port>993</port><socketType>SSL</socketType></incomingServer>
</emailProvider></clientConfig>)";

TEST_F(SearchWindow, AWebServerIsAskedWithLeaveOnly) {
  web_->pages["autoconfig.example.test/mail/config-v1.1.xml"] = settings_file;
  ASSERT_TRUE(search_leads_to("ann@example.test", by_autoconfig, State::asks_leave));
  int frames = 0;
  ASSERT_TRUE(answered_until([&] { return ++frames > 20; }));
  EXPECT_EQ(web_->connections(), 0U) << "nobody has said yes";
  ASSERT_TRUE(window_->click("live.autoconfig_no"));
  EXPECT_TRUE(model_->discovery()->is_over());
  EXPECT_EQ(web_->connections(), 0U);
  ASSERT_TRUE(search_leads_to("ann@example.test", by_autoconfig, State::asks_leave));
  ASSERT_TRUE(window_->click("live.autoconfig_yes"));
  ASSERT_TRUE(answered_until([&] { return state(by_autoconfig) == State::found; })) << testing::PrintToString(model_->discovery()->steps()[by_autoconfig].said);
  EXPECT_EQ(web_->connections(), 1U);
  EXPECT_EQ(clipped(), "");
  ASSERT_TRUE(window_->click("live.found/IMAP.993"));
  EXPECT_EQ(window_->text_of("live.address"), "imaps://ann%40example.test@imap.example.test");
}

TEST_F(SearchWindow, ItIsStoppedAtEveryStep) {
  dns_.silent_about = app::dns_srv;
  go_to("ann@example.test");
  is_stopped_at(by_srv, State::doing);
  dns_.silent_about = app::dns_mx;
  ASSERT_TRUE(search_leads_to("ann@example.test", by_mx, State::doing));
  is_stopped_at(by_mx, State::doing);
  dns_.silent_about = 0;
  ASSERT_TRUE(search_leads_to("ann@example.test", by_autoconfig, State::asks_leave));
  is_stopped_at(by_autoconfig, State::asks_leave);
  web_->silent = true;
  ASSERT_TRUE(search_leads_to("ann@example.test", by_autoconfig, State::asks_leave));
  ASSERT_TRUE(window_->click("live.autoconfig_yes"));
  ASSERT_TRUE(answered_until([&] { return web_->connections() > 0; }));
  is_stopped_at(by_autoconfig, State::doing);
}

// The addresses of the server are asked of the same name servers.
TEST_F(SearchWindow, AServersNameIsLookedUp) {
  dns_.records[{"imap.example.test", app::dns_a}] = {here};
  go_to("imap://imap.example.test:" + port("imap"));
  ASSERT_TRUE(answered_until([&] { return model_->live() && model_->live()->is_open(); })) << model_->live()->status();
  EXPECT_THAT(model_->live()->addresses(), testing::ElementsAre("127.0.0.1"));
  act(app::HangUp{});
  act(app::HangUp{});
  go_to("imap://nowhere.example.test");
  ASSERT_TRUE(answered_until([&] { return model_->live() && model_->live()->failed(); })) << model_->live()->status();
  EXPECT_THAT(window_->text_of("console.status"), HasSubstr("nowhere.example.test"));
  EXPECT_EQ(model_->live()->progress()[0].state, app::LiveProgress::State::failed);
}

}  // namespace
}  // namespace glasspost::ui

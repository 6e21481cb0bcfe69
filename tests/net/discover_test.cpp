// Where a domain's servers are: against a DNS server and a web server of our own, on this machine.
#include "app/net/discover.h"

#include <gtest/gtest.h>

#include "app/net/autoconfig.h"
#include "protocol/tls/certificate.h"
#include "tests/net/dns_and_web.h"
#include "tests/source_dir.h"

namespace glasspost::app {
namespace {

using State = DiscoveryStep::State;

class ASearch : public testing::Test {
 protected:
  ASearch() {
    using std::chrono::days;
    const CertificateAuthority authority(library, "Test Root", {now() - days{1}, now() + days{30}}, KeyKind::p256);
    TlsContext::Settings server;
    server.identity = authority.issue({"autoconfig.example.test"}, {now() - days{1}, now() + days{20}});
    server_context = *TlsContext::make(library, std::move(server));
    TlsContext::Settings client;
    client.trusted_pem = authority.certificate_pem();
    client_context = *TlsContext::make(library, std::move(client));
    web = std::make_unique<WebServer>(*server_context);
  }
  static Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

  const std::vector<DiscoveryStep>& search(const std::string& address, Duration limit = 5s) {
    DiscoverSettings settings;
    settings.dns_server = dns.address();
    settings.web_address = "127.0.0.1";
    settings.web_port = web->port();
    settings.limit = limit;
    settings.context = client_context.get();
    found = make_discovery(address, *load_providers(std::string(glasspost::source_dir()) + "/assets/providers.yaml"), settings);
    run();
    return found->steps();
  }
  // Until it is over, or waits for the person.
  void run() {
    const auto begun = std::chrono::steady_clock::now();
    while (!found->is_over() && std::chrono::steady_clock::now() - begun < std::chrono::seconds{20}) {
      found->poll();
      dns.poll();
      web->poll(now());
      for (const DiscoveryStep& step : found->steps())
        if (step.state == State::asks_leave) return;
      ::usleep(500);
    }
  }

  std::shared_ptr<TlsLibrary> library = TlsLibrary::make();
  std::unique_ptr<TlsContext> server_context, client_context;
  DnsServer dns;
  std::unique_ptr<WebServer> web;
  std::unique_ptr<Discovery> found;
};

TEST_F(ASearch, EndsWithSrvRecords) {
  dns.records[{"_imaps._tcp.example.test", dns_srv}] = {srv(20, 1, 994, "late.example.test"), srv(10, 1, 993, "imap.example.test")};
  dns.records[{"_pop3s._tcp.example.test", dns_srv}] = {srv(0, 0, 0, ".")};
  dns.records[{"_submission._tcp.example.test", dns_srv}] = {srv(0, 1, 587, "smtp.example.test")};
  const auto& steps = search("Ann@Example.TEST");
  ASSERT_EQ(steps[0].state, State::found);
  EXPECT_EQ(steps[0].servers, (std::vector<FoundServer>{{Protocol::imap, "imap.example.test", 993, TlsMode::implicit},
                                                        {Protocol::imap, "late.example.test", 994, TlsMode::implicit},
                                                        {Protocol::smtp, "smtp.example.test", 587, TlsMode::starttls}}));
  EXPECT_EQ(steps[0].said[1], "_imap._tcp.example.test  SRV  NXDOMAIN");
  EXPECT_EQ(steps[0].said[2], "_pop3s._tcp.example.test  SRV  0 0 0 .");
  for (std::size_t i = 1; i < steps.size(); ++i) EXPECT_EQ(steps[i].state, State::to_come) << "the first answer wins";
  for (const std::string& name : dns.asked) EXPECT_EQ(name.find("ann"), std::string::npos) << "only the domain leaves this computer";
  EXPECT_EQ(url_of(steps[0].servers[0], "ann@example.test"), "imaps://ann%40example.test@imap.example.test");
}

TEST_F(ASearch, KnowsProvidersByDomainAndByMx) {
  const auto& steps = search("ann@gmail.com");
  EXPECT_EQ(steps[0].state, State::nothing);
  ASSERT_EQ(steps[1].state, State::found);
  EXPECT_EQ(steps[1].servers[0], (FoundServer{Protocol::imap, "imap.gmail.com", 993, TlsMode::implicit}));
  dns.records[{"example.test", dns_mx}] = {mx(10, "in2-smtp.messagingengine.com"), mx(5, "in1-smtp.messagingengine.com")};
  const auto& others = search("ann@example.test");
  ASSERT_EQ(others[2].state, State::found);
  EXPECT_EQ(others[2].said.back(), "Fastmail");
  dns.records[{"example.test", dns_mx}] = {mx(5, "notgoogle.com")};
  EXPECT_EQ(search("ann@example.test")[2].state, State::nothing);
}

constexpr const char* file = R"(<?xml version="1.0"?>
<clientConfig version="1.1"><emailProvider id="example.test"><domain>example.test</domain>
<incomingServer type="imap"><hostname>imap.example.test</hostname><port>993</port><socketType>SSL</socketType><authentication>password-cleartext</authentication></incomingServer>
<incomingServer type="pop3"><hostname>in-clear.example.test</hostname><port>110</port><socketType>plain</socketType></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.example.test</hostname><port>587</port><socketType>STARTTLS</socketType></outgoingServer>
</emailProvider></clientConfig>)";

TEST_F(ASearch, AsksAWebServerOnlyWithLeave) {
  web->pages["autoconfig.example.test/mail/config-v1.1.xml"] = file;
  const auto& steps = search("ann@example.test");
  ASSERT_EQ(steps[3].state, State::asks_leave);
  EXPECT_FALSE(found->is_over());
  found->allow_autoconfig(true);
  run();
  ASSERT_EQ(steps[3].state, State::found) << testing::PrintToString(steps[3].said);
  EXPECT_EQ(steps[3].servers, (std::vector<FoundServer>{{Protocol::imap, "imap.example.test", 993, TlsMode::implicit},
                                                        {Protocol::smtp, "smtp.example.test", 587, TlsMode::starttls}}));
  search("ann@example.test");
  found->allow_autoconfig(false);
  EXPECT_TRUE(found->is_over());
  EXPECT_EQ(found->steps()[3].state, State::to_come);
}

TEST_F(ASearch, TrustsNoWebServerThatCannotProveItsName) {
  const auto& steps = search("ann@other.test");
  found->allow_autoconfig(true);
  run();
  EXPECT_EQ(steps[3].state, State::failed);
  EXPECT_TRUE(found->is_over());
  ASSERT_EQ(steps[3].said.size(), 4U);  // two files, and why not
  EXPECT_NE(steps[3].said[1].find("certificate"), std::string::npos) << steps[3].said[1];
}

TEST_F(ASearch, ASilentServerIsGivenUp) {
  dns.silent = true;
  const auto& steps = search("ann@example.test", 300ms);
  EXPECT_EQ(steps[0].state, State::failed);
  EXPECT_EQ(steps[2].state, State::failed);
  found.reset();  // in the middle of nothing
  search("ann@example.test", 300ms);
  found->poll();
}

TEST(Autoconfig, RefusesWhatIsNone) {
  EXPECT_FALSE(read_autoconfig(""));
  EXPECT_FALSE(read_autoconfig("<html>"));
  EXPECT_FALSE(read_autoconfig("<clientConfig></clientConfig>"));
  const std::string whole = file;
  for (std::size_t size = 0; size < whole.size(); ++size) (void)read_autoconfig(std::string_view(whole).substr(0, size));
  EXPECT_FALSE(read_autoconfig("<clientConfig><incomingServer type=\"imap\"><hostname>a b</hostname><port>993</port><socketType>SSL</socketType></incomingServer>"));
}

TEST(Search, NeedsADomain) {
  for (const char* address : {"", "ann", "@example.test", "ann@", "ann@localhost", "ann@exa mple.test", "ann@.test"})
    EXPECT_FALSE(make_discovery(address, {}, {})) << address;
}

}  // namespace
}  // namespace glasspost::app

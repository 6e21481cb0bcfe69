// Where a domain's servers are: against a DNS server and a web server of our own, on this machine.
#include "app/net/discover.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>

#include "app/net/autoconfig.h"
#include "protocol/base/text.h"
#include "protocol/endpoint.h"
#include "protocol/tls/certificate.h"
#include "tests/source_dir.h"

namespace glasspost::app {
namespace {

using State = DiscoveryStep::State;

int loopback_socket(int type, std::uint16_t& port) {
  const int made = ::socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  ::bind(made, reinterpret_cast<sockaddr*>(&here), size);
  if (type == SOCK_STREAM) ::listen(made, 8);
  ::getsockname(made, reinterpret_cast<sockaddr*>(&here), &size);
  port = ntohs(here.sin_port);
  return made;
}

std::string u16(unsigned value) { return {char(value >> 8), char(value & 0xff)}; }
std::string dns_name(std::string_view name) {
  std::string out;
  for (const std::string_view label : split(name, '.'))
    if (!label.empty()) out += char(label.size()) + std::string(label);
  return out + '\0';
}
std::string srv(unsigned priority, unsigned weight, unsigned port, std::string_view host) { return u16(priority) + u16(weight) + u16(port) + dns_name(host); }
std::string mx(unsigned preference, std::string_view host) { return u16(preference) + dns_name(host); }

// Answers over UDP: RFC 1035. What it does not have is NXDOMAIN; silent, it says nothing.
class DnsServer {
 public:
  ~DnsServer() { ::close(socket_); }
  std::map<std::pair<std::string, unsigned>, std::vector<std::string>> records;  // name and type: RDATA
  bool silent = false;
  std::vector<std::string> asked;
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  void poll() {
    char query[1024];
    sockaddr_in from{};
    socklen_t size = sizeof from;
    for (ssize_t got; (got = ::recvfrom(socket_, query, sizeof query, 0, reinterpret_cast<sockaddr*>(&from), &size)) > 17; size = sizeof from) {
      std::string name;
      std::size_t at = 12;
      while (at < std::size_t(got) && query[at] != 0) {
        const auto length = std::size_t(query[at]);
        name += (name.empty() ? "" : ".") + std::string(query + at + 1, length);
        at += length + 1;
      }
      const unsigned type = unsigned(std::uint8_t(query[at + 1])) << 8 | std::uint8_t(query[at + 2]);
      const std::string question(query + 12, at + 5 - 12);
      asked.push_back(to_lower(name));
      if (silent) continue;
      const auto found = records.find({to_lower(name), type});
      const std::size_t answers = found == records.end() ? 0 : found->second.size();
      std::string reply = std::string(query, 2) + std::string("\x81", 1) + char(answers ? 0x80 : 0x83) + u16(1) + u16(unsigned(answers)) + u16(0) + u16(0) + question;
      if (answers)
        for (const std::string& data : found->second) reply += std::string("\xc0\x0c", 2) + u16(type) + u16(1) + u16(0) + u16(60) + u16(unsigned(data.size())) + data;
      ::sendto(socket_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
  }

 private:
  std::uint16_t port_ = 0;
  int socket_ = loopback_socket(SOCK_DGRAM, port_);
};

class Page final : public Session {
 public:
  explicit Page(std::map<std::string, std::string>& pages) : pages_(pages) {}
  void receive(std::string_view octets, Instant) override {
    request_ += octets;
    if (request_.find("\r\n\r\n") == request_.npos) return;
    const auto words = split(std::string_view(request_).substr(0, request_.find("\r\n")), ' ');
    const std::size_t host = request_.find("Host: ");
    const std::string name = request_.substr(host + 6, request_.find("\r\n", host) - host - 6);
    const auto page = pages_.find(name + std::string(words[1]));
    output_ = page == pages_.end() ? "HTTP/1.0 404 Not Found\r\n\r\n" : "HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n" + page->second;
  }
  void receive_eof(Instant) override { over_ = true; }
  std::string take_output() override {
    over_ |= !output_.empty();
    return std::exchange(output_, {});
  }
  bool wants_close() const override { return over_; }

 private:
  std::map<std::string, std::string>& pages_;
  std::string request_, output_;
  bool over_ = false;
};

class WebServer {
 public:
  explicit WebServer(TlsContext& context) : context_(context) {}
  ~WebServer() {
    for (const auto& client : clients_) ::close(client->wire);
    ::close(socket_);
  }
  std::map<std::string, std::string> pages;
  std::uint16_t port() const { return port_; }
  void poll(Instant now) {
    for (int wire; (wire = ::accept4(socket_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
      Endpoint::Settings settings;
      settings.side = Side::server;
      settings.tls = TlsMode::implicit;
      settings.context = &context_;
      settings.records = false;
      clients_.push_back(std::make_unique<Client>(wire, pages, std::move(settings), trace_, now));
    }
    for (auto& client : clients_) {
      char buffer[4096];
      for (ssize_t got; client->wire >= 0 && (got = ::recv(client->wire, buffer, sizeof buffer, 0)) > 0;) client->endpoint.receive_wire({buffer, std::size_t(got)}, now);
      const std::string out = client->endpoint.take_wire(now);
      if (client->wire < 0) continue;
      if (!out.empty()) ::send(client->wire, out.data(), out.size(), MSG_NOSIGNAL);
      if (client->endpoint.wants_close()) ::close(std::exchange(client->wire, -1));
    }
  }

 private:
  struct Client {
    Client(int socket, std::map<std::string, std::string>& all, Endpoint::Settings settings, Trace& trace, Instant now)
        : wire(socket), page(all), endpoint(std::move(settings), page, trace, now) {}
    int wire;
    Page page;
    Endpoint endpoint;
  };
  TlsContext& context_;
  Trace trace_;
  std::uint16_t port_ = 0;
  int socket_ = loopback_socket(SOCK_STREAM, port_);
  std::vector<std::unique_ptr<Client>> clients_;
};

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

constexpr unsigned SRV = 33, MX = 15;

TEST_F(ASearch, EndsWithSrvRecords) {
  dns.records[{"_imaps._tcp.example.test", SRV}] = {srv(20, 1, 994, "late.example.test"), srv(10, 1, 993, "imap.example.test")};
  dns.records[{"_pop3s._tcp.example.test", SRV}] = {srv(0, 0, 0, ".")};
  dns.records[{"_submission._tcp.example.test", SRV}] = {srv(0, 1, 587, "smtp.example.test")};
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
  dns.records[{"example.test", MX}] = {mx(10, "in2-smtp.messagingengine.com"), mx(5, "in1-smtp.messagingengine.com")};
  const auto& others = search("ann@example.test");
  ASSERT_EQ(others[2].state, State::found);
  EXPECT_EQ(others[2].said.back(), "Fastmail");
  dns.records[{"example.test", MX}] = {mx(5, "notgoogle.com")};
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

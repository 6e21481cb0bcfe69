#include "app/net/discover.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "app/net/autoconfig.h"
#include "app/net/dns_channel.h"
#include "app/net/fetch.h"
#include "protocol/base/text.h"

namespace glasspost::app {
namespace {

using State = DiscoveryStep::State;
using Clock = std::chrono::steady_clock;

constexpr int type_mx = 15, type_srv = 33;  // RFC 1035 section 3.2.2, RFC 2782

struct Service {
  std::string_view name;
  Protocol protocol;
  TlsMode tls;
};
constexpr Service services[] = {
    {"_imaps", Protocol::imap, TlsMode::implicit},       {"_imap", Protocol::imap, TlsMode::starttls},
    {"_pop3s", Protocol::pop3, TlsMode::implicit},       {"_pop3", Protocol::pop3, TlsMode::starttls},
    {"_submissions", Protocol::smtp, TlsMode::implicit}, {"_submission", Protocol::smtp, TlsMode::starttls},
};

std::string why(int status) {
  switch (status) {
    case ARES_ENOTFOUND: return "NXDOMAIN";
    case ARES_ENODATA: return "–";
    case ARES_ETIMEOUT: return "no answer";
    default: return ares_strerror(status);
  }
}
bool is_nothing(int status) { return status == ARES_ENOTFOUND || status == ARES_ENODATA; }

class Search final : public Discovery {
 public:
  Search(std::string address, std::vector<Provider> providers, DiscoverSettings settings)
      : address_(std::move(address)), domain_(to_lower(address_.substr(address_.rfind('@') + 1))), providers_(std::move(providers)),
        settings_(std::move(settings)), resolver_(settings_.dns_server, settings_.limit >= 2s ? 2s : 1s) {
    for (const DiscoveryKind kind : {DiscoveryKind::srv, DiscoveryKind::table, DiscoveryKind::mx, DiscoveryKind::autoconfig})
      steps_.push_back({kind});
    begin_srv();
  }

  const std::string& address() const override { return address_; }
  const std::vector<DiscoveryStep>& steps() const override { return steps_; }
  bool is_over() const override { return at_ >= steps_.size(); }

  bool poll() override {
    if (is_over()) return false;
    changed_ = false;
    DiscoveryStep& now = steps_[at_];
    if (now.state == State::asks_leave) return false;
    if (now.kind == DiscoveryKind::srv || now.kind == DiscoveryKind::mx) poll_dns(now);
    else if (fetch_) poll_fetch(now);
    return changed_;
  }

  Waits waits() const override {
    if (is_over() || steps_[at_].state == State::asks_leave) return {};
    if (fetch_) return {{}, a_moment};
    Waits waits = resolver_.waits();
    waits.add({{}, std::max(std::chrono::duration_cast<Duration>(settings_.limit - (Clock::now() - since_)), Duration{})});
    return waits;
  }

  void allow_autoconfig(bool allow) override {
    if (is_over() || steps_[at_].state != State::asks_leave) return;
    since_ = Clock::now();
    if (!allow) {
      steps_[at_].state = State::to_come;  // not asked
      at_ = steps_.size();
      return;
    }
    steps_[at_].state = State::doing;
    fetch_next();
  }

 private:
  struct Asked {
    Search* search;
    std::size_t service;  // its place in services; MX: npos
    std::string name;
    std::string said;
    std::vector<std::pair<int, FoundServer>> found;  // by priority
    int status = -1;
  };

  void begin(std::size_t step) {
    at_ = step;
    since_ = Clock::now();
    if (!is_over()) steps_[at_].state = State::doing;
    changed_ = true;
  }
  void end(State state) {
    DiscoveryStep& now = steps_[at_];
    now.state = state;
    now.took = std::chrono::duration_cast<Duration>(Clock::now() - since_);
    changed_ = true;
    if (state == State::found) {
      at_ = steps_.size();
      return;
    }
    begin(at_ + 1);
    if (is_over()) return;
    switch (steps_[at_].kind) {
      case DiscoveryKind::srv: break;
      case DiscoveryKind::table: return look_up();
      case DiscoveryKind::mx: return begin_mx();
      case DiscoveryKind::autoconfig: steps_[at_].state = State::asks_leave; break;
    }
  }

  // --- DNS

  void begin_srv() {
    begin(0);
    if (!resolver_.works()) return end(State::failed);
    asked_.clear();
    asked_.reserve(std::size(services));
    for (std::size_t i = 0; i < std::size(services); ++i)
      asked_.push_back({this, i, fmt::format("{}._tcp.{}", services[i].name, domain_), {}, {}});
    for (Asked& one : asked_) resolver_.ask(one.name, type_srv, take_srv, &one);
  }
  void begin_mx() {
    asked_.clear();
    asked_.push_back({this, std::string::npos, domain_, {}, {}});
    resolver_.ask(domain_, type_mx, take_mx, &asked_.front());
  }

  static void take_srv(void* with, int status, int, unsigned char* answer, int size) {
    Asked& asked = *static_cast<Asked*>(with);
    ares_srv_reply* all = nullptr;
    if (status == ARES_SUCCESS) status = ares_parse_srv_reply(answer, size, &all);
    asked.status = status;
    const Service& service = services[asked.service];
    std::string said;
    for (const ares_srv_reply* one = all; one; one = one->next) {
      const std::string host = one->host ? one->host : "";
      if (!said.empty()) said += "; ";
      said += fmt::format("{} {} {} {}", one->priority, one->weight, one->port, host.empty() ? "." : host);
      // A target of "." says that the service is decidedly not there: RFC 6186 section 3.4.
      if (!host.empty() && host != "." && one->port != 0)
        asked.found.emplace_back(int(one->priority), FoundServer{service.protocol, host, std::uint16_t(one->port), service.tls});
    }
    if (all) ares_free_data(all);
    std::stable_sort(asked.found.begin(), asked.found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    asked.said = fmt::format("{}  SRV  {}", asked.name, status == ARES_SUCCESS ? said : why(status));
  }

  static void take_mx(void* with, int status, int, unsigned char* answer, int size) {
    Asked& asked = *static_cast<Asked*>(with);
    ares_mx_reply* all = nullptr;
    if (status == ARES_SUCCESS) status = ares_parse_mx_reply(answer, size, &all);
    asked.status = status;
    std::string said;
    for (const ares_mx_reply* one = all; one; one = one->next) {
      said += fmt::format("{}{} {}", said.empty() ? "" : "; ", one->priority, one->host ? one->host : "");
      asked.found.emplace_back(int(one->priority), FoundServer{Protocol::smtp, one->host ? one->host : "", 25, TlsMode::starttls});
    }
    if (all) ares_free_data(all);
    std::stable_sort(asked.found.begin(), asked.found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    asked.said = fmt::format("{}  MX  {}", asked.name, status == ARES_SUCCESS ? said : why(status));
  }

  void poll_dns(DiscoveryStep& now) {
    resolver_.poll();
    const bool late = Clock::now() - since_ > settings_.limit;
    const bool all = std::all_of(asked_.begin(), asked_.end(), [](const Asked& one) { return one.status >= 0; });
    if (!all && !late) return;
    bool failed = !all;
    for (const Asked& one : asked_) {
      now.said.push_back(one.said.empty() ? one.name + "  no answer" : one.said);
      failed |= one.status > 0 && !is_nothing(one.status);
      if (now.kind == DiscoveryKind::srv)
        for (const auto& [priority, server] : one.found) now.servers.push_back(server);
    }
    if (!all) resolver_.give_up();  // before asked_ is used again: late answers point into it
    if (now.kind == DiscoveryKind::mx) {
      for (const auto& [priority, server] : asked_.front().found)
        if (const Provider* provider = provider_of_mx(providers_, server.host)) {
          now.said.push_back(provider->name);
          now.servers = provider->servers;
          break;
        }
    }
    end(!now.servers.empty() ? State::found : failed ? State::failed : State::nothing);
  }

  // --- the table

  void look_up() {
    DiscoveryStep& now = steps_[at_];
    const Provider* provider = provider_of(providers_, domain_);
    now.said.push_back(provider ? provider->name : domain_);
    if (provider) now.servers = provider->servers;
    end(provider ? State::found : State::nothing);
  }

  // --- autoconfig

  void fetch_next() {
    changed_ = true;
    fetch_.reset();
    if (files_asked_ == 2) return end(fetch_failed_ ? State::failed : State::nothing);
    FetchSettings wanted;
    wanted.host = files_asked_ == 0 ? "autoconfig." + domain_ : domain_;
    wanted.path = files_asked_ == 0 ? "/mail/config-v1.1.xml" : "/.well-known/autoconfig/mail/config-v1.1.xml";
    wanted.port = settings_.web_port;
    wanted.address = settings_.web_address;
    wanted.context = settings_.context;
    ++files_asked_;
    steps_[at_].said.push_back("https://" + wanted.host + wanted.path);
    fetch_ = std::make_unique<Fetch>(std::move(wanted));
  }

  void poll_fetch(DiscoveryStep& now) {
    auto file = fetch_->poll();
    if (!file) return;
    changed_ = true;
    auto servers = *file ? read_autoconfig(**file) : tl::expected<std::vector<FoundServer>, std::string>(tl::unexpected(file->error()));
    if (servers) {
      now.servers = std::move(*servers);
      fetch_.reset();
      return end(State::found);
    }
    now.said.push_back("  " + servers.error());
    fetch_failed_ |= !servers.error().starts_with("404");
    fetch_next();
  }

  std::string address_, domain_;
  std::vector<Provider> providers_;
  DiscoverSettings settings_;
  std::vector<DiscoveryStep> steps_;
  std::size_t at_ = 0;
  std::vector<Asked> asked_;  // never grows while questions are under way: they point into it
  DnsChannel resolver_;         // ends before what its questions point to
  Clock::time_point since_ = Clock::now();
  std::unique_ptr<Fetch> fetch_;
  int files_asked_ = 0;
  bool fetch_failed_ = false, changed_ = false;
};

bool is_domain(std::string_view domain) {
  if (domain.empty() || domain.size() > 253 || domain.front() == '.' || domain.find('.') == domain.npos) return false;
  return std::all_of(domain.begin(), domain.end(), [](char c) { return is_alnum(c) || c == '.' || c == '-'; });
}

}  // namespace

std::unique_ptr<Discovery> make_discovery(std::string address, std::vector<Provider> providers, DiscoverSettings settings) {
  const std::size_t at = address.rfind('@');
  if (at == address.npos || at == 0 || !is_domain(std::string_view(address).substr(at + 1))) return nullptr;
  return std::make_unique<Search>(std::move(address), std::move(providers), std::move(settings));
}

}  // namespace glasspost::app

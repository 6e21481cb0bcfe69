#include "app/net/resolve.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <optional>
#include <system_error>
#include <thread>

#include "app/net/dns_channel.h"

namespace glasspost::app {
namespace {

using Answer = tl::expected<std::vector<std::string>, std::string>;

void add(std::vector<std::string>& addresses, const sockaddr* address, socklen_t size) {
  char text[NI_MAXHOST];
  if (::getnameinfo(address, size, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) return;
  if (std::find(addresses.begin(), addresses.end(), text) == addresses.end()) addresses.emplace_back(text);
}

Answer ask_system(const std::string& host, int flags) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = flags;
  addrinfo* found = nullptr;
  if (const int problem = ::getaddrinfo(host.c_str(), nullptr, &wanted, &found); problem != 0)
    return tl::unexpected(std::string(problem == EAI_SYSTEM ? std::strerror(errno) : ::gai_strerror(problem)));
  std::vector<std::string> addresses;
  for (const addrinfo* one = found; one; one = one->ai_next) add(addresses, one->ai_addr, one->ai_addrlen);
  ::freeaddrinfo(found);
  return addresses;
}

// In the words that the system has for the same: Strings::reason knows those.
std::string words_for(int status) {
  switch (status) {
    case ARES_ENOTFOUND: return ::gai_strerror(EAI_NONAME);
    case ARES_ENODATA: return ::gai_strerror(EAI_NODATA);
    case ARES_ETIMEOUT:
    case ARES_ECONNREFUSED:
    case ARES_ESERVFAIL:
    case ARES_EREFUSED: return ::gai_strerror(EAI_AGAIN);
    default: return ares_strerror(status);
  }
}

// The call that waits, on its thread.
struct System {
  ~System() {
    if (event >= 0) ::close(event);
  }
  int event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);  // readable once the answer is there
  Answer answer;                                         // written before `done` is set, read after
  std::atomic<bool> done = false;
};

}  // namespace

class Lookup::Inner {
 public:
  Inner(std::string host, const std::string& dns_server)
      : host_(std::move(host)), only_dns_(!dns_server.empty()), channel_(dns_server, std::chrono::seconds{2}) {
    if (Answer numeric = ask_system(host_, AI_NUMERICHOST)) answer_ = std::move(numeric);
    else if (channel_.works()) channel_.ask_addresses(host_, take, this);
    else begin_system();
  }

  bool poll() {
    if (answer_) return true;
    if (!system_) channel_.poll();
    if (system_ && system_->done) answer_ = system_->answer;
    return answer_.has_value();
  }

  Waits waits() const {
    Waits waits;
    if (answer_) waits.at_most = Duration{};
    else if (system_) waits.descriptors.push_back({system_->event});
    else waits = channel_.waits();
    return waits;
  }

  std::optional<Answer> answer_;

 private:
  static void take(void* with, int status, int, ares_addrinfo* found) {
    if (status == ARES_EDESTRUCTION || status == ARES_ECANCELLED) return;
    Inner& lookup = *static_cast<Inner*>(with);
    std::vector<std::string> addresses;
    for (const ares_addrinfo_node* one = found ? found->nodes : nullptr; one; one = one->ai_next) add(addresses, one->ai_addr, one->ai_addrlen);
    if (found) ares_freeaddrinfo(found);
    if (!addresses.empty()) lookup.answer_ = std::move(addresses);
    else if (lookup.only_dns_ || status == ARES_ETIMEOUT || status == ARES_ECONNREFUSED) lookup.answer_ = tl::unexpected(words_for(status));
    else lookup.begin_system();
  }

  void begin_system() {
    system_ = std::make_shared<System>();
    try {
      std::thread([shared = system_, host = host_] {
        shared->answer = ask_system(host, 0);
        shared->done = true;
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(shared->event, &one, sizeof one);  // an eventfd that is at 0 takes it
      }).detach();
    } catch (const std::system_error& problem) {
      answer_ = tl::unexpected(std::string(problem.what()));
    }
  }

  std::string host_;
  bool only_dns_;
  std::shared_ptr<System> system_;
  DnsChannel channel_;  // ends first: what it has under way refers to the rest
};

Lookup::Lookup(std::string host, const std::string& dns_server) : inner_(std::make_unique<Inner>(std::move(host), dns_server)) {}
Lookup::~Lookup() = default;
bool Lookup::poll() { return inner_->poll(); }
Waits Lookup::waits() const { return inner_->waits(); }
const Answer& Lookup::answer() const { return *inner_->answer_; }

}  // namespace glasspost::app

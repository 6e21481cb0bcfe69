#include "app/net/resolve.h"

#include <netdb.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <system_error>
#include <thread>

namespace glasspost::app {

using Answer = tl::expected<std::vector<std::string>, std::string>;

struct Lookup::Shared {
  ~Shared() {
    if (event >= 0) ::close(event);
  }
  int event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  Answer answer;             // written before `done` is set, read after
  std::atomic<bool> done = false;
};

namespace {

Answer ask(const std::string& host, int flags) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = flags;
  addrinfo* found = nullptr;
  if (const int problem = ::getaddrinfo(host.c_str(), nullptr, &wanted, &found); problem != 0)
    return tl::unexpected(std::string(problem == EAI_SYSTEM ? std::strerror(errno) : ::gai_strerror(problem)));
  std::vector<std::string> addresses;
  for (const addrinfo* one = found; one; one = one->ai_next) {
    char text[NI_MAXHOST];
    if (::getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) continue;
    if (std::find(addresses.begin(), addresses.end(), text) == addresses.end()) addresses.emplace_back(text);
  }
  ::freeaddrinfo(found);
  return addresses;
}

}  // namespace

Lookup::Lookup(std::string host) : shared_(std::make_shared<Shared>()) {
  const auto finish = [](Shared& shared, Answer answer) {
    shared.answer = std::move(answer);
    shared.done = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(shared.event, &one, sizeof one);  // an eventfd that is at 0 takes it
  };
  if (Answer numeric = ask(host, AI_NUMERICHOST)) {
    finish(*shared_, std::move(numeric));
    return;
  }
  try {
    std::thread([shared = shared_, host = std::move(host), finish] { finish(*shared, ask(host, 0)); }).detach();
  } catch (const std::system_error& problem) {
    finish(*shared_, tl::unexpected(std::string(problem.what())));
  }
}
Lookup::~Lookup() = default;

int Lookup::descriptor() const { return shared_->event; }
bool Lookup::done() const { return shared_->done; }
Answer Lookup::take() const { return shared_->answer; }

}  // namespace glasspost::app

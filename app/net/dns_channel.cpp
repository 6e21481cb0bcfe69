#include "app/net/dns_channel.h"

#include <poll.h>
#include <sys/time.h>

#include <chrono>

namespace glasspost::app {
namespace {

constexpr int class_in = 1;  // RFC 1035 section 3.2.4

}  // namespace

DnsChannel::DnsChannel(const std::string& server, Duration patience) {
  if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) return;
  initialised_ = true;
  ares_options options{};
  options.timeout = int(std::chrono::duration_cast<std::chrono::milliseconds>(patience).count());
  options.tries = 3;
  if (ares_init_options(&channel_, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES) != ARES_SUCCESS) {
    channel_ = nullptr;
    return;
  }
  if (!server.empty()) ares_set_servers_ports_csv(channel_, server.c_str());
}

DnsChannel::~DnsChannel() {
  if (channel_) ares_destroy(channel_);
  if (initialised_) ares_library_cleanup();
}

void DnsChannel::ask(const std::string& name, int type, ares_callback take, void* with) {
  ares_query(channel_, name.c_str(), class_in, type, take, with);
}

void DnsChannel::ask_addresses(const std::string& host, ares_addrinfo_callback take, void* with) {
  ares_addrinfo_hints wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  ares_getaddrinfo(channel_, host.c_str(), nullptr, &wanted, take, with);
}

void DnsChannel::give_up() { ares_cancel(channel_); }

void DnsChannel::poll() {
  for (const Waits::Descriptor& one : waits().descriptors) {
    pollfd watched{one.number, short((one.reads ? POLLIN : 0) | (one.writes ? POLLOUT : 0)), 0};
    if (::poll(&watched, 1, 0) <= 0) continue;
    ares_process_fd(channel_, watched.revents & (POLLIN | POLLERR | POLLHUP) ? one.number : ARES_SOCKET_BAD,
                    watched.revents & POLLOUT ? one.number : ARES_SOCKET_BAD);
  }
  ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // its own time limits
}

Waits DnsChannel::waits() const {
  Waits waits;
  ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
  const int wanted = ares_getsock(channel_, sockets, ARES_GETSOCK_MAXNUM);
  for (int i = 0; i < ARES_GETSOCK_MAXNUM; ++i) {
    const bool reads = ARES_GETSOCK_READABLE(wanted, i), writes = ARES_GETSOCK_WRITABLE(wanted, i);
    if (reads || writes) waits.descriptors.push_back({sockets[i], reads, writes});
  }
  timeval left{};
  if (ares_timeout(channel_, nullptr, &left)) waits.at_most = std::chrono::seconds{left.tv_sec} + std::chrono::microseconds{left.tv_usec};
  return waits;
}

}  // namespace glasspost::app

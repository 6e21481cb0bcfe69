// Servers that say nothing, or nothing more.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <string>

namespace glasspost::ui {

inline sockaddr_in loopback(std::uint16_t port = 0) {
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_port = htons(port);
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return here;
}
// The port that the kernel chose for it.
inline std::uint16_t bound_port(int socket) {
  sockaddr_in here = loopback();
  socklen_t size = sizeof here;
  ::bind(socket, reinterpret_cast<sockaddr*>(&here), size);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&here), &size);
  return ntohs(here.sin_port);
}

// Accepts nobody: connections stay in its queue.
class Silent {
 public:
  Silent() { ::listen(socket_, 4); }
  ~Silent() { ::close(socket_); }
  std::string port() const { return std::to_string(port_); }

 private:
  int socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::uint16_t port_ = bound_port(socket_);
};

// Its queue is full, so that nobody even gets in.
class Full {
 public:
  Full() {
    ::listen(door_, 0);
    const sockaddr_in here = loopback(port_);
    for (int& one : queue_) {
      one = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      ::connect(one, reinterpret_cast<const sockaddr*>(&here), sizeof here);
    }
  }
  ~Full() {
    for (const int one : queue_) ::close(one);
    ::close(door_);
  }
  std::string port() const { return std::to_string(port_); }

 private:
  int door_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), queue_[4] = {-1, -1, -1, -1};
  std::uint16_t port_ = bound_port(door_);
};

// Carries octets to a real server and back, and falls silent after so many of the server's.
class Stalling {
 public:
  Stalling(const std::string& server_port, std::size_t most) : most_(most), there_(std::uint16_t(std::stoi(server_port))) {
    port_ = bound_port(door_);
    ::listen(door_, 1);
  }
  ~Stalling() {
    for (const int one : {door_, client_, server_})
      if (one >= 0) ::close(one);
  }
  std::string port() const { return std::to_string(port_); }
  void hold() { most_ = 0; }  // from now on nothing is carried, either way
  bool has_stalled() const { return client_ >= 0 && said_ >= most_; }
  bool is_left() const { return left_; }  // the client has closed

  void poll() {
    if (client_ < 0) {
      client_ = ::accept4(door_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (client_ < 0) return;
      const sockaddr_in there = loopback(there_);
      server_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      ::connect(server_, reinterpret_cast<const sockaddr*>(&there), sizeof there);
    }
    char octets[4096];
    const ssize_t asked = ::recv(client_, octets, sizeof octets, MSG_DONTWAIT);
    if (asked == 0) left_ = true;
    if (asked > 0 && !has_stalled()) ::send(server_, octets, std::size_t(asked), MSG_NOSIGNAL);
    if (has_stalled()) return;
    const ssize_t got = ::recv(server_, octets, std::min(sizeof octets, most_ - said_), MSG_DONTWAIT);
    if (got <= 0) return;
    ::send(client_, octets, std::size_t(got), MSG_NOSIGNAL);
    said_ += std::size_t(got);
  }

 private:
  std::size_t most_, said_ = 0;
  std::uint16_t there_, port_ = 0;
  int door_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), client_ = -1, server_ = -1;
  bool left_ = false;
};

}  // namespace glasspost::ui

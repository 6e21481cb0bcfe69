// A DNS server and a web server of our own, on this machine: what a search for settings asks.
#pragma once

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/base/text.h"
#include "protocol/endpoint.h"

namespace glasspost::app {

constexpr unsigned dns_a = 1, dns_mx = 15, dns_srv = 33;  // RFC 1035 section 3.2.2, RFC 2782

inline int loopback_socket(int type, std::uint16_t& port) {
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

inline std::string u16(unsigned value) { return {char(value >> 8), char(value & 0xff)}; }
inline std::string dns_name(std::string_view name) {
  std::string out;
  for (const std::string_view label : split(name, '.'))
    if (!label.empty()) out += char(label.size()) + std::string(label);
  return out + '\0';
}
inline std::string srv(unsigned priority, unsigned weight, unsigned port, std::string_view host) { return u16(priority) + u16(weight) + u16(port) + dns_name(host); }
inline std::string mx(unsigned preference, std::string_view host) { return u16(preference) + dns_name(host); }

// Answers over UDP: RFC 1035. What it does not have is NXDOMAIN; silent, it says nothing.
class DnsServer {
 public:
  ~DnsServer() { ::close(socket_); }
  std::map<std::pair<std::string, unsigned>, std::vector<std::string>> records;  // name and type: RDATA
  bool silent = false;
  unsigned silent_about = 0;  // a type of which it says nothing, ever; 0: there is none
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
      if (silent || type == silent_about) continue;
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
  bool silent = false;  // takes connections and says nothing
  std::size_t connections() const { return clients_.size(); }  // ever
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
      if (silent) break;
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

}  // namespace glasspost::app

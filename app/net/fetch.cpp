#include "app/net/fetch.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "app/net/resolve.h"
#include "protocol/base/text.h"
#include "protocol/endpoint.h"

namespace glasspost::app {
namespace {

using boost::asio::ip::tcp;
using Result = tl::expected<std::string, std::string>;

constexpr std::size_t largest = 256 * 1024;

// HTTP/1.0, RFC 1945: the answer ends where the connection does, so no length and no chunks need to be understood.
class Get final : public Session {
 public:
  Get(std::string_view host, std::string_view path) : output_(fmt::format("GET {} HTTP/1.0\r\nHost: {}\r\nAccept: text/xml, application/xml\r\n\r\n", path, host)) {}

  void receive(std::string_view octets, Instant) override {
    if (answer_.size() + octets.size() > largest) too_large_ = true;
    else answer_ += octets;
  }
  void receive_eof(Instant) override { ended_ = true; }
  std::string take_output() override { return std::exchange(output_, {}); }
  bool wants_close() const override { return ended_ || too_large_; }

  bool over() const { return ended_ || too_large_ || whole(); }
  Result result() const {
    if (too_large_) return tl::unexpected(std::string("the file is larger than 256 kB"));
    const std::size_t head = answer_.find("\r\n\r\n");
    if (!answer_.starts_with("HTTP/1.") || head == answer_.npos) return tl::unexpected(std::string("no HTTP answer"));
    const std::string status = answer_.substr(9, std::min(answer_.find("\r\n"), std::size_t{80}) - 9);
    if (!status.starts_with("200")) return tl::unexpected(status);
    return answer_.substr(head + 4);
  }

 private:
  // Servers that keep the connection open all the same say how long the file is.
  bool whole() const {
    const std::size_t head = answer_.find("\r\n\r\n");
    if (head == answer_.npos) return false;
    const std::string lower = to_lower(std::string_view(answer_).substr(0, head + 2));
    const std::size_t at = lower.find("\r\ncontent-length:");
    if (at == lower.npos) return false;
    const std::size_t begin = at + 17;
    const auto length = to_u32(trim(std::string_view(lower).substr(begin, lower.find("\r\n", begin) - begin)));
    return length && answer_.size() >= head + 4 + *length;
  }

  std::string output_, answer_;
  bool ended_ = false, too_large_ = false;
};

Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

}  // namespace

class Fetch::Inner {
 public:
  explicit Inner(FetchSettings wanted)
      : settings(std::move(wanted)), get(settings.host, settings.path), lookup(settings.address.empty() ? settings.host : settings.address) {}

  std::optional<Result> poll() {
    if (over) return std::nullopt;
    auto result = step();
    if (!result && std::chrono::steady_clock::now() - begun > settings.limit) result = tl::unexpected("no answer within " + duration_text(settings.limit));
    over = result.has_value();
    return result;
  }

 private:
  std::optional<Result> step() {
    if (!connecting) {
      if (!lookup.poll()) return std::nullopt;
      const auto& found = lookup.answer();
      if (!found) return tl::unexpected(found.error());
      if (found->empty()) return tl::unexpected(std::string("no address"));
      addresses = *found;
      connect();
    }
    io.restart();
    io.poll();
    if (!connected) return std::nullopt;
    if (!endpoint) {
      if (*connected) {
        if (next >= addresses.size()) return tl::unexpected(connected->message());
        connect();
        return std::nullopt;
      }
      begin();
    }
    return talk();
  }

  void connect() {
    boost::system::error_code problem;
    const tcp::endpoint target(boost::asio::ip::make_address(addresses[next++], problem), settings.port);
    connecting = true;
    connected.reset();
    socket.close(problem);
    socket.async_connect(target, [this](boost::system::error_code result) { connected = result; });
  }

  void begin() {
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    Endpoint::Settings wanted;
    wanted.tls = TlsMode::implicit;
    wanted.context = settings.context;
    wanted.server_name = settings.host;
    wanted.records = false;
    wanted.require_trust = true;
    endpoint = std::make_unique<Endpoint>(std::move(wanted), get, trace, now());
  }

  std::optional<Result> talk() {
    boost::system::error_code problem;
    char buffer[16384];
    for (int i = 0; i < 32; ++i) {
      out += endpoint->take_wire(now());
      while (!out.empty()) {
        const std::size_t sent = socket.write_some(boost::asio::buffer(out), problem);
        out.erase(0, sent);
        if (problem) break;
      }
      if (endpoint->failed()) return tl::unexpected(endpoint->failure());
      if (get.over()) return get.result();
      const std::size_t octets = socket.read_some(boost::asio::buffer(buffer), problem);
      if (problem == boost::asio::error::would_block || problem == boost::asio::error::try_again) return std::nullopt;
      if (octets > 0) {
        endpoint->receive_wire({buffer, octets}, now());
        continue;
      }
      endpoint->receive_eof(now());
      if (endpoint->failed()) return tl::unexpected(endpoint->failure());
      return get.result();
    }
    return std::nullopt;
  }

  FetchSettings settings;
  Get get;
  Trace trace;  // of nothing: no records are made
  Lookup lookup;
  std::vector<std::string> addresses;
  std::size_t next = 0;
  boost::asio::io_context io{1};
  tcp::socket socket{io};
  std::optional<boost::system::error_code> connected;
  std::unique_ptr<Endpoint> endpoint;
  std::string out;
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
  bool connecting = false, over = false;
};

Fetch::Fetch(FetchSettings settings) : inner_(std::make_unique<Inner>(std::move(settings))) {}
Fetch::~Fetch() = default;
std::optional<tl::expected<std::string, std::string>> Fetch::poll() { return inner_->poll(); }

}  // namespace glasspost::app

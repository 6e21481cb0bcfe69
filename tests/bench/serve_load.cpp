// Loads a mail server over loopback and says how much it did a second:
//   serve_load smtp PORT CONNECTIONS SECONDS RECIPIENT
//   serve_load imap PORT CONNECTIONS SECONDS USER PASSWORD
// SMTP: letters of 2 kB, commands pipelined as RFC 2920 allows. IMAP: one command after the other over a mailbox that
// holds 100 letters of 2 kB: NOOP, FETCH of flags, of an envelope and of a body, STORE, SEARCH, STATUS.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int letters = 100;

std::string letter() {
  std::string text = "From: a@example.test\r\nTo: bob@example.test\r\nSubject: load\r\nMessage-ID: <1@example.test>\r\n\r\n";
  while (text.size() < 2000) text += "All work and no play makes Jack a dull boy, says the proverb.\r\n";
  return text;
}

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) throw std::runtime_error("cannot connect");
    const int yes = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  }
  virtual ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  int socket() const { return socket_; }
  void hear() {
    char octets[65536];
    const ssize_t got = ::recv(socket_, octets, sizeof octets, 0);
    if (got <= 0) throw std::runtime_error("the server has closed the connection: " + in_);
    in_.append(octets, std::size_t(got));
    for (bool more = true; more;) more = take();
  }
  std::uint64_t done = 0;  // letters, commands

 protected:
  void say(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t went = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (went <= 0) throw std::runtime_error("cannot send");
      text.remove_prefix(std::size_t(went));
    }
  }
  // A line, with its CRLF; empty: it has not come yet.
  std::string line() {
    const auto end = in_.find('\n');
    if (end == in_.npos) return {};
    std::string out = in_.substr(0, end + 1);
    in_.erase(0, end + 1);
    return out;
  }
  virtual bool take() = 0;
  std::string in_;

 private:
  int socket_;
};

class Smtp final : public Client {
 public:
  Smtp(std::uint16_t port, const std::string& recipient)
      : Client(port),
        envelope_(fmt::format("MAIL FROM:<a@example.test>\r\nRCPT TO:<{}>\r\nDATA\r\n", recipient)),
        content_(letter() + ".\r\n") {}

 private:
  bool take() override {
    const std::string reply = line();
    if (reply.empty()) return false;
    if (reply[0] != '2' && reply[0] != '3') throw std::runtime_error(reply);
    if (reply[3] == '-') return true;
    switch (step_++) {
      case 0: say("EHLO load.example\r\n"); break;
      case 4: say(content_); break;  // after 250, 250, 250, 354
      case 5: ++done; [[fallthrough]];
      case 1: step_ = 2, say(envelope_); break;
      default: break;
    }
    return true;
  }
  std::string envelope_, content_;
  int step_ = 0;
};

class Imap final : public Client {
 public:
  Imap(std::uint16_t port, std::string user, std::string password, int number)
      : Client(port), user_(std::move(user)), password_(std::move(password)), number_(number) {}

 private:
  // Literals are stepped over by their count, as a client must.
  bool take() override {
    if (literal_ > 0) {
      const std::size_t here = std::min(literal_, in_.size());
      in_.erase(0, here);
      literal_ -= here;
      if (literal_ > 0) return false;
    }
    const std::string text = line();
    if (text.empty()) return false;
    if (text.ends_with("}\r\n")) {
      literal_ = std::strtoull(text.c_str() + text.rfind('{') + 1, nullptr, 10);
    } else if (text.starts_with("x ")) {
      if (!text.starts_with("x OK")) throw std::runtime_error(text);
      if (ready_) ++done;
      next();
    } else if (text.starts_with("* OK") && step_ == 0) {
      next();
    } else if (text.starts_with("+")) {
      say(letter() + "\r\n");
    }
    return true;
  }
  void next() {
    const int step = step_++;
    if (step == 0) return say(fmt::format("x LOGIN {} {}\r\n", user_, password_));
    // The first client fills the mailbox; the others open it as it is.
    const int fill = number_ == 0 ? letters : 0;
    if (step <= fill) return say(fmt::format("x APPEND INBOX {{{}}}\r\n", letter().size()));
    if (step == fill + 1) return say("x SELECT INBOX\r\n");
    ready_ = true;
    const int one = 1 + (step * 7 + number_ * 13) % letters;
    switch (step % 7) {
      case 0: return say("x NOOP\r\n");
      case 1: return say(fmt::format("x FETCH {} (UID FLAGS)\r\n", one));
      case 2: return say(fmt::format("x FETCH {} (ENVELOPE BODYSTRUCTURE)\r\n", one));
      case 3: return say(fmt::format("x UID FETCH {} BODY.PEEK[]\r\n", one));
      case 4: return say(fmt::format("x STORE {} {}FLAGS.SILENT (\\Flagged)\r\n", one, step % 2 ? '+' : '-'));
      case 5: return say("x SEARCH UNSEEN FLAGGED\r\n");
      default: return say("x STATUS INBOX (MESSAGES UNSEEN)\r\n");
    }
  }
  std::string user_, password_;
  int number_;
  int step_ = 0;
  bool ready_ = false;
  std::size_t literal_ = 0;
};

void run(std::vector<std::unique_ptr<Client>>& clients, int poll, Clock::time_point until) {
  epoll_event events[64];
  while (Clock::now() < until) {
    const int ready = ::epoll_wait(poll, events, 64, 100);
    for (int i = 0; i < ready; ++i) clients[events[i].data.u32]->hear();
  }
}

std::uint64_t total(const std::vector<std::unique_ptr<Client>>& clients) {
  std::uint64_t sum = 0;
  for (const auto& client : clients) sum += client->done;
  return sum;
}

int load(const std::vector<std::string>& words) {
  if (words.size() < 5) throw std::runtime_error("usage: serve_load smtp|imap PORT CONNECTIONS SECONDS RECIPIENT|USER [PASSWORD]");
  const auto port = std::uint16_t(std::stoi(words[1]));
  const int connections = std::stoi(words[2]);
  const auto seconds = std::chrono::seconds(std::stoi(words[3]));
  std::vector<std::unique_ptr<Client>> clients;
  const int poll = ::epoll_create1(0);
  const auto add = [&](std::unique_ptr<Client> client) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = std::uint32_t(clients.size());
    ::epoll_ctl(poll, EPOLL_CTL_ADD, client->socket(), &event);
    clients.push_back(std::move(client));
  };
  for (int i = 0; i < connections; ++i) {
    if (words[0] == "smtp") add(std::make_unique<Smtp>(port, words[4]));
    else add(std::make_unique<Imap>(port, words[4], words.at(5), i));
    // The mailbox is full before the others come.
    while (words[0] == "imap" && i == 0 && total(clients) == 0) run(clients, poll, Clock::now() + std::chrono::milliseconds(100));
  }
  run(clients, poll, Clock::now() + std::chrono::milliseconds(500));  // warm
  const auto before = total(clients);
  const auto began = Clock::now();
  run(clients, poll, began + seconds);
  const double took = std::chrono::duration<double>(Clock::now() - began).count();
  fmt::print("{:.0f}\n", double(total(clients) - before) / took);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return load({argv + 1, argv + argc});
  } catch (const std::exception& problem) {
    fmt::print(stderr, "serve_load: {}\n", problem.what());
    return 1;
  }
}

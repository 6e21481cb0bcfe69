// The world outside, as the model sees it: real servers to talk to, doors for real programs. app/net implements them; a model
// without has neither. Nothing here waits: what takes time is polled once a frame.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "app/model/providers.h"
#include "protocol/conversation.h"
#include "protocol/kinds.h"
#include "protocol/tls/facts.h"
#include "protocol/trace.h"
#include "sim/scenario.h"

namespace glasspost::app {

// What is waited for outside. While none of these can be read or written and that time has not gone by, poll() has nothing to do.
struct Waits {
  struct Descriptor {
    int number = -1;
    bool reads = true, writes = false;
    friend bool operator==(const Descriptor&, const Descriptor&) = default;
  };
  std::vector<Descriptor> descriptors;
  std::optional<Duration> at_most;  // none: for ever
  void add(const Waits& other);
};
inline constexpr Duration a_moment = std::chrono::milliseconds{50};  // for what cannot say what it waits for

class Doors {
 public:
  struct Door {
    std::string name;  // "submission"
    Protocol protocol;
    TlsMode tls;
    std::uint16_t port = 0;
    int inside = 0;
  };
  virtual ~Doors() = default;
  virtual const Trace& trace() const = 0;
  virtual const std::vector<Door>& doors() const = 0;
  virtual std::string authority_file() const = 0;
  // Everybody's addresses are in it, whatever the story says: "bob@example.org". Empty: as the story has them.
  virtual std::string domain() const { return {}; }
  virtual std::size_t letters_of(std::string_view) const { return 0; }  // in the INBOX of "bob"
  virtual bool poll() = 0;  // true: something happened. It takes a few milliseconds at most, however much there is to do
  virtual Waits waits() const { return {{}, a_moment}; }
};

// How a real server is to be met.
struct LiveWish {
  std::string url;                  // "imaps://ann@mail.example.com"; with a user: that one logs in
  bool steps = false;               // every line waits in held() until it is released
  std::string secret_command = {};  // prints the password, or the token; empty: the person is asked
  bool token = false;               // the secret is an OAuth token: OAUTHBEARER (RFC 7628) or XOAUTH2
  // The fingerprint (CertificateFacts) of the one certificate that is taken although it is not trusted.
  std::string accepted_certificate = {};
  friend bool operator==(const LiveWish&, const LiveWish&) = default;
};

enum class LiveStep : std::uint8_t { name, connect, tls, greeting, login, command };
inline constexpr std::size_t live_step_count = 6;
// The end of a key in assets/strings.
constexpr std::string_view name_of(LiveStep step) {
  switch (step) {
    case LiveStep::name: return "name";
    case LiveStep::connect: return "connect";
    case LiveStep::tls: return "tls";
    case LiveStep::greeting: return "greeting";
    case LiveStep::login: return "login";
    case LiveStep::command: return "command";
  }
  return {};
}

struct LiveProgress {
  enum class State : std::uint8_t { to_come, doing, done, failed };
  LiveStep step;
  State state = State::to_come;
  Duration took{};  // done, failed: since the step before it was done
};

// What read-only mode has kept from going out.
struct HeldBack {
  std::string line;         // as typed
  std::string command;      // "UID STORE"
  std::string alternative;  // a whole line that asks without changing; empty: there is none
  bool sends_mail = false;
};

// One connection to a real server. Its words are in the trace.
class LiveLine {
 public:
  virtual ~LiveLine() = default;
  virtual const Trace& trace() const = 0;
  virtual ConnectionId connection() const = 0;
  virtual const LiveWish& wish() const = 0;
  virtual std::string host() const = 0;                  // as asked for
  virtual std::vector<std::string> addresses() const = 0;  // what its name stands for; empty before that is known
  virtual std::vector<LiveProgress> progress() const = 0;  // in the order in which they come
  virtual std::string status() const = 0;  // a sentence: which step, or what failed
  // After a failure: what it means, and what to do about it, in order. Either may be empty.
  virtual std::string meaning() const = 0;
  virtual std::vector<std::string> remedies() const = 0;
  // The certificate that ended it, and the chain behind it; null: that was not why.
  virtual const TlsFacts* distrusted() const { return nullptr; }
  virtual bool failed() const = 0;
  virtual bool is_open() const = 0;        // lines may be typed
  virtual bool is_over() const = 0;
  virtual void type(std::string_view line) = 0;
  // What must not be kept or shown if it is typed now: a password, an answer to a challenge.
  virtual bool is_secret(std::string_view line) const = 0;
  virtual void hang_up() = 0;
  virtual bool poll() = 0;
  virtual Waits waits() const { return {{}, a_moment}; }

  // Who is to log in, while the password is waited for.
  virtual std::optional<std::string> asks_secret_of() const { return std::nullopt; }
  virtual void give_secret(std::string) {}

  virtual bool read_only() const { return true; }
  virtual void allow_changes(bool) {}
  virtual const HeldBack* held_back() const { return nullptr; }

  // Step by step: what goes out next, and the conversation as it would be then. Null: nothing is held.
  virtual const Conversation* held() const { return nullptr; }
  virtual bool held_is_typed() const { return false; }  // by the person: it can be edited
  virtual std::string_view held_line() const { return {}; }
  virtual void release() {}
  virtual void drop_held() {}
};

// Where the settings of an address are looked for, in this order; the first that answers wins.
enum class DiscoveryKind : std::uint8_t { srv, table, mx, autoconfig };

struct DiscoveryStep {
  enum class State : std::uint8_t { to_come, doing, found, nothing, failed, asks_leave };
  DiscoveryKind kind;
  State state = State::to_come;
  Duration took{};
  std::vector<std::string> said = {};       // what was asked and what came: "_imaps._tcp.example.com  SRV  0 1 993 imap.example.com"
  std::vector<FoundServer> servers = {};
};

// The search for the servers of one address. Only the domain leaves this computer, never the name before the @.
class Discovery {
 public:
  virtual ~Discovery() = default;
  virtual const std::string& address() const = 0;  // as typed: "ann@example.com"
  virtual const std::vector<DiscoveryStep>& steps() const = 0;
  virtual bool is_over() const = 0;
  virtual bool poll() = 0;
  virtual Waits waits() const { return {{}, a_moment}; }
  virtual void allow_autoconfig(bool) = 0;  // the answer to asks_leave
};

// How the model gets them: handed in by main, null in tests that need none.
class Outside {
 public:
  virtual ~Outside() = default;
  virtual tl::expected<std::unique_ptr<Doors>, std::string> open_doors(const sim::Scenario&) = 0;
  virtual tl::expected<std::unique_ptr<LiveLine>, std::string> connect(const LiveWish&) = 0;
  virtual std::unique_ptr<Discovery> discover(const std::string& address, const std::vector<Provider>&) {
    (void)address;
    return nullptr;
  }
  virtual void copy(std::string_view text) = 0;
  // Calls wake(), from another thread and at most once, when something is to be polled; a later call takes the place of this one.
  // Without it whoever asks must poll every now and then.
  virtual void watch(const Waits&, std::function<void()> wake) { (void)wake; }
  virtual void speak(Language) {}  // the language of its sentences from here on
};

}  // namespace glasspost::app

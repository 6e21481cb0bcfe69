// How a live connection begins when more is wanted than the greeting: hello, STARTTLS, login, said by the protocols' own
// client sessions. When they are done, the line is the person's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/net/live_address.h"
#include "app/net/live_faults.h"
#include "protocol/sasl/mechanism.h"
#include "protocol/session.h"

namespace glasspost::app {

enum class StartTls : std::uint8_t { never, attempt, require };

class Opening {
 public:
  virtual ~Opening() = default;
  virtual Session& session() = 0;
  // Takes in what the session has learned. True: done, the person may go on.
  virtual bool work() = 0;
  // The login is next, and could be made: it waits for the password or the token.
  bool wants_secret() const { return wants_secret_; }
  void give_secret(std::string secret) {
    if (!std::exchange(wants_secret_, false)) return;
    log_in(std::move(secret));
  }
  LiveStep step() const { return step_; }
  const std::optional<LiveFault>& fault() const { return fault_; }

 protected:
  virtual void log_in(std::string secret) = 0;
  void fail(LiveFault fault) {
    if (!fault_) fault_ = std::move(fault);
  }
  void fail(LiveStep step, std::string key, std::vector<std::pair<std::string, std::string>> names) { fail(LiveFault{step, std::move(key), std::move(names)}); }
  LiveStep step_ = LiveStep::greeting;
  std::optional<LiveFault> fault_;
  bool wants_secret_ = false;
};

struct OpeningSettings {
  LiveAddress address;  // its user, if any, logs in
  StartTls starttls = StartTls::never;
  // With StartTls::never and no implicit TLS it is said in clear: that was asked for. With `attempt` it never is.
  std::string password;
  bool secret_follows = false;  // the password, or the token, comes by give_secret()
  bool token = false;           // it is an OAuth token
  std::optional<sasl::Mechanism> mechanism = {};  // this and no other; none: the strongest that is offered
};
// Null if nothing but the greeting is to be waited for.
std::unique_ptr<Opening> make_opening(OpeningSettings, Instant now);

}  // namespace glasspost::app

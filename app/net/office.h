// A post office for real mail programs: users and their mailboxes, a certificate, the services that are wanted behind a
// Listener, and the trace of everything that is said. What `glasspost serve` runs, and what the window's open doors are.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "app/net/listener.h"
#include "protocol/flaws.h"
#include "protocol/imap/extensions.h"
#include "protocol/tls/context.h"
#include "sim/services/smtp.h"
#include "sim/store/store.h"
#include "sim/store/users.h"

namespace glasspost::app {

class Maildir;

enum class OfficeService : std::uint8_t { smtp, submission, submissions, imap, imaps, pop3, pop3s, lmtp };
struct OfficeServiceRow {
  OfficeService service;
  std::string_view name;
  Protocol protocol;
  TlsMode tls;
  std::uint16_t usual_port;
};
const std::vector<OfficeServiceRow>& office_services();  // in the enumeration's order

// Why an office cannot be opened.
struct OfficeFault {
  enum class At : std::uint8_t { user, token, certificate, maildir, port };
  At at;
  std::string what;        // the user, the service
  std::uint16_t port = 0;  // port
  std::string reason;
};

class Office {
 public:
  struct Settings {
    std::string address = "127.0.0.1";
    std::string domain = "example.test";
    std::vector<std::pair<OfficeService, std::uint16_t>> ports;  // 0: the kernel chooses
    std::vector<std::pair<std::string, std::string>> users;      // name, password
    std::optional<std::string> any_user_password;  // whoever logs in with it, or gets mail, has a mailbox
    std::vector<std::pair<std::string, std::string>> tokens;     // name, OAuth token; none: OAUTHBEARER and XOAUTH2 are not offered
    std::string certificates_pem, key_pem;         // empty: an authority of its own issues one
    std::string clients_pem;                       // who vouches for clients' certificates: EXTERNAL; empty: none is asked for
    bool allow_plaintext_auth = false;
    std::uint64_t max_message_size = 100'000'000;
    sim::Quota quota = {};                         // of each user
    imap::ExtensionSet extensions = imap::ExtensionSet::everything();  // of IMAP, that are offered
    std::string maildir;                           // empty: in memory only
    bool records = true;
    Flaws flaws = {};                              // faults that were asked for
    std::size_t trace_limit = std::size_t{256} * 1024 * 1024;
    std::size_t most_connections = 1000;
    // Of letters that are being sent here, over all connections; a largest letter always fits.
    std::uint64_t most_under_way = std::uint64_t{512} * 1024 * 1024;
    std::function<void(std::string_view sentence)> tell = nullptr;  // a disk fails, a file is odd: a line for a person
    std::function<void()> tell_of_forgetting = nullptr;             // the trace is full for the first time
  };
  // Everything listens when it returns.
  static tl::expected<std::unique_ptr<Office>, OfficeFault> open(Settings);
  ~Office();
  Office(const Office&) = delete;
  Office& operator=(const Office&) = delete;

  Listener& listener() { return *listener_; }
  const Trace& trace() const { return trace_; }
  const std::string& domain() const { return settings_.domain; }
  sim::Store& store() { return *store_; }
  // What clients must trust; empty if the certificate came from outside.
  const std::string& authority_pem() const { return authority_pem_; }

 private:
  explicit Office(Settings);
  tl::expected<void, OfficeFault> add_users();
  tl::expected<void, OfficeFault> make_tls();
  void make_logins();
  tl::expected<void, OfficeFault> make_store();
  tl::expected<void, OfficeFault> open_port(OfficeService, std::uint16_t port);
  std::uint64_t written();

  Settings settings_;
  std::string host_name_;
  Trace trace_;
  sim::Users users_;
  std::shared_ptr<TlsLibrary> library_;
  std::unique_ptr<TlsContext> tls_;
  sim::Logins logins_;
  std::string authority_pem_;
  std::unique_ptr<Maildir> maildir_;
  std::unique_ptr<sim::Store> store_;
  std::unique_ptr<sim::MailboxPostmaster> postmaster_;
  sim::LettersUnderWay under_way_;
  std::vector<std::unique_ptr<sim::Service>> services_;
  std::unique_ptr<Listener> listener_;  // goes first: its peers speak to all of the above
  bool told_of_forgetting_ = false;
};

}  // namespace glasspost::app

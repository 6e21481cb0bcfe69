// The client's side of POP3. It greets, asks for capabilities, goes over to TLS as its settings say, logs in, and then
// says what it is told; poll() hands out what came back. Commands are pipelined if the server offers it.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/base/framer.h"
#include "protocol/pop3/command.h"
#include "protocol/pop3/reply.h"
#include "protocol/sasl/mechanism.h"
#include "protocol/session.h"

namespace glasspost::pop3 {

enum class StlsPolicy : std::uint8_t {
  require,  // no STLS, or a refused one: the session fails before anything secret is said
  attempt,  // used if it is offered
  never,
};
enum class LoginChoice : std::uint8_t { automatic, user_pass, apop, sasl };

struct ClientSettings {
  TlsMode tls = TlsMode::starttls;
  StlsPolicy stls = StlsPolicy::require;   // with TlsMode::starttls
  bool allow_plaintext_login = false;      // false: no password leaves without TLS (APOP's digest may, and SCRAM's proof)
  bool strongest_login = false;            // inside TLS too, what keeps the password off the wire before what does not
  bool binds_unasked = true;  // false: a -PLUS mechanism is taken only if `mechanism` names it
  std::optional<sasl::Mechanism> mechanism;  // this and no other
  bool password_is_token = false;          // OAUTHBEARER or XOAUTH2
  std::string nonce;                       // SCRAM: printable, no comma, and nobody can guess it; empty: no SCRAM
  std::string host;                        // OAUTHBEARER: where it is connected to
  std::uint16_t port = 0;
  std::uint64_t message_limit = 128 * 1024 * 1024;  // octets of one retrieved message
  std::uint32_t list_limit = 1'000'000;    // lines of any other multi-line reply
  Duration timeout = 2min;                 // without a word from the server while a reply is due
};

// The greeting was read; CAPA and STLS are done as far as the settings want them.
struct Ready {
  std::vector<Capability> capabilities;    // empty: the server does not know CAPA
  bool apop = false;                       // the greeting had a timestamp
  bool tls = false;
};
struct LoggedIn {};
struct DropAnswer { Drop drop; };
struct ListAnswer { std::vector<ScanListing> messages; };          // LIST, and LIST n (one entry)
struct UniqueIdAnswer { std::vector<UniqueIdListing> messages; };  // UIDL, and UIDL n (one entry)
struct LanguageAnswer { std::vector<LanguageListing> languages; };  // LANG
struct CapabilityAnswer { std::vector<Capability> capabilities; };
struct MessageAnswer {
  std::uint32_t number = 0;
  bool top = false;
  std::string message;                     // unstuffed, CRLF line ends
};
struct Done { Verb verb; std::uint32_t number = 0; };              // DELE n, NOOP, RSET, QUIT, UTF8, LANG x
// -ERR. A refused login is verb USER, PASS, APOP or AUTH; another login may be tried.
struct Refused {
  Verb verb;
  std::uint32_t number = 0;
  std::string code, text;
};
// The session is over: what the server said was no POP3, or what the settings demand could not be had.
struct Failed {
  enum class Why : std::uint8_t { greeting, no_stls, stls_refused, injected, no_login_method, server_unproved, syntax, too_long,
                                  too_many, closed, timeout };
  Why why;
  std::string detail;                      // the server's words, or what was expected
};
using ClientEvent = std::variant<Ready, LoggedIn, DropAnswer, ListAnswer, UniqueIdAnswer, LanguageAnswer, CapabilityAnswer,
                                 MessageAnswer, Done, Refused, Failed>;

class ClientSession final : public Session {
 public:
  ClientSession(ClientSettings, Instant now);

  void receive(std::string_view octets, Instant now) override;
  void receive_eof(Instant now) override;
  std::string take_output() override;
  TlsWish tls_wish() const override { return tls_wish_; }
  void tls_established(const TlsFacts&) override;
  bool wants_close() const override { return closing_; }
  std::optional<Instant> deadline() const override;
  void on_deadline(Instant now) override;

  std::optional<ClientEvent> poll();

  // After Ready; each brings one event. Nothing is said, and the session fails, if no way to log in is left: a password with
  // CR, LF or NUL in it, no TLS where passwords need it, a server that offers none of what was chosen.
  void login(std::string_view user, std::string_view password, LoginChoice = LoginChoice::automatic);
  // After LoggedIn.
  void stat();
  void list(std::optional<std::uint32_t> number = std::nullopt);
  void uidl(std::optional<std::uint32_t> number = std::nullopt);
  void retr(std::uint32_t number);
  void top(std::uint32_t number, std::uint32_t lines);
  void dele(std::uint32_t number);
  void noop();
  void rset();
  void utf8();                                            // before the login, and after STLS: RFC 6856 section 2.1
  void lang(std::string_view tag = {});                   // "es", "*"; empty: which there are
  void capa();  // whenever nothing else is going on before the login, or after it
  void quit();

 private:
  enum class Step : std::uint8_t { greeting, capa, stls, handshake, ready, login, transaction, over };
  struct Expected {
    Command command;
    bool own = false;  // said on the way to Ready: its reply is no event
  };

  void say(Command, bool own = false);
  void send_more();
  void take_line(const Line&);
  void take_greeting(std::string_view line);
  void take_status(std::string_view line);
  void take_challenge(std::string_view line);
  void take_item(const Line&);
  void take_single(const Expected&, const StatusLine&);
  void finish_list();
  void refused(const Expected&, const StatusLine&);
  void login_by_sasl(sasl::Mechanism, std::string user, std::string password);
  std::optional<sasl::Mechanism> sasl_mechanism() const;
  void capabilities_known(bool answered);
  void become_ready();
  void logged_in();
  void fail(Failed::Why, std::string_view detail);
  bool offers(std::string_view capability, std::string_view value = {}) const;
  bool may_send_password() const {
    return tls_up_ || settings_.tls == TlsMode::implicit || settings_.allow_plaintext_login;
  }

  ClientSettings settings_;
  LineFramer framer_;
  std::string output_;
  Step step_ = Step::greeting;
  bool tls_up_ = false, closing_ = false;
  bool in_list_ = false;  // inside a multi-line reply to expected_.front()
  TlsWish tls_wish_ = TlsWish::none;
  std::string timestamp_, user_, password_;
  std::optional<sasl::ClientExchange> exchange_;
  std::optional<ChannelBinding> binding_;
  bool capa_known_ = false;
  std::vector<Capability> capabilities_;
  std::deque<Expected> queued_, expected_;
  std::deque<ClientEvent> events_;
  std::string message_;
  std::vector<ScanListing> scan_;
  std::vector<UniqueIdListing> ids_;
  std::vector<LanguageListing> languages_;
  std::vector<Capability> listed_;
  std::uint32_t items_ = 0;
  Instant last_heard_;
};

}  // namespace glasspost::pop3

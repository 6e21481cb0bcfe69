// The server's side of POP3, RFC 1939. The service owns the maildrops and answers the session's events; the session
// keeps the protocol: states, marks, limits, dot-stuffing. Deletion marks live here, and leave only with an Update.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/base/framer.h"
#include "protocol/flaws.h"
#include "protocol/machine.h"
#include "protocol/pop3/command.h"
#include "protocol/sasl/mechanism.h"
#include "protocol/session.h"

namespace glasspost::pop3 {

struct ServerSettings {
  std::string greeting = "POP3 server ready";  // words for people, without CR and LF
  std::string timestamp;                 // "<1896.697170952@example.org>", new for each connection; empty: no APOP
  std::string implementation;            // what CAPA says behind IMPLEMENTATION; empty: nothing
  bool utf8 = false;                     // UTF8 is offered: the service refuses what needs it from who has not said it
  bool languages = false;                // LANG is offered: English and Spanish
  Duration login_delay{};                // what CAPA says of LOGIN-DELAY, for the service to keep; 0: nothing
  TlsMode tls = TlsMode::starttls;       // starttls: STLS is offered
  bool allow_plaintext_login = false;    // what shows a password, without TLS too: USER, PASS, AUTH PLAIN; never needed for APOP
  std::vector<sasl::Mechanism> mechanisms = {sasl::Mechanism::plain};  // of AUTH
  std::string nonce, salt_seed;          // SCRAM, CRAM-MD5: see smtp::ServerSettings; no nonce: neither is offered
  Duration autologout = 10min;           // RFC 1939 section 3: at least ten minutes
  std::uint32_t bad_command_limit = 20;  // in a row; then the connection is closed
  std::uint32_t login_limit = 5;         // failed logins; then the connection is closed
  Flaws flaws = {};                      // faults that were asked for
};

// One message of a maildrop, as it is when the maildrop is opened. It keeps its place until the session ends.
struct MaildropEntry {
  std::uint64_t octets = 0;  // of the message as stored, with CRLF line ends
  std::string unique_id;     // RFC 1939 section 7, UIDL: 1 to 70 octets 0x21 to 0x7E, the same in every session
};

enum class LoginMethod : std::uint8_t { user_pass, apop, sasl };

// Answer with open() or refuse(); one by SASL with decide_login().
struct LoginAttempt {
  LoginMethod method = LoginMethod::user_pass;
  std::string user;
  std::string password;      // user_pass, sasl with PLAIN or LOGIN
  std::string digest;        // apop: of `timestamp` and the password
  std::string timestamp;
  std::string authorize_as;  // sasl: on whose behalf; usually empty
  sasl::Attempt sasl = {};

  // In constant time. An empty password proves nothing.
  bool proves(std::string_view password_on_file) const;
};
// A login by SASL that was found good has been told so, as far as it had to be. Answer with open() or refuse().
struct LoginConfirmed {
  std::string user;
};
// RETR or TOP. Answer with give() or fail_retrieval().
struct RetrieveRequest {
  std::uint32_t number;                     // counts from 1
  std::optional<std::uint32_t> top_lines;   // TOP: the headers and so many lines of the body are wanted
};
// QUIT in the transaction state. Answer with updated() or update_failed(). Delete, then release the maildrop.
struct UpdateRequest {
  std::vector<std::uint32_t> deleted;  // numbers, ascending
};
// The connection ended with an open maildrop and without QUIT: release it, and delete nothing. Wants no answer.
struct Abandoned {};
// Flaw::dele_at_once alone: this message goes now. Wants no answer.
struct DeletedAtOnce {
  std::uint32_t number;
};
using ServerEvent = std::variant<LoginAttempt, LoginConfirmed, RetrieveRequest, UpdateRequest, Abandoned, DeletedAtOnce>;

// Why a login is refused: the response code that says so (RFC 2449 section 8.1, RFC 3206).
enum class Refusal : std::uint8_t { wrong_login, in_use, login_delay, temporary, permanent };

class ServerSession final : public Session {
 public:
  ServerSession(ServerSettings, Instant now);

  void receive(std::string_view octets, Instant now) override;
  void receive_eof(Instant now) override;
  // Commands are held back while more than a megabyte of output waits, and a listing of many messages comes in pieces: call
  // poll() before take_output() each time, and again as long as something comes.
  std::string take_output() override;
  TlsWish tls_wish() const override { return tls_wish_; }
  void tls_established(const TlsFacts&) override;
  bool wants_close() const override { return closing_; }
  std::optional<Instant> deadline() const override;
  void on_deadline(Instant now) override;

  // Carries on with what was received and returns the next event. The event before it must have been answered.
  std::optional<ServerEvent> poll();

  // What sasl::verify() found of an attempt by SASL. A good one brings LoginConfirmed, perhaps after one more answer.
  void decide_login(const sasl::Verdict&);
  void open(std::vector<MaildropEntry>);          // the login is good, and the maildrop is locked for this session
  void refuse(Refusal, std::string_view text);    // text: words for people, "maildrop already locked"
  void give(std::string_view message);            // the whole message as stored; the session cuts and stuffs it
  void fail_retrieval(std::string_view text);
  void updated();
  void update_failed(std::string_view text);      // "some deleted messages not removed"

  // The service is closing. As after the autologout, nothing is said and nothing is deleted (RFC 1939 section 3): a line
  // that nobody asked for would be taken for the answer to the next command.
  void hang_up() { closing_ = true; }

  StateId state() const { return state_; }        // of pop3_machine()
  bool utf8() const { return utf8_; }             // the client takes UTF-8 in headers
  Language language() const { return language_; } // of words for people
  const std::string& user() const { return user_; }
  bool tls_is_up() const { return tls_up_; }

 private:
  enum class Waiting : std::uint8_t { no, login, retrieval, update };
  enum class Listing : std::uint8_t { none, sizes, unique_ids };

  std::optional<ServerEvent> run_line(const Line&);
  std::optional<ServerEvent> run(const Command&);
  std::optional<ServerEvent> run_in_authorization(const Command&);
  std::optional<ServerEvent> run_in_transaction(const Command&);
  std::optional<ServerEvent> auth(const Command&);
  std::optional<ServerEvent> auth_answer(std::string_view line);
  std::optional<ServerEvent> auth_step(sasl::ServerStep);
  std::optional<ServerEvent> login(LoginAttempt);
  void finish_login();
  void give_up_login();
  std::optional<ServerEvent> end_of_connection();
  void ok(std::string_view text);
  void err(std::string_view text);
  void bad(std::string_view text);  // -ERR, and counted
  void capa();
  void lang(const Command&);
  void utf8_mode();
  void list(const Command&);
  void uidl(const Command&);
  void begin_listing(Listing);
  void go_on_listing();             // as far as the output may grow
  std::vector<std::uint32_t> marked() const;
  bool dele(std::uint32_t number);
  void rset();
  bool here(std::uint32_t number);  // the message exists and is not marked; says -ERR if not
  bool plaintext_login_ok() const {
    return tls_up_ || settings_.tls == TlsMode::implicit || settings_.allow_plaintext_login;
  }
  bool offers(sasl::Mechanism) const;  // and that it may be used now
  bool stls_offered() const { return settings_.tls == TlsMode::starttls && !tls_up_; }

  ServerSettings settings_;
  LineFramer framer_;
  std::string output_;
  StateId state_;
  Waiting waiting_ = Waiting::no;
  bool closing_ = false;
  bool eof_ = false;
  bool tls_up_ = false;
  bool holding_ = false;  // a maildrop is open and not yet handed back by an UpdateRequest or Abandoned
  TlsWish tls_wish_ = TlsWish::none;
  bool utf8_ = false;
  Language language_ = Language::english;
  std::string user_;
  bool user_given_ = false;  // PASS may come: the last command was a good USER
  std::optional<sasl::ServerExchange> exchange_;
  std::optional<sasl::Verdict> verdict_;  // of a login by SASL
  bool confirming_ = false;               // the verdict's last word has been said
  bool confirmed_ = false;                // LoginConfirmed is due
  std::vector<ChannelBinding> bindings_;
  std::vector<std::string> certificate_names_;
  unsigned challenges_ = 0;
  std::vector<MaildropEntry> maildrop_;
  std::vector<bool> deleted_;
  std::uint32_t count_ = 0;   // of messages that are not marked
  std::uint64_t octets_ = 0;
  std::optional<std::uint32_t> top_lines_;
  Listing listing_ = Listing::none;  // is being said
  std::size_t listed_ = 0;           // messages of it
  std::uint32_t bad_commands_ = 0, failed_logins_ = 0;
  Instant last_heard_;
};

}  // namespace glasspost::pop3

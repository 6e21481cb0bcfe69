// The server's side of one IMAP connection: framing, literals, tags, order of commands, login, STARTTLS, IDLE, limits.
// The service owns the mailboxes. It calls poll() until nothing comes, and answers each event before it polls again
// (or later: commands that arrive meanwhile wait):
//
//   Attempt     -> accept_login() or refuse_login()
//   Command     -> any untagged data through write(), then complete() exactly once
//   IdleDone    -> the last news through write(), then complete()
//   Gone        -> the connection is over; nothing is answered
//
// The session itself answers CAPABILITY, STARTTLS, LOGOUT, ID, ENABLE and COMPRESS, everything that cannot be parsed or is not legal
// in the state (imap_machine() decides) or not offered (extensions.h), and IDLE's "+". The service receives all other
// commands of command.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/imap/command.h"
#include "protocol/imap/encode.h"
#include "protocol/imap/framer.h"
#include "protocol/imap/tracker.h"
#include "protocol/sasl/mechanism.h"
#include "protocol/session.h"

namespace glasspost::imap {

struct ServerLimits {
  std::size_t line = 64 * 1024;              // octets of one line, CRLF included
  std::uint64_t append = 100 * 1024 * 1024;  // octets of the message that APPEND brings
  std::uint64_t literal = 64 * 1024;         // octets of any other literal
  std::size_t literals = 64;                 // in one command
  std::uint64_t before_login = 8 * 1024;     // octets of one command, literals included, until someone has logged in
  std::size_t pipelined = 128 * 1024 * 1024;  // octets that may wait behind a command in progress; messages are among them
  int bad_commands = 20;                     // in a row; then BYE
  int failed_logins = 5;                     // then BYE
  GrammarLimits grammar;
};

struct ServerSettings {
  std::string server_name = "localhost";  // in the greeting
  bool starttls = false;                  // TLS can be had: offered while it is not up
  bool tls_from_start = false;            // implicit TLS: the session begins inside it
  bool allow_plaintext_login = false;     // else LOGINDISABLED until TLS is up
  std::vector<sasl::Mechanism> mechanisms = {sasl::Mechanism::plain};  // of AUTHENTICATE
  std::string nonce, salt_seed;           // SCRAM, CRAM-MD5: see smtp::ServerSettings; no nonce: neither is offered
  Duration autologout = 30min;            // RFC 3501 section 5.4: at least 30 minutes
  ExtensionSet extensions = ExtensionSet::everything();  // that are offered, those of them that are there whole
  ServerLimits limits;
};

struct IdleDone {};
enum class GoneReason : std::uint8_t { logout, end_of_input, autologout, refused };
struct Gone { GoneReason reason; };
// Attempt: LOGIN, or AUTHENTICATE with its exchange already done. See sasl::verify().
// The client has heard the last word of a login that was found good: accept_login() or refuse_login().
struct LoginConfirmed {};
using ServerEvent = std::variant<sasl::Attempt, LoginConfirmed, Command, IdleDone, Gone>;

// What the service may say, unasked, at this moment. RFC 3501 sections 5.2, 5.5 and 7.4.1.
enum class Push : std::uint8_t {
  nothing,         // no mailbox is open, or the connection is closing
  not_expunge,     // EXISTS, RECENT, FETCH; but no EXPUNGE: it would renumber what the client is naming
  everything,
};
// By the verb of the command in progress; empty: none. FETCH, STORE, SEARCH, SORT, THREAD bar EXPUNGE, their UID forms do not.
Push push_during(std::string_view verb);

class Server : public Session {
 public:
  Server(ServerSettings, Instant now);  // the greeting is put out at once

  void receive(std::string_view octets, Instant now) override;
  void receive_eof(Instant now) override;
  // Commands are held back while more than a megabyte of output waits: call poll() before take_output() each time.
  std::string take_output() override;
  TlsWish tls_wish() const override;
  CompressionWish compression_wish() const override { return compression_wanted_ ? CompressionWish::start : CompressionWish::none; }
  void compression_started() override { compression_wanted_ = false; }
  void tls_established(const TlsFacts&) override;
  bool wants_close() const override;
  std::optional<Instant> deadline() const override;
  void on_deadline(Instant now) override;

  std::optional<ServerEvent> poll();
  std::size_t unsent() const { return out_.size(); }  // octets that take_output() would give

  // Untagged data, for the command in progress, for IDLE, or pushed when may_push() allows it.
  ResponseWriter write() { return ResponseWriter(out_, utf8()); }
  // The tagged end of the command in progress. The state follows: SELECT with Condition::ok opens the mailbox
  // (read-only for EXAMINE, or if the code is READ-ONLY), CLOSE and UNSELECT close it, a failed SELECT leaves none open.
  void complete(Condition, const Code&, std::string_view text);
  void ok(std::string_view text, const Code& code = {}) { complete(Condition::ok, code, text); }
  void no(std::string_view text, const Code& code = {}) { complete(Condition::no, code, text); }
  void bad(std::string_view text, const Code& code = {}) { complete(Condition::bad, code, text); }

  // What sasl::verify() found of an attempt. True: accept_login() or refuse_login() now. False: the client has to answer first,
  // and LoginConfirmed comes, or it was no login after all.
  bool decide_login(const sasl::Verdict&);
  void accept_login();  // OK with the new capabilities
  void refuse_login();  // NO [AUTHENTICATIONFAILED]; after too many, BYE
  // The service is closing: "* BYE text", then the connection ends.
  void bye(std::string_view text, const Code& code = {});
  // A response is being written in pieces, with output taken in between. If the connection must end meanwhile it does so
  // without a BYE, which would stand in the middle of it.
  void set_mid_response(bool mid) { mid_response_ = mid; }

  // Octets of the command whose literals are being read (or which is in progress), with what they are announced to be; 0:
  // of a small one.
  std::uint64_t awaited_octets() const { return awaited_; }
  // For how many there is room at present: a message that needs more is refused before it is sent. See limits.append.
  void set_append_room(std::uint64_t octets) { append_room_ = octets; }

  // The verb of what was polled and is not yet completed, "UID FETCH"; empty: nothing is.
  std::string_view current() const { return current_ ? current_->verb : std::string_view(); }
  std::string_view current_tag() const { return current_ ? std::string_view(current_->tag) : std::string_view(); }
  Push may_push() const;
  bool idling() const;
  StateId state() const { return tracker_.state(); }  // of imap_machine()
  bool mailbox_open() const { return tracker_.mailbox_open(); }  // perhaps behind IDLE
  std::vector<std::string> capabilities() const;
  bool offers(Extension one) const { return settings_.extensions.has(one); }
  std::uint64_t append_limit() const { return settings_.limits.append; }
  bool enabled(Extension one) const { return enabled_.has(one); }  // by ENABLE
  bool rev2() const { return enabled(Extension::imap4rev2); }
  bool utf8() const { return rev2() || enabled(Extension::utf8_accept); }  // names are UTF-8

 private:
  enum class Wait : std::uint8_t { command, service, auth_response, idle };
  struct Current {
    std::string tag;
    std::string_view verb;  // of the table in machine.cpp
  };
  struct Refusal {
    Condition condition = Condition::bad;
    Code code;
    std::string text;
  };
  std::optional<ServerEvent> take_message();
  std::optional<ServerEvent> take_command(std::string_view text);
  std::optional<ServerEvent> take_auth_response(std::string_view line);
  std::optional<ServerEvent> take_idle_line(std::string_view line);
  std::optional<ServerEvent> dispatch(Command);
  std::optional<ServerEvent> answer_itself(const Command&);
  std::optional<ServerEvent> begin_login(const Login&);
  std::optional<ServerEvent> begin_authenticate(const Authenticate&);
  std::optional<ServerEvent> take_step(sasl::ServerStep);
  bool offers(sasl::Mechanism) const;  // and that it may be used now
  void greet();
  void start_tls();
  void compress();
  void enable(const Enable&);
  void take_literal();
  std::optional<Refusal> objection(std::string_view so_far, std::uint64_t literal) const;
  std::optional<Refusal> illegal(std::string_view verb) const;
  std::optional<Refusal> not_enabled(const CommandBody&) const;
  void refuse(std::string_view tag, const Refusal&);
  void tagged(std::string_view tag, Condition, const Code&, std::string_view text);
  void hang_up(GoneReason, const Code&, std::string_view text);
  std::size_t line_limit() const;
  bool logged_in() const { return state() != not_authenticated; }
  bool may_say_password() const { return tls_ || settings_.allow_plaintext_login; }

  ServerSettings settings_;
  Framer framer_;
  Tracker tracker_;
  ExtensionSet enabled_;
  std::string in_;               // arrived, not yet framed
  std::size_t in_begin_ = 0;
  std::string out_;
  std::optional<Current> current_;
  std::optional<sasl::ServerExchange> exchange_;
  std::optional<sasl::Verdict> verdict_;  // its last word has been said
  std::vector<ChannelBinding> bindings_;
  std::vector<std::string> certificate_names_;
  unsigned challenges_ = 0;
  std::optional<Refusal> refusal_;  // of the command that is being framed; its literals are skipped
  std::size_t literals_ = 0;        // in the command that is being framed
  std::uint64_t awaited_ = 0;       // its octets, as announced
  std::uint64_t append_room_ = ~std::uint64_t{0};
  Wait wait_ = Wait::command;
  bool idle_broken_ = false;        // IDLE ended with something else than DONE
  bool tls_ = false, tls_wanted_ = false;
  bool compressed_ = false, compression_wanted_ = false;
  bool mid_response_ = false;
  bool eof_ = false, closing_ = false, told_gone_ = false;
  GoneReason reason_ = GoneReason::end_of_input;
  int bad_in_a_row_ = 0;
  int failed_logins_ = 0;
  Instant last_heard_;
};

}  // namespace glasspost::imap

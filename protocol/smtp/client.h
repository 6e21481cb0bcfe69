// The client's side of one SMTP or LMTP connection, sans-I/O: the engine of a relay, a mail program, a deliverer.
// It greets, upgrades and logs in by itself, then says Ready; send() hands over a letter, LetterDone tells what became of
// each recipient; quit() ends it well. Whatever makes going on impossible is one Failed.
//
//   session.receive(octets, now);
//   while (auto event = session.poll()) ...
//   carrier.send(session.take_output());
//
// RFC 5321, and what server.h lists.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/flaws.h"
#include "protocol/sasl/mechanism.h"
#include "protocol/session.h"
#include "protocol/smtp/command.h"
#include "protocol/smtp/extensions.h"
#include "protocol/smtp/reply.h"

namespace glasspost::smtp {

enum class StartTlsPolicy : std::uint8_t {
  never,
  attempt,  // opportunistic: go on in plaintext if it is not offered or is refused
  require,  // fail instead
};

struct ClientSettings {
  Protocol protocol = Protocol::smtp;  // or lmtp
  Flaws flaws = {};                    // faults that were asked for: no_dot_stuffing, bare_lf_passes
  std::string client_name = "localhost";
  StartTlsPolicy starttls = StartTlsPolicy::attempt;
  bool implicit_tls = false;           // the carrier speaks TLS from the first octet
  std::string user, password;          // empty user: nobody logs in
  bool password_follows = false;       // at Step::login the session waits for log_in()
  bool allow_plaintext_auth = false;   // send a password outside TLS
  bool strongest_login = false;        // inside TLS too, what keeps the password off the wire before what does not
  bool binds_unasked = true;  // false: a -PLUS mechanism is taken only if `mechanism` names it
  std::optional<sasl::Mechanism> mechanism;  // this and no other
  bool password_is_token = false;      // OAUTHBEARER or XOAUTH2
  std::string nonce;                   // SCRAM: printable, no comma, and nobody can guess it; empty: no SCRAM
  std::string host;                    // OAUTHBEARER: where it is connected to
  std::uint16_t port = 0;
  bool pipeline = true;                // where it is offered
  std::size_t chunk = 0;               // where CHUNKING is offered letters go by BDAT, so many octets at a time; 0: by DATA
};

struct OutgoingLetter {
  std::string reverse_path;             // without "<>"; empty: the null reverse-path
  std::vector<std::string> recipients;  // without "<>"
  std::string content;                  // lines end in CRLF; not dot-stuffed
  bool binary = false;                  // any octets, and no lines: it can only go by BDAT, as BINARYMIME
  // What is wished of the server, and said if it offers the extension. Size and body are found out here. `utf8`, with something
  // beyond ASCII in an address or a header, and `require_tls` are no wishes: without them the letter does not go.
  MailWishes wishes = {};
  std::vector<RcptWishes> recipient_wishes = {};  // as many as recipients, or none
};

// Where in the dialogue something happened.
enum class Step : std::uint8_t {
  connect, greeting, hello, starttls, tls, login, ready, mail, recipient, data, content, quit
};
std::string_view name_of(Step);  // "greeting"

struct RecipientResult {
  std::string recipient;
  bool delivered = false;       // this server has taken responsibility
  Step step = Step::mail;       // where it was decided
  std::optional<Reply> reply;   // what decided it; none: no reply came, or we did not ask
  std::string problem;          // when there is no reply: a sentence, English
  bool permanent() const { return reply ? reply->is_permanent_failure() : refused_here; }
  bool refused_here = false;    // the letter cannot be sent to this server as it is (8-bit, too large, bad address)
  bool dsn = false;             // this server has been told what its sender wants to hear: it reports from here on
};

// Events.
struct Ready { Capabilities capabilities; };                    // send() or quit() now
struct LetterDone { std::vector<RecipientResult> recipients; };  // then send() or quit() again
struct Failed {                      // the session is over; a letter under way was told of by LetterDone before
  Step step = Step::connect;
  std::optional<Reply> reply;        // the reply that said no
  std::optional<Error> error;        // what was wrong with the peer's words
  std::string problem;               // a sentence, English
};
struct Finished {};                  // QUIT was answered, or the peer closed after it
using ClientEvent = std::variant<Ready, LetterDone, Failed, Finished>;

class ClientSession final : public Session {
 public:
  ClientSession(ClientSettings, Instant now);

  void receive(std::string_view octets, Instant now) override;
  void receive_eof(Instant now) override;
  std::string take_output() override;
  TlsWish tls_wish() const override;
  void tls_established(const TlsFacts&) override;
  bool wants_close() const override;
  std::optional<Instant> deadline() const override;  // RFC 5321 section 4.5.3.2
  void on_deadline(Instant now) override;

  std::optional<ClientEvent> poll();

  bool is_ready() const { return step_ == Step::ready; }
  void send(OutgoingLetter, Instant now);  // only when ready
  void quit(Instant now);                  // only when ready
  bool waits_for_password() const { return step_ == Step::login && settings_.password_follows && !closed_; }
  void log_in(std::string password);       // only while it waits for it
  Step step() const { return step_; }
  const Capabilities& capabilities() const { return capabilities_; }
  bool sealed() const { return sealed_; }
  const std::string& identity() const { return identity_; }  // who is logged in; empty: nobody

 private:
  static constexpr std::size_t no_recipient = ~std::size_t{0};  // a chunk that is not the last
  struct Expected {
    Step step;
    std::size_t recipient = 0;
  };

  void take(Reply);
  void on_greeting(Reply);
  void on_hello(Reply);
  void on_starttls(Reply);
  void on_login(Reply);
  void on_mail(Reply);
  void on_recipient(std::size_t index, Reply);
  void on_data(Reply);
  void on_content(Reply);

  void say_hello(bool extended);
  void after_hello();
  void log_in_or_ready();
  void begin_login(sasl::Mechanism);
  void answer_challenge(const Reply&);
  std::optional<sasl::Mechanism> best_mechanism() const;
  void become_ready();
  bool check_letter();
  std::optional<std::string> missing_extension() const;
  std::string mail_line() const;
  std::string recipient_line(std::size_t index) const;
  std::size_t size_of_letter() const;
  void say_recipients_and_data();
  void next_recipient_or_data();
  void recipients_answered();
  void say_chunks();
  void on_chunk(Reply);
  void content_answered();
  void take_envelope_back();
  bool any_accepted() const;
  void finish_letter();
  void refuse_all(std::string problem);
  void fail(Step, std::optional<Reply>, std::optional<Error>, std::string problem);
  void expect(Step, std::size_t recipient = 0);

  ClientSettings settings_;
  ReplyReader replies_;
  std::string output_;
  std::deque<ClientEvent> events_;
  std::deque<Expected> expected_;
  Step step_ = Step::greeting;
  Capabilities capabilities_;
  std::string identity_;
  std::optional<sasl::ClientExchange> exchange_;
  std::optional<ChannelBinding> binding_;
  std::string login_problem_;  // why we cancelled
  bool sealed_ = false, extended_ = true, wish_tls_ = false, closed_ = false, tls_refused_ = false;
  bool pipelined_ = false, mail_refused_ = false, eight_bit_ = false, utf8_ = false, resetting_ = false;
  bool by_chunks_ = false;
  std::size_t chunked_ = 0;            // octets of the letter that have been said
  std::optional<Reply> chunk_refusal_;
  OutgoingLetter letter_;
  std::vector<RecipientResult> results_;
  std::vector<std::size_t> accepted_;  // LMTP: whose replies are still to come, in order
  std::size_t answered_ = 0;
  Instant now_;
};

}  // namespace glasspost::smtp

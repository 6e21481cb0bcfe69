// The server's side of one SMTP or LMTP connection, sans-I/O. It keeps the order of commands (machine.cpp), speaks the
// extensions and reads letters; what depends on a store, a queue or a list of users it asks of the service:
//
//   session.receive(octets, now);
//   while (auto event = session.poll()) std::visit(..., *event);   // some events want a reply(...) before it goes on
//   carrier.send(session.take_output());
//
// RFC 5321, 1870 (SIZE), 2034 (ENHANCEDSTATUSCODES), 2920 (PIPELINING), 3207 (STARTTLS), 4954 (AUTH), 6152 (8BITMIME),
// 2033 (LMTP), 3030 (CHUNKING, BINARYMIME), 6531 (SMTPUTF8) and what else extensions.h names: parameters are checked and handed
// on, for the service to honour.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/flaws.h"
#include "protocol/machine.h"
#include "protocol/sasl/mechanism.h"
#include "protocol/session.h"
#include "protocol/smtp/command.h"
#include "protocol/smtp/content.h"
#include "protocol/smtp/extensions.h"
#include "protocol/smtp/reply.h"

namespace glasspost::smtp {

enum class ServerRole : std::uint8_t {
  relay,       // port 25, LMTP: nobody logs in
  submission,  // ports 587 and 465: MAIL only inside TLS (unless plaintext logins are allowed) and after AUTH
};

struct ServerSettings {
  Protocol protocol = Protocol::smtp;  // or lmtp
  ServerRole role = ServerRole::relay;
  TlsMode tls = TlsMode::plaintext;    // plaintext: there is no STARTTLS
  std::string host_name = "localhost";
  std::string greeting = "ESMTP Glasspost";    // what follows the name; "LMTP Glasspost" would suit LMTP
  bool allow_plaintext_auth = false;           // AUTH (any mechanism) and MAIL on a submission port without TLS
  std::vector<sasl::Mechanism> mechanisms = {sasl::Mechanism::plain, sasl::Mechanism::login, sasl::Mechanism::cram_md5};
  // For CRAM-MD5's challenge and SCRAM's nonce: something nobody can guess, printable, without a comma. Empty: neither is offered.
  std::string nonce;
  std::string salt_seed;                       // SCRAM: see sasl::ServerGround
  std::uint64_t max_size = 100'000'000;        // octets of one letter
  std::size_t max_recipients = 1000;           // of one letter; RFC 5321 section 4.5.3.1.8 wants 100 or more
  unsigned max_mistakes = 20;                  // commands in error, then 421
  unsigned max_failed_logins = 5;              // then 421
  Duration idle_timeout = 5min;                // RFC 5321 section 4.5.3.2.7
  bool service_verifies = false;               // VRFY and EXPN are asked of the service; else 252 and 502
  Extensions extensions;                       // what is offered besides; the service must honour it
  std::size_t max_letters = 0;                 // LIMITS: MAILMAX, of one connection; 0: not limited
  std::optional<Reply> refusal;                // the greeting, if nobody is to be let in: 421 or 554
  Flaws flaws = {};                            // faults that were asked for; with bare_lf_ends CHUNKING is not offered
};

// What one letter was handed over with. Recipients are those that the service accepted.
struct Letter {
  Mail mail;
  std::vector<Rcpt> recipients;
  std::string content;      // as sent, dots unstuffed, its last CRLF included
  std::string client_name;  // what HELO, EHLO or LHLO said
  std::string identity;     // who logged in; empty: nobody
  bool sealed = false;      // inside TLS
  bool eight_bit = false;   // BODY=8BITMIME was said, or BINARYMIME
  bool binary = false;      // BODY=BINARYMIME: any octets, and no lines
  std::string with;         // for Received: "SMTP", "ESMTP", "ESMTPSA", "LMTPS", "UTF8SMTPS", ... (RFC 3848, RFC 6531 section 4.3)
};

// Events that want reply(...) before the session goes on:
struct MailAsked { Mail mail; };              // may this sender send?      accept(): 250 2.1.0
struct RecipientAsked { Rcpt recipient; };    // does this recipient exist? accept(): 250 2.1.5
struct LoginAsked { sasl::Attempt attempt; }; // is the password right?     accept(): 235 2.7.0
struct LetterCame { Letter letter; };         // take it?                   accept(): 250 2.0.0; see also reply(vector)
struct VerifyAsked { std::string argument; bool expand = false; };  // VRFY, EXPN; only if service_verifies
// Events that want none:
struct Greeted { std::string client_name; bool extended = false; };  // HELO, EHLO or LHLO was accepted
struct LetterLost { std::string why; };       // the peer stopped inside DATA, or the content was refused (with its reply)
struct WasReset {};                           // RSET took an envelope away
struct Left {};                               // QUIT
using ServerEvent = std::variant<MailAsked, RecipientAsked, LoginAsked, LetterCame, VerifyAsked, Greeted, LetterLost,
                                 WasReset, Left>;

class ServerSession final : public Session {
 public:
  ServerSession(ServerSettings, Instant now);  // the greeting is in the output at once

  void receive(std::string_view octets, Instant now) override;
  void receive_eof(Instant now) override;
  std::string take_output() override;
  TlsWish tls_wish() const override;
  void tls_established(const TlsFacts&) override;
  bool wants_close() const override;
  std::optional<Instant> deadline() const override;
  void on_deadline(Instant now) override;

  std::optional<ServerEvent> poll();
  // The event that wants a reply and was polled last has been decided. A positive code accepts. Without such an event,
  // or before it was polled, they do nothing: nobody is let in by an answer to something else.
  bool awaits_reply() const { return asked_ != Asked::nothing && events_.empty(); }
  void accept();
  void accept(std::string text);  // the usual codes, other words: "queued as 4F2A"
  // LoginAsked: what sasl::verify() found. SCRAM needs it, since the server has to prove itself as well.
  void decide_login(const sasl::Verdict&);
  void reply(Reply);
  void reply(std::vector<Reply>);  // LetterCame by LMTP: one for each of the letter's recipients, in order
  // Ends the session: a 421 that comes when the service goes down. Not while the output of a letter is undecided.
  void shut_down(std::string text);

  StateId state() const { return state_; }
  bool sealed() const { return sealed_; }
  const std::string& client_name() const { return client_name_; }
  const std::string& identity() const { return identity_; }
  // Of the letter that is being read. One that the service has no room for is refused when it has ended: what has come of
  // it is forgotten at once, and so is what still comes.
  std::uint64_t content_octets() const;
  void refuse_content(Reply);
  std::uint64_t discarded_before_tls() const { return discarded_; }  // octets pipelined behind STARTTLS

 private:
  enum class Asked : std::uint8_t { nothing, mail, recipient, login, letter, verify };

  void run();
  void take_line(const Line&);
  void take_answer(std::string_view line);
  void take_command(std::string_view line);
  bool is_due(Verb) const;
  std::string with_line_ends(std::string_view octets);
  bool offers_auth() const;
  bool offers(sasl::Mechanism) const;
  sasl::ServerGround ground();
  void finish_login();
  void end_content();
  void hand_over(std::string content);
  std::uint64_t take_chunk(std::string_view octets);
  void end_chunk();
  void refuse_letter(const Reply&);

  void on(const Helo&);
  void on(const Ehlo&);
  void on(const Lhlo&);
  void on(Mail);
  void on(Rcpt);
  void on(const Data&);
  void on(const Rset&);
  void on(const Noop&);
  void on(const Quit&);
  void on(const Help&);
  void on(const Vrfy&);
  void on(const Expn&);
  void on(const StartTls&);
  void on(const Auth&);
  void on(const Bdat&);

  void greet(std::string client, bool extended);
  void say_capabilities();
  ParameterRules rules() const;
  bool is_acceptable(const Mail&);
  bool is_acceptable(const Rcpt&);
  void sasl_step(sasl::ServerStep);
  void say(const Reply& reply) { append(output_, reply); }
  void mistake(const Reply&);
  void refuse_syntax(Verb, const Error&);
  void refuse_order(Verb);
  void close_with(const Reply&);
  void forget_envelope();
  StateId rest() const;  // the state between letters
  void ask(Asked, ServerEvent);
  void decide(Reply);

  ServerSettings settings_;
  LineFramer lines_;
  ContentReader content_;
  std::string output_;
  std::deque<ServerEvent> events_;
  Asked asked_ = Asked::nothing;
  StateId state_;
  bool sealed_ = false, extended_ = false, closing_ = false, starting_tls_ = false;
  bool after_cr_ = false;                 // bare_lf_ends: the newest octet was a CR
  std::string client_name_, identity_;
  Mail mail_;
  std::vector<Rcpt> recipients_;
  std::optional<Reply> content_refusal_;  // of the letter that is being read
  struct Chunk {
    Bdat said;
    std::uint64_t left = 0;          // of its octets, to come
    std::optional<Reply> refusal;    // they are thrown away
  };
  void refuse_chunk(const Chunk&);
  std::optional<Chunk> chunk_;         // is being read
  std::string chunked_;                // the letter, as far as its chunks have come
  bool chunks_failed_ = false;         // the letter is lost: RSET has to come
  std::size_t letters_taken_ = 0;
  std::optional<Rcpt> recipient_;  // the one that the service is asked about
  std::optional<sasl::ServerExchange> exchange_;
  std::optional<sasl::Attempt> attempt_;
  std::optional<sasl::Verdict> verdict_;   // of a login whose last word has been said, and not yet been answered
  std::vector<ChannelBinding> bindings_;
  std::vector<std::string> certificate_names_;
  std::size_t letter_recipients_ = 0;
  unsigned mistakes_ = 0, failed_logins_ = 0, challenges_ = 0;
  std::uint64_t discarded_ = 0;
  Instant last_heard_;
};

}  // namespace glasspost::smtp

// The SMTP and LMTP services: relay (25), submission (587, 465) and hand-over (LMTP). What becomes of a letter is the
// Postmaster's business: a transfer agent with a queue, or a store of mailboxes.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/smtp/server.h"
#include "sim/peer.h"
#include "sim/services/logins.h"
#include "sim/services/under_way.h"
#include "sim/store/store.h"
#include "sim/store/users.h"

namespace glasspost {
class TlsContext;
}

namespace glasspost::sim {

// A letter that a service has read whole and not yet answered for.
struct Received {
  smtp::Letter letter;
  std::string client_address;
  Instant now{};
  RecordId cause = no_record;
  ConnectionId connection = 0;
  // While a Postmaster makes it ready: the text as it is to be kept, as far as it has come; then the whole of it.
  std::string head = {}, text = {};
  ContentPtr content = nullptr;
};

// Who names a recipient.
struct Visit {
  std::string_view identity;        // who has logged in; empty: nobody
  std::string_view client_address;
  const smtp::Mail& mail;           // the envelope's
  Instant now{};
};

class Postmaster {
 public:
  virtual ~Postmaster() = default;
  // May this recipient be named? A positive reply accepts.
  virtual smtp::Reply recipient(const smtp::Rcpt&, const Visit&) = 0;
  // Makes a large letter ready in portions, so that others have their turns in between; true: there is more to do. Then
  // take() is quick.
  virtual bool prepare(Received&) { return false; }
  // Takes the responsibility, or says no. One reply for each recipient.
  virtual std::vector<smtp::Reply> take(Received) = 0;
  virtual bool may_send_as(std::string_view identity, const smtp::Mail&) = 0;
};

class SmtpService final : public Service {
 public:
  struct Settings {
    std::string host_name = "localhost";
    Protocol protocol = Protocol::smtp;   // or lmtp
    smtp::ServerRole role = smtp::ServerRole::relay;
    TlsMode tls = TlsMode::starttls;
    TlsContext* context = nullptr;        // null: TLS is not to be had, and STARTTLS not offered
    bool allow_plaintext_auth = false;
    bool records = true;
    std::uint64_t max_size = 100'000'000;
    std::size_t max_recipients = 1000;    // of one letter
    smtp::Extensions extensions;          // what the Postmaster honours
    Logins logins = {.mechanisms = {sasl::Mechanism::plain, sasl::Mechanism::login, sasl::Mechanism::cram_md5}, .nonce = {}};
    LettersUnderWay* under_way = nullptr;  // null: there is no common bound
    Flaws flaws = {};                    // faults that were asked for
  };
  // `users`: who may log in; null: nobody. Everything handed in must outlive the service.
  SmtpService(Settings, Postmaster&, const Users* users, Trace&);

  Protocol protocol() const override { return settings_.protocol; }
  TlsMode tls() const override { return settings_.tls; }
  std::unique_ptr<Peer> accept(Admission) override;

 private:
  Settings settings_;
  Postmaster& postmaster_;
  const Users* users_;
  Trace& trace_;
};

// The last stop: hands letters to a store, each recipient for itself, with Return-Path and Received in front.
class MailboxPostmaster final : public Postmaster {
 public:
  // `only_users_relay`: true: nobody but the store's own recipients, whoever asks.
  MailboxPostmaster(Store&, std::string host_name);
  smtp::Reply recipient(const smtp::Rcpt&, const Visit&) override;
  bool prepare(Received&) override;
  std::vector<smtp::Reply> take(Received) override;
  bool may_send_as(std::string_view identity, const smtp::Mail&) override;

 private:
  static smtp::Reply reply_to(StoreFault);
  void tell_sender(const Received&, const std::vector<smtp::Reply>&);
  Store& store_;
  std::string host_name_;
};

// "Received: from … by … with ESMTPS; date" (RFC 5321 section 4.4), ready to stand in front of the letter. `for_whom` may be
// empty: it would tell one recipient of another.
std::string received_header(const Received&, std::string_view host_name, std::string_view id, std::string_view for_whom);

}  // namespace glasspost::sim

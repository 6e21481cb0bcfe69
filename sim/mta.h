// A mail transfer agent: it takes letters into a queue, finds out where they go, hands them on, tries again later, and
// tells the sender what became of them (RFC 5321 sections 4.5.4, 5.1, 6; RFC 3461). Its services are SmtpServices that take
// letters through it as their Postmaster. On the way in there is greylisting (RFC 6647), and aliases, forwarding and lists; who
// is away says so (RFC 3834). It honours DSN, SMTPUTF8, CHUNKING with BINARYMIME, REQUIRETLS, MT-PRIORITY, DELIVERBY and
// FUTURERELEASE where its services offer them.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/smtp/client.h"
#include "sim/network.h"
#include "sim/redirect.h"
#include "sim/reports.h"
#include "sim/scenario.h"
#include "sim/services/smtp.h"

namespace glasspost::sim {

class Mta final : public Postmaster {
 public:
  struct Settings {
    HostId host = 0;
    std::string host_name;
    std::string domain;          // mail for it is taken from anyone
    HostId deliver_to = 0;       // the host that gets the domain's mail by LMTP
    std::uint16_t lmtp_port = 24;
    Duration retry_after = 30min;
    Duration give_up_after = std::chrono::hours{24 * 5};
    // Of one client, sender and recipient the first so many tries get 451, and all of them until so long after the first.
    unsigned greylist = 0;
    Duration greylist_for{};
    // A sender who has not said what they want to hear is told of a delay after so long (0: never); who asked for it, after 4 h
    // if that is not set.
    Duration delay_notice_after{};
    std::vector<Redirect> redirects;
    std::vector<Vacation> vacations;
    unsigned most_hops = 30;     // Received headers; RFC 5321 section 6.3
    // Letters that wait for the same host go over the connections that are open to it, one after the other (RFC 5321
    // section 4.1.1.10 lets a client go on after a letter). When nothing waits any more a connection is closed: at once, or,
    // if letters to that host follow each other no further apart than this, when so long nothing has come.
    Duration keep_open = 2s;
    unsigned most_connections = 5;        // to one host at a time
    unsigned most_letters = 100;          // over one connection
    TlsPolicy policy = TlsPolicy::attempt;
    Flaws flaws = {};            // faults that were asked for
  };
  // `users`: who exists in the domain; null: everyone is taken, and the next host decides.
  // `mailboxes`: where the domain's mail is kept if there is no `deliver_to`; null: it keeps none.
  Mta(Settings, Network&, const Users* users, Store* mailboxes, Random);

  smtp::Reply recipient(const smtp::Rcpt&, const Visit&) override;
  std::vector<smtp::Reply> take(Received) override;
  bool may_send_as(std::string_view identity, const smtp::Mail&) override;

  std::size_t waiting() const { return letters_.size(); }
  // What whoever keeps the queue may do with a letter in it; nothing if it is gone, or (all but hold) just being handed on.
  void try_now(std::uint32_t letter);
  void hold(std::uint32_t letter, bool held);  // true: no try until it is released; false: one at once
  void drop(std::uint32_t letter);             // nobody is told

 private:
  struct Recipient {
    std::string address, domain;
    bool done = false;
    std::string last_reply;
    smtp::RcptWishes wishes = {};
    std::string remote = {};    // the host that said it
    bool delay_told = false;
  };
  struct Letter {
    std::uint32_t number = 0;
    std::string queue_id, reverse_path;
    std::shared_ptr<const std::string> content;
    std::vector<Recipient> recipients;
    Instant accepted{};
    unsigned tries = 0;
    RecordId cause = no_record;
    smtp::MailWishes wishes = {};
    bool binary = false, held = false;
    std::uint64_t timer = 0;    // a timer of another number is an old one
    Instant next_try{};
  };
  // One try at one domain of one letter: whom it may still be handed to.
  struct Attempt {
    std::uint32_t letter = 0;
    std::string domain;
    std::vector<std::size_t> recipients;  // indices into the letter's
    struct Target {
      HostId host;
      std::uint16_t port;
      std::string name;
      bool plaintext = false;             // no STARTTLS: a host of our own, or it failed here before
      bool ipv6 = false;
      bool trusted = false;               // REQUIRETLS: only with a certificate that is believed
    };
    std::deque<Target> targets;
    std::deque<std::pair<std::string, RecordId>> exchanges;  // names whose addresses are still to be asked
    RecordId cause = no_record;
    std::string last_problem;
  };
  class Delivery;
  friend class Delivery;
  using Waiting = std::pair<std::shared_ptr<Attempt>, Attempt::Target>;
  struct Destination {
    unsigned connections = 0;
    std::deque<Waiting> waiting;
    std::vector<std::weak_ptr<Carrier>> carriers = {};
    std::optional<Instant> last_letter = {};  // handed to it
  };
  struct Place {                          // what a connection can be used again for
    HostId host;
    std::uint16_t port;
    bool plaintext, ipv6, trusted;
    std::string name;
    auto operator<=>(const Place&) const = default;
  };
  static Place place_of(const Attempt::Target& target) {
    return {target.host, target.port, target.plaintext, target.ipv6, target.trusted, target.name};
  }

  // Where a recipient's letter goes: who else it is for, and from whom it comes then.
  struct Going {
    std::string reverse_path, head;       // head: fields in front of the letter, a list's
    std::vector<Recipient> recipients;
  };
  const Redirect* redirect_of(std::string_view address) const;
  bool is_ours(std::string_view address) const;
  std::optional<smtp::Reply> redirect(const smtp::Rcpt&, const Received&, std::vector<Going>&);
  void route(const Recipient& named, const std::string& reverse_path, std::vector<Going>&);
  void post(const std::string& to, std::string content, bool utf8, RecordId cause);  // a letter of our own, from <>
  void go_to(const Redirect&, const Recipient& named, const std::string& reverse_path, std::vector<Going>&, unsigned depth);
  void add(std::vector<Going>&, const std::string& reverse_path, const std::string& head, Recipient);
  std::optional<smtp::Reply> greylisted(const smtp::Rcpt&, const Visit&);
  void answer_for(const Letter&, const Recipient&);
  void enqueue(Letter, RecordId cause);
  void try_at(Letter&, Instant);
  void attempt(std::uint32_t letter);
  void keep(const std::shared_ptr<Attempt>&);
  void find_targets(std::shared_ptr<Attempt>);
  void next_address(std::shared_ptr<Attempt>, std::deque<std::string> exchanges);
  void next_target(std::shared_ptr<Attempt>);
  // RFC 9422: a server that takes so many recipients at a time gets the others in another transaction.
  void split(Attempt&, const Attempt::Target&, std::size_t most);
  void connect(const std::shared_ptr<Attempt>&, const Attempt::Target&);
  std::optional<Waiting> take_waiting(const Attempt::Target&);
  std::shared_ptr<Carrier> idle_connection(Destination&);
  bool is_busy(const Attempt::Target&, Instant now);  // is told of each letter, and says whether one came shortly before
  void connection_ended(const Attempt::Target&);
  void finished(const std::shared_ptr<Attempt>&, const std::vector<smtp::RecipientResult>&);
  void unreachable(const std::shared_ptr<Attempt>&, std::string problem, bool permanent);
  void settle(std::uint32_t letter);      // everyone has an answer for now: retry, bounce or forget
  Instant next_try(const Letter&, Instant now) const;
  bool wants_delay_notice(const Letter&, const Recipient&, Instant now) const;
  void delivered(Letter&, Recipient&, ReportAction);
  void give_up(const Letter&, const std::vector<std::size_t>& failed);
  void report(const Letter&, ReportAction, const std::vector<std::size_t>& recipients);
  RecordId record(const Letter&, QueueChange, std::string_view recipient, std::string_view reply, Instant next = {});
  Letter* find(std::uint32_t number);

  Settings settings_;
  Network& network_;
  const Users* users_;
  Store* mailboxes_;
  Random random_;
  std::map<std::uint32_t, Letter> letters_;
  std::map<std::uint32_t, std::size_t> under_way_;           // attempts of a letter that have not ended
  std::map<std::uint32_t, std::vector<std::size_t>> failed_;  // recipients that were refused for good
  std::map<Place, Destination> destinations_;
  struct Tried {
    unsigned times = 0;
    Instant first{};
  };
  std::map<std::string, Tried> greylisted_;                  // by client, sender and recipient
  std::map<std::string, Instant> answered_;                  // vacations: by address and sender
  std::string secret_;                                       // of rewritten senders
  std::uint32_t numbers_ = 0;
};

}  // namespace glasspost::sim

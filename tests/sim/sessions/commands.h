// One step of the driver: somebody says a random command, the model does the same, and the two are compared.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/random.h"
#include "sim/services/imap.h"
#include "sim/services/pop3.h"
#include "sim/store/store.h"
#include "tests/sim/sessions/client.h"
#include "tests/sim/sessions/model.h"
#include "tests/sim/sessions/sets.h"

namespace glasspost::sim::reference {

class Driver {
 public:
  explicit Driver(std::string& transcript);
  void step(std::uint64_t seed);
  const std::string& problem() const { return problem_; }

 private:
  static constexpr std::size_t sessions = 4;
  static constexpr Instant now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 9h;

  // Who acts in this step.
  struct Actor {
    Client& client;
    Session& session;
  };

  // ---- what happens outside IMAP
  void deliver();
  void collect_by_pop3();
  void reconnect(std::size_t who);

  // ---- commands, by family. Each says its own, lets the model do it, and says what must have come.
  void act(Actor);
  void act_on_mailboxes(Actor);
  void act_on_letters(Actor);
  void select(Actor);
  void append(Actor);
  void status(Actor);
  void create(Actor);
  void remove(Actor);
  void rename(Actor);
  void idle(Actor);
  void done(Actor);
  void noop(Actor);
  void close(Actor);
  void fetch(Actor);
  void check_fetched(Actor, std::size_t index, const Letter&, bool uid, bool subject, bool flags);
  void store(Actor);
  void check_stored(Actor, const std::vector<std::uint32_t>& modified, bool some_are_gone);
  void search(Actor);
  void copy_or_move(Actor);
  void expunge(Actor);
  void check_modseqs(Actor);

  // ---- RFC 7162: what a client remembers of a mailbox while it has another one open, or none, or is away
  struct Remembered {
    std::uint32_t validity = 0;
    std::uint64_t modseq = 0;
    std::map<Uid, FlagSet> letters;  // without \Recent
  };
  void remember(std::size_t who);
  std::string resync_parameters(Actor, const std::string& name, std::set<Uid>& known);
  void check_resync(Actor, const std::string& name, const std::set<Uid>& known);
  void learn_uids(Actor);
  std::size_t number_of_actor(const Session&);

  struct Key {
    std::string text;
    std::function<bool(const Session&, std::size_t index)> matches;
    bool names_numbers = false, modseq = false;
  };
  Key random_key(const Session&, int depth);

  // ---- saying and checking
  void say(Actor, const std::string& command);
  void expect(Actor, imap::Condition, std::string_view code = {});
  void expect_read_only(Actor);       // NO, and nothing is told with it
  void finish(Actor, bool expunges);  // the command has ended: what is told with it
  void compare(const Session&, const Client&, std::size_t who);
  void listen_to_the_others(std::size_t who);
  void learn_validity(Box&, std::uint32_t validity);
  void learn_id(Box&, const std::string& id);
  void check_copied(Actor, Box& to, const Model::Copied&, const imap::Code*);
  void fail(const std::string& what);
  void want(bool good, const std::string& what) {
    if (!good) fail(what);
  }

  // ---- chance
  bool chance(std::uint32_t percent) { return dice_.below(100) < percent; }
  std::string some_name();
  FlagSet some_flags();
  std::string new_letter(std::string& subject);
  std::vector<std::size_t> named(const Session&, const NumberSet&, bool uid) const;
  std::uint32_t most(const Session& session, bool uid) const;

  std::string& transcript_;
  Users users_{"example.org"};
  Trace trace_;
  Store store_{{.holder = 1, .records = false}, users_, trace_};
  ImapService imap_{{.host_name = "mail.example.org", .allow_plaintext_login = true, .records = false}, store_, trace_};
  Pop3Service pop3_{{.host_name = "mail.example.org", .allow_plaintext_login = true, .records = false}, store_, trace_};
  Model model_{sessions};
  std::array<std::unique_ptr<Client>, sessions> clients_;
  std::set<std::uint32_t> validities_;
  std::set<std::string> ids_;
  std::array<std::map<std::string, Remembered>, sessions> remembered_;
  std::array<std::string, sessions> open_;  // the name under which each opened what it has open
  std::uint64_t letters_ = 0, tags_ = 0;
  ConnectionId connections_ = 0;
  std::string tag_;
  bool told_nothing_ = false;  // in this step, to who acted
  Random dice_{0};
  std::string problem_;
};

}  // namespace glasspost::sim::reference

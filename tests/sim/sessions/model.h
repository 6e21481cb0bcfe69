// What every session must see, written to be read: each mailbox is a list of letters, each session a list of what it has
// been told. Nothing here is quick, and nothing is shared with sim/store. RFC 3501 sections 2.3, 5.2, 6.3, 6.4, 7.4.1.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace glasspost::sim::reference {

using Uid = std::uint32_t;
using FlagSet = std::set<std::string>;

struct Letter {
  Uid uid = 0;
  std::string subject;  // no two letters that came have the same; copies do
  FlagSet flags;        // without \Recent
  std::uint64_t modseq = 0;
};

struct Box {
  std::uint32_t validity = 0;  // 0: nobody has been told yet
  std::string id = {};         // MAILBOXID; empty: nobody has been told yet
  Uid uid_next = 1;
  Uid first_recent = 1;        // letters from here on are \Recent to the first session that sees them
  std::uint64_t modseq = 1;
  bool gone = false;           // deleted; somebody may still look at it
  std::vector<Letter> letters;
  std::map<Uid, std::uint64_t> expunged;  // the mod-sequence of each that went

  Letter* find(Uid);
  std::size_t unseen() const;
  std::set<Uid> gone_since(std::uint64_t modseq) const;
  std::size_t recent() const;
};
using BoxPtr = std::shared_ptr<Box>;

// One letter in a session's numbering.
struct Entry {
  Uid uid = 0;
  bool recent = false;
  std::optional<Letter> ghost;  // as it was when another session expunged it; the client has not been told
  std::optional<Letter> believed;  // as the client was last told, if another session has changed it since
};

struct Session {
  BoxPtr box;  // null: none is open
  bool read_only = false, idle = false;
  bool condstore = false, qresync = false;
  std::vector<Entry> view;

  Letter letter(std::size_t index) const { return view[index].ghost ? *view[index].ghost : *box->find(view[index].uid); }
  FlagSet flags(std::size_t index) const;  // with \Recent
  std::size_t recent() const;
  std::optional<std::size_t> index_of(Uid) const;
  Uid largest_uid() const { return view.empty() ? 0 : view.back().uid; }
  bool has_ghosts() const;
  // Whether STORE (UNCHANGEDSINCE ...) changes the letter: RFC 7162 sections 3.1.3 and 3.1.12.
  enum class Mode { replace, add, remove };
  bool is_unchanged(std::size_t index, std::uint64_t since, Mode, const FlagSet& named) const;
  // What may be said as the mailbox's mod-sequence while expunges are held back: less than theirs.
  std::uint64_t told_modseq() const;
};

class Model {
 public:
  explicit Model(std::size_t sessions) : sessions_(sessions) { boxes_["INBOX"] = std::make_shared<Box>(); }

  Session& session(std::size_t index) { return sessions_[index]; }
  // Null: there only because something is below it.
  const std::map<std::string, BoxPtr>& boxes() const { return boxes_; }
  BoxPtr find(const std::string& name) const;

  // ---- mailboxes. False: NO.
  bool create(const std::string& name);
  bool remove(const std::string& name);
  bool rename(const std::string& from, const std::string& to);

  // ---- letters
  Uid add(Box&, std::string subject, FlagSet flags);
  void set_flags(Box&, Uid, const FlagSet&, const Session* by = nullptr);
  void expunge(Box&, const std::set<Uid>&);
  using Copied = std::vector<std::pair<Uid, Uid>>;
  Copied copy(Box& from, const std::vector<Uid>&, Box& to);

  // ---- sessions
  void select(Session&, const BoxPtr&, bool read_only);
  static void close(Session& session) { session.box = nullptr, session.view.clear(), session.idle = false; }
  // What the end of a command tells: expunges if they may be told; then, if nothing is held back, what is new.
  static void tell(Session&, bool expunges);
  // All that are idle are told at once.
  void tell_idle();

 private:
  bool has_children(const std::string& name) const;
  void make_levels(const std::string& name);
  void prune(std::string name);
  static void see(Session&, const Letter&);

  std::map<std::string, BoxPtr> boxes_;
  std::vector<Session> sessions_;
};

}  // namespace glasspost::sim::reference

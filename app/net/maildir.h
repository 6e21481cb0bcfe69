// Keeps the store in a directory, one Maildir++ for each user, so that it is there again after a restart and other
// programs can open it. What the Journal has said yes to survives the end of this process, however it ends; and
// after sync() also a power failure.
//
//   DIR/bob/{tmp,new,cur}     INBOX             DIR/bob/subscriptions      a folder's name a line
//   DIR/bob/.Work.2026/...    "Work/2026"       .../glasspost-uids         UIDVALIDITY and the least UIDNEXT
//   maildir_names.h: names and flags            .../dovecot-keywords       "0 $Forwarded"
//                                               .../glasspost-annotations  IMAP's METADATA: an entry, a space, its value in base64
//                     DIR/bob/glasspost-server-annotations                 the same, about the server
//                                               .../glasspost-modseq       maildir_history.h
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <ctime>
#include <tl/expected.hpp>
#include <unordered_map>
#include <vector>

#include "sim/store/store.h"

namespace glasspost::app {

class Maildir final : public sim::Journal {
 public:
  using Tell = std::function<void(std::string_view sentence)>;
  // Reads everything that is there into the (new, empty) store. The store is not told to use this journal; it must
  // outlive it. A directory that another Glasspost uses is an error.
  static tl::expected<std::unique_ptr<Maildir>, std::string> open(std::string directory, sim::Store&, Instant now, Tell);
  ~Maildir() override;

  // What was written since the last call is on the disk. False: the disk did not take it.
  bool sync();
  // The same in a thread of its own, in the order of the calls; `done` is called from there.
  void sync_elsewhere(std::function<void(bool good)> done);
  std::uint64_t written();  // how often something was written that has to be synced
  void close();  // writes down what makes the next start exact

  bool create(const sim::Mailbox&) override;
  bool remove(const sim::Mailbox&) override;
  bool rename(const sim::Account&, std::string_view from, std::string_view to) override;
  bool subscriptions(const sim::Account&, const std::set<std::string>& names) override;
  bool annotations(const sim::Mailbox&, const sim::Annotations&) override;
  bool annotations_of_server(const sim::Account&, const sim::Annotations&) override;
  bool add(const sim::Mailbox&, const sim::StoredMessage&) override;
  bool copy(const sim::Mailbox& from, const sim::StoredMessage& original, const sim::Mailbox& to,
            const sim::StoredMessage& twin) override;
  bool prepare(const sim::ContentPtr&) override;
  sim::StoreFault why() const override { return full_ ? sim::StoreFault::no_room : sim::StoreFault::not_kept; }
  bool set_flags(const sim::Mailbox&, const sim::StoredMessage&, sim::Flags now) override;
  bool expunge(const sim::Mailbox&, std::span<const sim::StoredMessage* const>) override;

 private:
  struct Folder {
    std::string path;
    std::unordered_map<sim::Uid, std::string> files;  // "cur/...:2,S"
    std::size_t keywords_written = 0;
    sim::Uid next_written = 0;
    std::size_t history_lines = 0;  // 0: it has to be written anew
    bool history_closed = false;
  };
  Maildir(std::string directory, Tell tell);

  tl::expected<void, std::string> lock();
  void read_account(sim::Account&, Instant now);
  void read_folder(sim::Account&, const std::string& mailbox, const std::string& path, Instant now);
  void read_messages(sim::Mailbox&, Folder&, sim::Uid next, Instant now);
  void read_subscriptions(sim::Account&);

  Folder* find(const sim::Mailbox&);
  std::string account_path(const sim::Account&) const;
  std::string folder_path(const sim::Account&, std::string_view mailbox) const;  // empty: it cannot be written
  bool make_folder(const std::string& path, bool is_inbox);
  bool write_file(const std::string& directory, std::string_view name, std::string_view text);
  bool write_uids(const sim::Mailbox&, Folder&);
  bool write_keywords(const sim::Mailbox&, Folder&);
  bool write_history(const sim::Mailbox&, Folder&);
  void log(const sim::Mailbox&, Folder&, std::string_view line);  // into the history
  bool move_file(Folder&, sim::Uid, const std::string& to);
  bool find_again(Folder&, sim::Uid);
  void will_sync(int file);
  void will_sync_directory(std::string path);
  // A large letter that is written ahead of add(), in DIR/.glasspost-spool.
  struct Spool {
    void write(std::string_view);
    void discard() const;
    std::weak_ptr<const sim::Content> content;
    std::string path;
    int file = -1;
    std::size_t at = 0;        // of the content's text
    std::uint64_t octets = 0;  // of the file
    bool local = true;         // its line ends are the local ones
    bool added = false;
    int error = 0;             // errno
  };
  std::string spool_path() const;
  Spool* spool_of(const sim::Content&);
  Spool& begin_spool(const sim::ContentPtr&);
  void drop_spools();
  bool add_at_once(Folder&, const std::string& base, const std::string& path, std::string_view text, const timespec* times);
  bool add_spooled(Spool&, Folder&, const std::string& path, const timespec* times);
  struct Unsynced {
    std::vector<int> files;  // open
    std::set<std::string> directories, histories;
  };
  static bool sync_now(Unsynced);
  bool failed(std::string_view doing, const std::string& path);

  std::string directory_;
  Tell tell_;
  std::string told_;
  int lock_ = -1;
  std::uint64_t count_ = 0;
  bool full_ = false;                       // the last thing that failed did so for want of room
  std::vector<Spool> spools_;
  std::unordered_map<const sim::Mailbox*, Folder> folders_;
  Unsynced to_sync_;
  std::uint64_t written_ = 0;
  std::atomic<int> sync_error_ = 0;         // errno of the thread that syncs, until it is told
  class Syncer;
  std::unique_ptr<Syncer> syncer_;          // made when it is first wanted
};

}  // namespace glasspost::app

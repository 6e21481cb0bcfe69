#include "app/net/maildir.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>
#include <utility>

#include "app/net/maildir_history.h"
#include "app/net/maildir_names.h"

namespace glasspost::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_open_for_sync = 128;
constexpr std::size_t most_syncing_at_once = 16;
constexpr std::size_t alone_is_quick_enough = 1;

bool make_directory(const std::string& path) { return ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST; }

// The kernel lets one commit serve everybody who waits for it, so the waiting is done side by side.
bool sync_all(const std::vector<int>& files) {
  std::atomic<bool> good = true;
  const std::size_t helpers = files.size() <= alone_is_quick_enough ? 1 : std::min(files.size(), most_syncing_at_once);
  const auto some = [&](std::size_t first) {
    for (std::size_t i = first; i < files.size(); i += helpers)
      if (::fsync(files[i]) != 0) good = false;
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < helpers; ++i) threads.emplace_back(some, i);
  some(0);
  threads.clear();
  return good;
}

}  // namespace

// The thread that waits for the disk. What is left to do when it is let go is still done.
class Maildir::Syncer {
 public:
  Syncer() : thread_([this] { run(); }) {}
  ~Syncer() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    wanted_.notify_one();
  }
  void add(Unsynced what, std::function<void(bool)> done) {
    {
      const std::lock_guard lock(mutex_);
      jobs_.emplace_back(std::move(what), std::move(done));
    }
    wanted_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wanted_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      auto [what, done] = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      done(sync_now(std::move(what)));
      done = nullptr;
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wanted_;
  std::deque<std::pair<Unsynced, std::function<void(bool)>>> jobs_;
  bool ending_ = false;
  std::jthread thread_;  // last: it goes first
};

Maildir::Maildir(std::string directory, Tell tell) : directory_(std::move(directory)), tell_(std::move(tell)) {}

Maildir::~Maildir() {
  sync();
  syncer_.reset();
  for (const Spool& spool : spools_) spool.discard();
  if (lock_ >= 0) ::close(lock_);
}

tl::expected<void, std::string> Maildir::lock() {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error) return tl::unexpected(fmt::format("{} cannot be made: {}", directory_, error.message()));
  const std::string path = directory_ + "/.glasspost-lock";
  lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) return tl::unexpected(fmt::format("{} cannot be written: {}", path, std::strerror(errno)));
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0)
    return tl::unexpected(fmt::format("{} is in use by another glasspost", directory_));
  return {};
}

void Maildir::will_sync(int file) {
  to_sync_.files.push_back(file);
  ++written_;
}

void Maildir::will_sync_directory(std::string path) {
  to_sync_.directories.insert(std::move(path));
  ++written_;
}

bool Maildir::sync_now(Unsynced what) {
  for (const std::string& path : what.directories)
    if (const int file = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); file >= 0) what.files.push_back(file);
  for (const std::string& path : what.histories)
    if (const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC); file >= 0) what.files.push_back(file);
  const bool good = sync_all(what.files);
  for (const int file : what.files) ::close(file);
  return good;
}

bool Maildir::sync() {
  drop_spools();
  if (to_sync_.files.empty() && to_sync_.directories.empty() && to_sync_.histories.empty()) return true;
  return sync_now(std::exchange(to_sync_, {})) || failed("sync", directory_);
}

void Maildir::sync_elsewhere(std::function<void(bool)> done) {
  drop_spools();
  if (!syncer_) syncer_ = std::make_unique<Syncer>();
  syncer_->add(std::exchange(to_sync_, {}), [this, done = std::move(done)](bool good) {
    if (!good) sync_error_ = errno;
    done(good);
  });
}

std::uint64_t Maildir::written() {
  if (const int error = sync_error_.exchange(0); error != 0) {
    errno = error;
    failed("sync", directory_);
  }
  return written_;
}

void Maildir::close() {
  for (auto& [mailbox, folder] : folders_) {
    if (folder.next_written != mailbox->uid_next()) write_uids(*mailbox, folder);
    if (!folder.history_closed && mailbox->highest_modseq() > 1) log(*mailbox, folder, "c\n");
  }
  sync();
}

// Says it once, not for every letter while the disk is full.
bool Maildir::failed(std::string_view doing, const std::string& path) {
  const int error = errno;
  full_ = error == ENOSPC || error == EDQUOT || error == EFBIG;
  std::string sentence = fmt::format("the maildir could not {} {}: {}", doing, path, std::strerror(error));
  if (tell_ && sentence != told_) tell_(sentence);
  told_ = std::move(sentence);
  return false;
}

Maildir::Folder* Maildir::find(const sim::Mailbox& mailbox) {
  const auto found = folders_.find(&mailbox);
  return found == folders_.end() ? nullptr : &found->second;
}

std::string Maildir::account_path(const sim::Account& account) const { return directory_ + '/' + account.name(); }

std::string Maildir::folder_path(const sim::Account& account, std::string_view mailbox) const {
  if (mailbox == "INBOX") return account_path(account);
  const auto name = maildir::folder_name(mailbox);
  return name ? account_path(account) + "/." + *name : std::string();
}

bool Maildir::make_folder(const std::string& path, bool is_inbox) {
  if (!make_directory(path)) return failed("make", path);
  for (const char* part : {"/tmp", "/new", "/cur"})
    if (!make_directory(path + part)) return failed("make", path + part);
  return is_inbox || write_file(path, "maildirfolder", "");
}

// Whole or not at all: written beside, then put in its place.
bool Maildir::write_file(const std::string& directory, std::string_view name, std::string_view text) {
  const std::string beside = fmt::format("{}/tmp/{}.P{}Q{}.glasspost,", directory, name, ::getpid(), ++count_);
  const std::string path = fmt::format("{}/{}", directory, name);
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return failed("write", beside);
  if (!maildir::write_all(file, text) || ::rename(beside.c_str(), path.c_str()) != 0) {
    failed("write", path);
    ::unlink(beside.c_str());
    ::close(file);
    return false;
  }
  will_sync(file);
  return true;
}

bool Maildir::write_uids(const sim::Mailbox& mailbox, Folder& folder) {
  if (!write_file(folder.path, "glasspost-uids", fmt::format("{} {}\n", mailbox.uid_validity(), mailbox.uid_next())))
    return false;
  folder.next_written = mailbox.uid_next();
  return true;
}

bool Maildir::write_keywords(const sim::Mailbox& mailbox, Folder& folder) {
  if (folder.keywords_written == mailbox.keywords().size()) return true;
  std::string text;
  for (std::size_t i = 0; i < mailbox.keywords().size(); ++i) text += fmt::format("{} {}\n", i, mailbox.keywords()[i]);
  if (!write_file(folder.path, "dovecot-keywords", text)) return false;
  folder.keywords_written = mailbox.keywords().size();
  return true;
}

bool Maildir::write_history(const sim::Mailbox& mailbox, Folder& folder) {
  if (!write_file(folder.path, maildir::history_name, maildir::history_text(mailbox))) return false;
  folder.history_lines = mailbox.size() + mailbox.vanished().ranges().size() + 1;
  folder.history_closed = false;
  return true;
}

// A line at the end, before what it tells is done. Now and then the log is written anew, without what later lines take back.
// Where it cannot be written (the disk is full, and somebody deletes letters) the change is made all the same: the files
// show it to whoever reads them next.
void Maildir::log(const sim::Mailbox& mailbox, Folder& folder, std::string_view line) {
  constexpr std::size_t few = 4000, times = 4;
  const bool anew = folder.history_lines == 0 || folder.history_lines > few + times * mailbox.size();
  folder.history_closed = false;
  if (anew && !write_history(mailbox, folder)) return;
  std::string path = fmt::format("{}/{}", folder.path, maildir::history_name);
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  const bool good = file >= 0 && maildir::write_all(file, line);
  if (!good) failed("write", path);
  if (file >= 0) ::close(file);
  folder.history_lines = good ? folder.history_lines + 1 : 0;
  to_sync_.histories.insert(std::move(path));
}

bool Maildir::create(const sim::Mailbox& mailbox) {
  const std::string path = folder_path(mailbox.account(), mailbox.name());
  if (path.empty() || !make_folder(path, mailbox.name() == "INBOX")) return false;
  Folder folder;
  folder.path = path;
  if (!write_uids(mailbox, folder)) return false;
  folders_.insert_or_assign(&mailbox, std::move(folder));
  return true;
}

bool Maildir::remove(const sim::Mailbox& mailbox) {
  Folder* folder = find(mailbox);
  if (!folder) return false;
  // One rename takes it away whole; after that nobody misses what is left.
  const std::string aside = fmt::format("{}/tmp/deleted.P{}Q{}.glasspost,", account_path(mailbox.account()), ::getpid(), ++count_);
  if (::rename(folder->path.c_str(), aside.c_str()) != 0) return failed("delete", folder->path);
  std::error_code ignored;
  fs::remove_all(aside, ignored);
  folders_.erase(&mailbox);
  return true;
}

bool Maildir::rename(const sim::Account& account, std::string_view from, std::string_view to) {
  std::vector<std::pair<Folder*, std::string>> moves;  // where each goes; once done, where it came from
  for (const auto& [name, mailbox] : account.mailboxes()) {
    if (!mailbox || !(name == from || (name.starts_with(from) && name[from.size()] == '/'))) continue;
    Folder* folder = find(*mailbox);
    std::string path = folder_path(account, std::string(to) + name.substr(from.size()));
    if (!folder || path.empty()) return false;
    moves.emplace_back(folder, std::move(path));
  }
  for (std::size_t i = 0; i < moves.size(); ++i) {
    auto& [folder, path] = moves[i];
    if (::rename(folder->path.c_str(), path.c_str()) == 0) {
      folder->path.swap(path);
      continue;
    }
    failed("rename", folder->path);
    while (i-- > 0) {
      auto& [done, old] = moves[i];
      if (::rename(done->path.c_str(), old.c_str()) == 0) done->path = old;
    }
    return false;
  }
  return true;
}

bool Maildir::subscriptions(const sim::Account& account, const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    if (const auto folder = maildir::folder_name(name)) text += *folder + '\n';
  return write_file(account_path(account), "subscriptions", text);
}

bool Maildir::annotations(const sim::Mailbox& mailbox, const sim::Annotations& all) {
  const Folder* folder = find(mailbox);
  return folder && write_file(folder->path, "glasspost-annotations", maildir::text_of(all));
}

bool Maildir::annotations_of_server(const sim::Account& account, const sim::Annotations& all) {
  return write_file(account_path(account), "glasspost-server-annotations", maildir::text_of(all));
}

bool Maildir::add(const sim::Mailbox& mailbox, const sim::StoredMessage& message) {
  Folder* folder = find(mailbox);
  if (!folder || !write_keywords(mailbox, *folder)) return false;
  const std::string_view letter = message.content->text();
  Spool* spool = spool_of(*message.content);
  const auto local = spool ? std::nullopt : maildir::with_local_line_ends(letter);
  const std::string_view text = local ? std::string_view(*local) : letter;
  maildir::MessageName name;
  name.base = maildir::base_name(Instant(std::chrono::seconds(message.saved)), ::getpid(), ++count_, message.uid, spool ? spool->octets : text.size(),
                                 local || (spool && spool->local) ? std::optional<std::uint64_t>(letter.size()) : std::nullopt);
  name.flags = message.flags;
  log(mailbox, *folder, maildir::changed_line(message.uid, message.modseq, message.flags));
  std::string path = maildir::path_of(name);
  const auto micros = message.date.time_since_epoch().count();
  timespec times[2];
  times[0].tv_sec = times[1].tv_sec = micros / 1'000'000;
  times[0].tv_nsec = times[1].tv_nsec = micros % 1'000'000 * 1000;
  if (!(spool ? add_spooled(*spool, *folder, path, times) : add_at_once(*folder, name.base, path, text, times))) return false;
  will_sync_directory(folder->path + (path.starts_with("new/") ? "/new" : "/cur"));
  folder->files.insert_or_assign(message.uid, std::move(path));
  // With many letters in one turn the files that are open are not left to grow in number.
  return to_sync_.files.size() < most_open_for_sync || sync();
}

bool Maildir::add_at_once(Folder& folder, const std::string& base, const std::string& path, std::string_view text, const timespec* times) {
  const std::string beside = folder.path + "/tmp/" + base;
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return failed("write", beside);
  const bool good = maildir::write_all(file, text) && ::futimens(file, times) == 0 &&
                    ::rename(beside.c_str(), (folder.path + '/' + path).c_str()) == 0;
  if (!good) {
    failed("write", beside);
    ::unlink(beside.c_str());
    ::close(file);
    return false;
  }
  will_sync(file);
  return true;
}

// Another program has given it other flags meanwhile: the name in front of them is the same.
bool Maildir::find_again(Folder& folder, sim::Uid uid) {
  std::string& path = folder.files[uid];
  const std::string base = maildir::parse_message_name(path).base;
  for (const char* part : {"cur", "new"}) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder.path + '/' + part, error)) {
      std::string now = fmt::format("{}/{}", part, entry.path().filename().string());
      if (maildir::parse_message_name(now).base != base) continue;
      path = std::move(now);
      return true;
    }
  }
  return false;
}

bool Maildir::move_file(Folder& folder, sim::Uid uid, const std::string& to) {
  std::string& path = folder.files[uid];
  if (path == to) return true;
  const auto move = [&] { return ::rename((folder.path + '/' + path).c_str(), (folder.path + '/' + to).c_str()) == 0; };
  if (!move()) {
    if (errno != ENOENT) return failed("rename", folder.path + '/' + path);
    if (!find_again(folder, uid)) return true;  // somebody has removed it: there is nothing to keep
    if (!move()) return failed("rename", folder.path + '/' + path);
  }
  path = to;
  return true;
}

bool Maildir::set_flags(const sim::Mailbox& mailbox, const sim::StoredMessage& message, sim::Flags now) {
  Folder* folder = find(mailbox);
  if (!folder || !write_keywords(mailbox, *folder)) return false;
  maildir::MessageName name = maildir::parse_message_name(folder->files[message.uid]);
  name.flags = now;
  name.in_new = false;
  log(mailbox, *folder, maildir::changed_line(message.uid, mailbox.highest_modseq() + 1, now));
  return move_file(*folder, message.uid, maildir::path_of(name));
}

bool Maildir::expunge(const sim::Mailbox& mailbox, std::span<const sim::StoredMessage* const> messages) {
  Folder* folder = find(mailbox);
  if (!folder) return false;
  // The UID of the last message must not be given again: it is written down before its file, which tells it, goes.
  if (!messages.empty() && messages.back()->uid + 1 == mailbox.uid_next() && folder->next_written != mailbox.uid_next() &&
      !write_uids(mailbox, *folder))
    return false;
  std::vector<sim::Uid> uids;
  for (const sim::StoredMessage* message : messages) uids.push_back(message->uid);
  log(mailbox, *folder, maildir::vanished_line(mailbox.highest_modseq() + 1, uids));
  for (const sim::StoredMessage* message : messages) {
    const auto gone = [&] { return ::unlink((folder->path + '/' + folder->files[message->uid]).c_str()) == 0; };
    if (!gone() && (errno != ENOENT || (find_again(*folder, message->uid) && !gone())))
      return failed("delete", folder->path + '/' + folder->files[message->uid]);
    folder->files.erase(message->uid);
  }
  return true;
}

}  // namespace glasspost::app

// Large letters: written in portions ahead of Maildir::add(), so that nobody else waits for the disk meanwhile.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "app/net/maildir.h"
#include "app/net/maildir_history.h"
#include "app/net/maildir_names.h"

namespace glasspost::app {
namespace {

constexpr std::size_t large = 1024 * 1024;    // from here on it is worth it
constexpr std::size_t portion = 1024 * 1024;  // octets of a letter that are converted and written at a time

}  // namespace

std::string Maildir::spool_path() const { return directory_ + "/.glasspost-spool"; }

Maildir::Spool* Maildir::spool_of(const sim::Content& content) {
  const auto found = std::find_if(spools_.begin(), spools_.end(), [&](const Spool& spool) { return spool.content.lock().get() == &content; });
  return found == spools_.end() ? nullptr : &*found;
}

Maildir::Spool& Maildir::begin_spool(const sim::ContentPtr& content) {
  ::mkdir(spool_path().c_str(), 0700);
  Spool spool;
  spool.content = content;
  spool.path = fmt::format("{}/P{}Q{}", spool_path(), ::getpid(), ++count_);
  spool.file = ::open(spool.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (spool.file < 0) spool.error = errno;
  return spools_.emplace_back(std::move(spool));
}

bool Maildir::prepare(const sim::ContentPtr& content) {
  drop_spools();
  const std::string_view text = content->text();
  if (text.size() < large) return false;
  Spool* spool = spool_of(*content);
  if (!spool) spool = &begin_spool(content);
  if (spool->error != 0) return false;
  std::string_view piece = text.substr(spool->at, portion);
  // CRLF is one line end, so it is not cut in two.
  if (piece.size() > 1 && piece.ends_with('\r') && spool->at + piece.size() < text.size()) piece.remove_suffix(1);
  if (spool->local) {
    const auto local = maildir::with_local_line_ends(piece);
    spool->local = local.has_value();
    if (local) {
      spool->write(*local);
    } else {  // from the beginning, as it is
      if (::ftruncate(spool->file, 0) != 0 || ::lseek(spool->file, 0, SEEK_SET) != 0) spool->error = errno;
      spool->at = 0, spool->octets = 0;
      return spool->error == 0;
    }
  } else {
    spool->write(piece);
  }
  spool->at += piece.size();
  return spool->error == 0 && spool->at < text.size();
}

// The disk begins at once, so that there is less to wait for at the end.
void Maildir::Spool::write(std::string_view text) {
  if (!maildir::write_all(file, text)) {
    error = errno;
    return;
  }
  ::sync_file_range(file, off_t(octets), off_t(text.size()), SYNC_FILE_RANGE_WRITE);
  octets += text.size();
}

// Those that have been added, and those that nobody wants any more.
void Maildir::drop_spools() {
  std::erase_if(spools_, [](const Spool& spool) {
    if (!spool.added && !spool.content.expired()) return false;
    spool.discard();
    return true;
  });
}

void Maildir::Spool::discard() const {
  if (file < 0) return;
  ::unlink(path.c_str());
  ::close(file);
}

// Several recipients of one letter share one file.
bool Maildir::add_spooled(Spool& spool, Folder& folder, const std::string& path, const timespec* times) {
  spool.added = true;
  errno = spool.error;
  const int file = spool.error == 0 ? ::dup(spool.file) : -1;
  if (file < 0) return failed("write", spool.path);
  if (::futimens(file, times) != 0 || ::link(spool.path.c_str(), (folder.path + '/' + path).c_str()) != 0) {
    failed("write", folder.path + '/' + path);
    ::close(file);
    return false;
  }
  will_sync(file);
  return true;
}

// The copy is the same file under another name. Another program's files are read and written anew: their names do not say
// what is in them.
bool Maildir::copy(const sim::Mailbox& from, const sim::StoredMessage& original, const sim::Mailbox& to,
                   const sim::StoredMessage& twin) {
  Folder *source = find(from), *target = find(to);
  if (!source || !target) return false;
  const auto found = source->files.find(original.uid);
  if (found == source->files.end() || original.date != twin.date) return add(to, twin);
  const maildir::MessageName name = maildir::parse_message_name(found->second);
  if (!name.ours || !name.file_size) return add(to, twin);
  if (!write_keywords(to, *target)) return false;
  log(to, *target, maildir::changed_line(twin.uid, twin.modseq, twin.flags));
  maildir::MessageName twin_name;
  twin_name.base = maildir::base_name(Instant(std::chrono::seconds(twin.saved)), ::getpid(), ++count_, twin.uid, *name.file_size, name.letter_size);
  twin_name.flags = twin.flags;
  std::string path = maildir::path_of(twin_name);
  if (::link((source->path + '/' + found->second).c_str(), (target->path + '/' + path).c_str()) != 0) return add(to, twin);
  will_sync_directory(target->path + (path.starts_with("new/") ? "/new" : "/cur"));
  target->files.insert_or_assign(twin.uid, std::move(path));
  return true;
}

}  // namespace glasspost::app

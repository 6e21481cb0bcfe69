// Reads a Maildir back into the store, at the start.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "app/net/maildir.h"
#include "app/net/maildir_history.h"
#include "app/net/maildir_names.h"
#include "protocol/base/text.h"

namespace glasspost::app {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text(std::istreambuf_iterator<char>(in), {});
  return in.bad() ? std::nullopt : std::optional(std::move(text));
}

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  const std::string text = read_file(path).value_or("");
  for (const std::string_view line : split(text, '\n'))
    if (!line.empty()) lines.emplace_back(line);
  return lines;
}

// The letter that a file holds. Another program's lines may end in either way.
std::string letter_of(const maildir::MessageName& name, std::string file) {
  if (name.ours) return name.letter_size ? maildir::with_crlf_line_ends(file) : std::move(file);
  std::string out;
  out.reserve(file.size() + file.size() / 32);
  for (const char c : file) {
    if (c == '\n' && (out.empty() || out.back() != '\r')) out += '\r';
    out += c;
  }
  return out;
}

Instant modified_at(const std::string& path, Instant otherwise) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return otherwise;
  return Instant(std::chrono::seconds(facts.st_mtim.tv_sec) + Duration(facts.st_mtim.tv_nsec / 1000));
}

// What a process that was killed has left half done.
void clear_leftovers(const std::string& tmp) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(tmp, error)) {
    std::error_code ignored;
    if (entry.path().filename().string().find(".glasspost,") != std::string::npos) fs::remove_all(entry.path(), ignored);
  }
}

struct Found {
  maildir::MessageName name;
  std::string path;  // "new/..."
};

std::vector<Found> files_in(const std::string& folder) {
  std::vector<Found> found;
  for (const char* part : {"new", "cur"}) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder + '/' + part, error)) {
      const std::string file = entry.path().filename().string();
      if (file.starts_with('.') || !entry.is_regular_file(error)) continue;
      std::string path = fmt::format("{}/{}", part, file);
      auto name = maildir::parse_message_name(path);
      found.push_back({std::move(name), std::move(path)});
    }
  }
  // In the order of UIDs; then the others as they came: names begin with the time.
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    if (a.name.uid && b.name.uid && a.name.uid != b.name.uid) return *a.name.uid < *b.name.uid;
    if (a.name.uid.has_value() != b.name.uid.has_value()) return a.name.uid.has_value();
    return a.name.base < b.name.base;
  });
  // A copy that another program made has the name's UID, too.
  std::optional<sim::Uid> before;
  for (Found& file : found) {
    const auto uid = file.name.uid;
    if (uid && uid == before) file.name.uid.reset();
    before = uid;
  }
  std::stable_partition(found.begin(), found.end(), [](const Found& file) { return file.name.uid.has_value(); });
  return found;
}

// Without what is still here: it was to go, and this process ended before it had.
void restore_range(sim::Mailbox& mailbox, sim::Vanished::Range range, const std::set<sim::Uid>& here) {
  for (auto at = here.lower_bound(range.first); at != here.end() && *at <= range.last; ++at) {
    if (range.first < *at) mailbox.restore_vanished({range.modseq, range.first, *at - 1});
    range.first = *at + 1;
  }
  if (range.first <= range.last) mailbox.restore_vanished(range);
}

// True: something went while nobody looked, and goes now.
bool restore_vanished(sim::Mailbox& mailbox, const maildir::History& history, const std::set<sim::Uid>& here) {
  mailbox.restore_forgotten(history.forgotten);
  std::vector<imap::SequenceRange> all;
  for (const sim::Vanished::Range& range : history.vanished) {
    restore_range(mailbox, range, here);
    all.push_back({range.first, range.last});
  }
  const auto told = imap::SequenceSet(std::move(all)).resolved(0);
  std::vector<sim::Uid> missing;
  auto at = told.begin();
  for (const auto& message : history.messages) {
    while (at != told.end() && at->last < message.uid) ++at;
    const bool is_told = at != told.end() && at->first <= message.uid;
    if (!is_told && !here.contains(message.uid)) missing.push_back(message.uid);
  }
  if (missing.empty()) return false;
  mailbox.restore_modseq(mailbox.highest_modseq() + 1);
  const auto gone = imap::SequenceSet::of(missing);
  for (const auto& [first, last] : gone.ranges())
    mailbox.restore_vanished({mailbox.highest_modseq(), first, last});
  return true;
}

bool is_taken(const sim::Account& account, std::uint32_t uid_validity) {
  return std::any_of(account.mailboxes().begin(), account.mailboxes().end(),
                     [=](const auto& entry) { return entry.second && entry.second->uid_validity() == uid_validity; });
}

}  // namespace

tl::expected<std::unique_ptr<Maildir>, std::string> Maildir::open(std::string directory, sim::Store& store, Instant now,
                                                                  Tell tell) {
  std::unique_ptr<Maildir> maildir(new Maildir(std::move(directory), std::move(tell)));
  if (const auto locked = maildir->lock(); !locked) return tl::unexpected(locked.error());
  std::error_code none_left;
  fs::remove_all(maildir->spool_path(), none_left);
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(maildir->directory_, error)) {
    std::string name = entry.path().filename().string();
    std::error_code none;
    const bool is_account = fs::is_directory(entry.path() / "cur", none) || fs::is_directory(entry.path() / "new", none);
    if (is_account && store.users().canonical(name) == name && store.users().exists(name)) names.push_back(std::move(name));
  }
  if (error) return tl::unexpected(fmt::format("{} cannot be read: {}", maildir->directory_, error.message()));
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) maildir->read_account(store.restore_account(name), now);
  maildir->sync();
  return maildir;
}

void Maildir::read_account(sim::Account& account, Instant now) {
  const std::string path = account_path(account);
  read_folder(account, "INBOX", path, now);
  std::vector<std::pair<std::string, std::string>> others;  // mailbox, path
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    const std::string folder = entry.path().filename().string();
    if (folder.size() < 2 || folder[0] != '.' || !fs::is_directory(entry.path() / "cur", error)) continue;
    auto mailbox = maildir::mailbox_name(std::string_view(folder).substr(1));
    if (mailbox && *mailbox != "INBOX") others.emplace_back(std::move(*mailbox), entry.path().string());
    else if (tell_) tell_(fmt::format("{} has a name that no mailbox can have; it is left alone", entry.path().string()));
  }
  std::sort(others.begin(), others.end());
  for (const auto& [mailbox, folder] : others) read_folder(account, mailbox, folder, now);
  read_subscriptions(account);
  account.restore_server_annotations(
      maildir::parse_annotations(read_file(account_path(account) + "/glasspost-server-annotations").value_or("")));
}

void Maildir::read_subscriptions(sim::Account& account) {
  for (const std::string& line : lines_of(account_path(account) + "/subscriptions"))
    if (auto mailbox = maildir::mailbox_name(line)) account.restore_subscription(std::move(*mailbox));
}

void Maildir::read_folder(sim::Account& account, const std::string& mailbox_name, const std::string& path, Instant now) {
  make_folder(path, mailbox_name == "INBOX");
  clear_leftovers(path + "/tmp");
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  std::uint32_t validity = std::uint32_t(seconds);
  sim::Uid next = 1;
  if (const auto lines = lines_of(path + "/glasspost-uids"); !lines.empty()) {
    const auto words = split(lines[0], ' ');
    if (words.size() == 2) {
      validity = to_u32(words[0]).value_or(validity);
      next = to_u32(words[1]).value_or(next);
    }
  }
  // A folder that was copied has the original's; OBJECTID's names come from these, so no two of a user may be alike.
  if (is_taken(account, validity)) validity = std::max(validity, std::uint32_t(seconds));
  while (validity == 0 || is_taken(account, validity)) ++validity;
  sim::Mailbox& mailbox = account.restore(mailbox_name, validity);
  Folder& folder = folders_[&mailbox];
  folder.path = path;

  std::vector<std::string> keywords;
  for (const std::string& line : lines_of(path + "/dovecot-keywords")) {
    const auto space = line.find(' ');
    const auto index = to_u32(std::string_view(line).substr(0, space));
    if (space == line.npos || index != keywords.size()) break;
    keywords.push_back(line.substr(space + 1));
  }
  mailbox.flags_of(keywords);  // they get their bits in this order
  folder.keywords_written = mailbox.keywords().size();

  mailbox.restore_annotations(maildir::parse_annotations(read_file(path + "/glasspost-annotations").value_or("")));
  read_messages(mailbox, folder, next, now);
}

// Messages get the mod-sequences that they had. What another program did to them meanwhile is a change like any other.
void Maildir::read_messages(sim::Mailbox& mailbox, Folder& folder, sim::Uid next, Instant now) {
  const std::string& path = folder.path;
  const auto kept = maildir::parse_history(read_file(fmt::format("{}/{}", path, maildir::history_name)).value_or(""),
                                           mailbox.uid_validity());
  const maildir::History history = kept.value_or(maildir::History{});
  // After a failure of power the last changes may not be there: none of their mod-sequences is given again.
  constexpr std::uint64_t more_than_a_turn_writes = 1000;
  mailbox.restore_modseq(history.highest + (kept && !history.complete ? more_than_a_turn_writes : 0));
  // Somebody has removed the log: what clients remember is certainly less than this.
  if (!kept && next > 1) mailbox.restore_modseq(std::uint64_t(std::max<std::int64_t>(1, now.time_since_epoch() / std::chrono::seconds(1))));
  folder.history_lines = history.lines;
  folder.history_closed = history.complete;

  auto files = files_in(path);
  std::set<sim::Uid> here;
  for (const Found& file : files)
    if (file.name.uid) next = std::max(next, *file.name.uid + 1), here.insert(*file.name.uid);
  bool changed = restore_vanished(mailbox, history, here);
  for (const auto& message : history.messages) next = std::max(next, message.uid + 1);
  for (Found& file : files) {
    auto text = read_file(path + '/' + file.path);
    const bool whole = text && (!file.name.ours || file.name.file_size == text->size());
    if (!whole) {  // a power failure; nobody was told that it had come
      if (tell_) tell_(fmt::format("{}/{} is not whole; it is put aside in tmp", path, file.path));
      std::rename((path + '/' + file.path).c_str(), (path + "/tmp/" + file.path.substr(4)).c_str());
      continue;
    }
    sim::NewMessage message;
    message.date = modified_at(path + '/' + file.path, now);
    message.saved = file.name.saved.value_or(message.date);
    message.flags = mailbox.flag_names(file.name.flags);
    message.content = sim::make_content(letter_of(file.name, std::move(*text)));
    const bool is_known = file.name.uid.has_value();
    const sim::Uid uid = is_known ? *file.name.uid : next++;
    folder.files[uid] = file.path;
    if (!is_known) {
      file.name.base = maildir::with_uid(file.name.base, uid);
      move_file(folder, uid, maildir::path_of(file.name));
    }
    const auto* before = history.find(uid);
    const bool same = before && before->flags == file.name.flags;
    changed |= !same;
    mailbox.restore(uid, std::move(message), file.path.starts_with("new/"), same ? before->modseq : 0);
  }
  mailbox.restore_uid_next(next);
  write_uids(mailbox, folder);
  if (changed || (kept && !history.complete)) write_history(mailbox, folder);
}

}  // namespace glasspost::app

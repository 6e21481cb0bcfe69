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
  sim::Mailbox& mailbox = account.restore(mailbox_name, std::max(validity, 1U));
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

  auto files = files_in(path);
  for (const Found& file : files)
    if (file.name.uid) next = std::max(next, *file.name.uid + 1);
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
    mailbox.restore(uid, std::move(message), file.path.starts_with("new/"));
  }
  mailbox.restore_uid_next(next);
  write_uids(mailbox, folder);
}

}  // namespace glasspost::app

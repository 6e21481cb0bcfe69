#include "tests/sim/sessions/model.h"

#include <algorithm>

namespace glasspost::sim::reference {
namespace {

std::string above(const std::string& name) {
  const auto slash = name.rfind('/');
  return slash == std::string::npos ? std::string() : name.substr(0, slash);
}

}  // namespace

Letter* Box::find(Uid uid) {
  for (Letter& letter : letters)
    if (letter.uid == uid) return &letter;
  return nullptr;
}

std::size_t Box::unseen() const {
  return std::size_t(std::count_if(letters.begin(), letters.end(), [](const Letter& l) { return !l.flags.contains("\\Seen"); }));
}

std::size_t Box::recent() const {
  return std::size_t(std::count_if(letters.begin(), letters.end(), [this](const Letter& l) { return l.uid >= first_recent; }));
}

std::set<Uid> Box::gone_since(std::uint64_t since) const {
  std::set<Uid> uids;
  for (const auto& [uid, when] : expunged)
    if (when > since) uids.insert(uid);
  return uids;
}

FlagSet Session::flags(std::size_t index) const {
  FlagSet flags = letter(index).flags;
  if (view[index].recent) flags.insert("\\Recent");
  return flags;
}

std::size_t Session::recent() const {
  return std::size_t(std::count_if(view.begin(), view.end(), [](const Entry& entry) { return entry.recent; }));
}

std::optional<std::size_t> Session::index_of(Uid uid) const {
  for (std::size_t i = 0; i < view.size(); ++i)
    if (view[i].uid == uid) return i;
  return std::nullopt;
}

bool Session::has_ghosts() const {
  return std::any_of(view.begin(), view.end(), [](const Entry& entry) { return entry.ghost.has_value(); });
}

bool Session::is_unchanged(std::size_t index, std::uint64_t since, Mode mode, const FlagSet& named) const {
  const Letter now = letter(index);
  if (now.modseq <= since) return true;
  if (mode == Mode::replace) return false;
  const auto all_of = [&](auto holds) { return std::all_of(named.begin(), named.end(), holds); };
  // "Always fails if the metadata item exists": a system flag always does.
  if (since == 0) return all_of([&](const std::string& flag) { return flag[0] != '\\' && !now.flags.contains(flag); });
  // What the client has not been told of matters only if it is about the flags that it names.
  const auto& believed = view[index].believed;
  return believed && believed->modseq <= since &&
         all_of([&](const std::string& flag) { return believed->flags.contains(flag) == now.flags.contains(flag); });
}

std::uint64_t Session::told_modseq() const {
  std::uint64_t told = box->modseq;
  for (const Entry& entry : view)
    if (entry.ghost) told = std::min(told, box->expunged.at(entry.uid) - 1);
  return told;
}

BoxPtr Model::find(const std::string& name) const {
  const auto found = boxes_.find(name);
  return found == boxes_.end() ? nullptr : found->second;
}

// ---- mailboxes

bool Model::has_children(const std::string& name) const {
  return std::any_of(boxes_.begin(), boxes_.end(), [&](const auto& box) { return box.first.starts_with(name + "/"); });
}

// Levels above a new mailbox are made too.
void Model::make_levels(const std::string& name) {
  const std::string level = above(name);
  if (level.empty()) return;
  make_levels(level);
  if (!boxes_.contains(level)) boxes_[level] = std::make_shared<Box>();
}

// A level that was there only for what is below it goes with the last of that.
void Model::prune(std::string name) {
  for (; !name.empty(); name = above(name)) {
    if (!boxes_.contains(name)) continue;
    if (boxes_[name] || has_children(name)) return;
    boxes_.erase(name);
  }
}

bool Model::create(const std::string& name) {
  if (find(name)) return false;
  make_levels(name);
  boxes_[name] = std::make_shared<Box>();
  return true;
}

bool Model::remove(const std::string& name) {
  const BoxPtr box = find(name);
  if (!box || name == "INBOX") return false;
  boxes_[name] = nullptr;
  prune(name);
  std::set<Uid> all;
  for (const Letter& letter : box->letters) all.insert(letter.uid);
  expunge(*box, all);
  box->gone = true;
  return true;
}

bool Model::rename(const std::string& from, const std::string& to) {
  if (!boxes_.contains(from) || boxes_.contains(to) || to.starts_with(from + "/")) return false;
  make_levels(to);
  if (from == "INBOX") {  // its letters go; it stays, and is empty (RFC 3501 section 6.3.5)
    const BoxPtr box = boxes_[to] = std::make_shared<Box>();
    std::vector<Uid> all;
    for (const Letter& letter : find("INBOX")->letters) all.push_back(letter.uid);
    copy(*find("INBOX"), all, *box);
    expunge(*find("INBOX"), {all.begin(), all.end()});
    return true;
  }
  std::map<std::string, BoxPtr> renamed;
  for (auto at = boxes_.begin(); at != boxes_.end();) {
    const bool is_it = at->first == from || at->first.starts_with(from + "/");
    if (is_it) renamed[to + at->first.substr(from.size())] = at->second;
    at = is_it ? boxes_.erase(at) : std::next(at);
  }
  boxes_.merge(renamed);
  prune(above(from));
  return true;
}

// ---- letters

Uid Model::add(Box& box, std::string subject, FlagSet flags) {
  box.letters.push_back({box.uid_next, std::move(subject), std::move(flags), ++box.modseq});
  return box.uid_next++;
}

void Model::set_flags(Box& box, Uid uid, const FlagSet& flags, const Session* by) {
  Letter& letter = *box.find(uid);
  if (letter.flags == flags) return;  // what is already so is no change (RFC 7162 section 3.1.11)
  for (Session& session : sessions_) {
    if (&session == by || session.box.get() != &box) continue;
    const auto index = session.index_of(uid);
    if (index && !session.view[*index].believed) session.view[*index].believed = letter;
  }
  letter.flags = flags;
  letter.modseq = ++box.modseq;
}

void Model::expunge(Box& box, const std::set<Uid>& uids) {
  std::vector<Letter> gone;
  for (const Letter& letter : box.letters)
    if (uids.contains(letter.uid)) gone.push_back(letter);
  if (gone.empty()) return;
  ++box.modseq;
  for (const Letter& letter : gone) {
    box.expunged[letter.uid] = box.modseq;
    for (Session& session : sessions_) {
      if (session.box.get() != &box) continue;
      if (const auto index = session.index_of(letter.uid)) session.view[*index].ghost = letter;
    }
  }
  std::erase_if(box.letters, [&](const Letter& letter) { return uids.contains(letter.uid); });
}

Model::Copied Model::copy(Box& from, const std::vector<Uid>& uids, Box& to) {
  Copied copied;
  for (const Uid uid : uids) {
    const Letter letter = *from.find(uid);
    copied.emplace_back(uid, add(to, letter.subject, letter.flags));
  }
  return copied;
}

// ---- sessions

void Model::see(Session& session, const Letter& letter) {
  Box& box = *session.box;
  session.view.push_back({letter.uid, letter.uid >= box.first_recent, {}, {}});
  if (!session.read_only && letter.uid >= box.first_recent) box.first_recent = letter.uid + 1;
}

void Model::select(Session& session, const BoxPtr& box, bool read_only) {
  close(session);
  session.box = box;
  session.read_only = read_only;
  for (const Letter& letter : box->letters) see(session, letter);
}

void Model::tell(Session& session, bool expunges) {
  if (!session.box) return;
  for (Entry& entry : session.view) entry.believed.reset();
  if (expunges) std::erase_if(session.view, [](const Entry& entry) { return entry.ghost.has_value(); });
  if (session.has_ghosts()) return;  // EXISTS behind an EXPUNGE that is held back would number them wrongly
  for (const Letter& letter : session.box->letters)
    if (!session.index_of(letter.uid)) see(session, letter);
}

void Model::tell_idle() {
  for (Session& session : sessions_)
    if (session.idle) tell(session, true);
}

}  // namespace glasspost::sim::reference

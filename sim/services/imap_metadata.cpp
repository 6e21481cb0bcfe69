// Notes about mailboxes and the server, and what a mailbox is for. RFC 5464, RFC 6154.
#include <algorithm>

#include "protocol/base/text.h"
#include "sim/services/imap_peer.h"
#include "sim/store/objectid.h"

namespace glasspost::sim {
namespace {

constexpr std::size_t longest_value = 64 * 1024;  // RFC 5464 section 4.1 wants 1024 at least,
constexpr std::size_t most_entries = 100;         // and 10

// Those that are only advice here. \All and \Flagged would be other mailboxes' messages, and there are no such mailboxes.
constexpr std::string_view possible_uses[] = {"\\Archive", "\\Drafts", "\\Junk", "\\Sent", "\\Trash"};

bool is_below(std::string_view entry, std::string_view wanted, imap::MetadataDepth depth) {
  if (entry == wanted) return true;
  if (depth == imap::MetadataDepth::itself || !entry.starts_with(wanted) || entry[wanted.size()] != '/') return false;
  return depth == imap::MetadataDepth::everything || entry.find('/', wanted.size() + 1) == entry.npos;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) (text += text.empty() ? "" : " ") += word;
  return text;
}

}  // namespace

// Why `uses` cannot be those of the mailbox: an empty sentence if they can.
std::string ImapPeer::objection_to(const std::vector<std::string>& uses, std::string_view mailbox) const {
  for (const std::string& use : uses) {
    if (std::find(std::begin(possible_uses), std::end(possible_uses), use) == std::end(possible_uses))
      return "There are no mailboxes for " + use + " here";
    for (const auto& [name, other] : account_->mailboxes()) {
      if (!other || name == mailbox) continue;
      const auto taken = other->special_uses();
      if (std::find(taken.begin(), taken.end(), use) != taken.end()) return "Another mailbox is for " + use + " already";
    }
  }
  return {};
}

void ImapPeer::run(const imap::Create& create) {
  Annotations noted;
  if (!create.uses.empty()) {
    if (const std::string why = objection_to(create.uses, Account::canonical(create.mailbox)); !why.empty())
      return no(why, {"USEATTR", {}});
    noted.emplace(special_use_entry, joined(create.uses));
  }
  const auto made = account_->create(create.mailbox, act(), std::move(noted));
  if (!made) return refuse(made.error());
  ok("CREATE completed", offers(imap::Extension::objectid) ? imap::Code::mailbox_id(mailbox_id(**made)) : imap::Code{});
}

void ImapPeer::run(const imap::GetMetadata& get) {
  const auto mailbox = account_->find(get.mailbox);
  if (!mailbox && !get.mailbox.empty()) return refuse(StoreFault::no_such_mailbox);
  const Annotations& all = mailbox ? mailbox->annotations() : account_->server_annotations();
  imap::MetadataData data{.mailbox = mailbox ? mailbox->name() : std::string(), .values = {}, .changed = {}};
  std::size_t too_long = 0;
  const auto tell = [&](const std::string& entry, std::optional<std::string> value) {
    for (const auto& [told, ignored] : data.values)
      if (told == entry) return;
    const std::size_t size = value ? value->size() : 0;
    if (get.max_size && size > *get.max_size) too_long = std::max(too_long, size);
    else data.values.emplace_back(entry, std::move(value));
  };
  for (const std::string& wanted : get.entries) {
    if (!all.contains(wanted) && get.depth == imap::MetadataDepth::itself) tell(wanted, std::nullopt);
    for (auto at = all.lower_bound(wanted); at != all.end() && at->first.starts_with(wanted); ++at)
      if (is_below(at->first, wanted, get.depth)) tell(at->first, at->second);
  }
  if (!data.values.empty()) session_.write().say_with_names(data);
  if (too_long > 0) return ok("GETMETADATA completed", {"METADATA", "LONGENTRIES " + std::to_string(too_long)});
  ok("GETMETADATA completed");
}

void ImapPeer::run(const imap::SetMetadata& set) {
  const auto mailbox = account_->find(set.mailbox);
  if (!mailbox && !set.mailbox.empty()) return refuse(StoreFault::no_such_mailbox);
  Annotations all = mailbox ? mailbox->annotations() : account_->server_annotations();
  for (const auto& [entry, value] : set.values) {
    if (!entry.starts_with("/private/") && !entry.starts_with("/shared/"))
      return no("Entries begin with /private/ or /shared/", {"CANNOT", {}});
    if (!mailbox && entry.starts_with("/shared/")) return no("That is for whoever runs this server", {"NOPERM", {}});
    if (value && value->size() > longest_value)
      return no("Too long", {"METADATA", "MAXSIZE " + std::to_string(longest_value)});
    if (entry == special_use_entry && value) {
      std::vector<std::string> uses;
      for (const std::string_view word : split(*value, ' '))
        if (!word.empty()) uses.emplace_back(word);
      if (const std::string why = mailbox ? objection_to(uses, mailbox->name()) : "The server is no mailbox"; !why.empty())
        return no(why, {"USEATTR", {}});
    }
    if (value) all.insert_or_assign(entry, *value);
    else all.erase(entry);
  }
  if (all.size() > most_entries) return no("Too many notes", {"METADATA", "TOOMANY"});
  ok_or_refuse(mailbox ? mailbox->annotate(std::move(all)) : account_->annotate_server(std::move(all)), "SETMETADATA completed");
}

}  // namespace glasspost::sim

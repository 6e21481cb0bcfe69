// FETCH: RFC 3501 section 6.4.5. A long one is said in pieces, so that neither memory nor anybody else's patience has to
// hold a whole mailbox.
#include <algorithm>

#include "protocol/mime/structure.h"
#include "sim/services/imap_peer.h"

namespace glasspost::sim {
namespace {
constexpr std::size_t piece = 1024 * 1024;
constexpr std::size_t about_an_item = 64;
constexpr std::size_t read_as_quickly_as_one_is_said = 8;  // octets of a message whose structure is looked for

std::optional<std::string_view> cut(std::optional<std::string_view> octets,
                                    const std::optional<imap::Partial>& partial) {
  if (!octets || !partial) return octets;
  return octets->substr(std::min<std::size_t>(partial->offset, octets->size()), partial->count);
}

}  // namespace

void ImapPeer::run(imap::Fetch& fetch) {
  auto numbers = named(fetch.set, fetch.uid);
  if (!numbers) return;
  Fetching fetching{.command = std::move(fetch), .numbers = std::move(*numbers)};
  for (const auto& item : fetching.command.items) {
    fetching.asks_uid |= item.kind == imap::FetchKind::uid;
    fetching.asks_flags |= item.kind == imap::FetchKind::flags;
    fetching.sets_seen |= item.sets_seen() && !view_->read_only();
  }
  fetching_ = std::move(fetching);
}

void ImapPeer::continue_fetch() {
  while (fetching_->next < fetching_->numbers.size()) {
    if (said_ > piece) return;
    fetch_one(fetching_->numbers[fetching_->next++]);
  }
  fetching_.reset();
  ok("FETCH completed");
}

void ImapPeer::fetch_one(std::uint32_t number) {
  const Fetching& fetching = *fetching_;
  bool flags_changed = false;
  if (fetching.sets_seen && !view_->expunged(number) && !(view_->message(number).flags & flag::seen)) {
    const StoredMessage& message = view_->message(number);
    flags_changed = mailbox().set_flags(message.uid, message.flags | flag::seen, act()).has_value();
  }
  const StoredMessage& message = view_->message(number);
  const Content& content = *message.content;
  auto writer = session_.write().fetch(number);
  if (fetching.command.uid && !fetching.asks_uid) writer.uid(message.uid);
  for (const auto& item : fetching.command.items) {
    switch (item.kind) {
      case imap::FetchKind::envelope: writer.envelope(content.envelope()); break;
      case imap::FetchKind::flags: writer.flags(view_->flags(number)); break;
      case imap::FetchKind::internal_date: writer.internal_date({message.date, message.zone_minutes}); break;
      case imap::FetchKind::rfc822_size: writer.size(message.size); break;
      case imap::FetchKind::body: writer.body(structure_of(content)); break;
      case imap::FetchKind::body_structure: writer.body_structure(structure_of(content)); break;
      case imap::FetchKind::uid: writer.uid(message.uid); break;
      case imap::FetchKind::rfc822:
      case imap::FetchKind::rfc822_header:
      case imap::FetchKind::rfc822_text:
      case imap::FetchKind::section: write_section(writer, item, content); break;
    }
    said_ += about_an_item;
  }
  if (flags_changed && !fetching.asks_flags) writer.flags(view_->flags(number));
  if (flags_changed || fetching.asks_flags) view_->flags_were_told(number);
  writer.end();
}

const mime::Part& ImapPeer::structure_of(const Content& content) {
  if (!content.structure_is_known()) said_ += content.size() / read_as_quickly_as_one_is_said;
  return content.structure();
}

void ImapPeer::write_section(imap::FetchWriter& writer, const imap::FetchItem& item, const Content& content) {
  imap::Section section = item.section;
  if (item.kind == imap::FetchKind::rfc822_header) section.what = imap::Section::What::header;
  if (item.kind == imap::FetchKind::rfc822_text) section.what = imap::Section::What::text;
  std::string scratch;
  const auto octets = section.path.empty() ? mime::section_of(content.text(), content.outline(), section, scratch)
                                           : mime::section_of(content.text(), structure_of(content), section, scratch);
  const auto wanted = cut(octets, item.partial);
  said_ += wanted ? wanted->size() : 0;
  writer.octets(item, wanted);
}

}  // namespace glasspost::sim

// FETCH: RFC 3501 section 6.4.5. A long one is said in pieces, so that neither memory nor anybody else's patience has to
// hold a whole mailbox.
#include <algorithm>

#include "protocol/base/text.h"
#include "protocol/mime/encoding.h"
#include "protocol/mime/structure.h"
#include "sim/services/imap_peer.h"
#include "sim/store/objectid.h"
#include "sim/store/preview.h"

namespace glasspost::sim {
namespace {
// Of a message whose structure is looked for.
constexpr std::size_t read_as_quickly_as_one_is_said = 8, portion_of_structure = 8 * 1024 * 1024;  // octets
constexpr std::size_t quickly_previewed = 1024 * 1024;
constexpr std::size_t hashed_as_quickly_as_one_is_said = 2;

std::optional<std::string_view> cut(std::optional<std::string_view> octets,
                                    const std::optional<imap::Partial>& partial) {
  if (!octets || !partial) return octets;
  return octets->substr(std::min<std::size_t>(partial->offset, octets->size()), partial->count);
}

}  // namespace

void ImapPeer::run(imap::Fetch& fetch) {
  auto numbers = named(fetch.set, fetch.uid);
  if (!numbers) return;
  const bool asks_modseq = fetch.changed_since || std::any_of(fetch.items.begin(), fetch.items.end(), [](const auto& item) {
                             return item.kind == imap::FetchKind::modseq;
                           });
  if (asks_modseq) become_aware();
  if (fetch.vanished) say_vanished_earlier(fetch.set.is_saved() ? saved() : fetch.set, *fetch.changed_since, 0);
  if (fetch.partial) {
    const std::size_t begin = fetch.partial->begin(numbers->size()), size = fetch.partial->size(numbers->size());
    numbers->erase(numbers->begin() + std::ptrdiff_t(begin + size), numbers->end());
    numbers->erase(numbers->begin(), numbers->begin() + std::ptrdiff_t(begin));
  }
  if (fetch.changed_since) leave_unchanged_out(*numbers, *fetch.changed_since);
  Fetching fetching{.command = std::move(fetch), .numbers = std::move(*numbers)};
  for (const auto& item : fetching.command.items) {
    fetching.asks_uid |= item.kind == imap::FetchKind::uid;
    fetching.asks_flags |= item.kind == imap::FetchKind::flags;
    fetching.asks_modseq |= item.kind == imap::FetchKind::modseq;
    fetching.asks_binary |= item.kind == imap::FetchKind::binary || item.kind == imap::FetchKind::binary_size;
    fetching.sets_seen |= sets_seen(item);
  }
  fetching_.emplace(std::move(fetching));
}

bool ImapPeer::sets_seen(const imap::FetchItem& item) const {
  if (!flaws_.has(Flaw::peek_sets_seen)) return item.sets_seen() && !view_->read_only();
  imap::FetchItem asked = item;
  asked.peek = false;
  return asked.sets_seen();
}

// Goes on until the command is completed or enough has been said for now. One message's response may be long by itself
// ("FETCH 1 (BODY[] BODY[] BODY[])"), so it can be left off behind any of its items.
void ImapPeer::continue_fetch() {
  Fetching& fetching = *fetching_;
  while (fetching.next < fetching.numbers.size()) {
    if (enough_for_now()) return;
    const std::uint32_t number = fetching.numbers[fetching.next];
    if (!fetching.response && fetching.asks_binary) {
      const Content& content = *view_->message(number).content;
      if (!structure_is_ready(content)) return;
      if (!can_decode(content)) {
        fetching.unknown_encoding = true;
        ++fetching.next;
        continue;
      }
    }
    if (!fetching.response) begin_fetch_response(number);
    while (fetching.next_item < fetching.command.items.size()) {
      const imap::FetchItem& item = fetching.command.items[fetching.next_item];
      if (enough_for_now() || !is_prepared(number, item)) return session_.set_mid_response(true);
      write_fetch_item(number, item);
      ++fetching.next_item;
    }
    end_fetch_response(number);
    ++fetching.next;
  }
  const bool failed = fetching.unknown_encoding;
  const std::string_view done = fetching.done;
  const imap::Code code = fetching.code;
  fetching_.reset();
  if (failed) return no("Some of it has an encoding that is not known here", {"UNKNOWN-CTE", {}});
  ok(done, code);
}

void ImapPeer::begin_fetch_response(std::uint32_t number) {
  Fetching& fetching = *fetching_;
  fetching.next_item = 0;
  fetching.flags_changed = false;
  if (fetching.sets_seen && !view_->expunged(number) && !(view_->message(number).flags & flag::seen)) {
    const StoredMessage& message = view_->message(number);
    fetching.flags_changed = mailbox().set_flags(message.uid, message.flags | flag::seen, act()).has_value();
  }
  if (fetching.asks_flags || fetching.flags_changed) say_new_keywords();
  fetching.response.emplace(session_.write().fetch(number));
  if (fetching.command.uid && !fetching.asks_uid) fetching.response->uid(view_->uid(number));
}

void ImapPeer::write_fetch_item(std::uint32_t number, const imap::FetchItem& item) {
  imap::FetchWriter& writer = *fetching_->response;
  const StoredMessage& message = view_->message(number);
  const Content& content = *message.content;
  switch (item.kind) {
    case imap::FetchKind::envelope: writer.envelope(content.envelope()); break;
    case imap::FetchKind::flags: write_flags(writer, number); break;
    case imap::FetchKind::internal_date: writer.internal_date({message.date, message.zone_minutes}); break;
    case imap::FetchKind::rfc822_size: writer.size(message.size); break;
    case imap::FetchKind::body: writer.body(content.structure()); break;
    case imap::FetchKind::body_structure: writer.body_structure(content.structure()); break;
    case imap::FetchKind::uid: writer.uid(message.uid); break;
    case imap::FetchKind::save_date: writer.save_date({Instant(std::chrono::seconds(message.saved)), 0}); break;
    case imap::FetchKind::preview: write_preview(writer, item, content); break;
    case imap::FetchKind::email_id:
      looked_through_ += message.size / hashed_as_quickly_as_one_is_said;
      writer.email_id(email_id(message));
      break;
    case imap::FetchKind::thread_id: writer.thread_id(thread_id(message)); break;
    case imap::FetchKind::modseq: write_modseq(writer, number); break;
    case imap::FetchKind::binary:
    case imap::FetchKind::binary_size: write_binary(writer, item, content); break;
    case imap::FetchKind::rfc822:
    case imap::FetchKind::rfc822_header:
    case imap::FetchKind::rfc822_text:
    case imap::FetchKind::section: write_section(writer, item, content); break;
  }
}

void ImapPeer::end_fetch_response(std::uint32_t number) {
  Fetching& fetching = *fetching_;
  imap::FetchWriter& writer = *fetching.response;
  if (fetching.flags_changed && !fetching.asks_flags) write_flags(writer, number);
  // RFC 7162 section 3.1.4.1, and 3.2.4 for a change that was not asked for.
  const bool news = fetching.flags_changed && aware();
  if (news && !fetching.asks_uid && !fetching.command.uid) writer.uid(view_->uid(number));
  if ((news || fetching.command.changed_since) && !fetching.asks_modseq) write_modseq(writer, number);
  fetching.response->end();
  fetching.response.reset();
  session_.set_mid_response(false);
}

// They are told as they are now; what another session changes later, perhaps while this response is still being said, is
// news again.
void ImapPeer::write_flags(imap::FetchWriter& writer, std::uint32_t number) {
  writer.flags(flags_of(number));
  view_->flags_were_told(number);
}

void ImapPeer::write_modseq(imap::FetchWriter& writer, std::uint32_t number) {
  writer.modseq(view_->message(number).modseq);
  owes_modseq_ |= view_->held_back_modseq().has_value();
}

// Reads a portion of the message's structure, if the item needs it. False: there is more to read, when others have had their turn.
bool ImapPeer::is_prepared(std::uint32_t number, const imap::FetchItem& item) {
  const Content& content = *view_->message(number).content;
  const bool shown = item.kind == imap::FetchKind::preview && !(item.lazy && content.size() > quickly_previewed);
  const bool needed = item.kind == imap::FetchKind::body || item.kind == imap::FetchKind::body_structure || shown || !item.section.path.empty();
  return !needed || structure_is_ready(content);
}

bool ImapPeer::structure_is_ready(const Content& content) {
  fetching_->reads_structure = false;
  if (content.structure_is_known()) return true;
  const std::size_t octets = admission_.client_is_ours ? content.size() : std::min(portion_of_structure, content.size());
  looked_through_ += octets / read_as_quickly_as_one_is_said;
  fetching_->reads_structure = !content.prepare_structure(octets);
  return !fetching_->reads_structure;
}

// RFC 8970 section 4.1: what takes a while is not told to whoever is in a hurry.
void ImapPeer::write_preview(imap::FetchWriter& writer, const imap::FetchItem& item, const Content& content) {
  const bool slow = item.lazy && !content.structure_is_known() && content.size() > quickly_previewed;
  writer.preview(slow ? std::nullopt : std::optional(preview_of(content)));
}

// RFC 3516 section 4.3: what cannot be decoded fails the command.
bool ImapPeer::can_decode(const Content& content) const {
  constexpr std::string_view known[] = {"7bit", "8bit", "binary", "base64", "quoted-printable"};
  const auto& items = fetching_->command.items;
  return std::all_of(items.begin(), items.end(), [&](const imap::FetchItem& item) {
    if (item.kind != imap::FetchKind::binary && item.kind != imap::FetchKind::binary_size) return true;
    const mime::Part* part = item.section.path.empty() ? nullptr : mime::part_at(content.structure(), item.section.path);
    return !part || !part->parts.empty() || std::any_of(std::begin(known), std::end(known), [part](std::string_view name) {
      return equal_ignoring_case(part->encoding, name);
    });
  });
}

// Of a part that holds others only those have an encoding.
void ImapPeer::write_binary(imap::FetchWriter& writer, const imap::FetchItem& item, const Content& content) {
  const mime::Part* part = item.section.path.empty() ? nullptr : mime::part_at(content.structure(), item.section.path);
  std::optional<std::string_view> octets;
  std::string decoded;
  if (item.section.path.empty()) {
    octets = content.text();
  } else if (part) {
    octets = part->body.of(content.text());
    if (part->parts.empty()) octets = decoded = mime::decode_body(*octets, part->encoding);
    looked_through_ += decoded.size() / read_as_quickly_as_one_is_said;
  }
  if (item.kind == imap::FetchKind::binary_size) writer.binary_size(item.section, octets ? octets->size() : 0);
  else writer.octets(item, cut(octets, item.partial));
}

void ImapPeer::write_section(imap::FetchWriter& writer, const imap::FetchItem& item, const Content& content) {
  imap::Section section = item.section;
  if (item.kind == imap::FetchKind::rfc822_header) section.what = imap::Section::What::header;
  if (item.kind == imap::FetchKind::rfc822_text) section.what = imap::Section::What::text;
  std::string scratch;
  const auto octets = section.path.empty() ? mime::section_of(content.text(), content.outline(), section, scratch)
                                           : mime::section_of(content.text(), content.structure(), section, scratch);
  writer.octets(item, cut(octets, item.partial));
}

}  // namespace glasspost::sim

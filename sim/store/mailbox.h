// One mailbox: its messages in the order of their UIDs, and who is to be told when they change.
// RFC 3501 section 2.3. Sequence numbers are not here: each session has its own (view.h).
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "protocol/base/time.h"
#include "protocol/trace.h"
#include "sim/store/content.h"
#include "sim/store/vanished.h"

namespace glasspost::sim {

using Uid = std::uint32_t;

// Bits: the five system flags, then this mailbox's keywords. \Recent is no flag of the message but of a session.
using Flags = std::uint64_t;
namespace flag {
inline constexpr Flags seen = 1, answered = 2, flagged = 4, deleted = 8, draft = 16;
inline constexpr int first_keyword = 5;
inline constexpr std::size_t most_keywords = 64 - first_keyword;
}  // namespace flag

// 56 octets a message; beside them and its text the content has some 70 of its own.
struct StoredMessage {
  Uid uid = 0;
  std::uint32_t size = 0;         // RFC822.SIZE
  Flags flags = 0;
  Instant date{};                 // INTERNALDATE, UTC
  std::uint64_t modseq = 0;
  ContentPtr content;
  std::int16_t zone_minutes = 0;  // east of UTC: how the client that appended it wrote the date
  std::uint32_t saved = 0;        // seconds since 1970: when it came into this mailbox (RFC 8514)
};
std::uint32_t save_date(Instant);  // as StoredMessage has it

enum class StoreFault : std::uint8_t {
  no_such_mailbox,
  already_exists,
  bad_name,       // empty, a level without a name, an octet that is not printable, too long
  has_children,   // \Noselect already, and still with mailboxes below it
  inbox,          // INBOX cannot be deleted
  no_such_user,
  limit,          // too many mailboxes, or messages in one
  over_quota,     // the user keeps as much as they may (quota.h)
  not_kept,       // the journal could not write it down: nothing was changed
  no_room,        // likewise, and the reason is that the disk is full
};
std::string_view name_of(StoreFault);
template <class T>
using StoreResult = tl::expected<T, StoreFault>;

// What clients noted about a mailbox or the server (RFC 5464): by entry, in small letters, "/private/comment".
inline constexpr std::string_view special_use_entry = "/private/specialuse";
using Annotations = std::map<std::string, std::string, std::less<>>;

class Mailbox;

struct FlagsBefore {
  Flags flags = 0;
  std::uint64_t modseq = 0;
};

class MailboxListener {
 public:
  virtual ~MailboxListener() = default;
  // After the fact. `record`: the StoreChanged that tells it (the last one, of several), or no_record.
  virtual void added(const StoredMessage&, RecordId record) = 0;
  // `before`: as it was.
  virtual void flags_changed(const StoredMessage&, const FlagsBefore& before, RecordId record) = 0;
  virtual void expunged(std::span<const StoredMessage>, RecordId record) = 0;  // ascending; no longer in the mailbox
};

// Who does something to the store, when, and why.
struct Act {
  Instant now{};
  RecordId cause = no_record;
  ConnectionId connection = 0;
  const MailboxListener* by = nullptr;  // it changes flags itself and need not be told of that
};

struct NewMessage {
  ContentPtr content;
  std::vector<std::string> flags;  // "\\Seen", "$Forwarded"; \Recent and unknown system flags are passed over
  Instant date{};
  int zone_minutes = 0;
  Instant saved{};                 // restore() alone looks at it: when it came into the mailbox; not said: `date`
};

class Account;

class Mailbox {
 public:
  // A COPY of everything to where it is doubles a mailbox each time it is said.
  static constexpr std::size_t most_messages = 1'000'000;

  Mailbox(Account& account, std::string name, std::uint32_t uid_validity);
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  Account& account() const { return account_; }
  const std::string& name() const { return name_; }  // UTF-8, "INBOX", "Work/2026"
  std::uint32_t uid_validity() const { return uid_validity_; }
  Uid uid_next() const { return uid_next_; }
  // RFC 7162: every change takes the next mod-sequence. A message has that of its last change; what is expunged together
  // goes with one.
  std::uint64_t highest_modseq() const { return modseq_; }
  const Vanished& vanished() const { return vanished_; }
  // UIDs that were given and are here no more, of those that went with a greater mod-sequence; or, where that was
  // forgotten, of all. Sorted and disjoint. RFC 7162 section 3.2.6.
  std::vector<imap::SequenceRange> vanished_since(std::uint64_t modseq) const;
  bool gone() const { return gone_; }  // deleted while somebody still looks at it

  std::size_t size() const { return messages_.size(); }
  const StoredMessage& operator[](std::size_t index) const { return messages_[index]; }
  const std::deque<StoredMessage>& messages() const { return messages_; }
  std::size_t lower_bound(Uid uid) const;  // index of the first message with this UID or a greater one
  const StoredMessage* find(Uid uid) const;
  std::size_t unseen() const { return unseen_; }
  std::uint64_t octets() const { return octets_; }

  // \Recent: messages from this UID on were not yet shown to any session that may claim them.
  Uid first_recent() const { return first_recent_; }
  std::size_t recent() const { return size() - lower_bound(first_recent_); }
  void claim_recent(Uid upto);  // everything up to this UID is some session's

  const std::vector<std::string>& keywords() const { return keywords_; }
  bool takes_new_keywords() const { return keywords_.size() < flag::most_keywords; }
  // The bits of these names; keywords that are new here get a bit while there is one left, else they are left out.
  Flags flags_of(std::span<const std::string> names);
  std::optional<Flags> known_flag(std::string_view name) const;  // nothing: no message here can have it
  std::vector<std::string> flag_names(Flags) const;              // "\Seen", "\Answered", "$Forwarded"
  std::string flags_text(Flags) const;                           // the same with spaces between

  const Annotations& annotations() const { return annotations_; }
  std::vector<std::string> special_uses() const;  // "\Sent": the words of the entry that RFC 6154 section 4 names
  StoreResult<void> annotate(Annotations as_they_are_to_be);

  StoreResult<Uid> add(NewMessage, const Act&);
  StoreResult<void> set_flags(Uid uid, Flags flags, const Act&);  // a UID that is not there is passed over
  StoreResult<void> expunge(std::span<const Uid> ascending, const Act&);
  // Lets go of so many messages, and tells nobody: the world ends, in pieces. False: there are none left.
  bool shed(std::size_t messages);
  using Copied = std::vector<std::pair<Uid, Uid>>;                // from, to
  // All or nothing. What is not there is passed over.
  StoreResult<Copied> copy(std::span<const Uid> ascending, Mailbox& to, const Act& act) { return copy(ascending, to, act, false); }
  StoreResult<Copied> move(std::span<const Uid> ascending, Mailbox& to, const Act&);

  // For a journal that reads back what it kept: nothing is recorded, nobody is told. Ascending UIDs.
  // `modseq`: 0 takes the next one.
  void restore(Uid uid, NewMessage, bool recent = false, std::uint64_t modseq = 0);
  void restore_modseq(std::uint64_t highest) { modseq_ = std::max(modseq_, highest); }
  void restore_vanished(Vanished::Range range) { vanished_.add(range); }
  void restore_forgotten(std::uint64_t modseq) { vanished_.forget_until(modseq); }
  void restore_uid_next(Uid next);
  void restore_annotations(Annotations annotations) { annotations_ = std::move(annotations); }

  void listen(MailboxListener& listener) { listeners_.push_back(&listener); }
  void leave(const MailboxListener& listener);

 private:
  friend class Account;
  // Its UID and mod-sequence are given here. `original`: where it is a copy from, in `from`. `counted`: it takes no more room,
  // because the original goes.
  StoreResult<Uid> put(StoredMessage, const Act&, const Mailbox* from = nullptr, const StoredMessage* original = nullptr, bool counted = false);
  StoreResult<Copied> copy(std::span<const Uid> ascending, Mailbox& to, const Act&, bool counted);
  RecordId record(StoreChange change, const StoredMessage&, std::size_t index, const Act&) const;
  void count(const StoredMessage&, int sign);
  void take_out(std::span<const Uid> ascending, std::vector<StoredMessage>& out);
  void clear(RecordId record);  // it is deleted: everybody who looks loses its messages
  template <class Tell>
  void tell(Tell);

  Account& account_;
  std::string name_;
  std::uint32_t uid_validity_;
  Uid uid_next_ = 1, first_recent_ = 1;
  std::uint64_t modseq_ = 1;
  Vanished vanished_;
  bool gone_ = false;
  std::deque<StoredMessage> messages_;
  std::size_t unseen_ = 0;
  std::uint64_t octets_ = 0;
  std::vector<std::string> keywords_;
  Annotations annotations_;
  std::vector<MailboxListener*> listeners_;  // null: left while everybody was being told
  int telling_ = 0;
};

}  // namespace glasspost::sim

// What one session sees of its selected mailbox: its own sequence numbers, what the client was already told and what it
// is still to be told. RFC 3501 sections 2.3.1.2, 5.2, 5.5 and 7.4.1; RFC 2180 section 4.1 (a message that another
// session expunged can be read here until its EXPUNGE has been said).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/imap/sequence_set.h"
#include "sim/store/mailbox.h"

namespace glasspost::sim {

class View final : private MailboxListener {
 public:
  View(std::shared_ptr<Mailbox>, bool read_only);
  ~View();
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  Mailbox& mailbox() const { return *mailbox_; }
  bool read_only() const { return read_only_; }

  // As the client has been told.
  std::uint32_t exists() const { return std::uint32_t(uids_.size()); }
  std::uint32_t recent() const { return recent_; }
  Uid uid(std::uint32_t sequence) const { return uids_[sequence - 1]; }
  std::optional<std::uint32_t> sequence(Uid) const;
  // The sequence numbers that a set names, ascending. As UIDs: those that are not here name nothing.
  std::vector<std::uint32_t> numbers(const imap::SequenceSet&, bool uids) const;
  std::optional<std::uint32_t> first_unseen() const;

  // Valid until the store changes or updates are taken. Never null for a sequence number up to exists().
  const StoredMessage& message(std::uint32_t sequence) const;
  bool expunged(std::uint32_t sequence) const { return ghosts_.contains(uid(sequence)); }  // and not yet told
  std::vector<Uid> ghosts_in(Uid first, Uid last) const;                                   // expunged, and not yet told; ascending
  bool is_recent(Uid) const;
  std::vector<std::string> flags(std::uint32_t sequence) const;  // with \Recent

  struct Update {
    enum class Kind : std::uint8_t { expunge, exists, recent, flags };
    Kind kind;
    std::uint32_t number;  // the sequence number, or the count
    Uid uid = 0;           // expunge, flags
    friend bool operator==(Update, Update) = default;
  };
  // What the client must now be told, in this order: EXPUNGE, EXISTS, RECENT, FETCH (FLAGS). If EXPUNGE may not be said,
  // those wait, and with them the new messages behind them.
  std::vector<Update> take_updates(bool expunge_may_be_said);
  // Its numbers become those that the mailbox has now, and the client is never told: Flaw::shared_numbers.
  void forget_expunged();
  bool has_updates() const;
  // The store's record that brought the latest news, for the trace.
  RecordId latest_news() const { return latest_news_; }
  // Expunges are held back, and the first of them has this mod-sequence: nothing as great may be told as the mailbox's.
  // RFC 7162 section 3.2.
  std::optional<std::uint64_t> held_back_modseq() const {
    return ghosts_.empty() ? std::nullopt : std::optional(held_back_modseq_);
  }
  // The mod-sequence up to which this client has been told all.
  std::uint64_t told_modseq() const { return ghosts_.empty() ? mailbox_->highest_modseq() : held_back_modseq_ - 1; }
  // What the client still believes of a message whose flags another session has changed.
  std::optional<FlagsBefore> believed(std::uint32_t sequence) const;
  // A FETCH (FLAGS) for it is being said anyway.
  void flags_were_told(std::uint32_t sequence) { changed_.erase(uid(sequence)); }

  // Act::by of a change whose flags this session tells its client itself (or, with .SILENT, does not).
  const MailboxListener* listener() const { return this; }
  // Called whenever there is news, from inside the change.
  void on_news(std::function<void()> call) { on_news_ = std::move(call); }

 private:
  void added(const StoredMessage&, RecordId) override;
  void flags_changed(const StoredMessage&, const FlagsBefore&, RecordId) override;
  void expunged(std::span<const StoredMessage>, RecordId) override;
  bool has_new() const;
  void take_in(Uid);
  void news(RecordId);
  void drop_ghosts(std::vector<Update>&);

  std::shared_ptr<Mailbox> mailbox_;
  bool read_only_;
  std::vector<Uid> uids_;                      // by sequence number
  Uid known_ = 0;                              // every UID up to this one is in uids_, or will never be
  std::vector<std::pair<Uid, Uid>> recents_;   // ranges: those in uids_ are \Recent here
  std::uint32_t recent_ = 0, recent_told_ = 0;
  std::map<Uid, StoredMessage> ghosts_;        // expunged, in uids_, and the client does not know
  std::uint64_t held_back_modseq_ = 0;         // of the first of them
  std::map<Uid, FlagsBefore> changed_;         // flags to tell, and what the client was told
  RecordId latest_news_ = no_record;
  std::function<void()> on_news_;
};

}  // namespace glasspost::sim

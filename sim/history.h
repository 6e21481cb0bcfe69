// What the trace says was so at a moment: who held which letters, what waited in a queue. Views and goals read the
// past from here and never from the live stores, so going back in time is only another moment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "protocol/trace.h"

namespace glasspost::sim {

struct HeldMessage {
  std::uint32_t uid = 0;       // 0: its holder has none (POP3)
  std::uint32_t sequence = 0;  // as last told; 0 once gone
  std::uint32_t octets = 0;
  std::string flags, subject, key;
  std::string unique_id;       // POP3: as UIDL told it
  std::uint64_t modseq = 0;    // as last told; 0: its holder does not know
  bool gone = false;
  RecordId added = no_record, changed = no_record;  // the records that put it there and last changed it
  Instant changed_at{};
};

// One mailbox of one holder: a server's, or the copy on a device.
struct Holding {
  HostId holder = 0;
  std::string user, mailbox;
  std::vector<HeldMessage> messages;  // in the order of arrival, the gone ones among them
  bool uids_ascend = true;            // as they do unless a mailbox began anew: then one is found by halving
  std::uint32_t uid_validity = 0, uid_next = 0;  // as told last; 0: not known to the holder
  std::uint64_t modseq = 0;                      // the greatest that was told; 0: likewise
  RecordId synced = no_record;                   // the Synced that told what the last catching up took
  std::size_t present() const;
};

struct WaitingLetter {
  HostId host = 0;
  std::uint32_t letter = 0;
  std::string queue_id, reverse_path, recipient, last_reply;
  QueueChange state = QueueChange::accepted;
  Instant accepted_at{}, next_try{};
  std::vector<RecordId> records;
  bool waits() const;  // neither delivered nor given up
};

// Folds a trace up to a moment. Going forward costs only what is new, and going back only what is taken back.
class History {
 public:
  void fold(const Trace&, Instant cursor);
  void clear();

  const std::vector<Holding>& holdings() const { return holdings_; }
  const Holding* holding(HostId, std::string_view user, std::string_view mailbox) const;
  const std::vector<WaitingLetter>& letters() const { return letters_; }
  std::size_t waiting_at(HostId) const;
  RecordId folded() const { return next_; }  // every record before it is at or before the moment

 private:
  void take(const Trace&, RecordId);
  void take(const Trace&, RecordId, const StoreChanged&);
  void take(const Trace&, RecordId, const QueueChanged&);
  void take(const Trace&, RecordId, const Synced&);
  std::uint32_t holding_for(HostId, std::string_view user, std::string_view mailbox);
  // False: it cannot be known any more what was before, because the trace has forgotten it.
  bool take_back(const Trace&);
  bool take_back(const Trace&, const StoreChanged&);
  bool take_back_letter(const Trace&);
  void take_back_sync();
  void begin_anew(const Trace&);

  // What a change has replaced.
  struct Before {
    std::uint32_t place = 0;                       // of holdings_ or of letters_
    std::optional<std::uint32_t> message;          // of the holding, the one that changed
    std::uint32_t sequence = 0;                    // of that message
    RecordId changed = no_record;                  // likewise
    std::uint32_t uid_validity = 0, uid_next = 0;  // of the holding
    std::uint64_t modseq = 0;                      // likewise
    RecordId synced = no_record;                   // likewise
    std::uint32_t swept = 0;                       // so many of the last in swept_ went with it
    bool made = false, uids_ascend = true;         // the holding was made; as it was
  };
  struct Swept {
    std::uint32_t message, sequence;
    RecordId changed;
  };

  std::vector<Holding> holdings_;
  std::vector<WaitingLetter> letters_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> letters_by_number_;  // host and letter -> of letters_
  std::vector<RecordId> changes_;  // the records before seen_ that change something
  std::size_t next_change_ = 0;
  std::vector<Before> befores_;    // of the last changes before next_change_
  std::vector<Swept> swept_;
  RecordId next_ = 0, seen_ = 0;
};

}  // namespace glasspost::sim

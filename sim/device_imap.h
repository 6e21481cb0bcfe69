// One IMAP connection of a device: log in, open a mailbox, fetch what the device lacks, then listen or fall silent, and say
// what its owner does with a message meanwhile. Private to device.cpp; device_imap_sync.cpp: how it catches up.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <variant>

#include "protocol/imap/client.h"
#include "sim/client_peer.h"
#include "sim/device.h"

namespace glasspost::sim {

inline imap::FetchItem fetch_item(imap::FetchKind kind) {
  imap::FetchItem item;
  item.kind = kind;
  return item;
}

class Device::Imap final : public SessionClient<imap::Client> {
 public:
  Imap(Device&, const StoryAct&, Endpoint::Settings, imap::ClientSettings);

  void refused(Instant now) override {
    gone();
    SessionClient::refused(now);
  }
  bool ends_by_itself() const override { return false; }
  // From the first moment on: what is wanted before the mailbox is open waits until it is.
  bool usable() const { return !leaving_ && !endpoint_.failed(); }
  // Take effect at once, or when what goes on now is done.
  void perform(const StoryAct&);
  void perform(Change);

 private:
  void work() override;
  void log_in();
  void take(const imap::Response&);
  void after(const imap::Completed&);
  void begin_to_sync();
  void select(const std::string& mailbox);
  void selected();
  void interrupt();                       // IDLE ends; if nothing goes on, the next thing begins
  void go_on();
  void begin(const StoryAct&);
  void begin(const Change&);
  void copied(const imap::CopiedUids&);
  bool after_move(bool fine, const imap::ConditionData&);
  void renew_idle();
  void ask_later();
  void resynchronise();
  void ask_what_is_there();
  void told_what_is_there(const std::vector<std::uint32_t>& uids);
  void caught_up();
  void number_anew();
  void vanished(const imap::VanishedData&);
  void learn_modseq();
  void drop_what_is_gone();
  void told_again(DeviceCopy&, const imap::FetchData&);
  void fetch_new();
  void fetched(const imap::FetchData&);
  void expunged(std::uint32_t sequence);
  void forget_mailbox();
  std::uint32_t highest_known() const;
  bool is_here(const DeviceCopy& copy) const { return copy.mailbox == mailbox_ && copy.uid != 0; }
  void leave();
  void gone();

  Device& device_;
  std::string home_, mailbox_;            // the mailbox that it stays in, and the one that is open
  bool listens_, mark_read_, headers_first_;
  std::deque<std::variant<StoryAct, Change>> todo_;
  std::optional<Change> now_doing_;
  std::uint32_t exists_ = 0;
  std::uint32_t highest_ = 0;             // UID of what is known here
  std::uint32_t known_ = 0;               // messages of this mailbox that the device has
  std::uint64_t idles_ = 0;
  std::size_t next_ = 0;                  // of the device's copies: behind the one that was told of last
  bool open_ = false, idling_ = false, leaving_ = false;
  bool news_ = false, stale_ = false;     // messages are to be fetched; what is known is to be compared
  // RFC 7162: how far the server is, as its commands' answers tell (section 6).
  SyncWay way_ = SyncWay::plain;          // as this server allows it
  std::uint64_t modseq_ = 0;              // all up to it has been told, once what is known has been compared
  std::uint64_t heard_modseq_ = 0;        // the greatest since the last command was completed
  std::optional<std::uint64_t> told_modseq_;
  std::uint64_t opened_modseq_ = 0;       // the mailbox's when it was opened
  bool told_all_ = false;                 // the SELECT told what was different
  imap::Client::Effort before_;           // what had been said before this mailbox was opened
};

}  // namespace glasspost::sim

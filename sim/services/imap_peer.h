// One IMAP connection of the service. Private to this folder: see imap.h. The commands are spread by family over
// imap_mailboxes.cpp (names and whole mailboxes), imap_messages.cpp (flags, copies), imap_append.cpp, imap_list.cpp,
// imap_metadata.cpp, imap_quota.cpp, imap_search.cpp and imap_fetch.cpp.
#pragma once

#include <cassert>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/flaws.h"
#include "protocol/imap/server.h"
#include "sim/services/session_peer.h"
#include "sim/services/under_way.h"
#include "sim/store/search.h"
#include "sim/store/sort.h"
#include "sim/store/store.h"
#include "sim/store/view.h"

namespace glasspost::sim {

class ImapPeer final : public SessionPeer<imap::Server> {
 public:
  ImapPeer(Endpoint::Settings, imap::ServerSettings, Store&, LettersUnderWay*, Flaws, Trace&, Admission);

 private:
  static constexpr std::size_t piece = 1024 * 1024;
  static constexpr std::size_t portion_of_search = 1024 * 1024;  // octets looked through before others have a turn

  // A FETCH in progress. Its numbers stay true: nothing is expunged in the view until the command is completed.
  struct Fetching {
    imap::Fetch command;
    std::vector<std::uint32_t> numbers;
    std::size_t next = 0;                       // of numbers
    std::optional<imap::FetchWriter> response;  // to that number, as far as it has been said
    std::size_t next_item = 0;
    bool flags_changed = false;                 // by this fetch
    bool sets_seen = false;
    bool asks_uid = false, asks_flags = false, asks_binary = false, asks_modseq = false;
    bool unknown_encoding = false;              // something could not be decoded: the command fails
    bool reads_structure = false;               // of a large message, in portions: nothing can be said before
    std::string_view done = "FETCH completed";
    imap::Code code = {};                       // of the tagged end
  };

  // An APPEND whose messages are being made ready.
  struct Appending {
    std::shared_ptr<Mailbox> to;
    std::vector<NewMessage> messages;
    std::size_t prepared = 0;  // so many of them
    std::optional<Uid> replaced = std::nullopt;  // by the one: it goes from the open mailbox
  };

  void work() override;
  void say_goodbye() override { session_.bye("The service is closing", {"UNAVAILABLE", {}}); }
  bool goes_on() const override { return searches() || appending_ || (fetching_ && fetching_->reads_structure); }
  bool searches() const { return searching_ || sorting_ || threading_; }
  // A client that asks for much in few octets, and takes nothing away, is answered no further for the time being.
  bool enough_for_now() const { return session_.unsent() + looked_through_ >= piece; }
  void output_taken() override { looked_through_ = 0; }
  void answer();
  void handle(imap::ServerEvent);
  void login(const sasl::Attempt&);
  void open(std::shared_ptr<Mailbox>, bool read_only);
  void close() { view_.reset(); }

  // One for each command. They end with complete(), at once or, FETCH and IDLE, later.
  void run(const imap::Noop&) { ok("NOOP completed"); }
  void run(const imap::Check&) { ok("CHECK completed"); }
  void run(const imap::Select&);
  void run(const imap::Create&);
  void run(const imap::GetMetadata&);
  void run(const imap::SetMetadata&);
  void run(const imap::GetQuota&);
  void run(const imap::GetQuotaRoot&);
  void run(const imap::SetQuota&);
  void run(const imap::Delete&);
  void run(const imap::Rename&);
  void run(const imap::Subscribe&);
  void run(const imap::Unsubscribe&);
  void run(const imap::List&);
  void run(const imap::Status&);
  void run(imap::Append&);
  void run(imap::Replace&);
  void run(const imap::Close&);
  void run(const imap::Unselect&);
  void run(const imap::Expunge&);
  void run(const imap::Search&);
  void run(const imap::Sort&);
  void run(const imap::Thread&);
  void run(imap::Fetch&);
  void run(const imap::Store&);
  void run(const imap::Copy&);
  void run(const imap::Move&);
  void run(const imap::Idle&) { tell_news(true); }  // the session has said "+"
  void run(const imap::Namespace&);
  // The session answers these itself.
  void run(const imap::Capability&) { never_comes(); }
  void run(const imap::Logout&) { never_comes(); }
  void run(const imap::Starttls&) { never_comes(); }
  void run(const imap::Authenticate&) { never_comes(); }
  void run(const imap::Login&) { never_comes(); }
  void run(const imap::Id&) { never_comes(); }
  void run(const imap::Enable&) { never_comes(); }
  void run(const imap::Compress&) { never_comes(); }
  void never_comes() { assert(false && "the session answers this command itself"); }

  void tell_quota();
  void list_subscribed(const std::string& pattern);
  std::string objection_to(const std::vector<std::string>& uses, std::string_view mailbox) const;
  void tell_mailbox(const Mailbox&, const std::string& asked_for);
  void tell_status(const Mailbox&, const std::vector<imap::StatusItem>&);
  void continue_fetch();
  void continue_search();
  bool begin_search(const std::string& charset, imap::SearchKey, bool uid, std::optional<imap::SearchReturn>);
  bool continue_ordering();
  imap::ModSeq greatest_modseq(const std::vector<std::uint32_t>& found) const;
  void tell_found(const std::vector<std::uint32_t>& found, const imap::SearchReturn&, imap::ModSeq modseq);
  imap::SequenceSet saved() const;
  bool take_message(Appending&, imap::AppendMessage&);
  void continue_append();
  // ---- imap_sync.cpp
  bool aware() const;  // the client understands mod-sequences
  bool quick() const;  // it has enabled QRESYNC: it hears VANISHED, not EXPUNGE
  void become_aware();
  void say_highest_modseq();
  void settle_modseq(imap::Condition, imap::Code&);
  void say_vanished(const std::vector<Uid>&);
  void say_vanished_earlier(const imap::SequenceSet& named, imap::ModSeq since, Uid known);
  void resynchronise(const imap::QuickResync&, std::string_view done, const imap::Code&);
  void leave_unchanged_out(std::vector<std::uint32_t>& numbers, imap::ModSeq since) const;
  bool is_changed_since(std::uint32_t number, const imap::Store&, Flags wanted) const;
  void say_changed(std::uint32_t number, bool with_flags, bool with_uid);
  void begin_fetch_response(std::uint32_t number);
  void write_fetch_item(std::uint32_t number, const imap::FetchItem&);
  void end_fetch_response(std::uint32_t number);
  void write_flags(imap::FetchWriter&, std::uint32_t number);
  void write_modseq(imap::FetchWriter&, std::uint32_t number);
  bool is_prepared(std::uint32_t number, const imap::FetchItem&);
  bool structure_is_ready(const Content&);
  void write_preview(imap::FetchWriter&, const imap::FetchItem&, const Content&);
  bool can_decode(const Content&) const;
  void write_binary(imap::FetchWriter&, const imap::FetchItem&, const Content&);
  void write_section(imap::FetchWriter&, const imap::FetchItem&, const Content&);

  // The news that the command in progress allows, then its tagged end.
  void complete(imap::Condition, const imap::Code&, std::string_view text);
  void ok(std::string_view text, const imap::Code& code = {}) { complete(imap::Condition::ok, code, text); }
  void no(std::string_view text, const imap::Code& code = {}) { complete(imap::Condition::no, code, text); }
  void refuse(StoreFault, bool try_create = false);
  template <class T>
  void ok_or_refuse(const StoreResult<T>& result, std::string_view text) {
    result ? ok(text) : refuse(result.error());
  }
  bool refuse_read_only();
  // The numbers that a command names; nothing, and it has been answered, if one of them is beyond the mailbox.
  std::optional<std::vector<std::uint32_t>> named(const imap::SequenceSet&, bool uid);
  bool sets_seen(const imap::FetchItem&) const;
  // Their UIDs, without those that somebody has expunged; `gone` says whether there were any.
  std::vector<Uid> uids_of(std::span<const std::uint32_t> numbers, bool& gone) const;

  // With \Recent, which IMAP4rev2 does not have.
  std::vector<std::string> flags_of(std::uint32_t number) const;
  bool offers(imap::Extension one) const { return session_.offers(one); }
  // Where the messages are that a command made; no code without UIDPLUS.
  imap::Code made(imap::Code code) const { return offers(imap::Extension::uidplus) ? std::move(code) : imap::Code{}; }
  void tell_news(bool expunge_may_be_said);
  void say_flags();
  void say_new_keywords() {
    if (keywords_told_ != mailbox().keywords().size()) say_flags();
  }
  Mailbox& mailbox() const { return view_->mailbox(); }
  Act act() const { return {now_, endpoint_.cause(), admission_.connection, view_ ? view_->listener() : nullptr}; }

  Store& store_;
  Share under_way_;
  Flaws flaws_;
  Account* account_ = nullptr;
  std::optional<View> view_;
  std::size_t keywords_told_ = 0;
  bool aware_ = false;        // by a command, not by ENABLE
  bool owes_modseq_ = false;  // what was said needs a word on how far the client is
  std::optional<Fetching> fetching_;
  std::optional<Appending> appending_;
  std::optional<Search> searching_;
  // SORT and THREAD are searches whose result is put in order.
  std::optional<std::variant<imap::Sort, imap::Thread>> ordering_;
  std::optional<Sorting> sorting_;
  std::optional<Threading> threading_;
  std::optional<imap::SearchReturn> search_returns_;
  bool search_names_numbers_ = false, search_modseq_ = false, search_uid_ = false, searched_enough_ = false;  // for this turn
  // "$": what a SEARCH saved last. UIDs are not used again, so one that is expunged just names nothing any more.
  std::vector<Uid> saved_;
  std::size_t looked_through_ = 0;  // work since output was last taken away, as the octets that could have been said instead
};

}  // namespace glasspost::sim

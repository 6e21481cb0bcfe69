// The Compare workspace's state: the acts, the runs that they lead to, what is chosen, what was predicted. Everything that
// is shown is folded once, when a run is over; long work goes on in pass(), a few milliseconds a frame.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "app/model/comparison_deeds.h"
#include "protocol/conversation.h"
#include "sim/comparison/news.h"
#include "sim/comparison/secrecy.h"
#include "sim/comparison/sizes.h"

namespace glasspost::app {

// A tick of the staff: something that was said, and where in its act, from 0 to 1.
struct ComparisonTick {
  std::uint32_t act = 0;
  float place = 0;
  Protocol protocol = Protocol::smtp;
};

// The exchange around a record, as it is shown over the workspace.
struct Exhibit {
  std::size_t run = 0;
  RecordId record = no_record, before = no_record;
  ConnectionId connection = 0;           // 0: it happened on a device alone
  std::optional<MessageId> message;      // the one that is explained
};

class Comparison {
 public:
  Comparison();
  ~Comparison();

  void apply(const ComparisonDeed&);
  // Real time passes: work is done, acts are played. True: something changed.
  bool pass(Duration real);
  bool busy() const;                     // there is more to do, so that the next frame must come by itself
  double progress() const;               // of what goes on now

  ComparisonKind kind() const { return kind_; }

  // POP3 and IMAP ---------------------------------------------------------------------------------------------------
  const std::vector<comparison::UserAct>& acts() const { return acts_; }
  std::size_t chosen() const { return chosen_; }
  bool playing() const { return playing_; }
  bool editing() const { return editing_ && chosen_ > 0; }
  bool whole() const;                    // both runs are over
  // What was so after an act, counted from 1; null for 0, and while that has not been computed.
  const comparison::AfterAct* after(Protocol, std::size_t act) const;
  const comparison::AfterAct* after(Protocol protocol) const { return after(protocol, chosen_); }
  const comparison::Run* run(Protocol) const;
  const std::vector<ComparisonTick>& ticks() const { return ticks_; }
  bool headers_first() const { return headers_first_; }  // IMAP's devices fetch headers, and the rest when it is read
  Protocol side() const { return side_; }
  const std::map<std::size_t, Prediction>& predictions() const { return predictions_; }
  Expectation truth(Protocol, std::size_t act) const;  // what the act did bring about
  // What is new after this act and was not before, the gravest first.
  std::vector<comparison::Finding> news_of(Protocol, std::size_t act) const;
  std::optional<std::size_t> act_of(Protocol, RecordId) const;  // counted from 1

  Curves curves() const { return curves_; }
  std::size_t largest() const { return largest_; }
  const comparison::Sizes* sizes() const { return sizes_.get(); }
  bool measuring() const { return measuring_; }

  // In clear, STARTTLS, implicit TLS ----------------------------------------------------------------------------------
  Protocol secrecy_protocol() const { return secrecy_protocol_; }
  const comparison::SecrecyRun* secrecy(TlsMode) const;   // null: not yet over

  // IDLE, NOOP, POP3 ----------------------------------------------------------------------------------------------------
  const comparison::NewsSetting& news_setting() const { return news_setting_; }
  const comparison::NewsRun* news(comparison::Asking) const;  // null: not yet over

  // The exchange that is looked at.
  const std::optional<Exhibit>& exhibit() const { return exhibit_; }
  const Trace& trace(std::size_t run) const;
  const Conversations& conversations(std::size_t run) const { return conversations_[run]; }

 private:
  struct Applier;
  static constexpr std::size_t most_runs = 3;

  void run_again(std::size_t from_act);
  void start(ComparisonKind);
  bool work();                           // one slice of what goes on
  void fold_ticks();
  void look_at(const LookAt&);

  ComparisonKind kind_ = ComparisonKind::protocols;
  std::vector<comparison::UserAct> acts_;
  std::size_t chosen_ = 0;
  bool playing_ = false, editing_ = false;
  Duration played_{};
  std::array<std::unique_ptr<comparison::Run>, 2> runs_;  // by comparison::both
  std::vector<ComparisonTick> ticks_;
  bool ticks_folded_ = false;
  bool headers_first_ = false;
  Protocol side_ = Protocol::pop3;
  std::map<std::size_t, Prediction> predictions_;         // by act, from 1
  Curves curves_ = Curves::acts;
  std::size_t largest_ = 1000;
  std::unique_ptr<comparison::Sizes> sizes_;
  bool measuring_ = false;

  Protocol secrecy_protocol_ = Protocol::imap;
  std::array<std::unique_ptr<comparison::SecrecyRun>, 3> secrecy_;
  comparison::NewsSetting news_setting_;
  std::array<std::unique_ptr<comparison::NewsRun>, 3> news_;

  std::optional<Exhibit> exhibit_;
  std::array<Conversations, most_runs> conversations_;    // of the runs of this kind, read when one is looked at
  std::array<bool, most_runs> read_{};
};

}  // namespace glasspost::app

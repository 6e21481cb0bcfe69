#include "app/model/comparison.h"

#include <algorithm>
#include <chrono>

namespace glasspost::app {
namespace {

constexpr std::chrono::milliseconds budget{8};        // of a frame, for work; a slice more may come on top
constexpr Duration act_shown = std::chrono::milliseconds{1400};  // while acts are played

std::size_t index_of(Protocol protocol) { return protocol == Protocol::imap ? 1 : 0; }

int gravity(comparison::FindingKind kind) { return int(kind); }

Expectation expectation_of(comparison::FindingKind kind) {
  switch (kind) {
    case comparison::FindingKind::behind: return Expectation::nothing;
    case comparison::FindingKind::apart: return Expectation::apart;
    case comparison::FindingKind::duplicate: return Expectation::duplicate;
    case comparison::FindingKind::lost: return Expectation::lost;
  }
  return Expectation::nothing;
}

bool same(const comparison::Finding& a, const comparison::Finding& b) {
  return a.kind == b.kind && a.aspect == b.aspect && a.holder == b.holder && a.key == b.key && a.cause == b.cause;
}

}  // namespace

Comparison::Comparison() : acts_(comparison::story_of_the_lake()) {
  run_again(1);
  chosen_ = 0;
}
Comparison::~Comparison() = default;

// Acts before `from_act` stay what they were, so what was predicted of them stands.
void Comparison::run_again(std::size_t from_act) {
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    comparison::Setting setting;
    setting.protocol = comparison::both[i];
    setting.headers_first = headers_first_;
    runs_[i] = std::make_unique<comparison::Run>(setting, acts_);
  }
  ticks_.clear();
  ticks_folded_ = false;
  predictions_.erase(predictions_.lower_bound(from_act), predictions_.end());
  sizes_.reset();
  measuring_ = playing_ = false;
  exhibit_.reset();
  read_ = {};
  conversations_ = {};
}

void Comparison::start(ComparisonKind kind) {
  kind_ = kind;
  exhibit_.reset();
  read_ = {};
  conversations_ = {};
  playing_ = false;
  if (kind == ComparisonKind::secrecy && !secrecy_[0])
    for (std::size_t i = 0; i < secrecy_.size(); ++i)
      secrecy_[i] = std::make_unique<comparison::SecrecyRun>(secrecy_protocol_, comparison::all_modes[i], comparison::Setting{}.seed);
  if (kind == ComparisonKind::news && !news_[0])
    for (std::size_t i = 0; i < news_.size(); ++i)
      news_[i] = std::make_unique<comparison::NewsRun>(news_setting_, comparison::all_askings[i]);
}

bool Comparison::work() {
  const auto first = [](auto& runs) {
    return std::find_if(runs.begin(), runs.end(), [](const auto& run) { return run && !run->finished(); });
  };
  switch (kind_) {
    case ComparisonKind::protocols:
      if (const auto run = first(runs_); run != runs_.end()) {
        (*run)->work();
        if (whole()) fold_ticks();
        return true;
      }
      if (measuring_ && sizes_) {
        measuring_ = sizes_->work();
        return true;
      }
      return false;
    case ComparisonKind::secrecy:
      if (const auto run = first(secrecy_); run != secrecy_.end()) return (*run)->work(), true;
      return false;
    case ComparisonKind::news:
      if (const auto run = first(news_); run != news_.end()) return (*run)->work(), true;
      return false;
  }
  return false;
}

bool Comparison::pass(Duration real) {
  const auto until = std::chrono::steady_clock::now() + budget;
  bool changed = false;
  while (work()) {
    changed = true;
    if (std::chrono::steady_clock::now() >= until) break;
  }
  if (!playing_ || !whole()) return changed;
  played_ += real;
  if (played_ < act_shown) return changed;
  played_ = {};
  if (chosen_ < acts_.size()) ++chosen_;
  playing_ = chosen_ < acts_.size();
  return true;
}

bool Comparison::busy() const {
  const auto open = [](const auto& runs) {
    return std::any_of(runs.begin(), runs.end(), [](const auto& run) { return run && !run->finished(); });
  };
  switch (kind_) {
    case ComparisonKind::protocols: return playing_ || measuring_ || open(runs_);
    case ComparisonKind::secrecy: return open(secrecy_);
    case ComparisonKind::news: return open(news_);
  }
  return false;
}

double Comparison::progress() const {
  const auto mean = [](const auto& runs) {
    double sum = 0;
    for (const auto& run : runs) sum += !run ? 0 : run->finished() ? 1 : 0.0;
    return sum / double(runs.size());
  };
  switch (kind_) {
    case ComparisonKind::protocols:
      if (measuring_ && sizes_) return sizes_->progress();
      return (runs_[0]->progress() + runs_[1]->progress()) / 2;
    case ComparisonKind::secrecy: return mean(secrecy_);
    case ComparisonKind::news: {
      double sum = 0;
      for (const auto& run : news_) sum += run ? run->progress() : 0;
      return sum / double(news_.size());
    }
  }
  return 1;
}

bool Comparison::whole() const { return runs_[0]->finished() && runs_[1]->finished(); }

const comparison::AfterAct* Comparison::after(Protocol protocol, std::size_t act) const {
  const auto& after = runs_[index_of(protocol)]->after();
  return act == 0 || act > after.size() ? nullptr : &after[act - 1];
}

const comparison::Run* Comparison::run(Protocol protocol) const { return runs_[index_of(protocol)].get(); }

std::vector<comparison::Finding> Comparison::news_of(Protocol protocol, std::size_t act) const {
  const comparison::AfterAct* now = after(protocol, act);
  const comparison::AfterAct* before = after(protocol, act == 0 ? 0 : act - 1);
  std::vector<comparison::Finding> fresh;
  if (!now) return fresh;
  for (const comparison::Finding& finding : now->findings) {
    const auto known = [&](const comparison::Finding& old) { return same(old, finding); };
    if (!before || std::none_of(before->findings.begin(), before->findings.end(), known)) fresh.push_back(finding);
  }
  std::stable_sort(fresh.begin(), fresh.end(), [](const auto& a, const auto& b) { return gravity(a.kind) > gravity(b.kind); });
  return fresh;
}

Expectation Comparison::truth(Protocol protocol, std::size_t act) const {
  const auto fresh = news_of(protocol, act);
  return fresh.empty() ? Expectation::nothing : expectation_of(fresh.front().kind);
}

std::optional<std::size_t> Comparison::act_of(Protocol protocol, RecordId record) const {
  const auto& after = runs_[index_of(protocol)]->after();
  for (std::size_t i = 0; i < after.size(); ++i)
    if (record >= after[i].first && record < after[i].end) return i + 1;
  return std::nullopt;
}

// Each act has the same room on the staff, however long it took.
void Comparison::fold_ticks() {
  if (ticks_folded_) return;
  ticks_folded_ = true;
  for (std::size_t side = 0; side < runs_.size(); ++side) {
    const comparison::Run& run = *runs_[side];
    Conversations said;
    said.observe(run.trace());
    const auto& after = run.after();
    std::size_t act = 0;
    for (std::size_t row = 0; row < said.rows(); ++row) {
      const MessageRef ref = said.row(row);
      const Message& message = said.message(ref);
      const Protocol protocol = said.find(ref.connection)->opened().protocol;
      if (message.protocol != protocol || (protocol == Protocol::smtp && side == 1)) continue;  // the letters came the same way
      while (act < after.size() && message.at > after[act].ended) ++act;
      if (act == after.size()) break;
      if (message.at < after[act].begun) continue;
      const double length = std::max(1., double((after[act].ended - after[act].begun).count()));
      ticks_.push_back({std::uint32_t(act), float(double((message.at - after[act].begun).count()) / length), protocol});
    }
  }
}

const comparison::SecrecyRun* Comparison::secrecy(TlsMode mode) const {
  const auto& run = secrecy_[std::size_t(mode)];
  return run && run->finished() ? run.get() : nullptr;
}

const comparison::NewsRun* Comparison::news(comparison::Asking asking) const {
  const auto& run = news_[std::size_t(asking)];
  return run && run->finished() ? run.get() : nullptr;
}

const Trace& Comparison::trace(std::size_t run) const {
  switch (kind_) {
    case ComparisonKind::protocols: break;
    case ComparisonKind::secrecy: return secrecy_[run]->trace();
    case ComparisonKind::news: return news_[run]->trace();
  }
  return runs_[run]->trace();
}

// The record itself may carry no words: the nearest cause that does is what is shown.
void Comparison::look_at(const LookAt& look) {
  const std::size_t count = kind_ == ComparisonKind::protocols ? runs_.size() : most_runs;
  if (look.run >= count || !trace(look.run).holds(look.record)) return;
  if (!read_[look.run]) {
    conversations_[look.run] = {};
    conversations_[look.run].observe(trace(look.run));
    read_[look.run] = true;
  }
  const Trace& records = trace(look.run);
  const Conversations& said = conversations_[look.run];
  Exhibit shown{look.run, look.record, look.before, 0, std::nullopt};
  for (const RecordId begin : {look.record, look.before}) {
    for (RecordId id = begin; records.holds(id) && !shown.message; id = records[id].cause) {
      if (const auto ref = said.message_of_record(id)) shown.connection = ref->connection, shown.message = ref->message;
      if (records[id].cause >= id) break;
    }
  }
  // Octets on the wire that began no message: the first message that they carried, by time.
  if (!shown.message && records[look.record].connection != 0) {
    const Conversation* conversation = said.find(records[look.record].connection);
    if (conversation && conversation->size() > 0) {
      MessageId at = 0;
      for (MessageId id = 0; id < conversation->size(); ++id)
        if (conversation->message(id).at <= records[look.record].at) at = id;
      shown.connection = conversation->id();
      shown.message = at;
    }
  }
  exhibit_ = shown;
}

struct Comparison::Applier {
  Comparison& on;

  void operator()(const ShowComparison& show) const { on.start(show.kind); }
  void operator()(const ChooseAct& choose) const {
    on.chosen_ = std::min(choose.act, on.acts_.size());
    on.playing_ = false;
  }
  void operator()(const ChooseActBy& by) const {
    const auto to = std::ptrdiff_t(on.chosen_) + by.acts;
    (*this)(ChooseAct{std::size_t(std::clamp<std::ptrdiff_t>(to, 0, std::ptrdiff_t(on.acts_.size())))});
  }
  void operator()(const AddAct& add) const {
    if (on.acts_.size() >= comparison::most_acts) return;
    on.acts_.insert(on.acts_.begin() + std::ptrdiff_t(on.chosen_), add.act);
    ++on.chosen_;
    on.editing_ = true;
    on.run_again(on.chosen_);
  }
  void operator()(const EditAct& edit) const {
    on.editing_ = edit.on && on.chosen_ > 0;
    on.playing_ = false;
  }
  void operator()(const ChangeAct& change) const {
    if (on.chosen_ == 0 || on.acts_[on.chosen_ - 1] == change.act) return;
    on.acts_[on.chosen_ - 1] = change.act;
    on.run_again(on.chosen_);
  }
  void operator()(const RemoveAct&) const {
    if (on.chosen_ == 0) return;
    on.editing_ = false;
    on.acts_.erase(on.acts_.begin() + std::ptrdiff_t(on.chosen_ - 1));
    on.run_again(on.chosen_);
    on.chosen_ = std::min(on.chosen_, on.acts_.size());
  }
  void operator()(const MoveAct& move) const {
    const auto to = std::ptrdiff_t(on.chosen_) + move.by;
    if (on.chosen_ == 0 || to < 1 || to > std::ptrdiff_t(on.acts_.size())) return;
    const std::size_t from = on.chosen_;
    std::swap(on.acts_[from - 1], on.acts_[std::size_t(to) - 1]);
    on.chosen_ = std::size_t(to);
    on.run_again(std::min(from, on.chosen_));
  }
  void operator()(const StartActsOver&) const {
    on.acts_ = comparison::story_of_the_lake();
    on.chosen_ = 0;
    on.run_again(0);
  }
  void operator()(const PlayActs& play) const {
    if (play.on && on.chosen_ == on.acts_.size()) on.chosen_ = 0;
    on.playing_ = play.on && !on.acts_.empty();
    on.played_ = {};
  }
  void operator()(const Predict& predict) const {
    if (on.chosen_ >= on.acts_.size()) return;
    ++on.chosen_;
    on.predictions_[on.chosen_] = predict.prediction;
    on.playing_ = false;
  }
  void operator()(const FetchHeadersFirst& fetch) const {
    if (on.headers_first_ == fetch.on) return;
    on.headers_first_ = fetch.on;
    std::erase_if(on.predictions_, [](const auto& one) { return one.second.protocol == Protocol::imap; });
    on.run_again(on.acts_.size() + 1);
  }
  void operator()(const ShowSide& show) const { on.side_ = show.protocol; }
  void operator()(const ShowCurves& show) const { on.curves_ = show.curves; }
  void operator()(const SetLargest& set) const {
    on.largest_ = std::clamp<std::size_t>(set.letters, 1, comparison::largest_mailbox);
  }
  void operator()(const MeasureSizes& measure) const {
    on.curves_ = Curves::sizes;
    on.measuring_ = measure.on;
    if (!measure.on) return;
    comparison::Setting setting;
    setting.headers_first = on.headers_first_;
    on.sizes_ = std::make_unique<comparison::Sizes>(setting, on.acts_, on.largest_);
  }
  void operator()(const SetSecrecyProtocol& set) const {
    on.secrecy_protocol_ = set.protocol;
    on.secrecy_ = {};
    on.start(ComparisonKind::secrecy);
  }
  void operator()(const SetNews& set) const {
    on.news_setting_.interval = std::clamp<Duration>(set.interval, std::chrono::minutes{1}, std::chrono::hours{4});
    on.news_setting_.letters = std::clamp<std::size_t>(set.letters, 1, comparison::most_news);
    on.news_ = {};
    on.start(ComparisonKind::news);
  }
  void operator()(const LookAt& look) const { on.look_at(look); }
  void operator()(const LookBy& by) const {
    if (!on.exhibit_ || !on.exhibit_->message) return;
    const Conversation* conversation = on.conversations_[on.exhibit_->run].find(on.exhibit_->connection);
    const auto to = std::ptrdiff_t(*on.exhibit_->message) + by.lines;
    on.exhibit_->message = MessageId(std::clamp<std::ptrdiff_t>(to, 0, std::ptrdiff_t(conversation->size()) - 1));
  }
  void operator()(const LookAway&) const { on.exhibit_.reset(); }
};

void Comparison::apply(const ComparisonDeed& deed) { std::visit(Applier{*this}, deed); }

}  // namespace glasspost::app

#include "app/model/model.h"

#include <algorithm>

#include "app/model/comparison.h"
#include "app/model/learning.h"

namespace glasspost::app {

Model::Model(std::filesystem::path assets, Strings strings, Catalogue english, Catalogue spanish, Settings settings,
             Outside* outside)
    : assets_(std::move(assets)),
      strings_(std::move(strings)),
      english_(std::move(english)),
      spanish_(std::move(spanish)),
      settings_(std::move(settings)),
      outside_(outside) {
  strings_.speak(settings_.language);
  if (outside_) outside_->speak(settings_.language);
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(assets_ / "scenarios", ignored))
    if (entry.path().extension() == ".yaml") scenario_names_.push_back(entry.path().stem().string());
  std::sort(scenario_names_.begin(), scenario_names_.end());
  if (auto providers = load_providers(assets_ / "providers.yaml")) providers_ = std::move(*providers);
  else notice_ = Notice{true, providers.error()};
}
Model::~Model() = default;

const Catalogue& Model::catalogue() const {
  return settings_.language == Language::spanish ? spanish_ : english_;
}

const Trace& Model::trace() const {
  switch (stage_) {
    case Stage::doors: return doors_->trace();
    case Stage::live: return live_->trace();
    case Stage::world: break;
  }
  return *trace_;
}

Instant Model::start() const {
  const Trace& records = trace();
  return records.size() == 0 || stage_ == Stage::world ? scenario_.start : records[records.first()].at;
}

Instant Model::end() const {
  const Trace& records = trace();
  return records.size() == 0 ? start() : std::max(start(), records[records.end() - 1].at);
}

std::size_t Model::said() const { return conversations_.rows_until(playback_.cursor); }

const Conversation* Model::selected_conversation() const {
  return selection_.message ? conversations_.find(selection_.message->connection) : nullptr;
}

const Message* Model::selected() const {
  const Conversation* conversation = selected_conversation();
  return conversation ? &conversation->message(selection_.message->message) : nullptr;
}

std::string_view Model::story_letter() const { return scenario_.letter; }

tl::expected<void, std::string> Model::load(const std::string& name, std::optional<std::uint64_t> seed) {
  const bool is_file = name.find('/') != name.npos || name.ends_with(".yaml");
  const std::filesystem::path file = is_file ? std::filesystem::path(name) : assets_ / "scenarios" / (name + ".yaml");
  auto scenario = sim::read_scenario(file);
  if (!scenario) return tl::unexpected(scenario.error().describe());
  const std::uint64_t chosen = seed.value_or(scenario->seed);
  begin(std::move(*scenario), file.stem().string(), chosen);
  return {};
}

void Model::begin(sim::Scenario scenario, std::string name, std::uint64_t seed) {
  learning_.reset();
  scenario_ = std::move(scenario);
  scenario_name_ = std::move(name);
  seed_ = seed;
  deeds_.clear();
  doors_.reset();
  live_.reset();
  stage_ = Stage::world;
  filter_ = {};
  selection_ = {};
  letter_ = {};
  console_ = {};
  revealed_ = false;
  playback_ = {};
  playback_.speed = scenario_.speed;
  rebuild(scenario_.start);
  world_->run_story();
  refresh();
  set_cursor(scenario_.start);
}

void Model::start_over() {
  trace_ = std::make_unique<Trace>();
  world_ = std::make_unique<sim::World>(scenario_, seed_, *trace_);
  conversations_ = {};
  history_.clear();
  lines_.clear();
  timeline_.clear();
  walk_.clear();
  tls_walk_.clear();
  lanes_.clear();
}

// The same seed and the same deeds give the same world, so the past needs no undo: it is made again.
void Model::rebuild(Instant until) {
  start_over();
  std::erase_if(deeds_, [&](const DoneDeed& done) { return done.at > until; });
  if (learning_) learning_->brought = std::min(learning_->brought, learning_->things_done(deeds_));
  for (const DoneDeed& done : deeds_) {
    world_->run_until(done.at);
    world_->perform(done.deed);
  }
  world_->run_until(until);
}

ConnectionId Model::perform(const sim::Deed& deed) {
  Instant at = playback_.cursor;
  if (learning_) at = at_end() ? world_->now() : std::max(at, learning_->begins_at);
  if (learning_) learning_->forget_after(at);
  if (at < world_->now()) rebuild(at);
  else world_->run_until(at);
  deeds_.push_back({at, deed});
  const ConnectionId connection = world_->perform(deed);
  world_->run_story();
  refresh();
  return connection;
}

void Model::refresh() {
  conversations_.observe(trace());
  lines_.update(conversations_, filter_);
  timeline_.update(trace(), conversations_, start(), end());
  history_.fold(trace(), playback_.cursor);
  // A selection from a future that was made anew may be gone.
  if (selection_.message) {
    const Conversation* conversation = conversations_.find(selection_.message->connection);
    if (!conversation || selection_.message->message >= conversation->size()) selection_.message.reset();
  }
  // A real server's is held before it has begun: its name is still being looked up.
  if (stage_ != Stage::live && console_.connection != 0 && !conversations_.find(console_.connection)) console_.connection = 0;
  judge();
  walk_on();
  follow_lanes();
}

const Conversation* Model::looked_at() const {
  if (const Conversation* selected = selected_conversation(); selected && !selected->opened().datagrams) return selected;
  if (learning_ && !console_.held_by_person)
    for (std::size_t i = conversations_.connections(); i-- > 0;) {
      const Conversation& one = conversations_.at(i);
      if (!one.opened().datagrams && one.opened_at() >= learning_->begins_at && one.opened_at() <= playback_.cursor) return &one;
    }
  return conversations_.find(console_.connection);
}

void Model::follow_lanes() {
  const Conversation* conversation = looked_at();
  const ConnectionId shown = conversation ? conversation->id() : 0;
  if (shown != 0 || lanes_.connection() == 0) lanes_.update(trace(), conversations_, shown);
}

void Model::set_cursor(Instant to) {
  playback_.cursor = std::clamp(to, start(), end());
  history_.fold(trace(), playback_.cursor);
  look_at_standing();
  walk_on();
}

void Model::walk_on() {
  const Conversation* conversation = selected_conversation();
  if (!conversation) conversation = looked_at();
  if (!conversation) return walk_.clear(), tls_walk_.clear();
  walk_.follow(trace(), *conversation, playback_.cursor);
  tls_walk_.follow_tls(*conversation, playback_.cursor);
}

void Model::say(std::string_view key, std::initializer_list<Filling> fillings, bool is_error) {
  notice_ = Notice{is_error, strings_(key, fillings)};
}

void Waits::add(const Waits& other) {
  descriptors.insert(descriptors.end(), other.descriptors.begin(), other.descriptors.end());
  if (other.at_most) at_most = std::min(at_most.value_or(*other.at_most), *other.at_most);
}

Waits Model::waits() const {
  Waits waits;
  if (live_) waits.add(live_->waits());
  if (doors_) waits.add(doors_->waits());
  if (discovery_) waits.add(discovery_->waits());
  return waits;
}

bool Model::working() const { return workspace_ == Workspace::compare && comparison_ && comparison_->busy(); }

bool Model::pass(Duration real) {
  bool changed = working() && comparison_->pass(real);
  if (read_again(real)) changed = true;
  if (stage_ != Stage::world) {
    const bool at_newest = at_end();
    const bool heard = stage_ == Stage::doors ? doors_->poll() : live_->poll();
    changed = changed || heard;
    if (heard) refresh();
    if (heard && at_newest) set_cursor(end());
  }
  if (live_ && stage_ != Stage::live) changed |= live_->poll();
  if (doors_ && stage_ != Stage::doors) changed |= doors_->poll();
  if (discovery_) changed |= discovery_->poll();
  if (!playback_.playing) return changed;
  const auto virtual_time = std::chrono::duration_cast<Duration>(real * playback_.speed);
  set_cursor(playback_.cursor + std::max(virtual_time, Duration{1}));
  if (at_end()) playback_.playing = false;
  follow();
  return true;
}

// While it plays, the line that was said last is the one that is shown, and so is its dialogue.
void Model::follow() {
  const std::size_t shown = lines_.shown_of(said());
  if (shown == 0) return;
  const MessageRef last = conversations_.row(lines_.row(shown - 1));
  if (selection_.message == last) return;
  select(last);
}

void Model::select(MessageRef message) {
  selection_.message = message;
  selection_.token = 0;
  selection_.host = 0;
  revealed_ = false;
  const Conversation* conversation = conversations_.find(message.connection);
  if (conversation && !console_.held_by_person && !conversation->opened().datagrams)
    console_.connection = message.connection;
  walk_on();
  follow_lanes();
}

}  // namespace glasspost::app

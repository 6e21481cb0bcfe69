#include "app/ui/views/ladder_columns.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "app/ui/views/wording.h"

namespace glasspost::ui {
namespace {

constexpr float quiet_gap = 38, folded_gap = 44;
constexpr float good_talk = 440;      // between two that talk; below it the quiet devices fold,
constexpr float least_talk = 300;     // and below this all that are quiet
constexpr float state_room = 116;     // right of a server, for the names of its states

}  // namespace

LadderColumns::LadderColumns(Ui& ui, const Model& model, std::span<const MessageRef> seen, float left, float right)
    : left_(left), right_(right) {
  gather(model, seen);
  fold_quiet(model);
  place(ui, model, seen);
}

std::size_t LadderColumns::index_of(std::string_view key) const {
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (columns_[i].key == key) return i;
  return columns_.size();
}

float LadderColumns::x_of(const Conversation& conversation, Side side) const {
  const std::size_t index = index_of(conversation.name(side));
  return index < columns_.size() ? columns_[index].x : left_;
}

void LadderColumns::gather(const Model& model, std::span<const MessageRef> seen) {
  if (model.stage() == app::Stage::world)
    for (std::size_t i = 0; i < model.scenario().hosts.size(); ++i) {
      const HostId host = HostId(i + 1);
      columns_.push_back({model.scenario().host(host).name, host_label(model, host), short_label(model, host), host, false, 0, 0});
    }
  const auto talk = [&](std::string_view name) {
    std::size_t index = index_of(name);
    if (index == columns_.size()) columns_.push_back({std::string(name), std::string(name), std::string(name), 0, false, 0, 0});
    columns_[index].talks = true;
  };
  std::set<ConnectionId> known;
  for (const MessageRef ref : seen) known.insert(ref.connection);
  for (const Side side : {Side::client, Side::server})
    for (const ConnectionId connection : known) talk(model.conversations().find(connection)->name(side));
}

// Where the quiet ones would take the room of those that talk, each run of them becomes one "+3": devices first.
void LadderColumns::fold_quiet(const Model& model) {
  const std::size_t talking = std::size_t(std::count_if(columns_.begin(), columns_.end(), [](const auto& c) { return c.talks; }));
  const float each = (right_ - left_ - float(columns_.size() - talking) * quiet_gap) / float(std::max<std::size_t>(1, talking - 1));
  if (talking < 2 || each >= good_talk) return;
  const auto folds = [&](const LadderColumn& column) {
    if (column.talks) return false;
    return each < least_talk || (column.host != 0 && !model.scenario().host(column.host).owner.empty());
  };
  std::vector<LadderColumn> kept;
  for (LadderColumn& column : columns_) {
    if (!folds(column)) {
      kept.push_back(std::move(column));
    } else if (!kept.empty() && kept.back().folded > 0) {
      ++kept.back().folded;
      kept.back().label += ", " + column.brief;
    } else {
      kept.push_back({"+" + column.key, column.brief, {}, 0, false, 0, 1});
    }
  }
  columns_ = std::move(kept);
}

void LadderColumns::place(Ui& ui, const Model& model, std::span<const MessageRef> seen) {
  const std::size_t count = columns_.size();
  if (count == 0) return;
  // What each gap between neighbours must have, and what share of the rest it wants.
  std::vector<float> least(count, 0), wants(count, 0);
  std::vector<bool> names_states(count, false);  // a server right of its client
  for (std::size_t i = 0; i + 1 < count; ++i) least[i] = columns_[i].folded || columns_[i + 1].folded ? folded_gap : quiet_gap;
  std::map<ConnectionId, int> rows;
  for (const MessageRef ref : seen) ++rows[ref.connection];
  for (const auto& [connection, said] : rows) {
    const Conversation& conversation = *model.conversations().find(connection);
    std::size_t a = index_of(conversation.name(Side::client)), b = index_of(conversation.name(Side::server));
    if (a >= count || b >= count || a == b) continue;
    if (a > b) std::swap(a, b);
    else names_states[b] = true;
    for (std::size_t gap = a; gap < b; ++gap) wants[gap] = std::max(wants[gap], std::sqrt(float(said) + 4) / float(b - a));
  }
  float sum = 0, fixed = 0;
  for (std::size_t i = 0; i + 1 < count; ++i) sum += wants[i], fixed += least[i];
  float rest = right_ - left_ - fixed;
  if (rest < 0) {  // too many for the width: all alike
    for (float& gap : least) gap = count > 1 ? (right_ - left_) / float(count - 1) : 0;
    rest = 0;
  }
  // Where its neighbour is quiet it names its states there.
  for (std::size_t i = 0; i + 1 < count; ++i)
    if (names_states[i] && wants[i] == 0 && rest > 2 * state_room) least[i] += state_room - quiet_gap, rest -= state_room - quiet_gap;
  if (sum == 0) sum = float(count - 1), std::fill(wants.begin(), wants.end(), 1.F);
  float x = left_;
  for (std::size_t i = 0; i < count; ++i) {
    double& shown = ui.memory("ladder.column/" + columns_[i].key, double(x));
    if (ui.theme.reduced_motion || std::abs(shown - double(x)) < 0.5) shown = double(x);
    else shown += (double(x) - shown) * 0.35, ui.next_frame();
    columns_[i].x = std::round(float(shown));
    if (i + 1 < count) x += least[i] + rest * wants[i] / sum;
  }
}

float LadderColumns::room_right(float x) const {
  float nearest = right_ + 40;
  for (const LadderColumn& column : columns_)
    if (column.folded == 0 && column.x > x + 1) nearest = std::min(nearest, column.x);
  return nearest - x;
}

float LadderColumns::room_left(float x) const {
  float nearest = left_ - 12;  // further left are the numbers
  for (const LadderColumn& column : columns_)
    if (column.folded == 0 && column.x < x - 1) nearest = std::max(nearest, column.x);
  return x - nearest;
}

}  // namespace glasspost::ui

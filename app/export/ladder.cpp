#include "app/export/ladder.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "app/export/prose.h"

namespace glasspost {
namespace {

constexpr double left = 130, right = 150, wide = 270, narrow = 120, row_height = 20, chapter_height = 34;
constexpr double wire_advance = 7.2, small_advance = 6, band = 6, band_step = 8;
constexpr std::size_t talkative = 8;     // messages between neighbours, from which on they get a wide gap

bool is_up(Protection protection) { return protection == Protection::up; }

}  // namespace

Ladder::Ladder(const Story& story, const Speech& speech) {
  make_columns(story, speech);
  make_lines(story);
  for (const Event& event : events_of(story)) make_row(story, speech, event);
}

void Ladder::make_columns(const Story& story, const Speech& speech) {
  std::map<std::pair<HostId, HostId>, std::size_t> said;  // between whom, how much
  std::set<HostId> parties;
  for (std::size_t i = 0; i < story.conversations().connections(); ++i) {
    const Conversation& conversation = story.conversations().at(i);
    const HostId a = conversation.opened().client, b = conversation.opened().server;
    parties.insert({a, b});
    said[{std::min(a, b), std::max(a, b)}] += conversation.size();
  }
  for (const HostId host : parties) {
    double x = left;
    for (const Column& column : columns_) {
      const auto found = said.find({column.host, host});
      const double gap = found == said.end() ? narrow : found->second < talkative ? 170 : wide;
      x = std::max(x, column.x + gap);
      x = std::max(x, columns_.back().x + narrow);
    }
    columns_.push_back({host, label_of(story, speech, host), x});
  }
  width_ = (columns_.empty() ? left : columns_.back().x) + right;
}

void Ladder::make_lines(const Story& story) {
  for (std::size_t i = 0; i < story.conversations().connections(); ++i) {
    const Conversation& conversation = story.conversations().at(i);
    if (conversation.opened().datagrams) continue;
    Line line{&conversation, column_of(conversation.opened().client), column_of(conversation.opened().server), 0};
    std::set<int> taken;
    for (const Line& other : lines_)
      if (other.server == line.server && other.conversation->closed_at() >= conversation.opened_at()) taken.insert(other.slot);
    while (taken.count(line.slot)) ++line.slot;
    lines_.push_back(line);
  }
}

std::size_t Ladder::column_of(HostId host) const {
  const auto found = std::find_if(columns_.begin(), columns_.end(), [host](const Column& c) { return c.host == host; });
  return std::size_t(std::min(found, columns_.end() - 1) - columns_.begin());
}

void Ladder::make_row(const Story& story, const Speech& speech, const Event& event) {
  Row row{event.kind, event.message, 0, event.at, seconds_of(story, event.at), {}};
  switch (event.kind) {
    case EventKind::chapter: row.text = chapter_of(story, speech, event); break;
    case EventKind::message: {
      const Conversation& conversation = *story.conversations().find(event.message.connection);
      const Message& message = conversation.message(event.message.message);
      row.number = std::size_t(std::count_if(rows_.begin(), rows_.end(), [](const Row& r) { return r.kind == EventKind::message; })) + 1;
      row.protocol = message.protocol;
      row.client = message.from == Side::client;
      row.sealed = message.sealed;
      row.problem = conversation.problem(message) != nullptr;
      row.from = column_of(row.client ? conversation.opened().client : conversation.opened().server);
      row.to = column_of(row.client ? conversation.opened().server : conversation.opened().client);
      const std::vector<std::string> lines = shown_lines(conversation, message);
      row.text = lines.empty() ? std::string() : lines.front();
      if (lines.size() > 1) row.text += " +" + std::to_string(lines.size() - 1);
      break;
    }
    case EventKind::opened: return;
    case EventKind::closed:
      if (!std::get<Closed>(story.trace()[event.record].what).reset) return;
      [[fallthrough]];
    case EventKind::tls_up:
    case EventKind::tls_failed:
    case EventKind::fault: {
      const Conversation* conversation = story.conversations().find(story.trace()[event.record].connection);
      if (!conversation) return;
      row.from = column_of(conversation->opened().client);
      row.to = column_of(conversation->opened().server);
      row.protocol = Protocol::tls;
      row.problem = event.kind != EventKind::tls_up;
      row.text = sentence_of(story, speech, event);
      break;
    }
    case EventKind::store: {
      const What& what = story.trace()[event.record].what;
      const auto* synced = std::get_if<Synced>(&what);
      row.from = row.to = column_of(synced ? synced->holder : std::get<StoreChanged>(what).holder);
      break;
    }
    case EventKind::queue: row.from = row.to = column_of(std::get<QueueChanged>(story.trace()[event.record].what).host); break;
  }
  if (row.text.empty()) row.text = sentence_of(story, speech, event);
  if (!row.text.empty()) rows_.push_back(std::move(row));
}

double Ladder::height_of(const Row& row) { return row.kind == EventKind::chapter ? chapter_height : row_height; }

double Ladder::height() const {
  double sum = 0;
  for (const Row& row : rows_) sum += height_of(row);
  return sum;
}

void Ladder::draw_head(double y, Pen& pen) const {
  pen.rectangle(0, y, width_, head_height, {Ink::panel});
  for (const Column& column : columns_)
    pen.text({column.x, y + 22}, Anchor::middle, Lettering::label, shortened(column.label, 19), {Ink::text});
  pen.line({0, y + head_height}, {width_, y + head_height}, {Ink::line}, false);
}

// What lies under every row: gold where TLS is up, lifelines, and the state of each connection beside its server's.
void Ladder::draw_ground(const Row& row, double y, double h, Pen& pen) const {
  const auto is_open = [&row](const Line& line) {
    return line.conversation->opened_at() <= row.at && row.at <= line.conversation->closed_at();
  };
  for (const Line& line : lines_) {
    if (!is_open(line) || !is_up(line.conversation->protection_at(row.at))) continue;
    const double a = columns_[line.client].x, b = columns_[line.server].x;
    pen.rectangle(std::min(a, b), y, std::abs(b - a), h, {Ink::tint, Protocol::tls});
  }
  for (const Column& column : columns_) pen.line({column.x, y}, {column.x, y + h}, {Ink::line}, false);
  for (const Line& line : lines_) {
    if (!is_open(line)) continue;
    const Protocol protocol = line.conversation->opened().protocol;
    const double x = columns_[line.server].x - band / 2 + line.slot * band_step;
    if (line.conversation->protection_at(row.at) == Protection::handshake) {
      pen.rectangle(x, y, band, h, {Ink::fill, Protocol::tls});
      continue;
    }
    const int strength = machine_of(protocol)->states[line.conversation->state_at(row.at)].strength;
    constexpr Ink inks[] = {Ink::panel, Ink::tint, Ink::half, Ink::fill, Ink::panel};
    pen.rectangle(x, y, band, h, {inks[strength], protocol});
    pen.line({x, y}, {x, y + h}, {Ink::fill, protocol}, false);
    pen.line({x + band, y}, {x + band, y + h}, {Ink::fill, protocol}, false);
  }
}

namespace {

// The protocols' shapes, small, where an arrow begins.
void draw_shape(Protocol protocol, Place c, Pen& pen) {
  const auto draw = [&](std::initializer_list<Place> points) {
    std::vector<Place> moved;
    for (const Place p : points) moved.push_back({c.x + p.x, c.y + p.y});
    pen.polygon(moved, {Ink::fill, protocol});
  };
  switch (protocol) {
    case Protocol::smtp: return draw({{-5, -4}, {1, -4}, {5, 0}, {1, 4}, {-5, 4}});
    case Protocol::lmtp: return draw({{-5, 0}, {-2.5, -4.3}, {2.5, -4.3}, {5, 0}, {2.5, 4.3}, {-2.5, 4.3}});
    case Protocol::imap: return draw({{-4, -4}, {4, -4}, {4, 4}, {-4, 4}});
    case Protocol::pop3: return draw({{-4, -5}, {4, -5}, {4, 1}, {0, 5}, {-4, 1}});
    case Protocol::dns: return draw({{0, -5}, {5, 0}, {0, 5}, {-5, 0}});
    case Protocol::tls:
      draw({{-4, -1}, {4, -1}, {4, 5}, {-4, 5}});
      for (const auto& [a, b] : {std::pair<Place, Place>{{-2.5, -1}, {-2.5, -4}}, {{-2.5, -4}, {2.5, -4}}, {{2.5, -4}, {2.5, -1}}})
        pen.line({c.x + a.x, c.y + a.y}, {c.x + b.x, c.y + b.y}, {Ink::words, Protocol::tls}, false);
  }
}

}  // namespace

void Ladder::draw_message(const Row& row, double y, Pen& pen) const {
  const double from = columns_[row.from].x, to = columns_[row.to].x, middle = y + row_height / 2;
  const double low = std::min(from, to) + 12, high = std::max(from, to) - 12, towards = to > from ? 1 : -1;
  const Colouring words{row.problem ? Ink::error : Ink::words, row.protocol}, lines{Ink::fill, row.protocol};
  const double space = high - low;
  const bool beside = space < 150;  // too narrow for words: they stand behind the arrow
  const auto fits = std::size_t(beside ? std::max(10.0, (width_ - high - 24) / wire_advance) : (space - 18) / wire_advance);
  const std::string shown = shortened(row.text, std::min<std::size_t>(fits, beside ? 40 : 200));
  const double text_width = double(columns_of(shown)) * wire_advance;
  const double text_at = beside ? high + 22 : low + 6;

  if (beside) {  // on a ground of their own: other lifelines pass behind the words
    pen.rectangle(text_at - 4, y + 2, text_width + 8, row_height - 4, {Ink::panel});
    pen.line({from, middle}, {to, middle}, lines, !row.client);
  } else {
    pen.line({std::min(from, to), middle}, {text_at - 3, middle}, lines, !row.client);
    if (text_at + text_width + 3 < std::max(from, to))
      pen.line({text_at + text_width + 3, middle}, {std::max(from, to), middle}, lines, !row.client);
  }
  const Place tip{to - towards * 1, middle};
  const Place head[] = {tip, {tip.x - towards * 8, middle - 3.5}, {tip.x - towards * 8, middle + 3.5}};
  pen.polygon(head, lines);
  draw_shape(row.protocol, {from, middle}, pen);
  pen.text({text_at, middle + 4}, Anchor::start, row.client ? Lettering::wire_bold : Lettering::wire, shown, words);
}

void Ladder::draw_note(const Row& row, double y, Pen& pen) const {
  const double middle = y + row_height / 2;
  const bool between = row.from != row.to;
  const double x = between ? (columns_[row.from].x + columns_[row.to].x) / 2 : columns_[row.from].x;
  const std::string shown = shortened(row.text, 70);
  const double text_width = double(columns_of(shown)) * small_advance;
  const bool leftwards = !between && x + 16 + text_width > width_;
  double begin = between ? x - text_width / 2 : leftwards ? x - 16 - text_width : x + 16;
  begin = std::clamp(begin, 104.0, std::max(104.0, width_ - text_width - 4));
  pen.rectangle(begin - 4, y + 2, text_width + 8, row_height - 4, {Ink::panel});
  if (!between) {
    const Place star[] = {{x, middle - 6}, {x + 6, middle}, {x, middle + 6}, {x - 6, middle}};
    pen.polygon(star, {Ink::accent});
  }
  pen.text({begin, middle + 4}, Anchor::start, Lettering::small, shown,
           {row.problem ? Ink::error : between ? Ink::words : Ink::accent, Protocol::tls});
}

void Ladder::draw_row(std::size_t index, double y, Pen& pen) const {
  const Row& row = rows_[index];
  const double h = height_of(row);
  if (columns_.empty()) return;
  draw_ground(row, y, h, pen);
  if (row.kind == EventKind::chapter) {
    pen.rectangle(0, y + 8, width_, h - 14, {Ink::panel});
    pen.line({0, y + h - 5}, {width_, y + h - 5}, {Ink::line}, false);
    pen.text({14, y + h - 11}, Anchor::start, Lettering::chapter, row.text, {Ink::text});
    return;
  }
  if (row.number > 0) pen.text({36, y + 14}, Anchor::end, Lettering::wire, std::to_string(row.number), {Ink::third});
  pen.text({100, y + 14}, Anchor::end, Lettering::wire, row.seconds, {Ink::third});
  if (row.kind == EventKind::message) draw_message(row, y, pen);
  else draw_note(row, y, pen);
}

}  // namespace glasspost

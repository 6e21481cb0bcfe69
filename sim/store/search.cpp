#include "sim/store/search.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "protocol/base/text.h"
#include "protocol/mime/encoding.h"
#include "protocol/mime/header.h"
#include "sim/store/collation.h"
#include "sim/store/objectid.h"
#include "sim/store/search_reading.h"

namespace glasspost::sim {
namespace {

using imap::SearchKey;
using imap::SearchKind;

constexpr std::size_t large = 1024 * 1024;       // such a message is looked through in pieces
constexpr std::size_t piece = 512 * 1024;
constexpr std::size_t whole = std::size_t(-1);

// One message under search: what is costly to make is made when a key first asks for it.
class Candidate {
 public:
  // `in_large`: what was found in a large message; null: nobody has looked yet.
  Candidate(const View& view, std::uint32_t number, const Finder* in_large)
      : message(view.message(number)), found(in_large), number_(number), recent_(view.is_recent(message.uid)) {}

  std::size_t looked_through() const { return reading_ ? message.size : 0; }
  bool is_large() const { return message.size > large; }
  const std::string& folded_headers() {
    read();
    return headers_;
  }
  const std::string& folded_body() {
    read();
    return body_;
  }
  bool header_contains(std::string_view name, std::string_view folded_needle) const {
    const std::string_view text = message.content->text();
    mime::HeaderReader reader(text);
    while (const auto field = reader.next()) {
      if (!equal_ignoring_case(field->name.of(text), name)) continue;
      const std::string value = fold_case(mime::decode_words(mime::unfold(field->value.of(text))));
      if (value.find(folded_needle) != std::string::npos) return true;
    }
    return false;
  }
  bool has(Flags flags) const { return (message.flags & flags) != 0; }
  bool recent() const { return recent_; }
  std::uint32_t number() const { return number_; }
  // As it is written, whatever the zone: section 6.4.4, "disregarding time and timezone".
  imap::Day day() const {
    return std::chrono::floor<std::chrono::days>(message.date + std::chrono::minutes(message.zone_minutes));
  }
  imap::Day saved() const {
    return std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(message.saved)));
  }
  std::optional<imap::Day> sent() const {
    const auto date = mime::parse_date(message.content->header("Date"));
    if (!date) return std::nullopt;
    return std::chrono::floor<std::chrono::days>(date->at + std::chrono::minutes(date->zone));
  }

  const StoredMessage& message;
  const Finder* found;

 private:
  void read() {
    if (reading_) return;
    reading_.emplace(message.content);
    while (const auto portion = reading_->next(whole)) (portion->header ? headers_ : body_) += portion->folded;
  }

  std::uint32_t number_;
  bool recent_;
  std::optional<Reading> reading_;
  std::string headers_, body_;
};

}  // namespace

// A key made ready for many messages: its set as places, its string folded, its flag as a bit, cheap keys first.
class Search::Query {
 public:
  Query(const View& view, const SearchKey& key, Instant now) : key_(&key), needle_(fold_case(key.text)) {
    age_border_ = std::chrono::floor<std::chrono::seconds>(now) - std::chrono::seconds(key.number);
    if (key.kind == SearchKind::sequence || key.kind == SearchKind::uid) {
      named_.resize(view.exists() + 1);
      for (const auto number : view.numbers(key.set, key.kind == SearchKind::uid)) named_[number] = true;
    }
    if (key.kind == SearchKind::keyword || key.kind == SearchKind::unkeyword)
      keyword_ = view.mailbox().known_flag(key.text).value_or(0);
    for (const SearchKey& inner : key.keys) inner_.emplace_back(view, inner, now);
    std::stable_sort(inner_.begin(), inner_.end(), [](const Query& a, const Query& b) { return a.cost() < b.cost(); });
  }

  // Nothing: that hangs on what is in a large message.
  std::optional<bool> matches(Candidate& candidate) const;
  // What is looked for in whole messages; each such key has its number, in this order.
  void number_texts(std::vector<std::string>& needles);
  // 0: flags and numbers, 1: a header has to be read, 2: all of the letter.
  int cost() const;

 private:
  std::optional<bool> matches_text(Candidate& candidate) const;
  std::optional<bool> matches_all(Candidate& candidate) const;
  std::optional<bool> matches_any(Candidate& candidate) const;

  std::size_t number_ = 0;
  const SearchKey* key_;  // the search's, for as long as it lasts
  std::string needle_;
  std::vector<bool> named_;
  std::chrono::sys_seconds age_border_;  // older, younger: RFC 5032 section 2
  Flags keyword_ = 0;
  std::vector<Query> inner_;
};

int Search::Query::cost() const {
  switch (key_->kind) {
    case SearchKind::body:
    case SearchKind::text: return 2;
    case SearchKind::bcc:
    case SearchKind::cc:
    case SearchKind::from:
    case SearchKind::to:
    case SearchKind::subject:
    case SearchKind::header:
    case SearchKind::sent_before:
    case SearchKind::sent_on:
    case SearchKind::sent_since:
    case SearchKind::email_id:
    case SearchKind::thread_id: return 1;
    case SearchKind::and_:
    case SearchKind::or_:
    case SearchKind::not_: {
      int most = 0;
      for (const Query& query : inner_) most = std::max(most, query.cost());
      return most;
    }
    default: return 0;
  }
}

void Search::Query::number_texts(std::vector<std::string>& needles) {
  if (cost() == 2 && inner_.empty()) {
    number_ = needles.size();
    needles.push_back(needle_);
  }
  for (Query& query : inner_) query.number_texts(needles);
}

std::optional<bool> Search::Query::matches_text(Candidate& candidate) const {
  switch (key_->kind) {
    case SearchKind::bcc: return candidate.header_contains("Bcc", needle_);
    case SearchKind::cc: return candidate.header_contains("Cc", needle_);
    case SearchKind::from: return candidate.header_contains("From", needle_);
    case SearchKind::to: return candidate.header_contains("To", needle_);
    case SearchKind::subject: return candidate.header_contains("Subject", needle_);
    case SearchKind::header: return candidate.header_contains(key_->field, needle_);
    default: break;
  }
  const bool in_headers = key_->kind == SearchKind::text;
  if (candidate.found) return candidate.found->in_body(number_) || (in_headers && candidate.found->in_headers(number_));
  if (candidate.is_large()) return std::nullopt;
  return (in_headers && candidate.folded_headers().find(needle_) != std::string::npos) ||
         candidate.folded_body().find(needle_) != std::string::npos;
}

std::optional<bool> Search::Query::matches_all(Candidate& candidate) const {
  bool known = true;
  for (const Query& query : inner_) {
    const auto one = query.matches(candidate);
    if (one && !*one) return false;
    known = known && one;
  }
  return known ? std::optional(true) : std::nullopt;
}

std::optional<bool> Search::Query::matches_any(Candidate& candidate) const {
  bool known = true;
  for (const Query& query : inner_) {
    const auto one = query.matches(candidate);
    if (one && *one) return true;
    known = known && one;
  }
  return known ? std::optional(false) : std::nullopt;
}

std::optional<bool> Search::Query::matches(Candidate& candidate) const {
  const StoredMessage& message = candidate.message;
  switch (key_->kind) {
    case SearchKind::all: return true;
    case SearchKind::answered: return candidate.has(flag::answered);
    case SearchKind::deleted: return candidate.has(flag::deleted);
    case SearchKind::draft: return candidate.has(flag::draft);
    case SearchKind::flagged: return candidate.has(flag::flagged);
    case SearchKind::seen: return candidate.has(flag::seen);
    case SearchKind::unanswered: return !candidate.has(flag::answered);
    case SearchKind::undeleted: return !candidate.has(flag::deleted);
    case SearchKind::undraft: return !candidate.has(flag::draft);
    case SearchKind::unflagged: return !candidate.has(flag::flagged);
    case SearchKind::unseen: return !candidate.has(flag::seen);
    case SearchKind::keyword: return candidate.has(keyword_);
    case SearchKind::unkeyword: return !candidate.has(keyword_);
    case SearchKind::recent: return candidate.recent();
    case SearchKind::old: return !candidate.recent();
    case SearchKind::new_: return candidate.recent() && !candidate.has(flag::seen);
    case SearchKind::larger: return message.size > key_->number;
    case SearchKind::smaller: return message.size < key_->number;
    case SearchKind::saved_before: return candidate.saved() < key_->day;
    case SearchKind::saved_on: return candidate.saved() == key_->day;
    case SearchKind::saved_since: return candidate.saved() >= key_->day;
    case SearchKind::save_date_supported: return true;
    case SearchKind::email_id: return has_email_id(message, key_->text);
    case SearchKind::thread_id: return thread_id(message) == key_->text;
    case SearchKind::modseq: return message.modseq >= key_->modseq.modseq;
    case SearchKind::older: return std::chrono::floor<std::chrono::seconds>(message.date) <= age_border_;
    case SearchKind::younger: return std::chrono::floor<std::chrono::seconds>(message.date) >= age_border_;
    case SearchKind::before: return candidate.day() < key_->day;
    case SearchKind::on: return candidate.day() == key_->day;
    case SearchKind::since: return candidate.day() >= key_->day;
    case SearchKind::sent_before: {
      const auto day = candidate.sent();
      return day && *day < key_->day;
    }
    case SearchKind::sent_on: {
      const auto day = candidate.sent();
      return day && *day == key_->day;
    }
    case SearchKind::sent_since: {
      const auto day = candidate.sent();
      return day && *day >= key_->day;
    }
    case SearchKind::sequence:
    case SearchKind::uid: return named_[candidate.number()];
    case SearchKind::not_: {
      const auto inner = inner_.front().matches(candidate);
      return inner ? std::optional(!*inner) : std::nullopt;
    }
    case SearchKind::or_: return matches_any(candidate);
    case SearchKind::and_: return matches_all(candidate);
    case SearchKind::bcc:
    case SearchKind::cc:
    case SearchKind::from:
    case SearchKind::to:
    case SearchKind::subject:
    case SearchKind::header:
    case SearchKind::body:
    case SearchKind::text: return matches_text(candidate);
  }
  return false;
}

Search::Search(const View& view, imap::SearchKey key, Instant now)
    : view_(view), key_(std::move(key)), query_(std::make_unique<Query>(view, key_, now)), last_(view.exists()) {
  query_->number_texts(needles_);
}
Search::~Search() = default;

bool Search::go_on(std::size_t octets) {
  constexpr std::size_t of_a_look = 32, of_a_header = 4096;
  const int cost = query_->cost();
  for (std::size_t read = 0; next_ <= last_ && read < octets;) {
    if (finder_ && !finder_->go_on(piece)) {
      read += piece;
      continue;
    }
    Candidate candidate(view_, next_, finder_.get());
    const auto matches = query_->matches(candidate);
    if (!matches) {
      finder_ = std::make_unique<Finder>(candidate.message.content, needles_);
      continue;
    }
    if (*matches) found_.push_back(next_);
    read += cost == 0 ? of_a_look : of_a_header + candidate.looked_through();
    finder_.reset();
    ++next_;
  }
  return next_ > last_;
}

std::vector<std::uint32_t> search(const View& view, const SearchKey& key, Instant now) {
  Search all(view, key, now);
  all.go_on(std::size_t(-1));
  return all.take_found();
}

}  // namespace glasspost::sim

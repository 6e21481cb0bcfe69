#include "sim/store/sort.h"

#include <algorithm>

#include "protocol/base/text.h"
#include "protocol/mime/encoding.h"
#include "protocol/mime/header.h"
#include "protocol/mime/message.h"
#include "sim/store/collation.h"

namespace glasspost::sim {
namespace {

constexpr std::size_t of_a_look = 32, of_a_header = 4096;  // what a message costs, as octets looked through

std::string_view headers_of(const StoredMessage& message) {
  return message.content->outline().headers.of(message.content->text());
}

// RFC 5256 section 2.2
Instant sent_date(const StoredMessage& message) {
  const auto date = mime::parse_date(message.content->header("Date"));
  return date ? Instant(date->at) : message.date;
}

std::string first_mailbox(const mime::AddressList& list) {
  return list.empty() ? std::string() : collation_key(list.front().mailbox.value_or(""));
}

// RFC 5957 section 3
std::string shown_name(const mime::AddressList& list) {
  if (list.empty()) return {};
  const mime::Address& address = list.front();
  if (const std::string name = mime::decode_words(address.name.value_or("")); !name.empty()) return collation_key(name);
  const std::string mailbox = address.mailbox.value_or("");
  return collation_key(address.mailbox && address.host ? mailbox + '@' + *address.host : mailbox);
}

bool is_of_header(imap::SortBy by) { return by != imap::SortBy::arrival && by != imap::SortBy::size; }

Threading::Facts facts_of(std::uint32_t number, const StoredMessage& message, bool references) {
  Threading::Facts facts;
  facts.number = number;
  facts.sent = sent_date(message);
  facts.subject = base_subject(message.content->subject());
  facts.subject.text = collation_key(facts.subject.text);
  if (!references) return facts;
  if (auto ids = message_ids(message.content->header("Message-ID")); !ids.empty()) facts.id = std::move(ids.front());
  facts.references = message_ids(message.content->header("References"));
  if (facts.references.empty())
    if (auto ids = message_ids(message.content->header("In-Reply-To")); !ids.empty()) facts.references = {std::move(ids.front())};
  return facts;
}

}  // namespace

std::vector<std::string> message_ids(std::string_view value) {
  std::vector<std::string> ids;
  for (std::size_t open; (open = value.find('<')) != value.npos;) {
    value.remove_prefix(open + 1);
    const auto close = value.find('>');
    if (close == value.npos) break;
    std::string id;
    bool quoted = false;
    for (const char c : value.substr(0, close)) {
      if (c == '"') quoted = !quoted;
      else if (quoted || (c != ' ' && c != '\t' && c != '\r' && c != '\n')) id += c;
    }
    const auto at = id.rfind('@');
    if (at != id.npos && at > 0 && at + 1 < id.size() && id.find('<') == id.npos) ids.push_back(std::move(id));
    value.remove_prefix(close + 1);
  }
  return ids;
}

Sorting::Sorting(const View& view, std::vector<std::uint32_t> numbers, std::vector<imap::SortCriterion> criteria)
    : view_(view), numbers_(std::move(numbers)), criteria_(std::move(criteria)) {
  for (const imap::SortCriterion& criterion : criteria_) reads_headers_ |= is_of_header(criterion.by);
}

Sorting::Value Sorting::value(const StoredMessage& message, imap::SortBy by) const {
  switch (by) {
    case imap::SortBy::arrival: return {message.date.time_since_epoch().count(), {}};
    case imap::SortBy::size: return {message.size, {}};
    case imap::SortBy::date: return {sent_date(message).time_since_epoch().count(), {}};
    case imap::SortBy::subject: return {0, collation_key(base_subject(message.content->subject()).text)};
    case imap::SortBy::cc: return {0, first_mailbox(mime::envelope_of(headers_of(message)).cc)};
    case imap::SortBy::from: return {0, first_mailbox(mime::envelope_of(headers_of(message)).from)};
    case imap::SortBy::to: return {0, first_mailbox(mime::envelope_of(headers_of(message)).to)};
    case imap::SortBy::display_from: return {0, shown_name(mime::envelope_of(headers_of(message)).from)};
    case imap::SortBy::display_to: return {0, shown_name(mime::envelope_of(headers_of(message)).to)};
  }
  return {};
}

bool Sorting::go_on(std::size_t octets) {
  entries_.reserve(numbers_.size());
  for (std::size_t read = 0; entries_.size() < numbers_.size() && read < octets;) {
    Entry entry{numbers_[entries_.size()], {}};
    for (const imap::SortCriterion& criterion : criteria_) entry.values.push_back(value(view_.message(entry.number), criterion.by));
    entries_.push_back(std::move(entry));
    read += reads_headers_ ? of_a_header : of_a_look;
  }
  return entries_.size() == numbers_.size();
}

// Where all criteria say the same, the sequence numbers decide; REVERSE does not turn those round (section 3).
std::vector<std::uint32_t> Sorting::take() {
  std::stable_sort(entries_.begin(), entries_.end(), [this](const Entry& a, const Entry& b) {
    for (std::size_t i = 0; i < criteria_.size(); ++i) {
      const Value &x = a.values[i], &y = b.values[i];
      const int order = x.number != y.number ? (x.number < y.number ? -1 : 1) : x.text.compare(y.text);
      if (order != 0) return criteria_[i].reverse ? order > 0 : order < 0;
    }
    return false;
  });
  for (std::size_t i = 0; i < entries_.size(); ++i) numbers_[i] = entries_[i].number;
  return std::move(numbers_);
}

Threading::Threading(const View& view, std::vector<std::uint32_t> numbers, imap::ThreadAlgorithm algorithm)
    : view_(view), numbers_(std::move(numbers)), algorithm_(algorithm) {}

bool Threading::go_on(std::size_t octets) {
  for (std::size_t read = 0; facts_.size() < numbers_.size() && read < octets; read += of_a_header) {
    const std::uint32_t number = numbers_[facts_.size()];
    facts_.push_back(facts_of(number, view_.message(number), algorithm_ == imap::ThreadAlgorithm::references));
  }
  return facts_.size() == numbers_.size();
}

std::vector<imap::ThreadNode> Threading::take() {
  return algorithm_ == imap::ThreadAlgorithm::references ? thread_by_references(facts_) : thread_by_subject(facts_);
}

}  // namespace glasspost::sim

#include "sim/store/search_reading.h"

#include <algorithm>
#include <array>

#include "protocol/base/text.h"
#include "protocol/mime/encoding.h"
#include "protocol/mime/header.h"
#include "sim/store/collation.h"

namespace glasspost::sim {
namespace {

constexpr std::size_t portion_of_structure = 4 * 1024 * 1024;  // takes as long as half a megabyte that is searched
constexpr char mark = '\n';  // between things that nobody may find a string across

bool is_base64(const mime::Part& part) { return equal_ignoring_case(part.encoding, "base64"); }

// Octets that do not make up a text are not searched.
bool is_readable(const mime::Part& part) {
  return part.is_text() || equal_ignoring_case(part.type, "message") || !is_base64(part);
}

// A text in it may be cut between any two lines. Others have states, or line ends of several octets.
bool may_be_cut(const std::optional<std::string>& charset) {
  if (!charset) return true;
  constexpr std::array<std::string_view, 6> known{"utf-8", "us-ascii", "iso-8859-", "windows-125", "koi8-", "latin"};
  return std::any_of(known.begin(), known.end(), [&](std::string_view name) { return starts_with_ignoring_case(*charset, name); });
}

// Where a piece of about so many octets of an encoded body ends.
std::size_t cut(std::string_view body, std::size_t octets, bool base64) {
  if (octets >= body.size()) return body.size();
  if (base64) {  // four letters are three octets
    std::size_t letters = 0, end = 0;
    for (std::size_t i = 0; i < body.size(); ++i) {
      letters += is_alnum(body[i]) || body[i] == '+' || body[i] == '/' || body[i] == '=' ? 1 : 0;
      if (letters % 4 == 0 && letters > 0) end = i + 1;
      if (end >= octets) return end;
    }
    return body.size();
  }
  if (const auto line = body.rfind('\n', octets); line != body.npos && line > octets / 2) return line + 1;
  std::size_t end = octets;  // a line without end: not within a letter, nor within "=C3=B1"
  while (end > octets / 2 && (is_eight_bit(body[end]) || is_eight_bit(body[end - 1]) || body.substr(end - 6, 6).find('=') != body.npos)) --end;
  return end;
}

}  // namespace

Reading::Reading(ContentPtr content) : content_(std::move(content)) {}

// Nesting is bounded by mime::Limits.
void Reading::list(const mime::Part& part) {
  if (part.parts.empty()) {
    if (is_readable(part)) items_.push_back({&part, false});
    return;
  }
  for (const mime::Part& inner : part.parts) {
    items_.push_back({&inner, true});
    list(inner);
  }
}

std::optional<Reading::Portion> Reading::next(std::size_t octets) {
  if (!listed_) {
    if (!content_->prepare_structure(std::max(octets, portion_of_structure))) return Portion{};
    const mime::Part& whole = content_->structure();
    items_.push_back({&whole, true});
    list(whole);
    listed_ = true;
  }
  if (item_ == items_.size()) return std::nullopt;
  const Item& item = items_[item_];
  return item.headers ? next_of_headers(item, octets) : next_of_body(*item.part, std::max<std::size_t>(octets, 16));
}

// Fields have ends of their own, so there may be an end of a portion behind any of them.
Reading::Portion Reading::next_of_headers(const Item& item, std::size_t octets) {
  const std::string_view fields = item.part->headers.of(content_->text());
  mime::HeaderReader reader(fields, at_);
  Portion portion{{}, true};
  bool more = true;
  while (more && reader.end() - at_ < octets) {
    const auto field = reader.next();
    more = field.has_value();
    if (!more) break;
    portion.folded += field->name.of(fields);
    portion.folded += ": ";
    portion.folded += mime::decode_words(mime::unfold(field->value.of(fields)));
    portion.folded += mark;
  }
  portion.folded = fold_case(portion.folded);
  at_ = more ? reader.end() : 0;
  item_ += more ? 0 : 1;
  return portion;
}

Reading::Portion Reading::next_of_body(const mime::Part& part, std::size_t octets) {
  const std::string_view body = part.body.of(content_->text()).substr(at_);
  const auto charset = mime::parameter(part.parameters, "charset");
  const std::size_t size = may_be_cut(charset) ? cut(body, octets, is_base64(part)) : body.size();
  const std::string decoded = mime::decode_body(body.substr(0, size), part.encoding);
  Portion portion;
  portion.folded = fold_case(charset ? mime::to_utf8(decoded, *charset).value_or(decoded) : decoded);
  portion.ends = size == body.size();
  at_ = portion.ends ? 0 : at_ + size;
  if (portion.ends) portion.folded += mark, ++item_;
  return portion;
}

Finder::Finder(ContentPtr content, std::vector<std::string> needles)
    : reading_(std::move(content)), needles_(std::move(needles)), in_headers_(needles_.size()), in_body_(needles_.size()) {
  for (const std::string& needle : needles_) longest_ = std::max(longest_, needle.size());
}

bool Finder::go_on(std::size_t octets) {
  auto portion = reading_.next(octets);
  if (!portion) return true;
  const std::string text = carry_ + portion->folded;
  auto& found = portion->header ? in_headers_ : in_body_;
  for (std::size_t i = 0; i < needles_.size(); ++i)
    if (!found[i]) found[i] = text.find(needles_[i]) != text.npos;
  carry_ = portion->ends || longest_ == 0 ? std::string() : text.substr(text.size() - std::min(text.size(), longest_ - 1));
  return false;
}

}  // namespace glasspost::sim

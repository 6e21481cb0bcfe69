// One pass over the message's lines. A stack of the parts that are open says what a line belongs to, one of their
// boundaries which line may end them; a line that is one of those ends everything inside it, as RFC 2046 section 5.1.2 wants
// for nested multiparts.
#include "protocol/mime/message.h"

#include <algorithm>

#include "protocol/base/text.h"
#include "protocol/mime/content_type.h"
#include "protocol/mime/header.h"

namespace glasspost::mime {
namespace {

Span span(std::size_t begin, std::size_t end) { return {std::uint32_t(begin), std::uint32_t(end)}; }

std::size_t line_end(std::string_view text, std::size_t begin) {
  const std::size_t found = text.find('\n', begin);
  return found == text.npos ? text.size() : found + 1;
}
std::uint32_t count_lines(std::string_view text) { return std::uint32_t(std::count(text.begin(), text.end(), '\n')); }

bool is_message(const Part& part) { return part.is("message", "rfc822"); }
// Without the white space that a gateway may have added behind it (RFC 2046 section 5.1.1).
std::string_view boundary_of(const std::vector<Parameter>& parameters) {
  for (const Parameter& parameter : parameters) {
    if (!equal_ignoring_case(parameter.name, "boundary")) continue;
    const std::string_view value = parameter.value;
    return value.substr(0, value.find_last_not_of(" \t") + 1);
  }
  return {};
}
void make_leaf(Part& out) {
  out.type = "APPLICATION";
  out.subtype = "OCTET-STREAM";
  out.parameters.clear();
}

// Each field counts where it is found first.
void describe(Part& out, std::string_view message, std::size_t begin, std::size_t end, bool message_if_unsaid) {
  out.headers = span(begin, end);
  const std::string_view text = message.substr(0, end);
  std::optional<ContentType> type;
  bool saw_type = false;
  HeaderReader reader(text, begin);
  while (const auto field = reader.next()) {
    const std::string_view name = field->name.of(text);
    if (name.size() < 10 || !starts_with_ignoring_case(name, "content-")) continue;
    const std::string_view kind = name.substr(8);
    const std::string_view value = field->value.of(text);
    const auto once = [&](Text& into) {
      if (!into) into = unfold(value);
    };
    if (equal_ignoring_case(kind, "type")) {
      if (!saw_type) type = parse_content_type(value);
      saw_type = true;
    } else if (equal_ignoring_case(kind, "transfer-encoding")) {
      if (out.encoding.empty()) out.encoding = parse_token(value).value_or("");
    } else if (equal_ignoring_case(kind, "id")) {
      once(out.id);
    } else if (equal_ignoring_case(kind, "description")) {
      once(out.description);
    } else if (equal_ignoring_case(kind, "md5")) {
      once(out.md5);
    } else if (equal_ignoring_case(kind, "location")) {
      once(out.location);
    } else if (equal_ignoring_case(kind, "language")) {
      if (out.language.empty()) out.language = parse_tokens(value);
    } else if (equal_ignoring_case(kind, "disposition") && !out.disposition) {
      if (auto disposition = parse_disposition(value)) {
        out.disposition = std::move(disposition->type);
        out.disposition_parameters = std::move(disposition->parameters);
      }
    }
  }
  if (out.encoding.empty()) out.encoding = "7BIT";
  // A multipart that does not say its boundary cannot be taken apart: RFC 2045 section 5.2, as if nothing were said.
  if (type && equal_ignoring_case(type->type, "multipart") && boundary_of(type->parameters).empty()) type.reset();
  if (type) {
    out.type = std::move(type->type);
    out.subtype = std::move(type->subtype);
    out.parameters = std::move(type->parameters);
  } else if (message_if_unsaid && !saw_type) {
    out.type = "MESSAGE";
    out.subtype = "RFC822";
  } else {
    out.type = "TEXT";
    out.subtype = "PLAIN";
  }
  if (!out.is_text()) return;
  for (const Parameter& parameter : out.parameters)
    if (equal_ignoring_case(parameter.name, "charset")) return;
  out.parameters.push_back({"CHARSET", "US-ASCII"});
}

void add_empty(Part& out, std::string_view message, std::size_t at) {
  Part& empty = out.parts.emplace_back();
  describe(empty, message, at, at, false);
  empty.body = span(at, at);
}

}  // namespace

MessageReader::MessageReader(const Limits& limits) : limits_(limits) { open(root_, Inherited::text); }

bool MessageReader::go_on(std::string_view message, std::size_t octets) {
  const std::size_t stop = octets < message.size() - at_ ? at_ + std::max<std::size_t>(octets, 1) : message.size();
  while (at_ < message.size() || (!open_.empty() && open_.back().reading == Reading::header)) {
    const bool header = open_.back().reading == Reading::header;
    if (at_ == message.size()) {
      header_is_over(message);
      continue;
    }
    if (at_ >= stop) return false;
    if (!header && boundaries_.empty()) {  // nothing can end it any more
      lines_ += count_lines(message.substr(at_, stop - at_));
      at_ = stop;
      continue;
    }
    if (const auto end = boundary_line(message)) {
      ended(message, *end);
      continue;
    }
    const std::size_t begin = at_;
    skip_line(message);
    const std::string_view line = message.substr(begin, at_ - begin);
    if (header && (line == "\r\n" || line == "\n")) header_is_over(message);
  }
  if (!open_.empty()) ended(message, {message.size(), lines_, none});
  return true;
}

void MessageReader::open(Part& part, Inherited inherited) {
  ++count_;
  open_.push_back({.part = &part, .inherited = inherited, .begin = at_, .lines_to_begin = lines_});
}

// The part's header is read, and its body begins.
void MessageReader::header_is_over(std::string_view message) {
  Open& open_part = open_.back();
  Part& part = *open_part.part;
  describe(part, message, open_part.begin, at_, open_part.inherited == Inherited::message);
  open_part.body = at_;
  open_part.lines_to_body = lines_;
  open_part.reading = Reading::content;
  if (!part.is_multipart() && !is_message(part)) return;
  if (open_.size() >= limits_.nesting || count_ >= limits_.parts) {
    part.cut = true;
    make_leaf(part);
  } else if (part.is_multipart()) {
    open_part.reading = Reading::preamble;
    open_part.boundary = boundaries_.size();
    boundaries_.emplace_back(boundary_of(part.parameters));
  } else {
    open_part.reading = Reading::inner;
    open(part.parts.emplace_back(), Inherited::text);
  }
}

// Closes what ends there, from the innermost part outwards.
void MessageReader::ended(std::string_view message, End end) {
  while (!open_.empty()) {
    Open& open_part = open_.back();
    Part& part = *open_part.part;
    switch (open_part.reading) {
      case Reading::header: close_in_header(message, open_part, end); break;
      case Reading::preamble:
      case Reading::parts:
      case Reading::cut_off:
        if (goes_on_behind(end, open_part)) return;
        boundaries_.pop_back();
        [[fallthrough]];
      case Reading::epilogue:
        if (part.parts.empty()) add_empty(part, message, end.at);
        break;
      case Reading::inner:
        part.envelope = std::make_unique<Envelope>(envelope_of(part.parts.front().headers.of(message)));
        break;
      case Reading::content: break;
    }
    if (open_part.reading != Reading::header) {
      // The line end in front of the boundary may be the empty line's: then there is neither that line nor a body.
      if (end.at < open_part.body) {
        part.headers.end = std::uint32_t(end.at);
        open_part.body = end.at, open_part.lines_to_body = end.lines;
      }
      part.body = span(open_part.body, end.at);
      if (!part.is_multipart()) part.lines = end.lines - open_part.lines_to_body;
    }
    open_.pop_back();
  }
}

// Whether that was a boundary of the multipart itself: then more of it comes.
bool MessageReader::goes_on_behind(const End& end, Open& multipart) {
  if (end.multipart != multipart.boundary) return false;
  if (end.closing) {  // the epilogue belongs to the body; only an outer boundary ends it
    boundaries_.pop_back();
    multipart.reading = Reading::epilogue;
    return true;
  }
  Part& part = *multipart.part;
  if (count_ >= limits_.parts) {
    part.cut = true;
    multipart.reading = Reading::cut_off;
    return true;
  }
  multipart.reading = Reading::parts;
  open(part.parts.emplace_back(), equal_ignoring_case(part.subtype, "digest") ? Inherited::message : Inherited::text);
  return true;
}

// A boundary in the middle of the header: the part has no body, whatever it says it is; where its kind has parts, an empty one
// stands for them.
void MessageReader::close_in_header(std::string_view message, Open& open_part, End& end) {
  Part& part = *open_part.part;
  if (end.at < open_part.begin) {
    // Behind a boundary the part cannot begin before its first line; a letter inside loses the empty line in front of it.
    if (open_.size() > 1 && open_[open_.size() - 2].reading == Reading::inner) open_part.begin = end.at;
    else end.at = open_part.begin, end.lines = open_part.lines_to_begin;
  }
  describe(part, message, open_part.begin, end.at, open_part.inherited == Inherited::message);
  part.body = span(end.at, end.at);
  if (!part.is_multipart() && !is_message(part)) return;
  add_empty(part, message, end.at);
  if (is_message(part)) part.envelope = std::make_unique<Envelope>();
}

// delimiter := "--" boundary at the beginning of a line. RFC 2046 section 5.1.1: it is enough that the line begins with
// it; but where a line is exactly one boundary, it is no other that is merely its beginning. Afterwards at_ is behind it.
std::optional<MessageReader::End> MessageReader::boundary_line(std::string_view message) {
  if (boundaries_.empty() || at_ + 2 > message.size() || message[at_] != '-' || message[at_ + 1] != '-') return std::nullopt;
  std::string_view line = message.substr(at_ + 2, line_end(message, at_) - at_ - 2);
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
    line.remove_suffix(1);
  std::size_t found = none;
  bool closing = false;
  for (std::size_t i = boundaries_.size(); i-- > 0;) {
    const std::string& boundary = boundaries_[i];
    if (!line.starts_with(boundary)) continue;
    const std::string_view rest = line.substr(boundary.size());
    const bool exact = rest.empty() || rest == "--";
    if (!exact && found != none) continue;
    found = i;
    closing = rest.starts_with("--");
    if (exact) break;
  }
  if (found == none) return std::nullopt;
  // With nothing behind it, not even its line's end, it opens nothing.
  if (!closing && line_end(message, at_) == message.size() && message.back() != '\n') closing = true;
  // The line end in front of a boundary is the boundary's.
  End end{at_, lines_, found, closing};
  if (end.at > 0 && message[end.at - 1] == '\n') {
    --end.at, --end.lines;
    if (end.at > 0 && message[end.at - 1] == '\r') --end.at;
  }
  skip_line(message);
  return end;
}

void MessageReader::skip_line(std::string_view message) {
  at_ = line_end(message, at_);
  if (message[at_ - 1] == '\n') ++lines_;
}

Part read_message(std::string_view message, const Limits& limits) {
  MessageReader reader(limits);
  reader.go_on(message, message.size());
  return reader.take();
}

}  // namespace glasspost::mime

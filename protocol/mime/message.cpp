// One pass over the message's lines. A stack of the multiparts that are open says which boundary a line may be; a line
// that is one of them ends everything inside it, as RFC 2046 section 5.1.2 wants for nested multiparts.
#include "protocol/mime/message.h"

#include <algorithm>

#include "protocol/base/text.h"
#include "protocol/mime/content_type.h"
#include "protocol/mime/header.h"

namespace glasspost::mime {
namespace {

enum class Inherited : std::uint8_t { text, message };  // what a part is whose header does not say

class MessageReader {
 public:
  MessageReader(std::string_view text, const Limits& limits) : text_(text), limits_(limits) {}

  Part read() {
    Part root;
    part(root, Inherited::text, 1);
    return root;
  }

 private:
  // What ended a part: the end of the message, or the boundary of an open multipart.
  struct End {
    std::size_t at;               // where the content ends, its last line end not included if a boundary follows
    std::size_t multipart;        // index into boundaries_; none: the end of the message
    bool closing = false;         // "--boundary--"
  };
  static constexpr std::size_t none = std::string_view::npos;

  // Reads one part that begins at at_, its header first. Afterwards at_ is behind the line that ended it.
  End part(Part& out, Inherited inherited, std::uint32_t depth) {
    ++count_;
    const std::size_t begin = at_;
    if (auto end = header()) {  // a boundary in the middle of the header
      end->at = std::max(end->at, begin);
      describe(out, begin, end->at, inherited);
      out.body = span(end->at, end->at);
      // It has no body, whatever it says it is; where its kind has parts, an empty one stands for them.
      if (out.is_multipart()) add_empty(out, end->at);
      else if (is_message(out)) add_inner(out, end->at);
      return *end;
    }
    describe(out, begin, at_, inherited);
    const std::size_t body = at_;
    const bool composite = out.is_multipart() || is_message(out);
    const bool too_much = depth >= limits_.nesting || count_ >= limits_.parts;
    End end;
    if (composite && too_much) {
      out.cut = true;
      make_leaf(out);
      end = content();
    } else if (out.is_multipart()) {
      end = multipart(out, depth);
    } else if (is_message(out)) {
      end = part(out.parts.emplace_back(), Inherited::text, depth + 1);
      const Span inner = out.parts.front().headers;
      out.envelope = std::make_unique<Envelope>(envelope_of(inner.of(text_)));
    } else {
      end = content();
    }
    if (end.at < body) end.at = body;  // the boundary's line end is the empty line's: the header keeps it
    out.body = span(body, end.at);
    if (!out.is_multipart()) out.lines = lines(body, end.at);
    return end;
  }

  // Walks header lines up to the empty line. A boundary line may come first.
  std::optional<End> header() {
    while (at_ < text_.size()) {
      const std::size_t begin = at_;
      if (const auto end = boundary_line(begin)) return end;
      at_ = line_end(begin);
      const std::string_view line = text_.substr(begin, at_ - begin);
      if (line == "\r\n" || line == "\n") return std::nullopt;
    }
    return std::nullopt;
  }

  // Walks body lines up to a boundary of any open multipart.
  End content() {
    while (at_ < text_.size()) {
      if (const auto end = boundary_line(at_)) return *end;
      at_ = line_end(at_);
      if (boundaries_.empty()) at_ = text_.size();
    }
    return {text_.size(), none};
  }

  End multipart(Part& out, std::uint32_t depth) {
    const std::size_t mine = boundaries_.size();
    boundaries_.emplace_back(boundary_of(out.parameters));
    const Inherited inherited =
        equal_ignoring_case(out.subtype, "digest") ? Inherited::message : Inherited::text;
    End end = content();  // the preamble
    while (end.multipart == mine && !end.closing) {
      if (count_ >= limits_.parts) {
        out.cut = true;
        end = content();
      } else {
        end = part(out.parts.emplace_back(), inherited, depth + 1);
      }
    }
    boundaries_.pop_back();
    if (end.multipart == mine) {
      end = content();  // the epilogue belongs to the body; only an outer boundary ends it
    }
    if (out.parts.empty()) add_empty(out, std::max(end.at, std::size_t(out.headers.end)));
    return end;
  }

  // delimiter := "--" boundary at the beginning of a line. RFC 2046 section 5.1.1: it is enough that the line begins with
  // it; but where a line is exactly one boundary, it is no other that is merely its beginning.
  std::optional<End> boundary_line(std::size_t begin) {
    if (boundaries_.empty() || begin + 2 > text_.size() || text_[begin] != '-' || text_[begin + 1] != '-')
      return std::nullopt;
    const std::size_t end = line_end(begin);
    std::string_view line = text_.substr(begin + 2, end - begin - 2);
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
    at_ = end;
    return End{before_line_end(begin), found, closing};
  }

  std::size_t line_end(std::size_t begin) const {
    const std::size_t found = text_.find('\n', begin);
    return found == text_.npos ? text_.size() : found + 1;
  }
  // The line end in front of a boundary is the boundary's.
  std::size_t before_line_end(std::size_t at) const {
    if (at > 0 && text_[at - 1] == '\n') {
      --at;
      if (at > 0 && text_[at - 1] == '\r') --at;
    }
    return at;
  }

  std::uint32_t lines(std::size_t begin, std::size_t end) const {
    return std::uint32_t(std::count(text_.begin() + std::ptrdiff_t(begin), text_.begin() + std::ptrdiff_t(end), '\n'));
  }

  void describe(Part& out, std::size_t begin, std::size_t end, Inherited inherited);
  static bool is_message(const Part& part) { return part.is("message", "rfc822"); }
  // Without the white space that a gateway may have added behind it (RFC 2046 section 5.1.1).
  static std::string_view boundary_of(const std::vector<Parameter>& parameters) {
    for (const Parameter& parameter : parameters) {
      if (!equal_ignoring_case(parameter.name, "boundary")) continue;
      const std::string_view value = parameter.value;
      return value.substr(0, value.find_last_not_of(" \t") + 1);
    }
    return {};
  }
  static void make_leaf(Part& out) {
    out.type = "APPLICATION";
    out.subtype = "OCTET-STREAM";
    out.parameters.clear();
  }
  void add_empty(Part& out, std::size_t at) {
    Part& empty = out.parts.emplace_back();
    describe(empty, at, at, Inherited::text);
    empty.body = span(at, at);
  }
  void add_inner(Part& out, std::size_t at) {
    add_empty(out, at);
    out.envelope = std::make_unique<Envelope>();
  }
  static Span span(std::size_t begin, std::size_t end) { return {std::uint32_t(begin), std::uint32_t(end)}; }

  std::string_view text_;
  Limits limits_;
  std::size_t at_ = 0;
  std::uint32_t count_ = 0;
  std::vector<std::string> boundaries_;
};

// Each field counts where it is found first.
void MessageReader::describe(Part& out, std::size_t begin, std::size_t end, Inherited inherited) {
  out.headers = span(begin, end);
  const std::string_view text = text_.substr(0, end);
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
  } else if (inherited == Inherited::message && !saw_type) {
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

}  // namespace

Part read_message(std::string_view message, const Limits& limits) { return MessageReader(message, limits).read(); }

}  // namespace glasspost::mime

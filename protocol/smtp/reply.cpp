#include "protocol/smtp/reply.h"

#include <fmt/format.h>

#include <utility>

#include "protocol/base/cursor.h"
#include "protocol/base/text.h"
#include "protocol/sasl/mechanism.h"

namespace glasspost::smtp {
namespace {

constexpr std::size_t most_octets = 1024 * 1024;

// status-code = class "." subject "." detail                                                     RFC 3463 section 2
std::optional<EnhancedCode> enhanced_code(Cursor& c) {
  const std::size_t begin = c.position();
  const auto number = [&c](std::size_t most) -> std::optional<std::uint32_t> {
    const auto digits = c.take_while(is_digit);
    return digits.size() > most ? std::nullopt : to_u32(digits);
  };
  const auto kind = number(1);
  if (kind && (*kind == 2 || *kind == 4 || *kind == 5) && c.take('.'))
    if (const auto subject = number(3); subject && c.take('.'))
      if (const auto detail = number(3); detail && (c.done() || c.peek() == ' '))
        return EnhancedCode{static_cast<std::uint8_t>(*kind), static_cast<std::uint16_t>(*subject),
                            static_cast<std::uint16_t>(*detail)};
  c.go_to(begin);
  return std::nullopt;
}

void append_text(std::string& out, std::string_view text) {
  const std::size_t begin = out.size();
  out += text;
  for (std::size_t i = begin; i < out.size(); ++i)
    if (out[i] == '\r' || out[i] == '\n' || out[i] == '\0') out[i] = ' ';
}

void mark_words(Cursor& c, Role first, Role others) {
  Role role = first;
  while (!c.done()) {
    const std::size_t begin = c.position();
    if (!c.take_while([](char x) { return x != ' '; }).empty()) {
      c.mark(role, begin);
      role = others;
    }
    c.take_while([](char x) { return x == ' '; });
  }
}

// keyword [ ( SP / "=" ) value ] *( SP value ): "=" is how servers before RFC 2554 wrote AUTH
void mark_capability(Cursor& c) {
  const std::size_t begin = c.position();
  c.take_while([](char x) { return x != ' ' && x != '='; });
  c.mark(Role::smtp_capability, begin);
  if (c.peek() == '=') c.skip();
  mark_words(c, Role::smtp_capability_value, Role::smtp_capability_value);
}

}  // namespace

std::string text_of(EnhancedCode code) { return fmt::format("{}.{}.{}", code.kind, code.subject, code.detail); }

std::optional<EnhancedCode> parse_enhanced_code(std::string_view text) {
  Cursor c(text);
  const auto code = enhanced_code(c);
  return c.done() ? code : std::nullopt;
}

std::string Reply::text() const {
  std::string out = std::to_string(code);
  if (enhanced) out += ' ' + text_of(*enhanced);
  for (const std::string& line : lines)
    if (!line.empty()) out += ' ' + line;
  return out;
}

void append(std::string& out, const Reply& reply) {
  const std::size_t count = reply.lines.empty() ? 1 : reply.lines.size();
  char head[4] = {char('0' + reply.code / 100 % 10), char('0' + reply.code / 10 % 10), char('0' + reply.code % 10), ' '};
  for (std::size_t i = 0; i < count; ++i) {
    head[3] = i + 1 == count ? ' ' : '-';
    out.append(head, 4);
    const std::string_view text = reply.lines.empty() ? std::string_view() : reply.lines[i];
    if (reply.enhanced) {
      fmt::format_to(std::back_inserter(out), "{}.{}.{}", reply.enhanced->kind, reply.enhanced->subject, reply.enhanced->detail);
      if (!text.empty()) out += ' ';
    }
    append_text(out, text);
    out += "\r\n";
  }
}

std::string encode(const Reply& reply) {
  std::string out;
  append(out, reply);
  return out;
}

// Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF        RFC 5321 section 4.2
// The second digit is taken as it comes: servers use more than the ABNF has.
Result<ReplyLine> parse_reply_line(std::string_view line, ReplyShape shape, Tokens* tokens) {
  Cursor c(line, tokens);
  ReplyLine out;
  if (c.peek() < '2' || c.peek() > '5' || !is_digit(c.peek(1)) || !is_digit(c.peek(2))) return c.wanted("Reply-code");
  out.code = static_cast<std::uint16_t>((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
  c.skip(3);
  c.mark(Role::smtp_code, 0);
  out.last = c.peek() != '-';
  out.text = {3, 3};
  if (c.done()) return out;
  if (c.peek() != ' ' && c.peek() != '-') return c.wanted("SP or \"-\"");
  c.skip();
  c.mark(Role::smtp_separator, 3);
  switch (shape) {
    case ReplyShape::words:
      // A code of another class than the reply is no enhanced code, but words: RFC 2034 section 4.
      if (c.peek() == line[0]) {
        const std::size_t begin = c.position();
        if ((out.enhanced = enhanced_code(c))) {
          c.mark(Role::smtp_enhanced_code, begin);
          c.take(' ');
        }
      }
      break;
    case ReplyShape::greeting:
    case ReplyShape::ehlo_first:
    case ReplyShape::ehlo_capability:
    case ReplyShape::challenge: break;
  }
  out.text = {static_cast<std::uint32_t>(c.position()), static_cast<std::uint32_t>(line.size())};
  if (!tokens) return out;
  const std::size_t begin = c.position();
  switch (shape) {
    case ReplyShape::words: c.go_to(line.size()), c.mark(Role::text, begin); break;
    case ReplyShape::greeting:
    case ReplyShape::ehlo_first:
      c.take_while([](char x) { return x != ' '; });
      c.mark(Role::smtp_server_name, begin);
      if (c.take(' ')) {
        c.mark(Role::space, c.position() - 1);
        const std::size_t words = c.position();
        c.go_to(line.size());
        c.mark(Role::text, words);
      }
      break;
    case ReplyShape::ehlo_capability: mark_capability(c); break;
    case ReplyShape::challenge: {
      const Role role = sasl::is_server_proof(c.rest()) ? Role::sasl_server_proof : Role::smtp_challenge;
      c.go_to(line.size());
      c.mark(role, begin);
      break;
    }
  }
  return out;
}

ReplyReader::ReplyReader() : lines_(longest_line) {}

void ReplyReader::discard() {
  lines_.discard();
  reply_ = {};
  octets_ = 0;
  begun_ = broken_ = false;
}

std::optional<Result<Reply>> ReplyReader::next() {
  const auto broken = [this](Fault fault, std::size_t offset, std::string_view expected) -> Result<Reply> {
    broken_ = true;
    return fail(fault, offset, expected);
  };
  while (!broken_) {
    const auto line = lines_.next();
    if (!line) return std::nullopt;
    octets_ += line->text.size();
    if (line->too_long || octets_ > most_octets || reply_.lines.size() >= most_lines)
      return broken(Fault::too_long, 0, "Reply-line");
    if (line->bare_cr || line->bare_lf) return broken(Fault::bad_line_end, line->text.find_first_of("\r\n"), "CRLF");
    const auto parsed = parse_reply_line(line->text, ReplyShape::words);
    if (!parsed) return broken(parsed.error().fault, parsed.error().offset, parsed.error().expected);
    if (begun_ && parsed->code != reply_.code) return broken(Fault::mismatch, 0, "the same Reply-code");
    if (!begun_) reply_.code = parsed->code, reply_.enhanced = parsed->enhanced;
    begun_ = !parsed->last;
    reply_.lines.emplace_back(parsed->text.of(line->text));
    if (parsed->last) {
      octets_ = 0;
      return std::exchange(reply_, Reply{});
    }
  }
  return std::nullopt;
}

const Capability* Capabilities::find(std::string_view keyword) const {
  for (const Capability& capability : all)
    if (capability.keyword == keyword) return &capability;
  return nullptr;
}

// size = "SIZE" [ SP 1*20DIGIT ]; 0 means that there is no fixed limit                           RFC 1870 section 4
std::optional<std::uint64_t> Capabilities::size() const {
  const Capability* size = find("SIZE");
  const auto limit = size ? to_u64(size->value) : std::nullopt;
  return limit && *limit != 0 ? limit : std::nullopt;
}

std::optional<std::uint32_t> Capabilities::limit(std::string_view name) const {
  const Capability* limits = find("LIMITS");
  if (!limits) return std::nullopt;
  for (const std::string_view pair : split(limits->value, ' ')) {
    const auto equals = pair.find('=');
    if (equals != pair.npos && equal_ignoring_case(pair.substr(0, equals), name)) return to_u32(pair.substr(equals + 1));
  }
  return std::nullopt;
}

std::vector<std::string> Capabilities::mechanisms() const {
  std::vector<std::string> out;
  for (const Capability& capability : all)
    if (capability.keyword == "AUTH")
      for (const std::string_view name : split(capability.value, ' '))
        if (!name.empty()) out.push_back(to_upper(name));
  return out;
}

Capabilities parse_capabilities(const Reply& ehlo) {
  Capabilities out;
  for (std::size_t i = 0; i < ehlo.lines.size(); ++i) {
    const std::string_view line = ehlo.lines[i];
    if (i == 0) {
      out.server_name = line.substr(0, line.find(' '));
      continue;
    }
    const auto end = line.find_first_of(" =");
    if (end == 0 || line.empty()) continue;
    out.all.push_back({to_upper(line.substr(0, end)),
                       end == line.npos ? std::string() : std::string(trim(line.substr(end + 1)))});
  }
  return out;
}

}  // namespace glasspost::smtp

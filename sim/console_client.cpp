#include "sim/console_client.h"

#include <algorithm>
#include <utility>

#include "protocol/base/text.h"
#include "protocol/smtp/states.h"

namespace glasspost::sim {

void TypedSession::type(std::string_view octets) {
  if (closing_) return;
  output_ += octets;
  if (protocol_ == Protocol::imap) follow_literal(octets);
  if (dissector_) dissector_->put(Side::client, octets, *this);
}

void TypedSession::receive(std::string_view octets, Instant) {
  if (dissector_) dissector_->put(Side::server, octets, *this);
}

void TypedSession::tls_established(const TlsFacts&) {
  if (std::exchange(wish_, false)) owed_ = 0;  // what was said behind STARTTLS is not answered any more
  sealed_ = true;
  continues_ = false;
  literal_left_ = 0;
  line_.clear();
  if (dissector_) dissector_->tls_established();
}

namespace {

bool agrees(Protocol protocol, std::string_view text) {
  switch (protocol) {
    case Protocol::smtp:
    case Protocol::lmtp: return text.starts_with("220");
    case Protocol::pop3: return text.starts_with("+OK");
    case Protocol::imap: {
      const auto words = split(text, ' ');
      return words.size() > 1 && equal_ignoring_case(words[1], "OK");
    }
    case Protocol::dns:
    case Protocol::tls: return false;
  }
  return false;
}

}  // namespace

// "STARTTLS", "a1 STARTTLS", "STLS"; "a1 COMPRESS DEFLATE".
TypedSession::Asks TypedSession::what_it_asks(std::string_view command) const {
  std::vector<std::string_view> words;
  for (const std::string_view word : split(trim(command.substr(0, std::min(command.find('\r'), command.size()))), ' '))
    if (!word.empty()) words.push_back(word);
  const std::size_t at = protocol_ == Protocol::imap ? 1 : 0;
  if (words.size() <= at) return Asks::nothing;
  if (equal_ignoring_case(words[at], protocol_ == Protocol::pop3 ? "STLS" : "STARTTLS")) return Asks::tls;
  return protocol_ == Protocol::imap && equal_ignoring_case(words[at], "COMPRESS") ? Asks::compression : Asks::nothing;
}

CompressionWish TypedSession::compression_wish() const {
  if (compression_agreed_) return CompressionWish::start;
  return compressions_asked_ > 0 ? CompressionWish::awaited : CompressionWish::none;
}

MessageId TypedSession::said(const Said& said) {
  asks_.push_back(said.from == Side::client && said.kind == MessageKind::command ? what_it_asks(said.text) : Asks::nothing);
  if (asks_.back() == Asks::compression) ++compressions_asked_;
  if (said.from == Side::client) {
    ++owed_;
    if (said.kind == MessageKind::answer || said.kind == MessageKind::content) continues_ = false;
  } else if (said.kind == MessageKind::continuation || said.kind == MessageKind::greeting) {
    if (owed_ > 0) --owed_;
    continues_ = said.kind == MessageKind::continuation;
  } else if (said.completes) {
    if (owed_ > 0) --owed_;
    continues_ = false;
    const Asks asked = said.answers ? asks_[*said.answers] : Asks::nothing;
    if (asked == Asks::compression) --compressions_asked_;
    if (asked != Asks::nothing && agrees(protocol_, said.text)) (asked == Asks::tls ? wish_ : compression_agreed_) = true;
  }
  return MessageId(asks_.size() - 1);
}

// RFC 3501 section 4.3, RFC 7888: a line that ends in "{n}" or "{n+}" announces n octets.
void TypedSession::follow_literal(std::string_view octets) {
  while (!octets.empty()) {
    if (literal_left_ > 0) {
      const std::size_t part = std::size_t(std::min<std::uint64_t>(literal_left_, octets.size()));
      literal_left_ -= part;
      octets.remove_prefix(part);
      continue;
    }
    const std::size_t end = octets.find('\n');
    line_ += octets.substr(0, end);
    if (line_.size() > 64) line_.erase(0, line_.size() - 64);
    if (end == std::string_view::npos) return;
    octets.remove_prefix(end + 1);
    std::string_view line = line_;
    if (line.ends_with("}\r")) {
      line.remove_suffix(2);
      if (line.ends_with('+')) line.remove_suffix(1);
      const std::size_t brace = line.rfind('{');
      if (brace != std::string_view::npos) literal_left_ = to_u64(line.substr(brace + 1)).value_or(0);
    }
    line_.clear();
  }
}

Awaits TypedSession::awaits() const {
  if (closing_ || wish_) return Awaits::nothing;
  if (literal_left_ > 0) return Awaits::literal;
  const bool mail = protocol_ == Protocol::smtp || protocol_ == Protocol::lmtp;
  if (mail && dissector_ && dissector_->state() == smtp::state::letter) return Awaits::content;
  return continues_ ? Awaits::continuation : Awaits::line;
}

}  // namespace glasspost::sim

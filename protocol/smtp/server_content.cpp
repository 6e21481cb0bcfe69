// How the SMTP server reads a letter: by DATA (RFC 5321 section 4.1.1.4) or in chunks (RFC 3030).
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocol/base/text.h"
#include "protocol/smtp/server.h"
#include "protocol/smtp/states.h"

namespace glasspost::smtp {
namespace {

constexpr EnhancedCode ok{2, 0, 0};
constexpr EnhancedCode wrong_order{5, 5, 1};

Reply too_large(std::uint64_t most) { return {552, {5, 3, 4}, fmt::format("The letter is too large: at most {} octets", most)}; }
Reply bare_line_end(std::string_view which) { return {554, {5, 6, 0}, fmt::format("Lines end in CRLF: there is a bare {} in this letter", which)}; }

}  // namespace

// --- DATA -------------------------------------------------------------------------------------------------------------

void ServerSession::on(const Data&) {
  if (wishes_of(mail_).body == Body::binary) return mistake({503, wrong_order, "A letter of any octets comes by BDAT"});
  if (chunks_failed_) return mistake({503, wrong_order, "A chunk of this letter was lost: say RSET"});
  const Parameter* size = find_parameter(mail_.parameters, "SIZE");
  content_.restart(size && size->value ? to_u64(*size->value).value_or(0) : 0);
  content_refusal_.reset();
  state_ = state::letter;
  say(Reply(354, "Send the letter; end it with <CRLF>.<CRLF>"));
}

std::uint64_t ServerSession::content_octets() const {
  if (asked_ != Asked::nothing) return 0;
  return state_ == state::letter ? content_.held() : chunked_.size();
}

void ServerSession::refuse_content(Reply reply) {
  if (asked_ != Asked::nothing) return;
  if (state_ == state::letter) {
    content_.forget();
    content_refusal_ = std::move(reply);
  } else if (chunk_ && !chunk_->refusal) {
    chunked_ = {};
    chunk_->refusal = std::move(reply);
  }
}

void ServerSession::end_content() {
  std::optional<Reply> refusal = std::exchange(content_refusal_, std::nullopt);
  if (!refusal && content_.too_large()) refusal = too_large(settings_.max_size);
  const bool odd_lf = content_.has_bare_lf() && !settings_.flaws.has(Flaw::bare_lf_passes);
  if (!refusal && (odd_lf || content_.has_bare_cr())) refusal = bare_line_end(odd_lf ? "LF" : "CR");
  // The letter that nobody was to get has been sent all the same: it is thanked for, and forgotten.
  if (!refusal && recipients_.empty()) refusal = Reply(250, ok, "OK");
  if (refusal) {
    content_.restart();
    return refuse_letter(*refusal);
  }
  hand_over(content_.take());
}

void ServerSession::refuse_letter(const Reply& reply) {
  for (std::size_t i = 0; i < (settings_.protocol == Protocol::lmtp ? recipients_.size() : 1); ++i) say(reply);
  events_.push_back(LetterLost{reply.text()});
  forget_envelope();
  state_ = rest();
}

void ServerSession::hand_over(std::string content) {
  Letter letter;
  const MailWishes wishes = wishes_of(mail_);
  letter.eight_bit = wishes.body != Body::seven_bit;
  letter.binary = wishes.body == Body::binary;
  letter_recipients_ = recipients_.size();
  letter.mail = std::exchange(mail_, {});
  letter.recipients = std::exchange(recipients_, {});
  letter.content = std::move(content);
  letter.client_name = client_name_;
  letter.identity = identity_;
  letter.sealed = sealed_;
  letter.with = settings_.protocol == Protocol::lmtp ? "LMTP" : extended_ ? "ESMTP" : "SMTP";
  if (wishes.utf8) letter.with = settings_.protocol == Protocol::lmtp ? "UTF8LMTP" : "UTF8SMTP";
  if (letter.with != "SMTP") letter.with.append(sealed_ ? "S" : "").append(identity_.empty() ? "" : "A");
  ask(Asked::letter, LetterCame{std::move(letter)});
}

// --- BDAT -------------------------------------------------------------------------------------------------------------

// The chunk's octets follow at once, and have to be read whatever becomes of them: taken for commands, a letter could give
// orders.
void ServerSession::on(const Bdat& bdat) {
  chunk_ = Chunk{bdat, bdat.size, std::nullopt};
  const bool due = is_legal(settings_.protocol, Verb::bdat, state_);
  if (!due || chunks_failed_) {
    const std::string_view why = state_ == state::connected ? "Say EHLO first"
                                 : due                      ? "A chunk of this letter was lost: say RSET"
                                 : state_ == state::envelope ? "No valid recipients"
                                                             : "Say MAIL and RCPT first";
    chunk_->refusal = Reply(503, wrong_order, std::string(why));
  } else if (bdat.size > settings_.max_size || chunked_.size() > settings_.max_size - bdat.size) {
    chunk_->refusal = too_large(settings_.max_size);
  }
  if (chunk_->refusal) chunked_ = {};
}

std::uint64_t ServerSession::take_chunk(std::string_view octets) {
  const std::uint64_t taken = std::min<std::uint64_t>(chunk_->left, octets.size());
  if (!chunk_->refusal) chunked_ += octets.substr(0, taken);
  chunk_->left -= taken;
  return taken;
}

void ServerSession::end_chunk() {
  const Chunk chunk = *std::exchange(chunk_, std::nullopt);
  if (chunk.refusal) return refuse_chunk(chunk);
  if (!chunk.said.last) {
    state_ = state::chunks;
    return say({250, ok, fmt::format("{} octets", chunk.said.size)});
  }
  if (wishes_of(mail_).body != Body::binary) {
    ContentReader lines(0);
    lines.put(chunked_);
    const ContentFacts facts = examine(chunked_);
    if (facts.bare_line_end) return refuse_letter(bare_line_end(lines.has_bare_lf() ? "LF" : "CR"));
  }
  hand_over(std::exchange(chunked_, {}));
}

// What was refused in the middle leaves a letter that cannot be made whole: RFC 3030 section 2 wants RSET. Behind LAST
// nothing more would come.
void ServerSession::refuse_chunk(const Chunk& chunk) {
  const bool open = is_legal(settings_.protocol, Verb::bdat, state_);
  if (open && chunk.said.last) return refuse_letter(*chunk.refusal);
  mistake(*chunk.refusal);
  chunks_failed_ = open && !closing_;
}

}  // namespace glasspost::smtp

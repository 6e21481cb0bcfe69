// How the SMTP client sends a letter: RFC 5321 section 3.3; in chunks, RFC 3030.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "protocol/base/text.h"
#include "protocol/smtp/client.h"
#include "protocol/smtp/content.h"

namespace glasspost::smtp {
namespace {

constexpr std::size_t usual_chunk = 1024 * 1024;

Alphabet alphabet_of(const Capabilities& capabilities) { return capabilities.has("SMTPUTF8") ? Alphabet::utf8 : Alphabet::ascii; }

bool has_eight_bit(std::string_view text) { return std::any_of(text.begin(), text.end(), is_eight_bit); }

// With its end, and no dot in front of a line that begins with one: whoever reads it takes a lone dot for the end.
std::string ended(const std::string& content) {
  return content + (content.empty() || content.ends_with("\r\n") ? ".\r\n" : "\r\n.\r\n");
}

std::string_view headers_of(std::string_view content) {
  const auto end = content.find("\r\n\r\n");
  return content.substr(0, end == content.npos ? content.size() : end);
}

}  // namespace

void ClientSession::send(OutgoingLetter letter, Instant now) {
  assert(is_ready());
  if (!is_ready()) return;
  now_ = now;
  letter_ = std::move(letter);
  results_.clear();
  accepted_.clear();
  answered_ = 0;
  mail_refused_ = eight_bit_ = utf8_ = resetting_ = false;
  chunked_ = 0;
  chunk_refusal_.reset();
  for (const std::string& recipient : letter_.recipients) results_.push_back({recipient});
  if (!check_letter()) return;
  by_chunks_ = letter_.binary || (settings_.chunk > 0 && capabilities_.has("CHUNKING"));
  pipelined_ = settings_.pipeline && capabilities_.has("PIPELINING");
  output_ += mail_line();
  step_ = Step::mail;
  expect(Step::mail);
  if (pipelined_) say_recipients_and_data();
}

// Whether it can be sent to this server at all; if not, it is told at once and nothing is said on the wire.
bool ClientSession::check_letter() {
  const auto refuse = [this](std::string problem) {
    refuse_all(std::move(problem));
    return false;
  };
  if (results_.empty()) return refuse("The letter has no recipients");
  utf8_ = has_eight_bit(letter_.reverse_path) || (letter_.wishes.utf8 && has_eight_bit(headers_of(letter_.content)));
  for (const RecipientResult& result : results_) utf8_ = utf8_ || has_eight_bit(result.recipient);
  if (auto missing = missing_extension()) return refuse(std::move(*missing));
  const Alphabet alphabet = alphabet_of(capabilities_);
  if (!letter_.reverse_path.empty() && !parse_mailbox(letter_.reverse_path, alphabet))
    return refuse("The sender's address is malformed: " + visible(letter_.reverse_path));
  for (RecipientResult& result : results_)
    if (!parse_mailbox(result.recipient, alphabet)) return refuse("A recipient's address is malformed: " + visible(result.recipient));
  const ContentFacts facts = examine(letter_.content);
  if (facts.bare_line_end && !letter_.binary && !settings_.flaws.has(Flaw::bare_lf_passes)) return refuse("The letter has a line that does not end in CRLF");
  eight_bit_ = facts.eight_bit;
  if (eight_bit_ && !letter_.binary && !capabilities_.has("8BITMIME"))
    return refuse("The letter has 8-bit text, and the server does not offer 8BITMIME");
  if (const auto limit = capabilities_.size(); limit && size_of_letter() > *limit)
    return refuse(fmt::format("The letter has {} octets; the server takes at most {}", size_of_letter(), *limit));
  return true;
}

// What the letter cannot go without.
std::optional<std::string> ClientSession::missing_extension() const {
  if (utf8_ && !capabilities_.has("SMTPUTF8"))
    return "5.6.7 The letter has an address or a header beyond ASCII, and the server does not offer SMTPUTF8";
  if (letter_.binary && !(capabilities_.has("CHUNKING") && capabilities_.has("BINARYMIME")))
    return "5.6.3 The letter is binary, and the server does not offer BINARYMIME";
  if (letter_.wishes.require_tls && !(sealed_ && capabilities_.has("REQUIRETLS")))
    return "5.7.30 The letter may only go where TLS is required, and the server does not offer REQUIRETLS";
  return std::nullopt;
}

void ClientSession::refuse_all(std::string problem) {
  for (RecipientResult& result : results_) {
    result.step = Step::mail;
    result.refused_here = true;
    result.problem = problem;
  }
  finish_letter();
}

// With the CRLF that a last line without one is given; stuffed dots do not count. RFC 1870 section 5
std::size_t ClientSession::size_of_letter() const {
  const std::string& content = letter_.content;
  return content.size() + (content.empty() || content.ends_with("\r\n") ? 0 : 2);
}

std::string ClientSession::mail_line() const {
  std::string line = "MAIL FROM:<" + letter_.reverse_path + '>';
  if (capabilities_.has("SIZE")) line += fmt::format(" SIZE={}", size_of_letter());
  if (letter_.binary) line += " BODY=BINARYMIME";
  else if (eight_bit_) line += " BODY=8BITMIME";
  const MailWishes& wishes = letter_.wishes;
  if (utf8_) line += " SMTPUTF8";
  if (capabilities_.has("DSN")) {
    if (wishes.ret) line += *wishes.ret == Return::full ? " RET=FULL" : " RET=HDRS";
    if (!wishes.envelope_id.empty()) line += " ENVID=" + xtext_encode(wishes.envelope_id);
  }
  if (wishes.require_tls) line += " REQUIRETLS";
  if (wishes.priority && capabilities_.has("MT-PRIORITY")) line += fmt::format(" MT-PRIORITY={}", *wishes.priority);
  if (wishes.by && capabilities_.has("DELIVERBY")) line += " BY=" + to_text(*wishes.by);
  if (capabilities_.has("FUTURERELEASE")) {
    if (wishes.hold_for) line += fmt::format(" HOLDFOR={}", std::chrono::floor<std::chrono::seconds>(*wishes.hold_for).count());
    else if (wishes.hold_until) line += " HOLDUNTIL=" + date_time(*wishes.hold_until);
  }
  return line + "\r\n";
}

std::string ClientSession::recipient_line(std::size_t index) const {
  std::string line = "RCPT TO:<" + results_[index].recipient + '>';
  if (capabilities_.has("DSN") && index < letter_.recipient_wishes.size()) {
    const RcptWishes& wishes = letter_.recipient_wishes[index];
    if (wishes.notify) line += " NOTIFY=" + to_text(*wishes.notify);
    if (wishes.original) line += " ORCPT=" + to_text(*wishes.original);
  }
  return line + "\r\n";
}

// DATA is the last of what may go out in one piece: RFC 2920 section 3.1. Before BDAT, which waits for no leave, it has to be
// known that somebody is to get the letter: RFC 3030 section 2.
void ClientSession::say_recipients_and_data() {
  for (std::size_t i = 0; i < results_.size(); ++i) {
    output_ += recipient_line(i);
    expect(Step::recipient, i);
  }
  if (by_chunks_) return;
  output_ += "DATA\r\n";
  expect(Step::data);
}

void ClientSession::next_recipient_or_data() {
  if (answered_ < results_.size()) {
    output_ += recipient_line(answered_);
    return expect(Step::recipient, answered_);
  }
  recipients_answered();
}

void ClientSession::recipients_answered() {
  if (mail_refused_) return finish_letter();
  if (!any_accepted()) return take_envelope_back();
  if (by_chunks_) return say_chunks();
  output_ += "DATA\r\n";
  expect(Step::data);
}

// All of them if they may be pipelined, else the next.
void ClientSession::say_chunks() {
  const std::string& content = letter_.content;
  const std::size_t most = settings_.chunk > 0 ? settings_.chunk : usual_chunk;
  do {
    const std::string_view chunk = std::string_view(content).substr(chunked_, most);
    chunked_ += chunk.size();
    const bool last = chunked_ == content.size();
    fmt::format_to(std::back_inserter(output_), "BDAT {}{}\r\n", chunk.size(), last ? " LAST" : "");
    output_ += chunk;
    if (!last) {
      expect(Step::content, no_recipient);
      continue;
    }
    answered_ = 0;
    const std::size_t replies = settings_.protocol == Protocol::lmtp ? accepted_.size() : 1;
    for (std::size_t i = 0; i < replies; ++i) expect(Step::content, i);
  } while (pipelined_ && chunked_ < content.size());
}

// RFC 3030 section 2: once a chunk was refused the letter is lost, and no more of it is to be sent.
void ClientSession::on_chunk(Reply reply) {
  if (!reply.is_positive() && !chunk_refusal_) chunk_refusal_ = std::move(reply);
  if (pipelined_) return;
  if (!chunk_refusal_) return say_chunks();
  for (const std::size_t index : accepted_) results_[index].step = Step::content, results_[index].reply = chunk_refusal_;
  take_envelope_back();
}

// The server still holds an envelope that will not be used: the next letter is to start afresh.
void ClientSession::take_envelope_back() {
  resetting_ = true;
  output_ += "RSET\r\n";
  expect(Step::data);
}

bool ClientSession::any_accepted() const {
  return std::any_of(results_.begin(), results_.end(),
                     [](const RecipientResult& result) { return result.reply && result.reply->is_positive(); });
}

void ClientSession::on_mail(Reply reply) {
  mail_refused_ = !reply.is_positive();
  if (mail_refused_) {
    for (RecipientResult& result : results_) result.step = Step::mail, result.reply = reply;
    if (!pipelined_) finish_letter();
    return;
  }
  if (!pipelined_) next_recipient_or_data();
}

void ClientSession::on_recipient(std::size_t index, Reply reply) {
  ++answered_;
  if (!mail_refused_) {
    results_[index].step = Step::recipient;
    if (reply.is_positive()) accepted_.push_back(index);
    results_[index].reply = std::move(reply);
  }
  if (!pipelined_) next_recipient_or_data();
  else if (by_chunks_ && answered_ == results_.size()) recipients_answered();
}

void ClientSession::on_data(Reply reply) {
  if (std::exchange(resetting_, false)) return finish_letter();
  if (reply.code == 354) {
    if (accepted_.empty()) {
      // Nobody is to get it, but the server waits: it gets an empty letter. RFC 2920 section 3.1
      output_ += ".\r\n";
    } else {
      output_ += settings_.flaws.has(Flaw::no_dot_stuffing) ? ended(letter_.content) : stuff(letter_.content);
    }
    const std::size_t replies = settings_.protocol == Protocol::lmtp ? accepted_.size() : 1;
    answered_ = 0;
    for (std::size_t i = 0; i < replies; ++i) expect(Step::content, i);
    if (replies == 0) finish_letter();
    return;
  }
  for (const std::size_t index : accepted_) {
    results_[index].step = Step::data;
    // A 2xx to DATA is no answer that RFC 5321 knows: the letter was not sent.
    if (reply.is_positive()) results_[index].reply.reset(), results_[index].problem = "The server answered DATA with " + reply.text();
    else results_[index].reply = reply;
  }
  if (mail_refused_) finish_letter();
  else take_envelope_back();
}

void ClientSession::on_content(Reply reply) {
  const auto decide = [&](std::size_t index) {
    results_[index].step = Step::content;
    results_[index].delivered = reply.code / 100 == 2 && !chunk_refusal_;
    results_[index].dsn = capabilities_.has("DSN");
    results_[index].reply = chunk_refusal_ ? *chunk_refusal_ : reply;
  };
  if (settings_.protocol == Protocol::lmtp) {
    decide(accepted_[answered_++]);
  } else {
    for (const std::size_t index : accepted_) decide(index);
  }
  if (!reply.is_positive() && by_chunks_ && !chunk_refusal_) chunk_refusal_ = reply;
  if (expected_.empty()) content_answered();
}

void ClientSession::content_answered() {
  // After a BDAT that failed only RSET leads on: RFC 3030 section 2.
  if (by_chunks_ && chunk_refusal_) take_envelope_back();
  else finish_letter();
}

void ClientSession::finish_letter() {
  LetterDone done{std::exchange(results_, {})};
  letter_ = {};
  if (!closed_) step_ = Step::ready;
  events_.emplace_back(std::move(done));
}

}  // namespace glasspost::smtp

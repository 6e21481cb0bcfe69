#include "app/export/transcript.h"

#include <algorithm>
#include <array>
#include <deque>

#include "protocol/base/text.h"

namespace glasspost {
namespace {

struct Prefix {
  std::size_t column = 0, length = 0;
  Side from = Side::client;
  bool both = false;
};

std::optional<Prefix> prefix_of(std::string_view line) {
  const std::size_t column = line.find_first_not_of(" \t");
  if (column == line.npos) return std::nullopt;
  const std::string_view rest = line.substr(column);
  if (rest.starts_with("C:")) return Prefix{column, 2, Side::client};
  if (rest.starts_with("S:")) return Prefix{column, 2, Side::server};
  if (rest.starts_with("C & S:")) return Prefix{column, 6, Side::client, true};
  return std::nullopt;
}

// The lines of a file, without CR or LF.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines = split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  for (std::string_view& line : lines)
    if (line.ends_with('\r')) line.remove_suffix(1);
  return lines;
}

// RFCs set the words off from "C:" by one space, or by several that they do not count: then all of them are layout.
std::size_t layout_spaces(const std::vector<std::string_view>& lines) {
  std::size_t spaces = 8;
  for (const std::string_view line : lines) {
    const auto prefix = prefix_of(line);
    if (!prefix) continue;
    const std::string_view words = line.substr(prefix->column + prefix->length);
    const std::size_t first = words.find_first_not_of(' ');
    if (first != words.npos) spaces = std::min(spaces, first);
  }
  return spaces > 1 ? std::string::npos : spaces;
}

bool knows(Protocol protocol, std::string_view verb) {
  const auto& commands = machine_of(protocol)->commands;
  return std::any_of(commands.begin(), commands.end(),
                     [verb](const CommandRow& row) { return equal_ignoring_case(row.name, verb); });
}

bool is_reply_code(std::string_view word) {
  return word.size() >= 3 && word[0] >= '2' && word[0] <= '5' && is_digit(word[1]) && is_digit(word[2]) &&
         (word.size() == 3 || word[3] == '-');
}

}  // namespace

tl::expected<std::vector<TranscriptLine>, TranscriptMistake> read_transcript(std::string_view text, std::optional<Side> side) {
  const std::vector<std::string_view> lines = lines_of(text);
  const std::size_t spaces = layout_spaces(lines);
  std::vector<TranscriptLine> out;
  std::size_t column = 0;  // of the last "C:" or "S:"
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (const auto prefix = prefix_of(line)) {
      std::string_view words = line.substr(prefix->column + prefix->length);
      const std::size_t blank = std::min(words.find_first_not_of(' '), words.size());
      words.remove_prefix(std::min(blank, spaces));
      out.push_back({prefix->from, std::string(words), i + 1, prefix->both});
      column = prefix->column;
    } else if (side) {
      out.push_back({*side, std::string(line), i + 1});
    } else if (const std::string_view words = trim(line); !words.empty()) {
      if (out.empty() || line.find_first_not_of(" \t") <= column) return tl::unexpected(TranscriptMistake{i + 1});
      out.back().text += " " + std::string(words);
    }
  }
  return out;
}

std::optional<Protocol> guess_protocol(const std::vector<TranscriptLine>& lines) {
  std::array<std::size_t, protocol_count> votes{};
  const auto vote = [&votes](Protocol protocol, std::size_t weight) { votes[std::size_t(protocol)] += weight; };
  for (const TranscriptLine& line : lines) {
    const auto words = split(line.text, ' ');
    const std::string_view first = words[0], second = words.size() > 1 ? words[1] : std::string_view();
    if (line.from == Side::server) {
      if (is_reply_code(first)) vote(line.text.find("LMTP") == line.text.npos ? Protocol::smtp : Protocol::lmtp, 4);
      else if (first == "+OK" || first == "-ERR") vote(Protocol::pop3, 4);
      else if (first == "*" || second == "OK" || second == "NO" || second == "BAD") vote(Protocol::imap, 4);
    } else {
      if (equal_ignoring_case(first, "LHLO")) vote(Protocol::lmtp, 1000);
      else if (knows(Protocol::smtp, first)) vote(Protocol::smtp, 2);
      if (knows(Protocol::pop3, first)) vote(Protocol::pop3, 2);
      if (knows(Protocol::imap, second) || equal_ignoring_case(second, "UID")) vote(Protocol::imap, 3);
    }
  }
  if (votes[std::size_t(Protocol::lmtp)] > 0) vote(Protocol::lmtp, votes[std::size_t(Protocol::smtp)]);
  const auto best = std::max_element(votes.begin(), votes.end());
  if (*best == 0 || std::count(votes.begin(), votes.end(), *best) > 1) return std::nullopt;
  return Protocol(best - votes.begin());
}

namespace {

class Reader final : public MessageSink {
 public:
  explicit Reader(Protocol protocol) : dissector_(make_dissector(protocol)) { state_ = dissector_->state(); }

  std::vector<TranscriptMessage> read(const std::vector<TranscriptLine>& lines) {
    for (const TranscriptLine& line : lines) {
      // Nobody writes down a handshake's octets: what follows STARTTLS and its reply was said inside TLS.
      if (line.handshake || agreed_) dissector_->tls_established();
      agreed_ = false;
      state_ = dissector_->state();
      if (line.handshake) continue;
      auto& numbers = numbers_[std::size_t(line.from)];
      auto& put = put_[std::size_t(line.from)];
      numbers.emplace_back(put, line.number);
      put += line.text.size() + 2;
      dissector_->put(line.from, line.text + "\r\n", *this);
    }
    dissector_->end(Side::client, *this);
    dissector_->end(Side::server, *this);
    return std::move(messages_);
  }

  MessageId said(const Said& said) override {
    TranscriptMessage message{said.from, said.protocol, said.kind, std::string(said.text), std::string(said.headline)};
    message.tokens.assign(said.tokens.begin(), said.tokens.end());
    message.problem = said.problem;
    message.answers = said.answers;
    message.state_before = state_;
    message.state_after = state_ = said.state_after;
    message.line = line_at(said.from, said.octets);
    note_upgrade(said);
    mask_unasked_answer(message);
    messages_.push_back(std::move(message));
    return MessageId(messages_.size() - 1);
  }

 private:
  // TLS was asked for, and the server agreed.
  void note_upgrade(const Said& said) {
    if (said.kind == MessageKind::command && (said.headline.ends_with("/STARTTLS") || said.headline.ends_with("/STLS")))
      upgrade_ = MessageId(messages_.size());
    else if (said.answers && said.answers == upgrade_ && said.completes)
      agreed_ = said.text.starts_with("220") || said.text.starts_with("+OK") || said.text.find(" OK") < said.text.find("\r\n");
  }
  // A transcript of one side lacks the challenges: what follows AUTH and is no command is taken for an answer, and masked.
  void mask_unasked_answer(TranscriptMessage& message) {
    if (message.from == Side::server) {
      if (message.kind == MessageKind::reply) logging_in_ = false;
    } else if (message.kind == MessageKind::command && message.headline.ends_with("/AUTH")) {
      logging_in_ = true;
    } else if (logging_in_ && message.problem && message.problem->fault == Fault::unknown_command) {
      const bool ended = message.text.ends_with("\r\n");
      const auto size = std::uint32_t(message.text.size()), words = ended ? size - 2 : size;
      message.kind = MessageKind::answer;
      message.headline = "say/" + std::string(message.protocol == Protocol::pop3 ? "pop3" : "smtp") + "/answer";
      message.tokens.clear();
      if (words > 0)
        message.tokens.push_back({{0, words}, message.protocol == Protocol::pop3 ? Role::pop3_auth_response : Role::smtp_auth_response});
      if (ended) message.tokens.push_back({{words, size}, Role::crlf});
      message.problem.reset();
    } else {
      logging_in_ = false;
    }
  }
  // The line in which the next message of that side begins, which has so many octets.
  std::size_t line_at(Side from, std::uint64_t octets) {
    auto& numbers = numbers_[std::size_t(from)];
    auto& taken = taken_[std::size_t(from)];
    while (numbers.size() > 1 && numbers[1].first <= taken) numbers.pop_front();
    taken += octets;
    return numbers.empty() ? 0 : numbers.front().second;
  }

  std::unique_ptr<Dissector> dissector_;
  std::optional<MessageId> upgrade_;
  bool agreed_ = false;
  bool logging_in_ = false;
  StateId state_;
  std::vector<TranscriptMessage> messages_;
  std::deque<std::pair<std::uint64_t, std::size_t>> numbers_[2];  // where lines begin in the stream, and their numbers
  std::uint64_t put_[2] = {}, taken_[2] = {};
};

}  // namespace

std::vector<TranscriptMessage> dissect(const std::vector<TranscriptLine>& lines, Protocol protocol) {
  return Reader(protocol).read(lines);
}

}  // namespace glasspost

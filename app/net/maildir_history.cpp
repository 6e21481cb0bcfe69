#include "app/net/maildir_history.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/base/text.h"

namespace glasspost::app::maildir {
namespace {

std::optional<std::uint64_t> hex(std::string_view text) {
  std::uint64_t value = 0;
  if (text.empty() || text.size() > 16) return std::nullopt;
  for (const char c : text) {
    const char low = char(c | 0x20);
    const int digit = is_digit(c) ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
    if (digit < 0) return std::nullopt;
    value = value << 4 | unsigned(digit);
  }
  return value;
}

std::string header(std::uint32_t uid_validity) { return fmt::format("{} 1 {}\n", history_name, uid_validity); }

void take_vanished(History& history, std::uint64_t modseq, std::string_view uids) {
  const auto set = imap::parse_sequence_set(uids, 10'000'000);
  if (!set) return;
  for (const auto& [first, last] : set->ranges()) history.vanished.push_back({modseq, first, last});
  history.highest = std::max(history.highest, modseq);
}

void take_line(History& history, std::string_view line) {
  const auto words = split(line, ' ');
  history.complete = line == "c";
  const auto number = words.size() > 1 ? to_u64(words[1]) : std::nullopt;
  if (!number) return;
  if (words[0] == "h") {
    history.highest = std::max(history.highest, *number);
  } else if (words[0] == "o") {
    history.forgotten = std::max(history.forgotten, *number);
  } else if (words[0] == "x" && words.size() == 3) {
    take_vanished(history, *number, words[2]);
  } else if (words[0] == "m" && words.size() == 4) {
    const auto modseq = to_u64(words[2]);
    const auto flags = hex(words[3]);
    if (!modseq || !flags || *number > 0xffffffffU) return;
    history.messages.push_back({sim::Uid(*number), *modseq, *flags});
    history.highest = std::max(history.highest, *modseq);
  }
}

}  // namespace

const History::Message* History::find(sim::Uid uid) const {
  const auto at = std::lower_bound(messages.begin(), messages.end(), uid,
                                   [](const Message& message, sim::Uid wanted) { return message.uid < wanted; });
  return at != messages.end() && at->uid == uid ? &*at : nullptr;
}

std::optional<History> parse_history(std::string_view text, std::uint32_t uid_validity) {
  const std::string first = header(uid_validity);
  if (!text.starts_with(first)) return std::nullopt;
  History history;
  text.remove_prefix(first.size());
  for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
    take_line(history, text.substr(0, end));
    text.remove_prefix(end + 1);
    ++history.lines;
  }
  if (!text.empty()) history.complete = false;
  auto& messages = history.messages;
  std::stable_sort(messages.begin(), messages.end(), [](const auto& a, const auto& b) { return a.uid < b.uid; });
  const auto last_words = std::unique(messages.rbegin(), messages.rend(), [](const auto& a, const auto& b) { return a.uid == b.uid; });
  messages.erase(messages.begin(), last_words.base());
  return history;
}

std::string history_text(const sim::Mailbox& mailbox) {
  std::string text = header(mailbox.uid_validity());
  auto out = std::back_inserter(text);
  fmt::format_to(out, "h {}\n", mailbox.highest_modseq());
  if (mailbox.vanished().forgotten() > 0) fmt::format_to(out, "o {}\n", mailbox.vanished().forgotten());
  for (const auto& [modseq, from, to] : mailbox.vanished().ranges()) fmt::format_to(out, "x {} {}:{}\n", modseq, from, to);
  for (const sim::StoredMessage& message : mailbox.messages()) text += changed_line(message.uid, message.modseq, message.flags);
  return text;
}

std::string changed_line(sim::Uid uid, std::uint64_t modseq, sim::Flags flags) {
  return fmt::format("m {} {} {:x}\n", uid, modseq, flags);
}

std::string vanished_line(std::uint64_t modseq, std::span<const sim::Uid> ascending) {
  return fmt::format("x {} {}\n", modseq, imap::SequenceSet::of(ascending).text());
}

}  // namespace glasspost::app::maildir

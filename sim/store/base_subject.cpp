// RFC 5256 sections 2.1 and 5:
//   subj-refwd   = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"
//   subj-blob    = "[" *BLOBCHAR "]" *WSP
//   subj-leader  = (*subj-blob subj-refwd) / WSP
//   subj-trailer = "(fwd)" / WSP
//   subj-fwd     = subj-fwd-hdr subject subj-fwd-trl;  subj-fwd-hdr = "[fwd:";  subj-fwd-trl = "]"
#include "protocol/base/text.h"
#include "sim/store/sort.h"

namespace glasspost::sim {
namespace {

std::string_view without_spaces(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  return text;
}

// The text behind a subj-blob at its front; nothing if there is none.
std::optional<std::string_view> behind_blob(std::string_view text) {
  if (!text.starts_with('[')) return std::nullopt;
  const auto end = text.find_first_of("[]", 1);
  if (end == text.npos || text[end] != ']') return std::nullopt;
  return without_spaces(text.substr(end + 1));
}

std::optional<std::string_view> behind_refwd(std::string_view text) {
  if (starts_with_ignoring_case(text, "re")) text.remove_prefix(2);
  else if (starts_with_ignoring_case(text, "fwd")) text.remove_prefix(3);
  else if (starts_with_ignoring_case(text, "fw")) text.remove_prefix(2);
  else return std::nullopt;
  text = without_spaces(text);
  if (const auto rest = behind_blob(text)) text = *rest;
  if (!text.starts_with(':')) return std::nullopt;
  return text.substr(1);
}

// subj-leader, its form with a subj-refwd
std::optional<std::string_view> behind_leader(std::string_view text) {
  while (const auto rest = behind_blob(text)) text = *rest;
  return behind_refwd(text);
}

std::string with_single_spaces(std::string_view subject) {
  std::string text;
  for (const char c : subject) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!space) text += c;
    else if (!text.ends_with(' ')) text += ' ';
  }
  return text;
}

void remove_trailers(std::string_view& text, bool& reply) {
  constexpr std::string_view forwarded = "(fwd)";
  for (;;) {
    if (text.ends_with(' ')) {
      text.remove_suffix(1);
    } else if (text.size() >= forwarded.size() && equal_ignoring_case(text.substr(text.size() - forwarded.size()), forwarded)) {
      text.remove_suffix(forwarded.size());
      reply = true;
    } else {
      return;
    }
  }
}

void remove_leaders(std::string_view& text, bool& reply) {
  for (;;) {
    if (text.starts_with(' ')) {
      text.remove_prefix(1);
    } else if (const auto rest = behind_leader(text)) {
      text = *rest;
      reply = true;
    } else if (const auto base = behind_blob(text); base && !base->empty()) {
      text = *base;
    } else {
      return;
    }
  }
}

}  // namespace

BaseSubject base_subject(std::string_view subject) {
  constexpr std::string_view head = "[fwd:";
  const std::string spaced = with_single_spaces(subject);
  std::string_view text = spaced;
  BaseSubject base;
  for (;;) {
    remove_trailers(text, base.reply);
    remove_leaders(text, base.reply);
    if (!starts_with_ignoring_case(text, head) || !text.ends_with(']')) break;
    text = text.substr(head.size(), text.size() - head.size() - 1);
    base.reply = true;
  }
  base.text = text;
  return base;
}

}  // namespace glasspost::sim

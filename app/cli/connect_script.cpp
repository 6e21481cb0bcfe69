#include "app/cli/connect_script.h"

#include "protocol/base/text.h"

namespace glasspost::cli {
namespace {

template <class Visit>
void each_line(const Conversation& conversation, std::size_t since, Visit visit) {
  for (std::size_t i = since; i < conversation.size(); ++i) {
    const Message& message = conversation.message(MessageId(i));
    if (message.from != Side::server || message.protocol == Protocol::tls) continue;
    const std::string text = redact(conversation.text(message), conversation.tokens(message));
    for (std::string_view line : split(text, '\n')) {
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (!line.empty()) visit(line);
    }
  }
}

}  // namespace

ScriptLine script_line(std::string_view line) {
  if (line.starts_with("< ")) return {std::string(trim(line.substr(2))), true};
  if (line.starts_with('\\')) line.remove_prefix(1);
  return {std::string(line), false};
}

bool is_met(const Conversation& conversation, std::size_t since, std::string_view expected) {
  const bool tagged = conversation.opened().protocol == Protocol::imap;
  bool met = false;
  each_line(conversation, since, [&](std::string_view line) {
    met |= line.starts_with(expected);
    const std::size_t space = line.find(' ');
    if (tagged && space != line.npos) met |= line.substr(space + 1).starts_with(expected);
  });
  return met;
}

std::string last_said(const Conversation& conversation, std::size_t since) {
  std::string last;
  each_line(conversation, since, [&](std::string_view line) { last = line; });
  return last;
}

}  // namespace glasspost::cli

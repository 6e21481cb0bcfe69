#include "app/export/mermaid.h"

#include <set>

#include "app/export/prose.h"

namespace glasspost {
namespace {

constexpr std::size_t longest_line = 72;

// What Mermaid's grammar would take for its own: as character codes.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '#' || c == ';' || c == '<' || c == '>' || c == '%' || c == '"' || c == '{' || c == '}' || c == '&' || c == '\\')
      out += "#" + std::to_string(int(c)) + ";";
    else
      out += c == '\t' ? ' ' : c;
  }
  return out;
}

std::string name_of_host(HostId host) { return "h" + std::to_string(host); }

}  // namespace

std::string mermaid_of(const Story& story, const Speech& speech) {
  std::set<HostId> parties;
  for (std::size_t i = 0; i < story.conversations().connections(); ++i) {
    parties.insert(story.conversations().at(i).opened().client);
    parties.insert(story.conversations().at(i).opened().server);
  }
  std::string out = "sequenceDiagram\n";
  for (const HostId host : parties)
    out += "  participant " + name_of_host(host) + " as " + escaped(label_of(story, speech, host)) + "\n";
  if (parties.empty()) return out;
  const std::string everyone = name_of_host(*parties.begin()) + "," + name_of_host(*parties.rbegin());

  for (const Event& event : events_of(story)) {
    if (event.kind == EventKind::chapter) {
      out += "  Note over " + everyone + ": " + escaped(chapter_of(story, speech, event)) + "\n";
    } else if (event.kind == EventKind::tls_up || event.kind == EventKind::tls_failed) {
      const Opened& opened = story.conversations().find(story.trace()[event.record].connection)->opened();
      out += "  Note over " + name_of_host(opened.client) + "," + name_of_host(opened.server) + ": " +
             escaped(sentence_of(story, speech, event)) + "\n";
    } else if (event.kind == EventKind::message) {
      const Conversation& conversation = *story.conversations().find(event.message.connection);
      const Message& message = conversation.message(event.message.message);
      const Opened& opened = conversation.opened();
      const bool client = message.from == Side::client;
      const std::vector<std::string> lines = shown_lines(conversation, message);
      std::string text = lines.empty() ? headline_of(story, speech, event.message) : shortened(lines.front(), longest_line);
      if (lines.size() > 1) text += " (+" + std::to_string(lines.size() - 1) + ")";
      if (message.sealed) text = "🔒 " + text;
      out += "  " + name_of_host(client ? opened.client : opened.server) + (client ? "->>" : "-->>") +
             name_of_host(client ? opened.server : opened.client) + ": " + escaped(text) + "\n";
    }
  }
  return out;
}

}  // namespace glasspost

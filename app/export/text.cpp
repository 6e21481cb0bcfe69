#include "app/export/text.h"

#include "app/export/prose.h"

namespace glasspost {
namespace {

constexpr std::size_t width = 80, indent = 14, shown_at_most = 16, shown_when_folded = 10;

class Writer {
 public:
  Writer(const Story& story, const Speech& speech, bool colour) : story_(story), speech_(speech), colour_(colour) {}

  std::string write() {
    head();
    for (const Event& event : events_of(story_)) {
      switch (event.kind) {
        case EventKind::chapter: chapter(event); break;
        case EventKind::message: message(event); break;
        case EventKind::opened:
        case EventKind::tls_up:
        case EventKind::tls_failed:
        case EventKind::closed:
        case EventKind::store:
        case EventKind::queue:
        case EventKind::fault: happening(event); break;
      }
    }
    foot();
    return std::move(out_);
  }

 private:
  const Strings& strings() const { return speech_.strings; }
  // Colours that every terminal's theme has an opinion about; none of them says what the words do not.
  std::string painted(std::string_view code, std::string_view text) const {
    if (!colour_ || text.empty()) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
  }
  static std::string_view colour_of(Protocol protocol) {
    switch (protocol) {
      case Protocol::smtp: return "34";
      case Protocol::lmtp: return "35";
      case Protocol::imap: return "32";
      case Protocol::pop3: return "31";
      case Protocol::dns: return "36";
      case Protocol::tls: return "33";
    }
    return "0";
  }

  void head() {
    out_ += painted("1", story_.scenario().title.in(speech_.language())) + "\n";
    for (const std::string& line : wrapped(story_.scenario().summary.in(speech_.language()), width)) out_ += line + "\n";
    out_ += "\n" + strings()("play.legend", {{"bar", "┃"}}) + "\n";
  }

  void foot() {
    const auto n = [this](std::size_t number) { return strings().number(number); };
    out_ += "\n" + strings()("play.summary", {{"messages", n(story_.conversations().rows())},
                                              {"connections", n(story_.conversations().connections())},
                                              {"duration", strings().duration(story_.length())}}) + "\n";
  }

  void chapter(const Event& event) {
    const std::string title = chapter_of(story_, speech_, event);
    std::string rule = "── " + title + " ";
    for (std::size_t taken = columns_of(rule); taken < width; ++taken) rule += "─";
    out_ += "\n" + painted("1", rule) + "\n";
    shown_connection_ = 0;
  }

  // Whose words follow, once until another connection has a word.
  void connection(const Conversation& conversation) {
    if (shown_connection_ == conversation.id()) return;
    shown_connection_ = conversation.id();
    const Protocol protocol = conversation.opened().protocol;
    out_ += "\n" + label_of(story_, speech_, conversation, Side::client) + " ↔ " +
            label_of(story_, speech_, conversation, Side::server) + "   " +
            painted(colour_of(protocol), name_of(protocol)) + " " + std::to_string(conversation.opened().server_port) + "\n";
  }

  void message(const Event& event) {
    const Conversation& conversation = *story_.conversations().find(event.message.connection);
    const Message& message = conversation.message(event.message.message);
    connection(conversation);
    const std::string_view colour = colour_of(message.protocol);
    const std::string bar = message.sealed || message.protocol == Protocol::tls ? painted("33", message.sealed ? "┃" : "╷") : " ";
    const std::vector<std::string> lines = shown_lines(conversation, message);
    const std::size_t shown = lines.size() > shown_at_most ? shown_when_folded : lines.size();
    std::string start = padded(std::string(8 - std::min<std::size_t>(8, seconds_of(story_, event.at).size()), ' ') +
                               seconds_of(story_, event.at), 9) + bar + " " + (message.from == Side::client ? "→" : "←") + " ";
    const std::string further = std::string(9, ' ') + bar + std::string(4, ' ');
    for (std::size_t i = 0; i < shown; ++i) {
      if (lines[i].empty()) start.erase(start.find_last_not_of(' ') + 1);
      out_ += start + painted(message.from == Side::client ? "1;" + std::string(colour) : colour, lines[i]) + "\n";
      start = further;
    }
    if (shown < lines.size()) out_ += further + strings().count("play.folded", lines.size() - shown) + "\n";
    if (const Error* problem = conversation.problem(message)) mistake(further, *problem);
    for (const std::string& line : wrapped(headline_of(story_, speech_, event.message), width - indent))
      out_ += further + painted("2", line) + "\n";
  }

  void mistake(const std::string& start, const Error& problem) {
    const Words* fault = speech_.catalogue.find("fault/" + std::string(name_of(problem.fault)));
    const Words* expected = speech_.catalogue.find("expected/" + problem.expected);
    if (fault) out_ += start + painted("31", fill(fault->what, {{"expected", expected ? expected->what : problem.expected}})) + "\n";
  }

  void happening(const Event& event) {
    const Record& record = story_.trace()[event.record];
    if (const auto* opened = std::get_if<Opened>(&record.what); opened && opened->datagrams) return;
    if (std::holds_alternative<Closed>(record.what) && story_.conversations().find(record.connection)->opened().datagrams) return;
    const std::string sentence = sentence_of(story_, speech_, event);
    if (sentence.empty()) return;
    const bool of_connection = event.kind != EventKind::store && event.kind != EventKind::queue;
    if (of_connection && record.connection != 0) connection(*story_.conversations().find(record.connection));
    const std::string seconds = seconds_of(story_, event.at);
    std::string start = std::string(8 - std::min<std::size_t>(8, seconds.size()), ' ') + seconds + "   " + (of_connection ? "·" : "✱") + " ";
    for (const std::string& line : wrapped(sentence, width - indent + 1)) {
      out_ += start + (of_connection ? painted("2", line) : line) + "\n";
      start.assign(indent - 1, ' ');
    }
  }

  const Story& story_;
  const Speech& speech_;
  bool colour_;
  ConnectionId shown_connection_ = 0;
  std::string out_;
};

}  // namespace

std::string text_of(const Story& story, const Speech& speech, bool colour) { return Writer(story, speech, colour).write(); }

}  // namespace glasspost

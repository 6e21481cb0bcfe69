#include "app/export/html.h"

#include <fmt/core.h>

#include <set>
#include <utility>

#include "app/export/prose.h"
#include "app/export/svg.h"
#include "app/words/catalogue.h"

namespace glasspost {
namespace {

constexpr std::string_view page_style = R"css(
body{margin:0;background:var(--panel);color:var(--text);font:15px/1.5 Inter,"DejaVu Sans",sans-serif}
header{padding:24px 16px 8px;max-width:48em}h1{font-size:24px;margin:0 0 8px}p{margin:0 0 8px;color:var(--second)}
svg{display:block}.head{position:sticky;top:0;z-index:1}
summary{list-style:none;cursor:pointer}summary::-webkit-details-marker{display:none}
summary:hover,summary:focus-visible{outline:2px solid var(--accent);outline-offset:-2px}
.why{margin:0 16px 8px 130px;padding:8px 16px 16px;max-width:60em;border-left:2px solid var(--accent)}
.why h2{font-size:15px;margin:0 0 8px}pre{font:13px/1.5 "JetBrains Mono","DejaVu Sans Mono",monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:0 0 12px}
pre span{border-bottom:1px solid var(--third)}dl{margin:0;display:grid;grid-template-columns:minmax(8em,max-content) 1fr;gap:4px 16px}
dt{font:13px/1.6 "JetBrains Mono","DejaVu Sans Mono",monospace;overflow-wrap:anywhere;max-width:24em}dd{margin:0}dd small{color:var(--second);font-size:13px}
footer{padding:16px;color:var(--second)}
@media print{.head{position:static}details:not([open]) .why{display:none}.why{break-inside:avoid}svg{max-width:100%;height:auto}}
)css";

class Page {
 public:
  Page(const Story& story, const Speech& speech) : story_(story), speech_(speech), ladder_(story, speech) {}

  std::string write() {
    const std::string title = xml_escaped(story_.scenario().title.in(speech_.language()));
    std::string out = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>{}</title>\n<style>{}{}</style>\n"
        "</head>\n<body style=\"min-width:{:.0f}px\">\n",
        code_of(speech_.language()), title, ladder_style(), page_style, ladder_.width());
    out += "<header><h1>" + title + "</h1><p>" + xml_escaped(story_.scenario().summary.in(speech_.language())) + "</p><p>" +
           xml_escaped(speech_.strings("play.page_hint")) + "</p></header>\n<main>\n";
    out += "<div class=\"head\">" + strip(Ladder::head_height + 1, drawn_head(ladder_, 0)) + "</div>\n";
    for (std::size_t row = 0; row < ladder_.rows().size(); ++row) add_row(out, row);
    out += "</main>\n<footer>" + xml_escaped(summary()) + "</footer>\n</body>\n</html>\n";
    return out;
  }

 private:
  std::string strip(double height, const std::string& drawn) const {
    return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\">{2}</svg>",
                       ladder_.width(), height, drawn);
  }

  void add_row(std::string& out, std::size_t index) const {
    const Ladder::Row& row = ladder_.rows()[index];
    const std::string drawn = strip(Ladder::height_of(row), drawn_row(ladder_, index, 0));
    if (row.kind != EventKind::message) {
      out += "<div title=\"" + xml_escaped(row.text) + "\">" + drawn + "</div>\n";
      return;
    }
    const std::string headline = headline_of(story_, speech_, row.message);
    out += "<details id=\"m" + std::to_string(row.number) + "\"><summary title=\"" + xml_escaped(headline) + "\">" + drawn +
           "</summary><div class=\"why\"><h2>" + xml_escaped(headline) + "</h2>";
    explain_message(out, *story_.conversations().find(row.message.connection), row.message.message);
    out += "</div></details>\n";
  }

  static bool speaks(Role role) { return role != Role::space && role != Role::crlf; }

  // The line with its tokens, each of which says on hover what it is, and below it the same as a list.
  void explain_message(std::string& out, const Conversation& conversation, MessageId id) const {
    const Message& message = conversation.message(id);
    const bool binary = message.protocol == Protocol::dns || message.protocol == Protocol::tls;
    std::string line, list;
    std::set<std::pair<std::string, const Words*>> listed;  // a reply of many lines repeats its code: said once
    for (const Token& token : conversation.tokens(message)) {
      const std::string_view octets = token.span.of(conversation.text(message));
      const std::string shown = xml_escaped(text_of_token(conversation, message, token));
      const Words* words = speaks(token.role) ? explain(speech_.catalogue, token.role, octets) : nullptr;
      if (!words) {
        line += shown;
        continue;
      }
      line += "<span title=\"" + xml_escaped(words->what) + "\">" + shown + "</span>";
      if (!listed.emplace(octets, words).second) continue;
      list += "<dt>" + xml_escaped(octets == " " ? "\u2423" : shortened(shown_token(conversation, message, token), 60)) + "</dt><dd>" + xml_escaped(words->what);
      if (!words->source.empty()) list += " <small>" + xml_escaped(words->source) + "</small>";
      if (!words->why.empty()) list += "<br/><small>" + xml_escaped(words->why) + "</small>";
      list += "</dd>";
    }
    if (!binary) out += "<pre>" + line + "</pre>";
    if (!list.empty()) out += "<dl>" + list + "</dl>";
  }

  // Line ends stay line ends here.
  static std::string text_of_token(const Conversation& conversation, const Message& message, const Token& token) {
    if (is_secret(token.role)) return std::string(mask);
    std::string out;
    std::string_view text = token.span.of(conversation.text(message));
    while (!text.empty()) {
      const std::size_t end = text.find("\r\n");
      out += printable(text.substr(0, end), true);
      if (end == text.npos) break;
      out += '\n';
      text.remove_prefix(end + 2);
    }
    return out;
  }

  std::string summary() const {
    const auto n = [this](std::size_t number) { return speech_.strings.number(number); };
    return speech_.strings("play.summary", {{"messages", n(story_.conversations().rows())},
                                            {"connections", n(story_.conversations().connections())},
                                            {"duration", speech_.strings.duration(story_.length())}});
  }

  const Story& story_;
  const Speech& speech_;
  Ladder ladder_;
};

}  // namespace

std::string html_of(const Story& story, const Speech& speech) { return Page(story, speech).write(); }

}  // namespace glasspost

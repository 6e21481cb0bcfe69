#include "app/export/svg.h"

#include <fmt/core.h>

#include "app/export/prose.h"
#include "app/words/catalogue.h"

namespace glasspost {
namespace {

std::string class_of(Colouring colouring) {
  const auto of_protocol = [&](std::string_view use) { return std::string(lower_name_of(colouring.protocol)) + "-" + std::string(use); };
  switch (colouring.ink) {
    case Ink::panel: return "panel";
    case Ink::line: return "line";
    case Ink::text: return "text";
    case Ink::second: return "second";
    case Ink::third: return "third";
    case Ink::accent: return "accent";
    case Ink::error: return "error";
    case Ink::fill: return of_protocol("fill");
    case Ink::words: return of_protocol("words");
    case Ink::tint: return of_protocol("tint");
    case Ink::half: return of_protocol("fill half");
  }
  return "";
}

std::string_view class_of(Lettering lettering) {
  switch (lettering) {
    case Lettering::wire: return "wire";
    case Lettering::wire_bold: return "wire bold";
    case Lettering::small: return "small";
    case Lettering::label: return "label";
    case Lettering::chapter: return "chapter";
  }
  return "";
}

class SvgPen final : public Pen {
 public:
  std::string out;

  void rectangle(double x, double y, double w, double h, Colouring colouring) override {
    out += fmt::format("<rect class=\"f {}\" x=\"{:.4g}\" y=\"{:.6g}\" width=\"{:.4g}\" height=\"{:.4g}\"/>", class_of(colouring), x, y, w, h);
  }
  void outline(double x, double y, double w, double h, Colouring colouring) override {
    out += fmt::format("<rect class=\"s {}\" x=\"{:.4g}\" y=\"{:.6g}\" width=\"{:.4g}\" height=\"{:.4g}\"/>", class_of(colouring), x, y, w, h);
  }
  void line(Place a, Place b, Colouring colouring, bool dashed) override {
    out += fmt::format("<line class=\"s {}{}\" x1=\"{:.6g}\" y1=\"{:.6g}\" x2=\"{:.6g}\" y2=\"{:.6g}\"/>", class_of(colouring),
                       dashed ? " dash" : "", a.x, a.y, b.x, b.y);
  }
  void polygon(std::span<const Place> points, Colouring colouring) override {
    out += "<polygon class=\"f " + class_of(colouring) + "\" points=\"";
    for (const Place& p : points) out += fmt::format("{}{:.6g},{:.6g}", &p == points.data() ? "" : " ", p.x, p.y);
    out += "\"/>";
  }
  void text(Place baseline, Anchor anchor, Lettering lettering, std::string_view words, Colouring colouring) override {
    constexpr std::string_view anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    out += fmt::format("<text class=\"{} t {}\" x=\"{:.6g}\" y=\"{:.6g}\"{}>{}</text>", class_of(lettering), class_of(colouring),
                       baseline.x, baseline.y, anchors[std::size_t(anchor)], xml_escaped(words));
  }
};

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '&') out += "&amp;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

std::string_view ladder_style() {
  return R"css(:root{color-scheme:light dark;
--panel:#FCFAF6;--line:#E0DACD;--text:#23211D;--second:#57534B;--third:#69645B;--accent:#4A3FA0;--error:#A84600;
--smtp-fill:#0072B2;--smtp-words:#005E94;--smtp-tint:#DFECF5;--lmtp-fill:#CC79A7;--lmtp-words:#95406E;--lmtp-tint:#F7E8F0;
--imap-fill:#009E73;--imap-words:#00704F;--imap-tint:#DDF0E9;--pop3-fill:#E69F00;--pop3-words:#875800;--pop3-tint:#FBEFD3;
--dns-fill:#7C8088;--dns-words:#555A62;--dns-tint:#EAE9E6;--tls-fill:#E3BE1A;--tls-words:#6E5A00;--tls-tint:#FBF3CC}
@media screen and (prefers-color-scheme:dark){:root{
--panel:#1A1D22;--line:#2D323A;--text:#E9E7E2;--second:#B0B3B8;--third:#949AA2;--accent:#ABA2F5;--error:#F79B6B;
--smtp-fill:#56B4E9;--smtp-words:#7CC6F0;--smtp-tint:#1A2E3C;--lmtp-fill:#D78FB7;--lmtp-words:#E4ADCA;--lmtp-tint:#38232F;
--imap-fill:#2DB88C;--imap-words:#5ED0A9;--imap-tint:#152F27;--pop3-fill:#E69F00;--pop3-words:#F2BB4D;--pop3-tint:#382B11;
--dns-fill:#979DA6;--dns-words:#B3B8C0;--dns-tint:#292D33;--tls-fill:#DFC23A;--tls-words:#E8D273;--tls-tint:#302B13}}
.f{stroke:none;fill:var(--c)}.t{fill:var(--c)}.s{fill:none;stroke:var(--c);stroke-width:1}.dash{stroke-dasharray:4 3}.half{opacity:.45}
.wire{font:12px "JetBrains Mono","DejaVu Sans Mono",monospace;white-space:pre}.bold{font-weight:700}
.small{font:11px Inter,"DejaVu Sans",sans-serif}.label,.chapter{font:600 13px Inter,"DejaVu Sans",sans-serif}
.panel{--c:var(--panel)}.line{--c:var(--line)}.text{--c:var(--text)}.second{--c:var(--second)}.third{--c:var(--third)}
.accent{--c:var(--accent)}.error{--c:var(--error)}
.smtp-fill{--c:var(--smtp-fill)}.smtp-words{--c:var(--smtp-words)}.smtp-tint{--c:var(--smtp-tint)}
.lmtp-fill{--c:var(--lmtp-fill)}.lmtp-words{--c:var(--lmtp-words)}.lmtp-tint{--c:var(--lmtp-tint)}
.imap-fill{--c:var(--imap-fill)}.imap-words{--c:var(--imap-words)}.imap-tint{--c:var(--imap-tint)}
.pop3-fill{--c:var(--pop3-fill)}.pop3-words{--c:var(--pop3-words)}.pop3-tint{--c:var(--pop3-tint)}
.dns-fill{--c:var(--dns-fill)}.dns-words{--c:var(--dns-words)}.dns-tint{--c:var(--dns-tint)}
.tls-fill{--c:var(--tls-fill)}.tls-words{--c:var(--tls-words)}.tls-tint{--c:var(--tls-tint)}
)css";
}

std::string drawn_head(const Ladder& ladder, double y) {
  SvgPen pen;
  ladder.draw_head(y, pen);
  return std::move(pen.out);
}

std::string drawn_row(const Ladder& ladder, std::size_t row, double y) {
  SvgPen pen;
  ladder.draw_row(row, y, pen);
  return std::move(pen.out);
}

std::string svg_of(const Story& story, const Speech& speech) {
  const Ladder ladder(story, speech);
  constexpr double title = 44;
  const double height = title + Ladder::head_height + ladder.height() + 12;
  const std::string name = xml_escaped(story.scenario().title.in(speech.language()));
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
      "role=\"img\" lang=\"{2}\">\n<title>{3}</title>\n<desc>{4}</desc>\n<style>{5}</style>\n",
      ladder.width(), height, code_of(speech.language()), name, xml_escaped(story.scenario().summary.in(speech.language())),
      xml_escaped(ladder_style()));
  out += fmt::format("<rect class=\"f panel\" width=\"100%\" height=\"100%\"/>\n<text class=\"t text\" "
                     "style=\"font:600 20px Inter,sans-serif\" x=\"14\" y=\"31\">{}</text>\n", name);
  out += drawn_head(ladder, title) + "\n";
  double y = title + Ladder::head_height;
  for (std::size_t row = 0; row < ladder.rows().size(); ++row) {
    const Ladder::Row& shown = ladder.rows()[row];
    const std::string told = shown.kind == EventKind::message ? headline_of(story, speech, shown.message) : shown.text;
    out += "<g><title>" + xml_escaped(told) + "</title>" + drawn_row(ladder, row, y) + "</g>\n";
    y += Ladder::height_of(shown);
  }
  return out + "</svg>\n";
}

}  // namespace glasspost

// The letter's source with line numbers and stamps, its parts, its text, its octets.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/ui/views/message_parts.h"
#include "app/ui/widgets.h"
#include "protocol/mime/content_type.h"
#include "protocol/mime/encoding.h"
#include "protocol/mime/header.h"

namespace glasspost::ui {
namespace {

constexpr float row_height = 20;

struct SourceLine {
  std::string_view text;
  std::size_t name = 0;      // its first octets are a field's name and the colon
  int stamp = -1;
  bool header = false, blank = false;
  std::string decoded;       // of a field with encoded words
};

std::vector<SourceLine> lines_of(const LetterView& view) {
  std::vector<SourceLine> lines;
  const std::string_view content = view.copy.content;
  bool headers = true;
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t found = content.find('\n', begin), next = found == content.npos ? content.size() : found + 1;
    std::string_view text = content.substr(begin, (found == content.npos ? next : found) - begin);
    if (text.ends_with('\r')) text.remove_suffix(1);
    SourceLine line{text};
    if (headers && text.empty()) headers = false, line.blank = true;
    line.header = headers;
    if (headers) {
      line.name = mime::field_name_size(text);
      const std::size_t colon = line.name > 0 ? text.find(':', line.name) : text.npos;
      line.name = colon == text.npos ? 0 : colon + 1;
      if (text.find("=?") != text.npos)
        if (std::string decoded = mime::decode_words(text.substr(line.name)); decoded != text.substr(line.name)) line.decoded = mime::unfold(decoded);
    }
    for (std::size_t i = 0; i < view.stamps.size(); ++i) {
      const std::size_t number = lines.size() + 1;
      if (number >= view.stamps[i].first_line && number < view.stamps[i].first_line + view.stamps[i].lines) line.stamp = int(i);
    }
    lines.push_back(std::move(line));
    begin = next;
  }
  return lines;
}

// Octets that no font has become dots; what is not UTF-8 is shown octet by octet.
std::string printable(std::string_view octets) {
  std::string out;
  const bool utf8 = mime::is_utf8(octets);
  for (const char c : octets.substr(0, 1000)) {
    const auto u = static_cast<unsigned char>(c);
    if (u == '\t') out += "    ";
    else if (u < 0x20 || u == 0x7f || (u >= 0x80 && !utf8)) out += "·";
    else out += c;
  }
  // A cut in the middle of a character would not be text any more.
  while (utf8 && octets.size() > 1000 && !out.empty() && !mime::is_utf8(out)) out.pop_back();
  return out;
}

struct ListedPart {
  const mime::Part* part;
  std::string number;  // "1.2"; empty: the whole
  int depth;
};

void list_parts(const mime::Part& part, const std::string& number, int depth, std::vector<ListedPart>& out) {
  if (out.size() >= 200) return;
  out.push_back({&part, number, depth});
  const bool message = part.holds_message();
  const std::vector<mime::Part>& children = message && part.parts[0].is_multipart() ? part.parts[0].parts : part.parts;
  if (message && !part.parts[0].is_multipart()) return list_parts(part.parts[0], number.empty() ? "1" : number + ".1", depth + 1, out);
  for (std::size_t i = 0; i < children.size(); ++i)
    list_parts(children[i], (number.empty() ? "" : number + ".") + std::to_string(i + 1), depth + 1, out);
}

std::vector<ListedPart> parts_of(const LetterView& view) {
  std::vector<ListedPart> out;
  const bool single = !view.root.is_multipart();
  list_parts(view.root, single ? "1" : "", 0, out);
  return out;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = char(c | 0x20);
  return text;
}

// The part that a reader shows: the one that was chosen, else the last text of the first branch that has any.
const mime::Part* shown_part(Ui& ui, const LetterView& view, const std::vector<ListedPart>& parts) {
  const auto chosen = std::size_t(ui.memory("message.part", 0));
  if (chosen > 0 && chosen < parts.size() + 1 && !parts[chosen - 1].part->is_multipart()) return parts[chosen - 1].part;
  for (const ListedPart& listed : parts)
    if (listed.part->is("TEXT", "PLAIN")) return listed.part;
  for (const ListedPart& listed : parts)
    if (listed.part->is_text()) return listed.part;
  return view.root.is_multipart() ? nullptr : &view.root;
}

}  // namespace

// Which text says what this line of a header is; nothing where a student need not ask.
std::string_view source_of(std::string_view line) {
  constexpr std::pair<std::string_view, std::string_view> fields[] = {
      {"Return-Path:", "RFC 5321 §4.4"}, {"Received:", "RFC 5321 §4.4"}, {"Authentication-Results:", "RFC 8601 §2"}, {"DKIM-Signature:", "RFC 6376 §3.5"},
      {"Date:", "RFC 5322 §3.6.1"}, {"From:", "RFC 5322 §3.6.2"}, {"To:", "RFC 5322 §3.6.3"}, {"Message-ID:", "RFC 5322 §3.6.4"},
      {"Subject:", "RFC 5322 §3.6.5"}, {"MIME-Version:", "RFC 2045 §4"}, {"Content-Type:", "RFC 2045 §5"}, {"Content-Transfer-Encoding:", "RFC 2045 §6"}};
  if (line.find("=?") != line.npos && line.find("?=") != line.npos) return "RFC 2047 §2";
  for (const auto& [name, source] : fields)
    if (line.size() >= name.size() && lower(std::string(line.substr(0, name.size()))) == lower(std::string(name))) return source;
  for (const std::string_view with : {" with ESMTP", " with LMTP"})
    if (line.find(with) != line.npos) return "RFC 3848";
  return {};
}

SourceEnds message_source(Ui& ui, Rect area, const LetterView& view) {
  const Theme& t = ui.theme;
  const Strings& s = view.model.strings();
  const std::vector<SourceLine> lines = lines_of(view);
  const std::string size = s("message.source_size", {{"octets", s.number(view.copy.content.size())}, {"lines", s.number(lines.size())}});
  Rect head = area.take_top(32).inset(metric::padding, 0);
  const std::string_view aside = view.stamps.empty() ? std::string_view{} : s("message.newest_on_top");
  const float aside_width = ui.canvas().measure(aside, font::caption) + 2;
  if (!aside.empty() && head.w > aside_width + 260) ui.label(head.take_right(aside_width), aside, font::caption, t.third, Align::right);
  runs(ui, head, {{.text = s("message.source"), .font = font::strong}, {.text = size, .colour = t.second, .gap = 12}}, Align::left, "message.size");
  ScrollArea scroll(ui, "message.source", area, float(lines.size()) * row_height + 8);
  const Rect content = scroll.content();
  const int chosen = int(ui.memory("message.stamp", -1));
  const auto first = std::size_t(std::max(0.F, (area.y - content.y) / row_height));
  SourceEnds ends;
  const std::vector<std::string> recipients = view.recipients();
  const std::string for_clause = recipients.empty() ? std::string() : "for <" + recipients.front() + ">";
  for (std::size_t i = first; i < lines.size(); ++i) {
    Rect row{content.x, content.y + float(i) * row_height, content.w, row_height};
    if (row.y > area.bottom()) break;
    const SourceLine& line = lines[i];
    if (line.stamp >= 0 && line.stamp == chosen) row_ground(ui, row, true, false);
    if (line.stamp >= 0) ui.canvas().fill({row.x + 52, row.y, 3, row.h}, t.of(protocol_of(view.stamps[std::size_t(line.stamp)])).fill);
    ui.label(Rect{row.x + 4, row.y, 36, row.h}, std::to_string(i + 1), font::table, t.third, Align::right);
    Rect words{row.x + 64, row.y, row.w - 76, row.h};
    const Point begin{row.x + 20, row.middle()};
    if (line.header && row.y >= area.y && row.bottom() <= area.bottom()) {
      if (!ends.return_path && line.text.starts_with("Return-Path:")) ends.return_path = begin;
      else if (!ends.for_clause && !for_clause.empty() && line.text.find(for_clause) != line.text.npos) ends.for_clause = begin;
    }
    if (line.blank) {
      ui.label(words, s("message.headers_end"), font::caption, t.third);
      continue;
    }
    const std::string name = printable(line.text.substr(0, line.name)), rest = printable(line.text.substr(line.name));
    const std::string decoded = line.decoded.empty() ? std::string() : "“" + line.decoded + "”";
    const std::string_view source = line.header ? source_of(line.text) : std::string_view();
    if (!source.empty()) {
      const float wanted = ui.canvas().measure(name, font::table_bold) + ui.canvas().measure(rest, font::table) + (decoded.empty() ? 0 : ui.canvas().measure(decoded, font::body) + 16);
      if (words.w > wanted + ui.canvas().measure(source, font::caption) + 16) words.take_right(message_link(ui, fmt::format("message.line_source/{}", i + 1), words, source, view));
    }
    runs(ui, words, {{.text = name, .font = font::table_bold}, {.text = rest, .font = font::table, .colour = line.header ? t.second : t.text},
                     {.text = decoded, .font = font::body, .colour = t.text, .gap = 16}},
         Align::left, fmt::format("message.line/{}", i + 1));
  }
  return ends;
}

void message_tree(Ui& ui, Rect area, const LetterView& view) {
  const Theme& t = ui.theme;
  const Strings& s = view.model.strings();
  Rect head = area.take_top(32).inset(metric::padding, 0);
  runs(ui, head, {{.text = s("message.parts"), .font = font::strong}, {.text = s("message.parts_hint"), .colour = t.second, .gap = 12}});
  const std::vector<ListedPart> parts = parts_of(view);
  const mime::Part* shown = shown_part(ui, view, parts);
  ScrollArea scroll(ui, "message.parts", area, float(parts.size()) * 40 + 8);
  Rect rows = scroll.content();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const ListedPart& listed = parts[i];
    const mime::Part& part = *listed.part;
    const Rect row = rows.take_top(40).inset(8, 2);
    if (!ui.canvas().shows(row)) continue;
    const std::string type = lower(part.type + "/" + part.subtype);
    const Response r = ui.interact(fmt::format("message.part/{}", listed.number), Kind::row, row, type, {.enabled = !part.is_multipart(), .on = &part == shown});
    if (&part == shown) ui.canvas().fill(row, t.sunken, metric::radius), ui.canvas().outline(row, t.strong_line, 1, metric::radius);
    else if (r.hovered) ui.canvas().fill(row, t.sunken, metric::radius);
    if (r.ring) ui.focus_ring(row);
    if (r.clicked) ui.memory("message.part") = double(i + 1);
    Rect inside = row.inset(8, 0);
    inside.take_left(float(std::min(listed.depth, 6)) * 18);
    const bool attached = part.disposition && lower(*part.disposition) == "attachment";
    draw_icon(ui.canvas(), part.is_multipart() ? Icon::parts : attached || !part.is_text() ? Icon::attachment : Icon::page, inside.take_left(20).at_left(18, 18), t.second);
    inside.take_left(8);
    Rect right = inside.take_right(std::min(inside.w / 2, 150.F));
    const std::string octets = s.number(part.body.end - part.body.begin);
    ui.label(right.take_right(56), part.is_multipart() ? "" : octets, font::table, t.text, Align::right);
    ui.label(right, listed.number.empty() ? "" : "BODY[" + listed.number + "]", font::table, t.of(Protocol::imap).text);
    std::string more = lower(part.encoding);
    if (const auto charset = mime::parameter(part.parameters, "charset"); charset && part.is_text()) more = lower(*charset) + ", " + more;
    if (const auto boundary = mime::parameter(part.parameters, "boundary"); boundary && part.is_multipart()) more = "boundary \"" + *boundary + "\"";
    if (const auto file = mime::parameter(part.disposition_parameters, "filename")) more += ", " + *file;
    ui.label(inside.take_top(inside.h / 2), type, font::table_bold, t.text);
    ui.label(inside, printable(more), font::caption, t.second);
  }
}

void message_rendered(Ui& ui, Rect area, const LetterView& view) {
  const Theme& t = ui.theme;
  const Strings& s = view.model.strings();
  const std::vector<ListedPart> parts = parts_of(view);
  Rect inside = area.inset(metric::padding, 8);
  for (const std::string_view name : {"From", "To", "Subject", "Date"}) {
    const mime::Text value = mime::field(view.copy.content, name);
    if (!value) continue;
    Rect row = inside.take_top(20);
    ui.label(row.take_left(80), name, font::strong, t.second);
    ui.label(row, printable(mime::decode_words(*value)), name == "Subject" ? font::strong : font::body, t.text, Align::left, fmt::format("message.field/{}", name));
  }
  rule(ui, inside, 8);
  const mime::Part* part = shown_part(ui, view, parts);
  if (!part || !part->is_text()) return empty_panel(ui, inside, s("message.no_text"));
  const std::string_view content = view.copy.content;
  const std::string octets = mime::decode_body(part->body.of(content), part->encoding);
  const auto charset = mime::parameter(part->parameters, "charset");
  const auto decoded = mime::to_utf8(octets, charset ? *charset : "us-ascii");
  const std::string body = decoded ? *decoded : octets;
  if (!decoded) inside.take_top(notice(ui, "message.charset", inside, Gravity::plain, s("message.charset_unknown"), charset ? *charset : "") + 8);
  if (part->is("TEXT", "HTML")) ui.label(inside.take_top(20), s("message.html_as_text"), font::caption, t.third);
  // Long lines go on in the next row.
  std::vector<std::string> rows;
  for (std::size_t begin = 0; begin <= body.size() && rows.size() < 20000;) {
    const std::size_t end = std::min(body.find('\n', begin), body.size());
    std::string line(std::string_view(body).substr(begin, end - begin));
    while (!line.empty() && (line.back() == '\r')) line.pop_back();
    for (std::string_view rest = line; ; ) {
      std::size_t fits = rest.size() > 80 ? ui.canvas().fitting(rest, font::prose, inside.w - 12) : rest.size();
      if (fits < rest.size())
        if (const std::size_t space = rest.substr(0, fits).rfind(' '); space != rest.npos && space > 0) fits = space + 1;
      fits = std::max<std::size_t>(fits, std::min<std::size_t>(1, rest.size()));
      rows.push_back(printable(rest.substr(0, fits)));
      rest.remove_prefix(fits);
      if (rest.empty()) break;
    }
    begin = end + 1;
  }
  ScrollArea scroll(ui, "message.text", inside, float(rows.size()) * 22 + 8);
  const Rect all = scroll.content();
  for (std::size_t i = std::size_t(std::max(0.F, (inside.y - all.y) / 22)); i < rows.size(); ++i) {
    const Rect row{all.x, all.y + float(i) * 22, all.w - 10, 22};
    if (row.y > inside.bottom()) break;
    ui.label(row, rows[i], font::prose, t.text, Align::left, fmt::format("message.text/{}", i));
  }
}

void message_raw(Ui& ui, Rect area, const LetterView& view) {
  const Theme& t = ui.theme;
  const std::string_view content = view.copy.content;
  const Rect inside = area.inset(metric::padding, 8);
  const std::size_t a_row = inside.w < 640 ? 8 : 16, rows = (content.size() + a_row - 1) / a_row;
  ScrollArea scroll(ui, "message.raw", inside, float(rows) * row_height);
  const Rect all = scroll.content();
  const float digit = ui.canvas().measure("0", font::table);
  for (std::size_t i = std::size_t(std::max(0.F, (inside.y - all.y) / row_height)); i < rows; ++i) {
    const Rect row{all.x, all.y + float(i) * row_height, all.w, row_height};
    if (row.y > inside.bottom()) break;
    const std::string_view octets = content.substr(i * a_row, a_row);
    std::string hex, text;
    for (const char c : octets) {
      const auto u = static_cast<unsigned char>(c);
      hex += fmt::format("{:02x} ", u);
      text += u >= 0x20 && u < 0x7f ? std::string(1, c) : std::string("·");
    }
    Rect rest = row;
    ui.label(rest.take_left(digit * 8), fmt::format("{:06x}", i * a_row), font::table, t.third);
    ui.label(rest.take_left(digit * (float(a_row) * 3 + 2)), hex, font::table, t.text, Align::left, fmt::format("message.hex/{}", i));
    ui.label(rest.take_left(digit * float(a_row + 2)), text, font::table, t.second);
  }
}

}  // namespace glasspost::ui

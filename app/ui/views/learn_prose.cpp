// The prose of lessons: Markdown with its links, and the words that the glossary explains.
#include <fmt/format.h>

#include <algorithm>

#include "app/learn/course.h"
#include "app/learn/words.h"
#include "app/ui/marked_prose.h"
#include "app/ui/views/learn.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr std::string_view to_lesson = "lesson:";

// prose() takes its marks from the text; what the writer meant as text must not look like one.
std::string as_text(std::string text) {
  for (char& c : text) {
    if (c == '`') c = '\'';
    if (c == begin_link || c == begin_word || c == end_mark) c = ' ';
  }
  return text;
}

std::string styled(const learn::Run& run, const std::string& text) {
  const bool strong = (run.strong || run.emphasis) && !run.code;
  return run.code ? "`" + text + "`" : strong ? "**" + text + "**" : text;
}

std::string code_markup(const learn::Block& block) {
  std::string text = learn::plain(block.runs), marked = "`";
  while (text.ends_with('\n')) text.pop_back();
  for (const char c : text) marked += c == '\n' ? std::string("`\n`") : std::string(1, c);
  return marked + "`";
}

template <class Each>
float each_block(Ui& ui, float width, const std::vector<learn::Block>& blocks, Font font, const Each& each) {
  float y = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const learn::Block& block = blocks[i];
    if (i > 0) y += block.kind == learn::Block::Kind::item ? 4 : 8;
    const bool item = block.kind == learn::Block::Kind::item;
    const bool code = block.kind == learn::Block::Kind::code;
    const float indent = item ? 20 * float(block.depth) : code ? 12 : 0;
    const Font f = code ? font::console : font;
    const float height = measure_prose(ui, width - indent, code ? code_markup(block) : prose_markup(block.runs), f) + (code ? 16 : 0);
    each(block, f, y, indent, height);
    y += height;
  }
  return y;
}

}  // namespace

std::string prose_markup(const std::vector<learn::Run>& all) {
  std::string out;
  for (const learn::Run& run : all) out += styled(run, run.code ? run.text : as_text(run.text));
  return out;
}

learn::Block rfc_links(const std::vector<std::string>& rfcs) {
  learn::Block block;
  for (const std::string& rfc : rfcs) {
    if (!block.runs.empty()) block.runs.push_back({.text = ", "});
    block.runs.push_back({.text = rfc, .link = rfc_address(rfc)});
  }
  return block;
}

float measure_markdown(Ui& ui, float width, const std::vector<learn::Block>& blocks, Font font) {
  return each_block(ui, width, blocks, font, [](const learn::Block&, Font, float, float, float) {});
}

float ProseWriter::write(Rect top, const std::vector<learn::Block>& blocks, Font font, std::optional<Colour> colour) {
  return each_block(ui_, top.w, blocks, font, [&](const learn::Block& block, Font f, float y, float indent, float height) {
    const Rect place{top.x + indent, top.y + y, top.w - indent, height};
    if (block.kind == learn::Block::Kind::code) {
      ui_.canvas().fill({top.x, place.y, top.w, height}, ui_.theme.sunken, metric::radius);
      prose(ui_, place.moved(0, 8), code_markup(block), f, colour);
      return;
    }
    if (block.kind == learn::Block::Kind::item && block.number >= 0) {
      const std::string mark = block.number > 0 ? std::to_string(block.number) + "." : "•";
      ui_.label({place.x - 18, place.y, 16, line_height(f)}, mark, f, ui_.theme.second);
    }
    paragraph(place, block, f, colour);
  });
}

// The words of the text that the glossary explains, each the first time that this panel has it.
std::string ProseWriter::with_terms(std::string_view text, std::vector<Target>& targets) {
  const Language language = model_.settings().language;
  std::string out;
  std::size_t at = 0;
  while (const auto mention = lessons::next_mention(model_.glossary(), language, text, at)) {
    const std::string_view word = text.substr(mention->begin, mention->size);
    out += text.substr(at, mention->begin - at);
    at = mention->begin + mention->size;
    if (!explained_.insert(mention->term).second) {
      out += word;
      continue;
    }
    out += begin_word + std::string(word) + end_mark;
    targets.push_back({{}, mention->term});
  }
  return out + std::string(text.substr(at));
}

std::string ProseWriter::marked(const std::vector<learn::Run>& runs, std::vector<Target>& targets) {
  std::string out;
  for (const learn::Run& run : runs) {
    const std::string text = run.code ? run.text : as_text(run.text);
    if (!run.link.empty()) {
      targets.push_back({run.link, 0});
      out += begin_link + styled(run, text) + end_mark;
    } else {
      out += styled(run, run.code ? text : with_terms(text, targets));
    }
  }
  return out;
}

void ProseWriter::paragraph(Rect place, const learn::Block& block, Font font, std::optional<Colour> colour) {
  std::vector<Target> targets;
  std::vector<MarkPlace> places;
  marked_prose(ui_, place, marked(block.runs, targets), font, colour, places);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const bool first = i == 0 || places[i - 1].mark != places[i].mark;
    if (places[i].mark < targets.size()) follow(targets[places[i].mark], places[i].place, first, places[i].is_link, font);
  }
}

// A link to a lesson opens it; one to an RFC gives its address, for this program opens nothing on the net by itself.
void ProseWriter::follow(const Target& target, Rect place, bool first, bool is_link, Font font) {
  const Strings& s = model_.strings();
  const std::string name = fmt::format("learn.{}/{}{}", is_link ? "link" : "word", name_, links_++);
  std::string tip, said = target.link;
  const learn::Shelved* lesson = nullptr;
  if (!is_link) {
    const lessons::Term::Said& term = model_.glossary()[target.term].in(model_.settings().language);
    said = term.word;
    tip = term.means;
  } else if (target.link.starts_with(to_lesson)) {
    if (const auto at = learn::place_of(model_.shelf(), std::string_view(target.link).substr(to_lesson.size()))) lesson = &model_.shelf()[*at];
    tip = lesson ? s("learn.opens_lesson", {{"lesson", learn::title_of(lesson->lesson, model_.settings().language)}}) : s("lesson.unknown", {{"lesson", target.link.substr(to_lesson.size())}});
  } else {
    tip = s("inspector.copy_address", {{"address", target.link}});
  }
  const Response r = ui_.interact(name, Kind::link, place, said, {.focusable = first});
  const Colour quiet = mix(ui_.theme.panel, is_link ? ui_.theme.accent : ui_.theme.third, is_link ? 0.45F : 0.8F);
  const float y = ui_.canvas().baseline(place, font) + 3;
  ui_.canvas().horizontal(place.x, place.right(), y, r.hovered ? ui_.theme.accent : quiet, 1, is_link ? dash::solid : Dash{1, 2});
  if (r.ring) ui_.focus_ring(place.inset(-2, 1), 2);
  ui_.tooltip(place, tip);
  if (!r.clicked) return;
  if (!is_link) open_term(ui_, target.term, {place.x, place.bottom() + 4});
  else if (lesson) actions_.push_back(app::OpenLesson{lesson->directory.string(), 0});
  else if (!target.link.starts_with(to_lesson)) actions_.push_back(app::Copy{target.link});
}

}  // namespace glasspost::ui

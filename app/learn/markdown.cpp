#include "app/learn/markdown.h"

#include <fmt/format.h>
#include <md4c.h>

#include <cstdlib>

#include "app/export/prose.h"

namespace glasspost::learn {
namespace {

std::string utf8(std::uint32_t point) {
  std::string out;
  if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) point = 0xFFFD;
  if (point < 0x80) out += char(point);
  else if (point < 0x800) {
    out += char(0xC0 | (point >> 6));
    out += char(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    out += char(0xE0 | (point >> 12));
    out += char(0x80 | ((point >> 6) & 0x3F));
    out += char(0x80 | (point & 0x3F));
  } else {
    out += char(0xF0 | (point >> 18));
    out += char(0x80 | ((point >> 12) & 0x3F));
    out += char(0x80 | ((point >> 6) & 0x3F));
    out += char(0x80 | (point & 0x3F));
  }
  return out;
}

// The entities that a writer may need; any other stays as it is written.
std::string entity(std::string_view written) {
  if (written == "&amp;") return "&";
  if (written == "&lt;") return "<";
  if (written == "&gt;") return ">";
  if (written == "&quot;") return "\"";
  if (written == "&nbsp;") return " ";
  if (written.starts_with("&#")) {
    const bool hexadecimal = written.size() > 2 && (written[2] == 'x' || written[2] == 'X');
    return utf8(std::uint32_t(std::strtoul(std::string(written.substr(hexadecimal ? 3 : 2)).c_str(), nullptr, hexadecimal ? 16 : 10)));
  }
  return std::string(written);
}

class Reader {
 public:
  std::vector<Block> read(std::string_view text) {
    MD_PARSER parser{};
    parser.flags = MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) { return static_cast<Reader*>(self)->enter(type, detail); };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) { return static_cast<Reader*>(self)->leave(type); };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* self) { return static_cast<Reader*>(self)->span(type, detail, 1); };
    parser.leave_span = [](MD_SPANTYPE type, void* detail, void* self) { return static_cast<Reader*>(self)->span(type, detail, -1); };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* said, MD_SIZE size, void* self) { return static_cast<Reader*>(self)->text(type, {said, size}); };
    md_parse(text.data(), MD_SIZE(text.size()), &parser, this);
    close();
    return std::move(blocks_);
  }

 private:
  struct List { int next; };  // 0: bullets

  void close() { open_ = false; }
  Block& block() {
    if (open_) return blocks_.back();
    Block fresh;
    if (code_block_) fresh.kind = Block::Kind::code;
    else if (!lists_.empty()) {
      fresh.kind = Block::Kind::item;
      fresh.depth = int(lists_.size());
      fresh.number = item_begins_ ? (lists_.back().next > 0 ? lists_.back().next++ : 0) : -1;
      item_begins_ = false;
    }
    blocks_.push_back(std::move(fresh));
    open_ = true;
    return blocks_.back();
  }

  int enter(MD_BLOCKTYPE type, void* detail) {
    close();
    if (type == MD_BLOCK_UL) lists_.push_back({0});
    if (type == MD_BLOCK_OL) lists_.push_back({int(static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start)});
    if (type == MD_BLOCK_LI) item_begins_ = true;
    if (type == MD_BLOCK_CODE) code_block_ = true;
    if (type == MD_BLOCK_H) ++strong_;
    return 0;
  }
  int leave(MD_BLOCKTYPE type) {
    close();
    if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) lists_.pop_back();
    if (type == MD_BLOCK_CODE) code_block_ = false;
    if (type == MD_BLOCK_H) --strong_;
    return 0;
  }
  int span(MD_SPANTYPE type, void* detail, int by) {
    if (type == MD_SPAN_STRONG) strong_ += by;
    if (type == MD_SPAN_EM) emphasis_ += by;
    if (type == MD_SPAN_CODE) code_ += by;
    if (type == MD_SPAN_A) {
      const auto& href = static_cast<MD_SPAN_A_DETAIL*>(detail)->href;
      link_ = by > 0 ? std::string(href.text, href.size) : std::string();
    }
    return 0;
  }
  int text(MD_TEXTTYPE type, std::string_view said) {
    std::string words(said);
    switch (type) {
      case MD_TEXT_NULLCHAR: words = utf8(0xFFFD); break;
      case MD_TEXT_BR:
      case MD_TEXT_SOFTBR: words = " "; break;
      case MD_TEXT_ENTITY: words = entity(said); break;
      case MD_TEXT_NORMAL:
      case MD_TEXT_CODE:
      case MD_TEXT_HTML:
      case MD_TEXT_LATEXMATH: break;
    }
    std::vector<Run>& runs = block().runs;
    Run run{std::move(words), strong_ > 0, emphasis_ > 0, code_ > 0 || code_block_, link_};
    if (!runs.empty() && runs.back().strong == run.strong && runs.back().emphasis == run.emphasis && runs.back().code == run.code &&
        runs.back().link == run.link)
      runs.back().text += run.text;
    else
      runs.push_back(std::move(run));
    return 0;
  }

  std::vector<Block> blocks_;
  std::vector<List> lists_;
  int strong_ = 0, emphasis_ = 0, code_ = 0;
  bool open_ = false, code_block_ = false, item_begins_ = false;
  std::string link_;
};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

bool leads_to_the_web(std::string_view link) { return link.starts_with("https://") || link.starts_with("http://"); }

}  // namespace

std::vector<Block> parse_markdown(std::string_view text) { return Reader().read(text); }

std::string plain(const std::vector<Run>& runs) {
  std::string out;
  for (const Run& run : runs) out += run.text;
  return out;
}

std::string plain(std::string_view markdown) {
  std::string out;
  for (const Block& block : parse_markdown(markdown)) out += (out.empty() ? "" : " ") + plain(block.runs);
  return out;
}

std::string html_of(const std::vector<Run>& runs) {
  std::string out;
  for (const Run& run : runs) {
    std::string piece = escaped(run.text);
    if (run.code) piece = "<code>" + piece + "</code>";
    if (run.emphasis) piece = "<em>" + piece + "</em>";
    if (run.strong) piece = "<strong>" + piece + "</strong>";
    if (leads_to_the_web(run.link)) piece = "<a href=\"" + escaped(run.link) + "\">" + piece + "</a>";
    out += piece;
  }
  return out;
}

// Lists nest by their depth; each item closes what is deeper.
std::string html_of(const std::vector<Block>& blocks) {
  std::string out;
  std::vector<std::string_view> open;
  const auto close_to = [&](std::size_t depth) {
    while (open.size() > depth) {
      out += fmt::format("</li></{}>\n", open.back());
      open.pop_back();
    }
  };
  for (const Block& block : blocks) {
    switch (block.kind) {
      case Block::Kind::paragraph:
        close_to(0);
        out += "<p>" + html_of(block.runs) + "</p>\n";
        break;
      case Block::Kind::code:
        close_to(0);
        out += "<pre>" + escaped(plain(block.runs)) + "</pre>\n";
        break;
      case Block::Kind::item: {
        const auto depth = std::size_t(block.depth);
        if (block.number == -1) {
          out += "<p>" + html_of(block.runs) + "</p>";
          break;
        }
        close_to(depth);
        if (open.size() == depth) out += "</li>";
        while (open.size() < depth) {
          open.push_back(block.number > 0 ? "ol" : "ul");
          out += fmt::format("<{}>", open.back());
        }
        out += "<li>" + html_of(block.runs);
        break;
      }
    }
  }
  close_to(0);
  return out;
}

std::string text_of(const std::vector<Block>& blocks, std::size_t width) {
  std::string out;
  for (const Block& block : blocks) {
    if (!out.empty() && block.kind != Block::Kind::item) out += "\n";
    if (block.kind == Block::Kind::code) {
      std::string line = "    ";
      for (const char c : plain(block.runs)) {
        line += c;
        if (c == '\n') {
          out += line;
          line = "    ";
        }
      }
      continue;
    }
    const std::string indent(block.kind == Block::Kind::item ? std::size_t(block.depth) * 2 : 0, ' ');
    std::string mark = block.kind != Block::Kind::item ? "" : block.number > 0 ? fmt::format("{}. ", block.number) : block.number == 0 ? "• " : "  ";
    for (const std::string& line : wrapped(plain(block.runs), width - indent.size() - columns_of(mark))) {
      out += indent + mark + line + "\n";
      mark.assign(columns_of(mark), ' ');
    }
  }
  return out;
}

}  // namespace glasspost::learn

#include "sim/store/preview.h"

#include <algorithm>
#include <array>
#include <utility>

#include "protocol/base/text.h"
#include "protocol/mime/encoding.h"

namespace glasspost::sim {
namespace {

constexpr std::size_t most_characters = 200;
constexpr std::size_t looked_at = 64 * 1024;  // octets of the part, still encoded

// The first text: what is there in plain wins over the same in HTML (RFC 2046 section 5.1.4 has them side by side).
const mime::Part* first_text(const mime::Part& part, std::string_view subtype) {
  if (part.parts.empty()) return part.is("text", subtype) ? &part : nullptr;
  for (const mime::Part& inner : part.parts)
    if (const mime::Part* found = first_text(inner, subtype)) return found;
  return nullptr;
}

std::string text_of(const Content& content, const mime::Part& part) {
  std::string_view body = part.body.of(content.text());
  if (body.size() > looked_at) body = body.substr(0, body.rfind('\n', looked_at) == body.npos ? looked_at : body.rfind('\n', looked_at));
  const std::string decoded = mime::decode_body(body, part.encoding);
  std::string text = mime::to_utf8(decoded, mime::parameter(part.parameters, "charset").value_or("us-ascii")).value_or("");
  if (!text.empty()) return text;
  for (const char c : decoded) text += is_eight_bit(c) ? '?' : c;  // a charset that nobody here can read
  return text;
}

// Where an element whose content is not for reading ends.
std::size_t behind_element(std::string_view html, std::size_t at, std::string_view name) {
  for (std::size_t end = html.find("</", at); end != html.npos; end = html.find("</", end + 2))
    if (starts_with_ignoring_case(html.substr(end + 2), name)) return std::min(html.find('>', end), html.size() - 1) + 1;
  return html.size();
}

std::string without_markup(std::string_view html) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> entities = {
      {{"&nbsp;", " "}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&apos;", "'"}}};
  std::string text;
  for (std::size_t i = 0; i < html.size();) {
    if (html[i] == '<') {
      const std::string_view tag = html.substr(i + 1);
      text += ' ';
      if (tag.starts_with("!--")) {
        const auto end = html.find("-->", i);
        i = end == html.npos ? html.size() : end + 3;
        continue;
      }
      const auto silent = [&](std::string_view name) { return starts_with_ignoring_case(tag, name); };
      if (silent("style")) i = behind_element(html, i, "style");
      else if (silent("script")) i = behind_element(html, i, "script");
      else if (silent("title")) i = behind_element(html, i, "title");
      else i = std::min(html.find('>', i), html.size() - 1) + 1;
      continue;
    }
    const auto entity = std::find_if(entities.begin(), entities.end(), [&](const auto& one) { return html.substr(i).starts_with(one.first); });
    if (entity != entities.end()) {
      text += entity->second;
      i += entity->first.size();
    } else {
      text += html[i++];
    }
  }
  return text;
}

std::string without_quotes(std::string_view text) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with('>')) continue;
    if (line == "-- " || line == "-- \r") break;  // what follows is a signature
    (out += line) += '\n';
  }
  return out;
}

std::string first_words(std::string_view text) {
  std::string out;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size() && characters <= most_characters; ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    const bool space = octet <= ' ' || octet == 0x7f;
    if (space && (out.empty() || out.back() == ' ')) continue;
    if ((octet & 0xc0) != 0x80 && ++characters > most_characters) break;
    out += space ? ' ' : text[i];
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace

std::string preview_of(const Content& content) {
  const mime::Part& whole = content.structure();
  if (const mime::Part* plain = first_text(whole, "plain")) {
    const std::string text = text_of(content, *plain);
    const std::string words = first_words(without_quotes(text));
    return words.empty() ? first_words(text) : words;  // nothing but quotes is better than nothing
  }
  if (const mime::Part* html = first_text(whole, "html")) return first_words(without_markup(text_of(content, *html)));
  return {};
}

}  // namespace glasspost::sim

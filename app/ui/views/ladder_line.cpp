#include "app/ui/views/ladder_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/base/idn.h"
#include "protocol/dns/message.h"

namespace glasspost::ui {
namespace {

constexpr std::size_t widest = 240;            // characters that one row can show
constexpr std::size_t most_counted = 1 << 18;  // octets in which line ends are counted
constexpr std::string_view between = " · ";

// Printable text stays; other octets become a middle dot, for a row shows what was said and not how it is coded.
void append_printable(std::string& out, std::string_view octets) {
  for (const char c : octets) {
    const auto u = static_cast<unsigned char>(c);
    if (u == '\t') out += ' ';
    else if (u >= 0x20 && u < 0x7f) out += c;
    else if (u >= 0x80) out += c;
    else out += "·";
  }
}

// Octets beyond ASCII are shown only if they are UTF-8.
void append(std::string& out, std::string_view octets) {
  if (is_utf8(octets)) return append_printable(out, octets);
  for (const char c : octets) {
    const char one[] = {c};
    if (static_cast<unsigned char>(c) < 0x80) append_printable(out, {one, 1});
    else out += "·";
  }
}

// The beginning of the message, masked, with its line ends.
std::string beginning(const Conversation& conversation, const Message& message, std::size_t most) {
  const std::string_view text = conversation.text(message);
  std::string out;
  for (const Token& token : conversation.tokens(message)) {
    if (out.size() >= most) break;
    if (is_secret(token.role)) out += mask;
    else out += token.span.of(text).substr(0, most);
  }
  if (conversation.tokens(message).empty()) out += text.substr(0, most);
  return out;
}

std::size_t count_lines(std::string_view text) {
  if (text.size() > most_counted) return 0;
  std::size_t lines = std::size_t(std::count(text.begin(), text.end(), '\n'));
  if (!text.empty() && !text.ends_with('\n')) ++lines;
  return std::max<std::size_t>(1, lines);
}

std::string_view next_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// "250-one", "250-two", "250 three": the code once, and what the lines after the first offer.
bool is_smtp_reply(const Message& message) {
  return (message.protocol == Protocol::smtp || message.protocol == Protocol::lmtp) && message.from == Side::server;
}

std::string dns_text(std::string_view datagram) {
  const auto decoded = dns::decode(datagram);
  if (!decoded) return "?";
  std::string out;
  if (!decoded->questions.empty()) {
    const dns::Question& question = decoded->questions[0];
    out = dns::text_of(question.type) + " " + question.name;
    if (!decoded->response) return out + " ?";
  }
  if (decoded->code != dns::ResponseCode::no_error) return out + "  " + dns::text_of(decoded->code);
  std::string answers;
  for (const dns::Resource& answer : decoded->answers) {
    if (!answers.empty()) answers += between;
    if (const auto* mx = std::get_if<dns::MailExchange>(&answer.data)) answers += fmt::format("{} {}", mx->preference, mx->exchange);
    else if (const auto* four = std::get_if<dns::Address4>(&answer.data)) answers += four->text;
    else if (const auto* six = std::get_if<dns::Address6>(&answer.data)) answers += six->text;
    else if (const auto* name = std::get_if<dns::OneName>(&answer.data)) answers += name->name;
    else answers += dns::text_of(answer.type);
    if (answers.size() > widest) break;
  }
  if (decoded->questions.empty()) return answers;
  return dns::text_of(decoded->questions[0].type) + "  " + (answers.empty() ? "–" : answers);
}

std::string tls_text(const Conversation& conversation, const Message& message) {
  const std::string_view headline = conversation.headline(message);
  std::string out(headline.substr(headline.rfind('/') + 1));
  for (const Token& token : conversation.tokens(message))
    if (token.role == Role::tls_server_name) {
      out += "  SNI ";
      append(out, token.span.of(conversation.text(message)));
      break;
    }
  return out;
}

}  // namespace

LadderLine ladder_line(const Conversation& conversation, const Message& message) {
  if (message.protocol == Protocol::tls) return {tls_text(conversation, message), 1};
  if (message.protocol == Protocol::dns) return {dns_text(conversation.text(message)), 1};
  LadderLine line;
  line.lines = count_lines(conversation.text(message));
  const std::string shown = beginning(conversation, message, 4 * widest);
  std::string_view rest = shown;
  const bool coded = is_smtp_reply(message) && line.lines > 1;
  std::string_view first = next_line(rest);
  if (coded && !rest.empty() && first.size() > 3) append(line.text, first.substr(0, 3)), line.text += ' ';
  else append(line.text, first);
  bool any = !coded;
  while (!rest.empty() && line.text.size() < widest) {
    std::string_view next = next_line(rest);
    if (coded && next.size() > 4) next.remove_prefix(4);
    while (next.starts_with(' ') || next.starts_with('\t')) next.remove_prefix(1);
    if (next.empty() || (next == "." && rest.empty())) continue;  // the dot that ends it is no content
    if (any) line.text += between;
    any = true;
    append(line.text, next);
  }
  return line;
}

std::vector<std::string> unfolded_lines(const Conversation& conversation, const Message& message, std::size_t most) {
  const std::string shown = beginning(conversation, message, most * 1000);
  std::string_view rest = shown;
  std::vector<std::string> lines;
  while (!rest.empty() && lines.size() < most) append(lines.emplace_back(), next_line(rest).substr(0, widest));
  return lines;
}

Overwritten overwritten_line(const Conversation& conversation, MessageId id) {
  std::string_view heard = conversation.heard(id), said = conversation.text(conversation.message(id));
  while (!heard.empty()) {
    const std::size_t end = std::min(heard.find('\n'), heard.size() - 1) + 1;
    Overwritten line{said.substr(0, end), heard.substr(0, end)};
    if (line.said != line.heard) {
      for (std::string_view* one : {&line.said, &line.heard})
        while (one->ends_with('\n') || one->ends_with('\r')) one->remove_suffix(1);
      return line;
    }
    heard.remove_prefix(end);
    said.remove_prefix(std::min(said.size(), end));
  }
  return {};
}

}  // namespace glasspost::ui

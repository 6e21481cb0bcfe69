#include "app/net/maildir_names.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "protocol/base/text.h"
#include "protocol/imap/utf7.h"

namespace glasspost::app::maildir {
namespace {

constexpr std::string_view our_mark = ".glasspost,";
constexpr std::string_view info_mark = ":2,";
constexpr int letters_for_keywords = 26;

struct Letter {
  char letter;
  sim::Flags flag;
};
constexpr Letter system_letters[] = {{'D', sim::flag::draft},
                                     {'F', sim::flag::flagged},
                                     {'R', sim::flag::answered},
                                     {'S', sim::flag::seen},
                                     {'T', sim::flag::deleted}};

template <class Number>
std::optional<Number> number(std::string_view text, int base = 10) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// What stands behind ",U=" in the name.
std::optional<std::string_view> field(std::string_view base, std::string_view key) {
  const auto at = base.find(key);
  if (at == base.npos) return std::nullopt;
  const auto begin = at + key.size();
  return base.substr(begin, base.find(',', begin) - begin);
}

std::string without(std::string_view base, std::string_view key) {
  std::string out(base);
  if (const auto at = out.find(key); at != out.npos) out.erase(at, std::min(out.find(',', at + 1), out.size()) - at);
  return out;
}

}  // namespace

std::optional<std::string> folder_name(std::string_view mailbox) {
  std::string text;
  for (const char c : mailbox) {
    if (c == '/') text += '.';
    else if (c == '.') text += "\\2e";
    else if (c == '\\') text += "\\5c";
    else text += c;
  }
  auto wire = imap::utf7_encode(text);
  if (!wire) return std::nullopt;
  return std::move(*wire);
}

std::optional<std::string> mailbox_name(std::string_view folder) {
  const auto text = imap::utf7_decode(folder);
  if (!text) return std::nullopt;
  std::string name;
  for (std::size_t i = 0; i < text->size(); ++i) {
    const char c = (*text)[i];
    if (c == '/') return std::nullopt;
    if (c == '.') name += '/';
    else if (text->compare(i, 3, "\\2e") == 0) name += '.', i += 2;
    else if (text->compare(i, 3, "\\5c") == 0) name += '\\', i += 2;
    else name += c;
  }
  if (name.empty() || name.front() == '/' || name.back() == '/' || name.find("//") != name.npos) return std::nullopt;
  return name;
}

MessageName parse_message_name(std::string_view path) {
  MessageName name;
  name.in_new = path.starts_with("new/");
  const auto slash = path.find('/');
  std::string_view file = slash == path.npos ? path : path.substr(slash + 1);
  if (const auto info = file.rfind(info_mark); info != file.npos) {
    for (const char c : file.substr(info + info_mark.size())) {
      const auto known = std::find_if(std::begin(system_letters), std::end(system_letters),
                                      [c](const Letter& letter) { return letter.letter == c; });
      if (known != std::end(system_letters)) name.flags |= known->flag;
      else if (c >= 'a' && c <= 'z') name.flags |= sim::Flags{1} << (sim::flag::first_keyword + (c - 'a'));
      else if (c != ',') name.other_letters += c;
    }
    file = file.substr(0, info);
  }
  name.ours = file.find(our_mark) != file.npos;
  if (const auto text = field(file, ",K=")) {
    if (const auto bits = number<sim::Flags>(*text, 16))
      name.flags |= *bits << (sim::flag::first_keyword + letters_for_keywords);
  }
  name.base = without(file, ",K=");
  if (const auto text = field(file, ",U=")) name.uid = number<sim::Uid>(*text);
  if (const auto text = field(file, ",S=")) name.file_size = number<std::uint64_t>(*text);
  if (const auto text = field(file, ",W=")) name.letter_size = number<std::uint64_t>(*text);
  if (name.uid == sim::Uid{0}) name.uid.reset();
  if (const auto seconds = to_u32(file.substr(0, file.find('.'))); seconds && *seconds > 0)
    name.saved = Instant(std::chrono::seconds(*seconds));
  return name;
}

std::string base_name(Instant at, int process, std::uint64_t count, sim::Uid uid, std::uint64_t file_size,
                      std::optional<std::uint64_t> letter_size) {
  const auto micros = at.time_since_epoch().count();
  std::string name = fmt::format("{}.M{}P{}Q{}.glasspost,U={},S={}", micros / 1'000'000, micros % 1'000'000, process, count,
                                 uid, file_size);
  if (letter_size) name += fmt::format(",W={}", *letter_size);
  return name;
}

std::string with_uid(std::string_view base, sim::Uid uid) { return fmt::format("{},U={}", without(base, ",U="), uid); }

std::string path_of(const MessageName& name) {
  if (name.in_new && name.flags == 0 && name.other_letters.empty()) return "new/" + name.base;
  std::string letters = name.other_letters;
  for (const Letter& letter : system_letters)
    if (name.flags & letter.flag) letters += letter.letter;
  const sim::Flags keywords = name.flags >> sim::flag::first_keyword;
  for (int i = 0; i < letters_for_keywords; ++i)
    if (keywords >> i & 1) letters += char('a' + i);
  std::sort(letters.begin(), letters.end());
  const sim::Flags more = keywords >> letters_for_keywords;
  return fmt::format("cur/{}{}:2,{}", name.base, more ? fmt::format(",K={:x}", more) : "", letters);
}

std::optional<std::string> with_local_line_ends(std::string_view letter) {
  std::string out;
  out.reserve(letter.size());
  for (std::size_t begin = 0;;) {
    const auto end = letter.find('\n', begin);
    if (end == letter.npos) return out.append(letter.substr(begin));
    if (end == begin || letter[end - 1] != '\r') return std::nullopt;
    out.append(letter.substr(begin, end - 1 - begin)).append(1, '\n');
    begin = end + 1;
  }
}

std::string with_crlf_line_ends(std::string_view file) {
  std::string out;
  out.reserve(file.size() + file.size() / 32);
  for (std::size_t begin = 0;;) {
    const auto end = file.find('\n', begin);
    if (end == file.npos) return out.append(file.substr(begin));
    out.append(file.substr(begin, end - begin)).append("\r\n");
    begin = end + 1;
  }
}

std::string text_of(const sim::Annotations& annotations) {
  std::string text;
  for (const auto& [entry, value] : annotations) ((text += entry + ' ') += base64_encode(value)) += '\n';
  return text;
}

sim::Annotations parse_annotations(std::string_view text) {
  sim::Annotations annotations;
  for (const std::string_view line : split(text, '\n')) {
    const auto space = line.find(' ');
    if (space == line.npos) continue;
    if (auto value = base64_decode(line.substr(space + 1))) annotations.emplace(line.substr(0, space), std::move(*value));
  }
  return annotations;
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t went = ::write(file, text.data(), text.size());
    if (went < 0 && errno == EINTR) continue;
    if (went <= 0) return false;
    text.remove_prefix(std::size_t(went));
  }
  return true;
}

}  // namespace glasspost::app::maildir

// Address lists: RFC 5322 sections 3.4 and 4.4.
#include <algorithm>

#include "protocol/base/text.h"
#include "protocol/mime/header.h"

namespace glasspost::mime {
namespace {

constexpr bool is_special(char c) { return std::string_view("<>@,;:").find(c) != std::string_view::npos; }
constexpr bool is_white(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
constexpr bool is_atext(char c) {
  return is_alnum(c) || is_eight_bit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

// Reads words (atoms, dots, quoted strings, domain literals) up to the next special.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  AddressList read() {
    while (out_.size() < address_limit) {
      const char special = words();
      switch (special) {
        case ':': begin_group(); break;
        case '<': angle(); break;
        case '@': plain_address(); break;
        default: bare_word(special); break;
      }
      if (special == '\0') break;
    }
    if (in_group_) out_.push_back({});
    return std::move(out_);
  }

 private:
  // The words before the next special, which is taken and returned; '\0' at the end of the text.
  char words() {
    words_.clear();
    compact_.clear();
    bool gap = false;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (is_white(c)) {
        gap = true;
        ++at_;
      } else if (c == '(') {
        comment();
        gap = true;
      } else if (is_special(c)) {
        ++at_;
        return c;
      } else {
        if (gap && !words_.empty()) words_ += ' ';
        gap = false;
        const std::size_t before = words_.size();
        if (c == '"') quoted();
        else if (c == '[') literal();
        else words_ += text_[at_++];
        compact_.append(words_, before);
      }
    }
    return '\0';
  }

  // RFC 5322 section 3.2.2; nested as deep as it likes, without recursion.
  void comment() {
    comment_.clear();
    int depth = 0;
    do {
      const char c = text_[at_++];
      if (c == '(' && depth++ == 0) continue;
      if (c == ')' && --depth == 0) return;
      if (c == '\\' && at_ < text_.size()) comment_ += text_[at_++];
      else if (c != '\r' && c != '\n') comment_ += c;
    } while (at_ < text_.size());
  }

  void quoted() {
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      if (text_[at_] != '\r' && text_[at_] != '\n') words_ += text_[at_];
      ++at_;
    }
    if (at_ < text_.size()) ++at_;
  }

  void literal() {
    while (at_ < text_.size() && text_[at_] != ']') {
      if (!is_white(text_[at_])) words_ += text_[at_];
      ++at_;
    }
    if (at_ < text_.size()) words_ += text_[at_++];
  }

  void begin_group() {
    if (in_group_) return;  // a stray colon
    out_.push_back({std::nullopt, std::nullopt, words_, std::nullopt});
    in_group_ = true;
  }

  // [display-name] "<" [route ":"] addr-spec ">"
  void angle() {
    Address address;
    comment_.clear();
    if (!words_.empty()) address.name = std::move(words_);
    char special = words();
    std::string route;
    while ((special == '@' || special == ',') && compact_.empty()) {
      if (special == '@') {
        special = words();
        if (!route.empty()) route += ',';
        route += '@' + compact_;
        if (special == ':') {
          address.route = std::move(route);
          special = words();
          break;
        }
        if (special != ',') break;
        compact_.clear();
      } else {
        special = words();
      }
    }
    address.mailbox = compact_;
    address.host.emplace();
    if (special == '@') {
      special = words();
      address.host = compact_;
    }
    while (special != '>' && special != '\0') special = words();
    out_.push_back(std::move(address));
    up_to_separator();
  }

  // addr-spec without angle brackets; a comment beside it is the old way to say a name.
  void plain_address() {
    Address address;
    address.mailbox = std::move(compact_);
    const char special = words();
    address.host = compact_;
    if (special == '<') {  // "alice@example.com <alice@example.com>": the first is meant as a name
      words_ = *address.mailbox + '@' + *address.host;
      angle();
      return;
    }
    if (!comment_.empty()) address.name = std::move(comment_);
    comment_.clear();
    out_.push_back(std::move(address));
    separator(special);
  }

  // No special that makes an address of them: "root", as local mail programs write it.
  void bare_word(char special) {
    if (!compact_.empty() && special != '>') {
      Address address;
      if (!comment_.empty()) address.name = std::move(comment_);
      address.mailbox = std::move(compact_);
      address.host.emplace();
      out_.push_back(std::move(address));
    }
    comment_.clear();
    if (special == ';') end_group();
  }

  void up_to_separator() {
    char special;
    do special = words();
    while (special != ',' && special != ';' && special != '\0');
    comment_.clear();
    separator(special);
  }

  void separator(char special) {
    if (special == ';') end_group();
    else if (special != ',' && special != '\0') --at_;
  }

  void end_group() {
    if (in_group_) out_.push_back({});
    in_group_ = false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  AddressList out_;
  bool in_group_ = false;
  std::string words_;    // with one space where there was any
  std::string compact_;  // without: what a local part or a domain is
  std::string comment_;  // the last one
};

}  // namespace

AddressList parse_addresses(std::string_view value) { return Reader(value).read(); }

namespace {

bool is_dot_atom(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.' || text.find("..") != text.npos) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_atext(c) || c == '.'; });
}

// A quoted string that cannot leave its header field.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\r' || c == '\n' || c == '\0') continue;
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

std::string to_text(const Address& address) {
  if (address.ends_group()) return ";";
  const std::string_view mailbox = address.mailbox ? std::string_view(*address.mailbox) : "";
  if (address.begins_group()) return (is_dot_atom(mailbox) ? std::string(mailbox) : quoted(mailbox)) + ":";
  std::string spec = is_dot_atom(mailbox) ? std::string(mailbox) : quoted(mailbox);
  if (!address.host->empty()) {
    spec += '@';
    for (const char c : *address.host)
      if (is_printable(c) || is_eight_bit(c)) spec += c;
  }
  if (!address.name || address.name->empty()) return spec;
  const bool atoms = std::all_of(address.name->begin(), address.name->end(), [](char c) { return is_atext(c) || c == ' '; });
  return (atoms ? *address.name : mime::quoted(*address.name)) + " <" + spec + ">";
}

}  // namespace glasspost::mime

#include "protocol/explain.h"

#include <algorithm>

#include "protocol/base/text.h"
#include "protocol/dns/message.h"
#include "protocol/tls/names.h"

namespace glasspost {

void Catalogue::add(std::string key, Words words) { words_.insert_or_assign(std::move(key), std::move(words)); }

const Words* Catalogue::find(std::string_view key) const {
  const auto found = words_.find(key);
  return found == words_.end() ? nullptr : &found->second;
}

std::vector<std::string_view> Catalogue::keys() const {
  std::vector<std::string_view> keys;
  keys.reserve(words_.size());
  for (const auto& [key, words] : words_) keys.push_back(key);
  return keys;
}

namespace {

std::string in_hexadecimal(std::string_view octets) {
  std::string digits;
  for (const char octet : octets) {
    digits += "0123456789ABCDEF"[static_cast<unsigned char>(octet) >> 4];
    digits += "0123456789ABCDEF"[octet & 15];
  }
  return digits;
}

// Fields of DNS and TLS are no text: their numbers have names.
std::string keyword(Role role, std::string_view text) {
  if (role == Role::dns_flags) return in_hexadecimal(text);
  if (const auto name = tls_token_name(role, text); !name.empty()) return to_upper(name);
  if (std::all_of(text.begin(), text.end(), is_printable)) return to_upper(text);
  if (role >= Role::tls_content_type) return in_hexadecimal(text);
  if (role >= Role::dns_id) return to_upper(dns::text_of(text, {{0, std::uint32_t(text.size())}, role}));
  return to_upper(text);
}

}  // namespace

const Words* explain(const Catalogue& catalogue, Role role, std::string_view token_text) {
  const std::string name(name_of(role));
  // A long token is no keyword, and a secret's text must not even be looked up.
  if (token_text.size() <= 64 && !is_secret(role)) {
    for (std::string word = keyword(role, token_text); !word.empty();) {
      if (const Words* words = catalogue.find(name + "/" + word)) return words;
      const auto cut = word.find_last_of("=.:");
      word.resize(cut == word.npos ? 0 : cut);
    }
  }
  return catalogue.find(name);
}

const Words* explain_refusal(const Catalogue& catalogue, Protocol protocol, std::string_view command,
                             std::string_view hindrance) {
  const std::string refused = "refused/" + std::string(lower_name_of(protocol)) + "/";
  const std::string by_command = refused + std::string(command), by_state = refused + std::string(hindrance);
  for (const std::string& key : {by_command + "/" + std::string(hindrance), by_state, by_command})
    if (const Words* words = catalogue.find(key)) return words;
  return nullptr;
}

std::string fill(std::string_view pattern, std::initializer_list<Filling> fillings) {
  std::string out;
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    out += pattern.substr(0, open);
    if (open == pattern.npos) break;
    pattern.remove_prefix(open);
    const auto close = pattern.find('}');
    bool filled = false;
    if (close != pattern.npos) {
      for (const Filling& filling : fillings) {
        if (pattern.substr(1, close - 1) != filling.name) continue;
        out += filling.value;
        pattern.remove_prefix(close + 1);
        filled = true;
        break;
      }
    }
    if (!filled) {
      out += '{';
      pattern.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace glasspost

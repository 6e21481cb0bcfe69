#include "protocol/explain.h"

#include "protocol/base/text.h"

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

constexpr bool is_binary(Role role) { return role >= Role::dns_id; }

std::string keyword(Role role, std::string_view token_text) {
  if (!is_binary(role)) return to_upper(token_text);
  std::string digits;
  for (const char octet : token_text) {
    digits += "0123456789ABCDEF"[static_cast<unsigned char>(octet) >> 4];
    digits += "0123456789ABCDEF"[octet & 15];
  }
  return digits;
}

}  // namespace

const Words* explain(const Catalogue& catalogue, Role role, std::string_view token_text) {
  std::string key(name_of(role));
  // A long token is no keyword, and a secret's text must not even be looked up.
  if (token_text.size() <= 64 && !is_secret(role)) {
    if (const Words* words = catalogue.find(key + "/" + keyword(role, token_text))) return words;
  }
  return catalogue.find(key);
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

// The words of the window and of the command line, from assets/strings/{en,es}.yaml. Both languages are
// loaded, so that the language can change between two frames.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "app/words/assets.h"
#include "protocol/base/time.h"
#include "protocol/explain.h"
#include "protocol/kinds.h"

namespace glasspost {

class Strings {
 public:
  static AssetResult<Strings> load(const std::filesystem::path& assets);

  Language language() const { return language_; }
  void speak(Language language) { language_ = language; }

  // A key that is not there is shown as itself, and remembered in missing() for tests to find. The view lives
  // as long as this object (a missing key's: as long as the key) and ends with a NUL.
  std::string_view operator()(std::string_view key) const;
  // "{n} of {total}" with its names put in; what is put in as {reason} goes through reason() first.
  std::string operator()(std::string_view key, std::initializer_list<Filling>) const;
  // "ladder.messages" has two texts, "ladder.messages.one" and "ladder.messages.many"; {n} is the number.
  std::string count(std::string_view key, std::uint64_t n, std::initializer_list<Filling> = {}) const;
  // What the kernel and the lower rooms say of a failure is English: "No such file or directory". The same in the language that
  // is spoken, if the strings know it (reason.…, by its English text; "{what}" there is any text, a reason itself perhaps).
  std::string reason(std::string_view english) const;
  // As people write it: "49,374", "49 374" (with a no-break space). Four digits stay together.
  std::string number(std::uint64_t) const;
  // "2.4 s", "2,4 s".
  std::string duration(Duration) const;

  bool has(std::string_view key) const;
  std::set<std::string> keys(Language) const;
  const std::set<std::string, std::less<>>& missing() const { return missing_; }

 private:
  using Texts = std::map<std::string, std::string, std::less<>>;
  const Texts& texts() const { return texts_[std::size_t(language_)]; }

  std::array<Texts, 2> texts_;  // by Language
  Language language_ = Language::english;
  mutable std::set<std::string, std::less<>> missing_;
};

}  // namespace glasspost

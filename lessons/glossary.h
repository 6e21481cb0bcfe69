// The words of the course, one for one thing, in both languages: assets/lessons/glossary.yaml.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "lessons/lesson.h"

namespace glasspost::lessons {

struct Term {
  struct Said {
    std::string word;                  // "envelope", "sobre"
    std::vector<std::string> forms;    // by which it is known in prose: "envelope", "envelopes"; none: in the glossary only
    std::string means;                 // a few plain words, no sentence
  };
  std::string id;
  Said english, spanish;
  std::string lesson;                  // where it is met; empty: none in particular
  std::string rfc;                     // "RFC 5321 §2.3.1": where it is defined, or used so; empty: nowhere
  const Said& in(Language language) const { return language == Language::spanish ? spanish : english; }
};

// In the order of the file.
tl::expected<std::vector<Term>, LessonError> read_glossary(const std::filesystem::path& file);

// Where a term stands in a text, whatever the case: whole words only, the longest that fits. Nothing: there is none from `from` on.
struct Mention {
  std::size_t begin = 0, size = 0, term = 0;
};
std::optional<Mention> next_mention(const std::vector<Term>&, Language, std::string_view text, std::size_t from);

}  // namespace glasspost::lessons

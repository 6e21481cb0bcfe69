// Looking for words in lessons: whatever case and accents, every word that was asked for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lessons/lesson.h"

namespace glasspost::learn {

struct Found {
  std::string section;   // "title", "step.connect"
  std::string excerpt;   // around the first word, without marks; empty if the title has it
};
// Where the lesson speaks of it: its title first, then its prose in this language. An empty query is found nowhere.
std::optional<Found> find_in(const lessons::Lesson&, Language, std::string_view query);
// All words of the query are in the text.
bool has_words(std::string_view text, std::string_view query);

// Small letters without accents, for comparing: "Expiración" is "expiracion".
std::string folded(std::string_view utf8);

}  // namespace glasspost::learn

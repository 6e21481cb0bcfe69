// Goals in words, for both languages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/learn/markdown.h"
#include "app/words/strings.h"
#include "lessons/standing.h"

namespace glasspost::learn {

// "220 2.0.0", "2 of 5", "no connection", "3 letters"
std::string value_of(const lessons::GoalStanding&, const Strings&);
// "reached", "to be reached", "holds", "should be 0", "never", "it happened"
std::string kind_of(const lessons::GoalStanding&, const Strings&);
// The first paragraph of a step's section, and what follows it.
std::vector<Run> step_title(const lessons::Lesson&, const lessons::Step&, Language);
std::vector<Block> step_prose(const lessons::Lesson&, const lessons::Step&, Language);
std::string title_of(const lessons::Lesson&, Language);
// What an act is, for people who look at a solution: "EHLO me", "laptop → mail.example.com:25".
std::string act_in_words(const lessons::Act&, const lessons::Lesson&, const Strings&);

}  // namespace glasspost::learn

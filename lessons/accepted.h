// The letters that a server took on a connection, each with the envelope it came in and what its headers say.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/answers.h"
#include "lessons/goal.h"
#include "protocol/conversation.h"

namespace glasspost::lessons {

struct AcceptedLetter {
  Answer answer;                        // to the letter itself, with a 250
  std::string sender;                   // the paths' addresses, in small letters: RFC 5321 section 4.1.1.2
  std::vector<std::string> recipients;
  std::set<std::string> to, from;       // To and Cc together; small letters, too
  std::string subject;
  std::string_view content;             // of the conversation
};
std::vector<AcceptedLetter> accepted_letters(const Conversation&);

bool fits(const Envelope& wanted, const AcceptedLetter&);
bool contains_ignoring_case(std::string_view text, std::string_view part);

}  // namespace glasspost::lessons

// A transcript's messages explained, token by token: for a person's eyes, and as JSON for programs.
#pragma once

#include <string>
#include <vector>

#include "app/export/transcript.h"
#include "app/words/strings.h"
#include "protocol/explain.h"

namespace glasspost {

struct Explained {
  Protocol protocol = Protocol::smtp;
  bool guessed = false;
  std::vector<TranscriptMessage> messages;
};

std::string explanation_text(const Explained&, const Strings&, const Catalogue&, bool colour);
std::string explanation_json(const Explained&, const Strings&, const Catalogue&);

// "something else belongs here: the end of the line (CRLF)"
std::string problem_sentence(const Error&, const Catalogue&);

}  // namespace glasspost

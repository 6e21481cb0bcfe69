// How the answers of a login in a transcript come about: CRAM-MD5 and SCRAM, step by step, for a person's eyes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/export/transcript.h"
#include "app/words/strings.h"
#include "protocol/explain.h"
#include "protocol/sasl/steps.h"

namespace glasspost {

// What was said in one login, decoded. The first that is found among the lines, of any of the protocols.
struct LoginTalk {
  sasl::Mechanism mechanism = sasl::Mechanism::plain;
  std::vector<std::string> challenges, answers;  // in order; an initial response is the first answer
  std::size_t line = 0;                          // of the file, where it begins
};
std::optional<LoginTalk> login_in(const std::vector<TranscriptLine>&);

// The steps, each with what it is. `password`: empty: what can be said without. Secrets are masked unless `secrets`. Where the
// client's own answer is among the lines, whether the password gives the same. Nothing: the mechanism has no steps to show, or
// its messages could not be read; then `problem` says why, if it is not null.
std::optional<std::string> login_text(const LoginTalk&, std::string_view password, bool secrets, const Strings&, const Catalogue&,
                                      std::optional<Error>* problem = nullptr);

}  // namespace glasspost

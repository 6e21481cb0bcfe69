// Explanations from disk: assets/words/<en|es>/*.yaml.
//
//   smtp_verb/AUTH:                                   the key, as protocol/explain.h finds it
//     what: "the command: log in, by a mechanism named next"
//     why: Legal after EHLO, once, outside a transaction.
//     other: …                                        may be left out
//     source: RFC 4954 §4                             may be left out
//   say/smtp/AUTH: "{client} asks to log in"          a text alone is the `what`
#pragma once

#include <filesystem>

#include "app/words/assets.h"
#include "protocol/explain.h"
#include "protocol/kinds.h"

namespace glasspost {

// "en", "es": the directories' and the command line's names for the languages.
std::string_view code_of(Language);

// All files of one language. Keys are unique across its files.
AssetResult<Catalogue> load_catalogue(const std::filesystem::path& assets, Language);

}  // namespace glasspost

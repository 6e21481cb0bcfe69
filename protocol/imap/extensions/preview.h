// PREVIEW: the first words of a message, for a list of messages. RFC 8970.
//
//   fetch-att       =/ "PREVIEW" [SP "(" preview-mod *(SP preview-mod) ")"]
//   preview-mod     =  "LAZY"
//   msg-att-dynamic =/ "PREVIEW" SP nstring                             section 6
//
// NIL only for LAZY: it is not ready at once. Empty: there are no words in it.
#pragma once

#include <array>

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

class Reader;

bool parse_lazy(Reader&);  // " (LAZY)" if it stands here

inline constexpr std::array<std::string_view, 2> preview_arguments = {"PREVIEW", "LAZY"};
inline constexpr std::array<std::string_view, 1> preview_responses = {"PREVIEW"};
inline constexpr ExtensionRow preview_row{.id = Extension::preview,
                                          .name = "PREVIEW",
                                          .source = "RFC 8970",
                                          .arguments = preview_arguments,
                                          .responses = preview_responses};

}  // namespace glasspost::imap

// The rules of single responses, one file per family. Each begins behind the response's name. Private to this folder.
#pragma once

#include "protocol/imap/reader.h"
#include "protocol/imap/response.h"

namespace glasspost::imap {

// response.cpp
IdFields id_params_list(Reader&);
std::optional<char> delimiter(Reader&);  // DQUOTE QUOTED-CHAR DQUOTE / nil
// response_fetch.cpp
FetchData parse_fetch_data(Reader&, std::uint32_t sequence);
void skip_value(Reader&, Role);  // one value of a kind that we do not know
// response_structure.cpp
mime::Envelope parse_envelope(Reader&);
mime::Part parse_body(Reader&);

}  // namespace glasspost::imap

// ENVELOPE and BODYSTRUCTURE as IMAP writes them. RFC 3501 section 7.4.2.
#pragma once

#include <string>

#include "protocol/mime/structure.h"

namespace glasspost::imap {

void write_envelope(std::string& out, const mime::Envelope&);
// `extended`: BODYSTRUCTURE, with extension data; else BODY.
void write_structure(std::string& out, const mime::Part&, bool extended);

}  // namespace glasspost::imap

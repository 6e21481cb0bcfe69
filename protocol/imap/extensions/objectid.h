// OBJECTID: names that outlive renaming and moving, for a mailbox, a message's content and a conversation. RFC 8474 section 7.
//
//   capability          =/ "OBJECTID"
//   fetch-att           =/ "EMAILID" / "THREADID"
//   fetch-emailid-resp  =  "EMAILID" SP "(" objectid ")"
//   fetch-threadid-resp =  "THREADID" SP ( "(" objectid ")" / nil )
//   msg-att-static      =/ fetch-emailid-resp / fetch-threadid-resp
//   objectid            =  1*255(ALPHA / DIGIT / "_" / "-")             case matters
//   resp-text-code      =/ "MAILBOXID" SP "(" objectid ")"              behind CREATE, and untagged behind SELECT and EXAMINE
//   search-key          =/ "EMAILID" SP objectid / "THREADID" SP objectid
//   status-att          =/ "MAILBOXID"
//   status-att-val      =/ "MAILBOXID" SP "(" objectid ")"
//
// Where they come from: sim/store/objectid.h.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/imap/extensions.h"
#include "protocol/token.h"

namespace glasspost::imap {

class Reader;

std::string parse_objectid(Reader&, Role);
std::string parse_objectid_in_parentheses(Reader&, Role);               // at the parenthesis
std::optional<std::string> parse_optional_objectid(Reader&, Role);      // or nil
void write_objectid(std::string& out, const std::optional<std::string>& id);  // "(F2212ea87)"; nothing: NIL

inline constexpr std::array<std::string_view, 3> objectid_words = {"EMAILID", "THREADID", "MAILBOXID"};
inline constexpr ExtensionRow objectid_row{.id = Extension::objectid,
                                           .name = "OBJECTID",
                                           .source = "RFC 8474",
                                           .arguments = objectid_words,
                                           .responses = objectid_words};

}  // namespace glasspost::imap

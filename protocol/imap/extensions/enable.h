// ENABLE: a client says which extensions it understands, where a server must not use them unasked. RFC 5161.
//
//   capability    =/ "ENABLE"
//   command-auth  =/ "ENABLE" 1*(SP capability)
//   response-data =/ "*" SP enable-data CRLF
//   enable-data   =  "ENABLED" *(SP capability)                               section 4
//
// What it did holds until the connection ends. The capabilities stay as they are (section 3.1).
#pragma once

#include <array>
#include <string>
#include <vector>

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

class Reader;

struct Enable {
  std::vector<std::string> names;  // in capitals, as asked for: a server passes over what it cannot enable
};
struct EnabledData {
  std::vector<std::string> names;  // of those asked for now; none: nothing was enabled
};

Enable parse_enable(Reader&);            // behind the verb
void write(std::string& out, const Enable&);
EnabledData parse_enabled(Reader&);      // behind "ENABLED"
void write_enabled(std::string& out, ExtensionSet enabled_now);  // the whole untagged response

// Those of the names that ENABLE can switch on here, with what they switch on by themselves. RFC 5161 section 3.1.
ExtensionSet enabled_by(const Enable&, ExtensionSet offered);

inline constexpr std::array<std::string_view, 1> enable_commands = {"ENABLE"};
inline constexpr std::array<std::string_view, 1> enable_responses = {"ENABLED"};
inline constexpr ExtensionRow enable_row{.id = Extension::enable,
                                         .name = "ENABLE",
                                         .source = "RFC 5161",
                                         .advertised = Advertised::always,
                                         .commands = enable_commands,
                                         .responses = enable_responses};

}  // namespace glasspost::imap

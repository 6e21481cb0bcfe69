// COMPRESS=DEFLATE: all that is said on a connection, compressed. RFC 4978 section 5.
//
//   capability     =/ "COMPRESS=" algorithm
//   command-auth   =/ compress
//   compress       =  "COMPRESS" SP algorithm
//   algorithm      =  "DEFLATE"                                        RFC 1951, without a header
//   resp-text-code =/ "COMPRESSIONACTIVE"
//
// A server compresses from behind the CRLF of its OK on, a client from its next command on, which it may not say before it has
// heard that. It is the endpoint that does it (protocol/endpoint.h), above TLS: first compressed, then encrypted.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

class Reader;

struct Compress {
  std::string algorithm;  // in capitals; "DEFLATE" is the only one
};
Compress parse_compress(Reader&);  // behind the verb
void write(std::string& out, const Compress&);

inline constexpr std::array<std::string_view, 1> compress_commands = {"COMPRESS"};
inline constexpr std::array<std::string_view, 1> compress_arguments = {"DEFLATE"};
inline constexpr std::array<std::string_view, 1> compress_responses = {"COMPRESSIONACTIVE"};
inline constexpr ExtensionRow compress_row{.id = Extension::compress,
                                           .name = "COMPRESS=DEFLATE",
                                           .source = "RFC 4978",
                                           .commands = compress_commands,
                                           .arguments = compress_arguments,
                                           .responses = compress_responses};

}  // namespace glasspost::imap

// METADATA: notes about a mailbox, or about the server. RFC 5464.
//
//   getmetadata  = "GETMETADATA" [SP getmetadata-options] SP mailbox SP entries        section 5
//   getmetadata-options = "(" getmetadata-option *(SP getmetadata-option) ")"          the examples have them behind the mailbox
//   getmetadata-option  = "MAXSIZE" SP number / "DEPTH" SP ("0" / "1" / "infinity")
//   entries      = entry / "(" entry *(SP entry) ")"
//   setmetadata  = "SETMETADATA" SP mailbox SP "(" entry SP value *(SP entry SP value) ")"
//   value        = nstring / literal8
//   metadata-resp = "METADATA" SP mailbox SP ("(" entry SP value *(SP entry SP value) ")" / entry *(SP entry))
//   resp-text-code =/ "METADATA" SP ("LONGENTRIES" SP number / "MAXSIZE" SP number / "TOOMANY" / "NOPRIVATE")
//
// The empty name is the server. Entries are in small letters here: "/private/comment", "/shared/comment".
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

class Reader;
struct WritingStyle;

enum class MetadataDepth : std::uint8_t { itself, children, everything };
struct GetMetadata {
  std::string mailbox;
  std::vector<std::string> entries;
  std::optional<std::uint32_t> max_size;
  MetadataDepth depth = MetadataDepth::itself;
};
using MetadataValues = std::vector<std::pair<std::string, std::optional<std::string>>>;
struct SetMetadata {
  std::string mailbox;
  MetadataValues values;  // nothing: remove it
};
struct MetadataData {
  std::string mailbox;
  MetadataValues values;
  std::vector<std::string> changed;  // told unasked, without values
};

GetMetadata parse_get_metadata(Reader&);
SetMetadata parse_set_metadata(Reader&);
MetadataData parse_metadata(Reader&);
void write(std::string& out, const GetMetadata&, const WritingStyle&);
void write(std::string& out, const SetMetadata&, const WritingStyle&);
void write(std::string& out, const MetadataData&, const WritingStyle&);  // the whole untagged response

inline constexpr std::array<std::string_view, 2> metadata_commands = {"GETMETADATA", "SETMETADATA"};
inline constexpr std::array<std::string_view, 2> metadata_arguments = {"MAXSIZE", "DEPTH"};
inline constexpr std::array<std::string_view, 1> metadata_responses = {"METADATA"};
inline constexpr ExtensionRow metadata_row{.id = Extension::metadata,
                                           .name = "METADATA",
                                           .source = "RFC 5464",
                                           .commands = metadata_commands,
                                           .arguments = metadata_arguments,
                                           .responses = metadata_responses};

}  // namespace glasspost::imap

// APPEND of several messages at once (MULTIAPPEND, RFC 3502), of how many octets (APPENDLIMIT, RFC 7889), and in place of
// another (REPLACE, RFC 8508).
//
//   append          =  "APPEND" SP mailbox 1*append-message                       RFC 3502
//   append-message  =  [SP flag-list] [SP date-time] SP (literal / literal8 / utf8-literal)      literal8: RFC 3516 section 7
//   resp-code-apnd  =  "APPENDUID" SP nz-number SP set
//   capability      =/ "APPENDLIMIT" ["=" number]                                 RFC 7889 section 5
//   status-att      =/ "APPENDLIMIT";  its value is number / nil
//   replace         =  "REPLACE" SP seq-number SP mailbox append-message          RFC 8508 section 5
//   uid             =/ "UID" SP replace
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "protocol/imap/date.h"
#include "protocol/imap/extensions.h"
#include "protocol/imap/sequence_set.h"

namespace glasspost::imap {

class Reader;
struct WritingStyle;

struct AppendMessage {
  std::vector<std::string> flags;
  std::optional<DateTime> date;
  std::string text;
  bool binary = false;               // literal8: any octet may be in it
  bool utf8 = false;                 // "UTF8 (literal8)": its headers may be UTF-8 (utf8_accept.h)
};
struct Append {
  std::string mailbox;
  std::vector<AppendMessage> messages;  // one, or with MULTIAPPEND several: all of them or none
};
Append parse_append_command(Reader&);   // behind the verb
void write(std::string& out, const Append&, const WritingStyle&);

struct Replace {
  bool uid = false;
  SequenceSet message;                  // one number, or "*"
  std::string mailbox;                  // where the new one goes
  AppendMessage with;
};
Replace parse_replace_command(Reader&, bool uid);
void write(std::string& out, const Replace&, const WritingStyle&);

inline constexpr std::array<std::string_view, 1> multiappend_arguments = {"APPEND"};
inline constexpr ExtensionRow multiappend_row{
    .id = Extension::multiappend, .name = "MULTIAPPEND", .source = "RFC 3502", .arguments = multiappend_arguments};

// One limit for all mailboxes: it stands behind the capability's "=".
inline constexpr std::array<std::string_view, 1> appendlimit_arguments = {"APPENDLIMIT"};
inline constexpr ExtensionRow appendlimit_row{.id = Extension::appendlimit,
                                              .name = "APPENDLIMIT",
                                              .source = "RFC 7889",
                                              .arguments = appendlimit_arguments,
                                              .responses = appendlimit_arguments};

inline constexpr std::array<std::string_view, 2> replace_commands = {"REPLACE", "UID REPLACE"};
inline constexpr ExtensionRow replace_row{
    .id = Extension::replace, .name = "REPLACE", .source = "RFC 8508", .needs = {Extension::uidplus}, .commands = replace_commands};

}  // namespace glasspost::imap

// The catalogue keys of the sentences that sum up a message. README.md lists them for those who write the sentences;
// a test holds the two together.
#pragma once

#include <string_view>

namespace glasspost::imap {

struct Headline {
  std::string_view name;  // "SELECT", "EXISTS", "OK"
  std::string_view key;
};

inline constexpr Headline command_headlines[] = {
    {"CAPABILITY", "say/imap/CAPABILITY"},     {"NOOP", "say/imap/NOOP"},
    {"LOGOUT", "say/imap/LOGOUT"},             {"ID", "say/imap/ID"},
    {"STARTTLS", "say/imap/STARTTLS"},         {"AUTHENTICATE", "say/imap/AUTHENTICATE"},
    {"LOGIN", "say/imap/LOGIN"},               {"SELECT", "say/imap/SELECT"},
    {"EXAMINE", "say/imap/EXAMINE"},           {"CREATE", "say/imap/CREATE"},
    {"DELETE", "say/imap/DELETE"},             {"RENAME", "say/imap/RENAME"},
    {"SUBSCRIBE", "say/imap/SUBSCRIBE"},       {"UNSUBSCRIBE", "say/imap/UNSUBSCRIBE"},
    {"LIST", "say/imap/LIST"},                 {"LSUB", "say/imap/LSUB"},
    {"STATUS", "say/imap/STATUS"},             {"APPEND", "say/imap/APPEND"},
    {"NAMESPACE", "say/imap/NAMESPACE"},       {"IDLE", "say/imap/IDLE"},
    {"DONE", "say/imap/DONE"},                 {"CHECK", "say/imap/CHECK"},
    {"CLOSE", "say/imap/CLOSE"},               {"UNSELECT", "say/imap/UNSELECT"},
    {"EXPUNGE", "say/imap/EXPUNGE"},           {"SEARCH", "say/imap/SEARCH"},
    {"FETCH", "say/imap/FETCH"},               {"STORE", "say/imap/STORE"},
    {"COPY", "say/imap/COPY"},                 {"MOVE", "say/imap/MOVE"},
    {"UID SEARCH", "say/imap/UID SEARCH"},     {"UID FETCH", "say/imap/UID FETCH"},
    {"UID STORE", "say/imap/UID STORE"},       {"UID COPY", "say/imap/UID COPY"},
    {"UID MOVE", "say/imap/UID MOVE"},         {"UID EXPUNGE", "say/imap/UID EXPUNGE"},
    {"COMPRESS", "say/imap/COMPRESS"},
    {"ENABLE", "say/imap/ENABLE"},
    {"GETMETADATA", "say/imap/GETMETADATA"},
    {"REPLACE", "say/imap/REPLACE"},
    {"UID REPLACE", "say/imap/UID REPLACE"},
    {"SORT", "say/imap/SORT"},
    {"UID SORT", "say/imap/UID SORT"},
    {"THREAD", "say/imap/THREAD"},
    {"UID THREAD", "say/imap/UID THREAD"},
    {"GETQUOTA", "say/imap/GETQUOTA"},
    {"GETQUOTAROOT", "say/imap/GETQUOTAROOT"},
    {"SETQUOTA", "say/imap/SETQUOTA"},
    {"SETMETADATA", "say/imap/SETMETADATA"},
};
inline constexpr std::string_view unknown_command_headline = "say/imap/unknown";   // no such command, or no command at all
inline constexpr std::string_view auth_answer_headline = "say/imap/auth/answer";   // a client's answer to a challenge
inline constexpr std::string_view auth_cancel_headline = "say/imap/auth/cancel";   // "*"

inline constexpr Headline greeting_headlines[] = {
    {"OK", "say/imap/greeting/OK"}, {"PREAUTH", "say/imap/greeting/PREAUTH"}, {"BYE", "say/imap/greeting/BYE"}};
inline constexpr Headline tagged_headlines[] = {
    {"OK", "say/imap/tagged/OK"}, {"NO", "say/imap/tagged/NO"}, {"BAD", "say/imap/tagged/BAD"}};
inline constexpr Headline untagged_headlines[] = {{"OK", "say/imap/untagged/OK"},
                                                  {"NO", "say/imap/untagged/NO"},
                                                  {"BAD", "say/imap/untagged/BAD"},
                                                  {"BYE", "say/imap/untagged/BYE"},
                                                  {"PREAUTH", "say/imap/untagged/PREAUTH"}};
inline constexpr Headline response_headlines[] = {
    {"CAPABILITY", "say/imap/response/CAPABILITY"}, {"LIST", "say/imap/response/LIST"},
    {"LSUB", "say/imap/response/LSUB"},             {"STATUS", "say/imap/response/STATUS"},
    {"SEARCH", "say/imap/response/SEARCH"},         {"FLAGS", "say/imap/response/FLAGS"},
    {"EXISTS", "say/imap/response/EXISTS"},         {"RECENT", "say/imap/response/RECENT"},
    {"EXPUNGE", "say/imap/response/EXPUNGE"},       {"FETCH", "say/imap/response/FETCH"},
    {"VANISHED", "say/imap/response/VANISHED"},
    {"NAMESPACE", "say/imap/response/NAMESPACE"},   {"ID", "say/imap/response/ID"},
    {"ENABLED", "say/imap/response/ENABLED"},
    {"ESEARCH", "say/imap/response/ESEARCH"},
    {"METADATA", "say/imap/response/METADATA"},
    {"QUOTA", "say/imap/response/QUOTA"},
    {"QUOTAROOT", "say/imap/response/QUOTAROOT"},
    {"SORT", "say/imap/response/SORT"},
    {"THREAD", "say/imap/response/THREAD"},
};
inline constexpr std::string_view other_response_headline = "say/imap/response/other";  // of an extension we do not know
inline constexpr std::string_view unparsed_response_headline = "say/imap/response/unparsed";
inline constexpr std::string_view literal_headline = "say/imap/continuation/literal";      // "+": send the literal
inline constexpr std::string_view challenge_headline = "say/imap/continuation/challenge";  // "+" of AUTHENTICATE
inline constexpr std::string_view idle_headline = "say/imap/continuation/idle";            // "+" of IDLE
inline constexpr std::string_view stray_headline = "say/imap/stray";                       // cut off in the middle

template <std::size_t size>
constexpr std::string_view headline_of(const Headline (&table)[size], std::string_view name, std::string_view otherwise) {
  for (const Headline& headline : table)
    if (headline.name == name) return headline.key;
  return otherwise;
}

}  // namespace glasspost::imap

// SORT and THREAD: the server puts messages in order, or into conversations. RFC 5256; RFC 5957 (SORT=DISPLAY).
//
//   sort             =  ["UID" SP] "SORT" SP sort-criteria SP search-criteria                   RFC 5256 section 5
//   sort-criteria    =  "(" sort-criterion *(SP sort-criterion) ")"
//   sort-criterion   =  ["REVERSE" SP] sort-key
//   sort-key         =  "ARRIVAL" / "CC" / "DATE" / "FROM" / "SIZE" / "SUBJECT" / "TO"
//   sort-key         =/ "DISPLAYFROM" / "DISPLAYTO"                                             RFC 5957 section 5
//   thread           =  ["UID" SP] "THREAD" SP thread-alg SP search-criteria
//   thread-alg       =  "ORDEREDSUBJECT" / "REFERENCES"
//   search-criteria  =  charset 1*(SP search-key)
//
//   sort-data        =  "SORT" [1*(SP nz-number) [SP search-sort-mod-seq]]                      RFC 7162 section 7
//   thread-data      =  "THREAD" [SP 1*thread-list]
//   thread-list      =  "(" (thread-members / thread-nested) ")"
//   thread-members   =  nz-number *(SP nz-number) [SP thread-nested]
//   thread-nested    =  2*thread-list
//
// Sort and Thread themselves, which hold a SEARCH's keys, are in command.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

class Reader;

enum class SortBy : std::uint8_t { arrival, cc, date, from, size, subject, to, display_from, display_to };
struct SortCriterion {
  SortBy by = SortBy::arrival;
  bool reverse = false;
  friend bool operator==(SortCriterion, SortCriterion) = default;
};
std::vector<SortCriterion> parse_sort_criteria(Reader&);  // at the parenthesis
void write(std::string& out, const std::vector<SortCriterion>&);

enum class ThreadAlgorithm : std::uint8_t { ordered_subject, references };
std::string_view name_of(ThreadAlgorithm);
ThreadAlgorithm parse_thread_algorithm(Reader&);

struct SortData {
  std::vector<std::uint32_t> numbers;
  std::optional<std::uint64_t> modseq = std::nullopt;  // the greatest of theirs: RFC 7162 section 3.1.9
};
SortData parse_sort_data(Reader&, bool uids);
void write(std::string& out, const SortData&);

// A message and what answers it. Number 0: a message that is not there, whose answers stand together.
struct ThreadNode {
  std::uint32_t number = 0;
  std::vector<ThreadNode> answers;
};
struct ThreadData { std::vector<ThreadNode> threads; };
ThreadData parse_thread_data(Reader&, bool uids);
void write(std::string& out, const ThreadData&);

inline constexpr std::array<std::string_view, 2> sort_commands = {"SORT", "UID SORT"};
inline constexpr std::array<std::string_view, 8> sort_arguments = {"ARRIVAL", "CC",      "DATE", "FROM",
                                                                   "SIZE",    "SUBJECT", "TO",   "REVERSE"};
inline constexpr std::array<std::string_view, 1> sort_responses = {"SORT"};
inline constexpr ExtensionRow sort_row{.id = Extension::sort,
                                       .name = "SORT",
                                       .source = "RFC 5256",
                                       .commands = sort_commands,
                                       .arguments = sort_arguments,
                                       .responses = sort_responses};

inline constexpr std::array<std::string_view, 2> sort_display_arguments = {"DISPLAYFROM", "DISPLAYTO"};
inline constexpr ExtensionRow sort_display_row{.id = Extension::sort_display,
                                               .name = "SORT=DISPLAY",
                                               .source = "RFC 5957",
                                               .needs = {Extension::sort},
                                               .arguments = sort_display_arguments};

inline constexpr std::array<std::string_view, 2> thread_commands = {"THREAD", "UID THREAD"};
inline constexpr std::array<std::string_view, 1> thread_subject_arguments = {"ORDEREDSUBJECT"};
inline constexpr std::array<std::string_view, 1> thread_responses = {"THREAD"};
inline constexpr ExtensionRow thread_subject_row{.id = Extension::thread_subject,
                                                 .name = "THREAD=ORDEREDSUBJECT",
                                                 .source = "RFC 5256",
                                                 .commands = thread_commands,
                                                 .arguments = thread_subject_arguments,
                                                 .responses = thread_responses};
inline constexpr std::array<std::string_view, 1> thread_references_arguments = {"REFERENCES"};
inline constexpr ExtensionRow thread_references_row{.id = Extension::thread_references,
                                                    .name = "THREAD=REFERENCES",
                                                    .source = "RFC 5256",
                                                    .needs = {Extension::thread_subject},
                                                    .arguments = thread_references_arguments,
                                                    .responses = thread_responses};

}  // namespace glasspost::imap

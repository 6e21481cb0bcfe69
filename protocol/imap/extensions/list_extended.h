// LIST as RFC 5258 (LIST-EXTENDED) extends it, with the STATUS return option of RFC 5819 (LIST-STATUS).
//
//   list                 =  "LIST" [SP list-select-opts] SP mailbox SP mbox-or-pat [SP list-return-opts]
//   list-select-opts     =  "(" [list-select-opt *(SP list-select-opt)] ")"
//   list-select-opt      =  "SUBSCRIBED" / "REMOTE" / "RECURSIVEMATCH"        the last never alone, nor with REMOTE only
//   mbox-or-pat          =  list-mailbox / "(" list-mailbox *(SP list-mailbox) ")"
//   list-return-opts     =  "RETURN" SP "(" [return-option *(SP return-option)] ")"
//   return-option        =  "SUBSCRIBED" / "CHILDREN"                         RFC 5258 section 6
//   return-option        =/ "STATUS" SP "(" status-att *(SP status-att) ")"   RFC 5819 section 4
//
//   mailbox-list         =  "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) SP mailbox
//                           [SP "(" [mbox-list-extended-item *(SP mbox-list-extended-item)] ")"]
//   mbox-list-extended-item = mbox-list-extended-item-tag SP tagged-ext-val
//   childinfo-extended-item = "CHILDINFO" SP "(" list-select-base-opt-quoted *(SP list-select-base-opt-quoted) ")"
//   oldname-extended-item   = "OLDNAME" SP "(" mailbox ")"                    RFC 9051 section 9
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "protocol/imap/extensions.h"
#include "protocol/imap/status_item.h"

namespace glasspost::imap {

class Reader;
struct WritingStyle;

struct ListSelection {
  bool subscribed = false, remote = false, recursive = false, special_use = false;
  friend bool operator==(const ListSelection&, const ListSelection&) = default;
};
struct ListReturn {
  bool subscribed = false, children = false, special_use = false;
  std::vector<StatusItem> status;       // empty: not asked for
  friend bool operator==(const ListReturn&, const ListReturn&) = default;
};
struct List {
  std::string reference;
  std::vector<std::string> patterns;    // one, or several in parentheses
  bool subscribed = false;              // LSUB
  bool pattern_list = false;            // in parentheses
  std::optional<ListSelection> select = std::nullopt;  // its parentheses were there
  std::optional<ListReturn> returns = std::nullopt;
  // Extended in one of the three ways: then "" is no question for the delimiter (RFC 5258 section 3).
  bool extended() const { return select || returns || pattern_list; }
};
List parse_list_command(Reader&, bool lsub);  // behind the verb
void write(std::string& out, const List&, const WritingStyle&);

struct ListData {
  bool subscribed = false;              // LSUB
  std::vector<std::string> attributes;  // "\Noselect", "\HasChildren"
  std::optional<char> delimiter;
  std::string mailbox;                  // UTF-8; as it came if it is not modified UTF-7
  std::vector<std::string> child_info;  // "SUBSCRIBED": something below it meets these
  std::string old_name;                 // what it was called; empty: not told
};
ListData parse_list_data(Reader&, bool lsub);  // behind the response's name

inline constexpr std::array<std::string_view, 5> list_extended_arguments = {"SUBSCRIBED", "REMOTE", "RECURSIVEMATCH", "RETURN",
                                                                            "CHILDREN"};
inline constexpr std::array<std::string_view, 3> list_extended_responses = {"\\Subscribed", "\\NonExistent", "CHILDINFO"};
inline constexpr ExtensionRow list_extended_row{.id = Extension::list_extended,
                                                .name = "LIST-EXTENDED",
                                                .source = "RFC 5258",
                                                .arguments = list_extended_arguments,
                                                .responses = list_extended_responses};

inline constexpr std::array<std::string_view, 1> list_status_arguments = {"STATUS"};
inline constexpr ExtensionRow list_status_row{.id = Extension::list_status,
                                              .name = "LIST-STATUS",
                                              .source = "RFC 5819",
                                              .needs = {Extension::list_extended},
                                              .arguments = list_status_arguments};

}  // namespace glasspost::imap

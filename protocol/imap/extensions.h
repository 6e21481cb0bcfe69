// The extensions of IMAP that we speak, as one table: what CAPABILITY says in each state, what each of them brings, and
// which of them hang on others. A server offers a set of them. What an extension that it does not offer brings is then no
// word of its grammar: it answers as a server does that never heard of it.
//
// An extension's grammar, its words for the table and the writing of what it says live in extensions/<name>.{h,cpp}.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace glasspost::imap {

// In the order of the alphabet; at most 64. The table has the order in which CAPABILITY names them.
enum class Extension : std::uint8_t {
  appendlimit,
  binary,
  children,
  compress,
  condstore,
  create_special_use,
  enable,
  esearch,
  i18nlevel,
  id,
  idle,
  imap4rev1,
  imap4rev2,
  list_extended,
  list_status,
  literal_minus,
  literal_plus,
  logindisabled,
  metadata,
  move,
  multiappend,
  namespace_,
  objectid,
  partial,
  preview,
  qresync,
  quota,
  quota_mailbox,
  quota_message,
  quota_storage,
  replace,
  sasl_ir,
  savedate,
  searchres,
  sort,
  sort_display,
  special_use,
  starttls,
  status_size,
  thread_references,
  thread_subject,
  uidplus,
  unselect,
  utf8_accept,
  within,
};

class ExtensionSet {
 public:
  constexpr ExtensionSet() = default;
  constexpr ExtensionSet(std::initializer_list<Extension> list) {
    for (const Extension one : list) add(one);
  }
  static constexpr ExtensionSet everything() {
    ExtensionSet set;
    set.bits_ = ~std::uint64_t{0};
    return set;
  }
  constexpr bool has(Extension one) const { return (bits_ >> int(one) & 1U) != 0; }
  constexpr bool has_all(ExtensionSet others) const { return (bits_ & others.bits_) == others.bits_; }
  constexpr void add(ExtensionSet others) { bits_ |= others.bits_; }
  constexpr void add(Extension one) { bits_ |= std::uint64_t{1} << int(one); }
  constexpr void remove(Extension one) { bits_ &= ~(std::uint64_t{1} << int(one)); }
  // Without those that are not there whole, because one that they need is missing; and always with the base.
  ExtensionSet whole() const;
  friend constexpr bool operator==(ExtensionSet, ExtensionSet) = default;

 private:
  std::uint64_t bits_ = 0;
};

// In which of a connection's states CAPABILITY names it.
enum class Advertised : std::uint8_t {
  always,
  after_login,              // it is of no use before, and what is said before is not to be trusted
  before_tls,               // where TLS can be had, until it is up or somebody has logged in
  while_login_is_barred,    // until a password may be said
};

struct ExtensionRow {
  Extension id = Extension::imap4rev1;
  std::string_view name;                       // as CAPABILITY says it, up to a "=" whose value the server knows
  std::string_view source;                     // "RFC 5161 §3.1"
  Advertised advertised = Advertised::after_login;
  bool optional = true;                        // a server can be without it by choice
  bool by_enable = false;                      // ENABLE switches it on (RFC 5161)
  ExtensionSet needs;                          // it is only there whole if these are
  ExtensionSet unless;                         // it is not named where one of these is offered
  // What it brings, for lists and for tests: commands as imap_machine() has them; arguments, and items of responses, by
  // their names.
  std::span<const std::string_view> commands, arguments, responses;
};
std::span<const ExtensionRow> extensions();    // in the order in which CAPABILITY names them
const ExtensionRow& row_of(Extension);
const ExtensionRow* extension_named(std::string_view capability);  // null: none of ours
// Which extension brings a command, "UID MOVE"; the base for those of RFC 3501 and for what is no command.
Extension extension_of_command(std::string_view verb);

// What decides, beside the set, which of them are named.
struct Circumstances {
  bool logged_in = false;
  bool tls_to_be_had = false;    // offered, and not up
  bool login_is_barred = false;  // no password may be said yet
  std::uint64_t append_limit = 0;  // octets that a message may have
};
std::vector<std::string> capabilities_of(ExtensionSet offered, const Circumstances&);

// "-CONDSTORE,-MOVE": everything but these. "IDLE,UIDPLUS": the base and these. The error: the name that is none of those
// that can be chosen.
tl::expected<ExtensionSet, std::string> choose_extensions(std::string_view list);
std::vector<std::string_view> choosable_extensions();  // their names, in the table's order

}  // namespace glasspost::imap

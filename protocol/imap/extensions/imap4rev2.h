// IMAP4rev2: RFC 9051. A server that speaks both names both, and speaks as IMAP4rev1 until it hears ENABLE IMAP4rev2
// (appendix A). What that changes (appendix E):
//
//   - names of mailboxes are UTF-8, in quotes where they need it, and no more modified UTF-7; quoted strings may be UTF-8
//   - SEARCH is answered with ESEARCH
//   - there is no \Recent, no RECENT, nothing that asks for them; and no CHECK, LSUB, RFC822, RFC822.HEADER, RFC822.TEXT
//   - SELECT and EXAMINE tell the mailbox with LIST, and what was open before with the code CLOSED; they have no code UNSEEN
//   - FETCH responses that nobody asked for have the UID
//
// It holds many extensions within itself, and so is there only where all of them are.
//
//   mailbox       = "INBOX" / astring                                  section 9; astring may be UTF-8 in quotes
//   resp-text-code =/ "CLOSED"
#pragma once

#include <array>

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

inline constexpr std::array<std::string_view, 1> imap4rev2_arguments = {"DELETED"};
inline constexpr std::array<std::string_view, 3> imap4rev2_responses = {"CLOSED", "OLDNAME", "DELETED"};
inline constexpr ExtensionRow imap4rev2_row{
    .id = Extension::imap4rev2,
    .name = "IMAP4rev2",
    .source = "RFC 9051",
    .advertised = Advertised::always,
    .by_enable = true,
    .needs = {Extension::binary, Extension::children, Extension::enable, Extension::esearch, Extension::idle,
              Extension::list_extended, Extension::list_status, Extension::literal_minus, Extension::move,
              Extension::namespace_, Extension::sasl_ir, Extension::searchres, Extension::status_size, Extension::uidplus,
              Extension::unselect},
    .arguments = imap4rev2_arguments,
    .responses = imap4rev2_responses};

}  // namespace glasspost::imap

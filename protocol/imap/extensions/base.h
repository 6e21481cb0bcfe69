// The base, and the extensions whose few words are part of the base's own files: RFC 3501 (STARTTLS, LOGINDISABLED), 7888
// (LITERAL+, LITERAL-), 4959 (SASL-IR), 2971 (ID), 2177 (IDLE), 2342 (NAMESPACE), 4315 (UIDPLUS), 3691 (UNSELECT), 6851 (MOVE), 3348
// (CHILDREN).
//
//   literal       =/ "{" number ["+"] "}" CRLF *CHAR8                         RFC 7888 section 8
//   authenticate  =  "AUTHENTICATE" SP auth-type [SP (base64 / "=")]          RFC 4959 section 7
//   id            =  "ID" SP id_params_list                                   RFC 2971 section 4
//   idle          =  "IDLE" CRLF "DONE"                                       RFC 2177 section 4
//   namespace     =  "NAMESPACE"                                              RFC 2342 section 6
//   uid-expunge   =  "UID" SP "EXPUNGE" SP sequence-set                       RFC 4315 section 4
//   resp-code-apnd = "APPENDUID" SP nz-number SP append-uid
//   resp-code-copy = "COPYUID" SP nz-number SP uid-set SP uid-set
//   unselect      =  "UNSELECT"                                               RFC 3691 section 4
//   move          =  "MOVE" SP sequence-set SP mailbox                        RFC 6851 section 6
//   flag-children =  "\HasChildren" / "\HasNoChildren"                        RFC 3348 section 4
#pragma once

#include <array>

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

inline constexpr ExtensionRow imap4rev1_row{
    .id = Extension::imap4rev1, .name = "IMAP4rev1", .source = "RFC 3501", .advertised = Advertised::always, .optional = false};

inline constexpr std::array<std::string_view, 1> literal_plus_arguments = {"{n+}"};
inline constexpr ExtensionRow literal_plus_row{.id = Extension::literal_plus,
                                               .name = "LITERAL+",
                                               .source = "RFC 7888",
                                               .advertised = Advertised::always,
                                               .arguments = literal_plus_arguments};

// The same, for literals of 4096 octets at most: a server names one of the two (RFC 7888 sections 5 and 7).
inline constexpr std::size_t longest_minus_literal = 4096;
inline constexpr ExtensionRow literal_minus_row{.id = Extension::literal_minus,
                                                .name = "LITERAL-",
                                                .source = "RFC 7888 §5",
                                                .advertised = Advertised::always,
                                                .unless = {Extension::literal_plus},
                                                .arguments = literal_plus_arguments};

inline constexpr std::array<std::string_view, 1> sasl_ir_arguments = {"initial-response"};
inline constexpr ExtensionRow sasl_ir_row{.id = Extension::sasl_ir,
                                          .name = "SASL-IR",
                                          .source = "RFC 4959",
                                          .advertised = Advertised::always,
                                          .arguments = sasl_ir_arguments};

inline constexpr std::array<std::string_view, 1> id_commands = {"ID"};
inline constexpr ExtensionRow id_row{.id = Extension::id,
                                     .name = "ID",
                                     .source = "RFC 2971",
                                     .advertised = Advertised::always,
                                     .commands = id_commands,
                                     .responses = id_commands};

inline constexpr std::array<std::string_view, 2> idle_commands = {"IDLE", "DONE"};
inline constexpr ExtensionRow idle_row{.id = Extension::idle,
                                       .name = "IDLE",
                                       .source = "RFC 2177",
                                       .advertised = Advertised::always,
                                       .commands = idle_commands};

inline constexpr std::array<std::string_view, 1> namespace_commands = {"NAMESPACE"};
inline constexpr ExtensionRow namespace_row{.id = Extension::namespace_,
                                            .name = "NAMESPACE",
                                            .source = "RFC 2342",
                                            .advertised = Advertised::always,
                                            .commands = namespace_commands,
                                            .responses = namespace_commands};

inline constexpr std::array<std::string_view, 1> uidplus_commands = {"UID EXPUNGE"};
inline constexpr std::array<std::string_view, 2> uidplus_responses = {"APPENDUID", "COPYUID"};
inline constexpr ExtensionRow uidplus_row{.id = Extension::uidplus,
                                          .name = "UIDPLUS",
                                          .source = "RFC 4315",
                                          .advertised = Advertised::always,
                                          .commands = uidplus_commands,
                                          .responses = uidplus_responses};

inline constexpr std::array<std::string_view, 1> unselect_commands = {"UNSELECT"};
inline constexpr ExtensionRow unselect_row{.id = Extension::unselect,
                                           .name = "UNSELECT",
                                           .source = "RFC 3691",
                                           .advertised = Advertised::always,
                                           .commands = unselect_commands};

inline constexpr std::array<std::string_view, 2> move_commands = {"MOVE", "UID MOVE"};
inline constexpr ExtensionRow move_row{.id = Extension::move,
                                       .name = "MOVE",
                                       .source = "RFC 6851",
                                       .advertised = Advertised::always,
                                       .commands = move_commands};

inline constexpr std::array<std::string_view, 2> children_responses = {"\\HasChildren", "\\HasNoChildren"};
inline constexpr ExtensionRow children_row{.id = Extension::children,
                                           .name = "CHILDREN",
                                           .source = "RFC 3348",
                                           .advertised = Advertised::always,
                                           .responses = children_responses};

inline constexpr std::array<std::string_view, 1> starttls_commands = {"STARTTLS"};
inline constexpr ExtensionRow starttls_row{.id = Extension::starttls,
                                           .name = "STARTTLS",
                                           .source = "RFC 3501 §6.2.1",
                                           .advertised = Advertised::before_tls,
                                           .optional = false,
                                           .commands = starttls_commands};

inline constexpr ExtensionRow logindisabled_row{.id = Extension::logindisabled,
                                                .name = "LOGINDISABLED",
                                                .source = "RFC 3501 §6.2.3",
                                                .advertised = Advertised::while_login_is_barred,
                                                .optional = false};

}  // namespace glasspost::imap

// QUOTA: how much room there is, and how much of it is taken. RFC 9208 section 7.
//
//   capability-quota    =  capa-quota-res / "QUOTASET";  capa-quota-res = "QUOTA=RES-" resource-name
//   getquota            =  "GETQUOTA" SP quota-root-name
//   getquotaroot        =  "GETQUOTAROOT" SP mailbox
//   setquota            =  "SETQUOTA" SP quota-root-name SP setquota-list
//   setquota-list       =  "(" [setquota-resource *(SP setquota-resource)] ")"
//   setquota-resource   =  resource-name SP resource-limit
//   quota-response      =  "QUOTA" SP quota-root-name SP quota-list
//   quota-list          =  "(" [quota-resource *(SP quota-resource)] ")"          none: no limits (section 4.2.1)
//   quota-resource      =  resource-name SP resource-usage SP resource-limit
//   quotaroot-response  =  "QUOTAROOT" SP mailbox *(SP quota-root-name)
//   quota-root-name     =  astring
//   resource-name       =  "STORAGE" / "MESSAGE" / "MAILBOX" / ...                STORAGE counts in 1024 octets
//   status-att          =/ "DELETED" / "DELETED-STORAGE"
//   resp-text-code      =/ "OVERQUOTA"
//
// SETQUOTA is for who runs a server. Ours understands it, lets nobody do it, and does not offer QUOTASET.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

class Reader;
struct WritingStyle;

struct GetQuota { std::string root; };
struct GetQuotaRoot { std::string mailbox; };
struct QuotaLimit {
  std::string resource;  // in capitals: "STORAGE"
  std::uint64_t limit = 0;
  friend bool operator==(const QuotaLimit&, const QuotaLimit&) = default;
};
struct SetQuota {
  std::string root;
  std::vector<QuotaLimit> limits;
};
GetQuota parse_get_quota(Reader&);  // behind the verb, as all of these
GetQuotaRoot parse_get_quota_root(Reader&);
SetQuota parse_set_quota(Reader&);
void write(std::string& out, const GetQuota&, const WritingStyle&);
void write(std::string& out, const GetQuotaRoot&, const WritingStyle&);
void write(std::string& out, const SetQuota&, const WritingStyle&);

struct QuotaResource {
  std::string name;  // in capitals
  std::uint64_t usage = 0, limit = 0;
  friend bool operator==(const QuotaResource&, const QuotaResource&) = default;
};
struct QuotaData {
  std::string root;
  std::vector<QuotaResource> resources;
};
struct QuotaRootData {
  std::string mailbox;
  std::vector<std::string> roots;
};
QuotaData parse_quota(Reader&);  // behind the response's name
QuotaRootData parse_quota_root(Reader&);
void write(std::string& out, const QuotaData&);
void write(std::string& out, const QuotaRootData&, const WritingStyle&);

inline constexpr std::array<std::string_view, 3> quota_commands = {"GETQUOTA", "GETQUOTAROOT", "SETQUOTA"};
inline constexpr std::array<std::string_view, 3> quota_responses = {"QUOTA", "QUOTAROOT", "OVERQUOTA"};
inline constexpr ExtensionRow quota_row{.id = Extension::quota,
                                        .name = "QUOTA",
                                        .source = "RFC 9208",
                                        .needs = {Extension::quota_storage},
                                        .commands = quota_commands,
                                        .responses = quota_responses};
inline constexpr std::array<std::string_view, 2> quota_storage_words = {"STORAGE", "DELETED-STORAGE"};
inline constexpr ExtensionRow quota_storage_row{.id = Extension::quota_storage,
                                                .name = "QUOTA=RES-STORAGE",
                                                .source = "RFC 9208 §5.1",
                                                .needs = {Extension::quota},
                                                .arguments = quota_storage_words,
                                                .responses = quota_storage_words};
inline constexpr std::array<std::string_view, 2> quota_message_words = {"MESSAGE", "DELETED"};
inline constexpr ExtensionRow quota_message_row{.id = Extension::quota_message,
                                                .name = "QUOTA=RES-MESSAGE",
                                                .source = "RFC 9208 §5.2",
                                                .needs = {Extension::quota},
                                                .arguments = quota_message_words,
                                                .responses = quota_message_words};
inline constexpr std::array<std::string_view, 1> quota_mailbox_words = {"MAILBOX"};
inline constexpr ExtensionRow quota_mailbox_row{.id = Extension::quota_mailbox,
                                                .name = "QUOTA=RES-MAILBOX",
                                                .source = "RFC 9208 §5.3",
                                                .needs = {Extension::quota},
                                                .arguments = quota_mailbox_words,
                                                .responses = quota_mailbox_words};

}  // namespace glasspost::imap

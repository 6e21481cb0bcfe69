#include "protocol/imap/extensions/quota.h"

#include <fmt/format.h>

#include <iterator>

#include "protocol/imap/encode.h"
#include "protocol/imap/reader.h"

namespace glasspost::imap {
namespace {

std::string quota_root(Reader& r) {
  r.space();
  return r.astring(Role::imap_quota_root, "quota-root-name");
}

std::string resource_name(Reader& r) { return to_upper(r.atom(Role::imap_quota_resource, "resource-name")); }

// "(" [one *(SP one)] ")", at its SP
template <class One>
void list_of(Reader& r, One one) {
  r.space();
  r.open();
  if (r.take_close()) return;
  std::size_t count = 0;
  do {
    if (!r.room_for(count++)) break;
    one();
  } while (r.take(' '));
  r.close();
}

std::uint64_t amount(Reader& r) {
  r.space();
  return r.number64(Role::imap_number);
}

}  // namespace

GetQuota parse_get_quota(Reader& r) { return {quota_root(r)}; }

GetQuotaRoot parse_get_quota_root(Reader& r) {
  r.space();
  return {r.mailbox()};
}

SetQuota parse_set_quota(Reader& r) {
  SetQuota set{quota_root(r), {}};
  list_of(r, [&] {
    QuotaLimit limit{resource_name(r), 0};
    limit.limit = amount(r);
    set.limits.push_back(std::move(limit));
  });
  return set;
}

void write(std::string& out, const GetQuota& get, const WritingStyle& style) { write_astring(out += ' ', get.root, style.literals); }

void write(std::string& out, const GetQuotaRoot& get, const WritingStyle& style) { write_mailbox(out += ' ', get.mailbox, style); }

void write(std::string& out, const SetQuota& set, const WritingStyle& style) {
  write_astring(out += ' ', set.root, style.literals);
  out += " (";
  for (const QuotaLimit& limit : set.limits)
    fmt::format_to(std::back_inserter(out), "{}{} {}", out.ends_with('(') ? "" : " ", limit.resource, limit.limit);
  out += ')';
}

QuotaData parse_quota(Reader& r) {
  QuotaData data{quota_root(r), {}};
  list_of(r, [&] {
    QuotaResource resource{resource_name(r), 0, 0};
    resource.usage = amount(r);
    resource.limit = amount(r);
    data.resources.push_back(std::move(resource));
  });
  return data;
}

QuotaRootData parse_quota_root(Reader& r) {
  QuotaRootData data;
  r.space();
  data.mailbox = r.mailbox();
  while (r.peek() == ' ' && r.room_for(data.roots.size())) data.roots.push_back(quota_root(r));
  return data;
}

void write(std::string& out, const QuotaData& data) {
  out += "* QUOTA ";
  write_astring(out, data.root);
  out += " (";
  for (const QuotaResource& one : data.resources)
    fmt::format_to(std::back_inserter(out), "{}{} {} {}", out.ends_with('(') ? "" : " ", one.name, one.usage, one.limit);
  out += ")\r\n";
}

void write(std::string& out, const QuotaRootData& data, const WritingStyle& style) {
  out += "* QUOTAROOT ";
  write_mailbox(out, data.mailbox, style);
  for (const std::string& root : data.roots) write_astring(out += ' ', root);
  out += "\r\n";
}

}  // namespace glasspost::imap

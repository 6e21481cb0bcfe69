#include "sim/scenario_mail.h"

#include <fmt/format.h>

#include "protocol/base/text.h"
#include "protocol/smtp/command.h"

namespace glasspost::sim::yaml {
namespace {

std::vector<std::string> people(const YAML::Node& node, std::string_view what) {
  std::vector<std::string> out;
  if (node.IsScalar()) return {address_of_person(node)};
  for (const YAML::Node& one : list(node, what)) out.push_back(address_of_person(one));
  if (out.empty()) wrong(node, fmt::format("{} are at least one address", what));
  return out;
}

// "{sales@example.org: …}": what each address leads to.
template <class Read>
void each_address(const YAML::Node& node, std::string_view what, Read read) {
  if (!node) return;
  if (!node.IsMap()) wrong(node, fmt::format("{} are addresses with what they lead to", what));
  for (const auto& entry : node) read(address_of_person(entry.first), entry.second);
}

void read_extension(const YAML::Node& node, smtp::Extensions& extensions) {
  const std::string word = to_upper(text(node, "an extension"));
  if (word == "CHUNKING") extensions.chunking = true;
  else if (word == "DSN") extensions.dsn = true;
  else if (word == "SMTPUTF8") extensions.utf8 = true;
  else if (word == "REQUIRETLS") extensions.require_tls = true;
  else if (word == "MT-PRIORITY") extensions.priority = true;
  else if (word == "DELIVERBY") extensions.deliver_by = Duration{};
  else if (word == "FUTURERELEASE") extensions.future_release = std::chrono::hours{24 * 30};
  else if (word == "LIMITS") extensions.limits = true;
  else wrong(node, "an extension is one of CHUNKING, DSN, SMTPUTF8, REQUIRETLS, MT-PRIORITY, DELIVERBY, FUTURERELEASE, LIMITS");
}

}  // namespace

std::string address_of_person(const YAML::Node& node) {
  const std::string written = text(node, "an address");
  if (!smtp::parse_mailbox(written, smtp::Alphabet::utf8) || written.find('@') == written.npos)
    wrong(node, fmt::format("\"{}\" is no mail address: one is like bob@example.org", written));
  return written;
}

LetterWishes read_wishes(const YAML::Node& letter) {
  LetterWishes out;
  if (const YAML::Node node = letter["notify"]) {
    out.recipient.notify = smtp::parse_notify(text(node, "what the sender wants to hear of"));
    if (!out.recipient.notify) wrong(node, "\"notify\" is NEVER, or some of SUCCESS,FAILURE,DELAY");
  }
  if (const YAML::Node node = letter["return"])
    out.mail.ret = choose<smtp::Return>(node, "what a bounce brings back", {{"full", smtp::Return::full}, {"headers", smtp::Return::headers}});
  if (letter["envelope_id"]) out.mail.envelope_id = text(letter["envelope_id"], "an envelope's identifier");
  if (letter["hold_for"]) out.mail.hold_for = duration(letter["hold_for"], "the time for which a letter is held");
  if (const YAML::Node node = letter["deliver_by"]) {
    out.mail.by = smtp::parse_deliver_by(text(node, "the time by which a letter is to be there"));
    if (!out.mail.by) wrong(node, "\"deliver_by\" is as in BY=: seconds, a semicolon, and R or N, like 3600;R");
  }
  if (const YAML::Node node = letter["priority"]) {
    const std::string written = text(node, "a priority");
    const bool negative = written.starts_with('-');
    const auto value = to_u32(std::string_view(written).substr(negative ? 1 : 0));
    if (!value || *value > 9) wrong(node, "a priority is from -9 to 9");
    out.mail.priority = negative ? -int(*value) : int(*value);
  }
  if (letter["require_tls"]) out.mail.require_tls = yes(letter["require_tls"], "require_tls");
  if (letter["utf8"]) out.mail.utf8 = yes(letter["utf8"], "utf8");
  return out;
}

void read_redirects(const YAML::Node& host, HostDescription& description) {
  each_address(host["aliases"], "aliases", [&](std::string address, const YAML::Node& to) {
    description.redirects.push_back({Redirect::Kind::alias, std::move(address), people(to, "an alias's addresses"), false, {}});
  });
  each_address(host["forwards"], "forwards", [&](std::string address, const YAML::Node& node) {
    Redirect redirect{Redirect::Kind::forward, std::move(address), {}, false, {}};
    if (node.IsMap()) {
      only(node, "forwarding", {"to", "rewrite"});
      redirect.to = {address_of_person(need(node, "to", "forwarding"))};
      if (node["rewrite"]) redirect.rewrite = yes(node["rewrite"], "rewrite");
    } else {
      redirect.to = {address_of_person(node)};
    }
    description.redirects.push_back(std::move(redirect));
  });
  each_address(host["lists"], "lists", [&](std::string address, const YAML::Node& node) {
    only(node, "a list", {"members", "owner"});
    description.redirects.push_back({Redirect::Kind::list, std::move(address), people(need(node, "members", "a list"), "a list's members"),
                                     false, address_of_person(need(node, "owner", "a list"))});
  });
  each_address(host["vacations"], "vacations", [&](std::string address, const YAML::Node& node) {
    only(node, "a vacation", {"text", "subject", "again_after"});
    Vacation vacation{std::move(address), text(need(node, "text", "a vacation"), "the answer's text"), {}};
    if (node["subject"]) vacation.subject = text(node["subject"], "the answer's subject");
    if (node["again_after"]) vacation.again_after = duration(node["again_after"], "the time until somebody is answered again");
    description.vacations.push_back(std::move(vacation));
  });
}

void read_offers(const YAML::Node& service, ServiceDescription& description) {
  if (service["max_recipients"]) description.max_recipients = number(service["max_recipients"], "the most recipients of a letter", 1, 100'000);
  if (service["extensions"]) {
    const bool pop3 = description.protocol == Protocol::pop3;
    if (description.protocol != Protocol::smtp && description.protocol != Protocol::lmtp && !pop3)
      wrong(service["extensions"], "\"extensions\" are for smtp, lmtp and pop3");
    for (const YAML::Node& one : list(service["extensions"], "extensions")) {
      if (!pop3) read_extension(one, description.extensions);
      else if (text(one, "an extension") == "UTF8") description.utf8 = true;
      else if (text(one, "an extension") == "LANG") description.languages = true;
      else wrong(one, "an extension of pop3 is UTF8 or LANG");
    }
  }
  if (!service["logins"]) return;
  for (const YAML::Node& one : list(service["logins"], "logins")) {
    const auto mechanism = sasl::mechanism_named(text(one, "a way to log in"));
    if (!mechanism || sasl::is_token(*mechanism) || *mechanism == sasl::Mechanism::external)
      wrong(one, "a way to log in is one of PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-1, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-256-PLUS");
    description.mechanisms.push_back(*mechanism);
  }
}

void read_flaws(const YAML::Node& broken, HostDescription& description) {
  for (const YAML::Node& one : list(broken, "what is broken")) {
    const std::string name = text(one, "what is broken");
    const auto flaw = flaw_named(name);
    std::string known;
    for (const FlawRow& row : flaw_rows()) (known += known.empty() ? "" : ", ") += row.name;
    if (!flaw) wrong(one, fmt::format("\"{}\" is not known as a way to be broken: it is one of {}", name, known));
    const FlawRow& row = flaw_rows()[std::size_t(*flaw)];
    const auto& services = description.services;
    if (std::none_of(services.begin(), services.end(), [&](const ServiceDescription& service) { return row.is_of(service.protocol); }))
      wrong(one, fmt::format("\"{}\" has no service that can be broken in this way", description.name));
    description.flaws.add(*flaw);
  }
}

}  // namespace glasspost::sim::yaml

#include "app/model/providers.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>

#include "protocol/base/text.h"
#include "sim/yaml.h"

namespace glasspost::app {
namespace {

constexpr std::pair<std::string_view, Demand> demands[] = {
    {"password", Demand::password},
    {"app_password", Demand::app_password},
    {"oauth_or_app_password", Demand::oauth_or_app_password},
    {"oauth", Demand::oauth},
    {"enable_first", Demand::enable_first},
    {"bridge", Demand::bridge},
};

std::vector<std::string> texts(const YAML::Node& node, std::string_view what) {
  std::vector<std::string> all;
  if (!node) return all;
  if (!node.IsSequence()) sim::yaml::wrong(node, fmt::format("{} is a list", what));
  for (const auto& one : node) all.push_back(to_lower(sim::yaml::text(one, what)));
  return all;
}

// "imap.gmail.com 993 tls"
FoundServer server_of(const YAML::Node& node, Protocol protocol) {
  const std::string line = sim::yaml::text(node, "a server");
  const auto words = split(line, ' ');
  const auto port = words.size() == 3 ? to_u32(words[1]) : std::nullopt;
  const bool known = words.size() == 3 && (words[2] == "tls" || words[2] == "starttls");
  if (!port || *port == 0 || *port > 65535 || !known) sim::yaml::wrong(node, "a server is written as: imap.example.com 993 tls (or starttls)");
  return {protocol, std::string(words[0]), std::uint16_t(*port), words[2] == "tls" ? TlsMode::implicit : TlsMode::starttls};
}

Provider provider_from(const YAML::Node& node) {
  sim::yaml::only(node, "a provider", {"name", "domains", "mx", "imap", "pop3", "smtp", "demands", "source", "checked"});
  Provider provider;
  for (const char* key : {"name", "domains", "smtp", "demands", "source", "checked"})
    if (!node[key]) sim::yaml::wrong(node, fmt::format("a provider needs \"{}\"", key));
  provider.name = sim::yaml::text(node["name"], "name");
  provider.source = sim::yaml::text(node["source"], "source");
  provider.checked = sim::yaml::text(node["checked"], "checked");
  provider.domains = texts(node["domains"], "domains");
  provider.mx = texts(node["mx"], "mx");
  for (const auto& [key, protocol] : {std::pair{"imap", Protocol::imap}, {"pop3", Protocol::pop3}, {"smtp", Protocol::smtp}})
    if (const YAML::Node servers = node[key])
      for (const auto& one : servers) provider.servers.push_back(server_of(one, protocol));
  const std::string demand = sim::yaml::text(node["demands"], "demands");
  const auto* row = std::find_if(std::begin(demands), std::end(demands), [&](const auto& one) { return one.first == demand; });
  if (row == std::end(demands)) sim::yaml::wrong(node["demands"], fmt::format("\"{}\" is no demand that is known", demand));
  provider.demand = row->second;
  return provider;
}

bool is_within(std::string_view name, std::string_view domain) {
  return equal_ignoring_case(name, domain) ||
         (name.size() > domain.size() && name[name.size() - domain.size() - 1] == '.' && equal_ignoring_case(name.substr(name.size() - domain.size()), domain));
}

}  // namespace

std::string_view name_of(Demand demand) {
  for (const auto& [name, value] : demands)
    if (value == demand) return name;
  return {};
}

tl::expected<std::vector<Provider>, std::string> load_providers(const std::filesystem::path& file) {
  try {
    const YAML::Node root = YAML::LoadFile(file.string());
    if (!root.IsSequence()) sim::yaml::wrong(root, "the providers are a list");
    std::vector<Provider> providers;
    for (const auto& one : root) providers.push_back(provider_from(one));
    return providers;
  } catch (const sim::yaml::Wrong& wrong) {
    return tl::unexpected(fmt::format("{}:{}:{}: {}", file.string(), wrong.mark.line + 1, wrong.mark.column + 1, wrong.problem));
  } catch (const YAML::Exception& problem) {
    return tl::unexpected(fmt::format("{}: {}", file.string(), problem.what()));
  }
}

const Provider* provider_of(const std::vector<Provider>& providers, std::string_view domain) {
  for (const Provider& provider : providers)
    for (const std::string& one : provider.domains)
      if (equal_ignoring_case(one, domain)) return &provider;
  return nullptr;
}

const Provider* provider_of_mx(const std::vector<Provider>& providers, std::string_view mx_host) {
  for (const Provider& provider : providers)
    for (const std::string& one : provider.mx)
      if (is_within(mx_host, one)) return &provider;
  return nullptr;
}

std::string url_of(const FoundServer& server, std::string_view user) {
  std::string scheme, usual;
  const bool implicit = server.tls == TlsMode::implicit;
  switch (server.protocol) {
    case Protocol::imap: scheme = implicit ? "imaps" : "imap", usual = implicit ? "993" : "143"; break;
    case Protocol::pop3: scheme = implicit ? "pop3s" : "pop3", usual = implicit ? "995" : "110"; break;
    default: scheme = implicit ? "submissions" : "submission", usual = implicit ? "465" : "587";
  }
  std::string who;  // RFC 3986 section 3.2.1: what is not unreserved is written in percent
  for (const char c : user) {
    if (is_alnum(c) || std::string_view("-._~+").find(c) != std::string_view::npos) who += c;
    else who += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  const std::string port = std::to_string(server.port);
  return scheme + "://" + (who.empty() ? "" : who + "@") + server.host + (port == usual ? "" : ":" + port);
}

}  // namespace glasspost::app

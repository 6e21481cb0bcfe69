// What a scenario says of letters and of servers that do more than relay: addresses, wishes, redirects, what is offered.
#pragma once

#include <string>

#include "sim/scenario.h"
#include "sim/yaml.h"

namespace glasspost::sim::yaml {

std::string address_of_person(const YAML::Node&);            // "bob@example.org"
LetterWishes read_wishes(const YAML::Node& letter);
void read_redirects(const YAML::Node& host, HostDescription&);   // aliases, forwards, lists, vacations
void read_offers(const YAML::Node& service, ServiceDescription&);  // extensions, logins
void read_flaws(const YAML::Node& broken, HostDescription&);       // once its services are known

}  // namespace glasspost::sim::yaml

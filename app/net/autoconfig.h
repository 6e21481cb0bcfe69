// The file in which a domain says where its mail servers are, as Thunderbird first read it (draft-ietf-mailmaint-autoconfig).
#pragma once

#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "app/model/providers.h"

namespace glasspost::app {

// Its servers with TLS, in its order; or, in English, what is wrong with the file. Servers in clear are left out.
tl::expected<std::vector<FoundServer>, std::string> read_autoconfig(std::string_view xml);

}  // namespace glasspost::app

// The words that our JSON uses for closed sets.
#pragma once

#include <string_view>

#include "protocol/dissector.h"
#include "protocol/trace.h"

namespace glasspost {

std::string_view json_name(Side);
std::string_view json_name(MessageKind);
std::string_view json_name(TlsMode);
std::string_view json_name(StoreChange);
std::string_view json_name(QueueChange);
std::string_view json_name(FaultKind);

}  // namespace glasspost

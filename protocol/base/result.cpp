#include "protocol/base/result.h"

namespace glasspost {

std::string_view name_of(Fault fault) {
  switch (fault) {
    case Fault::syntax: return "syntax";
    case Fault::unknown_command: return "unknown_command";
    case Fault::too_long: return "too_long";
    case Fault::too_many: return "too_many";
    case Fault::bad_line_end: return "bad_line_end";
    case Fault::bad_octet: return "bad_octet";
    case Fault::number_range: return "number_range";
    case Fault::out_of_order: return "out_of_order";
    case Fault::unsupported: return "unsupported";
    case Fault::incomplete: return "incomplete";
    case Fault::injected: return "injected";
    case Fault::mismatch: return "mismatch";
  }
  return "";
}

}  // namespace glasspost

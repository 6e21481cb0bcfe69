#include "app/model/outside.h"

namespace glasspost::app {

std::string_view name_of(LiveStep step) {
  switch (step) {
    case LiveStep::name: return "name";
    case LiveStep::connect: return "connect";
    case LiveStep::tls: return "tls";
    case LiveStep::greeting: return "greeting";
    case LiveStep::login: return "login";
    case LiveStep::command: return "command";
  }
  return {};
}

}  // namespace glasspost::app

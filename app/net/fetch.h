// One small file by HTTPS: a mail domain's autoconfig. Nothing waits; poll() does what can be done now. Redirections are not
// followed: a file that lies elsewhere is somebody else's word.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "protocol/tls/context.h"

namespace glasspost::app {

struct FetchSettings {
  std::string host, path;         // "autoconfig.example.com", "/mail/config-v1.1.xml"
  std::uint16_t port = 443;
  std::string address = {};       // a numeric one to connect to in place of the name's; empty: the name is looked up
  Duration limit = 15s;           // for all of it
  TlsContext* context = nullptr;  // must outlive it
};

class Fetch {
 public:
  explicit Fetch(FetchSettings);
  ~Fetch();
  Fetch(const Fetch&) = delete;
  Fetch& operator=(const Fetch&) = delete;

  // The file, once; or why there is none, in English. Nothing: not yet.
  std::optional<tl::expected<std::string, std::string>> poll();

 private:
  class Inner;
  std::unique_ptr<Inner> inner_;
};

}  // namespace glasspost::app

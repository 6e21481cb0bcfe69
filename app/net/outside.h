// What the model has of the world outside: live lines, and a post office behind real ports. The window hands it to the model,
// which it must outlive.
#pragma once

#include <memory>

#include "app/model/model.h"
#include "app/net/discover.h"
#include "app/net/watcher.h"
#include "protocol/tls/context.h"

namespace glasspost::app {

class RealOutside final : public Outside {
 public:
  // `search`: where DNS and web servers are asked, if not where this computer asks.
  explicit RealOutside(Strings strings, DiscoverSettings search = {}) : strings_(std::move(strings)), search_(std::move(search)) {}

  // A post office for the scenario's users, on the ports that `glasspost serve` has when none is named.
  tl::expected<std::unique_ptr<Doors>, std::string> open_doors(const sim::Scenario&) override;
  // Read-only, certificates checked against this computer's authorities. Whoever the address names is logged in, over TLS only.
  tl::expected<std::unique_ptr<LiveLine>, std::string> connect(const LiveWish&) override;
  std::unique_ptr<Discovery> discover(const std::string& address, const std::vector<Provider>&) override;
  void copy(std::string_view) override {}  // the window has the clipboard
  void watch(const Waits& waits, std::function<void()> wake) override { watcher_.watch(waits, std::move(wake)); }
  void speak(Language language) override { strings_.speak(language); }

 private:
  tl::expected<TlsContext*, std::string> trust();  // this computer's authorities, loaded once

  Strings strings_;
  DiscoverSettings search_;
  std::unique_ptr<TlsContext> tls_;
  Watcher watcher_;
};

}  // namespace glasspost::app

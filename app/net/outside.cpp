#include "app/net/outside.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "app/net/live.h"
#include "app/net/office.h"

namespace glasspost::app {
namespace {

class Line final : public LiveLine {
 public:
  Line(const Strings& strings, LiveSettings settings) : strings_(strings), live_(std::move(settings), trace_) {}

  const Trace& trace() const override { return trace_; }
  ConnectionId connection() const override { return live_.connection(); }
  bool is_open() const override { return !live_.is_over(); }
  bool poll() override { return live_.poll(); }
  void hang_up() override { live_.hang_up(); }

  void type(std::string_view line) override {
    held_ = live_.type(line);
  }

  std::string status() const override {
    const LiveAddress& address = live_.settings().address;
    if (const auto& fault = live_.fault()) {
      const std::string more = advice(*fault, strings_);
      return sentence(*fault, strings_) + (more.empty() ? "" : " " + more);
    }
    if (live_.is_over()) return std::string(strings_("console.closed_by_client"));
    if (held_) return strings_("live.held", {{"command", held_->command}});
    if (!live_.is_open())
      return strings_("connect.step." + std::string(name_of(live_.step())),
                      {{"host", address.host}, {"address", live_.numeric_address()}, {"port", std::to_string(address.port)}});
    const TlsFacts* tls = live_.tls_facts();
    if (!tls) return std::string(strings_("connect.in_clear"));
    return strings_("connect.tls_up", {{"version", tls->version}, {"cipher", tls->cipher}});
  }

 private:
  const Strings& strings_;
  Trace trace_;
  Live live_;
  std::optional<Held> held_;
};

class OfficeDoors final : public Doors {
 public:
  explicit OfficeDoors(std::unique_ptr<Office> office) : office_(std::move(office)) {
    take_doors();
    write_authority();
  }
  const Trace& trace() const override { return office_->trace(); }
  const std::vector<Door>& doors() const override { return doors_; }
  std::string authority_file() const override { return authority_file_; }
  bool poll() override {
    if (!office_->listener().poll()) return false;
    take_doors();
    return true;
  }

 private:
  void take_doors() {
    doors_.clear();
    for (const Listener::Door& door : office_->listener().doors())
      doors_.push_back({door.name, door.protocol, door.tls, door.port, door.inside});
  }

  // Where mail programs can be pointed at it. Without such a place there is none.
  void write_authority() {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    if ((!cache || !*cache) && (!home || !*home)) return;
    const std::filesystem::path folder =
        (cache && *cache ? std::filesystem::path(cache) : std::filesystem::path(home) / ".cache") / "glasspost";
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    std::ofstream out(folder / "authority.pem", std::ios::binary | std::ios::trunc);
    out << office_->authority_pem();
    out.close();
    if (out) authority_file_ = (folder / "authority.pem").string();
  }

  std::unique_ptr<Office> office_;
  std::vector<Door> doors_;
  std::string authority_file_;
};

}  // namespace

tl::expected<std::unique_ptr<Doors>, std::string> RealOutside::open_doors(const sim::Scenario& scenario) {
  Office::Settings settings;
  for (const sim::UserDescription& user : scenario.users) {
    const std::size_t at = user.address.find('@');
    settings.users.emplace_back(user.address.substr(0, at), user.password);
    if (at != std::string::npos) settings.domain = user.address.substr(at + 1);  // the last one's: who is written to
  }
  for (const OfficeServiceRow& row : office_services()) settings.ports.emplace_back(row.service, row.usual_port);
  auto office = Office::open(std::move(settings));
  if (office) return std::make_unique<OfficeDoors>(std::move(*office));
  const OfficeFault& fault = office.error();
  if (fault.at == OfficeFault::At::port)
    return tl::unexpected(strings_("doors.port_taken", {{"port", std::to_string(fault.port)}, {"reason", fault.reason}}));
  if (fault.at == OfficeFault::At::user)
    return tl::unexpected(strings_("serve.user_wrong", {{"name", fault.what}, {"reason", fault.reason}}));
  return tl::unexpected(strings_("serve.certificate_wrong", {{"reason", fault.reason}}));
}

tl::expected<std::unique_ptr<LiveLine>, std::string> RealOutside::connect(std::string_view url) {
  auto address = live_address(url);
  if (!address)
    return tl::unexpected(address.error() == AddressFault::has_password ? std::string(strings_("connect.password_in_url"))
                                                                        : strings_("connect.bad_url", {{"url", url}}));
  if (!address->user.empty()) return tl::unexpected(strings_("connect.typed_login", {{"user", address->user}}));
  if (!tls_) {
    auto made = TlsContext::make(TlsLibrary::make(), {.identity = std::nullopt, .trusted_pem = {}, .trust_system = true});
    if (!made) return tl::unexpected(strings_("connect.cafile_wrong", {{"reason", made.error()}}));
    tls_ = std::move(*made);
  }
  LiveSettings settings;
  settings.address = std::move(*address);
  settings.context = tls_.get();
  return std::make_unique<Line>(strings_, std::move(settings));
}

}  // namespace glasspost::app

#include "app/net/outside.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "app/net/live.h"
#include "app/net/live_secret.h"
#include "app/net/office.h"

namespace glasspost::app {
namespace {

constexpr std::size_t trace_limit = std::size_t{256} * 1024 * 1024;  // of what a real server may say
constexpr Duration share_of_a_frame = 6ms;  // for those who have come in through the doors

class Line final : public LiveLine {
 public:
  Line(const Strings& strings, LiveWish wish, LiveSettings settings)
      : strings_(strings), wish_(std::move(wish)), trace_(trace_limit), live_(std::move(settings), trace_) {}

  const Trace& trace() const override { return trace_; }
  ConnectionId connection() const override { return live_.connection(); }
  const LiveWish& wish() const override { return wish_; }
  std::string host() const override { return live_.settings().address.host; }
  std::vector<std::string> addresses() const override { return live_.addresses(); }
  std::vector<LiveProgress> progress() const override { return live_.progress(); }
  bool failed() const override { return live_.fault().has_value(); }
  bool is_open() const override { return live_.is_open(); }
  bool is_over() const override { return live_.is_over(); }
  bool is_secret(std::string_view line) const override { return live_.is_secret(line); }
  void hang_up() override {
    command_.reset();
    drop_held();
    live_.hang_up();
  }

  bool poll() override {
    bool happened = live_.poll();
    if (live_.wants_secret() && !wish_.secret_command.empty()) happened |= fetch_secret();
    if (live_.is_over()) command_.reset();
    if (happened) look_at_held();
    return happened;
  }

  Waits waits() const override {
    Waits waits = live_.waits();
    if (command_) waits.add({{}, a_moment});
    return waits;
  }

  void type(std::string_view line) override {
    held_back_.reset();
    if (!live_.is_open() || holds_back(line)) return;
    if (wish_.steps) {
      typed_ = std::string(line);
      return look_at_held();
    }
    send(line);
  }

  std::string status() const override {
    const LiveAddress& address = live_.settings().address;
    if (const auto& fault = live_.fault()) return sentence(*fault, strings_);
    if (live_.is_over()) return std::string(strings_("console.closed_by_client"));
    if (held_back_) return held_sentence();
    if (live_.wants_secret()) return strings_(wish_.secret_command.empty() ? "live.wants_secret" : "live.command_runs", {{"user", address.user}});
    if (!live_.is_open())
      return strings_("connect.step." + std::string(name_of(live_.step())),
                      {{"host", address.host},
                       {"address", std::string(live_.numeric_address())},
                       {"port", std::to_string(address.port)},
                       {"user", address.user},
                       {"command", std::string(strings_("live.opening_words"))}});
    const TlsFacts* tls = live_.tls_facts();
    if (!tls) return std::string(strings_("connect.in_clear"));
    return strings_(tls->verdict == Verdict::trusted ? "connect.tls_up" : "connect.tls_accepted", {{"version", tls->version}, {"cipher", tls->cipher}});
  }
  std::string meaning() const override { return live_.fault() ? app::meaning(*live_.fault(), strings_) : std::string(); }
  std::vector<std::string> remedies() const override { return live_.fault() ? app::remedies(*live_.fault(), strings_) : std::vector<std::string>{}; }
  const TlsFacts* distrusted() const override { return live_.distrusted(); }

  std::optional<std::string> asks_secret_of() const override {
    if (!live_.wants_secret() || !wish_.secret_command.empty()) return std::nullopt;
    return live_.settings().address.user;
  }
  void give_secret(std::string secret) override {
    if (secret.empty()) return;
    live_.give_secret(std::move(secret));
    look_at_held();
  }

  bool read_only() const override { return live_.read_only(); }
  void allow_changes(bool allow) override {
    live_.allow_changes(allow);
    if (allow) held_back_.reset();
  }
  const HeldBack* held_back() const override { return held_back_ ? &*held_back_ : nullptr; }

  const Conversation* held() const override { return preview_ ? &*preview_ : nullptr; }
  bool held_is_typed() const override { return typed_.has_value(); }
  std::string_view held_line() const override { return typed_ ? std::string_view(*typed_) : std::string_view(); }
  void release() override {
    if (typed_) {
      const std::string line = *std::exchange(typed_, std::nullopt);
      if (live_.is_open()) send(line);
    } else if (!live_.held().empty()) {
      live_.release();
    }
    look_at_held();
  }
  void drop_held() override {
    if (typed_) typed_.reset();
    else if (!live_.held().empty()) live_.give_up_opening();
    look_at_held();
  }

 private:
  void send(std::string_view line) {
    held_back_.reset();
    if (!holds_back(line)) live_.type(line);
  }
  bool holds_back(std::string_view line) {
    if (auto held = live_.would_hold(line)) held_back_ = HeldBack{std::string(line), held->command, held->alternative, held->sends_mail};
    return held_back_.has_value();
  }

  // What is held is explained as it would be seen if it went out.
  void look_at_held() {
    preview_.reset();
    if (live_.is_over() || !live_.conversation()) {
      typed_.reset();
      return;
    }
    if (typed_) preview_.emplace(live_.preview(*typed_ + "\r\n"));
    else if (!live_.held().empty()) preview_.emplace(live_.preview(live_.held()));
  }

  bool fetch_secret() {
    if (!command_) command_.emplace(wish_.secret_command);
    auto secret = command_->poll();
    if (!secret) return false;
    command_.reset();
    if (*secret) live_.give_secret(std::move(**secret));
    else live_.refuse_secret(secret->error());
    return true;
  }

  std::string held_sentence() const {
    if (held_back_->sends_mail) return strings_("live.held_mail", {{"command", held_back_->command}});
    return strings_("live.held", {{"command", held_back_->command}});
  }

  const Strings& strings_;
  LiveWish wish_;
  Trace trace_;
  Live live_;
  std::optional<HeldBack> held_back_;
  std::optional<SecretCommand> command_;
  std::optional<std::string> typed_;  // waits for release()
  std::optional<Conversation> preview_;
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
  std::string domain() const override { return office_->domain(); }
  std::size_t letters_of(std::string_view login) const override {
    const auto& accounts = office_->store().accounts();
    const auto found = accounts.find(login);
    return found == accounts.end() ? 0 : found->second->inbox().size();
  }
  bool poll() override {
    if (!office_->listener().poll(share_of_a_frame)) return false;
    take_doors();
    return true;
  }
  Waits waits() const override { return office_->listener().waits(); }

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

tl::expected<std::unique_ptr<LiveLine>, std::string> RealOutside::connect(const LiveWish& wish) {
  auto address = live_address(wish.url);
  if (!address)
    return tl::unexpected(address.error() == AddressFault::has_password ? std::string(strings_("live.password_in_url"))
                                                                        : strings_("connect.bad_url", {{"url", wish.url}}));
  const auto trusted = trust();
  if (!trusted) return tl::unexpected(strings_("connect.cafile_wrong", {{"file", strings_("connect.system_authorities")}, {"reason", trusted.error()}}));
  LiveSettings settings;
  settings.starttls = usual_starttls(*address);
  settings.secret_follows = true;
  settings.token = wish.token;
  settings.hold_opening = wish.steps;
  settings.address = std::move(*address);
  settings.accepted_certificate = wish.accepted_certificate;
  settings.context = *trusted;
  settings.dns_server = search_.dns_server;
  return std::make_unique<Line>(strings_, wish, std::move(settings));
}

tl::expected<TlsContext*, std::string> RealOutside::trust() {
  if (!tls_) {
    auto made = TlsContext::make(TlsLibrary::make(), {.identity = std::nullopt, .trusted_pem = {}, .trust_system = true});
    if (!made) return tl::unexpected(made.error());
    tls_ = std::move(*made);
  }
  return tls_.get();
}

std::unique_ptr<Discovery> RealOutside::discover(const std::string& address, const std::vector<Provider>& providers) {
  const auto trusted = trust();
  if (!trusted) return nullptr;
  DiscoverSettings settings = search_;
  settings.context = *trusted;
  return make_discovery(address, providers, std::move(settings));
}

}  // namespace glasspost::app

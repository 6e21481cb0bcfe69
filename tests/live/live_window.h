// A window over real sockets: the model has a real Outside, and the servers are polled beside it.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "app/net/office.h"
#include "app/net/outside.h"
#include "tests/source_dir.h"
#include "tests/ui/whole.h"

namespace glasspost::ui {

constexpr const char* the_password = "ve2y-secret-w0rd";

// A folder of its own for what the program writes, and for the authority that it trusts.
class Place {
 public:
  Place() {
    char name[] = "/tmp/glasspost-live-XXXXXX";
    path_ = ::mkdtemp(name);
    ::setenv("XDG_CACHE_HOME", path_.c_str(), 1);
  }
  ~Place() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(path_ + "/" + name, std::ios::binary) << text;
    return path_ + "/" + name;
  }

 private:
  std::string path_;
};

class LiveWindow : public Workbench {
 protected:
  LiveWindow() {
    app::Office::Settings settings;
    settings.users = {{"bob", the_password}};
    for (const app::OfficeServiceRow& row : app::office_services()) settings.ports.emplace_back(row.service, std::uint16_t(0));
    office_ = std::move(*app::Office::open(std::move(settings)));
    ::setenv("SSL_CERT_FILE", place_.file("authority.pem", office_->authority_pem()).c_str(), 1);
    begin();
  }
  ~LiveWindow() override { model_.reset(); }

  // The program, with name servers of its own or this computer's.
  void begin(app::DiscoverSettings search = {}) {
    const std::filesystem::path assets = std::string(glasspost::source_dir()) + "/assets";
    window_.reset();
    model_.reset();
    outside_ = std::make_unique<app::RealOutside>(Strings::load(assets).value(), std::move(search));
    app::Settings greeted;
    greeted.greeted = true;
    model_ = std::make_unique<Model>(assets, Strings::load(assets).value(), load_catalogue(assets, Language::english).value(),
                                     load_catalogue(assets, Language::spanish).value(), greeted, outside_.get());
    apply(app::LoadScenario{"first-letter", {}}, *model_);
    apply(app::SetLiveChoice{{.steps = false}}, *model_);
    open(1440, 900, 1);
  }
  void search_at(const std::string& dns_server) { begin({.dns_server = dns_server}); }

  std::string port(std::string_view service) const {
    for (const app::Listener::Door& door : office_->listener().doors())
      if (door.name == service) return std::to_string(door.port);
    ADD_FAILURE() << "no door " << service;
    return "1";
  }
  // Frames go on, and so does the server, until it is so. A frame never waits for a server: the whole loop may take no more
  // than ten seconds of real time.
  template <class Condition>
  bool until(Condition condition) {
    const auto begun = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begun < std::chrono::seconds{10}) {
      if (office_) office_->listener().poll();
      model_->pass(20ms);
      window_->frame();
      look_for_the_password();
      if (condition()) return true;
      ::usleep(1000);
    }
    return false;
  }
  // Nothing that is drawn, remembered or reported may hold it.
  void look_for_the_password() {
    for (const Control& control : window_->ui().recorder().controls())
      ASSERT_EQ(control.text.find(the_password), std::string::npos) << control.name;
  }
  void go_to(const std::string& url) {
    act(app::AskAddress{});
    ASSERT_TRUE(window_->click("live.address"));
    window_->press(Key::a, Modifier::ctrl);
    window_->type(url);
    window_->press(Key::enter);
  }
  void say(const std::string& line) {
    ASSERT_TRUE(window_->click("console.input"));
    window_->type(line);
    window_->press(Key::enter);
  }
  // Somebody has said a line that begins like this.
  bool was_said(std::string_view text) const {
    for (std::size_t row = 0; row < model_->conversations().rows(); ++row)
      if (line(row).starts_with(text)) return true;
    return false;
  }

  Place place_;
  std::unique_ptr<app::Office> office_;
  std::unique_ptr<app::RealOutside> outside_;
};

}  // namespace glasspost::ui

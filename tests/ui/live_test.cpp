// The workspace Live over a line that says what it is told to: layout, words, pictures.
#include <gmock/gmock.h>

#include "app/ui/views/live.h"
#include "app/ui/widgets.h"
#include "tests/source_dir.h"
#include "tests/ui/golden.h"
#include "tests/ui/whole.h"

namespace glasspost::ui {
namespace {

using ::testing::HasSubstr;
using State = app::LiveProgress::State;

constexpr Instant morning{std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 9h};

// A dialogue with imap.example.net, as far as the mailbox is about to be opened.
class SaidLine final : public app::LiveLine {
 public:
  explicit SaidLine(app::LiveWish wish) : wish_(std::move(wish)) {
    connection_ = trace_.next_connection();
    Opened opened;
    opened.protocol = Protocol::imap;
    opened.tls = TlsMode::implicit;
    opened.server_is_ours = false;
    opened.client_name = trace_.keep("192.0.2.7");
    opened.server_name = trace_.keep("imap.example.net");
    opened.client_port = 51422;
    opened.server_port = 993;
    trace_.append({morning, no_record, connection_, opened});
    says(Side::server, "* OK [CAPABILITY IMAP4rev1 IDLE SASL-IR AUTH=PLAIN] ready\r\n", 113ms);
    says(Side::client, "a1 AUTHENTICATE PLAIN AGJvYgBiMGJieQ==\r\n", 114ms);
    says(Side::server, "a1 OK [CAPABILITY IMAP4rev1 IDLE CONDSTORE QRESYNC UIDPLUS MOVE ESEARCH SORT SPECIAL-USE ENABLE LITERAL+ NAMESPACE ID UNSELECT] Logged in\r\n", 182ms);
    says(Side::client, "a2 NAMESPACE\r\n", 214ms);
    says(Side::server, "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n", 246ms);
    says(Side::server, "a2 OK Namespace completed.\r\n", 246ms);
    says(Side::client, "a3 LIST \"\" \"*\"\r\n", 1902ms);
    for (const char* name : {"INBOX", "Drafts", "Sent", "Trash"})
      says(Side::server, std::string("* LIST (\\HasNoChildren) \"/\" ") + name + "\r\n", 1935ms);
    says(Side::server, "a3 OK List completed.\r\n", 1936ms);
  }
  const Trace& trace() const override { return trace_; }
  ConnectionId connection() const override { return connection_; }
  const app::LiveWish& wish() const override { return wish_; }
  std::string host() const override { return "imap.example.net"; }
  std::vector<std::string> addresses() const override { return {"203.0.113.20", "2001:db8::20"}; }
  std::vector<app::LiveProgress> progress() const override {
    using app::LiveStep;
    if (shows) return {{LiveStep::name, State::done, 18ms}, {LiveStep::connect, State::done, 31ms}, {LiveStep::tls, State::failed, 64ms}, {LiveStep::greeting}, {LiveStep::login}};
    return {{LiveStep::name, State::done, 18ms}, {LiveStep::connect, State::done, 31ms}, {LiveStep::tls, State::done, 64ms},
            {LiveStep::greeting, State::done, greeted_at_once ? 0ms : 33ms}, {LiveStep::login, fails ? State::failed : asks ? State::doing : State::done, 68ms}};
  }
  std::string status() const override { return shows ? "TLS: the certificate is for server7.hosting.example, *.hosting.example, not for imap.example.net." : fails ? "Login: the server refused it: a1 NO [AUTHENTICATIONFAILED] wrong" : "TLS: TLSv1.3, TLS_AES_256_GCM_SHA384; the certificate is trusted"; }
  std::string meaning() const override { return fails ? "The connection is good. The name or the password is not." : std::string(); }
  std::vector<std::string> remedies() const override { return fails ? std::vector<std::string>{"Type the password anew.", "See what the provider demands."} : std::vector<std::string>{}; }
  const TlsFacts* distrusted() const override { return shows ? &*shows : nullptr; }
  bool failed() const override { return fails || shows; }
  bool is_open() const override { return !failed() && !asks && !gone; }
  bool is_over() const override { return failed() || gone; }
  const app::HeldBack* held_back() const override { return kept_back ? &*kept_back : nullptr; }
  void type(std::string_view line) override { typed.emplace_back(line); }
  bool is_secret(std::string_view) const override { return false; }
  void hang_up() override {}
  bool poll() override { return false; }
  std::optional<std::string> asks_secret_of() const override { return asks ? std::optional<std::string>("bob@example.net") : std::nullopt; }
  const Conversation* held() const override { return held_ ? &*held_ : nullptr; }
  bool held_is_typed() const override { return true; }
  std::string_view held_line() const override { return "a4 EXAMINE INBOX"; }
  void release() override { released = true, held_.reset(); }
  void drop_held() override { held_.reset(); }

  void hold() {
    held_.emplace(connection_, trace_, std::get<Opened>(trace_[trace_.first()].what), morning);
    for (RecordId id = trace_.first(); id < trace_.end(); ++id) held_->observe(trace_, id);
    Trace scratch;
    held_->observe(scratch, scratch.append({morning + 2s, no_record, connection_, Sent{Side::client, Layer::clear, scratch.keep("a4 EXAMINE INBOX\r\n")}}));
  }
  bool greeted_at_once = false, fails = false, asks = false, released = false, gone = false;
  std::optional<app::HeldBack> kept_back;
  std::optional<TlsFacts> shows;  // a certificate that is not trusted: it fails
  std::vector<std::string> typed;

 private:
  void says(Side side, std::string_view octets, Duration after) {
    const Bytes said = trace_.keep(octets);
    if (side == Side::client) trace_.append({morning + after, no_record, connection_, Sent{side, Layer::clear, said}});
    else trace_.append({morning + after, no_record, connection_, Arrived{side, Layer::clear, said}});
  }
  Trace trace_;
  ConnectionId connection_ = 0;
  app::LiveWish wish_;
  std::optional<Conversation> held_;
};

class ToldSearch final : public app::Discovery {
 public:
  const std::string& address() const override { return address_; }
  const std::vector<app::DiscoveryStep>& steps() const override { return steps_; }
  bool is_over() const override { return false; }
  bool poll() override { return false; }
  void allow_autoconfig(bool allow) override { allowed = allow; }
  std::optional<bool> allowed;

 private:
  using Of = app::DiscoveryStep::State;
  std::string address_ = "ann@example.com";
  std::vector<app::DiscoveryStep> steps_{
      {app::DiscoveryKind::srv, Of::nothing, 41ms, {"_imaps._tcp.example.com  SRV  NXDOMAIN", "_submissions._tcp.example.com  SRV  NXDOMAIN"}},
      {app::DiscoveryKind::table, Of::found, 0ms, {"example.com"}, {{Protocol::imap, "imap.example.com", 993, TlsMode::implicit}, {Protocol::smtp, "smtp.example.com", 587, TlsMode::starttls}}},
      {app::DiscoveryKind::mx, Of::doing, 0ms},
      {app::DiscoveryKind::autoconfig, Of::asks_leave}};
};

class Elsewhere final : public app::Outside {
 public:
  tl::expected<std::unique_ptr<app::Doors>, std::string> open_doors(const sim::Scenario&) override { return tl::unexpected(std::string("no")); }
  tl::expected<std::unique_ptr<app::LiveLine>, std::string> connect(const app::LiveWish& wish) override {
    wished = wish;
    auto made = std::make_unique<SaidLine>(wish);
    line = made.get();
    return made;
  }
  std::unique_ptr<app::Discovery> discover(const std::string&, const std::vector<app::Provider>&) override {
    auto made = std::make_unique<ToldSearch>();
    search = made.get();
    return made;
  }
  void copy(std::string_view) override {}
  app::LiveWish wished;
  SaidLine* line = nullptr;
  ToldSearch* search = nullptr;
};

class LiveRoom : public Workbench {
 protected:
  LiveRoom() {
    const std::filesystem::path assets = std::string(glasspost::source_dir()) + "/assets";
    model_ = std::make_unique<Model>(assets, Strings::load(assets).value(), load_catalogue(assets, Language::english).value(),
                                     load_catalogue(assets, Language::spanish).value(), app::Settings{}, &outside_);
    apply(app::LoadScenario{"first-letter", {}}, *model_);
    apply(app::ShowWorkspace{app::Workspace::live}, *model_);
    open(1280, 800, 1);
  }
  void connect() {
    act(app::ConnectReal{{.url = "imaps://bob%40example.net@imap.example.net", .steps = true}});
    act(app::EditLine{""});
    window_->settle();
  }
  void in_all_sizes(const char* what) {
    for (const Language language : {Language::english, Language::spanish}) {
      act(app::SetLanguage{language});
      for (const auto& [width, height, scale] : {std::tuple{1280, 800, 1.F}, {1920, 1080, 1.F}, {1440, 900, 2.F}, {2560, 1600, 2.F}, {1440, 900, 1.F}}) {
        open(width, height, scale);
        window_->settle();
        EXPECT_EQ(clipped(), "") << what << width << "x" << height << " at " << scale;
        EXPECT_TRUE(window_->ui().recorder().duplicates().empty()) << what << window_->ui().recorder().duplicates().front();
      }
    }
    act(app::SetLanguage{Language::english});
    open(1280, 800, 1);
  }
  Elsewhere outside_;
};

TEST_F(LiveRoom, AnAddressIsSearchedForAndAUrlConnectsAsChosen) {
  ASSERT_TRUE(window_->click("live.address"));
  window_->type("ann@example.com");
  window_->press(Key::enter);
  ASSERT_TRUE(model_->discovery());
  ASSERT_TRUE(window_->click("live.autoconfig_yes"));
  EXPECT_EQ(outside_.search->allowed, true);
  ASSERT_TRUE(window_->click("live.found/IMAP.993"));
  EXPECT_EQ(window_->text_of("live.address"), "imaps://ann%40example.com@imap.example.com");
  ASSERT_TRUE(window_->click("live.way/token_command"));
  window_->click("live.command");
  window_->type("mail-token ann");
  ASSERT_TRUE(window_->click("live.mode/1"));
  ASSERT_TRUE(window_->click("live.go"));
  EXPECT_EQ(outside_.wished, (app::LiveWish{.url = "imaps://ann%40example.com@imap.example.com", .steps = false, .secret_command = "mail-token ann", .token = true}));
}

TEST_F(LiveRoom, AProviderFillsInTheAddress) {
  window_->click("live.address");
  window_->type("ann@gmail.com");
  ASSERT_TRUE(window_->click("live.server/Gmail.IMAP.993"));
  EXPECT_EQ(window_->text_of("live.address"), "imaps://ann%40gmail.com@imap.gmail.com");
  window_->ui().edit("live.address").set("ann@gmail.com");
  ASSERT_TRUE(window_->click("live.provider_imap/Gmail")) << "its name leads to where mail is read";
  EXPECT_EQ(window_->text_of("live.address"), "imaps://ann%40gmail.com@imap.gmail.com");
  EXPECT_FALSE(model_->live()) << "nothing is connected to before it is asked for";
  ASSERT_TRUE(window_->click("live.source/Gmail"));
  EXPECT_TRUE(model_->notice()) << "who says what it demands: the address is copied";
}

TEST_F(LiveRoom, TheHeldLineIsSentEditedOrDropped) {
  connect();
  outside_.line->hold();
  window_->settle();
  EXPECT_EQ(window_->text_of("live.held.line"), "a4 EXAMINE INBOX");
  window_->press(Key::e);
  EXPECT_FALSE(outside_.line->held());
  EXPECT_EQ(model_->console().input, "a4 EXAMINE INBOX");
  outside_.line->hold();
  act(app::EditLine{""});
  window_->ui().unfocus();
  window_->settle();
  window_->press(Key::n);
  EXPECT_TRUE(outside_.line->released);
  outside_.line->hold();
  window_->settle();
  ASSERT_TRUE(window_->click("live.drop"));
  EXPECT_FALSE(outside_.line->held());
}

TEST_F(LiveRoom, ThePasswordIsMasked) {
  connect();
  outside_.line->asks = true;
  window_->settle();
  ASSERT_TRUE(window_->find("live.password"));
  window_->type("b0bby");
  EXPECT_EQ(window_->text_of("live.password"), masked_secret);
  for (const Control& control : window_->ui().recorder().controls()) EXPECT_EQ(control.text.find("b0bby"), std::string::npos) << control.name;
}

TEST_F(LiveRoom, LettersThatAreTypedBesideTheFieldEndNothing) {
  connect();
  outside_.line->hold();
  window_->settle();
  window_->ui().unfocus();
  window_->strike("dtaof");
  EXPECT_EQ(model_->stage(), app::Stage::live);
  EXPECT_EQ(model_->workspace(), app::Workspace::live);
  EXPECT_EQ(model_->filter(), app::LadderFilter{});
  EXPECT_TRUE(outside_.line->held());
}

TEST_F(LiveRoom, WhatWasHeldBackIsOfferedOnlyWhileTheLineIsOpen) {
  connect();
  outside_.line->kept_back = app::HeldBack{"d1 STORE 1 +FLAGS (\\Deleted)", "STORE", "d1 FETCH 1 (FLAGS)"};
  window_->settle();
  EXPECT_TRUE(window_->find("live.instead"));
  outside_.line->gone = true;
  window_->settle();
  EXPECT_FALSE(window_->find("live.instead"));
  EXPECT_FALSE(window_->find("live.allow"));
}

TEST_F(LiveRoom, WhosePasswordIsAskedForIsReadWhole) {
  connect();
  outside_.line->asks = true;
  for (const Language language : {Language::english, Language::spanish}) {
    act(app::SetLanguage{language});
    for (const int width : {512, 640, 720, 960, 1024, 1280}) {
      open(width, 800, 1);
      window_->settle();
      const Control* whose = window_->find("live.password_of");
      ASSERT_NE(whose, nullptr) << width;
      EXPECT_FALSE(whose->elided) << width << " " << whose->text;
      ASSERT_NE(window_->find("live.password"), nullptr);
      EXPECT_GE(window_->find("live.password")->rect.w, 100) << width;
      EXPECT_EQ(clipped(), "") << width;
    }
  }
}

TlsFacts anothers_certificate() {
  TlsFacts facts;
  facts.verdict = Verdict::wrong_name;
  CertificateFacts shown;
  shown.subject = "server7.hosting.example";
  shown.issuer = "Example Trust TLS CA 3";
  shown.names = {"server7.hosting.example", "*.hosting.example"};
  shown.not_before = Instant(std::chrono::sys_days{std::chrono::year{2026} / 9 / 1});
  shown.not_after = Instant(std::chrono::sys_days{std::chrono::year{2026} / 11 / 30});
  shown.fingerprint = "7C:19:E4:02:AB:5D:90:33:F1:68:2E:C7:4A:0B:D6:85:1F:E9:57:A0:36:CB:72:8D:04:BE:91:6C:23:F8:4D:5A";
  facts.chain.push_back(shown);
  return facts;
}

TEST_F(LiveRoom, GoingOnRegardlessTakesTheNameTyped) {
  connect();
  outside_.line->shows = anothers_certificate();
  window_->settle();
  EXPECT_EQ(window_->text_of("live.asked_for"), "imap.example.net");
  EXPECT_EQ(window_->text_of("live.name_to_accept"), "server7.hosting.example");
  EXPECT_FALSE(window_->find("live.go_on")->enabled);
  ASSERT_TRUE(window_->click("live.accept"));
  window_->type("server7.hosting.exampl");
  window_->press(Key::enter);
  EXPECT_EQ(outside_.wished.accepted_certificate, "") << "a name that is not whole is not accepted";
  window_->type("e");
  ASSERT_TRUE(window_->click("live.go_on"));
  EXPECT_EQ(outside_.wished.accepted_certificate, anothers_certificate().chain[0].fingerprint);
  EXPECT_EQ(window_->ui().edit("live.accept").text(), "") << "the next time it is asked again";
  EXPECT_FALSE(window_->text_of("live.unproven").empty());
}

TEST_F(LiveRoom, TheNameThatAnsweredIsOfferedInBothLanguages) {
  connect();
  outside_.line->shows = anothers_certificate();
  for (const Language language : {Language::english, Language::spanish}) {
    act(app::SetLanguage{language});
    for (const int width : {1280, 1440, 1920}) {
      open(width, 800, 1);
      window_->settle();
      ASSERT_TRUE(window_->find("live.try_named")) << width;
      EXPECT_EQ(clipped(), "") << width;
    }
  }
  ASSERT_TRUE(window_->click("live.try_named"));
  EXPECT_EQ(outside_.wished.url, "imaps://bob%40example.net@server7.hosting.example");
}

// TLS says its first complaint only.
TEST_F(LiveRoom, WhatElseIsWrongWithACertificateIsSeenToo) {
  connect();
  TlsFacts facts = anothers_certificate();
  facts.verdict = Verdict::unknown_authority;
  outside_.line->shows = facts;
  window_->settle();
  EXPECT_TRUE(window_->find("live.check.dates")->on);
  EXPECT_FALSE(window_->find("live.check.name")->on);
  facts.chain[0].not_after = facts.chain[0].not_before + std::chrono::days{1};
  facts.chain[0].names = {"imap.example.net"};
  outside_.line->shows = facts;
  window_->settle();
  EXPECT_FALSE(window_->find("live.check.dates")->on);
  EXPECT_TRUE(window_->find("live.check.name")->on);
}

// The greeting lay there when the connection was seen to be open.
TEST_F(LiveRoom, AStepWhoseTimeIsNotKnownHasNone) {
  connect();
  EXPECT_EQ(window_->text_of("live.took/greeting"), "33 ms");
  outside_.line->greeted_at_once = true;
  window_->settle();
  EXPECT_FALSE(window_->find("live.took/greeting"));
  EXPECT_TRUE(window_->find("live.took/tls"));
}

TEST_F(LiveRoom, AFailureSaysWhatToDoAndTriesAgain) {
  connect();
  outside_.line->fails = true;
  window_->settle();
  EXPECT_THAT(window_->text_of("console.status"), HasSubstr("the server refused it"));
  EXPECT_FALSE(window_->find("live.go_on")) << "no certificate is in question";
  EXPECT_THAT(window_->text_of("live.remedy/1"), HasSubstr("anew"));
  EXPECT_FALSE(window_->find("live.nothing_sent")) << "the password was sent";
  outside_.wished = {};
  ASSERT_TRUE(window_->click("live.again"));
  EXPECT_EQ(outside_.wished.url, "imaps://bob%40example.net@imap.example.net");
}

TEST_F(LiveRoom, NothingIsCutOff) {
  in_all_sizes("connect page ");
  act(app::Discover{"ann@example.com"});
  in_all_sizes("search ");
  connect();
  in_all_sizes("session ");
  outside_.line->hold();
  in_all_sizes("held ");
  act(app::DropHeld{});
  outside_.line->asks = true;
  in_all_sizes("password ");
  outside_.line->fails = true;
  in_all_sizes("failure ");
  outside_.line->shows = anothers_certificate();
  in_all_sizes("certificate ");
}

TEST_F(LiveRoom, LooksAsItDidAtEachSize) {
  connect();
  for (const Sight& sight : sights) {
    outside_.line->hold();
    appear(sight);
    EXPECT_EQ(clipped(), "") << sight.name;
    EXPECT_TRUE(matches_golden(window_->picture(), std::string("live-") + sight.name));
  }
}

TEST_F(LiveRoom, Pictures) {
  act(app::Discover{"ann@example.com"});
  act(app::SetLanguage{Language::spanish});
  window_->settle();
  EXPECT_TRUE(matches_golden(window_->picture(), "live-connect-light-es"));
  act(app::SetLanguage{Language::english});
  connect();
  outside_.line->hold();
  act(app::ToggleLook{});
  window_->ui().unfocus();
  window_->settle();
  EXPECT_TRUE(matches_golden(window_->picture(), "live-dark-en"));
  act(app::DropHeld{});
  act(app::ToggleLook{});
  act(app::SetLanguage{Language::spanish});
  outside_.line->asks = true;
  window_->settle();
  EXPECT_TRUE(matches_golden(window_->picture(), "live-password-light-es"));
  outside_.line->asks = false;
  outside_.line->shows = anothers_certificate();
  window_->settle();
  EXPECT_TRUE(matches_golden(window_->picture(), "live-certificate-light-es"));
}

}  // namespace
}  // namespace glasspost::ui

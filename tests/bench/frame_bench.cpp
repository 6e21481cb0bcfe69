// A frame of single panels, and of the whole window in each workspace and with each lower panel, over a trace of 1,000,000
// records. The reach: 2 ms a frame, at rest and while the cursor moves.
#include <benchmark/benchmark.h>

#include "app/model/comparison.h"
#include "app/ui/headless.h"
#include "app/ui/workbench.h"
#include "app/words/catalogue.h"

namespace glasspost::ui {
namespace {

constexpr int connections = 10'000, lines = 100;

// Real sockets' trace without the sockets: ten thousand SMTP sessions, one line a record.
class ManyDoors final : public app::Doors {
 public:
  ManyDoors() {
    Instant at{std::chrono::hours{24 * 365 * 56}};
    for (int i = 0; i < connections; ++i) {
      Opened opened;
      opened.client_is_ours = opened.server_is_ours = false;
      opened.client_name = trace_.keep(i % 2 == 0 ? "alice-laptop" : "bob-phone");
      opened.server_name = trace_.keep("mail.example.com");
      const ConnectionId id = trace_.next_connection();
      trace_.append({at, no_record, id, opened});
      say(at, id, Side::server, "220 mail.example.com ESMTP\r\n");
      say(at, id, Side::client, "EHLO me\r\n");
      say(at, id, Side::server, "250-mail.example.com\r\n250-PIPELINING\r\n250 SIZE 1000000\r\n");
      for (int line = 4; line < lines - 2; line += 2) {
        say(at, id, Side::client, "NOOP\r\n");
        say(at, id, Side::server, line == 40 ? "450 4.3.2 later\r\n" : "250 2.0.0 Ok\r\n");
      }
      say(at, id, Side::client, "QUIT\r\n");
      say(at, id, Side::server, "221 2.0.0 bye\r\n");
    }
  }
  const Trace& trace() const override { return trace_; }
  const std::vector<Door>& doors() const override { return doors_; }
  std::string authority_file() const override { return {}; }
  bool poll() override { return false; }

 private:
  void say(Instant& at, ConnectionId id, Side from, std::string_view words) {
    at += 1ms;
    trace_.append({at, no_record, id, Arrived{from, Layer::clear, trace_.keep(words)}});
  }
  Trace trace_;
  std::vector<Door> doors_;
};

// A real server's line without the server: one connection, a million records of one IMAP session.
class LongLine final : public app::LiveLine {
 public:
  LongLine() {
    Instant at{std::chrono::hours{24 * 365 * 56}};
    Opened opened;
    opened.protocol = Protocol::imap;
    opened.server_is_ours = false;
    opened.client_name = trace_.keep("here");
    opened.server_name = trace_.keep("imap.example.com");
    connection_ = trace_.next_connection();
    trace_.append({at, no_record, connection_, opened});
    say(at, Side::server, "* OK ready\r\n");
    say(at, Side::client, "a0 LOGIN ann secret\r\n");
    say(at, Side::server, "a0 OK done\r\n");
    say(at, Side::client, "s0 EXAMINE INBOX\r\n");
    say(at, Side::server, "* 7 EXISTS\r\ns0 OK [READ-ONLY] done\r\n");
    for (int i = 1; i < connections * lines / 2; ++i) {
      const std::string tag = "t" + std::to_string(i);
      say(at, Side::client, i % 10 == 0 ? tag + " FETCH 1:3 (FLAGS)\r\n" : tag + " NOOP\r\n");
      say(at, Side::server, (i % 10 == 0 ? "* 1 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (FLAGS ())\r\n" : "") + tag + " OK done\r\n");
    }
  }
  const Trace& trace() const override { return trace_; }
  ConnectionId connection() const override { return connection_; }
  const app::LiveWish& wish() const override { return wish_; }
  std::string host() const override { return "imap.example.com"; }
  std::vector<std::string> addresses() const override { return {"192.0.2.1"}; }
  std::vector<app::LiveProgress> progress() const override {
    return {{app::LiveStep::name, app::LiveProgress::State::done, 3ms}, {app::LiveStep::connect, app::LiveProgress::State::done, 20ms},
            {app::LiveStep::greeting, app::LiveProgress::State::done, 1ms}, {app::LiveStep::login, app::LiveProgress::State::done, 9ms}};
  }
  std::string status() const override { return "Logged in"; }
  std::string meaning() const override { return {}; }
  std::vector<std::string> remedies() const override { return {}; }
  bool failed() const override { return false; }
  bool is_open() const override { return true; }
  bool is_over() const override { return false; }
  void type(std::string_view) override {}
  bool is_secret(std::string_view) const override { return false; }
  void hang_up() override {}
  bool poll() override { return false; }

 private:
  void say(Instant& at, Side from, std::string_view words) {
    at += 1ms;
    const Bytes bytes = trace_.keep(words);
    if (from == Side::client) trace_.append({at, no_record, connection_, Sent{from, Layer::clear, bytes}});
    else trace_.append({at, no_record, connection_, Arrived{from, Layer::clear, bytes}});
  }
  Trace trace_;
  ConnectionId connection_ = 0;
  app::LiveWish wish_{.url = "imap://ann@imap.example.com"};
};

class NoNetwork final : public app::Outside {
 public:
  tl::expected<std::unique_ptr<app::Doors>, std::string> open_doors(const sim::Scenario&) override { return std::make_unique<ManyDoors>(); }
  tl::expected<std::unique_ptr<app::LiveLine>, std::string> connect(const app::LiveWish&) override { return std::make_unique<LongLine>(); }
  void copy(std::string_view) override {}
};

// What is looked at: the doors with their ten thousand sessions, or one line of a million.
enum class Behind { doors, line };

struct Million {
  explicit Million(Behind behind) {
    const std::filesystem::path assets = std::string(GLASSPOST_SOURCE_DIR) + "/assets";
    app::Settings settings;
    settings.greeted = true;
    model = std::make_unique<Model>(assets, Strings::load(assets).value(), load_catalogue(assets, Language::english).value(),
                                    load_catalogue(assets, Language::spanish).value(), settings, &outside);
    apply(app::LoadScenario{"first-letter", {}}, *model);
    if (behind == Behind::doors) apply(app::OpenDoors{}, *model);
    else apply(app::ConnectReal{{.url = "imap://ann@imap.example.com"}}, *model);
    fonts = std::move(*Fonts::open(find_fonts().value()));
  }
  NoNetwork outside;
  std::unique_ptr<Model> model;
  std::unique_ptr<Fonts> fonts;
};
// One at a time: each takes a gigabyte.
Million& million(Behind behind = Behind::doors) {
  static std::unique_ptr<Million> all;
  static Behind which = Behind::doors;
  if (!all || which != behind) all.reset(), all = std::make_unique<Million>(behind), which = behind;
  return *all;
}

enum class Cursor { at_rest, moving };

// Moving: every frame the cursor is elsewhere, as when someone drags the staff; what that costs the model is in the time.
template <class Draw>
void frames(benchmark::State& state, Million& all, const Draw& draw, Cursor cursor) {
  Headless window(*all.fonts, 1920, 1080);
  Actions actions;
  window.draw_with([&](Ui& ui) { draw(ui, *all.model, actions), actions.clear(); });
  for (int i = 0; i < 30; ++i) window.frame();
  int at = 0;
  for (auto _ : state) {
    if (cursor == Cursor::moving) {
      at = (at + 7919) % 1000;
      apply(app::Seek{all.model->timeline().at(at / 1000.0)}, *all.model);
    }
    window.frame();
  }
  state.counters["rows"] = double(all.model->lines().size());
}

// One panel, at the end of all.
template <class View>
void panel(benchmark::State& state, const View& view, Cursor cursor = Cursor::at_rest) {
  Million& all = million();
  apply(app::ShowWorkspace{app::Workspace::world}, *all.model);
  apply(app::ToEnd{}, *all.model);
  frames(state, all, view, cursor);
}
void ladder(benchmark::State& state) {
  panel(state, [](Ui& ui, const Model& model, Actions& actions) { ladder_view(ui, ui.whole(), model, actions); });
}
void ladder_moving(benchmark::State& state) {
  panel(state, [](Ui& ui, const Model& model, Actions& actions) { ladder_view(ui, ui.whole(), model, actions); }, Cursor::moving);
}
void transport(benchmark::State& state) {
  panel(state, [](Ui& ui, const Model& model, Actions& actions) { transport_view(ui, Rect{0, 0, 1920, metric::transport}, model, actions); });
}
void map(benchmark::State& state) {
  panel(state, [](Ui& ui, const Model& model, Actions& actions) { map_view(ui, Rect{0, 0, 1360, 264}, model, actions); });
}
void console(benchmark::State& state) {
  panel(state, [](Ui& ui, const Model& model, Actions& actions) { console_view(ui, Rect{0, 0, 1360, 224}, model, actions); });
}

// The whole window, in a workspace.
void window_of(benchmark::State& state, Million& all, Cursor cursor) {
  frames(state, all, [](Ui& ui, const Model& model, Actions& actions) { workbench(ui, model, actions); }, cursor);
}
void world(benchmark::State& state, app::LowerPanel lower, Cursor cursor) {
  Million& all = million();
  apply(app::ShowWorkspace{app::Workspace::world}, *all.model);
  apply(app::ToEnd{}, *all.model);
  apply(app::ShowLower{lower}, *all.model);
  apply(app::Select{all.model->conversations().row(all.model->conversations().rows() - 40)}, *all.model);
  window_of(state, all, cursor);
}
void learn(benchmark::State& state, bool open, Cursor cursor) {
  Million& all = million();
  apply(app::ShowWorkspace{app::Workspace::learn}, *all.model);
  if (open) apply(app::OpenLesson{"9"}, *all.model);  // its world is its own, and small
  window_of(state, all, cursor);
  if (open) apply(app::InLesson{app::LessonDo::close}, *all.model), apply(app::OpenDoors{}, *all.model);
}
void compare(benchmark::State& state, app::ComparisonKind kind, Cursor cursor) {
  Million& all = million();
  apply(app::ShowWorkspace{app::Workspace::compare}, *all.model);
  apply(app::Compare{app::ShowComparison{kind}}, *all.model);
  while (all.model->working()) all.model->pass(16ms);
  apply(app::Compare{app::ChooseAct{9}}, *all.model);
  window_of(state, all, cursor);
}
void live(benchmark::State& state, Cursor cursor) {
  Million& all = million(Behind::line);
  apply(app::ShowWorkspace{app::Workspace::live}, *all.model);
  apply(app::ToEnd{}, *all.model);
  window_of(state, all, cursor);
}

BENCHMARK(ladder)->Unit(benchmark::kMillisecond);
BENCHMARK(ladder_moving)->Unit(benchmark::kMillisecond)->Iterations(200);
BENCHMARK(transport)->Unit(benchmark::kMillisecond);
BENCHMARK(map)->Unit(benchmark::kMillisecond);
BENCHMARK(console)->Unit(benchmark::kMillisecond);
#define IN_MILLISECONDS ->Unit(benchmark::kMillisecond)->Iterations(300)
BENCHMARK_CAPTURE(world, console, app::LowerPanel::console, Cursor::at_rest) IN_MILLISECONDS;
BENCHMARK_CAPTURE(world, console_moving, app::LowerPanel::console, Cursor::moving) IN_MILLISECONDS;
BENCHMARK_CAPTURE(world, mailboxes, app::LowerPanel::mailboxes, Cursor::at_rest) IN_MILLISECONDS;
BENCHMARK_CAPTURE(world, mailboxes_moving, app::LowerPanel::mailboxes, Cursor::moving) IN_MILLISECONDS;
BENCHMARK_CAPTURE(world, message, app::LowerPanel::message, Cursor::at_rest) IN_MILLISECONDS;
BENCHMARK_CAPTURE(world, message_moving, app::LowerPanel::message, Cursor::moving) IN_MILLISECONDS;
BENCHMARK_CAPTURE(world, states, app::LowerPanel::states, Cursor::at_rest) IN_MILLISECONDS;
BENCHMARK_CAPTURE(world, states_moving, app::LowerPanel::states, Cursor::moving) IN_MILLISECONDS;
BENCHMARK_CAPTURE(world, lanes, app::LowerPanel::tls, Cursor::at_rest) IN_MILLISECONDS;
BENCHMARK_CAPTURE(world, lanes_moving, app::LowerPanel::tls, Cursor::moving) IN_MILLISECONDS;
BENCHMARK_CAPTURE(learn, list, false, Cursor::at_rest) IN_MILLISECONDS;
BENCHMARK_CAPTURE(compare, protocols, app::ComparisonKind::protocols, Cursor::at_rest) IN_MILLISECONDS;
BENCHMARK_CAPTURE(compare, protocols_moving, app::ComparisonKind::protocols, Cursor::moving) IN_MILLISECONDS;
BENCHMARK_CAPTURE(compare, secrecy, app::ComparisonKind::secrecy, Cursor::at_rest) IN_MILLISECONDS;
BENCHMARK_CAPTURE(compare, news, app::ComparisonKind::news, Cursor::at_rest) IN_MILLISECONDS;
BENCHMARK_CAPTURE(learn, lesson, true, Cursor::at_rest) IN_MILLISECONDS;
BENCHMARK_CAPTURE(learn, lesson_moving, true, Cursor::moving) IN_MILLISECONDS;
BENCHMARK_CAPTURE(live, line, Cursor::at_rest) IN_MILLISECONDS;
BENCHMARK_CAPTURE(live, line_moving, Cursor::moving) IN_MILLISECONDS;

}  // namespace
}  // namespace glasspost::ui

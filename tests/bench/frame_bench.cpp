// A frame of the ladder, and of the whole window, over a trace of 1,000,000 records. The reach: 2 ms a frame.
#include <benchmark/benchmark.h>


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

class NoNetwork final : public app::Outside {
 public:
  tl::expected<std::unique_ptr<app::Doors>, std::string> open_doors(const sim::Scenario&) override { return std::make_unique<ManyDoors>(); }
  tl::expected<std::unique_ptr<app::LiveLine>, std::string> connect(std::string_view) override { return tl::unexpected(std::string("none")); }
  void copy(std::string_view) override {}
};

struct Million {
  Million() {
    const std::filesystem::path assets = std::string(GLASSPOST_SOURCE_DIR) + "/assets";
    model = std::make_unique<Model>(assets, Strings::load(assets).value(), load_catalogue(assets, Language::english).value(),
                                    load_catalogue(assets, Language::spanish).value(), app::Settings{}, &outside);
    apply(app::LoadScenario{"first-letter", {}}, *model);
    apply(app::OpenDoors{}, *model);
    fonts = std::move(*Fonts::open(find_fonts().value()));
  }
  NoNetwork outside;
  std::unique_ptr<Model> model;
  std::unique_ptr<Fonts> fonts;
};
Million& million() {
  static Million all;
  return all;
}

// `moving`: every frame the cursor is elsewhere, as when someone drags the staff.
template <class Draw>
void frames(benchmark::State& state, const Draw& draw, bool moving) {
  Million& all = million();
  apply(app::ToEnd{}, *all.model);
  Headless window(*all.fonts, 1920, 1080);
  Actions actions;
  window.draw_with([&](Ui& ui) { draw(ui, *all.model, actions), actions.clear(); });
  for (int i = 0; i < 30; ++i) window.frame();
  int at = 0;
  for (auto _ : state) {
    if (moving) {
      state.PauseTiming();
      at = (at + 7919) % 1000;
      apply(app::Seek{all.model->timeline().at(at / 1000.0)}, *all.model);
      state.ResumeTiming();
    }
    window.frame();
  }
  state.counters["rows"] = double(all.model->lines().size());
}

void ladder(benchmark::State& state) {
  frames(state, [](Ui& ui, const Model& model, Actions& actions) { ladder_view(ui, ui.whole(), model, actions); }, false);
}
void ladder_moving(benchmark::State& state) {
  frames(state, [](Ui& ui, const Model& model, Actions& actions) { ladder_view(ui, ui.whole(), model, actions); }, true);
}
void transport(benchmark::State& state) {
  frames(state, [](Ui& ui, const Model& model, Actions& actions) { transport_view(ui, Rect{0, 0, 1920, metric::transport}, model, actions); }, false);
}
void map(benchmark::State& state) {
  frames(state, [](Ui& ui, const Model& model, Actions& actions) { map_view(ui, Rect{0, 0, 1360, 264}, model, actions); }, false);
}
void console(benchmark::State& state) {
  frames(state, [](Ui& ui, const Model& model, Actions& actions) { console_view(ui, Rect{0, 0, 1360, 224}, model, actions); }, false);
}
void whole_window(benchmark::State& state) {
  frames(state, [](Ui& ui, const Model& model, Actions& actions) { workbench(ui, model, actions); }, false);
}
void whole_window_moving(benchmark::State& state) {
  frames(state, [](Ui& ui, const Model& model, Actions& actions) { workbench(ui, model, actions); }, true);
}
BENCHMARK(ladder)->Unit(benchmark::kMillisecond);
BENCHMARK(ladder_moving)->Unit(benchmark::kMillisecond)->Iterations(200);
BENCHMARK(transport)->Unit(benchmark::kMillisecond);
BENCHMARK(map)->Unit(benchmark::kMillisecond);
BENCHMARK(console)->Unit(benchmark::kMillisecond);
BENCHMARK(whole_window)->Unit(benchmark::kMillisecond);
BENCHMARK(whole_window_moving)->Unit(benchmark::kMillisecond)->Iterations(200);

}  // namespace
}  // namespace glasspost::ui

// The comparison: a run of the acts, the same acts over a mailbox of so many letters (a frame of the workspace is
// in frame_bench). The reach: 100,000 letters by both protocols in a minute or two, in slices that leave the window awake.
#include <benchmark/benchmark.h>

#include <time.h>

#include <algorithm>

#include "sim/comparison/news.h"
#include "sim/comparison/secrecy.h"
#include "sim/comparison/sizes.h"

namespace glasspost::sim::comparison {
namespace {

void acts(benchmark::State& state) {
  for (auto _ : state) {
    Run run(Setting{both[state.range(0)], TlsMode::implicit, 18, 0}, story_of_the_lake());
    run.finish();
    benchmark::DoNotOptimize(run.counts());
  }
}
BENCHMARK(acts)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

// Of this thread, in milliseconds: what others do on the machine meanwhile is not counted.
double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

// The longest slice is what a frame has to bear on top of its budget. `headers`: IMAP's devices fetch headers first.
void mailbox(benchmark::State& state, bool headers) {
  double longest = 0, long_ones = 0;
  for (auto _ : state) {
    Setting setting;
    setting.headers_first = headers;
    Sizes sizes(setting, story_of_the_lake(), std::size_t(state.range(0)));
    for (bool more = true; more;) {
      const double before = cpu_ms();
      more = sizes.work();
      const double took = cpu_ms() - before;
      longest = std::max(longest, took);
      long_ones += took > 2;
    }
  }
  state.counters["longest slice, ms"] = longest;
  state.counters["slices over 2 ms"] = long_ones;
}
BENCHMARK_CAPTURE(mailbox, whole, false)->Arg(1000)->Arg(100'000)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(mailbox, headers, true)->Arg(100'000)->Iterations(1)->Unit(benchmark::kSecond);

void day_of_news(benchmark::State& state) {
  for (auto _ : state) {
    NewsRun run(NewsSetting{}, all_askings[state.range(0)]);
    run.finish();
    benchmark::DoNotOptimize(run.result());
  }
}
BENCHMARK(day_of_news)->Arg(0)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace glasspost::sim::comparison

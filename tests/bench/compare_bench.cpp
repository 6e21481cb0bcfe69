// The comparison: a run of the acts, the same acts over a mailbox of so many letters (a frame of the workspace is
// in frame_bench). The reach: 100,000 letters by both protocols in a minute or two, in slices that leave the window awake.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>

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

// The longest slice is what a frame has to bear.
void mailbox(benchmark::State& state) {
  double longest = 0;
  for (auto _ : state) {
    Sizes sizes(Setting{}, story_of_the_lake(), std::size_t(state.range(0)));
    for (bool more = true; more;) {
      const auto before = std::chrono::steady_clock::now();
      more = sizes.work();
      longest = std::max(longest, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - before).count());
    }
  }
  state.counters["longest slice, ms"] = longest;
}
BENCHMARK(mailbox)->Arg(1000)->Arg(100'000)->Iterations(1)->Unit(benchmark::kSecond);

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

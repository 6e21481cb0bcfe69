// Letters simulated end to end: submitted, looked up, relayed, delivered into the mailbox. Every octet of it is in the trace.
#include <benchmark/benchmark.h>

#include <string>

#include "sim/world.h"

namespace {

using namespace glasspost;
using namespace glasspost::sim;

constexpr int letters = 500;

void simulate(benchmark::State& state, const std::string& name) {
  auto scenario = read_scenario(std::string(GLASSPOST_SOURCE_DIR) + "/assets/scenarios/" + name + ".yaml");
  if (!scenario) return state.SkipWithError(scenario.error().describe().c_str());
  const StoryAct send = scenario->story.at(0);
  scenario->story.clear();
  for (int i = 0; i < letters; ++i) {
    scenario->story.push_back(send);
    scenario->story.back().at = Duration{1000} * i;
  }
  std::size_t records = 0;
  for (auto _ : state) {
    Trace trace;
    World world(*scenario, 1, trace);
    world.run_story();
    const Store* store = world.store(scenario->find("store.example.org"));
    const auto account = store->accounts().find("bob");
    if (account == store->accounts().end() || account->second->inbox().size() != letters) {
      state.SkipWithError("not every letter arrived");
      break;
    }
    records = trace.size();
  }
  state.SetItemsProcessed(state.iterations() * letters);
  state.counters["records_per_letter"] = double(records) / letters;
}

void letters_in_clear(benchmark::State& state) { simulate(state, "plaintext"); }
void letters_under_tls(benchmark::State& state) { simulate(state, "first-letter"); }
BENCHMARK(letters_in_clear)->Unit(benchmark::kMillisecond);
BENCHMARK(letters_under_tls)->Unit(benchmark::kMillisecond);

}  // namespace

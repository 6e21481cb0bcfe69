// Letters simulated end to end: submitted, looked up, relayed, delivered into the mailbox. Every octet of it is in the trace.
#include <benchmark/benchmark.h>

#include <string>

#include "sim/world.h"

namespace {

using namespace glasspost;
using namespace glasspost::sim;

constexpr int letters = 500;

// `apart`: what lies between two letters. Those that are close together go over connections that are open already.
void simulate(benchmark::State& state, const std::string& name, Duration apart, bool tickets) {
  auto scenario = read_scenario(std::string(GLASSPOST_SOURCE_DIR) + "/assets/scenarios/" + name + ".yaml");
  if (!scenario) return state.SkipWithError(scenario.error().describe().c_str());
  const StoryAct send = scenario->story.at(0);
  for (HostDescription& host : scenario->hosts) host.tickets = tickets;
  scenario->story.clear();
  for (int i = 0; i < letters; ++i) {
    scenario->story.push_back(send);
    scenario->story.back().at = apart * i;
  }
  std::size_t records = 0, handshakes = 0;
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
    handshakes = 0;
    for (std::size_t i = 0; i < trace.size(); ++i) handshakes += std::holds_alternative<TlsUp>(trace[i].what);
  }
  state.SetItemsProcessed(state.iterations() * letters);
  state.counters["records_per_letter"] = double(records) / letters;
  state.counters["handshakes_per_letter"] = double(handshakes) / letters;
}

void letters_in_clear(benchmark::State& state) { simulate(state, "plaintext", 1ms, false); }
void letters_under_tls(benchmark::State& state) { simulate(state, "first-letter", 1ms, false); }
void letters_under_tls_each_with_its_connections(benchmark::State& state) { simulate(state, "first-letter", 10s, false); }
void letters_under_tls_resumed(benchmark::State& state) { simulate(state, "first-letter", 10s, true); }
BENCHMARK(letters_in_clear)->Unit(benchmark::kMillisecond);
BENCHMARK(letters_under_tls)->Unit(benchmark::kMillisecond);
BENCHMARK(letters_under_tls_each_with_its_connections)->Unit(benchmark::kMillisecond);
BENCHMARK(letters_under_tls_resumed)->Unit(benchmark::kMillisecond);

}  // namespace

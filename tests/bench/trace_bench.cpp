// Appending to a trace of 1,000,000 records and folding it. The reach: at most 160 octets a record beside its octets.
#include <benchmark/benchmark.h>

#include "sim/history.h"

namespace glasspost {
namespace {

constexpr int records = 1'000'000;

void fill(Trace& trace) {
  for (int i = 0; i < records; ++i) {
    const Instant at{Duration{i}};
    if (i % 100 == 0) {
      StoreChanged change{StoreChange::added};
      change.holder = 4;
      change.user = trace.keep("bob");
      change.mailbox = trace.keep(i % 200 == 0 ? "INBOX" : "Archive");
      change.uid = std::uint32_t(i);
      change.octets = 1043;
      trace.append({at, no_record, 1, change});
    } else {
      trace.append({at, RecordId(i > 0 ? i - 1 : 0), 1, Sent{Side::client, Layer::clear, trace.keep("a1 NOOP\r\n")}});
    }
  }
}

void append(benchmark::State& state) {
  double beside = 0;
  for (auto _ : state) {
    Trace trace;
    fill(trace);
    beside = double(trace.memory()) / records;
  }
  state.SetItemsProcessed(state.iterations() * records);
  state.counters["octets_a_record_in_all"] = beside;
  state.counters["sizeof_record"] = sizeof(Record);
}
void fold(benchmark::State& state) {
  Trace trace;
  fill(trace);
  for (auto _ : state) {
    sim::History history;
    history.fold(trace, Instant{Duration{records}});
    benchmark::DoNotOptimize(history.holdings().size());
  }
  state.SetItemsProcessed(state.iterations() * records);
}
BENCHMARK(append)->Unit(benchmark::kMillisecond);
BENCHMARK(fold)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace glasspost

#include "tests/sim/sessions/driver.h"

#include "tests/sim/sessions/commands.h"

namespace glasspost::sim::reference {

std::vector<std::uint64_t> steps_of(std::uint64_t seed, std::size_t count) {
  Random random(seed);
  std::vector<std::uint64_t> steps(count);
  for (std::uint64_t& step : steps) step = random.next();
  return steps;
}

Run run(std::span<const std::uint64_t> steps) {
  Run run;
  Driver driver(run.transcript);
  for (const std::uint64_t step : steps) {
    ++run.steps;
    run.transcript += "-- step " + std::to_string(run.steps) + "\n";
    driver.step(step);
    run.problem = driver.problem();
    if (!run.problem.empty()) break;
  }
  return run;
}

std::vector<std::uint64_t> shortened(std::vector<std::uint64_t> failing) {
  failing.resize(run(failing).steps);
  for (std::size_t portion = failing.size() / 2; portion > 0; portion /= 2) {
    for (std::size_t at = 0; at + portion <= failing.size();) {
      std::vector<std::uint64_t> fewer = failing;
      fewer.erase(fewer.begin() + std::ptrdiff_t(at), fewer.begin() + std::ptrdiff_t(at + portion));
      const Run again = run(fewer);
      if (again.problem.empty()) {
        at += portion;
      } else {
        fewer.resize(again.steps);
        failing = std::move(fewer);
      }
    }
  }
  return failing;
}

}  // namespace glasspost::sim::reference

#include "app/words/verdict.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "protocol/base/text.h"

namespace glasspost {

std::string verdict_sentence(const TlsFacts& facts, const Strings& strings) {
  if (facts.verdict == Verdict::trusted || facts.verdict == Verdict::not_checked || facts.chain.empty()) return {};
  const CertificateFacts& shown = facts.chain.front();
  const auto day = [](Instant at) {
    return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count()));
  };
  const std::string names = visible(shown.names.empty() ? shown.subject : fmt::format("{}", fmt::join(shown.names, ", ")));
  const std::string date = day(facts.verdict == Verdict::expired ? shown.not_after : shown.not_before);
  const std::string issuer = visible(facts.chain.back().issuer), host = visible(facts.server_name);
  return strings(fmt::format("tls.because.{}", name_of(facts.verdict)), {{"names", names}, {"date", date}, {"issuer", issuer}, {"host", host}});
}

}  // namespace glasspost

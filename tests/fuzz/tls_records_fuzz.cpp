// The passive side: whatever octets come, records are cut the same however they break, tokens tile, fields
// stay inside.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "protocol/tls/facts.h"
#include "protocol/tls/handshake.h"
#include "protocol/tls/records.h"

using namespace glasspost;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const TlsDissection& dissection, std::string_view text) {
  require(tiles(text, dissection.tokens.all()));
  for (const TlsField& field : dissection.fields)
    require(field.span.begin <= field.span.end && field.span.end <= text.size());
  if (dissection.problem) require(dissection.problem->offset <= text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  for (const std::uint8_t type : {20, 21, 22, 23}) check(dissect_tls_message(type, octets), octets);
  check(dissect_tls_record(octets), octets);

  TlsRecordCutter whole, pieces;
  std::string first, second;
  if (const auto records = whole.put(octets))
    for (const std::string& record : *records) {
      check(dissect_tls_record(record), record);
      first += record;
    }
  for (const char octet : octets)
    if (const auto records = pieces.put(std::string_view(&octet, 1)))
      for (const std::string& record : *records) second += record;
  require(first == second);
  require(octets.starts_with(first));

  if (const auto facts = decode_tls_facts(octets)) {
    const auto again = decode_tls_facts(encode(*facts));
    require(again && encode(*again) == encode(*facts));
    sentence(*facts);
  }
  return 0;
}

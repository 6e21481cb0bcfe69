#include "sim/broken.h"

#include <string>

namespace glasspost::sim {
namespace {

void tell(Trace& trace, Instant now, ConnectionId connection, HostId host, const FlawRow& row) {
  trace.append({now, no_record, connection, Note{host, trace.keep("broken:" + std::string(row.name))}});
}

}  // namespace

void tell_flaws(Trace& trace, const Admission& admission, Protocol protocol, Flaws flaws) {
  if (protocol != Protocol::pop3) flaws.remove(Flaw::no_dot_stuffing);  // whoever sends the letter should have done it
  for (const FlawRow& row : flaw_rows())
    if (flaws.has(row.flaw) && row.is_of(protocol)) tell(trace, admission.now, admission.connection, 0, row);
}

void tell_flaws_of_sender(Trace& trace, Instant now, ConnectionId connection, HostId host, Flaws flaws) {
  for (const FlawRow& row : flaw_rows())
    if (flaws.has(row.flaw) && (row.flaw == Flaw::no_dot_stuffing || row.flaw == Flaw::bare_lf_passes)) tell(trace, now, connection, host, row);
}

}  // namespace glasspost::sim

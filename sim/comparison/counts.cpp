#include "sim/comparison/counts.h"

#include <algorithm>

namespace glasspost::sim::comparison {

void Counter::observe(const Trace& trace) {
  if (seen_ < trace.first()) missed_ = true, seen_ = trace.first();
  for (; seen_ < trace.end(); ++seen_) {
    const Record& record = trace[seen_];
    if (const auto* sent = std::get_if<Sent>(&record.what)) said(record, sent->from, sent->layer, sent->bytes.size);
    else if (const auto* came = std::get_if<Arrived>(&record.what)) arrived(record, came->from, came->layer);
    else if (const auto* store = std::get_if<StoreChanged>(&record.what)) take(record, *store);
    else if (const auto* opened = std::get_if<Opened>(&record.what)) take(record, *opened);
  }
}

void Counter::take(const Record& record, const Opened& opened) {
  if (opened.protocol != Protocol::imap && opened.protocol != Protocol::pop3) return;
  ++counts_.connections;
  ++counts_.trips;
  if (!opened_) opened_ = record.at;
  waits_[record.connection] = true;
}

void Counter::said(const Record& record, Side from, Layer layer, std::uint32_t octets) {
  if (layer == Layer::inside) return;
  const auto line = waits_.find(record.connection);
  if (line == waits_.end()) return;
  (from == Side::client ? counts_.to_server : counts_.to_client) += octets;
  if (from == Side::client) line->second = true;
}

void Counter::arrived(const Record& record, Side from, Layer layer) {
  if (layer == Layer::inside || from == Side::client) return;
  const auto line = waits_.find(record.connection);
  if (line == waits_.end() || !line->second) return;
  line->second = false;
  ++counts_.trips;
}

void Counter::take(const Record& record, const StoreChanged& change) {
  const bool device = change.holder != store_;
  Held server{counts_.server_octets, counts_.server_messages};
  Held& held = device ? devices_[change.holder] : server;
  switch (change.change) {
    case StoreChange::added:
    case StoreChange::read_back:
      held.octets += change.octets;
      ++held.messages;
      if (device && opened_ && !counts_.first_message) counts_.first_message = record.at - *opened_;
      break;
    case StoreChange::expunged:
      held.octets -= std::min<std::uint64_t>(held.octets, change.octets);
      if (held.messages > 0) --held.messages;
      break;
    case StoreChange::body: held.octets += change.octets; break;
    case StoreChange::cleared:
      if (device) held = {};
      break;
    case StoreChange::flags:
    case StoreChange::created:
    case StoreChange::deleted:
    case StoreChange::renamed: break;
  }
  counts_.server_octets = device ? counts_.server_octets : held.octets;
  counts_.server_messages = device ? counts_.server_messages : held.messages;
  if (!device) return;
  counts_.device_octets = counts_.device_messages = 0;
  for (const auto& [host, now] : devices_) counts_.device_octets += now.octets, counts_.device_messages += now.messages;
}

}  // namespace glasspost::sim::comparison

// What a person does in a world.
#include <algorithm>
#include <utility>
#include <variant>

#include "protocol/endpoint.h"
#include "protocol/tls/names.h"
#include "sim/console_client.h"
#include "sim/device.h"
#include "sim/mta.h"
#include "sim/world.h"

namespace glasspost::sim {

ConnectionId World::perform(const Deed& deed) {
  const ConnectionId connection = std::visit([this](const auto& what) { return on(what); }, deed);
  if (!waiting_.empty()) notice();
  return connection;
}

ConnectionId World::on(const OpenConsole& open) {
  const auto& ports = hosts_[open.to - 1U].ports;
  const auto port = ports.find(open.port);
  const ServiceDescription service = port == ports.end() ? ServiceDescription{} : port->second.description;
  dial(open.from, open.to, open.port, [&](ConnectionId connection) {
    Endpoint::Settings endpoint;
    endpoint.connection = last_console_ = connection;
    endpoint.side = Side::client;
    endpoint.tls = service.tls == TlsMode::implicit ? TlsMode::implicit : TlsMode::starttls;
    endpoint.context = tls_of(open.from);
    endpoint.server_name = name_of(open.to);
    endpoint.alpn = alpn_name(service.protocol);
    auto client = std::make_unique<ConsoleClient>(std::move(endpoint), service.protocol, trace_, now());
    consoles_[connection] = client.get();
    return client;
  }, false);
  return last_console_;
}

ConnectionId World::on(const TypeText& typed) {
  if (!console_is_open(typed.connection)) return 0;
  consoles_[typed.connection]->type(typed.octets);
  running_[typed.connection].carrier->speak_now(Side::client);
  return typed.connection;
}

ConnectionId World::on(const HangUp& hang_up) {
  if (!console_is_open(hang_up.connection)) return 0;
  consoles_[hang_up.connection]->hang_up();
  running_[hang_up.connection].carrier->speak_now(Side::client);
  return 0;
}

// Whatever a person does comes after what has just happened, so that there is a moment between the two: what was so after
// one act on a device's own list can still be seen when the next has changed it.
ConnectionId World::on(const LetDevice& let) {
  if (trace_.end() > trace_.first() && trace_[trace_.end() - 1].at == now()) run_until(now() + 1us);
  act(let.act);
  return 0;
}

ConnectionId World::on(const SetFaults& set) {
  link_between(set.a, set.b).faults = set.faults;
  return 0;
}

ConnectionId World::on(const ResetConnection& reset) {
  const auto found = running_.find(reset.connection);
  if (found == running_.end()) return 0;
  const auto carrier = found->second.carrier;  // whoever learns of it may dial anew, and the map change
  carrier->reset(Side::server);
  return 0;
}

ConnectionId World::on(const StopHost& stop) {
  hosts_[stop.host - 1U].stopped = stop.stopped;
  if (!stop.stopped) return 0;
  const auto lost = running_;  // whoever learns of it may dial anew, and the map change
  for (const auto& [connection, running] : lost)
    if (running.from == stop.host || running.to == stop.host)
      running.carrier->reset(running.to == stop.host ? Side::server : Side::client);
  return 0;
}

ConnectionId World::on(const HoldLetter& hold) {
  if (Mta* mta = hosts_[hold.host - 1U].mta) mta->hold(hold.letter, hold.held);
  return 0;
}

ConnectionId World::on(const DropLetter& drop) {
  if (Mta* mta = hosts_[drop.host - 1U].mta) mta->drop(drop.letter);
  return 0;
}

ConnectionId World::on(const RetryNow& retry) {
  if (Mta* mta = hosts_[retry.host - 1U].mta) mta->try_now(retry.letter);
  return 0;
}

}  // namespace glasspost::sim

// What reading mail cost, counted from the trace while it grows.
#pragma once

#include <map>
#include <optional>
#include <unordered_map>

#include "protocol/trace.h"

namespace glasspost::sim::comparison {

struct Counts {
  // On the wire of POP3 and IMAP, TLS included; the headers of TCP and IP are not simulated.
  std::uint64_t to_server = 0, to_client = 0;
  // How often a device waited for the other end: once for TCP's handshake, then for each time that something of the
  // server's came after the device had spoken, or had waited for the greeting.
  std::uint64_t trips = 0;
  std::uint32_t connections = 0;
  std::optional<Duration> first_message;  // from the first connection's opening until a device holds a message
  std::uint64_t server_octets = 0, server_messages = 0;  // what is stored now
  std::uint64_t device_octets = 0, device_messages = 0;  // on all devices together
  std::uint64_t octets() const { return to_server + to_client; }
  friend bool operator==(const Counts&, const Counts&) = default;
};

class Counter {
 public:
  // `store`: the host with the mailboxes; whoever else holds messages is a device.
  explicit Counter(HostId store) : store_(store) {}

  // Takes in what is new. Records must not be forgotten before they were seen here.
  void observe(const Trace&);
  const Counts& counts() const { return counts_; }
  bool missed() const { return missed_; }  // some records were forgotten unseen

 private:
  struct Held {
    std::uint64_t octets = 0, messages = 0;
  };
  void take(const Record&, const Opened&);
  void take(const Record&, const StoreChanged&);
  void said(const Record&, Side from, Layer, std::uint32_t octets);
  void arrived(const Record&, Side from, Layer);

  HostId store_;
  Counts counts_;
  RecordId seen_ = 0;
  bool missed_ = false;
  std::optional<Instant> opened_;
  std::unordered_map<ConnectionId, bool> waits_;  // of POP3 and IMAP connections: the device awaits something
  std::map<HostId, Held> devices_;
};

}  // namespace glasspost::sim::comparison

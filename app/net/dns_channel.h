// c-ares, asked without waiting: questions to name servers, and what is waited for meanwhile. Private to app/net.
#pragma once

#include <ares.h>

#include <string>

#include "app/model/outside.h"

namespace glasspost::app {

class DnsChannel {
 public:
  // `server`: "127.0.0.1:5300"; empty: those of this computer. `patience`: with the first try of three, later ones have more.
  DnsChannel(const std::string& server, Duration patience);
  ~DnsChannel();  // what is under way is told that it is cancelled
  DnsChannel(const DnsChannel&) = delete;
  DnsChannel& operator=(const DnsChannel&) = delete;

  bool works() const { return channel_ != nullptr; }
  void ask(const std::string& name, int type, ares_callback take, void* with);  // of class IN
  // Both kinds, from the hosts file, too; in the order in which they are to be tried (RFC 6724).
  void ask_addresses(const std::string& host, ares_addrinfo_callback take, void* with);
  void give_up();  // nothing is told any more of what was asked
  void poll();
  Waits waits() const;

 private:
  ares_channel channel_ = nullptr;
  bool initialised_ = false;
};

}  // namespace glasspost::app

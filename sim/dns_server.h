// The world's DNS: zones from the scenario, a server that answers real DNS messages, and the client that hosts ask with.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/dns/message.h"
#include "protocol/trace.h"
#include "sim/link.h"
#include "sim/peer.h"
#include "sim/scenario.h"

namespace glasspost::sim {

// What a scenario's record says. The error is what is wrong with its value.
tl::expected<dns::Resource, std::string> resource_of(const ZoneRecord&);

// As RFC 5952 writes it: "2001:db8::17"; empty if it is none.
std::string canonical_address6(std::string_view);

// RFC 1035 section 6.2: the records of the name, a CNAME followed, or no such name, or no such data.
dns::Message answer(const std::vector<dns::Resource>& zone, const dns::Message& query);

class DnsService final : public Service {
 public:
  DnsService(std::vector<dns::Resource> zone, Trace&);
  Protocol protocol() const override { return Protocol::dns; }
  TlsMode tls() const override { return TlsMode::plaintext; }
  std::unique_ptr<Peer> accept(Admission) override;

 private:
  std::vector<dns::Resource> zone_;
  Trace& trace_;
};

// Asks one question, again after a while, and gives up in the end. `answered` is called once.
class DnsClient final : public ClientPeer {
 public:
  using Answered = std::function<void(std::optional<dns::Message>)>;
  DnsClient(ConnectionId, dns::Message query, Trace&, Instant now, RecordId cause, Answered);

  void receive(std::string_view wire, Instant now, RecordId cause) override;
  void receive_eof(Instant now) override;
  std::string take_output(Instant now) override;
  RecordId last_sent() const override { return last_sent_; }
  bool wants_close() const override { return done_; }
  std::optional<Instant> deadline() const override;
  void on_deadline(Instant now) override;
  void refused(Instant now) override;

 private:
  void finish(std::optional<dns::Message>);

  ConnectionId connection_;
  std::string query_;
  std::uint16_t id_;
  Trace& trace_;
  Answered answered_;
  RecordId cause_, last_sent_ = no_record;
  Instant ask_again_;
  int tries_left_ = 3;
  bool ask_ = true, done_ = false;
};

}  // namespace glasspost::sim

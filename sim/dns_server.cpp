#include "sim/dns_server.h"

#include <algorithm>

#include "protocol/base/text.h"

namespace glasspost::sim {
namespace {

constexpr Duration patience = 2s;  // before a question is asked again

// The server's end: one datagram in, one out.
class DnsPeer final : public Peer {
 public:
  DnsPeer(const std::vector<dns::Resource>& zone, Trace& trace, Admission admission)
      : zone_(zone), trace_(trace), connection_(admission.connection) {}

  void receive(std::string_view wire, Instant now, RecordId cause) override {
    cause_ = trace_.append({now, cause, connection_, Arrived{Side::client, Layer::clear, trace_.keep(wire)}});
    const auto query = dns::decode(wire);
    if (!query || query->response) return;  // what cannot be read is not answered
    if (auto octets = dns::encode(answer(zone_, *query))) output_ = std::move(*octets);
  }
  void receive_eof(Instant) override { done_ = true; }
  std::string take_output(Instant now) override {
    if (output_.empty()) return {};
    last_sent_ =
        trace_.append({now, cause_, connection_, Sent{Side::server, Layer::clear, trace_.keep(output_)}});
    return std::exchange(output_, {});
  }
  RecordId last_sent() const override { return last_sent_; }
  bool wants_close() const override { return done_; }
  std::optional<Instant> deadline() const override { return std::nullopt; }
  void on_deadline(Instant) override {}

 private:
  const std::vector<dns::Resource>& zone_;
  Trace& trace_;
  ConnectionId connection_;
  RecordId cause_ = no_record, last_sent_ = no_record;
  std::string output_;
  bool done_ = false;
};

}  // namespace

tl::expected<dns::Resource, std::string> resource_of(const ZoneRecord& record) {
  dns::Resource resource;
  resource.name = record.name;
  resource.ttl = record.ttl;
  const std::string type = to_upper(record.type);
  if (type == "A") {
    resource.type = dns::Type::a;
    resource.data = dns::Address4{record.value};
  } else if (type == "AAAA") {
    resource.type = dns::Type::aaaa;
    resource.data = dns::Address6{record.value};
  } else if (type == "CNAME" || type == "NS" || type == "PTR") {
    resource.type = type == "CNAME" ? dns::Type::cname : type == "NS" ? dns::Type::ns : dns::Type::ptr;
    resource.data = dns::OneName{record.value};
  } else if (type == "TXT") {
    resource.type = dns::Type::txt;
    resource.data = dns::Strings{{record.value}};
  } else if (type == "MX") {
    const auto parts = split(record.value, ' ');
    const auto preference = to_u32(parts[0]);
    if (parts.size() != 2 || !preference || *preference > 65535)
      return tl::unexpected<std::string>("an MX record is a preference and a name: \"10 mx1.example.org\"");
    resource.type = dns::Type::mx;
    resource.data = dns::MailExchange{std::uint16_t(*preference), parts[1] == "." ? "" : std::string(parts[1])};
  } else {
    return tl::unexpected<std::string>("a record's type is one of A, AAAA, CNAME, MX, NS, PTR, TXT");
  }
  dns::Message probe;
  probe.answers.push_back(resource);
  if (!dns::encode(probe)) return tl::unexpected<std::string>("this value does not suit a record of type " + type);
  return resource;
}

std::string canonical_address6(std::string_view written) {
  dns::Message probe;
  probe.answers.push_back({"x", dns::Type::aaaa, dns::class_in, 0, dns::Address6{std::string(written)}});
  const auto wire = dns::encode(probe);
  if (!wire) return {};
  const auto read = dns::decode(*wire);
  return read ? std::get<dns::Address6>(read->answers.at(0).data).text : std::string();
}

dns::Message answer(const std::vector<dns::Resource>& zone, const dns::Message& query) {
  dns::Message reply;
  reply.id = query.id;
  reply.response = true;
  reply.opcode = query.opcode;
  reply.authoritative = true;
  reply.recursion_desired = query.recursion_desired;
  reply.recursion_available = true;
  reply.questions = query.questions;
  if (query.opcode != 0) {
    reply.code = dns::ResponseCode::not_implemented;
    return reply;
  }
  if (query.questions.size() != 1) {
    reply.code = dns::ResponseCode::format_error;
    return reply;
  }
  dns::Question question = query.questions[0];
  bool exists = false;
  for (int hops = 0; hops < 8; ++hops) {
    std::optional<dns::Name> alias;
    for (const dns::Resource& resource : zone) {
      if (!dns::same_name(resource.name, question.name)) continue;
      exists = true;
      const bool wanted = resource.type == question.type || question.type == dns::Type::any;
      if (!wanted && resource.type != dns::Type::cname) continue;
      reply.answers.push_back(resource);
      if (!wanted) alias = std::get<dns::OneName>(resource.data).name;
    }
    if (!alias) break;
    question.name = *alias;
  }
  if (!exists) reply.code = dns::ResponseCode::name_error;
  return reply;
}

DnsService::DnsService(std::vector<dns::Resource> zone, Trace& trace) : zone_(std::move(zone)), trace_(trace) {}

std::unique_ptr<Peer> DnsService::accept(Admission admission) {
  return std::make_unique<DnsPeer>(zone_, trace_, std::move(admission));
}

DnsClient::DnsClient(ConnectionId connection, dns::Message query, Trace& trace, Instant now, RecordId cause,
                     Answered answered)
    : connection_(connection),
      id_(query.id),
      trace_(trace),
      answered_(std::move(answered)),
      cause_(cause),
      ask_again_(now + patience) {
  if (auto octets = dns::encode(query)) query_ = std::move(*octets);
}

void DnsClient::receive(std::string_view wire, Instant now, RecordId cause) {
  trace_.append({now, cause, connection_, Arrived{Side::server, Layer::clear, trace_.keep(wire)}});
  auto reply = dns::decode(wire);
  if (!reply || !reply->response || reply->id != id_) return;
  finish(std::move(*reply));
}

void DnsClient::receive_eof(Instant) { finish(std::nullopt); }
void DnsClient::refused(Instant) { finish(std::nullopt); }

std::string DnsClient::take_output(Instant now) {
  if (done_ || !ask_) return {};
  ask_ = false;
  last_sent_ = trace_.append({now, cause_, connection_, Sent{Side::client, Layer::clear, trace_.keep(query_)}});
  return query_;
}

std::optional<Instant> DnsClient::deadline() const {
  return done_ ? std::nullopt : std::optional(ask_again_);
}

void DnsClient::on_deadline(Instant now) {
  if (--tries_left_ == 0) return finish(std::nullopt);
  ask_ = true;
  ask_again_ = now + patience;
}

void DnsClient::finish(std::optional<dns::Message> reply) {
  if (done_) return;
  done_ = true;
  if (answered_) std::exchange(answered_, nullptr)(std::move(reply));
}

}  // namespace glasspost::sim

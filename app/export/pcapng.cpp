#include "app/export/pcapng.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace glasspost {
namespace {

constexpr std::size_t segment = 1400;  // octets of data in a packet
constexpr std::uint16_t raw_ip = 101;  // LINKTYPE_RAW
constexpr std::uint8_t tcp = 6, udp = 17;
constexpr std::uint8_t fin = 1, syn = 2, rst = 4, psh = 8, ack = 16;

void add_network(std::string& out, std::uint64_t number, int octets) {
  for (int i = octets - 1; i >= 0; --i) out += char(number >> (8 * i) & 0xff);
}
void add_host(std::string& out, std::uint64_t number, int octets) {  // little-endian, as the section header says
  for (int i = 0; i < octets; ++i) out += char(number >> (8 * i) & 0xff);
}

void add_block(std::string& out, std::uint32_t type, std::string_view body) {
  const std::size_t padding = (4 - body.size() % 4) % 4;
  const auto length = std::uint32_t(12 + body.size() + padding);
  add_host(out, type, 4);
  add_host(out, length, 4);
  out += body;
  out.append(padding, '\0');
  add_host(out, length, 4);
}

// RFC 1071
std::uint16_t checksum(std::string_view octets) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < octets.size(); i += 2)
    sum += std::uint32_t(std::uint8_t(octets[i])) << 8 | (i + 1 < octets.size() ? std::uint8_t(octets[i + 1]) : 0U);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return std::uint16_t(~sum);
}
void put_checksum(std::string& octets, std::size_t at, std::uint16_t sum) { octets[at] = char(sum >> 8), octets[at + 1] = char(sum & 0xff); }

struct End {
  std::string address;  // 4 or 16 octets
  std::uint16_t port = 0;
  std::uint32_t next = 1;  // TCP's sequence number
};

std::string octets_of(const std::string& address) {
  std::array<char, 16> octets{};
  if (::inet_pton(AF_INET, address.c_str(), octets.data()) == 1) return {octets.data(), 4};
  if (::inet_pton(AF_INET6, address.c_str(), octets.data()) == 1) return {octets.data(), 16};
  return {};
}
// Both of one kind.
void give_addresses(End& client, End& server) {
  if (client.address.size() == server.address.size() && !client.address.empty()) return;
  if (server.address.size() == 16) {
    client.address = octets_of("2001:db8::1");
    return;
  }
  if (client.address.size() != 4) client.address = octets_of("192.0.2.1");
  if (server.address.size() != 4) server.address = octets_of("192.0.2.2");
}

std::string packet(const End& from, const End& to, std::uint8_t protocol, std::string transport) {
  const bool six = from.address.size() == 16;
  std::string pseudo = from.address + to.address;
  add_network(pseudo, six ? transport.size() : protocol, six ? 4 : 2);
  add_network(pseudo, six ? protocol : transport.size(), six ? 4 : 2);
  std::uint16_t sum = checksum(pseudo + transport);
  if (protocol == udp && sum == 0) sum = 0xffff;
  put_checksum(transport, protocol == tcp ? 16 : 6, sum);
  std::string out;
  if (six) {  // RFC 8200 section 3
    add_network(out, 0x60000000, 4);
    add_network(out, transport.size(), 2);
    add_network(out, protocol, 1);
    add_network(out, 64, 1);
    out += from.address + to.address;
  } else {  // RFC 791 section 3.1
    add_network(out, 0x4500, 2);
    add_network(out, 20 + transport.size(), 2);
    add_network(out, 0x4000, 4);  // no identification; not to be fragmented
    add_network(out, 64, 1);
    add_network(out, protocol, 1);
    add_network(out, 0, 2);
    out += from.address + to.address;
    put_checksum(out, 10, checksum(out));
  }
  return out + transport;
}

std::string tcp_packet(const End& from, const End& to, std::uint8_t flags, std::string_view data) {
  std::string out;
  add_network(out, from.port, 2);
  add_network(out, to.port, 2);
  add_network(out, from.next, 4);
  add_network(out, flags & ack ? to.next : 0, 4);
  add_network(out, 5 << 12 | flags, 2);
  add_network(out, 65535, 2);
  add_network(out, 0, 4);
  out += data;
  return packet(from, to, tcp, std::move(out));
}

std::string udp_packet(const End& from, const End& to, std::string_view data) {
  std::string out;
  add_network(out, from.port, 2);
  add_network(out, to.port, 2);
  add_network(out, 8 + data.size(), 2);
  add_network(out, 0, 2);
  out += data;
  return packet(from, to, udp, std::move(out));
}

// Something that a connection put on the wire, or its beginning or end; in the order of the trace.
struct Happening {
  enum class Kind : std::uint8_t { opened, said, closed, reset } kind;
  Instant at;
  RecordId record;
  const Conversation* conversation;
  Side from = Side::client;
  std::string octets = {};
};

std::string without_secrets(const Conversation& conversation, const Message& message) {
  const std::string_view text = conversation.text(message);
  std::string out(text);
  for (const Token& token : conversation.tokens(message))
    if (is_secret(token.role)) std::fill(out.begin() + token.span.begin, out.begin() + token.span.end, '*');
  return out;
}

class Capture {
 public:
  Capture(const Trace& trace, const Conversations& conversations, const AddressOf& address) : trace_(trace), conversations_(conversations), address_(address) {}

  std::string write() {
    gather();
    std::string section;
    add_host(section, 0x1a2b3c4d, 4);
    add_host(section, 1, 2);
    add_host(section, 0, 2);
    add_host(section, ~std::uint64_t{0}, 8);
    add_block(out_, 0x0a0d0d0a, section);
    std::string interface;
    add_host(interface, raw_ip, 2);
    add_host(interface, 0, 6);  // packets of any size; times in microseconds
    add_block(out_, 1, interface);
    ends_.resize(conversations_.connections() * 2);
    for (const Happening& one : happenings_) tell(one);
    return std::move(out_);
  }

 private:
  void gather() {
    for (std::size_t i = 0; i < conversations_.connections(); ++i) {
      const Conversation& one = conversations_.at(i);
      index_.resize(std::max<std::size_t>(index_.size(), one.id() + 1));
      index_[one.id()] = i;
      for (MessageId id = 0; id < one.size(); ++id) {
        const Message& message = one.message(id);
        if (message.sealed || message.protocol == Protocol::tls || was_compressed(message.record)) continue;
        happenings_.push_back({Happening::Kind::said, message.at, message.record, &one, message.from, without_secrets(one, message)});
      }
    }
    for (RecordId id = trace_.first(); id < trace_.end(); ++id) record(id);
    std::stable_sort(happenings_.begin(), happenings_.end(), [](const Happening& a, const Happening& b) { return a.record < b.record; });
  }

  bool was_compressed(RecordId id) const {
    if (!trace_.holds(id)) return false;
    const auto* sent = std::get_if<Sent>(&trace_[id].what);
    const auto* arrived = std::get_if<Arrived>(&trace_[id].what);
    return (sent && sent->layer == Layer::inside) || (arrived && arrived->layer == Layer::inside);
  }

  void record(RecordId id) {
    const Record& record = trace_[id];
    const Conversation* one = conversations_.find(record.connection);
    if (!one) return;
    const auto wire = [&](Side from, Layer layer, Bytes bytes, bool sent) {
      const bool ours = from == Side::client ? one->opened().client_is_ours : one->opened().server_is_ours;
      if (layer == Layer::wire && sent == ours)
        happenings_.push_back({Happening::Kind::said, record.at, id, one, from, std::string(trace_.bytes(bytes))});
    };
    if (std::holds_alternative<Opened>(record.what)) happenings_.push_back({Happening::Kind::opened, record.at, id, one});
    else if (const auto* sent = std::get_if<Sent>(&record.what)) wire(sent->from, sent->layer, sent->bytes, true);
    else if (const auto* arrived = std::get_if<Arrived>(&record.what)) wire(arrived->from, arrived->layer, arrived->bytes, false);
    else if (const auto* closed = std::get_if<Closed>(&record.what))
      happenings_.push_back({closed->reset ? Happening::Kind::reset : Happening::Kind::closed, record.at, id, one, closed->from});
  }

  End& end_of(const Conversation& one, Side side) { return ends_[index_[one.id()] * 2 + (side == Side::client ? 0 : 1)]; }

  void tell(const Happening& one) {
    const Opened& opened = one.conversation->opened();
    End &client = end_of(*one.conversation, Side::client), &server = end_of(*one.conversation, Side::server);
    if (client.port == 0) {
      client.address = octets_of(address_(opened, Side::client));
      server.address = octets_of(address_(opened, Side::server));
      give_addresses(client, server);
      client.port = opened.client_port != 0 ? opened.client_port : std::uint16_t(49152 + one.conversation->id() % 16384);
      server.port = opened.server_port;
    }
    End &from = one.from == Side::client ? client : server, &to = one.from == Side::client ? server : client;
    if (opened.datagrams) {
      if (one.kind == Happening::Kind::said) add(one.at, udp_packet(from, to, one.octets));
      return;
    }
    switch (one.kind) {
      case Happening::Kind::opened:
        add(one.at, tcp_packet(client, server, syn, {}));
        ++client.next;
        add(one.at, tcp_packet(server, client, syn | ack, {}));
        ++server.next;
        return add(one.at, tcp_packet(client, server, ack, {}));
      case Happening::Kind::said:
        for (std::size_t i = 0; i < one.octets.size(); i += segment) {
          const std::string_view part = std::string_view(one.octets).substr(i, segment);
          add(one.at, tcp_packet(from, to, psh | ack, part));
          from.next += std::uint32_t(part.size());
        }
        return;
      case Happening::Kind::closed:
        add(one.at, tcp_packet(from, to, fin | ack, {}));
        ++from.next;
        return;
      case Happening::Kind::reset: return add(one.at, tcp_packet(from, to, rst | ack, {}));
    }
  }

  void add(Instant at, std::string_view octets) {
    latest_ = std::max(latest_, at);  // a message counts from its last octet: none goes back in time
    const auto time = std::uint64_t(latest_.time_since_epoch().count());
    std::string body;
    add_host(body, 0, 4);
    add_host(body, time >> 32, 4);
    add_host(body, time & 0xffffffff, 4);
    add_host(body, octets.size(), 4);
    add_host(body, octets.size(), 4);
    body += octets;
    add_block(out_, 6, body);
  }

  const Trace& trace_;
  const Conversations& conversations_;
  const AddressOf& address_;
  std::vector<Happening> happenings_;
  std::vector<std::size_t> index_;  // of a conversation, by its id
  std::vector<End> ends_;           // client and server of each
  std::string out_;
  Instant latest_{};
};

}  // namespace

std::string pcapng_of(const Trace& trace, const Conversations& conversations, const AddressOf& address) {
  return Capture(trace, conversations, address).write();
}

}  // namespace glasspost

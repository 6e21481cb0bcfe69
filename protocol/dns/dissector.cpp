#include "protocol/dissector.h"

#include <deque>

#include "protocol/dns/message.h"

namespace glasspost {
namespace {

constexpr std::size_t open_limit = 256;  // questions that wait for their answer; the oldest are forgotten

class DnsDissector final : public Dissector {
 public:
  void put(Side from, std::string_view octets, MessageSink& sink) override {
    if (octets.empty()) return;
    tokens_.clear();
    const auto message = dns::decode(octets, &tokens_);
    tokens_.finish(octets);
    Said said;
    said.from = from;
    said.protocol = Protocol::dns;
    said.text = octets;
    said.octets = octets.size();
    said.tokens = tokens_.all();
    if (!message) {
      said.kind = MessageKind::stray;
      said.problem = message.error();
      said.headline = "say/dns/malformed";
      sink.said(said);
    } else if (message->response) {
      reply(*message, said, sink);
    } else {
      said.kind = MessageKind::query;
      const std::string headline = "say/dns/query/" + type_of(*message);
      said.headline = headline;
      const MessageId id = sink.said(said);
      if (open_.size() == open_limit) open_.pop_front();
      open_.push_back({message->id, id});
    }
  }
  void end(Side, MessageSink&) override {}
  void tls_established() override { open_.clear(); }
  StateId state() const override { return 0; }

 private:
  struct Open {
    std::uint16_t id;
    MessageId message;
  };

  // The last part of the key: the types that the catalogue has words for, or "other".
  static std::string type_of(const dns::Message& message) {
    if (message.questions.empty()) return "other";
    switch (message.questions.front().type) {
      case dns::Type::a:
      case dns::Type::ns:
      case dns::Type::cname:
      case dns::Type::soa:
      case dns::Type::ptr:
      case dns::Type::mx:
      case dns::Type::txt:
      case dns::Type::aaaa:
      case dns::Type::srv: return dns::text_of(message.questions.front().type);
      case dns::Type::any: break;
    }
    return "other";
  }

  void reply(const dns::Message& message, Said& said, MessageSink& sink) {
    said.kind = MessageKind::reply;
    for (auto one = open_.begin(); one != open_.end(); ++one) {
      if (one->id != message.id) continue;
      said.answers = one->message;
      said.completes = true;
      open_.erase(one);
      break;
    }
    std::string headline = "say/dns/";
    if (message.truncated) headline += "truncated";
    else if (message.code == dns::ResponseCode::name_error) headline += "no_name";
    else if (message.code != dns::ResponseCode::no_error) headline += "failed";
    else if (message.answers.empty()) headline += "no_data";
    else headline += "reply/" + type_of(message);
    said.headline = headline;
    sink.said(said);
  }

  Tokens tokens_;
  std::deque<Open> open_;
};

}  // namespace

std::unique_ptr<Dissector> make_dns_dissector() { return std::make_unique<DnsDissector>(); }

}  // namespace glasspost

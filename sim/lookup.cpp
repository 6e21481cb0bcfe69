#include "sim/lookup.h"

#include <algorithm>

#include "protocol/base/text.h"

namespace glasspost::sim {
namespace {

// Both questions are under way; whoever comes last hands on what was found.
struct Asked {
  int unanswered = 0;
  std::vector<FoundHost> six, four;
  std::function<void(std::vector<FoundHost>)> found;
};

void take(Network& network, Asked& asked, const std::optional<dns::Message>& reply) {
  if (reply)
    for (const dns::Resource& resource : reply->answers) {
      if (const auto* four = std::get_if<dns::Address4>(&resource.data)) {
        if (const HostId host = network.host_at(four->text); host != 0) asked.four.push_back({host, false});
      } else if (const auto* six = std::get_if<dns::Address6>(&resource.data)) {
        if (const HostId host = network.host_at(six->text); host != 0) asked.six.push_back({host, true});
      }
    }
  if (--asked.unanswered > 0) return;
  asked.six.insert(asked.six.end(), asked.four.begin(), asked.four.end());
  asked.found(std::move(asked.six));
}

}  // namespace

void look_up_host(Network& network, HostId asking, const std::string& name, RecordId cause,
                  std::function<void(std::vector<FoundHost>)> found) {
  if (!network.has_dns()) {
    const HostId host = network.host_named(name);
    return found(host == 0 ? std::vector<FoundHost>{} : std::vector<FoundHost>{{host, false}});
  }
  auto asked = std::make_shared<Asked>();
  asked->found = std::move(found);
  const bool six = !network.address_of(asking, true).empty();
  asked->unanswered = six ? 2 : 1;
  const auto answered = [&network, asked](std::optional<dns::Message> reply) { take(network, *asked, reply); };
  if (six) network.ask(asking, name, dns::Type::aaaa, cause, answered);
  network.ask(asking, name, dns::Type::a, cause, answered);
}

std::optional<dns::Message> DnsCache::find(const std::string& name, dns::Type type, Instant now) {
  const auto found = kept_.find({to_lower(name), type});
  if (found == kept_.end()) return std::nullopt;
  if (now < found->second.until) return found->second.answer;
  kept_.erase(found);
  return std::nullopt;
}

void DnsCache::keep(const std::string& name, dns::Type type, const dns::Message& answer, Instant now) {
  if (answer.code != dns::ResponseCode::no_error || answer.answers.empty() || answer.truncated) return;
  const auto shortest = std::min_element(answer.answers.begin(), answer.answers.end(),
                                         [](const dns::Resource& a, const dns::Resource& b) { return a.ttl < b.ttl; });
  if (shortest->ttl == 0) return;
  if (kept_.size() >= most) kept_.clear();
  kept_.insert_or_assign({to_lower(name), type}, Kept{answer, now + std::chrono::seconds{shortest->ttl}});
}

}  // namespace glasspost::sim

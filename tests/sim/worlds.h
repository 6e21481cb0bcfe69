// Small worlds for tests: two mail servers, a store, a laptop that sends and one that reads; and what was said in them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/conversation.h"
#include "protocol/token.h"
#include "sim/world.h"
#include "tests/source_dir.h"

namespace glasspost::sim::testing {

inline const std::string small_world = R"(
title: {en: A small world, es: Un mundo pequeño}
start: "2026-11-02 09:00:00"
retry_after: 30 min
users: {alice@example.com: s3cret, bob@example.org: b0bby}
hosts:
  - {name: laptop, kind: laptop, address: 192.0.2.17, owner: alice@example.com}
  - name: mail.example.com
    kind: server
    address: 203.0.113.25
    domain: example.com
    services:
      - {protocol: smtp, port: 587, tls: starttls, submission: yes}
      - {protocol: smtp, port: 25, tls: starttls}
      - {protocol: imap, port: 143, tls: starttls}
  - {name: ns, kind: dns, address: 192.0.2.53}
  - {name: mx1.example.org, kind: server, address: 198.51.100.7, domain: example.org, deliver_to: store.example.org, GREYLIST
     services: [{protocol: smtp, port: 25, tls: starttls}]}
  - {name: mx2.example.org, kind: server, address: 198.51.100.8, domain: example.org, deliver_to: store.example.org,
     services: [{protocol: smtp, port: 25, tls: starttls}]}
  - name: store.example.org
    kind: store
    address: 198.51.100.20
    domain: example.org
    services: [{protocol: lmtp, port: 24}, {protocol: imap, port: 143, tls: starttls}, {protocol: pop3, port: 110, tls: starttls}]
  - {name: reader, kind: phone, address: 198.51.100.101, owner: bob@example.org}
links: LINKS
zones: ZONES
letter:
  from: alice@example.com
  to: RECIPIENT
  text: "Subject: Hello\nMessage-ID: <1@example.com>\n\nBody\n"
story:
  - {at: 0 ms, do: send, device: laptop, server: mail.example.com, port: 587, tls: starttls}
)";

inline const std::string two_exchangers =
    "[{name: example.org, type: MX, value: 10 mx1.example.org}, {name: example.org, type: MX, value: 20 mx2.example.org}, "
    "{name: mx1.example.org, type: A, value: 198.51.100.7}, {name: mx2.example.org, type: A, value: 198.51.100.8}, "
    "{name: mail.example.com, type: A, value: 203.0.113.25}, {name: store.example.org, type: A, value: 198.51.100.20}, "
    "{name: example.com, type: MX, value: 10 mail.example.com}]";

struct Differently {
  std::string links = "[]", zones = two_exchangers, recipient = "bob@example.org", greylist;
};

inline std::string with(std::string yaml, const Differently& d) {
  const auto put = [&](std::string_view mark, const std::string& text) { yaml.replace(yaml.find(mark), mark.size(), text); };
  put("LINKS", d.links);
  put("ZONES", d.zones);
  put("RECIPIENT", d.recipient);
  put("GREYLIST", d.greylist);
  return yaml;
}

// A world that has been played, and what can be asked of it.
class Played {
 public:
  explicit Played(Scenario played, std::uint64_t seed = 1) : scenario(std::move(played)), world(scenario, seed, trace) {}
  explicit Played(const Differently& d) : Played(parse_scenario(with(small_world, d), "small.yaml").value()) {}

  void play(Duration longest = std::chrono::hours(24 * 7)) { world.run_story(longest); }

  // Every line in the order in which it was said, TLS and DNS left out: "laptop> EHLO [192.0.2.17]".
  std::string transcript() {
    conversations.observe(trace);
    std::string out;
    for (std::size_t row = 0; row < conversations.rows(); ++row) {
      const MessageRef ref = conversations.row(row);
      const Conversation& conversation = *conversations.find(ref.connection);
      const Message& message = conversation.message(ref.message);
      if (message.protocol == Protocol::tls || message.protocol == Protocol::dns) continue;
      const std::string text = redact(conversation.text(message), conversation.tokens(message));
      out += std::string(conversation.name(message.from)) + "> " + text.substr(0, text.find("\r\n")) + "\n";
    }
    return out;
  }
  // "accepted bob@example.org", in order; with `reply` what was answered.
  std::vector<std::string> queue_changes() const {
    static constexpr std::string_view names[] = {"accepted", "attempt", "deferred", "delivered", "bounced", "expired", "held", "released", "dropped"};
    std::vector<std::string> out;
    for (const QueueChanged* changed : all<QueueChanged>())
      out.push_back(std::string(names[int(changed->change)]) + " " + std::string(world_name(changed->host)) + " " +
                    std::string(trace.bytes(changed->recipient)) + " " + std::string(trace.bytes(changed->reply)));
    return out;
  }
  template <class What>
  std::vector<const What*> all() const {
    std::vector<const What*> out;
    for (RecordId id = trace.first(); id < trace.end(); ++id)
      if (const auto* what = std::get_if<What>(&trace[id].what)) out.push_back(what);
    return out;
  }
  std::vector<FaultKind> faults() const {
    std::vector<FaultKind> kinds;
    for (const FaultInjected* fault : all<FaultInjected>()) kinds.push_back(fault->kind);
    return kinds;
  }
  // The texts in a user's INBOX.
  std::vector<std::string> inbox(std::string_view host, std::string_view user) const {
    std::vector<std::string> texts;
    const Store* store = world.store(scenario.find(host));
    const auto account = store->accounts().find(user);
    if (account == store->accounts().end()) return texts;
    for (const StoredMessage& message : account->second->inbox().messages()) texts.emplace_back(message.content->text());
    return texts;
  }
  std::string_view world_name(HostId host) const { return scenario.host(host).name; }
  HostId host(std::string_view name) const { return scenario.find(name); }

  Scenario scenario;
  Trace trace;
  World world;
  Conversations conversations;
};

inline std::string text_of_file(const std::string& path) {
  std::ifstream in(std::string(glasspost::source_dir()) + "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace glasspost::sim::testing

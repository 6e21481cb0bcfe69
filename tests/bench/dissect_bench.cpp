// How fast a conversation is cut into messages and tokens, and what a line costs in memory. The reach: 1,000,000 lines
// a second.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "protocol/conversation.h"

namespace glasspost {
namespace {

struct Spoken {
  Side from;
  std::string octets;
};

void say(std::vector<Spoken>& script, Side from, std::string_view line) {
  script.push_back({from, std::string(line) + "\r\n"});
}

std::vector<Spoken> smtp_letter(int number) {
  std::vector<Spoken> script;
  const std::string n = std::to_string(number);
  say(script, Side::client, "MAIL FROM:<alice" + n + "@example.com> SIZE=612");
  say(script, Side::server, "250 2.1.0 Ok");
  say(script, Side::client, "RCPT TO:<bob@example.org>");
  say(script, Side::server, "250 2.1.5 Ok");
  say(script, Side::client, "DATA");
  say(script, Side::server, "354 Send the letter; end it with <CRLF>.<CRLF>");
  say(script, Side::client, "From: Alice <alice@example.com>\r\nSubject: Letter " + n + "\r\n\r\nDear Bob,\r\n..\r\nYours\r\n.");
  say(script, Side::server, "250 2.0.0 Ok: queued as " + n);
  return script;
}
std::vector<Spoken> imap_visit(int number) {
  std::vector<Spoken> script;
  const std::string n = std::to_string(number + 1);
  say(script, Side::client, "a" + n + " UID FETCH " + n + ":* (UID FLAGS RFC822.SIZE)");
  for (int i = 1; i <= 6; ++i)
    say(script, Side::server, "* " + std::to_string(i) + " FETCH (UID " + std::to_string(i + number) + " FLAGS (\\Seen) RFC822.SIZE 4096)");
  say(script, Side::server, "a" + n + " OK FETCH completed");
  return script;
}
std::vector<Spoken> pop3_visit(int number) {
  std::vector<Spoken> script;
  say(script, Side::client, "LIST " + std::to_string(number));
  say(script, Side::server, "+OK " + std::to_string(number) + " 1043");
  say(script, Side::client, "NOOP");
  say(script, Side::server, "+OK");
  return script;
}

// One session of `lines` lines as a trace, begun as the protocol begins.
void record(Trace& trace, Protocol protocol, std::size_t lines) {
  const ConnectionId connection = trace.next_connection();
  Opened opened;
  opened.protocol = protocol;
  opened.client_name = trace.keep("laptop");
  opened.server_name = trace.keep("mail.example.com");
  trace.append({Instant{}, no_record, connection, opened});
  std::vector<Spoken> script;
  if (protocol == Protocol::smtp) {
    say(script, Side::server, "220 mail.example.com ESMTP");
    say(script, Side::client, "EHLO laptop");
    say(script, Side::server, "250-mail.example.com\r\n250-PIPELINING\r\n250 SIZE");
  } else if (protocol == Protocol::imap) {
    say(script, Side::server, "* OK ready");
    say(script, Side::client, "a0 LOGIN bob secret");
    say(script, Side::server, "a0 OK welcome");
  } else {
    say(script, Side::server, "+OK ready");
    say(script, Side::client, "USER bob");
    say(script, Side::server, "+OK");
    say(script, Side::client, "PASS secret");
    say(script, Side::server, "+OK welcome");
  }
  std::size_t said = 0;
  for (int i = 0; said < lines; ++i) {
    for (const Spoken& line : script) {
      trace.append({Instant{Duration{i}}, no_record, connection, Sent{line.from, Layer::clear, trace.keep(line.octets)}});
      said += std::size_t(std::count(line.octets.begin(), line.octets.end(), '\n'));
    }
    script = protocol == Protocol::smtp ? smtp_letter(i) : protocol == Protocol::imap ? imap_visit(i) : pop3_visit(i);
  }
}

void dissect(benchmark::State& state, std::initializer_list<Protocol> protocols) {
  Trace trace;
  const std::size_t lines = 100'000;
  for (const Protocol protocol : protocols) record(trace, protocol, lines / protocols.size());
  std::size_t memory = 0;
  for (auto _ : state) {
    Conversations conversations;
    conversations.observe(trace);
    benchmark::DoNotOptimize(conversations.rows());
    memory = conversations.memory();
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t(lines));
  state.counters["octets_a_line"] = double(memory) / double(lines);
}
void mixed(benchmark::State& state) { dissect(state, {Protocol::smtp, Protocol::imap, Protocol::pop3}); }
void smtp(benchmark::State& state) { dissect(state, {Protocol::smtp}); }
void imap(benchmark::State& state) { dissect(state, {Protocol::imap}); }
void pop3(benchmark::State& state) { dissect(state, {Protocol::pop3}); }
BENCHMARK(mixed)->Unit(benchmark::kMillisecond);
BENCHMARK(smtp)->Unit(benchmark::kMillisecond);
BENCHMARK(imap)->Unit(benchmark::kMillisecond);
BENCHMARK(pop3)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace glasspost

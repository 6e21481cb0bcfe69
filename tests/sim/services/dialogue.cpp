#include "tests/sim/services/dialogue.h"

namespace glasspost::sim {
namespace {

// "a1 OK ... done": "..." matches anything.
bool matches(std::string_view text, std::string_view pattern) {
  const auto dots = pattern.find("...");
  if (dots == std::string_view::npos) return text == pattern;
  const std::string_view head = pattern.substr(0, dots), tail = pattern.substr(dots + 3);
  if (!text.starts_with(head)) return false;
  if (tail.empty()) return true;
  for (std::size_t at = head.size(); at <= text.size(); ++at)
    if (matches(text.substr(at), tail)) return true;
  return false;
}

constexpr std::string_view nul_sign = "␀";

std::string with_nul(std::string text) {
  for (std::size_t at; (at = text.find(nul_sign)) != text.npos;) text.replace(at, nul_sign.size(), 1, '\0');
  return text;
}
std::string without_nul(std::string text) {
  for (std::size_t at; (at = text.find('\0')) != text.npos;) text.replace(at, 1, nul_sign);
  return text;
}

}  // namespace

void Dialogue::play(std::string_view script) {
  while (!script.empty()) {
    const auto end = script.find('\n');
    std::string_view line = script.substr(0, end);
    script.remove_prefix(end == std::string_view::npos ? script.size() : end + 1);
    const auto begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos) continue;
    step(line.substr(begin));
    if (HasFatalFailure()) return;
  }
  for (auto& [number, client] : clients_) expect_nothing(number, client);
}

std::string Dialogue::answer_to(std::string_view line) {
  step(line);
  Client& who = client(line[1] - '0');
  pump(who);
  return std::exchange(who.sent, {});
}

Dialogue::Client& Dialogue::client(int number) {
  Client& client = clients_[number];
  if (client.peer) return client;
  if (number >= first_pop3)
    client.service = std::make_unique<Pop3Service>(pop3_settings, store, trace);
  else
    client.service = std::make_unique<ImapService>(imap_settings, store, trace);
  Admission admission{trace.next_connection(), now, "client", "192.0.2.1", [&client] { client.ready = true; }};
  client.peer = client.service->accept(std::move(admission));
  client.ready = true;
  return client;
}

void Dialogue::pump(Client& client) {
  if (!client.peer || !client.ready) return;
  client.ready = false;
  while (true) {
    const std::string some = client.peer->take_output(now);
    if (some.empty()) break;
    client.sent += some;
  }
  client.closed = client.peer->wants_close();
}

void Dialogue::expect_nothing(int number, Client& client) {
  pump(client);
  EXPECT_EQ(client.sent, "") << "client " << number << " was sent this, and nobody expected it";
  client.sent.clear();
}

void Dialogue::expect(Client& client, std::string_view line) {
  pump(client);
  const auto end = client.sent.find("\r\n");
  ASSERT_NE(end, std::string::npos) << "nothing more was sent: \"" << client.sent << "\"";
  const std::string said = without_nul(client.sent.substr(0, end));
  client.sent.erase(0, end + 2);
  ASSERT_TRUE(matches(said, line)) << "sent: " << said << "\nthen: " << client.sent;
}

void Dialogue::step(std::string_view line) {
  SCOPED_TRACE(std::string(line));
  if (line.starts_with("MX: ")) {
    ASSERT_TRUE(store.deliver("bob", make_content(std::string(line.substr(4)) + "\r\n\r\nbody\r\n"), {.now = now}));
    return;
  }
  const int number = line.size() > 1 ? line[1] - '0' : 0;
  ASSERT_TRUE(number >= 1 && number <= 9 && line.size() >= 3) << "not a line of a dialogue";
  const std::string_view text = line.size() > 4 ? line.substr(4) : std::string_view();
  if (line[0] == 'S') return expect(client(number), text);
  Client& who = client(number);
  if (line[2] == '>') return;
  expect_nothing(number, who);
  if (line[0] == 'X') {
    who.peer->receive_eof(now);
    who.peer.reset();
    clients_.erase(number);
    return;
  }
  who.peer->receive(with_nul(std::string(text)) + "\r\n", now, no_record);
  who.ready = true;
  if (line[2] == '~') who.sent += who.peer->take_output(now);
}

}  // namespace glasspost::sim

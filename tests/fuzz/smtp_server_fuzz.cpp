// A hostile client, twice: once with everything at once and once octet by octet. Both sessions must say the same, every line
// they say must be a reply, and what DATA carried must come out as it went in.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/smtp/reply.h"
#include "protocol/smtp/server.h"
#include "protocol/tls/facts.h"

using namespace glasspost;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

struct Outcome {
  std::string said;
  std::vector<std::string> letters;
  bool operator==(const Outcome&) const = default;
};

void settle(smtp::ServerSession& session, Outcome& outcome) {
  while (auto event = session.poll()) {
    if (auto* came = std::get_if<smtp::LetterCame>(&*event)) outcome.letters.push_back(came->letter.content);
    const auto* login = std::get_if<smtp::LoginAsked>(&*event);
    if (login && !login->attempt.proves("1234")) session.reply(smtp::Reply(535, {5, 7, 8}, "no"));
    else session.accept();
  }
  outcome.said += session.take_output();
}

Outcome play(smtp::ServerSettings settings, std::string_view octets, std::size_t step) {
  smtp::ServerSession session(std::move(settings), Instant{});
  Outcome outcome;
  for (std::size_t i = 0; i < octets.size(); i += step) {
    session.receive(octets.substr(i, step), Instant{});
    settle(session, outcome);
  }
  if (session.tls_wish() == TlsWish::start) session.tls_established(TlsFacts{});
  session.receive("NOOP\r\n", Instant{});
  settle(session, outcome);
  session.receive_eof(Instant{});
  settle(session, outcome);
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  smtp::ServerSettings settings;
  settings.protocol = (data[0] & 1) != 0 ? Protocol::lmtp : Protocol::smtp;
  settings.role = (data[0] & 2) != 0 ? smtp::ServerRole::submission : smtp::ServerRole::relay;
  settings.tls = (data[0] & 4) != 0 ? TlsMode::starttls : TlsMode::plaintext;
  settings.allow_plaintext_auth = (data[0] & 8) != 0;
  settings.nonce = (data[0] & 16) != 0 ? "1" : "";
  settings.max_size = 200;
  settings.extensions.dsn = (data[0] & 32) != 0;
  settings.extensions.chunking = settings.extensions.utf8 = (data[0] & 64) != 0;
  settings.extensions.priority = settings.extensions.limits = settings.extensions.require_tls = (data[0] & 128) != 0;
  if (settings.extensions.priority) settings.extensions.deliver_by = Duration{}, settings.extensions.future_release = 24h;
  const std::string_view octets(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = play(settings, octets, std::max<std::size_t>(octets.size(), 1));
  must(whole == play(settings, octets, 1));
  smtp::ReplyReader reader;
  reader.put(whole.said);
  while (const auto reply = reader.next()) must(reply->has_value());
  must(!reader.pending());
  for (const std::string& letter : whole.letters) must(letter.size() <= 200 && (letter.empty() || letter.ends_with("\r\n")));
  return 0;
}

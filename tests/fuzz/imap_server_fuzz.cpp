// A client's stream, whole and in pieces: the server says the same, every line it says is a response, and it survives.
#include <cstdint>
#include <cstdlib>

#include "protocol/imap/response.h"
#include "protocol/imap/server.h"
#include "protocol/tls/facts.h"

namespace {

using namespace glasspost;

std::string answers_to(std::string_view stream, std::size_t piece, bool plaintext) {
  imap::ServerSettings settings;
  settings.allow_plaintext_login = plaintext;
  settings.starttls = true;
  settings.extensions.remove(imap::Extension::compress);  // what follows it would depend on the pieces
  settings.limits.append = 200;
  settings.limits.literal = 100;
  settings.limits.line = 300;
  imap::Server server(settings, Instant{});
  std::string out;
  while (!stream.empty()) {
    server.receive(stream.substr(0, piece), Instant{});
    stream.remove_prefix(std::min(piece, stream.size()));
    while (auto event = server.poll()) {
      if (std::holds_alternative<sasl::Attempt>(*event)) server.accept_login();
      else if (std::holds_alternative<imap::IdleDone>(*event)) server.ok("done");
      else if (const auto* command = std::get_if<imap::Command>(&*event)) {
        if (!std::holds_alternative<imap::Idle>(command->body)) server.ok("done");
      }
    }
    out += server.take_output();
    if (server.tls_wish() == TlsWish::start) break;  // what follows would depend on the pieces
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view stream(reinterpret_cast<const char*>(data), size);
  for (const bool plaintext : {true, false}) {
    const std::string whole = answers_to(stream, size + 1, plaintext);
    if (whole != answers_to(stream, 1, plaintext)) std::abort();
    imap::Framer framer(imap::Framer::Said::responses, whole.size());
    std::string_view rest = whole;
    for (imap::Framer::Step step; (step = framer.next(rest)) != imap::Framer::Step::more;)
      if (step != imap::Framer::Step::message || !imap::parse_response(framer.text())) std::abort();
    if (framer.pending()) std::abort();
  }
  return 0;
}

// A client that says anything, in pieces: nothing is deleted without a good login and QUIT, nothing crashes, and output comes
// in whole lines. A client session hears the same octets as if they were a server's.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "protocol/pop3/client.h"
#include "protocol/pop3/server.h"
#include "protocol/tls/facts.h"

namespace {

using namespace glasspost;

void require(bool good) {
  if (!good) std::abort();
}

struct Service {
  pop3::ServerSession& session;
  bool logged_in = false, over = false;

  void settle(std::string& out) {
    while (auto event = session.poll()) {
      if (const auto* attempt = std::get_if<pop3::LoginAttempt>(&*event)) {
        require(!logged_in);
        if (attempt->user == "u" && attempt->proves("p")) {
          logged_in = true;
          session.open({{30, "a"}, {31, "b"}});
        } else {
          session.refuse(pop3::Refusal::wrong_login, "no");
        }
      } else if (const auto* wanted = std::get_if<pop3::RetrieveRequest>(&*event)) {
        require(logged_in && !over && (wanted->number == 1 || wanted->number == 2));
        session.give("A: b\r\n\r\n.dot\n.\r\n..\r\nend");
      } else if (std::holds_alternative<pop3::UpdateRequest>(*event)) {
        require(logged_in && !over);
        over = true;
        session.updated();
      } else {
        require(logged_in && !over);
        over = true;
      }
      out += session.take_output();
    }
    out += session.take_output();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const Instant now{};
  const std::size_t step = data[0] == 0 ? size : data[0];
  pop3::ServerSettings settings;
  settings.timestamp = "<1@b>";
  settings.allow_plaintext_login = data[1] & 1;
  settings.tls = data[1] & 2 ? TlsMode::starttls : TlsMode::plaintext;
  const std::string_view said(reinterpret_cast<const char*>(data) + 2, size - 2);

  pop3::ServerSession server(settings, now);
  Service service{server};
  std::string out;
  for (std::size_t at = 0; at < said.size(); at += step) {
    server.receive(said.substr(at, step), now);
    service.settle(out);
    if (server.tls_wish() == TlsWish::start) server.tls_established(TlsFacts{});
  }
  server.receive_eof(now);
  service.settle(out);
  require(out.starts_with("+OK") && out.ends_with("\r\n"));
  require(server.wants_close());
  require(!service.logged_in || service.over);

  pop3::ClientSettings client_settings;
  client_settings.allow_plaintext_login = true;
  client_settings.stls = pop3::StlsPolicy::attempt;
  client_settings.message_limit = 1000;
  pop3::ClientSession client(client_settings, now);
  for (std::size_t at = 0; at < said.size(); at += step) {
    client.receive(said.substr(at, step), now);
    if (client.tls_wish() == TlsWish::start) client.tls_established(TlsFacts{});
    while (const auto event = client.poll()) {
      if (std::holds_alternative<pop3::Ready>(*event)) client.login("u", "p");
      if (std::holds_alternative<pop3::LoggedIn>(*event)) client.stat(), client.uidl(), client.retr(1), client.quit();
    }
    (void)client.take_output();
  }
  client.receive_eof(now);
  require(client.wants_close());
  return 0;
}

// Plays a transcript of several connections against services of one store. Lines:
//   C1: a1 NOOP          client 1 says this and CRLF; it connects with its first line
//   C1>                  client 1 connects and says nothing yet
//   C1~ a1 FETCH ...     client 1 says this, and takes away only the first piece of the answer for now
//   S1: a1 OK ...        the next line that client 1 has been sent; "..." stands for anything up to the end of the line,
//                        or up to the text behind it
//   MX: Subject: hello   a message with this header arrives for bob
//   X1:                  client 1's connection breaks
// "␀" stands for NUL.
// Clients 8 and 9 speak POP3. Nothing may be left unsaid: before a client says something, and at the end,
// everything it was sent must have been expected. What comes unasked comes only if the service called on_ready.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "sim/services/imap.h"
#include "sim/services/pop3.h"
#include "sim/store/store.h"

namespace glasspost::sim {

class Dialogue : public testing::Test {
 protected:
  static constexpr Instant start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 9h;
  static constexpr int first_pop3 = 8;

  Dialogue() { users.add("bob", "secret"), users.add("alice", "wonder"); }

  void play(std::string_view script);
  // A client's line, and all that it is then sent.
  std::string answer_to(std::string_view line);
  void clear_clients() { clients_.clear(); }  // all go home
  Mailbox& inbox() { return store.account("bob", start)->inbox(); }
  void arrive(std::string text, std::vector<std::string> flags = {}) {
    ASSERT_TRUE(inbox().add({make_content(std::move(text)), std::move(flags), now}, {.now = now}));
  }

  Instant now = start;
  Users users{"example.org"};
  Trace trace;
  Store store{{.holder = 3}, users, trace};
  ImapService::Settings imap_settings{.host_name = "mail.example.org", .allow_plaintext_login = true};
  Pop3Service::Settings pop3_settings{.host_name = "mail.example.org", .allow_plaintext_login = true};

 private:
  struct Client {
    std::unique_ptr<Service> service;
    std::unique_ptr<Peer> peer;
    std::string sent;  // by the server, and not yet expected
    bool ready = false;
    bool closed = false;
  };
  Client& client(int number);
  void pump(Client&);
  void step(std::string_view line);
  void expect(Client&, std::string_view line);
  void expect_nothing(int number, Client&);

  std::map<int, Client> clients_;
};

}  // namespace glasspost::sim

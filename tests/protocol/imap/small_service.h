// A server with as little of a mailbox behind it as shows the order of things.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/imap/server.h"
#include "tests/protocol/transcript.h"

namespace glasspost::imap {

class OneUser final : public sasl::Credentials {
 public:
  std::optional<std::string> password_of(std::string_view user) const override {
    return user == "fred" ? std::optional<std::string>("swordfish") : std::nullopt;
  }
};

// Answers what the transcripts ask, with as little of a mailbox as shows the order of things.
class SmallService final : public test::Subject {
 public:
  explicit SmallService(ServerSettings settings) : server_(std::move(settings), test::nine_o_clock) {}
  Session& session() override { return server_; }
  Server& server() { return server_; }
  void settle() override {
    while (auto event = server_.poll()) std::visit([this](auto& what) { on(what); }, *event);
  }

  bool hold = false;                   // do not answer commands
  std::vector<std::string> heard;      // every command, as we would write it
  std::vector<GoneReason> gone;

 private:
  void on(const LoginConfirmed&) { server_.accept_login(); }
  void on(const sasl::Attempt& attempt) {
    const sasl::Verdict verdict = sasl::verify(OneUser{}, attempt);
    if (!server_.decide_login(verdict)) return;
    if (verdict) server_.accept_login();
    else server_.refuse_login();
  }
  void on(const IdleDone&) { server_.ok("IDLE terminated"); }
  void on(const Gone& what) { gone.push_back(what.reason); }
  void on(Command& command) {
    heard.push_back(write_command(command));
    if (hold) return;
    if (const auto* select = std::get_if<Select>(&command.body)) return open(*select);
    if (const auto* append = std::get_if<Append>(&command.body))
      return server_.ok(std::to_string(append->messages.front().text.size()) + " octets", Code::append_uid(7, *parse_sequence_set("5")));
    if (std::holds_alternative<Idle>(command.body)) return server_.write().exists(4);
    if (std::holds_alternative<Fetch>(command.body)) server_.write().fetch(1).uid(5).end();
    server_.ok("done");
  }
  void open(const Select& select) {
    if (select.mailbox != "INBOX") return server_.no("No such mailbox");
    server_.write().exists(3);
    server_.ok("opened", select.read_only ? Code::read_only() : Code::read_write());
  }

  Server server_;
};

}  // namespace glasspost::imap

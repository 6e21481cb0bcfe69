// What `connect` writes down of a live line: for a person, or one JSON event a line. Secrets are masked.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "app/net/live.h"
#include "app/words/strings.h"
#include "protocol/explain.h"

namespace glasspost::cli {

class ConnectPrinter {
 public:
  struct Look {
    bool json = false, quiet = false, colour = false, secrets = false;
  };
  ConnectPrinter(const Strings& strings, const Catalogue& catalogue, Look look)
      : strings_(strings), catalogue_(catalogue), look_(look) {}

  // What happened since the last time.
  void show(const app::Live&);
  // What is about to be said, explained; `text`: what to show where that is not yet a whole message.
  void preview(const app::Live&, const Conversation& with, std::string_view text);
  void held(const app::Held&);
  void expected(std::size_t line, std::string_view what);  // an expectation was met
  void failed(const app::LiveFault&);
  void closed(const app::Live&);

 private:
  void step(std::string_view event, std::string_view text, const app::LiveStep*);
  void connected(const app::Live&);
  void in_clear(const app::Live&);
  void show_step(const app::Live&);
  void tls_up(const Conversation&, const app::Live&);
  void message(const Conversation&, const Message&);
  void message_text(const Conversation&, const Message&);
  void tokens(const Conversation&, const Message&);
  void message_json(const Conversation&, const Message&, std::string_view event);
  std::string painted(std::string_view code, std::string_view text) const;
  std::string text_of(const Conversation&, const Message&) const;
  void put(std::string_view line);

  const Strings& strings_;
  const Catalogue& catalogue_;
  Look look_;
  bool connected_ = false, tls_ = false, clear_told_ = false;
  app::LiveStep step_ = app::LiveStep::command;
  std::size_t shown_ = 0, sent_ = 0, received_ = 0;
  std::set<const Words*> told_;  // what a token is, is said once
};

}  // namespace glasspost::cli

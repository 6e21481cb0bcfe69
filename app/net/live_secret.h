// A password or a token that a command prints: "pass show mail/ann". The command runs beside us; nothing waits for it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <tl/expected.hpp>

namespace glasspost::app {

class SecretCommand {
 public:
  explicit SecretCommand(const std::string& command);  // for /bin/sh; its standard input is empty
  ~SecretCommand();                                    // ends it if it still runs
  SecretCommand(const SecretCommand&) = delete;
  SecretCommand& operator=(const SecretCommand&) = delete;

  // Its first line, once; or why there is none, in English. Nothing: it still runs.
  std::optional<tl::expected<std::string, std::string>> poll();

 private:
  tl::expected<std::string, std::string> finish(int status);
  void end();

  int pipe_ = -1, process_ = -1;
  std::string said_, problem_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace glasspost::app

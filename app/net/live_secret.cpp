#include "app/net/live_secret.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

extern "C" char** environ;  // POSIX has it, but no header

namespace glasspost::app {
namespace {

constexpr std::size_t longest = 16384;  // tokens are longer than passwords
constexpr auto patience = std::chrono::seconds{120};  // it may ask a person for a passphrase

}  // namespace

SecretCommand::SecretCommand(const std::string& command) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    problem_ = std::strerror(errno);
    return;
  }
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
  posix_spawnattr_t how;
  ::posix_spawnattr_init(&how);
  ::posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP);  // what it starts ends with it
  ::posix_spawnattr_setpgroup(&how, 0);
  std::string words = command;
  char shell[] = "/bin/sh", option[] = "-c";
  char* arguments[] = {shell, option, words.data(), nullptr};
  pid_t process = -1;
  const int failed = ::posix_spawn(&process, shell, &files, &how, arguments, environ);
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&how);
  ::close(ends[1]);
  pipe_ = ends[0];
  if (failed) problem_ = std::strerror(failed);
  else process_ = process;
}

SecretCommand::~SecretCommand() { end(); }

void SecretCommand::end() {
  if (process_ > 0) {
    ::kill(-process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }
  if (pipe_ >= 0) ::close(std::exchange(pipe_, -1));
  for (char& c : said_) static_cast<volatile char&>(c) = 0;
  said_.clear();
}

std::optional<tl::expected<std::string, std::string>> SecretCommand::poll() {
  if (process_ < 0) {
    if (problem_.empty()) return std::nullopt;
    return tl::unexpected(std::exchange(problem_, {}));
  }
  char buffer[1024];
  ssize_t got = 0;
  while ((got = ::read(pipe_, buffer, sizeof buffer)) > 0) {
    if (said_.size() <= longest) said_.append(buffer, std::size_t(got));
  }
  int status = 0;
  if (::waitpid(process_, &status, WNOHANG) == process_) {
    process_ = -1;
    while ((got = ::read(pipe_, buffer, sizeof buffer)) > 0) said_.append(buffer, std::size_t(got));
    auto result = finish(status);
    end();
    return result;
  }
  if (std::chrono::steady_clock::now() - begun_ < patience) return std::nullopt;
  end();
  return tl::unexpected(std::string("the command did not end within 120 s"));
}

tl::expected<std::string, std::string> SecretCommand::finish(int status) {
  if (!WIFEXITED(status)) return tl::unexpected(std::string("the command did not end by itself"));
  if (WEXITSTATUS(status) != 0) return tl::unexpected("the command ended with status " + std::to_string(WEXITSTATUS(status)));
  std::string line = said_.substr(0, said_.find('\n'));
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) return tl::unexpected(std::string("its first line is empty"));
  if (line.size() > longest) return tl::unexpected(std::string("its first line is longer than 16384 octets"));
  return line;
}

}  // namespace glasspost::app

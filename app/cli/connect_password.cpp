#include "app/cli/connect_password.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string_view>

namespace glasspost::cli {
namespace {

constexpr std::size_t longest = 4096, longest_token = 16384;

tl::expected<std::string, std::string> checked(std::string line, std::size_t most = longest) {
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) return tl::unexpected(std::string("the first line is empty"));
  if (line.size() > most) return tl::unexpected("the first line is longer than " + std::to_string(most) + " octets");
  return line;
}

tl::expected<std::string, std::string> from_command(const std::string& command, std::size_t most) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return tl::unexpected(std::string(std::strerror(errno)));
  std::string text;
  char buffer[1024];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe))
    if (text.size() <= most) text.append(buffer, got);
  const int status = ::pclose(pipe);
  if (status == -1 || !WIFEXITED(status)) return tl::unexpected(std::string("the command did not end by itself"));
  if (WEXITSTATUS(status) != 0) return tl::unexpected("the command ended with status " + std::to_string(WEXITSTATUS(status)));
  return checked(text.substr(0, text.find('\n')), most);
}

tl::expected<std::string, std::string> from_file(const std::string& name) {
  errno = 0;
  std::ifstream file(name, std::ios::binary);
  std::string text(longest + 2, '\0');
  if (!file || (file.peek() == std::ifstream::traits_type::eof() && errno != 0))
    return tl::unexpected(name + " cannot be read: " + std::strerror(errno));
  file.read(text.data(), std::streamsize(text.size()));
  text.resize(std::size_t(file.gcount()));
  return checked(text.substr(0, text.find('\n')));
}

// The terminal's echo is off while it lives.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal) {
    ::tcgetattr(terminal_, &before_);
    termios silent = before_;
    silent.c_lflag &= ~tcflag_t(ECHO);
    silent.c_lflag |= ECHONL;
    ::tcsetattr(terminal_, TCSAFLUSH, &silent);
  }
  ~Silence() { ::tcsetattr(terminal_, TCSAFLUSH, &before_); }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  int terminal_;
  termios before_{};
};

tl::expected<std::string, std::string> from_terminal(std::string_view prompt) {
  const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (terminal < 0) return tl::unexpected(std::string());
  std::string line;
  {
    // Ctrl-C must not leave a terminal without an echo: it is read as a character, and gives an empty password.
    const Silence silence(terminal);
    termios raw{};
    ::tcgetattr(terminal, &raw);
    raw.c_lflag &= ~tcflag_t(ISIG);
    ::tcsetattr(terminal, TCSANOW, &raw);
    [[maybe_unused]] const auto written = ::write(terminal, prompt.data(), prompt.size());
    char c = 0;
    while (line.size() <= longest && ::read(terminal, &c, 1) == 1 && c != '\n') line += c;
  }
  ::close(terminal);
  if (line.find('\x03') != line.npos) return tl::unexpected(std::string("interrupted"));
  return checked(std::move(line));
}

}  // namespace

tl::expected<std::string, std::string> password_from(const PasswordSource& source, const std::string& user, const Strings& strings) {
  if (!source.token_command.empty()) return from_command(source.token_command, longest_token);
  if (!source.command.empty()) return from_command(source.command, longest);
  if (!source.file.empty()) return from_file(source.file);
  return from_terminal(strings("connect.prompt_password", {{"user", user}}) + " ");
}

}  // namespace glasspost::cli

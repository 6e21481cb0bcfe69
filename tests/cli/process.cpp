#include "tests/cli/process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace glasspost::test {
namespace {

std::string contents(std::FILE* file) {
  std::string out;
  std::rewind(file);
  char buffer[4096];
  for (std::size_t got; (got = std::fread(buffer, 1, sizeof buffer, file)) > 0;) out.append(buffer, got);
  std::fclose(file);
  return out;
}

}  // namespace

Ran run(const std::string& program, const std::vector<std::string>& words, std::string_view input,
        const std::map<std::string, std::string>& environment) {
  std::FILE* in = std::tmpfile();
  std::FILE* out = std::tmpfile();
  std::FILE* err = std::tmpfile();
  if (!input.empty()) std::fwrite(input.data(), 1, input.size(), in);
  std::rewind(in);
  const pid_t child = fork();
  if (child == 0) {
    dup2(fileno(in), 0);
    dup2(fileno(out), 1);
    dup2(fileno(err), 2);
    unsetenv("LANG");
    unsetenv("LC_MESSAGES");
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    setenv("LC_ALL", "C", 1);
    for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> arguments{const_cast<char*>(program.c_str())};
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execvp(program.c_str(), arguments.data());
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  std::fclose(in);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), contents(out), contents(err)};
}

Ran glasspost(const std::vector<std::string>& words, std::string_view input,
              const std::map<std::string, std::string>& environment) {
  return run(GLASSPOST_BINARY, words, input, environment);
}

Scratch::Scratch() {
  std::string pattern = (std::filesystem::temp_directory_path() / "glasspost-cli-XXXXXX").string();
  directory_ = mkdtemp(pattern.data());
}
Scratch::~Scratch() { std::filesystem::remove_all(directory_); }

std::string Scratch::write(std::string_view name, std::string_view octets) const {
  std::ofstream(path(name), std::ios::binary) << octets;
  return path(name);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace glasspost::test

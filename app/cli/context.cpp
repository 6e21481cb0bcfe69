#include "app/cli/context.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "app/export/prose.h"

namespace glasspost::cli {
namespace {

constexpr std::size_t input_limit = std::size_t{64} << 20;

std::string reason() { return std::generic_category().message(errno); }

}  // namespace

void Context::fail(std::string_view sentence, int with) {
  complain("glasspost: " + printable(sentence) + "\n");
  status = with;
}

void complain(std::string_view text) {
  [[maybe_unused]] const auto written = std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

bool is_terminal(std::FILE* file) { return isatty(fileno(file)) == 1; }

bool write_out(Context& context, const std::string& file, std::string_view octets) {
  if (file.empty() || file == "-") {
    const bool written = std::fwrite(octets.data(), 1, octets.size(), stdout) == octets.size() && std::fflush(stdout) == 0;
    if (!written && errno != EPIPE)
      context.fail(context.strings("cli.cannot_write", {{"file", context.strings("cli.standard_output")}, {"reason", reason()}}));
    if (!written) context.status = failure;
    return written;
  }
  const std::filesystem::path beside = file + ".part";
  {
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out.write(octets.data(), std::streamsize(octets.size()));
    out.close();
    if (!out) {
      context.fail(context.strings("cli.cannot_write", {{"file", file}, {"reason", reason()}}));
      std::error_code ignored;
      std::filesystem::remove(beside, ignored);
      return false;
    }
  }
  std::error_code problem;
  std::filesystem::rename(beside, file, problem);
  if (!problem) return true;
  context.fail(context.strings("cli.cannot_write", {{"file", file}, {"reason", problem.message()}}));
  std::filesystem::remove(beside, problem);
  return false;
}

bool read_in(Context& context, const std::string& file, std::string& octets) {
  const bool standard_input = file == "-";
  std::FILE* in = standard_input ? stdin : std::fopen(file.c_str(), "rb");
  const std::string shown = standard_input ? std::string(context.strings("cli.standard_input")) : file;
  if (!in) {
    context.fail(context.strings("cli.cannot_read", {{"file", shown}, {"reason", reason()}}));
    return false;
  }
  char buffer[65536];
  std::size_t got = 0;
  errno = 0;
  while ((got = std::fread(buffer, 1, sizeof buffer, in)) > 0 && octets.size() <= input_limit) octets.append(buffer, got);
  const bool broken = std::ferror(in) != 0;
  const std::string why = reason();
  if (!standard_input) std::fclose(in);
  if (broken) context.fail(context.strings("cli.cannot_read", {{"file", shown}, {"reason", why}}));
  else if (octets.size() > input_limit) context.fail(context.strings("cli.file_too_large", {{"file", shown}, {"limit", "64 MB"}}));
  else return true;
  return false;
}

}  // namespace glasspost::cli

// The program run as a person or a script runs it: words in, octets and a status out.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace glasspost::test {

struct Ran {
  int status = -1;
  std::string out, err;
};

// `environment` is added to a plain one (LC_ALL=C, no terminal).
Ran run(const std::string& program, const std::vector<std::string>& words, std::string_view input = {},
        const std::map<std::string, std::string>& environment = {});
Ran glasspost(const std::vector<std::string>& words, std::string_view input = {},
              const std::map<std::string, std::string>& environment = {});

// A file of the test's own, gone with it.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string path(std::string_view name) const { return directory_ + "/" + std::string(name); }
  std::string write(std::string_view name, std::string_view octets) const;  // answers the path
 private:
  std::string directory_;
};
std::string read_file(const std::string& path);

}  // namespace glasspost::test

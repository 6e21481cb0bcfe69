#include "sim/services/list_pattern.h"

#include <algorithm>
#include <vector>

#include "protocol/base/text.h"
#include "sim/store/store.h"

namespace glasspost::sim {

// Walks the pattern and keeps the set of places in the name that have been reached so far.
bool matches_list_pattern(std::string_view name, std::string_view pattern) {
  const bool inbox = equal_ignoring_case(name.substr(0, name.find(Account::delimiter)), "INBOX");
  const std::size_t any_case = inbox ? 5 : 0;
  std::vector<char> reached(name.size() + 1), next(name.size() + 1);
  reached[0] = true;
  std::size_t first = 0;  // nothing is reached before it
  for (const char c : pattern) {
    if (c == '*' || c == '%') {
      for (std::size_t i = first; i < name.size(); ++i)
        if (reached[i] && (c == '*' || name[i] != Account::delimiter)) reached[i + 1] = true;
      continue;
    }
    std::fill(next.begin(), next.end(), false);
    std::size_t next_first = name.size() + 1;
    for (std::size_t i = first; i < name.size(); ++i) {
      if (!reached[i] || (i < any_case ? lower(name[i]) != lower(c) : name[i] != c)) continue;
      next[i + 1] = true;
      next_first = std::min(next_first, i + 1);
    }
    if (next_first > name.size()) return false;
    reached.swap(next);
    first = next_first;
  }
  return reached[name.size()];
}

}  // namespace glasspost::sim

// SEARCH: RFC 3501 section 6.4.4. Looks at what the session sees; letters match in either case (collation.h). Headers are searched without their encoded words, text parts without their transfer
// encoding and in UTF-8; parts that are neither text nor readable as they stand (base64) are not searched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/imap/command.h"
#include "sim/store/view.h"

namespace glasspost::sim {

class Finder;

// A search that can be made in portions: over a large mailbox, or through one very large message, it takes seconds, and
// others wait for this thread. The view
// must outlive it, and nothing may be expunged in it meanwhile.
class Search {
 public:
  // The strings in the key are UTF-8. `now`: what OLDER and YOUNGER count from.
  Search(const View&, imap::SearchKey, Instant now);
  ~Search();
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  // Goes on for about so many octets of messages; true: it is done.
  bool go_on(std::size_t octets);
  // Sequence numbers, ascending.
  std::vector<std::uint32_t> take_found() { return std::move(found_); }

 private:
  class Query;
  const View& view_;
  imap::SearchKey key_;
  std::unique_ptr<Query> query_;
  std::vector<std::string> needles_;  // what is looked for in whole messages
  std::unique_ptr<Finder> finder_;    // in a large message, which takes several turns
  std::uint32_t next_ = 1, last_;
  std::vector<std::uint32_t> found_;
};
// In one go.
std::vector<std::uint32_t> search(const View&, const imap::SearchKey& key, Instant now = {});

}  // namespace glasspost::sim

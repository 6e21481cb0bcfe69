// SORT and THREAD over what a session sees: RFC 5256, RFC 5957. As SEARCH, in portions: the headers of a large mailbox take
// seconds to read, and others wait for this thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/imap/extensions/sort.h"
#include "sim/store/view.h"

namespace glasspost::sim {

// RFC 5256 section 2.1: the subject without "Re:", "[list]", "(fwd)". `reply`: something of that kind was there.
struct BaseSubject {
  std::string text;
  bool reply = false;
};
BaseSubject base_subject(std::string_view subject);  // UTF-8, without encoded words

// msg-ids of a header field, normalised: without the brackets, and without the quotes of RFC 5256's example.
std::vector<std::string> message_ids(std::string_view value);

// The view must outlive these, and nothing may be expunged in it meanwhile.
class Sorting {
 public:
  Sorting(const View&, std::vector<std::uint32_t> numbers, std::vector<imap::SortCriterion>);
  bool go_on(std::size_t octets);  // for about so many octets of headers; true: it is done
  std::vector<std::uint32_t> take();

 private:
  struct Value {
    std::int64_t number = 0;
    std::string text;
  };
  struct Entry {
    std::uint32_t number;
    std::vector<Value> values;  // one for each criterion
  };
  Value value(const StoredMessage&, imap::SortBy) const;

  const View& view_;
  std::vector<std::uint32_t> numbers_;
  std::vector<imap::SortCriterion> criteria_;
  std::vector<Entry> entries_;
  bool reads_headers_ = false;
};

class Threading {
 public:
  Threading(const View&, std::vector<std::uint32_t> numbers, imap::ThreadAlgorithm);
  bool go_on(std::size_t octets);
  std::vector<imap::ThreadNode> take();

  struct Facts {
    std::uint32_t number = 0;
    Instant sent{};
    BaseSubject subject;
    std::string id;                       // without its brackets; empty: none, or no good one
    std::vector<std::string> references;  // the oldest first
  };

 private:
  const View& view_;
  std::vector<std::uint32_t> numbers_;
  imap::ThreadAlgorithm algorithm_;
  std::vector<Facts> facts_;
};

// Deeper than this no answer stands: it is put beside the one that it answers.
inline constexpr std::size_t deepest_thread = 200;
std::vector<imap::ThreadNode> thread_by_subject(const std::vector<Threading::Facts>&);
std::vector<imap::ThreadNode> thread_by_references(const std::vector<Threading::Facts>&);

}  // namespace glasspost::sim

// What SEARCH looks through in one message, a portion at a time: its headers without encoded words, then the bodies of its
// text without transfer encoding and in UTF-8, all of it made ready to be compared (collation.h). Private to this folder.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/store/content.h"

namespace glasspost::sim {

class Reading {
 public:
  explicit Reading(ContentPtr);

  struct Portion {
    std::string folded;
    bool header = false;  // of the message, a part, or a letter inside: SEARCH BODY matches none (RFC 9051 section 6.4.4)
    bool ends = true;     // a part ends with it: no string is found across that
  };
  // Of about so many octets of the message, and empty while its structure is read; nothing: that was all.
  std::optional<Portion> next(std::size_t octets);

 private:
  struct Item {
    const mime::Part* part;
    bool headers;  // else its body
  };
  void list(const mime::Part&);
  Portion next_of_headers(const Item&, std::size_t octets);
  Portion next_of_body(const mime::Part&, std::size_t octets);

  ContentPtr content_;
  std::vector<Item> items_;
  bool listed_ = false;            // what there is to read; before that the message's structure is read
  std::size_t item_ = 0, at_ = 0;  // how much of the item has been read
};

// Looks for several strings, made ready likewise, while a message is read.
class Finder {
 public:
  Finder(ContentPtr, std::vector<std::string> needles);
  // Goes on for about so many octets; true: it is done.
  bool go_on(std::size_t octets);
  bool in_headers(std::size_t needle) const { return in_headers_[needle]; }
  bool in_body(std::size_t needle) const { return in_body_[needle]; }

 private:
  Reading reading_;
  std::vector<std::string> needles_;
  std::size_t longest_ = 0;
  std::string carry_;  // the end of the portion before, in which a string may have begun
  std::vector<bool> in_headers_, in_body_;
};

}  // namespace glasspost::sim

#include "protocol/imap/extensions/special_use.h"

#include "protocol/imap/reader.h"

namespace glasspost::imap {

std::vector<std::string> parse_uses(Reader& r) {
  std::vector<std::string> uses;
  r.space();
  r.open();
  if (r.take_close()) return uses;
  do {
    if (!r.room_for(uses.size())) break;
    const std::size_t begin = r.position();
    if (!r.take('\\') || r.take_while(is_atom_char).empty()) {
      r.wanted("use-attr");
      break;
    }
    r.mark(Role::imap_mailbox_attribute, begin);
    std::string use(r.text().substr(begin, r.position() - begin));
    for (const std::string_view known : special_use_responses)
      if (equal_ignoring_case(use, known)) use = known;
    uses.push_back(std::move(use));
  } while (r.take(' '));
  r.close();
  return uses;
}

}  // namespace glasspost::imap

#include "protocol/imap/extensions/preview.h"

#include "protocol/imap/reader.h"

namespace glasspost::imap {

// What may stand in parentheses behind a single item are FETCH's own modifiers too, so the word decides.
bool parse_lazy(Reader& r) {
  if (!starts_with_ignoring_case(r.rest(), " (LAZY")) return false;
  r.space();
  r.open();
  do {
    const std::size_t begin = r.position();
    if (!equal_ignoring_case(r.atom(Role::imap_option, "preview-mod"), "LAZY")) r.fail(Fault::syntax, begin, "preview-mod");
  } while (r.take(' '));
  r.close();
  return true;
}

}  // namespace glasspost::imap

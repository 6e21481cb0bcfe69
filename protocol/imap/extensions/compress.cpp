#include "protocol/imap/extensions/compress.h"

#include "protocol/imap/reader.h"

namespace glasspost::imap {

Compress parse_compress(Reader& r) {
  r.space();
  const std::size_t begin = r.position();
  Compress compress{to_upper(r.atom(Role::imap_algorithm, "algorithm"))};
  if (compress.algorithm != "DEFLATE") r.fail(Fault::unsupported, begin, "algorithm");
  return compress;
}

void write(std::string& out, const Compress& compress) { (out += ' ') += compress.algorithm; }

}  // namespace glasspost::imap

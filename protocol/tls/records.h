// The record layer, watched from outside: what an eavesdropper sees (RFC 8446 section 5, RFC 5246 section 6).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.h"
#include "protocol/tls/handshake.h"

namespace glasspost {

// Cuts one direction of a connection into records. Holds at most one record's octets.
class TlsRecordCutter {
 public:
  // The records that are now whole, each with its header. An error (no TLS, or longer than TLS allows) stops
  // it for good; its offset counts from the stream's beginning.
  Result<std::vector<std::string>> put(std::string_view octets);
  std::string_view pending() const { return buffer_; }

 private:
  std::string buffer_;
  std::uint64_t taken_ = 0;
  std::optional<Error> error_;
};

// One record, header and all. What is encrypted stays a ciphertext and its tag.
TlsDissection dissect_tls_record(std::string_view record);

}  // namespace glasspost

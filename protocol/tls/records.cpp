#include "protocol/tls/records.h"

#include "protocol/tls/names.h"
#include "protocol/tls/walker.h"

namespace glasspost {

namespace {

constexpr std::size_t header_octets = 5;
constexpr std::size_t fragment_limit =
    (1 << 14) + 2048;                   // RFC 5246 section 6.2.3, the more generous of the two
constexpr std::size_t tag_octets = 16;  // of AES-GCM and ChaCha20-Poly1305

std::size_t fragment_size(std::string_view header) {
  return static_cast<std::uint8_t>(header[3]) * 256u + static_cast<std::uint8_t>(header[4]);
}
bool is_content_type(char type) { return type >= 20 && type <= 24; }

// A handshake fragment in the clear may hold several messages, or a part of one; an encrypted one looks like
// neither.
void walk_clear_handshake(TlsWalker& w) {
  w.source("RFC 8446 §4");
  while (w.more()) {
    const std::string_view rest = w.rest();
    const std::size_t size = rest.size() < 4 ? rest.size()
                                             : std::size_t{4} + static_cast<std::uint8_t>(rest[1]) * 65536u +
                                                   static_cast<std::uint8_t>(rest[2]) * 256u +
                                                   static_cast<std::uint8_t>(rest[3]);
    const bool whole = rest.size() >= 4 && size <= rest.size() &&
                       handshake_type_name(static_cast<std::uint8_t>(rest[0])) != "unknown";
    if (!whole) {
      w.opaque("fragment", rest.size(), Role::tls_data);
      return;
    }
    w.group(handshake_message_name(static_cast<std::uint8_t>(rest[0])), size, [&] {
      w.named("msg_type", 1, Role::tls_handshake_type, handshake_type_name);
      w.length(3);
      if (w.more()) w.opaque("body", w.left(), Role::tls_data);
    });
  }
}

void walk_fragment(TlsWalker& w, std::uint32_t type) {
  if (type == 23) {
    w.source("RFC 8446 §5.2");
    if (w.left() <= tag_octets) {
      w.opaque("encrypted_record", w.left(), Role::tls_ciphertext);
      return;
    }
    w.opaque("encrypted_record", w.left() - tag_octets, Role::tls_ciphertext);
    w.opaque("authentication tag", tag_octets, Role::tls_tag);
  } else if (type == 22) {
    walk_clear_handshake(w);
  } else if (type == 21 && w.left() == 2) {
    w.source("RFC 8446 §6");
    w.named("level", 1, Role::tls_alert, [](std::uint32_t level) {
      return level == 1 ? "warning" : level == 2 ? "fatal" : "unknown";
    });
    w.named("description", 1, Role::tls_alert, alert_name);
  } else if (w.more()) {
    w.opaque("fragment", w.left(), Role::tls_data);
  }
}

}  // namespace

Result<std::vector<std::string>> TlsRecordCutter::put(std::string_view octets) {
  std::vector<std::string> records;
  if (error_) return tl::unexpected(*error_);
  buffer_ += octets;
  std::size_t at = 0;
  while (at < buffer_.size()) {
    const std::string_view rest = std::string_view(buffer_).substr(at);
    if (!is_content_type(rest[0]))
      error_ = Error{Fault::syntax, std::uint32_t(taken_ + at), "ContentType"};
    else if (rest.size() >= header_octets && fragment_size(rest) > fragment_limit)
      error_ = Error{Fault::too_long, std::uint32_t(taken_ + at + 3), "length"};
    if (error_) {
      buffer_.clear();
      // What came whole before it still counts; the error is told by the next call.
      return records.empty() ? Result<std::vector<std::string>>(tl::unexpected(*error_)) : std::move(records);
    }
    if (rest.size() < header_octets || rest.size() < header_octets + fragment_size(rest)) break;
    records.emplace_back(rest.substr(0, header_octets + fragment_size(rest)));
    at += records.back().size();
  }
  taken_ += at;
  buffer_.erase(0, at);
  return records;
}

TlsDissection dissect_tls_record(std::string_view record) {
  TlsDissection out;
  if (!record.empty() && !is_content_type(record[0])) {
    // Plaintext where TLS should have begun: a login may stand in it.
    out.name = "unknown";
    out.problem = Error{Fault::syntax, 0, "ContentType"};
    out.tokens.mark(record, 0, record.size(), Role::secret);
    return out;
  }
  TlsWalker w(record, out);
  w.source("RFC 8446 §5.1");
  const std::uint32_t type = w.named("type", 1, Role::tls_content_type, content_type_name);
  out.name = content_type_name(std::uint8_t(type));
  w.named("legacy_record_version", 2, Role::tls_version, tls_version_name);
  const std::uint32_t size = w.length(2);
  if (w.ok()) w.group("fragment", size, [&] { walk_fragment(w, type); });
  w.finish();
  return out;
}

}  // namespace glasspost

// Extensions: RFC 8446 section 4.2, RFC 6066, RFC 7301, RFC 5746.
#include "protocol/tls/names.h"
#include "protocol/tls/walker.h"

namespace glasspost {

namespace {

constexpr std::uint8_t client_hello = 1, server_hello = 2, hello_retry_request = 6;
constexpr Role data = Role::tls_extension_data;

// RFC 6066 section 3; the server's answer is empty.
void walk_server_name(TlsWalker& w) {
  if (!w.more()) return;
  w.source("RFC 6066 §3");
  w.vector("server_name_list", 2, [&] {
    while (w.more()) {
      w.named("name_type", 1, data, [](std::uint32_t type) { return type == 0 ? "host_name" : "unknown"; });
      const std::uint32_t size = w.length(2);
      w.words("HostName", size, Role::tls_server_name);
    }
  });
}

// RFC 8446 section 4.2.1
void walk_supported_versions(TlsWalker& w, bool is_list) {
  w.source("RFC 8446 §4.2.1");
  if (!is_list) {
    w.named("selected_version", 2, Role::tls_version, tls_version_name);
    return;
  }
  w.vector("versions", 1, [&] {
    while (w.more()) w.named("ProtocolVersion", 2, Role::tls_version, tls_version_name);
  });
}

// RFC 8446 section 4.2.7
void walk_supported_groups(TlsWalker& w) {
  w.source("RFC 8446 §4.2.7");
  w.vector("named_group_list", 2, [&] {
    while (w.more()) w.named("NamedGroup", 2, data, group_name);
  });
}

// RFC 8446 section 4.2.3
void walk_signature_schemes(TlsWalker& w) {
  w.source("RFC 8446 §4.2.3");
  w.vector("supported_signature_algorithms", 2, [&] {
    while (w.more()) w.named("SignatureScheme", 2, data, signature_scheme_name);
  });
}

// RFC 8446 section 4.2.8
void walk_key_share_entry(TlsWalker& w) {
  w.named("group", 2, data, group_name);
  w.opaque_vector("key_exchange", 2, data);
}
void walk_key_share(TlsWalker& w, std::uint8_t inside) {
  w.source("RFC 8446 §4.2.8");
  if (inside == hello_retry_request) {
    w.named("selected_group", 2, data, group_name);
  } else if (inside == server_hello) {
    w.group("server_share", w.left(), [&] { walk_key_share_entry(w); });
  } else {
    w.vector("client_shares", 2, [&] {
      while (w.more()) walk_key_share_entry(w);
    });
  }
}

// RFC 7301 section 3.1
void walk_alpn(TlsWalker& w) {
  w.source("RFC 7301 §3.1");
  w.vector("protocol_name_list", 2, [&] {
    while (w.more()) {
      const std::uint32_t size = w.length(1);
      w.words("ProtocolName", size, data);
    }
  });
}

// RFC 8446 section 4.2.9
void walk_psk_modes(TlsWalker& w) {
  w.source("RFC 8446 §4.2.9");
  w.vector("ke_modes", 1, [&] {
    while (w.more())
      w.named("PskKeyExchangeMode", 1, data, [](std::uint32_t mode) {
        return mode == 0 ? "psk_ke" : mode == 1 ? "psk_dhe_ke" : "unknown";
      });
  });
}

// RFC 8422 section 5.1.2
void walk_point_formats(TlsWalker& w) {
  w.source("RFC 8422 §5.1.2");
  w.vector("ec_point_format_list", 1, [&] {
    while (w.more())
      w.named("ECPointFormat", 1, data,
              [](std::uint32_t format) { return format == 0 ? "uncompressed" : "deprecated"; });
  });
}

// RFC 8446 section 4.2.11
void walk_pre_shared_key(TlsWalker& w, std::uint8_t inside) {
  w.source("RFC 8446 §4.2.11");
  if (inside != client_hello) {
    w.length(2, "selected_identity");
    return;
  }
  w.vector("identities", 2, [&] {
    while (w.more()) {
      w.opaque_vector("identity", 2, data);
      w.number("obfuscated_ticket_age", 4, data, [](std::uint32_t age) { return std::to_string(age); });
    }
  });
  w.vector("binders", 2, [&] {
    while (w.more()) w.opaque_vector("PskBinderEntry", 1, data);
  });
}

void walk_extension_data(TlsWalker& w, std::uint32_t type, std::uint8_t inside) {
  switch (type) {
    case 0: return walk_server_name(w);
    case 10: return walk_supported_groups(w);
    case 11: return walk_point_formats(w);
    case 13:
    case 50: return walk_signature_schemes(w);
    case 16: return walk_alpn(w);
    case 41: return walk_pre_shared_key(w, inside);
    case 43: return walk_supported_versions(w, inside == client_hello);
    case 45: return walk_psk_modes(w);
    case 51: return walk_key_share(w, inside);
    case 65281:
      w.source("RFC 5746 §3.2");
      w.opaque_vector("renegotiated_connection", 1, data);
      return;
    default:
      if (w.more()) w.opaque("opaque", w.left(), data);
  }
}

}  // namespace

void walk_extensions(TlsWalker& w, std::uint8_t inside) {
  const std::string_view outer = w.source();
  w.source("RFC 8446 §4.2");
  w.vector("extensions", 2, [&] {
    while (w.more()) {
      const std::size_t at = w.fields();
      const std::string_view head = w.rest();
      const std::size_t size = head.size() < 4 ? head.size()
                                               : std::size_t{4} + static_cast<std::uint8_t>(head[2]) * 256u +
                                                     static_cast<std::uint8_t>(head[3]);
      w.group("Extension", size, [&] {
        const std::uint32_t type = w.named("extension_type", 2, Role::tls_extension_type, extension_name);
        w.value(at, std::string(extension_name(type)));
        w.vector("extension_data", 2, [&] { walk_extension_data(w, type, inside); });
        w.source("RFC 8446 §4.2");
      });
    }
  });
  w.source(outer);
}

}  // namespace glasspost

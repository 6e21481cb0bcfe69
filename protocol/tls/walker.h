// Walks a TLS message field by field for the dissections of this folder. Private to it.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "protocol/base/text.h"
#include "protocol/tls/handshake.h"

namespace glasspost {

class TlsWalker {
 public:
  TlsWalker(std::string_view text, TlsDissection& into) : text_(text), out_(into), end_(text.size()) {}

  bool ok() const { return !out_.problem; }
  bool more() const { return ok() && at_ < end_; }
  std::size_t left() const { return end_ - at_; }
  std::size_t position() const { return at_; }
  std::string_view rest() const { return text_.substr(at_, left()); }
  void source(std::string_view source) { source_ = source; }
  std::string_view source() const { return source_; }

  // An unsigned number of `octets` octets; `value` says how it reads.
  template <class Reads>
  std::uint32_t number(std::string_view name, std::size_t octets, Role role, Reads reads) {
    if (!need(octets, name)) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < octets; ++i) value = value << 8 | static_cast<std::uint8_t>(text_[at_ + i]);
    take(name, octets, role, reads(value));
    return value;
  }
  std::uint32_t length(std::size_t octets, std::string_view name = "length") {
    return number(name, octets, Role::tls_length, [](std::uint32_t n) { return std::to_string(n); });
  }
  // A number with a name: "0x001d (x25519)".
  template <class Names>
  std::uint32_t named(std::string_view name, std::size_t octets, Role role, Names names) {
    return number(name, octets, role,
                  [&](std::uint32_t n) { return fmt::format("0x{:0{}x} ({})", n, octets * 2, names(n)); });
  }
  std::string_view opaque(std::string_view name, std::size_t octets, Role role) {
    return words(name, octets, role, [](std::string_view value) {
      return value.size() <= 48 ? hex(value)
                                : hex(value.substr(0, 48)) + fmt::format("… ({} octets)", value.size());
    });
  }
  std::string_view words(std::string_view name, std::size_t octets, Role role) {
    return words(name, octets, role, [](std::string_view value) { return visible(value.substr(0, 256)); });
  }

  // A field that holds what `inside` walks. Its length is `octets`, all of which `inside` must use.
  template <class Inside>
  void group(std::string_view name, std::size_t octets, Inside inside) {
    if (!need(octets, name)) return;
    const std::size_t end = at_ + octets, outer = end_;
    out_.fields.push_back({{std::uint32_t(at_), std::uint32_t(end)}, depth_, name, {}, source_});
    end_ = end;
    ++depth_;
    inside();
    --depth_;
    if (ok() && at_ != end) fail(Fault::mismatch, name);
    end_ = outer;
  }
  // The same behind a length of `octets` octets.
  template <class Inside>
  void vector(std::string_view name, std::size_t octets, Inside inside) {
    const std::uint32_t size = length(octets);
    if (ok()) group(name, size, inside);
  }
  std::string_view opaque_vector(std::string_view name, std::size_t octets, Role role) {
    const std::uint32_t size = length(octets);
    return ok() ? opaque(name, size, role) : std::string_view();
  }
  void value(std::size_t field, std::string text) { out_.fields[field].value = std::move(text); }
  std::size_t fields() const { return out_.fields.size(); }

  void fail(Fault fault, std::string_view expected) {
    if (ok()) out_.problem = Error{fault, std::uint32_t(at_), std::string(expected)};
  }
  void finish() {
    if (ok() && at_ != text_.size()) fail(Fault::mismatch, "end of the message");
    out_.tokens.mark(text_, at_, text_.size(), Role::tls_data);
  }

 private:
  template <class Reads>
  std::string_view words(std::string_view name, std::size_t octets, Role role, Reads reads) {
    if (!need(octets, name)) return {};
    const std::string_view value = text_.substr(at_, octets);
    take(name, octets, role, reads(value));
    return value;
  }
  bool need(std::size_t octets, std::string_view name) {
    if (ok() && octets > left()) fail(Fault::incomplete, name);
    return ok();
  }
  void take(std::string_view name, std::size_t octets, Role role, std::string value) {
    out_.fields.push_back(
        {{std::uint32_t(at_), std::uint32_t(at_ + octets)}, depth_, name, std::move(value), source_});
    out_.tokens.mark(text_, at_, at_ + octets, role);
    at_ += octets;
  }

  std::string_view text_;
  TlsDissection& out_;
  std::string_view source_;
  std::size_t at_ = 0;
  std::size_t end_;
  std::uint8_t depth_ = 0;
};

// struct { Extension extensions<0..2^16-1>; } as it stands in the handshake message of type `inside`
// (extensions.cpp).
void walk_extensions(TlsWalker&, std::uint8_t inside);

}  // namespace glasspost

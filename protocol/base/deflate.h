// DEFLATE (RFC 1951) of a dialogue: a stream without a header, whose every part can be read as soon as it has come.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct z_stream_s;

namespace glasspost {

class Deflater {
 public:
  Deflater();
  ~Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  // Compressed, up to the last octet.
  std::string put(std::string_view octets);

 private:
  std::unique_ptr<z_stream_s> stream_;
};

class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  void put(std::string_view compressed) { waiting_ += compressed; }
  // The next octets, `most` at most: a few compressed ones may stand for very many. Empty: no more for now. Nothing: what came is
  // not DEFLATE, and no more will be read.
  std::optional<std::string> take(std::size_t most);
  bool has_more() const { return more_; }  // the last take() left something behind

 private:
  std::unique_ptr<z_stream_s> stream_;
  std::string waiting_;  // compressed, and not yet read
  bool more_ = false, ended_ = false, broken_ = false;
};

}  // namespace glasspost

#include "protocol/base/deflate.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace glasspost {
namespace {

constexpr int no_header = -15;  // windowBits: RFC 4978 section 4
constexpr int usual_memory = 8;
constexpr std::size_t piece = 16 * 1024;

void feed(z_stream_s& stream, std::string_view octets) {
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(octets.data()));
  stream.avail_in = uInt(std::min<std::size_t>(octets.size(), std::numeric_limits<uInt>::max()));
}

}  // namespace

// The only reason why zlib can refuse is want of memory.
Deflater::Deflater() : stream_(std::make_unique<z_stream_s>()) {
  if (deflateInit2(stream_.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, no_header, usual_memory, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
}
Deflater::~Deflater() { deflateEnd(stream_.get()); }

std::string Deflater::put(std::string_view octets) {
  std::string out;
  while (!octets.empty()) {
    feed(*stream_, octets);
    const std::size_t fed = stream_->avail_in;
    do {
      const std::size_t size = out.size();
      out.resize(size + piece);
      stream_->next_out = reinterpret_cast<Bytef*>(out.data() + size);
      stream_->avail_out = uInt(piece);
      deflate(stream_.get(), Z_SYNC_FLUSH);
      out.resize(size + piece - stream_->avail_out);
    } while (stream_->avail_out == 0);
    octets.remove_prefix(fed);
  }
  return out;
}

Inflater::Inflater() : stream_(std::make_unique<z_stream_s>()) {
  if (inflateInit2(stream_.get(), no_header) != Z_OK) throw std::bad_alloc();
}
Inflater::~Inflater() { inflateEnd(stream_.get()); }

std::optional<std::string> Inflater::take(std::size_t most) {
  if (broken_) return std::nullopt;
  std::string out;
  if (ended_ || most == 0) return out;
  feed(*stream_, waiting_);
  const std::size_t fed = stream_->avail_in;
  do {
    const std::size_t size = out.size(), room = std::min(piece, most - size);
    out.resize(size + room);
    stream_->next_out = reinterpret_cast<Bytef*>(out.data() + size);
    stream_->avail_out = uInt(room);
    const int result = inflate(stream_.get(), Z_SYNC_FLUSH);
    out.resize(size + room - stream_->avail_out);
    ended_ = result == Z_STREAM_END;
    broken_ = !ended_ && result != Z_OK && result != Z_BUF_ERROR;
  } while (!ended_ && !broken_ && stream_->avail_out == 0 && out.size() < most);
  more_ = !ended_ && !broken_ && stream_->avail_out == 0;
  waiting_.erase(0, fed - stream_->avail_in);
  if (broken_ && out.empty()) return std::nullopt;
  return out;
}

}  // namespace glasspost

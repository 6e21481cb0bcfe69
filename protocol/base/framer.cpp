#include "protocol/base/framer.h"

#include <algorithm>

namespace glasspost {

void LineFramer::compact() {
  if (begin_ == 0) return;
  if (begin_ == buffer_.size()) {
    buffer_.clear();
    scanned_ = begin_ = 0;
  } else if (begin_ >= 4096 && begin_ * 2 >= buffer_.size()) {
    buffer_.erase(0, begin_);
    scanned_ -= begin_;
    begin_ = 0;
  }
}

void LineFramer::put(std::string_view octets) {
  compact();
  buffer_ += octets;
}

std::optional<Line> LineFramer::next() {
  for (;;) {
    const std::size_t end = buffer_.find("\r\n", scanned_);
    if (skipping_) {
      if (end == std::string::npos) {
        // Keep a trailing CR: its LF may still come.
        begin_ = buffer_.ends_with('\r') && buffer_.size() > begin_ ? buffer_.size() - 1 : buffer_.size();
        scanned_ = begin_;
        compact();
        return std::nullopt;
      }
      begin_ = scanned_ = end + 2;
      skipping_ = false;
      continue;
    }
    const std::size_t size = (end == std::string::npos ? buffer_.size() : end + 2) - begin_;
    if (size > limit_) {
      Line line{std::string_view(buffer_).substr(begin_, limit_), true, false, false};
      if (end == std::string::npos) {
        skipping_ = true;
        const bool cr = buffer_.ends_with('\r');
        begin_ = scanned_ = buffer_.size() - (cr ? 1 : 0);
      } else {
        begin_ = scanned_ = end + 2;
      }
      return line;
    }
    if (end == std::string::npos) {
      scanned_ = std::max(begin_, buffer_.size() - (buffer_.ends_with('\r') ? 1 : 0));
      return std::nullopt;
    }
    const std::string_view text = std::string_view(buffer_).substr(begin_, end - begin_);
    begin_ = scanned_ = end + 2;
    return Line{text, false, text.find('\r') != text.npos, text.find('\n') != text.npos};
  }
}

std::string LineFramer::take(std::size_t count) {
  std::string out(pending().substr(0, count));
  drop(out.size());
  return out;
}

void LineFramer::drop(std::size_t count) {
  begin_ += std::min(count, buffer_.size() - begin_);
  scanned_ = begin_;
  compact();
}

}  // namespace glasspost

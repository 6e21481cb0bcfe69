#include "sim/store/content.h"

#include "protocol/base/text.h"
#include "protocol/mime/encoding.h"
#include "protocol/mime/header.h"
#include "protocol/sasl/scram.h"

namespace glasspost::sim {

Content::Content(std::string text) : text_(std::move(text)) {}
Content::~Content() = default;

std::string Content::header(std::string_view name) const { return mime::field(text_, name).value_or(""); }

std::string Content::subject() const { return mime::decode_words(header("Subject")); }

mime::Part Content::outline() const {
  if (!header_end_) header_end_ = std::uint32_t(mime::header_end(text_));
  mime::Part part;
  part.headers = {0, *header_end_};
  part.body = {part.headers.end, std::uint32_t(text_.size())};
  return part;
}

const mime::Part& Content::structure() const {
  prepare_structure(text_.size());
  return *structure_;
}

bool Content::prepare_structure(std::size_t octets) const {
  if (structure_) return true;
  if (!reader_) reader_ = std::make_unique<mime::MessageReader>();
  if (!reader_->go_on(text_, octets)) return false;
  structure_ = std::make_unique<mime::Part>(reader_->take());
  reader_.reset();
  return true;
}

const mime::Envelope& Content::envelope() const {
  if (!envelope_) envelope_ = std::make_unique<mime::Envelope>(mime::envelope_of(text_));
  return *envelope_;
}

const std::string& Content::fingerprint() const {
  if (!fingerprint_) fingerprint_ = std::make_unique<std::string>(fingerprint_of(text_));
  return *fingerprint_;
}

std::string fingerprint_of(std::string_view octets) {
  constexpr std::size_t half = 16;
  return hex(sasl::scram::digest(sasl::scram::Hash::sha256, octets).substr(0, half));
}

}  // namespace glasspost::sim

#include "sim/store/content.h"

#include "protocol/mime/encoding.h"
#include "protocol/mime/header.h"
#include "protocol/mime/message.h"

namespace glasspost::sim {

Content::Content(std::string text) : text_(std::move(text)) {}
Content::~Content() = default;

std::string Content::header(std::string_view name) const { return mime::field(text_, name).value_or(""); }

std::string Content::subject() const { return mime::decode_words(header("Subject")); }

mime::Part Content::outline() const {
  mime::HeaderReader reader(text_);
  while (reader.next()) {}
  mime::Part part;
  part.headers = {0, std::uint32_t(reader.end())};
  part.body = {part.headers.end, std::uint32_t(text_.size())};
  return part;
}

const mime::Part& Content::structure() const {
  if (!structure_) structure_ = std::make_unique<mime::Part>(mime::read_message(text_));
  return *structure_;
}

const mime::Envelope& Content::envelope() const {
  if (!envelope_) envelope_ = std::make_unique<mime::Envelope>(mime::envelope_of(text_));
  return *envelope_;
}

}  // namespace glasspost::sim

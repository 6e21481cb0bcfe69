// The text of one message. It never changes, so mailboxes, copies, sessions and devices share it; and what can be read
// out of it is read once, when somebody asks. Not for several threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/mime/message.h"
#include "protocol/mime/structure.h"

namespace glasspost::sim {

class Content {
 public:
  // `text`: RFC 5322 with CRLF line ends, as SMTP, LMTP or APPEND brought it.
  explicit Content(std::string text);
  ~Content();
  Content(const Content&) = delete;
  Content& operator=(const Content&) = delete;

  std::string_view text() const { return text_; }
  std::size_t size() const { return text_.size(); }
  // The first field of that name, unfolded and trimmed; empty if there is none.
  std::string header(std::string_view name) const;
  std::string subject() const;  // for people: UTF-8, without encoded words
  std::string message_id() const { return header("Message-ID"); }

  // The message as one part: where its header ends and its body begins. Cheap.
  mime::Part outline() const;
  const mime::Part& structure() const;
  // structure() takes time in proportion to size() when it is asked for first. This reads about so many octets more of what it
  // needs; true: it is ready. Whoever shares the content shares what is read.
  bool prepare_structure(std::size_t octets) const;
  bool structure_is_known() const { return structure_ != nullptr; }
  const mime::Envelope& envelope() const;
  // A hash of the text: two contents with the same one have the same text.
  const std::string& fingerprint() const;

 private:
  std::string text_;
  mutable std::unique_ptr<mime::MessageReader> reader_;  // while the structure is being read
  mutable std::unique_ptr<mime::Part> structure_;
  mutable std::optional<std::uint32_t> header_end_;
  mutable std::unique_ptr<mime::Envelope> envelope_;
  mutable std::unique_ptr<std::string> fingerprint_;
};

// SHA-256, half of it, in hexadecimal: 32 digits.
std::string fingerprint_of(std::string_view octets);

using ContentPtr = std::shared_ptr<const Content>;
inline ContentPtr make_content(std::string text) { return std::make_shared<const Content>(std::move(text)); }

}  // namespace glasspost::sim

// The text of one message. It never changes, so mailboxes, copies, sessions and devices share it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

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
  // A header field's value, unfolded and trimmed; empty if there is none. For what people see, see subject().
  std::string header(std::string_view name) const;
  std::string message_id() const { return header("Message-ID"); }

 private:
  std::string text_;
};

using ContentPtr = std::shared_ptr<const Content>;
inline ContentPtr make_content(std::string text) { return std::make_shared<const Content>(std::move(text)); }

}  // namespace glasspost::sim

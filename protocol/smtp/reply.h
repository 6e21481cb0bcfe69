// Replies of SMTP and LMTP, RFC 5321 section 4.2, with the enhanced codes of RFC 2034 and RFC 3463, and what EHLO
// brings back (section 4.1.1.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/framer.h"
#include "protocol/base/result.h"
#include "protocol/token.h"

namespace glasspost::smtp {

// "5.1.1": class, subject, detail.
struct EnhancedCode {
  std::uint8_t kind = 2;  // 2, 4 or 5
  std::uint16_t subject = 0, detail = 0;

  friend bool operator==(EnhancedCode, EnhancedCode) = default;
};
std::string text_of(EnhancedCode);
// The whole of `text` must be one.
std::optional<EnhancedCode> parse_enhanced_code(std::string_view text);

struct Reply {
  std::uint16_t code = 250;
  std::optional<EnhancedCode> enhanced;
  std::vector<std::string> lines;  // without codes; never empty once parsed

  Reply() = default;
  Reply(int code_, std::string text) : code(static_cast<std::uint16_t>(code_)), lines{std::move(text)} {}
  Reply(int code_, EnhancedCode enhanced_, std::string text)
      : code(static_cast<std::uint16_t>(code_)), enhanced(enhanced_), lines{std::move(text)} {}

  bool is_positive() const { return code >= 200 && code < 400; }
  bool is_temporary_failure() const { return code >= 400 && code < 500; }
  bool is_permanent_failure() const { return code >= 500; }
  std::string text() const;  // "550 5.1.1 No such user": one line, for people and logs
  friend bool operator==(const Reply&, const Reply&) = default;
};

// Ready for the wire, CRLFs included. Any CR, LF or NUL in its text becomes a space.
std::string encode(const Reply&);
void append(std::string& out, const Reply&);

// One line of a reply, without its CRLF.
struct ReplyLine {
  std::uint16_t code = 0;
  bool last = false;
  std::optional<EnhancedCode> enhanced;
  Span text;  // what follows the codes
};
// What the text after the codes is, which the line itself does not say.
enum class ReplyShape : std::uint8_t {
  words,
  greeting,         // begins with the server's name
  ehlo_first,       // the same, of EHLO's reply
  ehlo_capability,
  challenge,        // base64 behind a 334
};
Result<ReplyLine> parse_reply_line(std::string_view line, ReplyShape, Tokens* tokens = nullptr);

// Puts a stream of octets together into replies, with bounded memory. A mistake is final.
class ReplyReader {
 public:
  ReplyReader();
  void put(std::string_view octets) { lines_.put(octets); }
  // Nothing: more must arrive.
  std::optional<Result<Reply>> next();
  bool pending() const { return !lines_.pending().empty() || begun_; }
  void discard();

  static constexpr std::size_t longest_line = 12288;  // RFC 4954 section 4: a challenge
  static constexpr std::size_t most_lines = 1000;

 private:
  LineFramer lines_;
  Reply reply_;
  std::size_t octets_ = 0;
  bool begun_ = false;
  bool broken_ = false;
};

// What a server offers.
struct Capability {
  std::string keyword;  // in capitals
  std::string value;    // "35882577", "PLAIN LOGIN"; empty if it has none
  friend bool operator==(const Capability&, const Capability&) = default;
};
struct Capabilities {
  std::string server_name;
  std::vector<Capability> all;

  const Capability* find(std::string_view keyword) const;
  bool has(std::string_view keyword) const { return find(keyword) != nullptr; }
  std::optional<std::uint64_t> size() const;      // nothing: not offered, or no fixed limit
  std::optional<std::uint32_t> limit(std::string_view name) const;  // of LIMITS (RFC 9422): "RCPTMAX"
  std::vector<std::string> mechanisms() const;    // of AUTH, in capitals, in the server's order
};
Capabilities parse_capabilities(const Reply& ehlo);

}  // namespace glasspost::smtp

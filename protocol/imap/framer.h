// Cuts a stream of IMAP into messages: lines that end in CRLF, joined to the literals that they announce ("{n}", and
// from clients "{n+}", RFC 7888). The same framing serves the server, the client and the dissector, so that they can
// never disagree about where a command ends. Memory is bounded: beyond `kept` octets a message is counted, not kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace glasspost::imap {

struct LiteralSize {
  std::uint64_t octets = 0;
  bool plus = false;          // "{n+}": the octets follow at once
  bool huge = false;          // more digits than 64 bits hold: it can be neither kept nor skipped
};

class Framer {
 public:
  enum class Said : std::uint8_t { commands, responses };  // only responses have words behind which "{3}" means nothing

  explicit Framer(Said said, std::uint64_t kept) : said_(said), kept_(kept) {}

  enum class Step : std::uint8_t {
    more,     // all input is taken, and no message is complete
    literal,  // a line ended that announces literal(): call keep(), skip() or drop() before the next step
    message,  // text() is a whole message
  };
  // Takes from the front of `input` what it can, and tells what came of it.
  Step next(std::string_view& input);

  LiteralSize literal() const { return literal_; }
  void keep();
  // The literal and the rest of the message are counted, but no longer kept.
  void skip();
  // The message ends with the line that announced the literal: what follows is the next message.
  void drop();
  // The literal that was to be kept will never come: the message ends with the line that announced it.
  void give_up();
  // "{n}" was announced, and not one octet of it (or of what follows it) has come: the server's "+" or its no is due.
  bool literal_is_awaited() const {
    return announced_at_ != 0 && announced_at_ == octets_ && !finished_ && !literal_.plus;
  }
  // Forgets the message under way: TLS came up.
  void reset();
  // Whether "{n+}" announces a literal: RFC 7888.
  void set_plus(bool plus) { plus_ = plus; }
  // From now on keeps up to `kept` octets of each message.
  void set_limit(std::uint64_t kept) { kept_ = kept; }

  // What was kept of the message: all of it, unless cut(). Valid until the next step.
  std::string_view text() const { return in_place_.data() ? in_place_ : std::string_view(text_); }
  std::uint64_t octets() const { return octets_; }  // of the message so far
  bool cut() const { return octets_ > text().size(); }
  std::uint64_t line_octets() const { return line_octets_; }  // of its last line so far
  bool pending() const { return octets_ != 0 && !finished_; }

 private:
  void begin_message();
  void take(std::string_view octets);
  void take_line(std::string_view octets);
  bool announces_literal(std::string_view line);

  Said said_;
  std::uint64_t kept_;
  std::string text_;
  std::string_view in_place_;      // a whole message that lies in the caller's input, so that it need not be copied
  std::string tail_;               // the end of the line so far: as much as a literal's announcement needs
  std::uint64_t octets_ = 0, line_octets_ = 0, in_literal_ = 0, announced_at_ = 0;
  LiteralSize literal_;
  bool finished_ = false, skipping_ = false, plus_ = true;
};

}  // namespace glasspost::imap

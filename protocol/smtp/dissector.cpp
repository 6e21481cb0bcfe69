// Watches an SMTP or LMTP connection from outside, in plaintext. What a client's octets are depends on what the server
// answered before: behind DATA, AUTH and STARTTLS they are held back until that reply has been seen.
#include "protocol/dissector.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "protocol/base/text.h"
#include "protocol/smtp/command.h"
#include "protocol/smtp/content.h"
#include "protocol/smtp/headlines.h"
#include "protocol/smtp/reply.h"
#include "protocol/smtp/states.h"

namespace glasspost {
namespace {

using smtp::Asked;
using smtp::ReplyShape;
using smtp::Verb;
using smtp::command_keys;
using smtp::key_of_code;
using smtp::yes_keys;
namespace state = smtp::state;

// Held back, waiting for a reply: more than this and no reply is coming.
constexpr std::size_t most_held = 1024 * 1024;

class SmtpDissector final : public Dissector {
 public:
  explicit SmtpDissector(Protocol protocol) : protocol_(protocol) {}

  void put(Side from, std::string_view octets, MessageSink& sink) override {
    if (octets.empty()) return;
    if (state_ == state::tls) return injected(from, octets, sink);
    if (from == Side::client) put_client(octets, sink);
    else put_server(octets, sink);
  }

  void end(Side from, MessageSink& sink) override {
    if (from == Side::client) {
      while (hold_ && !client_.empty() && state_ != state::tls) {
        hold_ = false;
        put_client({}, sink);
      }
      if (chunk_left_ > 0) say_chunk(sink, Error{Fault::incomplete, shown(letter_octets_), "the rest of the chunk"});
      else if (letter_octets_ > 0) say_content(sink, Error{Fault::incomplete, shown(letter_octets_), "CRLF \".\" CRLF"});
      say_rest(Side::client, client_, sink);
    } else {
      if (reply_octets_ > 0) say_reply(sink, Error{Fault::incomplete, shown(reply_octets_), "Reply-line"});
      say_rest(Side::server, server_, sink);
    }
  }

  void tls_established() override {
    client_.clear(), server_.clear(), reply_.clear();
    client_overlong_ = server_overlong_ = reply_octets_ = letter_octets_ = 0;
    letter_.clear();
    chunk_left_ = 0;
    in_headers_ = true;
    chunking_ = Offered::unknown;
    expected_.clear();
    hold_ = hello_said_ = logged_in_ = login_refused_ = false;
    accepted_ = 0;
    greeted_ = true;  // no second greeting after STARTTLS
    if (state_ == state::tls) state_ = state::connected;
    else greeted_ = false;  // TLS from the first octet: the greeting is still to come
  }

  StateId state() const override { return state_; }

 private:
  struct Expected {
    Asked what;
    MessageId id;
    bool last_chunk = false;
  };
  enum class Offered : std::uint8_t { unknown, no, yes };  // by EHLO

  static std::uint32_t shown(std::uint64_t octets) { return std::uint32_t(std::min<std::uint64_t>(octets, shown_content_limit)); }
  StateId rest() const { return logged_in_ ? state::authenticated : hello_said_ ? state::greeted : state::connected; }

  MessageId say(MessageSink& sink, Side from, MessageKind kind, std::string_view text, std::uint64_t octets,
                std::string_view headline, std::optional<Error> problem = std::nullopt,
                std::optional<MessageId> answers = std::nullopt, bool completes = false) {
    tokens_.finish(text);
    Said said;
    said.from = from;
    said.protocol = protocol_;
    said.kind = kind;
    said.text = text;
    said.octets = octets;
    said.tokens = tokens_.all();
    said.problem = std::move(problem);
    said.answers = answers;
    said.completes = completes;
    said.state_after = state_;
    said.headline = headline;
    const MessageId id = sink.said(said);
    tokens_.clear();
    return id;
  }

  void injected(Side from, std::string_view octets, MessageSink& sink) {
    const std::string_view text = octets.substr(0, shown_content_limit);
    say(sink, from, MessageKind::stray, text, octets.size(), "say/smtp/injected", Error{Fault::injected, 0, "TLS handshake"});
  }

  void say_rest(Side from, std::string& buffer, MessageSink& sink) {
    std::uint64_t& overlong = from == Side::client ? client_overlong_ : server_overlong_;
    const std::uint64_t octets = overlong > 0 ? overlong + buffer.size() : buffer.size();
    if (octets == 0) return;
    const std::string_view text =
        (overlong > 0 ? std::string_view(overlong_text(from)) : std::string_view(buffer)).substr(0, shown_content_limit);
    const auto problem = Error{overlong > 0 ? Fault::too_long : Fault::incomplete, shown(text.size()), "CRLF"};
    // What was cut off may be a password's beginning.
    if (from == Side::client && state_ == state::authenticating) tokens_.mark(text, 0, text.size(), Role::smtp_auth_response);
    else if (from == Side::client && overlong == 0) mark_cut_command(text);
    say(sink, from, MessageKind::stray, text, octets, "say/smtp/stray", problem);
    buffer.clear();
    overlong = 0;
  }
  void mark_cut_command(std::string_view text) {
    const auto ignored = smtp::parse_command(text.substr(0, std::min(text.find('\r'), text.size())), &tokens_);
    if (!ignored && login_refused_ && ignored.error().fault == Fault::unknown_command)
      tokens_.mark(text, 0, text.size(), Role::secret);
  }
  std::string& overlong_text(Side from) { return from == Side::client ? client_head_ : server_head_; }

  // Hands out each whole line of `buffer` + `octets` (with its CRLF) as long as `take` returns true; keeps the rest.
  template <class Take>
  void lines(Side from, std::string& buffer, std::string_view octets, MessageSink& sink, Take take) {
    if (!buffer.empty()) {
      buffer += octets;
      octets = {};
    }
    std::string owned = std::exchange(buffer, {});
    std::string_view rest = owned.empty() ? octets : std::string_view(owned);
    std::uint64_t& overlong = from == Side::client ? client_overlong_ : server_overlong_;
    while (!rest.empty()) {
      if (from == Side::client && hold_) break;
      if (from == Side::client && chunk_left_ > 0) {
        rest.remove_prefix(take_chunk(rest, sink));
        continue;
      }
      if (from == Side::client && state_ == state::letter) {
        rest.remove_prefix(take_content(rest, sink));
        continue;
      }
      if (state_ == state::tls) {
        injected(from, rest, sink);
        return;
      }
      const std::size_t lf = rest.find("\r\n");
      if (lf == rest.npos) {
        if (overlong > 0 || rest.size() > shown_content_limit) rest.remove_prefix(skip_overlong(from, rest));
        break;
      }
      const std::string_view line = rest.substr(0, lf + 2);
      rest.remove_prefix(lf + 2);
      if (overlong > 0 || line.size() > shown_content_limit) say_overlong(from, line, sink);
      else take(line);
    }
    if (!rest.empty() && rest.size() == owned.size()) buffer = std::move(owned);
    else buffer.assign(rest);
  }

  // The beginning of a line without end is kept, the rest counted. A trailing CR stays: its LF may still come.
  std::size_t skip_overlong(Side from, std::string_view rest) {
    std::uint64_t& overlong = from == Side::client ? client_overlong_ : server_overlong_;
    const std::size_t taken = rest.size() - (rest.ends_with('\r') ? 1 : 0);
    if (overlong == 0) overlong_text(from) = rest.substr(0, shown_content_limit);
    overlong += taken;
    return taken;
  }
  void say_overlong(Side from, std::string_view line, MessageSink& sink) {
    std::uint64_t& overlong = from == Side::client ? client_overlong_ : server_overlong_;
    const std::uint64_t octets = overlong + line.size();
    if (overlong == 0) overlong_text(from) = line.substr(0, shown_content_limit);
    overlong = 0;
    if (from == Side::server && reply_octets_ > 0) say_reply(sink, Error{Fault::too_long, shown(reply_octets_), "Reply-line"});
    const std::string text = std::exchange(overlong_text(from), {});
    if (from == Side::client && state_ == state::authenticating) tokens_.mark(text, 0, text.size(), Role::smtp_auth_response);
    const MessageId id = say(sink, from, MessageKind::stray, text, octets, "say/smtp/stray", Error{Fault::too_long, shown(octets), "CRLF"});
    if (from == Side::client) expected_.push_back({Asked::unknown, id});  // it earns a 500
  }

  // --- the client ---------------------------------------------------------------------------------------------------

  void put_client(std::string_view octets, MessageSink& sink) {
    if (hold_ && client_.size() + octets.size() <= most_held) {
      client_ += octets;
      return;
    }
    hold_ = false;
    lines(Side::client, client_, octets, sink, [&](std::string_view line) { take_client_line(line, sink); });
  }

  void take_client_line(std::string_view line, MessageSink& sink) {
    const std::string_view words = line.substr(0, line.size() - 2);
    if (state_ == state::authenticating) return take_answer(line, words, sink);
    const auto verb = smtp::verb_of(words);
    auto command = smtp::parse_command(words, &tokens_, utf8_ ? smtp::Alphabet::utf8 : smtp::Alphabet::ascii);
    std::optional<Error> problem;
    if (!command) problem = std::move(command.error());
    else if (!smtp::has_verb(protocol_, *verb)) problem = Error{Fault::unknown_command, 0, "command"};
    else if (expected_.empty() && !smtp::is_legal(protocol_, *verb, state_)) problem = Error{Fault::out_of_order, 0, "another command"};
    if (const auto bare = words.find_first_of("\r\n"); bare != words.npos)
      problem = Error{Fault::bad_line_end, static_cast<std::uint32_t>(bare), "CRLF"};
    // After a login that was refused at once, a client that does not listen goes on with its answers.
    if (!verb && login_refused_) tokens_.mark(words, 0, words.size(), Role::secret);
    const Asked asked = verb ? static_cast<Asked>(*verb) : Asked::unknown;
    const MessageId id = say(sink, Side::client, MessageKind::command, line, line.size(),
                             verb ? command_keys[std::size_t(*verb)] : "say/smtp/unknown", std::move(problem));
    const auto* bdat = command ? std::get_if<smtp::Bdat>(&*command) : nullptr;
    if (command && std::holds_alternative<smtp::Mail>(*command)) in_headers_ = true;
    if (bdat && chunking_ != Offered::no) begin_chunk(*bdat, id);
    else expected_.push_back({asked, id});
    hold_ = waits(asked);
  }

  // So many octets follow at once. Where the server has not offered it, it takes them for commands, and so they are.
  void begin_chunk(const smtp::Bdat& bdat, MessageId id) {
    const std::size_t replies = bdat.last && protocol_ == Protocol::lmtp ? std::max<std::size_t>(accepted_, 1) : 1;
    expected_.insert(expected_.end(), replies, {Asked::bdat, id, bdat.last});
    chunk_left_ = bdat.size;
  }
  std::size_t take_chunk(std::string_view octets, MessageSink& sink) {
    const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, octets.size()));
    letter_ += octets.substr(0, std::min(taken, shown_content_limit - letter_.size()));
    letter_octets_ += taken;
    chunk_left_ -= taken;
    if (chunk_left_ == 0) say_chunk(sink, std::nullopt);
    return taken;
  }
  void say_chunk(MessageSink& sink, std::optional<Error> problem) {
    smtp::mark_chunk(letter_, tokens_, in_headers_);
    say(sink, Side::client, MessageKind::content, letter_, letter_octets_, "say/smtp/chunk", std::move(problem));
    letter_.clear();
    letter_octets_ = 0;
    chunk_left_ = 0;
  }
  static bool waits(Asked asked) {
    return asked == Asked::data || asked == Asked::auth || asked == Asked::starttls || asked == Asked::answer;
  }

  void take_answer(std::string_view line, std::string_view words, MessageSink& sink) {
    const bool cancel = words == "*";
    tokens_.mark(line, 0, words.size(), cancel ? Role::smtp_auth_cancel : Role::smtp_auth_response);
    const MessageId id = say(sink, Side::client, MessageKind::answer, line, line.size(), cancel ? "say/smtp/cancel" : "say/smtp/answer");
    expected_.push_back({Asked::answer, id});
    hold_ = true;
  }

  std::size_t take_content(std::string_view octets, MessageSink& sink) {
    const std::size_t taken = content_.put(octets);
    const std::size_t room = shown_content_limit - letter_.size();
    letter_ += octets.substr(0, std::min(taken, room));
    letter_octets_ += taken;
    if (!content_.done()) return taken;
    std::optional<Error> problem;
    if (content_.has_bare_cr() || content_.has_bare_lf())
      problem = Error{Fault::bad_line_end, static_cast<std::uint32_t>(bare_line_end(letter_)), "CRLF"};
    say_content(sink, std::move(problem));
    return taken;
  }

  static std::size_t bare_line_end(std::string_view text) {
    for (std::size_t i = text.find_first_of("\r\n"); i != text.npos; i = text.find_first_of("\r\n", i)) {
      if (text[i] != '\r' || i + 1 >= text.size() || text[i + 1] != '\n') return i;
      i += 2;
    }
    return text.size();
  }

  void say_content(MessageSink& sink, std::optional<Error> problem) {
    smtp::mark_content(letter_, tokens_);
    // The letter is out; what comes next from the client is a command, though the server has yet to answer.
    state_ = state::letter;
    const MessageId id = say(sink, Side::client, MessageKind::content, letter_, letter_octets_, "say/smtp/content", std::move(problem));
    state_ = rest();
    const std::size_t replies = protocol_ == Protocol::lmtp ? std::max<std::size_t>(accepted_, 1) : 1;
    expected_.insert(expected_.end(), replies, {Asked::content, id});
    letter_.clear();
    letter_octets_ = 0;
    accepted_ = 0;
    content_.restart();
  }

  // --- the server ---------------------------------------------------------------------------------------------------

  void put_server(std::string_view octets, MessageSink& sink) {
    lines(Side::server, server_, octets, sink, [&](std::string_view line) {
      take_server_line(line, sink);
      if (!hold_ && !client_.empty()) put_client({}, sink);
    });
  }

  ReplyShape shape_of_next_line(std::string_view line) const {
    if (!greeted_) return line.starts_with("220") && reply_octets_ == 0 ? ReplyShape::greeting : ReplyShape::words;
    if (expected_.empty()) return ReplyShape::words;
    switch (expected_.front().what) {
      case Asked::ehlo:
      case Asked::lhlo:
        if (!line.starts_with("250")) return ReplyShape::words;
        return reply_octets_ == 0 ? ReplyShape::ehlo_first : ReplyShape::ehlo_capability;
      case Asked::helo: return line.starts_with("250") ? ReplyShape::ehlo_first : ReplyShape::words;
      case Asked::auth:
      case Asked::answer: return line.starts_with("334") ? ReplyShape::challenge : ReplyShape::words;
      default: return ReplyShape::words;
    }
  }

  // A reply of one line is said straight from the octets that came; only longer ones are put together.
  void take_server_line(std::string_view line, MessageSink& sink) {
    const std::string_view words = line.substr(0, line.size() - 2);
    const ReplyShape shape = shape_of_next_line(line);
    const auto head = smtp::parse_reply_line(words, shape, reply_octets_ == 0 ? &tokens_ : nullptr);
    if (!head) {
      tokens_.clear();
      if (reply_octets_ > 0) say_reply(sink, Error{Fault::syntax, shown(reply_octets_), "Reply-line"});
      say(sink, Side::server, MessageKind::stray, line, line.size(), "say/smtp/stray", head.error());
      return;
    }
    std::optional<Error> problem;
    if (const auto bare = words.find_first_of("\r\n"); bare != words.npos)
      problem = Error{Fault::bad_line_end, static_cast<std::uint32_t>(bare + reply_octets_), "CRLF"};
    if (reply_octets_ == 0 && head->last) {
      reply_code_ = head->code;
      finish_reply(line, line.size(), std::move(problem), sink);
      return;
    }
    tokens_.clear();
    if (reply_octets_ > 0 && head->code != reply_code_ && !reply_problem_)
      reply_problem_ = Error{Fault::mismatch, shown(reply_octets_), "the same Reply-code"};
    if (problem && !reply_problem_) reply_problem_ = std::move(problem);
    if (reply_octets_ == 0) reply_code_ = head->code;
    if (reply_.size() == reply_octets_ && reply_.size() + line.size() <= shown_content_limit) {
      mark_reply_line(words, shape, reply_.size());
      reply_ += line;
    }
    reply_octets_ += line.size();
    if (head->last) say_reply(sink, std::exchange(reply_problem_, std::nullopt));
  }

  // Marks one line of several: its tokens move to where it stands in the whole.
  void mark_reply_line(std::string_view words, ReplyShape shape, std::size_t offset) {
    line_tokens_.clear();
    const auto parsed = smtp::parse_reply_line(words, shape, &line_tokens_);
    pending_tokens_.reserve(pending_tokens_.size() + line_tokens_.size() + 1);
    if (!parsed) return;
    for (Token token : line_tokens_.all()) {
      token.span.begin += static_cast<std::uint32_t>(offset);
      token.span.end += static_cast<std::uint32_t>(offset);
      pending_tokens_.push_back(token);
    }
    const auto end = static_cast<std::uint32_t>(offset + words.size());
    pending_tokens_.push_back({{end, end + 2}, Role::crlf});
  }

  void say_reply(MessageSink& sink, std::optional<Error> problem) {
    const std::string text = std::exchange(reply_, {});
    for (const Token& token : pending_tokens_) tokens_.mark(text, token.span.begin, token.span.end, token.role);
    pending_tokens_.clear();
    const std::uint64_t octets = std::exchange(reply_octets_, 0);
    reply_problem_.reset();
    finish_reply(text, octets, std::move(problem), sink);
  }

  void finish_reply(std::string_view text, std::uint64_t octets, std::optional<Error> problem, MessageSink& sink) {
    const int code = reply_code_;
    if (!greeted_) {  // whatever a client in a hurry has asked already
      greeted_ = true;
      if (code == 421 || code >= 500) state_ = state::closed;
      say(sink, Side::server, MessageKind::greeting, text, octets, code == 220 ? "say/smtp/greeting" : key_of_code(code), std::move(problem));
      return;
    }
    if (expected_.empty()) {
      if (code == 421) state_ = state::closed;
      else if (!problem) problem = Error{Fault::out_of_order, 0, "a reply to a command"};
      say(sink, Side::server, MessageKind::reply, text, octets, key_of_code(code), std::move(problem));
      return;
    }
    const Expected asked = expected_.front();
    expected_.pop_front();
    hold_ = !expected_.empty() && waits(expected_.back().what);  // nothing is taken behind one that waits
    learn_offers(asked.what, text);
    follow(asked, code);
    const bool yes = code < 400, goes_on = code == 334 || code == 354;
    const bool several = asked.what == Asked::content || asked.what == Asked::bdat;
    const bool last = !goes_on && (!several || expected_.empty() || expected_.front().id != asked.id);
    std::string_view headline = yes && asked.what != Asked::unknown ? yes_keys[std::size_t(asked.what)] : key_of_code(code);
    if (code == 334) headline = "say/smtp/challenge";
    else if (asked.what == Asked::data && code != 354) headline = key_of_code(code);
    say(sink, Side::server, goes_on ? MessageKind::continuation : MessageKind::reply, text, octets, headline, std::move(problem),
        asked.id, last);
  }

  // Where a reply leads: the ways of machine.cpp.
  void learn_offers(Asked asked, std::string_view text) {
    if ((asked != Asked::ehlo && asked != Asked::lhlo) || reply_code_ != 250) return;
    const auto offers = [&](std::string_view keyword) {
      for (const std::string_view line : split(text, '\n'))
        if (line.size() > 4 && starts_with_ignoring_case(line.substr(4), keyword)) return true;
      return false;
    };
    chunking_ = offers("CHUNKING") ? Offered::yes : Offered::no;
    utf8_ = offers("SMTPUTF8");
  }

  void follow(const Expected& expected, int code) {
    const Asked asked = expected.what;
    const MessageId answered = expected.id;
    const bool is_last_chunk = expected.last_chunk;
    const bool yes = code >= 200 && code < 300;
    login_refused_ = (asked == Asked::auth || (asked == Asked::unknown && login_refused_)) && code >= 400;
    if (code == 421) {
      state_ = state::closed;
      return;
    }
    switch (asked) {
      case Asked::helo:
      case Asked::ehlo:
      case Asked::lhlo:
        if (yes) hello_said_ = true, accepted_ = 0, state_ = rest();
        break;
      case Asked::bdat:
        // A refusal in the middle leaves everything as it was, until RSET: RFC 3030 section 2.
        if (!is_last_chunk) state_ = yes ? state::chunks : state_;
        else if (expected_.empty() || expected_.front().id != answered) accepted_ = 0, in_headers_ = true, state_ = rest();
        break;
      case Asked::mail:
        if (yes) accepted_ = 0, state_ = state::envelope;
        break;
      case Asked::rcpt:
        if (yes) ++accepted_, state_ = state::recipients;
        break;
      case Asked::data:
        if (code == 354) state_ = state::letter;
        break;
      case Asked::rset:
        if (yes) accepted_ = 0, state_ = rest();
        break;
      case Asked::quit:
        if (yes) state_ = state::closed;
        break;
      case Asked::starttls:
        if (code == 220) state_ = state::tls, hello_said_ = logged_in_ = false;
        break;
      case Asked::auth:
      case Asked::answer:
        logged_in_ = logged_in_ || code == 235;
        if (code == 334) state_ = state::authenticating;
        else if (code == 235 || asked == Asked::answer) state_ = rest();
        break;
      case Asked::content:
        if (expected_.empty() || expected_.front().what != Asked::content) state_ = rest();
        break;
      case Asked::noop:
      case Asked::help:
      case Asked::vrfy:
      case Asked::expn:
      case Asked::unknown: break;
    }
  }

  Protocol protocol_;
  StateId state_ = state::connected;
  bool greeted_ = false, hello_said_ = false, logged_in_ = false, login_refused_ = false;
  bool hold_ = false;  // the client's next octets depend on a reply that has not come
  std::deque<Expected> expected_;
  std::uint64_t chunk_left_ = 0;             // octets of a chunk that are still to come
  bool in_headers_ = true;                   // of the letter that comes in chunks
  Offered chunking_ = Offered::unknown;
  bool utf8_ = true;                         // SMTPUTF8 may be said, for all that is known
  std::size_t accepted_ = 0;  // recipients of this envelope
  Tokens tokens_, line_tokens_;
  std::vector<Token> pending_tokens_;

  std::string client_, server_;            // lines whose end has not come
  std::string client_head_, server_head_;  // the beginning of a line that was too long
  std::uint64_t client_overlong_ = 0, server_overlong_ = 0;

  smtp::ContentReader content_{0};  // finds the end; `letter_` keeps what crossed
  std::string letter_;
  std::uint64_t letter_octets_ = 0;

  std::string reply_;
  std::uint64_t reply_octets_ = 0;
  int reply_code_ = 0;
  std::optional<Error> reply_problem_;
};

}  // namespace

std::unique_ptr<Dissector> make_smtp_dissector() { return std::make_unique<SmtpDissector>(Protocol::smtp); }
std::unique_ptr<Dissector> make_lmtp_dissector() { return std::make_unique<SmtpDissector>(Protocol::lmtp); }

}  // namespace glasspost

// POP3 from outside. Both directions are cut into lines; replies are matched to commands in order; a multi-line reply is
// one message. Octets beyond what is shown are counted and let go.
#include "protocol/dissector.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <string>

#include "protocol/mime/content_tokens.h"
#include "protocol/pop3/command.h"
#include "protocol/pop3/reply.h"
#include "protocol/pop3/states.h"
#include "protocol/sasl/mechanism.h"

namespace glasspost {
namespace {

using pop3::Verb;

constexpr std::size_t pending_limit = 100'000;  // commands without a reply; older ones are no longer matched

// One side's lines. What is kept of a line is bounded, what is counted is not.
class Lines {
 public:
  struct Piece {
    std::string_view text;  // with its CRLF, or the beginning of a line that is too long
    std::uint64_t octets;   // of the whole line
  };

  // Hands each line of `octets` to `take`, and keeps the beginning of the next.
  template <class Take>
  void put(std::string_view octets, Take take) {
    while (!octets.empty()) {
      const auto* found = static_cast<const char*>(std::memchr(octets.data(), '\n', octets.size()));
      const std::size_t size = found ? std::size_t(found - octets.data()) + 1 : octets.size();
      const bool ends = found && (size > 1 ? octets[size - 2] == '\r' : ends_in_cr_);
      if (ends && counted_ == 0) {
        take(Piece{octets.substr(0, std::min(size, shown_content_limit)), size});
      } else {
        keep(octets.substr(0, size));
        if (ends) flush(take);
      }
      octets.remove_prefix(size);
    }
  }
  // What is left over, at the end.
  template <class Take>
  void flush(Take take) {
    if (counted_ == 0) return;
    take(Piece{kept_, counted_});
    forget();
  }
  void forget() {
    kept_.clear();
    counted_ = 0;
    ends_in_cr_ = false;
  }

 private:
  void keep(std::string_view octets) {
    if (kept_.size() < shown_content_limit) kept_ += octets.substr(0, shown_content_limit - kept_.size());
    counted_ += octets.size();
    ends_in_cr_ = octets.back() == '\r';
  }

  std::string kept_;
  std::uint64_t counted_ = 0;
  bool ends_in_cr_ = false;
};

std::string_view without_crlf(std::string_view line) {
  return line.ends_with("\r\n") ? line.substr(0, line.size() - 2) : line;
}

// "say/pop3/RETR" and its like, made once.
struct Keys {
  std::string command, reply, err;
};
const Keys& keys_of(Verb verb) {
  static const std::array<Keys, pop3::verb_count> keys = [] {
    std::array<Keys, pop3::verb_count> out;
    for (int i = 0; i < pop3::verb_count; ++i) {
      const std::string name(pop3::name_of(Verb(i)));
      out[std::size_t(i)] = {"say/pop3/" + name, "say/pop3/reply/" + name, "say/pop3/err/" + name};
    }
    return out;
  }();
  return keys[std::size_t(verb)];
}

class Pop3Dissector final : public Dissector {
 public:
  void put(Side from, std::string_view octets, MessageSink& sink) override {
    if (from == Side::client) client_.put(octets, [&](Lines::Piece line) { client_line(line, sink, true); });
    else server_.put(octets, [&](Lines::Piece line) { server_line(line, sink, true); });
  }

  void end(Side from, MessageSink& sink) override {
    if (from == Side::client) {
      client_.flush([&](Lines::Piece line) { client_line(line, sink, false); });
      return;
    }
    server_.flush([&](Lines::Piece line) { server_line(line, sink, false); });
    if (reply_octets_ != 0) finish_reply(sink, Fault::incomplete);
  }

  // RFC 2595 section 4: AUTHORIZATION again, without a greeting.
  void tls_established() override {
    client_.forget();
    server_.forget();
    pending_.clear();
    clear_reply();
    auth_ = Auth::none;
    early_answers_.clear();
    login_refused_ = false;
    greeted_ = greeted_ || stls_agreed_;
    stls_agreed_ = false;
    state_ = pop3::state::authorization;
  }

  StateId state() const override { return state_; }

 private:
  struct Pending {
    std::optional<Verb> verb;  // none: a command that nobody knows
    bool has_argument = false;
    MessageId message = 0;
  };
  enum class Auth : std::uint8_t {
    none,
    begun,   // AUTH was said; the server has not yet asked for more
    asked,   // "+": the next line is an answer, whatever it looks like
  };

  // What is about to be said. Each side has its own: a client may go on speaking in the middle of a long reply.
  struct Draft {
    Said said;
    Tokens tokens;
  };
  static void start(Draft& draft, Side from, MessageKind kind, Lines::Piece line) {
    draft.said = Said{};
    draft.said.from = from;
    draft.said.protocol = Protocol::pop3;
    draft.said.kind = kind;
    draft.said.octets = line.octets;
  }
  MessageId say(Draft& draft, std::string_view text, MessageSink& sink) const {
    draft.tokens.finish(text);
    draft.said.text = text;
    draft.said.tokens = draft.tokens.all();
    draft.said.state_after = state_;
    return sink.said(draft.said);
  }

  void client_line(Lines::Piece line, MessageSink& sink, bool whole) {
    asked_.tokens.clear();
    const std::string_view text = without_crlf(line.text);
    start(asked_, Side::client, MessageKind::command, line);
    const auto command = pop3::parse_command(text, &asked_.tokens);
    const bool known = command || command.error().fault != Fault::unknown_command;
    if (auth_ == Auth::asked || (auth_ == Auth::begun && !known)) return answer(text, line, sink, whole);
    // After a login that was refused at once, a client that does not listen goes on with its answer.
    if (known) login_refused_ = false;
    if (login_refused_) asked_.tokens.clear(), asked_.tokens.mark(text, 0, text.size(), Role::secret);
    note_problem(command, line, whole);
    const bool cut = !whole || line.octets != line.text.size();
    if (!whole) asked_.said.kind = MessageKind::stray;
    const auto verb = known ? verb_in(text) : std::nullopt;
    asked_.said.headline = !whole ? std::string_view("say/pop3/incomplete")
                     : verb ? std::string_view(keys_of(*verb).command) : std::string_view("say/pop3/unknown");
    if (!cut && command && pop3::is_legal(command->verb, state_)) state_ = pop3::next_state(state_, command->verb, "");
    const MessageId id = say(asked_, line.text, sink);
    if (!whole) return;
    if (pending_.size() == pending_limit) pending_.pop_front();
    pending_.push_back({verb, command && pop3::has_argument(*command), id});
    if (verb == Verb::auth) auth_ = Auth::begun;
  }

  static std::optional<Verb> verb_in(std::string_view text) { return pop3::verb_of(text.substr(0, text.find(' '))); }

  void note_problem(const Result<pop3::Command>& command, Lines::Piece line, bool whole) {
    if (!whole) {
      asked_.said.problem = Error{Fault::incomplete, std::uint32_t(line.text.size()), "CRLF"};
    } else if (!command) {
      asked_.said.problem = command.error();
    } else if (line.octets > pop3::command_line_limit && command->verb != Verb::auth) {
      asked_.said.problem = Error{Fault::too_long, std::uint32_t(pop3::command_line_limit), "CRLF"};
    } else if (behind_stls()) {
      asked_.said.problem = Error{Fault::injected, 0, "TLS handshake"};
    } else if (!pop3::is_legal(command->verb, state_)) {
      asked_.said.problem = Error{Fault::out_of_order, 0, "another command"};
    }
  }
  bool behind_stls() const {
    return stls_agreed_ || (!pending_.empty() && pending_.back().verb == Verb::stls);
  }

  // RFC 5034 section 4: base64, or "*" to give up. Nobody sees it, whatever it is.
  void answer(std::string_view text, Lines::Piece line, MessageSink& sink, bool whole) {
    asked_.tokens.clear();
    const bool cancel = text == "*";
    asked_.tokens.mark(line.text, 0, text.size(), cancel ? Role::pop3_auth_cancel : Role::pop3_auth_response);
    asked_.said.kind = whole ? MessageKind::answer : MessageKind::stray;
    asked_.said.headline = !whole ? "say/pop3/incomplete" : cancel ? "say/pop3/cancel" : "say/pop3/answer";
    if (!whole) asked_.said.problem = Error{Fault::incomplete, std::uint32_t(line.text.size()), "CRLF"};
    const bool early = std::exchange(auth_, Auth::begun) == Auth::begun;
    const MessageId id = say(asked_, line.text, sink);
    if (early && whole && early_answers_.size() < pending_limit) early_answers_.push_back(id);
  }

  void server_line(Lines::Piece line, MessageSink& sink, bool whole) {
    if (reply_octets_ != 0) return reply_item(line, sink, whole);
    told_.tokens.clear();
    const std::string_view text = without_crlf(line.text);
    if (!whole) {
      start(told_, Side::server, MessageKind::stray, line);
      told_.said.headline = "say/pop3/incomplete";
      told_.said.problem = Error{Fault::incomplete, std::uint32_t(line.text.size()), "CRLF"};
      (void)pop3::parse_status(text, &told_.tokens);
      say(told_, line.text, sink);
      return;
    }
    if (!greeted_) return greeting(text, line, sink);
    if (auth_ != Auth::none && (text == "+" || text.starts_with("+ "))) return challenge(text, line, sink);
    reply(text, line, sink);
  }

  void greeting(std::string_view text, Lines::Piece line, MessageSink& sink) {
    greeted_ = true;
    start(told_, Side::server, MessageKind::greeting, line);
    told_.said.headline = "say/pop3/greeting";
    const auto status = pop3::parse_status(text, &told_.tokens);
    if (!status) told_.said.problem = status.error();
    const std::string_view stamp = pop3::timestamp_of(text);
    if (status && !stamp.empty()) {
      const std::size_t at = std::size_t(stamp.data() - text.data());
      told_.tokens.rewind(1);
      told_.tokens.mark(text, text.find(' ') + 1, at, Role::text);
      told_.tokens.mark(text, at, at + stamp.size(), Role::pop3_timestamp);
      told_.tokens.mark(text, at + stamp.size(), text.size(), Role::text);
    }
    say(told_, line.text, sink);
  }

  void challenge(std::string_view text, Lines::Piece line, MessageSink& sink) {
    start(told_, Side::server, MessageKind::continuation, line);
    told_.tokens.mark(text, 0, 1, Role::pop3_continue);
    const bool proof = text.size() > 2 && sasl::is_server_proof(text.substr(2));
    told_.tokens.mark(text, 2, text.size(), proof ? Role::sasl_server_proof : Role::pop3_challenge);
    told_.said.headline = "say/pop3/continue";
    if (!pending_.empty()) told_.said.answers = pending_.front().message;
    if (early_answers_.empty()) auth_ = Auth::asked;
    else early_answers_.pop_front();  // that was it
    say(told_, line.text, sink);
  }

  void reply(std::string_view text, Lines::Piece line, MessageSink& sink) {
    const auto status = pop3::parse_status(text, &told_.tokens);
    start(told_, Side::server, status ? MessageKind::reply : MessageKind::stray, line);
    if (!status) told_.said.problem = status.error();
    answered_ = {};
    if (status && !pending_.empty()) {
      answered_ = pending_.front();
      told_.said.answers = answered_.message;
      pending_.pop_front();
    } else if (status) {
      told_.said.problem = Error{Fault::out_of_order, 0, "command"};
    }
    const bool matched = told_.said.answers.has_value();
    if (!status) told_.said.headline = "say/pop3/stray";
    else if (matched && answered_.verb) told_.said.headline = status->ok ? keys_of(*answered_.verb).reply : keys_of(*answered_.verb).err;
    else told_.said.headline = status->ok ? "say/pop3/ok" : "say/pop3/err";
    told_.said.completes = matched;
    if (matched && answered_.verb) {
      if (status->ok) mark_words(*answered_.verb, text);
      follow(*answered_.verb, status->ok);
      if (status->ok && pop3::is_multi_line(*answered_.verb, answered_.has_argument)) return begin_reply(line);
    }
    say(told_, line.text, sink);
  }

  void follow(Verb verb, bool ok) {
    if (verb == Verb::auth) {
      auth_ = Auth::none;
      login_refused_ = !ok;
      // What was meant to answer, and was not asked for, is a command to the server, and answered as one.
      for (const MessageId id : early_answers_) {
        const auto behind = std::find_if(pending_.begin(), pending_.end(), [&](const Pending& p) { return p.message > id; });
        pending_.insert(behind, {std::nullopt, false, id});
      }
      early_answers_.clear();
    }
    if (verb == Verb::stls && ok) stls_agreed_ = true;
    state_ = pop3::next_state(state_, verb, ok ? "+OK" : "-ERR");
  }

  // STAT, LIST n and UIDL n say numbers where others say words.
  void mark_words(Verb verb, std::string_view text) {
    if (verb == Verb::lang && answered_.has_argument && text.size() > 4) {  // "+OK es Idioma cambiado"
      told_.tokens.rewind(1);
      const std::size_t end = std::min(text.find(' ', 4), text.size());
      told_.tokens.mark(text, 4, end, Role::pop3_language);
      told_.tokens.mark(text, std::min(end + 1, text.size()), text.size(), Role::text);
      return;
    }
    const bool numbers = verb == Verb::stat || ((verb == Verb::list || verb == Verb::uidl) && answered_.has_argument);
    if (!numbers || text.size() < 5) return;
    told_.tokens.rewind(1);
    item_.clear();
    const std::string_view words = text.substr(4);
    std::optional<Error> wrong;
    const auto note = [&](const auto& result) {
      if (!result) wrong = result.error();
    };
    if (verb == Verb::stat) note(pop3::parse_drop(words, &item_));
    else if (verb == Verb::list) note(pop3::parse_scan_listing(words, &item_));
    else note(pop3::parse_unique_id(words, &item_));
    move_tokens(text, 4);
    if (wrong) note_problem_at(*wrong, 4);
  }
  void move_tokens(std::string_view text, std::size_t by) {
    for (const Token& token : item_.all()) told_.tokens.mark(text, token.span.begin + by, token.span.end + by, token.role);
  }
  void note_problem_at(Error error, std::size_t by) {
    if (told_.said.problem) return;
    error.offset += std::uint32_t(by);
    told_.said.problem = std::move(error);
  }

  void begin_reply(Lines::Piece line) {
    reply_ = line.text;
    reply_octets_ = line.octets;
    content_ = mime::ContentTokens(true);
    told_.tokens.mark(reply_, without_crlf(reply_).size(), reply_.size(), Role::crlf);
  }

  // A line of a multi-line reply, kept while there is room.
  void reply_item(Lines::Piece line, MessageSink& sink, bool whole) {
    const std::string_view text = without_crlf(line.text);
    const std::size_t begin = reply_.size();
    const bool fits = reply_octets_ == begin && line.octets == line.text.size() && begin + line.text.size() <= shown_content_limit;
    reply_octets_ += line.octets;
    const bool ends = whole && text == "." && line.octets == 3;
    if (fits) {
      reply_ += line.text;
      if (ends) told_.tokens.mark(reply_, begin, begin + 1, Role::pop3_end);
      else mark_item(begin, text.size());
      told_.tokens.mark(reply_, begin + text.size(), reply_.size(), Role::crlf);
    }
    if (ends) finish_reply(sink, std::nullopt);
  }

  void mark_item(std::size_t begin, std::size_t size) {
    if (answered_.verb == Verb::retr || answered_.verb == Verb::top)
      return content_.mark_line(reply_, begin, reply_.size(), told_.tokens);
    const std::string_view item = std::string_view(reply_).substr(begin, size);
    item_.clear();
    std::optional<Error> wrong;
    const auto note = [&](const auto& result) {
      if (!result) wrong = result.error();
    };
    if (answered_.verb == Verb::list) note(pop3::parse_scan_listing(item, &item_));
    else if (answered_.verb == Verb::uidl) note(pop3::parse_unique_id(item, &item_));
    else if (answered_.verb == Verb::lang) note(pop3::parse_language(item, &item_));
    else note(pop3::parse_capability(item, &item_));
    move_tokens(reply_, begin);
    if (wrong) note_problem_at(*wrong, begin);
  }

  void finish_reply(MessageSink& sink, std::optional<Fault> fault) {
    told_.said.octets = reply_octets_;
    if (fault) {
      told_.said.kind = MessageKind::stray;
      told_.said.headline = "say/pop3/incomplete";
      told_.said.completes = false;
      told_.said.problem = Error{*fault, std::uint32_t(reply_.size()), "CRLF . CRLF"};
    }
    say(told_, reply_, sink);
    clear_reply();
  }
  void clear_reply() {
    reply_.clear();
    reply_octets_ = 0;
  }

  Lines client_, server_;
  StateId state_ = pop3::state::authorization;
  bool greeted_ = false, stls_agreed_ = false;
  Auth auth_ = Auth::none;
  std::deque<Pending> pending_;
  Pending answered_;   // the command that reply_ answers
  std::deque<MessageId> early_answers_;  // said behind AUTH before the server had asked for anything
  bool login_refused_ = false;
  std::string reply_;  // the multi-line reply so far, as much as is shown
  std::uint64_t reply_octets_ = 0;
  Draft asked_, told_;  // the client's, the server's
  Tokens item_;
  mime::ContentTokens content_{true};
};

}  // namespace

std::unique_ptr<Dissector> make_pop3_dissector() { return std::make_unique<Pop3Dissector>(); }

}  // namespace glasspost

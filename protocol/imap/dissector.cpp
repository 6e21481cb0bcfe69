// Watches both sides of an IMAP connection. Commands and responses are framed and parsed by what the sessions use; the
// state follows the same table.
#include "protocol/dissector.h"

#include <algorithm>
#include <deque>

#include "protocol/base/text.h"
#include "protocol/imap/command.h"
#include "protocol/imap/extensions/utf8_accept.h"
#include "protocol/imap/framer.h"
#include "protocol/imap/headlines.h"
#include "protocol/imap/response.h"
#include "protocol/imap/tracker.h"

namespace glasspost {
namespace imap {
namespace {

// More commands than this are not remembered while no answer comes.
constexpr std::size_t most_pending = 1000;
// A client that says more than this without waiting for the server, where it should, is taken at its word.
constexpr std::size_t most_held = 64 * 1024;

class ImapDissector final : public Dissector {
 public:
  void put(Side from, std::string_view octets, MessageSink& sink) override;
  void end(Side from, MessageSink& sink) override;
  void tls_established() override;
  StateId state() const override { return tracker_.state(); }

 private:
  struct Pending {  // a command that has no tagged response yet
    std::string tag;
    std::string_view verb;  // of the table in machine.cpp; empty: none that we know
    MessageId id;
    bool searches_uids;
    bool hidden;  // shown masked; so is its tag, which may be a password, in the answer
  };
  struct LeftOver {
    std::string text;
    std::uint64_t octets = 0;
  };

  void take(Side, std::string_view octets, MessageSink&);
  bool must_wait() const { return !impatient_ && (waits_for_ || (client_.literal_is_awaited() && !literal_agreed_)); }
  void release_held(MessageSink&);
  void client_message(MessageSink&);
  void client_command(Said&, MessageSink&);
  bool client_answer(std::string_view text, Said&);
  void server_message(MessageSink&);
  void server_response(const Response&, Said&);
  void tagged(const Response&, const ConditionData&, Said&);
  void continuation(Said&);
  void mask_tag(std::string_view text);
  void client_gave_up(std::string_view answer, MessageSink&);
  void emit(Said&, MessageSink&);
  void flush_left_over(Side, MessageSink&);
  void stray(Side, std::string_view text, std::uint64_t octets, MessageSink&);
  Said begin(Side, std::string_view text, std::uint64_t octets);

  Framer client_{Framer::Said::commands, shown_content_limit};
  Framer server_{Framer::Said::responses, shown_content_limit};
  Tracker tracker_;
  Tokens tokens_;
  std::deque<Pending> pending_;
  MessageId said_ = 0;          // the id that the sink gave last
  LeftOver left_over_[2];
  // What follows a literal's announcement, IDLE, DONE, AUTHENTICATE or an answer to a challenge is one thing if the server
  // agrees and another if it refuses. Until it has answered, it is held here.
  std::string held_;
  std::optional<MessageId> waits_for_;  // the command whose answer decides; none: the literal's announcement, or nothing
  bool literal_agreed_ = false;         // "+" came, and nothing of the literal yet
  bool impatient_ = false;              // too much was held: the client is taken at its word until the server speaks
  bool login_refused_ = false;          // a client that does not listen goes on with its secret
  bool greeted_ = false;
  bool utf8_ = false;           // it was enabled: names are UTF-8
  bool answer_due_ = false;     // the client's next line answers a challenge of AUTHENTICATE
};

Said ImapDissector::begin(Side from, std::string_view text, std::uint64_t octets) {
  tokens_.clear();
  Said said;
  said.from = from;
  said.protocol = Protocol::imap;
  said.text = text;
  said.octets = octets;
  return said;
}

void ImapDissector::emit(Said& said, MessageSink& sink) {
  said.tokens = tokens_.all();
  said.state_after = tracker_.state();
  said_ = sink.said(said);
}

void ImapDissector::put(Side from, std::string_view octets, MessageSink& sink) {
  flush_left_over(from, sink);
  take(from, octets, sink);
}

void ImapDissector::take(Side from, std::string_view octets, MessageSink& sink) {
  Framer& framer = from == Side::client ? client_ : server_;
  while (!octets.empty()) {
    if (from == Side::client && must_wait()) {
      held_ += octets;
      impatient_ = held_.size() > most_held;
      if (impatient_) release_held(sink);
      return;
    }
    if (from == Side::client) literal_agreed_ = false;
    const Framer::Step step = framer.next(octets);
    if (step == Framer::Step::more) return;
    if (step == Framer::Step::literal) {
      const bool one_line = from == Side::client && (answer_due_ || tracker_.state() == idle);
      if (!one_line && !framer.literal().huge) {
        framer.keep();
        continue;
      }
      framer.drop();
    }
    if (from == Side::client) {
      client_message(sink);
    } else {
      server_message(sink);
      impatient_ = false;
      if (!must_wait()) release_held(sink);
    }
  }
}

void ImapDissector::release_held(MessageSink& sink) {
  if (!held_.empty()) take(Side::client, std::exchange(held_, {}), sink);
}

// ---- the client

void ImapDissector::client_message(MessageSink& sink) {
  const std::string_view text = client_.text();
  Said said = begin(Side::client, text, client_.octets());
  if (client_answer(text, said)) return emit(said, sink);
  client_command(said, sink);
}

// What answers a challenge, or ends IDLE: each a line without a tag.
bool ImapDissector::client_answer(std::string_view text, Said& said) {
  const std::string_view line = text.ends_with("\r\n") ? text.substr(0, text.size() - 2) : text;
  if (answer_due_) {
    answer_due_ = false;
    const bool cancel = line == "*";
    tokens_.mark(text, 0, line.size(), cancel ? Role::imap_auth_cancel : Role::imap_auth_response);
    said.headline = cancel ? auth_cancel_headline : auth_answer_headline;
  } else if (tracker_.state() == idle && !pending_.empty() && pending_.back().verb == "IDLE") {
    said.headline = headline_of(command_headlines, "DONE", {});
    if (equal_ignoring_case(line, "DONE")) {
      tokens_.mark(text, 0, line.size(), Role::imap_done);
    } else {
      static_cast<void>(parse_command(text, &tokens_));  // for its tokens: a password may be among them
      said.headline = unknown_command_headline;
      said.problem = Error{Fault::syntax, 0, "DONE"};
    }
  } else {
    return false;
  }
  tokens_.finish(text);
  said.kind = MessageKind::answer;
  if (!pending_.empty()) said.answers = waits_for_ = pending_.back().id;
  return true;
}

void ImapDissector::client_command(Said& said, MessageSink& sink) {
  const auto command = parse_command(said.text, &tokens_, {}, {.utf8 = utf8_});
  said.kind = MessageKind::command;
  std::string_view verb;
  if (command) {
    verb = verb_of(command->body);
    const auto* authenticate = std::get_if<Authenticate>(&command->body);
    answer_due_ = authenticate && !authenticate->response;
  } else {
    // Neither a literal that was refused nor what we did not keep is a mistake.
    const Fault fault = command.error().fault;
    const bool cut = said.text.size() < said.octets;
    if (fault != Fault::incomplete && (!cut || fault == Fault::unknown_command)) said.problem = command.error();
    std::string words;  // the verb as it was written, if it is one at all
    for (const Token& token : tokens_.all()) {
      if (token.role != Role::imap_uid_prefix && token.role != Role::imap_verb) continue;
      if (!words.empty()) words += ' ';
      words += to_upper(token.span.of(said.text));
    }
    if (const CommandRow* row = row_of(words)) verb = row->name;
    answer_due_ = verb == "AUTHENTICATE";
  }
  const bool hidden = verb.empty() && login_refused_;
  if (hidden) {
    tokens_.clear();
    tokens_.mark(said.text, 0, said.text.size() - (said.text.ends_with("\r\n") ? 2 : 0), Role::secret);
    tokens_.finish(said.text);
  }
  if (!verb.empty()) login_refused_ = false;
  said.headline = headline_of(command_headlines, verb, unknown_command_headline);
  emit(said, sink);
  if (pending_.size() == most_pending) pending_.pop_front();
  pending_.push_back({std::string(tag_of(said.text)), verb, said_, verb == "UID SEARCH" || verb == "UID SORT" || verb == "UID THREAD", hidden});
  if (answer_due_ || (verb == "IDLE" && !said.problem)) waits_for_ = said_;
}

// ---- the server

void ImapDissector::server_message(MessageSink& sink) {
  const std::string_view text = server_.text();
  client_gave_up(text, sink);
  Said said = begin(Side::server, text, server_.octets());
  ResponseOptions options;
  options.utf8 = utf8_;
  options.challenge = !pending_.empty() && pending_.front().verb == "AUTHENTICATE";
  options.search_uids = !pending_.empty() && pending_.front().searches_uids;
  const auto response = parse_response(text, &tokens_, options);
  said.kind = MessageKind::untagged;
  if (response) {
    server_response(*response, said);
  } else {
    if (text.size() == said.octets) said.problem = response.error();
    said.headline = unparsed_response_headline;
    for (const Token& token : tokens_.all())
      if (token.role == Role::imap_response)
        said.headline = headline_of(response_headlines, to_upper(token.span.of(text)), other_response_headline);
    if (!pending_.empty()) said.answers = pending_.front().id;
  }
  emit(said, sink);
  greeted_ = true;
}

// A command whose literal was refused ends with the line that announced it; "+" and untagged data refuse nothing.
void ImapDissector::client_gave_up(std::string_view answer, MessageSink& sink) {
  if (!client_.literal_is_awaited()) return;
  std::string_view tag = tag_of(client_.text());
  if (tag.empty()) tag = "* BAD";  // how a command without a tag is refused
  if (!answer.starts_with(tag) || answer.substr(tag.size(), 1) != " ") return;
  client_.give_up();
  client_message(sink);
}

void ImapDissector::server_response(const Response& response, Said& said) {
  const std::string_view name = name_of(response.body);
  if (!pending_.empty()) said.answers = pending_.front().id;
  const auto* condition = std::get_if<ConditionData>(&response.body);
  if (response.tag == "+") return continuation(said);
  const bool of_no_tag = condition && condition->condition == Condition::bad && !pending_.empty() && pending_.front().tag.empty();
  if (condition && (response.tag != "*" || of_no_tag)) return tagged(response, *condition, said);
  if (!condition) {
    if (const auto* enabled = std::get_if<EnabledData>(&response.body))
      utf8_ |= makes_names_utf8(enabled->names);
    said.headline = headline_of(response_headlines, name, other_response_headline);
    return;
  }
  if (!greeted_) {
    said.kind = MessageKind::greeting;
    said.headline = headline_of(greeting_headlines, name, unparsed_response_headline);
    tracker_.follow("", name);
    return;
  }
  said.headline = headline_of(untagged_headlines, name, other_response_headline);
  if (condition->condition == Condition::bye) {
    const bool asked = !pending_.empty() && pending_.front().verb == "LOGOUT";
    tracker_.follow(asked ? "LOGOUT" : "", name);
  }
}

void ImapDissector::tagged(const Response& response, const ConditionData& condition, Said& said) {
  said.kind = MessageKind::reply;
  const std::string_view name = name_of(condition.condition);
  said.headline = headline_of(tagged_headlines, name, unparsed_response_headline);
  said.answers.reset();
  for (auto it = pending_.begin(); it != pending_.end(); ++it) {
    if (it->tag != (response.tag == "*" ? std::string_view() : std::string_view(response.tag))) continue;
    said.answers = it->id;
    said.completes = true;
    if (it->verb == "AUTHENTICATE") answer_due_ = false;
    if (it->verb == "AUTHENTICATE" || it->verb == "LOGIN") login_refused_ = condition.condition != Condition::ok;
    if (it->hidden) mask_tag(said.text);
    if (waits_for_ == it->id) waits_for_.reset();
    const bool ends_idle = it->verb == "IDLE" && tracker_.state() == idle;
    tracker_.follow(ends_idle ? std::string_view("DONE") : it->verb, name, condition.code.name == "READ-ONLY");
    pending_.erase(it);
    return;
  }
  said.problem = Error{Fault::mismatch, 0, "tag"};
}

void ImapDissector::mask_tag(std::string_view text) {
  const std::vector<Token> all(tokens_.all().begin(), tokens_.all().end());
  tokens_.clear();
  for (const Token& token : all)
    tokens_.mark(text, token.span.begin, token.span.end, token.span.begin == 0 ? Role::secret : token.role);
}

void ImapDissector::continuation(Said& said) {
  said.kind = MessageKind::continuation;
  said.headline = literal_headline;
  if (client_.literal_is_awaited()) {
    said.answers.reset();  // the command is still being said
    literal_agreed_ = true;
    return;
  }
  if (pending_.empty()) return;
  if (waits_for_ == pending_.front().id) waits_for_.reset();
  if (pending_.front().verb == "AUTHENTICATE") {
    said.headline = challenge_headline;
    answer_due_ = true;
  } else if (pending_.front().verb == "IDLE") {
    said.headline = idle_headline;
    tracker_.follow("IDLE", "+");
  }
}

// ---- what does not end as it should

void ImapDissector::stray(Side from, std::string_view text, std::uint64_t octets, MessageSink& sink) {
  Said said = begin(from, text, octets);
  if (from == Side::server) {
    static_cast<void>(parse_response(text, &tokens_));
  } else if (answer_due_) {
    tokens_.mark(text, 0, text.size(), Role::imap_auth_response);
  } else {
    static_cast<void>(parse_command(text, &tokens_));  // for its tokens: a password may be among them
  }
  tokens_.finish(text);
  said.kind = MessageKind::stray;
  said.problem = Error{Fault::incomplete, std::uint32_t(text.size()), "CRLF"};
  said.headline = stray_headline;
  emit(said, sink);
}

void ImapDissector::flush_left_over(Side side, MessageSink& sink) {
  LeftOver& left = left_over_[int(side)];
  if (left.octets == 0) return;
  const LeftOver taken = std::exchange(left, {});
  stray(side, taken.text, taken.octets, sink);
}

void ImapDissector::end(Side from, MessageSink& sink) {
  flush_left_over(from, sink);
  impatient_ = true;
  if (from == Side::client) release_held(sink);
  Framer& framer = from == Side::client ? client_ : server_;
  if (!framer.pending()) return;
  stray(from, framer.text(), framer.octets(), sink);
  framer.reset();
}

void ImapDissector::tls_established() {
  for (const Side side : {Side::client, Side::server}) {
    Framer& framer = side == Side::client ? client_ : server_;
    LeftOver& left = left_over_[int(side)];
    if (framer.pending()) left = {std::string(framer.text()), framer.octets()};
    if (side == Side::client) left.text += held_, left.octets += held_.size();
    framer.reset();
  }
  held_.clear();
  waits_for_.reset();
  literal_agreed_ = login_refused_ = utf8_ = false;
  tracker_.reset();
  pending_.clear();
  answer_due_ = false;
}

}  // namespace
}  // namespace imap

std::unique_ptr<Dissector> make_imap_dissector() { return std::make_unique<imap::ImapDissector>(); }

}  // namespace glasspost

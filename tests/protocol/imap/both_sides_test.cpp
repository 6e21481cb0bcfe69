// Our client and our server hold a conversation, and the dissector listens: it must understand every word of both.
#include <gtest/gtest.h>

#include "protocol/dissector.h"
#include "protocol/imap/client.h"
#include "protocol/imap/server.h"
#include "protocol/tls/facts.h"

namespace glasspost::imap {
namespace {

class Understands final : public MessageSink {
 public:
  MessageId said(const Said& said) override {
    EXPECT_TRUE(tiles(said.text, said.tokens));
    EXPECT_FALSE(said.problem) << said.text << ": wanted " << said.problem->expected;
    EXPECT_NE(said.kind, MessageKind::stray) << said.text;
    for (const Token& token : said.tokens) EXPECT_NE(token.role, Role::plain) << said.text << ": " << token.span.of(said.text);
    shown += redact(said.text, said.tokens);
    state = said.state_after;
    return count++;
  }
  std::string shown;
  StateId state = 0;
  MessageId count = 0;
};

class Conversation {
 public:
  explicit Conversation(TlsPolicy tls) : client_(client_settings(tls), Instant{}), server_(server_settings(tls), Instant{}) {}

  void run() {
    for (bool busy = true; busy;) {
      busy = move(server_, client_, Side::server);
      while (auto event = client_.poll()) note(*event);
      busy |= move(client_, server_, Side::client);
      while (auto event = server_.poll()) serve(*event);
      if (client_.tls_wish() == TlsWish::start && server_.tls_wish() == TlsWish::start) {
        dissector_->tls_established();
        server_.tls_established(TlsFacts{});
        client_.tls_established(TlsFacts{});
        busy = true;
      }
    }
    EXPECT_EQ(server_.state(), dissector_->state());
    EXPECT_EQ(client_.state(), dissector_->state());
  }
  Client& client() { return client_; }
  Server& server() { return server_; }
  const Understands& heard() const { return heard_; }
  std::vector<std::string> completed;
  std::vector<std::string> commands;

 private:
  static ClientSettings client_settings(TlsPolicy tls) {
    ClientSettings settings;
    settings.tls = tls;
    settings.allow_plaintext_login = tls == TlsPolicy::never;
    return settings;
  }
  static ServerSettings server_settings(TlsPolicy tls) {
    ServerSettings settings;
    settings.starttls = tls == TlsPolicy::required;
    settings.allow_plaintext_login = tls == TlsPolicy::never;
    return settings;
  }
  bool move(Session& from, Session& to, Side side) {
    const std::string octets = from.take_output();
    if (octets.empty()) return false;
    dissector_->put(side, octets, heard_);
    to.receive(octets, Instant{});
    return true;
  }
  void note(const ClientEvent& event) {
    if (const auto* done = std::get_if<Completed>(&event))
      completed.push_back(done->verb + " " + std::string(name_of(done->result.condition)));
    EXPECT_FALSE(std::holds_alternative<Garbled>(event));
    EXPECT_FALSE(std::holds_alternative<Failed>(event));
  }
  void serve(ServerEvent& event) {
    if (const auto* attempt = std::get_if<sasl::Attempt>(&event)) {
      if (attempt->identity == "fred" && attempt->proves("p\"\\\xc3\xa9\r\n")) server_.accept_login();
      else server_.refuse_login();
    } else if (const auto* command = std::get_if<Command>(&event)) {
      commands.push_back(write_command({"t", command->body}));
      if (std::holds_alternative<Idle>(command->body)) return server_.write().exists(9);
      if (std::holds_alternative<Fetch>(command->body))
        server_.write().fetch(1).uid(3).octets({FetchKind::section, true, {}, {}}, "Subject: {3}\r\n\r\nx\r\n").end();
      server_.ok("done");
    } else if (std::holds_alternative<IdleDone>(event)) {
      server_.ok("IDLE terminated");
    }
  }

  Client client_;
  Server server_;
  std::unique_ptr<Dissector> dissector_ = make_imap_dissector();
  Understands heard_;
};

// Every command that a client of ours can say, some with what cannot be quoted.
std::vector<CommandBody> everything() {
  const SequenceSet set = *parse_sequence_set("1:3,*"), uids = *parse_sequence_set("1:3,7");
  std::vector<CommandBody> out = {
      Enable{{"X-GOOD-IDEA", "QRESYNC"}},
      List{.patterns = {"INBOX", "é"}, .pattern_list = true, .select = ListSelection{.subscribed = true, .recursive = true}},
      List{.patterns = {"*"}, .returns = ListReturn{.subscribed = true, .children = true, .status = {StatusItem::messages, StatusItem::size}}},
      Noop{}, Capability{}, Id{{{"name", "x"}, {"os", std::nullopt}}}, Namespace{}, List{"", {"Entwü*"}}, List{"", {"%"}, true},
      Create{"a \"b\" {3}"}, Delete{"é/\\"}, Rename{"a&b", "😀"}, Subscribe{"x"}, Unsubscribe{"x"},
      Status{"INBOX", {StatusItem::messages, StatusItem::uid_next}}, Append{"INBOX", {{{"\\Seen", "$x"}, DateTime{}, "Subject: {5}\r\n\r\nb {5}\r\nc"}, {{}, {}, std::string("X: y\r\n\r\na\0b", 11), true}}},
      Select{"INBOX", false}, Select{"INBOX", true, true, QuickResync{7, 8, uids, QuickResync::Match{uids, uids}}}, Select{"x", false, false, QuickResync{7, 8, {}, {}}},
      Fetch{true, set, {{FetchKind::modseq, false, {}, {}}}, {}, 12345, true}, Store{false, set, StoreMode::replace, false, {}, 0}, Check{}, Fetch{false, set, {{FetchKind::section, true, {{1, 2}, Section::What::header_fields, {"To", "a b"}}, Partial{0, 9}}, {FetchKind::envelope, false, {}, {}}}},
      Store{true, set, StoreMode::add, true, {"\\Deleted"}}, Copy{false, set, "x"}, Move{true, set, "a\tb"}, Expunge{}, Expunge{set}};
  SearchKey text{SearchKind::subject, "é \"", "", 0, {}, {}, {}, {}};
  SearchKey header{SearchKind::header, "", "X-Y", 0, {}, {}, {}, {}};
  SearchKey either{SearchKind::or_, "", "", 0, {}, {}, {}, {text, header}};
  out.emplace_back(Search{.uid = true, .charset = "UTF-8", .key = SearchKey{SearchKind::and_, "", "", 0, {}, {}, {}, {either}}});
  SearchKey old{SearchKind::older, "", "", 3600, {}, {}, {}, {}}, found{SearchKind::uid, "", "", 0, {}, SequenceSet::saved(), {}, {}};
  const SearchKey changed{SearchKind::modseq, "", "", 0, {}, {}, {620162338, "/flags/\\draft", "all"}, {}};
  const SearchKey both{SearchKind::and_, "", "", 0, {}, {}, {}, {old, found, changed}};
  out.emplace_back(Search{.returns = SearchReturn{.min = true, .count = true, .save = true, .partial = PartialRange{1, 100, true}}, .key = both});
  out.emplace_back(Search{.returns = SearchReturn{.all = true}, .key = both});
  out.emplace_back(Fetch{.uid = true, .set = SequenceSet::saved(), .items = {{FetchKind::flags, false, {}, {}}}, .partial = PartialRange{1, 5}});
  out.emplace_back(Unselect{});
  out.emplace_back(Select{"INBOX", false});
  out.emplace_back(Close{});
  out.emplace_back(Select{"INBOX", true});
  return out;
}

void hold(Conversation& talk, bool sasl) {
  talk.run();
  ASSERT_TRUE(talk.client().ready());
  ASSERT_NE(talk.client().login("fred", "p\"\\\xc3\xa9\r\n", sasl), "");
  std::vector<std::string> expected;
  for (const CommandBody& body : everything()) {
    talk.client().send(body);
    if (!std::holds_alternative<Capability>(body) && !std::holds_alternative<Id>(body) && !std::holds_alternative<Enable>(body)) expected.push_back(write_command({"t", body}));
  }
  talk.client().send(Idle{});
  talk.run();
  expected.emplace_back("t IDLE\r\n");
  EXPECT_EQ(talk.commands, expected);
  EXPECT_EQ(talk.heard().state, idle);
  talk.client().stop_idle();
  talk.client().send(Logout{});
  talk.run();
  EXPECT_EQ(talk.completed.size(), everything().size() + 3);
  for (const std::string& done : talk.completed) EXPECT_TRUE(done.ends_with(" OK")) << done;
  EXPECT_TRUE(talk.client().wants_close() && talk.server().wants_close());
  EXPECT_EQ(talk.heard().shown.find("p\"\\"), std::string::npos);
  EXPECT_EQ(talk.heard().shown.find("AGZyZWQ"), std::string::npos);
}

TEST(ImapBothSides, UnderstandOneAnother) {
  for (const bool sasl : {true, false}) {
    Conversation plain(TlsPolicy::never);
    hold(plain, sasl);
    Conversation upgraded(TlsPolicy::required);
    hold(upgraded, sasl);
  }
}

}  // namespace
}  // namespace glasspost::imap

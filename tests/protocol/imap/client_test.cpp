#include "protocol/imap/client.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/protocol/transcript.h"

namespace glasspost::imap {
namespace {

// Notes every event as a word or two, and does what a test wants done at Ready.
class User final : public test::Subject {
 public:
  User(ClientSettings settings, std::function<void(Client&)> when_ready)
      : client_(settings, test::nine_o_clock), when_ready_(std::move(when_ready)) {}
  Session& session() override { return client_; }
  Client& client() { return client_; }
  void settle() override {
    while (auto event = client_.poll()) std::visit([this](auto& what) { on(what); }, *event);
  }
  std::vector<std::string> events;
  std::vector<Response> data;
  std::function<void(Client&)> when_idling;

 private:
  void on(const Ready& ready) {
    events.push_back(ready.authenticated ? "ready preauth" : "ready");
    if (when_ready_) when_ready_(client_);
  }
  void on(Data& what) {
    events.emplace_back(name_of(what.response.body));
    data.push_back(std::move(what.response));
  }
  void on(const Completed& done) {
    events.push_back(done.tag + " " + done.verb + " " + std::string(name_of(done.result.condition)));
  }
  void on(const Idling&) {
    events.emplace_back("idling");
    if (when_idling) when_idling(client_);
  }
  void on(const Garbled& garbled) { events.push_back("garbled " + std::string(name_of(garbled.error.fault))); }
  void on(const Failed& failed) { events.push_back("failed " + std::to_string(int(failed.reason)) + " " + failed.text); }

  Client client_;
  std::function<void(Client&)> when_ready_;
};

std::string failed(FailureReason reason, std::string_view text = "") {
  return "failed " + std::to_string(int(reason)) + " " + std::string(text);
}

// Plays the transcript; gives back the events, which must be the same octet by octet.
std::vector<std::string> events_of(const ClientSettings& settings, std::function<void(Client&)> when_ready,
                                   std::string_view transcript, std::function<void(Client&)> when_idling = {}) {
  std::vector<std::vector<std::string>> seen;
  std::vector<User*> users;
  for (const bool octet_by_octet : {false, true}) {
    User user(settings, when_ready);
    user.when_idling = when_idling;
    test::play(user, Side::client, test::turns_of(transcript), octet_by_octet);
    seen.push_back(user.events);
  }
  EXPECT_EQ(seen[0], seen[1]);
  return seen[0];
}

using Events = std::vector<std::string>;

ClientSettings open_settings() {
  ClientSettings settings;
  settings.tls = TlsPolicy::never;
  settings.allow_plaintext_login = true;
  return settings;
}

TEST(ImapClient, PlaysTheSampleConnectionOfRfc3501) {
  const auto events = events_of(
      open_settings(),
      [](Client& client) {
        client.login("mrc", "secret");
        client.send(Select{"inbox", false});
        client.send(Fetch{false, *parse_sequence_set("12"), {{FetchKind::flags, false, {}, {}}}});
        client.send(Fetch{false, *parse_sequence_set("12"), {{FetchKind::section, false, {{}, Section::What::header, {}}, {}}}});
        client.send(Store{false, *parse_sequence_set("12"), StoreMode::add, false, {"\\Deleted"}});
        client.send(Logout{});
      },
      R"(
    S: * OK IMAP4rev1 Service Ready
    C: a1 CAPABILITY
    S: * CAPABILITY IMAP4rev1
    S: a1 OK CAPABILITY completed
    C: a2 LOGIN mrc secret
    S: a2 OK LOGIN completed
    C: a3 SELECT inbox
    S: * 18 EXISTS
    S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
    S: * 2 RECENT
    S: * OK [UNSEEN 17] Message 17 is the first unseen message
    S: * OK [UIDVALIDITY 3857529045] UIDs valid
    S: a3 OK [READ-WRITE] SELECT completed
    C: a4 FETCH 12 (FLAGS)
    S: * 12 FETCH (FLAGS (\Seen) INTERNALDATE "17-Jul-1996 02:44:25 -0700")
    S: a4 OK FETCH completed
    C: a5 FETCH 12 (BODY[HEADER])
    S: * 12 FETCH (BODY[HEADER] {342}
    S: Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
    S: From: Terry Gray <gray@cac.washington.edu>
    S: Subject: IMAP4rev1 WG mtg summary and minutes
    S: To: imap@cac.washington.edu
    S: cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
    S: Message-Id: <B27397-0100000@cac.washington.edu>
    S: MIME-Version: 1.0
    S: Content-Type: TEXT/PLAIN; CHARSET=US-ASCII
    S:
    S: )
    S: a5 OK FETCH completed
    C: a6 STORE 12 +FLAGS (\Deleted)
    S: * 12 FETCH (FLAGS (\Seen \Deleted))
    S: a6 OK +FLAGS completed
    C: a7 LOGOUT
    S: * BYE IMAP4rev1 server terminating connection
    S: a7 OK LOGOUT completed
    X: closed)");
  EXPECT_EQ(events, (Events{"ready", "a2 LOGIN OK", "EXISTS", "FLAGS", "RECENT", "OK", "OK", "a3 SELECT OK", "FETCH", "a4 FETCH OK",
                            "FETCH", "a5 FETCH OK", "FETCH", "a6 STORE OK", "BYE", "a7 LOGOUT OK"}));
}

TEST(ImapClient, StarttlsComesFirstAndWhatWasSaidBeforeItIsForgotten) {
  const auto events = events_of(
      {}, [](Client& client) { client.login("fred", "swordfish"); }, R"(
    S: * OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN SASL-IR X-TRAP] hi
    C: a1 STARTTLS
    S: a1 OK go
    T: up
    C: a2 CAPABILITY
    S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
    S: a2 OK done
    C: a3 AUTHENTICATE PLAIN
    S: +
    C: AGZyZWQAc3dvcmRmaXNo
    S: a3 OK in)");
  EXPECT_EQ(events, (Events{"ready", "a3 AUTHENTICATE OK"}));
}

TEST(ImapClient, SaslIr) {
  ClientSettings settings;
  settings.tls = TlsPolicy::implicit;
  User user(settings, [](Client& client) { client.login("fred", "swordfish"); });
  user.session().tls_established(TlsFacts{});
  test::play(user, Side::client, test::turns_of(R"(
    S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi
    C: a1 AUTHENTICATE PLAIN AGZyZWQAc3dvcmRmaXNo
    S: a1 NO [AUTHENTICATIONFAILED] no)"), false);
  EXPECT_EQ(user.events, (Events{"ready", "a1 AUTHENTICATE NO"}));
  EXPECT_EQ(user.client().state(), not_authenticated);
}

TEST(ImapClient, GoesNoFurtherWithoutTlsWhereItIsRequired) {
  EXPECT_EQ(events_of({}, {}, "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\nX: closed"),
            (Events{failed(FailureReason::starttls_missing, "hi")}));
  EXPECT_EQ(events_of({}, {}, "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi\nC: a1 STARTTLS\nS: a1 BAD no\nX: closed"),
            (Events{failed(FailureReason::starttls_refused, "no")}));
  EXPECT_EQ(events_of({}, {}, "S: * PREAUTH [CAPABILITY IMAP4rev1] hi\nX: closed"),
            (Events{failed(FailureReason::preauth_untrusted, "hi")}));
  EXPECT_EQ(events_of({}, {}, "S: * BYE busy\nX: closed"), (Events{failed(FailureReason::refused, "busy")}));
}

TEST(ImapClient, WordsInjectedBehindStarttlsEndTheConnection) {
  for (const std::string_view injected : {"* CAPABILITY IMAP4rev1 X-EVIL\r\n", "a2 OK [CAPABILITY X] x\r\n", "x"}) {
    User user({}, {});
    user.session().receive("* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n", test::nine_o_clock);
    user.session().take_output();
    user.session().receive("a1 OK go\r\n" + std::string(injected), test::nine_o_clock);
    user.settle();
    EXPECT_EQ(user.session().tls_wish(), TlsWish::none);
    EXPECT_TRUE(user.session().wants_close());
    EXPECT_EQ(user.events, (Events{failed(FailureReason::injected, "words in plaintext behind STARTTLS")}));
  }
}

TEST(ImapClient, AttemptGoesOnWhereTlsIsNotToBeHadButSaysNoPassword) {
  ClientSettings settings;
  settings.tls = TlsPolicy::attempt;
  std::string tag = "?";
  EXPECT_EQ(events_of(settings, [&](Client& client) { tag = client.login("fred", "swordfish"); },
                      "S: * OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] hi\nC: a1 STARTTLS\nS: a1 NO no"),
            (Events{"ready"}));
  EXPECT_EQ(tag, "");
  settings = open_settings();
  EXPECT_EQ(events_of(settings, [&](Client& client) { tag = client.login("fred", "swordfish"); },
                      "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi"),
            (Events{"ready"}));
  EXPECT_EQ(tag, "");
}

TEST(ImapClient, LiteralsWaitForTheServerUnlessItTakesLiteralPlus) {
  const auto append = [](Client& client) { client.send(Append{"a \"b\"", {{{"\\Seen"}, {}, "one\r\ntwo {3}"}}}); };
  EXPECT_EQ(events_of(open_settings(), append, R"(
    S: * OK [CAPABILITY IMAP4rev1] hi
    C: a1 APPEND "a \"b\"" (\Seen) {12}
    S: + go
    C: one
    C: two {3}
    S: a1 OK [APPENDUID 1 2] done)"),
            (Events{"ready", "a1 APPEND OK"}));
  EXPECT_EQ(events_of(open_settings(), append, R"(
    S: * OK [CAPABILITY IMAP4rev1 LITERAL+] hi
    C: a1 APPEND "a \"b\"" (\Seen) {12+}
    C: one
    C: two {3}
    S: a1 OK done)"),
            (Events{"ready", "a1 APPEND OK"}));
  // A refused literal is not sent, and the next command goes out.
  EXPECT_EQ(events_of(open_settings(), [&](Client& client) { append(client), client.send(Noop{}); }, R"(
    S: * OK [CAPABILITY IMAP4rev1] hi
    C: a1 APPEND "a \"b\"" (\Seen) {12}
    S: a1 NO [TRYCREATE] no
    C: a2 NOOP
    S: a2 OK done)"),
            (Events{"ready", "a1 APPEND NO", "a2 NOOP OK"}));
}

TEST(ImapClient, PasswordsThatCannotBeQuotedGoAsLiterals) {
  EXPECT_EQ(events_of(open_settings(), [](Client& client) { client.login("fred", "p\xc3\xa9\r\n"); }, R"(
    S: * OK [CAPABILITY IMAP4rev1] hi
    C: a1 LOGIN fred {5}
    S: + go
    C: pé
    C: 
    S: a1 OK in)"),
            (Events{"ready", "a1 LOGIN OK"}));
}

TEST(ImapClient, Idle) {
  const auto idle_then = [](Client& client) { client.login("u", "p"), client.send(Idle{}); };
  EXPECT_EQ(events_of(open_settings(), idle_then, R"(
    S: * OK [CAPABILITY IMAP4rev1 IDLE] hi
    C: a1 LOGIN u p
    S: a1 OK in
    C: a2 IDLE
    S: + idling
    C: DONE
    S: a2 OK done)",
                      [](Client& client) { client.stop_idle(); }),
            (Events{"ready", "a1 LOGIN OK", "idling", "a2 IDLE OK"}));
  // DONE is only said once the server is listening for it.
  EXPECT_EQ(events_of(open_settings(), [&](Client& client) { idle_then(client); }, R"(
    S: * OK [CAPABILITY IMAP4rev1 IDLE] hi
    C: a1 LOGIN u p
    S: a1 OK in
    C: a2 IDLE
    S: a2 BAD not today)"),
            (Events{"ready", "a1 LOGIN OK", "a2 IDLE BAD"}));
}

TEST(ImapClient, HostileResponsesAreRefusedWithBoundedMemory) {
  const auto after_ready = [](std::string_view octets) {
    ClientSettings settings = open_settings();
    settings.line = 1000;
    settings.literal = 5000;
    User user(settings, {});
    user.session().receive("* OK [CAPABILITY IMAP4rev1] hi\r\n", test::nine_o_clock);
    user.session().receive(octets, test::nine_o_clock);
    user.settle();
    return user.events.back();
  };
  EXPECT_EQ(after_ready("* 1 FETCH (BODY[] {99999999999999999999}\r\n"), failed(FailureReason::too_long, "a literal"));
  EXPECT_EQ(after_ready("* 1 FETCH (BODY[] {5001}\r\n"), failed(FailureReason::too_long, "a literal"));
  EXPECT_EQ(after_ready("* OK " + std::string(2000, 'x')), failed(FailureReason::too_long, "a line"));
  EXPECT_EQ(after_ready("* 1 FETCH (BODY[] {-1}\r\n"), "garbled syntax");
  EXPECT_EQ(after_ready("a9 OK who asked?\r\n"), "garbled mismatch");
  EXPECT_EQ(after_ready("* 5 EXISTS\r\n"), "garbled out_of_order");  // no mailbox is open
  EXPECT_EQ(after_ready("* PREAUTH welcome\r\n"), "garbled out_of_order");
  EXPECT_EQ(after_ready("+ what?\r\n"), "garbled out_of_order");
  std::string many;
  for (int i = 0; i < 4; ++i) many += (i == 0 ? "* 1 FETCH (BODY[] {1500}\r\n" : " RFC822 {1500}\r\n") + std::string(1500, 'x');
  EXPECT_EQ(after_ready(many), failed(FailureReason::too_long, "a literal"));
}

TEST(ImapClient, PatienceEnds) {
  User user(open_settings(), {});
  Client& client = user.client();
  ASSERT_TRUE(client.deadline());
  client.receive("* OK [CAPABILITY IMAP4rev1] hi\r\n", test::nine_o_clock);
  EXPECT_FALSE(client.deadline());
  client.send(Noop{});
  client.on_deadline(test::nine_o_clock + 1h);  // the first tells how late it is
  user.settle();
  EXPECT_EQ(user.events, (Events{"ready"}));
  client.on_deadline(test::nine_o_clock + 1h + 5min);
  user.settle();
  EXPECT_EQ(user.events.back(), failed(FailureReason::timeout));
}

TEST(ImapClient, AServerThatGoesAwayIsSaid) {
  User user(open_settings(), {});
  user.session().receive("* OK [CAPABILITY IMAP4rev1] hi\r\n* BYE tired\r\n", test::nine_o_clock);
  user.session().receive_eof(test::nine_o_clock);
  user.settle();
  EXPECT_EQ(user.events, (Events{"ready", "BYE", failed(FailureReason::closed, "tired")}));
}

}  // namespace
}  // namespace glasspost::imap

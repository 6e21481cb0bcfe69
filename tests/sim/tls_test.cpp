// TLS between hosts: certificates that are not to be believed, versions, coming back, and somebody who strips STARTTLS.
#include "protocol/tls/facts.h"
#include "sim/tamper.h"
#include "tests/sim/worlds.h"
#include "tests/source_dir.h"

namespace glasspost::sim::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Scenario scenario_of(const std::string& name) {
  return read_scenario(std::string(glasspost::source_dir()) + "/assets/scenarios/" + name + ".yaml").value();
}

// What each connection between these two came to know of TLS, in order.
std::vector<TlsFacts> facts_of(const Played& played, std::string_view client, std::string_view server) {
  std::vector<TlsFacts> out;
  std::vector<ConnectionId> between;
  for (RecordId id = played.trace.first(); id < played.trace.end(); ++id) {
    const Record& record = played.trace[id];
    if (const auto* opened = std::get_if<Opened>(&record.what))
      if (opened->client == played.host(client) && opened->server == played.host(server)) between.push_back(record.connection);
    if (const auto* up = std::get_if<TlsUp>(&record.what); up && std::count(between.begin(), between.end(), record.connection))
      out.push_back(decode_tls_facts(played.trace.bytes(up->facts)).value());
  }
  return out;
}

std::vector<std::string> notes(const Played& played) {
  std::vector<std::string> out;
  for (const Note* note : played.all<Note>())
    if (const auto text = played.trace.bytes(note->text); text.starts_with("device:"))
      out.push_back(std::string(played.world_name(note->host)) + " " + std::string(text));
  return out;
}

// The stripper ----------------------------------------------------------------------------------------------------------------

struct Passing {
  Protocol protocol;
  Side from;
  std::string_view said, heard;
};
const Passing passings[] = {
    {Protocol::smtp, Side::server, "250-mx.example\r\n250-STARTTLS\r\n250 SIZE\r\n", "250-mx.example\r\n250-XXXXXXXX\r\n250 SIZE\r\n"},
    {Protocol::smtp, Side::server, "250-mx.example\r\n250 STARTTLS\r\n", "250-mx.example\r\n250 XXXXXXXX\r\n"},
    {Protocol::smtp, Side::server, "250-starttls.example\r\n250 SIZE\r\n", "250-starttls.example\r\n250 SIZE\r\n"},
    {Protocol::smtp, Side::server, "220 STARTTLS\r\n", "220 STARTTLS\r\n"},
    {Protocol::smtp, Side::client, "starttls\r\n", "XXXXXXXX\r\n"},
    {Protocol::smtp, Side::client, "EHLO starttls\r\n", "EHLO starttls\r\n"},
    {Protocol::lmtp, Side::server, "250 STARTTLS\r\n", "250 XXXXXXXX\r\n"},
    {Protocol::imap, Side::server, "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] Hi\r\n",
     "* OK [CAPABILITY IMAP4rev1 XXXXXXXX XXXXXXXXXXXXX] Hi\r\n"},
    {Protocol::imap, Side::server, "* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK done\r\n", "* CAPABILITY IMAP4rev1 XXXXXXXX\r\na1 OK done\r\n"},
    {Protocol::imap, Side::client, "a1 STARTTLS\r\n", "a1 XXXXXXXX\r\n"},
    {Protocol::pop3, Side::server, "+OK\r\nUIDL\r\nSTLS\r\n.\r\n", "+OK\r\nUIDL\r\nXXXX\r\n.\r\n"},
    {Protocol::pop3, Side::server, "+OK STLS is nice\r\n", "+OK STLS is nice\r\n"},
    {Protocol::pop3, Side::client, "STLS\r\n", "XXXX\r\n"},
};

TEST(StarttlsStripper, OverwritesTheWordAndNothingElse) {
  for (const Passing& passing : passings) {
    StarttlsStripper stripper(passing.protocol);
    EXPECT_EQ(stripper.pass(passing.from, passing.said), passing.heard);
  }
}

TEST(StarttlsStripper, LeavesLettersAndLoginsAlone) {
  StarttlsStripper smtp(Protocol::smtp);
  smtp.pass(Side::client, "MAIL FROM:<a@example.com>\r\n");
  EXPECT_EQ(smtp.pass(Side::client, "STARTTLS\r\n"), "STARTTLS\r\n");  // a line of the letter
  StarttlsStripper imap(Protocol::imap);
  imap.pass(Side::client, "a1 LOGIN bob secret\r\n");
  EXPECT_EQ(imap.pass(Side::server, "* CAPABILITY STARTTLS\r\n"), "* CAPABILITY STARTTLS\r\n");
  StarttlsStripper sealed(Protocol::imap);
  sealed.pass(Side::client, "\x16\x03\x01");
  EXPECT_EQ(sealed.pass(Side::client, "a1 STARTTLS\r\n"), "a1 STARTTLS\r\n");
}

// The same attack, three policies, three protocols ------------------------------------------------------------------------------

Played stripped(std::string_view link, std::string_view host, std::string_view policy, std::string_view act) {
  std::string yaml = with(small_world, {.links = "[{between: " + std::string(link) + ", faults: [{kind: strip}]}]"});
  const auto put = [&](std::string_view mark, const std::string& text) { yaml.replace(yaml.find(mark), mark.size(), text); };
  const std::string name = "name: " + std::string(host);
  const std::size_t at = yaml.find(name);
  const bool block = yaml.substr(at + name.size(), 1) == "\n";
  const std::string key = "tls_policy: " + std::string(policy);
  yaml.insert(at + name.size(), block ? "\n    " + key : ", " + key);
  put("{protocol: imap, port: 143, tls: starttls}, {protocol: pop3, port: 110, tls: starttls}",
      "{protocol: imap, port: 143, tls: starttls, allow_plaintext_login: yes}, "
      "{protocol: pop3, port: 110, tls: starttls, allow_plaintext_login: yes}");
  if (!act.empty()) yaml = yaml.substr(0, yaml.find("  - {at: 0 ms")) + "  - {at: 0 ms, " + std::string(act) + "}\n";
  return Played(parse_scenario(yaml, "stripped.yaml").value());
}

// "> " is the client's, "< " the server's, of connections with this server; what arrived otherwise stands behind it.
std::string dialogue(Played& played, std::string_view server) {
  played.conversations.observe(played.trace);
  std::string out;
  for (std::size_t row = 0; row < played.conversations.rows(); ++row) {
    const MessageRef ref = played.conversations.row(row);
    const Conversation& conversation = *played.conversations.find(ref.connection);
    const Message& message = conversation.message(ref.message);
    if (conversation.name(Side::server) != server || message.protocol == Protocol::tls) continue;
    std::string text = redact(conversation.text(message), conversation.tokens(message));
    for (std::size_t at = 0; (at = text.find("\r\n", at)) != text.npos;) text.replace(at, 2, at + 2 < text.size() ? "|" : "");
    out += (message.from == Side::client ? "C: " : "S: ") + text + (message.sealed ? "  (sealed)" : "");
    if (const std::string_view heard = conversation.heard(ref.message); !heard.empty()) out += heard.find("XXXX") != heard.npos ? "  (overwritten)" : "  (?)";
    out += "\n";
  }
  return out;
}

TEST(Stripped, ARelayThatTriesGoesOnInClear) {
  Played played = stripped("[mail.example.com, mx1.example.org]", "mail.example.com", "try", "");
  played.play();
  const std::string said = dialogue(played, "mx1.example.org");
  EXPECT_THAT(said, HasSubstr("STARTTLS"));
  EXPECT_THAT(said, HasSubstr("(overwritten)"));
  EXPECT_THAT(said, HasSubstr("C: MAIL FROM:<alice@example.com>"));
  EXPECT_THAT(said, Not(HasSubstr("(sealed)")));
  EXPECT_EQ(played.inbox("store.example.org", "bob").size(), 1U);
  EXPECT_THAT(played.faults(), Contains(FaultKind::strip));
}

TEST(Stripped, ARelayThatRequiresKeepsTheLetterAndSaysWhy) {
  Played played = stripped("[mail.example.com, mx1.example.org]", "mail.example.com", "require", "");
  played.play(2s);
  const std::string said = dialogue(played, "mx1.example.org");
  EXPECT_THAT(said, HasSubstr("(overwritten)"));
  EXPECT_THAT(said, Not(HasSubstr("MAIL FROM")));
  // The second exchanger's link is not attacked: there it goes, under TLS.
  EXPECT_THAT(dialogue(played, "mx2.example.org"), HasSubstr("C: MAIL FROM:<alice@example.com>"));
  EXPECT_THAT(dialogue(played, "mx2.example.org"), HasSubstr("(sealed)"));
}

TEST(Stripped, WithEveryWayStrippedTheLetterWaits) {
  Scenario scenario = scenario_of("stripped");
  Played played(std::move(scenario));
  played.play(10s);
  const auto changes = played.queue_changes();
  EXPECT_THAT(changes, Contains("deferred mail2.example.com bob@example.org 451 4.7.4 The server does not offer STARTTLS, and going "
                                "on in plaintext is not allowed"));
  EXPECT_EQ(played.inbox("store.example.org", "bob").size(), 1U);  // by the server that only tries
}

TEST(Stripped, ARelayWithoutAPolicyForTlsNeverAsks) {
  Played played = stripped("[mail.example.com, mx1.example.org]", "mail.example.com", "none", "");
  played.play();
  EXPECT_THAT(dialogue(played, "mx1.example.org"), Not(HasSubstr("C: STARTTLS")));
  EXPECT_EQ(played.inbox("store.example.org", "bob").size(), 1U);
}

TEST(Stripped, ImapThatTriesSaysItsPasswordInClear) {
  Played played = stripped("[reader, store.example.org]", "reader", "try", "do: check, device: reader, server: store.example.org, port: 143");
  played.play();
  const std::string said = dialogue(played, "store.example.org");
  EXPECT_THAT(said, HasSubstr("(overwritten)"));
  EXPECT_THAT(said, HasSubstr("C: a1 AUTHENTICATE PLAIN"));
  EXPECT_THAT(said, HasSubstr("S: a1 OK"));
  EXPECT_THAT(said, Not(HasSubstr("(sealed)")));
  EXPECT_THAT(notes(played), IsEmpty());
}

TEST(Stripped, ImapThatRequiresSaysNoPasswordAndTells) {
  Played played = stripped("[reader, store.example.org]", "reader", "require", "do: check, device: reader, server: store.example.org, port: 143");
  played.play();
  const std::string said = dialogue(played, "store.example.org");
  EXPECT_THAT(said, HasSubstr("(overwritten)"));
  EXPECT_THAT(said, Not(HasSubstr("AUTHENTICATE")));
  EXPECT_THAT(said, Not(HasSubstr("LOGIN bob")));
  EXPECT_THAT(notes(played), ElementsAre("reader device:no_starttls"));
}

TEST(Stripped, Pop3ThatTriesSaysItsPasswordInClear) {
  Played played = stripped("[reader, store.example.org]", "reader", "try", "do: collect, device: reader, server: store.example.org, port: 110");
  played.play();
  const std::string said = dialogue(played, "store.example.org");
  EXPECT_THAT(said, HasSubstr("(overwritten)"));
  EXPECT_THAT(said, HasSubstr("C: QUIT"));
  EXPECT_THAT(said, HasSubstr("C: STAT"));
  EXPECT_THAT(said, Not(HasSubstr("(sealed)")));
}

TEST(Stripped, Pop3ThatRequiresSaysNoPasswordAndTells) {
  Played played = stripped("[reader, store.example.org]", "reader", "require", "do: collect, device: reader, server: store.example.org, port: 110");
  played.play();
  const std::string said = dialogue(played, "store.example.org");
  EXPECT_THAT(said, Not(HasSubstr("STAT")));
  EXPECT_THAT(said, Not(HasSubstr("PASS")));
  EXPECT_THAT(notes(played), ElementsAre("reader device:no_starttls"));
}

TEST(Stripped, SubmissionThatRequiresSaysNothingOfTheLetter) {
  Played played = stripped("[laptop, mail.example.com]", "laptop", "require", "");
  played.play();
  EXPECT_THAT(dialogue(played, "mail.example.com"), Not(HasSubstr("MAIL FROM")));
  EXPECT_THAT(dialogue(played, "mail.example.com"), Not(HasSubstr("AUTH ")));
  EXPECT_THAT(notes(played), ElementsAre("laptop device:no_starttls"));
}

// Who asks all the same gets a false answer: the server hears XXXXXXXX.
TEST(Stripped, WhoAsksByHandIsToldThatThereIsNoSuchCommand) {
  Played played = stripped("[laptop, mail.example.com]", "laptop", "try", "do: leave, device: laptop");
  const ConnectionId console = played.world.perform(OpenConsole{played.host("laptop"), played.host("mail.example.com"), 587});
  played.world.run_until(played.world.now() + 1s);
  played.world.perform(TypeText{console, "EHLO me\r\n"});
  played.world.run_until(played.world.now() + 1s);
  played.world.perform(TypeText{console, "STARTTLS\r\n"});
  played.world.run_until(played.world.now() + 1s);
  const std::string said = dialogue(played, "mail.example.com");
  EXPECT_THAT(said, HasSubstr("C: STARTTLS  (overwritten)\nS: 500 5.5.1"));
  EXPECT_FALSE(played.world.console(console).sealed);
}

TEST(Stripped, WhatArrivesIsAsLongAsWhatWasSaid) {
  Played played(scenario_of("stripped"));
  played.play(20s);
  EXPECT_FALSE(played.all<Tampered>().empty());
  for (const Tampered* changed : played.all<Tampered>()) EXPECT_EQ(changed->said.size, changed->heard.size);
  played.conversations.observe(played.trace);
  for (std::size_t row = 0; row < played.conversations.rows(); ++row)
    EXPECT_NE(played.conversations.message(played.conversations.row(row)).arrived, Instant::max());
}

// Certificates ------------------------------------------------------------------------------------------------------------------

TEST(Certificates, EachFailsForItsOwnReasonAndNoPasswordIsSaid) {
  Played played(scenario_of("certificates"));
  played.play();
  std::vector<std::string> reasons;
  for (const TlsFailed* failed : played.all<TlsFailed>())
    if (failed->at == Side::client) reasons.emplace_back(played.trace.bytes(failed->reason));
  EXPECT_THAT(reasons, ElementsAre("the certificate of expired.example.org expired on 2026-10-30",
                                   "the certificate of not-yet.example.org is not valid before 2026-11-05",
                                   "the certificate is for www.example.org, not for wrong-name.example.org",
                                   "the certificate of unknown.example.org was issued by Corner Shop CA, which is not among those that "
                                   "are trusted here",
                                   "the certificate of self-signed.example.org is signed by itself: nobody who is trusted here vouches "
                                   "for it"));
  const std::string said = played.transcript();
  EXPECT_THAT(said, HasSubstr("good.example.org> +OK"));
  for (const std::string_view bad : {"expired", "not-yet", "wrong-name", "unknown", "self-signed"})
    EXPECT_THAT(said, Not(HasSubstr(std::string(bad) + ".example.org> ")));
}

TEST(Certificates, ARelayWithoutAPolicyBelievesAnything) {
  std::string yaml = with(small_world, {});
  const std::string mark = "name: mx1.example.org, kind: server";
  yaml.replace(yaml.find(mark), mark.size(), mark + ", certificate: self_signed");
  Played played(parse_scenario(yaml, "small.yaml").value());
  played.play();
  const auto facts = facts_of(played, "mail.example.com", "mx1.example.org");
  ASSERT_EQ(facts.size(), 1U);
  EXPECT_EQ(facts[0].verdict, Verdict::self_signed);
  EXPECT_EQ(played.inbox("store.example.org", "bob").size(), 1U);
}

TEST(Certificates, ARelayThatRequiresGoesToTheNextExchanger) {
  std::string yaml = with(small_world, {});
  const auto add = [&](const std::string& mark, const std::string& key) { yaml.replace(yaml.find(mark), mark.size(), mark + key); };
  add("name: mx1.example.org, kind: server", ", certificate: expired");
  add("  - name: mail.example.com\n", "    tls_policy: require\n");
  Played played(parse_scenario(yaml, "small.yaml").value());
  played.play();
  EXPECT_THAT(dialogue(played, "mx1.example.org"), Not(HasSubstr("MAIL FROM")));
  EXPECT_THAT(played.inbox("store.example.org", "bob").at(0), HasSubstr("by mx2.example.org"));
}

// Versions, and coming back -------------------------------------------------------------------------------------------------------

TEST(TlsVersions, AHostCanBeHeldToOneVersion) {
  Played played(scenario_of("tls-versions"));
  played.play();
  EXPECT_EQ(facts_of(played, "alice-laptop", "mail.example.com").at(0).version, "TLSv1.3");
  EXPECT_EQ(facts_of(played, "mail.example.com", "mx1.example.org").at(0).version, "TLSv1.2");
}

// RFC 8446 section 4.2.1: a server that speaks 1.3 alone answers who does not with the alert protocol_version.
TEST(TlsVersions, AHostThatSpeaks13AloneTurnsAwayWhoDoesNot) {
  const auto played = [](const std::string& sender) {
    std::string yaml = with(small_world, {});
    const auto add = [&](const std::string& mark, const std::string& key) { yaml.replace(yaml.find(mark), mark.size(), mark + key); };
    add("name: mx1.example.org, kind: server", ", tls_version: '1.3'");
    add("  - name: mail.example.com\n", sender);
    auto one = std::make_unique<Played>(parse_scenario(yaml, "small.yaml").value());
    one->play();
    return one;
  };
  const auto both = played("");
  EXPECT_EQ(facts_of(*both, "mail.example.com", "mx1.example.org").at(0).version, "TLSv1.3");
  const auto old = played("    tls_version: '1.2'\n");
  EXPECT_TRUE(facts_of(*old, "mail.example.com", "mx1.example.org").empty());
  std::vector<std::string> reasons;
  for (const TlsFailed* failed : old->all<TlsFailed>()) reasons.emplace_back(old->trace.bytes(failed->reason));
  EXPECT_THAT(reasons, Contains(HasSubstr("the alert protocol_version")));
  const auto strict = played("    tls_version: '1.2'\n    tls_policy: require\n");
  EXPECT_THAT(dialogue(*strict, "mx1.example.org"), Not(HasSubstr("MAIL FROM"))) << "rather not at all than in clear";
}

TEST(Resumption, ATicketSavesTheCertificateUntilItIsTooOld) {
  Played played(scenario_of("resumed"));
  played.play();
  const auto facts = facts_of(played, "bob-phone", "store.example.org");
  ASSERT_EQ(facts.size(), 3U);
  EXPECT_FALSE(facts[0].resumed);
  EXPECT_TRUE(facts[1].resumed);
  EXPECT_EQ(facts[1].verdict, Verdict::trusted);
  EXPECT_EQ(facts[1].alpn, "imap");
  EXPECT_FALSE(facts[2].resumed);
}

TEST(ScenarioFormat, TlsKeysThatAreWrongAreNamed) {
  const auto problem = [](const std::string& key) {
    std::string yaml = with(small_world, {});
    const std::string mark = "name: laptop, kind: laptop";
    yaml.replace(yaml.find(mark), mark.size(), mark + ", " + key);
    const auto parsed = parse_scenario(yaml, "small.yaml");
    return parsed ? std::string() : parsed.error().problem;
  };
  EXPECT_THAT(problem("tls_policy: maybe"), HasSubstr("none, try, require"));
  EXPECT_THAT(problem("tls_version: '1.1'"), HasSubstr("1.2, 1.3"));
  EXPECT_THAT(problem("certificate: expired"), HasSubstr("a host with services"));
  EXPECT_THAT(problem("tickets: yes"), HasSubstr("a host with services"));
  EXPECT_EQ(problem("tls_policy: none"), "");
}

}  // namespace
}  // namespace glasspost::sim::testing

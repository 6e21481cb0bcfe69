// What the transfer agent tells senders (RFC 3461, 3464), where letters go on to, and who it lets in.
#include <algorithm>

#include "sim/redirect.h"
#include "sim/reports.h"
#include "tests/sim/worlds.h"

namespace glasspost::sim::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

// Two domains that hold their mailboxes themselves. SERVER and THERE: more of what each is; SERVICE: of their port 25.
const std::string two_domains = R"(
title: {en: Two domains, es: Dos dominios}
start: "2026-11-02 09:00:00"
retry_after: 30 min
TOP
users: {alice@example.com: s3cret, bob@example.org: b0bby, carol@example.org: c4rol}
hosts:
  - {name: laptop, kind: laptop, address: 192.0.2.17, owner: alice@example.com}
  - name: mail.example.com
    kind: server
    address: 203.0.113.25
    domain: example.com
SERVER
    services:
      - {protocol: smtp, port: 587, tls: starttls, submission: yes, extensions: [DSN, SMTPUTF8, CHUNKING, FUTURERELEASE, DELIVERBY, MT-PRIORITY, REQUIRETLS]}
      - {protocol: smtp, port: 25, tls: starttls, extensions: [DSN, SMTPUTF8, CHUNKING, REQUIRETLS]}
      - {protocol: imap, port: 143, tls: starttls}
  - {name: ns, kind: dns, address: 192.0.2.53}
  - name: mx.example.org
    kind: server
    address: 198.51.100.7
    domain: example.org
THERE
    services:
      - {protocol: smtp, port: 25, tls: starttls, SERVICE}
      - {protocol: imap, port: 143, tls: starttls}
links: LINKS
zones:
  - {name: example.org, type: MX, value: 10 mx.example.org}
  - {name: mx.example.org, type: A, value: 198.51.100.7}
  - {name: example.com, type: MX, value: 10 mail.example.com}
  - {name: mail.example.com, type: A, value: 203.0.113.25}
letter:
  from: alice@example.com
  to: RECIPIENT
WISHES
  text: "From: alice@example.com\nTo: RECIPIENT\nSubject: Hello\nMessage-ID: <1@example.com>\n\nBody\n"
story:
  - {at: 0 ms, do: send, device: laptop, server: mail.example.com, port: 587, tls: starttls}
)";

struct With {
  std::string wishes, recipient = "bob@example.org", server, there, service = "extensions: []", links = "[]", top;
};

Scenario scenario_with(const With& with) {
  std::string yaml = two_domains;
  const auto put = [&](std::string_view mark, const std::string& text) {
    for (std::size_t at = yaml.find(mark); at != yaml.npos; at = yaml.find(mark, at + text.size())) yaml.replace(at, mark.size(), text);
  };
  put("WISHES\n", with.wishes.empty() ? "" : "  " + with.wishes + "\n");
  put("RECIPIENT", with.recipient);
  put("SERVER\n", with.server.empty() ? "" : "    " + with.server + "\n");
  put("THERE\n", with.there.empty() ? "" : "    " + with.there + "\n");
  put("SERVICE", with.service);
  put("LINKS", with.links);
  put("TOP\n", with.top.empty() ? "" : with.top + "\n");
  auto parsed = parse_scenario(yaml, "two.yaml");
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().describe());
  return parsed ? *parsed : Scenario{};
}

std::vector<std::string> notices(Played& world) { return world.inbox("mail.example.com", "alice"); }

const std::string refuses_all = "[{between: [mail.example.com, mx.example.org], faults: [{kind: refuse}]}]";

TEST(Reports, ABounceNamesTheEnvelopeTheRecipientAsWrittenAndWhoSaidSo) {
  Played world(scenario_with({.wishes = "envelope_id: QQ314159", .recipient = "nobody@example.org"}));
  world.play();
  ASSERT_THAT(notices(world), SizeIs(1)) << world.transcript();
  const std::string notice = notices(world)[0];
  EXPECT_THAT(notice, HasSubstr("Content-Type: multipart/report; report-type=delivery-status;\r\n"));
  EXPECT_THAT(notice, HasSubstr("Original-Envelope-Id: QQ314159\r\nReporting-MTA: dns; mail.example.com\r\nArrival-Date: Mon, 2 Nov 2026 09:00:0"));
  EXPECT_THAT(notice, HasSubstr("\r\n\r\nFinal-Recipient: rfc822; nobody@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n"
                                "Remote-MTA: dns; mx.example.org\r\nDiagnostic-Code: smtp; 550 5.1.1 No such mailbox here\r\nLast-Attempt-Date: "));
  EXPECT_THAT(notice, HasSubstr("Content-Type: text/rfc822-headers\r\n\r\nReceived: from"));
  EXPECT_THAT(notice, Not(HasSubstr("\r\nBody\r\n")));
}

TEST(Reports, RetFullBringsTheWholeLetterBack) {
  Played world(scenario_with({.wishes = "return: full", .recipient = "nobody@example.org"}));
  world.play();
  ASSERT_THAT(notices(world), SizeIs(1));
  EXPECT_THAT(notices(world)[0], HasSubstr("Content-Type: message/rfc822\r\n\r\nReceived: from"));
  EXPECT_THAT(notices(world)[0], HasSubstr("\r\nMessage-ID: <1@example.com>\r\n\r\nBody\r\n\r\n--report-"));
}

TEST(Reports, WhoWantsToHearNothingHearsNothing) {
  for (const std::string notify : {"NEVER", "SUCCESS", "DELAY"}) {
    Played world(scenario_with({.wishes = "notify: \"" + notify + "\"", .recipient = "nobody@example.org"}));
    world.play();
    EXPECT_THAT(notices(world), SizeIs(0)) << notify;
    EXPECT_THAT(world.queue_changes().back(), StartsWith("bounced"));
  }
}

TEST(Reports, SuccessIsToldWhereTheLetterEnds) {
  // The other server offers DSN: it is the one that delivers, and it tells.
  Played world(scenario_with({.wishes = "notify: \"SUCCESS,FAILURE\"", .service = "extensions: [DSN]"}));
  world.play();
  EXPECT_THAT(world.inbox("mx.example.org", "bob"), SizeIs(1));
  ASSERT_THAT(notices(world), SizeIs(1)) << world.transcript();
  EXPECT_THAT(notices(world)[0], HasSubstr("Reporting-MTA: dns; mx.example.org\r\n"));
  EXPECT_THAT(notices(world)[0], HasSubstr("Action: delivered\r\nStatus: 2."));
  EXPECT_THAT(world.transcript(), HasSubstr("RCPT TO:<bob@example.org> NOTIFY=SUCCESS,FAILURE"));
}

TEST(Reports, ToldAsRelayedWhereNobodyWillTellMore) {
  Played world(scenario_with({.wishes = "notify: \"SUCCESS\""}));
  world.play();
  EXPECT_THAT(world.inbox("mx.example.org", "bob"), SizeIs(1));
  ASSERT_THAT(notices(world), SizeIs(1));
  EXPECT_THAT(notices(world)[0], HasSubstr("Reporting-MTA: dns; mail.example.com\r\n"));
  EXPECT_THAT(notices(world)[0], HasSubstr("Action: relayed\r\nStatus: 2.0.0\r\nRemote-MTA: dns; mx.example.org\r\n"));
  EXPECT_THAT(world.transcript(), Not(HasSubstr("mail.example.com> RCPT TO:<bob@example.org> NOTIFY")));
}

TEST(Reports, ADelayIsToldOnceToWhoAskedForIt) {
  for (const std::string notify : {"DELAY", "FAILURE"}) {
    Played world(scenario_with({.wishes = "notify: \"" + notify + "\"", .links = refuses_all}));
    world.play(24h);
    const auto told = notices(world);
    EXPECT_THAT(told, SizeIs(notify == "DELAY" ? 1 : 0)) << notify;
    if (told.empty()) continue;
    EXPECT_THAT(told[0], HasSubstr("Subject: Delayed mail (still being retried)\r\n"));
    EXPECT_THAT(told[0], HasSubstr("Action: delayed\r\nStatus: 4.4.1\r\n"));
    EXPECT_THAT(told[0], HasSubstr("Will-Retry-Until: Sat, 7 Nov 2026 09:00:0"));
  }
  Played without(scenario_with({.links = refuses_all, .top = "delay_notice_after: 1 h"}));
  without.play(24h);
  EXPECT_THAT(notices(without), SizeIs(1));  // as this server is set
}

TEST(Reports, WhatARefusingPeerSaysStaysInItsLine) {
  Report report;
  report.reporting_mta = "mx.example.org";
  report.to = "alice@example.com";
  report.recipients = {{.address = "bob@example.org", .original = smtp::OriginalRecipient{"rfc822", "B\xc3\xb6" "b@example.org"},
                        .status = "5.0.0", .diagnostic = "550 no\r\nAction: delivered", .remote_mta = {}, .retry_until = {}}};
  report.boundary = "b";
  const std::string text = report_text(report, "Subject: x\r\n\r\nbody\r\n");
  EXPECT_THAT(text, HasSubstr("Original-Recipient: rfc822; B\xc3\xb6" "b@example.org\r\nFinal-Recipient: rfc822; bob@example.org\r\n"));
  EXPECT_THAT(text, HasSubstr("Diagnostic-Code: smtp; 550 no  Action: delivered\r\n"));
  EXPECT_THAT(text, HasSubstr("Content-Transfer-Encoding: 8bit\r\n"));
  EXPECT_EQ(status_of("550 5.1.1 No such mailbox"), "5.1.1");
  EXPECT_EQ(status_of("421 busy"), "4.0.0");
  EXPECT_EQ(status_of("5.6.7 The letter has"), "5.6.7");
  EXPECT_EQ(status_of(""), "5.0.0");
}

TEST(Redirects, AnAliasLeadsToSeveral) {
  Played world(scenario_with({.wishes = "notify: \"SUCCESS\"", .recipient = "sales@example.org", .there = "aliases: {sales@example.org: [bob@example.org, carol@example.org, bob@example.org]}",
                              .service = "extensions: [DSN]"}));
  world.play();
  EXPECT_THAT(world.inbox("mx.example.org", "bob"), SizeIs(1));
  EXPECT_THAT(world.inbox("mx.example.org", "carol"), SizeIs(1));
  EXPECT_THAT(world.inbox("mx.example.org", "bob")[0], StartsWith("Return-Path: <alice@example.com>\r\n"));
  ASSERT_THAT(notices(world), SizeIs(1));  // RFC 3461 section 5.2.7: told where the one becomes many, and not by each of them
  EXPECT_THAT(notices(world)[0], HasSubstr("Final-Recipient: rfc822; sales@example.org\r\nAction: expanded\r\n"));
}

TEST(Redirects, ForwardingKeepsTheSenderOrRewritesIt) {
  const std::string to_alice = "forwards: {bob@example.org: {to: alice@example.com, rewrite: REWRITE}}";
  for (const std::string rewrite : {"no", "yes"}) {
    std::string there = to_alice;
    there.replace(there.find("REWRITE"), 7, rewrite);
    Played world(scenario_with({.there = there}));
    world.play();
    ASSERT_THAT(notices(world), SizeIs(1)) << world.transcript();
    EXPECT_THAT(notices(world)[0], StartsWith(rewrite == "no" ? "Return-Path: <alice@example.com>\r\n" : "Return-Path: <SRS0="));
    EXPECT_THAT(notices(world)[0], HasSubstr("\r\n\r\nBody\r\n"));
  }
}

TEST(Redirects, WhatComesBackToARewrittenSenderFindsTheRealOne) {
  const std::string made = rewritten_sender("alice@example.com", "example.org", "secret");
  EXPECT_THAT(made, StartsWith("SRS0="));
  EXPECT_THAT(made, ::testing::EndsWith("=example.com=alice@example.org"));
  EXPECT_EQ(original_sender(made, "secret"), "alice@example.com");
  EXPECT_EQ(original_sender(made, "another"), std::nullopt);
  std::string forged = made;
  forged.replace(forged.find("alice"), 5, "mallo");
  EXPECT_EQ(original_sender(forged, "secret"), std::nullopt);
  // Forwarded to somebody who is not there: the bounce comes back by way of the forwarder.
  Played world(scenario_with({.there = "forwards: {bob@example.org: {to: nobody@example.com, rewrite: yes}}"}));
  world.play();
  ASSERT_THAT(notices(world), SizeIs(1)) << world.transcript();
  EXPECT_THAT(notices(world)[0], HasSubstr("Final-Recipient: rfc822; nobody@example.com\r\nAction: failed\r\n"));
  EXPECT_THAT(notices(world)[0], HasSubstr("Reporting-MTA: dns; mx.example.org\r\n"));
}

TEST(Redirects, AliasesInACircleEnd) {
  Played world(scenario_with({.recipient = "one@example.org", .there = "aliases: {one@example.org: two@example.org, two@example.org: [one@example.org, bob@example.org]}"}));
  world.play();
  EXPECT_THAT(world.inbox("mx.example.org", "bob"), SizeIs(1));
}

TEST(Lists, MembersGetItFromTheListAndBouncesGoToItsOwner) {
  Played world(scenario_with({.recipient = "friends@example.org",
                              .there = "lists: {friends@example.org: {members: [bob@example.org, alice@example.com, gone@example.com], owner: carol@example.org}}"}));
  world.play();
  ASSERT_THAT(world.inbox("mx.example.org", "bob"), SizeIs(1)) << world.transcript();
  EXPECT_THAT(world.inbox("mx.example.org", "bob")[0], StartsWith("Return-Path: <friends-bounces@example.org>\r\nList-Id: <friends.example.org>\r\n"));
  ASSERT_THAT(notices(world), SizeIs(1));  // as a member
  EXPECT_THAT(notices(world)[0], HasSubstr("List-Post: <mailto:friends@example.org>\r\n"));
  ASSERT_THAT(world.inbox("mx.example.org", "carol"), SizeIs(1));
  EXPECT_THAT(world.inbox("mx.example.org", "carol")[0], HasSubstr("Final-Recipient: rfc822; gone@example.com\r\nAction: failed\r\n"));
}

TEST(Lists, WhatHasBeenThroughItIsNotTakenAgain) {
  Scenario scenario = scenario_with({.recipient = "friends@example.org", .there = "lists: {friends@example.org: {members: [bob@example.org], owner: carol@example.org}}"});
  scenario.letter = "List-Id: Friends <friends.example.org>\r\n" + scenario.letter;
  Played world(std::move(scenario));
  world.play();
  EXPECT_THAT(world.inbox("mx.example.org", "bob"), SizeIs(0));
  ASSERT_THAT(notices(world), SizeIs(1));
  EXPECT_THAT(notices(world)[0], HasSubstr("Status: 5.4.6\r\n"));
}

TEST(Vacations, AnswerOnceAndNeverAProgram) {
  const std::string away = "vacations: {bob@example.org: {text: \"I am away.\"}}";
  Scenario twice = scenario_with({.there = away});
  twice.story.push_back(twice.story.front());
  twice.story.back().at = 1h;
  Played world(std::move(twice));
  world.play();
  EXPECT_THAT(world.inbox("mx.example.org", "bob"), SizeIs(2));
  ASSERT_THAT(notices(world), SizeIs(1)) << world.transcript();
  EXPECT_THAT(notices(world)[0], StartsWith("Return-Path: <>\r\n"));
  EXPECT_THAT(notices(world)[0], HasSubstr("Auto-Submitted: auto-replied\r\n"));
  EXPECT_THAT(notices(world)[0], HasSubstr("In-Reply-To: <1@example.com>\r\n"));
  EXPECT_THAT(notices(world)[0], HasSubstr("\r\n\r\nI am away.\r\n"));
  // Two who are away: one answer, which nobody answers.
  Played both(scenario_with({.server = "vacations: {alice@example.com: {text: \"So am I.\"}}", .there = away}));
  both.play();
  EXPECT_THAT(notices(both), SizeIs(1));
  EXPECT_THAT(both.inbox("mx.example.org", "bob"), SizeIs(1));
}

TEST(Vacations, WhoMayNotBeAnswered) {
  const std::string to_bob = "To: Bob <BOB@example.org>\r\n";
  EXPECT_TRUE(may_answer(to_bob + "\r\nx", "alice@example.com", "bob@example.org"));
  EXPECT_FALSE(may_answer(to_bob + "\r\nx", "", "bob@example.org"));
  EXPECT_FALSE(may_answer(to_bob + "\r\nx", "MAILER-DAEMON@example.com", "bob@example.org"));
  EXPECT_FALSE(may_answer(to_bob + "\r\nx", "friends-bounces@example.com", "bob@example.org"));
  EXPECT_FALSE(may_answer(to_bob + "Auto-Submitted: auto-generated\r\n\r\nx", "alice@example.com", "bob@example.org"));
  EXPECT_TRUE(may_answer(to_bob + "Auto-Submitted: no\r\n\r\nx", "alice@example.com", "bob@example.org"));
  EXPECT_FALSE(may_answer(to_bob + "List-Id:\r\n <x.example>\r\n\r\nx", "alice@example.com", "bob@example.org"));
  EXPECT_FALSE(may_answer(to_bob + "Precedence: bulk\r\n\r\nx", "alice@example.com", "bob@example.org"));
  EXPECT_FALSE(may_answer("To: undisclosed\r\n\r\nbob@example.org", "alice@example.com", "bob@example.org"));
  EXPECT_EQ(field_of("A: 1\r\nB: 2\r\n 3\r\nC: 4\r\n\r\nB: 5", "b"), "2 3");
  EXPECT_EQ(field_of("A: 1\r\n\r\nB: 5", "b"), std::nullopt);
}

// RFC 6647 section 2: the same client, sender and recipient, later.
TEST(Greylisting, ATripleIsKnownAfterItsTime) {
  Played world(scenario_with({.there = "greylist_for: 45 min"}));
  world.play();
  EXPECT_THAT(world.inbox("mx.example.org", "bob"), SizeIs(1));
  const auto changes = world.queue_changes();
  EXPECT_EQ(std::count_if(changes.begin(), changes.end(), [](const auto& c) { return c.starts_with("deferred") && c.find("451 4.7.1") != c.npos; }), 2);
  EXPECT_GE(world.world.now(), world.scenario.start + 90min);
  // Another letter of the same three is welcome at once.
  world.world.perform(LetDevice{world.scenario.story.front()});
  world.world.run_until(world.world.now() + 1min);
  EXPECT_THAT(world.inbox("mx.example.org", "bob"), SizeIs(2));
}

TEST(Times, ALetterIsHeldBackUntilItsTime) {
  Played world(scenario_with({.wishes = "hold_for: 2 h"}));
  world.world.run_until(world.scenario.start + 1h);
  EXPECT_THAT(world.inbox("mx.example.org", "bob"), SizeIs(0));
  EXPECT_THAT(world.queue_changes(), ElementsAre("accepted mail.example.com bob@example.org ", "deferred mail.example.com bob@example.org "));
  world.world.run_until(world.scenario.start + 2h + 1min);
  EXPECT_THAT(world.inbox("mx.example.org", "bob"), SizeIs(1));
}

TEST(Times, ALetterThatIsTooLateComesBackOrItsSenderIsTold) {
  Played back(scenario_with({.wishes = "deliver_by: \"3600;R\"", .service = "extensions: [DELIVERBY]", .links = refuses_all}));
  back.play(24h);
  ASSERT_THAT(notices(back), SizeIs(1));
  EXPECT_THAT(notices(back)[0], HasSubstr("Action: failed\r\n"));
  Played on(scenario_with({.wishes = "deliver_by: \"3600;N\"", .links = refuses_all}));
  on.play(24h);
  ASSERT_THAT(notices(on), SizeIs(1));
  EXPECT_THAT(notices(on)[0], HasSubstr("Action: delayed\r\n"));
}

TEST(RequireTls, ALetterDoesNotGoWhereItIsNotKept) {
  Played kept(scenario_with({.wishes = "require_tls: yes", .service = "extensions: [REQUIRETLS]"}));
  kept.play();
  EXPECT_THAT(kept.inbox("mx.example.org", "bob"), SizeIs(1)) << kept.transcript();
  Played not_offered(scenario_with({.wishes = "require_tls: yes"}));
  not_offered.play();
  EXPECT_THAT(not_offered.inbox("mx.example.org", "bob"), SizeIs(0));
  ASSERT_THAT(notices(not_offered), SizeIs(1));
  EXPECT_THAT(notices(not_offered)[0], HasSubstr("Status: 5.7.30\r\n"));
}

TEST(SmtpUtf8, ALetterGoesThroughOrComesBackUnmangled) {
  Scenario through = scenario_with({.wishes = "utf8: yes", .service = "extensions: [SMTPUTF8]"});
  through.letter = "Subject: ñ\r\n" + through.letter;
  Played world(std::move(through));
  world.play();
  ASSERT_THAT(world.inbox("mx.example.org", "bob"), SizeIs(1)) << world.transcript();
  EXPECT_THAT(world.inbox("mx.example.org", "bob")[0], HasSubstr("with UTF8SMTPS id"));
  EXPECT_THAT(world.inbox("mx.example.org", "bob")[0], HasSubstr("Subject: ñ\r\n"));
  Scenario old = scenario_with({.wishes = "utf8: yes"});
  old.letter = "Subject: ñ\r\n" + old.letter;
  Played back(std::move(old));
  back.play();
  EXPECT_THAT(back.inbox("mx.example.org", "bob"), SizeIs(0));
  ASSERT_THAT(notices(back), SizeIs(1));
  EXPECT_THAT(notices(back)[0], HasSubstr("Status: 5.6.7\r\n"));
  EXPECT_THAT(notices(back)[0], HasSubstr("report-type=global-delivery-status"));
  EXPECT_THAT(notices(back)[0], HasSubstr("Subject: ñ\r\n"));
}

// RFC 9422: a list of many goes in as many transactions as the server's limit wants.
TEST(Limits, ManyRecipientsGoInSeveralTransactions) {
  Played world(scenario_with({.recipient = "all@example.com",
                              .server = "aliases: {all@example.com: [bob@example.org, carol@example.org, postmaster@example.org]}",
                              .service = "extensions: [LIMITS], max_recipients: 2"}));
  world.play();
  for (const char* user : {"bob", "carol", "postmaster"}) EXPECT_THAT(world.inbox("mx.example.org", user), SizeIs(1)) << user;
  const std::string said = world.transcript();
  std::size_t mails = 0;
  for (std::size_t at = said.find("mail.example.com> MAIL FROM"); at != said.npos; at = said.find("mail.example.com> MAIL FROM", at + 1)) ++mails;
  EXPECT_EQ(mails, 2U) << said;
  EXPECT_THAT(said, Not(HasSubstr("452")));
}

TEST(Keeper, HoldsReleasesAndDrops) {
  Played world(scenario_with({.links = refuses_all}));
  world.world.run_until(world.scenario.start + 1min);
  const HostId host = world.host("mail.example.com");
  world.world.perform(HoldLetter{host, 1, true});
  world.world.run_until(world.scenario.start + 5h);
  EXPECT_THAT(world.queue_changes().back(), StartsWith("held mail.example.com bob@example.org"));
  world.world.perform(HoldLetter{host, 1, false});
  world.world.run_until(world.scenario.start + 5h + 1min);
  EXPECT_THAT(world.queue_changes().back(), StartsWith("deferred"));
  world.world.perform(DropLetter{host, 1});
  world.play();
  EXPECT_THAT(world.queue_changes().back(), StartsWith("dropped"));
  EXPECT_THAT(notices(world), SizeIs(0));
}

TEST(ScramInTheWorld, DevicesLogInWithWhatIsOffered) {
  Scenario scenario = scenario_with({});
  for (HostDescription& host : scenario.hosts)
    for (ServiceDescription& service : host.services) service.mechanisms = {sasl::Mechanism::scram_sha_256_plus, sasl::Mechanism::scram_sha_256};
  scenario.story.push_back(scenario.story.front());
  scenario.story.back().kind = ActKind::check;
  scenario.story.back().port = 143;
  scenario.story.back().at = 10s;
  Played world(std::move(scenario));
  world.play();
  EXPECT_THAT(world.inbox("mx.example.org", "bob"), SizeIs(1)) << world.transcript();
  EXPECT_THAT(world.transcript(), HasSubstr("laptop> AUTH SCRAM-SHA-256-PLUS ••••"));
  EXPECT_THAT(world.transcript(), HasSubstr("AUTHENTICATE SCRAM-SHA-256-PLUS"));
  EXPECT_THAT(world.transcript(), Not(HasSubstr("p=")));
  EXPECT_THAT(world.transcript(), Not(HasSubstr("535")));
}

}  // namespace
}  // namespace glasspost::sim::testing

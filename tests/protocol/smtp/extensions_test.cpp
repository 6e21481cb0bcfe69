// What the parameters of MAIL and RCPT say: RFC 3461, 2852, 4865, 6710, 8689, 6531.
#include "protocol/smtp/extensions.h"

#include <gtest/gtest.h>

#include "protocol/base/idn.h"
#include "tests/protocol/smtp/server_fixture.h"

namespace glasspost::smtp {
namespace {

using test::answer;
using test::relay;
using test::SmtpSubject;

Extensions everything() {
  Extensions all;
  all.chunking = all.dsn = all.utf8 = all.require_tls = all.priority = all.limits = true;
  all.deliver_by = 60s;
  all.future_release = 24h;
  return all;
}

// RFC 3461 section 4.1
TEST(Dsn, Notify) {
  EXPECT_EQ(parse_notify("NEVER"), Notify{});
  EXPECT_EQ(parse_notify("success,Failure"), (Notify{true, true, false}));
  EXPECT_EQ(parse_notify("DELAY"), (Notify{false, false, true}));
  for (const std::string_view bad : {"", ",", "NEVER,SUCCESS", "SUCCESS,", "SOMETIMES", "SUCCESS FAILURE"}) EXPECT_FALSE(parse_notify(bad)) << bad;
  EXPECT_EQ(to_text(Notify{true, false, true}), "SUCCESS,DELAY");
  EXPECT_EQ(to_text(Notify{}), "NEVER");
}

// RFC 3461 section 4.2 and 10.1
TEST(Dsn, OriginalRecipient) {
  EXPECT_EQ(parse_original_recipient("rfc822;Bob@Ivory.EDU"), (OriginalRecipient{"rfc822", "Bob@Ivory.EDU"}));
  EXPECT_EQ(parse_original_recipient("RFC822;a+2Bb@c.d"), (OriginalRecipient{"rfc822", "a+b@c.d"}));
  for (const std::string_view bad : {"", ";x", "rfc822;", "rfc822", "rfc 822;x", "rfc822;a+0Ab", "rfc822;a+0", "rfc822;a=b"})
    EXPECT_FALSE(parse_original_recipient(bad)) << bad;
  EXPECT_EQ(to_text(OriginalRecipient{"rfc822", "a+b c@d"}), "rfc822;a+2Bb+20c@d");
}

// The commands of RFC 3461 section 10.1: Alice@Example.ORG writes to six people.
TEST(Dsn, SubmissionOfRfc3461) {
  ServerSettings settings = relay();
  settings.extensions.dsn = true;
  SmtpSubject subject(settings);
  EXPECT_NE(answer(subject, "EHLO Example.ORG\r\n").find("250-DSN\r\n"), std::string::npos);
  EXPECT_EQ(answer(subject, "MAIL FROM:<Alice@Example.ORG> RET=HDRS ENVID=QQ314159\r\n"), "250 2.1.0 Sender OK\r\n");
  EXPECT_EQ(answer(subject, "RCPT TO:<Bob@Example.COM> NOTIFY=SUCCESS ORCPT=rfc822;Bob@Example.COM\r\n"), "250 2.1.5 Recipient OK\r\n");
  EXPECT_EQ(answer(subject, "RCPT TO:<Carol@Ivory.EDU> NOTIFY=FAILURE ORCPT=rfc822;Carol@Ivory.EDU\r\n"), "250 2.1.5 Recipient OK\r\n");
  EXPECT_EQ(answer(subject, "RCPT TO:<Dana@Ivory.EDU> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Dana@Ivory.EDU\r\n"), "250 2.1.5 Recipient OK\r\n");
  EXPECT_EQ(answer(subject, "RCPT TO:<Eric@Bombs.AF.MIL> NOTIFY=FAILURE ORCPT=rfc822;Eric@Bombs.AF.MIL\r\n"), "250 2.1.5 Recipient OK\r\n");
  EXPECT_EQ(answer(subject, "RCPT TO:<Fred@Bombs.AF.MIL> NOTIFY=NEVER\r\n"), "250 2.1.5 Recipient OK\r\n");
  EXPECT_EQ(answer(subject, "RCPT TO:<George@Tax-ME.GOV> NOTIFY=FAILURE ORCPT=rfc822;George@Tax-ME.GOV\r\n"), "250 2.1.5 Recipient OK\r\n");
  answer(subject, "DATA\r\nx\r\n.\r\n");
  ASSERT_EQ(subject.letters.size(), 1U);
  EXPECT_EQ(wishes_of(subject.letters[0].mail).ret, Return::headers);
  EXPECT_EQ(wishes_of(subject.letters[0].mail).envelope_id, "QQ314159");
  EXPECT_TRUE(wishes_of(subject.letters[0].recipients[4]).notify->never());
}

TEST(Extensions, AreOfferedOnlyWhereTheyHold) {
  ServerSettings settings = test::submission();
  settings.extensions = everything();
  SmtpSubject subject(settings);
  const std::string open = answer(subject, "EHLO c.example\r\n");
  EXPECT_EQ(open.find("REQUIRETLS"), open.npos);  // RFC 8689 section 4.1: inside TLS only
  for (const std::string line : {"250-DSN\r\n", "250-CHUNKING\r\n", "250-BINARYMIME\r\n", "250-SMTPUTF8\r\n", "250-MT-PRIORITY\r\n", "250-DELIVERBY 60\r\n",
                                 "250-FUTURERELEASE 86400 2026-11-03T09:00:00Z\r\n", "250-LIMITS RCPTMAX=1000\r\n", "250-8BITMIME\r\n"})
    EXPECT_NE(open.find(line), open.npos) << line << open;
  answer(subject, "STARTTLS\r\n");
  subject.session().tls_established(TlsFacts{});
  EXPECT_NE(answer(subject, "EHLO c.example\r\n").find("250-REQUIRETLS\r\n"), std::string::npos);
  ServerSettings mx = relay();
  mx.extensions = everything();
  SmtpSubject other(mx);
  EXPECT_EQ(answer(other, "EHLO c.example\r\n").find("FUTURERELEASE"), std::string::npos);  // RFC 4865: of submission alone
}

TEST(Extensions, ParametersThatAreWrong) {
  ServerSettings settings = test::in_clear();
  settings.extensions = everything();
  settings.mechanisms = {sasl::Mechanism::plain};
  const auto mail = [&](const std::string& parameters) {
    SmtpSubject subject(settings);
    answer(subject, "EHLO c.example\r\nAUTH PLAIN dGVzdAB0ZXN0ADEyMzQ=\r\n");
    return answer(subject, "MAIL FROM:<test@example.com> " + parameters + "\r\n");
  };
  const std::string good = "250 2.1.0 Sender OK\r\n";
  EXPECT_EQ(mail("MT-PRIORITY=3"), good);
  EXPECT_EQ(mail("MT-PRIORITY=-9"), good);
  EXPECT_EQ(mail("MT-PRIORITY=-0"), "501 5.5.4 Bad value of MT-PRIORITY\r\n");
  EXPECT_EQ(mail("MT-PRIORITY=10"), "501 5.5.4 Bad value of MT-PRIORITY\r\n");
  EXPECT_EQ(mail("BY=120;R"), good);
  EXPECT_EQ(mail("BY=-5;N"), good);
  EXPECT_EQ(mail("BY=0;R"), "501 5.5.4 Bad value of BY\r\n");
  EXPECT_EQ(mail("BY=30;R"), "550 5.4.7 That is too soon: 60 seconds are the least that can be promised\r\n");
  EXPECT_EQ(mail("BY=120"), "501 5.5.4 Bad value of BY\r\n");
  EXPECT_EQ(mail("BY=120;X"), "501 5.5.4 Bad value of BY\r\n");
  EXPECT_EQ(mail("HOLDFOR=3600"), good);
  EXPECT_EQ(mail("HOLDFOR=0"), "501 5.5.4 Bad value of HOLDFOR\r\n");
  EXPECT_EQ(mail("HOLDFOR=86401"), "501 5.5.4 Letters are held for 86400 seconds at most\r\n");
  EXPECT_EQ(mail("HOLDUNTIL=2026-11-02T12:00:00Z"), good);
  EXPECT_EQ(mail("HOLDUNTIL=2026-11-01T12:00:00Z"), "501 5.5.4 Bad value of HOLDUNTIL\r\n");
  EXPECT_EQ(mail("HOLDFOR=1 HOLDUNTIL=2026-11-02T12:00:00Z"), "501 5.5.4 HOLDFOR and HOLDUNTIL exclude each other\r\n");
  EXPECT_EQ(mail("REQUIRETLS"), "555 5.5.4 Unknown MAIL FROM parameter: REQUIRETLS\r\n");  // not inside TLS
  EXPECT_EQ(mail("SMTPUTF8=1"), "501 5.5.4 Bad value of SMTPUTF8\r\n");
  EXPECT_EQ(mail("RET=SOME"), "501 5.5.4 Bad value of RET\r\n");
  EXPECT_EQ(mail("ENVID=a+b"), "501 5.5.4 Bad value of ENVID\r\n");
  EXPECT_EQ(mail("RET=FULL RET=FULL"), "501 5.5.4 RET is given twice\r\n");
}

TEST(Extensions, Times) {
  const auto nine = parse_date_time("2026-11-02T09:00:00Z");
  ASSERT_TRUE(nine);
  EXPECT_EQ(*nine, test::nine_o_clock);
  EXPECT_EQ(date_time(*nine), "2026-11-02T09:00:00Z");
  for (const std::string_view bad : {"", "2026-11-02", "2026-13-02T09:00:00Z", "2026-02-30T09:00:00Z", "2026-11-02T24:00:00Z", "2026-11-02T09:00:00+01"})
    EXPECT_FALSE(parse_date_time(bad)) << bad;
  EXPECT_EQ(parse_deliver_by("+0000120;rt"), (DeliverBy{120, true, true}));
  EXPECT_FALSE(parse_deliver_by("1234567890;N"));
  EXPECT_EQ(to_text(DeliverBy{-4, false, true}), "-4;NT");
}

TEST(Limits, AreReadByTheClient) {
  Reply ehlo(250, "mx.example.org");
  ehlo.lines.push_back("LIMITS MAILMAX=7 RCPTMAX=20");
  const Capabilities capabilities = parse_capabilities(ehlo);
  EXPECT_EQ(capabilities.limit("RCPTMAX"), 20U);
  EXPECT_EQ(capabilities.limit("mailmax"), 7U);
  EXPECT_FALSE(capabilities.limit("RCPTDOMAINMAX"));
}

TEST(Limits, EnoughLettersEndTheConnection) {
  ServerSettings settings = relay();
  settings.extensions.limits = true;
  settings.max_letters = 1;
  SmtpSubject subject(settings);
  EXPECT_NE(answer(subject, "EHLO c.example\r\n").find("LIMITS RCPTMAX=1000 MAILMAX=1"), std::string::npos);
  answer(subject, "MAIL FROM:<a@b.example>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nx\r\n.\r\n");
  EXPECT_TRUE(answer(subject, "MAIL FROM:<a@b.example>\r\n").starts_with("421 4.5.3 "));
  EXPECT_TRUE(subject.session().wants_close());
}

// RFC 6531 section 3.3
TEST(SmtpUtf8, IsSaidWithMailOrRefused) {
  ServerSettings settings = relay();
  settings.extensions.utf8 = true;
  SmtpSubject subject(settings);
  answer(subject, "EHLO c.example\r\n");
  EXPECT_EQ(answer(subject, "MAIL FROM:<jos\xc3\xa9@b.example>\r\n"), "553 5.6.7 An address beyond ASCII wants SMTPUTF8 to be said\r\n");
  EXPECT_EQ(answer(subject, "MAIL FROM:<a@b.example>\r\nRCPT TO:<jos\xc3\xa9@b.example>\r\n"),
            "250 2.1.0 Sender OK\r\n553 5.6.7 An address beyond ASCII wants SMTPUTF8 to be said with MAIL\r\n");
  answer(subject, "RSET\r\n");
  EXPECT_EQ(answer(subject, "MAIL FROM:<\"jos\xc3\xa9 x\"@b\xc3\xbc" "cher.example> SMTPUTF8\r\n"), "250 2.1.0 Sender OK\r\n");
  EXPECT_TRUE(answer(subject, "RCPT TO:<jos\xc3@b.example>\r\n").starts_with("553 5.6.7 "));  // no UTF-8
  EXPECT_TRUE(answer(subject, "RCPT TO:<jose@b\xcc\x80.example>\r\n").starts_with("250 "));
  EXPECT_TRUE(answer(subject, "RCPT TO:<jose@\xe2\x80\x8b.example>\r\n").starts_with("501 "));  // no letter of any language
}

TEST(Idn, Labels) {
  EXPECT_EQ(to_a_labels("b\xc3\xbc" "cher.example"), "xn--bcher-kva.example");
  EXPECT_EQ(to_a_labels("mail_1.example.org"), "mail_1.example.org");
  EXPECT_FALSE(to_a_labels("b\xc3.example"));
  EXPECT_TRUE(is_utf8("\xf0\x9f\x93\xae"));
  for (const std::string_view bad : {"\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3", "\x80", "\xe0\x80\x80"}) EXPECT_FALSE(is_utf8(bad));
}

}  // namespace
}  // namespace glasspost::smtp

#include "protocol/imap/extensions/quota.h"

#include <gmock/gmock.h>

#include "tests/protocol/imap/extensions/examples.h"

namespace glasspost::imap {
namespace {

using ::testing::ElementsAre;

TEST(ImapQuota, TakesTheExamplesOfRfc9208) {
  expect_examples(R"(
    C: G0001 GETQUOTA "!partition/sda4"
    S: * QUOTA "!partition/sda4" (STORAGE 104 10923847)
    C: G0002 GETQUOTAROOT INBOX
    S: * QUOTAROOT INBOX "#user/alice" "!partition/sda4"
    S: * QUOTA "#user/alice" (MESSAGE 42 1000)
    S: * QUOTA "#user/alice" (STORAGE 54 111 MESSAGE 42 1000)
    C: S0001 SETQUOTA "#user/alice" (STORAGE 510)
    C: S0003 STATUS INBOX (MESSAGES DELETED DELETED-STORAGE)
    S: * STATUS INBOX (MESSAGES 12 DELETED 4 DELETED-STORAGE 8)
    S: * QUOTA "" (STORAGE 10 512)
    S: * QUOTAROOT INBOX ""
    S: * QUOTAROOT comp.mail.mime
    S: A003 NO [OVERQUOTA] APPEND Failed
    S: * NO [OVERQUOTA] Soft quota has been exceeded)");
}

TEST(ImapQuota, IsUnderstoodToTheLastWord) {
  EXPECT_THAT(body_of<SetQuota>("a SETQUOTA root (storage 18446744073709551615 X-LATER 0)").limits,
              ElementsAre(QuotaLimit{"STORAGE", 18446744073709551615U}, QuotaLimit{"X-LATER", 0}));
  EXPECT_THAT(body_of<SetQuota>("a SETQUOTA \"\" ()").limits, ElementsAre());
  EXPECT_THAT(data_of<QuotaData>("* QUOTA \"\" ()").resources, ElementsAre());
  EXPECT_THAT(data_of<QuotaRootData>("* QUOTAROOT x a \"\"").roots, ElementsAre("a", ""));
  std::string out;
  write(out, QuotaData{"", {{"STORAGE", 1, 2}, {"MESSAGE", 3, 4}}});
  EXPECT_EQ(out, "* QUOTA \"\" (STORAGE 1 2 MESSAGE 3 4)\r\n");
  const std::string_view line = "* QUOTA \"\" (STORAGE 10 512)\r\n";
  Tokens tokens;
  ASSERT_TRUE(parse_response(line, &tokens));
  EXPECT_EQ(roles_of(line, tokens.all()), "imap_untagged:* imap_response:QUOTA imap_quota_root:\"\" imap_paren:( imap_quota_resource:STORAGE "
                                          "imap_number:10 imap_number:512 imap_paren:)");
}

TEST(ImapQuota, RefusesWhatIsNone) {
  expect_refused("a SETQUOTA \"\" (STORAGE)", "SP");
  expect_refused("a SETQUOTA \"\" (STORAGE -1)", "number");
  expect_refused("a SETQUOTA \"\" STORAGE 1", "\"(\"");
  expect_refused("a GETQUOTA", "SP");
  expect_refused("a STATUS x (DELETED-STORAGE)", "status-att", dialect_without(Extension::quota_storage));
}

}  // namespace
}  // namespace glasspost::imap

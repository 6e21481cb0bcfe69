#include "protocol/mime/header.h"

#include <gtest/gtest.h>

namespace glasspost::mime {
namespace {

std::string shown(const Address& a) {
  const auto part = [](const Text& text) { return text ? "\"" + *text + "\"" : std::string("NIL"); };
  return "(" + part(a.name) + " " + part(a.route) + " " + part(a.mailbox) + " " + part(a.host) + ")";
}
std::string shown(std::string_view value) {
  std::string out;
  for (const Address& address : parse_addresses(value)) out += shown(address);
  return out;
}

TEST(Header, FieldsAreWhereTheyStand) {
  const std::string text =
      "Subject: one\r\n two\r\nno field\r\nX-Empty:\r\nTo : b\r\n\t \r\n c\r\nBare: LF\n more\nLast: 1\r\n\r\nBody: no\r\n";
  HeaderReader reader(text);
  std::string seen, all;
  while (const auto field = reader.next()) {
    seen += "[" + std::string(field->name.of(text)) + "|" + unfold(field->value.of(text)) + "]";
    all += field->whole.of(text);
  }
  EXPECT_EQ(seen, "[Subject|one two][|no field][X-Empty|][To|b\t  c][Bare|LF more][Last|1]");
  EXPECT_EQ(text.substr(reader.end()), "Body: no\r\n");
  EXPECT_EQ(all + "\r\n", text.substr(0, reader.end()));
  EXPECT_EQ(header_end(text), reader.end());
  EXPECT_EQ(header_end("A: b\n\nbody"), 6U);
  EXPECT_EQ(header_end("A: b\r\n c"), 8U);
}

TEST(Header, IsLookedAtNoFurtherThanItsLimit) {
  std::string text = "Subject: found\r\n";
  while (text.size() <= header_limit) text += "X-Much: " + std::string(1000, 'x') + "\r\n";
  const std::size_t end = text.size() + 13;
  text += "To: a@b.c\r\n\r\nbody\r\n";
  EXPECT_EQ(field(text, "Subject"), "found");
  EXPECT_EQ(field(text, "To"), std::nullopt);
  EXPECT_EQ(header_end(text), end);
}

TEST(Header, AnEmptyLineAtOnceEndsIt) {
  HeaderReader reader("\r\nA: b\r\n");
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.end(), 2U);
  EXPECT_EQ(header_end("\r\nA: b\r\n"), 2U);
  HeaderReader none("");
  EXPECT_FALSE(none.next());
  HeaderReader unfinished("A: b");
  EXPECT_TRUE(unfinished.next());
  EXPECT_FALSE(unfinished.next());
  EXPECT_EQ(unfinished.end(), 4U);
}

TEST(Header, TheFirstFieldOfANameCounts) {
  EXPECT_EQ(field("A: 1\r\nSUBJECT:  x \r\nSubject: y\r\n\r\n", "subject"), "x");
  EXPECT_EQ(field("A: 1\r\n\r\nSubject: y\r\n", "subject"), std::nullopt);
}

// RFC 5322 appendix A.
TEST(Addresses, OfRfc5322AppendixA1) {
  EXPECT_EQ(shown("John Doe <jdoe@machine.example>"), "(\"John Doe\" NIL \"jdoe\" \"machine.example\")");
  EXPECT_EQ(shown("\"Joe Q. Public\" <john.q.public@example.com>"),
            "(\"Joe Q. Public\" NIL \"john.q.public\" \"example.com\")");
  EXPECT_EQ(shown("Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>"),
            "(\"Mary Smith\" NIL \"mary\" \"x.test\")(NIL NIL \"jdoe\" \"example.org\")(\"Who?\" NIL \"one\" \"y.test\")");
  EXPECT_EQ(shown("<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>"),
            "(NIL NIL \"boss\" \"nil.test\")(\"Giant; \"Big\" Box\" NIL \"sysservices\" \"example.net\")");
  EXPECT_EQ(shown("A Group:Ed Jones <joe@where.test>,joe@where.test,John <jdoe@one.test>;"),
            "(NIL NIL \"A Group\" NIL)(\"Ed Jones\" NIL \"joe\" \"where.test\")(NIL NIL \"joe\" \"where.test\")"
            "(\"John\" NIL \"jdoe\" \"one.test\")(NIL NIL NIL NIL)");
  EXPECT_EQ(shown("Undisclosed recipients:;"), "(NIL NIL \"Undisclosed recipients\" NIL)(NIL NIL NIL NIL)");
}

TEST(Addresses, OfRfc5322AppendixA5WithCommentsAndFolds) {
  EXPECT_EQ(shown("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>"),
            "(\"Pete\" NIL \"pete\" \"silly.test\")");
  EXPECT_EQ(shown("A Group(Some people)\r\n     :Chris Jones <c@(Chris's host.)public.example>,\r\n"
                  "         joe@example.org,\r\n  John <jdoe@one.test> (my dear friend); (the end of the group)"),
            "(NIL NIL \"A Group\" NIL)(\"Chris Jones\" NIL \"c\" \"public.example\")(NIL NIL \"joe\" \"example.org\")"
            "(\"John\" NIL \"jdoe\" \"one.test\")(NIL NIL NIL NIL)");
  EXPECT_EQ(shown("(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;"),
            "(NIL NIL \"Hidden recipients\" NIL)(NIL NIL NIL NIL)");
}

TEST(Addresses, OfRfc5322AppendixA6Obsolete) {
  EXPECT_EQ(shown("Joe Q. Public <john.q.public@example.com>"), "(\"Joe Q. Public\" NIL \"john.q.public\" \"example.com\")");
  EXPECT_EQ(shown("Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example"),
            "(\"Mary Smith\" \"@node.test\" \"mary\" \"example.net\")(NIL NIL \"jdoe\" \"test.example\")");
  EXPECT_EQ(shown("<@a.test,@b.test:c@d.test>"), "(NIL \"@a.test,@b.test\" \"c\" \"d.test\")");
  EXPECT_EQ(shown("John Doe <jdoe@machine(comment).  example>"), "(\"John Doe\" NIL \"jdoe\" \"machine.example\")");
  EXPECT_EQ(shown("mary @ x.test"), "(NIL NIL \"mary\" \"x.test\")");
}

TEST(Addresses, OldStyleNamesAndLocalParts) {
  EXPECT_EQ(shown("alice@example.com (Alice Liddell)"), "(\"Alice Liddell\" NIL \"alice\" \"example.com\")");
  EXPECT_EQ(shown("a@b (A), c@d"), "(\"A\" NIL \"a\" \"b\")(NIL NIL \"c\" \"d\")");
  EXPECT_EQ(shown("\"john smith\"@example.com"), "(NIL NIL \"john smith\" \"example.com\")");
  EXPECT_EQ(shown("x@[192.0.2.1]"), "(NIL NIL \"x\" \"[192.0.2.1]\")");
  EXPECT_EQ(shown("root, Bob <bob>"), "(NIL NIL \"root\" \"\")(\"Bob\" NIL \"bob\" \"\")");
  EXPECT_EQ(shown("=?ISO-8859-1?Q?Andr=E9?= Pirard <PIRARD@vm1.ulg.ac.be>"),
            "(\"=?ISO-8859-1?Q?Andr=E9?= Pirard\" NIL \"PIRARD\" \"vm1.ulg.ac.be\")");
}

TEST(Addresses, BrokenOnesEndAndLoseNoOthers) {
  EXPECT_EQ(shown(""), "");
  EXPECT_EQ(shown(" , ,, "), "");
  EXPECT_EQ(shown("<>"), "(NIL NIL \"\" \"\")");
  EXPECT_EQ(shown("a@b>, c@d"), "(NIL NIL \"a\" \"b\")(NIL NIL \"c\" \"d\")");
  EXPECT_EQ(shown("Bob <bob@example.org, c@d"), "(\"Bob\" NIL \"bob\" \"example.org\")");
  EXPECT_EQ(shown("alice@example.com <alice@example.com>"), "(\"alice@example.com\" NIL \"alice\" \"example.com\")");
  EXPECT_EQ(shown("G: a@b"), "(NIL NIL \"G\" NIL)(NIL NIL \"a\" \"b\")(NIL NIL NIL NIL)");
  EXPECT_EQ(shown("((((("), "");
  EXPECT_EQ(shown("\"open"), "(NIL NIL \"open\" \"\")");
  EXPECT_EQ(shown("a@b@c"), "(NIL NIL \"a\" \"b\")(NIL NIL \"\" \"c\")");
}

TEST(Addresses, ManyAreCutOff) {
  std::string many;
  for (int i = 0; i < 30'000; ++i) many += "a@b,";
  EXPECT_EQ(parse_addresses(many).size(), address_limit);
  EXPECT_LE(parse_addresses(std::string(1'000'000, '(')).size(), 1U);
  EXPECT_LE(parse_addresses(std::string(1'000'000, '<')).size(), address_limit);
}

TEST(Addresses, AreWrittenSoThatTheyReadBack) {
  for (const std::string_view text : {"Alice <alice@example.com>", "\"Joe Q. Public\" <joe@example.com>",
                                      "\"a \\\"b\\\" \\\\\" <x@y>", "\"john smith\"@example.com", "x@[192.0.2.1]"}) {
    const auto list = parse_addresses(text);
    ASSERT_EQ(list.size(), 1U) << text;
    EXPECT_EQ(to_text(list[0]), text);
    EXPECT_EQ(parse_addresses(to_text(list[0])), list);
  }
  EXPECT_EQ(to_text(Address{"A\r\nBcc: x", {}, "a\r\nb", "h\r\no"}), "\"ABcc: x\" <\"ab\"@ho>");
}

std::string date(std::string_view value) {
  const auto found = parse_date(value);
  if (!found) return "none";
  return rfc5322_date(found->at) + " / " + std::to_string(found->zone) + (found->zone_known ? "" : "?");
}

TEST(Dates, OfRfc5322AppendixA) {
  EXPECT_EQ(date("Fri, 21 Nov 1997 09:55:06 -0600"), "Fri, 21 Nov 1997 15:55:06 +0000 / -360");
  EXPECT_EQ(date("Tue, 1 Jul 2003 10:52:37 +0200"), "Tue, 1 Jul 2003 08:52:37 +0000 / 120");
  EXPECT_EQ(date("Thu,\r\n      13\r\n        Feb\r\n          1969\r\n      23:32\r\n               -0330 (Newfoundland Time)"),
            "Fri, 14 Feb 1969 03:02:00 +0000 / -210");
  EXPECT_EQ(date("21 Nov 97 09:55:06 GMT"), "Fri, 21 Nov 1997 09:55:06 +0000 / 0");
  EXPECT_EQ(date("Fri, 21 Nov 1997 09(comment):   55  :  06 -0600"), "Fri, 21 Nov 1997 15:55:06 +0000 / -360");
}

TEST(Dates, OtherForms) {
  EXPECT_EQ(date("1 Jan 20 00:00:00 -0000"), "Wed, 1 Jan 2020 00:00:00 +0000 / 0?");
  EXPECT_EQ(date("1 Jan 120 00:00:00 EST"), "Wed, 1 Jan 2020 05:00:00 +0000 / -300");
  EXPECT_EQ(date("Sunday, 06-Nov-94 08:49:37 GMT"), "Sun, 6 Nov 1994 08:49:37 +0000 / 0");
  EXPECT_EQ(date("Sun Nov  6 08:49:37 1994"), "Sun, 6 Nov 1994 08:49:37 +0000 / 0?");
  EXPECT_EQ(date("6 November 1994 08:49 Q"), "Sun, 6 Nov 1994 08:49:00 +0000 / 0?");
  EXPECT_EQ(date("31 Dec 1998 23:59:60 +0000"), "Fri, 1 Jan 1999 00:00:00 +0000 / 0");
}

TEST(Dates, HopelessOnesAreNone) {
  for (const std::string_view value : {"", "yesterday", "31 Feb 2020 10:00:00 +0000", "1 Jan 2020", "1 Jan 2020 24:00 +0000",
                                       "1 Jan 2020 10:61 +0000", "0 Jan 2020 10:00 +0000", ":::::", "(((("})
    EXPECT_EQ(date(value), "none") << value;
  EXPECT_EQ(date(std::string(100'000, '1')), "none");
}

}  // namespace
}  // namespace glasspost::mime

#include <gtest/gtest.h>

#include <random>

#include "protocol/mime/message.h"
#include "tests/protocol/mime/wire.h"

namespace glasspost::mime {
namespace {

// Lines as people write them, with CRLF put in.
std::string crlf(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

std::string section(const std::string& message, std::string_view name) {
  const Part root = read_message(message);
  const auto parsed = parse_section(name);
  if (!parsed) return "syntax at " + std::to_string(parsed.error().offset) + ": " + parsed.error().expected;
  EXPECT_EQ(parse_section(to_text(*parsed)), *parsed);
  std::string scratch;
  const auto found = section_of(message, root, *parsed, scratch);
  return found ? std::string(*found) : "NIL";
}

// RFC 3501 section 8.
const std::string minutes = crlf(
    "Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\n"
    "From: Terry Gray <gray@cac.washington.edu>\n"
    "Subject: IMAP4rev1 WG mtg summary and minutes\n"
    "To: imap@cac.washington.edu\n"
    "cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>\n"
    "Message-Id: <B27397-0100000@cac.washington.edu>\n"
    "MIME-Version: 1.0\n"
    "Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\n"
    "\n");

TEST(Envelope, ExampleOfRfc3501) {
  std::string message = minutes;
  for (int i = 0; i < 91; ++i) message += "a line of thirty-two octets...\r\n";
  message += std::string(3028 - 91 * 32 - 2, 'x') + "\r\n";
  const Part root = read_message(message);
  EXPECT_EQ(root.headers.size(), 342U);
  EXPECT_EQ(section(message, "HEADER"), minutes);
  EXPECT_EQ(wire(envelope_of(root.headers.of(message))),
            "(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev1 WG mtg summary and minutes\" "
            "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
            "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) ((NIL NIL \"imap\" \"cac.washington.edu\")) "
            "((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL NIL "
            "\"<B27397-0100000@cac.washington.edu>\")");
  EXPECT_EQ(wire(root), "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3028 92)");
}

TEST(Envelope, SenderAndReplyToAreFromWhenMissingOrEmpty) {
  EXPECT_EQ(wire(envelope_of("From: a@b\r\nSender: \r\nReply-To: c@d\r\n\r\n")),
            "(NIL NIL ((NIL NIL \"a\" \"b\")) ((NIL NIL \"a\" \"b\")) ((NIL NIL \"c\" \"d\")) NIL NIL NIL NIL NIL)");
  EXPECT_EQ(wire(envelope_of("")), "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)");
}

// RFC 5322 section 4.5.3: of those whom a letter goes to, each field adds its own; of all others the first counts.
TEST(Envelope, FieldsThatComeSeveralTimes) {
  EXPECT_EQ(wire(envelope_of("Subject:\r\nFrom: f@b\r\nTo: a@b\r\nTo: x@y\r\nSubject: two\r\nFrom: g@b\r\n")),
            "(NIL \"\" ((NIL NIL \"f\" \"b\")) ((NIL NIL \"f\" \"b\")) ((NIL NIL \"f\" \"b\")) "
            "((NIL NIL \"a\" \"b\")(NIL NIL \"x\" \"y\")) NIL NIL NIL NIL)");
}

// RFC 3501 section 7.4.2, the two part message.
TEST(BodyStructure, ExampleOfRfc3501) {
  std::string text;
  for (int i = 0; i < 22; ++i) text += std::string(48, 'x') + "\r\n";
  text += std::string(1152 - 22 * 50 - 2, 'y') + "\r\n";
  std::string diff;
  for (int i = 0; i < 72; ++i) diff += std::string(60, 'b') + "\r\n";
  diff += std::string(4554 - 72 * 62 - 2, 'c') + "\r\n";
  const std::string message = "Content-Type: multipart/MIXED; boundary=\"cut here\"\r\n\r\npreamble\r\n--cut here\r\n\r\n" + text +
                              "\r\n--cut here\r\nContent-Type: TEXT/PLAIN; CHARSET=US-ASCII; NAME=\"cc.diff\"\r\n"
                              "Content-ID: <960723163407.20117h@cac.washington.edu>\r\nContent-Description: Compiler diff\r\n"
                              "Content-Transfer-Encoding: BASE64\r\n\r\n" + diff + "\r\n--cut here--\r\nepilogue\r\n";
  const Part root = read_message(message);
  EXPECT_EQ(wire(root),
            "((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 1152 23)"
            "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\" \"NAME\" \"cc.diff\") \"<960723163407.20117h@cac.washington.edu>\" "
            "\"Compiler diff\" \"BASE64\" 4554 73) \"MIXED\")");
  EXPECT_EQ(section(message, "1"), text);
  EXPECT_EQ(section(message, "2"), diff);
}

TEST(BodyStructure, ExtensionDataAndDefaults) {
  const std::string message = crlf(
      "Content-Type: multipart/mixed (a comment); boundary=b\nContent-Language: en, de\nContent-Location: http://x/\n\n"
      "--b\nContent-Type: image/png; name=\"a \\\"b\\\".png\"\nContent-Disposition: attachment; filename=a.png; size=3\n"
      "Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\nContent-Transfer-Encoding: base64\n\nAAAA\n"
      "--b\nContent-Type: nonsense\n\nx\n--b--\n");
  EXPECT_EQ(wire(read_message(message), true),
            "((\"image\" \"png\" (\"name\" \"a \"b\".png\") NIL NIL \"base64\" 4 \"Q2hlY2sgSW50ZWdyaXR5IQ==\" "
            "(\"attachment\" (\"filename\" \"a.png\" \"size\" \"3\")) NIL NIL)"
            "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 1 0 NIL NIL NIL NIL)"
            " \"mixed\" (\"boundary\" \"b\") NIL (\"en\" \"de\") \"http://x/\")");
  EXPECT_EQ(wire(read_message("")), "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 0 0)");
  EXPECT_EQ(wire(read_message("\r\nno header\r\nlast")), "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 15 1)");
}

// What Dovecot 2.3 answered for this message, but for its lower-case defaults.
TEST(BodyStructure, IsWhatDovecotSays) {
  const std::string message = crlf(
      "Subject: outer\nContent-Type: multipart/mixed; boundary=A\n\npre\n--A\nContent-Type: text/html\n\none\n"
      "--A\nContent-Type: application/octet-stream; name=\"x y\"\nContent-Disposition: attachment; filename=x\n"
      "Content-Transfer-Encoding: base64\n\nAAAA\nAAAA\n"
      "--A\nContent-Type: message/rfc822\n\nSubject: three\nFrom: x@y\nContent-Type: multipart/alternative; boundary=B\n\n"
      "--B\n\nthree one\n--B\nContent-Type: text/richtext\nContent-Language: en, de\nContent-ID: <i>\n"
      "Content-Description: d\nContent-MD5: abc\n\nthree two\n--B--\n\n"
      "--A\nContent-Type: multipart/digest; boundary=C\n\n--C\n\nSubject: dig\n\nD\n--C--\n--A--\nepilogue\n");
  EXPECT_EQ(wire(read_message(message), true),
            "((\"text\" \"html\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3 0 NIL NIL NIL NIL)"
            "(\"application\" \"octet-stream\" (\"name\" \"x y\") NIL NIL \"base64\" 10 NIL (\"attachment\" (\"filename\" \"x\")) NIL NIL)"
            "(\"message\" \"rfc822\" NIL NIL NIL \"7BIT\" 235 "
            "(NIL \"three\" ((NIL NIL \"x\" \"y\")) ((NIL NIL \"x\" \"y\")) ((NIL NIL \"x\" \"y\")) NIL NIL NIL NIL NIL) "
            "((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 9 0 NIL NIL NIL NIL)"
            "(\"text\" \"richtext\" (\"CHARSET\" \"US-ASCII\") \"<i>\" \"d\" \"7BIT\" 9 0 \"abc\" NIL (\"en\" \"de\") NIL) "
            "\"alternative\" (\"boundary\" \"B\") NIL NIL NIL) 16 NIL NIL NIL NIL)"
            "((\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 17 (NIL \"dig\" NIL NIL NIL NIL NIL NIL NIL NIL) "
            "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 1 0 NIL NIL NIL NIL) 2 NIL NIL NIL NIL) "
            "\"digest\" (\"boundary\" \"C\") NIL NIL NIL) \"mixed\" (\"boundary\" \"A\") NIL NIL NIL)");
}

// The tree of RFC 3501 section 6.4.5.
const std::string tree = crlf(
    "Subject: outer\nContent-Type: multipart/mixed; boundary=A\n\n"
    "--A\nContent-Type: text/plain\n\none\n"
    "--A\nContent-Type: application/octet-stream\n\ntwo\n"
    "--A\nContent-Type: message/rfc822\n\n"
    "Subject: three\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nthree one\n--B\nContent-Type: application/octet-stream\n\n"
    "three two\n--B--\n"
    "\n--A\nContent-Type: multipart/mixed; boundary=C\n\n"
    "--C\nContent-Type: image/gif\nContent-ID: <gif>\n\nGIF\n"
    "--C\nContent-Type: message/rfc822\n\n"
    "Subject: four two\nFrom: x@y\nContent-Type: multipart/mixed; boundary=D\n\n"
    "--D\n\nfour two one\n"
    "--D\nContent-Type: multipart/alternative; boundary=E\n\n--E\n\nplain\n--E\nContent-Type: text/richtext\n\nrich\n--E--\n"
    "--D--\n--C--\n--A--\n");

TEST(Sections, TreeOfRfc3501) {
  EXPECT_EQ(section(tree, ""), tree);
  EXPECT_EQ(section(tree, "HEADER"), "Subject: outer\r\nContent-Type: multipart/mixed; boundary=A\r\n\r\n");
  EXPECT_EQ(section(tree, "TEXT"), tree.substr(tree.find("--A")));
  EXPECT_EQ(section(tree, "1"), "one");
  EXPECT_EQ(section(tree, "2"), "two");
  EXPECT_EQ(section(tree, "3.HEADER"), "Subject: three\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n");
  EXPECT_EQ(section(tree, "3.TEXT").substr(0, 5), "--B\r\n");
  EXPECT_EQ(section(tree, "3"), section(tree, "3.HEADER") + section(tree, "3.TEXT"));
  EXPECT_TRUE(section(tree, "3").ends_with("--B--\r\n"));
  EXPECT_EQ(section(tree, "3.1"), "three one");
  EXPECT_EQ(section(tree, "3.2"), "three two");
  EXPECT_EQ(section(tree, "4.1"), "GIF");
  EXPECT_EQ(section(tree, "4.1.MIME"), "Content-Type: image/gif\r\nContent-ID: <gif>\r\n\r\n");
  EXPECT_EQ(section(tree, "4.2.HEADER").substr(0, 17), "Subject: four two");
  EXPECT_EQ(section(tree, "4.2.HEADER.FIELDS (\"subject\" X-None)"), "Subject: four two\r\n\r\n");
  EXPECT_EQ(section(tree, "4.2.header.fields.not (subject from)"), "Content-Type: multipart/mixed; boundary=D\r\n\r\n");
  EXPECT_EQ(section(tree, "4.2.1"), "four two one");
  EXPECT_EQ(section(tree, "4.2.2.1"), "plain");
  EXPECT_EQ(section(tree, "4.2.2.2"), "rich");
  EXPECT_EQ(section(tree, "4.2.2.2.MIME"), "Content-Type: text/richtext\r\n\r\n");
  EXPECT_EQ(wire(read_message(tree).parts[3]),
            "((\"image\" \"gif\" NIL \"<gif>\" NIL \"7BIT\" 3)(\"message\" \"rfc822\" NIL NIL NIL \"7BIT\" " +
                std::to_string(section(tree, "4.2").size()) +
                " (NIL \"four two\" ((NIL NIL \"x\" \"y\")) ((NIL NIL \"x\" \"y\")) ((NIL NIL \"x\" \"y\")) NIL NIL NIL NIL NIL) "
                "((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 12 0)"
                "((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 5 0)"
                "(\"text\" \"richtext\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 4 0) \"alternative\") \"mixed\") 18) \"mixed\")");
}

TEST(Sections, WhatIsNotThereIsNil) {
  for (const std::string_view name : {"5", "1.1", "1.HEADER", "1.TEXT", "4.HEADER", "4.2.2.3", "3.3", "1.2.3"})
    EXPECT_EQ(section(tree, name), "NIL") << name;
}

TEST(Sections, OfASinglePartMessage) {
  const std::string message = "Subject: s\r\nX: y\r\n\r\nbody\r\n";
  EXPECT_EQ(section(message, "1"), "body\r\n");
  EXPECT_EQ(section(message, "1.MIME"), "Subject: s\r\nX: y\r\n\r\n");
  EXPECT_EQ(section(message, "TEXT"), "body\r\n");
  EXPECT_EQ(section(message, "2"), "NIL");
  EXPECT_EQ(section(message, "1.1"), "NIL");
  EXPECT_EQ(section("Subject: s\r\n", "HEADER.FIELDS (subject)"), "Subject: s\r\n");  // no empty line, none invented
  EXPECT_EQ(section("A: b\r\n\r\n", "HEADER.FIELDS (subject)"), "\r\n");
  const std::string forwarded = "Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\ninner\r\n";
  EXPECT_EQ(section(forwarded, "1"), "Subject: in\r\n\r\ninner\r\n");
  EXPECT_EQ(section(forwarded, "1.HEADER"), "Subject: in\r\n\r\n");
  EXPECT_EQ(section(forwarded, "1.1"), "inner\r\n");
  EXPECT_EQ(section(forwarded, "1.1.1"), "NIL");
}

TEST(Sections, MistakesSayWhere) {
  EXPECT_EQ(section("", "0"), "syntax at 0: nz-number");
  EXPECT_EQ(section("", "1."), "syntax at 2: section-text");
  EXPECT_EQ(section("", "MIME"), "syntax at 0: section-text");
  EXPECT_EQ(section("", "1.99999999999"), "syntax at 2: nz-number");
  EXPECT_EQ(section("", "HEADER.FIELDS"), "syntax at 13: header-list");
  EXPECT_EQ(section("", "HEADER.FIELDS ()"), "syntax at 15: header-fld-name");
  EXPECT_EQ(section("", "HEADER.FIELDS (A"), "syntax at 16: header-list");
  EXPECT_EQ(section("", "TEXTx"), "syntax at 4: ]");
  std::string deep = "1";
  for (int i = 0; i < 1000; ++i) deep += ".1";
  EXPECT_EQ(section("", deep).substr(0, 9), "syntax at");
}

// RFC 2046 section 5.1.1, verbatim.
TEST(Multipart, ExampleOfRfc2046) {
  const std::string message = crlf(
      "From: Nathaniel Borenstein <nsb@bellcore.com>\nTo: Ned Freed <ned@innosoft.com>\n"
      "Date: Sun, 21 Mar 1993 23:56:48 -0800 (PST)\nSubject: Sample message\nMIME-Version: 1.0\n"
      "Content-type: multipart/mixed; boundary=\"simple boundary\"\n\n"
      "This is the preamble.  It is to be ignored, though it\nis a handy place for composition agents to include an\n"
      "explanatory note to non-MIME conformant readers.\n\n--simple boundary\n\n"
      "This is implicitly typed plain US-ASCII text.\nIt does NOT end with a linebreak.\n--simple boundary\n"
      "Content-type: text/plain; charset=us-ascii\n\n"
      "This is explicitly typed plain US-ASCII text.\nIt DOES end with a linebreak.\n\n--simple boundary--\n\n"
      "This is the epilogue.  It is also to be ignored.\n");
  ASSERT_EQ(read_message(message).parts.size(), 2U);
  EXPECT_EQ(section(message, "1"), "This is implicitly typed plain US-ASCII text.\r\nIt does NOT end with a linebreak.");
  EXPECT_EQ(section(message, "2"), "This is explicitly typed plain US-ASCII text.\r\nIt DOES end with a linebreak.\r\n");
}

TEST(Multipart, DigestHoldsMessages) {
  const std::string message = crlf(
      "Content-Type: multipart/digest; boundary=x\n\n--x\n\nSubject: a\n\nA\n--x\nContent-Type: text/plain\n\nB\n--x--\n");
  EXPECT_EQ(wire(read_message(message)),
            "((\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 15 (NIL \"a\" NIL NIL NIL NIL NIL NIL NIL NIL) "
            "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 1 0) 2)"
            "(\"text\" \"plain\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 1 0) \"digest\")");
}

TEST(Multipart, AnOuterBoundaryEndsWhatIsInsideAndWasNotClosed) {
  const std::string message = crlf(
      "Content-Type: multipart/mixed; boundary=out\n\n--out\nContent-Type: multipart/mixed; boundary=in\n\n--in\n\nA\n"
      "--out\n\nB\n--out--\n");
  EXPECT_EQ(section(message, "1.1"), "A");
  EXPECT_EQ(section(message, "2"), "B");
  EXPECT_EQ(section(message, "3"), "NIL");
}

TEST(Multipart, BoundariesThatBeginAlike) {
  const std::string message = crlf(
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\nA\n--bb  \n\nB\n"
      "--bb--\n--b \n\nC\n--b--\n");
  EXPECT_EQ(section(message, "1.1"), "A");
  EXPECT_EQ(section(message, "1.2"), "B");
  EXPECT_EQ(section(message, "2"), "C");
}

TEST(Multipart, BrokenOnes) {
  // no boundary parameter: text
  EXPECT_EQ(wire(read_message("Content-Type: multipart/mixed\r\n\r\n--x\r\n")),
            "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 5 1)");
  // no boundary line: an empty part stands for the missing ones
  EXPECT_EQ(wire(read_message("Content-Type: multipart/mixed; boundary=x\r\n\r\ntext\r\n")),
            "((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 0 0) \"mixed\")");
  // never closed
  const std::string open = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\none\r\n--x\r\nA: b";
  EXPECT_EQ(section(open, "1"), "one");
  EXPECT_EQ(section(open, "2.MIME"), "A: b");
  EXPECT_EQ(section(open, "2"), "");
  // a boundary in the middle of a header, and right behind one
  const std::string abrupt = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n--x\r\nA: b\r\n\r\n--x--";
  EXPECT_EQ(section(abrupt, "1.MIME"), "Content-Type: message/rfc822");
  EXPECT_EQ(section(abrupt, "1.HEADER"), "");
  EXPECT_EQ(section(abrupt, "2.MIME"), "A: b\r\n");  // the empty line's end is the boundary's
  EXPECT_EQ(section(abrupt, "2"), "");
  const std::string empty = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n--x\r\n\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n--x--";
  EXPECT_EQ(section(empty, "1.MIME"), "");
  EXPECT_EQ(section(empty, "2.MIME"), "\r\n");
  EXPECT_EQ(section(empty, "2"), "");
  EXPECT_EQ(section(empty, "3.MIME"), "Content-Type: message/rfc822\r\n");
  EXPECT_EQ(section(empty, "3"), "");
  EXPECT_EQ(section(empty, "3.HEADER"), "");
  EXPECT_EQ(section(empty, "4"), "NIL");
  // a boundary with which the message ends opens nothing
  EXPECT_EQ(read_message("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\none\r\n--x").parts.size(), 1U);
  // bare LF all over
  const std::string bare = "Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\ntwo\n--x--\n";
  EXPECT_EQ(section(bare, "1"), "one\ntwo");
  EXPECT_EQ(read_message(bare).parts[0].lines, 1U);
}

// However small the portions, it is the same structure.
TEST(InPortions, EveryBeginningAndEveryBentCopyOfAMessage) {
  std::mt19937 random(11);
  for (std::size_t size = 0; size <= tree.size(); ++size) {
    std::string message = tree.substr(0, size);
    if (size % 2 == 1)
      for (int i = 0; i < 4; ++i) message[random() % size] = "\r\n-:;\"(b\0A"[random() % 10];
    MessageReader reader;
    std::size_t turns = 1;
    for (const std::size_t octets : {0U, 1U, 100U, 7U}) turns += reader.go_on(message, octets) ? 0 : 1;
    while (!reader.go_on(message, 1 + size % 50)) ++turns;
    const Part root = reader.take();
    ASSERT_EQ(wire(root), wire(read_message(message))) << message;
    ASSERT_GE(turns, std::size_t(size > 150 ? 3 : 1));
  }
}

TEST(InPortions, LinesThatNoBoundaryCanEndAreReadInPortionsToo) {
  std::string message = "Subject: x\r\n\r\n";
  for (int i = 0; i < 1000; ++i) message += "a line\r\n";
  MessageReader reader;
  int turns = 1;
  while (!reader.go_on(message, 100)) ++turns;
  EXPECT_GE(turns, int(message.size() / 110));
  EXPECT_EQ(reader.take().lines, 1000U);
}

TEST(Hostile, AHundredThousandParts) {
  std::string message = "Content-Type: multipart/mixed; boundary=x\r\n\r\n";
  for (int i = 0; i < 100'000; ++i) message += "--x\r\n\r\npart\r\n";
  message += "--x--\r\n";
  const Part root = read_message(message);
  EXPECT_EQ(root.parts.size(), 999U);  // with the root a thousand
  EXPECT_TRUE(root.cut);
  EXPECT_EQ(root.body.end, message.size());
  EXPECT_EQ(section(message, "999"), "part");
  EXPECT_EQ(section(message, "1000"), "NIL");
}

TEST(Hostile, NestingTenThousandDeep) {
  for (const bool messages : {false, true}) {
    std::string message;
    for (int i = 0; i < 10'000; ++i) {
      if (messages) message += "Content-Type: message/rfc822\r\n\r\n";
      else message += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\r\n\r\n--b" + std::to_string(i) + "\r\n";
    }
    const Part root = read_message(message);
    const Part* part = &root;
    int depth = 1;
    while (!part->parts.empty()) part = &part->parts[0], ++depth;
    EXPECT_EQ(depth, 100);
    EXPECT_TRUE(part->cut);
    EXPECT_TRUE(part->is("application", "octet-stream"));
  }
}

TEST(Hostile, ManyPartsThatHoldPartsStayWithinTheLimit) {
  std::string message = "Content-Type: multipart/mixed; boundary=x\r\n\r\n";
  for (int i = 0; i < 20'000; ++i) message += "--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\n--y--\r\n";
  std::size_t count = 0;
  const Part root = read_message(message);
  for (const Part& part : root.parts) count += 1 + part.parts.size();
  EXPECT_LE(count, 1100U);
}

// Whatever the octets: every part lies within its parent, and nothing else happens.
void check(const std::string& message, const Part& part, int depth) {
  ASSERT_LE(part.headers.begin, part.headers.end);
  ASSERT_LE(part.body.begin, part.body.end);
  ASSERT_LE(part.headers.end, part.body.begin);
  ASSERT_LE(part.body.end, message.size());
  ASSERT_LE(depth, 100);
  if (part.is_multipart()) { ASSERT_FALSE(part.parts.empty()); }
  for (const Part& inner : part.parts) {
    ASSERT_GE(inner.headers.begin, part.body.begin);
    ASSERT_LE(inner.body.end, part.body.end);
    check(message, inner, depth + 1);
  }
}

TEST(Hostile, EveryBeginningAndEveryBentCopyOfAMessage) {
  std::mt19937 random(7);
  for (std::size_t size = 0; size <= tree.size(); ++size) {
    const std::string beginning = tree.substr(0, size);
    check(beginning, read_message(beginning), 1);
    std::string bent = tree;
    for (int i = 0; i < 8; ++i) bent[random() % bent.size()] = "\r\n-:;\"(b\0A"[random() % 10];
    check(bent, read_message(bent), 1);
  }
}

}  // namespace
}  // namespace glasspost::mime

// What protocol/mime reads out of a message, written as IMAP writes it, and read again as a client reads it.
#include <gtest/gtest.h>

#include "grammar.h"
#include "protocol/imap/encode.h"
#include "protocol/mime/message.h"

namespace glasspost::imap {
namespace {

std::string crlf(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

// The header is the sample's of RFC 3501 section 8, and the answer the sample's own.
TEST(ImapStructure, TheSampleOfRfc3501) {
  const std::string message = crlf(
      "Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\n"
      "From: Terry Gray <gray@cac.washington.edu>\n"
      "Subject: IMAP4rev1 WG mtg summary and minutes\n"
      "To: imap@cac.washington.edu\n"
      "cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>\n"
      "Message-Id: <B27397-0100000@cac.washington.edu>\n"
      "MIME-Version: 1.0\n"
      "Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\n"
      "\n"
      "one\ntwo\n");
  std::string out;
  const mime::Part part = mime::read_message(message);
  ResponseWriter(out).fetch(12).envelope(mime::envelope_of(message)).body(part).end();
  EXPECT_EQ(out,
            "* 12 FETCH (ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev1 WG mtg summary and minutes\" "
            "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
            "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) ((NIL NIL \"imap\" \"cac.washington.edu\")) ((NIL NIL "
            "\"minutes\" \"CNRI.Reston.VA.US\")(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL NIL "
            "\"<B27397-0100000@cac.washington.edu>\") BODY (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 10 2))\r\n");
}

const std::string_view messages[] = {
    "",
    "\nbody only",
    "Subject: =?UTF-8?Q?caf=C3=A9?=\nFrom: \"A \\\"B\\\" C\" <a@b>, g: x@y, z@w;, <@r1,@r2:q@r>\n\nx",
    "Subject: caf\xc3\xa9 {3}\nTo: undisclosed-recipients:;\n\nx",
    "Content-Type: multipart/mixed; boundary=\"b\\\"x\"\nContent-Language: en, de\n\n--b\"x\nContent-Type: text/html; charset=utf-8\n"
    "Content-Disposition: attachment; filename=\"a \\\"b\\\" \xc3\xa9.html\"\nContent-MD5: abc\n\n<p>\n--b\"x\nContent-Type: "
    "message/rfc822\n\nSubject: inner\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\none\n--c\nContent-Type: "
    "image/png\nContent-Transfer-Encoding: base64\nContent-ID: <1@x>\nContent-Location: l\n\nAAAA\n--c--\n\n--b\"x--\n",
    "Content-Type: multipart/mixed; boundary=b\n\nno part at all\n",
    "Content-Type: message/rfc822\n\n",
    "Content-Type: nonsense\nContent-Transfer-Encoding: \n\nx",
};

TEST(ImapStructure, EveryMessageIsReadBackAsItWasWritten) {
  for (const std::string_view text : messages) {
    const std::string message = crlf(text);
    const mime::Part part = mime::read_message(message);
    const mime::Envelope envelope = mime::envelope_of(std::string_view(message).substr(0, part.headers.end));
    std::string out;
    ResponseWriter(out).fetch(1).envelope(envelope).body(part).body_structure(part).end();
    const FetchData fetch = data_of<FetchData>(std::string_view(out).substr(0, out.size() - 2));
    ASSERT_TRUE(fetch.envelope && fetch.body && fetch.body_structure) << text;
    EXPECT_EQ(*fetch.envelope, envelope) << text;
    std::string again;
    ResponseWriter(again).fetch(1).envelope(*fetch.envelope).body(*fetch.body).body_structure(*fetch.body_structure).end();
    EXPECT_EQ(again, out);
  }
}

}  // namespace
}  // namespace glasspost::imap

#include "protocol/mime/content_tokens.h"

#include <gtest/gtest.h>

#include <string>

namespace glasspost::mime {
namespace {

std::string marked(std::string_view text, bool stuffed, ContentTokens::Begin begin = ContentTokens::Begin::headers) {
  Tokens tokens;
  ContentTokens content(stuffed, begin);
  content.mark_lines(text, 0, text.size(), tokens);
  tokens.finish(text);
  EXPECT_TRUE(tiles(text, tokens.all())) << text;
  std::string out;
  for (const Token& token : tokens.all()) {
    if (token.role == Role::crlf) {
      out += '/';
      continue;
    }
    out += std::string(name_of(token.role)) + "(" + std::string(token.span.of(text)) + ")";
  }
  return out;
}

TEST(ContentTokens, FollowAMessageFromItsHeadersIntoItsBody) {
  EXPECT_EQ(marked("Subject: Hello\r\n\tagain\r\nTo : b@example.org\r\n\r\nHi: Bob\r\n\r\nbye", false),
            "content_header_name(Subject)space(: )content_header_value(Hello)/content_header_value(\tagain)/"
            "content_header_name(To)space( : )content_header_value(b@example.org)/content_blank(\r\n)"
            "content_body(Hi: Bob)//content_body(bye)");
}

TEST(ContentTokens, StuffedDotsAreMarkedOnEveryKindOfLine) {
  EXPECT_EQ(marked("..X: y\r\n\r\n..\r\n...\r\n", true),
            "content_stuffed_dot(.)content_header_name(.X)space(: )content_header_value(y)/content_blank(\r\n)"
            "content_stuffed_dot(.)content_body(.)/content_stuffed_dot(.)content_body(..)/");
  EXPECT_EQ(marked("..\r\n", false, ContentTokens::Begin::body), "content_body(..)/");
}

TEST(ContentTokens, WhatIsNoHeaderIsShownPlain) {
  EXPECT_EQ(marked("no field here\r\n continued\r\nA:\r\n", false),
            "plain(no field here)/plain( continued)/content_header_name(A)space(:)/");
}

TEST(ContentTokens, BareLineEndsEndNoLine) {
  EXPECT_EQ(marked("\r\na\nb\rc\r\n", false), "content_blank(\r\n)content_body(a\nb\rc)/");
}

TEST(ContentTokens, LineByLineIsTheSameAsAllAtOnce) {
  const std::string text = "A: b\r\n c\r\n\r\n.body\r\n";
  Tokens whole, pieces;
  ContentTokens(true).mark_lines(text, 0, text.size(), whole);
  ContentTokens content(true);
  content.mark_line(text, 0, 6, pieces);
  content.mark_line(text, 6, 10, pieces);
  content.mark_line(text, 10, 12, pieces);
  content.mark_line(text, 12, text.size(), pieces);
  EXPECT_EQ(std::vector(whole.all().begin(), whole.all().end()), std::vector(pieces.all().begin(), pieces.all().end()));
}

}  // namespace
}  // namespace glasspost::mime

// The Message panel: what it shows is what the trace carried.
#include "tests/ui/panel.h"

#include "app/ui/views/message_letter.h"

namespace glasspost::ui {
namespace {

class MessagePanel : public Panel {
 protected:
  void choose(std::string_view host) {
    const HostId holder = model_->scenario().find(host);
    for (const sim::Holding& holding : model_->history().holdings())
      if (holding.holder == holder && !holding.messages.empty())
        apply(app::ShowLetter{holder, holding.user, holding.mailbox, holding.messages[0].key}, *model_);
  }
  std::size_t octets_held(std::string_view host) const {
    for (const sim::Holding& holding : model_->history().holdings())
      if (holding.holder == model_->scenario().find(host) && !holding.messages.empty()) return holding.messages[0].octets;
    return 0;
  }
  bool says(std::string_view text) const {
    for (const Control& control : panel_->ui().recorder().controls())
      if (control.text.find(text) != std::string::npos) return true;
    return false;
  }
};

TEST_F(MessagePanel, ACopyIsWhatWasFetchedOctetForOctet) {
  act(app::ToEnd{});
  for (const std::string_view host : {"bob-phone", "bob-laptop", "bob-pc"}) {
    choose(host);
    const ShownCopy copy = shown_copy(*model_);
    ASSERT_TRUE(copy.carrier) << host;
    EXPECT_EQ(copy.content.size(), octets_held(host)) << host;
    EXPECT_TRUE(copy.content.starts_with("Return-Path: <alice@example.com>\r\n")) << host;
    EXPECT_NE(copy.content.find("\r\n.\r\nThe lone dot"), std::string::npos) << host;  // not doubled any more
    EXPECT_TRUE(copy.content.ends_with("Yours, Alice\r\n")) << host;
  }
}

TEST_F(MessagePanel, BeforeItIsSentTheLetterIsTheStorys) {
  const ShownCopy copy = shown_copy(*model_);
  EXPECT_FALSE(copy.carrier);
  EXPECT_EQ(copy.content, model_->story_letter());
  show(message_view, 984, 640);
  EXPECT_TRUE(says("written, not yet sent"));
}

TEST_F(MessagePanel, StampsAreReadNewestFirstWithTheirLines) {
  act(app::ToEnd{});
  choose("bob-phone");
  const std::vector<Stamp> stamps = stamps_of(shown_copy(*model_).content);
  ASSERT_EQ(stamps.size(), 3U);
  EXPECT_EQ(stamps[0].by, "store.example.org");
  EXPECT_EQ(stamps[0].first_line, 2U);
  EXPECT_EQ(stamps[0].lines, 3U);
  EXPECT_EQ(protocol_of(stamps[0]), Protocol::lmtp);
  EXPECT_FALSE(tells_tls(stamps[0]));
  EXPECT_EQ(stamps[1].by, "mx1.example.org");
  EXPECT_EQ(stamps[1].from, "mail.example.com");
  EXPECT_TRUE(tells_tls(stamps[1]));
  EXPECT_EQ(stamps[2].with, "ESMTPSA");
  EXPECT_EQ(stamps[2].at, model_->start());
}

TEST_F(MessagePanel, StampsThatCannotBeReadAreNoStampsOfAnyone) {
  const std::vector<Stamp> stamps = stamps_of("Received: (((((\r\nReceived:\r\nReceived: by x; never\r\n\r\nReceived: by y\r\n");
  ASSERT_EQ(stamps.size(), 3U);
  EXPECT_TRUE(stamps[0].by.empty());
  EXPECT_FALSE(stamps[1].at);
  EXPECT_EQ(stamps[2].by, "x");
  EXPECT_FALSE(stamps[2].at);
}

TEST_F(MessagePanel, TextIsDecodedAndPartsHaveTheNamesThatImapFetchesThemBy) {
  act(app::SendLetter{"From: Alice <alice@example.com>\nTo: bob@example.org\nSubject: =?UTF-8?Q?Caf=C3=A9?=\nMessage-ID: <p@example.com>\n"
                      "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=m1\n\n--m1\nContent-Type: text/plain; charset=utf-8\n"
                      "Content-Transfer-Encoding: quoted-printable\n\nCaf=C3=A9 at nine\n--m1\nContent-Type: text/html; charset=iso-8859-1\n"
                      "Content-Transfer-Encoding: base64\n\nPGI+Q2Fm6TwvYj4=\n--m1--\n"});
  act(app::ToEnd{});
  choose("bob-phone");
  show(message_view, 1100, 640);
  EXPECT_TRUE(says("“Café”"));
  EXPECT_TRUE(says("BODY[1]"));
  EXPECT_TRUE(says("BODY[2]"));
  ASSERT_TRUE(panel_->click("message.views/1"));
  EXPECT_TRUE(says("Café at nine"));
  ASSERT_TRUE(panel_->click("message.views/0"));
  ASSERT_TRUE(panel_->click("message.part/2"));
  ASSERT_TRUE(panel_->click("message.views/1"));
  EXPECT_TRUE(says("<b>Café</b>"));
  ASSERT_TRUE(panel_->click("message.views/2"));
  EXPECT_TRUE(panel_->text_of("message.hex/0").starts_with("52 65 74 75 72 6e 2d 50"));
}

TEST_F(MessagePanel, NothingIsCutOffAtAnySize) {
  act(app::ToEnd{});
  choose("bob-phone");
  struct Place { int w, h; float scale; };
  for (const Place place : {Place{1280, 680, 1}, {1440, 780, 1}, {1920, 960, 1}, {720, 300, 2}, {640, 240, 1}})
    for (const Language language : {Language::english, Language::spanish}) {
      apply(app::SetLanguage{language}, *model_);
      show(message_view, place.w, place.h, place.scale);
      for (const char* view : {"message.views/1", "message.views/2", "message.views/0"}) {
        ASSERT_TRUE(panel_->click(view));
        EXPECT_EQ(cut_off(), "") << place.w << "x" << place.h << " " << view;
      }
    }
}

TEST_F(MessagePanel, LooksAsItDid) {
  act(app::ToEnd{});
  choose("bob-phone");
  show(message_view, 1440, 780);
  ASSERT_TRUE(panel_->click("message.stop/2"));
  EXPECT_TRUE(matches_golden(panel_->picture(), "message-journey-light-en"));
  apply(app::ToggleLook{}, *model_);
  apply(app::SetLanguage{Language::spanish}, *model_);
  show(message_view, 1280, 680);
  ASSERT_TRUE(panel_->click("message.views/1"));
  EXPECT_TRUE(matches_golden(panel_->picture(), "message-rendered-dark-es"));
}

}  // namespace
}  // namespace glasspost::ui

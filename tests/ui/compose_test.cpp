// Writing a letter: what is typed becomes a well-formed letter, and the story begins anew with it.
#include "tests/ui/panel.h"

#include "protocol/mime/encoding.h"
#include "protocol/mime/header.h"

namespace glasspost::ui {
namespace {

class Compose : public Panel {
 protected:
  void begin() {
    apply(app::ComposeLetter{true}, *model_);
    show(compose_view, 984, 600);
  }
};

TEST_F(Compose, WhatIsTypedIsSentAndArrives) {
  begin();
  ASSERT_TRUE(panel_->click("compose.subject"));
  panel_->press(Key::a, Modifier::ctrl);
  panel_->type("Ñandú\xE2\x80\x99s day");
  ASSERT_TRUE(panel_->click("compose.send"));
  EXPECT_FALSE(model_->composing());
  EXPECT_EQ(model_->cursor(), model_->start());
  EXPECT_TRUE(model_->playback().playing);
  const std::string letter(model_->story_letter());
  EXPECT_EQ(mime::decode_words(*mime::field(letter, "Subject")), "Ñandú’s day");
  EXPECT_EQ(*mime::field(letter, "From"), "Alice <alice@example.com>");
  EXPECT_EQ(mime::parse_date(*mime::field(letter, "Date"))->at, model_->start());
  act(app::ToEnd{});
  bool arrived = false;
  for (const sim::Holding& holding : model_->history().holdings())
    for (const sim::HeldMessage& message : holding.messages) arrived = arrived || message.key == *mime::field(letter, "Message-ID");
  EXPECT_TRUE(arrived);
}

TEST_F(Compose, ALineOfDotsAndAForgedHeaderStayText) {
  begin();
  ASSERT_TRUE(panel_->click("compose.subject"));
  panel_->press(Key::a, Modifier::ctrl);
  panel_->type("a\r\nBcc: eve@example.net");
  ASSERT_TRUE(panel_->click("compose.send"));
  EXPECT_FALSE(mime::field(model_->story_letter(), "Bcc"));
}

TEST_F(Compose, EscapeClosesAndLosesNothing) {
  begin();
  ASSERT_TRUE(panel_->click("compose.subject"));
  panel_->type("!");
  panel_->press(Key::escape);
  EXPECT_FALSE(model_->composing());
  act_here(app::ComposeLetter{true});
  panel_->frame();
  EXPECT_TRUE(panel_->ui().edit("compose.subject").text().find('!') != std::string::npos);
}

TEST_F(Compose, AFileThatIsNotThereIsSaid) {
  begin();
  ASSERT_TRUE(panel_->click("compose.file"));
  panel_->type("/nowhere/letter.eml");
  ASSERT_TRUE(panel_->click("compose.open"));
  ASSERT_TRUE(model_->notice());
  EXPECT_TRUE(model_->notice()->is_error);
}

TEST_F(Compose, NothingIsCutOffAtAnySize) {
  apply(app::ComposeLetter{true}, *model_);
  struct Place { int w, h; float scale; };
  for (const Place place : {Place{1280, 680, 1}, {1920, 960, 1}, {720, 330, 2}, {640, 300, 1}})
    for (const Language language : {Language::english, Language::spanish}) {
      apply(app::SetLanguage{language}, *model_);
      show(compose_view, place.w, place.h, place.scale);
      EXPECT_EQ(cut_off(), "") << place.w;
    }
}

TEST_F(Compose, LooksAsItDid) {
  begin();
  EXPECT_TRUE(matches_golden(panel_->picture(), "compose-light-en"));
}

}  // namespace
}  // namespace glasspost::ui

// A person's doings, by name, with no display.
#include "app/ui/widgets.h"

#include "tests/ui/stage.h"

namespace glasspost::ui {
namespace {

using namespace std::string_literals;

class Widgets : public Stage {
 protected:
  Headless window{fonts(), 800, 600};
  void show(DrawFrame draw) {
    window.draw_with(std::move(draw));
    window.frame();
  }
};

TEST_F(Widgets, AButtonActsOnceForAClick) {
  int sent = 0;
  show([&](Ui& ui) { sent += button(ui, "send", {20, 20, 80, 28}, "Send"); });
  EXPECT_TRUE(window.click("send"));
  EXPECT_EQ(sent, 1);
  EXPECT_FALSE(window.click("nobody"));
}

TEST_F(Widgets, APressThatIsLetGoElsewhereIsNoClick) {
  int sent = 0;
  show([&](Ui& ui) { sent += button(ui, "send", {20, 20, 80, 28}, "Send"); });
  EXPECT_TRUE(window.drag("send", {0, 200}));
  EXPECT_EQ(sent, 0);
}

TEST_F(Widgets, ADisabledButtonSaysWhyAndDoesNothing) {
  int sent = 0;
  show([&](Ui& ui) {
    sent += button(ui, "send", {20, 20, 80, 28}, "Send", {.enabled = false, .why_not = "no connection yet"});
  });
  window.click("send");
  EXPECT_EQ(sent, 0);
  window.point_at("send");
  window.frame(0.5);
  window.frame();
  EXPECT_EQ(window.text_of("tooltip"), "no connection yet");
}

TEST_F(Widgets, TabGoesThroughAllAndEnterOrSpaceAct) {
  std::string done;
  show([&](Ui& ui) {
    if (button(ui, "one", {20, 20, 80, 28}, "One")) done += '1';
    if (button(ui, "off", {20, 60, 80, 28}, "Off", {.enabled = false})) done += '-';
    if (button(ui, "two", {20, 100, 80, 28}, "Two")) done += '2';
    if (link(ui, "link", {20, 140, 80, 20}, "RFC 4954 §4")) done += 'L';
  });
  window.press(Key::tab), window.press(Key::enter);
  window.press(Key::tab), window.press(Key::space);
  window.press(Key::tab), window.press(Key::enter);
  window.press(Key::tab), window.press(Key::enter);             // round again
  window.press(Key::tab, Modifier::shift), window.press(Key::enter);
  EXPECT_EQ(done, "12L1L");
}

TEST_F(Widgets, WhatIsDrawnLaterLiesAboveAndTakesTheClick) {
  std::string done;
  show([&](Ui& ui) {
    if (ui.interact("row", Kind::row, {0, 0, 400, 40}, "row").clicked) done += 'r';
    if (link(ui, "rfc", {300, 10, 80, 20}, "RFC 5321")) done += 'l';
  });
  window.click("rfc");
  window.click_at({20, 20});
  EXPECT_EQ(done, "lr");
}

TEST_F(Widgets, ASegmentedControlTurnsByMouseAndArrows) {
  int language = 0;
  show([&](Ui& ui) {
    static constexpr std::string_view names[] = {"EN", "ES"};
    segmented(ui, "language", {20, 20, 64, 20}, names, language);
  });
  window.click("language/1");
  EXPECT_EQ(language, 1);
  window.press(Key::tab), window.press(Key::left);
  EXPECT_EQ(language, 0);
}

TEST_F(Widgets, AMenuOpensChoosesAndCloses) {
  int speed = 0;
  int behind = 0;
  show([&](Ui& ui) {
    static constexpr std::string_view speeds[] = {"0.1×", "1×", "10×"};
    behind += ui.interact("behind", Kind::area, {0, 0, 800, 600}, {}).clicked;
    dropdown(ui, "speed", {20, 20, 60, 24}, speeds, speed);
  });
  window.click("speed");
  EXPECT_TRUE(window.click("speed.menu/2"));
  EXPECT_EQ(speed, 2);
  EXPECT_FALSE(window.find("speed.menu/2"));
  window.click("speed");
  window.press(Key::down), window.press(Key::enter);
  EXPECT_EQ(speed, 0);
  window.click("speed");
  window.press(Key::escape);
  EXPECT_FALSE(window.find("speed.menu/0"));
  window.click("speed");
  window.click_at({600, 500});  // only closes
  EXPECT_FALSE(window.find("speed.menu/0"));
  EXPECT_EQ(behind, 0);
}

TEST_F(Widgets, AnInputTakesWhatIsTypedAndSubmits) {
  LineEdit line;
  std::string sent;
  show([&](Ui& ui) {
    if (text_input(ui, "input", {20, 20, 300, 32}, line) == InputEvent::submitted) sent = line.text(), line.clear();
    if (ui.shortcut(Key::n)) sent = "the shortcut fired";
  });
  window.click("input");
  window.type("a1 LOGIN ñandú");
  window.press(Key::n);  // a letter's key comes with its text; the shortcut must not see it
  EXPECT_EQ(sent, "");
  window.press(Key::backspace), window.press(Key::home), window.type("X");
  EXPECT_EQ(line.text(), "Xa1 LOGIN ñand");
  window.press(Key::enter);
  EXPECT_EQ(sent, "Xa1 LOGIN ñand");
}

TEST_F(Widgets, ASecretIsTwelveDotsAndIsNeverCopied) {
  LineEdit secret("s3cret");
  show([&](Ui& ui) { text_input(ui, "password", {20, 20, 300, 32}, secret, {.secret = true}); });
  window.click("password");
  window.press(Key::a, Modifier::ctrl), window.press(Key::c, Modifier::ctrl), window.press(Key::x, Modifier::ctrl);
  EXPECT_EQ(window.clipboard, "");
  secret.set("another");
  window.frame();
  for (const Control& c : window.ui().recorder().controls()) {
    EXPECT_EQ(c.text.find("another"), std::string::npos);
    if (c.name == "password") { EXPECT_EQ(c.text, masked_secret); }
  }
}

TEST_F(Widgets, APasteOfSeveralLinesComesWhole) {
  LineEdit line;
  std::string script;
  InputEvent event = InputEvent::none;
  show([&](Ui& ui) {
    const InputEvent now = text_input(ui, "input", {20, 20, 300, 32}, line, {.pasted_lines = &script});
    if (now != InputEvent::none) event = now;
  });
  window.click("input");
  window.clipboard = "EHLO a\r\nNOOP\r\n";
  window.press(Key::v, Modifier::ctrl);
  EXPECT_EQ(event, InputEvent::pasted_lines);
  EXPECT_EQ(script, "EHLO a\nNOOP");
  EXPECT_EQ(line.text(), "");
}

TEST_F(Widgets, ASplitterIsDraggedMovedByKeysAndRemembered) {
  Halves halves;
  show([&](Ui& ui) { halves = splitter(ui, "world.left", {0, 0, 800, 600}, Axis::horizontal, 500, 100, 200); });
  EXPECT_EQ(halves.first.w, 500);
  EXPECT_EQ(halves.second.x, 501);
  window.drag("world.left", {-60, 0});
  EXPECT_EQ(halves.first.w, 440);
  EXPECT_EQ(window.ui().sizes.at("world.left"), 440);
  window.drag("world.left", {2000, 0});
  EXPECT_EQ(halves.second.w, 200);
  window.press(Key::tab), window.press(Key::left);
  EXPECT_EQ(halves.first.w, 799 - 200 - 8);
  window.click("world.left", MouseButton::primary, 2);
  EXPECT_EQ(halves.first.w, 500);
  EXPECT_TRUE(window.ui().sizes.empty());
}

TEST_F(Widgets, AScrollAreaShowsWhatTheKeyboardReaches) {
  show([&](Ui& ui) {
    ScrollArea area(ui, "list", {0, 0, 200, 100}, 1000);
    for (int i = 0; i < 20; ++i)
      button(ui, "b" + std::to_string(i), {area.content().x, area.content().y + float(i) * 50, 100, 28}, "x");
  });
  EXPECT_TRUE(window.find("b12")->visible.empty());
  for (int i = 0; i < 14; ++i) window.press(Key::tab);  // the area, b0, b1, ...
  window.settle();
  EXPECT_EQ(window.find("b12")->visible.h, 28);
  window.turn_wheel({50, 50}, 100);
  EXPECT_EQ(window.find("b0")->visible.y, 0);
}

TEST_F(Widgets, TextThatDoesNotFitEndsInAnEllipsisAndTheTooltipHasItAll) {
  show([&](Ui& ui) { ui.label({20, 20, 60, 20}, "a long sentence about mail", font::body, {}, Align::left, "label"); });
  EXPECT_TRUE(window.find("label")->elided);
  EXPECT_FALSE(window.find("label")->clipped);
  window.point_at("label");
  window.frame(0.5);
  EXPECT_EQ(window.text_of("tooltip"), "a long sentence about mail");
}

TEST_F(Widgets, TextCutByItsSurroundingsIsFound) {
  show([&](Ui& ui) {
    ui.canvas().push_clip({0, 0, 50, 50});
    ui.label({20, 20, 300, 20}, "a long sentence", font::body);
    ui.canvas().pop_clip();
  });
  ASSERT_EQ(window.ui().recorder().clipped().size(), 1u);
  EXPECT_EQ(window.ui().recorder().clipped()[0]->text, "a long sentence");
}

TEST_F(Widgets, ProseWrapsAndKeepsItsMarksOutOfTheRecord) {
  float narrow = 0, wide = 0;
  const char* text = "Like `SELECT`, but **read-only**: nothing is marked.";
  show([&](Ui& ui) {
    narrow = prose(ui, {0, 0, 120, 300}, text, font::body, {}, "narrow");
    wide = prose(ui, {200, 0, 600, 300}, text, font::body);
    EXPECT_EQ(narrow, measure_prose(ui, 120, text, font::body));
  });
  EXPECT_EQ(wide, 20);
  EXPECT_GE(narrow, 60);
  EXPECT_EQ(window.text_of("narrow"), "Like SELECT, but read-only: nothing is marked.");
  EXPECT_TRUE(window.ui().recorder().clipped().empty());
}

TEST_F(Widgets, NothingMovesWhenNothingHappens) {
  show([&](Ui& ui) { button(ui, "send", {20, 20, 80, 28}, "Send"); });
  window.settle();
  EXPECT_GT(window.ui().wake_at(), 1e9);
}

TEST_F(Widgets, ReducedMotionGoesThereAtOnce) {
  bool on = false;
  float value = 0;
  show([&](Ui& ui) { value = ui.animate("fold", on, motion::fold); });
  on = true;
  window.frame();
  window.frame(0.04);
  EXPECT_GT(value, 0);
  EXPECT_LT(value, 1);
  window.frame(1);
  EXPECT_EQ(value, 1);
  window.ui().theme.reduced_motion = true;
  on = false;
  window.frame();
  EXPECT_EQ(value, 0);
}

TEST_F(Widgets, AShortcutUnderAPopUpWaits) {
  int fired = 0;
  bool open = true;
  show([&](Ui& ui) {
    fired += ui.shortcut(Key::j);
    if (open && !ui.popup_open("palette")) ui.open_popup("palette", {}), open = false;
    if (ui.begin_popup("palette", {300, 200}, true)) ui.end_popup();
  });
  window.frame();
  window.press(Key::j);
  EXPECT_EQ(fired, 0);
  window.press(Key::escape), window.press(Key::j);
  EXPECT_EQ(fired, 1);
}

TEST_F(Widgets, WidthsAreTheSameAtEveryScale) {
  Headless large(fonts(), 1600, 1200, 2);
  float one = 0, two = 0;
  show([&](Ui& ui) { one = ui.canvas().measure("AUTH PLAIN ••••", font::table); });
  large.draw_with([&](Ui& ui) { two = ui.canvas().measure("AUTH PLAIN ••••", font::table); });
  large.frame();
  EXPECT_EQ(one, two);
  EXPECT_NEAR(one, 15 * 7.2, 0.01);  // JetBrains Mono and DejaVu Sans Mono both have 0.6 em, or nearly
}

}  // namespace
}  // namespace glasspost::ui

// What needs no window: themes, text editing, settings, pictures, UTF-8.
#include <gtest/gtest.h>

#include "app/ui/image.h"
#include "app/ui/settings.h"
#include "app/ui/text_edit.h"
#include "app/ui/theme.h"
#include "app/ui/utf8.h"
#include "app/ui/window.h"

namespace glasspost::ui {
namespace {

TEST(Themes, WordsHaveEnoughContrastOnEveryGround) {
  for (const Look look : {Look::light, Look::dark, Look::projector}) {
    const Theme t = theme_of(look);
    for (const Colour ground : {t.window, t.panel, t.sunken, t.raised}) {
      for (const Colour words : {t.text, t.second, t.third, t.accent}) EXPECT_GE(contrast(ground, words), 4.5) << int(look);
      for (const Hue& hue : t.protocols) EXPECT_GE(contrast(ground, hue.text), 4.5) << int(look);
      EXPECT_GE(contrast(ground, t.error.text), 4.5) << int(look);
    }
    for (const Hue& hue : t.protocols) EXPECT_GE(contrast(hue.tint, hue.text), 4.5) << int(look);
    EXPECT_GE(contrast(t.accent, t.on_accent), 4.5);
    EXPECT_GE(contrast(t.accent_tint, t.text), 4.5);
  }
}

TEST(TextEditing, MovesByWholeCharactersAndWords) {
  LineEdit e("año nuevo");
  e.left(false, false), e.backspace();
  EXPECT_EQ(e.text(), "año nueo");
  e.line_start(false), e.right(false, false), e.right(false, false), e.backspace();
  EXPECT_EQ(e.text(), "ao nueo");
  e.right(true, true);
  EXPECT_EQ(e.selection(), "o");
  e.insert("bc");
  EXPECT_EQ(e.text(), "abc nueo");
  e.backspace(true);
  EXPECT_EQ(e.text(), " nueo");
  EXPECT_TRUE(e.undo());
  EXPECT_EQ(e.text(), "abc nueo");
  EXPECT_TRUE(e.redo());
  EXPECT_EQ(e.text(), " nueo");
}

TEST(TextEditing, LeavesOutControlCharactersAndKeepsItsLimit) {
  LineEdit e;
  e.insert("a\r\nb\x01\x7f");
  EXPECT_EQ(e.text(), "ab");
  EXPECT_FALSE(e.insert(std::string(LineEdit::limit, 'x')));
  EXPECT_EQ(e.text(), "ab");
}

TEST(TextEditing, GoesUpAndDownBetweenLines) {
  LineEdit e("one\nthree\nx", true);
  e.place(8), e.up(false);
  EXPECT_EQ(e.cursor(), 3u);
  e.down(false), e.down(false);
  EXPECT_EQ(e.cursor(), 11u);
  e.insert("\n");
  EXPECT_EQ(e.text(), "one\nthree\nx\n");
}

TEST(Utf8, GivesAReplacementForEachByteThatIsPartOfNothing) {
  EXPECT_EQ(character_at("é", 0).code, U'é');
  EXPECT_EQ(character_at("\xC3", 0).code, 0xFFFDu);
  EXPECT_EQ(character_at("\xED\xA0\x80", 0).code, 0xFFFDu);  // a surrogate
  EXPECT_EQ(character_at("\xC0\x80", 0).bytes, 1u);          // too long a form
  EXPECT_EQ(character_at("\xF0\x9F\x93\xA8", 0).code, U'📨');
  EXPECT_EQ(previous_character("añ", 3), 1u);
}

TEST(WindowSettings, ComeBackAsTheyWere) {
  Settings s;
  s.width = 1440, s.height = 900, s.maximised = true, s.scale = 1.5f, s.look = Look::dark, s.language = Language::spanish;
  s.greeted = s.reduced_motion = true;
  s.sizes["world.left"] = 984;
  const Settings back = parse_settings(write_settings(s));
  EXPECT_EQ(write_settings(back), write_settings(s));
  EXPECT_EQ(back.sizes.at("world.left"), 984);
}

TEST(WindowSettings, NonsenseLeavesTheDefaults) {
  const Settings s = parse_settings("width = -5\nheight = many\nscale = 99\ntheme\n\n= =\nsize x = nan\nsize y = 1e9\n\xff\xfe");
  EXPECT_EQ(write_settings(s), write_settings(Settings{}));
}

TEST(Scales, GoUpAndDownInSteps) {
  EXPECT_FLOAT_EQ(next_scale(1, 1), 1.1f);
  EXPECT_FLOAT_EQ(next_scale(2.5f, 1), 2.5f);
  EXPECT_FLOAT_EQ(next_scale(1.3f, -1), 1.25f);
  EXPECT_FLOAT_EQ(next_scale(1, -1), 1);
}

TEST(Pictures, SurviveBeingWrittenAndRead) {
  Image image(3, 2, Colour{10, 20, 30});
  image.at(2, 1)[0] = 255;
  const auto file = std::filesystem::temp_directory_path() / "glasspost-picture-test.png";
  ASSERT_TRUE(write_png(image, file));
  const auto back = read_png(file);
  std::filesystem::remove(file);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->rgba, image.rgba);
  EXPECT_FALSE(read_png("/nowhere/at.png"));
  EXPECT_FALSE(write_png(image, "/nowhere/at.png"));
}

}  // namespace
}  // namespace glasspost::ui

// The house's own controls, as the mock-ups draw them. Each takes the frame, a stable name, a place, and words that were
// already looked up; each returns what was done. All can be reached by Tab, and act on Enter and Space.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/icons.h"
#include "app/ui/text_edit.h"
#include "app/ui/ui.h"

namespace glasspost::ui {

struct ButtonLook {
  bool primary = false;
  bool strong = false;             // a 2 px border of ink and semi-bold: Read-only, a condition
  bool lit = false;                // tint ground and accent border: the chosen one, "you hold the line"
  std::optional<Icon> icon = {};
  bool menu = false;               // a chevron down at the right
  std::string_view key = {};       // a key cap after the words
  bool enabled = true;
  std::string_view why_not = {};   // the tooltip of a disabled one
};
bool button(Ui&, std::string_view name, Rect, std::string_view text, const ButtonLook& = {});
float button_width(Ui&, std::string_view text, const ButtonLook& = {});
// An icon alone: no border until hovered. The words are its tooltip and its name for the help.
bool icon_button(Ui&, std::string_view name, Rect, Icon, std::string_view words, bool enabled = true, bool on = false);
// The round one: Play, Pause. Diameter is the rectangle's width.
bool round_button(Ui&, std::string_view name, Rect, Icon, std::string_view words, bool ring = false);

// EN | ES, Step | Run: sets `chosen` and returns true when it changed. Left and Right move.
bool segmented(Ui&, std::string_view name, Rect, std::span<const std::string_view> texts, int& chosen,
               bool accent = false);
// Words on a bar with the accent's line above (workspaces) or below (panels) the chosen one.
enum class TabLine : std::uint8_t { above, below };
bool tabs(Ui&, std::string_view name, Rect bar, std::span<const std::string_view> texts, int& chosen, TabLine);
float tabs_width(Ui&, std::span<const std::string_view> texts, TabLine);

bool chip(Ui&, std::string_view name, Point left_middle, std::string_view text, bool on);  // 20 high, see chip_width
float chip_width(Ui&, std::string_view text);
// A count that unfolds: "› 6 l."
bool fold_chip(Ui&, std::string_view name, Point left_middle, std::string_view text, bool open);
float key_cap(Ui&, Point left_middle, std::string_view key);  // returns its width
float key_cap_width(Ui&, std::string_view key);
// "Ctrl+K" and what it does, as in the status bar; returns the width.
float key_hint(Ui&, Point left_middle, std::string_view key, std::string_view what);

// Underlined 1 px in the accent: "RFC 4954 §4".
bool link(Ui&, std::string_view name, Rect row, std::string_view text, Align = Align::left, Font = font::caption);
bool checkbox(Ui&, std::string_view name, Rect row, std::string_view text, bool& on);
bool radio(Ui&, std::string_view name, Rect row, std::string_view text, bool on, Font = font::body);
// The speed "0.1× ⌄": opens a menu.
bool dropdown(Ui&, std::string_view name, Rect, std::span<const std::string_view> texts, int& chosen);

struct MenuItem {
  std::string_view name;           // appended to the menu's: "map.link/delay"
  std::string_view text;
  std::string_view key = {};
  bool enabled = true, on = false, rule_above = false;
  std::string_view why_not = {};
};
// While open (Ui::open_popup): draws it; the index of what was chosen, once.
std::optional<int> menu(Ui&, std::string_view name, std::span<const MenuItem>);

struct InputLook {
  std::string_view prompt = {};       // "C:" before the text
  std::string_view placeholder = {};  // while empty
  std::string_view ghost = {};        // completion after the cursor, in third
  std::string_view hint = {};         // at the right: "Tab completes"
  Font text_font = font::console;
  bool secret = false;                // twelve dots, whatever its length
  bool enabled = true;
  bool search = false;                // a magnifying glass
  std::optional<Icon> icon = {};
  float reserved_right = 0;           // room for a button that the caller draws
  bool accepts_tab = false;           // Tab comes back as InputEvent::tab instead of moving on
  std::string* pasted_lines = nullptr;  // takes a paste of several lines, whole; else their ends are left out
};
enum class InputEvent : std::uint8_t { none, changed, submitted, tab, up, down, escape, pasted_lines };
// One line. Enter submits; the caller clears. Up, Down are the caller's (history).
InputEvent text_input(Ui&, std::string_view name, Rect, LineEdit&, const InputLook& = {});
// Several lines, as typed, scrolled by itself.
bool text_area(Ui&, std::string_view name, Rect, LineEdit&, Font = font::console);

// Panels -------------------------------------------------------------------------------------------------------------
// The head of a panel: "Ladder  26 messages so far"; returns what is left for chips and links in it.
Rect panel_head(Ui&, std::string_view name, Rect& area, std::string_view title, std::string_view aside = {},
                std::string_view hint = {});
void card(Ui&, Rect, bool lit = false, float radius = metric::card_radius);
void rule(Ui&, Rect& area, float space = 12);  // a line across, with this much room above and below
// A selected or hovered row's ground, and the 3 px bar at its left.
void row_ground(Ui&, Rect, bool selected, bool hovered);

enum class Axis : std::uint8_t { horizontal, vertical };  // horizontal: left | right
struct Halves {
  Rect first, second;
};
// Divides the area by a 1 px line that can be dragged (4 px to either side) or moved by arrows when focused. Double click:
// back to the default. The first part's size is remembered in Ui::sizes under the name.
Halves splitter(Ui&, std::string_view name, Rect area, Axis, float initial, float first_least, float second_least);

// A part that scrolls: draw into `content`, which is as high as said and lies above the area when scrolled down.
class ScrollArea {
 public:
  ScrollArea(Ui&, std::string_view name, Rect area, float content_height);
  ~ScrollArea();
  ScrollArea(const ScrollArea&) = delete;
  ScrollArea& operator=(const ScrollArea&) = delete;
  Rect content() const { return content_; }
  void reveal(float y, float height);  // from the next frame on; y within the content

 private:
  Ui& ui_;
  std::string name_;
  Rect area_, content_;
};
// For very long lists: `first` is the first visible row, fractional. Wheel, dragging, and clicks in the track.
void scroll_bar(Ui&, std::string_view name, Rect track, Rect wheel_area, double& first, double visible, double total);

struct Column {
  std::string_view text;
  float x = 0, width = 0;      // from the table's left edge
  Align align = Align::left;
  bool strong = false;
};
Rect table_head(Ui&, Rect& area, std::initializer_list<Column>);  // returns the strip

enum class Gravity : std::uint8_t { plain, exposed, error };
// A framed sentence: what happened, why, what to do. Returns its height.
float notice(Ui&, std::string_view name, Rect top, Gravity, std::string_view heading, std::string_view body);
// A panel with nothing in it says what would fill it.
void empty_panel(Ui&, Rect, std::string_view sentence, std::string_view more = {});

// Running text -------------------------------------------------------------------------------------------------------
// Wraps at spaces; **bold** and `wire text` inside. Returns the height that it took (or would take: measure_prose).
float prose(Ui&, Rect top, std::string_view text, Font = font::body, std::optional<Colour> = {},
            std::string_view name = {});
float measure_prose(Ui&, float width, std::string_view text, Font = font::body);
// Words one after the other on one baseline: each with its own font and colour, ellipsis in the last that fits.
struct Run {
  std::string_view text;
  Font font = font::body;
  std::optional<Colour> colour = {};
  float gap = 0;  // before it
};
float runs(Ui&, Rect row, std::initializer_list<Run>, Align = Align::left, std::string_view name = {});

// Twelve dots.
inline constexpr std::string_view masked_secret = "••••••••••••";
void spotlight(Ui&, Rect target, std::string_view words, std::optional<Point> from = {});

}  // namespace glasspost::ui

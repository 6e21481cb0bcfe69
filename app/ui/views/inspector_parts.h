// What the inspector's four tabs share: the message that they look at, how its octets are shown, and the pieces of a page
// that grows downwards.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/views/machine_drawing.h"
#include "app/ui/views/views.h"
#include "app/ui/widgets.h"
#include "protocol/machine.h"

namespace glasspost::ui {

// One message under the glass. Lives for one frame.
struct Inspected {
  Ui& ui;
  const Model& model;
  const Strings& s;
  Actions& out;
  const Conversation& conversation;
  const Message& message;
  MessageRef ref;
  std::size_t number = 0;  // its row, from 1
  std::string_view text;
  std::span<const Token> tokens;

  const Hue& hue() const { return ui.theme.of(message.protocol); }
  bool masked(const Token& token) const { return is_secret(token.role) && !model.revealed(); }
  bool has_secret() const;
  bool datagram() const { return message.protocol == Protocol::dns || message.protocol == Protocol::tls; }
  std::size_t focus() const;  // the chosen token; 0 if the choice is not of this message
};
std::optional<Inspected> inspect(Ui&, const Model&, Actions&);

// A party's name: the host's label in a world, else what the connection calls it.
std::string party(const Model&, const Conversation&, Side);
// The catalogue's sentence for a message, its names put in.
std::string headline_of(const Inspected&);
// A token as people read it: text as it is, numbers of DNS and TLS by name. Never longer than `most` characters; secrets dots.
std::string shown(const Inspected&, const Token&, std::size_t most = 200);
const Words* words_of(const Inspected&, const Token&);
using app::code_of;
using app::command_of;
// An exchange as far as it has come by a moment.
struct Seen {
  StateId before = 0, after = 0;
  const Message* reply = nullptr;  // the last that answers: news in between, IMAP's "*", is none
};
Seen seen_by(const Conversation&, const Exchange&, Instant cursor);

// The text cut in the middle to so many characters.
std::string shortened(std::string_view text, std::size_t most);

// The TLS records that carried a message, as the wire had them; empty if it went in clear.
struct OnWire {
  std::string_view octets;        // the record that carried it, header and all
  std::size_t header = 0;         // octets before what was said
  std::size_t tail = 0;           // after it
  std::size_t offset = 0;         // of the message within what the record carried
  bool aligned = false;           // the nth octet said is the nth after the header
  bool inner_type = false;        // TLS 1.3: one octet of type before the tag
};
OnWire on_wire(const Inspected&);

// A section's title, and the source of what it says at the right.
void section(const Inspected&, Rect& rest, std::string_view title, std::string_view source = {}, std::string_view hint = {});
// "RFC 4954 §4": copies the text's address.
void source_link(const Inspected&, std::string_view name, Rect row, std::string_view source, Align = Align::right);
float source_width(const Inspected&, std::string_view source);
// Shape, headline, and a line below it.
void head_of(const Inspected&, Rect& rest, std::string_view title, std::string_view below, bool padlock = false);
void octet_words(std::string& out, std::string_view octets);  // "17 03 03"

// Each tab draws into `rest`, whose top it takes away.
void explain_tab(const Inspected&, Rect& rest);
void anatomy(const Inspected&, Rect& rest);          // the line and its words
void decoded_base64(const Inspected&, Rect& rest, const Token&);
void bytes_tab(const Inspected&, Rect& rest);
void tls_tab(const Inspected&, Rect& rest);
void state_tab(const Inspected&, Rect& rest);

}  // namespace glasspost::ui

// What every IMAP rule is written with: RFC 3501 section 9's atoms, strings, numbers, sets, flags and dates. Private to
// this folder.
//
// A Reader remembers the first mistake and from then on takes nothing more, so rules read straight through, and only
// the outermost asks whether all went well.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/cursor.h"
#include "protocol/imap/command.h"

namespace glasspost::imap {

bool is_atom_char(char);     // ATOM-CHAR
bool is_astring_char(char);  // ASTRING-CHAR: "]" too
bool is_list_char(char);     // list-char: "%", "*" and "]" too
bool is_tag_char(char);      // ASTRING-CHAR without "+"
bool is_quotable(char);      // TEXT-CHAR: 7 bits, no NUL, CR or LF

class Reader {
 public:
  struct Options {
    bool lenient = false;        // a server's words: 8-bit octets in quoted strings, any flag
    std::size_t nesting = 32;
    std::size_t list = 16384;
    Dialect dialect = {};
  };
  // `text` without its final CRLF.
  Reader(std::string_view text, Tokens* tokens, Options options) : c_(text, tokens), options_(options) {}

  bool ok() const { return !error_; }
  const std::optional<Error>& error() const { return error_; }
  void fail(Fault, std::size_t at, std::string_view expected);
  void fail(Fault fault, std::string_view expected) { fail(fault, c_.position(), expected); }
  void wanted(std::string_view expected) { fail(Fault::syntax, expected); }
  const Options& options() const { return options_; }
  bool rev2() const { return options_.dialect.rev2; }
  bool utf8() const { return options_.dialect.utf8; }
  bool has(Extension one) const { return options_.dialect.offered.has(one); }  // what it brings is understood

  std::size_t position() const { return c_.position(); }
  bool done() const { return c_.done(); }
  char peek() const { return c_.peek(); }
  char peek(std::size_t ahead) const { return c_.peek(ahead); }
  std::string_view text() const { return c_.text(); }
  std::string_view rest() const { return c_.rest(); }
  void skip(std::size_t count = 1) { c_.skip(count); }
  void go_to(std::size_t at) { if (ok()) c_.go_to(at); }
  bool take(char c) { return c_.take(c); }
  bool take_word(std::string_view word) { return c_.take_ignoring_case(word); }
  std::string_view take_while(bool (*wanted_char)(char)) { return c_.take_while(wanted_char); }
  void mark(Role role, std::size_t begin) { if (ok()) c_.mark(role, begin); }
  // Whatever is left, and whatever went wrong: nobody may see it.
  void hide_rest(Role secret);
  bool marks() const { return tokens_wanted_ && ok(); }

  void space();                                   // exactly one SP
  void open();                                    // "("
  void close();                                   // ")"
  bool take_open();                               // "(" if it is there
  bool take_close();
  void end();                                     // nothing may follow
  std::string_view atom(Role, std::string_view expected = "atom");
  std::string astring(Role, std::string_view expected = "astring");
  std::string string(Role, std::string_view expected = "string");
  std::optional<std::string> nstring(Role, std::string_view expected = "nstring");
  std::optional<std::string> nstring8(Role);      // or a literal8, with any octet in it
  std::string literal(Role, std::string_view expected = "literal");
  enum class Content : std::uint8_t { message, body };
  // What it carries is marked as a message's header and body. `eight`: it is a literal8 whatever is offered.
  std::string content_literal(Content, bool eight = false);
  std::optional<std::string> content_nstring(Content);
  bool take_nil();
  std::uint32_t number(Role, std::string_view expected = "number");
  std::uint32_t nz_number(Role, std::string_view expected = "nz-number");
  std::uint64_t number64(Role);
  std::string mailbox(Role = Role::imap_mailbox);
  std::string name_from_wire(std::string wire, std::size_t begin);  // as mailbox() reads it; else a mistake at `begin`
  SequenceSet sequence_set(Role);
  std::string flag();
  FlagList flag_list();
  Day date();
  DateTime date_time();
  Section section();                              // "[...]"
  Section section_binary();                       // "[1.2]": RFC 3516

  // One more level of nesting; false, and a mistake, beyond the limit.
  bool enter();
  void leave() { --depth_; }
  // Whether a list that has `count` elements may have one more.
  bool room_for(std::size_t count);

 private:
  std::string quoted(Role);
  std::string_view literal_octets(Role, std::string_view expected, std::optional<Content>, bool eight = false);
  bool at_literal8() const { return peek() == '~' && peek(1) == '{'; }
  void mark_content(std::size_t begin, std::size_t end, Content);

  Cursor c_;
  Options options_;
  std::optional<Error> error_;
  std::size_t depth_ = 0;
  bool tokens_wanted_ = c_.tokens() != nullptr;
};

// The name a mailbox has on the wire, as UTF-8; INBOX in capitals.
Result<std::string> mailbox_from_wire(std::string_view wire);

}  // namespace glasspost::imap

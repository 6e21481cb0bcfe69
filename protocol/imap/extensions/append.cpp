#include "protocol/imap/extensions/append.h"

#include "protocol/imap/encode.h"
#include "protocol/imap/reader.h"

namespace glasspost::imap {
namespace {

// "UTF8" SP "(", in front of a literal8
bool take_utf8(Reader& r) {
  const std::size_t begin = r.position();
  if (!r.take_word("UTF8 ")) return false;
  r.go_to(r.position() - 1);
  r.mark(Role::imap_option, begin);
  r.space();
  r.open();
  if (r.peek() != '~') r.wanted("literal8");
  return true;
}

AppendMessage append_message(Reader& r) {
  AppendMessage message;
  r.space();
  if (r.peek() == '(') {
    message.flags = r.flag_list();
    r.space();
  }
  if (r.peek() == '"') {
    message.date = r.date_time();
    r.space();
  }
  message.utf8 = r.has(Extension::utf8_accept) && take_utf8(r);
  message.binary = message.utf8 || r.peek() == '~';
  message.text = r.content_literal(Reader::Content::message, message.utf8);
  if (message.utf8) r.close();
  return message;
}

void write_message(std::string& out, const AppendMessage& message, const WritingStyle& style) {
  if (!message.flags.empty()) {
    out += ' ';
    write_flags(out, message.flags);
  }
  if (message.date) out += " \"" + date_time_text(*message.date) + '"';
  out += message.utf8 ? " UTF8 (~" : message.binary ? " ~" : " ";
  out += literal_head(message.text.size(), style.literals);
  out += message.text;
  if (message.utf8) out += ')';
}

}  // namespace

Append parse_append_command(Reader& r) {
  Append append;
  r.space();
  append.mailbox = r.mailbox();
  do {
    if (!r.room_for(append.messages.size())) break;
    append.messages.push_back(append_message(r));
  } while (r.peek() == ' ' && r.has(Extension::multiappend));
  return append;
}

void write(std::string& out, const Append& append, const WritingStyle& style) {
  out += ' ';
  write_mailbox(out, append.mailbox, style);
  for (const AppendMessage& message : append.messages) write_message(out, message, style);
}

Replace parse_replace_command(Reader& r, bool uid) {
  Replace replace;
  replace.uid = uid;
  r.space();
  const std::size_t begin = r.position();
  replace.message = r.sequence_set(uid ? Role::imap_uid : Role::imap_sequence_number);
  const auto ranges = replace.message.ranges();
  if (ranges.size() != 1 || ranges[0].first != ranges[0].last) r.fail(Fault::syntax, begin, "seq-number");
  r.space();
  replace.mailbox = r.mailbox();
  replace.with = append_message(r);
  return replace;
}

void write(std::string& out, const Replace& replace, const WritingStyle& style) {
  out += ' ' + replace.message.text() + ' ';
  write_mailbox(out, replace.mailbox, style);
  write_message(out, replace.with, style);
}

}  // namespace glasspost::imap

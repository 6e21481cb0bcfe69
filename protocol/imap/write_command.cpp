// What a client sends: the grammar of command*.cpp, the other way round.
#include "protocol/imap/encode.h"
#include "protocol/imap/rules.h"

namespace glasspost::imap {
namespace {

class CommandWriter {
 public:
  CommandWriter(std::string& out, const WritingStyle& style) : out_(out), style_(style) {}

  void operator()(const Capability&) {}
  void operator()(const Noop&) {}
  void operator()(const Logout&) {}
  void operator()(const Starttls&) {}
  void operator()(const Check&) {}
  void operator()(const Close&) {}
  void operator()(const Unselect&) {}
  void operator()(const Idle&) {}
  void operator()(const Namespace&) {}
  void operator()(const Authenticate& a) {
    word(a.mechanism);
    if (a.response) word(a.response->empty() ? "=" : std::string_view(*a.response));
  }
  void operator()(const Login& l) { astring(l.user), astring(l.password); }
  void operator()(const Select& s) {
    mailbox(s.mailbox);
    if (!s.condstore && !s.resync) return;
    out_ += s.condstore ? " (CONDSTORE" : " (";
    if (s.condstore && s.resync) out_ += ' ';
    if (s.resync) write(out_, *s.resync);
    out_ += ')';
  }
  void operator()(const Create& c) {
    mailbox(c.mailbox);
    if (c.uses.empty()) return;
    out_ += " (USE ";
    write_flags(out_, c.uses);
    out_ += ')';
  }
  void operator()(const Delete& d) { mailbox(d.mailbox); }
  void operator()(const Rename& r) { mailbox(r.from), mailbox(r.to); }
  void operator()(const Subscribe& s) { mailbox(s.mailbox); }
  void operator()(const Unsubscribe& u) { mailbox(u.mailbox); }
  void operator()(const List& l) { write(out_, l, style_); }
  void operator()(const Status& s) {
    mailbox(s.mailbox);
    out_ += ' ';
    write(out_, s.items);
  }
  void operator()(const Append& a) { write(out_, a, style_); }
  void operator()(const Expunge& e) {
    if (e.uids) word(e.uids->text());
  }
  void operator()(const Search& s) {
    if (s.returns) write(out_, *s.returns);
    if (!s.charset.empty()) {
      word("CHARSET");
      astring(s.charset);
    }
    keys(s.key);
  }
  void operator()(const Replace& r) { write(out_, r, style_); }
  void operator()(const Sort& s) {
    out_ += ' ';
    write(out_, s.criteria);
    criteria(s.charset, s.key);
  }
  void operator()(const Thread& t) {
    word(name_of(t.algorithm));
    criteria(t.charset, t.key);
  }
  void operator()(const Fetch& f) {
    word(f.set.text());
    out_ += " (";
    for (std::size_t i = 0; i < f.items.size(); ++i) {
      if (i > 0) out_ += ' ';
      write_fetch_item(out_, f.items[i]);
    }
    out_ += ')';
    std::string modifiers;
    if (f.partial) write(modifiers += " PARTIAL ", *f.partial);
    if (f.changed_since) modifiers += " CHANGEDSINCE " + std::to_string(*f.changed_since);
    if (f.vanished) modifiers += " VANISHED";
    if (!modifiers.empty()) out_ += " (" + modifiers.substr(1) + ")";
  }
  void operator()(const Store& s) {
    word(s.set.text());
    if (s.unchanged_since) out_ += " (UNCHANGEDSINCE " + std::to_string(*s.unchanged_since) + ")";
    out_ += ' ';
    if (s.mode == StoreMode::add) out_ += '+';
    if (s.mode == StoreMode::remove) out_ += '-';
    out_ += s.silent ? "FLAGS.SILENT" : "FLAGS";
    flags(s.flags);
  }
  void operator()(const Copy& c) { word(c.set.text()), mailbox(c.mailbox); }
  void operator()(const Compress& c) { write(out_, c); }
  void operator()(const Enable& e) { write(out_, e); }
  void operator()(const GetMetadata& g) { write(out_, g, style_); }
  void operator()(const GetQuota& g) { write(out_, g, style_); }
  void operator()(const GetQuotaRoot& g) { write(out_, g, style_); }
  void operator()(const SetQuota& s) { write(out_, s, style_); }
  void operator()(const SetMetadata& s) { write(out_, s, style_); }
  void operator()(const Move& m) { word(m.set.text()), mailbox(m.mailbox); }
  void operator()(const Id& id) {
    if (id.fields.empty()) return word("NIL");
    out_ += " (";
    for (std::size_t i = 0; i < id.fields.size(); ++i) {
      if (i > 0) out_ += ' ';
      write_string(out_, id.fields[i].first, form());
      out_ += ' ';
      if (id.fields[i].second) write_string(out_, *id.fields[i].second, form());
      else out_ += "NIL";
    }
    out_ += ')';
  }

 private:
  void keys(const SearchKey& all) {
    for (const SearchKey& key : all.keys) {
      out_ += ' ';
      write_search_key(out_, key, form());
    }
  }
  void criteria(const std::string& charset, const SearchKey& all) {
    astring(charset);
    keys(all);
  }
  LiteralForm form() const { return style_.literals; }
  void word(std::string_view text) { (out_ += ' ') += text; }
  void astring(std::string_view text) {
    out_ += ' ';
    write_astring(out_, text, form());
  }
  void mailbox(std::string_view name) {
    out_ += ' ';
    write_mailbox(out_, name, style_);
  }
  void flags(const FlagList& list) {
    out_ += ' ';
    write_flags(out_, list);
  }

  std::string& out_;
  const WritingStyle& style_;
};

}  // namespace

std::string write_command(const Command& command, const WritingStyle& style) {
  std::string out = command.tag;
  out += ' ';
  out += verb_of(command.body);
  std::visit(CommandWriter(out, style), command.body);
  out += "\r\n";
  return out;
}

}  // namespace glasspost::imap

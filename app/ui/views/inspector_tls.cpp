// TLS: the handshake message by message, why the other end is believed, and who can read what.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "app/ui/views/inspector_parts.h"
#include "protocol/base/text.h"
#include "protocol/tls/facts.h"
#include "app/words/verdict.h"
#include "protocol/tls/handshake.h"

namespace glasspost::ui {
namespace {

struct Handshake {
  std::vector<MessageId> messages;  // up to the cursor
  std::optional<TlsFacts> facts;
  std::optional<TlsFacts> shown;    // what the other end showed, where it came to nothing
  bool failed = false;
  Duration took{};
};

Handshake handshake_of(const Inspected& in) {
  Handshake found;
  const Instant now = in.model.cursor();
  const Trace& trace = in.model.trace();
  const app::Lanes& lanes = in.model.lanes();
  if (lanes.connection() != in.ref.connection) return found;
  for (const auto& [id, piece] : lanes.handshake()) {
    if (in.conversation.message(id).at > now || found.messages.size() >= 64) break;
    found.messages.push_back(id);
  }
  const Protection protection = in.conversation.protection_at(now);
  found.failed = protection == Protection::failed;
  if (found.failed) found.shown = lanes.facts();
  if (protection != Protection::up || !trace.holds(in.conversation.tls_up())) return found;
  const Record& up = trace[in.conversation.tls_up()];
  if (const auto* facts = std::get_if<TlsUp>(&up.what))
    if (Result<TlsFacts> decoded = decode_tls_facts(trace.bytes(facts->facts))) found.facts = std::move(*decoded);
  if (!found.messages.empty()) found.took = up.at - in.conversation.message(found.messages.front()).at;
  return found;
}

std::string version_words(std::string_view version) {  // "TLSv1.3"
  return version.starts_with("TLSv") ? fmt::format("TLS {}", version.substr(4)) : std::string(version);
}

std::uint8_t content_type_of(const Inspected& in, const Message& message) {
  const Trace& trace = in.model.trace();
  const auto* record = trace.holds(message.record) ? std::get_if<TlsRecord>(&trace[message.record].what) : nullptr;
  return record ? record->content_type : std::uint8_t(22);
}

std::string date_text(Instant at) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(at));
  return fmt::format("{:04}-{:02}-{:02}", int(day.year()), unsigned(day.month()), unsigned(day.day()));
}

// A field's words: the catalogue's for its name, and for what its number stands for.
struct FieldWords {
  const Words *field = nullptr, *value = nullptr;
};

FieldWords words_of_field(const Inspected& in, const TlsField& field, std::string_view octets) {
  const Catalogue& catalogue = in.model.catalogue();
  FieldWords found{catalogue.find(fmt::format("tls_field/{}", field.name)), nullptr};
  const auto named = [&](Role role) { found.value = explain(catalogue, role, octets); };
  if (field.name == "Extension") found.value = catalogue.find("tls_extension_type/" + to_upper(field.value));
  else if (field.name == "CipherSuite" || field.name == "cipher_suite") named(Role::tls_cipher_suite);
  else if (field.name == "ProtocolVersion" || field.name == "selected_version") named(Role::tls_version);
  else if (field.name == "description" && octets.size() == 1) named(Role::tls_alert);
  return found;
}

// What it is and why, under a field that was chosen.
void explained(const Inspected& in, Rect& rest, const TlsField& field, const FieldWords& words) {
  Rect place = rest;
  place.take_left(24), place.take_right(6);
  const float top = place.y;
  const auto say = [&](std::string_view text, Font f, Colour colour) {
    if (!text.empty()) place.take_top(prose(in.ui, place, text, f, colour));
  };
  for (const Words* each : {words.field, words.value}) {
    if (!each) continue;
    say(each->what, font::caption_strong, in.ui.theme.text);
    say(each->why, font::caption, in.ui.theme.second);
    if (!each->other.empty()) say(each->other, font::caption, in.ui.theme.third);
  }
  say(field.source, font::caption, in.ui.theme.third);
  place.take_top(6);
  rest.take_top(place.y - top);
}

void fields(const Inspected& in, Rect& rest, const TlsDissection& dissection, std::string_view text, MessageId id) {
  Ui& ui = in.ui;
  const float bytes_width = rest.w * 0.27F, name_width = rest.w * 0.35F;
  for (std::size_t i = 0; i < dissection.fields.size(); ++i) {
    const TlsField& field = dissection.fields[i];
    double& open = ui.memory(fmt::format("inspector.field.open/{}/{}/{}", in.ref.connection, id, i));
    const Rect whole = rest.take_top(20);
    const std::string_view octets = field.span.of(text);
    if (ui.canvas().shows(whole)) {
      Rect row = whole;
      const Response r = ui.interact(fmt::format("inspector.field_row/{}/{}", id, i), Kind::row, whole.inset(-4, 0), field.name, {.on = open != 0});
      if (r.hovered) ui.canvas().fill(whole.inset(-4, 0), ui.theme.sunken, metric::radius);
      if (r.ring) ui.focus_ring(whole.inset(-4, 0));
      if (r.clicked) open = open != 0 ? 0 : 1, ui.next_frame();
      std::string first;
      octet_words(first, octets.substr(0, 4));
      if (octets.size() > 4) first += " …";
      const float indent = std::min(float(field.depth), 4.F) * 8;
      Rect place = row.take_left(bytes_width);
      place.take_left(indent);
      ui.label(place, first, {Face::wire, 11}, ui.theme.tls().text);
      place = row.take_left(name_width);
      place.take_left(indent + 4);
      ui.label(place, field.name, font::caption, ui.theme.second, Align::left, fmt::format("inspector.field/{}/{}", id, i));
      row.take_left(6);
      const FieldWords words = words_of_field(in, field, octets);
      const bool extension = field.name == "Extension" && words.value;
      const std::string meaning = extension ? words.value->what : field.value.empty() ? in.s.count("inspector.bytes", octets.size()) : field.value;
      ui.label(row, meaning, field.depth <= 1 && !field.value.empty() ? font::caption_strong : font::caption);
    }
    if (open != 0) explained(in, rest, field, words_of_field(in, field, octets));
  }
}

void one_message(const Inspected& in, Rect& rest, MessageId id, bool open_at_first) {
  Ui& ui = in.ui;
  const Message& message = in.conversation.message(id);
  const std::string_view text = in.conversation.text(message);
  const TlsDissection dissection = dissect_tls_message(content_type_of(in, message), text);
  const std::string memory = fmt::format("inspector.tls.open/{}/{}", in.ref.connection, id);
  double& open = ui.memory(memory, open_at_first ? 1 : 0);
  const float top = rest.y;
  Rect row = rest.take_top(open != 0 ? 30 : 24);
  const Hue& hue = message.sealed ? ui.theme.tls() : ui.theme.error;
  const Response r = ui.interact(fmt::format("inspector.tls/{}", id), Kind::row, row, dissection.name, {.on = open != 0});
  if (r.hovered) ui.canvas().fill(row.inset(-6, 0), ui.theme.sunken, metric::radius);
  if (r.ring) ui.focus_ring(row.inset(-6, 0));
  if (r.clicked) open = open != 0 ? 0 : 1, ui.next_frame();
  draw_icon(ui.canvas(), open != 0 ? Icon::chevron_down : Icon::chevron_right, row.take_left(22).at_left(14, 14), ui.theme.second);
  ui.label(row.take_left(20), message.from == Side::client ? "C" : "S", font::table, ui.theme.third);
  const Rect mark = row.take_right(18).centred(16, 16);
  if (message.sealed) draw_padlock(ui.canvas(), ui.theme, mark, true);
  else draw_icon(ui.canvas(), Icon::eye, mark, ui.theme.error.text);
  ui.tooltip(mark, in.s(message.sealed ? "tls.encrypted_message" : "tls.readable_message"));
  row.take_right(10);
  ui.label(row.take_right(48), fmt::format("{} B", message.octets), font::table, ui.theme.second, Align::right);
  const Font name_font = open != 0 ? font::strong : font::body;
  ui.label(row.take_left(std::min(row.w, ui.canvas().measure(dissection.name, name_font) + 8)), dissection.name, name_font);
  if (open != 0) {
    if (!dissection.fields.empty() && row.w > 90) source_link(in, fmt::format("inspector.tls_source/{}", id), row, dissection.fields.front().source, Align::left);
    Rect inside{rest.x + 2, rest.y, rest.w - 4, rest.h};
    fields(in, inside, dissection, text, id);
    rest.take_top(inside.y - rest.y + 6);
    ui.canvas().outline({rest.x - 8, top, rest.w + 16, rest.y - top}, hue.fill, 1, metric::card_radius);
    rest.take_top(6);
  } else if (const Words* words = in.model.catalogue().find(in.conversation.headline(message)); words && row.w > 60) {
    const std::string said = fill(words->what, {{"client", "C"}, {"server", "S"}});
    ui.label(row, said, font::caption, ui.theme.third);
  }
}

void why_trusted(const Inspected& in, Rect& rest, const TlsFacts& facts) {
  Ui& ui = in.ui;
  Canvas& c = ui.canvas();
  const bool trusted = facts.verdict == Verdict::trusted, unchecked = facts.verdict == Verdict::not_checked;
  section(in, rest, in.s(trusted ? "tls.why_trusted" : "tls.why_not_trusted"), "RFC 5280 §6");
  if (facts.resumed) rest.take_top(prose(ui, rest, in.s("tls.resumed_more"), font::body, ui.theme.second, "inspector.resumed") + 6);
  if (facts.chain.empty()) {
    rest.take_top(prose(ui, rest, in.s(facts.resumed ? "tls.resumed" : "tls.verdict.not_checked"), font::body, ui.theme.second));
    return;
  }
  const Hue& hue = trusted ? ui.theme.tls() : unchecked ? Hue{ui.theme.strong_line, ui.theme.text, ui.theme.sunken} : ui.theme.error;
  const auto box = [&](std::string_view who, std::string_view what) {
    Rect place = rest.take_top(26);
    c.fill(place, hue.tint, metric::radius), c.outline(place, hue.fill, 1, metric::radius);
    place = place.inset(10, 0);
    const float wide = std::min(place.w * 0.6F, c.measure(what, font::caption) + 2);
    ui.label(place.take_right(wide), what, font::caption, ui.theme.second, Align::right);
    place.take_right(8);
    ui.label(place, who, font::strong, hue.text);
  };
  for (std::size_t i = 0; i < facts.chain.size(); ++i) {
    const CertificateFacts& each = facts.chain[i];
    if (i > 0) c.arrow({rest.x + 20, rest.y}, {rest.x + 20, rest.y + 13}, ui.theme.second), rest.take_top(14);
    box(each.subject, i == 0 ? in.s("tls.valid", {{"from", date_text(each.not_before)}, {"until", date_text(each.not_after)}})
                             : in.s("tls.sent_along", {{"until", date_text(each.not_after)}}));
  }
  if (trusted && facts.chain.back().issuer != facts.chain.back().subject) {
    c.arrow({rest.x + 20, rest.y}, {rest.x + 20, rest.y + 13}, ui.theme.second), rest.take_top(14);
    box(facts.chain.back().issuer, in.s("tls.known_beforehand"));
  }
  rest.take_top(6);
  Rect row = rest.take_top(20);
  const auto mark = [&](Icon icon, std::string_view words) {
    const float wide = c.measure(words, font::caption) + 34;
    if (wide > row.w && row.x > rest.x) row = rest.take_top(20);
    Rect place = row.take_left(std::min(wide, row.w));
    draw_icon(c, icon, place.take_left(18).at_left(12, 12), ui.theme.text);
    ui.label(place, words, font::caption);
  };
  if (trusted)
    for (const char* key : {"tls.check_name", "tls.check_dates", "tls.check_signatures", "tls.check_purpose"}) mark(Icon::tick, in.s(key));
  else if (unchecked) mark(Icon::dash, in.s("tls.verdict.not_checked"));
  else rest.take_top(std::max(0.F, prose(ui, row, verdict_sentence(facts, in.s), font::strong, ui.theme.error.text, "inspector.verdict") - row.h)), row = rest.take_top(20);
  mark(Icon::dash, in.s("tls.no_revocation"));
}

void who_reads(const Inspected& in, Rect& rest, const TlsFacts* facts) {
  Ui& ui = in.ui;
  section(in, rest, in.s("tls.who_reads"));
  const float column = std::min(110.F, rest.w * 0.27F);
  Rect head = rest.take_top(20);
  ui.label(head.take_right(column), in.s("tls.reads_wire"), font::caption, ui.theme.third, Align::centre);
  ui.label(head.take_right(column), in.s("tls.reads_ends"), font::caption, ui.theme.third, Align::centre);
  const auto row = [&](std::string_view key, bool exposed) {
    Rect place = rest.take_top(22);
    const Rect wire = place.take_right(column), ends = place.take_right(column);
    ui.label(place, in.s(key), font::body, {}, Align::left, fmt::format("inspector.{}{}", key, exposed ? ".exposed" : ""));
    draw_icon(ui.canvas(), Icon::eye, ends.centred(16, 16), ui.theme.text);
    if (!exposed) return draw_icon(ui.canvas(), Icon::eye_struck, wire.centred(16, 16), ui.theme.second);
    const std::string_view words = in.s("tls.exposed");
    const float wide = std::min(wire.w, ui.canvas().measure(words, font::caption_strong) + 34);
    Rect chip = wire.centred(wide, 18);
    ui.canvas().fill(chip, ui.theme.error.tint, metric::chip_radius);
    draw_icon(ui.canvas(), Icon::eye, chip.take_left(24).centred(14, 14), ui.theme.error.text);
    ui.label(chip, words, font::caption_strong, ui.theme.error.text);
  };
  const bool old = facts && facts->version != "TLSv1.3";
  if (facts && !facts->server_name.empty()) row("tls.row_sni", true);
  if (facts) row("tls.row_certificate", old);
  const Protocol speaks = in.conversation.opened().protocol;
  if (speaks != Protocol::dns && speaks != Protocol::lmtp) row("tls.row_password", !facts);
  if (speaks != Protocol::dns) row("tls.row_letter", !facts);
  row("tls.row_sizes", true);
}

void in_clear(const Inspected& in, Rect& rest) {
  head_of(in, rest, in.s("tls.none"),
          in.s("inspector.message_of", {{"n", std::to_string(in.number)},
                                        {"connection", std::to_string(in.ref.connection)},
                                        {"to", std::string(in.conversation.name(other(in.message.from)))}}));
  rest.take_top(notice(in.ui, "inspector.in_clear", rest, Gravity::exposed, in.s("inspector.in_clear"), in.s("inspector.everyone_reads")));
  who_reads(in, rest, nullptr);
}

void facts_row(const Inspected& in, Rect& rest, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  Rect row = rest.take_top(20);
  in.ui.label(row.take_left(row.w * 0.38F), in.s(key), font::caption, in.ui.theme.third);
  in.ui.label(row, value, {Face::wire, 11}, in.ui.theme.second);
}

}  // namespace

void tls_tab(const Inspected& in, Rect& rest) {
  const Handshake handshake = handshake_of(in);
  if (handshake.messages.empty() && !handshake.facts && !handshake.failed) return in_clear(in, rest);
  const std::string connection = std::to_string(in.ref.connection);
  std::string title(in.s("tls.under_way"));
  if (handshake.failed) title = in.s("tls.failed");
  if (handshake.facts) {
    const Verdict verdict = handshake.facts->verdict;
    const std::string_view key = verdict == Verdict::trusted ? "tls.trusted" : verdict == Verdict::not_checked ? "tls.unchecked" : "tls.untrusted";
    title = in.s(key, {{"version", version_words(handshake.facts->version)}});
  }
  const bool starttls = in.conversation.opened().tls == TlsMode::starttls;
  const std::string_view command = in.conversation.opened().protocol == Protocol::pop3 ? "STLS" : "STARTTLS";
  const std::string took = in.s.duration(handshake.took);
  head_of(in, rest, title,
          starttls ? in.s("tls.started_by", {{"connection", connection}, {"command", command}, {"duration", took}})
                   : in.s("tls.implicit", {{"connection", connection}, {"duration", took}}),
          true);
  bool opened_one = in.message.protocol == Protocol::tls;
  for (const MessageId id : handshake.messages) {
    const bool hello = in.conversation.headline(in.conversation.message(id)) == "say/tls/ServerHello";
    const bool open = in.message.protocol == Protocol::tls ? id == in.ref.message : hello && !opened_one;
    opened_one = opened_one || open;
    one_message(in, rest, id, open);
  }
  if (handshake.shown) why_trusted(in, rest, *handshake.shown);
  if (handshake.facts) why_trusted(in, rest, *handshake.facts);
  if (handshake.facts) {
    who_reads(in, rest, &*handshake.facts);
    rule(in.ui, rest, 11);
    facts_row(in, rest, "tls.cipher", handshake.facts->cipher);
    facts_row(in, rest, "tls.group", handshake.facts->group);
    if (!handshake.facts->chain.empty()) facts_row(in, rest, "tls.fingerprint", handshake.facts->chain.front().fingerprint);
  }
}

}  // namespace glasspost::ui

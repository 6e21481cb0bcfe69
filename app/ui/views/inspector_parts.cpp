#include "app/ui/views/inspector_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/ui/views/wording.h"
#include "protocol/base/text.h"
#include "protocol/dns/message.h"
#include "protocol/tls/facts.h"
#include "protocol/tls/names.h"

namespace glasspost::ui {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::string_view last_name(std::string_view headline) {
  const auto first = headline.find('/');
  const auto second = headline.find('/', first == headline.npos ? 0 : first + 1);
  return second == headline.npos ? std::string_view() : headline.substr(second + 1);
}

// Whose words these are decides where the wire's record is: what we say is sealed after it was said, what comes is opened
// before it is read.
std::string_view record_with(const Inspected& in) {
  const Trace& trace = in.model.trace();
  const bool ours = in.message.from == Side::client ? in.conversation.opened().client_is_ours : in.conversation.opened().server_is_ours;
  constexpr int far = 64;
  RecordId id = in.message.record;
  for (int step = 0; step < far && trace.holds(id); ++step, ours ? ++id : --id) {
    const Record& record = trace[id];
    if (record.connection == in.ref.connection) {
      if (const auto* sent = std::get_if<Sent>(&record.what); ours && sent && sent->from == in.message.from && sent->layer == Layer::wire)
        return trace.bytes(sent->bytes);
      if (const auto* came = std::get_if<Arrived>(&record.what); !ours && came && came->from == in.message.from && came->layer == Layer::wire)
        return trace.bytes(came->bytes);
    }
    if (id == 0 && !ours) break;
  }
  return {};
}

std::size_t record_size(std::string_view wire) {
  if (wire.size() < 5) return 0;
  return 5 + (std::size_t(static_cast<unsigned char>(wire[3])) << 8 | static_cast<unsigned char>(wire[4]));
}

// An encrypted handshake message in the flight that carried it: the trace keeps how many octets of the wire each message
// of a flight took, in their order.
OnWire in_flight(const Inspected& in, std::size_t header, std::size_t tail, bool inner_type) {
  const Trace& trace = in.model.trace();
  const std::string_view wire = record_with(in);
  if (wire.empty() || !trace.holds(in.message.record)) return {};
  constexpr int far = 64;
  RecordId first = in.message.record;  // of this flight
  for (RecordId id = first; id > trace.first() && in.message.record - id < far;) {
    const Record& record = trace[--id];
    if (record.connection != in.ref.connection) continue;
    if (const auto* sent = std::get_if<Sent>(&record.what); sent && sent->from == in.message.from && sent->layer == Layer::wire) break;
    if (const auto* tls = std::get_if<TlsRecord>(&record.what); tls && tls->from == in.message.from) first = id;
  }
  std::size_t end = 0, carrier = 0, offset = 0;  // in the wire's octets; of the message in what its record carries
  for (RecordId id = first; id <= in.message.record; ++id) {
    const auto* tls = std::get_if<TlsRecord>(&trace[id].what);
    if (trace[id].connection != in.ref.connection || !tls || tls->from != in.message.from) continue;
    if (tls->wire_octets > 0) carrier = end, end += tls->wire_octets, offset = 0;
    if (id != in.message.record) offset += tls->message.size;
  }
  if (end > wire.size() || record_size(wire.substr(carrier)) != end - carrier) return {};
  OnWire found{wire.substr(carrier, end - carrier), header, tail, offset, false, inner_type};
  found.aligned = header + offset + in.text.size() + tail <= found.octets.size();
  return found.aligned ? found : OnWire{};
}

// How many octets of the record's content come before the message.
std::size_t said_before(const Inspected& in) {
  std::size_t before = 0;
  for (MessageId id = in.ref.message; id > 0;) {
    const Message& earlier = in.conversation.message(--id);
    if (earlier.from != in.message.from) continue;
    if (earlier.record != in.message.record) break;
    before += std::size_t(earlier.octets);
  }
  return before;
}

// An encrypted handshake message and the record that it shares with none, or with those before it.
OnWire sealed_handshake(const Inspected& in) {
  OnWire found;
  const app::Lanes& lanes = in.model.lanes();
  if (lanes.connection() != in.ref.connection || !lanes.facts()) return found;
  const auto piece = lanes.wire_of(in.ref.message);
  const Trace& trace = in.model.trace();
  if (!piece || !trace.holds(piece->record)) return found;
  const auto* sent = std::get_if<Sent>(&trace[piece->record].what);
  const auto* came = std::get_if<Arrived>(&trace[piece->record].what);
  if (!sent && !came) return found;
  const std::string_view wire = trace.bytes(sent ? sent->bytes : came->bytes).substr(piece->offset);
  const std::size_t size = record_size(wire);
  if (size == 0 || size > wire.size()) return found;
  const bool newest = lanes.facts()->version == "TLSv1.3";
  found.octets = wire.substr(0, size);
  found.header = newest ? 5 : 13;  // TLS 1.2 with GCM sends eight octets of nonce along: RFC 5288 section 3
  found.tail = newest ? 17 : 16;
  found.inner_type = newest;
  for (MessageId id = in.ref.message; id > 0;) {
    const auto before = lanes.wire_of(--id);
    if (!before || before->record != piece->record || before->offset != piece->offset) break;
    found.offset += std::size_t(in.conversation.message(id).octets);
  }
  found.aligned = found.header + found.offset + in.message.octets + found.tail <= size;
  return found;
}

}  // namespace

bool Inspected::has_secret() const {
  return std::any_of(tokens.begin(), tokens.end(), [](const Token& token) { return is_secret(token.role); });
}

std::size_t Inspected::focus() const {
  const std::size_t chosen = model.selection().token;
  return chosen < tokens.size() ? chosen : 0;
}

std::optional<Inspected> inspect(Ui& ui, const Model& model, Actions& out) {
  const Message* message = model.selected();
  const Conversation* conversation = model.selected_conversation();
  if (!message || !conversation) return std::nullopt;
  const MessageRef ref = *model.selection().message;
  const std::optional<std::size_t> row = model.conversations().row_of(ref);
  return Inspected{ui,  model, model.strings(), out, *conversation, *message, ref, row ? *row + 1 : 0, conversation->text(*message),
                   conversation->tokens(*message)};
}

std::string party(const Model& model, const Conversation& conversation, Side side) {
  const HostId host = side == Side::client ? conversation.opened().client : conversation.opened().server;
  if (std::string label = host_label(model, host); !label.empty() && model.stage() == app::Stage::world) return label;
  return std::string(conversation.name(side));
}

std::string headline_of(const Inspected& in) {
  const std::string_view key = in.conversation.headline(in.message);
  const Words* words = in.model.catalogue().find(key);
  if (!words) return std::string(last_name(key));
  const std::string client = party(in.model, in.conversation, Side::client), server = party(in.model, in.conversation, Side::server);
  return fill(capital(words->what), {{"client", client}, {"server", server}});
}

std::string shortened(std::string_view text, std::size_t most) {
  std::size_t characters = 0;
  for (const char c : text) characters += !is_continuation(c);
  if (characters <= most || most < 8) return std::string(text);
  const std::size_t left = (most - 1) * 2 / 3, right = most - 1 - left;
  std::size_t begin = 0, end = text.size();
  for (std::size_t n = 0; begin < text.size() && (n < left || is_continuation(text[begin])); ++begin) n += !is_continuation(text[begin]);
  while (begin > 0 && is_continuation(text[begin])) --begin;
  for (std::size_t n = 0; end > 0 && n < right;) n += !is_continuation(text[--end]);
  return std::string(text.substr(0, begin)) + "…" + std::string(text.substr(end));
}

std::string shown(const Inspected& in, const Token& token, std::size_t most) {
  if (in.masked(token)) return std::string(masked_secret);
  const std::string_view octets = token.span.of(in.text);
  if (in.message.protocol == Protocol::dns) return shortened(dns::text_of(in.text, token), most);
  if (in.message.protocol == Protocol::tls) {
    if (const std::string_view name = tls_token_name(token.role, octets); !name.empty()) return shortened(name, most);
    if (token.role == Role::tls_server_name) return shortened(visible(octets), most);
    return shortened(hex(octets.substr(0, 256)), std::min<std::size_t>(most, 24));
  }
  if (token.role == Role::crlf) return "CR LF";
  if (token.role == Role::content_blank) return "CR LF";
  return shortened(visible(octets.substr(0, std::max<std::size_t>(most * 4, 64))), most);
}

const Words* words_of(const Inspected& in, const Token& token) {
  const std::string_view octets = token.span.of(in.text);
  if (in.message.protocol == Protocol::dns && token.role != Role::dns_flags)
    return explain(in.model.catalogue(), token.role, dns::text_of(in.text, token));
  return explain(in.model.catalogue(), token.role, octets);
}

Seen seen_by(const Conversation& conversation, const Exchange& exchange, Instant cursor) {
  Seen seen{exchange.before, exchange.before, nullptr};
  if (exchange.command) {
    const Message& command = conversation.message(*exchange.command);
    seen.before = command.state_before, seen.after = command.state_after;
  }
  for (const MessageId id : exchange.replies) {
    const Message& reply = conversation.message(id);
    if (reply.at > cursor) break;
    // A pipelined command was said before its turn had come: the state it met is the one in which it was answered.
    if (id == exchange.replies.front() && seen.before == seen.after) seen.before = reply.state_before;
    seen.after = reply.state_after;
    const std::span<const Token> tokens = conversation.tokens(reply);
    if (tokens.empty() || tokens.front().role != Role::imap_untagged) seen.reply = &reply;
  }
  // After a handshake the first command still names it as where it came from: the session had begun again before.
  if (const Machine* machine = machine_of(conversation.opened().protocol); machine && seen.reply && seen.reply->sealed)
    for (const Transition& way : machine->transitions)
      if (way.from == seen.before && way.command == "handshake") {
        seen.before = way.to;
        break;
      }
  return seen;
}

void octet_words(std::string& out, std::string_view octets) {
  for (const char octet : octets) out += fmt::format("{}{:02x}", out.empty() ? "" : " ", static_cast<unsigned char>(octet));
}

OnWire on_wire(const Inspected& in) {
  OnWire found;
  if (!in.message.sealed && in.message.protocol != Protocol::tls) return found;
  std::string_view wire = record_with(in);
  if (in.message.protocol == Protocol::tls) {
    if (in.message.sealed) return sealed_handshake(in);
    const auto at = wire.find(in.text);
    if (at == wire.npos || at < 5) return found;
    return {wire.substr(at - 5, in.text.size() + 5), 5, 0, 0, true, false};
  }
  const Trace& trace = in.model.trace();
  const auto* up = trace.holds(in.conversation.tls_up()) ? std::get_if<TlsUp>(&trace[in.conversation.tls_up()].what) : nullptr;
  const Result<TlsFacts> facts = up ? decode_tls_facts(trace.bytes(up->facts)) : Result<TlsFacts>(tl::unexpected(Error{}));
  const bool newest = facts && facts->version == "TLSv1.3", gcm = facts && facts->cipher.find("GCM") != std::string::npos;
  // TLS 1.2 with GCM sends eight octets of nonce along: RFC 5288 section 3.
  const std::size_t header = newest ? 5 : 13, tail = newest ? 17 : 16;
  if (in.message.protocol == Protocol::tls) return newest || gcm ? in_flight(in, header, tail, newest) : found;
  while (!wire.empty() && wire[0] != '\x17' && record_size(wire) > 0 && record_size(wire) < wire.size()) wire.remove_prefix(record_size(wire));
  const std::size_t size = record_size(wire);
  if (size == 0 || size > wire.size()) return found;
  found.octets = wire.substr(0, size);
  if (!newest && !gcm) return found;
  found.header = header, found.tail = tail, found.inner_type = newest;
  found.offset = said_before(in);
  found.aligned = found.header + found.offset + in.message.octets + found.tail <= size;
  return found;
}

float source_width(const Inspected& in, std::string_view source) {
  return source.empty() ? 0 : in.ui.canvas().measure(source, font::caption) + 1;
}

void source_link(const Inspected& in, std::string_view name, Rect row, std::string_view source, Align align) {
  if (source.empty()) return;
  const std::string address = rfc_address(source);
  if (address.empty()) {
    in.ui.label(row, source, font::caption, in.ui.theme.third, align);
    return;
  }
  const float width = source_width(in, source);
  if (link(in.ui, name, row, source, align)) in.out.push_back(app::Copy{address});
  in.ui.tooltip(align == Align::right ? row.at_right(width, row.h) : row.at_left(width, row.h), in.s("inspector.copy_address", {{"address", address}}));
}

void section(const Inspected& in, Rect& rest, std::string_view title, std::string_view source, std::string_view hint) {
  rule(in.ui, rest, 11);
  Rect row = rest.take_top(24);
  if (!source.empty()) {
    source_link(in, fmt::format("inspector.source/{}", title), row.take_right(source_width(in, source)), source);
    row.take_right(8);
  }
  const float wide = std::min(row.w, in.ui.canvas().measure(title, font::strong) + 1);
  in.ui.label(row.take_left(wide), title, font::strong);
  row.take_left(10);
  if (!hint.empty() && row.w > 40) in.ui.label(row, hint, font::caption, in.ui.theme.third);
}

void head_of(const Inspected& in, Rect& rest, std::string_view title, std::string_view below, bool padlock) {
  const float wide = rest.w - 24;
  const float height = measure_prose(in.ui, wide, title, font::heading);
  Rect row = rest.take_top(height);
  const Rect mark = row.take_left(24).take_top(22).at_left(16, 16);
  if (padlock || in.message.protocol == Protocol::tls) draw_padlock(in.ui.canvas(), in.ui.theme, mark, true);
  else draw_shape(in.ui.canvas(), in.ui.theme, mark, in.message.protocol);
  prose(in.ui, row, title, font::heading, {}, "inspector.headline");
  in.ui.label(rest.take_top(20), below, font::caption, in.ui.theme.third, Align::left, "inspector.below");
  rest.take_top(8);
}

}  // namespace glasspost::ui

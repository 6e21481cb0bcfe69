// The steps of a live connection: a sentence each, what was said, and how long it took.
#include <fmt/format.h>

#include <algorithm>

#include "app/ui/views/live.h"
#include "app/ui/views/machine_drawing.h"
#include "app/ui/widgets.h"
#include "protocol/base/text.h"
#include "protocol/tls/facts.h"

namespace glasspost::ui {
namespace {

using State = app::LiveProgress::State;

constexpr float line_height = 18;

Mark mark_of(State state) {
  switch (state) {
    case State::to_come: return Mark::ahead;
    case State::doing: return Mark::waiting;
    case State::done: return Mark::done;
    case State::failed: return Mark::failed;
  }
  return Mark::ahead;
}

struct Detail {
  std::string text;
  bool wire = true;
  Colour colour{};
};

class Steps {
 public:
  Steps(Ui& ui, const Model& model) : ui_(ui), s_(model.strings()), line_(*model.live()), conversation_(model.conversations().find(line_.connection())) {
    if (conversation_ && model.trace().holds(conversation_->tls_up()))
      if (const auto* up = std::get_if<TlsUp>(&model.trace()[conversation_->tls_up()].what))
        if (auto facts = decode_tls_facts(model.trace().bytes(up->facts))) tls_ = std::move(*facts);
    if (const TlsFacts* shown = line_.distrusted()) tls_ = *shown;
  }

  float draw(Rect rest) {
    const float top = rest.y;
    const auto progress = line_.progress();
    for (std::size_t i = 0; i < progress.size(); ++i) one(rest, progress[i], i + 1 == progress.size());
    return rest.y - top;
  }

 private:
  std::vector<Detail> details(app::LiveStep step) const {
    std::vector<Detail> all;
    switch (step) {
      case app::LiveStep::name: {
        const auto addresses = line_.addresses();
        for (std::size_t i = 0; i < std::min<std::size_t>(addresses.size(), 3); ++i)
          all.push_back({fmt::format("{}  {}  {}", line_.host(), addresses[i].find(':') == std::string::npos ? "A" : "AAAA", addresses[i])});
        if (addresses.size() > 3) all.push_back({s_("live.more_addresses", {{"n", std::to_string(addresses.size() - 3)}}), false});
        break;
      }
      case app::LiveStep::connect:
        if (conversation_) {
          all.push_back({fmt::format("{}:{}", conversation_->name(Side::server), conversation_->opened().server_port)});
          all.push_back({s_("live.from_port", {{"port", std::to_string(conversation_->opened().client_port)}}), false});
        }
        break;
      case app::LiveStep::tls: tls(all); break;
      case app::LiveStep::greeting:
        if (conversation_)
          for (MessageId id = 0; id < conversation_->size(); ++id)
            if (said_by_server(id)) {
              all.push_back({first_line(id)});
              break;
            }
        break;
      case app::LiveStep::login: login(all); break;
      case app::LiveStep::command: break;
    }
    return all;
  }

  void tls(std::vector<Detail>& all) const {
    if (!tls_) return;
    if (!tls_->version.empty()) all.push_back({(tls_->version.starts_with("TLSv") ? "TLS " + tls_->version.substr(4) : tls_->version) + "  " + tls_->cipher});
    for (std::size_t i = 0; i < tls_->chain.size(); ++i) {
      const CertificateFacts& one = tls_->chain[i];
      std::string names;
      for (const std::string& name : one.names) names += (names.empty() ? "" : ", ") + name;
      all.push_back({std::string(i, ' ') + (names.empty() ? one.subject : names), true, ui_.theme.tls().text});
      all.push_back({s_("live.signed_by", {{"issuer", one.issuer}, {"until", day(one.not_after)}}), false});
    }
    all.push_back({std::string(s_(tls_->verdict == Verdict::trusted ? "live.verdict_trusted" : "live.verdict_other")), false});
  }

  void login(std::vector<Detail>& all) const {
    if (!conversation_) return;
    // The last command that carries a secret, and what came back. One logs in at the beginning.
    for (MessageId id = std::min<MessageId>(MessageId(conversation_->size()), 2000); id-- > 0;) {
      const Message& message = conversation_->message(id);
      if (message.from != Side::client || message.protocol == Protocol::tls || !has_secret(message)) continue;
      all.push_back({first_line(id)});
      for (MessageId after = id + 1; after < conversation_->size(); ++after)
        if (said_by_server(after)) {
          all.push_back({first_line(after)});
          break;
        }
      all.push_back({std::string(s_("live.masked_everywhere")), false});
      return;
    }
  }

  bool has_secret(const Message& message) const {
    for (const Token& token : conversation_->tokens(message))
      if (is_secret(token.role)) return true;
    return false;
  }
  bool said_by_server(MessageId id) const {
    const Message& message = conversation_->message(id);
    return message.from == Side::server && message.protocol != Protocol::tls;
  }
  std::string first_line(MessageId id) const {
    const Message& message = conversation_->message(id);
    const std::string text = redact(conversation_->text(message), conversation_->tokens(message));
    return text.substr(0, std::min(text.find_first_of("\r\n"), std::size_t{200}));
  }
  static std::string day(Instant at) {
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(at));
    return fmt::format("{}-{:02}-{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()));
  }

  void one(Rect& rest, const app::LiveProgress& progress, bool last) {
    const Theme& t = ui_.theme;
    const auto more = progress.state == State::to_come ? std::vector<Detail>{} : details(progress.step);
    const float height = 22 + float(more.size()) * line_height + 12;
    Rect row = rest.take_top(height);
    const Rect gutter = row.take_left(32);
    const Rect ring{gutter.x + 2, gutter.y + 2, 18, 18};
    if (!last) ui_.canvas().vertical(ring.centre().x, ring.bottom() + 3, gutter.bottom() + 1, t.strong_line);
    draw_mark(ui_.canvas(), t, ring, mark_of(progress.state));
    const std::string name(app::name_of(progress.step));
    const std::string words(s_("live.step." + name));
    ui_.note("live.step/" + name, Kind::row, row, words, progress.state == State::done);
    Rect head = row.take_top(22);
    // Two steps that were seen at one moment: how long the second took is not known.
    if ((progress.state == State::done || progress.state == State::failed) && progress.took > Duration{}) {
      const std::string took = s_.duration(progress.took);
      const float width = ui_.canvas().measure(took, font::table) + 1;
      ui_.label(head.take_right(width), took, font::table, t.third, Align::right, "live.took/" + name);
    }
    const bool unproven = progress.step == app::LiveStep::tls && progress.state == State::done && tls_ && tls_->verdict != Verdict::trusted;
    const std::string said(s_(unproven ? "live.step_accepted.tls" : "live.step_" + std::string(progress.state == State::done ? "done." : progress.state == State::failed ? "failed." : progress.state == State::doing ? "doing." : "to_come.") + name));
    runs(ui_, head, {{.text = words, .font = font::strong, .colour = progress.state == State::to_come ? t.third : t.text},
                     {.text = said, .colour = unproven || progress.state == State::failed ? t.error.text : t.second, .gap = 8}});
    for (const Detail& detail : more)
      ui_.label(row.take_top(line_height), detail.text, detail.wire ? font::table : font::caption, detail.wire ? (detail.colour == Colour{} ? t.text : detail.colour) : t.second);
  }

  Ui& ui_;
  const Strings& s_;
  const app::LiveLine& line_;
  const Conversation* conversation_;
  std::optional<TlsFacts> tls_;
};

struct Recipe {
  std::string_view name;
  Protocol protocol;
  std::string_view lines;  // {user}: who is logged in
};
constexpr Recipe recipes[] = {
    {"unread", Protocol::imap, "r1 STATUS INBOX (MESSAGES UNSEEN)"},
    {"newest", Protocol::imap, "r2 EXAMINE INBOX\nr3 FETCH {newest}:* (UID FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT FROM DATE)])"},
    {"watch", Protocol::imap, "r4 EXAMINE INBOX\nr5 IDLE"},
    {"folders", Protocol::imap, "r6 LIST \"\" \"*\""},
    {"count", Protocol::pop3, "STAT"},
    {"headers", Protocol::pop3, "LIST\nTOP 1 0"},
    {"names", Protocol::pop3, "UIDL"},
    {"hello", Protocol::smtp, "EHLO localhost"},
    {"test", Protocol::smtp, "MAIL FROM:<{user}>\nRCPT TO:<{user}>\nDATA\nFrom: <{user}>\nTo: <{user}>\nSubject: Test from Glasspost\n\nThis letter was written by hand.\n.\nQUIT"},
};

// "2 EXISTS", the last that the server said: so many letters are in the mailbox.
std::uint64_t letters_in(const Conversation& conversation) {
  for (MessageId id = MessageId(conversation.size()); id-- > 0;) {
    const std::string_view text = conversation.text(conversation.message(id));
    if (conversation.message(id).from != Side::server || !text.starts_with("* ")) continue;
    const auto words = split(text.substr(2, text.find_first_of("\r\n") - 2), ' ');
    if (words.size() == 2 && words[1] == "EXISTS") return to_u32(words[0]).value_or(0);
  }
  return 0;
}

std::string filled(std::string_view lines, const Model& model, const Conversation& conversation) {
  std::string user;
  const std::string& url = model.live()->wish().url;
  const std::size_t begin = url.find("://"), at = url.rfind('@');
  if (at != url.npos && begin != url.npos && at > begin) user = url.substr(begin + 3, at - begin - 3);
  if (const std::size_t percent = user.find("%40"); percent != user.npos) user.replace(percent, 3, "@");
  if (!user.empty() && user.find('@') == user.npos) user += "@" + model.live()->host();
  const std::uint64_t letters = letters_in(conversation);
  std::string text(lines);
  const auto put = [&](std::string_view name, const std::string& value) {
    for (std::size_t place; (place = text.find(name)) != text.npos;) text.replace(place, name.size(), value);
  };
  put("{user}", user.empty() ? "you@example.com" : user);
  put("{newest}", std::to_string(letters > 5 ? letters - 4 : 1));
  return text;
}

}  // namespace

void live_steps(Ui& ui, Rect area, const Model& model, Actions&) {
  const Strings& s = model.strings();
  if (!one_column(ui)) panel_head(ui, "live.steps", area, s("live.connecting"), s("live.connecting_hint"));
  double& height = ui.memory("live.steps.height", 400);
  ScrollArea scroll(ui, "live.steps.scroll", area, float(height));
  Rect rest = scroll.content().inset(metric::padding, 8);
  rest.h = 1e6F;
  const double needed = double(Steps(ui, model).draw(rest)) + 24;
  if (needed != height) height = needed, ui.next_frame();
}

void live_recipes(Ui& ui, Rect area, const Model& model, const Floor& floor, Actions& actions) {
  const Strings& s = model.strings();
  ui.canvas().horizontal(area.x, area.right(), area.y, ui.theme.line);
  panel_head(ui, "live.recipes", area, s("live.recipes"), s("live.recipes_hint"));
  Rect rest = area.inset(metric::padding, 0);
  for (const Recipe& recipe : recipes) {
    if (recipe.protocol != floor.protocol() || rest.h < 26) continue;
    const std::string name(recipe.name);
    const Rect row = rest.take_top(26);
    const Response r = ui.interact("live.recipe/" + name, Kind::item, row, s("live.recipe." + name));
    if (r.hovered) ui.canvas().fill(row, ui.theme.sunken, metric::radius);
    Rect inside = row.inset(6, 0);
    draw_icon(ui.canvas(), Icon::pencil, inside.take_left(22).at_left(14, 14), ui.theme.accent);
    ui.label(inside, s("live.recipe." + name), font::body, ui.theme.accent);
    if (r.ring) ui.focus_ring(row);
    if (!r.clicked) continue;
    actions.push_back(app::EditLine{filled(recipe.lines, model, *floor.conversation)});
    ui.focus("console.input");
  }
}

void live_states(Ui& ui, Rect area, const Model& model, const Floor& floor, Actions& actions) {
  const Strings& s = model.strings();
  const app::Walk& walk = model.walk();
  if (!floor.machine || !floor.conversation) return empty_panel(ui, area, s("live.states_empty"));
  const bool walked = walk.machine() == floor.machine && walk.connection() == model.live()->connection();
  MachineLook look{.name = "live.states", .small = true, .downwards = true};
  const Size needs = machine_size(*floor.machine, look);
  ScrollArea scroll(ui, "live.states.scroll", area, std::max(area.h, needs.h));
  machine_drawing(ui, {scroll.content().x + 4, scroll.content().y, area.w - 8, std::max(area.h, needs.h)}, model, actions, *floor.machine, walked ? &walk : nullptr, look);
}

void live_capabilities(Ui& ui, Rect area, const Model& model, const Floor& floor, bool with_head) {
  const Strings& s = model.strings();
  ui.canvas().fill(area, ui.theme.panel);
  if (with_head) panel_head(ui, "live.capabilities", area, s("live.capabilities"), s("live.capabilities_hint"));
  // The newest list. It was told lately, or around the login: of a session of a million lines the middle need not be read.
  std::vector<std::pair<Role, std::string>> told;
  if (floor.conversation) {
    constexpr MessageId lately = 2000, beginning = 2000;
    for (MessageId id = floor.said; id-- > 0 && told.empty();) {
      if (id >= beginning && id + lately < floor.said) id = beginning - 1;
      const Message& message = floor.conversation->message(id);
      if (message.from != Side::server) continue;
      for (const Token& token : floor.conversation->tokens(message))
        if (token.role == Role::smtp_capability || token.role == Role::imap_capability || token.role == Role::pop3_capability)
          told.emplace_back(token.role, std::string(token.span.of(floor.conversation->text(message))));
    }
  }
  if (told.empty()) return empty_panel(ui, area, s("live.capabilities_empty"));
  ScrollArea scroll(ui, "live.capabilities.scroll", area, float(told.size()) * 21 + 12);
  Rect rest = scroll.content().inset(metric::padding, 4);
  for (const auto& [role, name] : told) {
    Rect row = rest.take_top(21);
    if (!ui.canvas().shows(row)) continue;
    const Words* words = explain(model.catalogue(), role, name);
    ui.label(row.take_left(std::min(row.w * 0.42F, std::max(96.F, ui.canvas().measure(name, font::table_bold) + 1))), name, font::table_bold, ui.theme.of(floor.protocol()).text);
    row.take_left(8);
    ui.label(row, words ? std::string_view(words->what) : std::string_view(), font::caption, ui.theme.second);
  }
}

}  // namespace glasspost::ui

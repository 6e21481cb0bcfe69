// Acts as a solution's file has them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lessons/run.h"
#include "protocol/base/overloaded.h"
#include "protocol/fault_words.h"

namespace glasspost::lessons {
namespace {

// In double quotes, as YAML wants them.
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\r') out += "\\r";
    else if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else out += c;
  }
  return out + '"';
}

// In the largest unit in which it is whole; a reader takes at most a million of any (sim/yaml.h).
std::string duration(Duration time) {
  constexpr std::pair<std::int64_t, const char*> units[] = {{86'400'000'000, "d"}, {3'600'000'000, "h"}, {60'000'000, "min"}, {1'000'000, "s"}, {1'000, "ms"}, {1, "us"}};
  for (const auto& [size, unit] : units)
    if (time.count() % size == 0 && time.count() / size <= 1'000'000) return fmt::format("{} {}", time.count() / size, unit);
  return fmt::format("{:.17g} h", std::chrono::duration<double, std::ratio<3600>>(time).count());
}

std::string_view word(TlsMode mode) {
  switch (mode) {
    case TlsMode::plaintext: return "none";
    case TlsMode::starttls: return "starttls";
    case TlsMode::implicit: return "implicit";
  }
  return "";
}

std::string device_act(const sim::StoryAct& act) {
  std::string out = fmt::format("{{do: {}, device: {}", word_of(act.kind), act.device);
  if (!act.server.empty()) out += fmt::format(", server: {}, port: {}, tls: {}", act.server, act.port, word(act.tls));
  if (act.remove) out += ", remove: yes";
  if (act.mark_read) out += ", mark_read: yes";
  if (act.allow_plaintext) out += ", allow_plaintext: yes";
  if (act.mailbox != "INBOX") out += ", mailbox: " + in_quotes(act.mailbox);
  if (!act.message.empty()) out += ", message: " + in_quotes(act.message);
  if (!act.to.empty()) out += ", to: " + in_quotes(act.to);
  if (!act.letter.empty()) out += ", letter: " + in_quotes(act.letter);
  std::string says;
  for (const std::string& line : act.says) says += (says.empty() ? "" : ", ") + in_quotes(line);
  if (!says.empty()) out += ", says: [" + says + "]";
  return out + "}";
}

std::string faults(const std::vector<sim::LinkFault>& all) {
  std::string out;
  for (const sim::LinkFault& fault : all) {
    out += fmt::format("{}{{kind: {}", out.empty() ? "" : ", ", word_of(fault.kind));
    if (fault.delay.count() > 0 || fault.kind == FaultKind::delay) out += ", delay: " + duration(fault.delay);
    if (fault.after > 0) out += fmt::format(", after: {}", fault.after);
    out += fmt::format(", towards: {}", fault.towards == Side::client ? "client" : "server");
    if (fault.port > 0) out += fmt::format(", port: {}", fault.port);
    if (fault.connections > 0) out += fmt::format(", connections: {}", fault.connections);
    out += "}";
  }
  return "[" + out + "]";
}

}  // namespace

std::string write_act(const Act& act) {
  return std::visit(
      Overloaded{
          [](const Connect& connect) { return fmt::format("connect: {{from: {}, to: {}, port: {}}}", connect.from, connect.to, connect.port); },
          [](const Type& type) { return "type: " + in_quotes(type.line); },
          [](const HangUp&) { return std::string("hang_up: yes"); },
          [](const Let& let) { return "let: " + device_act(let.act); },
          [](const Fault& fault) { return fmt::format("fault: {{between: [{}, {}], faults: {}}}", fault.a, fault.b, faults(fault.faults)); },
          [](const Stop& stop) { return fmt::format("{}: {}", stop.stopped ? "stop" : "start", stop.host); },
          [](const Retry& retry) { return "retry: " + retry.host; },
          [](const Wait& wait) { return "wait: " + duration(wait.time); },
          [](const Predict& predict) { return fmt::format("predict: {{{}: [{}]}}", predict.prediction, fmt::join(predict.choices, ", ")); },
      },
      act);
}

std::string write_acts(const std::vector<Act>& acts, std::string_view indent) {
  std::string out;
  for (const Act& act : acts) out += fmt::format("{}- {}\n", indent, write_act(act));
  return out;
}

}  // namespace glasspost::lessons

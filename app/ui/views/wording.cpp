#include "app/ui/views/wording.h"

#include <fmt/format.h>

#include <algorithm>

namespace glasspost::ui {

bool is_trouble(const Conversation& conversation, const Message& message) {
  if (conversation.problem(message)) return true;
  if (message.from == Side::client && message.protocol != Protocol::tls) return false;
  const std::string_view text = conversation.text(message);
  for (const Token& token : conversation.tokens(message)) {
    const std::string_view word = text.substr(token.span.begin, token.span.end - token.span.begin);
    switch (token.role) {
      case Role::smtp_code: return word.starts_with('4') || word.starts_with('5');
      case Role::imap_status: return word == "NO" || word == "BAD";
      case Role::pop3_err: return true;
      case Role::tls_alert: return true;
      default: break;
    }
  }
  return false;
}

std::string host_label(const Model& model, HostId host) {
  if (host == 0 || host > model.scenario().hosts.size()) return {};
  const sim::HostDescription& description = model.scenario().host(host);
  const std::string& label = description.label.in(model.settings().language);
  return label.empty() ? description.name : label;
}

std::string short_label(const Model& model, HostId host) {
  std::string label = host_label(model, host);
  if (host != 0 && host <= model.scenario().hosts.size()) {
    const sim::HostKind kind = model.scenario().host(host).kind;
    if (kind == sim::HostKind::dns) return "DNS";
    if (kind == sim::HostKind::laptop || kind == sim::HostKind::phone || kind == sim::HostKind::computer) return label;
  }
  return label.substr(0, label.find('.'));
}

std::string sender_name(const Model& model) {
  std::string name = model.scenario().sender.substr(0, model.scenario().sender.find('@'));
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = char(name[0] - 'a' + 'A');
  return name;
}

double speed_after(double now, int direction) {
  if (direction > 0) {
    for (const double speed : speeds)
      if (speed > now * 1.001) return speed;
    return now;
  }
  double last = now;
  for (const double speed : speeds)
    if (speed < now * 0.999) last = speed;
  return last;
}

std::string speed_text(const Strings& strings, double speed) {
  std::string factor = fmt::format("{:g}", speed);
  if (strings.language() == Language::spanish)
    if (const auto point = factor.find('.'); point != std::string::npos) factor[point] = ',';
  return strings("transport.speed_value", {{"factor", factor}});
}

}  // namespace glasspost::ui

#include "app/ui/views/wording.h"

#include <fmt/format.h>

#include <algorithm>

namespace glasspost::ui {

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
  const sim::Scenario& scenario = model.scenario();
  std::string sender = scenario.sender;
  for (const sim::StoryAct& act : scenario.story) {  // without a letter of the story's own, whose letter is sent first
    if (!sender.empty()) break;
    if (const auto letter = scenario.letters.find(act.letter); act.kind == sim::ActKind::send && letter != scenario.letters.end())
      sender = letter->second.sender;
  }
  return capital(sender.substr(0, sender.find('@')));
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = char(text[0] - 'a' + 'A');
  return text;
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

std::string rfc_address(std::string_view source) {
  std::string address = "https://www.rfc-editor.org/rfc/rfc";
  std::size_t at = source.find("RFC ");
  if (at == std::string_view::npos) return {};
  for (at += 4; at < source.size() && source[at] >= '0' && source[at] <= '9'; ++at) address += source[at];
  const std::size_t section = source.find("§");
  if (section == std::string_view::npos) return address;
  address += "#section-";
  for (at = section + std::string_view("§").size(); at < source.size() && ((source[at] >= '0' && source[at] <= '9') || source[at] == '.'); ++at)
    address += source[at];
  return address;
}

}  // namespace glasspost::ui

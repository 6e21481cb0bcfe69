#include "protocol/dns/name.h"

#include <fmt/format.h>

#include "protocol/base/text.h"
#include "protocol/dns/message.h"

namespace glasspost::dns {

Result<std::vector<std::string>> labels_of(std::string_view text) {
  std::vector<std::string> labels;
  if (text.empty() || text == ".") return labels;
  std::string label;
  std::size_t octets = 1;
  const auto close = [&](std::size_t at) -> Result<void> {
    if (label.empty()) return fail(Fault::syntax, at, "label");
    if (label.size() > label_limit) return fail(Fault::too_long, at, "label");
    octets += label.size() + 1;
    if (octets > name_limit) return fail(Fault::too_long, at, "domain-name");
    labels.push_back(std::move(label));
    label.clear();
    return {};
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.') {
      if (auto good = close(i); !good) return tl::unexpected(good.error());
      continue;
    }
    if (c != '\\') {
      label += c;
      continue;
    }
    if (i + 1 == text.size()) return fail(Fault::syntax, i, "label");
    if (!is_digit(text[i + 1])) {
      label += text[++i];
      continue;
    }
    const auto code = to_u32(text.substr(i + 1, 3));
    if (i + 3 >= text.size() || !code || *code > 255) return fail(Fault::syntax, i, "\\DDD");
    label += char(*code);
    i += 3;
  }
  if (!label.empty()) {
    if (auto good = close(text.size()); !good) return tl::unexpected(good.error());
  }
  return labels;
}

void append_label(std::string_view label, std::string& text) {
  if (!text.empty()) text += '.';
  for (const char c : label) {
    if (c == '.' || c == '\\') (text += '\\') += c;
    else if (is_printable(c) && c != ' ') text += c;
    else fmt::format_to(std::back_inserter(text), "\\{:03}", static_cast<unsigned char>(c));
  }
}

Result<Name> check_name(std::string_view text) {
  const auto labels = labels_of(text);
  if (!labels) return tl::unexpected(labels.error());
  Name out;
  for (const std::string& label : *labels) append_label(label, out);
  return out;
}

bool same_name(std::string_view a, std::string_view b) {
  const auto without_dot = [](std::string_view name) {
    if (name.ends_with('.') && !name.ends_with("\\.")) name.remove_suffix(1);
    return name;
  };
  return equal_ignoring_case(without_dot(a), without_dot(b));
}

// domain-name = *(length label) (zero / pointer); pointer = %b11 14bit-offset
Result<std::string> read_name(std::string_view datagram, std::size_t& at) {
  std::string out;
  std::size_t octets = 1, here = at, part = at;  // `part`: where the labels in front of the next pointer begin
  bool jumped = false;
  int jumps = 0;
  constexpr int pointer_limit = 127;  // no more than a name can have labels
  for (;;) {
    if (here >= datagram.size()) return fail(Fault::incomplete, datagram.size(), "domain-name");
    const auto size = static_cast<unsigned char>(datagram[here]);
    if (size == 0) {
      if (!jumped) at = here + 1;
      return out;
    }
    if ((size & 0xc0) == 0xc0) {
      if (here + 1 >= datagram.size()) return fail(Fault::incomplete, datagram.size(), "pointer");
      const std::size_t target = std::size_t(size & 0x3f) << 8 | static_cast<unsigned char>(datagram[here + 1]);
      if (target >= part) return fail(Fault::syntax, here, "pointer to an earlier name");
      if (++jumps > pointer_limit) return fail(Fault::too_many, here, "pointer");
      if (!jumped) at = here + 2;
      jumped = true;
      here = part = target;
      continue;
    }
    if (size > label_limit) return fail(Fault::syntax, here, "label");
    if (here + 1 + size > datagram.size()) return fail(Fault::incomplete, datagram.size(), "label");
    octets += size + 1U;
    if (octets > name_limit) return fail(Fault::too_long, here, "domain-name");
    append_label(datagram.substr(here + 1, size), out);
    here += size + 1U;
  }
}

Result<void> NameWriter::write(std::string_view name, std::string& out, bool compress) {
  const auto labels = labels_of(name);
  if (!labels) return tl::unexpected(labels.error());
  std::string wire;
  std::vector<std::size_t> starts;
  for (const std::string& label : *labels) {
    starts.push_back(wire.size());
    wire += char(label.size());
    wire += label;
  }
  wire += '\0';
  const std::string lowered = to_lower(wire);
  for (const std::size_t start : starts) {
    const std::string rest = lowered.substr(start);
    const auto found = places_.find(rest);
    if (compress && found != places_.end()) {
      out += char(0xc0 | found->second >> 8);
      out += char(found->second & 0xff);
      return {};
    }
    if (out.size() < 0x4000) places_.emplace(rest, out.size());
    out.append(wire, start, std::size_t(static_cast<unsigned char>(wire[start])) + 1);
  }
  out += '\0';
  return {};
}

std::optional<std::string> address4_octets(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  std::string out;
  for (const std::string_view part : parts) {
    const auto value = part.size() <= 3 ? to_u32(part) : std::nullopt;
    if (!value || *value > 255) return std::nullopt;
    out += char(*value);
  }
  return out;
}

std::optional<std::string> address6_octets(std::string_view text) {
  std::string halves[2];  // in front of and behind the "::"
  const auto gap = text.find("::");
  const auto groups = [](std::string_view part, std::string& out) {
    if (part.empty()) return true;
    const auto words = split(part, ':');
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (i + 1 == words.size() && words[i].find('.') != std::string_view::npos) {
        const auto tail = address4_octets(words[i]);
        if (!tail) return false;
        out += *tail;
        continue;
      }
      if (words[i].empty() || words[i].size() > 4) return false;
      std::uint32_t value = 0;
      for (const char c : words[i]) {
        const int digit = is_digit(c) ? c - '0' : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
        if (digit < 0) return false;
        value = value << 4 | std::uint32_t(digit);
      }
      out += char(value >> 8);
      out += char(value & 0xff);
    }
    return true;
  };
  if (gap == text.npos) {
    if (!groups(text, halves[0]) || halves[0].size() != 16) return std::nullopt;
    return halves[0];
  }
  if (!groups(text.substr(0, gap), halves[0]) || !groups(text.substr(gap + 2), halves[1])) return std::nullopt;
  const std::size_t known = halves[0].size() + halves[1].size();
  if (known > 14) return std::nullopt;
  return halves[0] + std::string(16 - known, '\0') + halves[1];
}

std::string address4_text(std::string_view octets) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(octets[i]); };
  return fmt::format("{}.{}.{}.{}", octet(0), octet(1), octet(2), octet(3));
}

// The longest run of at least two zero groups, the first of equals, becomes "::".
std::string address6_text(std::string_view octets) {
  std::uint32_t groups[8];
  for (std::size_t i = 0; i < 8; ++i)
    groups[i] = std::uint32_t(static_cast<unsigned char>(octets[2 * i])) << 8 | static_cast<unsigned char>(octets[2 * i + 1]);
  std::size_t best = 8, best_size = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > best_size) best = i, best_size = end - i;
  }
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      out += "::";
      i += best_size - 1;
      continue;
    }
    if (!out.empty() && !out.ends_with(':')) out += ':';
    fmt::format_to(std::back_inserter(out), "{:x}", groups[i]);
  }
  return out;
}

}  // namespace glasspost::dns

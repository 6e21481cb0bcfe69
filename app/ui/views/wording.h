// Words and judgements that several panels share: how a host is called, what counts as trouble, how a line is drawn.
#pragma once

#include <string>
#include <string_view>

#include "app/ui/views/views.h"

namespace glasspost::ui {

// The label of a host in the language that is spoken; a foreign one's name as the trace has it.
std::string host_label(const Model&, HostId);
// One word for narrow places: "mx1", "DNS".
std::string short_label(const Model&, HostId);
// "Alice": who pressed Send.
std::string sender_name(const Model&);

// With a capital letter; a pattern that begins with a name, "{client} …", stays as it is, for the name's own spelling.
std::string capital(std::string text);

// "RFC 4954 §4": where it can be read, "https://www.rfc-editor.org/rfc/rfc4954#section-4"; empty: it names no RFC.
std::string rfc_address(std::string_view source);

// The speeds that the menu offers, and the next of them.
inline constexpr double speeds[] = {0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 10, 60, 600};
double speed_after(double now, int direction);
std::string speed_text(const Strings&, double speed);

}  // namespace glasspost::ui

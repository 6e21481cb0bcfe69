// What the three lanes reckon, for their own rows and for tests.
#pragma once

#include <cstdint>
#include <optional>

#include "app/ui/views/views.h"
#include "protocol/tls/facts.h"

namespace glasspost::ui {

// So many octets said: what the wire would carry. Nothing: this cipher suite's measure is not known here.
std::optional<std::uint32_t> would_be_on_wire(const std::optional<TlsFacts>&, bool sealed, std::size_t octets);

// The lanes alone, without a head.
void tls_lanes(Ui&, Rect, const Model&, Actions&);

}  // namespace glasspost::ui

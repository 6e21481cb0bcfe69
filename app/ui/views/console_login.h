// While a login's answer is awaited, in place of the list of commands: how it comes about, step by step, and what each input is
// (CRAM-MD5, SCRAM). What would let somebody log in is masked until it is asked for, and on a projector always.
#pragma once

#include <string_view>
#include <vector>

#include "app/ui/views/console_floor.h"
#include "protocol/sasl/steps.h"

namespace glasspost::ui {

// Whether the server's last word proves that it knows the password. RFC 5802 section 3, ServerSignature.
enum class Proof : std::uint8_t { none, good, bad };

struct LoginSteps {
  std::vector<sasl::CalculationStep> steps;  // empty: this mechanism computes nothing, or no login is going on
  Proof proof = Proof::none;
};
LoginSteps login_steps(const Model&, const Floor&);
void console_login(Ui&, Rect, const Model&, const LoginSteps&, std::string_view mechanism, Actions&);

}  // namespace glasspost::ui

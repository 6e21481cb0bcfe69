// Why a certificate is not believed, in the language that is spoken: the window, `play` and `connect` say the same.
#pragma once

#include <string>

#include "app/words/strings.h"
#include "protocol/tls/facts.h"

namespace glasspost {

// "the certificate is for www.example.org, not for mail.example.org". Empty if it is believed, or was not looked at.
std::string verdict_sentence(const TlsFacts&, const Strings&);

}  // namespace glasspost

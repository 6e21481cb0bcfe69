// The messages of SASL mechanisms, from a peer that says anything: nothing crashes, nobody is let in, and what was read can be
// written and read again. The first octet says which mechanism.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "protocol/sasl/mechanism.h"
#include "protocol/sasl/steps.h"

namespace {

using namespace glasspost;

void require(bool good) {
  if (!good) std::abort();
}

class Nobody final : public sasl::Credentials {
 public:
  std::optional<std::string> password_of(std::string_view) const override { return std::string("nobody guesses this"); }
};

// The answers are the lines of `text`.
void serve(sasl::Mechanism mechanism, std::string_view text) {
  sasl::ServerGround ground;
  ground.challenge = "<1@x>";
  ground.nonce = "nonce";
  ground.iterations = 1;
  ground.bindings = {{"tls-exporter", std::string(32, '\1')}};
  ground.offers_binding = true;
  sasl::ServerExchange server(mechanism, ground);
  sasl::ServerStep step = server.start(std::nullopt);
  for (int i = 0; i < 4 && std::holds_alternative<sasl::Challenge>(step); ++i) {
    const auto end = text.find('\n');
    step = server.step(text.substr(0, end));
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
  }
  if (const auto* attempt = std::get_if<sasl::Attempt>(&step)) {
    const sasl::Verdict verdict = sasl::verify(Nobody(), *attempt);
    require(!verdict.good);
    static_cast<void>(server.last_word(verdict));
    static_cast<void>(server.confirms(text));
  }
}

void hear(sasl::Mechanism mechanism, std::string_view text) {
  sasl::ClientExchange client(mechanism, "user", "pencil", {.nonce = "nonce", .binding = ChannelBinding{"tls-exporter", "x"}, .host = "h", .port = 1});
  for (int i = 0; i < 4; ++i) {
    const auto end = text.find('\n');
    if (!client.step(text.substr(0, end))) break;
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
  }
  require(!sasl::scram_hash(mechanism) || !client.is_satisfied());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto mechanism = sasl::all_mechanisms[data[0] % sasl::all_mechanisms.size()];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  serve(mechanism, text);
  if (text.find("i=") == text.npos) hear(mechanism, text);  // a million iterations would be slow
  if (const auto first = sasl::scram::parse_client_first(text))
    require(sasl::scram::parse_client_first(first->gs2_header + sasl::scram::client_first_bare(first->user, first->nonce)).has_value());
  if (const auto first = sasl::scram::parse_server_first(text)) require(sasl::scram::parse_server_first(sasl::scram::to_text(*first)).has_value());
  static_cast<void>(sasl::scram::parse_client_final(text));
  static_cast<void>(sasl::scram::parse_server_final(text));
  static_cast<void>(sasl::is_server_proof(text));
  const auto end = text.find('\n');
  if (end != text.npos) static_cast<void>(sasl::scram_steps(sasl::Mechanism::scram_sha_256, text.substr(0, end), text.substr(end + 1), ""));
  return 0;
}

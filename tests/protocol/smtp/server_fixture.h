// What the tests of the SMTP server share: its usual settings, transcripts, and what it answers to octets.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tests/protocol/smtp/scripted_service.h"

namespace glasspost::test {

inline smtp::ServerSettings relay() {
  smtp::ServerSettings settings;
  settings.host_name = "mx.example.org";
  return settings;
}
inline smtp::ServerSettings submission() {
  smtp::ServerSettings settings = relay();
  settings.role = smtp::ServerRole::submission;
  settings.tls = TlsMode::starttls;
  settings.nonce = "1896";
  return settings;
}
inline smtp::ServerSettings in_clear() {
  smtp::ServerSettings settings = submission();
  settings.tls = TlsMode::plaintext;
  settings.allow_plaintext_auth = true;
  return settings;
}
inline smtp::ServerSettings lmtp() {
  smtp::ServerSettings settings = relay();
  settings.protocol = Protocol::lmtp;
  settings.greeting = "LMTP Glasspost";
  return settings;
}
inline void expect(smtp::ServerSettings settings, std::string_view transcript) {
  expect_transcript(Side::server, [&] { return std::make_unique<SmtpSubject>(settings); }, transcript);
}

// Everything that the session says to these octets, put in at once or one by one, without the greeting.
inline std::string answer(SmtpSubject& subject, std::string_view octets, bool one_by_one = false) {
  subject.session().take_output();
  std::string out;
  const std::size_t step = one_by_one ? 1 : octets.size();
  for (std::size_t i = 0; i < octets.size(); i += step) {
    subject.session().receive(octets.substr(i, step), nine_o_clock);
    subject.settle();
    out += subject.session().take_output();
  }
  return out;
}

inline const std::string envelope_said = "HELO c.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n";
inline const std::string envelope_answers =
    "250 mx.example.org\r\n250 2.1.0 Sender OK\r\n250 2.1.5 Recipient OK\r\n354 Send the letter; end it with <CRLF>.<CRLF>\r\n";

}  // namespace glasspost::test

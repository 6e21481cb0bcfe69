#include "tests/words/expect_words.h"

#include <gtest/gtest.h>

namespace glasspost {
namespace {

// A token of these roles is a keyword, so "a command" or "a capability" alone would be a poor explanation of
// it.
bool is_keyword(Role role) {
  switch (role) {
    case Role::smtp_verb:
    case Role::smtp_path_keyword:
    case Role::smtp_parameter:
    case Role::smtp_mechanism:
    case Role::smtp_code:
    case Role::smtp_enhanced_code:
    case Role::smtp_capability:
    case Role::imap_verb:
    case Role::imap_status:
    case Role::imap_code:
    case Role::imap_response:
    case Role::imap_mailbox_attribute:
    case Role::imap_flag_operation:
    case Role::imap_fetch_item:
    case Role::imap_search_key:
    case Role::imap_status_item:
    case Role::imap_capability:
    case Role::imap_mechanism:
    case Role::pop3_verb:
    case Role::pop3_capability:
    case Role::pop3_response_code:
    case Role::pop3_mechanism:
    case Role::content_header_name:
    case Role::dns_flags:
    case Role::dns_type:
    case Role::dns_class:
    case Role::tls_content_type:
    case Role::tls_version:
    case Role::tls_handshake_type:
    case Role::tls_cipher_suite:
    case Role::tls_compression:
    case Role::tls_extension_type:
    case Role::tls_alert: return true;
    default: return false;
  }
}

}  // namespace

void expect_words(const Catalogue& catalogue, std::string_view headline, std::string_view text,
                  std::span<const Token> tokens, const Error* problem) {
  const std::string line(text.substr(0, 60));
  EXPECT_NE(catalogue.find(headline), nullptr) << "no headline \"" << headline << "\" for " << line;
  if (problem) {
    EXPECT_NE(catalogue.find("expected/" + problem->expected), nullptr)
        << problem->expected << " in " << line;
  }
  const bool nonsense = headline.ends_with("/unknown");
  for (const Token& token : tokens) {
    const std::string_view word = token.span.of(text);
    const Words* words = explain(catalogue, token.role, word);
    EXPECT_NE(words, nullptr) << name_of(token.role);
    if (is_keyword(token.role) && !nonsense) {
      EXPECT_NE(words, catalogue.find(name_of(token.role)))
          << name_of(token.role) << "/" << word << " in " << line;
    }
  }
}

}  // namespace glasspost

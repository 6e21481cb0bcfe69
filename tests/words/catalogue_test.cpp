// assets/words: every role, in both languages, in words that fit the inspector and cite what they rest on.
#include <gmock/gmock.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "protocol/base/result.h"
#include "protocol/base/text.h"
#include "protocol/dns/message.h"
#include "protocol/machine.h"
#include "protocol/tls/machine.h"
#include "protocol/tls/names.h"
#include "tests/source_dir.h"
#include "tests/words/asset_files.h"
#include "tests/words/style.h"

namespace glasspost {
namespace {

namespace fs = std::filesystem;

class TheCatalogue : public ::testing::TestWithParam<Language> {
 protected:
  const Catalogue& catalogue = real_catalogue(GetParam());

  void expect_key(const std::string& key) const {
    EXPECT_NE(catalogue.find(key), nullptr) << "no words for " << key;
  }
};

INSTANTIATE_TEST_SUITE_P(Languages, TheCatalogue, ::testing::Values(Language::english, Language::spanish),
                         [](const auto& language) { return std::string(code_of(language.param)); });

TEST_P(TheCatalogue, HasWordsForEveryRole) {
  for (int role = 0; role < role_count; ++role) expect_key(std::string(name_of(static_cast<Role>(role))));
}

TEST_P(TheCatalogue, HasNoWordsForRolesThatAreNot) {
  for (const std::string_view key : catalogue.keys()) {
    const std::string_view head = key.substr(0, key.find('/'));
    bool known = head == "say" || head == "state" || head == "legal" || head == "refused" ||
                 head == "fault" || head == "expected" || head == "tls_field" || head == "step";
    for (int role = 0; role < role_count && !known; ++role) known = head == name_of(static_cast<Role>(role));
    EXPECT_TRUE(known) << key;
  }
}

// A secret's text is never looked up, so such words could not be found.
TEST_P(TheCatalogue, HasNoParticularWordsForSecrets) {
  for (int i = 0; i < role_count; ++i) {
    const auto role = static_cast<Role>(i);
    if (!is_secret(role)) continue;
    for (const std::string_view key : catalogue.keys())
      EXPECT_FALSE(key.starts_with(std::string(name_of(role)) + "/")) << key;
  }
}

TEST_P(TheCatalogue, IsLookedUpInCapitals) {
  for (const std::string_view key : catalogue.keys()) {
    const auto slash = key.find('/');
    if (slash == key.npos || key.find('_') > slash || key.starts_with("tls_field/"))
      continue;  // say/, state/, legal/, refused/, fault/, expected/; fields of TLS go by the RFCs' names
    for (const char c : key.substr(slash)) EXPECT_FALSE(c >= 'a' && c <= 'z') << key;
  }
}

TEST_P(TheCatalogue, FitsTheInspector) {
  for (const std::string_view key : catalogue.keys()) {
    const Words& words = *catalogue.find(key);
    EXPECT_LE(characters(words.what), key.starts_with("fault/") ? 90u : 70u) << key << ": " << words.what;
    EXPECT_LE(characters(words.why), 320u) << key;
    EXPECT_LE(characters(words.other), 120u) << key;
  }
}

TEST_P(TheCatalogue, KeepsToTheGlossary) {
  for (const std::string_view key : catalogue.keys()) {
    const Words& words = *catalogue.find(key);
    for (const std::string* text : {&words.what, &words.why, &words.other}) {
      if (text->empty()) continue;
      const auto problem = style_problem(GetParam(), *text);
      EXPECT_FALSE(problem) << key << ": " << problem.value_or("") << ": " << *text;
    }
  }
}

// `what` is a phrase, `why` is sentences.
TEST_P(TheCatalogue, EndsSentencesWithAStopAndPhrasesWithout) {
  for (const std::string_view key : catalogue.keys()) {
    const Words& words = *catalogue.find(key);
    EXPECT_NE(words.what.back(), '.') << key << ": " << words.what;
    if (!words.why.empty()) {
      EXPECT_THAT(
          std::string("."
                      "…"),
          ::testing::HasSubstr(words.why.ends_with("…") ? "…" : words.why.substr(words.why.size() - 1)))
          << key << ": " << words.why;
    }
  }
}

TEST_P(TheCatalogue, NamesOnlyTheParties) {
  for (const std::string_view key : catalogue.keys()) {
    const Words& words = *catalogue.find(key);
    for (const std::string& name : placeholders(words.what)) {
      const bool fits = key.starts_with("say/")     ? name == "{client}" || name == "{server}"
                        : key.starts_with("fault/") ? name == "{expected}"
                                                    : false;
      EXPECT_TRUE(fits) << key << ": " << name;
    }
    EXPECT_TRUE(placeholders(words.why).empty()) << key;
  }
}

TEST_P(TheCatalogue, HasWordsForEveryFault) {
  for (int fault = 0; fault <= int(Fault::mismatch); ++fault)
    expect_key("fault/" + std::string(name_of(static_cast<Fault>(fault))));
}

TEST_P(TheCatalogue, HasWordsForEveryStateAndCommandOfTheMachines) {
  for (const Machine* machine : {&smtp_machine(), &lmtp_machine(), &imap_machine(), &pop3_machine(), &tls_machine()}) {
    const std::string name(lower_name_of(machine->protocol));
    for (const MachineState& state : machine->states)
      expect_key("state/" + name + "/" + std::string(state.id));
    for (const CommandRow& command : machine->commands)
      expect_key("legal/" + name + "/" + std::string(command.name));
  }
}

TEST_P(TheCatalogue, SaysWhyEachCommandIsRefused) {
  for (const Machine* machine : {&smtp_machine(), &lmtp_machine(), &imap_machine(), &pop3_machine(), &tls_machine()}) {
    for (std::size_t state = 0; state < machine->states.size(); ++state) {
      for (const CommandRow& command : machine->commands) {
        for (const bool inside_tls : {false, true}) {
          const std::string_view hindered = hindrance(*machine, command, StateId(state), inside_tls);
          if (hindered.empty()) continue;
          EXPECT_NE(explain_refusal(catalogue, machine->protocol, command.name, hindered), nullptr)
              << lower_name_of(machine->protocol) << " " << command.name << ": " << hindered;
        }
      }
    }
  }
  const auto why = [&](std::string_view command, std::string_view state) {
    return explain_refusal(catalogue, Protocol::smtp, command, state);
  };
  EXPECT_EQ(why("DATA", "connected"), catalogue.find("refused/smtp/connected"));
  EXPECT_EQ(why("DATA", "envelope"), catalogue.find("refused/smtp/DATA/envelope"));
  EXPECT_EQ(why("DATA", "greeted"), catalogue.find("refused/smtp/DATA"));
  EXPECT_EQ(why("STARTTLS", "inside_tls"), catalogue.find("refused/smtp/inside_tls"));
}

// The dissectors' READMEs list the headlines that they give: each is a word that begins with "say/".
TEST_P(TheCatalogue, HasEveryHeadlineThatTheDissectorsGive) {
  std::size_t named = 0;
  for (const char* room : {"smtp", "imap", "pop3", "dns", "tls"}) {
    std::ifstream file(fs::path(glasspost::source_dir()) / "protocol" / room / "README.md");
    std::stringstream text;
    text << file.rdbuf();
    const std::string readme = text.str();
    static const std::regex headline("say/[a-z0-9]+/(?:UID )?[A-Za-z0-9_/-]+");
    for (std::sregex_iterator at(readme.begin(), readme.end(), headline), end; at != end; ++at) {
      expect_key(at->str());
      ++named;
    }
  }
  EXPECT_GT(named, 50u);
}

TEST_P(TheCatalogue, HasEveryHeadlineOfPop3) {
  for (const CommandRow& command : pop3_machine().commands)
    for (const char* kind : {"say/pop3/", "say/pop3/reply/", "say/pop3/err/"})
      expect_key(kind + std::string(command.name));
}

TEST_P(TheCatalogue, HasWordsForAllThatDnsNames) {
  for (std::uint32_t number = 0; number <= 0xffff; ++number) {
    const std::string name = dns::text_of(dns::Type(number));
    if (name.starts_with("TYPE")) continue;
    expect_key("dns_type/" + name);
    if (name == "ANY") continue;  // only ever asked for
    expect_key("say/dns/query/" + name);
    expect_key("say/dns/reply/" + name);
  }
}

TEST_P(TheCatalogue, HasWordsForAllThatTlsNames) {
  const auto expect_named = [&](const char* role, std::string_view name) {
    if (name != "unknown") expect_key(std::string(role) + "/" + to_upper(name));
  };
  for (std::uint32_t number = 0; number <= 0xff; ++number) {
    expect_named("tls_content_type", content_type_name(number));
    expect_named("tls_handshake_type", handshake_message_name(number));
    expect_named("tls_alert", alert_name(number));
    if (const auto name = handshake_message_name(number); name != "unknown")
      expect_key("say/tls/" + std::string(name));
  }
  for (std::uint32_t number = 0; number <= 0xffff; ++number) {
    expect_named("tls_version", tls_version_name(number));
    expect_named("tls_cipher_suite", cipher_suite_name(number));
    expect_named("tls_extension_type", extension_name(number));
  }
  for (const char* other : {"Alert", "ChangeCipherSpec", "application_data", "unknown"})
    expect_key("say/tls/" + std::string(other));
}

// A field's name is written where it is dissected; "body" and "CertificateRequest" are what nobody takes apart.
TEST_P(TheCatalogue, HasWordsForEveryFieldOfTls) {
  static const std::regex written(R"re(w\.(?:named|opaque|opaque_vector|vector|number|words|group)\([^;"]*"([A-Za-z0-9_.]+)")re");
  std::size_t found = 0;
  for (const char* file : {"handshake.cpp", "extensions.cpp"}) {
    std::ifstream in(fs::path(glasspost::source_dir()) / "protocol/tls" / file);
    const std::string source{std::istreambuf_iterator<char>(in), {}};
    for (std::sregex_iterator at(source.begin(), source.end(), written), end; at != end; ++at) {
      const std::string name = (*at)[1];
      if (name == "body" || name == "CertificateRequest") continue;
      expect_key("tls_field/" + name);
      ++found;
    }
  }
  EXPECT_GT(found, 50U);
}

// Error::expected is a word of the grammar; these are the calls that write one.
TEST_P(TheCatalogue, HasWordsForAllThatGrammarsExpect) {
  static const std::regex written(
      R"re((?:wanted\(|Error\{Fault::[a-z_]+, [^;"]*|fail\(Fault::[a-z_]+, [^;"]*)"((?:[^"\\]|\\.)+)"[)}])re");
  std::size_t found = 0;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(glasspost::source_dir()) / "protocol")) {
    if (entry.path().extension() != ".cpp") continue;
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator at(source.begin(), source.end(), written), end; at != end; ++at) {
      std::string rule = (*at)[1];
      for (auto escape = rule.find('\\'); escape != rule.npos; escape = rule.find('\\', escape + 1))
        rule.erase(escape, 1);
      EXPECT_NE(catalogue.find("expected/" + rule), nullptr)
          << "no words for expected/" << rule << ", in " << entry.path();
      ++found;
    }
  }
  EXPECT_GT(found, 50u);
}

TEST(TheCatalogues, HaveTheSameKeysAndSources) {
  const Catalogue &english = real_catalogue(Language::english), &spanish = real_catalogue(Language::spanish);
  EXPECT_EQ(english.keys(), spanish.keys());
  for (const std::string_view key : english.keys()) {
    const Words *en = english.find(key), *es = spanish.find(key);
    if (!es) continue;
    EXPECT_EQ(en->source, es->source) << key;
    EXPECT_EQ(en->why.empty(), es->why.empty()) << key;
    EXPECT_EQ(en->other.empty(), es->other.empty()) << key;
    EXPECT_EQ(placeholders(en->what), placeholders(es->what)) << key;
  }
}

// Both languages have their keys in the same files, so that a translator finds them side by side.
TEST(TheCatalogues, HaveTheSameFiles) {
  std::array<std::set<std::string>, 2> names;
  for (const Language language : {Language::english, Language::spanish})
    for (const auto& entry : fs::directory_iterator(real_assets() / "words" / code_of(language)))
      names[std::size_t(language)].insert(entry.path().filename().string());
  EXPECT_EQ(names[0], names[1]);
}

// Sections are looked up in the RFC's own text where that is at hand: beside the checkout, in shared/rfc.
class RfcTexts {
 public:
  RfcTexts() {
    for (const char* up : {"../shared/rfc", "../../shared/rfc"}) {
      const fs::path place = fs::path(glasspost::source_dir()) / up;
      if (fs::is_directory(place)) directory_ = place;
    }
  }
  bool at_hand() const { return !directory_.empty(); }
  // Nothing: we don't have that RFC.
  std::optional<bool> has_section(const std::string& rfc, const std::string& section) {
    const std::string& text = this->text(rfc);
    if (text.empty()) return std::nullopt;
    // A line that begins with the number, and goes on with a title: "4.1.1.4.  DATA (DATA)".
    for (auto at = text.find(section); at != text.npos; at = text.find(section, at + 1)) {
      const auto line = text.rfind('\n', at);
      if (line == text.npos || text.find_first_not_of(' ', line + 1) != at) continue;
      auto after = at + section.size();
      if (after < text.size() && text[after] == '.') ++after;
      if (after < text.size() && text[after] == ' ') return true;
    }
    return false;
  }

 private:
  const std::string& text(const std::string& rfc) {
    const auto [entry, added] = texts_.try_emplace(rfc);
    if (added) {
      std::ifstream file(directory_ / ("rfc" + rfc + ".txt"), std::ios::binary);
      std::stringstream all;
      all << file.rdbuf();
      entry->second = all.str();
    }
    return entry->second;
  }

  fs::path directory_;
  std::map<std::string, std::string> texts_;
};

TEST(TheCatalogues, CiteSectionsThatAre) {
  const Catalogue& catalogue = real_catalogue(Language::english);
  static const std::regex form("RFC ([1-9][0-9]*)(?: §([0-9A-Z]+(?:\\.[0-9]+)*))?");
  RfcTexts rfcs;
  std::size_t looked_up = 0;
  for (const std::string_view key : catalogue.keys()) {
    const std::string& source = catalogue.find(key)->source;
    if (source.empty()) continue;
    std::smatch parts;
    ASSERT_TRUE(std::regex_match(source, parts, form)) << key << ": " << source;
    if (!parts[2].matched || !rfcs.at_hand()) continue;
    if (const auto has = rfcs.has_section(parts[1], parts[2])) {
      EXPECT_TRUE(*has) << key << ": " << source;
      ++looked_up;
    }
  }
  if (rfcs.at_hand()) {
    EXPECT_GT(looked_up, 300u);
  }
}

}  // namespace
}  // namespace glasspost

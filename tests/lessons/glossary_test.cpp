// The words of the course: whole in both languages, found in prose as whole words.
#include "lessons/glossary.h"
#include "tests/lessons/hello.h"

namespace glasspost::lessons::testing {
namespace {

using ::testing::HasSubstr;

std::vector<Term> glossary() {
  auto terms = read_glossary(source / "assets" / "lessons" / "glossary.yaml");
  if (!terms) throw std::runtime_error(terms.error().describe());
  return std::move(*terms);
}

TEST(Glossary, IsWhole) {
  const auto terms = glossary();
  EXPECT_GT(terms.size(), 60U);
  std::set<std::string> english, spanish;
  for (const Term& term : terms) {
    EXPECT_TRUE(english.insert(term.english.word).second) << term.english.word << " is explained twice";
    EXPECT_TRUE(spanish.insert(term.spanish.word).second) << term.spanish.word << " is explained twice";
    for (const Language language : {Language::english, Language::spanish}) {
      const Term::Said& said = term.in(language);
      EXPECT_LE(said.means.size(), 120U) << said.word << ": one short meaning";
      EXPECT_FALSE(said.means.ends_with('.')) << said.word << " is no sentence";
    }
    EXPECT_TRUE(term.rfc.empty() || term.rfc.starts_with("RFC ")) << term.rfc;
  }
}

TEST(Glossary, AFormMeansOneWord) {
  const auto terms = glossary();
  for (const Language language : {Language::english, Language::spanish}) {
    std::map<std::string, std::string> forms;
    for (const Term& term : terms)
      for (const std::string& form : term.in(language).forms)
        EXPECT_TRUE(forms.emplace(form, term.id).second) << form << " is " << forms[form] << " and " << term.id;
  }
}

std::string found(const std::vector<Term>& terms, Language language, std::string_view text) {
  std::string out;
  for (std::size_t at = 0;;) {
    const auto mention = next_mention(terms, language, text, at);
    if (!mention) return out;
    out += (out.empty() ? "" : ", ") + terms[mention->term].id + " (" + std::string(text.substr(mention->begin, mention->size)) + ")";
    at = mention->begin + mention->size;
  }
}

TEST(Glossary, WordsAreFoundWhole) {
  const auto terms = glossary();
  EXPECT_EQ(found(terms, Language::english, "The Commands of a “client”, and the server’s reply."), "command (Commands), client (client), server (server), reply (reply)");
  EXPECT_EQ(found(terms, Language::english, "commandment, replying, subserver"), "");
  EXPECT_EQ(found(terms, Language::english, "a sequence number and a TLS record"), "sequence-number (sequence number), tls-record (TLS record)") << "the longest that fits";
  EXPECT_EQ(found(terms, Language::spanish, "las órdenes del «cliente» en claro"), "command (órdenes), client (cliente), in-clear (en claro)");
  EXPECT_EQ(found(terms, Language::spanish, "desórdenes, estadounidense"), "");
}

TEST(Glossary, AMistakeIsNamed) {
  Copy copy;
  copy.write("glossary.yaml", "- id: a\n  en: {word: a, forms: [], means: b}\n  es: {word: a, means: b}\n");
  EXPECT_THAT(read_glossary(copy.directory() / "glossary.yaml").error().describe(), HasSubstr("glossary.yaml:3:7: es needs \"forms\""));
  EXPECT_THAT(read_glossary(copy.directory() / "none.yaml").error().describe(), HasSubstr("can't be read"));
}

}  // namespace
}  // namespace glasspost::lessons::testing

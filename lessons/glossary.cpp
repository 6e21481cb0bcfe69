#include "lessons/glossary.h"

#include "lessons/reader.h"

namespace glasspost::lessons {
namespace {

using namespace sim::yaml;

Term::Said read_said(const YAML::Node& node, std::string_view language) {
  only(node, language, {"word", "forms", "means"});
  Term::Said said{text(need(node, "word", language), "a word"), {}, text(need(node, "means", language), "a meaning")};
  for (const YAML::Node& form : list(need(node, "forms", language), "forms")) said.forms.push_back(text(form, "a form"));
  if (said.word.empty() || said.means.empty()) wrong(node, "neither the word nor its meaning can be empty");
  return said;
}

std::vector<Term> read_terms(const YAML::Node& root) {
  std::vector<Term> terms;
  std::set<std::string> ids;
  for (const YAML::Node& node : list(root, "the words")) {
    only(node, "a word", {"id", "en", "es", "lesson", "rfc"});
    Term term{read_id(need(node, "id", "a word"), "a word's id"), read_said(need(node, "en", "a word"), "en"), read_said(need(node, "es", "a word"), "es"), {}, {}};
    if (node["rfc"]) term.rfc = text(node["rfc"], "an RFC");
    if (node["lesson"]) term.lesson = read_id(node["lesson"], "a lesson's id");
    if (!ids.insert(term.id).second) wrong(node["id"], fmt::format("there are two words \"{}\"", term.id));
    terms.push_back(std::move(term));
  }
  return terms;
}

// A letter or a digit begins here. Beyond ASCII everything is one but punctuation: U+0080 to U+00BF, U+2000 to U+203F.
bool is_letter(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  if (!is_eight_bit(text[at])) return is_alnum(text[at]);
  return text[at] != '\xC2' && text.substr(at, 2) != "\xE2\x80";
}
bool is_letter_before(std::string_view text, std::size_t at) {
  if (at == 0) return false;
  std::size_t lead = at - 1;
  while (lead > 0 && (static_cast<unsigned char>(text[lead]) & 0xC0) == 0x80) --lead;
  return is_letter(text, lead);
}

// How much of the text at this place is the word; 0: none.
std::size_t fits(std::string_view word, std::string_view text, std::size_t at) {
  if (word.empty() || text.size() - at < word.size() || !equal_ignoring_case(text.substr(at, word.size()), word)) return 0;
  return is_letter(text, at + word.size()) ? 0 : word.size();
}

}  // namespace

tl::expected<std::vector<Term>, LessonError> read_glossary(const std::filesystem::path& file) {
  const auto fail = [&](const YAML::Mark& mark, std::string problem) {
    return tl::unexpected(mark.is_null() ? LessonError{file.string(), 0, 0, std::move(problem)} : LessonError{file.string(), mark.line + 1, mark.column + 1, std::move(problem)});
  };
  try {
    return read_terms(YAML::Load(read_file(file)));
  } catch (const Wrong& what) {
    return fail(what.mark, what.problem);
  } catch (const YAML::Exception& what) {
    return fail(what.mark, "this is not YAML: " + what.msg);
  } catch (LessonError& what) {
    return tl::unexpected(std::move(what));
  }
}

std::optional<Mention> next_mention(const std::vector<Term>& terms, Language language, std::string_view text, std::size_t from) {
  for (std::size_t at = from; at < text.size(); ++at) {
    if (!is_letter(text, at) || is_letter_before(text, at) || (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;
    Mention best;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      const Term::Said& said = terms[i].in(language);
      std::size_t size = 0;
      for (const std::string& form : said.forms) size = std::max(size, fits(form, text, at));
      if (size > best.size) best = {at, size, i};
    }
    if (best.size > 0) return best;
  }
  return std::nullopt;
}

}  // namespace glasspost::lessons

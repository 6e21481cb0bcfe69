#include "app/learn/handout.h"

#include <fmt/format.h>

#include "app/learn/markdown.h"
#include "app/learn/words.h"

namespace glasspost::learn {
namespace {

constexpr std::string_view style = R"css(
body{margin:2em auto;max-width:42em;padding:0 1em;color:#23211D;font:15px/1.5 Inter,"DejaVu Sans",sans-serif}
h1{font-size:24px;margin:0 0 4px}h2{font-size:17px;margin:24px 0 4px}h3{font-size:15px;margin:16px 0 4px}p{margin:0 0 8px}
.facts{color:#57534B;margin-bottom:16px}code,pre{font:13px/1.5 "JetBrains Mono","DejaVu Sans Mono",monospace}
pre{background:#F4F0E8;padding:8px 16px;white-space:pre-wrap}ul.goals,ul.options{list-style:none;padding:0;margin:4px 0}
ul.goals li::before,ul.options li::before{content:"";display:inline-block;width:11px;height:11px;border:1px solid #57534B;margin-right:8px;vertical-align:-1px}
ul.options li::before{border-radius:50%}ul.options.several li::before{border-radius:2px}
h1 code,h2 code,h3 code{font-size:.85em}
.predict{border:1px solid #C2BAA9;border-radius:6px;padding:8px 16px;margin:8px 0;break-inside:avoid}
.step{break-inside:avoid}.lines{border-bottom:1px solid #C2BAA9;height:28px}
@media print{body{margin:0;max-width:none;font-size:11pt}a{color:inherit;text-decoration:none}.answers{break-before:page}}
)css";

class Page {
 public:
  Page(const lessons::Lesson& lesson, const Strings& strings) : lesson_(lesson), strings_(strings) {}

  std::string write(bool with_answers) {
    const Language language = strings_.language();
    const std::string title = html_of(parse_markdown(lesson_.text(language, "title")).front().runs);
    out_ = fmt::format("<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" "
                       "content=\"width=device-width, initial-scale=1\"/>\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n",
                       language == Language::spanish ? "es" : "en", plain(lesson_.text(language, "title")), style);
    out_ += "<h1>" + title + "</h1>\n<p class=\"facts\">" + facts() + "</p>\n";
    out_ += section("intro");
    out_ += fmt::format("<h3>{}</h3>\n{}", strings_("learn.ends_when"), section("ends"));
    for (std::size_t i = 0; i < lesson_.steps.size(); ++i) step(i);
    if (!lesson_.throughout.empty()) {
      out_ += fmt::format("<h2>{}</h2>\n", strings_("learn.throughout"));
      goals(lesson_.throughout);
    }
    if (with_answers) answers();
    return out_ + "</body>\n</html>\n";
  }

 private:
  std::string section(const std::string& key) const { return html_of(parse_markdown(lesson_.text(strings_.language(), key))); }
  std::string line(const std::string& key) const {
    const auto blocks = parse_markdown(lesson_.text(strings_.language(), key));
    return blocks.empty() ? std::string() : html_of(blocks.front().runs);
  }
  std::string facts() const {
    std::string rfcs;
    for (const std::string& rfc : lesson_.rfcs) rfcs += (rfcs.empty() ? "" : ", ") + rfc;
    const std::string minutes = strings_("learn.about_minutes", {{"n", std::to_string(lesson_.minutes)}});
    const std::string number = lesson_.number > 0 ? strings_("learn.lesson_n", {{"n", std::to_string(lesson_.number)}}) + " · " : "";
    return number + minutes + (rfcs.empty() ? "" : " · " + rfcs);
  }

  void goals(const std::vector<lessons::Goal>& goals) {
    out_ += "<ul class=\"goals\">\n";
    for (const lessons::Goal& goal : goals)
      out_ += fmt::format("<li>{}{}</li>\n", line("goal." + goal.id), goal.kind == lessons::GoalKind::never ? fmt::format(" ({})", strings_("learn.kind.never")) : "");
    out_ += "</ul>\n";
  }

  void step(std::size_t i) {
    const lessons::Step& step = lesson_.steps[i];
    out_ += fmt::format("<div class=\"step\"><h2>{} {}</h2>\n", i + 1, html_of(step_title(lesson_, step, strings_.language())));
    out_ += html_of(step_prose(lesson_, step, strings_.language()));
    if (step.prediction) {
      const std::string key = "predict." + step.prediction->id;
      out_ += fmt::format("<div class=\"predict\"><strong>{}</strong><p>{}</p>\n<ul class=\"options{}\">\n", strings_("learn.predict"), line(key),
                          step.prediction->several ? " several" : "");
      for (const lessons::Option& option : step.prediction->options) out_ += "<li>" + line(key + "." + option.id) + "</li>\n";
      out_ += "</ul></div>\n";
    }
    goals(step.goals);
    out_ += "</div>\n";
  }

  void answers() {
    out_ += fmt::format("<div class=\"answers\"><h2>{}</h2>\n", strings_("learn.for_teacher"));
    for (const lessons::Step& step : lesson_.steps) {
      out_ += fmt::format("<h3>{}</h3>\n<ol>\n", html_of(step_title(lesson_, step, strings_.language())));
      for (const char* hint : {"concept", "where", "command"}) out_ += "<li>" + section("hint." + step.id + "." + hint) + "</li>\n";
      out_ += "</ol>\n<pre>";
      for (const lessons::Route::Part& part : lesson_.solutions.front().parts)
        if (part.step == step.id)
          for (const lessons::Act& act : part.acts) out_ += html_of({Run{act_in_words(act, lesson_, strings_)}}) + "\n";
      out_ += "</pre>\n";
    }
    out_ += "</div>\n";
  }

  const lessons::Lesson& lesson_;
  const Strings& strings_;
  std::string out_;
};

}  // namespace

std::string handout_of(const lessons::Lesson& lesson, const Strings& strings, bool with_answers) {
  return Page(lesson, strings).write(with_answers);
}

}  // namespace glasspost::learn

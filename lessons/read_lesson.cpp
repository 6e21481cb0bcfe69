// A lesson from its directory, or everything that is wrong with it.
#include <fstream>

#include "lessons/reader.h"

namespace glasspost::lessons {
namespace {

using namespace sim::yaml;
namespace fs = std::filesystem;

constexpr std::uintmax_t largest_file = 1'000'000;

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// "02-smtp-by-hand": the second of the course.
void name_by(const fs::path& directory, Lesson& lesson) {
  std::string name = directory.filename().string();
  if (name.empty()) name = directory.parent_path().filename().string();
  if (name.size() > 3 && is_digit(name[0]) && is_digit(name[1]) && name[2] == '-') {
    lesson.number = (name[0] - '0') * 10 + (name[1] - '0');
    name.erase(0, 3);
  }
  if (!is_id(name)) throw LessonError{directory.string(), 0, 0, "a lesson's directory is named in small letters, digits and hyphens: \"02-smtp-by-hand\", or \"my-lesson\""};
  lesson.id = std::move(name);
}

class StructureReader {
 public:
  StructureReader(Lesson& lesson, const fs::path& scenarios) : lesson_(lesson), scenarios_(scenarios) {}

  void read(const YAML::Node& root) {
    only(root, "a lesson", {"rfcs", "prerequisites", "minutes", "seed", "world", "stage", "deeds", "steps", "throughout", "feedback"});
    if (root["rfcs"])
      for (const YAML::Node& rfc : list(root["rfcs"], "rfcs")) lesson_.rfcs.push_back(text(rfc, "an RFC"));
    if (root["prerequisites"])
      for (const YAML::Node& id : list(root["prerequisites"], "prerequisites"))
        lesson_.prerequisites.push_back(read_id(id, "a prerequisite"));
    if (root["minutes"]) lesson_.minutes = int(number(root["minutes"], "the minutes", 1, 600));
    lesson_.seed = root["seed"] ? number(root["seed"], "the seed", 0, UINT32_MAX) : std::max(1, lesson_.number);
    world(need(root, "world", "a lesson"));
    if (root["stage"]) stage(root["stage"]);
    else lesson_.stage = {StagePanel::ladder, StagePanel::console};
    if (root["deeds"]) deeds(root["deeds"]);
    for (const YAML::Node& one : list(need(root, "steps", "a lesson"), "steps")) step(one);
    if (lesson_.steps.empty() || lesson_.steps.size() > 50) wrong(root["steps"], "a lesson has from 1 to 50 steps");
    if (root["throughout"]) lesson_.throughout = goals(root["throughout"]);
    if (root["feedback"]) lesson_.feedback = feedback(root["feedback"]);
    for (const Goal& goal : lesson_.throughout)
      if (goal.predicate.since_step) wrong(root["throughout"], fmt::format("\"{}\" is a goal of the whole lesson: it belongs to no step since which it could count", goal.id));
    for (const Feedback& one : lesson_.feedback)
      if (one.when.since_step) wrong(root["feedback"], fmt::format("\"{}\" is feedback of the whole lesson: it belongs to no step since which it could count", one.id));
    predictions(root);
  }

 private:
  void world(YAML::Node node) {
    if (node.IsScalar()) {
      auto scenario = sim::read_scenario(scenarios_ / (node.Scalar() + ".yaml"));
      if (!scenario && !fs::exists(scenarios_ / (node.Scalar() + ".yaml")))
        wrong(node, fmt::format("there is no scenario \"{}\" in {}", node.Scalar(), scenarios_.string()));
      if (!scenario) throw scenario.error();
      lesson_.world = std::move(*scenario);
      return;
    }
    if (!node.IsMap()) wrong(node, "the world is a scenario's name, or a scenario");
    if (!node["title"]) node["title"] = lesson_.id;
    if (!node["start"]) node["start"] = "2026-11-02 09:00:00";
    lesson_.world = sim::yaml::read_scenario(node, lesson_.id);
  }

  void stage(const YAML::Node& node) {
    for (const YAML::Node& panel : list(node, "the panels of the stage"))
      lesson_.stage.push_back(choose<StagePanel>(panel, "a panel",
                                                 {{"map", StagePanel::map}, {"ladder", StagePanel::ladder},
                                                  {"inspector", StagePanel::inspector}, {"states", StagePanel::states},
                                                  {"tls", StagePanel::lanes}, {"console", StagePanel::console},
                                                  {"mailboxes", StagePanel::mailboxes}, {"message", StagePanel::message}}));
    if (lesson_.stage.empty() || lesson_.stage.size() > 3) wrong(node, "the stage has one to three panels");
    for (std::size_t i = 0; i < lesson_.stage.size(); ++i)
      if (std::count(lesson_.stage.begin(), lesson_.stage.end(), lesson_.stage[i]) > 1) wrong(node[i], "this panel is on the stage twice");
  }

  void deeds(const YAML::Node& node) {
    if (!node.IsMap()) wrong(node, "deeds are ids with acts: \"phone-reads: {let: {do: check, device: phone, …}}\"");
    for (const auto& entry : node) {
      Deed deed{read_id(entry.first, "a deed's id"), read_acts(entry.second, lesson_)};
      if (lesson_.deed(deed.id)) wrong(entry.first, fmt::format("there are two deeds \"{}\"", deed.id));
      lesson_.deeds.push_back(std::move(deed));
    }
  }

  void step(const YAML::Node& node) {
    only(node, "a step", {"id", "goals", "predict", "offer", "feedback", "spotlight"});
    Step step;
    step.id = read_id(need(node, "id", "a step"), "a step's id");
    if (lesson_.step(step.id)) wrong(node["id"], fmt::format("there are two steps \"{}\"", step.id));
    step.goals = goals(need(node, "goals", "a step"));
    if (node["predict"]) step.prediction = prediction(node["predict"]);
    if (node["offer"])
      for (const YAML::Node& id : list(node["offer"], "the deeds on offer")) {
        step.offer.push_back(text(id, "a deed's id"));
        if (!lesson_.deed(step.offer.back())) wrong(id, fmt::format("the lesson has no deed \"{}\"", step.offer.back()));
      }
    if (node["feedback"]) step.feedback = feedback(node["feedback"]);
    if (node["spotlight"]) step.spotlight = text(node["spotlight"], "a spotlight");
    lesson_.steps.push_back(std::move(step));
  }

  std::vector<Goal> goals(const YAML::Node& node) {
    std::vector<Goal> read = read_goals(node, lesson_.world);
    for (const Goal& goal : read)
      if (!goal_ids_.insert(goal.id).second) wrong(node, fmt::format("there are two goals \"{}\" in this lesson", goal.id));
    return read;
  }

  std::vector<Feedback> feedback(const YAML::Node& node) {
    if (!node.IsMap()) wrong(node, "feedback is ids with predicates: \"mail-first: {exchange: {command: MAIL, reply: \"503\"}}\"");
    std::vector<Feedback> read;
    for (const auto& entry : node) {
      Feedback one{read_id(entry.first, "a feedback's id"), read_predicate(entry.second, lesson_.world)};
      if (!feedback_ids_.insert(one.id).second) wrong(entry.first, fmt::format("there are two feedbacks \"{}\" in this lesson", one.id));
      read.push_back(std::move(one));
    }
    return read;
  }

  Prediction prediction(const YAML::Node& node) {
    only(node, "a prediction", {"id", "several", "options"});
    Prediction read;
    read.id = read_id(need(node, "id", "a prediction"), "a prediction's id");
    if (!prediction_ids_.insert(read.id).second) wrong(node["id"], fmt::format("there are two predictions \"{}\"", read.id));
    if (node["several"]) read.several = yes(node["several"], "several");
    const YAML::Node options = need(node, "options", "a prediction");
    if (!options.IsMap()) wrong(options, "options are ids with predicates");
    for (const auto& entry : options) {
      Option option{read_id(entry.first, "an option's id"), read_predicate(entry.second, lesson_.world)};
      if (option.id == "right" || option.id == "wrong") wrong(entry.first, "an option can't be called right or wrong: the prose needs these words");
      for (const Option& other : read.options)
        if (other.id == option.id) wrong(entry.first, fmt::format("there are two options \"{}\"", option.id));
      read.options.push_back(std::move(option));
    }
    if (read.options.size() < 2 || read.options.size() > 12) wrong(options, "a prediction has from 2 to 12 options");
    return read;
  }

  // Every prediction that a predicate speaks of is made in some step.
  void predictions(const YAML::Node& root) const {
    const auto look = [&](const auto& self, const Predicate& predicate) -> void {
      if (const auto* predicted = std::get_if<Predicted>(&predicate.fact); predicted && !prediction_ids_.contains(predicted->prediction))
        wrong(root["steps"], fmt::format("a goal speaks of the prediction \"{}\", and no step has it", predicted->prediction));
      if (const auto* all = std::get_if<All>(&predicate.fact))
        for (const Predicate& one : all->of) self(self, one);
    };
    for (const Goal* goal : lesson_.goals()) look(look, goal->predicate);
  }

  Lesson& lesson_;
  const fs::path& scenarios_;
  std::set<std::string> goal_ids_, feedback_ids_, prediction_ids_;
};

std::vector<fs::path> yaml_files(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(directory, none))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

class Problems {
 public:
  // False: `read` found something wrong with the file, and it is kept.
  template <class Read>
  bool in(const std::string& file, const Read& read) {
    const auto keep = [&](const YAML::Mark& mark, std::string problem) {
      if (mark.is_null()) all.push_back({file, 0, 0, std::move(problem)});
      else all.push_back({file, mark.line + 1, mark.column + 1, std::move(problem)});
      return false;
    };
    try {
      read();
      return true;
    } catch (const Wrong& what) {
      return keep(what.mark, what.problem);
    } catch (const YAML::Exception& what) {
      return keep(what.mark, "this is not YAML: " + what.msg);
    } catch (LessonError& what) {
      all.push_back(std::move(what));
      return false;
    }
  }
  std::vector<LessonError> all;
};

// Both languages have all sections, none is empty, and there are no others.
void compare_prose(const Lesson& lesson, const Prose& prose, const std::string& file, std::vector<LessonError>& problems) {
  const std::vector<std::string> keys = prose_keys(lesson);
  for (const std::string& key : keys) {
    const auto found = prose.find(key);
    if (found == prose.end()) problems.push_back({file, 0, 0, fmt::format("the section \"## {}\" is missing", key)});
    else if (found->second.text.empty()) problems.push_back({file, found->second.line, 1, fmt::format("the section \"{}\" is empty", key)});
    else if (key.starts_with("step.") && found->second.text.find("\n\n") == std::string::npos)
      problems.push_back({file, found->second.line, 1, fmt::format("\"{}\" needs its title, an empty line, and at least a paragraph", key)});
  }
  for (const auto& [key, section] : prose)
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      problems.push_back({file, section.line, 1, fmt::format("\"{}\" belongs to nothing in lesson.yaml", key)});
}

void read_routes(Lesson& lesson, Problems& problems) {
  const auto routes = [&](const char* folder, std::vector<Route>& into, Route (*read)(const YAML::Node&, const Lesson&)) {
    for (const fs::path& file : yaml_files(lesson.directory / folder))
      problems.in(file.string(), [&] {
        Route route = read(YAML::Load(read_file(file)), lesson);
        route.name = file.stem().string();
        into.push_back(std::move(route));
      });
  };
  routes("solutions", lesson.solutions, read_solution);
  if (problems.all.empty() && lesson.solutions.empty())
    problems.all.push_back({(lesson.directory / "solutions").string(), 0, 0, "there is no solution: at least one must show that the lesson can be done"});
  // A wrong route may begin like the first solution.
  if (!lesson.solutions.empty()) routes("wrong", lesson.wrong, read_wrong_route);
}

}  // namespace

std::string read_file(const fs::path& file) {
  std::error_code failed;
  const std::uintmax_t size = fs::file_size(file, failed);
  std::ifstream in(file, std::ios::binary);
  if (failed || !in) throw LessonError{file.string(), 0, 0, "this file of the lesson can't be read"};
  if (size > largest_file) throw LessonError{file.string(), 0, 0, "this file is larger than 1 MB: a lesson's are small"};
  std::string octets(std::istreambuf_iterator<char>(in), {});
  return octets;
}

std::string read_id(const YAML::Node& node, std::string_view what) {
  std::string id = text(node, what);
  if (!is_id(id)) wrong(node, fmt::format("{} is made of small letters, digits and hyphens, not \"{}\"", what, id));
  return id;
}

std::string known_host(const YAML::Node& node, const sim::Scenario& world) {
  std::string host = text(node, "a host's name");
  if (world.find(host) != 0) return host;
  std::string known;
  for (const sim::HostDescription& one : world.hosts) known += (known.empty() ? "" : ", ") + one.name;
  wrong(node, fmt::format("the world has no host \"{}\": there are {}", host, known));
}

tl::expected<std::vector<Act>, LessonError> parse_acts(std::string_view octets, const std::string& file_name, const Lesson& lesson) {
  std::vector<Act> acts;
  Problems problems;
  const bool good = problems.in(file_name, [&] {
    const YAML::Node root = YAML::Load(std::string(octets));
    acts = read_acts(root.IsMap() && root["acts"] ? root["acts"] : root, lesson);
  });
  if (!good) return tl::unexpected(std::move(problems.all.front()));
  return acts;
}

tl::expected<Lesson, std::vector<LessonError>> read_lesson(const fs::path& directory, const fs::path& scenarios) {
  Lesson lesson;
  lesson.directory = directory;
  Problems problems;
  const std::string structure = (directory / "lesson.yaml").string();
  if (!problems.in(structure, [&] {
        name_by(directory, lesson);
        StructureReader(lesson, scenarios).read(YAML::Load(read_file(structure)));
      }))
    return tl::unexpected(std::move(problems.all));
  for (const Language language : {Language::english, Language::spanish}) {
    const std::string file = (directory / (language == Language::english ? "en.md" : "es.md")).string();
    Prose& prose = language == Language::english ? lesson.english : lesson.spanish;
    if (problems.in(file, [&] { prose = read_prose(read_file(file), file); })) compare_prose(lesson, prose, file, problems.all);
  }
  read_routes(lesson, problems);
  if (!problems.all.empty()) return tl::unexpected(std::move(problems.all));
  return lesson;
}

}  // namespace glasspost::lessons

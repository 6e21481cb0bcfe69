// The Learn workspace, driven without a display.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "app/model/learning.h"
#include "lessons/run.h"
#include "tests/source_dir.h"
#include "tests/ui/whole.h"

namespace glasspost::ui {

namespace fs = std::filesystem;

inline const fs::path assets = std::string(glasspost::source_dir()) + "/assets";

class Learn : public Workbench {
 protected:
  void open_lesson(const fs::path& directory, std::size_t step = 0) { act(app::OpenLesson{directory.string(), step}); }
  void open_template() { open_lesson(assets / "lesson-template"); }
  const app::Learning& learning() const { return *model_->learning(); }
  std::string step() const { return learning().step() ? learning().step()->id : "done"; }
  bool met(std::string_view goal) const {
    for (const lessons::GoalStanding& one : learning().standing.goals)
      if (one.goal->id == goal) return one.met;
    ADD_FAILURE() << "no goal " << goal;
    return false;
  }
  void connect() { act(app::OpenConsole{1, 2, 25}); }
  void type(const std::string& line) { act(app::TypeLine{line}); }
};

}  // namespace glasspost::ui

// What a person does in the Compare workspace. `Action` in action.h carries one of these to Comparison::apply().
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

#include "protocol/trace.h"
#include "sim/comparison/acts.h"

namespace glasspost::app {

namespace comparison = sim::comparison;

enum class ComparisonKind : std::uint8_t { protocols, secrecy, news };
enum class Curves : std::uint8_t { acts, sizes };

// What the person expects an act to bring about, the gravest thing that is new.
enum class Expectation : std::uint8_t { nothing, apart, duplicate, lost };
inline constexpr Expectation all_expectations[] = {Expectation::nothing, Expectation::apart, Expectation::duplicate, Expectation::lost};

struct Prediction {
  Protocol protocol = Protocol::pop3;
  Expectation expected = Expectation::nothing;
};

struct ShowComparison { ComparisonKind kind; };
struct ChooseAct { std::size_t act = 0; };        // what was so after it; 0: before the first
struct ChooseActBy { int acts = 1; };
struct AddAct { comparison::UserAct act; };       // behind the chosen one; chooses it and edits it
struct EditAct { bool on = true; };               // the chosen one
struct ChangeAct { comparison::UserAct act; };    // in place of the chosen one
struct RemoveAct {};
struct MoveAct { int by = 1; };
struct StartActsOver {};                          // the list as it came
struct PlayActs { bool on = true; };              // from the chosen one on, one after the other
struct Predict { Prediction prediction; };        // of the act after the chosen one; and chooses that
struct FetchHeadersFirst { bool on = true; };     // IMAP's devices
struct ShowSide { Protocol protocol; };           // where there is room for one
struct ShowCurves { Curves curves; };
struct SetLargest { std::size_t letters = 1000; };
struct MeasureSizes { bool on = true; };          // off: cancels what goes on
struct SetSecrecyProtocol { Protocol protocol; };
struct SetNews { Duration interval{}; std::size_t letters = 0; };  // how often is asked, how many letters come
struct LookAt { std::size_t run = 0; RecordId record = no_record; RecordId before = no_record; };
struct LookBy { int lines = 1; };
struct LookAway {};
using ComparisonDeed = std::variant<ShowComparison, ChooseAct, ChooseActBy, AddAct, EditAct, ChangeAct, RemoveAct, MoveAct, StartActsOver, PlayActs,
                                    Predict, FetchHeadersFirst, ShowSide, ShowCurves, SetLargest, MeasureSizes, SetSecrecyProtocol, SetNews, LookAt, LookBy, LookAway>;

}  // namespace glasspost::app

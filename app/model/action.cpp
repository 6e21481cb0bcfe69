// The constructors of Action, one for each kind: a kind that is not named here does not link.
#include "app/model/action.h"

namespace glasspost::app {

template <class What>
  requires is_one_of<What, AnyAction>
Action::Action(What what) : any_(std::make_shared<const AnyAction>(std::move(what))) {}

template Action::Action(Play);
template Action::Action(Pause);
template Action::Action(TogglePlay);
template Action::Action(Seek);
template Action::Action(ToStart);
template Action::Action(ToEnd);
template Action::Action(StepMessages);
template Action::Action(SetSpeed);
template Action::Action(Select);
template Action::Action(SelectBy);
template Action::Action(SelectExchange);
template Action::Action(SelectToken);
template Action::Action(SelectHost);
template Action::Action(GoToRecord);
template Action::Action(GoToCause);
template Action::Action(ClearSelection);
template Action::Action(ShowWorkspace);
template Action::Action(ShowTab);
template Action::Action(ShowLower);
template Action::Action(UnfoldCompatibility);
template Action::Action(SetFilter);
template Action::Action(ToggleReveal);
template Action::Action(ShowLetter);
template Action::Action(TogglePalette);
template Action::Action(ToggleHelp);
template Action::Action(SetLanguage);
template Action::Action(ToggleLook);
template Action::Action(SetScale);
template Action::Action(ToggleProjector);
template Action::Action(ToggleReducedMotion);
template Action::Action(CloseWelcome);
template Action::Action(ShowWelcome);
template Action::Action(DismissNotice);
template Action::Action(LoadScenario);
template Action::Action(AskLetterFile);
template Action::Action(OpenLetter);
template Action::Action(SendLetter);
template Action::Action(ComposeLetter);
template Action::Action(Perform);
template Action::Action(OpenConsole);
template Action::Action(HoldLine);
template Action::Action(TypeLine);
template Action::Action(EditLine);
template Action::Action(RecallLine);
template Action::Action(HangUp);
template Action::Action(AskAddress);
template Action::Action(SetLiveChoice);
template Action::Action(Discover);
template Action::Action(AllowAutoconfig);
template Action::Action(StopDiscovery);
template Action::Action(ConnectReal);
template Action::Action(GiveSecret);
template Action::Action(AllowChanges);
template Action::Action(SendInstead);
template Action::Action(ReleaseHeld);
template Action::Action(DropHeld);
template Action::Action(OpenDoors);
template Action::Action(CloseDoors);
template Action::Action(Compare);
template Action::Action(OpenLesson);
template Action::Action(PredictInLesson);
template Action::Action(DoDeed);
template Action::Action(InLesson);
template Action::Action(Copy);
template Action::Action(Quit);

}  // namespace glasspost::app

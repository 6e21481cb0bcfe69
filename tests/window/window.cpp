// The real window for the smoke test, where the program itself is not built.
#include "app/ui/run_window.h"

int main(int argc, char** argv) { return glasspost::ui::run_window(argc > 1 ? argv[1] : ""); }

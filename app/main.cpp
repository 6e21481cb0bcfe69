#include "app/cli/context.h"
#include "app/ui/run_window.h"

int main(int argc, char** argv) { return glasspost::cli::run(argc, argv, glasspost::ui::run_window); }

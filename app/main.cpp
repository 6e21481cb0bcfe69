#include "app/cli/context.h"

int main(int argc, char** argv) { return glasspost::cli::run(argc, argv, nullptr); }

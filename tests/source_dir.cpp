#include "tests/source_dir.h"

namespace glasspost {

const char* source_dir() { return GLASSPOST_SOURCE_DIR; }

}  // namespace glasspost

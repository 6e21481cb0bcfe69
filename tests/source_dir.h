// Where the tree lies that these tests were built from. One file knows (source_dir.cpp), so that the others compile to the same
// object in every clone and a compiler cache can share them.
#pragma once

namespace glasspost {

const char* source_dir();  // without a slash at its end

}  // namespace glasspost

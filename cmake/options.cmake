# Warnings, sanitizers and ccache for every target of ours.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(glasspost_options INTERFACE)
target_include_directories(glasspost_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(glasspost_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       -Wno-sign-conversion -Wnon-virtual-dtor -Wno-missing-field-initializers)
# GCC 12 takes "text" + a std::string for an overlapping copy once it is inlined (GCC bug 105651, mended in 13).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(glasspost_options INTERFACE $<$<NOT:$<CONFIG:Debug>>:-Wno-restrict>)
endif()
if(GLASSPOST_WERROR)
  target_compile_options(glasspost_options INTERFACE -Werror)
endif()
if(GLASSPOST_SANITIZE)
  target_compile_options(glasspost_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined
                         -fno-omit-frame-pointer)
  target_link_options(glasspost_options INTERFACE -fsanitize=address,undefined)
endif()
if(GLASSPOST_TSAN)
  target_compile_options(glasspost_options INTERFACE -fsanitize=thread)
  target_link_options(glasspost_options INTERFACE -fsanitize=thread)
endif()

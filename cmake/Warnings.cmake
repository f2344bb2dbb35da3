# Warnings for our own code; library headers are SYSTEM and stay silent.
add_library(attnpaths_warnings INTERFACE)
target_compile_options(attnpaths_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wno-sign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-align -Wunused -Wformat=2 $<$<BOOL:${ATTNPATHS_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # GCC 12 reports impossible array bounds and uninitialised registers inside inlined Eigen and string code at -O3 and under sanitizers.
  target_compile_options(attnpaths_warnings INTERFACE -Wduplicated-cond -Wlogical-op
    -Wno-array-bounds -Wno-maybe-uninitialized -Wno-uninitialized -Wno-stringop-overflow -Wno-stringop-overread -Wno-restrict)
endif()
# Files compiled together share one anonymous namespace: a local name that another file knows too is no shadowing.
if(ATTNPATHS_UNITY)
  target_compile_options(attnpaths_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local>)
else()
  target_compile_options(attnpaths_warnings INTERFACE -Wshadow)
endif()

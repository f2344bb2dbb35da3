# Warnings for our own code; library headers are SYSTEM and stay silent.
add_library(attnpaths_warnings INTERFACE)
target_compile_options(attnpaths_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-align -Wunused -Wnull-dereference -Wduplicated-cond -Wlogical-op -Wformat=2
  $<$<BOOL:${ATTNPATHS_WERROR}>:-Werror>)
# GCC 12 reports impossible null dereferences, array bounds and uninitialised registers inside inlined Eigen and string code at -O3 and under sanitizers.
target_compile_options(attnpaths_warnings INTERFACE -Wno-null-dereference -Wno-array-bounds -Wno-maybe-uninitialized
                                                    -Wno-uninitialized -Wno-stringop-overflow -Wno-restrict)

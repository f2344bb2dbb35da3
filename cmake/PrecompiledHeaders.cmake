# attnpaths_precompiled(TARGET KIND): in whole builds (ATTNPATHS_UNITY) the libraries' headers that most files of a kind read are read once
# for all of them. KIND is sources, embeddable (attnpaths_library), commands (src/cli) or tests. A tree for work on single files has none of it, so that each file is
# known to include what it uses.
set(attnpaths_headers_sources <Eigen/Dense> <fmt/format.h> <algorithm> <filesystem> <functional> <map> <memory> <optional> <span> <string>
    <unordered_map> <variant> <vector>)
set(attnpaths_headers_embeddable ${attnpaths_headers_sources})
set(attnpaths_headers_commands ${attnpaths_headers_sources} <boost/program_options.hpp> <nlohmann/json.hpp>)
set(attnpaths_headers_tests ${attnpaths_headers_sources} <gmock/gmock.h> <gtest/gtest.h>)
set(attnpaths_libraries_sources Eigen3::Eigen fmt::fmt)
set(attnpaths_libraries_embeddable ${attnpaths_libraries_sources})
set(attnpaths_libraries_commands ${attnpaths_libraries_sources} Boost::program_options nlohmann_json::nlohmann_json)
set(attnpaths_libraries_tests ${attnpaths_libraries_sources} GTest::gmock GTest::gtest_main)

# Position-independent, but as free to inline as the program: nobody replaces these functions from outside.
set(attnpaths_embeddable_options -fPIC -fno-semantic-interposition)

# Tests are compiled more often than they are run: half of what their compilation takes at -O3 is optimisation.
set(attnpaths_tests_options $<$<CONFIG:Release>:-O1>)

function(attnpaths_precompiled target kind)
  if(NOT ATTNPATHS_UNITY)
    return()
  endif()
  set(headers attnpaths_headers_${kind})
  if(NOT TARGET ${headers})
    file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/generated/${headers}.cpp" CONTENT "")    # written once
    add_library(${headers} OBJECT "${PROJECT_BINARY_DIR}/generated/${headers}.cpp")
    target_link_libraries(${headers} PRIVATE ${attnpaths_libraries_${kind}} attnpaths_warnings)
    target_compile_options(${headers} PRIVATE ${attnpaths_${kind}_options})
    target_precompile_headers(${headers} PRIVATE ${attnpaths_headers_${kind}})
  endif()
  target_precompile_headers(${target} REUSE_FROM ${headers})
endfunction()

# attnpaths_library(NAME SOURCES ... DEPENDS ...): one static library per folder of src/, known as attnpaths::NAME.
function(attnpaths_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(attnpaths_${name} STATIC ${ARG_SOURCES})
  add_library(attnpaths::${name} ALIAS attnpaths_${name})
  target_include_directories(attnpaths_${name} PUBLIC "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(attnpaths_${name} PUBLIC ${ARG_DEPENDS} PRIVATE attnpaths_warnings)
  attnpaths_precompiled(attnpaths_${name} sources)
endfunction()

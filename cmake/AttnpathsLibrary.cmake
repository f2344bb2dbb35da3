# attnpaths_library(NAME [EMBEDDABLE] SOURCES ... DEPENDS ...): one static library per folder of src/, known as attnpaths::NAME. An
# EMBEDDABLE one can go into a shared library, such as Python's (src/python); it is the same code for the program, so that both have the
# same rounding.
function(attnpaths_library name)
  cmake_parse_arguments(ARG "EMBEDDABLE" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(attnpaths_${name} STATIC ${ARG_SOURCES})
  add_library(attnpaths::${name} ALIAS attnpaths_${name})
  target_include_directories(attnpaths_${name} PUBLIC "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(attnpaths_${name} PUBLIC ${ARG_DEPENDS} PRIVATE attnpaths_warnings)
  if(ARG_EMBEDDABLE)
    target_compile_options(attnpaths_${name} PRIVATE ${attnpaths_embeddable_options})
    attnpaths_precompiled(attnpaths_${name} embeddable)
  else()
    attnpaths_precompiled(attnpaths_${name} sources)
  endif()
endfunction()

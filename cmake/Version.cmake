# The version and git hash of this build, written to version.hpp on every build (only when they change). Who includes it links
# attnpaths::version.
set(ATTNPATHS_GENERATED "${PROJECT_BINARY_DIR}/generated")
add_custom_target(attnpaths_version_header
  COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DVERSION=${PROJECT_VERSION}
          -DOUTPUT=${ATTNPATHS_GENERATED}/version.hpp -P ${PROJECT_SOURCE_DIR}/cmake/WriteVersion.cmake
  BYPRODUCTS ${ATTNPATHS_GENERATED}/version.hpp
  COMMENT "version.hpp")
add_library(attnpaths_version INTERFACE)
add_library(attnpaths::version ALIAS attnpaths_version)
add_dependencies(attnpaths_version attnpaths_version_header)
target_include_directories(attnpaths_version INTERFACE "${ATTNPATHS_GENERATED}")

# The version and git hash of this build, written to version.hpp on every build (only when they change).
set(ATTNPATHS_GENERATED "${PROJECT_BINARY_DIR}/generated")
add_custom_target(attnpaths_version_header
  COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DVERSION=${PROJECT_VERSION}
          -DOUTPUT=${ATTNPATHS_GENERATED}/version.hpp -P ${PROJECT_SOURCE_DIR}/cmake/WriteVersion.cmake
  BYPRODUCTS ${ATTNPATHS_GENERATED}/version.hpp
  COMMENT "version.hpp")

# Read by cpack before it makes a package.
if(CPACK_ATTNPATHS_ARCH STREQUAL native)
  message(FATAL_ERROR "this build is for this machine's processor alone (ATTNPATHS_ARCH=native); make packages of the preset portable")
endif()

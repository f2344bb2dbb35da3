# What `cmake --install BUILD --prefix PLACE` puts where. The places are fixed relative to each other, so that program, Python package and the
# scripts of jobs/ find one another from where they lie (jobs/environment.sh, analysis/attnpaths/program.py) and the whole tree can be
# moved. Components: program and python, the two packages of Packages.cmake, and manifest.
set(ATTNPATHS_INSTALL_BIN bin)
set(ATTNPATHS_INSTALL_SHARE share/attnpaths)
set(ATTNPATHS_INSTALL_PYTHON lib/python3/dist-packages)    # where Debian's python3 looks, if the prefix is /usr

install(TARGETS attnpaths RUNTIME DESTINATION "${ATTNPATHS_INSTALL_BIN}" COMPONENT program)
install(DIRECTORY jobs DESTINATION "${ATTNPATHS_INSTALL_SHARE}" COMPONENT program USE_SOURCE_PERMISSIONS
        PATTERN __pycache__ EXCLUDE PATTERN packaging EXCLUDE)
install(FILES README.md CHANGELOG.md DESTINATION share/doc/attnpaths COMPONENT program)

# Man pages and completion, which the program makes of its own help.
set(ATTNPATHS_HELP_FILES "${PROJECT_BINARY_DIR}/share")
add_custom_command(OUTPUT "${ATTNPATHS_HELP_FILES}/written"
  COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:attnpaths> -DFOLDER=${ATTNPATHS_HELP_FILES} -P "${PROJECT_SOURCE_DIR}/cmake/WriteHelpFiles.cmake"
  DEPENDS attnpaths cmake/WriteHelpFiles.cmake COMMENT "man pages and completion" VERBATIM)
add_custom_target(attnpaths_help_files ALL DEPENDS "${ATTNPATHS_HELP_FILES}/written")
install(DIRECTORY "${ATTNPATHS_HELP_FILES}/man" "${ATTNPATHS_HELP_FILES}/bash-completion" "${ATTNPATHS_HELP_FILES}/zsh"
                  "${ATTNPATHS_HELP_FILES}/fish" DESTINATION share COMPONENT program)

# The Python package, with the metadata by which xarray finds its engine and pip its version.
if(Python3_FOUND AND Python3_VERSION VERSION_GREATER_EQUAL 3.11)
  set(metadata "attnpaths-${PROJECT_VERSION}.dist-info")
  add_custom_command(OUTPUT "${PROJECT_BINARY_DIR}/generated/${metadata}/METADATA"
    COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/cmake/python_metadata.py" "${PROJECT_SOURCE_DIR}/analysis/pyproject.toml"
            "${PROJECT_VERSION}" "${PROJECT_BINARY_DIR}/generated/${metadata}"
    DEPENDS cmake/python_metadata.py analysis/pyproject.toml VERBATIM)
  add_custom_target(attnpaths_python_metadata ALL DEPENDS "${PROJECT_BINARY_DIR}/generated/${metadata}/METADATA")
  install(DIRECTORY analysis/attnpaths "${PROJECT_BINARY_DIR}/generated/${metadata}" DESTINATION "${ATTNPATHS_INSTALL_PYTHON}" COMPONENT python
          PATTERN __pycache__ EXCLUDE)
else()
  message(STATUS "No Python 3.11: cmake --install will leave the Python package out")
endif()

# All that is installed, and nothing else: cmake --build BUILD --target attnpaths_installed.
add_custom_target(attnpaths_installed DEPENDS attnpaths attnpaths_help_files)
foreach(part attnpaths_python_metadata attnpaths_python)
  if(TARGET ${part})
    add_dependencies(attnpaths_installed ${part})
  endif()
endforeach()

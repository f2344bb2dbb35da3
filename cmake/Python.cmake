# The Python of the analysis package: its module is built for it, its tests run in it. The first python3 on PATH may be one without the
# modules that the package needs, so the system's is tried before the one that CMake finds; configure with -DATTNPATHS_PYTHON=... to
# choose one.
find_package(Python3 COMPONENTS Interpreter QUIET)
find_program(ATTNPATHS_SYSTEM_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
mark_as_advanced(ATTNPATHS_SYSTEM_PYTHON)

if(NOT ATTNPATHS_PYTHON)
  foreach(candidate IN ITEMS "${ATTNPATHS_SYSTEM_PYTHON}" "${Python3_EXECUTABLE}")
    if(candidate)
      execute_process(COMMAND "${candidate}" -c "import h5py, pandas, xarray, matplotlib, pytest"
                      RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
      if(status EQUAL 0)
        set(ATTNPATHS_PYTHON "${candidate}" CACHE FILEPATH "Python with h5py, pandas, xarray, matplotlib and pytest")
        break()
      endif()
    endif()
  endforeach()
endif()

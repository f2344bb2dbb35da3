# `cpack -G DEB` in a build folder: attnpaths (program, man pages, completion, job scripts) and python3-attnpaths. A package is for other
# machines than this one, so it is made of the preset portable (tests/packages.sh).
set(CPACK_PACKAGE_NAME attnpaths)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "attnpaths maintainers <maintainers@attnpaths.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")    # each component has its own in the first line of its description
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program python)
set(CPACK_PROJECT_CONFIG_FILE "${PROJECT_SOURCE_DIR}/cmake/packages/check.cmake")
set(CPACK_ATTNPATHS_ARCH "${ATTNPATHS_ARCH}")

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME attnpaths)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
if(MPI_C_LIBRARY_VERSION_STRING MATCHES MPICH)
  set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "python3:any, mpich")
else()
  set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "python3:any, openmpi-bin")
endif()
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "python3-attnpaths (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS slurm-client)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "statistical mechanics of attention paths
Solves the statistical-mechanics theory of deep multi-head self-attention
over whole grids of widths, training-set sizes, heads, depths and
temperatures: one mpirun, one HDF5 store, no point ever lost. Needs a
processor with AVX2 (x86-64-v3).")

# With its compiled module (src/python) the Python package is for one architecture and one Python.
set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-attnpaths)
set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
if(TARGET attnpaths_python)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_SHLIBDEPS ON)
  get_target_property(minor attnpaths_python ATTNPATHS_PYTHON_MINOR)
  math(EXPR next_minor "${minor} + 1")
  set(python "python3 (>= 3.${minor}~), python3 (<< 3.${next_minor})")
else()
  set(CPACK_DEBIAN_PYTHON_PACKAGE_ARCHITECTURE all)
  set(python "python3:any")
endif()
set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS "${python}, python3-h5py, python3-matplotlib, python3-numpy, python3-pandas, python3-xarray")
set(CPACK_DEBIAN_PYTHON_PACKAGE_RECOMMENDS "attnpaths (>= ${PROJECT_VERSION}), python3-h5netcdf")
set(CPACK_COMPONENT_PYTHON_DESCRIPTION "figures, data sets and sweeps of attnpaths from Python
Reads stores of attnpaths as pandas frames and xarray data sets, draws the
figures of the theory and an interactive page, makes data sets of trained
models, and runs sweeps from a notebook.")
set(CPACK_DEBIAN_PYTHON_PACKAGE_CONTROL_EXTRA "${PROJECT_SOURCE_DIR}/cmake/packages/python/postinst"
                                              "${PROJECT_SOURCE_DIR}/cmake/packages/python/prerm")

# Copyright and changelog, which every package of Debian has.
execute_process(COMMAND git -C "${PROJECT_SOURCE_DIR}" log -1 --format=%cD OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT date)
  string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
endif()
foreach(component IN ITEMS PROGRAM PYTHON)
  set(package "${CPACK_DEBIAN_${component}_PACKAGE_NAME}")
  string(TOLOWER "${component}" name)
  set(folder "${PROJECT_BINARY_DIR}/packages/${package}")
  configure_file(cmake/packages/changelog.in "${folder}/changelog" @ONLY)
  configure_file(cmake/packages/copyright "${folder}/copyright" COPYONLY)
  execute_process(COMMAND gzip --no-name --best --force "${folder}/changelog" COMMAND_ERROR_IS_FATAL ANY)
  install(FILES "${folder}/copyright" "${folder}/changelog.gz" DESTINATION "share/doc/${package}" COMPONENT ${name})
endforeach()

include(CPack)

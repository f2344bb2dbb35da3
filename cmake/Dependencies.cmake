# Every library the program links, found once; debian-packages.txt says which package brings each.
find_package(MPI REQUIRED COMPONENTS C)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
# BLAS and LAPACK from serial OpenBLAS, linked statically so that no other package can swap in a threaded BLAS behind our back. Eigen's
# products of large matrices go there as well, where they take two thirds of the time of its own.
find_library(ATTNPATHS_OPENBLAS NAMES libopenblas.a PATH_SUFFIXES openblas-serial REQUIRED
             DOC "static serial OpenBLAS with LAPACK")
find_library(ATTNPATHS_GFORTRAN NAMES gfortran libgfortran.so.5
             HINTS ${CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES} REQUIRED)
target_compile_definitions(Eigen3::Eigen INTERFACE EIGEN_USE_BLAS)
target_link_libraries(Eigen3::Eigen INTERFACE "${ATTNPATHS_OPENBLAS}" "${ATTNPATHS_GFORTRAN}" m)

find_package(Boost 1.74 REQUIRED COMPONENTS program_options)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)

# Image files: idx.gz and PNG.
find_package(ZLIB REQUIRED)
find_package(PNG 1.6 REQUIRED)

# Serial HDF5: only the master writes, with the C interface (the parallel library is not thread-safe and not needed).
set(HDF5_PREFER_PARALLEL OFF)
find_package(HDF5 1.10 REQUIRED COMPONENTS C)

find_path(ATTNPATHS_RANDOM123_INCLUDE Random123/philox.h REQUIRED)
find_path(ATTNPATHS_XXHASH_INCLUDE xxhash.h REQUIRED)
find_library(ATTNPATHS_XXHASH xxhash REQUIRED)
add_library(attnpaths_hashing INTERFACE)
target_include_directories(attnpaths_hashing SYSTEM INTERFACE "${ATTNPATHS_RANDOM123_INCLUDE}"
                                                              "${ATTNPATHS_XXHASH_INCLUDE}")
target_link_libraries(attnpaths_hashing INTERFACE "${ATTNPATHS_XXHASH}")
add_library(attnpaths::hashing ALIAS attnpaths_hashing)

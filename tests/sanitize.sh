#!/usr/bin/env bash
# The unit tests and the fuzzers' corpora under the address and undefined-behaviour sanitizers.
# usage: tests/sanitize.sh [CTEST-OPTION...]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../jobs/environment.sh"

install_packages for-tests
build_preset asan-ubsan unit_tests
mpi_environment
# HDF5 and Open MPI keep what they allocate for a process' life; a size beyond memory is an error that the program reports.
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
cd "$ATTNPATHS_ROOT/build/asan-ubsan"
ctest --label-regex unit --output-on-failure --progress --parallel "$(core_count)" "$@"

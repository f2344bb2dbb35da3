#!/usr/bin/env bash
# Unit tests and the fuzzers' corpora under the address and undefined-behaviour sanitizers: of the folders that handle files, messages,
# settings and memory; with --all of those that compute too, which takes an hour.
# usage: tests/sanitize.sh [--all] [CTEST-OPTION...]      (without --all a folder is one test; GTEST_FILTER chooses among its cases)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../jobs/environment.sh"

folders=(base files h5 images datasets farm store submit sweep)
targets=() chosen='.'
if [ "${1:-}" = --all ]; then
    shift
    targets=(unit_tests) computed_in='' programs=OFF
else
    # What computes is the library of the preset release. These programs take long to start, and each folder little to run.
    computed_in=$ATTNPATHS_ROOT/build/release programs=ON
    for folder in "${folders[@]}"; do targets+=("${folder}_tests"); done
    targets+=(fuzz_replays)
    export GTEST_FILTER=${GTEST_FILTER:--StoreCrash.*:FullDisk.*}    # those wait for a disk, many times
    chosen="^(($(IFS='|'; echo "${folders[*]}"))$|fuzz\\.)"
fi
install_packages for-tests
if [ -n "$computed_in" ]; then build_preset release attnpaths_computing; fi
build_preset asan-ubsan -DATTNPATHS_COMPUTED_IN="$computed_in" -DATTNPATHS_TEST_PROGRAMS=$programs "${targets[@]}"
mpi_environment
# HDF5 and Open MPI keep what they allocate for a process' life; a size beyond memory is an error that the program reports.
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
cd "$ATTNPATHS_ROOT/build/asan-ubsan"
ctest --label-regex unit --tests-regex "$chosen" \
    --output-on-failure --progress --parallel "$(core_count)" "$@"

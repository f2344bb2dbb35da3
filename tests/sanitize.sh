#!/usr/bin/env bash
# Unit tests and the fuzzers' corpora under the address and undefined-behaviour sanitizers: of the folders that handle files, messages,
# settings and memory; with --latest of those of them in which, or in whose tests, one of the N files that changed last lies; with --all of
# those that compute too, which takes an hour.
# usage: tests/sanitize.sh [--all | --latest N] [CTEST-OPTION...]      (without --all a folder is one test; GTEST_FILTER chooses among its cases)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../jobs/environment.sh"
source "$here/support/latest_files.sh"

folders=(base files h5 images datasets farm store submit sweep)
compiled='' taken=attnpaths_computing    # what computes is the library of the preset release
if [ "${1:-}" = --latest ]; then
    mapfile -t changed < <(latest_files "$2" 'src/*.?pp' 'tests/*.?pp' | cut -d / -f 2 | sort -u)
    among_changed() { comm -12 <(printf '%s\n' "$@" | sort) <(printf '%s\n' "${changed[@]}"); }
    mapfile -t looked_at < <(among_changed "${folders[@]}" fuzz run sampling)    # the last two decode messages, records and checkpoints
    mapfile -t folders < <(among_changed "${folders[@]}")
    if [ ${#looked_at[@]} -eq 0 ]; then
        echo "sanitizers: none of their folders has one of the $2 files that changed last"
        exit
    fi
    echo "sanitizers: of the $2 files that changed last some are in ${looked_at[*]}"
    # Everything else is the library of the preset release.
    compiled=$(IFS=';'; echo "${looked_at[*]}") taken=attnpaths
    shift 2
fi
targets=() chosen='.'
if [ "${1:-}" = --all ]; then
    shift
    targets=(unit_tests) taken='' programs=OFF
else
    programs=ON    # they take long to start, and each folder little to run
    for folder in "${folders[@]}"; do targets+=("${folder}_tests"); done
    targets+=(fuzz_replays)
    export GTEST_FILTER=${GTEST_FILTER:--StoreCrash.*:FullDisk.*}    # those wait for a disk, many times
    chosen="^(($(IFS='|'; echo "${folders[*]}"))$|fuzz\\.)"
fi
install_packages for-tests
if [ -n "$taken" ]; then build_preset release "$taken"; fi
build_preset asan-ubsan -DATTNPATHS_TAKEN_FROM="${taken:+$ATTNPATHS_ROOT/build/release}" -DATTNPATHS_COMPILED="$compiled" \
    -DATTNPATHS_TEST_PROGRAMS=$programs "${targets[@]}"
mpi_environment
# HDF5 and Open MPI keep what they allocate for a process' life; a size beyond memory is an error that the program reports.
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
cd "$ATTNPATHS_ROOT/build/asan-ubsan"
ctest --label-regex unit --tests-regex "$chosen" \
    --output-on-failure --progress --parallel "$(core_count)" "$@"

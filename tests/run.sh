#!/usr/bin/env bash
# Installs what is needed, builds, and runs every test: unit tests, MPI tests at 1 to 4 ranks, command-line tests, analysis; beside them
# unit tests of what changed last once more under sanitizers, and clang-tidy on it.
# usage: tests/run.sh [CTEST-OPTION...]      e.g. tests/run.sh -R SaddlePoint      (with options: those tests alone)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../jobs/environment.sh"

install_packages
if [ -n "$(missing_packages for-tests)" ]; then    # comes while the program is compiled
    install_packages for-tests &
    installing=$!
    build_preset release attnpaths
    wait "$installing"
fi
build_preset release
mpi_environment
cd "$ATTNPATHS_ROOT/build/release"
# Two per core: most of the long tests wait for processes, clocks or Slurm most of the time.
tests=(ctest --output-on-failure --parallel "$((2 * $(core_count)))")
[ $# -eq 0 ] || exec "${tests[@]}" "$@"

# What compiles and computes takes the time that waiting tests leave.
log=$ATTNPATHS_ROOT/build/checks.log
set -m    # a process group of its own, to end all of it
nice bash -c '"$1/sanitize.sh" --latest 30 && "$1/lint.sh" --latest 12' checks "$here" >"$log" 2>&1 &
checks=$!
set +m
trap 'kill -- "-$checks" 2>/dev/null || true' EXIT
result=0
"${tests[@]}" || result=$?
if wait "$checks"; then
    grep -E '^sanitizers: |tests passed|^clang-tidy: ' "$log"
else
    tail -n 200 "$log"
    echo "the sanitizers or clang-tidy have findings; all of it: $log"
    result=1
fi
exit "$result"

#!/usr/bin/env bash
# Installs what is needed, builds, and runs every test: unit tests, MPI tests at 1 to 4 ranks, command-line tests, analysis; then the unit
# tests again under sanitizers, and clang-tidy on the sources that the last change touched.
# usage: tests/run.sh [CTEST-OPTION...]      with options, e.g. -R SaddlePoint, the tests that they choose and no more
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../jobs/environment.sh"

install_packages for-tests
build_preset release
mpi_environment
cd "$ATTNPATHS_ROOT/build/release"
# One more than there are cores: many tests wait for processes, clocks or Slurm most of the time.
ctest --output-on-failure --parallel "$(($(core_count) + 1))" "$@"
[ $# -eq 0 ] || exit 0
"$ATTNPATHS_ROOT/tests/sanitize.sh"
"$ATTNPATHS_ROOT/tests/lint.sh" --changed

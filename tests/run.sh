#!/usr/bin/env bash
# Installs what is needed, builds, and runs every test: unit tests, MPI tests at 1 to 4 ranks, command-line tests, analysis.
# usage: tests/run.sh [CTEST-OPTION...]      e.g. tests/run.sh -R SaddlePoint
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../jobs/environment.sh"

install_packages for-tests
build_preset release
mpi_environment
cd "$ATTNPATHS_ROOT/build/release"
# One more than there are cores: many tests wait for processes, clocks or Slurm most of the time.
ctest --output-on-failure --parallel "$(($(core_count) + 1))" "$@"

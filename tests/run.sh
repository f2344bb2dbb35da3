#!/usr/bin/env bash
# Installs what is needed, builds, and runs every test: unit tests, MPI tests at 1 to 4 ranks, command-line tests, analysis.
# usage: tests/run.sh [CTEST-OPTION...]      e.g. tests/run.sh -R saddle_point
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../jobs/environment.sh"

install_packages for-tests
build_preset release
mpi_environment
cd "$ATTNPATHS_ROOT/build/release"
ctest --output-on-failure --parallel "$(core_count)" "$@"

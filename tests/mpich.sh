#!/usr/bin/env bash
# The program built with MPICH instead of Open MPI, and the tests of many ranks (label mpi) against it. Installs Debian's mpich, which
# leaves Open MPI's mpirun in its place. Not part of tests/run.sh.
# usage: tests/mpich.sh [CTEST-OPTION...]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../jobs/environment.sh"

install_packages for-tests
apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends mpich libmpich-dev >/dev/null
build_preset mpich attnpaths
mpi_environment
# The tests start mpirun by that name. No link: Hydra looks for its proxy beside the name that it is called by.
launchers=$ATTNPATHS_ROOT/build/mpich/launchers
mkdir -p "$launchers"
printf '#!/bin/sh\nexec mpirun.mpich "$@"\n' >"$launchers/mpirun"
chmod +x "$launchers/mpirun"
export PATH=$launchers:$PATH
cd "$ATTNPATHS_ROOT/build/mpich"
ctest --label-regex '^mpi$' --output-on-failure --parallel "$(core_count)" "$@"

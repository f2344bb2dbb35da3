# shellcheck shell=bash disable=SC2034    # variables of whoever sources this
# Sourced by the scripts of jobs/ and tests/: packages, build, and the environment of mpirun. Sets ATTNPATHS_ROOT, the folder above jobs/;
# `attnpaths`, the program ($ATTNPATHS_BINARY if that is set); and `attnpaths_packages`, the folder of its Python package.
ATTNPATHS_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [ -e "$ATTNPATHS_ROOT/CMakeLists.txt" ]; then
    attnpaths=${ATTNPATHS_BINARY:-$ATTNPATHS_ROOT/build/release/src/cli/attnpaths}
    attnpaths_packages=$ATTNPATHS_ROOT/analysis
else    # PREFIX/share/attnpaths, of an installation
    attnpaths=${ATTNPATHS_BINARY:-$(realpath -m "$ATTNPATHS_ROOT/../../bin/attnpaths")}
    attnpaths_packages=$(realpath -m "$ATTNPATHS_ROOT/../../lib/python3/dist-packages")
fi

# Cores of this machine that we may use; OMP_NUM_THREADS, which nproc heeds, is not about them.
core_count() { env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc; }

# Those of some Debian packages that this machine lacks: not_installed PACKAGE...
not_installed() {
    comm -23 <(printf '%s\n' "$@" | sort) \
        <(dpkg-query -W -f='${Package} ${Status}\n' "$@" 2>/dev/null | sed -n 's/ install ok installed$//p' | sort -u)
}

# Those that cmake/debian-packages.txt lists: missing_packages [for-tests].
missing_packages() {
    local wanted left_out='# tests only:'
    [ "${1:-}" = for-tests ] && left_out='^$'
    read -r -d '' -a wanted < <(grep -v -- "$left_out" "$ATTNPATHS_ROOT/cmake/debian-packages.txt" | sed 's/#.*//') || true
    not_installed "${wanted[@]}"
}

# Installs them: install_packages [for-tests].
install_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -eq 0 ] && return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "missing packages: ${missing[*]}; install them as root (no sudo here)" >&2; return 1; }
        as_root=(sudo)
    fi
    echo "installing ${#missing[@]} packages: ${missing[*]}"
    "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=600 update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq \
        --no-install-recommends "${missing[@]}" >/dev/null
}

# Configures and builds one preset: build_preset NAME [-DOPTION=VALUE...] [TARGET...]. Whole builds are fastest with the files of a folder
# compiled together; ATTNPATHS_UNITY=OFF in the environment compiles each on its own.
build_preset() {
    local preset=$1 log options=(-DATTNPATHS_UNITY="${ATTNPATHS_UNITY:-ON}")
    shift
    while [[ ${1:-} == -D* ]]; do
        options+=("$1")
        shift
    done
    log=$(mktemp)
    (cd "$ATTNPATHS_ROOT" && cmake --preset "$preset" "${options[@]}" >"$log" 2>&1) || { cat "$log" >&2; rm -f "$log"; return 1; }
    rm -f "$log"
    cmake --build "$ATTNPATHS_ROOT/build/$preset" --parallel "$(core_count)" ${1:+--target "$@"}
}

# The program of a checkout, with the packages that it takes, is made up to date; one that is installed, or that ATTNPATHS_BINARY names,
# is taken as it is.
ready_program() {
    if [ -z "${ATTNPATHS_BINARY:-}" ] && [ -e "$ATTNPATHS_ROOT/CMakeLists.txt" ]; then
        install_packages
        build_preset release attnpaths
    fi
}

# mpirun of the MPI that the program is linked with; where Open MPI and MPICH are both installed, plain mpirun is that of one of them.
mpi_launcher() {
    local own="" plain
    case $("$attnpaths" --version) in *"Open MPI"*) own=mpirun.openmpi ;; *MPICH*) own=mpirun.mpich ;; esac
    plain=$(command -v mpirun) || plain=""
    own=$(command -v "$own") || own=$plain
    [ -n "$own" ] || { echo "there is no mpirun" >&2; return 1; }
    if [ "$(realpath "$own")" = "$(realpath "$plain")" ]; then echo mpirun; else echo "$own"; fi
}

# Open MPI's mpirun works in containers as root, with more ranks than cores, and never waits busily, which MPICH's needs no telling for;
# UCX, below MPICH, leaves fatal signals to the program, which says what happened.
mpi_environment() {
    if [ "$(id -u)" -eq 0 ]; then
        export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    fi
    export OMPI_MCA_rmaps_base_oversubscribe=1    # one worker per core and the master, which sleeps
    export OMPI_MCA_mpi_yield_when_idle=1
    export UCX_ERROR_SIGNALS=
    export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
}

# The Python that has what our package needs (another one may come first on the PATH).
analysis_python() {
    local python
    for python in /usr/bin/python3 python3; do
        "$python" -c 'import h5py, pandas, xarray, matplotlib' 2>/dev/null && { echo "$python"; return 0; }
    done
    echo "no python3 with h5py, pandas, xarray and matplotlib" >&2
    return 1
}

# python3 -m attnpaths ARGUMENT...
analysis() {
    local python
    python=$(analysis_python) && PYTHONPATH=$attnpaths_packages${PYTHONPATH:+:$PYTHONPATH} ATTNPATHS_BINARY=$attnpaths "$python" -m attnpaths "$@"
}

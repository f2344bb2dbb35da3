#!/usr/bin/env bash
# Runs the benchmarks by hand on a quiet machine: solver, eigendecompositions, samplers, theory against exact draws (minutes), overhead per point,
# two workers against one, many ranks, many examples, a large store, a call from Python, training.
# usage: tests/benchmarks/run.sh [solver|spectrum|sampler|independent|expansion|overhead|workers|scale|examples|store|theory|training]...      (default: all)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../jobs/environment.sh"
mpi_environment
build=$ATTNPATHS_ROOT/build/release
attnpaths=$build/src/cli/attnpaths
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
seconds() { local start; start=$(date +%s.%N); "$@" >/dev/null 2>"$work/errors" || { cat "$work/errors" >&2; return 1; }; echo "$(date +%s.%N) $start" | awk '{printf "%.2f", $1 - $2}'; }

solver() { "$build/tests/benchmarks/solver_benchmark"; }

spectrum() { "$build/tests/benchmarks/spectrum_benchmark"; }

sampler() { "$build/tests/benchmarks/sampler_benchmark"; }

independent() { "$build/tests/benchmarks/independent_benchmark"; }

expansion() { "$build/tests/benchmarks/expansion_benchmark"; }

# A tiny task: what a point costs beyond its own computation (master, journal, sync, store), one worker.
overhead() {
    local store=$work/overhead.h5 widths
    widths=$(seq -s ' ' 11 2010)
    local wall
    wall=$(seconds mpirun -n 2 "$attnpaths" sweep --task.feature_width 8 --task.tokens 4 --task.test_examples 4 --grid.examples 8 \
        --grid.width "$widths" --grid.temperature 0.1 --store "$store" --progress none)
    "$attnpaths" show "$store" --csv --columns point/seconds |
        awk -v wall="$wall" 'NR > 1 {sum += $1; n++} END {printf "%d points: %.2f s wall, %.2f s computing, %.3f ms per point beyond\n", n, wall, sum, 1000 * (wall - sum) / n}'
}

# 500 points that keep the solver busy: one worker against two.
workers() {
    local widths one two
    widths=$(seq -s ' ' 10 2 108)
    for n in 2 3; do
        rm -f "$work/workers.h5"*
        local wall
        wall=$(seconds mpirun -n "$n" "$attnpaths" sweep --grid.examples 400 --task.test_examples 20 --grid.width "$widths" \
            --grid.temperature "0.01 0.02 0.03 0.05 0.08 0.1 0.2 0.3 0.5 0.8" --theory.second_start true --theory.sub_networks none --store "$work/workers.h5" --progress none)
        echo "500 points, $((n - 1)) worker(s): $wall s"
        [ "$n" = 2 ] && one=$wall || two=$wall
    done
    awk -v one="$one" -v two="$two" 'BEGIN {printf "two workers are %.2f times as fast as one\n", one / two}'
}

scale() { PYTHONDONTWRITEBYTECODE=1 ATTNPATHS_BINARY=$attnpaths python3 "$(dirname "${BASH_SOURCE[0]}")/scale.py" --folder "$work"; }

# More examples than features, hidden-Markov task: seconds and peak memory of each P, then of one sweep on two ranks; a file of tokens larger than
# memory allows. ATTNPATHS_EXAMPLES names the P (10^4 takes 13 s of a core, more P in proportion), ATTNPATHS_TOKENS the file's size.
examples() {
    local settings=(--grid.width 100 --grid.temperature 0.1 --task.test_examples 20000 --analyses.run "predictor gaussian-process learning-curve"
        --no-samples --store.predictions false --run.memory_per_rank 1G --progress none)
    local measure=(env time -f "%e s wall, %U s user, %M KiB at most") P
    for P in ${ATTNPATHS_EXAMPLES:-1000 10000 100000}; do
        echo "P = $P: $( { "${measure[@]}" "$attnpaths" sweep "${settings[@]}" --grid.examples "$P" --store "$work/examples-$P.h5" >/dev/null; } 2>&1 | tail -n 1)"
    done
    mpirun -n 3 "${measure[@]}" "$attnpaths" sweep "${settings[@]}" --grid.examples "${ATTNPATHS_EXAMPLES:-1000 10000 100000}" --store "$work/examples.h5" 2>&1 | tail -n 3
    python3 "$(dirname "${BASH_SOURCE[0]}")/repeated_tokens.py" "$work/tokens.h5" "${ATTNPATHS_TOKENS:-20}"
    "${measure[@]}" "$attnpaths" sweep "${settings[@]:0:4}" --task.name dataset --task.file "$work/tokens.h5" --analyses.run predictor --no-samples \
        --run.memory_per_rank 1G --progress none --store "$work/file.h5" 2>&1 | tail -n 1
}

theory() { PYTHONPATH=$ATTNPATHS_ROOT/analysis OPENBLAS_NUM_THREADS=1 "$(analysis_python)" "$(dirname "${BASH_SOURCE[0]}")/theory_call.py"; }

training() { "$build/tests/benchmarks/training_benchmark"; }

store() {
    "$build/tests/benchmarks/store_benchmark" "$work/large.h5" 100000
    echo "show --csv: $(seconds "$attnpaths" show "$work/large.h5" --csv) s"
    echo "verify: $(seconds "$attnpaths" verify "$work/large.h5") s"
    PYTHONPATH=$ATTNPATHS_ROOT/analysis "$(analysis_python)" - "$work/large.h5" <<'PYTHON'
import sys, time
from attnpaths import open_store
start = time.perf_counter()
with open_store(sys.argv[1]) as store:
    values = store.column("theory/action")
print(f"Python reads one column of {len(values)} points in {time.perf_counter() - start:.4f} s")
PYTHON
}

[ $# -gt 0 ] || set -- solver spectrum sampler independent expansion overhead workers scale examples store theory training
for benchmark in "$@"; do
    echo "== $benchmark"
    "$benchmark"
done

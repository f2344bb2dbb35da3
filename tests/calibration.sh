#!/usr/bin/env bash
# Calibration of all samplers at length, on all cores: simulation-based calibration (rank histograms) and the joint
# distribution test, of the exact samplers and of wrong ones that must be found. Minutes; the short form is the unit test
# calibration_test.
# usage: tests/calibration.sh [ORDER-PARAMETER-REPLICAS [WEIGHT-REPLICAS [SEED]]]      (default: 2000 500 1)
# Prints rank histograms (a digit per bin, 5 its fair share), p-values and z-scores of every exact sampler, then one verdict per
# line; wrong samplers run a tenth of the replicas (wrong weights half). Exit code 1 if an exact sampler fails or a wrong one passes.
# One sampler by hand: build/release/tests/sampling/calibration --method weights --problem low-rank --variant double-noise
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../jobs/environment.sh"
order_parameter_replicas=${1:-2000}
weight_replicas=${2:-500}
seed=${3:-1}
build_preset release calibration >/dev/null
export OPENBLAS_NUM_THREADS=1 calibration=$ATTNPATHS_ROOT/build/release/tests/sampling/calibration work seed
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One line per run: METHOD PROBLEM VARIANT REPLICAS ITERATIONS; the longest come first.
runs() {
    local problem variant
    for problem in depth-two low-rank two-outputs; do
        echo "order-parameter $problem exact $order_parameter_replicas 200"
        echo "weights $problem exact $weight_replicas 200"
    done
    for problem in wider wider-outputs; do
        echo "independent $problem exact $order_parameter_replicas 1"
        for variant in no-jacobian limit-degrees unweighted; do
            echo "independent $problem $variant $(((order_parameter_replicas + 1) / 2)) 1"
        done
    done
    for problem in depth-two low-rank two-outputs; do
        for variant in degrees limit-degrees no-jacobian half-energy; do
            echo "order-parameter $problem $variant $(((order_parameter_replicas + 9) / 10)) 50"
        done
        for variant in double-noise no-head-scale prior-variance; do
            echo "weights $problem $variant $(((weight_replicas + 9) / 10)) 50"
        done
    done
}

# A sampler that is found wrong ends with 1; anything else that is not 0 is a failure of the program.
run_one() {
    "$calibration" --method "$1" --problem "$2" --variant "$3" --replicas "$4" --iterations "$5" --seed "$seed" \
        >"$work/$1.$2.$3" || [ $? -eq 1 ]
}
export -f run_one

runs | xargs -P "$(core_count)" -L 1 bash -c 'run_one "$@"' _
cat "$work"/*.exact
echo "== verdicts"
failures=0
while read -r method problem variant replicas _; do
    verdict=$(sed -n 's/^verdict: //p' "$work/$method.$problem.$variant")
    expected=WRONG
    [ "$variant" = exact ] && expected=calibrated
    [[ $verdict == $expected* ]] || failures=$((failures + 1))
    printf '%-16s %-12s %-15s %5d replicas: %s\n' "$method" "$problem" "$variant" "$replicas" "$verdict"
done < <(runs)
[ "$failures" -eq 0 ] || { echo "$failures verdicts are not as expected" >&2; exit 1; }

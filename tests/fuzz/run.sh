#!/usr/bin/env bash
# Builds the fuzzers and runs each for so many seconds on its corpus: tests/fuzz/run.sh [SECONDS [NAME...]]   (default: 600, all)
# A finding ends it, and the input stays in build/fuzz/findings.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../jobs/environment.sh"
seconds=${1:-600}
shift || true
build_preset fuzz fuzzers
cd "$ATTNPATHS_ROOT/build/fuzz"
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for program in tests/fuzz/*_fuzzer; do name=${program##*/} && names+=("${name%_fuzzer}"); done
fi
mkdir -p findings
export ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
for name in "${names[@]}"; do
    mkdir -p "corpus/$name"
    kept=$ATTNPATHS_ROOT/tests/fuzz/corpus/$name
    log=findings/$name.log
    if ! "tests/fuzz/${name}_fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 -max_len=65536 -print_final_stats=1 \
        -artifact_prefix="findings/$name-" "corpus/$name" $([ -d "$kept" ] && echo "$kept") >"$log" 2>&1; then
        tail -n 60 "$log" >&2
        echo "$name: a finding; the input is in $PWD/findings" >&2
        exit 1
    fi
    echo "$name: no finding in $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs, ${seconds} s"
done

#!/usr/bin/env bash
# Brings up a real Slurm on this machine, runs tests of jobs in it, and takes it down again, whatever happens.
# usage: tests/slurm/run.sh [TEST.py [OPTION...]]    default: all but the long form of kill_test.py (tests/slurm/kill.sh)
# Exit code 77: skipped, for the reason that is printed.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
base=/var/tmp/attnpaths-slurm

# What a run left behind that was itself killed.
for old in "$base"-*; do
    if [ ! -e "$old/owner" ] || grep -qs '^State:[[:blank:]]*[^ZX]' "/proc/$(cat "$old/owner")/status"; then continue; fi
    "$here/cluster.sh" down "$old"
    rm -rf "$old"
done
folder=$(mktemp -d "$base-XXXXXX")
echo $$ >"$folder/owner"
running=""

# shellcheck disable=SC2317    # called by the trap
down() {
    [ -z "$running" ] || kill "$running" 2>/dev/null
    "$here/cluster.sh" down "$folder"
    if [ "$1" -ne 0 ] && [ "$1" -ne 77 ]; then
        rm -f "$folder/owner"
        echo "logs of Slurm: $folder/log"
    else
        rm -rf "$folder"
    fi
    exit "$1"
}
trap 'down $?' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

# In the background, as only then a signal does not have to wait.
run() {
    python3 "$@" &
    running=$!
    wait "$running"
}

"$here/cluster.sh" up "$folder" 2 || exit
export SLURM_CONF=$folder/slurm.conf PYTHONPATH=$here/../support PYTHONDONTWRITEBYTECODE=1
if [ $# -gt 0 ]; then
    run "$here/$1" "${@:2}"
    exit
fi
failed=0
for test in "$here"/*_test.py; do
    echo "== $(basename "$test")"
    run "$test" || failed=1
done
exit $failed

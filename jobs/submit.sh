#!/usr/bin/env bash
# Submits a sweep to Slurm: works out ranks, wall time and what happens at its end, shows the sbatch line, and says how to
# follow the job.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

usage="usage: jobs/submit.sh CONFIG [OPTION...] [--KEY VALUE...] [-- SBATCH-OPTION...]

CONFIG            configuration of the sweep, as for attnpaths sweep
--store FILE      the store [that of the configuration]
--nodes N         nodes of the job [1]; one worker on every core, and the master on the first node
--cores N         cores of a node to use [all that the partition's nodes have]
--time T          wall time of a job, as Slurm writes it: minutes, h:mm:ss, d-hh:mm [4:00:00, or the partition's limit];
                  a job that reaches it is queued again and goes on
--partition P     [Slurm's default]
--array N         N independent jobs, each with a part of the points and a store of its own; the last to finish merges them
--shards LIST     with --array: submit these parts only, for example 3 or 2,5-7, after they were lost
--launcher L      srun or mpirun [srun where it knows PMIx]
--dry-run         show the sbatch line and submit nothing
--retry-failed, --no-samples, --grid.width \"10 30\", ...
                  go to attnpaths sweep: every option with a dot in its name
after --          options of sbatch: --account, --mem-per-cpu, --exclusive, --constraint, ..."

# A command as it could be typed.
show() {
    printf +
    for word in "$@"; do
        case $word in "" | *[!A-Za-z0-9_=,./:%@+-]*) printf " '%s'" "${word//"'"/"'\''"}" ;; *) printf ' %s' "$word" ;; esac
    done
    echo
}

fail() { echo "submit.sh: $1" >&2; exit "${2:-64}"; }

# Seconds of a wall time as Slurm writes it; nothing if it is not one.
seconds_of() {
    local days=0 rest=$1 fields
    case $rest in *[!0-9:-]* | "" | *-*-*) return 0 ;; *-*) days=${rest%%-*} rest=${rest#*-} ;; esac
    IFS=: read -r -a fields <<<"$rest"
    case "$days${1//[!-]/}${#fields[@]}" in    # days count hours first
        *-1) echo $(((10#$days * 24 + 10#${fields[0]}) * 3600)) ;;
        *-2) echo $(((10#$days * 24 + 10#${fields[0]}) * 3600 + 10#${fields[1]} * 60)) ;;
        *-3 | 03) echo $(((10#$days * 24 + 10#${fields[0]}) * 3600 + 10#${fields[1]} * 60 + 10#${fields[2]})) ;;
        01) echo $((10#${fields[0]} * 60)) ;;
        02) echo $((10#${fields[0]} * 60 + 10#${fields[1]})) ;;
    esac
}

config="" store="" nodes=1 cores="" time="" partition="" array="" shards="" launcher="" dry_run="" sweep=() extra=()
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) echo "$usage"; exit 0 ;;
        --dry-run) dry_run=1 ;;
        --retry-failed | --no-samples) sweep+=("$1") ;;
        --) shift; extra=("$@"); break ;;
        --*.*=*) sweep+=("$1") ;;
        --store | --nodes | --cores | --time | --partition | --array | --shards | --launcher | --*.*)
            [ $# -ge 2 ] || fail "$1 needs a value"
            case $1 in
                --*.*) sweep+=("$1" "$2") ;;
                *) printf -v "${1#--}" %s "$2" ;;
            esac
            shift ;;
        -*) fail "$1 is no option; options of sbatch come after --, see jobs/submit.sh --help" ;;
        *) [ -z "$config" ] || fail "two configurations: $config and $1"
           config=$1 ;;
    esac
    shift
done
[ -n "$config" ] || fail "give a configuration, for example jobs/markov-width.ini; see jobs/submit.sh --help"
[ -f "$config" ] || fail "$config: no such file" 66
config=$(realpath -- "$config")
for name in nodes cores array; do
    case ${!name} in *[!0-9]* | 0*) fail "--$name ${!name}: give a whole number, 1 or more" ;; esac
done
case $launcher in "" | srun | mpirun) ;; *) fail "--launcher $launcher: choose srun or mpirun" ;; esac
[ -z "$shards" ] || [ -n "$array" ] || fail "--shards $shards: say of how many, with --array"
case $shards in *[!0-9,-]*) fail "--shards $shards: give numbers and ranges, for example 2,5-7" ;; esac
case "$time" in "") ;; *) [ -n "$(seconds_of "$time")" ] ||
    fail "--time $time: write minutes, h:mm:ss or d-hh:mm, for example 90 or 4:00:00" ;; esac

# The program checks the configuration here and now, rather than after hours in the queue.
[ -x "$attnpaths" ] || fail "$attnpaths is not there; build it, or set ATTNPATHS_BINARY" 66
mpi_environment
plan=$("$attnpaths" sweep "$config" "${sweep[@]}" ${store:+--store "$store"} --dry-run)
plan=${plan%%$'\n'*}    # "7 points for FILE"
points=${plan%% *}
store=$(realpath -m -- "${store:-${plan#* for }}")
[ -z "$array" ] || [ "$array" -le "$points" ] || fail "--array $array: there are only $points points to share out"

# The partition: cores of its smallest node, and its time limit.
command -v sbatch >/dev/null || fail "there is no sbatch here; submit on a machine of the cluster" 69
kinds=$(sinfo -h ${partition:+-p "$partition"} -o '%P %c %Z %l') || fail "sinfo does not answer" 69
[ -n "$partition" ] || kinds=$(grep '^[^ ]*\* ' <<<"$kinds") || fail "Slurm has no default partition; choose one with --partition"
[ -n "$kinds" ] || fail "--partition $partition: Slurm has none of this name (sinfo lists them)"
read -r found threads limit < <(awk '{ sub(/\+/, "", $2); print int($2 / $3), $3, $4 }' <<<"$kinds" | sort -n | head -n 1)
cores=${cores:-$found}
if [ -z "$time" ]; then
    time=4:00:00 limit=$(seconds_of "$limit")
    [ "${limit:-14400}" -ge 14400 ] || time=$((limit / 60))
fi
seconds=$(seconds_of "$time")
# The signal to stop in good order: two minutes before the end, of short jobs a quarter; Slurm sends it up to a minute earlier.
lead=$((seconds / 4 < 120 ? seconds / 4 : 120))
if [ -z "$launcher" ]; then
    case $(srun --mpi=list 2>&1) in *pmix*) launcher=srun ;; *) launcher=mpirun ;; esac
fi

base=${store%.h5}
line=(sbatch "--job-name=$(basename "$base")" "--nodes=$nodes" "--ntasks-per-node=$cores" "--time=$time" --requeue
    --open-mode=append "--signal=B:USR1@$lead"
    "--export=ALL,ATTNPATHS_ROOT=$ATTNPATHS_ROOT,ATTNPATHS_BINARY=$attnpaths,ATTNPATHS_LAUNCHER=$launcher")
[ -z "$partition" ] || line+=("--partition=$partition")
[ "$threads" -eq 1 ] || line+=(--hint=nomultithread)
if [ -n "$array" ]; then
    line+=("--array=${shards:-1-$array}" "--output=$base.slurm-%A_%a.log" "${extra[@]}"
        "$ATTNPATHS_ROOT/jobs/slurm/array.sbatch" "$array")
else
    line+=("--output=$base.slurm-%j.log" "${extra[@]}" "$ATTNPATHS_ROOT/jobs/slurm/sweep.sbatch")
fi
line+=("$store" "$config" "${sweep[@]}")

echo "$points points${array:+ in $array shards}: $nodes x $cores cores${array:+ each}, $((nodes * cores)) workers and the master, \
by $launcher; wall time $time"
show "${line[@]}"
[ -z "$dry_run" ] || exit 0
mkdir -p "$(dirname "$store")"
job=$("${line[0]}" --parsable "${line[@]:1}")
job=${job%%;*}
log=$base.slurm-$job.log part=$store
[ -z "$array" ] || log=$base.slurm-${job}_I.log part=$base.I-of-$array.h5
echo "job $job
  squeue -j $job          where it is in the queue
  tail -f $log
  attnpaths status $part
  scancel $job            ends it; submitted again, it goes on"

# shellcheck shell=bash disable=SC2154,SC2034,SC2317    # variables of job.sh, which calls our functions
# Sourced by the batch scripts: a sweep over all nodes of the job. Needs job.sh.

# The command that starts one rank per core and the master, which sleeps, on the job's nodes: fills the array `launcher`.
sweep_launcher() {
    local ranks=$((SLURM_NTASKS + 1))
    case ${ATTNPATHS_LAUNCHER:-srun} in
        srun)
            # One more rank than this was meant for.
            unset SLURM_NTASKS_PER_NODE
            launcher=(srun --mpi="${ATTNPATHS_SRUN_MPI:-pmix}" --overcommit --ntasks="$ranks" --kill-on-bad-exit=1 --immediate=60)
            # The ranks of a node share its cores.
            case $(scontrol show config | sed -n 's/^TaskPlugin *= //p') in *affinity*) launcher+=(--cpu-bind=none) ;; esac ;;
        mpirun) launcher=("$(mpi_launcher)" -n "$ranks" --bind-to none) ;;
        *) say "ATTNPATHS_LAUNCHER=$ATTNPATHS_LAUNCHER: choose srun or mpirun"; exit 64 ;;
    esac
}

# A launch in which the master has not opened the store after so many seconds is ended.
sweep_start_seconds=${ATTNPATHS_START_SECONDS:-600}

# Whether this launch has lost its master, which runs on this node, the first: it made the lock of the store, and is no more; or
# nobody has held the lock for a long time, because ranks died before all had started, or as they ended.
master_is_gone() {
    local lock host pid namespace
    lock=$(cat "$1.lock" 2>/dev/null)
    if [ -z "$lock" ] || [ "$lock" = "$lock_before" ]; then
        [ $((SECONDS - unlocked_since)) -gt "$sweep_start_seconds" ]
        return
    fi
    unlocked_since=$SECONDS
    host=$(sed -n 's/^host //p' <<<"$lock") pid=$(sed -n 's/^pid //p' <<<"$lock") namespace=$(sed -n 's/^namespace //p' <<<"$lock")
    [ "$host" = "$(hostname)" ] && [ "$namespace" = "$(readlink /proc/self/ns/pid)" ] &&
        ! grep -qs '^State:[[:blank:]]*[^ZX]' "/proc/$pid/status"    # gone, or dead and not yet collected
}

# run_sweep STORE ARGUMENT...: `attnpaths sweep ARGUMENT... --store STORE` until the store holds every point. Exit code of the
# script if it cannot go on; 70 if points failed.
run_sweep() {
    local store=$1 launcher failed=0 lock_before="" unlocked_since=0
    shift
    sweep_launcher
    remove_lock_of_ended_job "$store"
    measure_store() {
        store_progress "$store"
        lock_before=$(cat "$store.lock" 2>/dev/null)
        unlocked_since=$SECONDS
    }
    lost() { master_is_gone "$store"; }
    job_lost=lost
    job_until_done "$store" "$store.launches" measure_store \
        "${launcher[@]}" "$attnpaths" sweep "$@" --store "$store" --progress lines
    measure_store
    "$attnpaths" status "$store"
    [ "$failed" -eq 0 ] || return 70
}

# shellcheck shell=bash disable=SC2154    # attnpaths: of job.sh
# Sourced by the batch scripts: a sweep over all nodes of the job. Needs job.sh.

# The command that starts one rank per core and the master, which sleeps, on the job's nodes: fills the array `launcher`.
sweep_launcher() {
    local ranks=$((SLURM_NTASKS + 1))
    case ${ATTNPATHS_LAUNCHER:-srun} in
        srun)
            launcher=(srun --mpi="${ATTNPATHS_SRUN_MPI:-pmix}" --overcommit --ntasks="$ranks" --kill-on-bad-exit=1)
            # Ranks share the cores of their node: one more than there are.
            case $(scontrol show config | sed -n 's/^TaskPlugin *= //p') in *affinity*) launcher+=(--cpu-bind=none) ;; esac ;;
        mpirun) launcher=(mpirun -n "$ranks" --bind-to none) ;;
        *) say "ATTNPATHS_LAUNCHER=$ATTNPATHS_LAUNCHER: choose srun or mpirun"; exit 64 ;;
    esac
}

# run_sweep STORE ARGUMENT...: `attnpaths sweep ARGUMENT... --store STORE` until the store holds every point. Exit code of the
# script if it cannot go on; 70 if points failed.
run_sweep() {
    local store=$1 launcher failed=0
    shift
    sweep_launcher
    remove_lock_of_ended_job "$store"
    measure_store() { store_progress "$store"; }
    job_until_done "$store" "$store.launches" measure_store \
        "${launcher[@]}" "$attnpaths" sweep "$@" --store "$store" --progress lines
    measure_store
    "$attnpaths" status "$store"
    [ "$failed" -eq 0 ] || return 70
}

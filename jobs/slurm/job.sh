# shellcheck shell=bash
# Sourced by the batch scripts of this folder: runs a command in a Slurm job as often as it takes, and has the job queued again
# while work is left. What is left is what the results say, never the exit code of srun or mpirun, which may be 0 for a node that
# went down. Nothing here relies on time between a signal and the end: what was computed is safe without it.
source "$ATTNPATHS_ROOT/jobs/environment.sh"
source "$ATTNPATHS_ROOT/jobs/slurm/progress.sh"
mpi_environment

# Launches in a row without progress after which a job gives up, the first one not counted.
job_most_idle=${ATTNPATHS_MOST_IDLE_REQUEUES:-3}
# A crashed command is started again in the same job if at least so many seconds are left.
job_least_seconds=${ATTNPATHS_LEAST_SECONDS:-60}
# Where a drain has not ended so many seconds before the end of the job, the job is queued again at once.
job_last_seconds=${ATTNPATHS_LAST_SECONDS:-10}
job_signal=""     # first of USR1 (the end is near) and TERM (the end is now) that came
job_terminated="" # TERM came
job_command=""    # pid of the running command
job_group=""      # "-" if that leads a process group, all of which gets the signals
job_code=""       # exit code of the last command that ended
job_stuck=""      # nothing more can be started in this job, only after it was queued again
job_alarm=""      # pid of the timer
job_lost=false    # command that succeeds if the running launch is lost, though srun or mpirun does not notice

# Of an array the number of this task: SLURM_JOB_ID of its last one stands for the whole array.
job_id=$SLURM_JOB_ID
[ -z "${SLURM_ARRAY_JOB_ID:-}" ] || job_id=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID

say() { echo "$(date '+%F %T') job $job_id: $*"; }

if [ ! -x "$attnpaths" ]; then
    say "$attnpaths is not there; build it, or set ATTNPATHS_BINARY"
    exit 66
fi

# The time at which this job ends; attnpaths plans by it. Slurm before 23.02 does not tell, and then the variable may have come from
# the job in which this one was submitted.
if job_end=$(squeue -h -j "$job_id" -o %e 2>/dev/null) && [ -n "$job_end" ]; then
    SLURM_JOB_END_TIME=$(date -d "$job_end" +%s 2>/dev/null) || unset SLURM_JOB_END_TIME
fi
[ -z "${SLURM_JOB_END_TIME:-}" ] || export SLURM_JOB_END_TIME

# Seconds of this job that are left; a year where there is no limit.
job_seconds_left() { echo $((${SLURM_JOB_END_TIME:-$(date +%s) + 31536000} - $(date +%s))); }

job_on_signal() {
    job_signal=${job_signal:-$1}
    job_interrupted=1
    say "SIG$1, $(job_seconds_left) s before the end of the job"
    [ -z "$job_command" ] || kill -s "$1" -- "$job_group$job_command" 2>/dev/null
}
job_on_usr1() {
    job_on_signal USR1
    # At the limit Slurm kills this script too, and nobody would queue the job again.
    [ -n "$job_alarm" ] || { sleep "$(($(job_seconds_left) - job_last_seconds))" 2>/dev/null && kill -s ALRM $$; } &
    job_alarm=${job_alarm:-$!}
}
job_on_term() {
    job_terminated=1
    job_on_signal TERM
}
job_on_alarm() { job_requeue "points in work need more than the $job_last_seconds s that are left"; }
trap job_on_usr1 USR1
trap job_on_term TERM
trap job_on_alarm ALRM
trap '[ -z "$job_alarm" ] || kill "$job_alarm" 2>/dev/null' EXIT

# Ends what is left of the job on its nodes: srun, killed, leaves ranks behind, and so does a daemon of Slurm.
job_end_steps() {
    local step
    for _ in $(seq 20); do
        step=$(squeue -h -s -j "$SLURM_JOB_ID" -o %i 2>/dev/null | grep "^$job_id\.[0-9]") || return 0
        # shellcheck disable=SC2086
        scancel $step 2>/dev/null
        sleep 1
    done
    # The daemon of such a step is gone, and Slurm gives its cores to no other one.
    say "step $step of this job does not end"
    job_stuck=1
}

# Ends a launch that is lost. It must be seen twice, as a launch that ends in good order may look lost for a moment.
job_watch() {
    while sleep 5; do
        if $job_lost && sleep 3 && $job_lost; then
            say "the launch has lost its master, or does not start, and is ended"
            job_end_steps
            sleep 3
            kill -s KILL -- "$job_group$1" 2>/dev/null
        fi
    done
}

# Runs a command to its end, passing signals on; its exit code is in job_code.
job_launch() {
    local status watch
    "$@" &
    job_command=$!
    # A signal between the last look and the start.
    [ -z "$job_signal" ] || kill -s "$job_signal" -- "$job_group$job_command" 2>/dev/null
    job_watch "$job_command" &
    watch=$!
    while :; do
        job_interrupted=""
        wait "$job_command"
        status=$?
        [ "$status" -eq 127 ] || job_code=$status
        # A trap ends the wait before the command has ended.
        [ -n "$job_interrupted" ] || break
    done
    job_command=""
    kill "$watch" 2>/dev/null
    job_end_steps
}

# What Slurm does with this job now: running (at its limit too), cancelled (by someone), or queued (again, already).
job_fate() {
    local job restarts
    job=$(scontrol show job "$job_id" 2>/dev/null)
    restarts=$(sed -n 's/.* Restarts=\([0-9]*\).*/\1/p' <<<"$job")
    if [ "${restarts:-0}" -gt "${SLURM_RESTART_COUNT:-0}" ]; then
        echo queued
    elif [ -z "$job_terminated" ]; then
        echo running
    else
        case $job in *JobState=RUNNING* | *Reason=TimeLimit*) echo running ;; *) echo cancelled ;; esac
    fi
}

# Has this job queued again, under the same number, and ends the script.
job_requeue() {
    case $(job_fate) in
        queued) say "queued again by Slurm: $1" ;;
        cancelled) say "cancelled: $1; submit again to go on" ;;    # queued again, it would come back to life
        *)
            say "queued again: $1"
            # It may be killed by what it asks for.
            scontrol requeue "$job_id" || [ "$(job_fate)" = queued ] ||
                say "Slurm does not queue this job again; submit again to go on" ;;
    esac
    exit 75
}

# job_until_done NAME RECORD MEASURE COMMAND...
# Runs COMMAND at least once, and until MEASURE, a function, says that nothing is left. It sets `left` (0: nothing, as far as is
# known), `run` (other words for each run that got as far as knowing what is left), `progress` (the same words only if nothing
# was gained) and `crashed` (1 if the last run did not end in good order, whatever its exit code). RECORD is a small file that
# counts launches without progress over all requeues; NAME is for messages. Ends the script unless all is done.
job_until_done() {
    local name=$1 record=$2 measure=$3 left run progress crashed before run_before idle least
    shift 3
    # Submitted anew, the count begins anew.
    [ "${SLURM_RESTART_COUNT:-0}" -gt 0 ] || rm -f "$record"
    "$measure"
    idle=$(job_idle_launches "$record" "$progress")
    while :; do
        if [ "$idle" -gt "$job_most_idle" ]; then
            say "$name: given up after $idle launches in a row without progress; their messages are above"
            exit 75
        fi
        [ -z "$job_signal" ] || job_requeue "$name: $left left"
        before=$progress run_before=$run
        # Counted before it starts, as nothing below may be reached.
        job_note_launches "$record" $((idle + 1)) "$progress"
        job_launch "$@"
        "$measure"
        if [ "$left" = 0 ] && [ "$run" != "$run_before" ]; then break; fi
        case $job_code in
            64 | 65 | 66 | 73 | 74)
                say "$name: an error that another try does not mend (exit code $job_code); its message is above"
                exit "$job_code" ;;
        esac
        if [ "$progress" = "$before" ]; then idle=$((idle + 1)); else idle=0; fi
        job_note_launches "$record" "$idle" "$progress"
        [ "$idle" -le "$job_most_idle" ] || continue
        # Stopped in good order without having gained anything, it would do so again: no point fits into the time that is left.
        # 75 is also the end of a sweep that lost a worker.
        if [ -n "$job_signal" ] || [ "$job_code$crashed:$progress" = "75:$before" ]; then job_requeue "$name: $left left"; fi
        # A launch that did not get as far as a run is repeated here as long as there is time: queued again, a step has the number
        # of the first one, and Slurm's PMIx fails on what a killed daemon left under that number.
        least=$job_least_seconds
        [ "$run" != "$run_before" ] || least=20
        if [ -n "$job_stuck" ] || [ "$(job_seconds_left)" -lt "$least" ]; then
            job_requeue "$name: ended with code $job_code, $left left"
        fi
        say "$name: ended with code $job_code, $left left; started again"
        sleep 1
    done
    rm -f "$record"
}

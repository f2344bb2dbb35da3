# shellcheck shell=bash disable=SC2034,SC2154    # variables of job.sh
# Sourced by job.sh: what a store holds, and how many launches in a row gained nothing.

# A number of `attnpaths status --json` (standard input): status_number NAME; nothing if it is not there.
status_number() { sed -n 's/^  "'"$1"'": \([-0-9.e+]*\),*$/\1/p'; }

# Text of `attnpaths status --json`, likewise.
status_text() { sed -n 's/^  "'"$1"'": "\(.*\)",*$/\1/p'; }

# Sets `left`, `failed`, `run`, `progress` and `crashed` of a store; of one that is not there yet, `all points` are left.
store_progress() {
    local json finished seconds in_work
    left="all points" failed=0 run="" progress="0 done, 0 failed, 0.0 s in checkpoints" crashed=""
    # A sweep that ends in good order removes its lock, and has no point in work.
    [ ! -e "$1.lock" ] || crashed=1
    if [ -e "$1" ] || [ -e "$1.journal" ]; then
        json=$("$attnpaths" status "$1" --json)
        [ -n "$json" ] || return 0    # an exit code may also tell of damage in what it could read
        left=$(status_number left <<<"$json")
        run=$(status_text run_started <<<"$json")
        finished=$(status_number "done" <<<"$json")
        failed=$(status_number failed <<<"$json")
        seconds=$(status_number checkpointed_seconds <<<"$json")
        in_work=$(status_number in_work <<<"$json")
        [ "$in_work" = 0 ] || crashed=1
        progress="$finished done, $failed failed, ${seconds:-0.0} s in checkpoints"
    fi
}

# Launches without progress so far: those of the record, unless there has been progress since.
job_idle_launches() {
    local count progress
    { read -r count && read -r progress; } 2>/dev/null <"$1" || { echo 0; return; }
    if [ "$progress" = "$2" ]; then echo "$count"; else echo 0; fi
}

job_note_launches() { printf '%s\n%s\n' "$2" "$3" >"$1.new" && mv -f "$1.new" "$1"; }

# Removes the lock of a sweep whose Slurm job is over: killed on another machine, the program cannot know that it is.
remove_lock_of_ended_job() {
    local job answer
    job=$(sed -n 's/^job //p' "$1.lock" 2>/dev/null) || return 0
    if [ -z "$job" ] || [ "$job" = "$SLURM_JOB_ID" ]; then return 0; fi
    answer=$(squeue -h -t all -j "$job" -o '%A %T' 2>&1)
    # A job that Slurm has forgotten is over too; no answer says nothing.
    case $answer in *"Invalid job id"*) answer="" ;; *error:*) return 0 ;; esac
    case $(sed -n "s/^$job //p" <<<"$answer") in
        "" | COMPLETED | CANCELLED | FAILED | TIMEOUT | NODE_FAIL | OUT_OF_MEMORY | PREEMPTED | BOOT_FAIL | DEADLINE)
            say "$1: removed the lock of job $job, which is over"
            rm -f "$1.lock" ;;
    esac
}

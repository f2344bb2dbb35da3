#!/usr/bin/env bash
# A real Slurm on this one machine, for tests: munged, slurmctld and three slurmd that each pass for a node. All of it lives in one
# folder and on loopback; nothing outside is read or written, so that it may run beside another Slurm. Needs root
# and Debian's packages.
# usage: tests/slurm/cluster.sh up FOLDER [CPUS-PER-NODE]     then: export SLURM_CONF=FOLDER/slurm.conf
#        tests/slurm/cluster.sh down FOLDER                   cancels its jobs, ends its daemons; the logs stay
# Exit code 77: cannot be done here, for the reason that is printed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../jobs/environment.sh"

packages=(munge slurmctld slurmd slurm-client)
nodes=3
skip() { echo "skipped: $*"; exit 77; }
fail() { echo "$*" >&2; exit 1; }

install_slurm() {
    local missing
    mapfile -t missing < <(not_installed "${packages[@]}")
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || skip "Slurm is not installed and there is no apt-get (needed: ${missing[*]})"
    # The packages would start daemons of their own.
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
        chmod 755 /usr/sbin/policy-rc.d
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    local apt=(apt-get -o DPkg::Lock::Timeout=600) log
    log=$(mktemp)
    { "${apt[@]}" install -y -qq --no-install-recommends "${missing[@]}" ||
        { "${apt[@]}" update -qq && "${apt[@]}" install -y -qq --no-install-recommends "${missing[@]}"; }; } >"$log" 2>&1 ||
        skip "apt-get cannot install ${missing[*]}: $(tail -n 1 "$log")"
    rm -f "$log"
}

# Prints as many ports of loopback as asked for that nobody uses.
free_ports() {
    python3 - "$1" <<'EOF'
import socket, sys
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in sockets))
EOF
}

# Time limits are looked at twice a minute by slurmctld; what can be shortened is the wait for killed processes (KillWait) and for
# a requeued job (cred_expire).
write_configuration() {
    local folder=$1 cpus=$2 host memory ports node
    host=$(hostname -s)
    memory=$(awk '/MemTotal/ {print int($2 / 1024 * 0.9)}' /proc/meminfo)
    read -r -a ports <<<"$(free_ports $((nodes + 1)))"
    {
        cat <<EOF
ClusterName=attnpaths-test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${ports[0]}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$folder/munge/socket,cred_expire=5
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool/%n
# The PMIx plugin puts a folder there that nodes cannot share.
TmpFS=$folder/tmp/%n
SlurmctldPidFile=$folder/run/slurmctld.pid
SlurmdPidFile=$folder/run/%n.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
TaskProlog=$folder/task-prolog
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0
ReturnToService=2
KillWait=5
OverTimeLimit=0
SlurmdTimeout=60
SlurmdParameters=config_overrides
PartitionName=test Nodes=ALL Default=YES MaxTime=1-00:00:00 DefaultTime=01:00:00 State=UP
EOF
        for node in $(seq $nodes); do
            echo "NodeName=node$node NodeHostName=$host NodeAddr=127.0.0.1 Port=${ports[node]} CPUs=$cpus RealMemory=$memory"
        done
    } >"$folder/slurm.conf"
}

# What tells nodes of one machine apart for Open MPI: shared memory of their own, and no network but loopback.
write_task_prolog() {
    cat >"$1/task-prolog" <<EOF
#!/bin/sh
echo export OMPI_MCA_btl_vader_backing_directory=$1/shm/\$SLURMD_NODENAME
echo export OMPI_MCA_btl_tcp_if_include=lo
echo export OMPI_MCA_oob_tcp_if_include=lo
EOF
    chmod 755 "$1/task-prolog"
}

start_munge() {
    local folder=$1
    head -c 128 /dev/urandom >"$folder/munge/key"
    chmod 600 "$folder/munge/key"
    /usr/sbin/munged --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/run/munged.pid" \
        --log-file="$folder/log/munged.log" --seed-file="$folder/munge/seed" 2>>"$folder/log/munged.log" ||
        fail "munged does not start: $folder/log/munged.log"
}

up() {
    local folder=$1 cpus=$2 host node
    [ "$(id -u)" -eq 0 ] || skip "a Slurm of one's own needs root"
    install_slurm
    mkdir -p "$folder"/{munge,run,log,state,spool,tmp}
    folder=$(realpath "$folder")
    chmod 755 "$folder" "$folder"/*
    host=$(hostname -s)
    getent hosts "$host" >/dev/null || skip "the name of this machine, $host, has no address (/etc/hosts)"
    write_configuration "$folder" "$cpus"
    write_task_prolog "$folder"
    start_munge "$folder"
    export SLURM_CONF=$folder/slurm.conf
    setsid /usr/sbin/slurmctld </dev/null
    for node in $(seq $nodes); do
        mkdir -p "$folder"/{spool,tmp,shm}/node"$node"
        setsid /usr/sbin/slurmd -N "node$node" </dev/null
    done
    for _ in $(seq 600); do
        [ "$(sinfo -h -N -t idle -o %N 2>/dev/null | wc -l)" -eq $nodes ] && return
        sleep 0.2
    done
    sinfo -N -l >&2 || true
    fail "Slurm does not come up: see $folder/log"
}

# Ends a daemon by its pid file, if that process is what it was.
stop() {
    local file=$1 name=$2 pid
    pid=$(cat "$file" 2>/dev/null) || return 0
    for attempt in $(seq 100); do
        # Where nobody collects them, processes stay on as zombies.
        [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$name" ] || break
        if grep -qs '^State:[[:blank:]]*Z' "/proc/$pid/status"; then break; fi
        [ "$attempt" -ne 1 ] || kill -TERM "$pid"
        [ "$attempt" -ne 90 ] || kill -KILL "$pid"
        sleep 0.1
    done
    rm -f "$file"
}

# Kills what a job left behind: slurmctld may forget a job whose processes do not end.
end_processes() {
    local file
    for file in /proc/[0-9]*/environ; do
        case $(cat "${file%environ}comm" 2>/dev/null) in slurmstepd | srun) ;; *) continue ;; esac
        if grep -qsz "^SLURM_CONF=$1/slurm.conf$" "$file"; then kill -KILL "$(cut -d / -f 3 <<<"$file")" 2>/dev/null || true; fi
    done
}

down() {
    local folder=$1 node
    [ -e "$folder/slurm.conf" ] || return 0
    folder=$(realpath "$folder")
    export SLURM_CONF=$folder/slurm.conf
    # A slurmd that ends leaves the processes of its jobs alone, so these come first.
    if [ -e "$folder/run/slurmctld.pid" ] && timeout 10 scancel --user=root --signal=KILL --full 2>/dev/null; then
        timeout 10 scancel --user=root 2>/dev/null || true
        for _ in $(seq 100); do
            [ -n "$(timeout 10 squeue -h 2>/dev/null)" ] || break
            sleep 0.2
        done
    fi
    for node in $(seq $nodes); do stop "$folder/run/node$node.pid" slurmd; done
    stop "$folder/run/slurmctld.pid" slurmctld
    end_processes "$folder"
    stop "$folder/run/munged.pid" munged
}

usage="usage: tests/slurm/cluster.sh up FOLDER [CPUS-PER-NODE] | down FOLDER"
[ $# -ge 2 ] || { echo "$usage" >&2; exit 64; }
case $1 in
    up) up "$2" "${3:-4}" ;;
    down) down "$2" ;;
    *) echo "$usage" >&2; exit 64 ;;
esac

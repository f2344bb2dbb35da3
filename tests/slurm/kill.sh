#!/usr/bin/env bash
# SIGKILL at random instants to workers, masters, srun and the daemons of Slurm's steps, the long form of kill_test.py.
# usage: tests/slurm/kill.sh [--kills 40] [--seed 1]
exec "$(dirname "${BASH_SOURCE[0]}")/run.sh" kill_test.py --kills 40 "$@"

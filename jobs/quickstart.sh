#!/usr/bin/env bash
# From a fresh Debian 12 to the paper's figure 2: packages and build (of a checkout; installed, the program is there), the width sweep of the
# hidden-Markov task under mpirun with one worker per core, the table and the figure. Run again, it continues or answers at once.
# usage: jobs/quickstart.sh [OUTPUT-FOLDER]      (default: results, in the present folder)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

output=${1:-results}
ready_program
mpi_environment
mpirun=$(mpi_launcher)
mkdir -p "$output"
ranks=$(($(core_count) + 1))

echo "+ mpirun -n $ranks attnpaths sweep jobs/markov-width.ini --store $output/markov-width.h5"
"$mpirun" -n "$ranks" "$attnpaths" sweep "$ATTNPATHS_ROOT/jobs/markov-width.ini" --store "$output/markov-width.h5"
echo "+ attnpaths show $output/markov-width.h5"
"$attnpaths" show "$output/markov-width.h5"
echo "+ python3 -m attnpaths figure2 $output/markov-width.h5 -o $output/figure2.png"
analysis figure2 "$output/markov-width.h5" -o "$output/figure2.png"
echo "figure: $output/figure2.png"

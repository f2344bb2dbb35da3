#!/usr/bin/env bash
# One-shot image classification (the paper's figure 3), from image files to figures: trains the network, makes its data set,
# solves the theory at every width and temperature, selects temperatures, samples the exact posterior, prunes heads, draws.
# Run again, it goes on where it was stopped; a step whose output is up to date is skipped.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# Near the end of a job the whole process group is sent USR1: the step at work stops in good order, and no further one starts.
trap 'exit 75' USR1

usage="usage: jobs/one-shot.sh --images OMNIGLOT [--mnist FOLDER] [--fashion-mnist FOLDER] [--select SET] [OUTPUT-FOLDER]
       jobs/one-shot.sh --glyphs [--select SET] [OUTPUT-FOLDER]

OMNIGLOT        folder with images_background/ and images_evaluation/, or with Omniglot as one idx file
                (attnpaths dataset one-shot --help)
--mnist, --fashion-mnist
                folders of the four idx files of each, compressed or not: further test sets
--glyphs        an invented alphabet and a small network: a minute or two, nothing to download
--select        set on which temperatures are selected: validation (default), or test, the paper's protocol
OUTPUT-FOLDER   default: results/one-shot, in the present folder"

fail() { echo "$1" >&2; exit 64; }

images="" glyphs="" select=validation output="" tests=()
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) echo "$usage"; exit 0 ;;
        --glyphs) glyphs=1 ;;
        --images | --mnist | --fashion-mnist | --select)
            [ $# -ge 2 ] || fail "$1 needs a value"
            case $1 in
                --images) images=$2 ;;
                --select) select=$2 ;;
                *) tests+=("$1" "$(realpath -- "$2")") || fail "$2: no such folder" ;;
            esac
            shift ;;
        -*) fail "$1 is no option
$usage" ;;
        *) [ -z "$output" ] || fail "two output folders: $output and $1"
           output=$1 ;;
    esac
    shift
done
output=${output:-results/one-shot}
case $select in validation | test) ;; *) fail "--select $select: choose validation or test" ;; esac
[ -n "$images$glyphs" ] || fail "say which images: --images OMNIGLOT, or --glyphs to try things out
$usage"
[ -z "$images" ] || [ -z "$glyphs" ] || fail "--images and --glyphs: choose one"

if [ -n "$glyphs" ]; then
    source_options=(--images glyphs --image-size 16)
    network=(--layers 2 --heads 2 --query-width 16 --width 64 --episodes 1e5 --test-episodes 1e4)
    dataset=(--examples 200 --test-examples 500 --validation-examples 500)
    examples=(--grid.examples 200)
    grid=(--grid.width "10 30 100 300" --grid.temperature "0.01 0.05 0.1 0.5 1")
    prune_images=(--images glyphs)
    sampled_widths="10 100"
    training_ranks=1    # batches of so small a network are not worth sharing
else
    [ -d "$images" ] || fail "--images $images: no such folder"
    images=$(realpath -- "$images")
    source_options=(--images "$images")
    network=(--layers 2 --heads 4 --query-width 128 --width 512 --episodes 5.28e6)
    dataset=(--examples 600 --test-examples 1000 --validation-examples 1000)
    examples=() grid=()
    prune_images=(--images "$images")
    sampled_widths="10 100 1000"
    training_ranks=$(core_count)
fi

ready_program
analysis_python >/dev/null
mpi_environment
mpirun=$(mpi_launcher)
mkdir -p "$output"

# Makes FILE of a command's standard output as a whole, when the command has ended well; a link stays a link: whole FILE COMMAND...
whole() {
    local target new
    target=$(realpath -m -- "$1")
    new=$(mktemp -- "$target.XXXXXX")
    shift
    "$@" >"$new" || { rm -f "$new"; return 1; }
    chmod "$(printf '%o' $((0666 & ~$(umask))))" "$new"
    mv -f "$new" "$target"
}

# Runs a command unless its output is there, younger than its inputs and made by the same command:
# step OUTPUT INPUT... -- COMMAND...
step() {
    local target=$1 input fresh=1 record=$1.command
    local -a inputs=()
    shift
    while [ "$1" != -- ]; do inputs+=("$1"); shift; done
    shift
    if [ ! -e "$target" ] || [ "$(cat "$record" 2>/dev/null)" != "$*" ]; then fresh=; fi
    for input in "${inputs[@]}"; do [ ! "$input" -nt "$target" ] || fresh=; done
    if [ -n "$fresh" ]; then
        echo "= $target is up to date"
        return 0
    fi
    echo "+ ${*/#analysis/python3 -m attnpaths}"
    rm -f "$record"
    "$@"
    whole "$record" printf '%s\n' "$*"
}

heads=$output/trained.h5 data=$output/one-shot.h5 pruning=$output/pruning.h5
theory=$output/theory.h5 sampled=$output/sampled.h5 store=$output/results.h5
parallel=("$mpirun" -n "$(($(core_count) + 1))" "$attnpaths")    # of a sweep: the master sleeps

echo "== 1. train the network ($heads)"
"$mpirun" -n "$training_ranks" "$attnpaths" train "${source_options[@]}" "${network[@]}" -o "$heads"

echo "== 2. data set of its attention ($data)"
step "$data" "$heads" -- "$attnpaths" dataset one-shot "${source_options[@]}" "${tests[@]}" "${dataset[@]}" \
    --heads "$heads" --force -o "$data"

echo "== 3. theory at every width and temperature ($theory)"
for old in "$theory" "$sampled"; do
    if [ -e "$old" ] && [ "$data" -nt "$old" ]; then
        echo "$old is older than its data set: begun anew"
        rm -f "$old" "$old.journal"
    fi
done
grid_file=$ATTNPATHS_ROOT/jobs/one-shot.ini
step "$theory" "$data" "$grid_file" -- \
    "${parallel[@]}" sweep "$grid_file" "${examples[@]}" "${grid[@]}" --task.file "$data" --store "$theory"

echo "== 4. temperatures"
both_protocols() { analysis temperatures "$theory" --select validation && echo && analysis temperatures "$theory" --select test; }
whole "$output/temperatures.txt" both_protocols
cat "$output/temperatures.txt"

echo "== 5. exact posterior at the selected temperatures, N = $sampled_widths ($sampled)"
selection=$(analysis temperatures "$theory" --select "$select" --csv)
sampled_configuration() {
    echo "# The sampled points, written by one-shot.sh; otherwise as in jobs/one-shot.ini."
    sed '/^#/d; /^width =/d; /^temperature =/d; /^\[analyses\]/d; /^run =/d' "$grid_file" || return 1
    printf '\n[sampling]\nmethod = auto\n'
    while IFS=, read -r width temperature _; do
        case " $sampled_widths " in
            *" $width "*)
                printf '\n[part width-%s]\ngrid.width = %s\ngrid.temperature = %s\n' "$width" "$width" "$temperature" ;;
        esac
    done <<<"$selection"
}
# Kept as it is where nothing has changed, lest the samples seem out of date.
sampled_configuration | cmp -s - "$output/sampled.ini" || whole "$output/sampled.ini" sampled_configuration
step "$sampled" "$data" "$output/sampled.ini" -- \
    "${parallel[@]}" sweep "$output/sampled.ini" "${examples[@]}" --task.file "$data" --store "$sampled"
step "$store" "$theory" "$sampled" -- "$attnpaths" merge "$store" "$theory" "$sampled" --force
selection=$(analysis temperatures "$store" --select "$select" --csv)    # now with the keys of sampled points

echo "== 6. prune heads by the theory's scores ($pruning)"
key=$(sed -n 2p <<<"$selection")
step "$pruning" "$heads" "$store" -- "$attnpaths" prune "$heads" "$store" --point "${key##*,}" --dataset "$data" \
    "${prune_images[@]}" --force -o "$pruning"

echo "== 7. learned weights against the theory, figures"
whole "$output/learned.txt" analysis learned "$store" "$heads" --select "$select"
cat "$output/learned.txt"
step "$output/figure3.png" "$store" "$heads" "$pruning" -- \
    analysis figure3 "$store" --heads "$heads" --pruning "$pruning" --select "$select" -o "$output/figure3.png"
echo "figure: $output/figure3.png"

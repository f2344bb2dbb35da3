#!/usr/bin/env bash
# clang-tidy over src/, every finding an error; needs the package clang-tidy.
# usage: tests/lint.sh [--latest N | FILE...]      (default: every source file; --latest: the N that changed last, uncommitted changes first)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../jobs/environment.sh"
source "$here/support/latest_files.sh"
cd "$ATTNPATHS_ROOT"
# A tree of its own, in which each file is compiled on its own.
tree=build/lint
cmake -S . -B $tree -G Ninja -DATTNPATHS_UNITY=OFF -DATTNPATHS_TESTS=OFF >/dev/null
cmake --build $tree --target attnpaths_version_header >/dev/null

tidy() { clang-tidy --quiet --extra-arg=-Wno-unknown-warning-option "$@" 2>/dev/null; }

# Almost all of clang-tidy's time goes to the headers of libraries, so files are looked at together, as one source that includes them:
# together NAME FILE... writes it, or fails if they do not compile together, as two share a local name.
# Its file's name tells clang's analyser that what it includes is to be analysed, too.
unit_of() { echo "$tree/units/$1/UnifiedSource.cpp"; }
together() {
    local unit
    unit=$(unit_of "$1")
    shift
    [ $# -gt 1 ] && python3 tests/support/lint_unit.py $tree/compile_commands.json "$unit" "$@" &&
        tidy -p "$(dirname "$unit")" --checks='-*,readability-string-compare' "$unit" >/dev/null    # any one check, for errors
}
tidy_together() {
    local unit
    unit=$(unit_of "$1")
    tidy -p "$(dirname "$unit")" --header-filter='/src/.*\.[ch]pp$' --checks=-bugprone-suspicious-include "$unit"
}

# A folder's files together if that can be, or else one by one.
tidy_folder() {
    local name=$1 file result=0
    shift
    if together "$name" "$@"; then
        tidy_together "$name"
    else
        for file in "$@"; do tidy -p $tree "$file" || result=1; done
        return "$result"
    fi
}
tidy_folders() {
    local file
    local -A files_of
    for file in "$@"; do files_of[$(dirname "$file")]+=" $file"; done
    for folder in "${!files_of[@]}"; do echo "${folder//\//-}${files_of[$folder]}"; done |
        xargs -P "$(core_count)" -L 1 bash -c 'tidy_folder "$@"' lint
}
export tree
export -f tidy unit_of together tidy_together tidy_folder

if [ "${1:-}" = --latest ]; then
    mapfile -t files < <(latest_files "$2" 'src/*.cpp')
    if together latest "${files[@]}"; then tidy_together latest; else tidy_folders "${files[@]}"; fi
else
    if [ $# -gt 0 ]; then files=("$@"); else mapfile -t files < <(git ls-files 'src/*.cpp'); fi
    tidy_folders "${files[@]}"
fi
echo "clang-tidy: ${#files[@]} files clean"

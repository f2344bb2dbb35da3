#!/usr/bin/env bash
# clang-tidy over src/, every finding an error; needs the package clang-tidy.
# usage: tests/lint.sh [--changed | FILE...]      (default: every source file; --changed: those that differ from origin/main, or,
# where there is none or nothing differs, those of the last commit)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../jobs/environment.sh"
cd "$ATTNPATHS_ROOT"
# A tree of its own, in which each file is compiled on its own.
cmake -S . -B build/lint -G Ninja -DATTNPATHS_UNITY=OFF -DATTNPATHS_TESTS=OFF >/dev/null
cmake --build build/lint --target attnpaths_version_header >/dev/null
if [ "${1:-}" = --changed ]; then
    base=$(git merge-base HEAD origin/main 2>/dev/null || true)
    [ -n "$base" ] && [ "$base" != "$(git rev-parse HEAD)" ] || base=HEAD~1
    git rev-parse --quiet --verify "$base^{commit}" >/dev/null || { echo "clang-tidy: no earlier commit to compare with"; exit 0; }
    mapfile -t changed < <(git diff --name-only --diff-filter=d "$base" -- 'src/*.cpp')
    [ ${#changed[@]} -gt 0 ] || { echo "clang-tidy: no source file has changed"; exit 0; }
    set -- "${changed[@]}"
fi
[ $# -gt 0 ] || mapfile -t files < <(git ls-files 'src/*.cpp')
[ $# -eq 0 ] || files=("$@")
printf '%s\n' "${files[@]}" |
    xargs -P "$(core_count)" -n 1 clang-tidy -p build/lint --quiet --extra-arg=-Wno-unknown-warning-option 2>/dev/null
echo "clang-tidy: ${#files[@]} files clean"

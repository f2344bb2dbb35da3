#!/usr/bin/env bash
# clang-tidy over src/, every finding an error; needs the package clang-tidy.
# usage: tests/lint.sh [--latest N | FILE...]      (default: every source file; --latest: the N that changed last, uncommitted changes first)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../jobs/environment.sh"
cd "$ATTNPATHS_ROOT"
# A tree of its own, in which each file is compiled on its own.
cmake -S . -B build/lint -G Ninja -DATTNPATHS_UNITY=OFF -DATTNPATHS_TESTS=OFF >/dev/null
cmake --build build/lint --target attnpaths_version_header >/dev/null
if [ "${1:-}" = --latest ]; then
    mapfile -t files < <({ git diff --name-only HEAD -- 'src/*.cpp'; git log --name-only --format= -- 'src/*.cpp'; } |
        awk '!seen[$0]++' | while read -r file; do [ ! -e "$file" ] || echo "$file"; done | head -n "$2")
elif [ $# -gt 0 ]; then
    files=("$@")
else
    mapfile -t files < <(git ls-files 'src/*.cpp')
fi
printf '%s\n' "${files[@]}" |
    xargs -P "$(core_count)" -n 1 clang-tidy -p build/lint --quiet --extra-arg=-Wno-unknown-warning-option 2>/dev/null
echo "clang-tidy: ${#files[@]} files clean"

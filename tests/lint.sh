#!/usr/bin/env bash
# clang-tidy over src/, every finding an error; needs the release build's compile commands (tests/run.sh makes them) and the
# package clang-tidy.
# usage: tests/lint.sh [--changed | FILE...]      (default: every source file; --changed: those that differ from origin/main, or,
# where there is none or nothing differs, those of the last commit)
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f build/release/compile_commands.json ] || cmake --preset release >/dev/null
if [ "${1:-}" = --changed ]; then
    base=$(git merge-base HEAD origin/main 2>/dev/null || true)
    [ -n "$base" ] && [ "$base" != "$(git rev-parse HEAD)" ] || base=HEAD~1
    mapfile -t changed < <(git diff --name-only --diff-filter=d "$base" -- 'src/*.cpp')
    [ ${#changed[@]} -gt 0 ] || { echo "clang-tidy: no source file has changed"; exit 0; }
    set -- "${changed[@]}"
fi
[ $# -gt 0 ] || mapfile -t files < <(git ls-files 'src/*.cpp')
[ $# -eq 0 ] || files=("$@")
printf '%s\n' "${files[@]}" |
    xargs -P "$(nproc)" -n 4 clang-tidy -p build/release --quiet --extra-arg=-Wno-unknown-warning-option 2>/dev/null
echo "clang-tidy: ${#files[@]} files clean"

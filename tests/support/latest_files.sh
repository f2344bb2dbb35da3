# shellcheck shell=bash
# The N files that changed last among those that git's patterns choose, uncommitted changes first: latest_files N PATTERN...
latest_files() (
    most=$1
    shift
    cd "$ATTNPATHS_ROOT"
    { git diff --name-only HEAD -- "$@"; git log --name-only --format= -- "$@"; } | awk '!seen[$0]++' |
        { while read -r file; do [ ! -e "$file" ] || echo "$file"; done; } | head -n "$most"
)

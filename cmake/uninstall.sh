#!/usr/bin/env bash
# Removes what `cmake --install` put here: the files of manifest.txt beside this script, what Python compiled of them, and the folders that
# are empty then.
# usage: PREFIX/share/attnpaths/uninstall.sh
set -euo pipefail
prefix=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
mapfile -t files <"$prefix/share/attnpaths/manifest.txt"
cd "$prefix"

folders=()
for file in "${files[@]}"; do
    folder=$(dirname "$file")
    case $file in *.py) rm -f "$folder/__pycache__/$(basename "$file" .py)".*.pyc; folders+=("$folder/__pycache__") ;; esac
    rm -f "$file"
    folders+=("$folder")
done
printf '%s\n' "${folders[@]}" | sort -ru | while read -r folder; do
    [ ! -d "$folder" ] || rmdir -p --ignore-fail-on-non-empty "$folder"
done

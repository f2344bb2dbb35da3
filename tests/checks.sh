#!/usr/bin/env bash
# What looks into the code itself: the unit tests under sanitizers, and clang-tidy on what changed.
# usage: tests/checks.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
"$here/sanitize.sh"
"$here/lint.sh" --changed

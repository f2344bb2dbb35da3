#!/usr/bin/env bash
# Tests the page in headless Chromium: page/run.sh WORK-FOLDER PYTHON CHROMIUM [NODE-TEST-OPTION...]. Installs what package-lock.json locks into
# the work folder once, not into the sources.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sources=$here/../../../analysis/page
work=$1 python=$2 chromium=$3
shift 3
mkdir -p "$work/pages" "$work/sources"
cd "$work/sources"
installed=$(cat installed 2>/dev/null || true)
cp -r "$sources"/{package.json,package-lock.json,.npmrc,tsconfig.json,build.mjs,src} .
wanted=$(cksum <package-lock.json)
if [ "$installed" != "$wanted" ]; then
    npm ci --prefer-offline >npm.log 2>&1 || { cat npm.log >&2; exit 1; }
    echo "$wanted" >installed
fi
"$python" "$here/make_pages.py" "$work/pages"
export ATTNPATHS_PAGE_MODULES=$work/sources ATTNPATHS_PAGE_ASSETS=$here/../../../analysis/attnpaths/page/assets
export PYTHONPATH=$here/../../../analysis PYTHONDONTWRITEBYTECODE=1
export ATTNPATHS_PAGES=$work/pages ATTNPATHS_CHROMIUM=$chromium ATTNPATHS_PYTHON=$python
exec node --test --test-concurrency=2 "$@" "$here"/*.test.mjs

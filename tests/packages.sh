#!/usr/bin/env bash
# Debian packages as a user gets them: built of the preset portable, looked at by lintian, installed into a system that has neither compiler nor
# checkout, run there by an ordinary user (quickstart: sweep and figure; page), and removed. As root on Debian; takes a build and some minutes.
# usage: tests/packages.sh [FOLDER]      (with a folder: the packages in it, built before)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../jobs/environment.sh"
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
work=$ATTNPATHS_ROOT/build/packages packages=$(realpath -m "${1:-$ATTNPATHS_ROOT/build/packages}")
system=$work/system

say() { echo "== $*"; }

install_packages
apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends lintian debootstrap >/dev/null

mkdir -p "$work"
if [ $# -eq 0 ]; then
    say "build"
    build_preset portable attnpaths_installed
    rm -f "$packages"/*.deb
    (cd "$ATTNPATHS_ROOT/build/portable" && cpack -G DEB -B "$packages" >"$work/cpack.log" 2>&1) || { cat "$work/cpack.log"; exit 1; }
    rm -rf "$packages/_CPack_Packages"
fi
for package in "$packages"/*.deb; do dpkg-deb --info "$package" | grep -E '^ (Package|Architecture|Depends|Recommends):'; done

say "lintian"
lintian --fail-on error --suppress-tags initial-upload-closes-no-bugs "$packages"/*.deb

say "a system of its own ($suite)"
ended() { umount -q "$system/proc" "$system/sys" "$system/dev/shm" 2>/dev/null || true; }
trap ended EXIT
ended
rm -rf "$system"
debootstrap --variant=minbase "$suite" "$system" "$mirror" >"$work/debootstrap.log" || { tail "$work/debootstrap.log"; exit 1; }
cp /etc/apt/apt.conf.d/* "$system/etc/apt/apt.conf.d/" 2>/dev/null || true
mount -t proc proc "$system/proc"
mount -t sysfs -o ro sysfs "$system/sys"
mkdir -p "$system/dev/shm"
mount -t tmpfs tmpfs "$system/dev/shm"
inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} chroot "$system" "$@"; }
inside apt-get update -qq
inside find / -xdev -not -path '/proc/*' -not -path '/sys/*' -not -path '/var/*' -not -path '/tmp/*' | sort >"$work/files-before.txt"
mkdir "$system/packages"
cp "$packages"/*.deb "$system/packages"
# Matplotlib is content with munkres or scipy; Debian's choice, scipy, would bring a compiler.
inside apt-get install -y -qq --no-install-recommends python3-munkres >/dev/null 2>&1
inside sh -c 'apt-get install -y -qq --no-install-recommends /packages/*.deb >/tmp/apt.log 2>&1 || { cat /tmp/apt.log; exit 1; }'
rm -r "$system/packages"
for tool in gcc g++ cc cmake; do ! inside sh -c "command -v $tool" || { echo "$tool is there"; exit 1; }; done

say "an ordinary user"
inside useradd --create-home theorist
as_user() { inside su --login theorist --command "$1"; }
as_user 'attnpaths --version && man -w attnpaths 2>/dev/null; ls /usr/share/man/man1/attnpaths*'
as_user '/usr/share/attnpaths/jobs/quickstart.sh'
as_user 'python3 -m attnpaths page results/markov-width.h5 -o results/page.html && ls -l results'
as_user 'python3 -c "
import numpy
from attnpaths import theory
draw = numpy.random.default_rng(1).standard_normal
saddle = theory.saddle_point(draw((20, 5, 4)), draw(20), heads=[2, 2], width=10, temperature=0.1)
print(numpy.diag(saddle.order_parameters[0]), saddle.is_certified)"'
as_user 'python3 -c "import xarray; print(dict(xarray.open_dataset(\"results/markov-width.h5\", engine=\"attnpaths\").sizes))"'
inside su --command 'python3 -m attnpaths --help >/dev/null'    # root's Python writes what it compiles

say "removed"
inside sh -c 'apt-get purge -y -qq attnpaths python3-attnpaths >/tmp/apt.log 2>&1 && apt-get autoremove --purge -y -qq >>/tmp/apt.log 2>&1'
inside find / -xdev -not -path '/proc/*' -not -path '/sys/*' -not -path '/var/*' -not -path '/tmp/*' -not -path '/home/*' | sort >"$work/files-after.txt"
comm -13 "$work/files-before.txt" "$work/files-after.txt" >"$work/left.txt"
! grep attnpaths "$work/left.txt" || { echo "this was left"; exit 1; }
echo "nothing of attnpaths is left; $(wc -l <"$work/left.txt") other files are new since the system was made (caches and users of what it needed)"

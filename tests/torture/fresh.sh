#!/bin/sh
# fresh.sh [COMMAND...] - do the commands that the README promises work on a
# fresh Debian 12?
#
# Makes one from the mirrors that this machine's apt uses, puts a clean clone
# of HEAD there and, as in CI, nothing else, installs git and make, and runs
# each command ("make demo" and "make check" unless given) as root, without a
# terminal.  Prints how long each took; the status is 1 if one failed.  Needs
# root, debootstrap and the network; takes some minutes and 2 GB, which it
# gives back unless FRESH_KEEP is set.
set -eu

suite=bookworm
src=$(cd "${0%/*}/../.." && pwd)

if [ -z "${FRESH_ROOT:-}" ]; then
	[ "$(id -u)" = 0 ] || { echo 'fresh.sh: needs root' >&2; exit 5; }
	FRESH_ROOT=$(mktemp -d)
	export FRESH_ROOT
	chmod 755 "$FRESH_ROOT"		# apt downloads as another user
	status=0
	# mounts and processes end with their name spaces
	unshare --mount --pid --fork --kill-child sh "$0" "$@" || status=$?
	if [ -n "${FRESH_KEEP:-}" ]; then
		echo "fresh.sh: kept $FRESH_ROOT"
	else
		rm -rf --one-file-system "$FRESH_ROOT"
	fi
	exit $status
fi
root=$FRESH_ROOT

# timed WHAT COMMAND...: run it, print how it went and how long it took.
timed() {
	what=$1
	shift
	began=$(date +%s)
	echo "== $what"
	result=0
	"$@" </dev/null || result=$?
	echo "== $what: status $result, $(($(date +%s) - began)) s"
	return $result
}

# shellcheck disable=SC2317 # timed calls it
inside() {
	chroot "$root" env -i HOME=/root LANG=C.UTF-8 \
	    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	    http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" \
	    sh -c "cd /root/bzn && $1" 2>&1
}

# shellcheck disable=SC2016 # apt expands it
sources=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' \
    'Created-By: Packages' 'Origin: Debian' |
    awk -v suite=$suite '$2 ~ "^" suite "(-updates|-security)?$"' | sort -u)
mirror=$(echo "$sources" | awk -v suite=$suite '$2 == suite { print $1; exit }')
[ -n "$mirror" ] ||
    { echo "fresh.sh: apt here knows no $suite" >&2; exit 4; }

timed debootstrap debootstrap --variant=minbase "$suite" "$root" "$mirror" \
    >"$root.log" 2>&1 || { tail -n 20 "$root.log"; exit 1; }
tail -n 1 "$root.log"
rm "$root.log"
echo "$sources" | sed 's/^/deb /; s/$/ main/' >"$root/etc/apt/sources.list"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"

git clone -q --no-local "$src" "$root/root/bzn"
git -C "$root/root/bzn" remote remove origin
# a root file system in use has its lists from long ago, or none
rm -rf "$root"/var/lib/apt/lists/*
timed 'install git and make' inside 'export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update && apt-get -qq install -y --no-install-recommends \
	git make >/dev/null'
rm -rf "$root"/var/lib/apt/lists/*

[ $# -gt 0 ] || set -- 'make demo' 'make check'
bad=0
for command; do
	timed "$command" inside "$command" || bad=1
done
exit $bad

#!/usr/bin/env bash
# cri.sh [ESCROWS [NODES]] - the figures of scores as NDJSON; see README.md.
#
# BZN_BUILD is what is measured, "make bench" says.  TMPDIR is where: a disk.
set -euo pipefail

build=${BZN_BUILD:-build}
dir=$(mktemp -d "${TMPDIR:-$build}/bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
"$build/bench/cri" "$dir" "$@"

#!/usr/bin/env bash
# health.sh [NODES] - a year of many nodes reported, as NDJSON; see README.md.
#
# BZN_BUILD is what is measured, "make bench" says.  TMPDIR is where: a disk.
set -euo pipefail

build=$(readlink -f "${BZN_BUILD:-build}")
nodes=${1:-10000}
dir=$(mktemp -d "${TMPDIR:-$build}/bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
export BZN_HOME=$dir
"$build/bin/bzn-ledger" init --no-node --origin ledger.example/try >"$dir/made"
echo 'test_clock yes' >"$dir/bzn.conf"
"$build/tools/watched" "$dir" 2026-10-30T00:00:00Z one "o700 f3 o1460" \
    >"$dir/until"
now=$(python3 "${0%/*}/health.py" "$dir" "$nodes")
best=
for _ in 1 2 3 4 5; do
	start=$(date +%s%N)
	"$build/bin/bzn-ping" report --window 365d --now "$now" >"$dir/out"
	took=$((($(date +%s%N) - start) / 1000000))
	[[ $best && $best -le $took ]] || best=$took
done
[[ $(wc -l <"$dir/out") == "$nodes" ]]
printf '{"metric":"health_report","value":%s,"unit":"ms","nodes":%s}\n' \
    "$best" "$nodes"

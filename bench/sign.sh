#!/usr/bin/env bash
# sign.sh - verifying 10,000 signatures, as NDJSON; see README.md.
set -euo pipefail

src=$(readlink -m "${BASH_SOURCE[0]%/*}/..")
build=${BZN_BUILD:-$src/build}
dir=$(mktemp -d "${TMPDIR:-$build}/bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT

sign=$build/bin/bzn-sign
mkdir "$dir/files"
cd "$dir/files"
(umask 077; echo bench >../pw)
"$build/bin/bzn-keygen" identity -q --home ../home --passphrase-file ../pw \
    >../made
for n in {0..9999}; do
	printf '{"receipt":%d,"of":"a task of some size"}\n' "$n" >"$n"
	printf '%d\0' "$n" >&3
done 3>names
head -z -n 10 names >few
"$sign" sign --home ../home --passphrase-file ../pw --list -0 <names >../made
sed '/^signature /d' 0.sig >text
sed -n 's/^signature //p' 0.sig | base64 -d >bytes
cp ../home/identity/node_public.pem key.pem
"$build/bench/sign" "$sign" ../home

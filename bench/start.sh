#!/usr/bin/env bash
# start.sh - what starting each program costs, as NDJSON; see README.md.
#
# BZN_BUILD is what is measured, "make bench" says.  A second kind of line
# names the libraries that a program loads, and those of them that
# tests/lint/ldd.allow does not list.
set -euo pipefail

src=$(readlink -m "${BASH_SOURCE[0]%/*}/..")
build=${BZN_BUILD:-$src/build}
dir=$(mktemp -d "${TMPDIR:-$build}/bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT

# libraries PROGRAM: their names without paths and versions, one a line.
libraries() {
	ldd "$1" | awk '{ sub(/.*\//, "", $1); sub(/\.so.*/, "", $1)
	    print $1 }' | sort
}

# allowed NAME: what ldd.allow lets a program of that name load.
allowed() {
	local pattern libs

	while read -r pattern libs; do
		# shellcheck disable=SC2053 # it is a pattern
		if [[ $pattern != \#* && $1 == $pattern ]]; then
			tr ' ' '\n' <<<"$libs"
		fi
	done <"$src/tests/lint/ldd.allow" | sort -u
}

# list: one line of NDJSON of the lines of stdin.
list() {
	awk '{ out = out (NR > 1 ? "," : "") "\"" $0 "\"" }
	    END { printf "[%s]", out }'
}

for program in "$build"/bin/*; do
	name=${program##*/}
	"$build/bench/start" "start_$name" "$program" --version
	printf '{"program":"%s","libraries":%s,"not_allowed":%s}\n' "$name" \
	    "$(libraries "$program" | list)" \
	    "$(comm -23 <(libraries "$program") <(allowed "$name") | list)"
done

ledger=$build/bin/bzn-ledger
"$ledger" init --no-node --home "$dir" >/dev/null
"$ledger" transfer --home "$dir" MINT alice 25 TCK --type CREDIT_ISSUE \
    >/dev/null
"$ledger" transfer --home "$dir" alice VAULT 1 TCK --type CREDIT_DEDUCT \
    >/dev/null
"$build/bench/start" start_query "$ledger" balance --home "$dir" VAULT

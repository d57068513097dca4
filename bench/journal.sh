#!/usr/bin/env bash
# journal.sh [PREFIX...] - the ledger beside hledger, ledger and beancount, as
# NDJSON; see README.md.  BENCH_ENTRIES is how many, 100,000 unless given.
set -euo pipefail

export BZN_BUILD
BZN_BUILD=$(readlink -m "${BZN_BUILD:-build}")
dir=$(mktemp -d "${TMPDIR:-$BZN_BUILD}/bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
python3 "${BASH_SOURCE[0]%/*}/journal.py" "$dir" "$@"

#!/usr/bin/env bash
# validate.sh - what verdicts cost, as NDJSON; see README.md.
set -euo pipefail

src=$(readlink -m "${BASH_SOURCE[0]%/*}/..")
build=${BZN_BUILD:-$src/build}
"$build/bench/validate" "$src/tests/golden/house.ndjson"

#!/usr/bin/env bash
# eigen.sh - EigenTrust of many peers, as NDJSON; see README.md.
set -euo pipefail

src=$(readlink -m "${BASH_SOURCE[0]%/*}/..")
bench=${BZN_BUILD:-$src/build}/bench/eigen
peers=${BENCH_PEERS:-1000000} edges=${BENCH_EDGES:-10000000}
"$bench" time "$peers" "$edges"
"$bench" memory "$peers" "$edges"

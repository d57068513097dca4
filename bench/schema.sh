#!/usr/bin/env bash
# schema.sh - checking a message with a JSON Schema, as NDJSON; see README.md.
set -euo pipefail

src=$(readlink -m "${BASH_SOURCE[0]%/*}/..")
"${BZN_BUILD:-$src/build}/bench/schema"

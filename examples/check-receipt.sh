#!/bin/sh
# check-receipt.sh VKEY RECEIPT... - were all of these paid, and is it proven?
#
# For a CI job that has the receipts and the log's key, and neither a store
# nor a network.  The status is that of bzn-escrow: 1 if one is not true, 3
# if one is no receipt; and 9 if one is true, but of a trade that is not
# settled.
set -u

if [ $# -lt 2 ]; then
	echo "usage: check-receipt.sh vkey receipt ..." >&2
	exit 2
fi
vkey=$1
shift
told=$(bzn-escrow receipt --check "$@" --vkey "$vkey") || exit
open=$(printf '%s\n' "$told" | jq -r 'select(.status != "SETTLED") |
    "check-receipt.sh: \(.file): the trade is \(.status)"') || exit
if [ -n "$open" ]; then
	printf '%s\n' "$open" >&2
	exit 9
fi

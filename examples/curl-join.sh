#!/bin/sh
# curl-join.sh URL NODE - become a node of a grid; needs curl and jq.
#
# Prints the node's API key, which nobody can ask for again:
#
#	umask 077
#	sh curl-join.sh http://127.0.0.1:8080 my-node >my-node.key
set -eu

if [ $# != 2 ]; then
	echo "usage: curl-join.sh url node" >&2
	exit 2
fi
url=${1%/}

# ask PATH BODY: an answer other than 200 goes to standard error.
ask() {
	printf '%s' "$2" | curl -sS --fail-with-body -m 30 \
	    -H 'Content-Type: application/json' --data-binary @- "$url$1" || {
		status=$?
		echo "curl-join.sh: $1 failed" >&2
		return "$status"
	}
}

asked=$(ask /v1/node/register "$(jq -cn --arg node "$2" \
    '{node_id: $node}')") || { printf '%s\n' "$asked" >&2; exit 1; }
# Half the sum of the primes.
solved=$(printf '%s' "$asked" | jq -c --arg node "$2" '{node_id: $node,
    solution: ([.verification_challenge.payload[] | select(. as $n |
    $n > 1 and all(range(2; $n | sqrt | floor + 1); $n % . > 0))] |
    (add // 0) / 2)}')
told=$(ask /v1/node/verify "$solved") ||
    { printf '%s\n' "$told" >&2; exit 1; }
printf '%s' "$told" | jq -er .api_key

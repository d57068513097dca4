# shellcheck shell=bats disable=SC2030,SC2031,SC2034,SC2154
# What a node has seen of others, for those that it has pinned: spec/ops.md
# 3.3, spec/node.md 12.
load common
load http
load peer

A=9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60
NONCE=0123456789abcdef

# Seen of node 1: well, then not; of 2: by two families; of 3: long ago; of 4:
# while this node was cut off.
setup_file() {
	local at

	grid
	identity "$BZN_HOME" "${A//9/8}"
	at=${clock#@}
	jq -nc --argjson at "$at" '
	    {node: "1", found: "oof", from: ($at - 250000)},
	    {node: "2", found: "s", from: ($at - 60000), family: "v4"},
	    {node: "2", found: "t", from: ($at - 50000), family: "v6"},
	    {node: "3", found: "o", from: ($at - 300001)},
	    {node: "4", found: "ox", from: ($at - 130000)}' |
	    health "$BZN_HOME"
	serve
	cd "$BATS_FILE_TMPDIR" || return 1
	party ann "$A" https://ann.example
}

# of DIGIT: the path that asks about the node whose id it fills.
of() {
	local id

	printf -v id '%64s' ''
	echo "/api/health/of/${id// /$1}?nonce=$NONCE"
}

@test "only those who are pinned may ask" {
	cd "$BATS_FILE_TMPDIR"
	want 401 .error.code no_signature get "$(of 1)"
	want 401 .error.code unknown_peer by ann GET "$(of 1)"
	at bzn-card import ann.card >imported
	want 401 .error.code unknown_peer by ann GET "$(of 1)"
	at bzn-card pin ann >imported
	want 200 by ann GET "$(of 1)"
	want 401 .error.code no_signature admin get "$(of 1)"
}

@test "the last of each family is told, signed, for the nonce" {
	local id

	cd "$BATS_FILE_TMPDIR"
	id=$(<"$BZN_HOME/identity/node_id.txt")
	want 200 .v 1 .observer "$id" .nonce "$NONCE" '.samples | length' 1 \
	    '.samples[0].ok' false '.samples[0].class' connect \
	    '.samples[0].started_at' 2026-11-20T07:59:50.000Z \
	    .at 2026-11-20T08:00:00.000Z by ann GET "$(of 1)"
	jq -c . <<<"$body" >said
	bzn-sign json --verify -n bzn-witness-v1 \
	    -k "$BZN_HOME/identity/node_public.pem" <said >verdict
	jq -c '.samples[0].ok = true' said >forged
	run bzn-sign json --verify -n bzn-witness-v1 \
	    -k "$BZN_HOME/identity/node_public.pem" <forged
	[[ $status == 1 ]]
	run bzn-sign json --verify -n bzn-health-v1 \
	    -k "$BZN_HOME/identity/node_public.pem" <said
	[[ $status == 1 ]]
	want 200 '.samples[] | .family, .ok, .slow, .class | tostring' \
	    $'v4\ntrue\ntrue\nnull\nv6\nfalse\nfalse\ntimeout' \
	    .samples[0].total_ms 142 .samples[0].dns_ms 14 by ann GET "$(of 2)"
}

@test "what says nothing any more is left out, and nobody is probed" {
	local before

	cd "$BATS_FILE_TMPDIR"
	before=$(sqlite3 "$BZN_HOME/node.db" 'SELECT count(*), max(started_ms)
	    FROM health_sample')
	want 200 .samples '[]' by ann GET "$(of 3)"
	want 200 '.samples[0].started_at' 2026-11-20T07:57:50.000Z \
	    by ann GET "$(of 4)"
	want 404 .error.code node_missing by ann GET "$(of 5)"
	want 404 .error.code node_missing by ann GET "$(of x)"
	[[ $(sqlite3 "$BZN_HOME/node.db" 'SELECT count(*), max(started_ms)
	    FROM health_sample') == "$before" ]]
	want 422 .error.code validation by ann GET "$(of 1)g"
	want 422 .error.code validation by ann GET \
	    "/api/health/of/$(printf '%064d' 1)"
}

# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2154
# What the log alone says of nodes.
load common

@test "the log says when a node was made, and audit asks it" {
	home
	at bzn-node add old --created-at 2026-01-01T00:00:00Z >added
	is 0 '{"made_ms":1767225600000,"node":"old","realm":"production"}' "" \
	    bash -c "bzn-ledger tail | jq -c '.entry |
	    select(.type == \"node.registered\").data'"
	is 0 40 "" bash -c "bzn-cri --now $clock score old | jq .cri_score"
	is 0 true "" bash -c "bzn-cri audit | jq .valid"
	tamper "UPDATE node_node SET made_ms = 7, banned_ms = 9"
	is 1 '{"node_id":"old","counter":"made_ms","stored":7,'\
'"computed":1767225600000}
{"node_id":"old","counter":"banned_ms","stored":9,"computed":0}
{"valid":false,"size":2,"settled":0,"nodes":1,"pairs":0,"faults":2}' \
	    "bzn-cri: 2 numbers of what is counted are not what the log says \
(counters_unequal)" bzn-cri audit
}

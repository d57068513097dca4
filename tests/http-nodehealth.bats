# shellcheck shell=bats disable=SC2030,SC2031,SC2034,SC2154
# GET /api/admin/nodes/health as the first nodes had it, name by name:
# spec/node.md 12.
load common
load http

setup_file() {
	grid
	serve
}

# known ID NAME [LETTERS]: a node of the registry, and what probes found.
known() {
	local id hash

	id=$(printf '%064d' "$1")
	hash=0x$(printf '%064d' "$1")
	sqlite3 "$BZN_HOME/node.db" "INSERT INTO card_peer (node_id, key,
	    name, endpoint, state, made_ms, changed_ms) VALUES ('$id',
	    zeroblob(32), '$2', 'https://n.example', 'pending', 1, 1);
	    INSERT INTO registry_node (node_hash, node_id, endpoint, made_ms,
	    changed_ms, seen_ms) VALUES ('$hash', '$id', 'https://n.example',
	    1, 1, ${clock#@} - 86400000);
	    UPDATE registry_tally SET nodes = nodes + 1"
	[[ -z ${3-} ]] || printf '{"node":"%s","name":"n","from":%s,"ms":142,
	    "found":"%s"}' "$id" $((${clock#@} - (${#3} - 1) * 120000)) "$3" |
	    tr -d '\n' | health "$BZN_HOME"
}

@test "the members, in their order, each of its type" {
	local id name status latency uptime seen

	known 1 "Acme Consulting" "$(printf 'o%.0s' {1..700})"
	known 2 Legal "$(printf 'o%.0s' {1..300})$(printf 'f%.0s' {1..100})"
	known 3 Slow "$(printf 's%.0s' {1..20})"
	known 4 Unknown
	admin get /api/admin/nodes/health
	jq -r '.nodes[] | keys_unsorted | join(" ")' <<<"$body" | sort -u >keys
	is 0 "node_id name status latency_ms uptime_pct last_seen" "" cat keys
	jq -r '.nodes[] | map_values(type) | join(" ")' <<<"$body" |
	    sort >types
	is 0 'string string string null null string
string string string null number string
string string string number number string
string string string number number string' "" cat types
	# One decimal, also of what is whole; whole milliseconds.
	grep -oE '"(latency_ms|uptime_pct)":[^,]*' <<<"$body" | sort -u >raw
	is 0 '"latency_ms":142
"latency_ms":null
"uptime_pct":100.0
"uptime_pct":75.1
"uptime_pct":null' "" cat raw
	is 0 'Acme Consulting online
Legal offline
Slow online
Unknown offline' "" bash -c 'jq -r ".nodes[] | .name + \" \" + .status" |
	    sort' <<<"$body"
	jq -r '.nodes[].last_seen' <<<"$body" >seen
	run ! grep -vE '^20[0-9-]+T[0-9:.]+Z$' seen
}

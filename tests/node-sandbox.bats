# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# sandbox [OPTION...]: make a node, and print its id
sandbox() {
	at bzn-node sandbox "$@" | jq -r .node_id
}

@test "a sandbox node holds 10000.00 SBX, for seven days" {
	home
	run --separate-stderr at bzn-node sandbox --alias 'my ü box'
	[[ $status == 0 && -z $stderr && $output =~ \
^'{"node_id":"sandbox-'[0-9a-f]{16}'","realm":"sandbox","active":true,'\
'"member_since":"2026-11-20T08:00:00.000Z","alias":"my ü box",'\
'"expires_at":"2026-11-27T08:00:00.000Z","strikes":0,'\
'"reputation":1.0,"balance":"10000.00"}'$ ]] || fail "$output"
	node=$(jq -r .node_id <<<"$output")
	has "$node" 10000.00 SBX
	has MINT -10000.00 SBX
	[[ -z $(bzn-ledger balance MINT --unit TCK | jq -r \
	    'select(.balance != "0.00")') ]]
	[[ $(bzn-node show "$node" | jq -r .balance) == 10000.00 ]]
	bzn-ledger export ndjson | jq -r '.entry | select(.seq > 0) |
	    .type' >types
	is 0 "node.registered
REGISTRATION_CREDIT" "" cat types
	run ! grep -q 'my ü box' <(bzn-ledger export ndjson)
	sound
}

@test "sandbox_balance and sandbox_days are parameters" {
	home 'sandbox_balance 0.01' 'sandbox_days 1'
	at bzn-node sandbox >out
	is 0 '"0.01"
"2026-11-21T08:00:00.000Z"' "" jq '.balance, .expires_at' out
	sound
}

@test "many sandbox nodes, from lines of JSON" {
	home
	printf '%s\n' '{"alias":"a"}' '{}' '{"alias":7}' '{"realm":"x"}' \
	    '{"id":"k"}' '{"id":"k"}' >in
	run --separate-stderr at bzn-node sandbox - <in
	[[ $status == 3 && ${#lines[@]} == 4 ]] || fail "$status $output"
	[[ $stderr == "bzn-node: stdin:3: '/alias' is not a string (bad_json)
bzn-node: stdin:4: '/realm' is not known here (unknown_member)" ]] ||
	    fail "$stderr"
	is 0 3 "" bash -c 'bzn-node list | wc -l'
	is 2 "" "bzn-node: say - for lines on stdin, or nothing (usage)" \
	    at bzn-node sandbox box
	is 2 "" "bzn-node: --alias is for one node; lines say their own \
(usage)" at bzn-node sandbox - --alias a
	is 0 30000.00 "" bash -c 'bzn-ledger balance MINT --unit SBX |
	    jq -r ".balance[1:]"'
	sound
}

@test "sandbox nodes get ids of their own, and an alias is plain text" {
	home
	[[ $(sandbox) != "$(sandbox)" ]]
	keeps is 3 "" "bzn-node: the alias is not plain text of 1 to 100 \
characters (bad_label)" at bzn-node sandbox --alias "$(printf 'a\tb')"
	keeps is 3 "" "bzn-node: the alias is not plain text of 1 to 100 \
characters (bad_label)" at bzn-node sandbox --alias ""
	keeps is 3 "" "bzn-node: the alias is not plain text of 1 to 100 \
characters (bad_label)" at bzn-node sandbox \
	    --alias "$(printf 'ü%.0s' {1..101})"
	sandbox --alias "$(printf 'ü%.0s' {1..100})"
	keeps at bzn-node sandbox --dry-run >out
	at bzn-node sandbox --id s1 >first
	at bzn-node sandbox --id s1 >second
	is 0 "$(sed 's/}$/,"idempotent":true}/' first)" "" cat second
}

@test "vmp 13.11: the operator adds a node, and it has nothing" {
	funded
	is 0 '{"node_id":"house1","realm":"production","active":true,'\
'"member_since":"2026-11-20T08:00:00.000Z","strikes":0,'\
'"reputation":1.0,"balance":"0.00",'\
'"status":"success","made":true,"ignored":[]}' "" at bzn-node add house1
	echo '{"node_id":"botnode-official","balance":"100.00",'\
'"reputation_score":9.5,"api_key_hash":"x","ip_address":"::1",'\
'"created_at":"2026-01-01"}' | at bzn-node add >out
	is 0 '"0.00"
"2026-01-01T00:00:00.000Z"
["api_key_hash","balance","ip_address","reputation_score"]' "" \
	    jq -c '.balance, .member_since, .ignored' out
	is 0 "MINT alice" "" bash -c 'bzn-ledger balance | jq -r .account |
	    paste -sd" "'
	at bzn-node add house-sandbox --realm sandbox >out
	is 0 '"sandbox"
null' "" jq '.realm, .expires_at' out
	sound
}

@test "the operator switches a node off and on" {
	home
	member alice
	at bzn-node add alice --inactive >out
	is 0 'false
false' "" jq '.made, .active' out
	keeps at bzn-node add alice --inactive >out
	is 5 "" "bzn-node: 'alice' is inactive (node_unknown_or_banned)" \
	    at bzn-node caps alice --daily 5
	keeps is 9 "" "bzn-node: 'alice' is registered: its realm is \
production for good (node_exists)" at bzn-node add alice --realm sandbox
	at bzn-node add alice --active --realm production >out
	at bzn-node caps alice --daily 5 >out
	bzn-ledger export ndjson | jq -c '.entry |
	    select(.type == "admin.act") | .data' >acts
	is 0 '{"act":"node.deactivate","node":"alice"}
{"act":"node.activate","node":"alice"}' "" cat acts
	sound
}

@test "vmp 13.24: names that the operator may not use either" {
	local bad

	home
	for bad in VAULT mint me Mine ESCROW-x escrow sandbox-1; do
		keeps is 9 "" "bzn-node: '$bad' is reserved (reserved_id)" \
		    at bzn-node add "$bad"
	done
	for bad in "" a.b é "a b" "$(printf 'x%.0s' {1..101})"; do
		keeps is 3 "" "bzn-node: '${bad:0:80}' is not a node id of 1 \
to 100 letters, digits, _ and - (bad_id)" at bzn-node add "$bad"
	done
	keeps is 3 "" "bzn-node: 'play' is neither production nor sandbox \
(bad_json)" at bzn-node add house --realm play
	keeps is 3 "" "bzn-node: created_at: '2026-11-20T08:00:00.001Z' is to \
come (bad_time)" at bzn-node add house --created-at 2026-11-20T08:00:00.001Z
	keeps is 2 "" "bzn-node: --active or --inactive? (usage)" \
	    at bzn-node add house --active --inactive
	at bzn-node add x >out
}

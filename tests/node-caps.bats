# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# caps JQ: what the caps of alice say
caps() {
	bzn-node show alice | jq -c "$1"
}

@test "vmp 10.1 op 10: caps are set, shown, and taken away" {
	home
	member alice
	is 0 '{"node_id":"alice","max_spend_daily":"25.00",'\
'"max_escrow_per_task":"10.50","max_active_exposure_pct":37,"canary":{'\
'"max_spend_daily":"25.00","max_escrow_per_task":"10.50",'\
'"max_active_exposure_pct":37,"spent_today":"0.00",'\
'"remaining_today":"25.00","resets_at":"2026-11-21T00:00:00.000Z",'\
'"active_exposure":"0.00","exposure_limit":"37.00"}}' "" \
	    at bzn-node caps alice --daily 25 --per-task 10.5 \
	    --exposure-pct 37
	is 0 '{"max_spend_daily":"25.00","max_escrow_per_task":"10.50",'\
'"max_active_exposure_pct":37}' "" caps .caps
	# What is not named stays as it is.
	at bzn-node caps alice --daily none >out
	is 0 '{"max_spend_daily":null,"max_escrow_per_task":"10.50",'\
'"max_active_exposure_pct":37}' "" caps .caps
	at bzn-node caps alice --exposure-pct 0 >out
	is 0 'null
null' "" jq '.canary.exposure_limit, .canary.remaining_today' out
	at bzn-node caps alice --exposure-pct none --per-task none >out
	is 0 '"50.00"' "" jq .canary.exposure_limit out
	is 0 '{"max_spend_daily":null,"max_escrow_per_task":null,'\
'"max_active_exposure_pct":null}' "" caps .caps
	sound
}

@test "a change of caps is an event, and no change is none" {
	home
	member alice
	at bzn-node caps alice --daily 25 --exposure-pct 10 >out
	at bzn-node caps alice --daily 25.00 >out
	keeps at bzn-node caps alice >out
	keeps at bzn-node caps alice --daily 1 --dry-run >out
	at bzn-node caps alice --per-task 3 >out
	at bzn-node caps alice --daily none --per-task none \
	    --exposure-pct none >out
	bzn-ledger export ndjson | jq -c '.entry |
	    select(.type == "node.caps_changed") | .data' >events
	is 0 '{"max_active_exposure_pct":10,"max_spend_daily":"25.00",'\
'"unit":"TCK"}
{"max_active_exposure_pct":10,"max_escrow_per_task":"3.00",'\
'"max_spend_daily":"25.00","unit":"TCK"}
{"unit":"TCK"}' "" cat events
	sound
}

@test "vmp 13.32: a cap that is text or negative is refused" {
	local bad

	home
	member alice
	for bad in abc -5 1e2 NaN "" 1,5; do
		keeps is 3 "" "bzn-node: max_spend_daily: TCK: '$bad' is not \
an amount (bad_amount)" at bzn-node caps alice "--daily=$bad"
		keeps is 3 "" "bzn-node: max_active_exposure_pct: '$bad' is \
not an amount (bad_amount)" at bzn-node caps alice "--exposure-pct=$bad"
	done
	keeps is 3 "" "bzn-node: max_escrow_per_task: TCK: '0.005' has more \
than 2 decimals (amount_scale)" at bzn-node caps alice --per-task 0.005
	keeps is 3 "" "bzn-node: max_escrow_per_task: a cap of 0 is none: say \
none (amount_zero)" at bzn-node caps alice --per-task 0
	keeps is 3 "" "bzn-node: max_active_exposure_pct: '37.5' has more \
than 0 decimals (amount_scale)" at bzn-node caps alice --exposure-pct 37.5
	keeps is 3 "" "bzn-node: max_active_exposure_pct: not 0 to 100 \
(amount_range)" at bzn-node caps alice --exposure-pct 101
	cat >in <<-'END'
		{"node_id":"alice","max_spend_daily":-5}
		{"node_id":"alice","max_spend_daily":"abc"}
		{"node_id":"alice","max_spend_daily":true}
		{"node_id":"alice","max_active_exposure_pct":-1}
		{"node_id":"alice","max_active_exposure_pct":"50"}
		{"node_id":"alice","max_active_exposure_pct":1.5}
		{"node_id":"alice","max_daily":"5"}
		{"max_spend_daily":"5"}
		{"node_id":"nobody","max_spend_daily":"5"}
	END
	keeps is 3 "" "bzn-node: stdin:1: '/max_spend_daily' is a number: \
amounts are strings, such as \"1.50\" (bad_json)
bzn-node: stdin:2: max_spend_daily: TCK: 'abc' is not an amount (bad_amount)
bzn-node: stdin:3: '/max_spend_daily' is not a string (bad_json)
bzn-node: stdin:4: '/max_active_exposure_pct' is not 0 to 100, or null \
(amount_range)
bzn-node: stdin:5: '/max_active_exposure_pct' is not an integer (bad_json)
bzn-node: stdin:6: '/max_active_exposure_pct' is not an integer written in \
digits (bad_json)
bzn-node: stdin:7: '/max_daily' is not known here (unknown_member)
bzn-node: stdin:8: '/node_id' is missing (bad_json)
bzn-node: stdin:9: no node 'nobody' (node_missing)" at bzn-node caps <in
	is 2 "" "bzn-node: which node? without one requests come from stdin, \
and say all that options would (usage)" at bzn-node caps --daily 5
}

@test "lines of JSON: null takes a cap away, and what is absent stays" {
	home
	member alice
	at bzn-node caps >out <<-'END'
		{"node_id":"alice","max_spend_daily":"5","id":"a"}
		{"node_id":"alice","max_active_exposure_pct":9}
		{"node_id":"alice","max_spend_daily":null}
		{"node_id":"alice","max_spend_daily":"5","id":"a"}
	END
	is 0 '["5.00",null,null]
["5.00",9,null]
[null,9,null]
["5.00",null,true]' "" jq -c '[.max_spend_daily, .max_active_exposure_pct,
	    .idempotent]' out
	is 0 'null' "" caps .caps.max_spend_daily
}

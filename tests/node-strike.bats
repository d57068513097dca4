# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# logged TYPE: the data of entries of that type
logged() {
	bzn-ledger export ndjson | jq -c --arg t "$1" \
	    '.entry | select(.type == $t) | .data'
}

@test "vmp 12.8 S5: three counted strikes ban, and take all" {
	home 'strike_policy open'
	member alice bob carol dave
	skill=$(offer bob 10)
	is 0 $'STRIKE_LOGGED 1 true\nSTRIKE_LOGGED 2 true' "" bash -c '
		for who in alice carol; do
			bzn-node --now '"$clock"' report bob --as $who
		done | jq -r "\"\(.status) \(.current_strikes) \(.counted)\""'
	has bob 99.50
	is 0 "0.81" "" bash -c 'bzn-node show bob | jq .reputation'
	run --separate-stderr at bzn-node report bob --as dave --reason "it lied"
	[[ $status == 0 && -z $stderr && $output =~ \
^'{"report_id":"'[0-9a-f-]{36}'","node_id":"bob","status":"BANNED",'\
'"current_strikes":3,"counted":true,"event":"PERMANENT_NODE_PURGE",'\
'"confiscated_balance":"99.50"}'$ ]] || fail "$output"
	has bob 0.00
	has VAULT 100.00
	is 0 '{"node_id":"bob","realm":"production","active":false,'\
'"member_since":"2026-11-20T08:00:00.000Z",'\
'"banned_at":"2026-11-20T08:00:00.000Z","strikes":3,"reputation":0.729,'\
'"balance":"0.00"' "" bash -c 'bzn-node show bob | sed "s/,\"caps.*//"'
	is 0 "0" "" bash -c 'bzn-cri score bob | jq ".cri_score * 10 | floor"'
	# Its skills are listed no more, and nobody can buy them.
	is 0 "" "" bzn-market list
	echo '{}' >job.json
	run at bzn-escrow lock --buyer alice --skill "$skill" --input job.json
	[[ $status == 9 && $output == *"(seller_inactive)" ]] || fail "$output"
	is 9 "" "bzn-node: 'bob' is already banned (already_banned)" \
	    at bzn-node report bob --as alice
	is 9 "" "bzn-node: 'bob' is already banned (already_banned)" \
	    at bzn-node strike bob
	is 9 "" "bzn-node: 'bob' is banned for good (already_banned)" \
	    at bzn-node add bob --active
	is 5 "" "bzn-node: 'bob' is banned (node_unknown_or_banned)" \
	    at bzn-node report alice --as bob
	sound
}

@test "a strike is in the log, and its reason by its hash" {
	home
	member alice
	at bzn-node strike alice --reason "it lied" --task t-1 >out
	is 0 '{"node":"alice","reason_sha256":"'"$(printf 'it lied' | sha256sum |
	    cut -c1-64)"'","strikes":1}' "" logged node.strike
	pass 1
	at bzn-node strike alice >out
	pass 1
	at bzn-node strike alice >out
	is 0 '{"node":"alice","strikes":3}' "" logged node.banned
	is 0 '{"reason":"BANNED"}' "" logged CONFISCATION
	is 0 3 "" grep -c . <(logged node.strike)
	run ! grep -q 'it lied' <(bzn-ledger export ndjson)
	is 0 '["it lied","t-1",true]
[null,null,true]
[null,null,true]' "" bash -c 'bzn-node reports alice |
	    jq -c "[.reason, .task_id, .counted]"'
	sound
}

@test "the note of a confiscation names who reported" {
	home 'strike_policy open' 'strikes_to_ban 1'
	member alice bob
	at bzn-node report bob --as alice >out
	is 0 '{"reason":"STRIKES","reporter":"alice"}' "" logged CONFISCATION
	# What is credited later goes the same way, if the domain credits it.
	is 0 '{"node":"bob","reporter":"alice","strikes":1}' "" \
	    logged node.strike
}

@test "vmp 13.27: three reports by one fresh node ban nobody" {
	home
	member alice bob
	for _ in 1 2 3; do
		keeps is 5 "" "bzn-node: 'alice' has no settled trade with \
'bob' (report_not_eligible)" at bzn-node report bob --as alice
	done
	is 0 0 "" bash -c 'bzn-node show bob | jq .strikes'
	is 0 "" "" bzn-node reports
}

@test "strike_policy admin: reports are kept, and the operator counts" {
	home 'strike_policy admin'
	member alice bob
	is 0 'REPORT_LOGGED false 0' "" bash -c 'bzn-node --now '"$clock"' \
	    report bob --as alice -r why --task t-9 |
	    jq -r "\"\(.status) \(.counted) \(.current_strikes)\""'
	is 0 '{"node_id":"bob","reporter_id":"alice","task_id":"t-9",'\
'"reason":"why","counted":false,"at":"2026-11-20T08:00:00.000Z"}' "" bash -c \
	    'bzn-node reports | jq -c "del(.report_id)"'
	is 0 'STRIKE_LOGGED true 1' "" bash -c 'bzn-node --now '"$clock"' \
	    strike bob | jq -r "\"\(.status) \(.counted) \(.current_strikes)\""'
	is 0 "" "" logged node.banned
}

@test "vmp 13.17: no report crosses realms" {
	local box

	home 'strike_policy open'
	member alice
	box=$(at bzn-node sandbox | jq -r .node_id)
	keeps is 9 "" "bzn-node: 'alice' and '$box' are of different realms \
(realm)" at bzn-node report "$box" --as alice
	keeps is 9 "" "bzn-node: '$box' and 'alice' are of different realms \
(realm)" at bzn-node report alice --as "$box"
}

@test "what is no report is refused" {
	home 'strike_policy open'
	member alice bob
	keeps is 9 "" "bzn-node: 'alice' cannot report itself (self_report)" \
	    at bzn-node report alice --as alice
	keeps is 4 "" "bzn-node: no node 'nobody' (node_missing)" \
	    at bzn-node report nobody --as alice
	keeps is 4 "" "bzn-node: no node 'nobody' (node_missing)" \
	    at bzn-node report alice --as nobody
	keeps is 3 "" "bzn-node: the reason is over 2000 characters \
(bad_label)" at bzn-node report bob --as alice \
	    --reason "$(printf 'ü%.0s' {1..2001})"
	is 2 "" "bzn-node: --as is missing: who reports? (usage)" \
	    at bzn-node report bob
	is 2 "" "bzn-node: which node? without one requests come from stdin, \
and say all that options would (usage)" at bzn-node report --as alice
	cat >in <<-'END'
		{"target_id":"bob"}
		{"node_id":"alice"}
		{"target_id":"bob","node_id":"alice","why":"x"}
	END
	keeps is 3 "" "bzn-node: stdin:1: '/node_id' is missing (bad_json)
bzn-node: stdin:2: '/target_id' is missing (bad_json)
bzn-node: stdin:3: '/why' is not known here (unknown_member)" \
	    at bzn-node report <in
	echo '{"target_id":"bob","node_id":"alice"}' >in
	keeps is 3 "" "bzn-node: stdin:1: '/node_id' is not known here: the \
operator strikes (unknown_member)" at bzn-node strike <in
}

@test "one key, one strike; and a dry run is none" {
	home 'strike_policy open'
	member alice bob
	keeps at bzn-node report bob --as alice -n >out
	at bzn-node report bob --as alice --id r1 >out
	at bzn-node report bob --as alice --id r1 >again
	is 0 true "" jq .idempotent again
	is 0 1 "" bash -c 'bzn-node show bob | jq .strikes'
	is 10 "" "bzn-node: 'r1' was used for another request (id_conflict)" \
	    at bzn-node report bob --as alice --id r1 --reason other
}

@test "strikes at once: the third bans, and the money moves once" {
	local i

	home
	member alice
	for i in 1 2 3 4 5 6; do
		at bzn-node strike alice >"$i.out" 2>"$i.err" &
	done
	wait
	is 0 1 "" bash -c 'cat *.out | grep -c BANNED'
	is 0 3 "" bash -c 'cat *.err | grep -c "(already_banned)$"'
	is 0 1 "" grep -c . <(logged CONFISCATION)
	has VAULT 100.00
	sound
}

@test "in the sandbox nobody is struck by those who have traded" {
	local one two

	home
	one=$(at bzn-node sandbox | jq -r .node_id)
	two=$(at bzn-node sandbox | jq -r .node_id)
	keeps is 5 "" "bzn-node: '$one' is of the sandbox, where trades prove \
nothing (report_not_eligible)" at bzn-node report "$two" --as "$one"
	at bzn-node strike "$two" >out
	is 0 STRIKE_LOGGED "" jq -r .status out
}

@test "a report names a task by what can be its name" {
	local task

	home 'strike_policy open'
	member alice bob
	for task in '' 'x y' $'x\n' "$(printf 't%.0s' {1..65})"; do
		keeps run --separate-stderr at bzn-node report bob --as alice \
		    --task "$task"
		[[ $status == 3 && $stderr == "bzn-node: task_id: "*"(bad_id)" ]] ||
		    fail "$status '$stderr'"
		keeps run --separate-stderr at bzn-node strike bob \
		    --task "$task"
		[[ $status == 3 ]] || fail "$status '$stderr'"
	done
	is 0 "" "" bzn-node reports
}

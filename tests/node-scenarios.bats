# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# grid [LINE...]: alice has bought $skill of bob for 10.00: $task
grid() {
	home "$@"
	member alice bob carol dave
	skill=$(offer bob 10)
	echo '{}' >job.json
	task=$(buy alice "$skill")
}

# sold: and the window has passed
sold() {
	deliver "$task"
	pass 86400
	at bzn-settle >out
}

# boxes: sandbox nodes $one and $two; $play is a skill of $two
boxes() {
	one=$(at bzn-node sandbox | jq -r .node_id)
	two=$(at bzn-node sandbox | jq -r .node_id)
	play=$(offer "$two" 50)
	echo '{}' >job.json
}

# locks NODE AMOUNT: a direct escrow with dave
locks() {
	at bzn-escrow lock --buyer "$1" --seller dave --amount "$2"
}

@test "vmp 12.8 S5: three counted strikes on a node that holds 109.20" {
	grid
	sold
	has bob 109.20
	for who in alice carol dave; do
		[[ $who == alice ]] || {
			task=$(buy "$who" "$skill")
			at bzn-escrow refund "$task" --as bob >out
		}
	done
	# One buyer counts once; the operator counts the others.
	at bzn-node report bob --as alice >out
	at bzn-node report bob --as alice >out
	is 0 '"REPORT_LOGGED" 1' "" bash -c \
	    'jq -r "\"\(.status | tojson) \(.current_strikes)\"" out'
	is 5 "" "bzn-node: 'carol' has no settled trade with 'bob' \
(report_not_eligible)" at bzn-node report bob --as carol
	at bzn-node strike bob >out
	at bzn-node strike bob >out
	is 0 '"109.20"' "" jq .confiscated_balance out
	has bob 0.00
	has VAULT 110.00
	is 0 0 "" bash -c 'bzn-cri score bob | jq .cri_score'
	sound
}

@test "vmp 12.8 S14: a banned seller's last escrow of 10.00 settles" {
	local vault=99.50

	grid
	deliver "$task"
	for _ in 1 2 3; do
		at bzn-node strike bob >out
	done
	has VAULT 100.00
	has bob 0.00
	pass 86400
	at bzn-settle >out
	has bob 0.00
	has VAULT 110.00
	has alice 90.00
	bzn-ledger export ndjson | jq -c '.entry |
	    select(.type == "PROTOCOL_TAX" or .type == "CONFISCATION") |
	    [.type, (.legs[] | select(.account == "VAULT") | .amount)]' >moved
	is 0 "[\"CONFISCATION\",\"$vault\"]
[\"PROTOCOL_TAX\",\"0.30\"]
[\"CONFISCATION\",\"9.70\"]" "" cat moved
	sound
}

@test "vmp 3.7: a banned buyer's refund is confiscated" {
	grid
	for _ in 1 2 3; do
		at bzn-node strike alice >out
	done
	has VAULT 90.50
	pass $((3 * 86400))
	at bzn-settle >out
	has alice 0.00
	has VAULT 100.50
	is 0 REFUNDED "" bash -c "bzn-escrow show $task | jq -r .status"
	sound
}

@test "vmp 12.8 S10: half of what one has may be out" {
	local i

	grid
	for i in 1 2 3 4; do
		buy alice "$skill" >last
	done
	is 9 "" "bzn-escrow: exposure cap reached (50.00/50.00 TCK) \
(cap_exposure)" at bzn-escrow lock -b alice -s "$skill" -i job.json
	is 9 "" "bzn-escrow: 'alice' cannot cover it (insufficient_funds)" \
	    locks alice 50.01
	sold
	has alice 50.00
	is 0 '"40.00"
"45.00"' "" bash -c 'bzn-node --now '"$clock"' caps alice |
	    jq .canary.active_exposure,.canary.exposure_limit'
	is 9 "" "bzn-escrow: exposure cap reached (40.00/45.00 TCK) \
(cap_exposure)" locks alice 5.01
	locks alice 5.00 >out
	sound
}

@test "vmp 13.29: caps hold for tasks, direct escrows, bounties and quotes" {
	local quote

	grid
	at bzn-node caps alice --per-task 9.99 >out
	quote=$(at bzn-market quote "$skill" --buyer alice | jq -r .quote_id)
	task_words="task price 10.00 exceeds your per-task cap of 9.99 TCK"
	keeps is 9 "" "bzn-escrow: $task_words (cap_exceeded)" \
	    at bzn-escrow lock -b alice -s "$skill" -i job.json
	keeps is 9 "" "bzn-escrow: $task_words (cap_exceeded)" \
	    at bzn-escrow lock -b alice --quote "$quote" -i job.json
	keeps is 9 "" "bzn-escrow: $task_words (cap_exceeded)" locks alice 10
	keeps is 9 "" "bzn-escrow: $task_words (cap_exceeded)" \
	    at bzn-escrow bounty create --as alice --title 'a bounty' \
	    --description 'of some work' --reward 10
	# Shadow tasks lock nothing, so no cap holds them.
	at bzn-escrow shadow -b alice -s "$skill" -i job.json >out
	at bzn-node caps alice --per-task none --daily 19.99 >out
	day_words="daily spend cap reached (10.00/19.99 TCK)"
	keeps is 9 "" "bzn-escrow: $day_words (cap_exceeded)" \
	    at bzn-escrow lock -b alice -s "$skill" -i job.json
	keeps is 9 "" "bzn-escrow: $day_words (cap_exceeded)" locks alice 10
	keeps is 9 "" "bzn-escrow: $day_words (cap_exceeded)" \
	    at bzn-escrow bounty create --as alice --title 'a bounty' \
	    --description 'of some work' --reward 10
	# What comes back was locked today all the same.
	at bzn-escrow refund "$task" --as bob >out
	keeps is 9 "" "bzn-escrow: $day_words (cap_exceeded)" locks alice 10
	pass $((16 * 3600 - 1))
	keeps is 9 "" "bzn-escrow: $day_words (cap_exceeded)" locks alice 10
	pass 1
	locks alice 10 >out
	is 0 '"10.00" "9.99" "2026-11-22T00:00:00.000Z"' "" bash -c \
	    'bzn-node --now '"$clock"' caps alice | jq -r ".canary |
	    \"\(.spent_today | tojson) \(.remaining_today | tojson) \
\(.resets_at | tojson)\""'
	sound
}

@test "vmp 13.17: nothing crosses the realms, in either direction" {
	grid
	boxes
	keeps is 9 "" "bzn-escrow: sandbox nodes cannot trade with production \
nodes (realm)" at bzn-escrow lock -b "$one" -s "$skill" -i job.json
	keeps is 9 "" "bzn-escrow: production nodes cannot trade with sandbox \
nodes (realm)" at bzn-escrow lock -b alice -s "$play" -i job.json
	keeps is 9 "" "bzn-escrow: production nodes cannot trade with sandbox \
nodes (realm)" at bzn-escrow shadow -b alice -s "$play" -i job.json
	keeps is 9 "" "bzn-escrow: sandbox nodes cannot trade with production \
nodes (realm)" at bzn-escrow lock -b "$one" --seller bob --amount 5
	keeps is 9 "" "bzn-escrow: production nodes cannot trade with sandbox \
nodes (realm)" at bzn-escrow lock -b alice --seller "$two" --amount 5
	# Not even the operator's own.
	at bzn-node add house1 >out
	offer house1 1 >house 2>err || true
	keeps is 9 "" "bzn-escrow: sandbox nodes cannot trade with production \
nodes (realm)" at bzn-escrow lock -b "$one" --seller house1 --amount 5
	sound
}

@test "vmp 12.8 S2: a trade in the sandbox, after ten seconds" {
	home
	boxes
	task=$(buy "$one" "$play")
	deliver "$task"
	clock=@$((${clock#@} + 9999))
	is 0 "" "" at bzn-settle
	clock=@$((${clock#@} + 1))
	at bzn-settle >out
	has "$two" 10048.00 SBX
	has "$one" 9950.00 SBX
	has VAULT 2.00 SBX
	has MINT -20000.00 SBX
	[[ -z $(bzn-ledger balance --unit TCK) ]]
	sound
}

@test "vmp 12.8 S13, 13.52: all sandbox nodes expire, and nothing is left" {
	home
	boxes
	buy "$one" "$play" >task
	pass $((5 * 86400))
	task=$(buy "$one" "$play")
	pass $((2 * 86400 - 1))
	[[ $(at bzn-node show "$one" | jq .active) == true ]]
	pass 1
	# Time is up before any sweep.
	[[ $(at bzn-node show "$one" | jq .active) == false ]]
	[[ $(sqlite3 node.db 'SELECT sum(active) FROM node_node') == 2 ]]
	is 5 "" "bzn-escrow: '$one' is expired (node_unknown_or_banned)" \
	    at bzn-escrow lock -b "$one" -s "$play" -i job.json
	at bzn-settle >out
	is 0 0 "" sqlite3 node.db 'SELECT sum(active) FROM node_node'
	is 0 "" "" bzn-market list --realm sandbox
	# An escrow is still open, so both keep what they have.
	has "$one" 9950.00 SBX
	has "$two" 9999.50 SBX
	sound
	pass $((3 * 86400))
	at bzn-settle >out
	is 0 "" "" at bzn-settle
	has "$one" 0.00 SBX
	has "$two" 0.00 SBX
	has VAULT 0.50 SBX
	has MINT -0.50 SBX
	is 0 2 "" bash -c "bzn-ledger export ndjson |
	    grep -c '\"SANDBOX_EXPIRY\"'"
	is 0 2 "" bash -c "bzn-ledger export ndjson |
	    grep -c '\"node.expired\"'"
	sound
}

@test "vmp 3.7: the bounty of a banned node runs on, and its end is taken" {
	local bounty

	grid
	bounty=$(at bzn-escrow bounty create --as carol --title 'a bounty' \
	    --description 'of some work' --reward 20 --days 2 |
	    jq -r .bounty_id)
	for _ in 1 2 3; do
		at bzn-node strike carol >out
	done
	is 0 '"80.00"' "" jq .confiscated_balance out
	has "ESCROW:BOUNTY:$bounty" 20.00
	keeps is 5 "" "bzn-escrow: 'carol' is banned (node_unknown_or_banned)" \
	    at bzn-escrow bounty create --as carol --title 'a bounty' \
	    --description 'of some work' --reward 20
	pass $((2 * 86400))
	at bzn-settle >out
	has "ESCROW:BOUNTY:$bounty" 0.00
	has carol 0.00
	has VAULT 100.50
	sound
}

@test "vmp 5.6: levels warn and count, and refuse once they are enforced" {
	grid
	is 0 '{"act":"publish","level":1,"times":1}' "" bash -c \
	    'bzn-node show bob |
	    jq -c ".level_warnings[] | {act, level, times}"'
	offer bob 3 >out
	is 0 2 "" bash -c 'bzn-node show bob | jq ".level_warnings[0].times"'
	echo 'enforce_level_gates yes' >>bzn.conf
	keeps is 5 "" "bzn-market: level gate: requires Worker (level 1), \
current level is Spawn (0) (level_gate)" at bzn-market publish \
	    --provider bob --price 3 --label work
	# What is listed stays so, and trading needs no level.
	is 0 2 "" bash -c 'bzn-market list | wc -l'
	buy alice "$skill" >out
	# Nothing is counted by what was refused or tried.
	is 0 2 "" bash -c 'bzn-node show bob | jq ".level_warnings[0].times"'
	sed -i '$d' bzn.conf
	at bzn-market publish --provider bob --price 3 --label work -n >out
	is 0 2 "" bash -c 'bzn-node show bob | jq ".level_warnings[0].times"'
}

@test "the operator's list holds for every act" {
	grid 'policy_deny dave, spam'
	keeps is 5 "" "bzn-escrow: the operator denies trades with 'dave' \
(policy_denied)" at bzn-escrow lock -b dave -s "$skill" -i job.json
	keeps is 5 "" "bzn-escrow: the operator denies trades with 'dave' \
(policy_denied)" locks alice 5
	keeps is 5 "" "bzn-market: the operator denies trades with 'dave' \
(policy_denied)" at bzn-market publish --provider dave --price 3 --label work
	keeps is 5 "" "bzn-market: the operator denies the category 'spam' \
(policy_denied)" at bzn-market publish --provider bob --price 3 \
	    --label work --category spam
	keeps is 5 "" "bzn-escrow: the operator denies trades with 'dave' \
(policy_denied)" at bzn-escrow bounty create --as dave --title 'a bounty' \
	    --description 'of some work' --reward 20
}

@test "vmp 13.29: locks at once do not pass a cap together" {
	local i

	grid
	at bzn-node caps alice --daily 40 --exposure-pct 0 >out
	for i in 1 2 3 4 5 6 7 8; do
		if ((i % 2)); then
			locks alice 10 >"$i.out" 2>"$i.err" &
		else
			at bzn-escrow lock -b alice -s "$skill" -i job.json \
			    >"$i.out" 2>"$i.err" &
		fi
	done
	wait
	is 0 5 "" bash -c 'cat *.err | grep -c "(cap_exceeded)$"'
	has alice 60.00
	is 0 '"40.00"
"0.00"' "" bash -c 'bzn-node --now '"$clock"' caps alice |
	    jq .canary.spent_today,.canary.remaining_today'
	sound
}

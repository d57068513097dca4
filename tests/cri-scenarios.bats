# shellcheck shell=bats disable=SC2030,SC2031,SC2034,SC2154
load common

# score NODE TENTHS: everywhere that it is shown, at this instant.
score() {
	local got

	got=$(at bzn-cri score "$1" | jq .cri_score)
	[[ $got == "$2" ]] || fail "$1 has $got, not $2"
}

# true_counters: stored is what the log says.
true_counters() {
	run --separate-stderr bzn-cri audit
	[[ $status == 0 && $output == '{"valid":true,'* ]] ||
	    fail "audit: $status, '$output', '$stderr'"
}

# settled: a whole trade of bob and alice, paid a day after.
settled() {
	trade
	deliver "$task"
	pass 86400
	at bzn-settle --no-checkpoint >paid
}

# direct BUYER SELLER AMOUNT: delivered and settled, a day later.
direct() {
	local id

	id=$(at bzn-escrow lock --buyer "$1" --seller "$2" --amount "$3" |
	    jq -r .escrow_id)
	at bzn-escrow complete "$id" --proof-hash x >delivered
	pass 86400
	at bzn-settle --no-checkpoint >paid
}

@test "vmp 12.8, S1: a task settles: seller 52.2, buyer 57.2" {
	settled
	has bob 109.20
	score bob 52.2
	score alice 57.2
	at bzn-cri explain bob >told
	is 0 '[3.33,15,2.6,1.25,0,0]' "" jq -c '[.factors |
	    .transaction_score, .diversity_score, .volume_score, .age_score,
	    .buyer_activity, .genesis_bonus | .value]' told
	is 0 '[1,1,"10.00",1,0,1]' "" jq -c '[.factors.transaction_score.raw,
	    .factors.diversity_score.raw_unique, .factors.volume_score.raw_tck,
	    .factors.age_score.raw_days, .factors.buyer_activity.raw_buys,
	    .penalties.dispute_penalty.total_tasks]' told
	is 0 '{"valid":true,"size":'"$(bzn-ledger tail | wc -l)"',"settled":1,'\
'"nodes":2,"pairs":2,"faults":0}' "" bzn-cri audit
	sound
}

@test "vmp 12.8, S2: the sandbox: 50 before, 52.6 and 57.6 after" {
	local seller buyer

	home
	seller=$(at bzn-node sandbox | jq -r .node_id)
	buyer=$(at bzn-node sandbox | jq -r .node_id)
	score "$seller" 50
	task=$(buy "$buyer" "$(offer "$seller" 50)")
	deliver "$task"
	score "$seller" 50
	pass 10
	at bzn-settle --no-checkpoint >paid
	has "$seller" 10048.00 SBX
	score "$seller" 52.6
	score "$buyer" 57.6
	is 0 "" "" at bzn-cri leaderboard
	is 0 "" "" bzn-cri genesis
	true_counters
}

@test "vmp 12.8, S6: a Genesis node: 300.00, rank 1, 62.2" {
	home
	member alice
	early bob
	task=$(buy alice "$(offer bob 10)")
	deliver "$task"
	pass 86400
	at bzn-settle --no-checkpoint >paid
	has bob 409.20
	score bob 62.2
	is 0 '{"rank":1,"node_id":"bob","awarded_at":"2026-11-21T08:00:00.000Z",'\
'"cri_score":62.2,"trades_completed":1}' "" at bzn-cri genesis
	is 0 -500.00 "" bash -c "bzn-ledger balance MINT --unit TCK |
	    jq -r .balance"
	is 0 '{"type":"node.genesis","data":{"node":"bob","rank":1}}' "" \
	    bash -c "bzn-ledger tail | jq -c '.entry |
	    select(.type == \"node.genesis\") | {type, data}'"
	true_counters
	sound
}

@test "vmp 12.8, S6: the same by a direct escrow: 409.70" {
	home
	member alice
	early bob
	direct alice bob 10
	has bob 409.70
	score bob 62.2
	true_counters
}

@test "vmp 12.8, S7: disputed and refunded: 6.2" {
	trade
	deliver "$task"
	at bzn-escrow dispute "$task" --reason bad >disputed
	score bob 5
	pass 86400
	at bzn-escrow resolve "$task" --to refund_buyer >resolved
	has alice 100.00
	score bob 6.2
	true_counters
}

@test "vmp 13.38: released: as settled, and X falls again" {
	trade
	deliver "$task"
	at bzn-escrow dispute "$task" --reason bad >disputed
	is 0 '[1,1]' "" bash -c "bzn-cri --now $clock explain bob |
	    jq -c '[.penalties.dispute_penalty | .disputed, .total_tasks]'"
	pass 86400
	at bzn-escrow resolve "$task" --to release_to_seller >resolved
	has bob 109.20
	score bob 52.2
	score alice 57.2
	is 0 '[0,1]' "" bash -c "bzn-cri --now $clock explain bob |
	    jq -c '[.penalties.dispute_penalty | .disputed, .total_tasks]'"
	true_counters
}

@test "vmp 13.38: a dispute resolution gives a badge as a settlement does" {
	home
	member alice
	early bob
	task=$(buy alice "$(offer bob 10)")
	deliver "$task"
	at bzn-escrow dispute "$task" --reason bad >disputed
	pass 86400
	at bzn-escrow resolve "$task" --to release_to_seller >resolved
	has bob 409.20
	score bob 62.2
	true_counters
}

@test "refunds: by a rule they count, by the seller or by time they do not" {
	trade
	other=$(buy alice "$skill")
	late=$(buy alice "$skill")
	rule=$(buy alice "$skill")
	deliver "$task"
	at bzn-escrow refund "$task" --as bob >refunded
	at bzn-escrow refund "$other" --as bob >refunded
	deliver "$rule" '{}'
	counts='[.penalties.dispute_penalty | .disputed, .total_tasks]'
	is 0 '[0,1]' "" bash -c "bzn-cri --now $clock explain bob |
	    jq -c '$counts'"
	pass $((72 * 3600))
	at bzn-settle --no-checkpoint >paid
	is 0 '[1,1]' "" bash -c "bzn-cri --now $clock explain bob |
	    jq -c '$counts'"
	has alice 100.00
	true_counters
}

@test "vmp 13.39: shadow tasks change no score" {
	settled
	at bzn-cri explain bob alice >before
	for i in 1 2 3; do
		shadow=$(at bzn-escrow shadow --buyer alice --skill "$skill" \
		    --input <(echo '{}') | jq -r .task_id)
		deliver "$shadow"
	done
	at bzn-cri explain bob alice | diff before -
	true_counters
}

@test "vmp 13.40: one partner, both ways: concentrated from five trades on" {
	home
	member alice bob
	for i in 1 2 3 4 5 6; do
		if ((i % 2)); then
			direct alice bob 1
		else
			direct bob alice 1
		fi
		at bzn-cri explain bob |
		    jq -c '[.penalties.concentration_penalty.value,
		    .factors.diversity_score.raw_unique]'
	done >told
	is 0 "[0,1]
[0,1]
[0,1]
[0,1]
[10,1]
[10,1]" "" cat told
	true_counters
}

@test "vmp 13.41: stored, explained, certified and shown: the same" {
	settled
	bzn-keygen token >keys
	at bzn-cri leaderboard | jq -r '"\(.node_id) \(.cri)"' | sort >board
	at bzn-cri score alice bob | jq -r '"\(.node_id) \(.cri_score)"' >scores
	at bzn-cri explain alice bob | jq -r '"\(.node_id) \(.cri_score)"' |
	    diff scores -
	at bzn-cri certificate alice bob | bzn-cri verify --now "$clock" |
	    jq -r '"\(.node_id) \(.cri_score)"' | diff scores -
	at bzn-cri level alice bob | jq -r '"\(.node_id) \(.cri)"' |
	    diff scores -
	for node in alice bob; do
		at bzn-cri snapshots "$node" -l 1 |
		    jq -r --arg n "$node" '"\($n) \(.cri_after)"'
	done | diff scores -
	diff scores board
}

@test "vmp 13.42: two settle at once, and one badge is left" {
	home "genesis_max 1"
	member alice
	early bob
	early carol
	for node in carol bob; do
		id=$(at bzn-escrow lock --buyer alice --seller "$node" \
		    --amount 5 | jq -r .escrow_id)
		at bzn-escrow complete "$id" --proof-hash x >delivered
		echo "$id" >>ids
	done
	pass 86400
	while read -r id; do
		at bzn-settle --no-checkpoint "$id" >"paid.$id" &
	done <ids
	wait
	is 0 1 "" bash -c "bzn-cri genesis --now $clock | wc -l"
	is 0 -600.00 "" bash -c "bzn-ledger balance MINT --unit TCK |
	    jq -r .balance"
	winner=$(at bzn-cri genesis | jq -r .node_id)
	has "$winner" 404.85
	true_counters
	# One more: it goes to the other, at whatever settles next.
	sed -i 's/genesis_max 1/genesis_max 2/' bzn.conf
	direct bob carol 1
	is 0 "1 2" "" bash -c "bzn-cri genesis --now $clock |
	    jq -s -r 'map(.rank) | join(\" \")'"
	true_counters
}

@test "vmp 13.43: locks that time out buy no level" {
	trade
	pass $((72 * 3600))
	at bzn-settle --no-checkpoint >paid
	is 0 0 "" bash -c "bzn-cri --now $clock level alice | jq .tck_spent"
	buy alice "$skill" >task
	is 0 10 "" bash -c "bzn-cri --now $clock level alice | jq .tck_spent"
	at bzn-escrow refund "$(<task)" --as bob >refunded
	is 0 0 "" bash -c "bzn-cri --now $clock level alice | jq .tck_spent"
	is 0 0.5 "" bash -c "bzn-cri --now $clock level bob | jq .tck_spent"
}

@test "audit names every number that is not what the log says" {
	settled
	tamper "UPDATE cri_node SET sold = 2, last_ms = 7 WHERE node_id = 'bob';
	    UPDATE cri_pair SET minor = 1"
	is 1 '{"node_id":"bob","counter":"sold","stored":2,"computed":1}
{"node_id":"bob","counter":"last_ms","stored":7,"computed":1795248000000}
{"node_id":"alice","other_id":"bob","counter":"volume_minor","stored":1,'\
'"computed":1000}
{"node_id":"bob","other_id":"alice","counter":"volume_minor","stored":1,'\
'"computed":1000}
{"valid":false,"size":'"$(bzn-ledger tail | wc -l)"',"settled":1,"nodes":2,'\
'"pairs":2,"faults":4}' "bzn-cri: 4 numbers of what is counted are not what \
the log says (counters_unequal)" bzn-cri audit
}

@test "audit names what is missing, and what nobody has earned" {
	settled
	tamper "DELETE FROM cri_pair; DELETE FROM cri_node
	    WHERE node_id = 'bob'"
	! bzn-cri audit >found 2>complaint || fail "all is well"
	is 0 "alice:volume_minor bob:volume_minor" "" bash -c "jq -r '
	    select(.other_id and .counter == \"volume_minor\") |
	    \"\(.node_id):\(.counter)\"' found | sort | xargs"
	is 0 "delivered first_ms last_ms most partners sold volume_minor" "" \
	    bash -c "jq -r 'select(.node_id == \"bob\" and (.other_id | not)) |
	    .counter' found | sort | xargs"
	tamper "INSERT INTO cri_award VALUES (1, 'alice', 0)"
	run --separate-stderr bzn-cri audit
	[[ $output == *'{"node_id":"alice","counter":"rank","stored":1,'\
'"computed":0}'* ]]
}

@test "vmp 12.8, S5: three strikes: 15 each, then 0.0 and off the board" {
	settled
	at bzn-node strike bob --reason one >struck
	score bob 37.2
	is 0 37.2 "" bash -c "bzn-cri snapshots bob -l 1 | jq .cri_after"
	at bzn-node strike bob --reason two >struck
	score bob 22.2
	at bzn-node strike bob --reason three >struck
	score bob 0
	has VAULT 110.00
	is 0 alice "" bash -c "bzn-cri leaderboard | jq -r .node_id"
	bzn-keygen token >keys
	is 0 '[0,3]' "" bash -c "bzn-cri --now $clock certificate bob |
	    jq -c '[.cri_score, .history.strikes]'"
	true_counters
}

# checks BUYER TASK...: it buys of vera what she makes of them, a day long.
checks() {
	local of task

	for of in "${@:2}"; do
		task=$(echo "{\"verified_task_id\":\"$of\"}" |
		    at bzn-escrow lock --buyer "$1" --skill "$judge" \
			--input - | jq -r .task_id)
		deliver "$task"
	done
	pass 86400
	at bzn-settle --no-checkpoint >paid
}

@test "vmp 13.16: a pioneer is paid when VAULT can, at anybody's trade" {
	home "pioneer_threshold 2" "pioneer_bonus 2.06"
	member alice bob carol vera
	skill=$(offer bob 10)
	judge=$(at bzn-market publish --provider vera --price 1 --label judge \
	    --category verification | jq -r .skill_id)
	one=$(buy alice "$skill")
	two=$(buy alice "$skill")
	bad=$(buy alice "$skill")
	for task in "$one" "$two" "$bad"; do
		deliver "$task"
	done
	at bzn-escrow dispute "$bad" --reason bad >disputed
	at bzn-escrow resolve "$bad" --to release_to_seller >resolved
	pass 86400
	at bzn-settle --no-checkpoint >paid
	# A stranger's, one that was disputed, one twice: one counts.
	checks carol "$two"
	checks alice "$one" "$bad" "$one"
	is 0 1 "" sqlite3 node.db "SELECT verified FROM cri_node
	    WHERE node_id = 'vera'"
	checks bob "$two"
	is 0 2 "" sqlite3 node.db "SELECT verified FROM cri_node
	    WHERE node_id = 'vera'"
	# Two fees, three taxes of 0.30, five of 0.03.
	has VAULT 2.05
	is 0 "" "" bzn-cri pioneers
	direct carol bob 1
	has VAULT 0.02
	has vera 106.41
	is 0 '{"rank":1,"node_id":"vera","skill_id":"'"$judge"'",'\
'"verifications":2,"awarded_at":"2026-11-25T08:00:00.000Z"}' "" \
	    bzn-cri pioneers
}

@test "trades of an older store count as if they had been counted then" {
	settled
	more=$(buy alice "$skill")
	open=$(buy alice "$skill")
	rule=$(buy alice "$skill")
	won=$(buy alice "$skill")
	for task in "$more" "$open" "$won"; do
		deliver "$task"
	done
	deliver "$rule" '{}'
	at bzn-escrow dispute "$open" --reason bad >disputed
	at bzn-escrow dispute "$won" --reason bad >disputed
	at bzn-escrow resolve "$won" --to release_to_seller >resolved
	pass 86400
	at bzn-settle --no-checkpoint >paid
	at bzn-cri explain alice bob >before
	true_counters
	aged 8 "$(sqlite3 node.db 'PRAGMA application_id')"
	bzn-ledger migrate >migrated
	true_counters
	at bzn-cri explain alice bob | diff before -
	is 0 "" "" bzn-ledger verify -q
}

@test "an award scores the winner anew, and bounties count for nothing else" {
	home
	member alice bob
	bounty=$(at bzn-escrow bounty create --as alice --reward 10 \
	    --title 'a title' --description 'a long description' |
	    jq -r .bounty_id)
	won=$(at bzn-escrow bounty submit "$bounty" --as bob --content - \
	    <<<solution | jq -r .submission_id)
	pass 86400
	at bzn-escrow bounty award "$bounty" "$won" --as alice >awarded
	score bob 31.2
	is 0 '[31.2,0,0,"0.00"]' "" bash -c "bzn-cri snapshots bob |
	    jq -c '[.cri_after, .S, .N, .V]'"
	is 0 10 "" bash -c "bzn-cri --now $clock level alice | jq .tck_spent"
	true_counters
}

# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# balances ALICE BOB VAULT: after them the books are sound.
balances() {
	has alice "$1"
	has bob "$2"
	has VAULT "$3"
	sound
}

@test "S1: a trade from publication to settlement" {
	trade
	deliver "$task"
	is 0 "" "" at bzn-settle
	pass 86400
	is 0 "{\"escrow_id\":\"$escrow\",\"task_id\":\"$task\",\
\"status\":\"SETTLED\",\"unit\":\"TCK\",\"seller_id\":\"bob\",\
\"payout\":\"9.70\",\"tax\":\"0.30\",\
\"closed_at\":\"2026-11-21T08:00:00.000Z\"}" "" at bzn-settle
	has MINT -200.00
	has "ESCROW:$escrow" 0.00
	balances 90.00 109.20 0.80
	keeps is 0 "" "" at bzn-settle
}

@test "S3: what is never delivered is refunded after 72 hours" {
	trade
	at bzn-escrow claim "$task" >out
	clock=@$((${clock#@} + 72 * 3600000 - 1))
	is 0 "" "" at bzn-settle
	clock=@$((${clock#@} + 1))
	is 0 "{\"escrow_id\":\"$escrow\",\"task_id\":\"$task\",\
\"status\":\"REFUNDED\",\"unit\":\"TCK\",\"buyer_id\":\"alice\",\
\"amount\":\"10.00\",\"reason\":\"TIMEOUT_NON_DELIVERY\",\
\"closed_at\":\"2026-11-23T08:00:00.000Z\"}" "" at bzn-settle
	is 0 REFUNDED "" bash -c "bzn-escrow show $task | jq -r .status"
	balances 100.00 99.50 0.50
}

@test "S7: a dispute, refunded to the buyer" {
	trade
	deliver "$task"
	at bzn-escrow dispute "$task" --reason "not what I asked" >out
	pass 864000
	is 0 "" "" at bzn-settle
	at bzn-escrow resolve "$task" --to refund_buyer >out
	is 0 DISPUTE_REFUND "" bash -c 'bzn-ledger export ndjson |
	    tail -n 1 | jq -r .entry.type'
	balances 100.00 99.50 0.50
}

@test "S7: a dispute, released to the seller" {
	trade
	deliver "$task"
	at bzn-escrow dispute "$task" --reason "not what I asked" >out
	at bzn-escrow resolve "$task" --to release_to_seller >out
	is 0 "DISPUTE_RELEASE
PROTOCOL_TAX" "" bash -c 'bzn-ledger export ndjson | tail -n 2 |
	    jq -r .entry.type'
	balances 90.00 109.20 0.80
}

@test "S8: tax is rounded once, and the payout is the rest" {
	local price payout tax legs

	home
	member alice bob
	while read -r price payout tax legs; do
		skill=$(offer bob "$price")
		task=$(buy alice "$skill")
		deliver "$task"
		pass 86400
		at bzn-settle >out
		is 0 "$payout $tax" "" jq -r '.payout + " " + .tax' out
		escrow=$(jq -r .escrow_id out)
		is 0 "$legs" "" bash -c "bzn-ledger history ESCROW:$escrow |
		    wc -l"
	done <<-'END'
		0.01 0.01 0.00 2
		0.16 0.16 0.00 2
		0.17 0.16 0.01 3
		0.50 0.48 0.02 3
		1.00 0.97 0.03 3
		1.50 1.45 0.05 3
	END
	balances 96.66 100.23 3.11
}

@test "S9: an empty output is no proof" {
	trade
	deliver "$task" '{}'
	is 0 PROOF_MISSING "" bash -c "bzn-escrow show $task | jq -r .verdict"
	pass 86400
	is 0 '"REFUNDED" "PROOF_MISSING"' "" bash -c "bzn-settle --now $clock |
	    jq '.status, .reason' | paste -sd' '"
	balances 100.00 99.50 0.50
}

@test "S9: disputed too, the rule decides" {
	trade
	deliver "$task" '{}'
	at bzn-escrow dispute "$task" -r "nothing in it" >out
	pass 86400
	is 0 '"REFUNDED" "PROOF_MISSING"' "" bash -c "bzn-settle --now $clock |
	    jq '.status, .reason' | paste -sd' '"
	balances 100.00 99.50 0.50
}

@test "S10: half of what one has may be at stake" {
	local n five more

	trade
	deliver "$task"
	for n in 2 3 4 5; do buy alice "$skill" >out; done
	echo '{}' >job.json
	is 9 "" "bzn-escrow: exposure cap reached (50.00/50.00 \
TCK) (cap_exposure)" at bzn-escrow lock -b alice -s "$skill" -i job.json
	pass 86400
	at bzn-settle >out
	has alice 50.00
	five=$(offer bob 5.00)
	more=$(offer bob 5.01)
	is 9 "" "bzn-escrow: exposure cap reached (40.00/45.00 \
TCK) (cap_exposure)" at bzn-escrow lock -b alice -s "$more" -i job.json
	buy alice "$five" >out
	balances 45.00 108.20 1.80
}

@test "the tax of a trade is that of its lock" {
	trade
	sed -i '$a protocol_tax_bp 0' bzn.conf
	deliver "$task"
	pass 86400
	at bzn-settle >out
	balances 90.00 109.20 0.80
	task=$(buy alice "$skill")
	deliver "$task"
	pass 86400
	at bzn-settle >out
	balances 80.00 119.20 0.80
}

@test "one task, by its id or that of its escrow" {
	trade
	deliver "$task"
	is 9 "" "bzn-settle: nothing is due until 2026-11-21T08:00:00.000Z \
(window_open)" at bzn-settle "$task"
	is 4 "" "bzn-settle: no task 'x' (task_missing)" at bzn-settle x
	pass 86400
	is 0 SETTLED "" bash -c "bzn-settle --now $clock $escrow |
	    jq -r .status"
	is 9 "" "bzn-settle: task '$task' is COMPLETED, its escrow SETTLED \
(wrong_state)" at bzn-settle "$task"
	balances 90.00 109.20 0.80
}

@test "one task that is late, or not yet" {
	trade
	is 9 "" "bzn-settle: nothing is due until 2026-11-23T08:00:00.000Z \
(window_open)" at bzn-settle "$task"
	pass 259200
	is 0 REFUNDED "" bash -c "bzn-settle --now $clock $task |
	    jq -r .status"
	balances 100.00 99.50 0.50
}

@test "a dispute waits for its resolution" {
	trade
	deliver "$task"
	at bzn-escrow dispute "$task" -r bad >out
	pass 864000
	is 9 "" "bzn-settle: task '$task' is DISPUTED, its escrow DISPUTED \
(wrong_state)" at bzn-settle "$task"
	is 0 "" "" at bzn-escrow list --due
}

@test "--id settles a task once, with the same answer" {
	local first

	trade
	deliver "$task"
	pass 86400
	first=$(at bzn-settle "$task" --id s1)
	keeps is 0 "${first%\}}"',"idempotent":true}' "" \
	    at bzn-settle "$task" --id s1
	is 10 "" "bzn-settle: 's1' was used for another request \
(id_conflict)" at bzn-settle other --id s1
	balances 90.00 109.20 0.80
}

@test "what is due comes from bzn-escrow, through a pipe" {
	local n

	home
	member alice bob
	skill=$(offer bob 1)
	for n in 1 2 3; do
		task=$(buy alice "$skill")
		deliver "$task"
	done
	pass 86400
	at bzn-escrow list --due >due
	keeps at bzn-settle - -n <due >out
	is 0 '[true,true,true]' "" jq -sc 'map(.dry_run)' out
	{ head -n 1 due; echo '{"task_id":"x"}'; echo '{}'; tail -n 2 due; } >in
	run --separate-stderr at bzn-settle - <in
	[[ $status == 3 && ${#lines[@]} == 3 && $stderr == "bzn-settle: \
stdin:2: no task 'x' (task_missing)
bzn-settle: stdin:3: '/task_id' is missing (bad_json)" ]] || fail "$stderr"
	is 2 "" "bzn-settle: --id is for one request: give each line an \
\"id\" (usage)" at bzn-settle - --id x
	balances 97.00 102.41 0.59
}

@test "settle: several tasks by name, and what does not go with them" {
	local one two

	trade
	one=$task two=$(buy alice "$skill")
	deliver "$one"
	pass 300000
	run --separate-stderr at bzn-settle "$one" other "$two"
	[[ $status == 4 && ${#lines[@]} == 2 &&
	    $stderr == "bzn-settle: no task 'other' (task_missing)" ]] ||
	    fail "$status $output $stderr"
	is 2 "" "bzn-settle: --limit is for a sweep, which names no task \
(usage)" at bzn-settle "$one" --limit 1
	is 2 "" "bzn-settle: --id is for one task; a sweep needs none, since \
what is closed stays closed (usage)" at bzn-settle --id x
	is 2 "" "bzn-settle: --id is for one task; a sweep needs none, since \
what is closed stays closed (usage)" at bzn-settle "$one" "$two" --id x
}

@test "a sweep closes what is due, settlements first, in batches" {
	home 'settle_batch 2'
	member alice bob
	skill=$(offer bob 1)
	for n in 1 2 3; do buy alice "$skill" >out; done
	pass 172800
	for n in 1 2 3 4 5; do
		task=$(buy alice "$skill")
		deliver "$task"
	done
	pass 86400
	keeps at bzn-settle --dry-run >dry
	at bzn-settle --limit 3 >out
	is 0 "SETTLED SETTLED SETTLED" "" bash -c 'jq -r .status out |
	    paste -sd" "'
	at bzn-settle >>out
	is 0 "SETTLED SETTLED SETTLED SETTLED SETTLED REFUNDED REFUNDED \
REFUNDED" "" bash -c 'jq -r .status out | paste -sd" "'
	is 0 "" "" bash -c 'diff <(jq -c "del(.dry_run)" dry) out'
	is 2 "" "bzn-settle: --limit: 'x' is not a number (usage)" \
	    at bzn-settle --limit x
	balances 95.00 104.35 0.65
}

@test "an escrow that cannot be closed does not hold up the others" {
	local n

	home
	member alice bob carol
	for n in bob carol; do
		skill=$(offer $n 1)
		task=$(buy alice "$skill")
		deliver "$task"
	done
	sqlite3 node.db "UPDATE ledger_account SET closed = 1
	    WHERE name = 'bob'"
	pass 86400
	run --separate-stderr at bzn-settle
	[[ $status == 9 && ${#lines[@]} == 1 && $stderr == "bzn-settle: \
escrow '"*"': 'bob' is closed (account_closed)" ]] || fail "$stderr"
	is 0 carol "" jq -r .seller_id <<<"$output"
	sqlite3 node.db "UPDATE ledger_account SET closed = 0
	    WHERE name = 'bob'"
	at bzn-settle >out
	has bob 100.47
	sound
}

@test "a refund that is late when the books are reconciled" {
	trade
	pass 259200
	is 0 true "" bash -c "bzn-ledger --now $clock reconcile |
	    jq .checks.refund_timeliness"
	pass 3600
	at bzn-settle >out
	is 0 true "" bash -c "bzn-ledger --now $clock reconcile |
	    jq .checks.refund_timeliness"
}

@test "settle: no home, a clock of nobody, a lock, a full output" {
	is 4 "" "bzn-settle: no ledger in '$BZN_HOME': make one with \
'bzn-ledger init' (no_ledger)" bzn-settle
	is 4 "" "bzn-settle: no directory '/nonexistent': make a home with \
'bzn-ledger init' (no_ledger)" bzn-settle --home /nonexistent
	trade
	deliver "$task"
	pass $((400 * 86400))
	keeps is 7 "" "bzn-settle: the clock is over 366 days ahead of the \
log: set it, or --accept-clock (clock_unsane)" at bzn-settle
	exec 9>>node.lock
	flock 9
	run --separate-stderr bash -c "exec 9>&-
	    exec bzn-settle --now $clock --timeout 0"
	exec 9>&-
	[[ $status == 6 && $stderr == "bzn-settle: waited 0 ms for the lock, \
held by bzn-"*" (lock_timeout)" ]] || fail "$stderr"
	is 7 "" "bzn-settle: cannot write standard output (output_failed)" \
	    sh -c "bzn-settle --now $clock --accept-clock >/dev/full"
	balances 90.00 109.20 0.80
	rm bzn.conf
	is 9 "" "bzn-settle: --now is for homes whose bzn.conf says \
'test_clock yes' (test_clock_off)" at bzn-settle
}

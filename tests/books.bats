# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# One command says whether the books are true, and locks follow it
# (spec/vmp.md 4.3, 10.2).
load common

# books FILTER: of the record of TCK.
books() {
	at bzn-ledger reconcile 2>/dev/null |
	    jq -c "select(.unit == \"TCK\") | $1"
}

@test "vmp 13.13: a balance that was changed is named, and locks are refused" {
	trade
	echo '{}' >job.json
	tamper "UPDATE ledger_account SET cr = cr + 1 WHERE name = 'bob'"
	run --separate-stderr at bzn-ledger reconcile
	[[ $status == 1 && $stderr == "bzn-ledger: the books do not balance \
(books_unequal)" ]] || fail "$status $stderr"
	record=$output
	is 0 '[false,[{"account":"bob","stored":"99.51","computed":"99.50"}]]' \
	    "" jq -c '[.valid, .mismatches]' <<<"$record"
	is 0 '["CONSERVATION_VIOLATION",false,false,true]' "" jq -c \
	    '[.conservation.flag, .checks.conservation, .checks.double_entry,
	    .checks.refund_timeliness]' <<<"$record"
	keeps is 6 "" "bzn-escrow: the check of the ledger failed at \
2026-11-20T08:00:00.000Z: new locks are refused until it succeeds \
(ledger_invalid)" at bzn-escrow lock -b alice -s "$skill" -i job.json
	keeps is 6 "" "bzn-escrow: the check of the ledger failed at \
2026-11-20T08:00:00.000Z: new locks are refused until it succeeds \
(ledger_invalid)" at bzn-escrow bounty create --as alice --reward 10 \
	    --title 'Write it' --description 'whatever it may be'
	pass 86400
	# The first answer holds until there is another.
	run --separate-stderr at bzn-ledger reconcile
	[[ $status == 1 ]]
	is 6 "" "bzn-escrow: the check of the ledger failed at \
2026-11-20T08:00:00.000Z: new locks are refused until it succeeds \
(ledger_invalid)" at bzn-escrow lock -b alice -s "$skill" -i job.json
	tamper "UPDATE ledger_account SET cr = cr - 1 WHERE name = 'bob'"
	at bzn-ledger reconcile >out
	buy alice "$skill" >out
	sound
}

@test "an answer that stays the same writes nothing" {
	trade
	keeps at bzn-ledger reconcile >out
	tamper "UPDATE ledger_account SET cr = cr + 1 WHERE name = 'bob'"
	run at bzn-ledger reconcile
	keeps run at bzn-ledger reconcile
	# What is locked already goes its way.
	deliver "$task"
	pass 86400
	is 0 SETTLED "" bash -c "bzn-settle --now $clock | jq -r .status"
}

@test "an escrow that holds too much, and one of nobody" {
	trade
	tamper "UPDATE escrow_escrow SET amount_minor = 999"
	run --separate-stderr bzn-ledger reconcile
	record=$output
	is 0 "[\"$escrow\",\"10.00\",\"9.99\"]" "" jq -c \
	    '.mismatches[] | [.account, .stored, .computed]' <<<"$record"
	is 0 '[{"node_id":"alice","stored":"10.00","computed":"9.99"}]' "" \
	    jq -c '.purses | map({node_id, stored, computed})' <<<"$record"
	tamper "UPDATE escrow_escrow SET amount_minor = 1000"
	sound
	tamper "UPDATE node_purse SET sales = 2 WHERE node_id = 'bob'"
	is 0 '[[{"node_id":"bob","stored":"0.00","computed":"0.00",'\
'"stored_sales":2,"computed_sales":1}],false,true]' "" books '[.purses,
	    .checks.purses, .checks.conservation]'
	# No reason not to lock.
	run bzn-ledger reconcile
	[[ $status == 1 ]]
	buy alice "$skill" >out
}

@test "what is parked is late for a reason, and is told of apart" {
	trade
	sqlite3 node.db "UPDATE ledger_account SET closed = 1
	    WHERE name = 'alice'"
	pass 259200
	run at bzn-settle
	pass 3600
	run at bzn-settle
	is 0 '[false,[],false]' "" books '[.valid, .parked,
	    .checks.refund_timeliness]'
	run at bzn-settle
	run at bzn-settle
	run at bzn-settle
	is 0 "[true,[\"$escrow\"],true]" "" books '[.valid, .parked,
	    .checks.refund_timeliness]'
}

@test "vmp 13.12: a shadow task and a node of the operator raise no alarm" {
	trade
	echo '{}' >job.json
	at bzn-escrow shadow -b alice -s "$skill" -i job.json >out
	at bzn-node add house --realm production >out
	sound
}

@test "vmp 13.52, S2, S13: sandbox nodes trade for ten seconds and end" {
	local a b

	home
	a=$(at bzn-node sandbox | jq -r .node_id)
	b=$(at bzn-node sandbox | jq -r .node_id)
	skill=$(offer "$b" 50)
	task=$(buy "$a" "$skill")
	deliver "$task"
	pass 9
	is 0 "" "" at bzn-settle
	pass 1
	at bzn-settle >out
	has "$b" 10048.00 SBX
	has "$a" 9950.00 SBX
	has VAULT 2.00 SBX
	has MINT -20000.00 SBX
	task=$(buy "$a" "$skill")
	pass $((7 * 86400 - 10))
	# Who has something open keeps it, and his bounties end.
	at bzn-settle --only sandbox >out
	is 0 '["EXPIRED","EXPIRED"]' "" jq -sc 'map(.status)' out
	is 0 "" "" at bzn-settle --only sandbox
	at bzn-settle >out
	is 0 '["REFUNDED","BURNT","BURNT"]' "" jq -sc 'map(.status)' out
	has "$a" 0.00 SBX
	has "$b" 0.00 SBX
	has VAULT 2.00 SBX
	has MINT -2.00 SBX
	sound
	is 0 "" "" at bzn-settle
}

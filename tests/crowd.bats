# shellcheck shell=bats disable=SC1010,SC2016,SC2030,SC2031,SC2034,SC2154
# Many processes that buy, settle and resolve the same things at once: the
# rows of spec/vmp.md 13 that are about that.
load common

# go NAME COMMAND...: in the background; its output is NAME.out and NAME.err,
# its status NAME.status.
go() {
	local name=$1

	shift
	{
		if "$@"; then echo 0 >&4; else echo $? >&4; fi
	} 3>&- >"$name.out" 2>"$name.err" 4>"$name.status" &
}

# ended NAME WANT: once all are done, the statuses of NAME*, counted.
ended() {
	wait
	is 0 "$2" "" bash -c "cat $1*.status | sort -n | uniq -c |
	    awk '{ print \$2 \"x\" \$1 }' | paste -sd' '"
}

# matured N PRICE: so many delivered tasks of alice's at bob's, due now.
matured() {
	local i

	skill=$(offer bob "$2")
	for ((i = 0; i < $1; i++)); do
		jq -nc --arg skill "$skill" '{buyer_id: "alice",
		    skill_id: $skill, input: {}}'
	done | at bzn-escrow lock >tasks
	jq -c '{task_id, output: {a: 1}}' tasks | at bzn-escrow complete >out
	pass 86400
}

@test "vmp 13.1, S11: 200 purchases at once by one node move 200.00" {
	local i buyer seller

	home
	buyer=$(at bzn-node sandbox | jq -r .node_id)
	seller=$(at bzn-node sandbox | jq -r .node_id)
	skill=$(offer "$seller" 1)
	echo '{}' >job.json
	for i in {1..200}; do
		go "b$i" at bzn-escrow lock -b "$buyer" -s "$skill" \
		    -i job.json --timeout 60
	done
	ended b 0x200
	has "$buyer" 9800.00 SBX
	is 0 200 "" sqlite3 node.db "SELECT count(*) FROM escrow_escrow
	    WHERE state = 'PENDING' AND amount_minor = 100"
	is 0 200 "" bash -c 'cat b*.out | jq -r .task_id | sort -u | wc -l'
	sound
}

@test "vmp 13.2: 40 party settles at once of one escrow pay once" {
	local i

	home
	member alice bob
	matured 1 10
	escrow=$(jq -r .escrow_id tasks)
	for i in {1..20}; do
		go "a$i" at bzn-settle "$escrow" --as alice --proof-hash h
		go "b$i" at bzn-settle "$escrow" --as bob --proof-hash h
	done
	ended '[ab]' "0x1 9x39"
	is 0 39 "" bash -c 'cat [ab]*.err | grep -c "(wrong_state)\$"'
	is 0 '["SETTLED","9.70"]' "" bash -c \
	    'cat [ab]*.out | jq -c "[.status, .payout]"'
	has bob 109.20
	sound
}

@test "vmp 13.3, S12: four sweeps at once, one of them killed, pay 60 once" {
	local i victim line

	home 'settle_batch 5' 'canary_exposure_pct 0'
	member alice bob
	mint alice 1000
	matured 60 10
	mkfifo first
	bzn-settle --now "$clock" >first 2>killed.err 3>&- &
	victim=$!
	exec 8<first
	read -r -t 60 line <&8
	for i in 1 2 3; do
		go "s$i" at bzn-settle
	done
	kill -9 $victim 2>/dev/null || :
	wait || :
	exec 8<&-
	is 0 "" "" cat s*.err
	at bzn-settle >s5.out
	is 0 60 "" sqlite3 node.db "SELECT count(*) FROM escrow_escrow
	    WHERE state = 'SETTLED'"
	is 0 60 "" sqlite3 node.db "SELECT count(*) FROM ledger_entry
	    WHERE id LIKE '%:close'"
	has bob 681.50
	has VAULT 18.50
	sound
}

@test "vmp 13.7: resolutions at once, mixed: one wins" {
	local i

	trade
	deliver "$task"
	at bzn-escrow dispute "$task" --reason bad >out
	for i in {1..5}; do
		go "r$i" at bzn-escrow resolve "$task" --to refund_buyer
		go "s$i" at bzn-escrow resolve "$task" --to release_to_seller
	done
	ended '[rs]' "0x1 9x9"
	is 0 9 "" bash -c 'cat [rs]*.err | grep -c "(wrong_state)\$"'
	sound
}

@test "vmp 13.8: award and cancel, dispute and settle, deliver and refund" {
	local i won

	home 'canary_exposure_pct 0'
	member alice bob
	skill=$(offer bob 1)
	echo '{"a":1}' >out.json
	for i in 1 2 3; do
		bounty=$(at bzn-escrow bounty create --as alice --reward 10 \
		    --title 'Write it' --description 'whatever it may be' |
		    jq -r .bounty_id)
		won=$(echo done | at bzn-escrow bounty submit "$bounty" \
		    --as bob --content - | jq -r .submission_id)
		go "x$i" at bzn-escrow bounty award "$bounty" "$won"
		go "y$i" at bzn-escrow bounty cancel "$bounty"
		ended "[xy]$i" "0x1 9x1"
		task=$(buy alice "$skill")
		go "c$i" at bzn-escrow complete "$task" --output out.json
		go "d$i" at bzn-escrow refund "$task" --reason MANUAL --as bob
		wait
		# A refund may follow a delivery; never the other way round.
		is 0 "" "" bash -c "cat c$i.status d$i.status | sort -n |
		    paste -sd' ' | grep -vx -e '0 9' -e '0 0' || :"
		task=$(buy alice "$skill")
		deliver "$task"
		pass 86400
		go "e$i" at bzn-escrow dispute "$task" --reason bad
		go "f$i" at bzn-settle "$task" --as bob --proof-hash h
		ended "[ef]$i" "0x1 9x1"
		is 0 0 "" cat "f$i.status"
	done
	is 0 "" "" sqlite3 node.db "SELECT id FROM escrow_escrow
	    WHERE state NOT IN ('SETTLED', 'REFUNDED')"
	sound
}

@test "vmp 13.10: amounts of less than a cent are no amounts" {
	local price

	home
	member alice bob
	for price in 0.004 0.333 0 0.001 -1 1e-3; do
		run --separate-stderr at bzn-market publish --provider bob \
		    --price="$price" --label x
		[[ $status == 3 && -z $output ]] || fail "$price: $status"
		run --separate-stderr at bzn-escrow lock --buyer alice \
		    --seller bob --amount="$price"
		[[ $status == 3 && -z $output ]] || fail "$price: $status"
	done
	is 0 0 "" sqlite3 node.db "SELECT count(*) FROM market_skill"
	is 0 0 "" sqlite3 node.db "SELECT count(*) FROM escrow_escrow"
	has alice 100.00
}

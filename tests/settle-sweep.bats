# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2154,SC2165,SC2167
# Sweeps: what fails is counted, parked and tried again by hand; phases; one
# sweep after another; and what waits for a person.
load common

# work NODE...: a delivered task of alice's at each, at 1.00; $task, $escrow
# are the first one's.
work() {
	local n t

	task=
	for n; do
		skill=$(offer "$n" 1)
		t=$(buy alice "$skill")
		deliver "$t"
		task=${task:-$t}
	done
	escrow=$(bzn-escrow show "$task" | jq -r .escrow_id)
}

# sweeps STATUS ERR RECORDS...: a sweep, and what it prints of each record.
sweeps() {
	local status_want=$1 err_want=$2 got

	shift 2
	run --separate-stderr at bzn-settle
	got=$(jq -r '.status + (.seller_id // .buyer_id // "" |
	    if . == "" then "" else " " + . end)' <<<"$output")
	[[ $status == "$status_want" && $stderr == "$err_want" &&
	    $got == "$(printf '%s\n' "$@")" ]] ||
	    fail "$status '$got' '$stderr' of '$output'"
}

@test "what fails five times is parked: told of once, passed, and kept" {
	local why i

	home
	member alice bob carol
	work bob carol
	sqlite3 node.db "UPDATE ledger_account SET closed = 1
	    WHERE name = 'bob'"
	pass 86400
	why="bzn-settle: escrow '$escrow': 'bob' is closed (account_closed)"
	sweeps 9 "$why" "SETTLED carol"
	for i in 2 3 4; do
		is 9 "" "$why" at bzn-settle
		is 4 "" "bzn-settle: 'x' has not failed (not_parked)" \
		    at bzn-settle --retry x
	done
	is 9 "{\"status\":\"PARKED\",\"id\":\"$escrow\",\"phase\":\"settle\",\
\"failures\":5,\"code\":\"account_closed\",\"reason\":\"'bob' is closed\"}" \
	    "$why" at bzn-settle
	keeps is 0 "" "" at bzn-settle
	is 1 "{\"finding\":\"parked\",\"id\":\"$escrow\",\"phase\":\"settle\",\
\"failures\":5,\"code\":\"account_closed\",\"reason\":\"'bob' is closed\",\
\"since\":\"2026-11-21T08:00:00.000Z\"}" "bzn-settle: something waits for a \
person (needs_a_person)" at bzn-settle --check
	# By hand it is tried again, and is parked until that helps.
	keeps is 9 "" "bzn-settle: 'bob' is closed (account_closed)" \
	    at bzn-settle --retry "$escrow"
	sqlite3 node.db "UPDATE ledger_account SET closed = 0
	    WHERE name = 'bob'"
	is 0 "" "" at bzn-settle
	is 0 '["SETTLED","bob","0.97"]' "" bash -c "bzn-settle --now $clock \
	    --retry $escrow | jq -c '[.status, .seller_id, .payout]'"
	is 4 "" "bzn-settle: '$escrow' has not failed (not_parked)" \
	    at bzn-settle --retry "$escrow"
	is 0 "" "" at bzn-settle --check
	has bob 100.47
	sound
}

@test "what failed and then goes well is forgotten" {
	local i

	home
	member alice bob
	work bob
	pass 86400
	for i in 1 2; do
		sqlite3 node.db "UPDATE ledger_account SET closed = 1
		    WHERE name = 'bob'"
		for i in 1 2 3 4; do
			is 9 "" "bzn-settle: escrow '$escrow': 'bob' is \
closed (account_closed)" at bzn-settle
		done
		sqlite3 node.db "UPDATE ledger_account SET closed = 0
		    WHERE name = 'bob'"
		sweeps 0 "" "SETTLED bob"
		is 0 0 "" sqlite3 node.db "SELECT count(*) FROM settle_failure"
		work bob
		pass 86400
	done
	sound
}

@test "a dry run counts no failure" {
	home
	member alice bob
	work bob
	sqlite3 node.db "UPDATE ledger_account SET closed = 1
	    WHERE name = 'bob'"
	pass 86400
	keeps is 9 "" "bzn-settle: escrow '$escrow': 'bob' is closed \
(account_closed)" at bzn-settle --dry-run
}

@test "one whose id was posted by hand holds up nobody" {
	home
	member alice bob carol
	work bob carol
	tamper "UPDATE ledger_entry SET id = '$escrow:close' WHERE seq = 2"
	pass 86400
	sweeps 10 "bzn-settle: escrow '$escrow': '$escrow:close' is known as \
entry 2 with other type, legs, ref (id_conflict)" "SETTLED carol"
	has bob 99.50
	has carol 100.47
}

@test "one whose account holds another amount holds up nobody" {
	home
	member alice bob carol dave
	work bob carol
	sqlite3 node.db "UPDATE ledger_account SET dr = 50
	    WHERE name = 'ESCROW:$escrow'"
	pass 86400
	sweeps 9 "bzn-settle: escrow '$escrow': 'ESCROW:$escrow' cannot cover \
it (insufficient_funds)" "SETTLED carol"
	has bob 99.50
	has "ESCROW:$escrow" 0.50
}

@test "one whose rows are no good holds up nobody" {
	home
	member alice bob carol
	work bob carol
	tamper "UPDATE escrow_task SET state = 'OPEN'
	    WHERE escrow_id = '$escrow'"
	pass 86400
	run --separate-stderr at bzn-settle
	[[ $status == 9 && ${#stderr_lines[@]} == 1 ]] || fail "$stderr"
	is 0 carol "" jq -r .seller_id <<<"$output"
}

@test "one that the store refuses at the commit is found, and is parked" {
	local n

	home 'settle_max_failures 2'
	member alice bob carol dave
	work carol bob dave
	sqlite3 node.db "CREATE TRIGGER poison BEFORE UPDATE ON ledger_account
	    WHEN NEW.name = 'bob'
	    BEGIN SELECT RAISE(ABORT, 'poison'); END"
	pass 86400
	for n in 1 2; do
		run --separate-stderr at bzn-settle
		[[ $status == 9 && $stderr == "bzn-settle: escrow '"*"': \
store: poison (store_refused)" ]] || fail "$status $stderr"
		jq -r '[.status, .seller_id // empty] | join(" ")' \
		    <<<"$output" >>out
	done
	is 0 "PARKED
SETTLED carol
SETTLED dave" "" sort out
	is 0 "" "" at bzn-settle
	sqlite3 node.db "DROP TRIGGER poison"
	at bzn-settle --retry \
	    "$(sqlite3 node.db 'SELECT id FROM settle_failure')" >out
	has bob 100.47
	sound
}

@test "--only: one phase, or some" {
	home
	member alice bob
	skill=$(offer bob 1)
	buy alice "$skill" >out
	pass 172800
	work bob
	pass 86400
	keeps is 2 "" "bzn-settle: --only: there is no phase 'x' (usage)" \
	    at bzn-settle --only settle,x
	keeps is 2 "" "bzn-settle: --only: which phases? (usage)" \
	    at bzn-settle --only ''
	is 0 REFUNDED "" bash -c "bzn-settle --now $clock --dry-run \
	    --only refund | jq -r .status"
	is 0 $'SETTLED\nREFUNDED' "" bash -c "bzn-settle --now $clock \
	    --dry-run --only refund,settle | jq -r .status"
	is 0 SETTLED "" bash -c "bzn-settle --now $clock --only settle |
	    jq -r .status"
	is 0 "" "" at bzn-settle --only settle
	is 0 REFUNDED "" bash -c "bzn-settle --now $clock | jq -r .status"
}

@test "--watch: sweeps at each interval, and at deadlines between" {
	home 'settlement_interval 1h'
	member alice bob
	work bob
	pass 600
	work bob
	pass 81000
	# 07:40, then 40 minutes short of an hour to the first deadline.
	at bzn-settle --watch --sweeps 4 >out
	is 0 '2026-11-21T08:00:00.000Z
2026-11-21T08:10:00.000Z' "" jq -r .closed_at out
	is 2 "" "bzn-settle: --watch does not wait with --now: say after how \
many --sweeps it ends (usage)" at bzn-settle --watch
	sound
}

@test "--watch: prints as it goes, and ends with SIGTERM or SIGINT" {
	local signal line

	# On the real clock: what is due has been for a day.
	clock=@$(($(date +%s%3N) - 2 * 86400000))
	for signal in TERM INT; do
		mkdir $signal
		export BZN_HOME=$PWD/$signal
		echo 'test_clock yes' >$signal/bzn.conf
		at bzn-ledger init --no-node --origin ledger.example/test >made
		member alice bob
		work bob
		mkfifo $signal/out
		bzn-settle --watch >$signal/out 2>err 3>&- &
		exec 8<$signal/out
		read -r -t 60 line <&8
		is 0 SETTLED "" jq -r .status <<<"$line"
		kill -s $signal $!
		wait $!
		exec 8<&-
		is 0 "" "" cat err
		sound
	done
}

@test "--watch: waits for who has the lock, again and again" {
	home
	member alice bob
	work bob
	exec 9>>node.lock
	flock 9
	run --separate-stderr bash -c "exec 9>&-
	    exec bzn-settle --now $clock --watch --sweeps 2 --timeout 0"
	exec 9>&-
	[[ $status == 6 && ${#stderr_lines[@]} == 2 ]] || fail "$stderr"
}

@test "--check: what waits too long, and for whom" {
	home
	member alice bob
	skill=$(offer bob 1)
	open=$(buy alice "$skill")
	claimed=$(buy alice "$skill")
	at bzn-escrow claim "$claimed" >out
	disputed=$(buy alice "$skill")
	deliver "$disputed"
	at bzn-escrow dispute "$disputed" -r bad >out
	done=$(buy alice "$skill")
	deliver "$done"
	is 0 "" "" at bzn-settle --check
	pass 7199
	is 0 "" "" at bzn-settle --check
	pass 1
	is 1 "task_open $open" "bzn-settle: something waits for a person \
(needs_a_person)" checked --now "$clock"
	pass 7200
	is 1 "task_in_progress $claimed
task_open $open" "bzn-settle: something waits for a person \
(needs_a_person)" checked --now "$clock"
	pass $((86400 - 14400 + 60))
	done=$(bzn-escrow show "$done" | jq -r .escrow_id)
	is 1 "settle_overdue $done
task_in_progress $claimed
task_open $open" "bzn-settle: something waits for a person \
(needs_a_person)" checked --now "$clock"
	at bzn-settle >out
	pass $((2 * 86400))
	is 1 "refund_overdue
refund_overdue" "bzn-settle: something waits for a person \
(needs_a_person)" checked --now "$clock" short
	at bzn-settle >out
	is 0 "" "" at bzn-settle --check
	pass $((4 * 86400))
	disputed=$(bzn-escrow show "$disputed" | jq -r .escrow_id)
	is 1 "dispute_stale $disputed" "bzn-settle: something waits for a \
person (needs_a_person)" checked --now "$clock"
	keeps at bzn-settle --check >out || :
}

# checked --now TIME [short]: the findings, and the status of --check.
checked() {
	local rc=0

	bzn-settle "$1" "$2" --check >found || rc=$?
	jq -r --arg short "${3:-}" '.finding + if $short == "" then " " +
	    (.task_id // .escrow_id // .id) else "" end' found | sort
	return $rc
}

@test "a party settles: its own, when it is due, and once" {
	trade
	is 9 "" "bzn-settle: the escrow is PENDING, and not ready for \
settlement (wrong_state)" at bzn-settle "$task" --as bob --proof-hash h
	deliver "$task"
	keeps is 5 "" "bzn-settle: 'carol' is no party to this escrow \
(not_escrow_party)" at bzn-settle "$escrow" --as carol --proof-hash h
	keeps is 9 "" "bzn-settle: nothing is due until \
2026-11-21T08:00:00.000Z (window_open)" at bzn-settle "$task" --as bob \
	    --proof-hash h
	pass 86400
	at bzn-settle "$escrow" --as bob --proof-hash h --id k >first
	is 0 "[\"SETTLED\",\"9.70\",\"0.30\",\"rcpt_$task\"]" "" \
	    jq -c '[.status, .payout, .tax, .receipt_id]' first
	keeps is 0 "$(sed 's/}$/,"idempotent":true}/' first)" "" \
	    at bzn-settle "$escrow" --as bob --proof-hash h --id k
	keeps is 9 "" "bzn-settle: the escrow is SETTLED, and not ready for \
settlement (wrong_state)" at bzn-settle "$escrow" --as alice --proof-hash h \
	    --id k
	has bob 109.20
	is 0 h "" sqlite3 node.db \
	    "SELECT settle_proof_hash FROM escrow_escrow"
	sound
}

@test "a direct escrow and a shadow task are swept as well" {
	home
	member alice bob
	skill=$(offer bob 1)
	echo '{}' >job.json
	at bzn-escrow lock --buyer alice --seller bob --amount 10 >late.json
	at bzn-escrow lock --buyer alice --seller bob --amount 5 >paid.json
	at bzn-escrow complete "$(jq -r .escrow_id paid.json)" --as bob \
	    --proof-hash h >out
	at bzn-escrow shadow --buyer alice --skill "$skill" \
	    --input job.json >shadow.json
	pass 86400
	is 0 "[\"$(jq -r .escrow_id paid.json)\",null,\"SETTLED\"]" "" \
	    bash -c "bzn-settle --now $clock |
	    jq -c '[.escrow_id, .task_id, .status]'"
	pass 172800
	is 0 "[\"$(jq -r .escrow_id late.json)\",null,\"REFUNDED\"]
[null,\"$(jq -r .task_id shadow.json)\",\"REFUNDED\"]" "" \
	    bash -c "bzn-settle --now $clock |
	    jq -c '[.escrow_id, .task_id, .status]'"
	is 0 "" "" at bzn-settle
	has alice 95.00
	has bob 104.35
	sound
}

@test "vmp 13.37: a party that settles what broke a rule gives it back" {
	trade
	deliver "$task" '{}'
	pass 86400
	is 0 "[\"REFUNDED\",\"10.00\",\"PROOF_MISSING\",\"rcpt_$task\"]" "" \
	    bash -c "bzn-settle $task --as bob --now $clock --proof-hash h |
	    jq -c '[.status, .amount, .reason, .receipt_id]'"
	has bob 99.50
	has alice 100.00
	sound
}

@test "settle: what does not go together" {
	local what

	home
	while read -r what; do
		# shellcheck disable=SC2086
		run --separate-stderr at bzn-settle $what
		[[ $status == 2 && -z $output && $stderr == *"(usage)" ]] ||
		    fail "$what: $status $output $stderr"
	done <<-'END'
		task --check
		task --retry x
		task --watch
		task --only refund
		--check --retry x
		--check --watch
		--watch --dry-run --sweeps 1
		--check --limit 1
		--sweeps 1
		--as bob
		--proof-hash h
		- --as bob
		--id k
	END
}

# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Clocks: a day behind, ten years ahead, of 1970, over the end of 32 bits,
# through a leap second, and stuck.  The time of the log never falls, nothing
# falls due early, and a clock that nobody can believe is not believed.
load common

behind=-86400 ten_years=$((3652 * 86400))

# A home where bob has delivered, and will be paid a day later.
delivered() {
	home 'canary_exposure_pct 0'
	member alice bob
	skill=$(offer bob 1)
	task=$(buy alice "$skill")
	deliver "$task"
}

# rises: log time never falls; and all else is true.
rises() {
	bzn-ledger export leaves | jq '.at_ms' >at.txt
	sort -n at.txt | diff at.txt - || fail "time falls"
	is 0 "" "" bzn-ledger verify -q --max-age 9999d
}

status_of() {
	bzn-escrow show "$task" | jq -r .escrow_status
}

pay() {
	at bzn-ledger transfer alice bob 0.01 TCK "$@"
}

@test "a clock a day behind: the log goes on from its own time" {
	delivered
	pass 3600
	pay --id a >out
	pass "$behind"
	is 0 2026-11-20T09:00:00.000Z "" bash -c \
	    'bzn-ledger --now "$1" transfer alice bob 0.01 TCK | jq -r .at' - \
	    "$clock"
	at bzn-ledger checkpoint >out
	is 0 "" "" at bzn-settle
	[[ $(status_of) == AWAITING_SETTLEMENT ]]
	# Not early by that hour, nor late by that day.
	clock=@$((1795161600000 + 86400000 - 1))
	is 0 "" "" at bzn-settle
	clock=@$((1795161600000 + 86400000))
	at bzn-settle >out
	[[ $(status_of) == SETTLED ]]
	rises
}

@test "a clock ten years ahead, or of 1970: nothing is done, and it is said" {
	local why

	delivered
	before=$(sqlite3 node.db .dump)
	for clock in @0 @1000 @1735689599999 \
	    "@$((1795161600000 + ten_years * 1000))"; do
		why="over 366 days ahead of the log"
		((${#clock} > 13 && ${clock#@} > 1795161600000)) ||
		    why="a time before 2025"
		run --separate-stderr pay
		[[ $status == 7 && -z $output && $stderr == *"$why"*\
"(clock_unsane)" ]] || fail "$clock: $status $stderr"
		is 7 "" "$stderr" pay --dry-run
		run --separate-stderr at bzn-settle
		[[ $status == 7 && -z $output && $stderr == *"$why"* ]]
		run --separate-stderr at bzn-ledger import <<-'END'
			{"id":"x","from":"alice","to":"bob","amount":"1","unit":"TCK"}
		END
		[[ $status == 7 && -z $output && $stderr == *"$why"* ]] ||
		    fail "import: $status, '$output', '$stderr'"
		run --separate-stderr at bzn-ledger checkpoint
		[[ $status == 7 && -z $output && $stderr == *"$why"* ]] ||
		    fail "checkpoint: $status, '$output', '$stderr'"
		run --separate-stderr at bzn-escrow dispute "$task" \
		    --reason BUYER_DISPUTE
		[[ $status == 7 && -z $output && $stderr == *"$why"* ]] ||
		    fail "dispute: $status, '$output', '$stderr'"
		# Questions are answered all the same, and doctor says why.
		at bzn-ledger balance >out
		is 0 "" "" at bzn-ledger verify -q --max-age 9999d
		is 0 bad "" bash -c 'bzn-ledger doctor --now "$1" 2>/dev/null |
		    jq -r "select(.check == \"clock\").result"' - "$clock"
	done
	[[ $before == "$(sqlite3 node.db .dump)" ]] || fail "changed"
	[[ $(status_of) == AWAITING_SETTLEMENT ]]
	# Who means it says so; and the log does not come back from there.
	clock=@$((1795161600000 + ten_years * 1000))
	pay --accept-clock >out
	pass $((-ten_years))
	is 0 "2036-11-19T08:00:00.000Z" "" bash -c 'bzn-ledger --now "$1" \
	    transfer alice bob 0.01 TCK | jq -r .at' - "$clock"
	rises
}

@test "over the last second of 32 bits" {
	home
	clock=@2147483640000
	at bzn-ledger transfer MINT alice 1 TCK --type CREDIT_ISSUE \
	    --accept-clock >out
	for _ in {1..6}; do
		pass 3
		pay >out
	done
	at bzn-ledger checkpoint >out
	is 0 '2038-01-19T03:14:00.000Z
2038-01-19T03:14:03.000Z
2038-01-19T03:14:06.000Z
2038-01-19T03:14:09.000Z
2038-01-19T03:14:12.000Z
2038-01-19T03:14:15.000Z
2038-01-19T03:14:18.000Z' "" bash -c 'bzn-ledger history alice | jq -r .at'
	is 0 0.97 "" bash -c 'bzn-ledger balance alice \
	    --at 2038-01-19T03:14:10Z | jq -r .balance'
	is 1 "" "" bash -c 'bzn-ledger export csv | tail -n +3 |
	    grep -v ",2038-01-19T03:14:"'
	rises
}

@test "through a leap second, which the clock says twice" {
	local ms

	home
	# 2026-12-31T23:59:59, and the same second again.
	for ms in 500 999 000 400 999; do
		clock=@1798761599$ms
		at bzn-ledger transfer MINT alice 1 TCK --type CREDIT_ISSUE \
		    >>out
	done
	clock=@1798761600000
	at bzn-ledger transfer MINT alice 1 TCK --type CREDIT_ISSUE >>out
	is 0 '2026-12-31T23:59:59.500Z
2026-12-31T23:59:59.999Z
2026-12-31T23:59:59.999Z
2026-12-31T23:59:59.999Z
2026-12-31T23:59:59.999Z
2027-01-01T00:00:00.000Z' "" jq -r .at out
	# It has no number of its own, and so no time is written like that.
	run --separate-stderr bzn-ledger balance --at 2026-12-31T23:59:60Z
	[[ -z $output && $stderr == *"is not a time like"* ]]
	rises
}

@test "a clock that is stuck: the order is that of the entries" {
	delivered
	for i in {1..20}; do
		pay --id "s$i" >>out
	done
	is 0 2026-11-20T08:00:00.000Z "" bash -c 'jq -r .at out | uniq'
	is 0 "" "" bash -c 'jq .seq out | sort -nc'
	is 0 "" "" at bzn-settle
	at bzn-ledger checkpoint >out
	at bzn-ledger checkpoint >again
	diff out again
	rises
}

@test "a clock that goes to and fro: the old key of a log lives its time" {
	home
	at bzn-ledger checkpoint rotate --reason scheduled >out
	[[ -e identity/log_old.pem ]]
	clock=@$((1795161600000 + ten_years * 1000))
	run at bzn-ledger checkpoint
	[[ $status == 7 && -e identity/log_old.pem ]]
	clock=@$((1795161600000 + 29 * 86400000))
	at bzn-ledger transfer MINT alice 1 TCK --type CREDIT_ISSUE >out
	at bzn-ledger checkpoint >out
	[[ $(grep -c '^— ' out) == 2 && -e identity/log_old.pem ]]
	pass $((2 * 86400))
	at bzn-ledger transfer MINT alice 1 TCK --type CREDIT_ISSUE >out
	at bzn-ledger checkpoint >out
	[[ $(grep -c '^— ' out) == 1 && ! -e identity/log_old.pem ]]
	rises
}

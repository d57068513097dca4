# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2119,SC2120,SC2034,SC2094,SC2154
# Sweeps, deliveries, reports, pages and checks of one home, all at once, by a
# real clock, some of them killed, while nodes go down and come back: each
# incident is told of once, each way, once more at most for each who was killed
# at it; and what is locked is said to be, in our own words.
#
# BZN_ROUNDS	how often nodes go down: 1
load common

setup() {
	local name port seed

	export PATH="$BZN_BUILD/bin:$BZN_BUILD/tools:$PATH"
	export LC_ALL=C NO_COLOR=1 BZN_HOME="$BATS_TEST_TMPDIR/home"
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir home page box
	mkfifo told said
	python3 "$BZN_SRC/tests/tools/turns.py" a b c <told >said \
	    2>turns.said 3>&- &
	exec 8>told 9<said
	printf '%s\n' 'health_confirm_least 1ms' 'health_confirm_most 1ms' \
	    'health_flap_start 100' >home/bzn.conf
	bzn-ledger init --no-node --origin ledger.example/test >made.json
	while read -r name port seed <&9 && [[ $name != ready ]]; do
		identity "$name" "$seed"
		bzn-card show --home "$name" --name "$name" \
		    --endpoint "http://127.0.0.1:$port" >"$name.card"
		bzn-card import --pin "$name.card" >imported
	done
	printf '#!/bin/sh\ncat >$(mktemp box/XXXXXX)\n' >keep
	chmod +x keep
}

teardown() {
	exec 8>&- 9<&-
	wait
}

says() {
	local ignored

	echo "$1 $2" >&8
	read -r ignored <&9
}

# beside NAME COMMAND...: again and again until there is a file "stop"; how it
# went, a line each time.
beside() {
	local name=$1

	shift
	while [[ ! -e stop ]]; do
		went "$name" "$@"
	done 3>&- 8>&- &
	crowd+=($!)
}

# went NAME COMMAND...: once, and written down.
went() {
	local name=$1 got=0

	shift
	"$@" </dev/null >>"$name.out" 2>"$name.err" || got=$?
	echo "${name%[0-9]} $got $(<"$name.err")" >>"$name.log"
}

sweep() {
	bzn-ping sweep --allow-private
}

# killed COMMAND...: soon, if it has not ended by then.
killed() {
	timeout --foreground -s KILL "0.0$((RANDOM % 80 + 10))" "$@"
}

# until_it_is STATE NODE: others sweep, and we do.
until_it_is() {
	local state turns=0

	until state=$(bzn-ping report --json "$2" </dev/null 2>mine.err |
	    jq -r .state) && [[ $state == "$1" ]]; do
		((turns++ < 500)) || fail "$2 is $state, not $1"
		went mine sweep
	done
}

@test "all at once: none lost, none twice, and nobody sees a lock" {
	local n rounds=${BZN_ROUNDS:-1} crowd=() at

	says a g
	sweep >first </dev/null
	for n in 1 2; do
		beside "sweep$n" sweep
		beside "alert$n" bzn-ping alert --mail ./keep
	done
	beside sweepk killed bzn-ping sweep --allow-private
	beside alertk killed bzn-ping alert --mail ./keep
	beside report bzn-ping report --window 1h
	beside status bzn-ping status --out page --prom prom
	beside incidents bzn-ping incidents
	beside check bzn-ping check c
	beside verify bzn-ledger verify -q
	beside push bzn-ping push --name job --status 0
	for ((n = 0; n < rounds; n++)); do
		says a f
		says b f
		until_it_is down a
		until_it_is down b
		says a g
		until_it_is up a
		says b g
		until_it_is up b
	done
	touch stop
	wait "${crowd[@]}"
	went alert1 bzn-ping alert --mail ./keep
	sort ./*.log | uniq -c | sort -rn >ways
	awk '{ n[$2] += $1 } END { for (w in n) printf "%s, %d ", w, n[w] }' \
	    ways | sed 's/^/# /; s/ $/\n/; s/, / /g' >&3
	# Of what there may be to say.
	is 0 "" "" sed -E 's/^ *[0-9]+ //
	    /^[a-z]+ 0 $/d
	    /^(sweep|alert)k (124|137) ($|.*\((lock_timeout|node_down)\)$)/d
	    /^status 0 bzn-ping: the page is not signed: /d
	    /^(sweepk?|mine|report|check) 1 .*\(node_down\)$/d
	    /^(sweepk?|mine) 6 .* has .*\/sweep\.lock.*\(lock_timeout\)$/d
	    /^alertk? 6 .* has .*\/alert\.lock.*\(lock_timeout\)$/d' ways
	# Each incident of each node is told of by one of each kind.
	is 0 "a|$rounds|$rounds
b|$rounds|$rounds" "" sqlite3 home/node.db "SELECT name, count(*),
	    count(ended_ms) FROM health_incident i JOIN health_node h
	    ON i.node = h.id GROUP BY 1"
	is 0 "0|sent|1|$((2 * rounds))
4|sent|1|$((2 * rounds))" "" sqlite3 home/node.db "SELECT kind, state,
	    attempts, count(DISTINCT ref) FROM alert_alert GROUP BY 1, 2, 3"
	grep -rh ^X-Delivery-Id box | cut -d' ' -f2 | sort >came
	is 0 "" "" diff <(uniq came) <(sqlite3 home/node.db "SELECT DISTINCT
	    parcel FROM alert_alert ORDER BY 1")
	n=$(grep -cE ' (124|137) ' alertk.log || true)
	(($(uniq -D came | wc -l) - $(uniq -d came | wc -l) <= n)) ||
	    fail "$(uniq -d came)"
	# The books are true, and tell what the report tells.
	bzn-ledger verify -q
	echo 'test_clock yes' >>home/bzn.conf
	at=$(sqlite3 home/node.db 'SELECT min(probed_ms) FROM health_node')
	at=$(((at / 1000 + 60) * 1000))
	bzn-ledger export ndjson |
	    python3 "$BZN_SRC/tests/tools/uptime.py" $((at - 3600000)) "$at" |
	    sort >log
	bzn-ping --now "@$at" report --json --window 1h |
	    jq -r '"\(.node_id) \(.family) \(.up_ms) \(.degraded_ms) " +
	    "\(.down_ms) \(.unknown_ms)"' | sort >report
	is 0 "" "" diff log report
}

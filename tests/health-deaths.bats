# shellcheck shell=bats disable=SC2154
# Sweeps that are taken in, killed at each call that changes the store: run
# again, it is as if nobody had been killed: no alert lost, none twice, and
# the books true (spec/ops.md 3.10, "crash-safe").
#
# BZN_STEP	every so manieth of the calls at which it is killed: 40
load common
load faults

step=${BZN_STEP:-40}
sweeps=$BZN_BUILD/tools/sweeps

begin() {
	bare
	bzn-ledger --now "$clock" init --no-node --origin ledger.example/test \
	    >made
	cp -r home bare
	"$sweeps" home 16
	"$sweeps" home >want
	[[ $(<want) == "DDgoRRDfR "*" 0" ]] || fail "$(<want)"
}

# killed HOW: at each call; it is as with nobody killed, however that ended.
killed() {
	local n got kills=0

	for ((n = 1;; n += step)); do
		rm -rf home
		cp -r bare home
		got=0
		with "any:$n:$1" "$sweeps" home 16 >out 2>err || got=$?
		[[ -f hit ]] || break
		# Nothing is to be done after a map.
		[[ $got == 137 || $got$1 == 0done ]] ||
		    fail "call $n: status $got: $(<err)"
		kills=$((kills + (got == 137)))
		"$sweeps" home 16 || fail "call $n: not taken in again"
		"$sweeps" home >again
		cmp -s want again || fail "call $n: $(<again)"
	done
	echo "# $kills kills, each $1" >&3
	((kills > 160 / step)) || fail "only $kills calls"
}

@test "killed at calls of taking sweeps in: none lost, none twice" {
	begin
	killed kill
}

@test "killed after calls of taking sweeps in: none lost, none twice" {
	begin
	killed 'done'
}

@test "the log alone tells the same of how long nodes were up" {
	local to at

	bare
	bzn-ledger --now "$clock" init --no-node --origin ledger.example/test \
	    >made
	"$sweeps" home 480
	to=$((1795248000000 + 479 * 120000 - 3593000 + 60000))
	at=$(date -ud "@$((to / 1000))" +%Y-%m-%dT%H:%M:%SZ)
	bzn-ledger export ndjson >books
	python3 "$BZN_SRC/tests/tools/uptime.py" $((to - 57600000)) "$to" <books >want
	bzn-ping --now "$at" report --window 16h >figures
	jq -r '"\(.node_id) \(.family) \(.up_ms) \(.degraded_ms) " +
	    "\(.down_ms) \(.unknown_ms)"' figures >got
	cmp want got || fail "$(diff want got)"
	is 0 3 "" eval 'grep -c "" got'
	# And so do the samples that are kept, by the same rules.
	bzn-ping --now "$at" replay >by_rule
	jq -r '.entry | select(.type == "health.state") | .data | "\(.node) " +
	    "\(.from) \(.state) \(.effective_ms) \(.decided_ms) \(.cause)"' \
	    books | sort -s -k1,1 >log
	jq -r 'select(.event == "change") |
	    def ms: sub("\\.000Z$"; "Z") | fromdate * 1000;
	    "\(.node_id) \(.from) \(.to) \(.effective_at | ms) " +
	    "\(.decided_at | ms) \(.cause)"' by_rule | sort -s -k1,1 >again
	cmp log again || fail "$(diff log again | head)"
	(($(grep -c clock log) == 3)) || fail "the clock was not set"
}

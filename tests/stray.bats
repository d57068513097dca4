# shellcheck shell=bats disable=SC2154,SC2086
load common

# Options that are read by nobody would look as if they had been obeyed.
@test "options of one request are refused where requests come from stdin" {
	local one="these options are for one request; those on stdin say it \
themselves (usage)"

	bzn-ledger init --no-node >made
	is 2 "" "bzn-node: $one" bzn-node register --solution 4 </dev/null
	is 2 "" "bzn-node: $one" bzn-node register --challenge x </dev/null
	is 2 "" "bzn-escrow: $one" bzn-escrow claim --as bob </dev/null
	is 2 "" "bzn-escrow: $one" bzn-escrow complete --output x </dev/null
	is 2 "" "bzn-escrow: $one" bzn-escrow dispute --reason x </dev/null
	is 2 "" "bzn-escrow: $one" bzn-escrow resolve --to x </dev/null
	is 2 "" "bzn-escrow: $one" bzn-escrow lock --price 1 </dev/null
	is 2 "" "bzn-market: --provider, --label and --price belong together; \
without them offers come from stdin (usage)" \
	    bzn-market publish --category x </dev/null
}

# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# The same seed and the same clock make the same log, byte by byte; and only
# in a build for tests.
load common

# story HOME: a trade in it, with a seed of its own for each step.
story() {
	local n=0 asked

	export BZN_HOME=$1 BZN_SEED BZN_NOW=2026-11-20T08:00:00Z
	step() { BZN_SEED=$((++n)); }
	bzn-ledger init --no-node --origin ledger.example/test >out
	for who in alice bob; do
		step
		asked=$(bzn-node challenge $who)
		bzn-node register $who \
		    -s "$(answers <<<"$asked" | jq -r .solution)" >out
	done
	step
	skill=$(bzn-market publish -p bob -l work --price 10 |
	    jq -r .skill_id)
	step
	task=$(echo '{}' | bzn-escrow lock -b alice -s "$skill" -i - |
	    jq -r .task_id)
	echo '{"a":1}' | bzn-escrow complete "$task" -o - >out
	step
	bzn-ledger transfer alice bob 1 TCK >out
	BZN_NOW=2026-11-21T08:00:00Z bzn-settle >out
	bzn-ledger export ndjson
}

@test "same seed, same clock, same bytes" {
	[[ -n ${BZN_SAN:-} ]] || skip "not a build for tests"
	bzn-ledger init --no-node --home one >out
	mkdir two
	cp -r one/identity two/
	rm -f one/node.*
	story one >one.log
	story two >two.log
	is 0 "" "" cmp one.log two.log
	is 0 12 "" bash -c 'wc -l <one.log'
}

@test "seed and clock of the environment are for builds for tests" {
	[[ -z ${BZN_SAN:-} ]] || skip "a build for tests"
	export BZN_SEED=1 BZN_NOW=2001-01-01T00:00:00Z
	bzn-ledger init --no-node >out
	for id in one two; do
		bzn-ledger transfer MINT alice 1 TCK --type CREDIT_ISSUE \
		    >$id
	done
	is 0 2 "" bash -c 'cat one two | jq -r .id | sort -u | wc -l'
	is 0 "" "" bash -c 'jq -r .at one two | grep ^2001 || true'
	BZN_NOW=nonsense bzn-ledger verify -q
}

# shellcheck shell=bats disable=SC2154
load common

@test "the log stays short, however many programs write in turn" {
	local most=0 size

	bzn-ledger init --no-node >/dev/null
	bzn-ledger transfer MINT alice 10 TCK --type CREDIT_ISSUE >/dev/null
	for _ in {1..60}; do
		bzn-ledger transfer alice bob 0.01 TCK >/dev/null
		size=$(stat -c %s node.db-wal)
		((size > most)) && most=$size
	done
	((most > 0 && most < 100 * 4120)) || fail "it grew to $most bytes"
}

@test "the log is not cut under a reader, nor does a writer wait for it" {
	bzn-ledger init --no-node >/dev/null
	bzn-ledger transfer MINT alice 10 TCK --type CREDIT_ISSUE >/dev/null
	mkfifo wake
	sqlite3 node.db >read.txt <<-END &
		BEGIN;
		SELECT count(*) FROM ledger_entry;
		.shell cat wake >/dev/null
		SELECT count(*) FROM ledger_entry;
	END
	while [[ ! -s read.txt ]]; do :; done
	for _ in {1..30}; do
		bzn-ledger transfer alice bob 0.01 TCK >/dev/null
	done
	echo go >wake
	wait
	[[ $(cat read.txt) == $'2\n2' ]] || fail "$(cat read.txt)"
	run bzn-ledger verify
	[[ $output == *'"size":32,'* ]] || fail "$output"
}

@test "a store that may not be read is status 5, and named" {
	local weak=()

	((EUID)) || weak=(setpriv
	    "--bounding-set=-dac_override,-dac_read_search")
	home
	chmod 0 node.db
	is 5 "" "bzn-ledger: cannot open '$BZN_HOME/node.db': Permission \
denied (denied)" "${weak[@]}" bzn-ledger balance
	is 5 "" "bzn-card: cannot open '$BZN_HOME/node.db': Permission \
denied (denied)" "${weak[@]}" bzn-card list
}

# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

@test "hledger, ledger and beancount come to every balance of random books" {
	run /usr/bin/python3 "$BZN_SRC/tests/judge.py" 1 8
	[[ $status == 0 && $output =~ ^8\ books,\ [0-9]{3,}\ entries$ ]] ||
	    fail "$output"
}

@test "filters of histories, balances and tails, on books of every shape" {
	local seed

	for seed in 1 2 3; do
		books b$seed $seed 100
		echo 'test_clock yes' >b$seed/bzn.conf
		run env BZN_HOME=b$seed python3 "$BZN_SRC/tests/filters.py"
		[[ $status == 0 && $output == *answers ]] ||
		    fail "seed $seed: $output"
	done
}

@test "the same seed makes the same books, which verify" {
	books a 9 100
	books b 9 100
	bzn-ledger export leaves --home a >a.leaves
	bzn-ledger export leaves --home b | cmp - a.leaves
	is 0 "" "" bzn-ledger verify -q --home a
}

@test "export: parts of the log, and what is no part" {
	books books 1 100
	export BZN_HOME=$PWD/books
	bzn-ledger export leaves >all
	head -n 7 all | cmp - <(bzn-ledger export leaves --to 6)
	tail -n +4 all | cmp - <(bzn-ledger export leaves --from 3)
	sed -n 4,7p all | cmp - <(bzn-ledger export leaves --from 3 --to 6)
	is 0 "" "" bzn-ledger export leaves --from 6 --to 3
	is 0 "" "" bzn-ledger export leaves --to 2020-01-01
	bzn-ledger export hledger --to 2020-01-01 >none
	hledger -f none check -s
	is 4 "" "bzn-ledger: --from: no entry 999: the log has \
$(wc -l <all) so far (no_entry)" bzn-ledger export csv --from 999
	is 2 "" "bzn-ledger: no format 'xml': say leaves, ndjson, csv, \
hledger, ledger or beancount (usage)" bzn-ledger export xml
	is 2 "" "bzn-ledger: --memos is for ndjson (usage)" \
	    bzn-ledger export csv --memos
	bzn-ledger export ndjson --memos | jq -r .memo | grep -q "Rechnung é"
	! bzn-ledger export ndjson | grep Rechnung || fail "memos"
	is 7 "" "bzn-ledger: cannot write standard output (output_failed)" \
	    bash -c 'bzn-ledger export leaves >/dev/full'
}

@test "export --out: all or nothing, in place of what was there" {
	books books 4 60
	export BZN_HOME=$PWD/books
	echo old >out
	is 0 "" "" bzn-ledger export leaves --out out
	bzn-ledger export leaves | cmp - out
	echo old >out
	is 2 "" "bzn-ledger: --memos is for ndjson (usage)" \
	    bzn-ledger export csv --memos --out out
	is 4 "" "bzn-ledger: cannot create 'no/out': No such file or \
directory (no_file)" bzn-ledger export csv --out no/out
	# An entry that is gone shows in the middle; the old file stays.
	sqlite3 books/node.db "PRAGMA foreign_keys = OFF;
	    DROP TRIGGER IF EXISTS ledger_entry_no_delete;
	    DELETE FROM ledger_entry WHERE seq = 20"
	run --separate-stderr bzn-ledger export csv --out out
	[[ $status == 1 && $stderr == \
	    "bzn-ledger: entry 20 is missing (seq_gap)" ]]
	is 0 old "" cat out
	is 0 "out" "" bash -c 'echo out*'
}

@test "export: a beancount unit, an account and a reference as odd as can be" {
	home
	mint ab 1 --ref 'a, "b' 2>/dev/null && fail "a quote was taken"
	mint a-2Db 1 --ref 'x,y; [1] %'
	mint a-b 2
	mint a::b 3
	bzn-ledger export beancount >out.beancount
	bean-check out.beancount
	grep -q '^  Assets:Node:Xa-2D2Db  1.00 TCK$' out.beancount
	grep -q '^  Assets:Node:Xa-2Db  2.00 TCK$' out.beancount
	grep -q '^  bzn-ref: "x,y; \[1\] %"$' out.beancount
	bzn-ledger export ledger | grep -q '^    a:~:b  3.00 TCK$'
	bzn-ledger export ledger | grep -qxF \
	    '    ; bzn-ref: x%2Cy%3B%20%5B1%5D%20%25'
	bzn-ledger export csv | grep -qF ',"x,y; [1] %",'
}

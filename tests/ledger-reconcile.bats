# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# books: an account with credits of 1, 2, 3, 3 and 5 over four days.
books() {
	home
	mint shop 1 --id c1 --ref "order 1"
	mint shop 2 --id c2
	pass 86400
	mint shop 3 --id c3
	mint shop 3 --id c4
	pass 259200
	mint shop 5 --id c5
}

# statement ROW...: a file with its header.
statement() {
	printf '%s\r\n' date,amount,reference,description "$@" >s.csv
}

# matches STATUS RESULT...: what is said of each, the seq behind a colon.
matches() {
	local want=$1

	shift
	run --separate-stderr bzn-ledger reconcile s.csv --account shop \
	    --unit TCK "${days[@]}"
	[[ $status == "$want" ]] || fail "status $status: $stderr"
	jq -r '.result + (if .seq then ":\(.seq)" else "" end)' \
	    <<<"$output" >got
	printf '%s\n' "$@" | diff - got
	[[ $want == 0 || $stderr == "bzn-ledger: the statement and the \
account differ (unmatched)" ]]
}

@test "a statement that is the account" {
	books
	statement '2026-11-20,1.00,order 1,"by ref"' \
	    '2026-11-20,2,c2,"by id, with a comma"' \
	    '2026-11-21,3.00,c4,' '2026-11-22,+3.00,c3,"two
lines, and a ""quote"""' '2026-11-25,5.00,,by amount'
	matches 0 matched:1 matched:2 matched:4 matched:3 matched:5
	is 0 '{"result":"matched","line":5,"date":"2026-11-22",'\
'"amount":"3.00","reference":"c3","description":"two\nlines, and a \"quote\"",'\
'"seq":3,"id":"c3"}' "" sed -n 4p <<<"$output"
	# Line feeds alone, other columns, another order.
	printf '%s\n' "amount,x,description,date,reference" \
	    1.00,,,2026-11-20, 2.00,y,,2026-11-20, 3.00,,,2026-11-21,c3 \
	    3.00,,,2026-11-21, '5.00,,,2026-11-24,"order 9"' "" >s.csv
	matches 0 matched:1 matched:2 matched:3 matched:4 matched:5
}

@test "what has no counterpart, and what has two" {
	books
	statement 2026-11-20,1.00,, 2026-11-20,2.00,, 2026-11-21,3.00,, \
	    2026-11-21,3.00,, 2026-11-24,4.00,,
	matches 1 matched:1 matched:2 ambiguous ambiguous \
	    unmatched_statement unmatched_ledger:3 unmatched_ledger:4 \
	    unmatched_ledger:5
	is 0 '[3,4]' "" bash -c 'jq -c .candidates | sed -n 3p' <<<"$output"
	# A reference does not make up for another amount.
	statement 2026-11-20,1.50,"order 1", 2026-11-20,-2.00,c2,
	matches 1 unmatched_statement unmatched_statement \
	    unmatched_ledger:1 unmatched_ledger:2 unmatched_ledger:3 \
	    unmatched_ledger:4
}

@test "--days: how far away an entry may be" {
	books
	statement 2026-11-27,5.00,,
	matches 0 matched:5
	statement 2026-11-28,5.00,,
	matches 1 unmatched_statement
	days=(--days 4)
	matches 0 matched:5
	days=(--days 0)
	statement 2026-11-24,5.00,,
	matches 0 matched:5
}

@test "what is no statement" {
	books
	bad() {
		is "$1" "" "bzn-ledger: $2" bzn-ledger reconcile s.csv \
		    --account shop --unit TCK
	}
	printf 'date,amount\n' >s.csv
	bad 3 "s.csv: line 1: no column 'reference' in \
date,amount,reference,description (bad_csv)"
	: >s.csv
	bad 3 "s.csv: line 1: no column 'date' in \
date,amount,reference,description (bad_csv)"
	statement 2026-11-20,1.00
	bad 3 "s.csv: line 2: it has 2 fields (bad_csv)"
	statement '2026-11-20,1.00,"a"b,'
	bad 3 "s.csv: line 2: there is text behind a quoted field (bad_csv)"
	statement '2026-11-20,1.00,a"b,'
	bad 3 "s.csv: line 2: a quote stands inside of a field (bad_csv)"
	statement 2026-11-20,1.00,, '2026-11-20,1.00,"a,'
	bad 3 "s.csv: line 4: a quote is not closed (bad_csv)"
	statement 2026-11-20,1.005,,
	bad 3 "s.csv: line 2: '1.005' has more than 2 decimals (amount_scale)"
	statement 2026-11-20,1e3,,
	bad 3 "s.csv: line 2: '1e3' is not an amount (bad_amount)"
	statement 20.11.2026,1,,
	bad 3 "s.csv: line 2: '20.11.2026' is not a time like \
2026-11-20T06:52:52Z (bad_time)"
	is 4 "" "bzn-ledger: cannot open 'none': No such file or directory \
(no_file)" bzn-ledger reconcile none --account shop --unit TCK
	is 4 "" "bzn-ledger: no account 'shop' in SBX (no_account)" \
	    bzn-ledger reconcile s.csv --account shop --unit SBX
	is 2 "" "bzn-ledger: say which --account and --unit the statement is \
of (usage)" bzn-ledger reconcile s.csv --account shop
	is 2 "" "bzn-ledger: --account and --unit are of a statement: name \
its file (usage)" bzn-ledger reconcile --unit TCK
}

@test "the books against themselves, in every unit there is" {
	run command books books 1 100
	export BZN_HOME=$PWD/books
	run --separate-stderr bzn-ledger reconcile
	[[ $status == 0 && -z $stderr ]] || fail "$output"
	is 0 "true true" "" jq -rs '"\(all(.valid)) \(any(.unit == "TRUE" and
	    .conservation.valid and .checks.double_entry))"' <<<"$output"
	sqlite3 books/node.db "UPDATE ledger_account SET cr = cr + 1
	    WHERE legs > 0 AND unit_id = (SELECT id FROM ledger_unit
		WHERE code = 'TRUE')"
	run --separate-stderr bzn-ledger reconcile
	[[ $status == 1 ]]
	is 0 '["TRUE"]' "" jq -cs '[.[] | select(.valid | not) | .unit]' \
	    <<<"$output"
}

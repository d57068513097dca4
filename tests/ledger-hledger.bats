# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

map=TCK=OTCK,SBX=OSBX,DZIT=ODZIT,BZEUSD=OUSD

# fresh UNIT:SCALE...: a home with such units.
fresh() {
	local u

	home
	for u; do
		at bzn-ledger unit add "${u%:*}" --scale "${u#*:}" >/dev/null
	done
}

# from TEXT [OPTION...]: import a journal.
from() {
	printf '%b' "$1" >j
	hledger -f j print -O json >j.json
	at bzn-ledger import --from hledger --id-prefix "${prefix:-x}" \
	    j.json "${@:2}"
}

@test "what is exported for hledger comes back from it" {
	local seed u

	fresh OTCK:2 OSBX:2 ODZIT:2 OUSD:6 UZ:0 U2:0 TRUE:3 NULL:1 \
	    HH:0
	cp -r "$BZN_HOME" "$BATS_TEST_TMPDIR.fresh"
	for seed in 1 2 3; do
		rm -rf old new
		cp -r "$BATS_TEST_TMPDIR.fresh" new
		books old $seed 100 6
		bzn-ledger export hledger --home old >old.journal
		hledger -f old.journal print -O json >old.json
		is 0 "" "" sh -c "bzn-ledger import --home new --from hledger \
		    --unit-map $map --account-prefix old: old.json \
		    --now $clock --problems | jq -c 'select(.seq == null and
			.result != \"summary\")'"
		run python3 "$BZN_SRC/tests/roundtrip.py" old new
		[[ $status == 0 && $output == *entries ]] || fail "$output"
		is 0 "" "" bzn-ledger verify -q --home new
		# Once more it is all there.
		bzn-ledger import --home new --from hledger --unit-map $map \
		    --account-prefix old: --now "$clock" <old.json >again
		is 0 0 "" jq -s '.[-1].posted' again
	done
}

@test "import --from hledger: what becomes of a transaction" {
	fresh EUR:2 USD:2
	from '2026-01-05 * (7) shop  ; a comment\n  assets:bank  -10.5 EUR
  expenses:food & drink  10.00 EUR\n  expenses:food & drink  0.5 EUR\n
2026-02-01 second\n  assets:bank  $1.00 = $1.00\n  equity\n' \
	    --unit-map 'EUR=EUR,$=USD' --problems >out
	is 0 '{"posted":2,"exists":0,"refused":0}' "" \
	    jq -c 'select(.result == "summary") |
	    {posted, exists, refused}' out
	bzn-ledger history expenses:food___drink >line
	is 0 '["x:1","10.50","shop\na comment","2026-01-05T00:00:00.000Z"]' "" \
	    jq -c '[.id, .amount, .memo, .effective]' line
	is 0 '"-10.50" "1.00"' "" bash -c 'bzn-ledger balance assets:bank |
	    jq -c .balance | paste -sd" "'
	# The limits of the accounts are gone; others have theirs.
	is 0 "none" "" bash -c 'bzn-ledger account show assets:bank \
	    --unit EUR | jq -r .lo'
	prefix=y
	from '2026-03-01 x\n  poor  -1 EUR\n  rich  1 EUR\n' --min 0 >out &&
	    fail "overdrawn"
	grep -q insufficient_funds out
	is 4 "" "bzn-ledger: no account 'poor' (no_account)" \
	    bzn-ledger balance poor
}

@test "import --from hledger: a false assertion, and what cannot be said" {
	fresh EUR:2 WEI:18
	from '2026-01-05 x\n  a  1 EUR = 1 EUR\n  b  -1 EUR\n' >out
	# A second year, by itself, asserts what only that year says.
	prefix=z
	run --separate-stderr from \
	    '2027-01-05 x\n  a  2 EUR = 2 EUR\n  b  -2 EUR\n'
	[[ $status == 9 && $output == *'"code":"assertion_failed"'* ]] ||
	    fail "$status $output"
	has a 1.00 EUR
	bad() {
		run --separate-stderr from "$2"
		[[ $status == "$1" && $stderr == *"$3" ]] ||
		    fail "$1 $3: $status $stderr"
	}
	bad 3 '2026-01-05 x\n  (a)  1 EUR\n' \
	    "is a virtual posting (bad_json)"
	bad 3 '2026-01-05 x\n  a  1 EUR @@ 1 EUR\n  b\n' \
	    "has a cost, which a leg cannot have (bad_json)"
	bad 3 '2026-01-05 x\n  a  1 EUR == 1 EUR\n  b\n' \
	    "asserts more than '=' does (bad_json)"
	bad 3 '2026-01-05 x\n  a  0.000000000000000001 WEI\n  b\n' \
	    "more decimals than hledger prints as JSON (bad_json)"
	bad 3 '2026-01-05 x\n  a b  1 EUR\n  a_b  -1 EUR\n' \
	    "would both be 'a_b' (bad_account)"
	bad 3 '2026-01-05 x\n  a  0.001 EUR\n  b\n' "(amount_scale)"
	bad 4 '2026-01-05 x\n  a  1 CHF\n  b\n' "(no_unit)"
	bad 9 '2026-01-05 x\n  a  1 TCK\n  b\n' \
	    "map 'TCK' to a unit that you declared (flow_refused)"
	echo '{}' >j
	for text in '{}' '' '[1]' '[{}' '[{"a":"]' '[,' '[{},]' '[]]' '[{}{}]'; do
		echo "$text" >j
		run -3 --separate-stderr at bzn-ledger import --from hledger j
		[[ -z $output && $stderr == *"(bad_json)" ]] ||
		    fail "$text: $output $stderr"
	done
	echo '{}' >j
	is 3 "" "bzn-ledger: not what 'hledger print -O json' prints: \
transaction 1: not the next object of an array (bad_json)" \
	    at bzn-ledger import --from hledger j
	echo '[]' >j
	is 0 0 "" sh -c "bzn-ledger import --from hledger j --now $clock |
	    jq .posted"
	is 2 "" "bzn-ledger: --from: no format 'csv': say hledger (usage)" \
	    at bzn-ledger import --from csv j
}

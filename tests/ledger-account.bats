# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Units, accounts and their limits, reversals, memos, assertions.
load common

# refuses STATUS TEXT VERB...: and the log is as it was.
refuses() {
	local want=$1 text=$2

	shift 2
	keeps is "$want" "" "bzn-ledger: $text" at bzn-ledger "$@"
}

# does VERB...: it posts.
does() {
	run --separate-stderr at bzn-ledger "$@"
	[[ $status == 0 && -z $stderr && $output == *'"result":"posted"'* ]] ||
	    fail "$*: $status, '$output', '$stderr'"
}

@test "unit: added once, for ever" {
	funded
	does unit add EUR --scale 2 --id u1
	is 0 exists "" bash -c "bzn-ledger --now $clock unit add EUR \
	    --scale 2 --id u1 | jq -r .result"
	refuses 9 "'EUR' is declared already (wrong_state)" unit add EUR \
	    --scale 3
	refuses 9 "'TCK' is declared already (wrong_state)" unit add TCK \
	    --scale 2
	refuses 10 "'u1' is known as entry 2 with other data (id_conflict)" \
	    unit add EUR --scale 3 --id u1
	refuses 3 "'eur' is not the code of a unit: 2 to 12 of A-Z and 0-9 \
(bad_json)" unit add eur --scale 2
	refuses 3 "a unit has 0 to 18 decimals, not 19 (bad_json)" \
	    unit add GBP --scale 19
	refuses 2 "say the --scale: how many decimals it has (usage)" \
	    unit add GBP
	refuses 2 "say list, or add code --scale n (usage)" unit drop EUR
	is 0 "BZEUSD6 DZIT2 SBX2 TCK2 EUR2" "" bash -c 'bzn-ledger unit list |
	    jq -sr "map(.code + (.scale | tostring)) | join(\" \")"'
	does transfer MINT alice 0.01 EUR --type CREDIT_ISSUE
	does unit add WEI --scale 18
	does transfer MINT alice 9.223372036854775807 WEI --type CREDIT_ISSUE
	refuses 3 "WEI: '9.223372036854775808' is too large (amount_range)" \
	    transfer MINT alice 9.223372036854775808 WEI --type CREDIT_ISSUE
	refuses 9 "'MINT' cannot count so much: the sum of \
all that it ever paid must fit into 64 bits (amount_overflow)" \
	    transfer MINT alice 0.000000000000000001 WEI --type CREDIT_ISSUE
	sound
}

@test "account: opened, limited, closed" {
	funded
	does unit add EUR --scale 2
	does account open till --unit EUR --min -5 --max 10
	is 0 '{"account":"till","unit":"EUR","balance":"0.00",'\
'"available":"0.00","lo":"-5.00","hi":"10.00","closed":false,"legs":0}' "" \
	    bzn-ledger account show till
	refuses 9 "'till' is open in EUR already (wrong_state)" account open till \
	    --unit EUR
	refuses 4 "no account 'bank' in EUR (no_account)" account limit bank \
	    --unit EUR --min 0
	refuses 4 "no unit 'ABC' (no_unit)" account open bank --unit ABC
	refuses 2 "say the --unit (usage)" account close till
	refuses 2 "say --min, --max or both (usage)" account limit till \
	    --unit EUR
	refuses 9 "'MINT' is the system's own (reserved_account)" \
	    account limit MINT --unit TCK --max 5
	refuses 9 "an account in TCK cannot have a lower limit below zero \
(flow_refused)" account limit alice --unit TCK --min -1
	refuses 9 "an account in TCK cannot have a lower limit below zero \
(flow_refused)" account limit alice --unit TCK --min none
	does account open bank --unit EUR --min none
	does transfer bank till 10 EUR
	refuses 9 "'till' would pass its upper limit (limit_exceeded)" \
	    transfer bank till 0.01 EUR
	does transfer till bank 15 EUR
	refuses 9 "'till' cannot cover it (limit_exceeded)" transfer till \
	    bank 0.01 EUR
	refuses 9 "what 'till' holds is not within these limits \
(limit_exceeded)" account limit \
	    till --unit EUR --min -4.99
	refuses 9 "'till' is not empty (account_not_empty)" account close \
	    till --unit EUR
	does transfer bank till 5 EUR
	does account close till --unit EUR
	refuses 9 "'till' is closed (account_closed)" transfer bank till 1 EUR
	refuses 9 "'till' is closed (account_closed)" account limit till \
	    --unit EUR --max 3
	is 0 "bank MINT alice till" "" bash -c 'bzn-ledger account list |
	    jq -sr "map(.account) | sort_by(. != \"bank\") | join(\" \")"'
	is 0 "alice" "" bash -c 'bzn-ledger account list al | jq -r .account'
	is 0 "MINT alice" "" bash -c 'bzn-ledger account list --nonzero |
	    jq -sr "map(.account) | join(\" \")"'
	is 0 "till" "" bash -c 'bzn-ledger account list --unit EUR |
	    jq -r "select(.closed).account"'
	is 4 "" "bzn-ledger: no account 'eve' (no_account)" \
	    bzn-ledger account show eve
	run bzn-ledger account frob
	[[ $status == 2 ]]
	sound
}

@test "reverse: once, whole groups, and never an escrow" {
	funded
	does transfer alice bob 5 TCK --id t1
	does reverse t1 --id r1
	has alice 100.00
	is 0 exists "" bash -c "bzn-ledger --now $clock reverse t1 --id r1 |
	    jq -r .result"
	refuses 9 "'t1' was reversed by entry 3 (already_reversed)" reverse t1
	refuses 9 "'r1' is a reversal itself (not_reversible)" reverse r1
	refuses 9 "'genesis' is an event: nothing moved (not_reversible)" \
	    reverse genesis
	refuses 4 "no entry 'none' (no_entry)" reverse none
	refuses 3 "'a b' is not an id of 1 to 64 letters, digits and \
._:@/+=~-, the first a letter or digit (bad_id)" reverse t1 --id "a b"
	printf '%s\n' '{"id":"g1","from":"alice","to":"bob","amount":"2","unit":"TCK","group":"g"}' \
	    '{"id":"g2","from":"alice","to":"carol","amount":"3","unit":"TCK","group":"g"}' |
	    at bzn-ledger import >/dev/null
	run --separate-stderr at bzn-ledger reverse g2 --id r2 --memo "in error"
	[[ $status == 0 && ${#lines[@]} == 2 ]]
	is 0 "r2 r2:1" "" jq -sr 'map(.id) | join(" ")' <<<"$output"
	is 0 "in error" "" bash -c 'bzn-ledger memo show r2:1 | jq -r .memo'
	has alice 100.00
	refuses 9 "'g1' was reversed by entry 6 (already_reversed)" reverse g2
	# Members one by one are refused, in whatever order.
	printf '%s\n' '{"id":"h1","from":"alice","to":"bob","amount":"2","unit":"TCK","group":"g"}' \
	    '{"id":"h2","from":"alice","to":"carol","amount":"3","unit":"TCK","group":"g"}' |
	    at bzn-ledger import >/dev/null
	printf '%s\n' '{"id":"x1","reverses":"h1"}' \
	    '{"id":"y1","reverses":"h2","group":"y"}' \
	    '{"id":"y2","reverses":"h1","group":"y"}' \
	    '{"id":"z1","reverses":"h1","group":"z"}' \
	    '{"id":"z2","reverses":"h2","group":"z"}' >in
	run --separate-stderr at bzn-ledger import in
	is 0 "not_reversible not_reversible group_member posted posted" "" \
	    jq -sr 'map(select(.line) | .code // .result) | join(" ")' \
	    <<<"$output"
	does transfer alice bob 5 TCK --id t2
	does transfer bob carol 1 TCK
	refuses 9 "'bob' cannot cover it (insufficient_funds)" reverse t2
	sound
}

@test "memo: kept beside the log, erased without a trace of it" {
	local before

	funded
	does transfer alice bob 1 TCK --id t1 --memo "Invoice 42"
	does transfer alice bob 2 TCK --id t2
	is 0 '{"seq":2,"id":"t1","memo":"Invoice 42"}' "" \
	    bzn-ledger memo show t1
	is 4 "" "bzn-ledger: 't2' has no memo, or not any more (no_entry)" \
	    bzn-ledger memo show t2
	run bash -c 'bzn-ledger export ndjson | grep Invoice'
	[[ $status == 1 ]]
	# The hash is that of salt and text.
	is 0 "$(bzn-ledger export ndjson |
	    jq -r 'select(.seq == 2).entry.memo_sha256')" "" bash -c \
	    'sqlite3 node.db "SELECT hex(salt) || hex(memo) FROM ledger_memo" |
	    python3 -c "import sys, hashlib
print(hashlib.sha256(bytes.fromhex(input())).hexdigest())"'
	refuses 10 "'t1' is known as entry 2 with other memo (id_conflict)" \
	    transfer alice bob 1 TCK --id t1 --memo "Invoice 43"
	refuses 10 "'t1' is known as entry 2 with other memo (id_conflict)" \
	    transfer alice bob 1 TCK --id t1
	is 0 exists "" bash -c "bzn-ledger --now $clock transfer alice bob 1 \
	    TCK --id t1 --memo 'Invoice 42' | jq -r .result"
	refuses 4 "'t2' has no memo (no_entry)" memo erase t2
	refuses 4 "no entry 'none' (no_entry)" memo erase none
	refuses 2 "say show or erase, and which entry (usage)" memo drop t1
	before=$(bzn-ledger export ndjson | head -n 4)
	does memo erase t1
	[[ $before == "$(bzn-ledger export ndjson | head -n 4)" ]]
	refuses 4 "'t1' has no memo (no_entry)" memo erase t1
	is 0 0 "" sqlite3 node.db "SELECT count(*) FROM ledger_memo"
	is 0 exists "" bash -c "bzn-ledger --now $clock transfer alice bob 1 \
	    TCK --id t1 --memo 'whatever' | jq -r .result"
	sound
}

@test "assert: what is so is written down, what is not is told" {
	funded
	does transfer alice bob:a 5 TCK --if "alice >= 100 TCK"
	refuses 9 "'alice' has 95.00 TCK (condition_false)" \
	    transfer alice bob 5 TCK --if "alice ge 95.01 TCK"
	refuses 3 "--if: an assertion is NAME OP AMOUNT UNIT [--subtree] \
(bad_json)" transfer alice bob 5 TCK --if "alice ge"
	does assert alice = 95 TCK --id s1
	does assert alice le 95.00 TCK
	does assert bob eq 5 TCK --subtree
	does assert -- MINT lt -99.99 TCK
	keeps is 0 '{"result":"true","balance":"95.00","op":"gt","amount":"94.99"}' \
	    "" at bzn-ledger assert alice gt 94.99 TCK --check
	keeps is 9 '{"result":"false","balance":"95.00","op":"lt",'\
'"amount":"95.00","difference":"0.00"}' "bzn-ledger: 'alice' has 95.00 TCK \
(assertion_failed)" at bzn-ledger assert alice '<' 95 TCK
	keeps is 9 '{"result":"false","balance":"0.00","op":"eq",'\
'"amount":"5.00","difference":"-5.00"}' "bzn-ledger: 'bob' has 0.00 TCK \
(assertion_failed)" at bzn-ledger assert bob eq 5 TCK --check
	refuses 3 "'ne' is not one of eq lt le gt ge (bad_json)" \
	    assert alice ne 5 TCK
	refuses 4 "no unit 'ABC' (no_unit)" assert alice eq 5 ABC
	refuses 3 "TCK: '5.001' has more than 2 decimals (amount_scale)" \
	    assert alice eq 5.001 TCK
	# Then, and not now; and again what is not so any more.
	does assert alice eq 100 TCK --at 1
	is 0 '{"account":"alice","amount":"100.00","at_seq":1,"op":"eq",'\
'"subtree":false,"unit":"TCK"}' "" bash -c 'bzn-ledger export ndjson |
	    tail -n 1 | jq -c .entry.data'
	refuses 4 "no entry 99: the last is 7 (no_entry)" \
	    assert alice eq 100 TCK --at 99 || true
	does transfer alice bob 1 TCK
	is 0 exists "" bash -c "bzn-ledger --now $clock assert alice eq 95 \
	    TCK --id s1 | jq -r .result"
	sound
}

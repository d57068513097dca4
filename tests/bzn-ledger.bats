# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# refuses STATUS TEXT OPERAND...: a transfer does, with that complaint.
refuses() {
	local want=$1 text=$2

	shift 2
	is "$want" "" "bzn-ledger: $text" at bzn-ledger transfer "$@"
}

@test "init makes a home, the same again is no error, another is" {
	local made

	unset BZN_HOME
	is 4 "" "bzn-ledger: no directory '$PWD/a/b': make a home with \
'bzn-ledger init' (no_ledger)" bzn-ledger --home "$PWD/a/b" balance
	run --separate-stderr bzn-ledger init --home "$PWD/a/b" --no-node \
	    --origin ledger.example/test
	[[ $status == 0 && -z $stderr ]]
	[[ $output =~ ^'{"result":"made","origin":"ledger.example/test",'\
'"vkey":"ledger.example/test+'[0-9a-f]{8}'+A'[A-Za-z0-9+/]{43}'",'\
'"size":1}'$ ]]
	made=${output/made/exists}
	is 0 "$made" "" bzn-ledger init --home a/b --no-node \
	    --origin ledger.example/test
	is 10 "" "bzn-ledger: 'genesis' is known as entry 0 with other data \
(id_conflict)" bzn-ledger init --home a/b --no-node --origin other
	is 0 "700
600" "" stat -c %a a/b/identity a/b/identity/log_private.pem
}

@test "init: a home is found by option, variable, or below the data" {
	is 0 "" "" env -u BZN_HOME XDG_DATA_HOME="$PWD/x" \
	    sh -c 'bzn-ledger init --no-node >made.json'
	[[ -s x/bzn/node.db ]]
	is 0 "" "" env -u BZN_HOME -u XDG_DATA_HOME HOME="$PWD/h" \
	    sh -c 'bzn-ledger init --no-node >made.json'
	[[ -s h/.local/share/bzn/node.db ]]
	is 0 "" "" env BZN_HOME=v XDG_DATA_HOME="$PWD/x" \
	    sh -c 'bzn-ledger init --no-node >made.json'
	[[ -s v/node.db && $(jq -r .origin made.json) =~ \
	    ^[0-9a-f]{64}\.bzn/ledger$ ]]
	is 2 "" "bzn-ledger: no --home, no \$BZN_HOME and no \$HOME: say \
which home (usage)" env -u BZN_HOME -u XDG_DATA_HOME -u HOME bzn-ledger balance
}

@test "init: what it does not do, and what it does not take" {
	is 4 "" "bzn-ledger: this home has no node identity: say --no-node \
for a log that none certifies (no_key)" bzn-ledger init
	is 2 "" "bzn-ledger: unknown option '--dry-run' (usage)" \
	    bzn-ledger init --no-node --dry-run
	is 3 "" "bzn-ledger: 'a b' is not an origin such as \
ledger.example.com/main (bad_origin)" bzn-ledger init --no-node --origin "a b"
	is 3 "" "bzn-ledger: 'a+b' is not an origin such as \
ledger.example.com/main (bad_origin)" bzn-ledger init --no-node --origin a+b
	is 2 "" "bzn-ledger: usage: bzn-ledger init [options] (usage)" \
	    bzn-ledger init --no-node extra
	echo >identity/node_public.pem
	is 3 "" "bzn-ledger: node_public.pem is not the 113 bytes of an Ed25519 \
key (bad_pem)" bzn-ledger init
}

# a_node SEED: the home has this identity, locked with what is in pw.
a_node() {
	umask 077
	echo secret >pw
	echo "$1" >seed
	bzn-keygen import -q seed --passphrase-file pw >/dev/null
}

@test "init: the first entry of the demo log, which its node certifies" {
	local bytes made

	a_node 202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f
	bytes=302e020100300506032b657004220420
	{
		echo '-----BEGIN PRIVATE KEY-----'
		echo "${bytes}000102030405060708090a0b0c0d0e0f1011121314151617\
18191a1b1c1d1e1f" | xxd -r -p | base64 -w0
		echo
		echo '-----END PRIVATE KEY-----'
	} >identity/log_private.pem
	echo 'test_clock yes' >bzn.conf
	run --separate-stderr bzn-ledger --now @1795161600000 init \
	    --origin ledger.example/demo --passphrase-file pw
	[[ $status == 0 && -z $stderr && $output == *'"node_id":"a2bf86fa'* ]]
	made=$output
	bzn-ledger export ndjson | jq -c .entry >leaf
	head -n 1 "$BZN_SRC/tests/golden/demo.leaves" | diff - leaf
	is 0 "" "" bzn-ledger verify -q
	# The certificate is kept: the same again needs no passphrase.
	is 0 "${made/made/exists}" "" bzn-ledger init \
	    --origin ledger.example/demo
}

@test "init: a log is named after its node; its key may be certified before" {
	a_node 4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb
	run --separate-stderr setsid bzn-ledger init </dev/null
	[[ $status == 5 && -z $output && $stderr == *"(no_passphrase)" ]]
	run --separate-stderr bzn-ledger init --passphrase-file seed
	[[ $status == 5 && $stderr == *"(bad_passphrase)" && ! -e node.db ]]
	bzn-keygen log --passphrase-file pw >cert
	log=bf019c455f05e75ce74ca02a55a4b88bab561f85a76555d8281a79f7c2985233
	is 0 "$log.bzn/ledger" "" \
	    sh -c 'bzn-ledger init | jq -r .origin'
	bzn-ledger export ndjson | jq -S '.entry.data | del(.units)' >said
	jq -S . cert | diff - said
	is 10 "" "bzn-ledger: 'genesis' is known as entry 0 with other data \
(id_conflict)" bzn-ledger init --no-node --origin "$log.bzn/ledger"
}

@test "init: the key of the log is for its owner alone, and must be one" {
	local key=$PWD/identity/log_private.pem

	home
	chmod 640 "$key"
	is 5 "" "bzn-ledger: '$key' is not a file for you alone: chmod 600 \
it (unsafe_mode)" bzn-ledger init --no-node
	echo nonsense >"$key"
	chmod 600 "$key"
	is 3 "" "bzn-ledger: '$key' holds no Ed25519 key (bad_key)" \
	    bzn-ledger init --no-node
	rm "$key"
	ln -s /dev/null "$key"
	run --separate-stderr bzn-ledger init --no-node
	[[ $status == 5 && $stderr == "bzn-ledger: '$key' is not a file "* ]]
	rm "$key"
	ln -s nothing "$key"
	run --separate-stderr bzn-ledger init --no-node
	[[ $status == 4 && $stderr == "bzn-ledger: cannot open '$key': "* ]]
}

@test "value moves and is conserved" {
	home
	run --separate-stderr at bzn-ledger transfer MINT alice 2.5 TCK \
	    --type CREDIT_ISSUE --ref "order 7"
	[[ $status == 0 && -z $stderr && $output =~ ^\{\"id\":\"[0-9a-f-]{36}\",\
\"result\":\"posted\",\"seq\":1,\"at\":\"2026-11-20T08:00:00.000Z\"\}$ ]]
	is 0 '{"id":"x1","result":"posted","seq":2,"at":"2026-11-20T08:00:00.000Z"}' \
	    "" at bzn-ledger transfer alice bob 1 TCK --id x1
	at bzn-ledger transfer alice VAULT 0.5 TCK --type CREDIT_DEDUCT \
	    >/dev/null
	has alice 1.00
	has bob 1.00
	has VAULT 0.50
	has MINT -2.50
	sound
}

@test "balance: all that is not zero, by name and unit" {
	home
	mint alice 5
	at bzn-ledger transfer MINT alice 7 SBX --type CREDIT_ISSUE >/dev/null
	at bzn-ledger transfer MINT alice 0.000001 BZEUSD \
	    --type CREDIT_ISSUE >/dev/null
	mint bob 1
	pass 1
	at bzn-ledger transfer bob VAULT 1 TCK --type CREDIT_DEDUCT >/dev/null
	bzn-ledger balance | jq -r '.account + " " + .balance + .unit' >all
	is 0 "MINT -0.000001BZEUSD
MINT -7.00SBX
MINT -6.00TCK
VAULT 1.00TCK
alice 0.000001BZEUSD
alice 7.00SBX
alice 5.00TCK" "" cat all
	is 0 '{"account":"bob","unit":"TCK","balance":"0.00","available":"0.00",'\
'"legs":2,"as_of_seq":5,"as_of":"2026-11-20T08:00:01.000Z"}' "" \
	    bzn-ledger balance bob
	is 0 '{"account":"alice","unit":"SBX","balance":"7.00","available":"7.00",'\
'"legs":1,"as_of_seq":5,"as_of":"2026-11-20T08:00:01.000Z"}' "" \
	    bzn-ledger balance --unit SBX alice
	is 4 "" "bzn-ledger: no account 'carol' (no_account)" \
	    bzn-ledger balance carol
	is 4 "" "bzn-ledger: no account 'bob' in SBX (no_account)" \
	    bzn-ledger balance bob -u SBX
	run --separate-stderr bzn-ledger balance bob carol
	[[ $status == 4 && ${#lines[@]} == 1 &&
	    $stderr == "bzn-ledger: no account 'carol' (no_account)" ]]
}

@test "history: every line is the one before it and an amount" {
	local i

	home
	for i in 1 2 3; do mint alice $i; done
	at bzn-ledger transfer alice bob 4 TCK --id paid --ref r >/dev/null
	is 0 '1 1.00 1.00
2 2.00 3.00
3 3.00 6.00
4 -4.00 2.00' "" bash -c 'bzn-ledger history alice |
	    jq -r "\"\(.seq) \(.amount) \(.balance)\""'
	is 0 '{"n":3,"seq":4,"at":"2026-11-20T08:00:00.000Z","kind":"transfer",'\
'"type":"TRANSFER","id":"paid","ref":"r","unit":"TCK","amount":"-4.00","balance":"2.00",'\
'"counterparties":["bob"]}' "" \
	    bzn-ledger history alice --limit 1
	is 0 "" "" bash -c 'bzn-ledger history alice --unit TCK >all
	    bzn-ledger history alice | cmp - all'
	is 4 "" "bzn-ledger: no account 'alice' in SBX (no_account)" \
	    bzn-ledger history alice --unit SBX
	is 4 "" "bzn-ledger: no account 'carol' (no_account)" \
	    bzn-ledger history carol
	is 2 "" "bzn-ledger: usage: bzn-ledger history [options] account \
(usage)" bzn-ledger history
	is 2 "" "bzn-ledger: --limit: 'x' is not a number (usage)" \
	    bzn-ledger history alice --limit x
	is 2 "" "bzn-ledger: --limit: '-1' is not a number (usage)" \
	    bzn-ledger history alice --limit -1
}

@test "an overdraft is refused, and changes nothing" {
	home
	mint alice 0.05
	keeps refuses 9 "'alice' cannot cover it (insufficient_funds)" \
	    alice bob 0.06 TCK
	refuses 9 "'carol' cannot cover it (insufficient_funds)" \
	    carol bob 0.01 TCK
	is 4 "" "bzn-ledger: no account 'bob' (no_account)" \
	    bzn-ledger balance bob
	is 4 "" "bzn-ledger: no account 'carol' (no_account)" \
	    bzn-ledger balance carol
}

@test "an amount is plain digits that fit, and named if it is not" {
	local bad

	home
	mint alice 5
	refuses 3 "TCK: '1.005' has more than 2 decimals (amount_scale)" \
	    alice bob 1.005 TCK
	refuses 3 "BZEUSD: '1.0000001' has more than 6 decimals \
(amount_scale)" alice bob 1.0000001 BZEUSD
	for bad in 1e3 NaN inf 0x10 "" " 1" +1 '1,' 1. .5 1_0 ١; do
		refuses 3 "TCK: '$bad' is not an amount (bad_amount)" \
		    alice bob "$bad" TCK
	done
	refuses 3 "TCK: '-1' is not an amount (bad_amount)" \
	    -- alice bob -1 TCK
	is 2 "" "bzn-ledger: unknown option '-1' (usage)" \
	    at bzn-ledger transfer alice bob -1 TCK
	for bad in 9223372036854775808 92233720368547758.08 \
	    99999999999999999999999999; do
		refuses 3 "TCK: '$bad' is too large (amount_range)" \
		    alice bob "$bad" TCK
	done
	refuses 3 "nothing to move (amount_zero)" alice bob 0.00 TCK
	has alice 5.00
}

@test "a sum of 64 bits does not wrap" {
	home
	mint alice 92233720368547758.07
	has MINT -92233720368547758.07
	keeps refuses 9 "'MINT' cannot count so much: the sum of \
all that it ever paid must fit into 64 bits (amount_overflow)" \
	    MINT bob 0.01 TCK --type CREDIT_ISSUE
	at bzn-ledger transfer alice bob 92233720368547758.07 TCK >/dev/null
	keeps refuses 9 "'alice' cannot count so much: the sum of \
all that it ever received must fit into 64 bits (amount_overflow)" \
	    bob alice 0.01 TCK
	sound
}

@test "accounts, ids, units and types are checked" {
	local long

	home
	mint alice 5
	long=$(printf 'x%.0s' {1..101})
	refuses 3 "'a b' is not an account name of 1 to 100 letters, digits \
and ._:@/+- (bad_account)" alice "a b" 1 TCK
	refuses 3 "'${long:0:80}' is not an account name of 1 to 100 letters, \
digits and ._:@/+- (bad_account)" alice "$long" 1 TCK
	refuses 3 "'' is not an account name of 1 to 100 letters, digits and \
._:@/+- (bad_account)" "" bob 1 TCK
	refuses 3 "'alice' occurs twice in TCK (duplicate_leg)" \
	    alice alice 1 TCK
	refuses 4 "no unit 'EUR' (no_unit)" alice bob 1 EUR
	refuses 3 "no type 'GIFT' (bad_type)" alice bob 1 TCK --type GIFT
	refuses 3 "'no id' is not an id of 1 to 64 letters, digits and \
._:@/+=~-, the first a letter or digit (bad_id)" alice bob 1 TCK --id "no id"
	refuses 3 "'ref' is not 1 to 128 printable ASCII characters without \
'\"' and '\\' (bad_json)" alice bob 1 TCK --ref $'a\tb'
	is 2 "" "bzn-ledger: usage: bzn-ledger transfer [options] from to \
amount unit (usage)" at bzn-ledger transfer alice bob 1
	has alice 5.00
}

@test "the system's accounts obey their types" {
	home
	mint alice 5
	refuses 9 "TRANSFER does not debit 'MINT' (reserved_account)" \
	    MINT alice 1 TCK
	refuses 9 "TRANSFER does not credit 'VAULT' (reserved_account)" \
	    alice VAULT 1 TCK
	refuses 9 "TRANSFER does not credit 'ESCROW:x' (reserved_account)" \
	    alice ESCROW:x 1 TCK
	refuses 9 "TRANSFER does not credit 'ESCROWED' (reserved_account)" \
	    alice ESCROWED 1 TCK
	refuses 9 "CREDIT_ISSUE does not debit a node's account \
(flow_refused)" alice bob 1 TCK --type CREDIT_ISSUE
	refuses 9 "ESCROW_SETTLE is posted only by what owns its rule \
(flow_refused)" ESCROW:x alice 1 TCK --type ESCROW_SETTLE
	refuses 9 "REGISTRATION_CREDIT is posted only by what owns its rule \
(flow_refused)" MINT bob 1 TCK --type REGISTRATION_CREDIT
	refuses 9 "CHAIN_PAYOUT needs a ref (flow_refused)" \
	    alice MINT 1 TCK --type CHAIN_PAYOUT
	has alice 5.00
}

@test "a purchase is paid once, whatever it is called" {
	local long

	home
	at bzn-ledger transfer MINT alice 5 TCK --type FIAT_PURCHASE \
	    --ref p1 >/dev/null
	is 0 '{"id":"p1:paid","result":"exists","seq":1,"at":"2026-11-20T08:00:00.000Z"}' \
	    "" at bzn-ledger transfer MINT alice 5 TCK --type FIAT_PURCHASE \
	    --ref p1
	refuses 10 "'p1:paid' is known as entry 1 with other legs \
(id_conflict)" MINT alice 6 TCK --type FIAT_PURCHASE --ref p1
	refuses 3 "'p2' is not the id of this FIAT_PURCHASE, \
which is REF:paid (bad_id)" \
	    MINT alice 5 TCK --type FIAT_PURCHASE --ref p1 --id p2
	long=$(printf 'p%.0s' {1..50})
	refuses 3 "'$long:1' is not the id of this FIAT_PURCHASE, \
which is REF:paid (bad_id)" \
	    MINT alice 5 TCK --type FIAT_PURCHASE --ref "$long" --id "$long:1"
	at bzn-ledger transfer MINT alice 1 TCK --type REWARD --ref 2026 \
	    --id reward:2026:1 >/dev/null
	refuses 3 "'reward:2025:1' is not the id of this REWARD, \
which is reward:REF:NUMBER (bad_id)" \
	    MINT alice 1 TCK --type REWARD --ref 2026 --id reward:2025:1
	refuses 3 "'reward:2026:x' is not the id of this REWARD, \
which is reward:REF:NUMBER (bad_id)" \
	    MINT alice 1 TCK --type REWARD --ref 2026 --id reward:2026:x
	at bzn-ledger transfer MINT alice 1 DZIT --type CHAIN_DEPOSIT \
	    --ref tx1 --id chain:0123456789abcdef0123456789abcdef >/dev/null
	refuses 3 "'chain:0123' is not the id of this CHAIN_DEPOSIT, \
which is chain:32-HEX-DIGITS (bad_id)" \
	    MINT alice 1 DZIT --type CHAIN_DEPOSIT --ref tx1 --id chain:0123
	has alice 6.00
}

@test "an id posts once, and only what it named" {
	home
	mint alice 5
	is 0 '{"id":"a1","result":"posted","seq":2,"at":"2026-11-20T08:00:00.000Z"}' \
	    "" at bzn-ledger transfer alice bob 2 TCK --id a1
	pass 5
	is 0 '{"id":"a1","result":"exists","seq":2,"at":"2026-11-20T08:00:00.000Z"}' \
	    "" at bzn-ledger transfer alice bob 2.00 TCK --id a1
	keeps refuses 10 "'a1' is known as entry 2 with other legs \
(id_conflict)" alice bob 3 TCK --id a1
	refuses 10 "'a1' is known as entry 2 with other legs (id_conflict)" \
	    alice carol 2 TCK --id a1
	refuses 10 "'a1' is known as entry 2 with other ref (id_conflict)" \
	    alice bob 2 TCK --id a1 --ref x
	refuses 10 "'a1' is known as entry 2 with other type, legs (id_conflict)" \
	    alice VAULT 2 TCK --id a1 --type CREDIT_DEDUCT
	has alice 3.00
}

@test "a dry run makes the checks and no more" {
	home
	mint alice 5
	keeps is 0 '["d","posted",2,true]' "" bash -c "bzn-ledger --now $clock \
	    transfer alice bob 5 TCK --id d --dry-run |
	    jq -c '[.id, .result, .seq, .dry_run]'"
	keeps refuses 9 "'alice' cannot cover it (insufficient_funds)" \
	    alice bob 6 TCK -n
	has alice 5.00
	is 4 "" "bzn-ledger: no account 'bob' (no_account)" \
	    bzn-ledger balance bob
}

@test "export: a line a leaf, whose hash others compute too" {
	local line

	home
	mint alice 5
	is 2 "" "bzn-ledger: usage: bzn-ledger export [options] format \
(usage)" bzn-ledger export
	bzn-ledger export ndjson >all
	is 0 "0
1" "" jq .seq all
	line=$(tail -n 1 all)
	[[ $line =~ \"leaf_hash\":\"([0-9a-f]{64})\",\"entry\":(.*)\}$ ]]
	is 0 "${BASH_REMATCH[1]}  -" "" bash -c 'printf "\0%s" "$1" |
	    sha256sum' - "${BASH_REMATCH[2]}"
}

@test "log time does not fall with the clock, and the clock must be sane" {
	home
	mint alice 1
	clock=2026-11-19T00:00:00Z
	is 0 '{"id":"b","result":"posted","seq":2,"at":"2026-11-20T08:00:00.000Z"}' \
	    "" at bzn-ledger transfer alice bob 1 TCK --id b
	clock=2024-12-31T23:59:59.999Z
	refuses 7 "the clock says a time before 2025: set it, or \
--accept-clock (clock_unsane)" bob alice 1 TCK
	clock=2027-11-21T08:00:00.001Z
	refuses 7 "the clock is over 366 days ahead of the log: set it, or \
--accept-clock (clock_unsane)" bob alice 1 TCK
	is 0 '{"id":"c","result":"posted","seq":3,"at":"2027-11-21T08:00:00.001Z"}' \
	    "" at bzn-ledger transfer bob alice 1 TCK --id c --accept-clock
	sound
}

@test "--now is for homes with a test clock, and is a time" {
	local bad

	home
	for bad in yesterday 2026-02-30T00:00:00Z 2026-11-20T25:00:00Z \
	    2026-11-20T08:00:00 @1e3 @99999999999999999 ""; do
		is 3 "" "bzn-ledger: '$bad' is not a time like \
2026-11-20T06:52:52Z (bad_time)" bzn-ledger balance --now "$bad"
	done
	for bad in 1969-12-31T23:59:59Z 0001-01-01; do
		is 3 "" "bzn-ledger: '$bad' is before 1970 (bad_time)" \
		    bzn-ledger transfer MINT a 1 TCK --type CREDIT_ISSUE \
		    --now "$bad"
	done
	for good in @1795161600000 2026-11-20 2026-11-20T08:00:00.5+01:30; do
		is 0 "" "" bzn-ledger balance --now $good
	done
	echo >bzn.conf
	is 9 "" "bzn-ledger: --now is for homes whose bzn.conf says \
'test_clock yes' (test_clock_off)" bzn-ledger balance --now 2026-11-20
}

@test "bzn.conf: a wrong line is 3, with its place" {
	local text complaint

	home
	while IFS='|' read -r text complaint; do
		printf '# why\n\n%b\n' "$text" >bzn.conf
		is 3 "" "bzn-ledger: $BZN_HOME/bzn.conf:3: $complaint \
(bad_conf)" bzn-ledger balance
	done <<-'END'
		colour red|no parameter 'colour'
		test_clock|'test_clock' needs a value
		test_clock maybe|test_clock: 'maybe' is neither yes nor no
		listing_fee 1.005|listing_fee: '1.005' has more than 2 decimals
		listing_fee -1|listing_fee: '-1' is not an amount
		listing_fee 10001|listing_fee: '10001' is not within 0 and 10000
		protocol_tax_bp 2501|protocol_tax_bp: '2501' is not within 0 and 2500
		dispute_window 1y|dispute_window: '1y' is not a span like 24h
		dispute_window 0s|dispute_window: '0s' is not within 1s and 365d
		dispute_window 366d|dispute_window: '366d' is not within 1s and 365d
		settle_batch 9223372036854775808|settle_batch: '9223372036854775808' is too large
		test_clock yes no|test_clock: 'yes no' is neither yes nor no
		\x01|no parameter '\x01'
		cri_issuer a\x02b|cri_issuer: 'a\x02b' is not UTF-8 without control characters
		cri_issuer a\xc3|cri_issuer: 'a\xc3' is not UTF-8 without control characters
	END
	printf 'test_clock yes\n  test_clock\tyes # again\n' >bzn.conf
	is 3 "" "bzn-ledger: $BZN_HOME/bzn.conf:2: 'test_clock' is set in \
line 1 (bad_conf)" bzn-ledger balance
	printf '%2000s\n' x >bzn.conf
	is 3 "" "bzn-ledger: $BZN_HOME/bzn.conf:1: line too long (bad_conf)" \
	    bzn-ledger balance
	printf '#%2000s\r\ntest_clock yes\r\n\tlisting_fee 1 # last' x >bzn.conf
	is 0 "" "" bzn-ledger balance --now 2026-11-20
}

@test "no home, no store, and a store of another program" {
	is 4 "" "bzn-ledger: no directory '/nonexistent': make a home with \
'bzn-ledger init' (no_ledger)" bzn-ledger verify --home /nonexistent
	is 4 "" "bzn-ledger: no ledger in '$BZN_HOME': make one with \
'bzn-ledger init' (no_ledger)" bzn-ledger verify
	is 4 "" "bzn-ledger: no ledger in '$BZN_HOME': make one with \
'bzn-ledger init' (no_ledger)" bzn-ledger transfer a b 1 TCK
	sqlite3 node.db 'CREATE TABLE a (b); PRAGMA user_version = 3'
	is 3 "" "bzn-ledger: node.db is a database of another program \
(not_a_ledger)" bzn-ledger verify
	is 3 "" "bzn-ledger: node.db is a database of another program \
(not_a_ledger)" bzn-ledger init --no-node
	printf '%2000s' x >node.db
	is 3 "" "bzn-ledger: store: file is not a database (not_a_ledger)" \
	    bzn-ledger verify
}

@test "a store of a later program is left alone" {
	local steps

	home
	steps=$(find "$BZN_SRC/lib/store/schema" -name '*.sql' | wc -l)
	sqlite3 node.db 'PRAGMA user_version = 99'
	is 7 "" "bzn-ledger: the store has schema 99, this program has $steps \
(unsupported_schema)" bzn-ledger balance
	is 7 "" "bzn-ledger: the store has schema 99, this program has $steps \
(unsupported_schema)" bzn-ledger transfer a b 1 TCK
	sqlite3 node.db 'PRAGMA user_version = 2'
	is 7 "" "bzn-ledger: the store has schema 2, this program has $steps: run \
a program that writes (unsupported_schema)" bzn-ledger balance
}

@test "a damaged store is 7, and nothing is written" {
	home
	mint alice 5
	sqlite3 node.db 'UPDATE ledger_head SET edge = zeroblob(1)'
	keeps refuses 7 "the edge of the tree is damaged (store_corrupt)" \
	    alice bob 1 TCK
	sqlite3 node.db 'DELETE FROM ledger_head'
	refuses 4 "the log has no leaf yet: run 'bzn-ledger init' \
(no_ledger)" alice bob 1 TCK
}

@test "standard output that is full is 7" {
	home
	mint alice 5
	is 7 "" "bzn-ledger: cannot write standard output (output_failed)" \
	    sh -c 'bzn-ledger balance >/dev/full'
	is 7 "" "bzn-ledger: cannot write standard output (output_failed)" \
	    sh -c 'bzn-ledger balance --table >/dev/full'
	is 7 "" "bzn-ledger: cannot write standard output (output_failed)" \
	    sh -c 'bzn-ledger verify >/dev/full'
}

@test "closed descriptors never become the store" {
	local close

	home
	mint alice 8
	for close in '' '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' \
	    '<&- >&- 2>&-'; do
		run --separate-stderr bash -c "bzn-ledger --now $clock transfer \
		    alice bob 1 TCK $close"
		case $close in
		*'>&- 2>&-' | '<&- >&-' | '>&-')	[[ $status == 7 ]] ;;
		*)	[[ $status == 0 ]] ;;
		esac || fail "'$close': $status, '$stderr'"
		is 0 "ok" "" sqlite3 node.db 'PRAGMA integrity_check'
	done
	has bob 8.00
	sound
}

@test "a lock that does not come free is 6, and names its holder" {
	home
	mint alice 5
	echo "somebody[1] since noon" >node.lock
	exec 9>>node.lock
	flock 9
	keeps is 6 "" "bzn-ledger: waited 0 ms for the lock, held by \
somebody[1] since noon (lock_timeout)" bash -c "exec 9>&-
	    exec bzn-ledger --now $clock transfer alice bob 1 TCK --timeout 0"
	is 6 "" "bzn-ledger: waited 1000 ms for the lock, held by \
somebody[1] since noon (lock_timeout)" bash -c "exec 9>&-
	    exec bzn-ledger --now $clock transfer alice bob 1 TCK --timeout 1"
	: >node.lock
	is 6 "" "bzn-ledger: waited 0 ms for the lock (lock_timeout)" \
	    bash -c "exec 9>&-
	    exec bzn-ledger --now $clock transfer alice bob 1 TCK --timeout 0"
	is 0 "" "" bzn-ledger verify -q
	exec 9>&-
	at bzn-ledger transfer alice bob 1 TCK --timeout 0 >/dev/null
	is 2 "" "bzn-ledger: --timeout: at most 86400 seconds (usage)" \
	    at bzn-ledger transfer alice bob 1 TCK --timeout 9223372036854775807
	has bob 1.00
}

@test "a store that others keep locked is 6" {
	local holder

	home
	mint alice 5
	coproc sqlite3 node.db
	holder=$COPROC_PID		# the name is gone once it has ended
	echo "BEGIN EXCLUSIVE; SELECT 'locked';" >&"${COPROC[1]}"
	read -r -u "${COPROC[0]}" line
	[[ $line == locked ]]
	is 6 "" "bzn-ledger: store: database is locked (database_busy)" \
	    at bzn-ledger transfer alice bob 1 TCK
	echo ".quit" >&"${COPROC[1]}"
	wait "$holder"
	sound
}

@test "a home that cannot be written is 5, and can be read" {
	home
	mint alice 5
	sqlite3 node.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	rm -f node.db-wal node.db-shm
	if [[ $(id -u) == 0 ]]; then
		unshare -m true 2>/dev/null || skip "root, and no mounts"
		is 0 "" "" unshare -m bash -c "mount --bind . . &&
		    mount -o remount,bind,ro . && cd . &&
		    bzn-ledger verify -q --home '$PWD'"
		run --separate-stderr unshare -m bash -c "mount --bind . . &&
		    mount -o remount,bind,ro . &&
		    bzn-ledger --now $clock transfer alice bob 1 TCK"
		[[ $status == 7 && $stderr == *"node.lock': Read-only file \
system (io_error)" ]] || fail "$status, '$stderr'"
		return
	fi
	chmod 500 .
	is 0 "" "" bzn-ledger verify -q
	chmod 400 node.lock
	is 5 "" "bzn-ledger: cannot open '$PWD/node.lock': Permission denied \
(denied)" at bzn-ledger transfer alice bob 1 TCK
	chmod 700 .
}

@test "foreign text for people has no control characters" {
	home
	is 4 "" "bzn-ledger: no account 'a\\x1b[31m\\x0a' (no_account)" \
	    bzn-ledger balance $'a\e[31m\n'
	is 4 "" "bzn-ledger: no account '\\xc2\\x9b\\xe2\\x80\\xae' \
(no_account)" bzn-ledger balance $'\xc2\x9b\xe2\x80\xae'
	is 4 "" "bzn-ledger: no account '\\xe2\\x80\\x8f\\xd8\\x9c\
\\xe2\\x80\\xa8é' (no_account)" bzn-ledger balance \
	    $'\xe2\x80\x8f\xd8\x9c\xe2\x80\xa8é'
	is 4 "" "bzn-ledger: no account '\\x9b\\xff\\xe2' (no_account)" \
	    bzn-ledger balance $'\x9b\xff\xe2'
	is 4 "" "bzn-ledger: no account 'é' (no_account)" \
	    bzn-ledger balance é
	is 2 "" "bzn-ledger: no verb 'a\\x07': see --help (usage)" \
	    bzn-ledger $'a\a'
}

@test "a table for people, NDJSON for pipes" {
	home
	mint alice 5
	at bzn-ledger transfer alice bob 1.5 TCK --id x >/dev/null
	is 0 'ACCOUNT  UNIT  BALANCE  AVAILABLE  LEGS
alice    TCK      3.50       3.50     2' "" bzn-ledger balance alice --table
	is 0 'SEQ  AT                        TYPE      REF  AMOUNT  BALANCE  UNIT
  2  2026-11-20T08:00:00.000Z  TRANSFER  -      1.50     1.50  TCK' "" \
	    bzn-ledger history bob --table
	is 0 'UNIT  VALID  TOTAL MINTED  TOTAL IN WALLETS  TOTAL IN VAULT  TOTAL IN ESCROW  DISCREPANCY
TCK   yes            5.00              5.00            0.00             0.00         0.00' \
	    "" bzn-ledger reconcile --table
	run script -qec 'bzn-ledger balance alice' /dev/null
	[[ $status == 0 && ${lines[0]} == "ACCOUNT  UNIT"* ]]
	run script -qec 'bzn-ledger balance alice --json' /dev/null
	[[ $status == 0 && ${lines[0]} == '{"account":"alice",'* ]]
	run script -qec 'bzn-ledger balance alice | cat' /dev/null
	[[ $status == 0 && ${lines[0]} == '{"account":"alice",'* ]]
}

@test "reconcile: money that is nowhere, or twice, is 1" {
	local skill task escrow

	home
	member alice bob
	skill=$(offer bob 10)
	task=$(buy alice "$skill")
	is 0 '{"valid":true,"unit":"TCK","total_minted":"200.00",'\
'"total_in_wallets":"189.50","total_in_vault":"0.50",'\
'"total_in_escrow":"10.00","total_in_bounties":"0.00",'\
'"sum_accounted":"200.00","discrepancy":"0.00","conservation":'\
'{"valid":true,"node_balances":"189.50","active_escrows":"10.00",'\
'"active_bounties":"0.00","vault_balance":"0.50",'\
'"observed_total":"200.00","mint_issued":"200.00","discrepancy":"0.00",'\
'"flag":null},"nodes_checked":2,"mismatches":[],"purses":[],"parked":[],'\
'"checks":{"conservation":true,"non_negative":true,"double_entry":true,'\
'"idempotency":true,"refund_timeliness":true,"purses":true},'\
'"checked_at":"2026-11-20T08:00:00.000Z"}' "" at bzn-ledger reconcile
	sqlite3 node.db "UPDATE ledger_account SET cr = cr + 7
	    WHERE name = 'bob'"
	run --separate-stderr bzn-ledger reconcile
	[[ $status == 1 && $stderr == \
	    "bzn-ledger: the books do not balance (books_unequal)" ]]
	is 0 '[false,"0.07",[{"account":"bob","stored":"99.57",'\
'"computed":"99.50"}]]' "" jq -c '[.valid, .discrepancy, .mismatches]' \
	    <<<"$output"
	sqlite3 node.db "UPDATE ledger_account SET cr = cr - 7
	    WHERE name = 'bob'; UPDATE escrow_escrow SET amount_minor = 900"
	escrow=$(bzn-escrow show "$task" | jq -r .escrow_id)
	run --separate-stderr bzn-ledger reconcile
	[[ $status == 1 ]]
	is 0 "[{\"account\":\"$escrow\",\"stored\":\"10.00\",\
\"computed\":\"9.00\"}]" "" jq -c .mismatches <<<"$output"
	sqlite3 node.db "UPDATE escrow_escrow SET amount_minor = 1000,
	    unit = 'SBX'"
	run --separate-stderr bzn-ledger reconcile
	[[ $status == 1 ]]
	is 0 false "" jq .checks.double_entry <<<"$output"
}

# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# A second verifier, in Python, by somebody who had read bzn-ledger(5) and
# nothing else: tests/foreign/stranger.py.  It has to agree with ours.
load common

# stranger VERB ARGUMENT...: the second verifier.
stranger() {
	local verb=$1

	shift
	[[ $verb == receipt ]] ||
		set -- --page "$BZN_BUILD/man/bzn-ledger.5" \
		    --now "${clock#@}" "$@"
	python3 -B "$BZN_SRC/tests/foreign/stranger.py" "$verb" "$@"
}

# books: a home with every kind of entry; $vkey is its key.
books() {
	local skill task

	home
	vkey=$(jq -r .vkey made.json)
	member alice bob
	skill=$(offer bob 10)
	task=$(buy alice "$skill")
	deliver "$task"
	buy alice "$skill" >task
	at bzn-ledger checkpoint >old
	pass 864000
	at bzn-settle >settled
	at bzn-ledger transfer alice bob 1 TCK --id t1 >moved
	at bzn-ledger checkpoint >new
	task=$(buy alice "$skill")
	deliver "$task"
	sqlite3 node.db 'PRAGMA wal_checkpoint(TRUNCATE)' >truncated
}

@test "the second verifier accepts what ours accepts" {
	local n

	books
	sound
	n=$(bzn-ledger verify | jq -c '{size, root}')
	is 0 "$n" "" stranger verify .
	is 0 "$n" "" stranger verify node.db --vkey "$vkey" --pins pins
	bzn-ledger export leaves >all
	is 0 "$n" "" stranger verify --leaves all --checkpoint new \
	    --vkey "$vkey"
}

@test "the second verifier accepts our receipts, and none that is spoilt" {
	books
	# shellcheck disable=SC2046 # numbers
	at bzn-ledger receipt --out receipts $(seq 0 12)
	is 0 "" "" stranger receipt receipts/* --vkey "$vkey"
	cp receipts/7.tlog-proof one
	is 0 "" "" python3 "$BZN_SRC/tests/foreign/spoil.py" 0 \
	    "$(wc -c <one)" 149 one python3 -B \
	    "$BZN_SRC/tests/foreign/stranger.py" receipt one --vkey "$vkey"
	vkey=ledger.example/demo+7b8488d1
	vkey+=+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
	is 0 "" "" stranger receipt \
	    "$BZN_SRC/tests/golden/demo.6.tlog-proof" --vkey "$vkey"
}

# codes: of findings, the layer and the word, each once.
codes() {
	jq -r 'select(.code) | "\(.layer):\(.code)"' | sort -u
}

# both SQL: after that our verifier and the second name the same.  Of all such
# cases one in $BZN_SLICE is tried, another at each run.
both() {
	all=$((${all:-RANDOM} + 1))
	((all % ${BZN_SLICE:-5} == 0)) || return 0
	tried=$((${tried:-0} + 1))
	cp node.db good.db
	tamper "$1"
	run stranger verify .
	[[ $status == 1 ]] || fail "$1: $status, $output"
	codes <<<"$output" >theirs
	run --separate-stderr at bzn-ledger verify --max-findings 10000
	[[ $status == 1 ]] || fail "$1: ours $status, $output"
	codes <<<"$output" >ours
	diff ours theirs || fail "$1: ours < > theirs"
	rm -f node.db node.db-wal node.db-shm
	mv good.db node.db
}

# edit TYPE FROM TO: in the bytes of the first leaf of that type.
edit() {
	both "UPDATE ledger_entry SET leaf = CAST(replace(CAST(leaf AS TEXT),
	    '$2', '$3') AS BLOB) WHERE seq = (SELECT min(seq) FROM ledger_entry
	    WHERE CAST(leaf AS TEXT) LIKE '%\"type\":\"$1\"%')"
}

@test "the second verifier finds what ours finds" {
	local e='ledger_entry SET leaf'

	books
	edit REGISTRATION_CREDIT 100.00 100.01
	edit REGISTRATION_CREDIT '"amount":"-100.00"' '"amount":"-100.01"'
	edit REGISTRATION_CREDIT '"v":1' '"v":2'
	edit REGISTRATION_CREDIT '"seq":' '"seq":1'
	edit REGISTRATION_CREDIT '"at_ms":17' '"at_ms":16'
	edit REGISTRATION_CREDIT '"at_ms":1795161600000' '"at_ms":1795161600001'
	edit REGISTRATION_CREDIT 'TCK' 'XYZ'
	edit REGISTRATION_CREDIT 'REGISTRATION_CREDIT' 'FIAT_PURCHASE'
	edit REGISTRATION_CREDIT 'REGISTRATION_CREDIT' 'GIFT'
	edit REGISTRATION_CREDIT '"account":"alice"' '"account":"alixe"'
	edit ESCROW_LOCK '"tax_bp":300' '"tax_bp":301'
	edit ESCROW_LOCK '"seller":"bob"' '"seller":"bo"'
	edit ESCROW_LOCK '"seller":"bob"' '"seller":"alice"'
	edit task.completed 'auto_settle_ms":17' 'auto_settle_ms":19'
	edit log.genesis '"origin":"ledger' '"origin":"lodger'
	both "UPDATE $e = CAST(CAST(leaf AS TEXT) || ' ' AS BLOB)
	    WHERE seq = 5"
	both "UPDATE ledger_entry SET id = 'x' WHERE seq = 4"
	both "DELETE FROM ledger_entry WHERE seq = 5"
	both "DELETE FROM ledger_entry WHERE seq =
	    (SELECT max(seq) FROM ledger_entry)"
	both "INSERT INTO ledger_entry SELECT seq + 1, id || 'x', leaf
	    FROM ledger_entry ORDER BY seq DESC LIMIT 1"
	both "UPDATE ledger_head SET edge = zeroblob(length(edge))"
	both "UPDATE ledger_head SET root = zeroblob(32)"
	both "UPDATE ledger_head SET at_ms = at_ms - 1"
	both "UPDATE ledger_account SET cr = cr + 1, dr = dr + 1 WHERE id = 2"
	both "UPDATE ledger_account SET lo = -5 WHERE id = 2"
	both "DELETE FROM ledger_posting WHERE key =
	    (SELECT max(key) FROM ledger_posting)"
	both "UPDATE ledger_posting SET balance = balance + 1 WHERE key =
	    (SELECT max(key) FROM ledger_posting)"
	both "UPDATE ledger_unit SET scale = 3 WHERE code = 'SBX'"
	both "UPDATE escrow_escrow SET tax_bp = 1"
	both "UPDATE escrow_escrow SET settle_ms = settle_ms + 1"
	both "INSERT INTO ledger_reversal VALUES (3, 4)"
	both "CREATE TABLE odd (x)"
	both "CREATE TABLE odd (x); INSERT INTO odd VALUES (1)"
	both "CREATE VIEW odd AS SELECT 1"
	both "CREATE INDEX odd ON ledger_posting (seq)"
	both "ALTER TABLE ledger_memo ADD COLUMN odd TEXT"
	both "DROP TABLE ledger_memo"
	both "UPDATE ledger_checkpoint SET root = zeroblob(32)"
	both "UPDATE ledger_checkpoint SET note = replace(note, 'ledger',
	    'lodger')"
	both "UPDATE ledger_checkpoint SET note = replace(note, 'A', 'B')"
	both "UPDATE ledger_checkpoint SET note = note || 'x'"
	both "UPDATE ledger_checkpoint SET note = replace(note, char(10),
	    char(13) || char(10))"
	both "UPDATE ledger_checkpoint SET note = replace(note,
	    '=' || char(10), char(10))"
	both "UPDATE ledger_checkpoint SET note = replace(note,
	    'test' || char(10), 'test' || char(10) || '0')"
	both "UPDATE ledger_checkpoint SET at_ms = 10000 - size"
	edit ESCROW_SETTLE '"n":2' '"n":3'
	edit PROTOCOL_TAX '"group":{"i":1,"n":2},' ''
	edit PROTOCOL_TAX 0.30 0.31
	edit TRANSFER '"id":"t1"' '"id":"t2"'
	((tried >= 9))
}

@test "the second verifier finds what ours finds in tiles" {
	local tile='ledger_tile SET hashes'

	home
	seq -f 'node%.0f' 1 130 >names
	# shellcheck disable=SC2046 # names
	member $(<names)
	at bzn-ledger checkpoint >new
	sqlite3 node.db 'PRAGMA wal_checkpoint(TRUNCATE)' >truncated
	is 0 "$(bzn-ledger verify | jq -c '{size, root}')" "" \
	    stranger verify .
	BZN_SLICE=1
	both "UPDATE ledger_entry SET leaf = CAST(replace(CAST(leaf AS TEXT),
	    '100.00', '100.01') AS BLOB) WHERE seq IN (100, 101)"
	both "UPDATE ledger_entry SET leaf = CAST(replace(CAST(leaf AS TEXT),
	    '100.00', '100.01') AS BLOB) WHERE seq IN (257, 258)"
	both "UPDATE $tile = zeroblob(8192)"
	both "UPDATE ledger_tile SET root = zeroblob(32)"
	both "DELETE FROM ledger_tile"
	both "INSERT INTO ledger_tile SELECT pos + 1, root, hashes
	    FROM ledger_tile"
}

# rarities: what books has not: a node's certificate, another key, a witness,
# units, limits, groups, reversals, memos, assertions, all ends of a trade.
rarities() {
	local skill i

	umask 077
	clock=@1795161600000
	echo 'test_clock yes' >bzn.conf
	echo 'correct horse battery staple' >pw
	bzn-keygen identity -q --passphrase-file pw >identity.json
	at bzn-ledger init --origin ledger.example/rare --passphrase-file pw \
	    >made.json
	vkey=$(jq -r .vkey made.json)
	member alice bob carol
	skill=$(offer bob 10)
	for i in refund resolve late; do
		buy alice "$skill" >$i
	done
	deliver "$(<refund)"
	deliver "$(<resolve)"
	at bzn-escrow dispute "$(<refund)" -r no >said
	at bzn-escrow dispute "$(<resolve)" -r no >said
	at bzn-escrow resolve "$(<refund)" --to refund_buyer >said
	at bzn-escrow resolve "$(<resolve)" --to release_to_seller >said
	at bzn-ledger unit add GOLD --scale 4 >said
	at bzn-ledger account open till --unit GOLD --min none >said
	at bzn-ledger transfer till bob 3 GOLD --id g --memo text >said
	at bzn-ledger memo erase g >said
	at bzn-ledger account limit bob --unit GOLD --max 3 >said
	at bzn-ledger account open shut --unit TCK >said
	at bzn-ledger account close shut --unit TCK >said
	at bzn-ledger transfer carol carol:a 2 TCK --memo kept >said
	at bzn-ledger assert carol eq 100 TCK --subtree >said
	printf '{"id":"p%d","from":"alice","to":"bob","amount":"1","unit":"TCK"}\n' \
	    1 2 | at bzn-ledger post >said
	at bzn-ledger reverse p1 --id back --memo why >said
	at bzn-ledger checkpoint >old
	openssl genpkey -algorithm ED25519 -out witness.pem
	witness=$({ printf '\004'
		openssl pkey -in witness.pem -pubout -outform DER |
		    tail -c 32; } >key
		{ echo w.example; cat key; } | sha256sum | cut -c 1-8)
	witness=w.example+$witness+$(base64 key)
	mkdir witness
	echo 'test_clock yes' >witness/bzn.conf
	at bzn-ledger checkpoint cosign old --home witness --key witness.pem \
	    --name w.example --vkey "$vkey" >cosigned
	at bzn-ledger checkpoint add cosigned --vkey "$witness" >said
	printf '%s\n' "log $vkey" "witness w $witness" 'quorum w' >policy
	quorum=$(at bzn-ledger verify --policy policy | jq -c '{size, root}')
	is 0 "$quorum" "" stranger verify . --policy policy
	at bzn-ledger checkpoint rotate --reason scheduled \
	    --passphrase-file pw >said
	pass 864000
	at bzn-settle >said
	at bzn-ledger checkpoint >new
	sqlite3 node.db 'PRAGMA wal_checkpoint(TRUNCATE)' >truncated
}

@test "the second verifier finds what ours finds in what is rare" {
	local n second

	rarities
	n=$(at bzn-ledger verify | jq -c '{size, root}')
	second=$(bzn-ledger export ndjson |
	    jq -r 'select(.entry.type == "log.key").entry.data.log_key')
	is 0 "$n" "" stranger verify .
	is 0 "$n" "" stranger verify . --vkey "$vkey"
	is 0 "$n" "" stranger verify . --vkey "$second"
	run stranger verify . --policy policy
	[[ $status == 6 && $output == *'"witness_missing"'* ]]
	run stranger verify . --vkey "$witness"
	[[ $status == 1 && $output == *'"unknown_signer"'* ]]
	edit REVERSAL '"reverses_seq":' '"reverses_seq":1'
	edit REVERSAL '"reverses":"p1"' '"reverses":"p2"'
	edit REVERSAL '"n":2' '"n":3'
	edit log.key '"reason":"scheduled"' '"reason":"bored"'
	edit log.key '"old_key":"ledger' '"old_key":"lodger'
	edit ledger.assert 100.00 100.01
	edit ledger.assert '"op":"eq"' '"op":"ne"'
	edit ledger.unit '"code":"GOLD"' '"code":"TCK"'
	edit ledger.account '"lo":"none"' '"lo":"0.0000"'
	edit ledger.account '"account":"till"' '"account":"VAULT"'
	edit DISPUTE_REFUND '"reason":"' '"reason":"X'
	edit DISPUTE_REFUND '"account":"alice"' '"account":"carol"'
	edit DISPUTE_RELEASE DISPUTE_RELEASE ESCROW_SETTLE
	edit ESCROW_REFUND 10.00 9.99
	edit escrow.disputed BUYER_DISPUTE SELLER_DISPUTE
	both "UPDATE ledger_cosig SET line = replace(line, 'w.', 'v.')"
	both "UPDATE ledger_reversal SET target = target + 100"
	both "DELETE FROM ledger_checkpoint WHERE size < 20;
	    UPDATE ledger_checkpoint SET note = replace(note,
	    'rare' || char(10), 'rar' || char(10))"
	both "UPDATE ledger_account SET closed = 0 WHERE closed"
	both "UPDATE ledger_head SET posted = 0"
	both "DROP INDEX escrow_due_settle"
	((tried >= 4))
	cp node.db older
	sqlite3 older "PRAGMA user_version = $((
	    $(sqlite3 older 'PRAGMA user_version') - 1))"
	run stranger verify older --vkey "$vkey"
	[[ $status == 7 && $output == *'"unsupported_schema"'* ]]
	run bzn-ledger verify --file older --vkey "$vkey"
	[[ $status == 7 && $output == *'(unsupported_schema)'* ]]
}

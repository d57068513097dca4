# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2103,SC2154
load common

# finds CODES SQL: after it verify says those codes, a blank between them.
finds() {
	local got

	cp -r "$BZN_HOME" "$BATS_TEST_TMPDIR.broken"
	BZN_HOME=$BATS_TEST_TMPDIR.broken
	cd "$BZN_HOME" || return 1
	tamper "$2"
	run --separate-stderr bzn-ledger verify
	got=$(jq -r 'select(.code) | "\(.layer):\(.code)"' <<<"$output" |
	    sort -u | paste -sd' ')
	[[ $status == 1 && $got == "$1" ]] ||
	    fail "$2: $status, '$output', '$stderr'"
	[[ $(tail -n 1 <<<"$output" | jq -r .result) == false ]]
	[[ $stderr == "bzn-ledger: the ledger is not true: "*" finding"* ]]
	cd "$BATS_TEST_TMPDIR" || return 1
	BZN_HOME=$BATS_TEST_TMPDIR
	rm -r "$BATS_TEST_TMPDIR.broken"
}

# Six entries: genesis, two credits, two transfers, and a credit.
journal() {
	home
	mint alice 100
	mint bob 50
	at bzn-ledger transfer alice bob 10 TCK --id t3 >/dev/null
	pass 1
	at bzn-ledger transfer bob carol 20.5 TCK --id t4 >/dev/null
	mint dave 1
}

@test "the log cannot be edited through its own store" {
	journal
	is 19 "" "Error: stepping, ledger_entry is append-only (19)" \
	    sqlite3 node.db "UPDATE ledger_entry SET id = 'x' WHERE seq = 3"
	is 19 "" "Error: stepping, ledger_entry is append-only (19)" \
	    sqlite3 node.db "DELETE FROM ledger_entry WHERE seq = 3"
}

@test "verify: true says so, and -q says nothing" {
	journal
	run --separate-stderr bzn-ledger verify
	[[ $status == 0 && -z $stderr && $output =~ ^'{"result":"true",'\
'"status":0,"size":6,"root":"'[0-9a-f]{64}'","origin":'\
'"ledger.example/test","trust":"self","checkpoint":1,'\
'"layers":[1,2,3,4,5,6,7,8,9,10,11,12],"skipped":[],'\
'"notes":['[a-z_\",]*'],"findings":0}'$ ]]
	sound
}

@test "verify: what projections say is what the leaves say" {
	journal
	finds 10:projection_mismatch "UPDATE ledger_account SET cr = cr + 1
	    WHERE name = 'alice'"
	finds 10:projection_mismatch "UPDATE ledger_account SET legs = legs + 1
	    WHERE name = 'alice'"
	finds 10:projection_mismatch "UPDATE ledger_account SET lo = NULL
	    WHERE name = 'alice'"
	finds 10:projection_mismatch "UPDATE ledger_account SET closed = 1
	    WHERE name = 'alice'"
	finds 10:projection_mismatch "UPDATE ledger_account SET name = 'eve'
	    WHERE name = 'alice'"
	finds 10:projection_mismatch "DELETE FROM ledger_account
	    WHERE name = 'dave'"
	finds 10:projection_mismatch "INSERT INTO ledger_account (id, name,
	    unit_id) VALUES (99, 'eve', 4)"
	finds 10:projection_mismatch "UPDATE ledger_posting SET amount =
	    amount + 1 WHERE seq = 3"
	finds 10:projection_mismatch "UPDATE ledger_posting SET balance =
	    balance + 1 WHERE seq = 3"
	finds 10:projection_mismatch "DELETE FROM ledger_posting WHERE seq = 3"
	finds 10:projection_mismatch "INSERT INTO ledger_posting
	    VALUES (1 << 40, 3, 1, 1)"
	finds 10:projection_mismatch "UPDATE ledger_unit SET scale = 4
	    WHERE code = 'TCK'"
}

@test "verify: head, edge and tiles are those of the leaves" {
	journal
	finds 6:head_mismatch "UPDATE ledger_head SET at_ms = at_ms + 1"
	finds 6:root_mismatch "UPDATE ledger_head SET root = zeroblob(32)"
	finds 7:edge_mismatch "UPDATE ledger_head SET edge = zeroblob(64)"
	finds 7:edge_mismatch "UPDATE ledger_head SET edge = x''"
	finds 7:tile_mismatch "INSERT INTO ledger_tile
	    VALUES (0, zeroblob(32), zeroblob(8192))"
}

@test "verify: 256 entries make a tile, which must be there" {
	home 'settle_batch 1'
	seq -f '{"node_id":"node-%g"}' 1 128 | at bzn-node challenge |
	    answers | at bzn-node register >/dev/null
	is 0 1 "" sqlite3 node.db 'SELECT count(*) FROM ledger_tile'
	sound
	finds 7:tile_missing "DELETE FROM ledger_tile"
	finds 7:tile_mismatch "UPDATE ledger_tile SET root = zeroblob(32)"
	finds 7:tile_mismatch "UPDATE ledger_tile SET hashes = zeroblob(8192)"
}

# edit SEQ FROM TO: SQL that replaces text in a leaf.
edit() {
	echo "UPDATE ledger_entry SET leaf =
	    CAST(replace(CAST(leaf AS TEXT), '$2', '$3') AS BLOB)
	    WHERE seq = $1"
}

@test "verify: rows taken out, put in, changed" {
	journal
	finds "10:projection_mismatch 5:seq_gap 6:head_mismatch \
7:edge_mismatch" "DELETE FROM ledger_entry WHERE seq = 5"
	finds 5:seq_gap "DELETE FROM ledger_entry WHERE seq = 3"
	finds 5:seq_gap "DELETE FROM ledger_entry WHERE seq = 1"
	finds 5:seq_gap "DELETE FROM ledger_entry WHERE seq = 0"
	finds "10:projection_mismatch 5:seq_gap 6:checkpoint_mismatch \
6:head_mismatch 7:edge_mismatch" "DELETE FROM ledger_entry"
	finds "5:seq_extra 5:seq_gap 6:leaf_not_canonical" \
	    "INSERT INTO ledger_entry VALUES (99, 'x', x'7b7d')"
	finds 5:seq_extra \
	    "INSERT INTO ledger_entry VALUES (-1, 'x', x'7b7d')"
	finds 5:column_mismatch "UPDATE ledger_entry SET id = 't5'
	    WHERE id = 't4'"
	finds 5:column_mismatch "UPDATE ledger_entry
	    SET id = id || char(0) || 'x' WHERE id = 't4'"
	finds "10:projection_mismatch 5:column_mismatch 5:time_backwards \
6:root_mismatch 7:edge_mismatch" "UPDATE ledger_entry SET seq = 98 - seq
	    WHERE seq IN (3, 4);
	    UPDATE ledger_entry SET seq = seq - 91 WHERE seq > 90"
}

@test "verify: one finding for one hole, and -m bounds what is printed" {
	journal
	tamper "DELETE FROM ledger_entry WHERE seq = 1"
	run --separate-stderr bzn-ledger verify
	[[ ${lines[0]} == '{"layer":5,"code":"seq_gap","status":1,"seq":1,'\
'"message":"entry 1 is missing: 2 follows"}' ]]
	is 1 1 "" bash -c 'set -o pipefail
	    bzn-ledger verify 2>/dev/null | grep -c seq_gap'
	run --separate-stderr bzn-ledger verify --layers 5 --max-findings 1 -q
	[[ $status == 1 && ${#lines[@]} == 2 &&
	    $stderr == "bzn-ledger: the ledger is not true: 1 finding \
(seq_gap)" ]]
	run --separate-stderr bzn-ledger verify --max-findings 0
	[[ $status == 1 && ${#lines[@]} == 1 ]]
}

@test "verify: every byte of a leaf counts" {
	local tree="6:root_mismatch 7:edge_mismatch"

	journal
	finds "10:projection_mismatch $tree" "$(edit 3 10.00 10.01)"
	finds "10:projection_mismatch $tree 9:limit_broken" \
	    "$(edit 4 20.50 990.50)"
	finds "$tree 8:unbalanced" "$(edit 3 -10.00 -10.01)"
	finds "6:leaf_not_canonical $tree" "$(edit 3 '"v":1' '"v":1 ')"
	finds "6:leaf_not_canonical $tree" "$(edit 3 '"v":1' '"v":2')"
	finds "5:column_mismatch $tree" "$(edit 3 t3 x3)"
	finds "5:column_mismatch $tree" "$(edit 3 '"seq":3' '"seq":4')"
	finds "$tree 8:bad_unit" "$(edit 3 TCK EUR)"
	finds "$tree 8:flow_broken" "$(edit 4 TRANSFER CREDIT_ISSUE)"
	finds "$tree 8:unknown_type" "$(edit 4 TRANSFER TRANSFERS)"
	finds "5:time_backwards $tree" \
	    "$(edit 4 '"at_ms":179' '"at_ms":169')"
	finds "4:bad_certificate 6:checkpoint_mismatch $tree" \
	    "$(edit 0 example/test example/tests)"
}

@test "verify: a group is whole and adjacent" {
	local skill task

	home
	member alice bob
	skill=$(offer bob 10)
	task=$(buy alice "$skill")
	deliver "$task"
	pass 86400
	at bzn-settle >/dev/null
	sound
	finds "4:forked 5:group_broken 6:checkpoint_mismatch 6:root_mismatch \
7:edge_mismatch 9:tax_broken" \
	    "$(edit 9 '"i":0' '"i":1')"
	finds "10:projection_mismatch 4:rollback 5:group_broken 5:seq_gap \
6:checkpoint_mismatch 6:head_mismatch 7:edge_mismatch" "DELETE FROM ledger_entry WHERE seq = 10"
}

# there: the files of this directory, but for what bats makes; the index of a
# log is shared by those who read it.
there() {
	find . -type f ! -name 'separate-stderr*' ! -name '*-shm' \
	    -printf '%P %s %T@\n' | sort
	find . -name '*.db' -exec sha256sum {} + -o \
	    -name '*.db-wal' -exec sha256sum {} + | sort
}

# frozen COMMAND...: it says yes, and what lies in the directory is the same.
frozen() {
	local before after

	before=$(there)
	run --separate-stderr "$@"
	after=$(there)
	[[ $status == 0 ]] || fail "$status: $output $stderr"
	[[ $before == "$after" ]] || fail "$before, then $after"
}

@test "verify: not a byte changes, and no file appears" {
	local vkey

	journal
	vkey=$(jq -r .vkey made.json)
	mkdir tmp
	export TMPDIR=$PWD/tmp
	[[ -s node.db-wal && -e node.db-shm ]]
	# The live home: beside its writers.
	frozen bzn-ledger verify
	# A log without its index, and any log that is not the home's: a copy.
	rm node.db-shm
	frozen bzn-ledger verify
	[[ ! -e node.db-shm ]]
	mkdir away
	cp node.db node.db-wal away
	cd away
	frozen bzn-ledger verify --file node.db --vkey "$vkey"
	[[ $(jq .size <<<"$output") == 6 ]]
	rm node.db-wal			# what it held is lost, and noticed
	frozen bzn-ledger verify --file node.db --allow-self --layers 1
	[[ ! -e node.db-wal && ! -e node.db-shm ]]
	cd ..
	# No log, or an empty one: as it lies there.
	sqlite3 node.db "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
	rm -f node.db-wal node.db-shm
	frozen bzn-ledger verify
	: >node.db-wal
	frozen bzn-ledger verify
	is 0 "" "" find tmp -mindepth 1
}

@test "verify: in a directory that cannot be written" {
	((UID)) || skip "root writes everywhere"
	journal
	chmod 500 .
	frozen bzn-ledger verify
	chmod 700 .
}

@test "verify: a copy needs room somewhere" {
	journal
	rm node.db-shm
	run --separate-stderr env TMPDIR=/nonexistent bzn-ledger verify
	[[ $status == 4 && -z $output && $stderr == *"(no_file)" ]]
}

@test "verify: files that are no ledger" {
	journal
	is 4 "" "bzn-ledger: cannot open 'none': No such file or directory \
(no_file)" bzn-ledger verify --allow-self --file none
	is 3 "" "bzn-ledger: '/' is not a file (not_a_ledger)" \
	    bzn-ledger verify --allow-self --file /
	: >empty
	is 3 "" "bzn-ledger: 'empty' holds no ledger (not_a_ledger)" \
	    bzn-ledger verify --allow-self --file empty
	head -c 5000 /dev/zero >zeroes
	run --separate-stderr bzn-ledger verify --allow-self --file zeroes
	[[ $status == 3 && -z $output && $stderr == *"(not_a_ledger)" ]]
	sqlite3 other 'CREATE TABLE a (b); PRAGMA user_version = 3'
	run --separate-stderr bzn-ledger verify --allow-self --file other
	[[ $status == 3 && -z $output && $stderr == *"(not_a_ledger)" ]]
	head -c 100 node.db >short
	run --separate-stderr bzn-ledger verify --allow-self --file short
	[[ $status =~ ^[37]$ && -z $output ]]
}

@test "verify: options that make no sense" {
	local o

	journal
	bzn-ledger checkpoint >c.ckpt
	for o in "--layers 0" "--layers 13" "--layers 3-1" "--layers 1,," \
	    "--layers x" "--layers 99999999999999999999" "--layers -1" \
	    "--jobs 0" "--jobs 65" "--jobs -1" "--fast --layers 1" \
	    "--leaves l" "--checkpoint c.ckpt" "--proof-out p" \
	    "--leaves l --checkpoint c.ckpt --file node.db" \
	    "--max-findings 99999999999999999999" "--file node.db" \
	    "--leaves l --checkpoint c.ckpt --allow-self --layers 1"; do
		# shellcheck disable=SC2086
		run --separate-stderr bzn-ledger verify $o
		[[ $status == 2 && -z $output && $stderr == *"(usage)" ]] ||
		    fail "$o: $status, $output, $stderr"
	done
	is 3 "" "bzn-ledger: --max-age: '7x' is not a span like 24h (bad_time)" \
	    bzn-ledger verify --max-age 7x
	run --separate-stderr bzn-ledger verify --vkey garbage
	[[ $status == 3 && -z $output && $stderr == *"(bad_vkey)" ]]
	run --separate-stderr bzn-ledger verify --since bzn.conf
	[[ $status == 3 && $stderr == *"(bad_note)" ]]
	is 4 "" "bzn-ledger: cannot open 'none': No such file or directory \
(no_file)" bzn-ledger verify --since none
	echo '{"size":"x"}' >anchors
	run --separate-stderr bzn-ledger verify --anchors anchors
	[[ $status == 3 && $stderr == *"anchor 1: "*"(bad_json)" ]]
	echo 'alice is rich' >assertions
	run --separate-stderr bzn-ledger verify --assertions assertions
	[[ $status == 3 && $stderr == *"assertion 1: "* ]]
}

@test "verify: --since, from a file and from a pipe, with its proof" {
	journal
	bzn-ledger checkpoint >old.ckpt
	mint eve 1
	bzn-ledger checkpoint >new.ckpt
	frozen bzn-ledger verify --since old.ckpt -q
	is 0 "" "" sh -c 'bzn-ledger verify -q --fast --since - <old.ckpt'
	is 0 "" "" bzn-ledger verify -q --since old.ckpt --proof-out proof
	[[ $(head -n 1 proof) == "old 6" && $(wc -l <proof) -gt 1 ]]
	mkdir o
	BZN_HOME=$PWD/o bzn-ledger init --no-node --origin other.example \
	    >/dev/null
	BZN_HOME=$PWD/o bzn-ledger checkpoint >o.ckpt
	run --separate-stderr bzn-ledger verify --fast --since o.ckpt
	[[ $status == 1 && $output == *'"unknown_signer"'* ]]
}

@test "verify: a log that was put back is below its pin" {
	journal
	bzn-ledger checkpoint >/dev/null
	sqlite3 node.db "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
	cp node.db old.db
	mint eve 1
	bzn-ledger checkpoint >new.ckpt
	rm node.db*
	mv old.db node.db
	for o in "" --fast; do
		# shellcheck disable=SC2086
		run --separate-stderr bzn-ledger verify $o
		[[ $status == 1 && $(jq -r 'select(.code) | .code' \
		    <<<"$output") == rollback ]] || fail "$o: $output"
	done
	run --separate-stderr bzn-ledger verify --since new.ckpt
	[[ $status == 1 && $output == *'"shrunk"'* ]]
}

@test "verify: leaves and their checkpoint, without a database" {
	local vkey

	journal
	vkey=$(jq -r .vkey made.json)
	bzn-ledger checkpoint >c
	bzn-ledger export ndjson | jq -c .entry >l
	leaves() {
		run --separate-stderr bzn-ledger --home "$PWD/none" verify \
		    --leaves l --checkpoint c --vkey "$vkey"
	}
	leaves
	[[ $status == 0 && $(jq -c .layers <<<"$output") == \
	    "[4,5,6,7,8,9,11]" ]] || fail "$output $stderr"
	cp l good
	sed -n '4s/"seq":3/"seq":6/p' good >>l
	leaves
	[[ $status == 1 && $output == *'"duplicate_id","status":1,"seq":6'* ]]
	cp good l
	sed -i '4s/10.00/10.01/g' l
	leaves
	[[ $status == 1 && $output == *'"forked"'* ]]
	sed -i 4d l
	leaves
	[[ $status == 1 && $output == *'"seq_gap"'*'"seq":3'* ]]
	echo garbage >l
	leaves
	[[ $status == 1 && $output == *'"leaf_not_canonical"'* ]]
	: >l
	leaves
	[[ $status == 1 ]]
	rm l
	leaves
	[[ $status == 4 ]]
}

@test "verify: a byte that rots is told, and never a crash" {
	journal
	bzn-ledger checkpoint >/dev/null
	sqlite3 node.db "PRAGMA wal_checkpoint(TRUNCATE);
	    PRAGMA journal_mode = DELETE" >/dev/null
	python3 -B "$BZN_SRC/tests/rot.py" node.db "${BZN_ROT:-100}" "$RANDOM"
}

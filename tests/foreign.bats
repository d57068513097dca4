# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Verifiers by other authors, over what is ours: golang.org/x/mod, openssl,
# sha256sum, sqlite3.  @sigstore/verify is in third-party.bats.
load common

VKEY=ledger.example/demo+7b8488d1+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
NEXT=ledger.example/demo+3943ab50+ARdFU7RW3d/GkI7KscEB/mqyHiuqBhd5W31DpjSCmT/V

setup_file() {
	local p

	command -v go >/dev/null || skip "no go: see .ci/packages"
	export GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS=
	export GOCACHE=$BZN_BUILD/foreign/cache
	for p in log proofs; do
		go build -o "$BZN_BUILD/foreign/$p" \
		    "$BZN_SRC/tests/foreign/$p.go" || return 1
	done
}

# demo: the log of bzn-ledger(5), and what was said of it.
demo() {
	cp "$BZN_SRC/tests/golden/demo."* .
	PATH="$BZN_BUILD/foreign:$PATH"
}

# refused FROM TO STEP FILE: so is the demo log, with a bit in any of those.
refused() {
	is 0 "" "" python3 "$BZN_SRC/tests/foreign/spoil.py" "$@" \
	    log "$VKEY" demo.leaves demo.5.ckpt demo.10.ckpt demo.6.tlog-proof
}

@test "x/mod accepts the demo log, its checkpoints and its receipt" {
	demo
	is 0 "10 leaves, 1 receipts" "" log "$VKEY" demo.leaves demo.5.ckpt \
	    demo.10.ckpt demo.6.tlog-proof
	is 0 "11 leaves, 0 receipts" "" log "$VKEY" demo.leaves demo.10.ckpt \
	    demo.11.ckpt
	is 0 "11 leaves, 0 receipts" "" log "$NEXT" demo.leaves demo.11.ckpt \
	    demo.11.ckpt
	run log "$NEXT" demo.leaves demo.10.ckpt demo.11.ckpt
	[[ $status == 1 && $output == *"no verifiable signatures" ]]
}

# What the witness has signed is behind that, and x/mod passes it over.
@test "x/mod refuses it with any one byte changed" {
	local theirs

	demo
	theirs=$(grep -b '^— witness' demo.10.ckpt | cut -d: -f1)
	refused 0 "$(head -n 10 demo.leaves | wc -c)" 41 demo.leaves
	refused 0 "$(wc -c <demo.5.ckpt)" 5 demo.5.ckpt
	refused 0 "$theirs" 5 demo.10.ckpt
	theirs=$(grep -ab '^— witness' demo.6.tlog-proof | cut -d: -f1)
	refused 0 "$theirs" 11 demo.6.tlog-proof
}

# trade: alice has bought from bob, twice; one is paid, one refunded.
trade() {
	local skill task

	member alice bob
	skill=$(offer bob 10)
	task=$(buy alice "$skill")
	deliver "$task"
	buy alice "$skill" >task
	pass 864000
	at bzn-settle >settled
	at bzn-ledger transfer alice bob 1 TCK >moved
}

# ours: a log that has grown from the note "old" to "new", its leaves, and a
# receipt of each; $vkey is its key, $n its size.
ours() {
	home
	PATH="$BZN_BUILD/foreign:$PATH"
	vkey=$(jq -r .vkey made.json)
	at bzn-ledger checkpoint >old
	trade
	at bzn-ledger checkpoint >new
	bzn-ledger export ndjson | sed -E 's/.*"entry":(.*)\}$/\1/' >leaves
	n=$(wc -l <leaves)
	# shellcheck disable=SC2046 # numbers
	at bzn-ledger receipt --out receipts $(seq 0 $((n - 1)))
}

@test "x/mod accepts a log of ours, its growth, and the receipt of each leaf" {
	ours
	((n > 10))
	is 0 "$n leaves, $n receipts" "" log "$vkey" leaves old new receipts/*
}

@test "x/mod refuses a log of ours of which one byte is another" {
	local file

	ours
	for file in leaves old new receipts/7.tlog-proof; do
		is 0 "" "" python3 "$BZN_SRC/tests/foreign/spoil.py" 0 \
		    "$(wc -c <$file)" $(($(wc -c <$file) / 20)) $file \
		    log "$vkey" leaves old new receipts/7.tlog-proof
	done
}

@test "x/mod opens what two keys of a log have signed with either of them" {
	local next

	ours
	next=$(at bzn-ledger checkpoint rotate --reason scheduled | jq -r .vkey)
	at bzn-ledger checkpoint >newer
	at bzn-ledger receipt --out receipts "$n"
	bzn-ledger export ndjson | sed -E 's/.*"entry":(.*)\}$/\1/' >leaves
	is 0 "$((n + 1)) leaves, 1 receipts" "" log "$vkey" leaves new newer \
	    "receipts/$n.tlog-proof"
	is 0 "$((n + 1)) leaves, 1 receipts" "" log "$next" leaves newer newer \
	    "receipts/$n.tlog-proof"
	run log "$next" leaves new newer
	[[ $status == 1 && $output == *"no verifiable signatures" ]]
}

# proofs COUNT MOST ARGUMENT...: x/mod accepts all that "prove" says, so many
# of each kind.
proofs() {
	local count=$1 most=$2

	shift 2
	prove "$@" | "$BZN_BUILD/foreign/proofs" "$most" >judged ||
	    fail "prove $*: refused"
	is 0 "$count" "" cat judged
}

@test "x/mod accepts each proof of ours, in every small tree" {
	local n=${BZN_TREES:-129}

	proofs "$n $((n * (n + 1) / 2)) $((n * (n + 1) / 2))" "$n" 1 "$n"
}

@test "x/mod accepts those of random trees up to 2^20" {
	local n=${BZN_TREES_RANDOM:-100}

	proofs "$n $n $n" 1048576 0 1048576 "$n" $((RANDOM << 15 | RANDOM | 1))
}

@test "x/mod refuses what was not proven" {
	prove 1 9 | grep '^leaf 2 7 ' >good
	is 0 "0 1 0" "" sh -c '"$BZN_BUILD/foreign/proofs" 9 <good'
	sed 's/^leaf 2/leaf 3/' good >bad
	run sh -c '"$BZN_BUILD/foreign/proofs" 9 <bad'
	[[ $status == 1 && $output == *"line 1: "* ]]
}

# openssl_opens NOTE VKEY: it does, by the one signature of that key, and not
# with a byte of the text changed.
openssl_opens() {
	local id=${2#*+}

	sed '/^$/,$d' "$1" >text
	sed -n 's/^— [^ ]* //p' "$1" | while read -r line; do
		base64 -d <<<"$line" >raw
		[[ $(head -c 4 raw | xxd -p) == "${id%%+*}" ]] || continue
		tail -c 64 raw >sig
	done
	{
		printf 302a300506032b6570032100 | xxd -r -p
		printf %s "${2#*+*+}" | base64 -d | tail -c 32
	} | openssl pkey -pubin -inform DER -out key.pem
	is 0 "Signature Verified Successfully" "" openssl pkeyutl -verify \
	    -rawin -pubin -inkey key.pem -in text -sigfile sig
	is 0 "" "" python3 "$BZN_SRC/tests/foreign/spoil.py" 0 \
	    "$(wc -c <text)" 7 text openssl pkeyutl -verify -rawin -pubin \
	    -inkey key.pem -in text -sigfile sig
}

@test "openssl verifies a checkpoint, and sha256sum a leaf" {
	demo
	openssl_opens demo.10.ckpt "$VKEY"
	openssl_opens demo.11.ckpt "$NEXT"
	sed -n 5p demo.leaves | tr -d '\n' >leaf4
	is 0 "15f05393c4ba919ca49e53163bc0c05e54ed902bf5ee43545e8f80a7720235ee\
  -" "" sh -c 'printf "\000" | cat - leaf4 | sha256sum'
	ours
	openssl_opens new "$vkey"
}

invariants() {
	sqlite3 -readonly node.db <"$BZN_SRC/tests/foreign/invariants.sql"
}

# broken WHAT SQL: after that the invariants name it.
broken() {
	cp node.db was.db
	sqlite3 node.db "PRAGMA ignore_check_constraints = 1;
	    DROP TRIGGER IF EXISTS ledger_entry_no_update; $2"
	run invariants
	[[ $status == 0 && $output == "$1|"* ]] ||
	    fail "$2: $status, '$output', not $1"
	cp was.db node.db
}

@test "sqlite3 finds the books true, by the invariants in SQL" {
	home
	trade
	is 0 "" "" invariants
	is 0 "ok" "" sqlite3 -readonly node.db 'PRAGMA integrity_check'
	(($(sqlite3 -readonly node.db 'SELECT count(*) FROM ledger_posting') >
	    10))
}

@test "sqlite3 finds what is not" {
	home
	trade
	sqlite3 node.db 'PRAGMA wal_checkpoint(TRUNCATE)' >truncated
	broken conservation 'UPDATE ledger_account SET cr = cr + 1 WHERE id = 2'
	broken account "UPDATE ledger_account SET cr = cr + 1, dr = dr + 1
	    WHERE name = 'bob'"
	broken posting 'UPDATE ledger_posting SET balance = balance + 1
	    WHERE seq = 2'
	broken postings 'DELETE FROM ledger_posting WHERE key IN
	    (SELECT max(key) FROM ledger_posting)'
	broken head 'UPDATE ledger_head SET size = size + 1'
}

# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2119,SC2154
# Checkpoints: signed over what is committed, pinned, and never contradicted.
load common
load evidence

# shellcheck disable=SC2120
issue() {
	at bzn-ledger checkpoint "$@"
}

@test "the checkpoints of the demo log, byte for byte" {
	demo 1
	is 0 "1" "" pinned
	leaves 5
	issue >got
	diff "$GOLD/demo.5.ckpt" got
	leaves 10
	issue >got
	head -n 5 "$GOLD/demo.10.ckpt" | diff - got
	issue >again
	diff got again
	[[ -e pins/d192bb4457adcde10b626cc4fa0794d0e4c2c35ea2059b5a006e3459beb24d28 ]]
	is 0 "10" "" pinned
	is 0 "1
5
10" "" bash -c 'bzn-ledger checkpoint list | jq .size'
	bzn-ledger checkpoint --print 5 | diff "$GOLD/demo.5.ckpt" -
	is 4 "" "bzn-ledger: no checkpoint of 4 entries (no_checkpoint)" \
	    bzn-ledger checkpoint --print 4
}

@test "usage" {
	local words

	home
	for words in 'lists' 'list x' 'add' 'cosign' 'rotate x'; do
		# shellcheck disable=SC2086
		is 2 "" "bzn-ledger: usage: bzn-ledger checkpoint [options] \
[list | add file | cosign file | rotate] (usage)" bzn-ledger checkpoint $words
	done
	is 2 "" "bzn-ledger: say whose: --vkey or --policy (usage)" \
	    bzn-ledger checkpoint add x
	is 2 "" "bzn-ledger: --vkey or --policy, not both (usage)" \
	    bzn-ledger checkpoint add x --vkey y --policy z
	is 2 "" "bzn-ledger: --reason: scheduled, compromised or lost \
(usage)" bzn-ledger checkpoint rotate --reason bored
	is 4 "" "bzn-ledger: no directory '/nonexistent': make a home with \
'bzn-ledger init' (no_ledger)" bzn-ledger checkpoint --home /nonexistent
}

@test "a dry run signs nothing and moves nothing" {
	demo 1
	leaves 5
	head -n 3 "$GOLD/demo.5.ckpt" >want
	keeps is 0 "$(cat want)" "" issue --dry-run
	is 0 "1" "" pinned
}

@test "an older database is not signed over" {
	demo 5
	issue >five
	sqlite3 node.db '.backup old.db'
	leaves 10
	issue >ten
	rm -f node.db-wal node.db-shm
	cp old.db node.db
	is 9 "" "bzn-ledger: the log has 5 entries, and its pin is of 10: \
restore those that are missing (below_pin)" issue
	is 0 "10" "" pinned
	# What was signed before may be shown; no more is signed.
	bzn-ledger checkpoint --print 5 | diff five -
	is 9 "" "bzn-ledger: the log has 5 entries, and its pin is of 10: \
restore those that are missing (below_pin)" at bzn-ledger checkpoint rotate \
	    --reason scheduled
	is 0 log_private.pem "" bash -c 'ls identity | grep pem | grep log'
	leaves 10
	issue | diff ten -
}

@test "nor is another log of the same origin" {
	demo 5
	issue >five
	# The pin is of a log that went another way.
	sqlite3 node.db "DROP TRIGGER guard_ledger_entry_update" || true
	sqlite3 node.db .schema | grep -o 'TRIGGER [a-z_]*entry[a-z_]*' |
	    while read -r _ name; do sqlite3 node.db "DROP TRIGGER $name"; done
	sqlite3 node.db "UPDATE ledger_entry SET leaf = CAST(replace(CAST(leaf
	    AS TEXT), '\"100.00\"', '\"100.01\"') AS BLOB) WHERE seq = 2"
	is 7 "" "bzn-ledger: the root of the log is not that of its tree: run \
'bzn-ledger verify' (store_corrupt)" issue
	rm pins/*
	cp "$GOLD/demo.5.ckpt" "$(file_of)"
	sed -i '3s/.*/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=/; 5d' \
	    "$(file_of)"
	echo "— someone.example/else AAAAAAAA" >>"$(file_of)"
	run --separate-stderr issue
	[[ $status == 9 && -z $output && $stderr == *"is not the one whose 5 \
entries its pin is of (below_pin)" ]]
}

@test "a clock that goes back dates no checkpoint before the last" {
	home
	at bzn-ledger transfer MINT alice 1 TCK --type CREDIT_ISSUE >out
	pass 86400
	issue >out
	pass -86400
	at bzn-ledger transfer MINT alice 1 TCK --type CREDIT_ISSUE >out
	issue >out
	is 0 "2026-11-20T08:00:00.000Z
2026-11-21T08:00:00.000Z" "" bash -c 'bzn-ledger checkpoint list |
	    jq -r .at | sort -u'
	is 0 "" "" bzn-ledger verify -q
	pass $((400 * 86400))
	is 7 "" "bzn-ledger: the clock is over 366 days ahead of the log: set \
it, or --accept-clock (clock_unsane)" issue
	at bzn-ledger checkpoint --accept-clock >out
}

# file_of: the pin of the demo log.
file_of() {
	echo pins/d192bb4457adcde10b626cc4fa0794d0e4c2c35ea2059b5a006e3459beb24d28
}

@test "without its pin, the last checkpoint still holds the log" {
	demo 10
	issue >ten
	rm -r pins
	python3 - <<-'END'
	import sqlite3
	db = sqlite3.connect('node.db')
	for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = "
	    "'trigger'").fetchall(): db.execute('DROP TRIGGER ' + n)
	db.execute('DELETE FROM ledger_entry WHERE seq >= 5')
	db.commit()
	END
	leaves 5
	is 9 "" "bzn-ledger: the log has 5 entries, and its last checkpoint is \
of 10: restore those that are missing (below_pin)" issue
	[[ ! -e $(file_of) ]]
}

@test "a pin that is damaged is neither ignored nor replaced" {
	local pin

	demo 5
	pin=$PWD/$(file_of)
	for edit in 's/^1$/one/' '1s/demo/other/' '3s/A/B/' 's/— /- /' 's/$/ /'; do
		cp "$pin" keep
		sed -i "$edit" "$pin"
		cp "$pin" bad
		run --separate-stderr issue
		[[ -z $output && $stderr == *"the pin"* ]] || fail "$edit"
		[[ $status == 1 || $status == 3 ]] || fail "$edit: $status"
		diff bad "$pin"
		cp keep "$pin"
	done
	: >"$pin"
	is 3 "" "bzn-ledger: the pin '$pin' is damaged: not a signed note \
(bad_note)" issue
	rm "$pin"
	mkdir "$pin"
	run --separate-stderr issue
	[[ $status == 7 && -z $output ]]
}

@test "what cannot be pinned is not let out, and is later" {
	demo 1
	echo 'pin_dir /dev/null/pins' >>bzn.conf
	leaves 5
	run --separate-stderr issue
	[[ $status == 7 && -z $output && $stderr == *"(pin_unwritable)" ]]
	run --separate-stderr bzn-ledger checkpoint --print 5
	[[ $status != 0 && -z $output ]]
	sed -i '/^pin_dir/d' bzn.conf
	echo "pin_dir $PWD/else/where # on another disk" >>bzn.conf
	issue | diff "$GOLD/demo.5.ckpt" -
	[[ -e else/where/$(basename "$(file_of)") ]]
	# The default is below the home; it is older, and that is no harm.
	sed -i '/^pin_dir/d' bzn.conf
	is 0 1 "" pinned
	bzn-ledger checkpoint --print 5 | diff "$GOLD/demo.5.ckpt" -
	is 0 5 "" pinned
}

@test "killed between any two steps, the next goes on" {
	local n round=0 call

	command -v strace >/dev/null || skip "no strace"
	demo 1
	leaves 5
	cp -r . "$BATS_TEST_TMPDIR.fresh"
	for call in fsync fdatasync rename flock pwrite64; do
		for n in {1..9}; do
			rm -rf "$BATS_TEST_TMPDIR.try"
			cp -r "$BATS_TEST_TMPDIR.fresh" "$BATS_TEST_TMPDIR.try"
			run env BZN_HOME="$BATS_TEST_TMPDIR.try" strace -qq -f \
			    -o /dev/null -e inject="$call:signal=KILL:when=$n" \
			    bzn-ledger --now "$clock" checkpoint
			((status == 137)) || continue
			round=$((round + 1))
			[[ -z $output ]]
			BZN_HOME=$BATS_TEST_TMPDIR.try at bzn-ledger checkpoint |
			    diff "$GOLD/demo.5.ckpt" - || fail "$call $n"
			is 0 5 "" sed -n 2p "$BATS_TEST_TMPDIR.try/$(file_of)"
		done
	done
	((round >= 8)) || fail "only $round kills"
}

@test "many at once: no two of a size differ, and the pin ends at the last" {
	local i

	home
	for i in {1..6}; do
		at bzn-ledger checkpoint >"c.$i" &
		at bzn-ledger transfer MINT alice 1 TCK --type CREDIT_ISSUE \
		    >"t.$i" &
		at bzn-ledger checkpoint >"d.$i" &
	done
	wait
	at bzn-ledger checkpoint >last
	is 0 7 "" sed -n 2p last
	is 0 7 "" pinned ledger.example/test
	for i in c.* d.* last; do
		[[ -s $i ]] || fail "$i is empty"
		bzn-ledger checkpoint --print "$(sed -n 2p "$i")" | diff - "$i"
	done
}

@test "no key, another key, and a key that others can read" {
	home
	mint=(at bzn-ledger transfer MINT a 1 TCK --type CREDIT_ISSUE)
	"${mint[@]}" >out
	mv identity/log_private.pem kept
	is 4 "" "bzn-ledger: no file in '$BZN_HOME/identity' holds the key of \
this log: nothing can be signed (no_key)" issue
	a_key 7 identity/log_private.pem
	is 4 "" "bzn-ledger: no file in '$BZN_HOME/identity' holds the key of \
this log: nothing can be signed (no_key)" issue
	[[ -e identity/log_private.pem ]]
	mv kept identity/log_private.pem
	chmod 644 identity/log_private.pem
	run --separate-stderr issue
	[[ $status == 5 && -z $output && $stderr == *"(unsafe_mode)" ]]
	chmod 600 identity/log_private.pem
	issue >out
	is 0 2 "" pinned ledger.example/test
}

# next_key: rotate the demo log as its leaf 10 does.
next_key() {
	clock=@1795251602000
	a_key 96 next.pem
	at bzn-ledger checkpoint rotate --key next.pem --reason scheduled \
	    --id 01a1fd55-8250-7000-8000-000000000006
}

@test "rotation: leaf 10 of the demo log and its checkpoint, byte for byte" {
	local answer

	demo 10
	answer=$(next_key)
	is 0 "[\"posted\",10,\"$NEXT\"]" "" jq -c '[.result, .seq, .vkey]' \
	    <<<"$answer"
	bzn-ledger export ndjson | tail -n 1 | jq -c .entry |
	    diff <(tail -n 1 "$GOLD/demo.leaves") -
	bzn-ledger checkpoint --print 11 | diff "$GOLD/demo.11.ckpt" -
	issue | diff "$GOLD/demo.11.ckpt" -
	is 0 "${answer/posted/exists}" "" next_key
	is 0 "$(ls -1 identity)" "" printf '%s\n' log_cert.json log_old.pem \
	    log_private.pem node_id.txt node_private.pem node_public.pem
	is 0 "[\"exists\",\"$NEXT\",11]" "" bash -c 'bzn-ledger init \
	    --origin ledger.example/demo | jq -c "[.result, .vkey, .size]"'
}

# event ID: one more leaf.
one_more() {
	at bzn-ledger transfer MINT alice 1 TCK --type CREDIT_ISSUE \
	    --id "$1" >/dev/null
}

@test "rotation: both keys sign for a while, then the old one is destroyed" {
	home 'log_key_overlap_days 2'
	one_more a
	at bzn-ledger checkpoint rotate --reason scheduled >out
	pass 172799
	one_more b
	issue >both
	is 0 2 "" grep -c '^— ' both
	is 9 "" "bzn-ledger: the key before signs until \
2026-11-22T08:00:00.000Z: wait, or say that the key in use is compromised \
(wrong_state)" at bzn-ledger checkpoint rotate --reason scheduled
	pass 1
	[[ -e identity/log_old.pem ]]
	one_more c
	issue >one
	is 0 1 "" grep -c '^— ' one
	[[ ! -e identity/log_old.pem ]]
	bzn-ledger checkpoint --print 4 | diff both -
	at bzn-ledger checkpoint rotate --reason scheduled >out
	is 0 2 "" bash -c 'bzn-ledger checkpoint --print 6 | grep -c "^— "'
}

@test "rotation: after a compromise there is no overlap" {
	demo 10
	at bzn-ledger checkpoint rotate --reason compromised >out
	is 0 1 "" bash -c 'bzn-ledger checkpoint --print 11 | grep -c "^— "'
	[[ ! -e identity/log_old.pem && ! -e identity/log_next.pem ]]
	at bzn-ledger checkpoint rotate --reason lost >out
	is 0 1 "" bash -c 'bzn-ledger checkpoint --print 12 | grep -c "^— "'
}

@test "rotation: who may, and what is refused" {
	home
	is 4 "" "bzn-ledger: no node certifies this log, so nothing but its \
old key could lead to a new one: open a successor (no_key)" \
	    at bzn-ledger checkpoint rotate --reason lost
	is 9 "" "bzn-ledger: this key is the one in use (wrong_state)" \
	    at bzn-ledger checkpoint rotate --reason scheduled \
	    --key identity/log_private.pem
	at bzn-ledger transfer MINT a 1 TCK --type CREDIT_ISSUE --id x >out
	is 10 "" "bzn-ledger: 'x' is known as entry 1 with other content \
(id_conflict)" at bzn-ledger checkpoint rotate --reason scheduled --id x
	keeps at bzn-ledger checkpoint rotate --reason scheduled --dry-run \
	    >out
	is 0 true "" jq .dry_run out
	is 0 log_private.pem "" bash -c 'ls identity'
}

@test "rotation: another node may not, nor one without its passphrase" {
	demo 10
	a_key 99 identity/node_private.pem
	openssl pkey -in identity/node_private.pem -pubout \
	    -out identity/node_public.pem
	sha256sum identity/node_public.pem | cut -c1-64 >identity/node_id.txt
	run --separate-stderr at bzn-ledger checkpoint rotate \
	    --reason scheduled
	[[ $status == 1 && $stderr == *"(key_mismatch)" ]]
	is 0 10 "" bash -c 'bzn-ledger export ndjson | wc -l'
}

@test "rotation: killed at any step, the log and its keys go on" {
	local n round=0 call

	command -v strace >/dev/null || skip "no strace"
	demo 10
	a_key 96 next.pem
	cp -r . "$BATS_TEST_TMPDIR.fresh"
	clock=@1795251602000
	for call in fsync fdatasync rename unlink; do
		for n in {1..9}; do
			rm -rf "$BATS_TEST_TMPDIR.try"
			cp -r "$BATS_TEST_TMPDIR.fresh" "$BATS_TEST_TMPDIR.try"
			run env BZN_HOME="$BATS_TEST_TMPDIR.try" strace -qq -f \
			    -o /dev/null -e inject="$call:signal=KILL:when=$n" \
			    bzn-ledger --now "$clock" checkpoint rotate \
			    --key next.pem --reason scheduled \
			    --id 01a1fd55-8250-7000-8000-000000000006
			((status == 137)) || continue
			round=$((round + 1))
			BZN_HOME=$BATS_TEST_TMPDIR.try next_key >out
			BZN_HOME=$BATS_TEST_TMPDIR.try at bzn-ledger checkpoint |
			    diff "$GOLD/demo.11.ckpt" - || fail "$call $n"
			is 0 "log_cert.json log_old.pem log_private.pem " "" \
			    bash -c 'ls "$BATS_TEST_TMPDIR.try"/identity |
			    grep "^log_[a-z]*.[a-z]*$" | tr "\n" " "'
		done
	done
	((round >= 10)) || fail "only $round kills"
}

# witness FILE...: with the key of the vectors, at the time of the receipt.
witness() {
	[[ -e w.pem ]] || a_key 64 w.pem
	mkdir -p w
	BZN_HOME=$PWD/w bzn-ledger checkpoint cosign --key w.pem \
	    --name witness.example/w1 --at @1795251700000 --vkey "$LOG" "$@"
}

# proof OLD HASH...: in the form of a witness's request.
proof() {
	echo "old $1"
	shift
	for h; do
		xxd -r -p <<<"$h" | base64
	done
	echo
}

@test "a witness signs what has grown, and nothing else" {
	local eight=0c88ebf24f6a6bf55f1969ec0fa79d26c41e6fa015bb94f38865ef7feab283be

	demo 5
	issue >c5
	leaves 10
	issue >c10
	is 0 2 "" bash -c "$(declare -f witness a_key); witness c5 | grep -c '^— '"
	is 0 5 "" sed -n 2p "w/$(file_of)"
	is 1 "" "bzn-ledger: a proof of growth from 5 is needed \
(proof_mismatch)" witness c10
	proof 8 $eight >p
	is 1 "" "bzn-ledger: the proof is from 8, the pin is of 5 \
(proof_mismatch)" witness c10 --proof p
	proof 5 $eight >p
	is 1 "" "bzn-ledger: the log of 10 entries did not grow out of that of \
5 (proof_mismatch)" witness c10 --proof p
	is 0 5 "" sed -n 2p "w/$(file_of)"
	# shellcheck disable=SC2046
	proof 5 15f05393c4ba919ca49e53163bc0c05e54ed902bf5ee43545e8f80a7720235ee \
	    629dde95f5428ec911b818a856d4503cb406cde93e5fcfc8803a9cc29bbfe6f2 \
	    7b283ed3f0b950337d3503e1e6eaf74d37d64826ea60f159ed818d4740571970 \
	    357209f5c39f3544a15abd97e5e418a829111ede65ca3beec24635d667b44538 \
	    $eight >p
	witness c10 --proof p >got
	diff "$GOLD/demo.10.ckpt" got
	is 0 10 "" sed -n 2p "w/$(file_of)"
	witness c10 | diff got -
	is 9 "" "bzn-ledger: a checkpoint of 10 entries is pinned, this is of 5 \
(below_pin)" witness c5
}

@test "a witness believes no stranger, and no second history" {
	demo 5
	issue >c5
	is 1 "" "bzn-ledger: nobody whose key is known has signed \
(unknown_signer)" env BZN_HOME="$PWD/w" bzn-ledger checkpoint cosign c5 \
	    --key identity/log_private.pem --name w --vkey "$NEXT"
	is 2 "" "bzn-ledger: cosign needs --key and --name (usage)" \
	    bzn-ledger checkpoint cosign c5 --vkey "$LOG"
	sed 's/e31W/e31X/' c5 >bad
	is 1 "" "bzn-ledger: the signature of 'ledger.example/demo' does not \
fit (bad_signature)" witness bad
	[[ ! -e w/pins ]]
	witness c5 >out
	# Another log of five entries, well signed.
	mkdir other
	(cd other && BZN_HOME=$PWD && demo 1 &&
	    for i in 1 2 3 4; do one_more "x$i"; done && issue >../fork)
	is 1 "" "bzn-ledger: another log of 5 entries is pinned (forked)" \
	    witness fork
	echo nonsense >p
	is 3 "" "bzn-ledger: --proof: not a proof of growth (bad_note)" \
	    witness c5 --proof p
}

@test "cosignatures are merged after they are checked" {
	demo 10
	issue >c10
	is 1 "" "bzn-ledger: nobody whose key is known has signed \
(unknown_signer)" at bzn-ledger checkpoint add c10 --vkey "$WITNESS"
	is 0 '{"added":1}' "" at bzn-ledger checkpoint add \
	    "$GOLD/demo.10.ckpt" --vkey "$WITNESS"
	bzn-ledger checkpoint --print 10 | diff "$GOLD/demo.10.ckpt" -
	issue | diff "$GOLD/demo.10.ckpt" -
	is 0 '{"added":0}' "" at bzn-ledger checkpoint add \
	    "$GOLD/demo.10.ckpt" --vkey "$WITNESS"
	sed 's/tyurLgAAAABr/tyurLgAAAABs/' "$GOLD/demo.10.ckpt" >bad
	is 1 "" "bzn-ledger: the signature of 'witness.example/w1' does not \
fit (bad_signature)" at bzn-ledger checkpoint add bad --vkey "$WITNESS"
	is 4 "" "bzn-ledger: no checkpoint of 10 entries (no_checkpoint)" \
	    bash -c 'mkdir o && cd o && export BZN_HOME=$PWD &&
	    bzn-ledger init --no-node --origin ledger.example/demo >made &&
	    bzn-ledger checkpoint add "$GOLD/demo.10.ckpt" --vkey "$WITNESS"'
	# The log's own line is not one of a witness.
	is 0 '{"added":0}' "" at bzn-ledger checkpoint add c10 --vkey "$LOG"
}

@test "a successor says which checkpoint it continues" {
	demo 10
	issue >last
	mkdir new
	is 3 "" "bzn-ledger: a successor needs an origin of its own: \
'ledger.example/demo' is that of the log before (bad_origin)" \
	    bzn-ledger init --home new --no-node --successor-of last \
	    --origin ledger.example/demo --vkey "$LOG"
	is 1 "" "bzn-ledger: last: nobody whose key is known has signed \
(unknown_signer)" bzn-ledger init --home new --no-node --origin two.example/log \
	    --successor-of last
	[[ ! -e new/node.db ]]
	bzn-ledger init --home new --no-node --origin two.example/log \
	    --successor-of last --vkey "$LOG" >made
	is 0 2 "" jq .size made
	bzn-ledger export ndjson --home new | tail -n 1 | jq -c \
	    '.entry | [.seq, .type, .data.prior_origin, .data.prior_size]' >got
	is 0 '[1,"log.succession","ledger.example/demo",10]' "" cat got
	bzn-ledger export ndjson --home new | tail -n 1 |
	    jq -r .entry.data.prior_note | base64 -d | diff last -
	is 0 exists "" bash -c 'bzn-ledger init --home new --no-node \
	    --origin two.example/log --successor-of last --vkey "$LOG" |
	    jq -r .result'
	is 0 2 "" sed -n 2p new/pins/*
	# What accounts held is opened, each once, and nowhere else.
	bzn-ledger transfer MINT alice 25 TCK --type OPENING \
	    --ref ledger.example/demo --home new >opened
	is 0 "open:$(printf 'alice\nTCK' | sha256sum | cut -c 1-32)" "" \
	    jq -r .id opened
	echo '{"from":"MINT","to":"alice","amount":"25","unit":"TCK",
	    "type":"OPENING","ref":"ledger.example/demo"}' | tr -d '\n' >again
	is 0 exists "" bash -c 'bzn-ledger import again --home new |
	    jq -r ".result // empty" | head -n 1'
	is 9 "" "bzn-ledger: OPENING belongs into a log that continues \
another (flow_refused)" bzn-ledger transfer MINT alice 25 TCK --type OPENING \
	    --ref ledger.example/demo
	bzn-ledger verify -q --home new
}

# trade: one that is due; $task is its task.
trade() {
	task=$(buy alice "$skill")
	deliver "$task"
	pass 86400
}

# signed: how many entries the newest checkpoint covers.
signed() {
	bzn-ledger checkpoint list | tail -n 1 | jq .size
}

@test "a sweep signs what it has closed; one that closed nothing does not" {
	home
	member alice bob
	skill=$(offer bob 1)
	at bzn-settle
	is 0 1 "" signed
	trade
	at bzn-settle --dry-run >out
	at bzn-settle --no-checkpoint >out
	is 0 1 "" signed
	trade
	run --separate-stderr env -i PATH="$PATH" BZN_HOME="$BZN_HOME" \
	    bzn-settle --now "$clock" </dev/null
	[[ $status == 0 && -z $stderr ]]
	is 0 "$(bzn-ledger export ndjson | wc -l)" "" signed
	is 0 "$(signed)" "" pinned ledger.example/test
	# Single tasks: not before the parameter says.
	one=$(buy alice "$skill")
	deliver "$one"
	trade
	at bzn-settle "$task" >out
	was=$(signed)
	is 0 "$(bzn-ledger export ndjson | wc -l)" "" signed
	at bzn-settle "$one" >out
	is 0 "$was" "" signed
}

@test "a sweep that cannot sign has paid all the same" {
	local key=identity/log_private.pem

	home
	member alice bob
	skill=$(offer bob 1)
	trade
	mv $key kept
	run --separate-stderr at bzn-settle
	[[ $status == 4 && $(jq -r .status <<<"$output") == SETTLED && $stderr \
	    == "bzn-settle: it is settled, but not signed: no file in "* ]]
	mv kept $key
	at bzn-ledger checkpoint >out
	# An older copy: money moves, and nothing is signed.
	sqlite3 node.db '.backup old.db'
	trade
	at bzn-settle >out
	rm -f node.db-wal node.db-shm
	cp old.db node.db
	clock=@$((${clock#@} - 86400000))
	trade
	run --separate-stderr at bzn-settle
	[[ $status == 9 && $(jq -r .status <<<"$output") == SETTLED && $stderr \
	    == "bzn-settle: it is settled, but not signed: the log is not the \
one whose "*" (below_pin)" ]] || fail "$status $output $stderr"
	run --separate-stderr bzn-ledger verify -q
	[[ $status == 1 && $(jq -r .code <<<"${lines[0]}") == forked ]]
}

@test "options that have no meaning for a verb are refused" {
	home
	is 2 "" "bzn-ledger: --id is for rotate; the rest may be done again \
without harm (usage)" bzn-ledger checkpoint --id x
	is 2 "" "bzn-ledger: --dry-run and --id are not for receipts: they \
change no entry (usage)" bzn-ledger receipt 0 --dry-run
	is 2 "" "bzn-ledger: a witness that signs has signed: there is no \
--dry-run (usage)" bzn-ledger checkpoint cosign x --key k --name n \
	    --vkey "$LOG" --dry-run
}

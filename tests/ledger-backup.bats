# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Copies of the store, the way back from them, and what watches over both.
load common

# filled N: a home with so many transfers.
filled() {
	local i

	home
	at bzn-ledger transfer MINT alice 100 TCK --type CREDIT_ISSUE >out
	for ((i = 1; i <= $1; i++)); do
		at bzn-ledger transfer alice bob 0.01 TCK --id "f$i" >>out
	done
}

# dumped FILE
dumped() {
	sqlite3 -readonly "$1" .dump
}

@test "a backup is the store of that moment, in one file" {
	filled 10
	run --separate-stderr bzn-ledger backup copy
	[[ $status == 0 && -z $stderr ]] || fail "$status: $stderr"
	echo "$output" >said
	is 0 "copy 12 $(stat -c %s copy)" "" jq -r \
	    '"\(.file) \(.size) \(.bytes)"' said
	is 0 "$(bzn-ledger verify | jq -r .root)" "" jq -r .root said
	is 0 600 "" stat -c %a copy
	is 0 "copy" "" bash -c 'echo copy*'
	[[ $(dumped copy) == "$(dumped node.db)" ]]
}

@test "a backup replaces nothing unless told to, and never the store" {
	filled 3
	echo mine >copy
	is 10 "" "bzn-ledger: 'copy' exists already, and was left alone: say \
--force to replace it (id_conflict)" bzn-ledger backup copy
	is 0 mine "" cat copy
	bzn-ledger backup --force copy >out
	is 0 ok "" sqlite3 copy 'PRAGMA integrity_check'
	is 2 "" "bzn-ledger: 'node.db' is the store itself: say another file \
(usage)" bzn-ledger backup --force node.db
	ln -s node.db link
	is 2 "" "bzn-ledger: 'link' is the store itself: say another file \
(usage)" bzn-ledger backup -f link
	is 4 "" "bzn-ledger: cannot create 'none/copy': No such file or \
directory (no_file)" bzn-ledger backup none/copy
	is 4 "" "bzn-ledger: no ledger in '$PWD/x': make one with 'bzn-ledger \
init' (no_ledger)" bash -c 'mkdir x && bzn-ledger backup --home "$PWD/x" y'
	[[ ! -e y ]]
	sound
}

@test "backups while four write are each whole, and hold up nobody" {
	local k n

	filled 1
	bzn-ledger verify | jq -r '"\(.size) \(.root)"' >roots
	for k in 1 2 3 4; do
		for n in {1..12}; do
			at bzn-ledger transfer alice bob 0.01 TCK \
			    --id "w$k.$n" || echo bad
		done >"w$k" 2>"e$k" 3>&- &
	done
	for n in {1..8}; do
		bzn-ledger backup "copy$n" >>copies
	done
	wait
	is 0 "" "" bash -c 'cat e?; grep -v \"posted\" w? || true'
	# Each has its first entries, and no others.
	bzn-ledger export ndjson >all
	for n in {1..8}; do
		is 0 ok "" sqlite3 "copy$n" 'PRAGMA integrity_check'
		mkdir "h$n"
		mv "copy$n" "h$n/node.db"
		bzn-ledger export ndjson --home "$PWD/h$n" >some
		cmp <(head -n "$(wc -l <some)" all) some
		is 0 "" "" bzn-ledger verify -q --home "$PWD/h$n"
	done
	is 0 8 "" bash -c 'wc -l <copies'
}

@test "a backup for which there is no room is none, and the store is whole" {
	local n got whole=

	filled 5
	for n in 64 128 160 1600; do
		got=0
		bash -c 'trap "" XFSZ; ulimit -f "$1"; exec bzn-ledger backup \
		    copy' - "$n" >out 2>err || got=$?
		case $got in
		7)	[[ ! -s out && ! -e copy ]] || fail "$n: $(<out)"
			grep -q "cannot .*copy" err || fail "$n: $(<err)" ;;
		0)	whole=$n ;;
		*)	fail "$n: $got $(<err)" ;;
		esac
		is 0 "" "" bash -c 'ls copy.* 2>/dev/null || true'
	done
	[[ $whole == 1600 ]] || fail "$whole"
	sound
}

@test "a backup of which any call fails is whole, or is not there" {
	local n how got

	[[ -z $BZN_SAN ]] || skip "the sanitizers want to be loaded first"
	filled 3
	mkdir away
	for how in EIO ENOSPC:ever kill; do
		for ((n = 1; ; n += 3)); do
			rm -f hit
			got=0
			FAULT="any:$n:$how" FAULT_DIR=$PWD/away \
			    FAULT_HIT=$PWD/hit \
			    LD_PRELOAD=$BZN_BUILD/preload/fault.so \
			    bzn-ledger backup away/copy >out 2>err || got=$?
			[[ -e hit ]] || break
			[[ $got =~ ^(0|7|137)$ ]] || fail "$n: $got"
			[[ $got != 0 || -e away/copy ]] || fail "$n: lost"
			[[ ! -e away/copy ]] || is 0 ok "" sqlite3 -readonly \
			    away/copy 'PRAGMA integrity_check'
			rm -f away/*
		done
		((n > 10)) || fail "only $n"
		rm -f away/*
	done
	sound
}

@test "a backup of books that are not true is refused" {
	filled 3
	sqlite3 node.db "DROP TRIGGER ledger_entry_no_update;
	    UPDATE ledger_entry SET leaf = CAST(replace(CAST(leaf AS TEXT),
	    '0.01', '0.09') AS BLOB) WHERE seq = 3"
	run --separate-stderr bzn-ledger backup copy
	[[ $status == [17] && -z $output && ! -e copy ]] || fail "$status"
	[[ $stderr == *"the copy is not true, and was thrown away; run \
'bzn-ledger verify' on the home: "* ]] || fail "$stderr"
	is 0 "" "" bash -c 'ls copy* 2>/dev/null || true'
}

# older N: a store as a program with N steps left it; sets $now.
older() {
	filled 2
	aged "$1" "$(sqlite3 "$BZN_HOME/node.db" 'PRAGMA application_id')"
}

@test "migrate applies the steps that are lacking, and says which" {
	older 7
	is 0 '{"result":"migrated","from":7,"to":'"$now"',"dry_run":true}' "" \
	    bzn-ledger migrate --dry-run
	is 0 7 "" sqlite3 node.db 'PRAGMA user_version'
	is 0 '{"result":"migrated","from":7,"to":'"$now"'}' "" \
	    bzn-ledger migrate
	is 0 '{"result":"current","from":'"$now"',"to":'"$now"'}' "" \
	    bzn-ledger migrate
	sound
	sqlite3 node.db 'PRAGMA user_version = 99'
	is 7 "" "bzn-ledger: the store has schema 99, this program has $now \
(unsupported_schema)" bzn-ledger migrate
	is 7 "" "bzn-ledger: the store has schema 99, this program has $now \
(unsupported_schema)" bzn-ledger transfer alice bob 1 TCK
}

@test "a store is brought up to date a step at a time, whatever stops it" {
	local n got

	[[ -z $BZN_SAN ]] || skip "the sanitizers want to be loaded first"
	export BZN_HOME="$PWD/home"
	mkdir home
	older 6
	cp -r home old
	for ((n = 1; ; n += ${BZN_STEP:-11})); do
		rm -rf home hit
		cp -r old home
		got=0
		FAULT=any:$n:EIO FAULT_DIR=$PWD/home FAULT_HIT=$PWD/hit \
		    LD_PRELOAD=$BZN_BUILD/preload/fault.so \
		    bzn-ledger migrate >out 2>err || got=$?
		[[ -e hit ]] || break
		[[ $got == [078] ]] || fail "$n: $got"
		is 0 "" "" bash -c 'bzn-ledger migrate | grep -v \"to\":'"$now"' ||
		    true'
		is 0 "" "" bzn-ledger verify -q
	done
	((n > 5)) || fail "only $n"
}

# told CHECK: what doctor says of it.
told() {
	bzn-ledger --now "$clock" doctor 2>/dev/null |
	    jq -r --arg c "$1" 'select(.check == $c) | .result'
}

@test "doctor says what is well, and what is not" {
	filled 2
	run --separate-stderr at bzn-ledger doctor
	[[ $status == 0 && -z $stderr ]] || fail "$status: $output $stderr"
	echo "$output" >said
	is 0 "engine file_system free_space sync lock log store clock pin history certificate keys" "" \
	    bash -c 'jq -r .check said | paste -sd" "'
	# All have these members, and nothing else.
	is 0 "" "" jq -c 'select(keys != ["check", "detail", "result"])' \
	    said
	is 0 ok "" told store
	is 0 ok "" told clock
	is 4 "" "bzn-ledger: no ledger in '$PWD/x': make one with \
'bzn-ledger init' (no_ledger)" bzn-ledger doctor --home "$PWD/x"
}

@test "doctor: the clock" {
	filled 2
	clock=@$((${clock#@} - 3600000))
	is 0 note "" told clock
	clock=@$((${clock#@} + 400 * 86400000))
	is 0 bad "" told clock
	clock=@1700000000000
	is 0 bad "" told clock
	run --separate-stderr at bzn-ledger doctor
	[[ $status == 1 && $stderr == "bzn-ledger: 1 thing about '$BZN_HOME' \
needs to be put right (doctor_bad)" ]] || fail "$status: $stderr"
}

@test "doctor: history, and the key and node of the log" {
	filled 2
	is 0 ok "" told history
	is 0 ok "" told certificate
	sqlite3 node.db 'UPDATE ledger_head SET posted = 2'
	is 0 note "" told history
	mv identity/log_private.pem kept.pem
	is 0 note "" told certificate
	(umask 077 && openssl genpkey -algorithm ed25519 \
	    -out identity/log_private.pem 2>/dev/null)
	is 0 bad "" told certificate
	mv kept.pem identity/log_private.pem
	is 0 "none: the log names no node" "" bash -c 'bzn-ledger doctor |
	    jq -r "select(.check == \"certificate\").detail"'
	export BZN_HOME=$PWD/other
	identity other "$(printf '%064d' 1)"
	cp bzn.conf other
	at bzn-ledger init >out
	is 0 ok "" told certificate
	rm -r other/identity/node_*
	identity other "$(printf '%064d' 2)"
	is 0 note "" told certificate
}

@test "doctor: a key that a killed program was writing" {
	filled 1
	cp identity/log_private.pem identity/log_next.pem.a1B2c3
	is 0 "a program that was writing it did not end: if none runs now, \
remove it" "" bash -c 'bzn-ledger doctor | jq -r "select(.check == \"keys\" and
	    (.detail | contains(\"a1B2c3\"))).detail" | sed "s/.*a1B2c3: //"'
	# What signs does that; but not while its writer is at it.
	at bzn-ledger transfer alice bob 0.01 TCK >out
	exec 9<identity/log_next.pem.a1B2c3
	flock 9
	at bzn-ledger checkpoint >out
	[[ -e identity/log_next.pem.a1B2c3 ]]
	exec 9<&-
	at bzn-ledger checkpoint >out
	[[ ! -e identity/log_next.pem.a1B2c3 ]]
}

@test "doctor: lock, log, schema, keys, damage" {
	filled 2
	rm node.lock
	is 0 ok "" told lock
	ln -s elsewhere node.lock
	is 0 bad "" told lock
	rm node.lock
	mkdir .restore
	is 0 note "" told restore
	rmdir .restore
	truncate -s 80M node.db-wal
	is 0 note "" told log
	truncate -s 300M node.db-wal
	is 0 bad "" told log
	rm node.db-wal
	is 0 ok "" told log
	chmod 644 identity/log_private.pem
	is 0 bad "" bash -c 'bzn-ledger doctor 2>/dev/null |
	    jq -r "select(.check == \"keys\" and .result == \"bad\") |
	    .result"'
	chmod 600 identity/log_private.pem
	aged 7 "$(sqlite3 node.db 'PRAGMA application_id')"
	is 0 note "" told store
	printf x | dd of=node.db bs=1 seek=3 conv=notrunc 2>err
	is 0 bad "" told store
}

@test "doctor --rebuild makes the books anew, as they were" {
	filled 5
	cp node.db old
	is 0 "made from 7 entries, and the same as before" "" bash -c \
	    'bzn-ledger doctor --rebuild |
	    jq -r "select(.check == \"rebuild\") | .detail"'
	dumped node.db >want
	sqlite3 node.db "UPDATE ledger_account SET cr = cr + 100
	    WHERE name = 'bob'; DELETE FROM ledger_head"
	dumped node.db >bad
	bzn-ledger doctor --rebuild --dry-run >out 2>err || true
	is 0 note "" bash -c 'head -n 1 out | jq -r .result'
	cmp bad <(dumped node.db)
	is 0 note "" bash -c 'bzn-ledger doctor --rebuild | head -n 1 |
	    jq -r .result'
	cmp want <(dumped node.db)
	sound
	# What the entries do not bear is not made.
	sqlite3 node.db 'DROP TRIGGER ledger_entry_no_delete;
	    DELETE FROM ledger_entry WHERE seq = 3'
	dumped node.db >bad
	is 1 "" "bzn-ledger: nothing was changed: entry 3: it is not there \
(seq_gap)" bzn-ledger doctor --rebuild
	cmp bad <(dumped node.db)
}

@test "doctor --rebuild, stopped at any call, has done all or nothing" {
	local n got

	[[ -z $BZN_SAN ]] || skip "the sanitizers want to be loaded first"
	export BZN_HOME="$PWD/home"
	mkdir home
	filled 4
	dumped home/node.db >want
	sqlite3 home/node.db "UPDATE ledger_account SET cr = cr + 100
	    WHERE name = 'bob'; PRAGMA wal_checkpoint(TRUNCATE)" >out
	dumped home/node.db >bad
	cp -r home old
	for how in EIO kill; do
		for ((n = 1; ; n += ${BZN_STEP:-3})); do
			rm -rf home hit
			cp -r old home
			got=0
			FAULT=any:$n:$how FAULT_DIR=$PWD/home \
			    FAULT_HIT=$PWD/hit \
			    LD_PRELOAD=$BZN_BUILD/preload/fault.so \
			    bzn-ledger doctor --rebuild >out 2>err || got=$?
			[[ -e hit ]] || break
			sqlite3 home/node.db .dump >is
			sed -i "/INTO store_meta VALUES('fence'/d" is
			cmp -s is <(sed "/'fence'/d" want) ||
			    { [[ $got != 0 ]] &&
			    cmp is <(sed "/'fence'/d" bad); } ||
			    fail "$how $n: $got"
		done
		((n > 5)) || fail "only $n"
	done
}

# marked: a home whose checkpoint c1 is of 6 entries, in the backup b1, and
# c2 of 8, in b2.
marked() {
	filled 4
	at bzn-ledger checkpoint >c1
	at bzn-ledger backup b1 >b1.json
	at bzn-ledger transfer alice bob 0.01 TCK --id m1 >>out
	at bzn-ledger transfer alice bob 0.01 TCK --id m2 >>out
	at bzn-ledger checkpoint >c2
	at bzn-ledger backup b2 >b2.json
}

@test "a backup comes back whole, into a home without a store" {
	marked
	run --separate-stderr bzn-ledger restore b2 --home "$PWD/new/home"
	[[ $status == 0 && -z $stderr ]] || fail "$status: $stderr"
	is 0 '{"result":"restored","file":"b2","origin":"ledger.example/test",'\
'"size":8,"root":"'"$(jq -r .root b2.json)"'"}' "" echo "$output"
	is 0 700 "" stat -c %a new/home
	is 0 600 "" stat -c %a new/home/node.db
	cmp <(dumped node.db) <(dumped new/home/node.db)
	is 0 "" "" bzn-ledger verify -q --home "$PWD/new/home"
	is 0 "node.db
node.lock" "" bash -c 'ls -A new/home | grep -v "^node.db-"'
	# The books go on where they ended.
	cp bzn.conf new/home
	at bzn-ledger transfer alice bob 0.01 TCK --home "$PWD/new/home" >out
	is 0 8 "" jq .seq out
}

@test "restore refuses a home that holds a store, and touches nothing" {
	local f

	marked
	sqlite3 node.db .dump >want
	is 9 "" "bzn-ledger: there is a store in '$PWD' already, and nothing \
was changed: move 'node.db' away, or say another --home (not_empty)" \
	    bzn-ledger restore b1
	cmp want <(sqlite3 node.db .dump)
	for f in node.db-wal node.db-shm node.db; do
		mkdir "h$f"
		echo x >"h$f/$f"
		run --separate-stderr bzn-ledger restore b1 --home "$PWD/h$f"
		[[ $status == 9 && $stderr == *"move '$f' away"* ]] ||
		    fail "$f: $stderr"
		is 0 x "" cat "h$f/$f"
	done
	is 4 "" "bzn-ledger: cannot open 'none': No such file or directory \
(no_file)" bzn-ledger restore none --home "$PWD/x"
	echo junk >junk
	is 3 "" "bzn-ledger: the backup cannot be opened: store: file is not \
a database (not_a_ledger)" bzn-ledger restore junk --home "$PWD/x"
	sqlite3 other 'CREATE TABLE t (a)'
	is 3 "" "bzn-ledger: the backup cannot be opened: node.db is a \
database of another program (not_a_ledger)" \
	    bzn-ledger restore other --home "$PWD/x"
	[[ ! -e x/node.db && ! -e x/.restore ]]
}

@test "restore of what is not true leaves the home empty" {
	local n

	marked
	for n in {1..12}; do
		cp b2 bad
		printf '\377' | dd of=bad bs=1 conv=notrunc 2>err \
		    seek=$((4096 * n * 3 + 4000 + n))
		cmp -s b2 bad && continue
		run --separate-stderr bzn-ledger restore bad --home "$PWD/x"
		if [[ $status != 0 ]]; then
			[[ $status == [137] && -z $output &&
			    ! -e x/node.db && ! -e x/.restore ]] ||
			    fail "$n: $status $stderr"
			continue
		fi
		# A byte that is nobody's.
		is 0 "" "" bzn-ledger verify -q --home "$PWD/x"
		rm -r x
	done
	sqlite3 b2 "DROP TRIGGER ledger_entry_no_update;
	    UPDATE ledger_entry SET leaf = CAST(replace(CAST(leaf AS TEXT),
	    '0.01', '0.09') AS BLOB) WHERE seq = 3"
	run --separate-stderr bzn-ledger restore b2 --home "$PWD/x"
	[[ $status == 1 && ! -e x/node.db && $stderr == "bzn-ledger: the \
backup is not true, and nothing was restored: "* ]] || fail "$stderr"
}

@test "restore --verify-root: the checkpoint has to be of its past" {
	marked
	is 0 0 "" bash -c 'bzn-ledger restore b2 --verify-root c1 \
	    --home "$PWD/x" >out; echo $?'
	is 1 "" "bzn-ledger: the backup is not true, and nothing was \
restored: the old checkpoint has 8 entries, the log 6 (shrunk)" \
	    bzn-ledger restore b1 --verify-root c2 --home "$PWD/y"
	# What was asked for is looked at, even if it is empty.
	: >none
	is 3 "" "bzn-ledger: the backup is not true, and nothing was \
restored: the old checkpoint: not a signed note (bad_note)" \
	    bzn-ledger restore b1 --verify-root none --home "$PWD/y"
	[[ ! -e y/node.db ]]
	# One of another log, whose name is the same.
	mkdir other
	cp bzn.conf other
	at bzn-ledger init --no-node --origin ledger.example/test \
	    --home "$PWD/other" >out
	at bzn-ledger checkpoint --home "$PWD/other" >c3
	run --separate-stderr bzn-ledger restore b2 --verify-root c3 \
	    --home "$PWD/y"
	[[ $status == 1 && ! -e y/node.db ]] || fail "$status: $stderr"
}

@test "an older backup is restored, said to be below the pin, and not signed" {
	local n

	marked
	mkdir old
	mv node.db* old
	is 0 2 "" bash -c 'bzn-ledger restore b1 --dry-run | jq .below_pin'
	[[ ! -e node.db ]]
	is 0 "8 2" "" bash -c 'bzn-ledger restore b1 |
	    jq -r "\"\(.pinned) \(.below_pin)\""'
	is 9 "" "bzn-ledger: the log has 6 entries, and its pin is of 8: \
restore those that are missing (below_pin)" at bzn-ledger checkpoint
	is 0 bad "" told pin
	run --separate-stderr bzn-ledger verify --since c2
	[[ $status == 1 ]] || fail "$status"
	# The log of the pin itself is well; another one of its name is not.
	rm node.db*
	is 0 0 "" bash -c 'bzn-ledger restore b2 | jq .below_pin'
	is 0 ok "" told pin
	rm -r node.db* identity pins/*
	at bzn-ledger init --no-node --origin ledger.example/test >out
	for n in {1..9}; do
		at bzn-ledger transfer MINT bob 1 TCK --type CREDIT_ISSUE >out
	done
	at bzn-ledger checkpoint >c4
	rm node.db*
	cp c1 "pins/$(ls pins)"
	bzn-ledger restore b2 >out
	rm node.db*
	sed 2s/6/5/ c1 >"pins/$(ls pins)"
	run --separate-stderr bzn-ledger restore b2
	[[ $status == 1 && ! -e node.db && $stderr == "bzn-ledger: the first \
5 entries of the backup are not those that were signed: it is of another \
history, and nothing was restored (forked)" ]] || fail "$status $stderr"
}

@test "a file that has its log beside it is restored with what is in that" {
	marked
	mkdir away
	cp node.db away/copy
	cp node.db-wal away/copy-wal
	is 0 8 "" bash -c 'bzn-ledger restore away/copy --home "$PWD/x" |
	    jq .size'
	cmp <(bzn-ledger export ndjson) \
	    <(bzn-ledger export ndjson --home "$PWD/x")
	is 0 "" "" bzn-ledger verify -q --home "$PWD/x"
}

@test "restore --leaves brings an older backup up to the pin" {
	marked
	bzn-ledger export ndjson | jq -cS .entry >leaves
	mkdir old
	mv node.db* old
	head -n 7 leaves >short
	is 9 "" "bzn-ledger: with these leaves the log has 7 entries, and 8 \
were signed: nothing was restored (below_pin)" \
	    bzn-ledger restore b1 --leaves short
	sed '8s/m2/m3/' leaves >other
	run --separate-stderr bzn-ledger restore b1 --leaves other
	[[ $status == 1 && $stderr == *"(forked)" ]] || fail "$stderr"
	sed '2s/100/101/g' leaves >other
	run --separate-stderr bzn-ledger restore b1 --leaves other
	[[ $status != 0 ]] || fail "another past"
	[[ ! -e node.db && ! -e .restore ]]
	is 0 "8 0" "" bash -c 'bzn-ledger restore b1 --leaves leaves |
	    jq -r "\"\(.size) \(.below_pin)\""'
	cmp <(bzn-ledger export ndjson | jq -cS .entry) leaves
	at bzn-ledger checkpoint >again
	cmp c2 again
	sound
}

@test "restore, stopped at any call, is all or nothing, and can be had again" {
	local n how got

	[[ -z $BZN_SAN ]] || skip "the sanitizers want to be loaded first"
	marked
	for how in EIO kill ENOSPC:ever; do
		for ((n = 1; ; n += ${BZN_STEP:-9})); do
			rm -rf x hit
			mkdir x
			got=0
			FAULT=any:$n:$how FAULT_DIR=$PWD/x FAULT_HIT=$PWD/hit \
			    LD_PRELOAD=$BZN_BUILD/preload/fault.so \
			    bzn-ledger restore b2 --home "$PWD/x" \
			    >out 2>err || got=$?
			[[ -e hit ]] || break
			[[ $got =~ ^(0|7|8|137)$ ]] || fail "$n: $got $(<err)"
			if [[ -e x/node.db ]]; then
				is 0 "" "" bzn-ledger verify -q \
				    --home "$PWD/x"
				continue
			fi
			[[ $got != 0 ]] || fail "$n: not there"
			bzn-ledger restore b2 --home "$PWD/x" >out
			[[ ! -e x/.restore ]]
			is 0 "" "" bzn-ledger verify -q --home "$PWD/x"
		done
		((n > 20)) || fail "only $n"
	done
}

@test "F5: older files, older logs, and pairs of both are never signed" {
	local i j got

	filled 2
	for i in 1 2 3; do
		at bzn-ledger transfer alice bob 0.01 TCK --id "f5.$i" >>out
		at bzn-ledger checkpoint >"c$i"
		cp node.db "db$i"
		cp node.db-wal "wal$i"
	done
	touch wal0
	for i in 1 2 3; do
		for j in 0 1 2 3; do
			rm -f node.db*
			cp "db$i" node.db
			cp "wal$j" node.db-wal
			got=0
			at bzn-ledger checkpoint >said 2>err || got=$?
			case $got in
			0)	is 0 "" "" bzn-ledger verify -q --since c3 ;;
			1 | 7 | 9 | 4) [[ ! -s said ]] || fail "$i $j" ;;
			*)	fail "$i $j: $got, $(<err)" ;;
			esac
			run bzn-ledger verify -q --since c3
			[[ $status == 1 || $status == 7 || $status == 4 ||
			    ($status == 0 && $got == 0) ]] ||
			    fail "$i $j: verify says $status"
			echo "$got"
		done
	done >all
	grep -q 9 all && grep -q 0 all || fail "$(paste -sd' ' all)"
}

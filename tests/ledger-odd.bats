# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# What a tired hand types, and what somebody has done to the home.
load common

# says CHECK: what doctor says of it.
says() {
	bzn-ledger --now "$clock" doctor 2>/dev/null |
	    jq -r --arg check "$1" 'select(.check == $check) |
		"\(.result): \(.detail)"'
}

@test "a unit that there is not is an error, and no empty report" {
	local verb

	funded
	for verb in balance "balance alice" "history alice" "account list" \
	    "account show alice"; do
		# shellcheck disable=SC2086
		is 4 "" "bzn-ledger: no unit 'tck' (no_unit)" \
		    bzn-ledger $verb --unit tck
	done
}

@test "options that would do nothing are refused" {
	funded
	is 2 "" "bzn-ledger: --min and --max are for open and limit (usage)" \
	    bzn-ledger account list --min 5
	is 2 "" "bzn-ledger: --nonzero is for list (usage)" \
	    bzn-ledger account open x --unit TCK --nonzero
	is 2 "" "bzn-ledger: --account-prefix, --id-prefix, --unit-map and \
--min are for --from (usage)" bzn-ledger import --id-prefix x /dev/null
}

@test "an account that was closed says so to who opens it again" {
	funded
	at bzn-ledger account open till --unit TCK >out
	at bzn-ledger account close till --unit TCK >out
	is 9 "" "bzn-ledger: 'till' is closed in TCK, for ever \
(account_closed)" at bzn-ledger account open till --unit TCK
}

@test "post --dry-run tells the root that there would be" {
	funded
	echo '{"id":"a","from":"alice","to":"bob","amount":"1","unit":"TCK"}' \
	    >one
	at bzn-ledger post -n one | jq -r .root >dry
	at bzn-ledger post one >out
	is 0 "$(cat dry)" "" bash -c 'bzn-ledger verify | jq -r .root'
	is 0 null "" jq .root out
}

@test "a pin that is there and cannot be read is not one that is missing" {
	local pin

	funded
	at bzn-ledger checkpoint >note
	pin=$(echo pins/*)
	rm "$pin"
	is 0 "note: it is gone, so a copy of the store that is too old would \
not be noticed; the next checkpoint makes it anew" "" says pin
	mkdir "$pin"
	is 7 "" "bzn-ledger: the pin: cannot read '$PWD/$pin': Is a directory \
(io_error)" bzn-ledger verify -q
	is 0 "bad: the pin: cannot read '$PWD/$pin': Is a directory \
(io_error)" "" says pin
	rmdir "$pin"
	ln -s nowhere "$pin"
	is 7 "" "bzn-ledger: the pin: cannot open '$PWD/$pin': No such file \
or directory (io_error)" bzn-ledger verify -q
	rm "$pin"
	sed 's/^2$/1/' note >"$pin"
	[[ $(says pin) == "bad: the pin is damaged: "* ]]
}

@test "doctor misses the key of the log" {
	funded
	mv identity/log_private.pem .
	is 0 "bad: no file below identity/ holds the key of this log, so \
nothing can be signed: bring it back, or 'bzn-ledger checkpoint rotate \
--reason lost'
note: no identity of a node" "" says keys
}

@test "doctor --rebuild: history that was put off is not missing" {
	funded
	seq 3 | sed 's/.*/{"id":"p&","from":"alice","to":"bob",'\
'"amount":"1","unit":"TCK"}/' | at bzn-ledger import >out
	# As a large import leaves it, before anybody has read it.
	sqlite3 node.db "DELETE FROM ledger_posting WHERE seq >= 3;
	    UPDATE ledger_head SET posted = 3"
	is 0 "made from 5 entries, and the same as before" "" bash -c \
	    'bzn-ledger doctor --rebuild | head -n 1 | jq -r .detail'
	sqlite3 node.db "DELETE FROM ledger_posting WHERE seq >= 3"
	is 0 note "" bash -c \
	    'bzn-ledger doctor --rebuild | head -n 1 | jq -r .result'
	is 0 "" "" bzn-ledger verify -q
}

@test "reconcile: a statement has columns of its own" {
	funded
	printf '%s\r\n' date,amount,reference,description \
	    2026-11-20,100.00,m1,x >s.csv
	is 0 'RESULT   LINE  SEQ  DATE        AMOUNT  REFERENCE  ID
matched     2    1  2026-11-20  100.00  m1         m1' "" \
	    bzn-ledger reconcile s.csv --account alice --unit TCK --table
}

@test "what is no file is not replaced by one" {
	local verb

	funded
	at bzn-ledger checkpoint >note
	mkfifo pipe
	ln -s pipe link
	for verb in "export csv --out pipe" "export csv --out link" \
	    "backup -f pipe" "verify -q --since note --proof-out pipe"; do
		# shellcheck disable=SC2086
		is 4 "" "bzn-ledger: '${verb##* }' is not a file that can be \
replaced (no_file)" bzn-ledger $verb
		[[ -p pipe && -L link ]]
	done
	is 0 "link note pipe" "" bash -c 'echo link* note* pipe*'
}

@test "no hand takes the id under which an escrow has to end" {
	local id

	trade
	for id in "$escrow:close" "$escrow:completed"; do
		is 9 "" "bzn-ledger: '$id' is an id that escrow '$escrow' may \
need to end (flow_refused)" at bzn-ledger transfer alice bob 1 TCK --id "$id"
		is 9 "" "bzn-ledger: '$id' is an id that escrow '$escrow' may \
need to end (flow_refused)" at bzn-ledger unit add EUR --scale 2 --id "$id"
	done
	echo "{\"id\":\"$escrow:close\",\"event\":\"note.made\",\"data\":{}}" \
	    >note
	is 9 flow_refused "" bash -c 'bzn-ledger --now "'"$clock"'" import \
	    note | jq -r "select(.line) | .code"; exit ${PIPESTATUS[0]}'
	# Of another's name it is an id like any other, and what is known is.
	at bzn-ledger transfer alice bob 1 TCK --id "x:close" >out
	deliver "$task"
	pass 90000
	at bzn-settle >out
	is 10 "" "bzn-ledger: '$escrow:close' is known as entry $(bzn-ledger \
	    show "$escrow:close" | jq .seq) with other type, legs, ref \
(id_conflict)" at bzn-ledger transfer alice bob 1 TCK --id "$escrow:close"
}

@test "the steps of an escrow are posted only by what owns the rule" {
	local skill task escrow event verb

	home
	member alice bob
	skill=$(offer bob 10)
	task=$(buy alice "$skill")
	escrow=$(bzn-escrow show "$task" | jq -r .escrow_id)
	for event in task.claimed task.completed escrow.disputed; do
		printf '{"id":"%s","event":"%s","ref":"%s","data":{}}\n' \
		    "$escrow:${event#*.}" "$event" "$escrow" >record
		for verb in post import; do
			run at bzn-ledger "$verb" record
			[[ $status == 9 && $output == *'"flow_refused","messa'* ]] ||
			    fail "$event: $status: $output"
		done
	done
	echo '{"id":"n","event":"task.noted","ref":"x","data":{}}' >record
	at bzn-ledger post record >said
	sound
}

@test "who checks a foreign log needs no home" {
	local vkey program

	funded
	vkey=$(jq -r .vkey made.json)
	bzn-ledger export leaves >leaves.out
	at bzn-ledger checkpoint >note
	program=$(command -v bzn-ledger)
	is 0 "" "" env -i "$program" verify -q --leaves leaves.out \
	    --checkpoint note --vkey "$vkey"
	is 0 "" "" env -i "$program" verify -q --file node.db --vkey "$vkey"
	is 2 "" "bzn-ledger: no --home, no \$BZN_HOME and no \$HOME: say \
which home (usage)" env -i "$program" verify -q
}

@test "a memo that is not the one of its entry is told, kept and not printed" {
	local verb said="what is stored as the memo of entry 2 is not its memo"

	funded
	at bzn-ledger transfer alice bob 1 TCK --id t --memo "for tea" >out
	at bzn-ledger transfer alice bob 1 TCK --id u --memo "for two" >out
	is 0 "for tea" "" bash -c 'bzn-ledger memo show t | jq -r .memo'
	sqlite3 node.db "UPDATE ledger_memo SET memo = 'for gin' WHERE seq = 2"
	for verb in "memo show t" "show t --explain" "export ndjson --memos"; do
		# shellcheck disable=SC2086
		run --separate-stderr bzn-ledger $verb
		[[ $status == 1 && $output != *gin* &&
		    $stderr == "bzn-ledger: $said (projection_mismatch)" ]] ||
		    fail "$verb: $status: $output $stderr"
	done
	is 1 '[10,"projection_mismatch",2]' \
	    "bzn-ledger: the ledger is not true: 1 finding \
(projection_mismatch)" bash -c 'bzn-ledger verify >found; s=$?
	    jq -c "select(.code) | [.layer, .code, .seq]" found; exit $s'
	run --separate-stderr at bzn-ledger doctor --rebuild
	[[ $output == *'"check":"memos","result":"bad","detail":"entry 2: '* ]]
	is 0 "for gin" "" sqlite3 node.db \
	    "SELECT memo FROM ledger_memo WHERE seq = 2"
	at bzn-ledger memo erase t >out
	run at bzn-ledger doctor --rebuild
	[[ $output != *'"memos"'* ]]
	sound
}

@test "an empty file is no ledger, and in a home one that is not made yet" {
	: >node.db
	is 4 "" "bzn-ledger: no ledger in '$BZN_HOME': make one with \
'bzn-ledger init' (no_ledger)" bzn-ledger verify
	is 3 "" "bzn-ledger: 'node.db' holds no ledger (not_a_ledger)" \
	    bzn-ledger verify --file node.db --allow-self
	sqlite3 node.db 'CREATE TABLE theirs (x)'
	is 3 "" "bzn-ledger: '$BZN_HOME/node.db' holds no ledger \
(not_a_ledger)" bzn-ledger verify
	rm node.db
	: >node.db
	home
	is 0 "" "" bzn-ledger verify -q
}

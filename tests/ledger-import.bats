# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# post and import: what is read, what is answered, what is left behind.
load common

# pay ID FROM TO AMOUNT [MORE]: a record.
pay() {
	printf '{"id":"%s","from":"%s","to":"%s","amount":"%s","unit":"TCK"%s}\n' \
	    "$1" "$2" "$3" "$4" "${5:+,$5}"
}

# codes STATUS CODES [OPTION...]: what import says to standard input.
codes() {
	local want=$1 codes=$2

	shift 2
	run --separate-stderr at bzn-ledger import "$@"
	[[ $status == "$want" && -z $stderr ]] ||
	    fail "$status: $output $stderr"
	is 0 "$codes" "" jq -sr 'map(select(.result != "summary") |
	    .code // .result) | join(" ")' <<<"$output"
}

# leaves: the log as it is exported.
leaves() {
	bzn-ledger export ndjson | sed -E 's/^\{"seq":[0-9]+,"leaf_hash":"[0-9a-f]+","entry":(.*)\}$/\1/'
}

root() {
	bzn-ledger verify | tail -n 1 | jq -r .root
}

@test "import: each form, each result, and the summary" {
	funded
	cat >in <<-'END'
		{"id":"a1","from":"alice","to":"bob","amount":"1.5","unit":"TCK"}
		{"id":"a2","legs":[{"account":"bob","unit":"TCK","amount":"0.50"},{"account":"alice","unit":"TCK","amount":"-1.50"},{"account":"carol","unit":"TCK","amount":"1.00"}]}

		{"id":"e1","event":"note.made","ref":"r 1","data":{"b":1,"a":[true,"é\"\\"]}}
		{"id":"r1","reverses":"a1"}
		{"id":"a1","from":"alice","to":"bob","amount":"1.50","unit":"TCK"}
		{"id":"a1","from":"alice","to":"bob","amount":"2","unit":"TCK","ref":"x"}
		{"id":"p1","from":"bob","to":"carol","amount":"0.51","unit":"TCK"}
	END
	run --separate-stderr at bzn-ledger import in
	[[ $status == 10 && -z $stderr ]]
	echo "$output" >out
	is 0 '{"line":1,"id":"a1","result":"posted","seq":2,"at":"2026-11-20T08:00:00.000Z"}
{"line":2,"id":"a2","result":"posted","seq":3,"at":"2026-11-20T08:00:00.000Z"}
{"line":4,"id":"e1","result":"posted","seq":4,"at":"2026-11-20T08:00:00.000Z"}
{"line":5,"id":"r1","result":"posted","seq":5,"at":"2026-11-20T08:00:00.000Z"}
{"line":6,"id":"a1","result":"exists","seq":2,"at":"2026-11-20T08:00:00.000Z"}
{"line":7,"id":"a1","result":"conflict","status":10,"code":"id_conflict","seq":2,"fields":["legs","ref"]}
{"line":8,"id":"p1","result":"refused","status":9,"code":"insufficient_funds","account":"bob","unit":"TCK","available":"0.50"}' \
	    "" jq -c 'select(.line) | del(.message)' out
	is 0 '{"result":"summary","posted":4,"exists":1,"refused":1,"conflict":1,"invalid":0,"size":6}' \
	    "" jq -c 'select(.result == "summary") | del(.root)' out
	[[ $(tail -n 1 out | jq -r .root) == "$(root)" ]]
	is 0 '{"a":[true,"é\"\\"],"b":1}' "" \
	    bash -c 'bzn-ledger export ndjson | jq -c "select(.seq == 4).entry.data"'
	has carol 1.00
	sound
	# The same again: nothing new, the answers of the first time.
	codes 10 "exists exists exists exists exists id_conflict \
insufficient_funds" in
	run --separate-stderr at bzn-ledger import --problems in
	[[ ${#lines[@]} == 3 ]]
}

@test "import: what is no record is told by its line, and the rest goes on" {
	funded
	cat >in <<-'END'
		nonsense
		[]
		{"id":"x1"}
		{"id":"x2","amont":"1"}
		{"id":"x3","from":"alice","to":"bob","amount":1.5,"unit":"TCK"}
		{"id":"x4","from":"alice","to":"bob","amount":"1","unit":"ABC"}
		{"id":"x5","from":"alice","to":"bob","amount":"0.00","unit":"TCK"}
		{"id":"x6","from":"alice","to":"bob","amount":"1.000","unit":"TCK"}
		{"id":"x7","from":"alice","to":"bob","amount":"-1","unit":"TCK"}
		{"id":"x8","from":"alice","to":"bob","amount":"99999999999999999999","unit":"TCK"}
		{"id":"x 9","from":"alice","to":"bob","amount":"1","unit":"TCK"}
		{"id":"x10","from":"al ice","to":"bob","amount":"1","unit":"TCK"}
		{"id":"x11","from":"alice","to":"alice","amount":"1","unit":"TCK"}
		{"id":"x12","legs":[{"account":"alice","unit":"TCK","amount":"-1"}]}
		{"id":"x13","legs":[{"account":"alice","unit":"TCK","amount":"-1"},{"account":"bob","unit":"TCK","amount":"2"}]}
		{"id":"x14","from":"MINT","to":"bob","amount":"1","unit":"TCK"}
		{"id":"x15","type":"ESCROW_SETTLE","from":"ESCROW:x","to":"bob","amount":"1","unit":"TCK"}
		{"id":"x16","type":"NOPE","from":"alice","to":"bob","amount":"1","unit":"TCK"}
		{"id":"x17","event":"ledger.unit","data":{"code":"EUR","scale":2}}
		{"id":"x18","event":"log.key","data":{}}
		{"id":"x19","event":"note.made"}
		{"id":"x20","event":"Note","data":{}}
		{"id":"x21","reverses":"none"}
		{"id":"x22","reverses":"m1","from":"alice"}
		{"id":"x23","id":"x23","reverses":"m1"}
		{"id":"x24","from":"alice","to":"bob","amount":"1","unit":"TCK","memo":""}
		{"id":"x25","from":"alice","to":"bob","amount":"1","unit":"TCK","ref":"a\"b"}
		{"id":"x26","from":"alice","to":"bob","amount":"1","unit":"TCK","effective_ms":1.5}
		{"id":"x27","from":"alice","to":"bob","amount":"1","unit":"TCK","data":{"A":1}}
		{"id":"x28","from":"alice","to":"bob","amount":"1","unit":"TCK","if":[{"account":"bob","unit":"TCK","op":"ne","amount":"1"}]}
		{"id":"x29","from":"alice","to":"bob","amount":"1","unit":"TCK","if":[{"account":"bob","unit":"TCK","op":"ge"}]}
		{"id":"x30","from":"alice","to":"bob","amount":"1","unit":"TCK","if":[{"account":"bob","unit":"TCK","op":"ge","amount":"1"}]}
		{"id":"x31","from":"alice","to":"bob","amount":"1","unit":"TCK","assert":[{"account":"bob","unit":"TCK","op":"<","amount":"1"}]}
		{"from":"alice","to":"bob","amount":"1","unit":"TCK"}
		{"id":"ok","from":"alice","to":"bob","amount":"1","unit":"TCK"}
	END
	codes 3 "bad_json bad_json bad_json unknown_member bad_json no_unit \
amount_zero amount_scale bad_amount amount_range bad_id bad_account \
duplicate_leg leg_count unbalanced_entry reserved_account flow_refused \
bad_type bad_type bad_type bad_json bad_type no_entry bad_json bad_json \
bad_json bad_json bad_json bad_json bad_json bad_json condition_false \
assertion_failed bad_id posted" in
	has bob 1.00
	sound
	python3 -c 'print("{\"id\":\"l\",\"ref\":\"" + "x" * 1100000 + "\"}")
print("{\"id\":\"m\",\"event\":\"a.b\",\"data\":{\"a\":[" +
    ",".join(["\"" + "y" * 4090 + "\""] * 16) + "]}}")' >long
	codes 3 "too_long leaf_too_long" long
}

@test "import: groups are whole, wherever one of them fails" {
	funded
	{
		pay g1 alice bob 1 '"group":"g"'
		pay g2 bob carol 1 '"group":"g"'
		pay h1 alice bob 1 '"group":"h"'
		pay h2 bob carol 500 '"group":"h"'
		pay h3 alice bob 1 '"group":"h"'
		pay i1 alice bob 1 '"group":"i"'
		echo '{"id":"i2","grop":1}'
		pay j1 alice bob 1 '"group":"j"'
		pay l1 alice bob 1
		echo "not a record"
		pay k1 alice bob 1 '"group":"k"'
		pay k2 alice bob 1 '"group":"k"'
		echo "not a record"
		pay l2 alice bob 1
	} >in
	codes 3 "posted posted group_member insufficient_funds group_member \
group_size unknown_member group_size posted bad_json group_member \
group_member bad_json posted" in
	is 0 '[0,2] [1,2]' "" bash -c "bzn-ledger export ndjson | jq -sr \
	    'map(select(.entry.group).entry.group | \"[\\(.i),\\(.n)]\") | join(\" \")'"
	# Half of it is known.
	{
		pay g2 bob carol 1 '"group":"z"'
		pay z2 alice bob 1 '"group":"z"'
		pay z2 alice bob 1
	} >half
	codes 10 "group_member group_partial posted" half
	{
		pay q1 alice bob 1 '"group":"q"'
		pay q1 alice bob 1 '"group":"q"'
		pay q2 alice bob 1
	} >twice
	codes 10 "group_member id_conflict posted" twice
	# At the end of the input, or amid a line of it.
	pay o1 alice bob 1 '"group":"o"' >open
	codes 3 group_open open
	{
		pay o1 alice bob 1 '"group":"o"'
		pay o2 alice bob 1 '"group":"o"' | tr -d '\n'
	} >short
	codes 3 "group_open group_open" short
	for i in $(seq 258); do
		pay "b$i" alice bob 0.01 '"group":"b"'
	done >big
	pay after alice bob 1 >>big
	run --separate-stderr at bzn-ledger import big
	[[ $status == 3 && ${#lines[@]} == 260 ]]
	[[ $(grep -c group_size <<<"$output") == 258 &&
	    $(grep -c posted <<<"${lines[258]}") == 1 ]]
	tail -n +3 big | head -n 256 >most
	codes 0 "$(printf 'posted%.0s ' {1..255})posted" most
	sound
}

@test "import: all or nothing is one transaction" {
	funded
	{
		pay a1 alice bob 1
		pay a2 bob carol 2
		pay a3 alice bob 1
	} >in
	keeps codes 9 insufficient_funds --all-or-nothing in
	codes 9 "posted insufficient_funds posted" in
	sed -i 's/"2"/"1"/' in
	codes 0 "exists posted exists" --all-or-nothing in
}

@test "import: a dry run sees its own effects, and says the root to come" {
	local would

	funded
	{
		pay a1 alice bob 60
		pay a2 bob carol 60
		pay a3 alice bob 60
	} >in
	keeps codes 9 "posted posted insufficient_funds" --dry-run in
	would=$(at bzn-ledger import -n in | tail -n 1 | jq -r .root) || true
	[[ $(at bzn-ledger import -n in | jq -c '[.seq, .dry_run]' |
	    head -n 2 | paste -sd' ') == "[2,true] [3,true]" ]]
	codes 9 "posted posted insufficient_funds" in
	[[ $would == "$(root)" ]]
	is 2 "" "bzn-ledger: --id is for one entry: give each line an \"id\" \
(usage)" at bzn-ledger import in --id x
	is 4 "" "bzn-ledger: cannot open 'none': No such file or directory \
(no_file)" at bzn-ledger import none
}

@test "import: killed anywhere, the same input ends in the same log" {
	local clean i

	funded
	cp -r . "$BATS_FILE_TMPDIR"/start
	for i in $(seq 3000); do
		if ((i % 7 == 0)); then
			pay "n$i" alice bob 0.01 "\"group\":\"g$((i / 14))\""
			pay "m$i" bob carol 0.01 "\"group\":\"g$((i / 14))\""
		else
			pay "n$i" alice "acct$((i % 50))" 0.01
		fi
	done >in
	at bzn-ledger import in >/dev/null
	clean=$(root)
	for i in 1 700 1500 2900; do
		rm -rf "$BATS_FILE_TMPDIR"/again
		cp -r "$BATS_FILE_TMPDIR"/{start,again}
		# The reader closes after so many lines: a broken pipe.
		(
			export BZN_HOME=$BATS_FILE_TMPDIR/again
			head -n "$i" in | at bzn-ledger import >/dev/null ||
			    true
			at bzn-ledger import in | head -n "$i" >/dev/null
			timeout -s KILL 0.0$((i % 9 + 1)) \
			    bzn-ledger --now "$clock" import in >/dev/null ||
			    true
			at bzn-ledger import in >/dev/null
			[[ $(root) == "$clean" ]]
		)
	done
}

@test "import: output that cannot be written is 7, and nothing is lost" {
	funded
	pay a1 alice bob 1 >in
	run --separate-stderr bash -c "bzn-ledger --now $clock import in \
	    >/dev/full"
	[[ $status == 7 && $stderr == *"(output_failed)" ]]
	codes 0 exists in
	for verb in "post in" "account list" "unit list" "memo show m1" \
	    "assert alice ge 1 TCK --check" "assert alice ge 1 TCK"; do
		run --separate-stderr bash -c "bzn-ledger --now $clock $verb \
		    >/dev/full"
		[[ $status == 7 || ($verb == memo* && $status == 4) ]] ||
		    fail "$verb: $status"
	done
}

@test "import: two at once, each line once" {
	local i

	funded
	for i in $(seq 400); do
		pay "n$i" alice bob 0.01
	done >in
	shuf --random-source=<(yes) in >other
	at bzn-ledger import in >a &
	at bzn-ledger import other >b
	wait
	has bob 4.00
	[[ $(cat a b | grep -c '"posted",') == 400 &&
	    $(cat a b | grep -c '"exists",') == 400 ]]
	sound
}

@test "import --replay: the same bytes, the same root, or not at all" {
	local want

	funded
	at bzn-ledger unit add EUR --scale 3 >/dev/null
	at bzn-ledger account open bank --unit EUR --min none >/dev/null
	pass 5
	{
		pay g1 alice bob 1 '"group":"g","memo":"private"'
		pay g2 alice carol 1 '"group":"g"'
		echo '{"id":"f","from":"bank","to":"till","amount":"1.5","unit":"EUR"}'
	} | at bzn-ledger import >/dev/null
	at bzn-ledger reverse g1 --id r >/dev/null
	at bzn-ledger assert alice eq 100 TCK >/dev/null
	leaves >log
	want=$(root)
	export BZN_HOME=$PWD/copy
	run --separate-stderr bzn-ledger import --replay log
	[[ $status == 0 && -z $stderr ]]
	is 0 '["summary",10,0,10]' "" jq -c '[.result,.posted,.exists,.size]' \
	    <<<"$output"
	[[ $(bzn-ledger import --replay log | jq -r .root) == "$want" &&
	    $(root) == "$want" ]]
	is 0 "" "" diff log <(leaves)
	is 0 "" "" bzn-ledger verify -q
	is 0 10 "" bash -c 'bzn-ledger import --replay log | jq .exists'
	# What is other, missing, or cut amid a group.
	sed '3s/EUR/EUX/' log >other
	is 1 "" "bzn-ledger: other:3: entry 2 here is another (forked)" \
	    bzn-ledger import --replay other
	BZN_HOME=$PWD/fresh
	sed 2d log >gap
	is 1 "" "bzn-ledger: gap:2: entry 2 follows 0 (seq_gap)" \
	    bzn-ledger import --replay gap
	head -n 5 log >amid
	is 3 "" "bzn-ledger: amid: it ends amid a group (group_open)" \
	    bzn-ledger import --replay amid
	sed '2s/"100.00"/"100.01"/' log >unequal
	is 3 "" "bzn-ledger: unequal:2: the legs in TCK do not sum to zero \
(unbalanced_entry)" bzn-ledger import --replay unequal
	sed '5s/1795161605000/1795161604000/;6s/1795161605000/1795161603000/' \
	    log >early
	is 1 "" "bzn-ledger: early:6: entry 5 is earlier than the one before \
it (time_backwards)" bzn-ledger import --replay early
	head -n 4 log >part
	is 0 4 "" bash -c 'bzn-ledger import --replay part | jq .posted'
	is 0 '[6,4]' "" bash -c 'bzn-ledger import --replay log |
	    jq -c "[.posted, .exists]"'
	[[ $(root) == "$want" ]]
}

@test "post: one record, over as many lines as it likes, or one group" {
	funded
	echo '{"from":"alice",
	    "to":"bob","amount":"1","unit":"TCK"}' >one
	is 0 '{"id":"o1","result":"posted","seq":2,"at":"2026-11-20T08:00:00.000Z"}' \
	    "" at bzn-ledger post one --id o1
	is 0 '{"id":"o1","result":"exists","seq":2,"at":"2026-11-20T08:00:00.000Z"}' \
	    "" at bzn-ledger post one --id o1
	is 0 posted "" bash -c "bzn-ledger --now $clock post <one | jq -r .result"
	{
		pay a1 alice bob 1
		pay a2 alice bob 500
	} >two
	run --separate-stderr at bzn-ledger post two
	[[ $status == 9 ]]
	is 0 '["group_member","insufficient_funds"]' "" jq -sc 'map(.code)' \
	    <<<"$output"
	sed -i 's/500/5/' two
	run --separate-stderr at bzn-ledger post two -n
	[[ $status == 0 && $output == *'"dry_run":true'* ]]
	is 0 '2 {"i":1,"n":2}' "" bash -c "bzn-ledger --now $clock post two |
	    wc -l; bzn-ledger export ndjson | jq -c 'select(.entry.id == \"a2\").entry.group'" |
	    paste -sd' ' || true
	is 3 "" "bzn-ledger: there is no record (bad_json)" \
	    at bzn-ledger post /dev/null
	run --separate-stderr at bzn-ledger post <<<'{"id":"q"}'
	[[ $status == 3 && $output == *'"code":"bad_json"'* ]]
	is 4 "" "bzn-ledger: cannot open 'none': No such file or directory \
(no_file)" at bzn-ledger post none
	sound
}

# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Benchmarks: spec/vmp.md 8.5.
load common

# stall [OPTION...]: a home where bob sells $skill, and alice is to try it.
stall() {
	home
	member alice bob
	skill=$(at bzn-market publish --provider bob --price 10 \
	    --label sentiment "$@" | jq -r .skill_id)
}

# try SUITE: run it as alice; $run is its id, tasks has those of its cases.
try() {
	at bzn-market bench run "$1" "$skill" --as alice >started
	run_id=$(jq -r .benchmark_id started)
	jq -r '.cases[] | .task_id, .repeat_task_id // empty' started >tasks
}

# moods WORD...: deliver them to the tasks, in order.
moods() {
	local task mood words=("$@")

	while read -r task; do
		mood=${words[0]} words=("${words[@]:1}")
		[[ $mood == - ]] || deliver "$task" "{\"sentiment\":\"$mood\"}"
	done <tasks
}

# gives FILTER WANT: of the result of the run.
gives() {
	local got

	got=$(at bzn-market bench result "$run_id" | jq -r "$1")
	[[ $got == "$2" ]] || fail "$1 is '$got', not '$2'"
}

# marks WANT: the suites that the skill is shown to have passed.
marks() {
	local got

	got=$(bzn-market list | jq -c '.verified // []')
	[[ $got == "$1" ]] || fail "verified: $got, not $1"
}

# refuses STATUS TEXT WORD...: it does, with that complaint, and no trace.
refuses() {
	local want=$1 text=$2

	shift 2
	keeps is "$want" "" "bzn-market: $text" at bzn-market bench "$@"
}

right=(positive negative neutral mixed positive)

@test "the suites that there are" {
	home
	bzn-market bench list >out
	is 0 'sentiment_basic Sentiment Analysis — Basic 5 sentiment
schema_compliance Schema Compliance 1 null
deterministic_echo Deterministic Output 1 null' "" \
	    jq -r '"\(.suite) \(.name) \(.test_cases) \(.skill_pattern)"' out
	bzn-market bench show sentiment_basic >out
	is 0 "I love this product! positive
This is terrible. negative
The meeting is at 3pm. neutral
I'm not sure how I feel. mixed
Absolutely fantastic experience! positive" "" jq -r '.cases[] |
	    select(.check_type == "field_match" and
		.expected_field == "sentiment") |
	    .input.text + " " + .expected_value' out
	bzn-market bench show schema_compliance deterministic_echo >out
	is 0 $'schema_valid test input\nconsistent_keys deterministic test' \
	    "" jq -r '.cases[] | .check_type + " " + .input.text' out
	is 4 "" "bzn-market: no benchmark suite 'x' (suite_missing)" \
	    bzn-market bench show x
}

@test "a run orders a task a case, and moves no money" {
	stall
	try sentiment_basic
	is 0 "bench_sentiment_basic_ sentiment bob running 5" "" jq -r \
	    '"\(.benchmark_id[:22]) \(.skill_label) bob \(.status) \(.total)"' \
	    started
	is 0 5 "" bash -c 'wc -l <tasks'
	bzn-escrow show "$(head -n 1 tasks)" >task
	is 0 'benchmark OPEN alice bob I love this product! null' "" jq -r \
	    '"\(.protocol) \(.status) \(.buyer_id) \(.seller_id) \(
	    .input.text) \(.escrow_id)"' task
	has alice 100.00
	has bob 99.50
	gives '.status, .passed, .failed' $'running\n0\n0'
	try deterministic_echo
	is 0 2 "" bash -c 'sort -u tasks | wc -l'
	sound
}

@test "all right: verified, and shown on the listing" {
	stall
	try sentiment_basic
	marks '[]'
	pass 60
	moods "${right[@]:0:4}" -
	gives '.status, .passed, .verified' $'running\n4\nfalse'
	marks '[]'
	deliver "$(tail -n 1 tasks)" '{"sentiment":"positive","more":1}'
	gives '.status, .passed, .failed, .verified, .verified_at' \
	    $'completed\n5\n0\ntrue\n2026-11-20T08:01:00.000Z'
	marks '["sentiment_basic"]'
	# Once more, with what is wrong now: what was shown stays so.
	try sentiment_basic
	moods positive positive neutral mixed positive
	gives '.status, .passed, .failed, .verified' \
	    $'completed\n4\n1\nfalse'
	marks '["sentiment_basic"]'
	sound
}

@test "a wrong output fails its case, and says what was there" {
	stall
	try sentiment_basic
	mapfile -t task <tasks
	deliver "${task[0]}" '{"sentiment":"Positive"}'
	deliver "${task[1]}" '{"mood":"negative"}'
	deliver "${task[2]}" '{}'
	deliver "${task[3]}" '{"sentiment":{"mixed":1}}'
	deliver "${task[4]}" '{"sentiment":"positive"}'
	gives '.status, .passed, .failed, .verified' $'completed\n1\n4\nfalse'
	gives '[.cases[] | .result] | join(" ")' 'FAIL FAIL FAIL FAIL PASS'
	gives '.cases[] | "\(.actual | tojson) \(.detail)"' \
	    '"Positive" it is not what was expected
null the output has no such member
null the output is empty
{"mixed":1} it is not what was expected
"positive" null'
	marks '[]'
}

@test "what is not delivered in 72 hours has failed" {
	stall
	try sentiment_basic
	moods positive negative neutral mixed -
	pass $((72 * 3600 - 1))
	gives '.status, .passed, .failed' $'running\n4\n0'
	pass 1
	gives '.status, .passed, .failed, .verified' $'expired\n4\n1\nfalse'
	gives '.cases[4] | .result, .detail' \
	    $'FAIL\nit was not delivered in time'
	run --separate-stderr at bzn-escrow complete "$(tail -n 1 tasks)" \
	    --output - <<<'{"sentiment":"positive"}'
	[[ $status == 9 && $stderr == *'(window_closed)' ]] || fail "$stderr"
	gives '.status' expired
	marks '[]'
}

@test "schema_compliance: the output fits what the skill promises" {
	echo '{"output_schema":{"type":"object","required":["n"]}}' >m.json
	stall --metadata m.json
	try schema_compliance
	deliver "$(<tasks)" '{"m":1}'
	gives '.status, .cases[0].result, .cases[0].detail' \
	    $'completed\nFAIL\nthe output does not fit the schema of the skill'
	marks '[]'
	try schema_compliance
	deliver "$(<tasks)" '{"n":1}'
	gives '.cases[0].result, .cases[0].detail' $'PASS\nnull'
	marks '["schema_compliance"]'
}

@test "schema_compliance: without a promise it passes, and says so" {
	stall
	try schema_compliance
	deliver "$(<tasks)" '{"m":1}'
	gives '.verified, .cases[0].detail' \
	    $'true\nthe skill has no output_schema'
}

@test "deterministic_echo: two outputs have the same members" {
	stall
	try deterministic_echo
	mapfile -t task <tasks
	deliver "${task[0]}" '{"b":1,"a":2}'
	gives '.status' running
	deliver "${task[1]}" '{"a":3,"b":{}}'
	gives '.verified, (.cases[0].actual | tojson)' $'true\n["a","b"]'
	marks '["deterministic_echo"]'
	try deterministic_echo
	mapfile -t task <tasks
	deliver "${task[0]}" '{"a":1}'
	deliver "${task[1]}" '{"A":1}'
	gives '.verified, (.cases[0].actual | tojson)' \
	    $'false\n[["a"],["A"]]'
}

@test "who may run what" {
	stall
	refuses 4 "no benchmark suite 'x' (suite_missing)" run x "$skill" \
	    --as alice
	refuses 4 "no skill 'x' (skill_missing)" run sentiment_basic x \
	    --as alice
	refuses 4 "no node 'zoe' (node_missing)" run sentiment_basic \
	    "$skill" --as zoe
	refuses 2 "a suite, a skill and --as belong together; without them \
requests come from stdin (usage)" run sentiment_basic "$skill"
	refuses 4 "no benchmark run 'x' (run_missing)" result x
	at bzn-node sandbox | jq -r .node_id >sand
	for who in bob:self_trade "$(<sand):realm"; do
		keeps run --separate-stderr at bzn-market bench run \
		    sentiment_basic "$skill" --as "${who%:*}"
		[[ $status == 9 && $stderr == *"(${who#*:})" ]] ||
		    fail "$who: $stderr"
	done
	sqlite3 node.db "UPDATE node_node SET active = 0 WHERE id = 'bob'"
	run --separate-stderr at bzn-market bench run sentiment_basic \
	    "$skill" --as alice
	[[ $status == 9 && $stderr == *'(seller_inactive)' ]] ||
	    fail "$stderr"
	sqlite3 node.db "UPDATE node_node SET active = 1;
	    UPDATE market_skill SET retired_ms = 1"
	run --separate-stderr at bzn-market bench run sentiment_basic \
	    "$skill" --as alice
	[[ $status == 9 && $stderr == *'(skill_retired)' ]] || fail "$stderr"
}

@test "ten runs an hour for a node, or as bench_rate says" {
	local i

	stall
	for i in {1..10}; do
		at bzn-market bench run schema_compliance "$skill" \
		    --as alice --id "$i" >out
	done
	refuses 6 "'alice' has run 10 benchmarks within the hour \
(rate_limited)" run schema_compliance "$skill" --as alice
	at bzn-market bench run schema_compliance "$skill" --as alice \
	    --id 10 | jq -e .idempotent
	pass 3600
	try schema_compliance
	echo 'bench_rate 1' >>bzn.conf
	refuses 6 "'alice' has run 1 benchmarks within the hour \
(rate_limited)" run schema_compliance "$skill" --as alice
	sed -i 's/^bench_rate 1/bench_rate 0/' bzn.conf
	try schema_compliance
}

@test "requests for runs come from stdin, too" {
	stall
	for s in sentiment_basic nothing schema_compliance; do
		jq -nc --arg k "$skill" --arg s "$s" \
		    '{node_id: "alice", suite: $s, skill_id: $k}'
	done >asked
	run --separate-stderr at bzn-market bench run <asked
	[[ $status == 4 && ${#lines[@]} == 2 && $stderr == "bzn-market: \
stdin:2: no benchmark suite 'nothing' (suite_missing)" ]] || fail "$stderr"
}

@test "a request over the limit does not hold up those of others" {
	local who

	stall
	member dave
	echo 'bench_rate 1' >>bzn.conf
	for who in alice alice dave; do
		jq -nc --arg k "$skill" --arg w "$who" \
		    '{node_id: $w, suite: "sentiment_basic", skill_id: $k}'
	done >asked
	run --separate-stderr at bzn-market bench run <asked
	[[ $status == 6 && ${#lines[@]} == 2 && $stderr == "bzn-market: \
stdin:2: 'alice' has run 1 benchmarks within the hour (rate_limited)" ]] ||
	    fail "$status $stderr"
}

@test "further suites come from benchmark_dir" {
	stall
	mkdir suites
	jq -n '{id: "mine", name: "Mine", description: "What I want.",
	    cases: [{case_id: "a", input: {n: 1}, check_type: "field_match",
		expected_field: "n", expected_value: 2.0}]}' >suites/b.json
	echo 'no suite' >suites/README
	echo 'benchmark_dir suites' >>bzn.conf
	is 0 $'4\nmine' "" bash -c 'bzn-market bench list | jq -sr \
	    "length, .[3].suite"'
	try mine
	# What is asked for then counts, not what the file says later.
	sed -i 's/2\.0/3/' suites/b.json
	deliver "$(<tasks)" '{"n":2}'
	gives '.verified' true
	marks '["mine"]'
	rm -r suites
	run --separate-stderr bzn-market bench list
	[[ $status == 4 && $stderr == "bzn-market: cannot read '$PWD/suites': \
"*'(no_file)' ]] || fail "$stderr"
}

@test "a file that is no suite is refused, with its name" {
	local n=0

	home 'benchmark_dir suites'
	mkdir suites
	# bad CHANGE COMPLAINT: what a good suite would be, changed.
	bad() {
		n=$((n + 1))
		jq -n '{id: "mine", name: "M", description: "D", cases: [{
		    case_id: "a", input: {}, check_type: "field_match",
		    expected_field: "n", expected_value: null}]} |'"$1" \
		    >suites/x.json
		is 3 "" "bzn-market: $PWD/suites/x.json: $2 (bad_suite)" \
		    bzn-market bench list
	}
	bad '.id = "Mine"' "'/id' is not 1 to 50 of a-z, 0-9 and _"
	bad '.id = "sentiment_basic"' "'/id' is that of another"
	bad 'del(.name)' "'/name' is missing"
	bad '.more = 1' "'/more' is not known here"
	bad '.cases = []' "'/cases' are none, or too many"
	bad '.cases = [range(101)]' "'/cases' are none, or too many"
	bad '.cases += .cases' "'/cases/1/case_id' is there twice"
	bad '.cases[0].check_type = "x"' "'/cases/0/check_type' is no check"
	bad '.cases[0].input = 1' "'/cases/0/input' is not an object"
	bad 'del(.cases[0].expected_field)' \
	    "'/cases/0/expected_field' is missing"
	bad 'del(.cases[0].expected_value)' \
	    "'/cases/0/expected_value' is missing"
	bad '.cases[0].check_type = "schema_valid"' \
	    "'/cases/0/expected_field' is for field_match"
	((n == 12))
	for text in '{' '[]' ''; do
		printf '%s' "$text" >suites/x.json
		run --separate-stderr bzn-market bench list
		[[ $status == 3 && $stderr == "bzn-market: \
$PWD/suites/x.json: "[!/]*'(bad_suite)' ]] || fail "$status $stderr"
	done
	head -c 1048577 /dev/zero >suites/x.json
	is 3 "" "bzn-market: '$PWD/suites/x.json' is over 1048576 bytes \
(bad_suite)" bzn-market bench list
}

@test "vmp 13.39: benchmarks leave the scores as they were" {
	stall
	bzn-cri score alice bob --now "$clock" >before
	try sentiment_basic
	moods "${right[@]}"
	try sentiment_basic
	moods x x x x x
	bzn-cri score alice bob --now "$clock" >after
	is 0 "" "" diff before after
	is 1 "" "" bash -c "bzn-ledger export ndjson | grep -E 'task|ESCROW'"
}

@test "a sweep notes what ran out, and what was not noted, once" {
	local late

	stall
	try sentiment_basic
	late=$run_id
	try schema_compliance
	deliver "$(<tasks)" '{"n":1}'
	# As if the program had not seen that it was the last one.
	sqlite3 node.db "UPDATE suite_run SET state = 'running',
	    closed_ms = NULL; DELETE FROM market_verified"
	is 0 "[\"$run_id\",\"completed\",1,0,true]" "" bash -c \
	    "bzn-settle --now $clock | jq -c '[.benchmark_id, .status,
		.passed, .failed, .verified]'"
	marks '["schema_compliance"]'
	is 0 "" "" at bzn-settle
	pass $((72 * 3600))
	at bzn-settle >swept
	is 0 "[\"$late\",\"expired\",0,5,false]" "" jq -c \
	    'select(.benchmark_id) | [.benchmark_id, .status, .passed,
		.failed, .verified]' swept
	is 0 5 "" jq -s 'map(select(.task_id)) | length' swept
	is 0 "" "" at bzn-settle
	run_id=$late
	gives '.status, .failed' $'expired\n5'
	marks '["schema_compliance"]'
	sound
}

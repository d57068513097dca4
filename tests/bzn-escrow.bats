# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# refuses STATUS TEXT VERB...: it does, with that complaint, and no trace.
refuses() {
	local want=$1 text=$2

	shift 2
	keeps is "$want" "" "bzn-escrow: $text" at bzn-escrow "$@"
}

# says KEY VALUE [TASK]: that member of the task's record.
says() {
	local got

	got=$(bzn-escrow show "${3:-$task}" | jq -r ".$1")
	[[ $got == "$2" ]] || fail "$1 is '$got', not '$2'"
}

@test "lock, claim, complete: the price is held, and the window opens" {
	local sha

	home
	member alice bob
	skill=$(offer bob 10)
	echo '{"text": "a b"}' >job.json
	run --separate-stderr at bzn-escrow lock --buyer alice \
	    --skill "$skill" --input job.json
	[[ $status == 0 && -z $stderr && $output =~ ^'{"task_id":"'\
([0-9a-f-]{36})'","escrow_id":"'([0-9a-f-]{36})'","skill_id":"'"$skill"\
'","label":"work","buyer_id":"alice","seller_id":"bob","status":"OPEN",'\
'"escrow_status":"PENDING","amount":"10.00","unit":"TCK",'\
'"created_at":"2026-11-20T08:00:00.000Z",'\
'"auto_refund_at":"2026-11-23T08:00:00.000Z"}'$ ]] || fail "$output"
	task=${BASH_REMATCH[1]} escrow=${BASH_REMATCH[2]}
	has alice 90.00
	has "ESCROW:$escrow" 10.00
	pass 60
	at bzn-escrow claim "$task" --as bob >out
	says status IN_PROGRESS
	says claimed_at 2026-11-20T08:01:00.000Z
	says input.text "a b"
	pass 60
	echo '{"words":2}' >out.json
	at bzn-escrow complete "$escrow" --output out.json --as bob >out
	says status COMPLETED
	says escrow_status AWAITING_SETTLEMENT
	says completed_at 2026-11-20T08:02:00.000Z
	says auto_settle_at 2026-11-21T08:02:00.000Z
	sha=$(printf '{"words":2}' | sha256sum)
	says output_sha256 "${sha%% *}"
	says output.words 2
	has alice 90.00
	has bob 99.50
	bzn-ledger export ndjson | tail -n 3 | jq -r .entry.type >types
	is 0 "ESCROW_LOCK
task.claimed
task.completed" "" cat types
	sound
}

@test "lock: who and what there must be" {
	trade
	echo '{}' >job.json
	refuses 4 "no node 'carol' (node_missing)" lock -b carol -s "$skill" \
	    -i job.json
	refuses 4 "no skill 'x' (skill_missing)" lock -b alice -s x -i job.json
	refuses 9 "'bob' cannot trade with itself (self_trade)" lock -b bob \
	    -s "$skill" -i job.json
	sqlite3 node.db "UPDATE node_node SET active = 0 WHERE id = 'bob'"
	refuses 9 "'bob' is not active (seller_inactive)" lock -b alice \
	    -s "$skill" -i job.json
	is 5 "" "bzn-market: 'bob' is inactive (node_unknown_or_banned)" \
	    at bzn-market publish -p bob -l x --price 1
	sqlite3 node.db "UPDATE node_node SET active = 1;
	    UPDATE market_skill SET retired_ms = 1"
	refuses 9 "the skill is no longer offered (skill_retired)" \
	    lock -b alice -s "$skill" -i job.json
}

@test "lock: the price that the buyer expects" {
	local bad

	trade
	echo '{}' >job.json
	set -- lock -b alice -s "$skill" -i job.json
	refuses 9 "the price is not '10.01' (price_mismatch)" "$@" \
	    --price 10.01
	refuses 3 "TCK: '1.005' has more than 2 decimals (amount_scale)" "$@" \
	    --price 1.005
	for bad in -1 1e3 NaN; do
		refuses 3 "TCK: '$bad' is not an amount (bad_amount)" "$@" \
		    "--price=$bad"
	done
	refuses 3 "TCK: '9223372036854775808' is too large (amount_range)" \
	    "$@" --price 9223372036854775808
	at bzn-escrow "$@" --price 10 >out
	has alice 80.00
}

@test "lock: the money must be there, and not all be at stake" {
	local dear cheap

	trade
	dear=$(offer bob 90.01)
	echo '{}' >job.json
	refuses 9 "'alice' cannot cover it (insufficient_funds)" \
	    lock -b alice -s "$dear" -i job.json
	for _ in 2 3 4 5; do buy alice "$skill" >out; done
	refuses 9 "exposure cap reached (50.00/50.00 TCK) \
(cap_exposure)" lock -b alice -s "$skill" -i job.json
	cheap=$(offer bob 0.01)
	refuses 9 "exposure cap reached (50.00/50.00 TCK) \
(cap_exposure)" lock -b alice -s "$cheap" -i job.json
	sed -i '$a canary_exposure_pct 0' bzn.conf
	at bzn-escrow lock -b alice -s "$skill" -i job.json >out
	has alice 40.00
	sound
}

@test "lock: the input is an object" {
	trade
	set -- lock -b alice -s "$skill" -i
	refuses 4 "cannot open 'none': No such file or directory (no_file)" \
	    "$@" none
	refuses 4 "cannot open 'bzn.conf/x': Not a directory (no_file)" \
	    "$@" bzn.conf/x
	echo '"text"' >job.json
	refuses 3 "job.json: the document is not an object (bad_json)" \
	    "$@" job.json
	printf '{"a":"\0"}' >job.json
	refuses 3 "job.json: byte 6: a control character in a string \
(bad_json)" "$@" job.json
	printf '{"a":"\\ud800"}' >job.json
	refuses 3 "job.json: byte 6: half a surrogate pair (bad_json)" \
	    "$@" job.json
	printf '{"a":%s1%s}' "$(printf '[%.0s' {1..64})" \
	    "$(printf ']%.0s' {1..64})" >job.json
	refuses 3 "job.json: byte 68: nested more than 64 deep (bad_json)" \
	    "$@" job.json
	printf '{"a":"%01048576d"}' 0 >job.json
	refuses 3 "'job.json' is over 1048576 bytes (too_long)" "$@" job.json
	: >job.json
	refuses 3 "job.json: byte 0: the text ends too soon (bad_json)" \
	    "$@" job.json
	printf '{"a":1e400}' >job.json
	run --separate-stderr at bzn-escrow "$@" job.json
	[[ $status == 3 && $stderr == "bzn-escrow: "*" (bad_json)" ]] ||
	    fail "$status: $stderr"
}

@test "options that belong together, and to a task" {
	home
	is 2 "" "bzn-escrow: --buyer, --skill and --input belong together; \
without them orders come from stdin (usage)" at bzn-escrow lock -b alice
	is 2 "" "bzn-escrow: --buyer, --skill and --input belong together; \
without them orders come from stdin (usage)" at bzn-escrow lock --price 1
	is 2 "" "bzn-escrow: --output is missing (usage)" \
	    at bzn-escrow complete x
	is 2 "" "bzn-escrow: --reason is missing (usage)" \
	    at bzn-escrow dispute x
	is 2 "" "bzn-escrow: --to is missing: refund_buyer or \
release_to_seller (usage)" at bzn-escrow resolve x
	for what in "claim --as x" "complete --output x" "complete --as x" \
	    "dispute --reason x" "dispute --as x" "resolve --reason x" \
	    "resolve --to refund_buyer"; do
		# shellcheck disable=SC2086
		is 2 "" "bzn-escrow: which task? without one requests come \
from stdin, and say all that options would (usage)" at bzn-escrow $what
	done
	is 2 "" "bzn-escrow: usage: bzn-escrow claim [options] [task] \
(usage)" at bzn-escrow claim a b
	is 2 "" "bzn-escrow: no status 'DONE' (usage)" \
	    bzn-escrow list --status DONE
	is 2 "" "bzn-escrow: --limit: 'x' is not a number (usage)" \
	    bzn-escrow list --limit x
	is 2 "" "bzn-escrow: no verb 'lok', did you mean lock? (usage)" \
	    bzn-escrow lok
}

@test "what is done to a task that does not exist" {
	home
	echo '{}' >out.json
	refuses 4 "no task 'x' (task_missing)" claim x
	refuses 4 "no task 'x' (task_missing)" complete x -o out.json
	refuses 4 "no task 'x' (task_missing)" dispute x -r y
	refuses 4 "no task 'x' (task_missing)" resolve x --to refund_buyer
	is 4 "" "bzn-escrow: no task 'x' (task_missing)" bzn-escrow show x
	is 4 "" "bzn-escrow: no task '\\x1b[2J' (task_missing)" \
	    bzn-escrow show $'\e[2J'
	refuses 4 "cannot open 'none': No such file or directory (no_file)" \
	    complete x -o none
}

@test "seller and buyer act for themselves" {
	trade
	echo '{"a":1}' >out.json
	refuses 5 "'alice' is not the seller of task '$task' (not_your_task)" \
	    claim "$task" --as alice
	refuses 5 "'carol' is not the seller of task '$task' (not_your_task)" \
	    complete "$task" -o out.json --as carol
	at bzn-escrow complete "$task" -o out.json --as bob >out
	refuses 5 "'bob' is not the buyer of task '$task' (not_your_task)" \
	    dispute "$task" -r bad --as bob
	at bzn-escrow dispute "$task" -r bad --as alice >out
	says status DISPUTED
}

@test "every state refuses what does not follow it" {
	trade
	echo '{"a":1}' >out.json
	echo '{"a":2}' >other.json
	refuses 9 "task '$task' is OPEN, its escrow PENDING (wrong_state)" \
	    dispute "$task" -r bad
	refuses 9 "task '$task' is OPEN, its escrow PENDING (wrong_state)" \
	    resolve "$task" --to refund_buyer
	at bzn-escrow claim "$task" >out
	refuses 9 "task '$task' is IN_PROGRESS (already_claimed)" claim "$task"
	refuses 9 "task '$task' is IN_PROGRESS, its escrow PENDING \
(wrong_state)" dispute "$task" -r bad
	at bzn-escrow complete "$task" -o out.json >out
	refuses 9 "task '$task' is COMPLETED (already_claimed)" claim "$task"
	refuses 9 "task '$task' is COMPLETED, its escrow AWAITING_SETTLEMENT \
(wrong_state)" complete "$task" -o other.json
	refuses 9 "task '$task' is COMPLETED, its escrow AWAITING_SETTLEMENT \
(wrong_state)" resolve "$task" --to refund_buyer
	at bzn-escrow dispute "$task" -r bad >out
	refuses 9 "task '$task' is DISPUTED, its escrow DISPUTED \
(wrong_state)" dispute "$task" -r bad
	refuses 9 "task '$task' is DISPUTED, its escrow DISPUTED \
(wrong_state)" complete "$task" -o other.json
	at bzn-escrow resolve "$task" --to refund_buyer >out
	refuses 9 "task '$task' is REFUNDED, its escrow REFUNDED \
(wrong_state)" resolve "$task" --to release_to_seller
	refuses 9 "task '$task' is REFUNDED (already_claimed)" claim "$task"
	refuses 9 "task '$task' is REFUNDED, its escrow REFUNDED \
(wrong_state)" complete "$task" -o other.json
	sound
}

@test "the same output again is a success that does nothing" {
	trade
	echo '{"a":1,"b":2}' >out.json
	at bzn-escrow complete "$task" -o out.json >first
	pass 60
	echo '{ "b" : 2, "a" : 1 }' >out.json
	keeps at bzn-escrow complete "$task" -o out.json >again
	is 0 "" "" cmp first again
	# Of what has been decided since it promises nothing.
	is 0 '["PENDING_DISPUTE_WINDOW","2026-11-21T08:00:00.000Z"]' "" \
	    jq -c '[.settlement_status, .eta_tck_release]' again
	at bzn-escrow dispute "$task" --reason no >out
	at bzn-escrow resolve "$task" --to refund_buyer >out
	keeps at bzn-escrow complete "$task" -o out.json >again
	is 0 '["REFUNDED",null,null]' "" jq -c '[.escrow_status,
	    .settlement_status, .eta_tck_release]' again
}

@test "deadlines are half-open" {
	local due=$((72 * 3600))

	trade
	echo '{"a":1}' >out.json
	clock=@$((${clock#@} + due * 1000))
	refuses 9 "the delivery deadline passed at 2026-11-23T08:00:00.000Z \
(window_closed)" claim "$task"
	refuses 9 "the delivery deadline passed at 2026-11-23T08:00:00.000Z \
(window_closed)" complete "$task" -o out.json
	clock=@$((${clock#@} - 1))
	at bzn-escrow claim "$task" >out
	at bzn-escrow complete "$task" -o out.json >out
	clock=@$((${clock#@} + 24 * 3600000))
	refuses 9 "the dispute window closed at 2026-11-24T07:59:59.999Z \
(window_closed)" dispute "$task" -r bad
	clock=@$((${clock#@} - 1))
	at bzn-escrow dispute "$task" -r bad >out
	sound
}

@test "a dispute has a reason, which the log keeps as a hash" {
	local long sha

	trade
	deliver "$task"
	long=$(printf 'é%.0s' {1..2001})
	refuses 3 "the reason is not 1 to 2000 characters (bad_json)" \
	    dispute "$task" -r ""
	refuses 3 "the reason is not 1 to 2000 characters (bad_json)" \
	    dispute "$task" -r "$long"
	at bzn-escrow dispute "$task" -r "${long:0:2000}" >out ||
	    at bzn-escrow dispute "$task" -r "$(printf 'x%.0s' {1..2000})" >out
	sha=$(bzn-escrow show "$task" | jq -j .reason | sha256sum)
	is 0 "{\"reason\":\"BUYER_DISPUTE\",\"text_sha256\":\"${sha%% *}\"}" \
	    "" bash -c 'bzn-ledger export ndjson | tail -n 1 |
	    jq -c .entry.data'
	refuses 3 "the reason is not 1 to 2000 characters (bad_json)" \
	    resolve "$task" --to refund_buyer -r ""
	refuses 2 "'both' is neither refund_buyer nor release_to_seller \
(bad_resolution)" resolve "$task" --to both
	at bzn-escrow resolve "$task" --to release_to_seller -r "it works" \
	    >out
	says reasoning "it works"
	sound
}

@test "orders from lines of JSON, one transaction when they come at once" {
	home 'canary_exposure_pct 0'
	member alice bob
	skill=$(offer bob 1)
	jq -nc --arg s "$skill" 'range(1; 21) | {buyer_id: "alice",
	    skill_id: $s, input: {n: .}}' | sed '17s/.$//' >in
	run --separate-stderr at bzn-escrow lock <in
	[[ $status == 3 && ${#lines[@]} == 19 && $stderr == "bzn-escrow: \
stdin:17: byte "*": the text ends too soon (bad_json)" ]] || fail "$stderr"
	has alice 81.00
	keeps is 3 "" "$stderr" at bzn-escrow lock --all-or-nothing <in
	bzn-escrow list | jq -c '{task_id}' >tasks
	run --separate-stderr at bzn-escrow claim <tasks
	[[ $status == 0 && -z $stderr && ${#lines[@]} == 19 ]]
	jq -c '{task_id, output: {ok: true}}' tasks |
	    at bzn-escrow complete >out
	jq -c '{task_id, reason: "no"}' tasks | at bzn-escrow dispute >out
	jq -c '{task_id, resolution: "refund_buyer"}' tasks |
	    at bzn-escrow resolve --all-or-nothing >out
	is 0 "" "" bzn-escrow list --status DISPUTED
	has alice 100.00
	sound
}

@test "what a request may not say" {
	trade
	{
		echo '{"task_id":"x","resolution":"both"}'
		echo '{"task_id":"x","resolution":"refund_buyer","to":"me"}'
		echo '{"resolution":"refund_buyer"}'
		echo '{"task_id":"x","resolution":"refund_buyer","reason":7}'
		echo '{"task_id":"x","resolution":"refund_buyer"}'
	} >in
	keeps is 3 "" "bzn-escrow: stdin:1: 'both' is neither refund_buyer nor \
release_to_seller (bad_resolution)
bzn-escrow: stdin:2: '/to' is not known here (unknown_member)
bzn-escrow: stdin:3: '/task_id' is missing (bad_json)
bzn-escrow: stdin:4: '/reason' is not a string (bad_json)
bzn-escrow: stdin:5: no task 'x' (task_missing)" at bzn-escrow resolve <in
	echo '{"task_id":"x","output":[]}' >in
	is 3 "" "bzn-escrow: stdin:1: '/output' is not an object (bad_json)" \
	    at bzn-escrow complete <in
	echo '{"task_id":"x"}' >in
	is 3 "" "bzn-escrow: stdin:1: '/reason' is missing (bad_json)" \
	    at bzn-escrow dispute <in
	echo '{"buyer_id":"alice","skill_id":"x","input":{},"price":1}' >in
	is 3 "" "bzn-escrow: stdin:1: '/price' is a number: amounts are \
strings, such as \"1.50\" (bad_json)" at bzn-escrow lock <in
	echo '{"buyer_id":"alice","skill_id":"x"}' >in
	is 3 "" "bzn-escrow: stdin:1: '/input' is missing (bad_json)" \
	    at bzn-escrow lock <in
}

@test "--id: each verb acts once, and only on what it named" {
	local first verb

	home
	member alice bob
	skill=$(offer bob 10)
	echo '{"a":1}' >job.json
	first=$(at bzn-escrow lock -b alice -s "$skill" -i job.json --id k)
	task=$(jq -r .task_id <<<"$first")
	pass 60
	keeps is 0 "${first%\}}"',"idempotent":true}' "" \
	    at bzn-escrow lock -b alice -s "$skill" -i job.json --id k
	echo '{"a":2}' >other.json
	refuses 10 "'k' was used for another request (id_conflict)" \
	    lock -b alice -s "$skill" -i other.json --id k
	refuses 10 "'k' was used for another request (id_conflict)" \
	    lock -b alice -s "$skill" -i job.json --price 10 --id k
	for verb in "claim" "complete -o job.json" "dispute -r bad" \
	    "resolve --to refund_buyer"; do
		# shellcheck disable=SC2086
		set -- $verb
		first=$(at bzn-escrow "$1" "$task" "${@:2}" --id k)
		pass 60
		keeps is 0 "${first%\}}"',"idempotent":true}' "" \
		    at bzn-escrow "$1" "$task" "${@:2}" --id k
		refuses 10 "'k' was used for another request (id_conflict)" \
		    "$1" other "${@:2}" --id k
	done
	refuses 3 "'' is not a key of 1 to 128 visible characters (bad_id)" \
	    claim "$task" --id ""
	refuses 3 "'a b' is not a key of 1 to 128 visible characters \
(bad_id)" claim "$task" --id "a b"
	is 2 "" "bzn-escrow: --id is for one request: give each line an \
\"id\" (usage)" at bzn-escrow claim --id k
	has alice 100.00
	sound
}

@test "a refused request does not use up its id" {
	trade
	refuses 9 "task '$task' is OPEN, its escrow PENDING (wrong_state)" \
	    dispute "$task" -r bad --id k
	deliver "$task"
	at bzn-escrow dispute "$task" -r bad --id k >out
	says status DISPUTED
}

@test "a dry run of each verb changes nothing" {
	trade
	echo '{"a":1}' >job.json
	keeps at bzn-escrow lock -b alice -s "$skill" -i job.json -n >out
	is 0 true "" jq .dry_run out
	keeps at bzn-escrow claim "$task" -n >out
	is 0 '"IN_PROGRESS"' "" jq .status out
	keeps at bzn-escrow complete "$task" -o job.json --dry-run >out
	deliver "$task"
	keeps at bzn-escrow dispute "$task" -r bad -n >out
	at bzn-escrow dispute "$task" -r bad >out
	keeps at bzn-escrow resolve "$task" --to refund_buyer -n >out
	is 0 '["REFUNDED",true]' "" jq -c '[.status, .dry_run]' out
}

@test "list: by party, status and what is due, oldest first" {
	local second

	trade
	pass 3600
	member carol
	second=$(buy carol "$skill")
	is 0 "$task $second" "" bash -c 'bzn-escrow list | jq -r .task_id |
	    paste -sd" "'
	is 0 "$task" "" bash -c 'bzn-escrow list --buyer alice |
	    jq -r .task_id'
	is 0 "2" "" bash -c 'bzn-escrow list --seller bob | wc -l'
	is 0 "" "" bzn-escrow list --seller alice
	is 0 "$task" "" bash -c 'bzn-escrow list --limit 1 | jq -r .task_id'
	is 0 "null" "" bash -c 'bzn-escrow list --limit 1 | jq .input'
	is 0 '{"text":"a b"}' "" bash -c 'bzn-escrow list --full --limit 1 |
	    jq -c .input'
	deliver "$task"
	is 0 "$task" "" bash -c 'bzn-escrow list --status COMPLETED |
	    jq -r .task_id'
	is 0 "$second" "" bash -c 'bzn-escrow list --status OPEN |
	    jq -r .task_id'
	is 0 "" "" at bzn-escrow list --due
	clock=@$((${clock#@} + 24 * 3600000 - 1))
	is 0 "" "" at bzn-escrow list --due
	clock=@$((${clock#@} + 1))
	at bzn-escrow list --due >due
	is 0 "$task" "" jq -r .task_id due
	pass 172800
	is 0 2 "" bash -c "bzn-escrow list --due --now $clock | wc -l"
	run --separate-stderr bzn-escrow list --table
	[[ ${lines[0]} =~ ^"TASK ID"\ +"BUYER ID  SELLER ID  AMOUNT  STATUS"\
\ +"ESCROW STATUS"\ +LABEL$ && ${#lines[@]} == 3 ]]
	run --separate-stderr bzn-escrow show "$task" x "$second"
	[[ $status == 4 && ${#lines[@]} == 1 &&
	    $stderr == "bzn-escrow: no task 'x' (task_missing)" ]]
}

@test "escrow: no home, a lock that stays, a full output" {
	is 4 "" "bzn-escrow: no ledger in '$BZN_HOME': make one with \
'bzn-ledger init' (no_ledger)" bzn-escrow claim x
	is 4 "" "bzn-escrow: no ledger in '$BZN_HOME': make one with \
'bzn-ledger init' (no_ledger)" bzn-escrow list
	trade
	is 7 "" "bzn-escrow: cannot write standard output (output_failed)" \
	    sh -c 'bzn-escrow list >/dev/full'
	exec 9>>node.lock
	flock 9
	run --separate-stderr bash -c "exec 9>&-
	    exec bzn-escrow --now $clock claim $task --timeout 0"
	[[ $status == 6 && $stderr == "bzn-escrow: waited 0 ms for the lock, \
held by bzn-escrow lock["*"] since "*" (lock_timeout)" ]] || fail "$stderr"
	is 0 "$task" "" bash -c 'exec 9>&-
	    bzn-escrow list | jq -r .task_id'
	exec 9>&-
}

@test "an answer that cannot be printed is 7, and --id finds it again" {
	trade
	is 7 "" "bzn-escrow: cannot write standard output (output_failed)" \
	    sh -c "bzn-escrow --now $clock claim $task --id k >/dev/full"
	is 0 true "" bash -c "bzn-escrow --now $clock claim $task --id k |
	    jq .idempotent"
}

@test "closed descriptors never become the store: requests" {
	local close n=0

	trade
	for close in '' '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' \
	    '<&- >&- 2>&-'; do
		echo "{\"a\":$((++n))}" >job.json
		run bash -c "bzn-escrow --now $clock lock --buyer alice \
		    --skill $skill --input job.json $close"
		run bash -c "echo '{}' | bzn-escrow --now $clock claim $close"
		is 0 ok "" sqlite3 node.db 'PRAGMA integrity_check'
	done
	sound
}

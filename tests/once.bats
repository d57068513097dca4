# shellcheck shell=bats disable=SC1010,SC2016,SC2030,SC2031,SC2086,SC2154
# --id: a request under a key acts once, for the node that makes it
# (spec/vmp.md 1.9).
load common

# order NODE [MEMBER...]: a line for bzn-escrow lock, under the key k.
order() {
	jq -nc --arg buyer "$1" --arg skill "$skill" \
	    '{id: "k", buyer_id: $buyer, skill_id: $skill, input: {}}'
}

# counted TABLE: its rows.
counted() {
	sqlite3 node.db "SELECT count(*) FROM $1"
}

@test "vmp 13.14: the key of another node is no key of one's own" {
	home
	member alice bob carol
	skill=$(offer bob 10)
	order alice | at bzn-escrow lock >alice.json
	order carol | at bzn-escrow lock >carol.json
	is 0 '["alice","carol"]' "" jq -sc 'map(.buyer_id)' alice.json \
	    carol.json
	is 0 2 "" bash -c 'jq -r .task_id alice.json carol.json |
	    sort -u | wc -l'
	is 0 "" "" jq -r 'select(.idempotent).task_id' alice.json carol.json
	order alice | keeps at bzn-escrow lock >again.json
	is 0 '{"idempotent":true}' "" jq -sc \
	    '.[0] as $a | .[1] | if del(.idempotent) == $a
	    then {idempotent} else "other" end' alice.json again.json
	has alice 90.00
	has carol 90.00
	sound
}

@test "vmp 13.15: one key, another body: refused, and nothing is told" {
	home
	member alice bob
	skill=$(offer bob 10)
	echo '{}' >job.json
	echo '{"n":1}' >other.json
	at bzn-escrow lock -b alice -s "$skill" -i job.json --id k >first
	keeps is 10 "" "bzn-escrow: 'k' was used for another request \
(id_conflict)" at bzn-escrow lock -b alice -s "$skill" -i other.json --id k
	keeps is 10 "" "bzn-escrow: 'k' was used for another request \
(id_conflict)" at bzn-escrow lock -b alice -s "$skill" -i job.json \
	    --price 10.00 --id k
	is 0 1 "" counted escrow_task
	has alice 90.00
}

@test "vmp 13.15: one key for two verbs is of two requests" {
	trade
	at bzn-escrow claim "$task" --as bob --id k >claimed
	at bzn-escrow complete "$task" --as bob --output claimed --id k >done
	is 0 '["IN_PROGRESS","COMPLETED"]' "" jq -sc 'map(.status)' claimed \
	    done
	is 0 '["idempotent"]' "" jq -sc '[map(keys)[][] |
	    select(. == "idempotent")] + ["idempotent"]' claimed done
}

@test "a replay makes no check: not of the state, the time or the money" {
	local first

	home 'canary_exposure_pct 0'
	member alice bob
	skill=$(offer bob 100)
	echo '{}' >job.json
	first=$(at bzn-escrow lock -b alice -s "$skill" -i job.json --id k)
	has alice 0.00
	pass 8640000
	at bzn-settle >out
	sqlite3 node.db "UPDATE node_node SET active = 0"
	keeps is 0 "${first%\}}"',"idempotent":true}' "" \
	    at bzn-escrow lock -b alice -s "$skill" -i job.json --id k
}

@test "a refused request does not use up its key" {
	home
	member alice bob
	skill=$(offer bob 60)
	echo '{}' >job.json
	keeps is 9 "" "bzn-escrow: exposure cap reached (0.00/50.00 \
TCK) (cap_exposure)" at bzn-escrow lock -b alice -s "$skill" -i job.json \
	    --id k
	mint alice 100
	is 0 null "" bash -c "bzn-escrow --now $clock lock -b alice \
	    -s $skill -i job.json --id k | jq .idempotent"
	is 0 true "" bash -c "bzn-escrow --now $clock lock -b alice \
	    -s $skill -i job.json --id k | jq .idempotent"
	is 0 1 "" counted escrow_task
}

@test "a dry run keeps nothing under its key" {
	home
	member alice bob
	skill=$(offer bob 10)
	echo '{}' >job.json
	keeps is 0 true "" bash -c "bzn-escrow --now $clock lock -b alice \
	    -s $skill -i job.json --id k --dry-run | jq .dry_run"
	is 0 null "" bash -c "bzn-escrow --now $clock lock -b alice \
	    -s $skill -i job.json --id k | jq .idempotent"
	keeps is 0 '[true,true]' "" bash -c "bzn-escrow --now $clock lock \
	    -b alice -s $skill -i job.json --id k --dry-run |
	    jq -c '[.idempotent, .dry_run]'"
}

@test "vmp 13.15: twenty at once under one key: one effect, 19 replays" {
	local i

	home
	member alice bob
	skill=$(offer bob 10)
	order alice >in.json
	for i in {1..20}; do
		at bzn-escrow lock <in.json >"$i.out" 2>"$i.err" 3>&- &
	done
	wait
	is 0 "" "" cat ./*.err
	is 0 19 "" bash -c 'cat *.out | grep -c "\"idempotent\":true"'
	is 0 1 "" bash -c 'cat *.out | jq -r .task_id | sort -u | wc -l'
	is 0 1 "" counted escrow_task
	has alice 90.00
	sound
}

@test "a key of 128 characters, none of 129, none that is empty" {
	local key

	home
	member alice bob
	skill=$(offer bob 1)
	echo '{}' >job.json
	printf -v key '%128s' ''
	key=${key// /k}
	at bzn-escrow lock -b alice -s "$skill" -i job.json --id "$key" >out
	keeps is 3 "" "bzn-escrow: '${key:0:40}' is not a key of 1 to 128 \
visible characters (bad_id)" at bzn-escrow lock -b alice -s "$skill" \
	    -i job.json --id "k$key"
	keeps is 3 "" "bzn-escrow: '' is not a key of 1 to 128 visible \
characters (bad_id)" at bzn-escrow lock -b alice -s "$skill" -i job.json \
	    --id ''
	keeps is 3 "" "bzn-escrow: stdin:1: '/buyer_id' is not a string \
(bad_json)" at bzn-escrow lock < <(order alice |
	    jq -c '.buyer_id = 7')
}

@test "a verb that moves money or makes a record takes --id and --dry-run" {
	local c

	# What only writes files of its own has no store to remember a key.
	while read -r c; do
		is 0 "" "" bash -c "$c --options | cut -f1 | grep -Ex \
		    -e '--(id=|dry-run)' | wc -l | grep -vx '[02]' || :"
	done < <(commands | grep -v -e '^bzn-keygen ' -e '^bzn-card show$')
}

# twice PROGRAM VERB... MEMBERS: the request under a key, made again: the
# same answer, and nothing happens.  $answer is the first; tried lists verbs.
twice() {
	local request=${*: -1} what=("${@:1:$#-1}") first

	request=$(jq -c '. + {id: "k1"}' <<<"$request")
	answer=$(at "${what[@]}" <<<"$request") || fail "${what[*]}: $answer"
	first=$answer
	[[ $first == '{'* ]] || fail "${what[*]} says '$first'"
	keeps is 0 "${first%\}}"',"idempotent":true}' "" \
	    at "${what[@]}" <<<"$request" || fail "${what[*]}"
	echo "${what[@]:0:2}" >>tried
}

# part NAME: a member of the answer, for the next request.
part() {
	jq -r ".$1" <<<"$answer"
}

@test "each verb that acts answers a second time what it answered first" {
	local task bounty

	home 'canary_exposure_pct 0'
	member alice bob carol
	twice bzn-node challenge '{"node_id": "dave"}'
	twice bzn-node register "$(answers <<<"$answer")"
	answer=$(at bzn-node sandbox --alias x --id k1)
	keeps is 0 "${answer%\}}"',"idempotent":true}' "" \
	    at bzn-node sandbox --alias x --id k1
	echo bzn-node sandbox >>tried
	twice bzn-node add '{"node_id": "house-1"}'
	twice bzn-node signup '{"email": "a@example.org"}'
	twice bzn-node caps '{"node_id": "dave", "max_spend_daily": "5.00"}'
	twice bzn-market publish '{"provider_id": "bob", "label": "work",
	    "price": "1.00"}'
	skill=$(part skill_id)
	twice bzn-market update '{"skill_id": "'"$skill"'", "label": "more"}'
	twice bzn-market quote '{"buyer_id": "alice", "capability": "more"}'
	twice bzn-market validator add '{"node_id": "alice", "name": "v",
	    "type": "regex", "config": {"pattern": "a"}}'
	twice bzn-escrow shadow '{"buyer_id": "alice", "input": {},
	    "skill_id": "'"$skill"'"}'
	twice bzn-escrow lock '{"buyer_id": "alice", "input": {},
	    "skill_id": "'"$skill"'"}'
	task=$(part task_id)
	twice bzn-escrow claim '{"task_id": "'"$task"'", "node_id": "bob"}'
	twice bzn-escrow complete '{"task_id": "'"$task"'",
	    "node_id": "bob", "output": {"a": 1}}'
	twice bzn-escrow dispute '{"task_id": "'"$task"'",
	    "node_id": "alice", "reason": "bad"}'
	twice bzn-escrow resolve '{"task_id": "'"$task"'",
	    "resolution": "release_to_seller"}'
	task=$(buy alice "$skill")
	twice bzn-escrow refund '{"task_id": "'"$task"'",
	    "node_id": "bob", "reason": "MANUAL"}'
	task=$(buy alice "$skill")
	deliver "$task"
	pass 86400
	twice bzn-settle - '{"task_id": "'"$task"'", "node_id": "bob"}'
	twice bzn-node report '{"node_id": "alice", "target_id": "bob",
	    "reason": "lies"}'
	twice bzn-node strike '{"target_id": "carol", "reason": "lies"}'
	twice bzn-escrow bounty create '{"node_id": "alice",
	    "reward": "10.00", "title": "Write it",
	    "description": "whatever it may be"}'
	bounty=$(part bounty_id)
	twice bzn-escrow bounty submit '{"bounty_id": "'"$bounty"'",
	    "node_id": "bob", "content": "it is done"}'
	twice bzn-escrow bounty award '{"bounty_id": "'"$bounty"'",
	    "node_id": "alice",
	    "submission_id": "'"$(part submission_id)"'"}'
	twice bzn-market retire '{"skill_id": "'"$skill"'",
	    "node_id": "bob"}'
	sound
	# All of them, but for those that only look, have tests of their own
	# (seed, bench, hire), or can be run again anyhow (refresh).
	while read -r c; do
		is 0 "" "" bash -c "$c --options | grep -c ^--id= |
		    grep -vx 0 | sed 's/.*/$c/' | grep -vxFf tried || :"
	done < <(commands | grep -E '^bzn-(node|market|escrow) ' |
	    grep -vE ' (policy|receipt|seed|bench|hire)$')
}

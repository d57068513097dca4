# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# asks STATUS ANSWER MESSAGE ARGUMENT...: of alice
asks() {
	local message=${3:+bzn-node: $3 (not_allowed)}

	keeps is "$1" '{"node_id":"alice","action":'"$2}" "$message" \
	    at bzn-node policy alice --action "${@:4}"
}

@test "vmp 10.1 op 11: what is allowed is allowed" {
	home
	member alice bob
	skill=$(offer bob 10)
	asks 0 '"CREATE_TASK","allowed":true,"reason":null,'\
'"override_available":false' "" CREATE_TASK --skill "$skill"
	asks 0 '"CREATE_TASK","allowed":true,"reason":null,'\
'"override_available":false' "" CREATE_TASK --seller bob --amount 50
	asks 0 '"CREATE_TASK","allowed":true,"reason":null,'\
'"override_available":false' "" CREATE_TASK
}

@test "vmp 10.1 op 11: caps, which the node may change itself" {
	home
	member alice bob
	at bzn-node caps alice --daily 30 --per-task 20 >out
	asks 1 '"CREATE_TASK","allowed":false,"code":"cap_exceeded","reason":'\
'"task price 20.01 exceeds your per-task cap of 20.00 TCK",'\
'"override_available":true' \
	    "task price 20.01 exceeds your per-task cap of 20.00 TCK" \
	    CREATE_TASK --seller bob --amount 20.01
	at bzn-node caps alice --per-task none >out
	asks 1 '"CREATE_BOUNTY","allowed":false,"code":"cap_exceeded","reason":'\
'"daily spend cap reached (0.00/30.00 TCK)","override_available":true' \
	    "daily spend cap reached (0.00/30.00 TCK)" \
	    CREATE_BOUNTY --amount 30.01
	at bzn-node caps alice --daily none >out
	asks 1 '"CREATE_TASK","allowed":false,"code":"cap_exposure","reason":'\
'"exposure cap reached (0.00/50.00 TCK)","override_available":true' \
	    "exposure cap reached (0.00/50.00 TCK)" \
	    CREATE_TASK --seller bob --amount 50.01
	asks 1 '"CREATE_TASK","allowed":false,"code":"insufficient_funds",'\
'"reason":"'"'alice' cannot cover it"'","override_available":false' \
	    "'alice' cannot cover it" CREATE_TASK --amount 100.01
}

@test "vmp 10.1 op 11: levels, soft and then hard" {
	local why="level gate: requires Worker (level 1), current level is \
Spawn (0)"

	home
	member alice
	asks 0 '"PUBLISH_SKILL","allowed":true,"reason":"'"$why"'",'\
'"override_available":true' "" PUBLISH_SKILL
	is 0 '[]' "" bash -c 'bzn-node show alice | jq -c .level_warnings'
	echo 'enforce_level_gates yes' >>bzn.conf
	asks 1 '"PUBLISH_SKILL","allowed":false,"code":"level_gate","reason":"'\
"$why"'","override_available":false' "$why" PUBLISH_SKILL
}

@test "vmp 10.1 op 11: the operator's list" {
	home 'policy_deny bob, spam , a b'
	member alice bob carol
	asks 1 '"CREATE_TASK","allowed":false,"code":"policy_denied","reason":'\
'"the operator denies trades with '"'bob'"'","override_available":false' \
	    "the operator denies trades with 'bob'" CREATE_TASK --seller bob
	asks 1 '"CREATE_BOUNTY","allowed":false,"code":"policy_denied",'\
'"reason":"the operator denies the category '"'a b'"'",'\
'"override_available":false' "the operator denies the category 'a b'" \
	    CREATE_BOUNTY --category 'a b'
	asks 0 '"CREATE_TASK","allowed":true,"reason":null,'\
'"override_available":false' "" CREATE_TASK --seller carol --category spammy
}

@test "vmp 10.1 op 11, 13.17: realm, self, and a seller that is gone" {
	local box

	home
	member alice bob
	box=$(at bzn-node sandbox | jq -r .node_id)
	asks 1 '"CREATE_TASK","allowed":false,"code":"realm","reason":'\
'"production nodes cannot trade with sandbox nodes",'\
'"override_available":false' \
	    "production nodes cannot trade with sandbox nodes" \
	    CREATE_TASK --seller "$box"
	asks 1 '"CREATE_TASK","allowed":false,"code":"self_trade","reason":'\
'"'"'alice' cannot trade with itself"'","override_available":false' \
	    "'alice' cannot trade with itself" CREATE_TASK --seller alice
	at bzn-node add bob --inactive >out
	asks 1 '"CREATE_TASK","allowed":false,"code":"seller_inactive",'\
'"reason":"'"'bob' is not active"'","override_available":false' \
	    "'bob' is not active" CREATE_TASK --seller bob
	keeps is 4 "" "bzn-node: no seller 'nobody' (seller_missing)" \
	    at bzn-node policy alice --action CREATE_TASK --seller nobody
	keeps is 4 "" "bzn-node: no node 'nobody' (node_missing)" \
	    at bzn-node policy nobody --action CREATE_TASK
	keeps is 4 "" "bzn-node: no skill 'x' (skill_missing)" \
	    at bzn-node policy alice --action CREATE_TASK --skill x
	# Time is up for a sandbox node before any sweep has come.
	pass $((7 * 86400))
	run at bzn-node policy "$box" --action CREATE_TASK
	[[ $status == 1 && $output == *"'$box' is expired"* ]] ||
	    fail "$output"
}

@test "policy: the context as a file, and lines of JSON" {
	home
	member alice bob
	echo '{"seller_id":"bob","amount":"10.00"}' >context.json
	asks 0 '"CREATE_TASK","allowed":true,"reason":null,'\
'"override_available":false' "" CREATE_TASK --context context.json
	cat >in <<-'END'
		{"node_id":"alice","action":"CREATE_TASK","context":{"amount":"99"}}
		{"node_id":"alice","action":"CREATE_TASK"}
		{"node_id":"alice","action":"SLEEP"}
		{"node_id":"alice","action":"CREATE_TASK","context":{"sellr":"x"}}
		{"node_id":"alice","action":"CREATE_TASK","context":{"amount":9}}
		{"node_id":"alice","action":"CREATE_TASK","context":{"skill_id":"x","amount":"9"}}
		{"node_id":"alice","action":"CREATE_TASK","context":[]}
	END
	run --separate-stderr at bzn-node policy <in
	[[ $status == 3 && $(jq -sc 'map(.allowed)' <<<"$output") == \
	    '[false,true]' ]] || fail "$status $output"
	[[ $stderr == "bzn-node: stdin:1: exposure cap reached (0.00/50.00 \
TCK) (not_allowed)
bzn-node: stdin:3: 'SLEEP' is none of CREATE_TASK, PUBLISH_SKILL and \
CREATE_BOUNTY (bad_json)
bzn-node: stdin:4: '/context/sellr' is not known here (unknown_member)
bzn-node: stdin:5: '/context/amount' is a number: amounts are strings, such \
as \"1.50\" (bad_json)
bzn-node: stdin:6: '/context/skill_id' says seller, category and amount \
itself (bad_json)
bzn-node: stdin:7: '/context' is not an object (bad_json)" ]] ||
	    fail "$stderr"
	is 2 "" "bzn-node: --action is missing (usage)" \
	    at bzn-node policy alice
	is 2 "" "bzn-node: --context says all that the other options would \
(usage)" at bzn-node policy alice --action CREATE_TASK --amount 1 \
	    --context context.json
	is 2 "" "bzn-node: which node? without one requests come from stdin, \
and say all that options would (usage)" at bzn-node policy --amount 1
}

# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Validators that the buyer attaches: spec/vmp.md 6.4, 6.5.
load common

# keep ID TYPE CONFIG: a validator of alice's.
keep() {
	sqlite3 node.db "INSERT INTO market_custom (id, node_id, name, type,
	    config, made_ms) VALUES ('$1', 'alice', 'its name', '$2', '$3', 0)"
}

# order VALIDATORS [METADATA]: alice buys with them: $task.
order() {
	skill=$(at bzn-market publish --provider bob --price 10 --label work \
	    --metadata - <<<"${2:-{\}}" | jq -r .skill_id)
	task=$(echo '{}' | at bzn-escrow lock --buyer alice --skill "$skill" \
	    --input - --validator "$1" | jq -r .task_id)
}

# found: what was found of $task, a line each.
found() {
	bzn-escrow validations "$task" |
	    jq -r '[.index, .validator_id, .source, .result] | join(" ")'
}

start() {
	home
	member alice bob
	keep good regex '{"pattern":"^a","field":"x"}'
	keep bad schema '{"schema":{"required":["y"]}}'
	keep hook webhook '{"url":"https://example.com/x"}'
	keep slow regex '{"pattern":"^(a+)+$","field":"x"}'
}

@test "all of the buyer's validators run, and the first that fails decides" {
	start
	order good,bad,hook '{"validators": [{"type": "non_empty",
	    "fields": ["x"]}]}'
	deliver "$task" '{"x":"abc"}'
	is 0 "0 protocol:0:non_empty protocol PASS
1 good custom PASS
2 bad custom FAIL
3 hook custom INCONCLUSIVE" "" found
	bzn-escrow rules "$task" | jq -c '[.rule_applied, .action_taken,
	    .rule_details.validator_id, .rule_details.name]' >log
	is 0 '["VALIDATOR_FAILED","FLAGGED_AUTO","bad","its name"]' "" \
	    cat log
	bzn-ledger export ndjson | jq -c 'select(.entry.type ==
	    "task.validated") | [.entry.data.index, .entry.data.result]' >log
	is 0 '[1,"PASS"]
[2,"FAIL"]
[3,"INCONCLUSIVE"]' "" cat log
	pass 86400
	at bzn-settle >out
	has alice 100.00
	sound
}

@test "what came to no verdict blocks nothing, and is noted" {
	start
	order good,hook,slow
	deliver "$task" '{"x":"'"$(printf 'a%.0s' {1..28})"'b"}'
	is 0 "0 good custom PASS
1 hook custom INCONCLUSIVE
2 slow custom ERROR" "" found
	pass 86400
	at bzn-settle >out
	has bob 109.20
	bzn-escrow rules "$task" | jq -c '[.action_taken,
	    .rule_details.validator_id, .rule_details.result]' >log
	is 0 '["AUTO_SETTLE","hook","INCONCLUSIVE"]
["AUTO_SETTLE","slow","ERROR"]' "" cat log
	sound
}

@test "vmp 13.58: a validator edited or removed after the purchase" {
	start
	order good
	sqlite3 node.db "UPDATE market_custom SET config =
	    '{\"pattern\":\"^z\",\"field\":\"x\"}', removed_ms = 1"
	deliver "$task" '{"x":"abc"}'
	is 0 "0 good custom PASS" "" found
	is 4 "" "bzn-escrow: no validator 'good' of 'alice' \
(validator_missing)" bash -c "echo '{}' | bzn-escrow --now $clock lock \
	    --buyer alice --skill $skill --input - --validator good" ||
	    [[ $stderr == *"(validator_missing)" ]]
	sound
}

@test "a seller sees which validators it will be judged by" {
	start
	order good,bad
	bzn-escrow list --as bob --role seller --full |
	    jq -c '[.validator_ids, .custom_validators[0].config]' >log
	is 0 '[["good","bad"],{"pattern":"^a","field":"x"}]' "" cat log
	jq -nc --arg s "$skill" '{buyer_id: "alice", skill_id: $s, input: {},
	    validator_ids: [range(21) | "good"]}' >in
	is 3 "" "bzn-escrow: stdin:1: '/validator_ids' has more than 20 items \
(bad_json)" at bzn-escrow lock <in
}

@test "validators that no delivery could be judged by are not bought with" {
	local ids

	home
	member alice bob
	jq -nc '{node_id: "alice", name: "big", type: "schema",
	    config: {schema: {description: ("x" * 60000)}}} | (., .)' >two
	cat two two two two two two two two two two |
	    at bzn-market validator add | jq -r .validator_id >ids
	skill=$(offer bob 10)
	ids=$(paste -sd, ids)
	is 3 "" "bzn-escrow: the validators: JSON of 1202281 bytes: \
1048576 are the most (too_long)" at bzn-escrow lock --buyer alice --skill "$skill" \
	    --validator "$ids" --input - <<<'{}'
	at bzn-market validator remove "$(tail -1 ids)" >log
	jq -nc '{node_id: "alice", name: "deep", type: "schema",
	    config: {schema: {const: (reduce range(60) as $i ([]; [.]))}}}' |
	    at bzn-market validator add >deep
	is 3 "" "bzn-escrow: the validators: byte 164: nested more than 64 deep \
(bad_json)" at bzn-escrow lock --buyer alice --skill "$skill" \
	    --validator "$(jq -r .validator_id deep)" --input - <<<'{}'
	has alice 100.00
	ids=$(head -17 ids | paste -sd,)
	task=$(at bzn-escrow lock --buyer alice --skill "$skill" \
	    --validator "$ids" --input - <<<'{}' | jq -r .task_id)
	at bzn-escrow list --as bob --role seller --full |
	    jq '.validator_ids | length' >log
	is 0 17 "" cat log
	deliver "$task" '{"x":1}'
	bzn-escrow validations "$task" | jq -r .result | sort -u >log
	is 0 PASS "" cat log
	sound
}

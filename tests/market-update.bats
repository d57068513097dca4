# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# publishes METADATA: an offer with it.
publishes() {
	echo "$1" >meta.json
	at bzn-market publish -p bob -l x --price 1 -m meta.json
}

# refused STATUS TEXT METADATA: it is not published, and nothing moves.
refused() {
	echo "$3" >meta.json
	keeps is "$1" "" "bzn-market: $2" at bzn-market publish -p bob -l x \
	    --price 1 -m meta.json
}

@test "vmp 13.18: a contract that cannot be judged is not published" {
	home
	member bob
	refused 3 "metadata.output_schema: '/type' is not the name of \
a type, nor a list of such (bad_schema)" '{"output_schema":{"type":5}}'
	refused 3 "metadata.input_schema: '/type' is not the name of \
a type, nor a list of such (bad_schema)" '{"input_schema":{"type":5}}'
	refused 3 "metadata.validators.1.pattern: byte 1: missing closing \
parenthesis (bad_pattern)" '{"validators":[{"type":"schema"},
	    {"type":"regex","field":"a","pattern":"("}]}'
	refused 3 "metadata.validators.0.type: no validator is a 'magic' \
(bad_contract)" '{"validators":[{"type":"magic"}]}'
	has bob 100.00
}

@test "a contract is checked member by member, and told where it is wrong" {
	local long

	home
	member bob
	refused 3 "metadata.validators: is not a list (bad_contract)" \
	    '{"validators":{}}'
	refused 3 "metadata.validators.0: is not an object (bad_contract)" \
	    '{"validators":[1]}'
	refused 3 "metadata.validators: has more than 20 items \
(bad_contract)" "$(jq -nc '{validators: [range(21) | {type: "schema"}]}')"
	publishes "$(jq -nc '{validators: [range(20) | {type: "schema"}]}')" \
	    >out
	run --separate-stderr publishes '{"validators":[{"type":"language",
	    "field":"a","expected":"xx"}]}'
	[[ $status == 3 && $stderr == *"metadata.validators.0.expected: "*"\
(bad_contract)" ]] || fail "$stderr"
	publishes '{"validators":[{"type":"language","field":"a",
	    "expected":"PT"}]}' >out
	run --separate-stderr publishes '{"validators":[{"type":"json_path",
	    "path":"a","min":2,"max":1}]}'
	[[ $status == 3 && $stderr == *"metadata.validators.0."*"\
(bad_contract)" ]] || fail "$stderr"
	long=$(printf 'a%.0s' {1..1001})
	run --separate-stderr publishes '{"validators":[{"type":"regex",
	    "field":"a","pattern":"'"$long"'"}]}'
	[[ $status == 3 && $stderr == *"metadata.validators.0.pattern: "*"\
(too_long)" ]] || fail "$stderr"
	refused 3 "'/metadata/recommended_verifiers' is not an array \
(bad_json)" '{"recommended_verifiers":"x"}'
	refused 3 "'/metadata/recommended_verifiers/1' is not a string \
(bad_json)" '{"recommended_verifiers":["x",1]}'
	refused 3 "'/metadata/recommended_verifiers' has more than 20 items \
(bad_contract)" "$(jq -nc '{recommended_verifiers: [range(21) | "x"]}')"
	echo '{"provider_id":"bob","label":"x","price":"1","metadata":null}' |
	    keeps is 3 "" "bzn-market: stdin:1: '/metadata' is not an object \
(bad_json)" at bzn-market publish
	is 0 2 "" bash -c 'bzn-market list | wc -l'
}

@test "vmp 13.10: a price of 0.005, 0.004, 0.333 or 0.001 is refused" {
	local price

	home
	member bob
	id=$(offer bob 1)
	for price in 0.005 0.004 0.333 0.001; do
		keeps is 3 "" "bzn-market: TCK: '$price' has more than 2 \
decimals (amount_scale)" at bzn-market publish -p bob -l x --price $price
		keeps is 3 "" "bzn-market: TCK: '$price' has more than 2 \
decimals (amount_scale)" at bzn-market update "$id" --price $price
	done
}

@test "an update is for later purchases, costs nothing, and is logged" {
	local id

	home
	member alice bob
	id=$(offer bob 10)
	task=$(buy alice "$id")
	pass 60
	echo '{"category":"text","validators":[{"type":"length","field":"t",
	    "min_chars":1}]}' >meta.json
	run --separate-stderr at bzn-market update "$id" --price 12.50 \
	    -l better -m meta.json --as bob
	[[ $status == 0 && $output == '{"skill_id":"'$id'",'*'"label":"better",'\
'"price":"12.50","unit":"TCK","category":"text",'*'"version":2,'\
'"created_at":"2026-11-20T08:00:00.000Z",'\
'"updated_at":"2026-11-20T08:01:00.000Z"}' ]] || fail "$output$stderr"
	has bob 99.50
	is 0 '["better","12.50",["length:t"]]' \
	    "" bash -c 'bzn-market list | jq -c "[.label, .price, .validators]"'
	is 0 '10.00' "" bash -c "bzn-escrow show $task | jq -r .amount"
	is 0 '"work"' "" bash -c "bzn-escrow show $task | jq .label"
	is 0 '12.50' "" bash -c "bzn-escrow show $(buy alice "$id") |
	    jq -r .amount"
	is 0 "skill.updated $id:updated:2 {\"label_sha256\":\"$(printf better |
	    sha256sum | cut -c1-64)\",\"metadata_sha256\":\"$(jq -jc . meta.json |
	    sha256sum | cut -c1-64)\",\"price\":\"12.50\",\"provider\":\"bob\",\
\"unit\":\"TCK\",\"version\":2}" "" bash -c 'bzn-ledger export ndjson |
	    jq -r "select(.type == \"skill.updated\" or
	    .entry.type == \"skill.updated\") | (.entry // .) |
	    \"\(.type) \(.id) \(.data | tojson)\""'
	sound
}

@test "an update changes what it names, and keeps the rest" {
	local id

	home
	member bob
	echo '{"category":"a","x":1}' >meta.json
	id=$(at bzn-market publish -p bob -l x --price 1 -m meta.json |
	    jq -r .skill_id)
	is 0 '["x","2.00","a",{"category":"a","x":1},2]' "" bash -c \
	    "bzn-market --now $clock update $id --price 2 |
	    jq -c '[.label, .price, .category, .metadata, .version]'"
	echo '{"y":2}' >meta.json
	is 0 '["x","2.00","a",{"y":2},3]' "" bash -c \
	    "bzn-market --now $clock update $id -m meta.json |
	    jq -c '[.label, .price, .category, .metadata, .version]'"
	echo '{"category":"b"}' | at bzn-market update "$id" -m - >out
	is 0 '["b",4]' "" jq -c '[.category, .version]' out
	at bzn-market update "$id" -c c -l z >out
	is 0 '["z","c",5]' "" jq -c '[.label, .category, .version]' out
	# What is no change is none.
	keeps at bzn-market update "$id" -c c -l z --price 2.0 >out
	is 0 5 "" jq .version out
	is 0 4 "" sqlite3 node.db 'SELECT count(*) FROM market_past'
}

# changes STATUS TEXT OPTION...: updating does not, with that complaint.
changes() {
	local want=$1 text=$2

	shift 2
	keeps is "$want" "" "bzn-market: $text" at bzn-market update "$@"
}

@test "an update is checked as an offer is" {
	local id

	home 'policy_deny spam'
	member alice bob
	id=$(offer bob 1)
	changes 4 "no skill 'x' (skill_missing)" x --price 1
	changes 5 "'alice' does not provide skill '$id' (not_provider)" \
	    "$id" --price 2 --as alice
	changes 3 "what is to change: label, price, category or metadata? \
(bad_json)" "$id"
	changes 3 "a price of '0' is not within 0.01 and 10000.00 \
(price_range)" "$id" --price 0
	changes 3 "the label is not one line of 1 to 200 characters \
(bad_label)" "$id" -l ''
	changes 5 "the operator denies the category 'spam' (policy_denied)" \
	    "$id" -c spam
	echo '{"validators":[{"type":"regex","pattern":"("}]}' >meta.json
	changes 3 "metadata.validators.0.pattern: byte 1: missing closing \
parenthesis (bad_pattern)" "$id" -m meta.json
	changes 2 "which skill? without one requests come from stdin, and say \
all that options would (usage)" --price 2
	sqlite3 node.db "UPDATE node_node SET active = 0 WHERE id = 'bob'"
	changes 5 "'bob' is inactive (node_unknown_or_banned)" "$id" --price 2
}

@test "many updates, each its own; --id, --dry-run" {
	local a b

	home
	member bob
	a=$(offer bob 1)
	pass 1
	b=$(offer bob 2)
	{
		echo "{\"skill_id\":\"$a\",\"price\":\"3\",\"id\":\"k\"}"
		echo "{\"skill_id\":\"$b\",\"price\":\"0\"}"
		echo "{\"skill_id\":\"$b\",\"price\":\"4\",\"Price\":\"4\"}"
		echo "{\"skill_id\":\"$b\",\"price\":\"4\"}"
	} >in
	run --separate-stderr at bzn-market update <in
	[[ $status == 3 && ${#lines[@]} == 2 && $stderr == *"stdin:2: a price \
of '0'"*"stdin:3: '/Price' is not known here (unknown_member)" ]] ||
	    fail "$output$stderr"
	is 0 "4.00 3.00" "" bash -c 'bzn-market list | jq -r .price |
	    paste -sd" "'
	keeps at bzn-market update "$a" --price 3 --id k >out
	is 0 true "" jq .idempotent out
	keeps is 10 "" "bzn-market: 'k' was used for another request \
(id_conflict)" at bzn-market update "$a" --price 5 --id k
	keeps at bzn-market update "$a" --price 9 -n >out
	is 0 '["9.00",true]' "" jq -c '[.price, .dry_run]' out
	keeps is 3 "" "bzn-market: stdin:2: a price of '0' is not within 0.01 \
and 10000.00 (price_range)" at bzn-market update --all-or-nothing <in
}

@test "a retired skill is not sold, and what was bought goes on" {
	local id

	home
	member alice bob
	id=$(offer bob 10)
	task=$(buy alice "$id")
	pass 5
	keeps is 5 "" "bzn-market: 'alice' does not provide skill '$id' \
(not_provider)" at bzn-market retire "$id" --as alice
	at bzn-market retire "$id" --as bob --id r >out
	is 0 '"2026-11-20T08:00:05.000Z"' "" jq .retired_at out
	is 0 "" "" bzn-market list
	is 0 '"2026-11-20T08:00:05.000Z"' "" bash -c "bzn-market show $id |
	    jq .retired_at"
	echo '{}' | keeps is 9 "" "bzn-escrow: the skill is no longer \
offered (skill_retired)" at bzn-escrow lock -b alice -s "$id" -i -
	keeps is 9 "" "bzn-market: skill '$id' is no longer offered \
(skill_retired)" at bzn-market retire "$id"
	keeps is 9 "" "bzn-market: skill '$id' is no longer offered \
(skill_retired)" at bzn-market update "$id" --price 1
	is 0 true "" bash -c "bzn-market --now $clock retire $id --as bob \
	    --id r | jq .idempotent"
	keeps is 4 "" "bzn-market: no skill 'x' (skill_missing)" \
	    at bzn-market retire x
	deliver "$task"
	pass 90000
	at bzn-settle >out
	has bob 109.20
	sound
	is 0 1 "" bash -c 'bzn-ledger export ndjson | grep -c skill.retired'
}

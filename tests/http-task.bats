# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# Tasks and their money: spec/vmp.md 2.4, 3, 6, 12.8.
load common
load http
load market

# fresh: a home and a server of the test's own, with a seller and a buyer.
fresh() {
	grid "$@"
	serve
	join seller buyer
}

@test "S1: a task is bought, delivered, and paid after a day" {
	fresh
	offers seller 10.00
	want 200 .status OPEN .amount_locked 10.00 .remaining_balance 90.00 \
	    .auto_refund_at 2026-11-23T08:00:00.000Z '.|has("shadow")' false \
	    '.|has("idempotent")' false as buyer post /v1/tasks/create \
	    "{\"skill_id\":\"$skill\",\"input_data\":{\"a\":[1.50,\"é\"]}}"
	task=$(jq -r .task_id <<<"$body") escrow=$(jq -r .escrow_id <<<"$body")
	want 200 .node_id seller .role seller .status_filter OPEN .count 1 \
	    .total 1 .limit 1000 .offset 0 .tasks[0].task_id "$task" \
	    .tasks[0].skill_id "$skill" .tasks[0].skill_label echo_v1 \
	    .tasks[0].buyer_id buyer .tasks[0].seller_id seller \
	    .tasks[0].output_data null .tasks[0].escrow_id "$escrow" \
	    .tasks[0].status OPEN .tasks[0].protocol api \
	    .tasks[0].is_shadow false '.tasks[0].validator_ids|length' 0 \
	    .tasks[0].auto_refund_at 2026-11-23T08:00:00.000Z \
	    as seller get '/v1/tasks/mine?status=OPEN'
	[[ $body == *'"input_data":{"a":[1.50,"é"]}'* ]]
	pass 60
	want 200 .status COMPLETED .settlement_status PENDING_DISPUTE_WINDOW \
	    .eta_tck_release 2026-11-21T08:01:00.000Z .rules.verdict PASS \
	    .rules.details null .proof_match python '.|has("shadow")' false \
	    as seller post /v1/tasks/complete "{\"task_id\":\"$task\",
	    \"output_data\":{\"b\":1,\"a\":[true,null,\"x\"]},
	    \"llm_provider_used\":\"own\",\"proof_hash\":
	    \"54a65415ad370228851a1da4b31b6fd42dc58b19a50d35cae759325f7388ce64\"}"
}

@test "S1, S9, S3: paid, refused by a rule, not delivered" {
	fresh
	offers seller 10.00
	buys buyer
	delivers seller
	want 200 .tasks '[]' .total 0 as seller get /v1/tasks/mine
	pass 86399
	sweep
	has buyer 90.00
	pass 1
	sweep
	has seller 109.20
	has buyer 90.00
	has VAULT 0.80
	has MINT -200.00
	has "ESCROW:$escrow" 0.00
	want 200 .status COMPLETED .escrow.status SETTLED \
	    .escrow.amount 10.00 .escrow.kind task .proof_hash hash123 \
	    .proof_match none .closed_at 2026-11-21T08:00:00.000Z \
	    .output_data.ok true as buyer get "/v1/tasks/$task"
	buys buyer
	want 200 .rules.verdict PROOF_MISSING .status COMPLETED \
	    .rules.details.output_data null as seller post \
	    /v1/tasks/complete "{\"task_id\":\"$task\",\"output_data\":{},
	    \"proof_hash\":\"x\"}"
	buys buyer
	pass 86400
	sweep
	has buyer 80.00
	has seller 109.20
	pass 172800
	sweep
	has buyer 90.00
	want 200 .status REFUNDED .escrow.status REFUNDED \
	    .escrow.dispute_reason TIMEOUT_NON_DELIVERY \
	    as seller get "/v1/tasks/$task"
	want 200 .total 0 as seller get /v1/tasks/mine
	want 200 .total 2 as seller get '/v1/tasks/mine?status=REFUNDED'
	sound
}

@test "refusals of a purchase, in their order (17, 28, 29, 33)" {
	fresh
	sandboxed tester
	offers seller 10.00
	create() {
		local who=$1

		shift
		as "$who" post /v1/tasks/create "{\"input_data\":{},$1}"
	}
	want 401 .code api_key_format post /v1/tasks/create '{}'
	[[ $(field www-authenticate) == Bearer ]]
	want 422 '.detail|map(.field)|sort|join(" ")' 'input_data skill_id' \
	    as buyer post /v1/tasks/create '{}'
	for wrong in '"skill_id":5' '"skill_id":"x","input_data":[]' \
	    '"skill_id":"x","is_shadow":1' '"skill_id":"x","protocol":"mcp"' \
	    '"skill_id":"x","validator_ids":"a"' \
	    '"skill_id":"x","validator_ids":[1]'; do
		want 422 .code validation as buyer post /v1/tasks/create \
		    "{\"input_data\":{},$wrong}"
	done 2>/dev/null
	want 404 .code skill_missing .detail 'Skill not found' \
	    create buyer '"skill_id":"nothing"'
	want 404 .code quote_missing \
	    create buyer "\"skill_id\":\"$skill\",\"quote_id\":\"none\""
	want 400 .code self_trade create seller "\"skill_id\":\"$skill\""
	want 403 .code realm \
	    .detail 'Sandbox nodes cannot trade with production nodes' \
	    create tester "\"skill_id\":\"$skill\""
	want 404 .code validator_missing create buyer \
	    "\"skill_id\":\"$skill\",\"validator_ids\":[\"none\"]"
	at bzn-market retire "$skill" >retired.json
	want 409 .code skill_retired create buyer "\"skill_id\":\"$skill\""
	offers seller 100.01
	want 402 .code insufficient_funds .detail 'Insufficient funds' \
	    create buyer "\"skill_id\":\"$skill\""
	has buyer 100.00
	has seller 99.00
}

@test "S10: caps, and what their refusals say (8.8)" {
	fresh
	offers seller 10.00
	for _ in 1 2 3 4 5; do
		buys buyer
	done
	want 429 .code cap_exposure .error canary_cap_exceeded \
	    .cap_type exposure .requested 10.00 .limit 50.00 \
	    .detail 'Exposure cap reached (50.00/50.00 TCK)' \
	    .message 'exposure cap reached (50.00/50.00 TCK)' \
	    as buyer post /v1/tasks/create \
	    "{\"skill_id\":\"$skill\",\"input_data\":{}}"
	[[ $(field retry-after) == 3600 ]]
	delivers seller
	pass 86100
	want 429 as buyer post /v1/trade/escrow/init \
	    '{"seller_id":"seller","amount":0.01}'
	[[ $(field retry-after) == 300 ]]
	pass 300
	sweep
	want 429 .limit 45.00 .requested 5.01 as buyer post \
	    /v1/trade/escrow/init '{"seller_id":"seller","amount":5.01}'
	want 200 .status FUNDS_LOCKED as buyer post /v1/trade/escrow/init \
	    '{"seller_id":"seller","amount":"5.00"}'
	at bzn-node caps seller --per-task 3 --daily 4 >caps.json
	want 400 .code cap_exceeded .cap_type per_task .requested 3.01 \
	    .limit 3.00 \
	    .detail 'Task price 3.01 exceeds your per-task cap of 3.00 TCK' \
	    as seller post /v1/trade/escrow/init \
	    '{"seller_id":"buyer","amount":3.01}'
	want 200 as seller post /v1/trade/escrow/init \
	    '{"seller_id":"buyer","amount":3}'
	want 400 .cap_type daily .requested 1.01 .limit 4.00 \
	    .spent_today 3.00 .remaining_today 1.00 \
	    .resets_at 2026-11-22T00:00:00.000Z \
	    .detail 'Daily spend cap reached (3.00/4.00 TCK)' \
	    as seller post /v1/trade/escrow/init \
	    '{"seller_id":"buyer","amount":1.01}'
}

@test "others' tasks, and acts out of place (4, 5, 36)" {
	fresh
	join other
	offers seller 10.00
	buys buyer
	want 403 .code not_task_party .detail 'Not a party to this task' \
	    as other get "/v1/tasks/$task"
	want 403 .code not_your_task as other post "/v1/tasks/$task/claim"
	want 403 .code not_your_task .detail 'Not your task' \
	    as buyer post /v1/tasks/complete "{\"task_id\":\"$task\",
	    \"output_data\":{\"a\":1},\"proof_hash\":\"x\"}"
	want 404 .code task_missing as seller get /v1/tasks/none
	want 404 .code task_missing as seller get "/v1/tasks/$escrow"
	want 404 .code task_missing as seller post /v1/tasks/none/claim
	want 404 .code task_missing as seller post /v1/tasks/complete \
	    "{\"task_id\":\"$escrow\",\"output_data\":{},\"proof_hash\":\"x\"}"
	want 404 .code task_missing as buyer post /v1/tasks/dispute \
	    '{"task_id":"none","reason":"x"}'
	want 400 .code wrong_state \
	    .detail 'Cannot dispute task from current state' \
	    as buyer post /v1/tasks/dispute \
	    "{\"task_id\":\"$task\",\"reason\":\"x\"}"
	want 200 .status IN_PROGRESS .task_id "$task" \
	    as seller post "/v1/tasks/$task/claim"
	want 409 .code already_claimed \
	    .detail 'Task already claimed or completed' \
	    as seller post "/v1/tasks/$task/claim"
	want 200 .total 0 as seller get /v1/tasks/mine
	want 200 .total 1 as seller get '/v1/tasks/mine?status=IN_PROGRESS'
	delivers seller '{"b":1,"a":2}'
	want 200 .idempotent true .settlement_status PENDING_DISPUTE_WINDOW \
	    as seller post /v1/tasks/complete "{\"task_id\":\"$task\",
	    \"output_data\":{\"a\":2,\"b\":1},\"proof_hash\":\"hash123\"}"
	want 400 .code wrong_state \
	    .detail 'Task cannot be completed from current state' \
	    as seller post /v1/tasks/complete "{\"task_id\":\"$task\",
	    \"output_data\":{\"a\":3},\"proof_hash\":\"hash123\"}"
	pass 86400
	want 400 .code window_closed .detail \
	    'Cannot dispute: Dispute window closed at 2026-11-21T08:00:00.000Z' \
	    as buyer post /v1/tasks/dispute \
	    "{\"task_id\":\"$task\",\"reason\":\"x\"}"
	buys buyer
	pass 259200
	want 400 .code window_closed .detail 'Delivery deadline has passed' \
	    as seller post /v1/tasks/complete "{\"task_id\":\"$task\",
	    \"output_data\":{\"a\":3},\"proof_hash\":\"x\"}"
	sweep
	want 400 .code wrong_state .detail 'Escrow is already refunded' \
	    as seller post /v1/tasks/complete "{\"task_id\":\"$task\",
	    \"output_data\":{\"a\":3},\"proof_hash\":\"x\"}"
	has buyer 90.00
	sound
}

@test "S7: a dispute holds the money" {
	fresh
	offers seller 10.00
	buys buyer
	delivers seller '{"text":"You may override it: sudo"}'
	want 422 .detail[0].field reason as buyer post /v1/tasks/dispute \
	    "{\"task_id\":\"$task\"}"
	want 403 .code not_your_task as seller post /v1/tasks/dispute \
	    "{\"task_id\":\"$task\",\"reason\":\"x\"}"
	want 200 .status DISPUTE_OPEN .escrow_status DISPUTED \
	    .evidence_attached true \
	    .evidence_summary 'verifier_skill: v1, score: 0.20, verdict: FAIL' \
	    '.dispute_id|length' 36 as buyer post /v1/tasks/dispute \
	    "{\"task_id\":\"$task\",\"reason\":\"override\",
	    \"verification_evidence\":{\"verifier_skill\":\"v1\",
	    \"score\":0.20,\"verdict\":\"FAIL\",\"x\":1}}"
	want 400 .code wrong_state as buyer post /v1/tasks/dispute \
	    "{\"task_id\":\"$task\",\"reason\":\"x\"}"
	pass 86400
	sweep
	has seller 99.50
	want 200 .status DISPUTED .escrow.dispute_reason override \
	    as buyer get "/v1/tasks/$task"
	at bzn-escrow resolve "$task" --to refund_buyer --reason bad >r.json
	has buyer 100.00
	has seller 99.50
	has VAULT 0.50
	sound
}

@test "the guardian reads orders, and not what is delivered (46, 47)" {
	fresh
	offers seller 1
	want 403 .error 'Guardian: request rejected' as buyer post \
	    /v1/tasks/create "{\"skill_id\":\"$skill\",
	    \"input_data\":{\"x\":\"\\u006fverride\"}}"
	[[ -n $(field x-request-id) && -n $(field vmp-version) ]]
	buys buyer
	delivers seller '{"x":"override sudo jailbreak"}'
}

@test "a key makes one purchase of many tries (1, 14, 15)" {
	fresh 'canary_exposure_pct 0'
	local i key

	offers seller 1.00
	key=(-H 'Idempotency-Key: "a-key"')
	local order="{\"skill_id\":\"$skill\",\"input_data\":{}}"
	local tries=()
	for i in {1..20}; do
		(mkdir "try$i" && cd "try$i" &&
		    as buyer post /v1/tasks/create "$order" "${key[@]}"
		echo "$code $body" >"../$i") 3>&- &
		tries+=($!)
	done
	wait "${tries[@]}"
	[[ $(cat {1..20} | sed 's/,"idempotent.*//;s/,"remaining.*//' |
	    sort -u | wc -l) == 1 ]]
	[[ $(cat {1..20} | grep -c '"idempotent":true') == 19 ]]
	has buyer 99.00
	want 409 .code id_conflict as buyer post /v1/tasks/create \
	    "${order/\{\}/\{\"x\":1\}}" "${key[@]}"
	# Another node's key is another key, and so is that of another route.
	join second
	want 200 '.|has("idempotent")' false as second post /v1/tasks/create \
	    "$order" "${key[@]}"
	want 200 '.|has("idempotent")' false as buyer post \
	    /v1/trade/escrow/init '{"seller_id":"seller","amount":1}' \
	    "${key[@]}"
	want 200 .shadow true .escrow_id null .amount_locked 0.00 \
	    as buyer post /v1/tasks/create "{\"skill_id\":\"$skill\",
	    \"input_data\":{},\"is_shadow\":true,\"idempotency_key\":\"s\"}"
	want 200 .shadow true .idempotent true as buyer post \
	    /v1/tasks/create "{\"skill_id\":\"$skill\",
	    \"input_data\":{},\"is_shadow\":true,\"idempotency_key\":\"s\"}"
	for i in {1..60}; do
		echo "url = $url/v1/tasks/create"
	done >many
	curl -sZ --parallel-max 30 -K many -d "$order" \
	    -H "X-API-KEY: $(<"$BZN_HOME/keys/buyer")" \
	    -H 'Content-Type: application/json' >many.json
	has buyer 38.00
	sound
}

@test "lists of tasks: role, status, limit, and their end" {
	fresh 'list_max_bytes 2000' 'canary_exposure_pct 0'
	offers seller 0.10
	for i in 1 2 3 4 5 6 7 8; do
		buys buyer "$skill" "{\"n\":$i}"
		pass 1
	done
	want 200 .total 8 .limit 2 .offset 3 .count 2 \
	    '.tasks|map(.input_data.n|tostring)|join(" ")' '4 5' \
	    as seller get '/v1/tasks/mine?limit=2&offset=3'
	want 200 .total 8 .status_filter OPEN \
	    as seller get /v1/tasks/mine
	[[ $(jq .count <<<"$body") -lt 8 && $(jq .count <<<"$body") -gt 2 ]]
	[[ $(jq .count <<<"$body") == "$(jq '.tasks|length' <<<"$body")" ]]
	want 200 .total 0 as buyer get /v1/tasks/mine
	want 200 .total 8 .role buyer as buyer get '/v1/tasks/mine?role=buyer'
	want 200 .total 8 as buyer get '/v1/tasks/mine?role=any&status=ALL'
	delivers seller
	want 200 .total 1 .count 1 .tasks[0].input_data.n 8 \
	    as buyer get '/v1/tasks/mine?role=buyer&status=COMPLETED'
	want 200 .total 7 as seller get '/v1/tasks/mine?limit=1'
	want 200 .total 7 .count 0 as seller get '/v1/tasks/mine?offset=50'
	want 200 .total 0 .tasks '[]' .status_filter WEIRD \
	    as seller get '/v1/tasks/mine?status=WEIRD'
	for bad in limit=0 limit=-1 limit=1001 limit=x role=none offset=-1; do
		want 422 .detail[0].field "${bad%%=*}" \
		    as seller get "/v1/tasks/mine?$bad"
	done
	want 401 get /v1/tasks/mine
	# A direct escrow is no task.
	want 200 as buyer post /v1/trade/escrow/init \
	    '{"seller_id":"seller","amount":1}'
	want 200 .total 8 as seller get '/v1/tasks/mine?status=ALL&role=any'
}

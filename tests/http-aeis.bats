# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# The operations of AEIS: spec/vmp.md 10.
load common
load http
load market

setup_file() {
	grid
	serve
	(
		cd "$BATS_FILE_TMPDIR" && join buyer seller other &&
		    offers seller 10.00 '{"validators":[{"type":"non_empty",
		    "fields":["ok"]}]}' csv_parser_v1 &&
		    echo "$skill" >"$BZN_HOME/skill"
	)
}

# ask NODE OPERATION BODY [OPTION...]
ask() {
	local node=$1 operation=$2

	shift 2
	as "$node" post "/aeis/v1/$operation" "$@"
}

# hold KEY [MEMBERS] [NODE]: the buyer's; sets $task and $escrow.
hold() {
	skill=$(<"$BZN_HOME/skill")
	ask "${3:-buyer}" hold "{\"buyer_id\":\"buyer\",
	    \"seller_id\":\"seller\",\"amount\":10,\"skill_id\":\"$skill\",
	    \"input_data\":{\"n\":1},\"idempotency_key\":\"$1\"${2:-}}"
	task=$(jq -r .task_id <<<"$body")
	escrow=$(jq -r .escrow_id <<<"$body")
}

@test "what there is" {
	want 200 .version 2026-03 '.verify_with | length > 0' true \
	    '.operations | join(" ")' "quote hold settle refund receipt \
reputation_attestation verify dispute_initiate dispute_resolve spending_cap \
policy_gate" get /aeis/v1
	want 404 .error.code not_found post /aeis/v1/none '{}'
	want 405 .error.code method_not_allowed get /aeis/v1/hold
}

@test "quote, hold, settle, receipt, with keys that are replayed" {
	local quote first

	want 200 .price 10.00 .seller_id seller \
	    .estimated_duration_seconds 10 \
	    '.acceptance_criteria[0].type' non_empty \
	    .valid_until 2026-11-20T08:15:00.000Z \
	    ask buyer quote '{"capability":"csv-parser",
	    "constraints":{"max_price":"10.00","deadline":60}}'
	quote=$(jq -r .quote_id <<<"$body")
	hold h1 ",\"quote_id\":\"$quote\""
	first=$task
	want 200 .status PENDING .auto_refund_at 2026-11-23T08:00:00.000Z \
	    '. | has("idempotent")' false true
	want 200 .task_id "$first" .idempotent true \
	    hold h1 ",\"quote_id\":\"$quote\""
	[[ $(field idempotency-replayed) == true ]]
	want 409 .error.code id_conflict hold h1
	want 409 .error.code quote_expired hold h2 ",\"quote_id\":\"$quote\""
	task=$first escrow=$(bzn-escrow show "$first" | jq -r .escrow_id)
	delivers seller
	want 400 .error.code window_open ask seller settle \
	    "{\"escrow_id\":\"$escrow\",\"proof_hash\":\"x\"}"
	pass 86400
	want 200 .status SETTLED .payout 9.70 .tax 0.30 \
	    .receipt_id "rcpt_$task" ask seller settle \
	    "{\"escrow_id\":\"$escrow\",\"proof_hash\":\"x\"}" \
	    -H 'Idempotency-Key: s1'
	want 200 .status SETTLED .payout 9.70 .idempotent true ask seller \
	    settle "{\"escrow_id\":\"$escrow\",\"proof_hash\":\"x\"}" \
	    -H 'Idempotency-Key: s1'
	want 400 .error.code wrong_state ask seller settle \
	    "{\"escrow_id\":\"$escrow\",\"proof_hash\":\"x\"}"
	want 200 .final true .core.escrow_id "$escrow" \
	    ask buyer receipt "{\"task_id\":\"$task\"}"
	want 200 .core.task_id "$task" \
	    ask seller receipt "{\"escrow_id\":\"$escrow\"}"
	want 403 .error.code not_task_party \
	    ask other receipt "{\"task_id\":\"$task\"}"
	want 200 .core.task_id "$task" '.ledger_movements | length > 0' true \
	    '.ledger_movements | map(.balance_after) | unique' '[null]' \
	    admin post /aeis/v1/receipt "{\"task_id\":\"$task\"}"
	want 200 .core.task_id "$task" \
	    admin post /aeis/v1/receipt "{\"escrow_id\":\"$escrow\"}"
	want 404 .error.code task_missing ask other receipt '{"task_id":"x"}'
	want 422 .error.code validation ask other receipt '{}'
}

@test "who may not, and what is not of the shape" {
	local operation

	for operation in quote hold settle refund receipt dispute_initiate \
	    verify spending_cap policy_gate; do
		want 401 .error.code api_key_format \
		    '.error.message | length > 5' true \
		    post "/aeis/v1/$operation" '{}' || return 1
		want 422 .error.code validation \
		    ask buyer "$operation" '{}' || return 1
	done
	want 401 .error.code admin_missing \
	    post /aeis/v1/dispute_resolve '{}'
	want 422 .error.code validation \
	    post /aeis/v1/reputation_attestation '{}'
	want 403 .error.code not_agent hold n1 '' other
	want 403 .error.code not_agent ask buyer spending_cap \
	    '{"agent_id":"seller","max_spend_daily":1}'
	want 404 .error.code skill_missing \
	    ask buyer quote '{"capability":"nobody has that"}'
	want 404 .error.code escrow_missing ask buyer settle \
	    '{"escrow_id":"x","proof_hash":"x"}'
	want 404 .error.code escrow_missing ask buyer refund \
	    '{"escrow_id":"x","reason":"MANUAL"}'
	want 422 .error.fields[0].field idempotency_key ask buyer hold \
	    "{\"buyer_id\":\"buyer\",\"seller_id\":\"seller\",\"amount\":10,
	    \"skill_id\":\"$(<"$BZN_HOME/skill")\",\"input_data\":{}}"
	want 409 .error.code price_mismatch ask buyer hold \
	    "{\"buyer_id\":\"buyer\",\"seller_id\":\"seller\",\"amount\":9,
	    \"skill_id\":\"$(<"$BZN_HOME/skill")\",\"input_data\":{},
	    \"idempotency_key\":\"p1\"}"
}

@test "refund, dispute, resolve" {
	local dispute

	hold r1
	want 403 .error.code not_escrow_party ask other refund \
	    "{\"escrow_id\":\"$escrow\",\"reason\":\"MANUAL\"}"
	want 200 .status REFUNDED .amount 10.00 .reason MANUAL \
	    .receipt_id "rcpt_$task" ask seller refund \
	    "{\"escrow_id\":\"$escrow\",\"reason\":\"MANUAL\"}"
	hold r2
	delivers seller
	want 200 .status DISPUTED .escrow_status DISPUTED \
	    .evidence_attached true ask buyer dispute_initiate \
	    "{\"task_id\":\"$task\",\"reason\":\"override\",
	    \"evidence\":{\"score\":0.1}}"
	dispute=$(jq -r .dispute_id <<<"$body")
	want 404 .error.code dispute_missing admin post \
	    /aeis/v1/dispute_resolve '{"dispute_id":"x","resolution":
	    "REFUND_BUYER","resolved_by":"MANUAL_REVIEW","reasoning":"y"}'
	want 200 .status RESOLVED .escrow_status SETTLED \
	    .receipt_id "rcpt_$task" admin post /aeis/v1/dispute_resolve \
	    "{\"dispute_id\":\"$dispute\",\"resolution\":\"RELEASE_TO_SELLER\",
	    \"resolved_by\":\"VERIFIER_EVIDENCE\",\"reasoning\":\"it is good\"}"
	want 400 .error.code wrong_state admin post \
	    /aeis/v1/dispute_resolve "{\"dispute_id\":\"$dispute\",
	    \"resolution\":\"REFUND_BUYER\",\"resolved_by\":\"MANUAL_REVIEW\",
	    \"reasoning\":\"no\"}"
}

# vmp 13, 29
@test "caps are set, and hold; an attestation is for everybody" {
	want 200 .agent_id buyer .caps.max_escrow_per_task 9.99 \
	    .caps.max_spend_daily null ask buyer spending_cap \
	    '{"agent_id":"buyer","max_per_transaction":9.99}'
	hold c1
	want 400 .error.code cap_exceeded .error.cap_type per_task \
	    hold c1
	[[ $(grep -o '"message":' <<<"$body" | wc -l) == 1 ]]
	want 200 .caps.max_escrow_per_task null admin post \
	    /aeis/v1/spending_cap \
	    '{"agent_id":"buyer","max_per_transaction":null}'
	want 200 '.attestation | split(".") | length' 3 \
	    '.score.score | type' number .history.trades_completed 2 \
	    post /aeis/v1/reputation_attestation '{"agent_id":"seller"}'
	want 404 .error.code node_missing \
	    post /aeis/v1/reputation_attestation '{"agent_id":"nobody"}'
}

# judge RULES OUTPUT [MEMBERS]
judge() {
	ask buyer verify "{\"validators\":$1,\"output\":$2${3:-}}"
}

@test "verify: each validator by itself, as bzn-market verify has it" {
	local leaves

	leaves=$(get /health/extended && jq .ledger.size <<<"$body")
	want 200 .passed true '.results | length' 2 . \
	    '{"passed":true,"results":[{"validator_type":"length",'\
'"passed":true,"result":"PASS"},{"validator_type":"schema","passed":true,'\
'"result":"PASS"}]}' \
	    judge '[{"type":"length","config":{"field":"t","min_words":2}},
	    {"type":"schema","config":{"schema":{"type":"object"}}}]' \
	    '{"t":"override all"}'
	want 200 .passed false .rule VALIDATOR_FAILED \
	    '.results | map(.passed)' '[false,true,false]' \
	    '.results[0].error' "Field 't' has 1 words, minimum is 2" \
	    judge '[{"type":"length","field":"t","min_words":2},
	    {"type":"non_empty","fields":["t"]},
	    {"type":"regex","config":{"field":"t","pattern":"^b"}}]' \
	    '{"t":"a"}'
	# An output may be anything, and nothing.
	want 200 .passed true judge '[{"type":"contains","patterns":["a"]}]' \
	    '"abc"'
	want 200 .passed false .rule PROOF_MISSING \
	    judge '[{"type":"contains","patterns":["a"]}]' null
	# 13.19, and nothing was written.
	want 200 .passed false .results[0].error limit judge \
	    '[{"type":"regex","field":"t","pattern":"^(a+)+$"}]' \
	    '{"t":"aaaaaaaaaaaaaaaaaaaaaaaaaaaab"}'
	want 200 .ledger.size "$leaves" get /health/extended
}

@test "verify: what is no validator, and whose task it may be" {
	local fields='.error.fields[0] | "\(.field) \(.path | tojson)"'

	want 422 .error.code validation .error.fields[0].field output \
	    ask buyer verify '{"validators":[{"type":"non_empty",
	    "fields":["a"]}]}'
	want 422 .error.fields[0].field validators judge '[]' '{}'
	want 422 "$fields" 'type ["validators",1,"type"]' \
	    judge '[{"type":"length","field":"a"},{"type":"webhook",
	    "config":{"url":"https://a.example"}}]' '{}'
	want 422 "$fields" 'pattern ["validators",0,"config","pattern"]' \
	    judge '[{"type":"regex","config":{"pattern":"a("}}]' '{}'
	want 422 "$fields" 'pattern ["validators",0,"pattern"]' \
	    judge '[{"type":"regex","pattern":"a("}]' '{}'
	want 422 .error.code validation judge '[5]' '{}'
	want 422 .error.code validation judge "$(jq -nc '[range(21) |
	    {type: "non_empty", fields: ["a"]}]')" '{}'
	hold v1
	want 200 .passed true judge '[{"type":"non_empty","fields":["a"]}]' \
	    '{"a":0}' ",\"task_id\":\"$task\""
	want 403 .error.code not_task_party ask other verify \
	    "{\"task_id\":\"$task\",\"output\":1,\"validators\":[
	    {\"type\":\"non_empty\",\"fields\":[\"a\"]}]}"
	want 404 .error.code task_missing \
	    judge '[{"type":"non_empty","fields":["a"]}]' 1 ',"task_id":"x"'
}

# gate NODE ACTION [CONTEXT]: asked by the buyer.
gate() {
	ask buyer policy_gate "{\"agent_id\":\"$1\",\"action\":\"$2\"
	    ${3:+,\"context\":$3}}"
}

@test "policy_gate: the answer is that of the act, which is not done" {
	local own

	skill=$(<"$BZN_HOME/skill")
	want 200 .agent_id buyer .action CREATE_TASK .allowed true \
	    .reason null .override_available false \
	    gate buyer CREATE_TASK "{\"skill_id\":\"$skill\"}"
	# Levels are soft: it would be done, and warned of.
	want 200 .allowed true .override_available true \
	    '.reason | length > 0' true gate buyer CREATE_BOUNTY
	want 200 .allowed false .code insufficient_funds \
	    .override_available false gate buyer CREATE_TASK '{"amount":5000}'
	want 200 ask buyer spending_cap \
	    '{"agent_id":"buyer","max_per_transaction":9.99}'
	want 200 .allowed false .code cap_exceeded .override_available true \
	    gate buyer CREATE_TASK "{\"skill_id\":\"$skill\"}"
	want 400 .error.code cap_exceeded hold g1
	want 200 ask buyer spending_cap \
	    '{"agent_id":"buyer","max_per_transaction":null}'
	want 200 .allowed false .code self_trade gate buyer CREATE_TASK \
	    '{"seller_id":"buyer"}'
	want 404 .error.code seller_missing gate buyer CREATE_TASK \
	    '{"seller_id":"nobody"}'
	want 200 post /v1/sandbox/nodes '{}'
	own=$(jq -r .node_id <<<"$body")
	want 200 .allowed false .code realm gate buyer CREATE_TASK \
	    "{\"seller_id\":\"$own\",\"amount\":\"1.00\"}"
	want 200 .allowed true admin post /aeis/v1/policy_gate \
	    '{"agent_id":"other","action":"PUBLISH_SKILL"}'
	want 404 .error.code node_missing admin post /aeis/v1/policy_gate \
	    '{"agent_id":"nobody","action":"PUBLISH_SKILL"}'
	want 403 .error.code not_agent gate seller CREATE_TASK
	want 404 .error.code skill_missing \
	    gate buyer CREATE_TASK '{"skill_id":"x"}'
	want 422 .error.fields[0].field action gate buyer FLY
	want 422 .error.fields[0].field context gate buyer CREATE_TASK 5
	want 422 '.error.fields[0].path | tojson' '["context","amount"]' \
	    gate buyer CREATE_TASK '{"amount":"1.001"}'
	want 422 .error.code validation gate buyer CREATE_TASK \
	    "{\"skill_id\":\"$skill\",\"amount\":1}"
}

# vmp 10.4
@test "one trade through each of four doors is the same" {
	local door i=0 node

	for door in api mcp a2a aeis; do
		i=$((i + 1))
		join "buy$i" "sel$i"
		offers "sel$i" 1.00 '{}' "text_translator_$i"
		case $door in
		api)	buys "buy$i" ;;
		mcp)	# The cheapest of all must be this one's.
			as "buy$i" post /v1/mcp/hire '{"integration":"x",
			    "capability":"text-translator",
			    "payload":{"n":1},"max_price":1}' ;;
		a2a)	as "buy$i" post /v1/a2a/tasks/send \
			    "{\"skill_id\":\"$skill\",\"input\":{\"n\":1}}" ;;
		aeis)	ask "buy$i" hold "{\"buyer_id\":\"buy$i\",
			    \"seller_id\":\"sel$i\",\"amount\":\"1.00\",
			    \"skill_id\":\"$skill\",\"input_data\":{\"n\":1},
			    \"idempotency_key\":\"d\"}" ;;
		esac
		[[ $code == 200 ]] || fail "$door: $body"
		task=$(jq -r .task_id <<<"$body")
		escrow=$(jq -r .escrow_id <<<"$body")
		delivers "sel$i" '{"ok":true}' "$task"
		pass 86400
		if [[ $door == aeis ]]; then
			want 200 ask "sel$i" settle \
			    "{\"escrow_id\":\"$escrow\",\"proof_hash\":\"x\"}"
		else
			want 200 as "sel$i" post /v1/trade/escrow/settle \
			    "{\"escrow_id\":\"$escrow\",\"proof_hash\":\"x\"}"
		fi
		as "buy$i" get "/v1/tasks/$task"
		jq -S '.escrow | {status, amount, kind}' <<<"$body" >"$door"
		want 200 as "buy$i" post /aeis/v1/receipt \
		    "{\"task_id\":\"$task\"}"
		sed "s/buy$i/buyer/g; s/sel$i/seller/g; s/$escrow/E/g" \
		    <<<"$body" | jq -S '.core | {amount, payout, tax, unit,
		    status, ledger: [.ledger_entries[] | del(.id, .leaf_hash,
		    .seq, .timestamp)]}' >>"$door"
		# Nobody retires over HTTP: the next hire is to find its own.
		at bzn-market retire "$skill" >retired
		for node in "buy$i" "sel$i"; do
			as "$node" get /v1/mcp/wallet
			jq -S '{balance_tck, cri_score, pending_escrows,
			    open_tasks}' <<<"$body" >>"$door"
		done
	done
	diff api mcp
	diff api a2a
	diff api aeis
	grep -q '"SETTLED"' api
}

# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# The MCP bridge: spec/vmp.md 2.5.
load common
load http
load market

setup_file() {
	grid
	serve
	(
		cd "$BATS_FILE_TMPDIR" && join buyer cheap dear other &&
		    offers dear 0.45 '{}' my_csv_parser_v2 &&
		    offers cheap 0.30 '{}' CSV_Parser_v1 &&
		    offers buyer 0.10 '{}' csv_parser_own &&
		    offers buyer 0.10 '{}' diff_analyzer_own &&
		    offers cheap 0.90 '{}' pdf_parser_v1 &&
		    offers cheap 99.95 '{}' scheduler_v1
	)
}

# hire NODE CAPABILITY [MEMBERS] [OPTION...]
hire() {
	local node=$1 capability=$2 more=${3:-}

	shift 2
	shift $(($# > 0))
	as "$node" post /v1/mcp/hire "{\"integration\":\"n8n\",
	    \"capability\":\"$capability\",\"payload\":{\"n\":1}$more}" "$@"
}

# told CODE TYPE HINT COMMAND...: a refusal in the bridge's words.
told() {
	local code_want=$1 type=$2 hint=$3

	shift 3
	want "$code_want" .error_type "$type" .retry_hint "$hint" \
	    '.message | length > 5' true '.request_id | length' 36 \
	    '.code | length > 3' true '. | has("detail")' false "$@" &&
	    # No member is there twice.
	    [[ $(grep -o '"message":' <<<"$body" | wc -l) == 1 ]]
}

@test "the cheapest is bought, for what it costs" {
	local task escrow

	want 200 .status QUEUED .estimated_cost 0.30 .eta_seconds 10 \
	    hire buyer csv-parser
	task=$(jq -r .task_id <<<"$body") escrow=$(jq -r .escrow_id <<<"$body")
	want 200 .status RUNNING .task_id "$task" .escrow_id "$escrow" \
	    .cost null .output null .error_type null .error_message null \
	    .retry_hint null as buyer get "/v1/mcp/tasks/$task"
	want 200 .buyer_id buyer .seller_id cheap .protocol mcp \
	    .skill_label CSV_Parser_v1 as cheap get "/v1/tasks/$task"
	[[ $(bzn-escrow show "$task" |
	    jq -r '"\(.integration) \(.capability)"') == "MCP_N8N csv-parser" ]]
	want 200 .pending_escrows 1 .open_tasks 1 .node_id buyer \
	    .balance_tck 98.70 '.cri_score | type' number \
	    as buyer get /v1/mcp/wallet
	delivers cheap '{"rows":[1,2]}' "$task"
	want 200 .status COMPLETED .cost 0.30 '.output | tojson' \
	    '{"rows":[1,2]}' as cheap get "/v1/mcp/tasks/$task"
	want 200 .pending_escrows 1 .open_tasks 0 \
	    as buyer get /v1/mcp/wallet
	want 200 as buyer post /v1/tasks/dispute \
	    "{\"task_id\":\"$task\",\"reason\":\"too few rows\"}"
	want 200 .status FAILED .cost null .output null \
	    .error_type GRID_ERROR .retry_hint retry_later \
	    .error_message "too few rows" as buyer get "/v1/mcp/tasks/$task"
	want 200 .pending_escrows 0 .open_tasks 0 \
	    as buyer get /v1/mcp/wallet
}

@test "a wallet of a new node has nothing open" {
	want 200 .node_id other .balance_tck 100.00 .pending_escrows 0 \
	    .open_tasks 0 .cri_score 30 as other get /v1/mcp/wallet
	[[ $body == *'"cri_score":30.0,'* ]]
	want 401 .code api_key_format '. | has("detail")' true \
	    get /v1/mcp/wallet
}

@test "refusals are told in its own words" {
	told 400 INVALID_CAPABILITY change_capability hire buyer does-not-exist
	told 400 BAD_PAYLOAD lower_capability_cost \
	    hire buyer web-research ',"max_price":0.01'
	told 400 GRID_ERROR retry_later hire buyer web-research
	told 400 SELF_TRADE change_capability hire buyer diff-analyzer
	told 404 TASK_NOT_FOUND contact_human as buyer get /v1/mcp/tasks/none
}

# vmp 13, 53
@test "a match that costs more than one pays is not bought" {
	told 400 BAD_PAYLOAD lower_capability_cost \
	    hire buyer pdf-parser ',"max_price":"0.89"'
	want 200 .estimated_cost 0.90 \
	    hire buyer pdf-parser ',"max_price":"0.90"'
}

# vmp 13, 29
@test "caps, funds and exposure are those of every lock" {
	want 200 .balance_tck 100.00 as other get /v1/mcp/wallet
	at bzn-node caps other --per-task 0.05 >capped
	told 400 CAP_EXCEEDED raise_cap hire other csv-parser
	[[ $(jq -r '"\(.cap_type) \(.requested) \(.limit) \(.error)"' \
	    <<<"$body") == "per_task 0.10 0.05 canary_cap_exceeded" ]]
	at bzn-node caps other --per-task none --daily 0.09 >capped
	told 400 CAP_EXCEEDED raise_cap hire other csv-parser
	[[ $(jq -r .cap_type <<<"$body") == daily ]]
	at bzn-node caps other --daily none >capped
	told 429 CAP_EXCEEDED retry_later \
	    hire other scheduler ',"max_price":100'
	[[ $(jq -r .cap_type <<<"$body") == exposure ]]
	[[ $(field retry-after) =~ ^[0-9]+$ ]]
	want 200 .estimated_cost 0.10 hire other csv-parser
	told 402 INSUFFICIENT_FUNDS lower_max_price \
	    hire other scheduler ',"max_price":100'
}

# vmp 13, 28, 15
@test "a key buys once, and is told of in the same words" {
	local task

	want 200 hire other csv-parser ',"idempotency_key":"m1"'
	task=$(jq -r .task_id <<<"$body")
	want 200 .task_id "$task" .idempotent true \
	    hire other csv-parser ',"idempotency_key":"m1"'
	told 409 IDEMPOTENCY_CONFLICT new_key \
	    hire other csv-parser ',"idempotency_key":"m1","max_price":2'
	want 200 hire buyer csv-parser ',"idempotency_key":"m1"'
	[[ $(jq -r .task_id <<<"$body") != "$task" ]]
}

@test "what is refused before looks as everywhere" {
	want 401 .code api_key_format '. | has("error_type")' false \
	    post /v1/mcp/hire '{}'
	want 422 .code validation '.detail | map(.field) | sort | join(" ")' \
	    "capability integration payload" as buyer post /v1/mcp/hire '{}'
	want 422 .detail[0].field max_price \
	    hire buyer csv-parser ',"max_price":0.001'
	want 422 .detail[0].field max_price \
	    hire buyer csv-parser ',"max_price":10000.01'
	want 422 .detail[0].field deadline_seconds \
	    hire buyer csv-parser ',"deadline_seconds":3601'
	want 422 .detail[0].field integration as buyer post /v1/mcp/hire \
	    '{"integration":"","capability":"csv-parser","payload":{}}'
	want 403 .error "Guardian: request rejected" \
	    hire buyer csv-parser ',"note":"Please OVERRIDE it"'
	want 401 get /v1/mcp/tasks/x
}

@test "a task is a party's" {
	local task

	want 200 hire buyer csv-parser
	task=$(jq -r .task_id <<<"$body")
	want 403 .code not_task_party '. | has("error_type")' false \
	    .detail "Not a party to this task" \
	    as dear get "/v1/mcp/tasks/$task"
	# The id of its escrow is none.
	told 404 TASK_NOT_FOUND contact_human \
	    as buyer get "/v1/mcp/tasks/$(jq -r .escrow_id <<<"$(
	    as buyer get "/v1/mcp/tasks/$task" && echo "$body")")"
}

# vmp 13, 17
@test "sandbox and production do not meet" {
	local sand

	sandboxed sand
	told 403 SANDBOX_ISOLATION use_sandbox_skills hire sand csv-parser
	at bzn-market publish -p "$sand" -l sentiment_analyzer --price 0.10 \
	    >listed
	told 403 SANDBOX_ISOLATION use_production_skills \
	    hire buyer sentiment-analyzer
}

# vmp 13, 55
@test "its events are sent" {
	local id

	want 200 as cheap post /v1/webhooks '{"url":"https://93.184.215.14/",
	    "events":["task.created","skill.purchased"]}'
	id=$(jq -r .id <<<"$body")
	want 200 hire buyer csv-parser
	want 200 .total 2 as cheap get "/v1/webhooks/$id/deliveries"
}

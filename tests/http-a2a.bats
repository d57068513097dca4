# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# The A2A bridge: spec/vmp.md 2.6, spec/protocols.md 2.6.
load common
load http
load market

setup_file() {
	grid 'grid_name Testing Grid'
	serve
	(
		cd "$BATS_FILE_TMPDIR" && join buyer seller other &&
		    offers seller 2.00 '{"category":"text",
		    "description":"Says it again","input_schema":{"type":"object",
		    "required":["n"]},"output_schema":{"type":"object"}}' \
		    echo_v1 && echo "$skill" >"$BZN_HOME/skill" && pass 1 &&
		    offers other 5.00 '{"input_schema":true}' plain_v1
	)
}

# send NODE [MEMBERS] [OPTION...]: buy what the seller offers.
send() {
	local node=$1 more=${2:-}

	skill=$(<"$BZN_HOME/skill")
	shift
	shift $(($# > 0))
	as "$node" post /v1/a2a/tasks/send \
	    "{\"skill_id\":\"$skill\",\"input\":{\"n\":1}$more}" "$@"
}

# shows STATUS WORD MEMBERS...: of $task, to the buyer.
shows() {
	want 200 .status "$1" .botnode_status "$2" .task_id "$task" \
	    .protocol a2a "${@:3}" as buyer get "/v1/a2a/tasks/$task"
}

@test "the card is a document of the grid" {
	local tag

	want 200 .name "Testing Grid" .url https://grid.example \
	    .version 1.0.0 .protocol a2a .capabilities.streaming false \
	    .capabilities.pushNotifications true \
	    .capabilities.stateTransitionHistory true \
	    '.authentication.schemes | join(" ")' apiKey \
	    .authentication.apiKey.headerName X-API-KEY \
	    '.defaultInputModes + .defaultOutputModes | join(" ")' \
	    "application/json application/json" \
	    '.description | length > 10' true '.skills | length' 2 \
	    '.skills[0] | keys | join(" ")' \
	    "id inputSchema name outputSchema price_tck" \
	    '.skills[0].inputSchema | tojson' '{"type":"object"}' \
	    '.skills[1].inputSchema.required[0]' n \
	    .skills[1].price_tck 2.00 get /.well-known/agent.json
	tag=$(field etag)
	[[ $(field cache-control) == "public, max-age=300" && $tag == '"'* ]]
	want 304 get /.well-known/agent.json -H "If-None-Match: $tag"
	[[ -z $body ]]
	want 200 call HEAD /.well-known/agent.json
	[[ $(field etag) == "$tag" ]]
	want 404 .code not_found get /.well-known/agents.json
	want 405 post /.well-known/agent.json '{}'
}

@test "a task from the purchase to the end" {
	local escrow

	want 200 .status submitted .price_tck 2.00 .protocol a2a \
	    '. | has("idempotent")' false send buyer
	task=$(jq -r .task_id <<<"$body") escrow=$(jq -r .escrow_id <<<"$body")
	shows submitted OPEN .escrow_id "$escrow" '. | has("output")' false \
	    '.seller_cri | type' number .created_at 2026-11-20T08:00:01.000Z
	want 200 as seller post "/v1/tasks/$task/claim"
	# vmp 13, 54
	shows working IN_PROGRESS
	delivers seller '{"said":[1,"é"]}'
	shows completed COMPLETED '.output | tojson' '{"said":[1,"é"]}'
	pass 86400
	sweep
	shows completed COMPLETED
	want 200 .protocol a2a .escrow.status SETTLED \
	    as seller get "/v1/tasks/$task"
	want 200 send buyer
	task=$(jq -r .task_id <<<"$body")
	delivers seller
	want 200 as buyer post /v1/tasks/dispute \
	    "{\"task_id\":\"$task\",\"reason\":\"no\"}"
	shows input-required DISPUTED
	want 200 send buyer
	task=$(jq -r .task_id <<<"$body")
	pass 259200
	sweep
	shows canceled REFUNDED
}

@test "who may not, and what is not of the shape" {
	want 401 .code api_key_format post /v1/a2a/tasks/send '{}'
	want 401 get /v1/a2a/tasks/x
	want 422 .code validation '.detail | map(.field) | sort | join(" ")' \
	    "input skill_id" as buyer post /v1/a2a/tasks/send '{}'
	want 422 .detail[0].field input as buyer post /v1/a2a/tasks/send \
	    '{"skill_id":"x","input":[]}'
	want 404 .code skill_missing .detail "Skill not found" \
	    as buyer post /v1/a2a/tasks/send '{"skill_id":"x","input":{}}'
	want 404 .code task_missing as buyer get /v1/a2a/tasks/none
	want 200 send buyer
	want 403 .code not_task_party as other \
	    get "/v1/a2a/tasks/$(jq -r .task_id <<<"$body")"
	want 403 .error "Guardian: request rejected" \
	    send buyer ',"x":"ignore   Previous"'
}

# vmp 13, 28, 29
@test "the gate is that of every lock" {
	want 400 .code self_trade .detail "Self-trade not allowed" send seller
	at bzn-node caps buyer --per-task 1.99 >capped
	want 400 .code cap_exceeded .cap_type per_task .requested 2.00 \
	    .limit 1.99 .error canary_cap_exceeded send buyer
	at bzn-node caps buyer --per-task none >capped
	offers seller 60 '{}' dear_v1
	want 429 .code cap_exposure .cap_type exposure as buyer \
	    post /v1/a2a/tasks/send "{\"skill_id\":\"$skill\",\"input\":{}}"
	[[ $(field retry-after) =~ ^[0-9]+$ ]]
	offers seller 600 '{}' dearest_v1
	want 402 .code insufficient_funds .detail "Insufficient TCK balance" \
	    as buyer post /v1/a2a/tasks/send \
	    "{\"skill_id\":\"$skill\",\"input\":{}}"
	sandboxed sand
	want 403 .code realm send sand
}

@test "a key buys once" {
	want 200 send buyer ',"idempotency_key":"a1"'
	task=$(jq -r .task_id <<<"$body")
	want 200 .task_id "$task" .idempotent true \
	    send buyer ',"idempotency_key":"a1"'
	want 409 .code id_conflict send buyer ',"idempotency_key":"a1","x":1'
}

# vmp 7.4: not allowed is 422 here; vmp 13, 21.
@test "a callback is judged before anything is bought" {
	local target

	for target in http://93.184.215.14/ https://127.0.0.1/ \
	    https://169.254.169.254/ 'https://[::ffff:10.0.0.1]/' \
	    https://2130706433/ https://localhost/ ftp://x.example/ ''; do
		want 422 .code validation .detail[0].field callback_url \
		    send buyer ",\"callback_url\":\"$target\"" || return 1
	done
	want 422 .detail[0].field callback_url send buyer \
	    ",\"callback_url\":\"https://a.example/$(printf 'x%.0s' {1..500})\""
	want 422 .detail[0].field callback_url send buyer ',"callback_url":7'
	want 200 send buyer ',"callback_url":null'
	# The refusal of a target comes before that of the gate.
	want 422 send seller ',"callback_url":"https://10.0.0.1/"'
	# What was answered under a key is answered so again.
	want 200 send buyer ',"callback_url":"https://93.184.215.14/a",
	    "idempotency_key":"c1"'
	want 200 .idempotent true send buyer ',"idempotency_key":"c1",
	    "callback_url":"https://93.184.215.14/a"'
}

@test "events of the task go to its callback" {
	want 200 send buyer ',"callback_url":"https://93.184.215.14/a2a"'
	task=$(jq -r .task_id <<<"$body") escrow=$(jq -r .escrow_id <<<"$body")
	delivers seller
	[[ $(sqlite3 "$BZN_HOME/node.db" "SELECT group_concat(event, ' ') FROM
	    (SELECT h.events AS asked, d.event FROM hook_delivery d
	    JOIN hook_hook h ON h.id = d.hook_id
	    WHERE h.url = 'https://93.184.215.14/a2a' AND h.ref = '$escrow'
	    ORDER BY d.id)") == *task.created*task.completed* ]]
	# It is no webhook of the buyer's.
	want 200 .webhooks '[]' as buyer get /v1/webhooks
}

# vmp 13, 30
@test "discover lists what one asks for" {
	want 200 .protocol a2a .total 4 '.skills | length' 4 \
	    '.skills | map(.name) | contains(["echo_v1","plain_v1"])' true \
	    get /v1/a2a/discover
	want 200 .total 1 '.skills[0].name' echo_v1 \
	    '.skills[0].category' text \
	    '.skills[0].description' "Says it again" \
	    '.skills[0].price_tck' 2.00 '.skills[0].seller_cri | type' number \
	    '.skills[0].outputSchema.type' object \
	    get '/v1/a2a/discover?category=text'
	want 200 .total 0 '.skills' '[]' get '/v1/a2a/discover?category=none'
	want 200 .total 2 '.skills[0].category' general \
	    get '/v1/a2a/discover?max_price_tck=5'
	want 200 .total 1 get '/v1/a2a/discover?max_price=4.99'
	want 200 .total 0 get '/v1/a2a/discover?max_price=0'
	want 200 .total 4 '.skills | length' 1 get '/v1/a2a/discover?limit=1'
	want 200 .total 0 get '/v1/a2a/discover?min_seller_cri=99.9'
	want 200 .total 4 get '/v1/a2a/discover?min_seller_cri=5'
	want 200 .total 0 get '/v1/a2a/discover?realm=sandbox'
	want 422 .detail[0].field limit get '/v1/a2a/discover?limit=201'
	want 422 .detail[0].field limit get '/v1/a2a/discover?limit=-1'
	want 422 .detail[0].field realm get '/v1/a2a/discover?realm=x'
	want 422 .detail[0].field min_seller_cri \
	    get '/v1/a2a/discover?min_seller_cri=101'
}

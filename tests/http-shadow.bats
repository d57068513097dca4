# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# Trades without money, validators, benchmarks, caps: spec/vmp.md 2.11.
load common
load http
load market

setup_file() {
	grid
	serve
	join seller buyer other
}

@test "a shadow task moves no money, and tells how it would end (31, 39)" {
	offers seller 10.00 '{"output_schema":{"type":"object",
	    "required":["text"]}}'
	before=$(bzn-ledger balance buyer | jq -c .)
	want 200 .status SHADOW_QUEUED .shadow true .escrow_id null \
	    .simulated_cost 10.00 .simulated_tax 0.30 .simulated_payout 9.70 \
	    '.note|length>0' true as buyer post /v1/shadow/tasks/create \
	    "{\"skill_id\":\"$skill\",\"input_data\":{\"a\":1}}"
	task=$(jq -r .task_id <<<"$body")
	want 200 .state OPEN .shadow true .simulation.outcome SETTLED \
	    .simulation.financial_impact.buyer '-10.00 TCK' \
	    .simulation.financial_impact.seller '+9.70 TCK' \
	    .simulation.financial_impact.vault '+0.30 TCK' \
	    as buyer get "/v1/shadow/simulate/$task"
	want 200 .tasks[0].is_shadow true .tasks[0].escrow_id null \
	    .tasks[0].protocol shadow as seller get /v1/tasks/mine
	want 200 .settlement_status SHADOW_NO_ESCROW .shadow true \
	    .rules.verdict SCHEMA_MISMATCH as seller post \
	    /v1/tasks/complete "{\"task_id\":\"$task\",
	    \"output_data\":{\"n\":1},\"proof_hash\":\"x\"}"
	want 200 .simulation.outcome AUTO_REFUND \
	    .simulation.dispute_engine.reason SCHEMA_MISMATCH \
	    .simulation.financial_impact.buyer '+10.00 TCK (refunded)' \
	    as seller get "/v1/shadow/simulate/$task"
	want 200 .escrow null .status COMPLETED as buyer get "/v1/tasks/$task"
	[[ $(bzn-ledger balance buyer | jq -c .) == "$before" ]]
	want 403 .code not_task_party as other get \
	    "/v1/shadow/simulate/$task"
	want 404 .code task_missing as buyer get /v1/shadow/simulate/none
	want 401 get /v1/shadow/simulate/none
	want 401 post /v1/shadow/tasks/create '{}'
	want 422 as buyer post /v1/shadow/tasks/create '{"skill_id":"x"}'
	want 404 .code skill_missing as buyer post /v1/shadow/tasks/create \
	    '{"skill_id":"x","input_data":{}}'
	want 400 .code self_trade as seller post /v1/shadow/tasks/create \
	    "{\"skill_id\":\"$skill\",\"input_data\":{}}"
	sandboxed tester
	want 403 .code realm as tester post /v1/shadow/tasks/create \
	    "{\"skill_id\":\"$skill\",\"input_data\":{}}"
}

@test "validators are kept, attached, and judge what is delivered (58)" {
	local v1 v2

	want 200 .name short .type regex as buyer post /v1/validators \
	    '{"name":"short","type":"regex","config":{"field":"t",
	    "pattern":"^.{1,5}$"}}'
	v1=$(jq -r .validator_id <<<"$body")
	want 200 as buyer post /v1/validators '{"name":"object",
	    "type":"schema","config":{"schema":{"type":"object"}}}'
	v2=$(jq -r .validator_id <<<"$body")
	want 200 '.validators|length' 2 .validators[0].id "$v1" \
	    .validators[0].config.field t as buyer get /v1/validators
	want 200 .validators '[]' as seller get /v1/validators
	offers seller 1.00 '{"validators":[{"type":"non_empty",
	    "fields":["t"]}]}' judged_v1
	want 200 as buyer post /v1/tasks/create "{\"skill_id\":\"$skill\",
	    \"input_data\":{},\"validator_ids\":[\"$v1\",\"$v2\"]}"
	task=$(jq -r .task_id <<<"$body")
	want 200 .status deleted .validator_id "$v1" \
	    as buyer delete "/v1/validators/$v1"
	want 404 .code validator_missing as buyer delete "/v1/validators/$v1"
	want 404 .code validator_missing as seller delete "/v1/validators/$v2"
	want 200 '.tasks[]|select(.task_id=="'"$task"'")|.validator_ids[0]' \
	    "$v1" as seller get /v1/tasks/mine
	want 200 .results '[]' as buyer get "/v1/tasks/$task/validations"
	want 200 .rules.verdict VALIDATOR_FAILED \
	    .rules.details.validator_id "$v1" \
	    as seller post /v1/tasks/complete "{\"task_id\":\"$task\",
	    \"output_data\":{\"t\":\"too long\"},\"proof_hash\":\"x\"}"
	want 200 .task_id "$task" \
	    '.results|map(.validator_id)|join(" ")' \
	    "protocol:0:non_empty $v1 $v2" \
	    '.results|map(.result)|join(" ")' 'PASS FAIL PASS' \
	    '.results|map(.source)|join(" ")' 'protocol custom custom' \
	    as seller get "/v1/tasks/$task/validations"
	want 403 .code not_task_party \
	    as other get "/v1/tasks/$task/validations"
	want 404 as buyer get /v1/tasks/none/validations
	want 401 get "/v1/tasks/$task/validations"
}

@test "validators that are none are refused (18, 21)" {
	bad() {
		want "$1" "${@:3}" as other post /v1/validators \
		    "{\"name\":\"x\",$2}"
	}
	want 401 post /v1/validators '{}'
	want 401 get /v1/validators
	want 401 delete /v1/validators/x
	want 422 '.detail|map(.field)|sort|join(" ")' 'config name type' \
	    as other post /v1/validators '{}'
	bad 422 '"type":"magic","config":{}' .detail[0].field type
	bad 400 '"type":"schema","config":{}' .code validator_schema \
	    .detail "Schema validators require a 'schema' key in config"
	bad 400 '"type":"regex","config":{}' .code validator_pattern
	bad 422 '"type":"regex","config":{"pattern":"("}' \
	    '.detail[0].path|tojson' '["config","pattern"]'
	bad 422 '"type":"schema","config":{"schema":{"type":5}}' \
	    .detail[0].path[0] config
	bad 400 '"type":"webhook","config":{}' .code validator_https
	bad 400 '"type":"webhook","config":{"url":"http://a.example/"}' \
	    .code validator_https
	for host in 127.0.0.1 169.254.169.254 '[::ffff:10.0.0.1]' 2130706433 \
	    localhost; do
		bad 400 '"type":"webhook",
		    "config":{"url":"https://'"$host"'/"}' \
		    .code webhook_private
	done
	for _ in {1..20}; do
		bad 200 '"type":"regex","config":{"pattern":"a"}'
	done
	bad 400 '"type":"regex","config":{"pattern":"a"}' \
	    .code validator_limit .detail 'Maximum 20 validators per node'
}

@test "a benchmark is run, delivered and passed; the skill shows it" {
	local task

	want 200 '.suites|map(.id)|join(" ")' \
	    'sentiment_basic schema_compliance deterministic_echo' \
	    .suites[0].test_cases 5 .suites[0].skill_pattern sentiment \
	    get /v1/benchmarks
	want 200 .id sentiment_basic '.cases|length' 5 \
	    .cases[0].check_type field_match \
	    .cases[0].expected_field sentiment \
	    .cases[0].expected_value positive get /v1/benchmarks/sentiment_basic
	want 404 .code suite_missing \
	    .detail 'Benchmark suite not found: none' get /v1/benchmarks/none
	offers seller 1.00 '{}' echo_bench
	want 200 .suite deterministic_echo .skill_id "$skill" \
	    .skill_label echo_bench .cases_total 1 .status running \
	    .results[0].status pending '.results[0].repeat_task_id|length' 36 \
	    .results[0].input.text 'deterministic test' as buyer post \
	    "/v1/benchmarks/deterministic_echo/run?skill_id=$skill"
	bench=$(jq -r .benchmark_id <<<"$body")
	[[ $bench == bench_deterministic_echo_* ]]
	tasks=$(jq -r '.results[0]|.task_id, .repeat_task_id' <<<"$body")
	want 200 .status running .passed 0 .failed 0 .total 1 .verified false \
	    .verified_at null .cases[0].result PENDING \
	    get "/v1/benchmarks/runs/$bench"
	for task in $tasks; do
		delivers seller '{"a":1,"b":2}' "$task"
	done
	want 200 .status completed .passed 1 .verified true \
	    .cases[0].result PASS '.verified_at|length' 24 \
	    get "/v1/benchmarks/runs/$bench"
	want 200 '.listings[0].verified|join(" ")' deterministic_echo \
	    get '/v1/marketplace?q=echo_bench'
	want 404 .code run_missing get /v1/benchmarks/runs/none
	want 401 post /v1/benchmarks/sentiment_basic/run
	want 422 .detail[0].field skill_id \
	    as buyer post /v1/benchmarks/sentiment_basic/run
	want 404 .code suite_missing as buyer post \
	    "/v1/benchmarks/none/run?skill_id=$skill"
	want 404 .code skill_missing as buyer post \
	    '/v1/benchmarks/sentiment_basic/run?skill_id=none'
	want 400 .code self_trade as seller post \
	    "/v1/benchmarks/sentiment_basic/run?skill_id=$skill"
	for _ in {2..10}; do
		want 200 as buyer post \
		    "/v1/benchmarks/schema_compliance/run?skill_id=$skill"
	done
	want 429 .code rate_limited \
	    .detail 'Rate limit exceeded for node buyer' as buyer post \
	    "/v1/benchmarks/schema_compliance/run?skill_id=$skill"
}

@test "caps are set, shown and removed (8.8, 32)" {
	join capped
	put_() { as capped put /v1/node/canary "$1"; }

	want 401 get /v1/node/canary
	want 401 put /v1/node/canary '{}'
	want 401 post /v1/nodes/me/canary '{}'
	want 200 .node_id capped .max_spend_daily null \
	    .max_escrow_per_task null .max_active_exposure_pct null \
	    .canary.spent_today 0.00 .canary.remaining_today null \
	    .canary.active_exposure 0.00 .canary.exposure_limit 50.00 \
	    as capped get /v1/node/canary
	want 200 .max_spend_daily 20.00 .max_escrow_per_task 5.50 \
	    .max_active_exposure_pct 10 .canary.exposure_limit 10.00 \
	    .canary.remaining_today 20.00 put_ \
	    '{"max_spend_daily":2e1,"max_escrow_per_task":"5.5",
	    "max_active_exposure_pct":10}'
	want 200 .max_spend_daily 20.00 .max_escrow_per_task 5.50 put_ '{}'
	want 200 .max_spend_daily null .max_escrow_per_task 5.50 \
	    .max_active_exposure_pct null put_ \
	    '{"max_spend_daily":null,"max_active_exposure_pct":null}'
	for wrong in '"max_spend_daily":"text"' '"max_spend_daily":-1' \
	    '"max_spend_daily":0' '"max_spend_daily":1.005' \
	    '"max_escrow_per_task":true' '"max_active_exposure_pct":-1' \
	    '"max_active_exposure_pct":101' '"max_active_exposure_pct":"5"' \
	    '"max_active_exposure_pct":1.5'; do
		want 422 .code validation put_ "{$wrong}"
	done
	want 200 .max_spend_daily 7.00 .max_active_exposure_pct 0 \
	    .canary.exposure_limit null as capped post \
	    '/v1/nodes/me/canary?max_spend_daily=7&max_active_exposure_pct=0'
	want 200 .max_spend_daily null .max_escrow_per_task null as capped \
	    post /v1/nodes/me/canary \
	    '{"max_spend_daily":0,"max_escrow_per_task":-5}'
	want 422 as capped post /v1/nodes/me/canary \
	    '{"max_spend_daily":"text"}'
	want 422 as capped post '/v1/nodes/me/canary?max_spend_daily=text'
	want 200 .max_escrow_per_task 2.00 as capped post \
	    '/v1/nodes/me/canary?max_escrow_per_task=1' \
	    '{"max_escrow_per_task":"2"}'
}

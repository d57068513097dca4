# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common
load http

setup_file() {
	grid
	serve --access-log -
}

@test "health, with the fields of every reply" {
	want 200 .status ok .database connected get /health
	[[ $(field vmp-version) == 2026-03-18 ]]
	[[ $(field x-content-type-options) == nosniff ]]
	[[ $(field x-request-id) =~ ^[0-9a-f-]{36}$ ]]
	get /health -H 'X-Request-ID: my/own.id'
	[[ $(field x-request-id) == my/own.id ]]
}

@test "a node registers, and what is wrong with a request is told" {
	join alice
	want 400 .code node_exists .detail 'Node ID already registered' \
	    post /v1/node/register '{"node_id":"alice"}'
	want 400 .code reserved_id post /v1/node/register \
	    '{"node_id":"ESCROW-x"}'
	want 422 .code validation .detail[0].field node_id \
	    post /v1/node/register '{}'
	want 422 .detail[0].field 1 .detail[0].message 'JSON decode error' \
	    post /v1/node/register '{,}'
	want 400 .code no_challenge post /v1/node/verify \
	    '{"node_id":"nobody","solution":1}'
	has alice 100.00
}

@test "a wrong answer counts, though it is refused" {

	want 200 post /v1/node/register '{"node_id":"carol"}'
	for _ in 1 2 3; do
		want 400 .code challenge_wrong post /v1/node/verify \
		    '{"node_id":"carol","solution":0.5}'
	done
	want 400 .code no_challenge post /v1/node/verify \
	    '{"node_id":"carol","solution":0.5}'
}

@test "unknown paths, other methods" {
	want 404 .detail 'Not Found' get /v1/nothing
	want 405 .code method_not_allowed get /v1/node/register
	[[ $(field allow) == 'POST, OPTIONS' ]]
	want 501 .detail 'Not Implemented' .code bad_request .reason method \
	    call FOO /health
	want 204 call OPTIONS /v1/node/register
	[[ $(field allow) == 'POST, OPTIONS' ]]
	want 200 get /health/
	want 200 call HEAD /health
	[[ -z $body && $(field content-length) -gt 50 ]]
	want 421 .code wrong_host get /health -H 'Host: evil.example'
	want 200 get /health -H 'Host: grid.example'
}

@test "each request has its line, without what is secret" {
	local line

	want 404 get '/v1/nothing?token=secret&x=1&secret' -A 'agent "1"' \
	    -H 'X-API-KEY: bn_alice_secret' -H 'X-Request-ID: mine'
	line=$(grep '"id":"mine"' "$BZN_HOME/out")
	[[ $(jq -c '[.log, .ip, .method, .path, .query, .status, .code, .ua,
	    .http, .nth]' <<<"$line") == '["access","127.0.0.1","GET",'\
'"/v1/nothing","token&x&?",404,"not_found","agent \"1\"","1.1",1]' ]]
	[[ $line != *secret* ]]
}

@test "metrics in two forms, with the books" {
	want 200 get /metrics
	grep -q '^bzn_ledger_imbalance{unit="TCK"} 0$' <<<"$body"
	grep -q '^bzn_log_size [1-9]' <<<"$body"
	grep -q '^process_open_fds [1-9]' <<<"$body"
	grep -q '^bzn_http_requests_total{route="/health",method="GET",'\
'status="200"} [1-9]' <<<"$body"
	[[ $body != *'# EOF'* ]]
	if command -v promtool >out; then
		promtool check metrics <<<"$body"
	fi
	want 200 get /metrics \
	    -H 'Accept: application/openmetrics-text; version=1.0.0'
	[[ ${body##*$'\n'} == '# EOF' ]]
}

@test "pages of others, and those that may call" {
	want 200 get /health -H 'Origin: https://grid.example'
	[[ $(field access-control-allow-origin) == https://grid.example ]]
	[[ $(field vary) == Origin ]]
	[[ $(field access-control-expose-headers) == *X-Request-ID* ]]
	want 200 get /health -H 'Origin: https://evil.example'
	[[ -z $(field access-control-allow-origin) ]]
	want 204 call OPTIONS /v1/node/token \
	    -H 'Origin: https://grid.example' \
	    -H 'Access-Control-Request-Method: POST'
	[[ $(field access-control-allow-methods) == 'POST, OPTIONS' ]]
	[[ $(field access-control-allow-headers) == \
	    'Authorization, X-API-KEY, Content-Type, Idempotency-Key' ]]
	[[ $(field access-control-max-age) == 600 ]]
	[[ -z $(field access-control-allow-credentials) ]]
	want 204 call OPTIONS / --request-target '*'
}

# vmp 13, 48: what every reply below /v1 has, by 1.6.
has_all_fields() {
	local name

	for name in x-request-id vmp-version vmp-min-version \
	    x-response-time-ms x-accepts-payment link x-botnode-genesis; do
		[[ -n $(field "$name") ]] || fail "no $name: $(<fields)"
	done
}

@test "browsers are turned away, but not the operator" {
	local chrome='Mozilla/5.0 (X11) Chrome/120.0 Safari/537.36'

	want 406 .error 'Human interface not supported' \
	    .code human_interface .mission_protocol https://grid.example/mission.pdf \
	    post /v1/node/token -A "$chrome"
	[[ -n $(jq -r .reason <<<"$body") ]]
	[[ $(field vmp-version) == 2026-03-18 ]]
	has_all_fields
	want 401 post /v1/node/token -A 'Knowledge/1.0'
	has_all_fields
	want 401 post /v1/node/token -A "$chrome mcp-client"
	want 401 admin post /v1/node/token -A "$chrome"
	want 200 get /health -A "$chrome"
}

@test "texts that would turn an agent" {
	want 403 .error 'Guardian: request rejected' .code guardian_rejected \
	    post /v1/node/register '{"node_id":"a","x":["IGNORE \t\n all"]}'
	has_all_fields
	want 403 post /v1/node/register \
	    '{"node_id":"a","x":{"y":"please \u0073udo"}}'
	want 422 post /v1/node/register '{"node_id":"","x":"ignoreall"}'
}

@test "refusals in the form that is asked for" {
	want 404 .status 404 .title 'Not Found' .code not_found \
	    .type urn:bzn:error:not_found .instance /v1/nothing \
	    get /v1/nothing -H 'Accept: application/problem+json'
	[[ $(field content-type) == application/problem+json ]]
	want 422 .status 422 .errors[0].field node_id \
	    post /v1/node/register '{}' -H 'Accept: application/problem+json'
	want 404 .error.code not_found .error.message 'Not Found' \
	    get /api/nothing
}

@test "what is not JSON, or not of JSON" {
	want 422 .detail[0].field body post /v1/node/register \
	    '{"node_id":"xyz"}' -H 'Content-Type: text/plain'
	want 422 .detail[0].message 'JSON decode error' .detail[0].field 15 \
	    post /v1/node/register '{"node_id":"a" "b"}'
	want 422 post /v1/node/register '{"node_id":"a\u0000"}'
	want 422 post /v1/node/register '{"node_id":"abc","node_id":"abd"}'
	want 422 post /v1/node/register "$(printf '[%.0s' {1..65})"
	want 200 post /v1/node/register '{"node_id":"typed"}' \
	    -H 'Content-Type: application/vnd.x+json; charset=utf-8'
	want 413 .code body_too_large post /v1/node/register \
	    "{\"node_id\":\"$(printf 'x%.0s' {1..66000})\"}"
}

@test "what begins as a document is not sent again" {
	local tag

	want 200 .openapi 3.1.0 get /openapi.json
	tag=$(field etag)
	[[ $tag == '"'*'"' && $(field cache-control) == \
	    'public, max-age=300' ]]
	want 304 get /openapi.json -H "If-None-Match: \"x\", $tag"
	[[ -z $body ]]
	want 200 get /openapi.json -H 'If-None-Match: "x"'
}

@test "another configuration is read at a HUP, and a bad one is not" {
	local pid
	pid=$(<"$BZN_HOME/pid")

	echo 'human_filter no' >>"$BZN_HOME/bzn.conf"
	kill -HUP "$pid"
	soon grep -q '"event":"reloaded"' "$BZN_HOME/log"
	want 401 post /v1/node/token -A 'Firefox/1'
	echo 'no_such_thing 1' >>"$BZN_HOME/bzn.conf"
	kill -HUP "$pid"
	soon grep -q '"event":"reload failed"' "$BZN_HOME/log"
	want 401 post /v1/node/token -A 'Firefox/1'
	sed -i '/^human_filter/d; /^no_such/d' "$BZN_HOME/bzn.conf"
	kill -HUP "$pid"
	soon eval 'post /v1/node/token -A Firefox/1; [[ $code == 406 ]]'
}

# shellcheck shell=bats disable=SC2030,SC2031,SC2154
load common
load http

setup_file() {
	grid
	serve
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
	want 204 call OPTIONS /v1/node/register
	[[ $(field allow) == 'POST, OPTIONS' ]]
	want 200 get /health/
	want 200 call HEAD /health
	[[ -z $body && $(field content-length) -gt 50 ]]
	want 421 .code wrong_host get /health -H 'Host: evil.example'
	want 200 get /health -H 'Host: grid.example'
}

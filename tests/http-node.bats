# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# Who the nodes are: spec/vmp.md 2.1.
load common
load http

setup_file() {
	grid
	serve
	(cd "$BATS_FILE_TMPDIR" && join alice bob)
}

# sync BODY: by the token for it.
sync() {
	post /api/v1/admin/sync/node "$1" -H \
	    "Authorization: Bearer $(<"$BZN_HOME/identity/sync_token")"
}

@test "a node as everybody sees it" {
	want 200 .node_id alice .reputation 1 .strikes 0 .active true \
	    .member_since 2026-11-20T08:00:00.000Z .skills '[]' \
	    .cri_score 30 .level.id 0 .level.name Spawn .level.emoji egg \
	    .has_genesis_badge false .genesis_rank null .sandbox false \
	    get /v1/nodes/alice
	[[ $body == *'"reputation":1.0,'*'"cri_score":30.0,'* ]]
	want 404 .code node_missing .detail 'Node not found' \
	    get /v1/nodes/nobody
	want 404 .code node_missing get /v1/nodes/%20%C3%A9
	at bzn-market publish --provider alice --label csv_parser_v1 \
	    --price 0.5 >out
	want 200 '.skills | length' 1 .skills[0].label csv_parser_v1 \
	    .skills[0].price 0.50 '.skills[0].id | length' 36 \
	    get /v1/nodes/alice
}

@test "the profile of a node" {
	want 200 .node_id bob .cri_score 30 .level.name Spawn \
	    .level.tck_spent 0 .level.cri_min 0 .genesis.is_genesis false \
	    .genesis.genesis_rank null .stats.skills_published 0 \
	    .stats.trades_completed 0 .stats.unique_counterparties 0 \
	    .skills '[]' .sandbox false get /v1/nodes/bob/profile
	[[ $body == *'"tck_spent":0.00,"cri_min":0.0}'* ]]
	want 404 .code node_missing get /v1/nodes/nobody/profile
}

@test "a banned node is shown as one, and offers nothing" {
	join dan
	at bzn-market publish --provider dan --label gone_v1 --price 1 >out
	want 200 .skills[0].label gone_v1 get /v1/nodes/dan
	for _ in 1 2 3; do
		at bzn-node strike dan --reason x >out
	done
	want 200 .active false .strikes 3 .reputation 0.729 .cri_score 0 \
	    .skills '[]' get /v1/nodes/dan
	want 200 .skills '[]' .stats.skills_published 0 \
	    get /v1/nodes/dan/profile
}

@test "the levels, which others may keep for a while" {
	want 200 '.levels | length' 5 .levels[3].name Master \
	    .levels[3].tck_spent_required 10000.00 \
	    .levels[3].cri_min_required 80 .levels[1].emoji gear \
	    get /v1/levels
	want 304 get /v1/levels -H "If-None-Match: $(field etag)"
}

@test "early access: a token that a node may bring" {
	local token

	want 200 .status pre_eligible post /v1/early-access \
	    '{"email":"A.b@Example.org","node_name":"n","agent_type":""}'
	token=$(jq -r .signup_token <<<"$body")
	[[ $token =~ ^ea_[A-Za-z0-9_-]{22}$ ]]
	want 200 post /v1/early-access '{"email":"a.b@example.org"}'
	[[ $(jq -r .signup_token <<<"$body") != "$token" ]]
	want 400 .code signup_unknown post /v1/node/register \
	    '{"node_id":"early","signup_token":"ea_0"}'
	want 200 post /v1/node/register \
	    "{\"node_id\":\"early\",\"signup_token\":\"$token\"}"
	want 200 post /v1/node/verify \
	    "{\"node_id\":\"early\",\"solution\":$(solve)}"
	want 400 .code signup_linked post /v1/node/register \
	    "{\"node_id\":\"late\",\"signup_token\":\"$token\"}"
}

@test "early access: what is no address, and texts that are too long" {
	local bad long
	long=$(printf 'x%.0s' {1..251})

	for bad in '' a @b.c a@b a@@b.c 'a b@c.d' a@b. "$long@b.c"; do
		want 422 .code validation .detail[0].field email \
		    post /v1/early-access "{\"email\":\"$bad\"}"
	done
	want 422 .detail[0].field email post /v1/early-access '{}'
	want 422 '.|[.detail[].field] | join(" ")' 'email agent_type' \
	    post /v1/early-access "{\"email\":7,\"agent_type\":\"$long\"}"
	want 422 .code validation post /v1/early-access \
	    '{"email":"a@b.c","node_name":"a\u001bb"}'
}

@test "11: a node that the operator makes has nothing" {
	want 401 .code sync_denied .detail 'Admin authentication failed' \
	    post /api/v1/admin/sync/node '{"id":"house"}'
	want 401 .code sync_denied admin post /api/v1/admin/sync/node \
	    '{"id":"house"}'
	want 200 .status success .node_id house '.ignored | join(" ")' \
	    'balance ip_address reputation_score' sync '{"id":"house",
	    "balance":"100.00","reputation_score":9.5,
	    "ip_address":"192.0.2.1","x":1}'
	is 4 "" "bzn-ledger: no account 'house' (no_account)" \
	    bzn-ledger balance house
	want 200 .active true get /v1/nodes/house
	is 0 true "" bash -c "bzn-ledger --now $clock reconcile --json |
	    jq -s 'all(.valid)'"
	# Its key is made beside it, and only the hash is sent.
	bzn-keygen api-key house >house.key
	want 200 sync "{\"id\":\"house\",
	    \"api_key_hash\":\"$(jq -r .hash house.key)\"}"
	want 200 .node_id house get /v1/node/me \
	    -H "X-API-KEY: $(jq -r .api_key house.key)"
	want 200 .ignored '[]' sync '{"id":"house","active":false}'
	want 401 .code node_unknown_or_banned get /v1/node/me \
	    -H "X-API-KEY: $(jq -r .api_key house.key)"
	want 200 .active false get /v1/nodes/house
	want 200 sync '{"id":"house-sandbox","realm":"sandbox",
	    "created_at":"2026-01-02T03:04:05Z"}'
	want 200 .sandbox true .member_since 2026-01-02T03:04:05.000Z \
	    get /v1/nodes/house-sandbox
}

@test "the operator's nodes: names, realms and times that cannot be" {
	local id

	for id in vault MINT escrow-1 me mine sandbox-1; do
		want 400 .code reserved_id sync "{\"id\":\"$id\"}"
	done
	for id in '' 'a b' "$(printf 'x%.0s' {1..101})"; do
		want 422 .detail[0].field id sync "{\"id\":\"$id\"}"
	done
	want 422 .detail[0].field created_at sync \
	    '{"id":"x","created_at":"yesterday"}'
	want 422 .detail[0].field created_at sync \
	    '{"id":"x","created_at":"2030-01-01T00:00:00Z"}'
	want 422 .detail[0].field realm sync '{"id":"x","realm":"moon"}'
	want 422 .detail[0].field balance sync '{"id":"x","balance":-1}'
	want 422 .detail[0].field reputation_score sync \
	    '{"id":"x","reputation_score":11}'
	want 422 .detail[0].field api_key_hash sync \
	    '{"id":"x","api_key_hash":"secret"}'
	want 200 sync '{"id":"botnode-official"}'
	want 400 .code node_exists sync \
	    '{"id":"botnode-official","realm":"sandbox"}'
	want 404 get /v1/nodes/x
}

@test "the operator's node acts by a key whose hash was given" {
	local key hash

	at bzn-keygen api-key keyed >made
	key=$(jq -r .api_key made)
	hash=$(jq -r .hash made)
	want 200 .ignored '[]' sync \
	    "{\"id\":\"keyed\",\"api_key_hash\":\"$hash\"}"
	want 200 post /v1/node/token -H "X-API-KEY: $key"
}

@test "24: names that nobody may register" {
	local id

	for id in VAULT mint house mine ESCROW-x sandbox-1 botnode-official \
	    House-1; do
		want 400 .code reserved_id .detail 'Node ID is reserved' \
		    post /v1/node/register "{\"node_id\":\"$id\"}"
	done
}

@test "26: two answers at the same time, of which one makes the node" {
	local i answer codes

	for i in 1 2 3 4; do
		want 200 post /v1/node/register "{\"node_id\":\"twin$i\"}"
		answer="{\"node_id\":\"twin$i\",\"solution\":$(solve)}"
		printf '%s\n' \
		    "url = $url/v1/node/verify" "data = @answer" \
		    'header = "Content-Type: application/json"' \
		    'output = a' 'write-out = "%{http_code}\n"' 'silent' next \
		    "url = $url/v1/node/verify" "data = @answer" \
		    'header = "Content-Type: application/json"' \
		    'output = b' 'write-out = "%{http_code}\n"' 'silent' >conf
		echo "$answer" >answer
		codes=$(curl --parallel --parallel-immediate -K conf | sort |
		    xargs)
		[[ $codes == '200 400' ]]
		[[ $(cat a b | jq -r 'select(.code) | .code') == \
		    @(node_exists|no_challenge) ]]
		has "twin$i" 100.00
	done
}

# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# What trades say of nodes: spec/vmp.md 2.7, 2.8, 5.
load common
load http

setup_file() {
	grid
	serve
	(cd "$BATS_FILE_TMPDIR" && join alice bob carol && trade alice bob)
}

# trade BUYER SELLER [PRICE]: one that settles, directly.
trade() {
	at bzn-escrow lock --buyer "$1" --seller "$2" --amount "${3:-1.00}" \
	    >locked &&
	    echo '{}' >output &&
	    at bzn-escrow complete "$(jq -r .escrow_id locked)" --as "$2" \
	    --output output --proof-hash x >delivered || return 1
	pass 86400
	at bzn-settle >settled
}

# report TARGET [BODY]: a report of it.
report() {
	post "/v1/report/malfeasance?node_id=$1" "${@:2}"
}

# verify TOKEN
verify() { post /v1/cri/verify "{\"token\":\"$1\"}"; }

# certify NODE: the claims that were signed for it are in $body, $token.
certify() {
	want 200 get "/v1/nodes/$1/cri/certificate" &&
	    token=$(jq -r .certificate <<<"$body")
}

@test "the score of a node, part by part" {
	want 200 .node_id bob .factors.base.max 30 \
	    .factors.transaction_score.raw 1 \
	    .factors.diversity_score.raw_unique 1 \
	    .factors.volume_score.raw_tck 1.00 \
	    .factors.genesis_bonus.has_badge false \
	    .penalties.dispute_penalty.total_tasks 1 \
	    .penalties.strike_penalty.per_strike 15 \
	    .adjustments.decay_factor 1 .adjustments.genesis_floor false \
	    '.formula | type' string get /v1/nodes/bob/cri
	[[ $body == *'"cri_score":50.3,'*'"value":15.00,'* ]]
	want 404 .code node_missing get /v1/nodes/nobody/cri
}

@test "the level of a node, and what it would be allowed" {
	want 200 .node_id alice .level_id 0 .level_name Spawn .emoji egg \
	    .tck_spent 1 .progress.next_level Worker \
	    .progress.tck_needed 100.00 .progress.tck_progress 0.01 \
	    .progress.cri_met true .capabilities.can_create_escrow true \
	    .capabilities.can_post_bounty false \
	    .capabilities.can_submit_bounty false \
	    .capabilities.can_publish_skill false \
	    .capabilities.can_subscribe_webhooks false \
	    get /v1/nodes/alice/level
	want 404 .code node_missing get /v1/nodes/nobody/level
}

@test "the leaderboard: production only, by score, in pages" {
	at bzn-node sandbox >out
	want 200 '.|[.leaderboard[].node_id] | join(" ")' 'alice bob carol' \
	    .total 3 .limit 20 .offset 0 .leaderboard[0].level_name Spawn \
	    .leaderboard[0].has_genesis_badge false get /v1/leaderboard
	want 200 '.|[.leaderboard[].node_id] | join(" ")' bob .total 3 \
	    .limit 1 .offset 1 get '/v1/leaderboard?limit=1&offset=1'
}

@test "34: pages of sizes that cannot be" {
	local bad

	for bad in limit=-1 limit=0 limit=101 limit=abc limit=1.5 limit= \
	    offset=-1 offset=x 'limit=1&limit=2'; do
		want 422 .code validation get "/v1/leaderboard?$bad"
		want 422 .code validation get "/v1/bounties?$bad"
	done
	want 422 .detail[0].field limit get '/v1/leaderboard?limit=-1'
}

@test "a report needs a trade, and counts once" {
	want 401 .code api_key_format report bob
	want 422 .detail[0].field node_id as alice post \
	    /v1/report/malfeasance
	want 422 .detail[0].field reason as alice report bob '{"reason":7}'
	want 422 .detail[0].field task_id as alice report bob \
	    '{"task_id":"a b"}'
	want 400 .code self_report .detail 'Cannot report yourself' \
	    as alice report alice
	want 404 .code node_missing as alice report nobody
	want 403 .code report_not_eligible as carol report bob
	want 200 .status STRIKE_LOGGED .current_strikes 1 .counted true \
	    as alice report bob '{"reason":"It sent nothing of use"}'
	want 200 .status REPORT_LOGGED .current_strikes 1 .counted false \
	    as alice report bob
	want 200 .penalties.strike_penalty.value 15 get /v1/nodes/bob/cri
	want 200 .strikes 1 .reputation 0.9 get /v1/nodes/bob
}

@test "17: a report does not cross realms" {
	at bzn-node sandbox >out
	want 403 .code realm \
	    .detail 'Production nodes cannot trade with sandbox nodes' \
	    as alice report "$(jq -r .node_id out)"
}

@test "27: three reports by one fresh node do not ban, three nodes do" {
	local i

	join fresh victim one two six
	for i in 1 2 3; do
		want 403 .code report_not_eligible as fresh report victim
	done
	want 200 .active true .strikes 0 get /v1/nodes/victim
	for i in one two six; do
		trade "$i" victim
	done
	for i in 1 2 3; do
		want 200 .current_strikes 1 as one report victim
	done
	want 200 .current_strikes 2 as two report victim
	want 200 .status BANNED .event PERMANENT_NODE_PURGE \
	    .node_id victim .confiscated_balance 102.91 \
	    as six report victim
	want 409 .code already_banned as one report victim
	want 401 .code node_unknown_or_banned as victim report one
	want 200 .cri_score 0 get /v1/nodes/victim/cri
	want 200 .capabilities.can_create_escrow false \
	    get /v1/nodes/victim/level
	want 200 .cri_score 0 .history.strikes 3 \
	    get /v1/nodes/victim/cri/certificate
	has victim 0.00
}

@test "a certificate, and what is said of it" {
	certify alice
	want 200 .node_id alice '.attestation == .certificate' true \
	    '.score.score == .cri_score' true \
	    '.score.components | length' 10 .history.trades_completed 1 \
	    '.valid_until - (.score.computed_at | sub("\\.000Z"; "Z") |
	    fromdate)' 3600 '.kid | length' 43 \
	    .verify_url https://grid.example/v1/cri/verify \
	    .public_key_url \
	    https://grid.example/.well-known/botnode-cri-pubkey.pem \
	    .jwks_url https://grid.example/.well-known/jwks.json \
	    get /v1/nodes/alice/cri/certificate
	want 200 .valid true .node_id alice .issuer grid.example \
	    .node_active true '.current_score == .cri_score' true \
	    '.expires_at - .issued_at' 3600 '.cri_factors | length' 7 \
	    '.cri_penalties | length' 3 .history.level Spawn \
	    .evidence.origin ledger.example/test verify "$token"
	want 404 .code node_missing get /v1/nodes/nobody/cri/certificate
}

@test "what is no certificate is told to be none" {
	certify alice
	want 422 .detail[0].field token post /v1/cri/verify '{}'
	want 422 .detail[0].field body post /v1/cri/verify
	want 422 .detail[0].field token post /v1/cri/verify '{"token":7}'
	for bad in x a.b.c "${token%???}" "${token/./x.}" \
	    "${token/./.e30}"; do
		want 200 .valid false \
		    .error 'Invalid or tampered certificate' verify "$bad"
	done
	pass 3599
	want 200 .valid true verify "$token"
	pass 1
	want 200 .valid false .error \
	    'Certificate expired. Request a fresh one from the node.' \
	    verify "$token"
}

@test "41: a score is the same wherever it is asked for" {
	local score node

	pass 12345
	for node in alice bob carol; do
		want 200 get "/v1/nodes/$node/cri"
		score=$(jq .cri_score <<<"$body")
		want 200 .cri_score "$score" get "/v1/nodes/$node"
		want 200 .cri_score "$score" get "/v1/nodes/$node/profile"
		want 200 .cri "$score" get "/v1/nodes/$node/level"
		certify "$node"
		want 200 .cri_score "$score" .current_score "$score" \
		    verify "$token"
		is 0 "{\"node_id\":\"$node\",\"cri_score\":$(jq -r \
		    '.cri_score * 10 | "\(. / 10 | floor).\(. % 10)"' \
		    <<<"$body")}" "" at bzn-cri score "$node"
	done
}

@test "50: the key over HTTP, and a certificate that others verify" {
	want 200 get /.well-known/botnode-cri-pubkey.pem
	[[ $(field content-type) == application/x-pem-file* ]]
	printf '%s\n' "$body" >pub.pem
	openssl pkey -pubin -in pub.pem -noout
	want 304 get /.well-known/botnode-cri-pubkey.pem \
	    -H "If-None-Match: $(field etag)"
	want 200 get /.well-known/jwks.json
	printf '%s\n' "$body" >jwks.json
	certify alice
	is 0 "grid.example alice 10 ledger.example/test" "" \
	    /usr/bin/python3 - "$token" "${clock:1:10}" <<-'END'
	import datetime, json, sys, jwt
	from unittest import mock
	token, now = sys.argv[1], int(sys.argv[2])
	head = jwt.get_unverified_header(token)
	keys = {k["kid"]: k for k in json.load(open("jwks.json"))["keys"]}
	web = jwt.algorithms.RSAAlgorithm.from_jwk(
	    json.dumps(keys[head["kid"]]))
	options = {"verify_exp": False, "verify_iat": False}
	for key in (web, open("pub.pem").read()):
	    claims = jwt.decode(token, key, algorithms=["RS256"],
	        issuer="grid.example", options=options)
	assert head["alg"] == "RS256" and head["typ"] == "JWT"
	assert "aud" not in claims and claims["exp"] - now == 3600
	assert claims["iat"] == now
	for i in range(0, len(token), 97):
	    if token[i] == ".":
	        continue
	    bad = token[:i] + ("A" if token[i] != "A" else "B") + token[i + 1:]
	    try:
	        jwt.decode(bad, web, algorithms=["RS256"], options=options)
	        print("taken though changed at", i)
	    except jwt.PyJWTError:
	        pass
	print(claims["iss"], claims["sub"], len(claims["cri"]["factors"]) +
	    len(claims["cri"]["penalties"]), claims["evidence"]["origin"])
	END
	is 0 true "" bash -c "bzn-cri --now $clock verify --pubkey pub.pem \
	    '$token' | jq .valid"
}

@test "43: locks that time out buy no level" {
	local i spent

	want 200 get /v1/nodes/carol/level
	spent=$(jq .tck_spent <<<"$body")
	for i in 1 2 3; do
		at bzn-escrow lock --buyer carol --seller bob --amount 20 \
		    >locked
		want 200 .tck_spent "$(jq -n "$spent + 20")" \
		    get /v1/nodes/carol/level
		pass $((72 * 3600))
		at bzn-settle >settled
	done
	want 200 .tck_spent "$spent" get /v1/nodes/carol/level
}

@test "51: an access token is no certificate, nor the other way round" {
	want 200 as alice post /v1/node/token
	want 200 .valid false .error 'Invalid or tampered certificate' \
	    verify "$(jq -r .access_token <<<"$body")"
	certify alice
	want 401 .code token_invalid post /v1/node/token \
	    -H "Authorization: Bearer $token"
}

# vmp 13, 57
@test "asking writes nothing, whatever is asked" {
	local before path

	before=$(sqlite3 -readonly "$BZN_HOME/node.db" .dump | sha256sum)
	for path in /v1/nodes/bob /v1/nodes/bob/cri /v1/nodes/bob/level \
	    /v1/nodes/bob/profile /v1/node/bob/badge.svg /v1/leaderboard \
	    /v1/genesis /v1/genesis/leaderboard /v1/verifier-pioneers \
	    /v1/network/stats /v1/marketplace /nodes/bob; do
		want 200 get "$path"
	done
	want 200 as bob get /v1/seller/stats
	want 200 admin get '/v1/admin/transactions?account=bob&limit=1'
	[[ $(sqlite3 -readonly "$BZN_HOME/node.db" .dump | sha256sum) == \
	    "$before" ]]
}

@test "badges and pioneers, of which there are none" {
	want 200 . '[]' get /v1/genesis
	[[ $body == '[]' ]]
	want 200 .genesis_nodes '[]' .slots_total 200 .slots_filled 0 \
	    get /v1/genesis/leaderboard
	want 200 .program 'Verifier Pioneer' .slots_total 20 \
	    .slots_filled 0 .slots_remaining 20 .bonus_tck 500.00 \
	    .threshold_verifications 10 .pioneers '[]' \
	    get /v1/verifier-pioneers
}

@test "a badge for an early one that sells" {
	local token

	want 200 post /v1/early-access '{"email":"a@b.c","node_name":"Real"}'
	token=$(jq -r .signup_token <<<"$body")
	want 200 post /v1/node/register \
	    "{\"node_id\":\"early\",\"signup_token\":\"$token\"}"
	want 200 post /v1/node/verify \
	    "{\"node_id\":\"early\",\"solution\":$(solve)}"
	trade carol early
	want 200 '. | length' 1 .[0].rank 1 .[0].node_id early \
	    .[0].name null .[0].awarded_at "$(date -u -d "@${clock:1:10}" \
	    +%Y-%m-%dT%H:%M:%S.000Z)" get /v1/genesis
	want 200 .slots_filled 1 .genesis_nodes[0].trades_completed 1 \
	    .genesis_nodes[0].rank 1 '.genesis_nodes[0].cri_score > 50' \
	    true get /v1/genesis/leaderboard
	want 200 .has_genesis_badge true .genesis_rank 1 get /v1/nodes/early
	want 200 .genesis.is_genesis true get /v1/nodes/early/profile
	has early 400.97
}

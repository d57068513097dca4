# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Who calls: spec/vmp.md 1.4, spec/protocols.md 2.1.
load common
load http

setup_file() {
	grid
	serve
	(cd "$BATS_FILE_TMPDIR" && join alice bob c_d)
}

# key NODE: its API key.
key() { cat "$BZN_HOME/keys/$1"; }

# bearer TEXT: the option for curl.
bearer() { post /v1/node/token -H "Authorization: Bearer $1"; }

@test "an API key, in both forms, of a node with an underscore too" {
	want 200 .expires_in 900 as alice post /v1/node/token
	want 200 .token_type bearer bearer "$(key alice)"
	want 200 post /v1/node/token -H "authorization: bEARER $(key c_d)"
	want 200 as c_d post /v1/node/token
}

@test "each way not to be known, and all are told how" {
	local secret
	secret=$(key alice | sed 's/.*_//')

	want 401 .code api_key_format .detail 'Invalid API Key format' \
	    post /v1/node/token
	[[ $(field www-authenticate) == Bearer ]]
	want 401 .code api_key_format post /v1/node/token -H 'X-API-KEY: xx'
	want 401 .code api_key_structure post /v1/node/token \
	    -H 'X-API-KEY: bn_alice'
	want 401 .code node_unknown_or_banned post /v1/node/token \
	    -H "X-API-KEY: bn_nobody_$secret"
	want 401 .code auth_failed post /v1/node/token \
	    -H "X-API-KEY: bn_bob_$secret"
	want 401 .code auth_failed bearer "bn_alice_${secret//[0-9]/0}"
	want 401 .code auth_failed bearer "$(key alice)0"
	want 401 .code auth_failed bearer "$(key alice | head -c -2)"
	want 401 .code auth_scheme post /v1/node/token \
	    -H 'Authorization: Basic YTpi'
	want 401 .code auth_scheme post /v1/node/token \
	    -H 'Authorization: Bearer' -H "X-API-KEY: $(key alice)"
	# A bad Authorization is not saved by a good key.
	want 401 .code token_invalid post /v1/node/token \
	    -H 'Authorization: Bearer no.to.ken' \
	    -H "X-API-KEY: $(key alice)"
	# Twice is not once, and what is not ASCII is no key.
	want 400 post /v1/node/token -H "X-API-KEY: $(key alice)" \
	    -H "X-API-KEY: $(key bob)"
	want 400 post /v1/node/token -H $'X-API-KEY: bn_\xc3\xa9_1'
}

# forge FILTER: the token of alice, with its claims changed, signed again.
forge() {
	/usr/bin/python3 - "$BZN_HOME/identity/token_private.pem" "$1" "${2:-RS256}" \
	    <<-'END'
	import base64, json, subprocess, sys
	import jwt
	key = open(sys.argv[1]).read()
	claims = {"sub": "alice", "role": "node", "exp": 1795162500,
	    "iss": "botnode-orchestrator", "aud": "botnode-grid",
	    "iat": 1795161600}
	claims.update(json.loads(sys.argv[2]))
	claims = {k: v for k, v in claims.items() if v is not None}
	if sys.argv[3] == "RS256":
	    print(jwt.encode(claims, key, algorithm="RS256"))
	elif sys.argv[3] == "none":
	    print(jwt.encode(claims, None, algorithm="none"))
	else:
	    pub = subprocess.run(["openssl", "pkey", "-pubout"], input=key,
	        text=True, capture_output=True).stdout
	    import hmac, hashlib
	    b = lambda x: base64.urlsafe_b64encode(x).rstrip(b"=").decode()
	    head = b(b'{"alg":"HS256","typ":"JWT"}') + "." + \
	        b(json.dumps(claims).encode())
	    print(head + "." + b(hmac.new(pub.encode(), head.encode(),
	        hashlib.sha256).digest()))
	END
}

@test "an access token, and those that are none" {
	want 200 as alice post /v1/node/token
	token=$(jq -r .access_token <<<"$body")
	[[ $(jq -r .session_token <<<"$body") == "$token" ]]
	want 200 bearer "$token"
	want 200 bearer "$(forge '{}')"
	want 401 .code token_expired .detail 'Token expired' \
	    bearer "$(forge '{"exp": 1795161600}')"
	want 401 .code token_invalid bearer "$(forge '{"aud": "another"}')"
	want 401 .code token_invalid bearer "$(forge '{"aud": null}')"
	want 401 .code token_invalid bearer "$(forge '{"iss": "another"}')"
	want 401 .code token_invalid bearer "$(forge '{"role": "admin"}')"
	want 401 .code token_invalid bearer "$(forge '{"sub": null}')"
	want 401 .code node_unknown_or_banned \
	    bearer "$(forge '{"sub": "nobody"}')"
	want 401 .code token_invalid bearer "$(forge '{}' none)"
	want 401 .code token_invalid bearer "$(forge '{}' HS256)"
	want 401 .code token_invalid bearer "${token%?}"
	[[ $body == *'"detail":"Invalid token: '* ]]
	pass 899
	want 200 bearer "$token"
	pass 1
	want 401 .code token_expired bearer "$token"
}

@test "a key that is replaced stops, and a replay does not show the new one" {
	local old new

	old=$(key bob)
	want 200 as bob post /v1/node/key/rotate -H 'Idempotency-Key: r1'
	new=$(jq -r .api_key <<<"$body")
	[[ $new == bn_bob_* && $new != "$old" ]]
	want 401 .code auth_failed bearer "$old"
	echo "$new" >"$BZN_HOME/keys/bob"
	want 200 as bob post /v1/node/token
	want 200 .api_key null .idempotent true \
	    as bob post /v1/node/key/rotate -H 'Idempotency-Key: r1'
	want 200 as bob post /v1/node/token
}

@test "a key of an older grid is taken once, and kept as ours" {
	local secret=0123456789abcdef0123456789abcdef

	want 200 .status success post /api/v1/admin/sync/node \
	    '{"id":"my_node_1","api_key_hash":"$pbkdf2-sha256$29000$'\
'MDEyMzQ1Njc4OWFiY2RlZg$Yvwo8JrmLnqdij2NIPLfe5tTuBJma9QIDGA5YNCR8C4"}' \
	    -H "Authorization: Bearer $(<"$BZN_HOME/identity/sync_token")"
	echo "bn_my_node_1_$secret" >"$BZN_HOME/keys/my_node_1"
	want 401 .code auth_failed post /v1/node/token \
	    -H "X-API-KEY: bn_my_node_1_${secret/0/1}"
	want 200 as my_node_1 post /v1/node/token
	is 0 64 "" sqlite3 "$BZN_HOME/node.db" "SELECT length(hash)
	    FROM node_access WHERE node_id = 'my_node_1'"
	want 200 as my_node_1 post /v1/node/token
	want 401 .code auth_failed post /v1/node/token \
	    -H "X-API-KEY: bn_my_node_1_${secret/0/1}"
}

@test "a banned node is nobody" {
	local i

	join dan
	want 200 as dan post /v1/node/token
	token=$(jq -r .access_token <<<"$body")
	for i in 1 2 3; do
		at bzn-node strike dan --reason "$i" >out
	done
	want 401 .code node_unknown_or_banned as dan post /v1/node/token
	want 401 .code node_unknown_or_banned bearer "$token"
}

@test "the operator is who has the key, and metrics are for this machine" {
	want 200 get /metrics
	[[ $(field content-type) == 'text/plain; version=0.0.4; '* ]]
	grep -q '^bzn_http_requests_total{route="/v1/node/token"' <<<"$body"
}

@test "who comes by way of a proxy is not of this machine" {
	local line

	want 200 get /metrics -H 'Host: localhost'
	for line in 'X-Forwarded-For: 127.0.0.1' 'Forwarded: for=127.0.0.1' \
	    'Via: 1.1 proxy' 'X-Real-IP: 127.0.0.1' 'X-Forwarded-Proto: https' \
	    'X-Forwarded-Host: localhost' 'Host: grid.example'; do
		want 401 .code admin_missing get /metrics -H "$line"
		[[ $body != *bzn_http* ]]
		want 200 admin get /metrics -H "$line"
	done
	want 401 .code admin_denied get /metrics -H 'Via: 1.1 proxy' \
	    -H 'Authorization: Bearer x'
}

# signed METHOD PATH BODY [CURL OPTION...]: by the key in peer/, with what is
# in $sign besides.
signed() {
	local method=$1 path=$2 line fields=()

	printf '%s' "$3" >content
	bzn-sign http --home peer --now "$clock" -X "$method" \
	    --type application/json --body content "${sign[@]}" \
	    "https://grid.example$path" >lines || return 1
	while IFS= read -r line; do
		fields+=(-H "$line")
	done <lines
	call "$method" "$path" "${wrong-$3}" "${fields[@]}" "${@:4}"
}

@test "a request signed by the key that a node's id names" {
	local id answer sign=()

	mkdir peer
	identity peer \
	    9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60
	id=$(<peer/identity/node_id.txt)
	printf 'test_clock yes\n' >peer/bzn.conf
	want 401 .code unknown_peer signed POST /v1/node/token '{}'
	bzn-card show --home peer --now "$clock" --name peer \
	    --endpoint https://peer.example >card
	want 400 .code reserved_id signed POST /v1/node/register \
	    "{\"node_id\":\"$id\"}"			# not known yet
	want 201 signed POST /api/identity/import "$(<card)"

	# Nobody else registers in its name, nor in one that looks alike.
	want 400 .code reserved_id post /v1/node/register \
	    "{\"node_id\":\"$id\"}"
	want 400 .code reserved_id as alice post /v1/node/register \
	    "{\"node_id\":\"$id\"}"
	want 400 .code reserved_id signed POST /v1/node/register \
	    "{\"node_id\":\"${id^^}\"}"
	want 400 .code reserved_id signed POST /v1/node/register \
	    "{\"node_id\":\"${id//[0-9]/0}\"}"
	wrong="{\"node_id\": \"$id\"}" want 400 .code reserved_id \
	    signed POST /v1/node/register "{\"node_id\":\"$id\"}"
	want 200 signed POST /v1/node/register "{\"node_id\":\"$id\"}"
	answer="{\"node_id\":\"$id\",\"solution\":$(solve)}"
	want 400 .code reserved_id post /v1/node/verify "$answer"
	want 200 .node_id "$id" signed POST /v1/node/verify "$answer"
	jq -r .api_key <<<"$body" >"$BZN_HOME/keys/$id"
	want 200 .expires_in 900 signed POST /v1/node/token '{}'
	want 200 as "$id" post /v1/node/token

	# Not the one that was signed, in each of its parts.
	wrong='{ }' want 401 .code bad_digest signed POST /v1/node/token '{}'
	bzn-sign http --home peer --now "$clock" -X POST --body content \
	    --type application/json https://other.example/v1/node/token >lines
	want 401 .code bad_signature post /v1/node/token '{}' \
	    -H "$(sed -n 1p lines)" -H "$(sed -n 2p lines)" \
	    -H "$(sed -n 3p lines)"
	wrong='{}' want 401 .code uncovered signed POST /v1/node/token ''

	# Once, and only for so long; also after a restart.
	sign=(--nonce 0123456789abcdefghij)
	want 200 signed POST /v1/node/token '{}'
	want 409 .code replayed signed POST /v1/node/token '{}'
	unserve
	serve
	want 409 .code replayed signed POST /v1/node/token '{}'
	sign=()
	signed POST /v1/node/token '{}'
	pass 301
	want 401 .code stale post /v1/node/token '{}' \
	    -H "$(sed -n 1p lines)" -H "$(sed -n 2p lines)" \
	    -H "$(sed -n 3p lines)"

	# Two credentials are of one node, or none.
	want 401 .code auth_failed signed POST /v1/node/token '{}' \
	    -H "X-API-KEY: $(key alice)"
	want 200 signed POST /v1/node/token '{}' -H "X-API-KEY: $(key "$id")"
	at bzn-card revoke "$id" --reason lost >out
	want 403 .code revoked signed POST /v1/node/token '{}'
}

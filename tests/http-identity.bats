# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2154
# Who the node is, and whom it knows: spec/node.md 2, 4, 12.
load common
load http
load peer

A=9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60
B=4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb
C=c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7
ID_A=7f2d9ed0b71b8e5a6c5cf30e647d6e20b5bca6dac8071f11abe3fef8014db610
ID_B=bf019c455f05e75ce74ca02a55a4b88bab561f85a76555d8281a79f7c2985233

ACME=https://acme.example
URI='bzn:1?k=11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo&n=Acme%20Consulting&e=https://acme.example&s=tMoicol013uG_5AlgfHHUr242K4D9Xm52nQ8qSGQUm6oGdY6o8jogQ7EapfB16xFtESSGGTi0LvuZHDNn3FaBQ'

# The server is of node B, on the clock of the vectors: 2026-03-09T14:23:00Z.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	grid_clock=@1773066180000 grid 'base_url https://b.example' \
	    'rate_signed 12'
	identity "$BZN_HOME" "$B"
	serve
}

# The request of spec/node.md 22.2, with another signature in $sig.
vector() {
	local id=$ID_A nonce=AAECAwQFBgcICQoLDA0ODw

	post "${path:-/api/identity/import}" "${1-"{\"uri\":\"$URI\"}"}" \
	    -H 'Content-Digest: sha-256=:xGNEpG9+LsrWhpQ9KyL0uKC6v7DfL33z4/'\
'+tt9Lv26k=:' -H 'Signature-Input: bzn=("@method" "@target-uri" '\
"\"content-digest\");created=1773066180;nonce=\"$nonce\";keyid=\"$id\"" \
	    -H "Signature: bzn=:${sig:-xVEpRE5yssKRckd6mMNrm+J67mmTcDLSdI7xc\
J6ackcMYujrhThtuqZOsrTjk6fQAT+F49QqQdk9X02DSAWiCw==}:" "${@:2}"
}

@test "one captured request, and all that it is not" {
	# Not of this content, path, method, host, or signature.
	want 401 .error.code bad_digest vector '{"uri":"bzn:1?k=0"}'
	path=/node/register want 401 vector
	path=/api/mcp-keys/generate want 401 vector
	sig=${URI:200:1}AAA want 401 vector
	# It is taken once, also after a restart, and not late.
	want 201 .created true .peer.node_id "$ID_A" .peer.state pending \
	    .peer.name 'Acme Consulting' .peer.endpoint $ACME vector
	want 409 .error.code replayed vector
	unserve
	serve
	want 409 .error.code replayed vector
	pass 301
	want 401 .error.code stale vector
	pass -301
}

@test "the card: as JSON, as a URI, as a picture" {
	want 200 .node_id "$ID_B" .endpoint https://b.example \
	    get /api/identity/card
	is 0 "$(jq -c . <<<"$body")" "" jq -c . <<<"$body"
	jq . <<<"$body" >card
	at bzn-card verify card | jq -e .ok
	want 200 get '/api/identity/card?format=uri'
	[[ $body == bzn:1\?k=* ]]
	uri=$body
	[[ $(field content-type) == 'text/plain; charset=utf-8' ]]
	curl -sS "$url/api/identity/card?format=qr" -o me.png
	[[ $(zbarimg -q --raw me.png) == "$uri" ]]
	want 200 get '/api/identity/card?format=qr' -H 'Accept: text/plain'
	[[ $body == $'\e'*▀* ]]
	want 422 .error.code validation get '/api/identity/card?format=gif'
	want 405 post /api/identity/card '{}'
}

@test "import: of the operator, of a pinned peer, of the card itself" {
	party ann "$A" $ACME
	party cid "$C" https://cid.example
	want 401 .error.code no_signature \
	    post /api/identity/import "$(<ann.card)"
	want 200 .created false .peer.state pending .peer.node_id "$ID_A" \
	    by ann POST /api/identity/import "$(<ann.card)"
	want 200 .created false by ann POST /api/identity/import \
	    "$(<ann.card)"
	# She is not pinned, and cannot bring others.
	want 401 .error.code unknown_peer \
	    by ann POST /api/identity/import "$(<cid.card)"
	at bzn-card pin "$ID_A" >out
	want 201 .created true .peer.name cid .peer.state pending \
	    by ann POST /api/identity/import "$(<cid.card)"
	want 200 .created false .peer.state pinned \
	    admin post /api/identity/import "$(<ann.card)"
	want 200 .created false admin post /api/identity/import \
	    "{\"uri\":\"$(bzn-card show --home cid --now "$clock" --uri)\"}"
	# Again under its key: as it was answered then, with that status.
	party hal "$(printf '%064d' 11)" https://hal.example
	want 201 .created true .idempotent null admin post \
	    /api/identity/import "$(<hal.card)" -H 'Idempotency-Key: i1'
	want 201 .created true .idempotent true admin post \
	    /api/identity/import "$(<hal.card)" -H 'Idempotency-Key: i1'
	[[ $(field idempotency-replayed) == true ]]
	want 200 .created false .idempotent null by ann POST \
	    /api/identity/import "$(<hal.card)" -H 'Idempotency-Key: i1'
}

@test "import: what is refused, and why" {
	party dora "$(printf '%064d' 7)" https://dora.example
	party eve "$(printf '%064d' 8)" https://eve.example
	want 201 admin post /api/identity/import "$(<dora.card)"
	want 422 .error.code bad_signature admin post /api/identity/import \
	    "$(jq -c '.name = "else"' dora.card)"
	want 422 .error.code id_mismatch admin post /api/identity/import \
	    "$(jq -c --slurpfile e eve.card \
	    '.public_key_pem = $e[0].public_key_pem' dora.card)"
	want 422 .error.code bad_pem admin post /api/identity/import \
	    "$(jq -c '.public_key_pem += "\n"' dora.card)"
	want 422 .error.code bad_uri admin post /api/identity/import \
	    '{"uri":"bzn:2?k=1"}'
	want 422 .error.code bad_json admin post /api/identity/import '{}'
	# The word of a key that nobody has brought.
	at bzn-keygen revoke --home eve --reason lost >word
	want 404 .error.code node_missing admin post /api/identity/import \
	    "$(<word)"
	# Another key under a known name, or endpoint.
	bzn-card show --home eve --now "$clock" --name dora >other
	want 409 .error.code key_changed \
	    admin post /api/identity/import "$(<other)"
	bzn-card show --home eve --now "$clock" --name eve \
	    --endpoint https://dora.example >other
	want 409 .error.code key_changed \
	    by eve POST /api/identity/import "$(<other)"
	bzn-card show --home eve --now "$clock" --expires 1s \
	    --endpoint https://eve.example >other
	pass 2
	want 422 .error.code expired \
	    admin post /api/identity/import "$(<other)"
	at bzn-card revoke dora --reason lost >out
	want 403 .error.code revoked \
	    admin post /api/identity/import "$(<dora.card)"
	want 403 .error.code revoked \
	    by dora POST /api/identity/import "$(<dora.card)"
}

@test "the keys, for the operator and pinned peers" {
	local id zeros

	zeros=$(printf '%064d' 0)
	party fay "${zeros%?}9" https://fay.example
	want 401 .error.code no_signature get /api/mcp-keys
	want 401 .error.code unknown_peer by fay GET /api/mcp-keys
	want 201 by fay POST /api/identity/import "$(<fay.card)"
	want 401 .error.code unknown_peer by fay GET /api/mcp-keys
	at bzn-card pin fay >out
	id=$(<fay/identity/node_id.txt)
	want 200 '.keys[0].node_id' "$ID_B" '.keys[0].self' true \
	    ".keys[] | select(.node_id == \"$id\") | .trust" pinned \
	    ".keys[] | select(.node_id == \"$id\") | .last_used_at" \
	    2026-03-09T14:23:02.000Z by fay GET /api/mcp-keys
	want 200 '.keys | length' 1 .more true \
	    admin get "/api/mcp-keys?limit=1&after=$zeros"
	want 422 .error.code validation admin get '/api/mcp-keys?limit=0'
	[[ $body != *private* ]]
}

@test "no key signs so often that the nonces of others find no room" {
	local i

	party ida "$(printf '%064d' 12)" https://ida.example
	party kim "$(printf '%064d' 13)" https://kim.example
	for i in {1..12}; do
		by ida POST /api/identity/import "$(<ida.card)"
		[[ $code == 20[01] ]]
	done
	want 429 .error.code rate_limited \
	    by ida POST /api/identity/import "$(<ida.card)"
	[[ $(field retry-after) == 5 ]]
	# A stranger does not use up what is hers.
	want 201 by kim POST /api/identity/import "$(<kim.card)"
	is 0 12 "" sqlite3 "$BZN_HOME/node.db" "SELECT count(*)
	    FROM sig_nonce WHERE key_id = '$(<ida/identity/node_id.txt)'"
	pass 5
	want 200 by ida POST /api/identity/import "$(<ida.card)"
}

# token HEADER: an access token of hugo, by the key of the home.
token() {
	/usr/bin/python3 - "$BZN_HOME/identity/token_private.pem" "$1" \
	    "${clock#@}" <<-'END'
	import json, sys
	import jwt
	now = int(sys.argv[3]) // 1000
	print(jwt.encode({"sub": "hugo", "role": "node", "iat": now,
	    "exp": now + 900, "iss": "botnode-orchestrator",
	    "aud": "botnode-grid"}, open(sys.argv[1]).read(),
	    algorithm="RS256", headers=json.loads(sys.argv[2])))
	END
}

@test "a token that names no key, where there are two" {
	join hugo
	want 200 .node_id hugo get /v1/node/me \
	    -H "Authorization: Bearer $(token '{}')"
	want 401 .code token_invalid get /v1/node/me \
	    -H "Authorization: Bearer $(token "{\"kid\":\"$ID_B\"}")"
	want 401 .code token_invalid get /v1/node/me \
	    -H "Authorization: Bearer $(token '{"kid":"../token"}')"
	want 401 .code token_invalid get /v1/node/me \
	    -H "Authorization: Bearer $(token '{"jku":"https://x.example"}')"
}

@test "signed for another path, method or host: nobody has" {
	party gil "$(printf '%064d' 10)" https://gil.example
	local sign=()

	want 201 by gil POST /api/identity/import "$(<gil.card)"
	at bzn-card pin gil >out
	want 200 by gil GET /api/mcp-keys
	signed_url=https://b.example/api/mcp-key \
	    want 401 .error.code bad_signature by gil GET /api/mcp-keys
	signed_url=https://other.example/api/mcp-keys \
	    want 401 .error.code bad_signature by gil GET /api/mcp-keys
	signed_url=http://b.example/api/mcp-keys \
	    want 401 .error.code bad_signature by gil GET /api/mcp-keys
	signed_url='https://b.example/api/mcp-keys?limit=1' \
	    want 401 .error.code bad_signature by gil GET /api/mcp-keys
	signed_method=HEAD \
	    want 401 .error.code bad_signature by gil GET /api/mcp-keys
	signed_body='' want 401 .error.code uncovered \
	    by gil POST /api/identity/import "$(<gil.card)"
	# A name of the host that is not ours is not ours because it is said.
	signed_url=https://other.example/api/mcp-keys want 421 \
	    by gil GET /api/mcp-keys '' -H 'Host: other.example'
	# Reading uses up its nonce as well.
	sign=(--nonce abcdefghij0123456789)
	want 200 by gil GET /api/mcp-keys
	want 409 .error.code replayed by gil GET /api/mcp-keys
}

@test "health: up, and who it is" {
	want 200 .status degraded .node_id "$ID_B" .components.db healthy \
	    .components.ledger healthy .components.llm unavailable \
	    '.uptime_s >= 0' true '.version | type' string \
	    '. | has("signature")' false get /api/health
	want 422 .error.code validation get '/api/health?nonce=xyz'
	want 422 .error.code validation get '/api/health?nonce=0123'
	want 200 .nonce 0123456789abcdef \
	    get '/api/health?nonce=0123456789abcdef'
	jq -c . <<<"$body" >health
	bzn-sign json --verify -n bzn-health-v1 \
	    -k "$BZN_HOME/identity/node_public.pem" <health >verdict
	jq -c '.status = "ok"' health >forged
	run bzn-sign json --verify -n bzn-health-v1 \
	    -k "$BZN_HOME/identity/node_public.pem" <forged
	[[ $status == 1 ]]
}

@test "health: a probe proves who it is" {
	local key want

	key=$(openssl pkey -pubin -in "$BZN_HOME/identity/node_public.pem" \
	    -outform DER | tail -c 32 | xxd -p -c 64)
	probe allow_private=1 require_signed=1 "id=$ID_B" "key=$key" "$url" \
	    "id=$ID_A" "$url" >samples
	want='[[true,true,true,null],[false,false,false,"badsig"]]'
	[[ $(sed /^left/d samples | jq -sc 'sort_by(.ok) | reverse |
	    map([.ok, .slow, .signed, .class])') == "$want" ]]
}

@test "another key: asked for twice, followed by peers, locked" {
	local new

	want 401 post /api/mcp-keys/generate '{}'
	want 422 .error.code validation \
	    admin post /api/mcp-keys/generate '{"overwrite":"yes"}'
	want 409 .error.code identity_exists \
	    admin post /api/mcp-keys/generate '{}'
	want 503 .error.code key_unconfigured \
	    admin post /api/mcp-keys/generate '{"overwrite":true}'
	unserve
	(umask 077; echo pw >pw)
	serve --passphrase-file pw
	get /api/identity/card
	echo "$body" >old
	want 422 .error.code validation admin post /api/mcp-keys/generate \
	    '{"name":"two  blanks","overwrite":true}'
	want 201 '. | keys | sort | join(" ")' \
	    'created_at node_id public_key_pem rotation' \
	    .rotation.old_node_id "$ID_B" admin post /api/mcp-keys/generate \
	    '{"name":"B again","overwrite":true}'
	new=$(jq -r .node_id <<<"$body")
	jq -c .rotation <<<"$body" >rotation
	[[ $new != "$ID_B" && $body != *PRIVATE* ]]
	grep -q 'ENCRYPTED PRIVATE KEY' \
	    "$BZN_HOME/identity/node_private.pem"
	# It signs at once; peers follow.
	want 200 .node_id "$new" .name 'B again' \
	    .endpoint https://b.example get /api/identity/card
	want 200 .node_id "$new" get '/api/health?nonce=0123456789abcdef'
	bzn-sign json --verify -n bzn-health-v1 \
	    -k "$BZN_HOME/identity/node_public.pem" <<<"$body" >verdict
	mkdir far
	BZN_HOME=$PWD/far bzn-ledger init --no-node \
	    --origin far.example/log >made
	echo 'test_clock yes' >far/bzn.conf
	BZN_HOME=$PWD/far at bzn-card import --pin old >out
	BZN_HOME=$PWD/far at bzn-card import rotation |
	    jq -e ".node_id == \"$new\" and .state == \"pinned\""
	# What the operator did is in the log.
	bzn-ledger export ndjson | jq -e 'select(.entry.type ==
	    "admin.act" and .entry.data.route ==
	    "/api/mcp-keys/generate")' >acts
	# Locked, it serves and does not sign.
	unserve
	serve
	want 200 .node_id "$new" get /api/identity/card
	want 200 .node_id "$new" get /api/health
	want 200 .node_id "$new" '. | has("signature")' false \
	    get '/api/health?nonce=0123456789abcdef'
	# A home without any key is served, and gets one.
	unserve
	rm "$BZN_HOME"/identity/{node_*,card.json,revocation.json}
	serve --passphrase-file pw
	want 404 .error.code no_card get /api/identity/card
	want 200 '. | has("node_id")' false get /api/health
	want 201 '. | has("rotation")' false \
	    admin post /api/mcp-keys/generate '{"name":"third"}'
	want 200 .name third get /api/identity/card
	want 409 .error.code identity_exists \
	    admin post /api/mcp-keys/generate
}

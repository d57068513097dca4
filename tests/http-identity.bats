# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2154
# Who the node is, and whom it knows: spec/node.md 2, 4, 12.
load common
load http

A=9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60
B=4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb
C=c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7
ID_A=7f2d9ed0b71b8e5a6c5cf30e647d6e20b5bca6dac8071f11abe3fef8014db610
ID_B=bf019c455f05e75ce74ca02a55a4b88bab561f85a76555d8281a79f7c2985233

# The server is of node B.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	grid
	identity "$BZN_HOME" "$B"
	serve
}

# party NAME SEED ENDPOINT: a home of its own, with a card in NAME.card.
party() {
	mkdir -p "$1"
	identity "$1" "$2"
	echo 'test_clock yes' >"$1/bzn.conf"
	bzn-card show --home "$1" --now "$clock" --name "$1" \
	    --endpoint "$3" >"$1.card"
}

# by WHO METHOD PATH [BODY] [CURL OPTION...]: signed by the key in that home;
# with $url_of or $wrong in place of what is signed.
by() {
	local who=$1 method=$2 path=$3 line fields=()

	printf '%s' "${4-}" >content
	bzn-sign http --home "$who" --now "$clock" -X "$method" \
	    --body content ${sign[@]+"${sign[@]}"} \
	    "${url_of-https://grid.example$path}" >lines || return 1
	while IFS= read -r line; do
		fields+=(-H "$line")
	done <lines
	call "$method" "$path" "${wrong-${4-}}" "${fields[@]}" "${@:5}"
}

@test "the card: as JSON, as a URI, as a picture" {
	want 200 .node_id "$ID_B" .endpoint https://grid.example \
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
	party ann "$A" https://ann.example
	party cid "$C" https://cid.example
	want 401 .error.code no_signature \
	    post /api/identity/import "$(<ann.card)"
	want 201 .created true .peer.state pending .peer.node_id "$ID_A" \
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
	    2026-11-20T08:00:02.000Z by fay GET /api/mcp-keys
	want 200 '.keys | length' 1 .more true \
	    admin get "/api/mcp-keys?limit=1&after=$zeros"
	want 422 .error.code validation admin get '/api/mcp-keys?limit=0'
	[[ $body != *private* ]]
}

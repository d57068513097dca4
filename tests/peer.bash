# shellcheck shell=bash disable=SC2154
# peer.bash - nodes that sign what they say; after http.bash.

# party NAME SEED [ENDPOINT [OPTION...]]: a home of its own, with its card in
# NAME.card.
party() {
	mkdir -p "$1"
	identity "$1" "$2"
	echo 'test_clock yes' >"$1/bzn.conf"
	bzn-card show --home "$1" --now "$clock" --name "$1" \
	    ${3:+--endpoint "$3"} "${@:4}" >"$1.card"
}

# id PARTY, hash PARTY: its two names; pem PARTY: its key, in JSON.
id() { cat "$1/identity/node_id.txt"; }
hash() { bzn-keygen --home "$1" inspect | jq -r .node_hash; }
pem() { jq .public_key_pem "$1.card"; }

# by PARTY METHOD PATH [BODY] [CURL OPTION...]: signed with its key; $sign has
# further options of the signer.  What is signed is $signed_url, if that is
# set, and $signed_method, with the content $signed_body.
by() {
	local who=$1 method=$2 path=$3 line fields=()
	local base

	base=$(sed -n 's/^base_url //p' "$BZN_HOME/bzn.conf")
	printf '%s' "${signed_body-${4-}}" >content
	bzn-sign http --home "$who" --now "$clock" \
	    -X "${signed_method:-$method}" --body content \
	    ${sign[@]+"${sign[@]}"} "${signed_url-$base$path}" >lines ||
	    return 1
	while IFS= read -r line; do
		fields+=(-H "$line")
	done <lines
	call "$method" "$path" "${4-}" "${fields[@]}" "${@:5}"
}

# enter PARTY...: register them as nodes, by the names that are their keys'.
enter() {
	local who

	for who; do
		want 200 by "$who" POST /v1/node/register \
		    "{\"node_id\":\"$(id "$who")\"}" &&
		    want 200 by "$who" POST /v1/node/verify \
		    "{\"node_id\":\"$(id "$who")\",\"solution\":$(solve)}" ||
		    return 1
		jq -r .api_key <<<"$body" >"$BZN_HOME/keys/$(id "$who")"
	done
}

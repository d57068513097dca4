# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# Webhooks over HTTP: spec/vmp.md 2.10, and 7.4 of where they may be.
load common
load http

EVENTS='"events":["task.created","escrow.settled"]'
GOOD=https://hooks.example/in

setup_file() {
	grid
	# The server asks these, and not the DNS.
	cat >"$BZN_HOME/hosts" <<-\EOF
		hooks.example 93.184.215.14 2606:2800:21f:cb07:6820:80da:af6b:8b2c
		fdic.gov 2.19.117.23
		inside.example 10.1.2.3
		both.example 93.184.215.14 192.168.7.7
		six.example fd00::1
	EOF
	if [[ -z ${BZN_SAN:-} ]]; then
		LD_PRELOAD=$BZN_BUILD/preload/hosts.so HOSTS=$BZN_HOME/hosts \
		    serve
	else
		serve
	fi
	(cd "$BATS_FILE_TMPDIR" && join alice bob carol)
}

# hook NODE URL [OPTION...]: subscribe it.
hook() {
	local node=$1 target=$2

	shift 2
	as "$node" post /v1/webhooks "{\"url\":\"$target\",$EVENTS}" "$@"
}

# named: the names of this file are known.
named() {
	[[ -z ${BZN_SAN:-} ]] || skip "nothing can be loaded before $BZN_SAN"
}

# refused CODE URL...: none of them is taken.
refused() {
	local word=$1 target

	shift
	for target; do
		want 400 .code "$word" hook alice "$target" || return 1
	done
}

@test "subscribe, list, delete" {
	local id secret

	want 200 .active true '.events | join(" ")' "task.created escrow.settled" \
	    .url https://93.184.215.14/in hook bob https://93.184.215.14/in
	id=$(jq -r .id <<<"$body")
	secret=$(jq -r .secret <<<"$body")
	[[ $secret =~ ^whsec_[0-9a-f]{64}$ ]]
	[[ $(jq -r .verification_example <<<"$body") == *hmac_sha256* ]]
	want 200 '.webhooks | length' 1 '.webhooks[0].id' "$id" \
	    '.webhooks[0] | keys | join(" ")' "active created_at events id url" \
	    as bob get /v1/webhooks
	[[ $body != *whsec_* && $body != *"${secret#whsec_}"* ]]
	want 200 .webhooks '[]' as alice get /v1/webhooks
	want 404 .code webhook_missing .detail "Webhook not found" \
	    as alice delete "/v1/webhooks/$id"
	want 404 .code webhook_missing as bob delete /v1/webhooks/none
	want 200 .status deleted .webhook_id "$id" \
	    as bob delete "/v1/webhooks/$id"
	want 404 .code webhook_missing as bob delete "/v1/webhooks/$id"
	want 200 .webhooks '[]' as bob get /v1/webhooks
	want 404 as alice get "/v1/webhooks/$id/deliveries"
	# Nothing of the secret is written anywhere as it is.
	run grep -q "${secret#whsec_}" "$BZN_HOME"/node.db* "$BZN_HOME/log"
	[[ $status == 1 ]]
}

@test "a secret is shown once, also where it is asked for again" {
	want 200 .idempotent null hook bob https://93.184.215.14/once \
	    -H 'Idempotency-Key: once'
	[[ $(jq -r .secret <<<"$body") == whsec_* ]]
	want 200 .secret null .idempotent true \
	    .url https://93.184.215.14/once \
	    hook bob https://93.184.215.14/once -H 'Idempotency-Key: once'
	want 200 '.webhooks | length' 1 as bob get /v1/webhooks
	# What is refused now was not asked for under that key.
	want 409 .code id_conflict hook bob http://93.184.215.14/once \
	    -H 'Idempotency-Key: once'
	want 200 as bob delete \
	    "/v1/webhooks/$(as bob get /v1/webhooks &&
	    jq -r '.webhooks[0].id' <<<"$body")"
}

@test "who may not, and what is not of the shape" {
	want 401 .code api_key_format post /v1/webhooks \
	    "{\"url\":\"$GOOD\",$EVENTS}"
	want 401 get /v1/webhooks
	want 401 delete /v1/webhooks/x
	want 401 get /v1/webhooks/x/deliveries
	want 422 .code validation '.detail | map(.field) | sort | join(" ")' \
	    "events url" as alice post /v1/webhooks '{}'
	want 422 '.detail[0].field' url as alice post /v1/webhooks \
	    "{\"url\":\"https://a.example/$(printf 'x%.0s' {1..500})\",
	    $EVENTS}"
	want 422 '.detail[0].path | tojson' '["events",1]' as alice post /v1/webhooks \
	    "{\"url\":\"$GOOD\",\"events\":[\"task.created\",1]}"
	want 422 '.detail[0].field' limit \
	    as alice get '/v1/webhooks/x/deliveries?limit=101'
	want 422 '.detail[0].field' offset \
	    as alice get '/v1/webhooks/x/deliveries?offset=-1'
	want 422 '.detail[0].field' status \
	    as alice get '/v1/webhooks/x/deliveries?status=lost'
	want 404 .code webhook_missing \
	    as alice get /v1/webhooks/x/deliveries
}

@test "events are those seven, and at least one" {
	local valid='Valid: task.created, skill.purchased, task.completed,'
	valid+=' escrow.disputed, escrow.settled, escrow.refunded,'
	valid+=' bounty.submission_won'

	want 400 .code webhook_events .detail "Invalid events: a, b.c. $valid" \
	    as alice post /v1/webhooks '{"url":"https://93.184.215.14/",
	    "events":["task.created","a","b.c"]}'
	want 400 .code webhook_events .detail "Invalid events: none. $valid" \
	    as alice post /v1/webhooks \
	    '{"url":"https://93.184.215.14/","events":[]}'
	# Where it is asks first, and then what for.
	want 400 .code webhook_https as alice post /v1/webhooks \
	    '{"url":"ftp://93.184.215.14/","events":["a"]}'
}

@test "only https, to a port that is meant for it" {
	refused webhook_https '' x http://93.184.215.14/ \
	    ftp://93.184.215.14/ //93.184.215.14/ https:// https:///x \
	    https://93.184.215.14:8443/ https://93.184.215.14:0/ \
	    https://user@93.184.215.14/ https://u:p@93.184.215.14/ \
	    'https://93.184.215.14/#x' 'https://93.184.215.14\\@10.0.0.1/' \
	    'javascript:alert(1)'
	want 200 hook alice https://93.184.215.14:443/
	want 200 as alice delete \
	    "/v1/webhooks/$(jq -r .id <<<"$body")"
}

# vmp 13, 21, at its creation: 127.0.0.1, 169.254.169.254, ::ffff:10.0.0.1.
@test "no private target, however it is spelt" {
	refused webhook_private https://127.0.0.1/ https://10.0.0.1/ \
	    https://172.16.0.1/ https://192.168.1.1/ https://0.0.0.0/ \
	    https://169.254.169.254/latest/meta-data/ https://100.64.0.1/ \
	    https://224.0.0.1/ https://255.255.255.255/ https://198.18.0.1/ \
	    'https://[::1]/' 'https://[::]/' 'https://[fe80::1]/' \
	    'https://[fd00::1]/' 'https://[::ffff:10.0.0.1]/' \
	    'https://[::ffff:a00:1]/' 'https://[64:ff9b::a00:1]/' \
	    'https://[2002:a00:1::]/' https://127.1/ https://2130706433/ \
	    https://0x7f000001/ https://0177.0.0.1/ https://127.0.0.1./ \
	    https://0x7f.1/ https://localhost/ https://LOCALHOST/ \
	    https://localhost./ https://a.localhost/ \
	    https://127.0.0.1:443/
}

# vmp 13, 21, 22
@test "names are judged by all of their addresses" {
	named
	want 200 hook carol "$GOOD"
	want 200 hook carol https://fdic.gov/hook
	want 200 '.webhooks | length' 2 as carol get /v1/webhooks
	refused webhook_resolves_private https://inside.example/ \
	    https://both.example/ https://six.example/
	refused webhook_dns https://nowhere.example/
	want 400 .detail "Webhook URL hostname could not be resolved" \
	    hook alice https://nowhere.example/
}

@test "five webhooks at most, of those that are open" {
	local i id

	for i in 1 2 3 4 5; do
		want 200 hook alice "https://93.184.215.14/$i"
	done
	id=$(jq -r .id <<<"$body")
	want 400 .code webhook_limit .detail "Maximum 5 webhooks per node" \
	    hook alice https://93.184.215.14/6
	want 200 as alice delete "/v1/webhooks/$id"
	want 200 hook alice https://93.184.215.14/6
}

@test "what is sent to it is listed, the newest first" {
	local id skill

	as bob post /v1/webhooks '{"url":"https://93.184.215.14/d",
	    "events":["task.created","skill.purchased"]}'
	id=$(jq -r .id <<<"$body")
	want 200 .total 0 .limit 20 .offset 0 \
	    as bob get "/v1/webhooks/$id/deliveries"
	skill=$(at bzn-market publish -p bob -l sold --price 1 |
	    jq -r .skill_id)
	at bzn-escrow lock -b carol -s "$skill" -i - <<<'{"a":1}' >"$BZN_HOME/t"
	want 200 .total 2 '.deliveries | map(.event_type) | sort | join(" ")' \
	    "skill.purchased task.created" \
	    '.deliveries[0].status' pending '.deliveries[0].attempts' 0 \
	    '.deliveries[0].last_response_code' null \
	    as bob get "/v1/webhooks/$id/deliveries"
	want 200 .total 2 '.deliveries | length' 1 .offset 1 \
	    as bob get "/v1/webhooks/$id/deliveries?limit=1&offset=1"
	want 200 .total 0 \
	    as bob get "/v1/webhooks/$id/deliveries?status=delivered"
	want 404 .code webhook_missing \
	    as carol get "/v1/webhooks/$id/deliveries"
}

# vmp 1.11: a webhook may be named as it likes.
@test "the guardian reads no webhooks" {
	want 200 hook bob https://93.184.215.14/sudo/override
}

@test "a server for tests takes private ones" {
	unserve
	serve --allow-private-webhooks
	want 200 hook carol https://127.0.0.1/
	want 400 .code webhook_https hook carol http://127.0.0.1/
}

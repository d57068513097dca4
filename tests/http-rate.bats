# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# How often one may call: spec/vmp.md 1.7, spec/protocols.md 2.4.
load common
load http

setup_file() {
	grid 'rate_register 3' 'rate_verify 10' 'trusted_proxies 127.0.0.1' \
	    'ip_global_rate 40' 'rate_publish 2' 'rate_failed_auth 3'
	serve
}

# ask FROM NAME: register, as from that address.
ask() {
	post /v1/node/register "{\"node_id\":\"$2\"}" \
	    -H "X-Forwarded-For: $1"
}

@test "three an hour, and the fourth is told how long to wait" {
	want 200 ask 192.0.2.1 one
	[[ $(field ratelimit-policy) == \
	    '"address";q=40;w=60, "register";q=3;w=3600' ]]
	[[ $(field ratelimit) == '"register";r=2;t=1200' ]]
	want 200 ask 192.0.2.1 two
	[[ $(field ratelimit) == '"register";r=1;t=2400' ]]
	want 400 .code reserved_id ask 192.0.2.1 vault	# counts, too
	[[ $(field ratelimit) == '"register";r=0;t=3600' ]]
	want 429 .error 'Rate limit exceeded: 3 per 1 hour' \
	    .code rate_limited ask 192.0.2.1 four
	[[ $(field retry-after) == 1200 ]]
	[[ $(field ratelimit) == '"register";r=0;t=3600' ]]
	want 200 ask 192.0.2.2 four		# another address
	want 200 get /health -H 'X-Forwarded-For: 192.0.2.1'
	[[ -z $(field ratelimit) ]]		# not below /v1
	pass 1199
	want 429 ask 192.0.2.1 four
	[[ $(field retry-after) == 1 ]]
	pass 1
	want 200 ask 192.0.2.1 five
	want 429 ask 192.0.2.1 six
	[[ $(field retry-after) == 1200 ]]
	pass 3600
	want 200 ask 192.0.2.1 six
	[[ $(field ratelimit) == '"register";r=2;t=1200' ]]
}

@test "for whom a trusted proxy speaks is of this machine, or is not" {
	want 401 get /metrics -H 'X-Forwarded-For: 192.0.2.7'
	want 401 get /metrics -H 'Forwarded: for=192.0.2.7'
	want 401 get /metrics -H 'X-Forwarded-For: 192.0.2.7, 127.0.0.1'
	want 401 get /metrics -H 'X-Forwarded-For: 192.0.2.7' \
	    -H 'Forwarded: for=127.0.0.1'	# it came along
	want 401 get /metrics -H 'Via: 1.1 proxy'
	want 200 get /metrics -H 'X-Forwarded-For: 127.0.0.1'
	want 200 get /metrics
}

@test "IPv6 by its /64" {
	want 200 ask 2001:db8:0:1::1 ipv6-1
	want 200 ask 2001:db8:0:1::2 ipv6-2
	want 200 ask 2001:db8:0:1:ffff::3 ipv6-3
	want 429 ask 2001:db8:0:1::4 ipv6-4
	want 200 ask 2001:db8:0:2::1 ipv6-4
}

@test "what every route counts" {
	for _ in {1..40}; do
		want 401 post /v1/node/token -H 'X-Forwarded-For: 192.0.2.9'
	done
	want 429 .error 'Rate limit exceeded: 40 per 1 minute' \
	    post /v1/node/token -H 'X-Forwarded-For: 192.0.2.9'
	want 429 get /health -H 'X-Forwarded-For: 192.0.2.9'
	[[ $(field retry-after) == 2 ]]
	pass 2
	want 200 get /health -H 'X-Forwarded-For: 192.0.2.9'
}

# publish NODE
publish() {
	as "$1" post /v1/marketplace/publish \
	    '{"type":"SKILL_OFFER","label":"s","price_tck":1}' \
	    -H 'X-Forwarded-For: 198.51.100.7'
}

# from ADDRESS KEY: get a token, as from that address.
from() {
	post /v1/node/token -H "X-Forwarded-For: $1" -H "X-API-KEY: $2"
}

@test "who guesses is told to wait, but no key that fits" {
	local good i

	want 200 ask 203.0.113.1 gail
	want 200 post /v1/node/verify \
	    "{\"node_id\":\"gail\",\"solution\":$(solve)}" \
	    -H 'X-Forwarded-For: 203.0.113.1'
	good=$(jq -r .api_key <<<"$body")
	want 401 .code auth_failed from 203.0.113.1 "${good%?}x"
	[[ $(field ratelimit) == '"failed_auth";r=2;t=20' ]]
	want 401 .code node_unknown_or_banned from 203.0.113.1 bn_none_1
	want 401 .code admin_denied get /v1/admin/stats \
	    -H 'X-Forwarded-For: 203.0.113.1' -H 'Authorization: Bearer 1'
	# On whichever door, and it is not told what was wrong.
	want 429 .error 'Rate limit exceeded: 3 per 1 minute' \
	    .code rate_limited from 203.0.113.1 bn_none_1
	[[ $(field retry-after) == 20 ]]
	want 429 .code rate_limited from 203.0.113.1 "${good%?}x"
	want 429 .error.code rate_limited get /api/admin/status \
	    -H 'X-Forwarded-For: 203.0.113.1' -H 'X-Admin-Key: 1'
	[[ $(field retry-after) == 20 ]]
	want 429 get /v1/admin/stats -H 'X-Forwarded-For: 203.0.113.1' \
	    -H 'Authorization: Bearer 2'
	# Who has a key is not kept out, and who shows none is asked for one.
	for i in {1..5}; do
		want 200 from 203.0.113.1 "$good"
		[[ -z $(field retry-after) ]]
	done
	want 200 admin get /v1/admin/stats -H 'X-Forwarded-For: 203.0.113.1'
	want 401 .code api_key_format post /v1/node/token \
	    -H 'X-Forwarded-For: 203.0.113.1'
	want 401 .code auth_failed from 203.0.113.2 "${good%?}x"
	pass 20
	want 401 .code auth_failed from 203.0.113.1 "${good%?}x"
	want 429 from 203.0.113.1 "${good%?}x"
	# Of public routes the credentials are no matter, but count.
	pass 60
	for i in 1 2 3; do
		want 200 get /v1/marketplace -H 'X-API-KEY: bn_gail_1' \
		    -H 'X-Forwarded-For: 203.0.113.1'
	done
	want 429 from 203.0.113.1 "${good%?}x"
	want 200 get /metrics
	grep -q '^bzn_rate_limited_total{.*failed_auth.*} [1-9]' <<<"$body"
}

@test "a key that takes long to try is not tried for who guesses" {
	local secret=0123456789abcdef0123456789abcdef i

	want 200 post /api/v1/admin/sync/node \
	    '{"id":"old","api_key_hash":"$pbkdf2-sha256$29000$'\
'MDEyMzQ1Njc4OWFiY2RlZg$Yvwo8JrmLnqdij2NIPLfe5tTuBJma9QIDGA5YNCR8C4"}' \
	    -H "Authorization: Bearer $(<"$BZN_HOME/identity/sync_token")"
	for i in 1 2 3; do
		want 401 .code auth_failed from 203.0.113.9 "bn_old_$i"
	done
	want 429 from 203.0.113.9 "bn_old_$secret"
	want 200 from 203.0.113.8 "bn_old_$secret"
	want 200 from 203.0.113.9 "bn_old_$secret"	# now it is quick
}

@test "by node, whatever its address" {
	local n i=0

	for n in alice bob; do
		want 200 ask "198.51.100.$((++i))" "$n"
		want 200 post /v1/node/verify \
		    "{\"node_id\":\"$n\",\"solution\":$(solve)}" \
		    -H "X-Forwarded-For: 198.51.100.$i"
		jq -r .api_key <<<"$body" >"$BZN_HOME/keys/$n"
	done
	want 200 publish alice
	[[ $(field ratelimit-policy) == \
	    '"address";q=40;w=60, "publish";q=2;w=60' ]]
	[[ $(field ratelimit) == '"publish";r=1;t=30' ]]
	want 200 publish alice
	want 429 .detail 'Rate limit exceeded for node alice' \
	    .code rate_limited publish alice
	[[ $(field retry-after) == 30 ]]
	want 200 publish bob
	pass 30
	want 200 publish alice
	want 429 publish alice
	has alice 98.50
}

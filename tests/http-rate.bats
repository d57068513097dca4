# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# How often one may call: spec/vmp.md 1.7, spec/protocols.md 2.4.
load common
load http

setup_file() {
	grid 'rate_register 3' 'rate_verify 10' 'trusted_proxies 127.0.0.1' \
	    'ip_global_rate 40' 'rate_publish 2'
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

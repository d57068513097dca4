# shellcheck shell=bats disable=SC2030,SC2031,SC2034,SC2154
# The operator of a node: spec/node.md 14.
load common
load http

setup_file() {
	grid
	serve
}

# with KEY COMMAND...: as X-Admin-Key.
with() {
	local credentials=(-H "X-Admin-Key: $1")

	shift
	"$@"
}

routes() {
	bzn-serve --routes | jq -r 'select(.path | startswith("/api/admin/")) |
	    [.method, .path] | @tsv' | sed 's/{email}/a@b.example/; s/{[a-z_]*}/7/'
}

# pays NAME AMOUNT KEY [WHAT]: credit, or with deduct take.
pays() {
	admin post "/api/admin/dzit/${4:-add}" "$(jq -nc --arg e "$1" \
	    --arg a "$2" --arg k "$3" '{email: $e, amount: $a,
	    idempotency_key: $k, reason: "<script>alert(1)</script>"}')"
}

@test "the seventeen, each 403 without the key, of whatever length" {
	local key method path wrong n=0

	key=$(<"$BZN_HOME/identity/admin_key")
	while read -r method path; do
		n=$((n + 1))
		want 403 .error.code admin_denied call "$method" "$path"
		for wrong in x "${key%?}" "${key}0" "${key^^}" \
		    "$(printf '%05000d' 0)"; do
			want 403 with "$wrong" call "$method" "$path"
			want 403 call "$method" "$path" \
			    -H "Authorization: Bearer $wrong"
		done
		want 403 call "$method" "$path?admin_key=$key"
	done < <(routes)
	[[ $n -ge 17 ]]
}

@test "either field of the key will do; a GET changes nothing" {
	local before method path

	want 200 .status ok .db_connected true .stripe_connected false \
	    .nodes_registered 0 '.uptime_hours >= 0' true \
	    with "$(<"$BZN_HOME/identity/admin_key")" get /api/admin/status
	want 200 .status ok admin get /api/admin/status
	before=$(bzn-ledger export ndjson | sha256sum)
	for path in dzit/add dzit/deduct wallet/verify; do
		want 405 .error.code method_not_allowed \
		    admin get "/api/admin/$path"
	done
	while read -r method path; do
		[[ $method == GET ]] && admin get "$path"
		[[ $method != GET || $code != 500 ]]
	done < <(routes)
	[[ $(bzn-ledger export ndjson | sha256sum) == "$before" ]]
}

@test "payments and wallets are told to be missing, and still judged" {
	local path

	for path in payments payments/stats payments/7 stripe-links; do
		want 503 .error.code payment_unconfigured \
		    admin get "/api/admin/$path"
		[[ $(field retry-after) -ge 1 ]]
	done
	for path in wallet/balance wallet/transactions wallet/audit; do
		want 503 .error.code chain_unconfigured \
		    admin get "/api/admin/$path"
	done
	want 503 .error.code chain_unconfigured \
	    admin post /api/admin/wallet/verify '{"tx_hash":"0x1"}'
	want 422 .error.code validation \
	    admin post /api/admin/wallet/verify '{}'
	want 422 admin get '/api/admin/payments?limit=0'
	want 422 admin get '/api/admin/wallet/transactions?limit=x'
}

@test "credit: given, taken, once under its key; the books balance" {
	local account txid

	want 404 .error.code no_account \
	    admin get '/api/admin/dzit/balance?email=ann@example.org'
	want 404 .error.code no_account pays ann@example.org 5 early deduct
	want 200 .balance 25.00 pays Ann@Example.org 25 k1
	account=$(jq -r .account <<<"$body") txid=$(jq -r .txid <<<"$body")
	[[ $account =~ ^c_[0-9a-f-]{36}$ ]]
	want 200 .balance 25.00 .txid "$txid" .idempotent true \
	    pays Ann@Example.org 25 k1
	want 409 .error.code id_conflict pays ann@example.org 26 k1
	want 200 .balance 50.00 pays ann@example.org 25.00 k2
	want 200 .account "$account" .balance 50.00 .pending_in 0.00 \
	    .held_in_escrow 0.00 \
	    admin get '/api/admin/dzit/balance?email=ANN@example.org'
	want 200 .balance 50.00 \
	    admin get /api/admin/dzit/balance/ann%40example.org
	want 402 .error.code insufficient_funds \
	    pays ann@example.org 51 k3 deduct
	want 200 .balance 40.00 pays ann@example.org 10 k3 deduct
	want 200 .balance 42.00 admin post /api/admin/dzit/add \
	    "{\"account\":\"$account\",\"amount\":2,\"reason\":\"x\",
	    \"idempotency_key\":\"k4\"}"
	want 200 .total 4 .entries[0].kind credit .entries[0].amount 2.00 \
	    .entries[0].balance_after 42.00 .entries[0].counterparty MINT \
	    .entries[1].kind debit .entries[1].counterparty VAULT \
	    .entries[-1].txid "$txid" \
	    admin get /api/admin/dzit/history/ann@example.org
	want 200 '.entries|length' 1 .total 4 admin get \
	    '/api/admin/dzit/history/ann@example.org?limit=1'
	has "$account" 42.00 DZIT
	has MINT -52.00 DZIT
	has VAULT 10.00 DZIT
	sound
	# The log has the account and the hash of why, and no address.
	bzn-ledger export ndjson >log
	[[ $(grep -c "$account" log) == 4 ]]
	[[ $(grep -ci 'example.org\|script' log) == 0 ]]
	[[ $(jq -r '.entry | select(.type == "admin.act") | .data.route' log |
	    sort | uniq -c | tr -s ' ') == \
' 3 /api/admin/dzit/add
 1 /api/admin/dzit/deduct' ]]
}

@test "credit that is no whole amount, of nobody, or without a key" {
	local wrong

	for wrong in 0 0.5 -1 1.50 25.001 1e30 x '' 1000000001; do
		want 422 .error.code validation pays bob@example.org \
		    "$wrong" "n$RANDOM"
	done
	for wrong in bob @example.org bob@ bob@host 'b b@example.org'; do
		want 422 .error.code validation pays "$wrong" 1 "n$RANDOM"
	done
	want 422 admin post /api/admin/dzit/add \
	    '{"email":"bob@example.org","amount":1,"reason":"x"}'
	want 422 admin post /api/admin/dzit/add \
	    '{"amount":1,"reason":"x","idempotency_key":"k"}'
	want 422 admin post /api/admin/dzit/add '{"account":"c_1","amount":1,
	    "email":"bob@example.org","reason":"x","idempotency_key":"k"}'
	want 404 .error.code no_account admin post /api/admin/dzit/add \
	    '{"account":"MINT","amount":1,"reason":"x","idempotency_key":"k"}'
	want 404 .error.code no_account admin post /api/admin/dzit/deduct \
	    '{"account":"VAULT","amount":1,"reason":"x",
	    "idempotency_key":"k"}'
	want 404 admin get /api/admin/dzit/history/bob@example.org
	sound
}

@test "nodes of the registry, with what they call themselves" {
	local id hash

	# Node A of spec/node.md 22.1.
	id=7f2d9ed0b71b8e5a6c5cf30e647d6e20b5bca6dac8071f11abe3fef8014db610
	hash=0x389ec80b0ca61a9b17c160ec894cf7cbf80b070a4cd49cc0337baaf4d37925fe
	sqlite3 "$BZN_HOME/node.db" "INSERT INTO card_peer (node_id, key,
	    name, endpoint, state, made_ms, changed_ms) VALUES ('$id',
	    zeroblob(32), '<script>alert(1)</script>', '', 'pending', 1, 1);
	    INSERT INTO registry_node (node_hash,
	    node_id, dns_name, endpoint, made_ms, changed_ms, seen_ms) VALUES
	    ('$hash', '$id', 'evil', 'https://x.example/<b>',
	    1, 1, ${clock#@});
	    UPDATE registry_tally SET nodes = 1"
	want 200 .total 1 .nodes[0].node_id "$id" .nodes[0].tier UNVERIFIED \
	    .nodes[0].endpoint 'https://x.example/<b>' '.nodes[0].name' '<script>alert(1)</script>' \
	    .nodes[0].dns_name evil admin get /api/admin/nodes
	want 200 .node_id "$id" .card null '.uptime|keys|join(" ")' \
	    '24h 30d 7d' .latency_ms.p99 null admin get "/api/admin/nodes/$id"
	want 200 .node_hash "$hash" admin get "/api/admin/nodes/${id:0:12}"
	want 200 .nodes[0].status online .nodes[0].latency_ms null \
	    admin get /api/admin/nodes/health
	pass 601
	want 200 .nodes[0].status offline admin get /api/admin/nodes/health
	want 200 .windows '[]' .sla_pct null \
	    admin get "/api/admin/nodes/$id/downtime"
	# Once it is probed, probes say how it is.
	printf '{"node":"%s","name":"n","from":%s,"ms":57,"found":"%s"}\n' \
	    "$id" $((${clock#@} - 3600000)) \
	    oooooooooffffoooooooooooooooooo >lines
	health "$BZN_HOME" <lines
	want 200 .nodes[0].status online .nodes[0].latency_ms 57 \
	    .nodes[0].uptime_pct 86.6 .nodes[0].last_seen \
	    "$(date -u -d @$((${clock#@} / 1000)) +%FT%T).${clock: -3}Z" \
	    admin get /api/admin/nodes/health
	# These names, and no others; latency is an integer.
	want 200 '.nodes[0]|keys_unsorted|join(" ")' \
	    'node_id name status latency_ms uptime_pct last_seen' \
	    '.nodes[0].latency_ms|floor|tostring' 57 .total 1 \
	    '.nodes[0].node_id' "$id" admin get /api/admin/nodes/health
	want 200 '.uptime["24h"].uptime_pct' 86.6 \
	    '.uptime["7d"].down_seconds' 480 .latency_ms.p50 57 \
	    admin get "/api/admin/nodes/$id"
	want 200 '.windows|length' 1 .windows[0].seconds 480 \
	    .windows[0].reason connect .sla_pct 86.6 \
	    admin get "/api/admin/nodes/$id/downtime"
	want 200 .nodes.probed 1 .nodes.answered 1 get /health/extended
	admin get /metrics
	[[ $body == *"bzn_node_up{node=\"$id\",family=\"any\"} 1"* ]]
	[[ $body == *"bzn_sweep_end_seconds "* ]]
	admin get /v1/admin/dashboard
	[[ $body == *'<b>1/1</b><span>probed nodes that are up'* ]]
	pass 400
	admin get /v1/admin/dashboard
	[[ $body == *'<b>0/1</b><span>probed nodes that are up, 1 not known<'* ]]
	want 200 .nodes[0].latency_ms null admin get /api/admin/nodes/health
	want 404 .error.code node_missing admin get /api/admin/nodes/nobody
	want 404 .error.code node_missing \
	    admin get /api/admin/nodes/nobody/downtime
	want 422 admin get '/api/admin/nodes?limit=0'
	want 200 '.nodes|length' 0 .total 1 \
	    admin get '/api/admin/nodes?offset=1'
}

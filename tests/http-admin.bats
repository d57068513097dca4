# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# What the operator asks and does: spec/vmp.md 2.14, 4.3, 6.9.
load common
load http
load market

setup_file() {
	grid
	serve
}

# once NAME: the first test of it makes what the others look at.
market() {
	[[ ! -e $BATS_FILE_TMPDIR/made ]] || return 0
	join seller buyer
	offers seller 10.00
	for _ in 1 2 3; do
		buys buyer
		echo "$task $escrow" >>"$BATS_FILE_TMPDIR/made"
	done
}

# nth N: sets $task and $escrow.
nth() {
	read -r task escrow < <(sed -n "$1p" "$BATS_FILE_TMPDIR/made")
}

# Every route of the family: METHOD PATH.
routes() {
	bzn-serve --routes | jq -r 'select(.path | startswith("/v1/admin/")) |
	    [.method, .path] | @tsv' | sed 's/{table}/tasks/'
}

@test "no route answers without the admin key, of whatever length" {
	local key method path wrong

	market
	key=$(<"$BZN_HOME/identity/admin_key")
	while read -r method path; do
		want 401 .code admin_missing call "$method" "$path"
		[[ $(field www-authenticate) == *Bearer* ]]
		for wrong in x "${key%?}" "${key}0" "${key^^}" \
		    "$(printf '%05000d' 0)"; do
			want 401 .code admin_denied call "$method" "$path" \
			    -H "Authorization: Bearer $wrong"
		done
		want 401 as buyer call "$method" "$path"
		want 401 .code admin_missing call "$method" \
		    "$path?key=$key&admin_key=$key"
		want 401 .code admin_denied call "$method" "$path" \
		    -H 'Authorization: Bearer '
	done < <(routes)
}

@test "a GET of what would change something is refused, and changes nothing" {
	local before method path

	market
	before=$(bzn-ledger export ndjson | sha256sum)
	while read -r method path; do
		[[ $method == GET ]] && continue
		want 405 .code method_not_allowed admin get "$path"
		[[ $(field allow) == 'POST, OPTIONS' ]]
	done < <(routes)
	while read -r method path; do
		# Streams have no end: http-stream.bats.
		[[ $method == POST || $path == */events ]] ||
		    want 200 admin get "$path"
	done < <(routes)
	[[ $(bzn-ledger export ndjson | sha256sum) == "$before" ]]
}

@test "stats and metrics" {
	market
	want 200 .period 24h .metrics.total_nodes 2 .metrics.active_skills 1 \
	    .metrics.tasks_processed 3 .metrics.transaction_volume 0.00 \
	    .metrics.genesis_vault 0.00 admin get /v1/admin/stats
	for period in 24h 7d 30d all; do
		want 200 .period "$period" admin get \
		    "/v1/admin/stats?period=$period"
	done
	want 422 .code validation .detail[0].field period \
	    admin get '/v1/admin/stats?period=century'
	want 200 .tasks.total 3 .tasks.today 3 .tasks.last_7_days 3 \
	    .settlements.total_settled 0 .gmv.total_tck_transacted 0.00 \
	    .gmv.vault_balance 0.50 .nodes.total_registered 2 \
	    .nodes.active_last_7_days 2 .nodes.genesis_total 200 \
	    .skills.total_published 1 .bounties.total_created 0 \
	    .operations.stale_alert false .operations.parked 0 \
	    admin get /v1/admin/metrics
}

@test "transactions, the newest first, in pages, with who paid whom" {
	local n all=()

	market
	nth 3
	want 200 .count 12 .entries[0].account buyer .entries[0].type DEBIT \
	    .entries[0].amount 10.00 .entries[0].balance_after 70.00 \
	    .entries[0].reference_type ESCROW_LOCK \
	    .entries[0].reference_id "$escrow" \
	    .entries[0].counterparty "ESCROW:$escrow" \
	    .entries[0].note null \
	    '.entries[0].narrative|test("^buyer locked .*10.00 TCK$")' true \
	    admin get /v1/admin/transactions
	n=$(jq -c '[.entries[].id]' <<<"$body")
	want 200 .count 5 admin get '/v1/admin/transactions?limit=5'
	all+=("$(jq -c '[.entries[].id]' <<<"$body")")
	want 200 .count 7 admin get \
	    "/v1/admin/transactions?before=$(jq -r .entries[-1].id <<<"$body")"
	all+=("$(jq -c '[.entries[].id]' <<<"$body")")
	[[ $(jq -sc add <<<"${all[*]}") == "$n" ]]
	want 200 .count 4 .entries[0].balance_after 70.00 \
	    .entries[-1].balance_after 100.00 \
	    '.entries|map(.account)|unique|join(",")' buyer \
	    admin get '/v1/admin/transactions?account=buyer'
	want 200 .count 2 .entries[0].balance_after 99.50 \
	    admin get '/v1/admin/transactions?account=seller'
	want 200 .count 6 admin get \
	    '/v1/admin/transactions?reference_type=ESCROW_LOCK'
	want 200 .count 0 admin get '/v1/admin/transactions?unit=SBX'
	want 200 .count 0 admin get '/v1/admin/transactions?account=nobody'
	want 200 .count 0 admin get '/v1/admin/transactions?before=0-0'
	for wrong in limit=0 limit=1001 limit=abc limit=-1 before=x \
	    before=1 before=-1-1 before=1-1x; do
		want 422 .code validation admin get \
		    "/v1/admin/transactions?$wrong"
	done
}

@test "exports: JSON and CSV, without what is private (35)" {
	local table

	market
	for table in daily_active tasks escrows nodes funnel cri; do
		want 200 .table "$table" .period 30d \
		    '.count == (.data | length)' true \
		    admin get "/v1/admin/export/$table"
		[[ $body != *@* && $body != *bn_* ]]
		want 200 admin get "/v1/admin/export/$table/csv?period=all"
		[[ $(field content-type) == text/csv* ]]
	done
	want 200 .count 3 .data[0].status OPEN .data[0].amount 10.00 \
	    .data[0].protocol api admin get /v1/admin/export/tasks
	want 200 .count 1 admin get \
	    '/v1/admin/export/tasks?limit=1&offset=2'
	admin get /v1/admin/export/nodes/csv
	[[ ${body%%$'\r'*} == \
	    node_id,realm,active,strikes,created_at,banned_at,expired_at ]]
	grep -q '^"buyer","production",true,0,2026-' <<<"$body"
	want 400 .code no_table admin get /v1/admin/export/secrets
	want 400 .code no_table admin get /v1/admin/export/node_access/csv
	want 422 admin get '/v1/admin/export/nodes?period=1d'
	want 404 admin get /v1/admin/export/nodes/pdf
}

@test "analytics of every period (35)" {
	local period

	market
	for period in today 7d 30d quarter year all; do
		want 200 .period "$period" .nodes.total 2 .nodes.new 2 \
		    .nodes.active_buyers 1 .tasks.created 3 \
		    .tasks.by_protocol.api 3 .tasks.top_skills[0].tasks 3 \
		    .funnel.registrations 2 '.daily_trend|length' 1 \
		    .daily_trend[0].tasks_created 3 \
		    admin get "/v1/admin/analytics?period=$period"
	done
	want 422 admin get '/v1/admin/analytics?period=24h'
	want 200 .date 2026-11-20 .rows 1 \
	    admin post /v1/admin/analytics/snapshot
}

@test "the books: valid, also in the words of the reference" {
	market
	want 200 .valid true .unit TCK .total_minted 200.00 \
	    .total_in_wallets 169.50 .total_in_vault 0.50 \
	    .total_in_escrow 30.00 .sum_accounted 200.00 .discrepancy 0.00 \
	    .conservation.valid true .conservation.flag null \
	    .nodes_checked 2 .checks.double_entry true .sandbox null \
	    admin get /v1/admin/ledger/reconcile
}

# signed: how many checkpoints there are.
signed() {
	sqlite3 "$BZN_HOME/node.db" 'SELECT count(*) FROM ledger_checkpoint'
}

@test "sweeps: paid, refunded, ended, once; each is in the log" {
	local signed

	market
	nth 1
	as seller post /v1/tasks/complete "{\"task_id\":\"$task\",
	    \"output_data\":{\"ok\":true},\"proof_hash\":\"x\"}"
	pass 86400
	signed=$(signed)
	want 200 .status OK .settled 1 .auto_refunded 0 .failed 0 \
	    .tax_routed_to_vault 0.30 .details[0].escrow_id "$escrow" \
	    .details[0].seller_payout 9.70 .details[0].protocol_tax 0.30 \
	    .details[0].seller_id seller \
	    admin post /v1/admin/escrows/auto-settle
	((signed == $(signed) - 1)) || fail "$signed: it is not signed"
	want 200 .settled 0 .details '[]' \
	    admin post /v1/admin/escrows/auto-settle '{}'
	((signed == $(signed) - 1)) || fail "$signed: nothing, but signed"
	want 200 .metrics.genesis_vault 0.30 .metrics.transaction_volume \
	    10.00 admin get /v1/admin/stats
	nth 2
	as seller post /v1/tasks/complete "{\"task_id\":\"$task\",
	    \"output_data\":{\"ok\":true},\"proof_hash\":\"x\"}"
	want 200 as buyer post /v1/tasks/dispute "{\"task_id\":\"$task\",
	    \"reason\":\"<script>alert(1)</script>\"}"
	pass 172800
	nth 3
	want 200 .refunded 1 .details[0].escrow_id "$escrow" \
	    .details[0].amount 10.00 .details[0].buyer_id buyer \
	    admin post /v1/admin/escrows/auto-refund
	want 200 .refunded 0 admin post /v1/admin/escrows/auto-refund
	want 200 .status OK .expired 0 .failed 0 \
	    admin post /v1/admin/bounties/expire
	[[ $(bzn-ledger export ndjson | jq -r '.entry | select(.type == "admin.act")
	    | .data.route' | sort | uniq -c | tr -s ' ') == *\
'2 /v1/admin/escrows/auto-settle'* ]]
	sound
}

@test "a dispute is resolved once (7), and what that did is known" {
	local i

	nth 2
	want 200 .total 2 .disputes[0].rule_applied TIMEOUT_NON_DELIVERY \
	    .disputes[1].rule_applied BUYER_DISPUTE \
	    .disputes[1].escrow_status DISPUTED \
	    .disputes[1].escrow_id "$escrow" admin get /v1/admin/disputes
	want 200 .total 1 .disputes[0].task_id "$task" admin get \
	    '/v1/admin/disputes?reason=BUYER_DISPUTE&escrow_status=DISPUTED'
	want 422 admin get '/v1/admin/disputes?reason=other'
	want 422 admin get '/v1/admin/disputes?limit=201'
	resolve() {
		admin post /v1/admin/disputes/resolve "$@"
	}
	want 422 .detail[0].field escrow_id resolve '{}'
	want 404 .code escrow_missing resolve \
	    '{"escrow_id":"none","resolution":"refund_buyer"}'
	want 400 .code bad_resolution resolve \
	    "{\"escrow_id\":\"$escrow\",\"resolution\":\"both\"}"
	want 422 .detail[0].field resolved_by resolve \
	    "{\"escrow_id\":\"$escrow\",\"resolved_by\":\"ME\",
	    \"resolution\":\"refund_buyer\"}"
	credentials=(-H "Authorization: Bearer $(<"$BZN_HOME/identity/admin_key")")
	for i in {1..10}; do
		echo refund_buyer release_to_seller | cut -d' ' -f$((i % 2 + 1))
	done >which
	xargs -P 10 -I{} curl -sS -X POST "${credentials[@]}" -o /dev/null \
	    -w '%{http_code}\n' "$url/v1/admin/disputes/resolve?escrow_id=\
$escrow&resolution={}&reasoning=looked" <which | sort | uniq -c >codes
	[[ $(tr -s ' ' <codes) == $' 1 200\n 9 400' ]] || fail "$(<codes)"
	want 400 .code wrong_state .detail 'Escrow is not in DISPUTED state' \
	    resolve "{\"escrow_id\":\"$escrow\",
	    \"resolution\":\"refund_buyer\"}"
	credentials=()
	has "ESCROW:$escrow" 0.00
	sound
	want 200 .valid true admin get /v1/admin/ledger/reconcile
}

@test "books that are changed behind the ledger's back are found (13)" {
	(cd "$BZN_HOME" && tamper "UPDATE ledger_account SET cr = cr + 100
	    WHERE name = 'buyer'")
	want 200 .valid false .mismatches[0].account buyer \
	    '.mismatches[0]|(.stored|tonumber) - (.computed|tonumber)' 1 \
	    .conservation.flag CONSERVATION_VIOLATION \
	    .checks.double_entry false .locks_refused true \
	    admin get /v1/admin/ledger/reconcile
	want 503 .code ledger_invalid as seller post /v1/trade/escrow/init \
	    '{"seller_id":"buyer","amount":"1.00"}'
	(cd "$BZN_HOME" && tamper "UPDATE ledger_account SET cr = cr - 100
	    WHERE name = 'buyer'")
	want 200 .valid true .locks_refused false \
	    admin get /v1/admin/ledger/reconcile
	want 200 as seller post /v1/trade/escrow/init \
	    '{"seller_id":"buyer","amount":"1.00"}'
}

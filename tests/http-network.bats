# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# What a node has and has done, the sandbox, the grid as a whole, the wallet:
# spec/vmp.md 2.1, 2.8, 2.12, 2.13.
load common
load http

setup_file() {
	grid 'enable_wallet yes'
	serve
	(
		cd "$BATS_FILE_TMPDIR" && join alice bob
		at bzn-market publish --provider bob --label csv_parser_v1 \
		    --price 10 --metadata - >made <<<'{"category":"data",
		    "description":"Rows out of text"}'
		jq -r .skill_id made >skill
		sell openai
		buy >bought
	)
}

# buy: alice does, the skill of bob; prints the task.
buy() {
	at bzn-escrow lock --buyer alice \
	    --skill "$(<"$BATS_FILE_TMPDIR/skill")" --input - <<<'{"a":1}' |
	    jq -r .task_id
}

# sell PROVIDER: to alice, over HTTP where models are named.
sell() {
	local task

	task=$(buy)
	want 200 as bob post /v1/tasks/complete "{\"task_id\":\"$task\",
	    \"output_data\":{\"rows\":1},\"proof_hash\":\"x\",
	    \"llm_provider_used\":\"$1\"}" || return 1
	pass 86400
	at bzn-settle >settled
}

@test "node/me: what a buyer has and has done" {
	want 401 .code api_key_format get /v1/node/me
	want 200 .node_id alice .balance_tck 80.00 .level.name Spawn \
	    .tck_spent 20 .genesis_badge.has_badge false \
	    .genesis_badge.rank null .genesis_badge.awarded_at null \
	    .stats.tasks_purchased 2 .stats.tasks_completed_as_seller 0 \
	    .stats.skills_published 0 .skills '[]' .pending_escrows 1 \
	    .member_since 2026-11-20T08:00:00.000Z .active true \
	    .sandbox false .expires_at null .canary.max_spend_daily null \
	    .canary.max_escrow_per_task null \
	    .canary.max_active_exposure_pct null .canary.spent_today 10.00 \
	    .canary.remaining_today null .canary.active_exposure 10.00 \
	    .canary.exposure_limit 45.00 \
	    .canary.resets_at 2026-11-22T00:00:00.000Z \
	    as alice get /v1/node/me
	[[ $body == *'"tck_spent":20.00,'* ]]
}

@test "node/me and seller/stats: what a seller has and has done" {
	want 200 .balance_tck 109.20 .stats.tasks_completed_as_seller 1 \
	    .stats.skills_published 1 .skills[0].label csv_parser_v1 \
	    .skills[0].price_tck 10.00 .pending_escrows 0 \
	    as bob get /v1/node/me
	want 401 .code api_key_format get /v1/seller/stats
	want 200 .node_id bob '.skills_published | length' 1 \
	    .skills_published[0].times_hired 2 \
	    .skills_published[0].price_tck 10.00 .total_tck_earned 9.70 \
	    .dispute_rate 0 .cri.settled_transactions 1 \
	    .cri.unique_counterparties 1 .cri.disputes 0 .cri.strikes 0 \
	    .cri.has_genesis_badge false .evolution.level_id 0 \
	    .evolution.tck_spent 0.5 .evolution.progress.next_level Worker \
	    as bob get /v1/seller/stats
	[[ $body == *'"dispute_rate":0.0000,'* ]]
	want 200 .skills_published '[]' .total_tck_earned 0.00 \
	    as alice get /v1/seller/stats
}

@test "the grid as a whole: what settled for money, by whose model" {
	want 200 .overview.total_trades 1 .overview.total_nodes 2 \
	    .overview.total_skills 1 .overview.protocols_active[0] api \
	    .overview.llm_providers_active[0] openai .by_protocol.api 1 \
	    .by_provider.openai 1 '.generated_at | length' 24 \
	    get /v1/network/stats
	want 200 post /v1/sandbox/nodes
	want 200 .overview.total_nodes 2 get /v1/network/stats
}

@test "the page of a skill, and disputes that count for it" {
	local skill task
	skill=$(<"$BATS_FILE_TMPDIR/skill")

	want 404 .code skill_missing .detail 'Skill not found' \
	    get /v1/skills/nothing/page
	want 200 .skill_id "$skill" .label csv_parser_v1 .price_tck 10.00 \
	    .category data .description 'Rows out of text' \
	    .seller.node_id bob .seller.level.name Spawn \
	    '.seller.cri_score > 50' true .stats.tasks_completed 1 \
	    .stats.dispute_rate_pct 0 .verified '[]' \
	    get "/v1/skills/$skill/page"
	task=$(<"$BATS_FILE_TMPDIR/bought")
	want 200 as bob post /v1/tasks/complete "{\"task_id\":\"$task\",
	    \"output_data\":{\"rows\":1},\"proof_hash\":\"x\"}"
	want 200 as alice post /v1/tasks/dispute "{\"task_id\":\"$task\",
	    \"reason\":\"These are no rows of mine\"}"
	want 200 .stats.tasks_completed 2 .stats.dispute_rate_pct 50 \
	    get "/v1/skills/$skill/page"
	want 200 .dispute_rate 0.5 .cri.disputes 1 as bob get /v1/seller/stats
	at bzn-escrow resolve "$task" --to release_to_seller --reason fine \
	    >out
	want 200 .stats.dispute_rate_pct 0 get "/v1/skills/$skill/page"
	want 200 .dispute_rate 0 .total_tck_earned 19.40 \
	    as bob get /v1/seller/stats
	want 200 .overview.total_trades 2 .by_provider.openai 1 \
	    get /v1/network/stats
}

@test "a sandbox node: its key, its money, its days" {
	local id

	want 200 .balance 10000.00 .cri_score 50 .sandbox true \
	    .expires_in '7 days' post /v1/sandbox/nodes '{"alias":"Toy"}'
	id=$(jq -r .node_id <<<"$body")
	[[ $id =~ ^sandbox-[0-9a-f]{16}$ ]]
	jq -r .api_key <<<"$body" >"$BZN_HOME/keys/toy"
	[[ $(<"$BZN_HOME/keys/toy") =~ ^bn_${id}_[0-9a-f]{48}$ ]]
	want 200 .balance_tck 10000.00 .sandbox true .cri_score 50 \
	    '.expires_at | length' 24 as toy get /v1/node/me
	want 422 .detail[0].field alias post /v1/sandbox/nodes \
	    "{\"alias\":\"$(printf 'x%.0s' {1..101})\"}"
	want 422 .detail[0].field alias post /v1/sandbox/nodes '{"alias":7}'
	want 422 .detail[0].field alias post /v1/sandbox/nodes \
	    '{"alias":"a\u0007b"}'
	want 200 post /v1/sandbox/nodes '{}'
	# In no list of those who trade for money.
	want 200 .total 2 get /v1/leaderboard
	pass $((7 * 86400))
	want 401 .code node_unknown_or_banned as toy get /v1/node/me
	at bzn-settle >out
	want 200 .active false .sandbox true get "/v1/nodes/$id"
	sound
}

@test "a trade that is shared, for as long as shares are kept" {
	local id

	want 200 post /v1/sandbox/share '{"node_id":"toy","price":1.50,
	    "skill":"csv","balance":true,"more":"x"}'
	id=$(jq -r .share_id <<<"$body")
	[[ $id =~ ^[A-Za-z0-9_-]{8}$ ]]
	want 200 get "/sandbox/trade/$id"
	[[ $(field content-type) == 'text/html; charset=utf-8' ]]
	for text in toy 1.50 csv true; do
		grep -q "<bdi[^>]*>$text</bdi>" <<<"$body"
	done
	[[ $body != *more* ]]
	want 200 '.share_id == "'"$id"'"' false \
	    '.url == "https://grid.example/sandbox/trade/" + .share_id' \
	    true post /v1/sandbox/share
	for member in node_id skill price task_id escrow_id balance; do
		want 422 .detail[0].field "$member" post /v1/sandbox/share \
		    "{\"$member\":\"$(printf 'x%.0s' {1..201})\"}"
		want 422 .detail[0].field "$member" post /v1/sandbox/share \
		    "{\"$member\":[1]}"
	done
}

@test "a share is shown as text, and no longer than shares are" {
	local id

	want 200 post /v1/sandbox/share '{"skill":"<script>x</script>"}'
	id=$(jq -r .share_id <<<"$body")
	want 200 get "/sandbox/trade/$id"
	[[ $body == *'&lt;script&gt;x&lt;/script&gt;'* && \
	    $body != *'<script>x'* ]]
	want 404 get /sandbox/trade/nothing_
	[[ $(field content-type) == 'text/html; charset=utf-8' ]]
	pass $((90 * 86400 - 1))
	at bzn-settle >out
	want 200 get "/sandbox/trade/$id"
	pass 1
	want 404 get "/sandbox/trade/$id"
	is 0 1 "" bash -c "sqlite3 '$BZN_HOME/node.db' \
	    'SELECT count(*) FROM node_share' | awk '{ print (\$1 > 0) }'"
	at bzn-settle >out
	is 0 0 "" sqlite3 "$BZN_HOME/node.db" 'SELECT count(*) FROM node_share'
}

@test "the wallet: what TCK costs" {
	want 200 '.packages | length' 4 .packages[0].id starter \
	    .packages[0].price_usd 4.99 .packages[0].tck_total 500.00 \
	    .packages[0].bonus_pct null .packages[3].tck_base 5000.00 \
	    .packages[3].tck_bonus 5000.00 .packages[3].bonus_pct 100% \
	    .currency USD .exchange_rate '1 TCK = $0.01' \
	    get /v1/wallet/packages
}

@test "the wallet: what a node has bought" {
	join eve
	want 401 .code api_key_format get /v1/wallet/balance
	want 401 .code api_key_format get /v1/wallet/purchases
	want 200 .node_id eve .balance_tck 100.00 .total_purchases 0 \
	    as eve get /v1/wallet/balance
	at bzn-ledger transfer MINT eve 1200.00 TCK --type FIAT_PURCHASE \
	    --ref p1 >out
	at bzn-ledger transfer MINT eve 7.00 TCK --type FIAT_PURCHASE \
	    --ref p2 >out
	want 200 .balance_tck 1307.00 .total_purchases 2 \
	    as eve get /v1/wallet/balance
	want 200 .purchases[1].id p1 .purchases[1].package_id builder \
	    .purchases[1].tck_total 1200.00 .purchases[1].price_usd 9.99 \
	    .purchases[1].status completed .purchases[0].id p2 \
	    .purchases[0].package_id null .total_purchased_tck 1207.00 \
	    as eve get /v1/wallet/purchases
	at bzn-ledger transfer eve VAULT 7.00 TCK --type REFUND_CLAWBACK \
	    --ref p2 >out
	want 200 .purchases[0].status refunded .purchases[1].status completed \
	    as eve get /v1/wallet/purchases
}

@test "the wallet: there is nobody to pay yet" {
	want 401 .code api_key_format post /v1/wallet/checkout
	want 422 '.|[.detail[].field] | sort | join(" ")' \
	    'node_id package_id' as alice post /v1/wallet/checkout '{}'
	want 403 .code purchase_other \
	    .detail 'Cannot purchase for another node' as alice \
	    post /v1/wallet/checkout '{"package_id":"pro","node_id":"bob"}'
	want 400 .code package_unknown .detail 'Invalid package: moon' \
	    as alice post /v1/wallet/checkout \
	    '{"package_id":"moon","node_id":"alice"}'
	want 503 .code payment_unconfigured \
	    .detail 'Payment system not configured' as alice \
	    post /v1/wallet/checkout '{"package_id":"pro","node_id":"alice"}'
	[[ $(field retry-after) -ge 1 ]]
	want 503 .code payment_unconfigured post /v1/stripe/webhook '{}'
}

@test "without enable_wallet there is none" {
	unserve
	sed -i '/enable_wallet/d' "$BZN_HOME/bzn.conf"
	serve
	want 404 .detail 'Not Found' get /v1/wallet/packages
	want 404 as alice get /v1/wallet/balance
	want 404 get /v1/wallet/purchases
	want 404 post /v1/wallet/checkout '{}'
	want 404 post /v1/stripe/webhook '{}'
}

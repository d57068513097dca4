# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# What is on offer: spec/vmp.md 2.2.
load common
load http
load market

setup_file() {
	grid
	serve
}

@test "a skill is published for a fee, and listed" {
	join seller
	want 200 .total 0 .price_stats null .market_status HIGH_LIQUIDITY \
	    .limit 50 .offset 0 get /v1/marketplace
	offers seller 10.00 '{"category":"data","description":"Echo",
	    "validators":[{"type":"non_empty","fields":["x"]},
	    {"type":"length","field":"x","min_chars":1}],
	    "recommended_verifiers":["v1"],"more":[1,1.50]}'
	has seller 99.50
	has VAULT 0.50
	want 200 .total 1 '.listings|length' 1 .listings[0].id "$skill" \
	    .listings[0].provider_id seller .listings[0].label echo_v1 \
	    .listings[0].price_tck 10.00 .listings[0].type SKILL_OFFER \
	    .listings[0].metadata.category data \
	    '.listings[0].validators|join(" ")' 'non_empty length:x' \
	    .listings[0].recommended_verifiers[0] v1 \
	    .listings[0].seller_cri 30 .listings[0].availability unknown \
	    .listings[0].sandbox false \
	    .listings[0].created_at 2026-11-20T08:00:00.000Z \
	    '.listings[0]|has("verified")' false \
	    .timestamp 1795161600 .price_stats.median 10.00 get /v1/marketplace
	[[ $body == *'"more":[1,1.50]'* ]]	# numbers as they were written
}

@test "lists are filtered, paged and ordered newest first (30, 34)" {
	join filter
	for price in 1 2.5 '"3.00"' 1e2; do
		offers filter "$price" '{"category":"code"}' "Find_100%_x"
		pass 1
	done
	want 200 .total 4 '.listings|map(.price_tck)|join(" ")' \
	    '100.00 3.00 2.50 1.00' get '/v1/marketplace?category=code'
	want 200 .total 4 .limit 2 .offset 1 \
	    '.listings|map(.price_tck)|join(" ")' '3.00 2.50' \
	    get '/v1/marketplace/?category=code&limit=2&offset=1'
	want 200 .total 2 get '/v1/marketplace?min_price=2.50&max_price=3&q=find'
	want 200 .total 2 .listings[0].price_tck 3.00 \
	    get '/v1/marketplace?min_price=2.50&max_price=3&limit=1'
	for offset in 1 2 9; do
		want 200 .total 2 '.listings|length' $((offset == 1)) \
		    get "/v1/marketplace?min_price=2.50&max_price=3&offset=$offset"
	done
	want 200 .total 1 get '/v1/marketplace?min_price=100&limit=1'
	want 200 .total 4 '.listings|length' 0 \
	    get '/v1/marketplace?category=code&offset=4'
	want 200 .total 4 get '/v1/marketplace?q=FIND_100%25_'
	want 200 .total 0 get '/v1/marketplace?q=FINDx100'
	want 200 .total 0 .listings '[]' get '/v1/marketplace?max_price=0'
	want 200 .total 0 get '/v1/marketplace?category=none'
	for bad in limit=-1 limit=0 limit=201 limit=999 limit=abc offset=-1 \
	    min_price=1.005 realm=other; do
		want 422 .detail[0].field "${bad%%=*}" .code validation \
		    get "/v1/marketplace?$bad"
	done
	want 422 get "/v1/marketplace?q=$(printf %0201d 1)"
}

@test "each realm is listed to its own, unless it is asked for" {
	join producer
	sandboxed tester
	offers producer 4.00 '{}' both_p
	offers tester 50 '{}' both_s
	has "$tester" 9999.50 SBX
	want 200 .total 1 .listings[0].label both_p \
	    get '/v1/marketplace?q=both_'
	want 200 .total 1 .listings[0].label both_s .listings[0].sandbox true \
	    .price_stats.max 50.00 as tester get '/v1/marketplace?q=both_'
	want 200 .total 1 .listings[0].label both_p \
	    as tester get '/v1/marketplace?q=both_&realm=production'
	want 200 .total 2 get '/v1/marketplace?q=both_&realm=all'
	want 200 .total 1 get '/v1/marketplace?q=both_&realm=sandbox'
	# Credentials that are none are passed over on a public route.
	want 200 .listings[0].label both_p get '/v1/marketplace?q=both_' \
	    -H 'X-API-KEY: bn_nobody_00000000000000000000000000000000'
}

@test "retired skills and those of banned nodes are not listed" {
	join leaver
	offers leaver 1 '{}' gone
	at bzn-market retire "$skill" >retired.json
	want 200 .total 0 get '/v1/marketplace?q=gone'
}

@test "a skill that was verified says by what" {
	join tested
	offers tested 1 '{}' proven
	sqlite3 "$BZN_HOME/node.db" "INSERT INTO market_verified
	    (skill_id, suite, made_ms) VALUES ('$skill', 'sentiment_basic', 1)"
	want 200 '.listings[0].verified|join(" ")' sentiment_basic \
	    get '/v1/marketplace?q=proven'
}

@test "publish refuses what is no offer (10, 18)" {
	join wrong
	local post=(as wrong post /v1/marketplace/publish)

	want 401 .code api_key_format post /v1/marketplace/publish '{}'
	want 422 '.detail|map(.field)|sort|join(" ")' 'label price_tck type' \
	    "${post[@]}" '{}'
	for price in 0 0.004 0.333 -1 10000.01 '"x"' true null 1e9 '""'; do
		want 422 .detail[0].field price_tck "${post[@]}" \
		    "{\"type\":\"SKILL_OFFER\",\"label\":\"x\",\"price_tck\":$price}"
	done
	for metadata in null '"x"' 5 '[]'; do
		want 422 .detail[0].field metadata "${post[@]}" \
		    "{\"type\":\"SKILL_OFFER\",\"label\":\"x\",\"price_tck\":1,
		    \"metadata\":$metadata}"
	done
	want 422 .detail[0].field type "${post[@]}" \
	    '{"type":"OTHER","label":"x","price_tck":1}'
	want 422 .detail[0].field label "${post[@]}" \
	    '{"type":"SKILL_OFFER","label":"a\nb","price_tck":1}'
	bad() {
		want 422 '.detail[0].path|tojson' "$2" .code validation \
		    "${post[@]}" "{\"type\":\"SKILL_OFFER\",\"label\":\"x\",
		    \"price_tck\":1,\"metadata\":$1}"
	}
	bad '{"output_schema":{"type":5}}' '["metadata","output_schema"]'
	bad '{"validators":[{"type":"non_empty","fields":["a"]},
	    {"type":"regex","field":"x","pattern":"("}]}' \
	    '["metadata","validators",1,"pattern"]'
	bad '{"validators":[{"type":"magic"}]}' \
	    '["metadata","validators",0,"type"]'
	bad '{"validators":[{"type":"language","field":"x","expected":"xx"}]}' \
	    '["metadata","validators",0,"expected"]'
	has wrong 100.00
}

@test "a language that is known is accepted" {
	join linguist
	offers linguist 1 \
	    '{"validators":[{"type":"language","field":"x","expected":"en"}]}' l
}

@test "the fee is asked for: 402 on an empty purse" {
	join poor rich
	at bzn-ledger transfer poor rich 99.60 TCK -q
	want 402 .code insufficient_funds \
	    .detail 'Insufficient funds for publishing fee' \
	    as poor post /v1/marketplace/publish \
	    '{"type":"SKILL_OFFER","label":"x","price_tck":1}'
}

@test "a repeat under a key is one skill and one fee" {
	join keyed
	local offer='{"type":"TASK_BOUNTY","label":"once","price_tck":1}'

	want 200 as keyed post /v1/marketplace/publish "$offer" \
	    -H 'Idempotency-Key: k1'
	skill=$(jq -r .skill_id <<<"$body")
	want 200 .skill_id "$skill" .idempotent true \
	    as keyed post /v1/marketplace/publish "$offer" \
	    -H 'Idempotency-Key: k1'
	want 409 .code id_conflict as keyed post /v1/marketplace/publish \
	    "${offer/once/twice}" -H 'Idempotency-Key: k1'
	has keyed 99.50
	want 200 .total 1 .listings[0].type TASK_BOUNTY \
	    get '/v1/marketplace?q=once'
	sound
}

# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Buying by what is wanted: spec/vmp.md 2.5.
load common

# sells NODE LABEL PRICE
sells() {
	at bzn-market publish --provider "$1" --label "$2" --price "$3" |
	    jq -r .skill_id
}

# hire BUYER CAPABILITY [OPTION...]
hire() {
	echo '{"q":1}' | at bzn-escrow hire --buyer "$1" --capability "$2" \
	    --integration openai --input - "${@:3}"
}

# refuses STATUS TEXT BUYER CAPABILITY [OPTION...]
refuses() {
	local want=$1 text=$2

	shift 2
	keeps is "$want" "" "bzn-escrow: $text" hire "$@"
}

@test "the cheapest that can do it is bought, under the name of the bridge" {
	home
	member alice bob carol
	sells bob "fast_Web_Scraper_v1" 0.80 >dear
	sells carol "web_scraper" 0.60 >cheap
	hire alice web-scraper --deadline 5 >answer
	is 0 '["carol","mcp","MCP_OPENAI","web-scraper",5,"0.60","0.60",15]' \
	    "" jq -c '[.seller_id, .protocol, .integration, .capability,
	    .deadline_seconds, .amount, .estimated_cost, .eta_seconds]' answer
	has alice 99.40
	# Its own is not bought, whatever it costs.
	hire carol web-scraper >answer
	is 0 bob "" jq -r .seller_id answer
	sound
}

@test "of two that cost the same, that of the better seller, then the older" {
	home
	member alice bob carol
	first=$(sells bob "csv_parser" 0.30)
	pass 1
	second=$(sells carol "csv_parser" 0.30)
	hire alice csv-parser >answer
	is 0 "$first" "" jq -r .skill_id answer
	# carol has sold before, which makes her the better one.
	task=$(buy alice "$second")
	deliver "$task"
	pass 86400
	at bzn-settle >out
	hire alice csv-parser >answer
	is 0 "$second" "" jq -r .skill_id answer
}

@test "vmp 13.53: a match that costs more than max_price is not bought" {
	home
	member alice bob
	sells bob "web_research" 1.50 >out
	refuses 9 "no capability 'does-not-exist' (capability_unknown)" \
	    alice does-not-exist
	refuses 9 "'web-research' usually costs more than '0.01' \
(over_price)" alice web-research --max-price 0.01
	refuses 9 "everybody's 'web-research' costs more than '1.49' \
(over_price)" alice web-research --max-price 1.49
	has alice 100.00
	hire alice web-research --max-price 1.50 >out
	has alice 98.50
	sound
}

@test "nobody has it, or only who asks, or only the other realm" {
	home
	member alice bob
	refuses 4 "nobody offers 'scheduler' (skill_missing)" alice scheduler
	sells alice "scheduler" 0.50 >out
	refuses 9 "'alice' is the only one who offers 'scheduler' \
(self_trade)" alice scheduler
	play=$(at bzn-node sandbox | jq -r .node_id)
	sells "$play" "diff_analyzer" 0.30 >out
	refuses 9 "production nodes cannot trade with sandbox nodes (realm)" \
	    alice diff-analyzer
	refuses 9 "sandbox nodes cannot trade with production nodes (realm)" \
	    "$play" scheduler
}

@test "what a request to hire may not say" {
	home
	member alice
	refuses 4 "no node 'nobody' (node_missing)" nobody scheduler
	refuses 3 "'/deadline_seconds' is not 1 to 3600 (bad_json)" alice \
	    scheduler --deadline 3601
	refuses 3 "'/deadline_seconds' is not 1 to 3600 (bad_json)" alice \
	    scheduler --deadline 0
	refuses 3 "'10000.01' is not 0.01 to 10000.00 (price_range)" alice \
	    scheduler --max-price 10000.01
	refuses 3 "TCK: '1.005' has more than 2 decimals (amount_scale)" \
	    alice scheduler --max-price 1.005
	is 2 "" "bzn-escrow: --buyer, --capability, --integration and --input \
belong together; without them requests come from stdin (usage)" \
	    at bzn-escrow hire --buyer alice
	is 2 "" "bzn-escrow: --buyer, --capability, --integration and --input \
belong together; without them requests come from stdin (usage)" \
	    at bzn-escrow hire --deadline 0
	echo '{"buyer_id":"alice","integration":"'"$(printf 'x%.0s' {1..51})"'",
	    "capability":"scheduler","payload":{}}' | jq -c . >in
	is 3 "" "bzn-escrow: stdin:1: the integration is not 1 to 50 \
characters (bad_json)" at bzn-escrow hire <in
}

# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# put NODE LABEL PRICE: publish that, a second after what was before.
put() {
	pass 1
	at bzn-market publish -p "$1" -l "$2" --price "$3" | jq -r .skill_id
}

# ask CAPABILITY OPTION...: alice does.
ask() {
	at bzn-market quote -b alice "$@"
}

# quoted WANT CAPABILITY OPTION...: what is the label of what she gets?
quoted() {
	local want=$1

	shift
	run --separate-stderr ask "$@"
	[[ $status == 0 && $(jq -r .label <<<"$output") == "$want" ]] ||
	    fail "$*: $output$stderr"
}

# none CAPABILITY OPTION...: nothing fits.
none() {
	keeps is 4 "" "bzn-market: no skill on offer fits '$1' \
(skill_missing)" ask "$@"
}

# two: a home with two sellers, and alice who buys.
two() {
	home
	member alice bob carol
}

@test "the capabilities are those thirty" {
	is 0 30 "" bash -c 'bzn-market capabilities | wc -l'
	is 0 '{"capability":"web-research","typical_price":"1.00",'\
'"eta_seconds":30}' "" bash -c 'bzn-market capabilities |
	    grep web-research'
	is 0 15.60 "" bash -c 'bzn-market capabilities |
	    jq -s "map(.typical_price | tonumber) | add * 100 | round / 100 |
	    tostring + \"0\"" -r'
	run bzn-market capabilities --table
	[[ ${lines[0]} == "CAPABILITY "*"TYPICAL PRICE  ETA SECONDS" ]]
}

@test "a quote is the cheapest that fits" {
	two
	put bob "web_research_v1" 2 >out
	put carol "My Web_Research" 1.50 >out
	put bob "other" 0.10 >out
	quoted "My Web_Research" web-research
	quoted "My Web_Research" WEB_RES
	quoted other other
	quoted "My Web_Research" web-research --max-price 1.50
	none web-research --max-price 1.49
	none web-research --deadline 29
	quoted "My Web_Research" web-research --deadline 30
	quoted other other --deadline 30
	none other --deadline 29
	none 'web%research'
	keeps is 4 "" "bzn-market: no skill is without a name \
(skill_missing)" ask ''
	sqlite3 node.db "UPDATE node_node SET active = 0 WHERE id = 'carol'"
	quoted web_research_v1 web-research
}

@test "what a quote says" {
	local id

	two
	echo '{"output_schema":{"type":"object"},"validators":[{"type":"length",
	    "field":"t","min_words":2}]}' >meta.json
	id=$(at bzn-market publish -p bob -l work --price 3 -m meta.json |
	    jq -r .skill_id)
	run --separate-stderr ask work
	[[ $status == 0 && $output == '{"quote_id":"'*'","buyer_id":"alice",'\
'"skill_id":"'$id'","seller_id":"bob","label":"work","price":"3.00",'\
'"unit":"TCK","estimated_duration_seconds":30,"acceptance_criteria":['\
'{"type":"output_schema","schema":{"type":"object"}},'\
'{"type":"length","field":"t","min_words":2}],'\
'"valid_until":"2026-11-20T08:15:00.000Z"}' ]] || fail "$output$stderr"
	echo 'quote_ttl 60s' >>bzn.conf
	is 0 '"2026-11-20T08:01:00.000Z"' "" bash -c "bzn-market --now $clock \
	    quote -b alice work | jq .valid_until"
}

@test "of two that cost the same: the better seller, then the older skill" {
	two
	put bob w1 1 >out
	put carol w2 1 >out
	put carol w3 1 >out
	quoted w1 w
	sqlite3 node.db "INSERT INTO cri_node (number, node_id, tenths,
	    scored_ms) VALUES (1, 'carol', 301, 1)"
	quoted w2 w
	quoted w2 w --quality 30.1
	none w --quality 30.2
	none w --quality verified
	sqlite3 node.db "INSERT INTO market_verified SELECT id, 'basic', 1
	    FROM market_skill WHERE label = 'w3'"
	quoted w3 w --quality verified
	is 0 '["basic"]' "" bash -c 'bzn-market list --text w3 |
	    jq -c .verified'
	keeps is 3 "" "bzn-market: a quality of 'good' is neither verified nor \
a score (bad_quality)" ask w --quality good
}

@test "one's own is not looked for, but may be asked for by its id" {
	local own

	two
	own=$(put alice w 1)
	none w
	put bob w2 5 >out
	quoted w2 w
	quoted w "$own"
	none "$own" --max-price 0.99
}

@test "who asks, and what must be asked" {
	two
	put bob w 1 >out
	keeps is 2 "" "bzn-market: --buyer is missing: who asks (usage)" \
	    at bzn-market quote w
	keeps is 2 "" "bzn-market: which capability? without one requests \
come from stdin, and say all that options would (usage)" \
	    at bzn-market quote -b alice
	keeps is 4 "" "bzn-market: no node 'dave' (node_missing)" \
	    at bzn-market quote -b dave w
	keeps is 3 "" "bzn-market: TCK: '1.005' has more than 2 decimals \
(amount_scale)" ask w --max-price 1.005
	keeps is 3 "" "bzn-market: '/constraints/deadline' is not 1 second or \
more (bad_json)" ask w --deadline 0
	sqlite3 node.db "UPDATE node_node SET active = 0 WHERE id = 'alice'"
	keeps is 5 "" "bzn-market: 'alice' is inactive \
(node_unknown_or_banned)" ask w
	sqlite3 node.db "UPDATE node_node SET active = 1 WHERE id = 'alice'"
	{
		echo '{"buyer_id":"alice","capability":"w","id":"q",
		    "constraints":{"max_price":"1.00","deadline":30}}' |
		    tr -d '\n\t'
		echo
		echo '{"buyer_id":"alice","capability":"w",
		    "constraints":{"max_price":1}}' | tr -d '\n\t'
		echo
		echo '{"buyer_id":"alice","capability":"w",
		    "constraints":{"price":"1"}}' | tr -d '\n\t'
		echo
	} >in
	run --separate-stderr at bzn-market quote <in
	[[ $status == 3 && ${#lines[@]} == 1 && $stderr == *"stdin:2: \
'/constraints/max_price' is a number"*"stdin:3: '/constraints/price' is not \
known here (unknown_member)" ]] || fail "$output$stderr"
	keeps at bzn-market quote <in >again 2>err || true
	is 0 true "" bash -c 'jq .idempotent again'
}

@test "a quote is of the realm of who asks" {
	local node

	two
	put bob w 1 >out
	node=$(at bzn-node sandbox | jq -r .node_id)
	keeps is 4 "" "bzn-market: no skill on offer fits 'w' \
(skill_missing)" at bzn-market quote -b "$node" w
	keeps is 4 "" "bzn-market: no skill on offer fits '$(jq -r .skill_id \
	    <(bzn-market list))' (skill_missing)" at bzn-market quote \
	    -b "$node" "$(bzn-market list | jq -r .skill_id)"
	put "$node" w 50 >out
	quoted w w
	is 0 '"1.00"' "" bash -c "bzn-market --now $clock quote -b alice w |
	    jq .price"
}

# spend QUOTE NODE: buy with it.
spend() {
	echo '{}' | at bzn-escrow lock -b "$2" --quote "$1" -i -
}

@test "a quote binds, though the skill is changed and retired" {
	local id quote

	two
	id=$(put bob w 3)
	quote=$(ask w | jq -r .quote_id)
	late=$(ask w | jq -r .quote_id)
	own=$(at bzn-market quote -b bob "$id" | jq -r .quote_id)
	at bzn-market update "$id" --price 5 -l better >out
	at bzn-market retire "$id" >out
	keeps is 4 "" "bzn-escrow: no quote '$quote' (quote_missing)" \
	    spend "$quote" carol
	keeps is 4 "" "bzn-escrow: no quote 'x' (quote_missing)" \
	    spend x carol
	run --separate-stderr spend "$own" bob
	[[ $status == 9 && $stderr == *"(self_trade)" ]] || fail "$stderr"
	spend "$quote" alice >task
	is 0 '["w","3.00"]' "" jq -c '[.label, .amount]' task
	run --separate-stderr spend "$quote" alice
	[[ $status == 9 && $stderr == *"(quote_expired)" ]] || fail "$stderr"
	pass 899
	spend "$late" alice >task
	is 0 '["w","3.00"]' "" jq -c '[.label, .amount]' task
	sound
}

@test "a quote ends at its time, which is half open" {
	local other quote

	two
	put bob w 3 >out
	quote=$(ask w | jq -r .quote_id)
	other=$(ask w | jq -r .quote_id)
	pass 899
	spend "$quote" alice >task
	pass 1
	run --separate-stderr spend "$other" alice
	[[ $status == 9 && $stderr == *"(quote_expired)" ]] || fail "$stderr"
}

# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# put NODE LABEL PRICE: publish that, a second after what was before.
put() {
	pass 1
	at bzn-market publish -p "$1" -l "$2" --price "$3" | jq -r .skill_id
}

# labels OPTION...: of the skills that list finds, a blank between them.
labels() {
	bzn-market list "$@" | jq -r .label | paste -sd' '
}

# scores NODE TENTHS: as if trades had made it so.
scores() {
	sqlite3 node.db "INSERT INTO cri_node (number, node_id, tenths,
	    scored_ms) VALUES ((SELECT count(*) + 1 FROM cri_node), '$1', $2,
	    1)"
}

# stats WANT: what the market says of prices.
stats() {
	is 0 '{"unit":"TCK","skills":'"$1" "" bzn-market stats
}

@test "vmp 13.30: by category, of the metadata or of its own" {
	home
	member bob
	echo '{"category":"text"}' >meta.json
	at bzn-market publish -p bob -l a --price 1 -m meta.json >out
	put bob b 1 >out
	is 0 a "" labels --category text
	is 0 "" "" labels --category tex
}

@test "vmp 13.34: a limit of -1, 0, 201, 999 or abc is refused" {
	local bad

	home
	for bad in 0 201 999; do
		is 2 "" "bzn-market: --limit: 1 to 200 (usage)" \
		    bzn-market list --limit "$bad"
	done
	for bad in -1 abc 1.5 "" 99999999999999999999; do
		is 2 "" "bzn-market: --limit: '$bad' is not a number (usage)" \
		    bzn-market list "--limit=$bad"
		is 2 "" "bzn-market: --offset: '$bad' is not a number (usage)" \
		    bzn-market list "--offset=$bad"
	done
	is 0 "" "" bzn-market list --limit 200
	is 2 "" "bzn-market: --sort: newest, price or score (usage)" \
	    bzn-market list --sort cost
	is 2 "" "bzn-market: --realm: production, sandbox or all (usage)" \
	    bzn-market list --realm x
	is 3 "" "bzn-market: --min-cri: '1.55' has more than 1 decimals \
(amount_scale)" bzn-market list --min-cri 1.55
}

@test "the order is total: the key, then the id" {


	home
	member alice bob
	put alice a 2 >out
	put bob b 1 >out
	put alice c 1 >out
	put bob d 3 >out
	scores alice 450
	scores bob 612
	is 0 "d c b a" "" labels
	is 0 "d c b a" "" labels --sort newest
	is 0 "b c a d" "" labels --sort price
	is 0 "b d a c" "" labels --sort score
	is 0 "c a" "" labels --sort price --provider alice
	# Many with one price and one moment: each once, whatever the page.
	jq -nc 'range(20) | {provider_id: "bob", label: "s\(.)", price: "1"}' |
	    at bzn-market publish >out
	for sort in newest price score; do
		bzn-market list --sort $sort | jq -r .skill_id >all
		is 0 24 "" bash -c 'wc -l <all'
		for n in 0 5 10 15 20; do
			bzn-market list --sort $sort --limit 5 --offset $n |
			    jq -r .skill_id
		done | diff all -
	done
	is 0 '{"total":24,"limit":5,"offset":20}' "" bzn-market list --total \
	    --limit 5 --offset 20
	is 0 '{"total":21,"offset":0}' "" bzn-market list --total \
	    --sort score --min-cri 61.2 --max-price 1
	is 0 '{"total":0,"offset":0}' "" bzn-market list --total --text zzz
}

@test "a seller's score: as it is kept, of a new node what such a node has" {
	home
	member alice bob
	put alice a 1 >out
	put bob b 1 >out
	is 0 $'30.0\n30.0' "" bash -c 'bzn-market list |
	    grep -o "\"seller_cri\":[0-9.]*" | cut -d: -f2'
	scores bob 612
	is 0 61.2 "" bash -c 'bzn-market show "$(bzn-market list --text b |
	    jq -r .skill_id)" | jq .seller_cri'
	is 0 "b a" "" labels --min-cri 30
	is 0 "b" "" labels --min-cri 30.1
	is 0 "b" "" labels --min-cri 61.2
	is 0 "" "" labels --min-cri 61.3
}

@test "one realm at a time: prices in SBX are of the sandbox" {
	home
	member bob
	node=$(at bzn-node sandbox | jq -r .node_id)
	put bob a 1 >out
	put "$node" b 50 >out
	is 0 a "" labels
	is 0 b "" labels --realm sandbox
	is 0 "b a" "" labels --realm all
	is 0 '["SBX","50.00",true,50]' "" bash -c 'bzn-market list \
	    --realm sandbox | jq -c "[.unit, .price, .sandbox, .seller_cri]"'
	has "$node" 9999.50 SBX
	has VAULT 0.50 SBX
	is 0 '{"unit":"SBX","skills":1,"min":"50.00","max":"50.00",'\
'"average":"50.00","median":"50.00"}' "" bzn-market stats --realm sandbox
	stats '1,"min":"1.00","max":"1.00","average":"1.00","median":"1.00"}'
	sound
}

@test "prices: the least, the greatest, the mean and the middle one" {
	local a b c

	home
	member alice bob
	stats '0}'
	a=$(put bob a 1)
	stats '1,"min":"1.00","max":"1.00","average":"1.00","median":"1.00"}'
	b=$(put bob b 0.02)
	# 1.02 / 2 = 0.51 both ways.
	stats '2,"min":"0.02","max":"1.00","average":"0.51","median":"0.51"}'
	c=$(put alice c 10000)
	# 10001.02 / 3 = 3333.67333...
	stats '3,"min":"0.02","max":"10000.00","average":"3333.67",'\
'"median":"1.00"}'
	at bzn-market update "$a" --price 0.01 >out
	# 10000.03 / 3 = 3333.34333...
	stats '3,"min":"0.01","max":"10000.00","average":"3333.34",'\
'"median":"0.02"}'
	at bzn-market retire "$c" >out
	# 0.03 / 2 = 0.015, which is rounded up.
	stats '2,"min":"0.01","max":"0.02","average":"0.02","median":"0.02"}'
	pass 1
	put alice d 0.01 >out
	# 0.04 / 3 = 0.01333...
	stats '3,"min":"0.01","max":"0.02","average":"0.01","median":"0.01"}'
	sqlite3 node.db "UPDATE node_node SET active = 0 WHERE id = 'bob'"
	stats '1,"min":"0.01","max":"0.01","average":"0.01","median":"0.01"}'
	is 0 d "" labels
	at bzn-market retire "$b" >out
	sqlite3 node.db "UPDATE node_node SET active = 1 WHERE id = 'bob'"
	stats '2,"min":"0.01","max":"0.01","average":"0.01","median":"0.01"}'
	is 0 "d a" "" labels
	is 0 "UNIT  SKILLS   MIN   MAX  AVERAGE  MEDIAN
TCK        2  0.01  0.01     0.01    0.01" "" bzn-market stats --table
	is 2 "" "bzn-market: --realm: production or sandbox (usage)" \
	    bzn-market stats --realm all
}

@test "a skill is listed until its node expires, swept or not" {
	local box

	home
	box=$(at bzn-node sandbox | jq -r .node_id)
	put "$box" a 1 >out
	pass $((7 * 86400 - 2))
	is 0 a "" labels --realm sandbox --now "$clock"
	is 0 a "" labels --realm sandbox --sort price --now "$clock"
	pass 1
	is 0 "" "" labels --realm sandbox --now "$clock"
	is 0 "" "" labels --realm sandbox --sort price --now "$clock"
	is 0 '{"total":0' "" bash -c "bzn-market list --total --realm \
	    sandbox --now '$clock' | cut -d, -f1"
	at bzn-settle >out
	is 0 "" "" labels --realm sandbox --now "$clock"
}

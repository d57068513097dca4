# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

@test "seed offers the 29 house skills, with their validators" {
	home
	member bob
	at bzn-market seed --provider bob >made
	is 0 '[29,0,"14.50",29]' "" jq -c \
	    '[.published, .kept, .fee_deducted, (.skills | length)]' made
	has bob 85.50
	is 0 29 "" bash -c 'bzn-market list | wc -l'
	# As the table of the protocol has them.
	bzn-market list | jq -c '[.label, .metadata.validators]' | sort >is
	jq -c '[.label, .validators]' "$BZN_SRC/tests/golden/house.ndjson" |
	    sort | diff - is
	is 0 '["1.00"]' "" bash -c 'bzn-market list --text code_reviewer |
	    jq -c "[.price]"'
	sound
}

@test "seed does nothing twice, and fills what is missing" {
	local id

	home 'listing_fee 0'
	member bob
	at bzn-market seed -p bob --id s >made
	at bzn-market seed -p bob >again
	is 0 '[0,29,"0.00",[]]' "" jq -c \
	    '[.published, .kept, .fee_deducted, .skills]' again
	id=$(bzn-market list --text scheduler | jq -r .skill_id)
	at bzn-market retire "$id" >gone
	is 0 '[29,true]' "" bash -c "bzn-market --now $clock seed -p bob \
	    --id s | jq -c '[.published, .idempotent]'"
	keeps at bzn-market seed -p bob -n >tried
	is 0 '[1,28,true]' "" jq -c '[.published, .kept, .dry_run]' tried
	at bzn-market seed -p bob >again
	is 0 '[1,28]' "" jq -c '[.published, .kept]' again
	is 0 29 "" bash -c 'bzn-market list | wc -l'
}

@test "seed: all or nothing, for a node that is there" {
	home 'listing_fee 4'
	member bob
	keeps is 4 "" "bzn-market: no node 'carol' (node_missing)" \
	    at bzn-market seed -p carol
	keeps is 2 "" "bzn-market: --provider is missing: who offers them \
(usage)" at bzn-market seed
	keeps is 9 "" "bzn-market: 'bob' cannot cover it \
(insufficient_funds)" at bzn-market seed -p bob
}

@test "a quote expects what the tasks of a skill have taken" {
	local id task n

	home
	member alice bob
	id=$(offer bob 0.10)
	for n in 40 7 1234; do
		task=$(buy alice "$id")
		pass "$n"
		deliver "$task"
	done
	is 0 40 "" bash -c "bzn-market --now $clock quote -b alice $id |
	    jq .estimated_duration_seconds"
	task=$(buy alice "$id")
	pass 3600
	deliver "$task"
	task=$(buy alice "$id")
	pass 9999
	deliver "$task"
	# To two digits.
	is 0 1200 "" bash -c "bzn-market --now $clock quote -b alice work |
	    jq .estimated_duration_seconds"
	keeps is 4 "" "bzn-market: no skill on offer fits 'work' \
(skill_missing)" at bzn-market quote -b alice work --deadline 1199
	at bzn-market quote -b alice work --deadline 1200 >out
}

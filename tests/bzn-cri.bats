# shellcheck shell=bats disable=SC2154
load common

@test "score and explain: a new node has 30, and every part adds up" {
	home
	member alice bob
	is 0 '{"node_id":"alice","cri_score":30.0}
{"node_id":"bob","cri_score":30.0}' "" at bzn-cri score alice bob
	pass $((86400 * 90))
	is 0 '38.1 8.13 38.13' "" bash -c "bzn-cri --now $clock explain bob |
	    jq -r '[.cri_score, .factors.age_score.value,
	    ([.factors[].value] | add) - ([.penalties[].value] | add)] |
	    map(tostring) | join(\" \")'"
	is 4 "" "bzn-cri: no node 'carol' (node_missing)" \
	    at bzn-cri explain carol
	is 4 '{"node_id":"bob","cri_score":38.1}' "bzn-cri: \
no node 'carol' (node_missing)" at bzn-cri score bob carol alice
}

@test "level and levels: what was spent, and what is next" {
	home
	member alice
	is 0 '{"node_id":"alice","level_id":0,"level_name":"Spawn",'\
'"emoji":"egg","tck_spent":0.00,"cri":30.0,"progress":{"next_level":'\
'"Worker","tck_needed":"100.00","cri_needed":0.0,"tck_progress":0.000,'\
'"cri_met":true}}' "" at bzn-cri level alice
	is 0 "0 0.00
1 100.00
2 1000.00
3 10000.00
4 50000.00" "" bash -c "bzn-cri levels |
	    jq -r '\"\(.id) \(.tck_spent_required)\"'"
	rm "$BZN_HOME/node.db"
	bzn-cri levels --table >table
	is 0 " 0  Spawn                    0.00               0.0" "" \
	    sed -n 2p table
}

@test "refresh stores what has changed, with a snapshot, and is silent then" {
	home
	member alice bob
	pass 86400
	is 0 '{"node_id":"alice","cri_before":30.0,"cri_after":31.2,'\
'"dry_run":true}
{"node_id":"bob","cri_before":30.0,"cri_after":31.2,"dry_run":true}' "" \
	    at bzn-cri refresh --dry-run
	is 0 "" "" at bzn-cri snapshots alice
	is 0 '{"node_id":"alice","cri_before":30.0,"cri_after":31.2}
{"node_id":"bob","cri_before":30.0,"cri_after":31.2}' "" at bzn-cri refresh
	is 0 "" "" at bzn-cri refresh
	is 0 '{"at":"2026-11-21T08:00:00.000Z","base":30.00,"tx":0.00,'\
'"diversity":0.00,"volume":0.00,"age":1.25,"buyer":0.00,"genesis":0.00,'\
'"dispute":0.00,"concentration":0.00,"strike":0.00,"decay_factor":1.0000,'\
'"S":0,"B":0,"U":0,"m":0,"V":"0.00","D":1,"N":0,"X":0,"strikes":0,'\
'"cri_before":30.0,"cri_after":31.2}' "" at bzn-cri snapshots alice
	pass $((86400 * 2))
	is 0 2 "" bash -c "bzn-cri --now $clock refresh | wc -l"
	is 0 "32.5 31.2
31.2 30" "" bash -c "bzn-cri snapshots bob |
	    jq -r '\"\(.cri_after) \(.cri_before)\"'"
	is 0 1 "" bash -c "bzn-cri snapshots bob --limit 1 | wc -l"
	is 2 "" "bzn-cri: a refresh needs no --id: what is fresh stays as it \
is (usage)" at bzn-cri refresh --id x
}

@test "refresh goes through more nodes than one transaction takes" {
	local n

	home "settle_batch 7"
	for ((n = 100; n < 121; n++)); do
		echo "node-$n"
	done >names
	# shellcheck disable=SC2046
	member $(<names)
	pass 86400
	at bzn-cri refresh >out
	jq -r .node_id out | diff names -
	is 0 "" "" at bzn-cri refresh
}

@test "leaderboard: the best first, by its limits, without the sandbox" {
	home
	member bob
	pass 86400
	member alice carol
	at bzn-cri refresh >out
	is 0 "bob 31.2
alice 30
carol 30" "" bash -c "bzn-cri leaderboard | jq -r '\"\(.node_id) \(.cri)\"'"
	is 0 alice "" bash -c "bzn-cri leaderboard -l 1 --offset 1 |
	    jq -r .node_id"
	is 0 "" "" bzn-cri leaderboard --offset 3
	for n in 0 101; do
		is 2 "" "bzn-cri: --limit is 1 to 100 (usage)" \
		    bzn-cri leaderboard --limit "$n"
	done
	run bzn-cri leaderboard --limit=-1
	[[ $status == 2 ]]
	run bzn-cri leaderboard --limit abc
	[[ $status == 2 ]]
}

@test "genesis and pioneers are empty before anybody has earned them" {
	home
	is 0 "" "" bzn-cri genesis
	is 0 "" "" bzn-cri pioneers
}

@test "vmp 13.57: a report leaves no trace in the store" {
	local report

	trade
	bzn-keygen token >keys
	for report in "score bob" "explain bob" "level bob" leaderboard genesis \
	    pioneers "snapshots bob" audit "certificate bob"; do
		# shellcheck disable=SC2086
		keeps at bzn-cri $report >out
	done
	keeps at bzn-cri verify <out >verdict
}

# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2094,SC2154
# What the log alone says of nodes.
load common

@test "the log says when a node was made, and audit asks it" {
	home
	at bzn-node add old --created-at 2026-01-01T00:00:00Z >added
	is 0 '{"made_ms":1767225600000,"node":"old","realm":"production"}' "" \
	    bash -c "bzn-ledger tail | jq -c '.entry |
	    select(.type == \"node.registered\").data'"
	is 0 40 "" bash -c "bzn-cri --now $clock score old | jq .cri_score"
	is 0 true "" bash -c "bzn-cri audit | jq .valid"
	tamper "UPDATE node_node SET made_ms = 7, banned_ms = 9"
	is 1 '{"node_id":"old","counter":"made_ms","stored":7,'\
'"computed":1767225600000}
{"node_id":"old","counter":"banned_ms","stored":9,"computed":0}
{"valid":false,"size":2,"settled":0,"nodes":1,"pairs":0,"faults":2}' \
	    "bzn-cri: 2 numbers of what is counted are not what the log says \
(counters_unequal)" bzn-cri audit
}

# story: trades of five nodes with a dispute, refunds, a strike, a badge, a
# bounty, the sandbox; then exports of it.
story() {
	local box other

	home
	member alice carol dave
	at bzn-node add old --created-at 2026-01-01 >out
	early bob
	skill=$(offer bob 10)
	one=$(buy alice "$skill")
	bad=$(buy alice "$skill")
	won=$(buy carol "$skill")
	own=$(buy carol "$skill")
	deliver "$one"
	deliver "$bad"
	deliver "$won"
	deliver "$own"
	at bzn-escrow dispute "$bad" --reason bad >out
	at bzn-escrow dispute "$won" --reason bad >out
	at bzn-escrow resolve "$bad" --to refund_buyer >out
	at bzn-escrow resolve "$won" --to release_to_seller >out
	at bzn-escrow refund "$own" --as bob >out
	box=$(at bzn-node sandbox | jq -r .node_id)
	other=$(at bzn-node sandbox | jq -r .node_id)
	deliver "$(buy "$other" "$(offer "$box" 50)")"
	at bzn-escrow bounty create --as dave --reward 10 --title 'a title' \
	    --description 'a long description' >out
	pass 86400
	at bzn-settle --no-checkpoint >out
	at bzn-node strike carol --reason one >out
	at bzn-node strike dave >out
	at bzn-node strike dave >out
	at bzn-node strike dave >out
	at bzn-ledger checkpoint >note
	# shellcheck disable=SC2094
	bzn-ledger export leaves >leaves
	bzn-ledger export ndjson >records
	size=$(wc -l <leaves)
}

@test "score: the store, leaves and records in a pipe: the same bytes" {
	story
	for verb in "score --all" "level --all" "explain --all" genesis \
	    "explain bob alice --entries" "history bob carol dave"; do
		# shellcheck disable=SC2086
		{
			at bzn-cri $verb >want
			at bzn-cri $verb --facts leaves | diff want -
			bzn-ledger export ndjson |
			    at bzn-cri $verb --facts - | diff want -
			at bzn-cri $verb --at $((size - 1)) \
			    --facts records >now
			at bzn-cri $verb --at note --facts leaves | diff now -
			at bzn-cri $verb --at note | diff now -
			at bzn-cri $verb --at "$clock" | diff want -
		}
		[[ -s want ]]
	done
	# At the checkpoint the clock was that of its last entry.
	at bzn-cri score --all >want
	is 0 "" "" bash -c "bzn-cri score --all --at note | diff want -"
	is 0 "alice 57.2
bob 56.5
carol 42.2
dave 0
old 40" "" bash -c "jq -r 'select(.node_id | startswith(\"s\") | not) |
	    \"\(.node_id) \(.cri_score)\"' want"
	at bzn-cri refresh >out
	at bzn-cri leaderboard >want
	at bzn-cri leaderboard --facts leaves | diff want -
	is 0 bob "" bash -c "bzn-cri leaderboard --now $clock --facts leaves \
	    -l 1 --offset 1 | jq -r .node_id"
}

@test "facts need no home, and score --at is the score of then" {
	story
	unset BZN_HOME HOME XDG_DATA_HOME
	won=$(grep -n '"type":"DISPUTE_RELEASE"' leaves | cut -d: -f1)
	is 0 "44.7 17.5" "" bash -c "for seq in $((won - 1)) $((won - 2)); do
	    bzn-cri score --facts leaves --at \$seq bob | jq .cri_score
	    done | xargs"
	# Nobody has traded by then, and all grow older.
	is 0 "30 40" "" bash -c "bzn-cri score --facts leaves \
	    --at 2026-11-20T08:00:00Z alice old | jq .cri_score | xargs"
	is 0 "62.2" "" bash -c "bzn-cri score --facts leaves \
	    --at 2026-12-21T08:00:00Z alice | jq .cri_score"
	is 2 "" "bzn-cri: no --home, no \$BZN_HOME and no \$HOME: say which \
home (usage)" bzn-cri score alice
}

@test "facts that are no whole log are refused, by the line" {
	story
	sed 3d leaves >gap
	is 1 "" "bzn-cri: gap:3: it is entry 3, where 2 has to be (seq_gap)" \
	    bzn-cri score --all --facts gap
	is 4 "" "bzn-cri: cannot open 'none': No such file or directory \
(no_file)" bzn-cri score --all --facts none
	is 4 "" "bzn-cri: no node 'zoe' (node_missing)" \
	    bzn-cri score zoe --facts leaves
	is 4 "" "bzn-cri: no entry 9999: the log has $size so far (no_entry)" \
	    bzn-cri score bob --facts leaves --at 9999
	head -n 9 leaves >short
	is 4 "" "bzn-cri: 'note': it covers $size entries, and the log has 9 \
so far (no_entry)" bzn-cri score --all --facts short --at note
	bzn-ledger --home other init --no-node --origin other.example/x >out
	bzn-ledger --home other export leaves >theirs
	is 1 "" "bzn-cri: 'note': it is of the log 'ledger.example/test', and \
this one is 'other.example/x' (other_log)" \
	    bzn-cri score alice --facts theirs --at note
	sed '9s/"at_ms":1795/"at_ms":1794/' leaves >changed
	is 1 "" "bzn-cri: 'note': its root is not that of the first $size \
entries (root_mismatch)" bzn-cri score alice --facts changed --at note
	for ask in "score" "score --all bob" "level --all bob" "explain"; do
		# shellcheck disable=SC2086
		is 2 "" "bzn-cri: which nodes? name some, or say --all \
(usage)" bzn-cri $ask
	done
	is 2 "" "bzn-cri: --entries is for nodes that are named (usage)" \
	    bzn-cri explain --all --entries
	for line in '{"seq":0}' '{"at_ms":1' hello '[]' ''; do
		echo "$line" >broken
		run --separate-stderr bzn-cri score --all --facts broken
		[[ $status == 3 && -z $output ]] ||
		    fail "'$line': $status, '$stderr'"
		[[ $stderr == "bzn-cri: broken:1: "* || -z $line ]] ||
		    fail "'$line': $stderr"
	done
}

@test "history: the entries that changed a score, without its age" {
	story
	is 0 'node.registered null 30
escrow.disputed 30 23.8
escrow.disputed 23.8 17.5
DISPUTE_RELEASE 17.5 44.7
node.genesis 44.7 54.7
ESCROW_REFUND 54.7 52.6
ESCROW_SETTLE 53.9 56.5' "" bash -c "bzn-cri history bob |
	    jq -r '\"\(.type) \(.cri_before) \(.cri_after)\"'"
	is 0 "node.registered node.strike node.strike node.strike" "" \
	    bash -c "bzn-cri history dave | jq -r .type | xargs"
	is 4 "" "bzn-cri: no node 'zoe' (node_missing)" bzn-cri history zoe
}

@test "explain: what would raise it, by the formula itself" {
	story
	is 0 '{"act":"sale","partner":"new","amount":"10.00","cri_after":59.8,"gain":2.6}
{"act":"purchase","partner":"new","amount":"10.00","cri_after":59.8,"gain":2.6}
{"act":"sale","partner":"known","amount":"10.00","cri_after":52.3,"gain":-4.9}
{"act":"purchase","partner":"known","amount":"10.00","cri_after":52.3,"gain":-4.9}
{"act":"wait","days":1,"cri_after":57.9,"gain":0.7}
{"act":"wait","days":30,"cri_after":62.2,"gain":5}' "" \
	    bash -c "bzn-cri --now $clock explain alice | jq -c '.hints[]'"
	# A first purchase, a first sale, and the badge of who came early.
	early eve
	is 0 '{"act":"purchase","gain":24.1}
{"act":"badge","gain":10}' "" \
	    bash -c "bzn-cri --now $clock explain eve |
	    jq -c '.hints[] | select(.gain > 20 or .act == \"badge\") |
	    {act, gain}'"
	# Banned: nothing helps.
	is 0 '[]' "" bash -c "bzn-cri explain dave | jq -c .hints"
}

@test "explain --entries: seqs of the entries behind each part" {
	story
	bzn-cri explain bob --entries | jq .entries >entries
	jq -c .type leaves | jq -sc --slurpfile e entries '
	    . as $type | $e[] | to_entries[] |
	    [.key, (.value[] | $type[.])]' >types
	is 0 '["age_score","node.registered"]
["transaction_score","DISPUTE_RELEASE","ESCROW_SETTLE"]
["buyer_activity"]
["genesis_bonus","node.genesis"]
["dispute_penalty","task.completed","task.completed","task.completed",'\
'"task.completed","escrow.disputed","escrow.disputed","DISPUTE_RELEASE",'\
'"ESCROW_REFUND"]
["strike_penalty"]' "" cat types
	is 0 4 "" bash -c "bzn-cri explain dave --entries --facts records |
	    jq '.entries.strike_penalty | length' | xargs"
}

@test "snapshot: of those that are named, or of all as refresh" {
	home
	member alice bob
	pass 86400
	is 0 '{"node_id":"bob","cri_before":30.0,"cri_after":31.2,"dry_run":true}' "" \
	    at bzn-cri snapshot bob --dry-run
	is 0 '{"node_id":"bob","cri_before":30.0,"cri_after":31.2}' "" \
	    at bzn-cri snapshot bob
	is 0 "" "" at bzn-cri snapshot bob
	is 4 "" "bzn-cri: no node 'zoe' (node_missing)" \
	    at bzn-cri snapshot alice zoe
	is 0 '{"node_id":"alice","cri_before":30.0,"cri_after":31.2}' "" \
	    at bzn-cri snapshot
	is 0 "1 1" "" bash -c "for n in alice bob; do
	    bzn-cri snapshots \$n | wc -l; done | xargs"
}

@test "a listing fee that was reversed stays spent, here and in the log" {
	home
	member bob
	skill=$(offer bob 10)
	at bzn-ledger reverse "$skill:listing" >out
	is 0 100 "" bash -c "bzn-ledger balance bob | jq '.balance | tonumber'"
	bzn-ledger export leaves >leaves
	is 0 0.5 "" bash -c "bzn-cri level bob | jq .tck_spent"
	is 0 0.5 "" bash -c "bzn-cri level bob --facts leaves | jq .tck_spent"
	is 0 true "" bash -c "bzn-node audit | jq .valid"
	is 0 true "" bash -c "bzn-cri audit | jq .valid"
}

# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Bounties: spec/vmp.md 2.9, 3.3, 12.8 S4.
load common

# put NODE REWARD [OPTION...]: put up a bounty, and print its id.
put() {
	at bzn-escrow bounty create --as "$1" --reward "$2" \
	    --title 'Write it' --description 'whatever it may be' "${@:3}" |
	    jq -r .bounty_id
}

# hand BOUNTY NODE [TEXT]: hand in a solution, and print its id.
hand() {
	printf '%s' "${3:-the solution}" | at bzn-escrow bounty submit "$1" \
	    --as "$2" --content - | jq -r .submission_id
}

# board: a home where alice has put up $bounty of 10.00 for 7 days.
board() {
	home
	member alice bob carol
	bounty=$(put alice 10 --days 7)
}

# says KEY VALUE [OPTION...]: that member of the bounty, as it is shown.
says() {
	local got

	got=$(bzn-escrow bounty show "$bounty" "${@:3}" | jq -r ".$1")
	[[ $got == "$2" ]] || fail "$1 is '$got', not '$2'"
}

# refuses STATUS TEXT WORD...: it does, with that complaint, and no trace.
refuses() {
	local want=$1 text=$2

	shift 2
	keeps is "$want" "" "bzn-escrow: $text" at bzn-escrow bounty "$@"
}

@test "vmp 12.8 S4: a bounty of 10.00 is awarded" {
	local won

	home
	member alice bob carol
	run --separate-stderr at bzn-escrow bounty create --as alice \
	    --reward 10 --title 'Count words' --days 7 --category code \
	    --tags 'c, words' --description 'A program that counts.'
	[[ $status == 0 && -z $stderr && $output =~ ^'{"bounty_id":"'\
([0-9a-f-]{36})'","title":"Count words","reward":"10.00","unit":"TCK",'\
'"category":"code","tags":["c","words"],"status":"open",'\
'"submission_count":0,"creator_node_id":"alice",'\
'"escrow_reference":"ESCROW:BOUNTY:'([0-9a-f-]{36})'",'\
'"created_at":"2026-11-20T08:00:00.000Z",'\
'"deadline_at":"2026-11-27T08:00:00.000Z","warnings":'.* ]] || fail "$output"
	bounty=${BASH_REMATCH[1]}
	[[ ${BASH_REMATCH[2]} == "$bounty" ]]
	has alice 90.00
	has "ESCROW:BOUNTY:$bounty" 10.00
	sound
	won=$(hand "$bounty" bob)
	pass 30
	hand "$bounty" carol >out
	pass 30
	at bzn-escrow bounty award "$bounty" "$won" --as alice >out
	is 0 $'awarded\n9.70\n0.30\nbob\n2026-11-20T08:01:00.000Z' "" \
	    jq -r '.status, .payout, .tax, .winner_node_id, .closed_at' out
	has alice 90.00
	has bob 109.70
	has VAULT 0.30
	has "ESCROW:BOUNTY:$bounty" 0.00
	says winner_submission_id "$won"
	says 'creator_cri == 30' true
	says 'submissions | map(.status) | join(",")' accepted,rejected
	bzn-ledger export ndjson | tail -n 3 |
	    jq -r '.entry | .id + " " + .type' >types
	is 0 "$bounty:hold BOUNTY_HOLD
$bounty:close BOUNTY_RELEASE
$bounty:tax PROTOCOL_TAX" "" cat types
	is 0 '{"deadline_ms":1795766400000,"tax_bp":300}' "" bash -c \
	    "bzn-ledger show $bounty:hold | jq -c .data"
	sound
}

@test "vmp 12.8 S4: a bounty is cancelled, and nothing is lost" {
	board
	hand "$bounty" bob >out
	at bzn-escrow bounty cancel "$bounty" --as alice >out
	is 0 $'cancelled\n10.00' "" jq -r '.status, .refunded' out
	has alice 100.00
	has "ESCROW:BOUNTY:$bounty" 0.00
	says 'submissions[0].status' rejected
	refuses 9 "bounty '$bounty' is cancelled (wrong_state)" \
	    cancel "$bounty"
	sound
}

@test "vmp 13.6: 20 parallel awards of one bounty pay once" {
	local won i

	board
	won=$(hand "$bounty" bob)
	for ((i = 0; i < 20; i++)); do
		at bzn-escrow bounty award "$bounty" "$won" --as alice \
		    >"out.$i" 2>"err.$i" && echo 0 >"rc.$i" ||
		    echo "$?" >"rc.$i" &
	done
	wait
	is 0 $'      1 0\n     19 9' "" bash -c 'cat rc.* | sort -n | uniq -c'
	[[ $(cat err.* | grep -c '(wrong_state)$') == 19 ]]
	has bob 109.70
	has VAULT 0.30
	has alice 90.00
	sound
}

@test "vmp 13.8: of award and cancel in parallel exactly one wins" {
	local won i n=0

	home
	member alice bob
	for i in 1 2 3; do
		bounty=$(put alice 10)
		won=$(hand "$bounty" bob)
		at bzn-escrow bounty award "$bounty" "$won" >a 2>ae &
		at bzn-escrow bounty cancel "$bounty" >b 2>be &
		wait
		[[ -s a && ! -s b || -s b && ! -s a ]] || fail "$(cat a b)"
		cat ae be >e
		grep -q '(wrong_state)$' e || fail "$(cat e)"
		[[ ! -s a ]] || n=$((n + 1))
	done
	has bob "$(jq -nr "100 + $n * 9.7 | . * 100 | round |
	    tostring | .[:-2] + \".\" + .[-2:]")"
	sound
}

@test "vmp 13.17: no bounty across the realms" {
	board
	sqlite3 node.db "UPDATE node_node SET realm = 'sandbox'
	    WHERE id = 'bob'"
	echo 'what it is' >x
	keeps is 9 "" "bzn-escrow: 'bob' is of the sandbox realm, the bounty \
is not (realm)" at bzn-escrow bounty submit "$bounty" --as bob --content x
}

@test "vmp 13.44: what was handed in is hidden until the award" {
	local won

	board
	won=$(printf 'secret' | at bzn-escrow bounty submit "$bounty" \
	    --as bob --content - --proof-url https://a.example/x \
	    --skill none | jq -r .submission_id)
	for who in '' carol stranger; do
		says 'submissions[0] | .content, .proof_url' $'null\nnull' \
		    ${who:+--as "$who"}
	done
	for who in alice bob; do
		says 'submissions[0] | .content, .proof_url' \
		    $'secret\nhttps://a.example/x' --as "$who"
	done
	is 1 "" "" bash -c \
	    'bzn-escrow bounty list --status all | grep secret'
	at bzn-escrow bounty award "$bounty" "$won" >out
	says 'submissions[0] | .content, .proof_url, .skill_id' \
	    $'secret\nhttps://a.example/x\nnone'
	# What was never awarded stays hidden.
	bounty=$(put alice 10)
	hand "$bounty" bob >out
	at bzn-escrow bounty cancel "$bounty" >out
	says 'submissions[0].content' null --as carol
}

@test "an award is the creator's, of one that waits, of this bounty" {
	local won lost other foreign

	board
	other=$(put alice 10)
	won=$(hand "$bounty" bob)
	lost=$(hand "$bounty" carol)
	foreign=$(hand "$other" bob)
	refuses 4 "no bounty 'x' (bounty_missing)" award x "$won"
	refuses 5 "'bob' is not the creator of bounty '$bounty' \
(not_creator)" award "$bounty" "$won" --as bob
	refuses 4 "bounty '$bounty' has no submission 'x' \
(submission_missing)" award "$bounty" x
	refuses 4 "bounty '$bounty' has no submission '$foreign' \
(submission_missing)" award "$bounty" "$foreign"
	sqlite3 node.db "UPDATE node_node SET active = 0 WHERE id = 'bob'"
	refuses 9 "'bob' is not active (solver_inactive)" \
	    award "$bounty" "$won"
	at bzn-escrow bounty award "$bounty" "$lost" >out
	refuses 9 "bounty '$bounty' is awarded (wrong_state)" \
	    award "$bounty" "$lost"
	refuses 9 "bounty '$bounty' is awarded (wrong_state)" \
	    cancel "$bounty"
	sqlite3 node.db "UPDATE bounty_submission SET state = 'rejected',
	    reviewed_ms = 1 WHERE id = '$foreign'"
	refuses 9 "submission '$foreign' is rejected (wrong_state)" \
	    award "$other" "$foreign"
	refuses 5 "'bob' is not the creator of bounty '$other' \
(not_creator)" cancel "$other" --as bob
}

@test "from the deadline on a bounty can only expire" {
	local won

	board
	won=$(hand "$bounty" bob)
	pass $((7 * 86400 - 1))
	at bzn-escrow bounty award "$bounty" "$won" -n >out
	pass 1
	echo 'too late' >x
	set -- "the bounty's deadline passed at 2026-11-27T08:00:00.000Z \
(window_closed)"
	refuses 9 "$1" award "$bounty" "$won" --as alice
	refuses 9 "$1" cancel "$bounty" --as alice
	refuses 9 "$1" submit "$bounty" --as carol --content x
	has alice 90.00
}

@test "a submission: who may hand in what" {
	local long

	board
	echo 'solution' >x
	printf 'four' >short
	printf '\377\376\375\374\373' >bytes
	long=$(printf '%0501d' 0)
	set -- submit "$bounty" --content x
	refuses 4 "no bounty 'x' (bounty_missing)" submit x --as bob \
	    --content x
	refuses 4 "no node 'zoe' (node_missing)" "$@" --as zoe
	refuses 9 "'alice' has put it up (own_bounty)" "$@" --as alice
	refuses 3 "the content is not 5 to 10000 characters (bad_json)" \
	    submit "$bounty" --as bob --content short
	refuses 3 "'bytes' is not UTF-8 text (bad_json)" \
	    submit "$bounty" --as bob --content bytes
	refuses 3 "the proof URL is not one line of 1 to 500 characters \
(bad_json)" "$@" --as bob --proof-url "$long"
	refuses 3 "the skill id is not one line of 1 to 100 characters \
(bad_json)" "$@" --as bob --skill "${long:400}"
	refuses 2 "--as and --content are needed (usage)" "$@"
	at bzn-escrow bounty "$@" --as bob >out
	refuses 9 "'bob' has a submission that waits already \
(submission_dup)" "$@" --as bob
	at bzn-escrow bounty "$@" --as carol >out
	says submission_count 2
	at bzn-escrow bounty cancel "$bounty" >out
	refuses 9 "bounty '$bounty' is cancelled (wrong_state)" "$@" --as bob
}

@test "creating: each member in its range, the reward not below 10.00" {
	local days

	home
	member alice
	set -- create --as alice --title 'Write it' \
	    --description 'whatever it may be'
	for bad in 9.99 0 100000.01; do
		refuses 3 "a reward of '$bad' is not within 10.00 and \
100000.00 (price_range)" "$@" --reward "$bad"
	done
	refuses 3 "TCK: '10.001' has more than 2 decimals (amount_scale)" \
	    "$@" --reward 10.001
	for days in 0 91; do
		run --separate-stderr at bzn-escrow bounty "$@" --reward 10 \
		    --days "$days"
		[[ $status == 3 && $stderr == *'(bad_json)' ]] ||
		    fail "$stderr"
	done
	refuses 3 "'art' is no category of bounties (bad_json)" "$@" \
	    --reward 10 --category art
	refuses 3 "there are more than 20 tags (bad_json)" "$@" --reward 10 \
	    --tags 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21
	refuses 3 "the tag is not one line of 1 to 50 characters (bad_json)" \
	    "$@" --reward 10 --tags "$(printf '%051d' 0)"
	refuses 3 "the title is not one line of 5 to 200 characters \
(bad_json)" create --as alice --title four --description 'whatever it is' \
	    --reward 10
	refuses 3 "the description is not 10 to 5000 characters (bad_json)" \
	    create --as alice --title Title --description 'nine char' \
	    --reward 10
	refuses 4 "no node 'zoe' (node_missing)" create --as zoe \
	    --title Title --description 'whatever it is' --reward 10
	refuses 2 "--as, --title, --description and --reward belong \
together; without them requests come from stdin (usage)" create --as alice
	refuses 2 "--content, --proof-url and --skill are for submit (usage)" \
	    "$@" --reward 10 --content x
	sound
}

@test "creating: the money must be there, and not all be at stake" {
	home
	member alice
	set -- create --as alice --title 'Write it' \
	    --description 'whatever it may be'
	refuses 9 "'alice' cannot cover it (insufficient_funds)" "$@" \
	    --reward 100.01
	refuses 9 "exposure cap reached (0.00/50.00 TCK) (cap_exposure)" \
	    "$@" --reward 50.01
	put alice 50 >out
	refuses 9 "exposure cap reached (50.00/50.00 TCK) (cap_exposure)" \
	    "$@" --reward 10
	at bzn-escrow bounty cancel "$(<out)" >ended
	put alice 50 >out
	sound
}

@test "without a deadline a bounty never expires" {
	home
	member alice bob
	bounty=$(put alice 10)
	says deadline_at null
	pass $((360 * 86400))
	at bzn-escrow bounty award "$bounty" "$(hand "$bounty" bob)" >out
	has bob 109.70
	sound
}

@test "list: filters, order, pages" {
	local a b c

	home 'canary_exposure_pct 0'
	member alice bob
	a=$(put alice 20 --days 9 --category code)
	pass 1
	b=$(put alice 30)
	pass 1
	c=$(put bob 10 --days 2)
	names() {
		bzn-escrow bounty list "$@" | jq -r .bounty_id |
		    sed "s/$a/a/; s/$b/b/; s/$c/c/" | paste -sd ' '
	}
	is 0 "c b a" "" names
	is 0 "b a c" "" names --sort reward
	is 0 "c a b" "" names --sort deadline
	is 0 "b a" "" names --as alice
	is 0 "b a" "" names --min-reward 10.01
	is 0 "a" "" names --category code
	is 0 "b" "" names --limit 1 --offset 1
	is 0 '{"total":3,"limit":1,"offset":2}' "" \
	    bzn-escrow bounty list --total --limit 1 --offset 2
	is 0 "" "" names --realm sandbox
	at bzn-escrow bounty cancel "$b" >out
	is 0 "c a" "" names
	is 0 "b" "" names --status cancelled
	is 0 "c b a" "" names --status all --realm all
	refuses 2 "no status 'gone' (usage)" list --status gone
	refuses 2 "no category 'art' (usage)" list --category art
	refuses 2 "--sort is newest, reward or deadline (usage)" \
	    list --sort age
	for bad in 0 101; do
		refuses 2 "--limit is 1 to 100 (usage)" list --limit "$bad"
	done
	refuses 2 "--realm is production, sandbox or all (usage)" \
	    list --realm x
	refuses 3 "TCK: '1.005' has more than 2 decimals (amount_scale)" \
	    list --min-reward 1.005
}

@test "requests on stdin, and a key of each word and node" {
	local id

	home
	member alice bob
	jq -nc '{id: "k", node_id: "alice", title: "Write it", reward: "10",
	    description: "whatever it may be", tags: ["x"]}' >wish.json
	at bzn-escrow bounty create <wish.json >out
	id=$(jq -r .bounty_id out)
	at bzn-escrow bounty create <wish.json >again
	is 0 "$id true" "" jq -r '.bounty_id + " \(.idempotent)"' again
	# The same key is another request for another verb, and for bob.
	jq -nc --arg b "$id" '{id: "k", node_id: "bob", bounty_id: $b,
	    content: "solution"}' | at bzn-escrow bounty submit >sent
	jq -c '.node_id = "bob"' wish.json | at bzn-escrow bounty create >out
	jq -e '.bounty_id != "'"$id"'"' out
	jq -c '.reward = "11"' wish.json >other
	is 10 "" "bzn-escrow: stdin:1: 'k' was used for another request (id_conflict)" at bzn-escrow bounty create <other
	jq -c '{bounty_id, submission_id, node_id: "alice"}' sent |
	    at bzn-escrow bounty award >out
	has bob 99.70
	has alice 90.00
	sound
}

@test "what is stored of a bounty is what its entries make" {
	local won

	board
	won=$(hand "$bounty" bob)
	put alice 10 >other
	at bzn-escrow bounty award "$bounty" "$won" >out
	at bzn-escrow bounty cancel "$(<other)" >out
	sound
	for set in "reward_minor = 1001" "state = 'expired'" \
	    "creator_id = 'bob'" "tax_bp = 0" "closed_ms = closed_ms + 1" \
	    "made_ms = 1" "unit = 'SBX'" "deadline_ms = 1"; do
		sqlite3 node.db 'PRAGMA wal_checkpoint(TRUNCATE)' >out
		cp node.db kept
		tamper "UPDATE bounty_bounty SET $set WHERE id = '$bounty'"
		run --separate-stderr bzn-ledger verify
		[[ $status == 1 && $output == *"bounty '$bounty' is not what \
its entries make"* ]] || fail "$set: $output"
		rm -f node.db-wal node.db-shm
		mv kept node.db
	done
	tamper "UPDATE bounty_submission SET solver_id = 'carol'
	    WHERE id = '$won'"
	run --separate-stderr bzn-ledger verify
	[[ $status == 1 && $output == *"bounty '$bounty' is not what its \
entries make"* ]] || fail "$output"
}

@test "a bounty of the sandbox is in its money, and listed there" {
	local a b won

	home
	a=$(at bzn-node sandbox | jq -r .node_id)
	b=$(at bzn-node sandbox | jq -r .node_id)
	bounty=$(put "$a" 100 --days 1)
	won=$(hand "$bounty" "$b")
	is 0 "" "" bzn-escrow bounty list
	is 0 "$bounty SBX" "" bash -c 'bzn-escrow bounty list \
	    --realm sandbox | jq -r ".bounty_id + \" \" + .unit"'
	at bzn-escrow bounty award "$bounty" "$won" >out
	has "$a" 9900.00 SBX
	has "$b" 10097.00 SBX
	has VAULT 3.00 SBX
	sound
}

@test "levels are a warning for bounties, and a gate if they are enforced" {
	home
	member alice bob
	at bzn-escrow bounty create --as alice --reward 10 --title 'Write it' \
	    --description 'whatever it may be' >out
	is 0 true "" jq '.warnings | length == 1 and
	    (.[0] | startswith("level gate: requires "))' out
	bounty=$(jq -r .bounty_id out)
	echo 'enforce_level_gates yes' >>bzn.conf
	echo 'solution' >x
	for words in "create --as alice --reward 10 --title Title \
--description description" "submit x --as bob --content x"; do
		# shellcheck disable=SC2086
		keeps run --separate-stderr at bzn-escrow bounty $words
		[[ $status == 5 && $stderr == *'(level_gate)' ]] ||
		    fail "$status $stderr"
	done
	# No level is asked of who ends one.
	at bzn-escrow bounty cancel "$bounty" --as alice >out
}

@test "vmp 3.7: who was banned gives no reward away, not even promised" {
	local won

	home 'strikes_to_ban 1'
	member alice bob
	bounty=$(put alice 10)
	won=$(hand "$bounty" bob)
	at bzn-node strike alice >out
	refuses 5 "'alice' is banned (node_unknown_or_banned)" \
	    award "$bounty" "$won" --as alice
	at bzn-escrow bounty cancel "$bounty" --as alice >out
	has VAULT 100.00
	sound
	# Neither does a sandbox whose days are over, swept or not.
	alice=$(at bzn-node sandbox | jq -r .node_id)
	bob=$(at bzn-node sandbox | jq -r .node_id)
	bounty=$(put "$alice" 10)
	won=$(hand "$bounty" "$bob")
	pass 604800
	refuses 5 "'$alice' is expired (node_unknown_or_banned)" \
	    award "$bounty" "$won" --as "$alice"
	at bzn-settle >out
	refuses 9 "bounty '$bounty' is cancelled (wrong_state)" \
	    award "$bounty" "$won" --as "$alice"
	sound
}

@test "no account is closed to which money may have to come back" {
	home 'canary_exposure_pct 0'
	member alice bob
	bounty=$(put alice 100 --days 1)
	skill=$(offer bob 1)
	at bzn-ledger transfer bob MINT 99.50 TCK --type CHAIN_PAYOUT \
	    --ref pay >out
	keeps is 9 "" "bzn-ledger: 'alice' has open escrows or bounties \
(account_not_empty)" at bzn-ledger account close alice --unit TCK
	mint alice 10
	buy alice "$skill" >out
	keeps is 9 "" "bzn-ledger: 'bob' has open escrows or bounties \
(account_not_empty)" at bzn-ledger account close bob --unit TCK
	pass 300000
	at bzn-settle >out
	has alice 110.00
	at bzn-ledger account close bob --unit TCK --id shut >out
	at bzn-ledger account close bob --unit TCK --id shut >out
	sound
}

@test "vmp 3.5: a bounty that a sweep cannot end is parked, and told of" {
	home 'settle_max_failures 1' 'canary_exposure_pct 0'
	member alice
	bounty=$(put alice 100 --days 1)
	at bzn-ledger account limit alice --unit TCK --max 5 >out
	pass 86400
	run --separate-stderr at bzn-settle
	[[ $status == 9 && $stderr == *"bounty '$bounty': "* ]] ||
	    fail "$status $stderr"
	is 0 "[\"$bounty\"]" "" bash -c 'bzn-ledger reconcile | jq -c .parked'
	at bzn-ledger account limit alice --unit TCK --max none >out
	at bzn-settle --retry "$bounty" >out
	says status expired
	has alice 100.00
	is 0 "[]" "" bash -c 'bzn-ledger reconcile | jq -c .parked'
	sound
}

@test "what comes back to a node that was banned is taken from it" {
	board
	sqlite3 node.db "UPDATE node_node SET active = 0, banned_ms = 1
	    WHERE id = 'alice'"
	at bzn-escrow bounty cancel "$bounty" >out
	has alice 0.00
	has VAULT 100.00
	sound
}

@test "reconcile: a bounty holds its reward, and nothing once it is over" {
	board
	for set in "reward_minor = 1001" "state = 'cancelled', closed_ms = 1"; do
		sqlite3 node.db 'PRAGMA wal_checkpoint(TRUNCATE)' >out
		cp node.db kept
		tamper "UPDATE bounty_bounty SET $set"
		run --separate-stderr bzn-ledger reconcile
		[[ $status == 1 && $output == '{"valid":false,'*"$bounty"* ]] ||
		    fail "$set: $output"
		rm -f node.db-wal node.db-shm
		mv kept node.db
	done
	tamper "DELETE FROM bounty_bounty"
	run --separate-stderr bzn-ledger reconcile
	[[ $status == 1 && $output == '{"valid":false,'* ]] || fail "$output"
}

@test "a second verifier takes bounties, also those without a deadline" {
	local won

	home 'canary_exposure_pct 0'
	member alice bob
	for _ in award cancel expire stay; do
		bounty=$(put alice 10 --days 1)
		echo "$bounty" >>ids
	done
	put alice 10 >never
	mapfile -t ids <ids
	won=$(hand "${ids[0]}" bob)
	at bzn-escrow bounty award "${ids[0]}" "$won" >out
	at bzn-escrow bounty cancel "${ids[1]}" >out
	at bzn-ledger checkpoint >old
	pass 86400
	at bzn-settle --limit 1 >out
	at bzn-ledger checkpoint >new
	sound
	sqlite3 node.db 'PRAGMA wal_checkpoint(TRUNCATE)' >out
	is 0 "$(bzn-ledger verify | jq -c '{size, root}')" "" \
	    python3 -B "$BZN_SRC/tests/foreign/stranger.py" verify \
	    --page "$BZN_BUILD/man/bzn-ledger.5" --now "${clock#@}" .
	# Whoever has no deadline is never late.
	pass $((360 * 86400))
	run --separate-stderr bzn-ledger verify --now "$clock"
	[[ $status == 9 ]]
	is 0 1 "" jq -s 'map(select(.code == "clearing_overdue")) | length' \
	    <(printf '%s\n' "$output")
}

@test "vmp 13.29: caps hold for bounties" {
	home
	member alice
	set -- create --as alice --title 'Write it' \
	    --description 'whatever it may be' --reward
	at bzn-node caps alice --per-task 15 --daily 30 >out
	refuses 9 "task price 15.01 exceeds your per-task cap of 15.00 TCK \
(cap_exceeded)" "$@" 15.01
	at bzn-escrow bounty "$@" 15 >out
	at bzn-escrow bounty cancel "$(jq -r .bounty_id out)" >ended
	# What came back was locked today all the same.
	at bzn-escrow bounty "$@" 15 >out
	refuses 9 "daily spend cap reached (30.00/30.00 TCK) (cap_exceeded)" \
	    "$@" 10
	pass 86400
	at bzn-escrow bounty "$@" 10 >out
	sound
}

@test "a node of the sandbox whose days are over has its bounties back" {
	local a b

	home
	a=$(at bzn-node sandbox | jq -r .node_id)
	b=$(at bzn-node sandbox | jq -r .node_id)
	bounty=$(put "$a" 100 --days 90)
	hand "$bounty" "$b" >out
	pass $((7 * 86400))
	at bzn-settle >swept
	says status cancelled
	says 'submissions[0].status' rejected
	has "$a" 0.00 SBX
	has "ESCROW:BOUNTY:$bounty" 0.00 SBX
	has MINT 0.00 SBX
	is 0 "" "" at bzn-settle
	sound
}

@test "dry runs, and the same request again" {
	board
	set -- create --as alice --reward 10 --title 'Write it' \
	    --description 'whatever it may be'
	keeps at bzn-escrow bounty "$@" -n >out
	is 0 true "" jq .dry_run out
	at bzn-escrow bounty "$@" --id k >first
	at bzn-escrow bounty cancel "$(jq -r .bounty_id first)" >out
	at bzn-escrow bounty "$@" --id k >again
	is 0 "open true" "" jq -r '.status + " \(.idempotent)"' again
	has alice 90.00
	# Of three lines one is good; of two that stand together none.
	jq -nc --arg b "$bounty" '{}, [], {node_id: "bob", bounty_id: $b,
	    content: "solution"}' >lines
	at bzn-escrow bounty submit <lines >out 2>err || echo "$?" >status
	is 0 $'3\n1\n2' "" bash -c 'cat status; wc -l <out; wc -l <err'
	tail -n 1 lines | sed 's/bob/carol/; p; s/.*/{}/' >both
	run --separate-stderr at bzn-escrow bounty submit --all-or-nothing \
	    <both
	[[ $status == 3 && -z $output ]] || fail "$status $output"
	says submission_count 1
}

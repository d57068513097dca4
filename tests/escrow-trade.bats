# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Trades of all kinds, from the lock to the close, on the command line.
load common

# refuses STATUS TEXT VERB...: it does, with that complaint, and no trace.
refuses() {
	local want=$1 text=$2

	shift 2
	keeps is "$want" "" "bzn-escrow: $text" at bzn-escrow "$@"
}

# says KEY VALUE [TASK]
says() {
	local got

	got=$(bzn-escrow show "${3:-$task}" | jq -r ".$1")
	[[ $got == "$2" ]] || fail "$1 is '$got', not '$2'"
}

# direct AMOUNT: a home where alice holds that for bob: $escrow.
direct() {
	home
	member alice bob carol
	escrow=$(at bzn-escrow lock --buyer alice --seller bob --amount "$1" |
	    jq -r .escrow_id)
	task=$escrow
}

# promise METADATA [PRICE]: a skill of bob's with that contract: $skill.
promise() {
	skill=$(at bzn-market publish --provider bob --price "${2:-10}" \
	    --label work --metadata - <<<"$1" | jq -r .skill_id)
}

# log [TASK]: the rule log of a task, the oldest first.
log() {
	bzn-escrow rules "${1:-$task}" |
	    jq -r '.rule_applied + " " + .action_taken'
}

# moves: the types of the entries of $escrow, in one line.
moves() {
	bzn-ledger export ndjson | jq -r --arg e "$escrow" 'select(
	    .entry.ref == $e and .entry.legs) | .entry.type' | tr '\n' ' '
}

@test "a direct escrow is locked, delivered with a proof, and paid" {
	direct 10
	says kind direct
	says escrow_status PENDING
	has alice 90.00
	[[ $(bzn-ledger export ndjson | tail -n 1 | jq -c .entry.data) == \
	    '{"auto_refund_ms":'*',"order":"'"$escrow"'","seller":"bob",'\
'"tax_bp":300}' ]] || fail "the lock"
	refuses 9 "escrow '$escrow' is direct: there is no task to claim \
(already_claimed)" claim "$escrow"
	echo '{"a":1}' >out.json
	refuses 3 "a direct escrow is delivered with a proof hash (bad_json)" \
	    complete "$escrow" --output out.json
	refuses 5 "'alice' is not the seller of escrow '$escrow' \
(not_escrow_party)" complete "$escrow" --proof-hash x --as alice
	at bzn-escrow complete "$escrow" --proof-hash "free text" --as bob |
	    jq -c '[.escrow_status, .settlement_status, .eta_tck_release]' \
	    >answer
	is 0 '["AWAITING_SETTLEMENT","PENDING_DISPUTE_WINDOW",'\
'"2026-11-21T08:00:00.000Z"]' "" cat answer
	keeps at bzn-escrow complete "$escrow" --proof-hash "free text" >out
	refuses 9 "escrow '$escrow' is AWAITING_SETTLEMENT (wrong_state)" \
	    complete "$escrow" --proof-hash "another"
	says proof_hash "free text"
	pass 86400
	at bzn-settle >out
	says escrow_status SETTLED
	has bob 109.70
	has VAULT 0.30
	sound
}

@test "a direct escrow is disputed, and resolved by its dispute" {
	local d

	direct 10
	refuses 9 "escrow '$escrow' is PENDING (wrong_state)" \
	    dispute "$escrow" --reason no
	at bzn-escrow complete "$escrow" --proof-hash x >out
	d=$(at bzn-escrow dispute "$escrow" --reason "not that" --as alice |
	    jq -r .dispute_id)
	refuses 4 "no dispute 'x' (dispute_missing)" resolve --dispute x \
	    --to refund_buyer
	refuses 2 "a task, or --dispute, not both (usage)" resolve x \
	    --dispute "$d" --to refund_buyer
	refuses 2 "'me' is neither MANUAL_REVIEW nor VERIFIER_EVIDENCE \
(bad_resolution)" resolve --dispute "$d" --to refund_buyer --by me
	printf '{"task_id":"%s","dispute_id":"%s","resolution":"%s"}\n' \
	    another "$d" release_to_seller >in
	keeps is 3 "" "bzn-escrow: stdin:1: '/task_id' does not go with a \
dispute_id (bad_json)" at bzn-escrow resolve <in
	at bzn-escrow resolve --dispute "$d" --to release_to_seller \
	    --by VERIFIER_EVIDENCE --reason "it is" >out
	says escrow_status SETTLED
	says reasoning "it is"
	says reason "not that"
	is 0 "$(printf 'it is' | sha256sum | cut -c1-64)" "" bash -c \
	    'bzn-ledger export ndjson | jq -r ".entry |
	    select(.type == \"escrow.resolved\") | .data.reasoning_sha256"'
	run ! grep -qE 'it is|not that' <(bzn-ledger export ndjson)
	is 0 '["not that","release_to_seller","VERIFIER_EVIDENCE","it is",'\
'"SETTLED"]' "" bash -c "bzn-escrow disputes $d | jq -c '[.reason,
	    .resolution, .resolved_by, .reasoning, .escrow_status]'"
	refuses 9 "escrow '$escrow' is SETTLED (wrong_state)" \
	    resolve --dispute "$d" --to refund_buyer
	is 0 "BUYER_DISPUTE FLAGGED_MANUAL" "" log
	is 0 "ESCROW_LOCK DISPUTE_RELEASE PROTOCOL_TAX " "" moves
	sound
}

@test "the escrow of a task is not delivered as a direct one" {
	trade
	refuses 9 "escrow '$escrow' is of task '$task', which is delivered \
with an output (has_task)" complete "$escrow" --proof-hash x
	echo '{"a":1}' >out.json
	refuses 3 "the proof hash is not 1 to 256 characters (bad_json)" \
	    complete "$task" -o out.json --proof-hash ""
	refuses 3 "the proof hash is not 1 to 256 characters (bad_json)" \
	    complete "$task" -o out.json --proof-hash "$(printf %0257d 0)"
	refuses 3 "the name of the provider is not 1 to 20 characters \
(bad_json)" complete "$task" -o out.json --llm-provider "$(printf %021d 0)"
	at bzn-escrow complete "$task" -o out.json --proof-hash hash123 >out
	says proof_match none
	refuses 9 "task '$task' is COMPLETED, its escrow AWAITING_SETTLEMENT \
(wrong_state)" complete "$task" -o out.json --proof-hash other
}

@test "the first trade of a node is noted once, and no rehearsal" {
	noted() {
		sqlite3 node.db "SELECT node_id, at_ms FROM node_funnel
		    WHERE type = 'first_trade'"
	}

	home
	member alice bob
	skill=$(offer bob 1)
	echo '{}' | at bzn-escrow shadow --buyer alice --skill "$skill" \
	    --input - >out
	is 0 "" "" noted
	for _ in 1 2; do
		buy alice "$skill" >out
		pass 1
	done
	is 0 "alice|1795161600000" "" noted
}

@test "a quote is used once, and pays the price that it promised" {
	home
	member alice bob
	skill=$(offer bob 10)
	quote=$(at bzn-market quote --buyer alice "$skill" | jq -r .quote_id)
	at bzn-market update "$skill" --price 12 >out
	echo '{}' >job
	at bzn-escrow lock --buyer alice --quote "$quote" --input job \
	    --price 10 | jq -r .amount >out
	is 0 10.00 "" cat out
	refuses 9 "the quote has expired (quote_expired)" \
	    lock --buyer alice --quote "$quote" --input job
	refuses 4 "no quote 'x' (quote_missing)" \
	    lock --buyer alice --quote x --input job
	has alice 90.00
	sound
}

@test "vmp 13.33: a direct escrow for a seller who is not there" {
	home
	member alice bob
	set -- lock --buyer alice
	refuses 4 "no seller 'nobody' (seller_missing)" "$@" --seller nobody \
	    --amount 1
	refuses 9 "'alice' cannot trade with itself (self_trade)" "$@" \
	    --seller alice --amount 1
	refuses 4 "no node 'nobody' (node_missing)" lock --buyer nobody \
	    --seller bob --amount 1
	refuses 3 "TCK: '0.001' has more than 2 decimals (amount_scale)" \
	    "$@" --seller bob --amount 0.001
	refuses 3 "'100000.01' is not 0.01 to 100000.00 (price_range)" "$@" \
	    --seller bob --amount 100000.01
	refuses 9 "'alice' cannot cover it (insufficient_funds)" "$@" \
	    --seller bob --amount 100000
	refuses 9 "exposure cap reached (0.00/50.00 TCK) (cap_exposure)" \
	    "$@" --seller bob --amount 50.01
	refuses 2 "--buyer, --seller and --amount belong together, and to no \
skill (usage)" "$@" --seller bob
	sound
}

@test "vmp 13.28: nobody buys of itself, with a quote or without" {
	home
	member alice bob
	skill=$(offer bob 1)
	echo '{}' >job
	refuses 9 "'bob' cannot trade with itself (self_trade)" \
	    lock --buyer bob --skill "$skill" --input job
	refuses 9 "'bob' cannot trade with itself (self_trade)" \
	    shadow --buyer bob --skill "$skill" --input job
	sound
}

@test "the seller gives it back, before delivery, after it, or in a dispute" {
	direct 10
	refuses 5 "'alice' may not do this to escrow '$escrow' \
(not_escrow_party)" refund "$escrow" --as alice
	refuses 3 "'/reason' is no reason for a refund (bad_json)" \
	    refund "$escrow" --reason whim
	refuses 9 "escrow '$escrow' is PENDING (wrong_state)" \
	    refund "$escrow" --reason DISPUTE_RESOLVED --as bob
	at bzn-escrow refund "$escrow" --as bob >out
	says escrow_status REFUNDED
	says reason MANUAL
	refuses 9 "escrow '$escrow' is REFUNDED (wrong_state)" \
	    refund "$escrow" --as bob
	is 0 "ESCROW_LOCK ESCROW_REFUND " "" moves
	skill=$(offer bob 10)
	task=$(buy alice "$skill")
	escrow=$(bzn-escrow show "$task" | jq -r .escrow_id)
	deliver "$task"
	at bzn-escrow refund "$task" --as bob >out
	says status REFUNDED
	is 0 "ESCROW_LOCK ESCROW_REFUND " "" moves
	task=$(buy alice "$skill")
	escrow=$(bzn-escrow show "$task" | jq -r .escrow_id)
	deliver "$task"
	at bzn-escrow dispute "$task" --reason bad >out
	at bzn-escrow refund "$task" --reason DISPUTE_RESOLVED --as bob >out
	says status REFUNDED
	is 0 "ESCROW_LOCK DISPUTE_REFUND " "" moves
	is 0 '["refund_buyer","SELLER"]' "" bash -c 'bzn-escrow disputes |
	    jq -c "[.resolution, .resolved_by]"'
	has alice 100.00
	has bob 99.50
	sound
}

@test "refund for a reason: only when it is so, and by either party" {
	local due=$((72 * 3600))

	trade
	refuses 9 "nothing is due until 2026-11-23T08:00:00.000Z \
(window_open)" refund "$task" --reason TIMEOUT --as alice
	refuses 9 "task '$task' is OPEN, its escrow PENDING (wrong_state)" \
	    refund "$task" --reason PROOF_MISSING --as alice
	pass "$due"
	at bzn-escrow refund "$task" --reason TIMEOUT --as alice >out
	says reason TIMEOUT_NON_DELIVERY
	is 0 "TIMEOUT_NON_DELIVERY AUTO_REFUND" "" log
	task=$(buy alice "$skill")
	deliver "$task" '{}'
	refuses 9 "nothing is due until 2026-11-24T08:00:00.000Z \
(window_open)" refund "$task" --reason PROOF_MISSING --as alice
	pass 86400
	refuses 9 "task '$task' is COMPLETED, its escrow AWAITING_SETTLEMENT \
(wrong_state)" refund "$task" --reason SCHEMA_MISMATCH --as alice
	at bzn-escrow refund "$task" --reason PROOF_MISSING --as alice >out
	says status REFUNDED
	has alice 100.00
	sound
}

@test "vmp 13.4: refund by timeout, then complete, then settle" {
	trade
	pass $((72 * 3600))
	at bzn-settle >out
	echo '{"a":1}' >out.json
	refuses 9 "task '$task' is REFUNDED, its escrow REFUNDED \
(wrong_state)" complete "$task" -o out.json
	keeps is 9 "" "bzn-settle: task '$task' is REFUNDED, its escrow \
REFUNDED (wrong_state)" at bzn-settle "$task"
	has alice 100.00
	has bob 99.50
	sound
}

@test "vmp 13.5: complete after the deadline, before any sweep" {
	trade
	pass $((72 * 3600))
	echo '{"a":1}' >out.json
	refuses 9 "the delivery deadline passed at 2026-11-23T08:00:00.000Z \
(window_closed)" complete "$task" -o out.json
	at bzn-settle >out
	says status REFUNDED
	has alice 100.00
	sound
}

@test "vmp 13.8: one after the other, exactly one of two acts wins" {
	trade
	deliver "$task"
	at bzn-escrow dispute "$task" --reason no >out
	pass 86400
	keeps is 9 "" "bzn-settle: task '$task' is DISPUTED, its escrow \
DISPUTED (wrong_state)" at bzn-settle "$task"
	task=$(buy alice "$skill")
	deliver "$task"
	pass 86400
	at bzn-settle "$task" >out
	refuses 9 "task '$task' is COMPLETED, its escrow SETTLED \
(wrong_state)" dispute "$task" --reason no
	refuses 9 "task '$task' is COMPLETED, its escrow SETTLED \
(wrong_state)" refund "$task" --as bob
	task=$(buy alice "$skill")
	at bzn-escrow refund "$task" --as bob >out
	echo '{"a":1}' >out.json
	refuses 9 "task '$task' is REFUNDED, its escrow REFUNDED \
(wrong_state)" complete "$task" -o out.json
	sound
}

@test "vmp 13.36: dispute after the window, before a sweep" {
	trade
	deliver "$task"
	pass 86400
	refuses 9 "the dispute window closed at 2026-11-21T08:00:00.000Z \
(window_closed)" dispute "$task" --reason late
	at bzn-settle >out
	has bob 109.20
}

@test "vmp 13.37: settling a task with a failing rule refunds it" {
	home
	member alice bob
	promise '{"output_schema": {"type": "object", "required": ["n"]}}'
	task=$(buy alice "$skill")
	deliver "$task" '{"m":1}'
	says verdict SCHEMA_MISMATCH
	pass 86400
	at bzn-settle "$task" | jq -c '[.status, .amount, .reason]' >answer
	is 0 '["REFUNDED","10.00","SCHEMA_MISMATCH"]' "" cat answer
	is 0 "SCHEMA_MISMATCH FLAGGED_AUTO
SCHEMA_MISMATCH AUTO_REFUND" "" log
	has alice 100.00
	sound
}

@test "vmp 13.46: what is delivered may say override or sudo" {
	trade
	deliver "$task" '{"text":"sudo override everything"}'
	says verdict null
	pass 86400
	at bzn-settle >out
	has bob 109.20
}

@test "vmp 13.31: simulate a task without an escrow" {
	home
	member alice bob
	skill=$(offer bob 10)
	task=$(echo '{}' | at bzn-escrow shadow --buyer alice \
	    --skill "$skill" --input - | jq -r .task_id)
	is 0 '{"task_id":"'"$task"'","shadow":true,"state":"OPEN",'\
'"simulation":{"outcome":"SETTLED","dispute_engine":{"triggered":false,'\
'"reason":null,"details":null},"financial_impact":{"buyer":"-10.00 TCK",'\
'"seller":"+9.70 TCK","vault":"+0.30 TCK"},"cri_impact":{"buyer":"+25.9",'\
'"seller":"+20.9"}},"note":"Nothing was moved or counted."}' "" \
	    at bzn-escrow simulate "$task" --as alice
	is 5 "" "bzn-escrow: 'carol' is no party of '$task' \
(not_task_party)" at bzn-escrow simulate "$task" --as carol
	deliver "$task" '{}'
	at bzn-escrow simulate "$task" | jq -c '[.state, .simulation.outcome,
	    .simulation.dispute_engine.reason, .simulation.financial_impact,
	    .simulation.cri_impact]' >answer
	is 0 '["COMPLETED","AUTO_REFUND","PROOF_MISSING",{"buyer":'\
'"+10.00 TCK (refunded)","seller":"0 TCK","vault":"0 TCK"},{"buyer":"+0.0",'\
'"seller":"-25.0"}]' "" cat answer
	keeps at bzn-escrow simulate "$task" >out
}

@test "simulate tells how a trade has ended, not how it might have" {
	ends() {
		at bzn-escrow simulate "$task" | jq -c '[.state,
		    .simulation.outcome, .simulation.dispute_engine.reason,
		    .simulation.financial_impact.seller]'
	}

	trade
	deliver "$task" '{}'
	at bzn-escrow dispute "$task" --reason no >out
	is 0 '["DISPUTED","AUTO_REFUND","PROOF_MISSING","0 TCK"]' "" ends
	at bzn-escrow resolve "$task" --to release_to_seller >out
	is 0 '["COMPLETED","SETTLED",null,"+9.70 TCK"]' "" ends
	task=$(buy alice "$skill")
	pass 259199
	is 0 '["OPEN","SETTLED",null,"+9.70 TCK"]' "" ends
	pass 1
	is 0 '["OPEN","AUTO_REFUND","TIMEOUT_NON_DELIVERY","0 TCK"]' "" ends
	at bzn-settle >out
	is 0 '["REFUNDED","AUTO_REFUND","TIMEOUT_NON_DELIVERY","0 TCK"]' "" ends
}

@test "vmp 13.12: a shadow task moves nothing, and counts for nothing" {
	local size

	home
	member alice bob
	skill=$(offer bob 1000)
	size=$(bzn-ledger export ndjson | wc -l)
	task=$(echo '{}' | at bzn-escrow shadow --buyer alice \
	    --skill "$skill" --input - | jq -r .task_id)
	says is_shadow true
	says escrow_id null
	says protocol shadow
	at bzn-escrow claim "$task" --as bob >out
	refuses 5 "'alice' is not the seller of task '$task' \
(not_your_task)" complete "$task" -o out --as alice
	refuses 9 "task '$task' is delivered with an output (has_task)" \
	    complete "$task" --proof-hash x
	deliver "$task"
	says status COMPLETED
	echo '{"a":1}' >other
	refuses 9 "task '$task' is COMPLETED, and a shadow (wrong_state)" \
	    dispute "$task" --reason no
	refuses 9 "task '$task' is COMPLETED, and a shadow (wrong_state)" \
	    refund "$task"
	refuses 9 "task '$task' is COMPLETED, and a shadow (wrong_state)" \
	    complete "$task" -o other
	(($(bzn-ledger export ndjson | wc -l) == size)) || fail "the log grew"
	is 0 $'30\n30' "" bash -c 'bzn-cri score alice bob | jq .cri_score'
	has alice 100.00
	sound
}

@test "a delivery is judged by each validator, and its proof is matched" {
	local hash

	home
	member alice bob
	promise '{"validators": [{"type": "non_empty", "fields": ["text"]},
	    {"type": "length", "field": "text", "min_words": 3},
	    {"type": "contains", "patterns": ["x"]}]}'
	task=$(buy alice "$skill")
	hash=$(printf '{"text":"one two"}' | sha256sum)
	echo '{"text":"one two"}' | at bzn-escrow complete "$task" \
	    --output - --proof-hash "${hash%% *}" --llm-provider me \
	    >answer
	is 0 '["python","VALIDATOR_FAILED","length",1,"me"]' "" jq -c \
	    '[.proof_match, .rules.verdict, .rules.details.validator_type,
	    .rules.details.index, .llm_provider]' answer
	is 0 "0 protocol:0:non_empty protocol non_empty PASS
1 protocol:1:length protocol length FAIL" "" bash -c "bzn-escrow \
	    validations $task | jq -r '[.index, .validator_id, .source,
	    .type, .result] | join(\" \")'"
	is 0 "VALIDATOR_FAILED FLAGGED_AUTO" "" log
	bzn-ledger export ndjson | tail -n 1 | jq -r .entry.data.verdict >v
	is 0 VALIDATOR_FAILED "" cat v
	pass 86400
	at bzn-settle >out
	says status REFUNDED
	says reason VALIDATOR_FAILED
	has alice 100.00
	sound
}

@test "vmp 13.58: the contract of the purchase decides, not the edited one" {
	home
	member alice bob
	promise '{"output_schema": {"required": ["n"]}}'
	task=$(buy alice "$skill")
	at bzn-market update "$skill" --metadata - \
	    <<<'{"output_schema": {"required": ["m"]}}' >out
	deliver "$task" '{"n":1}'
	says verdict null
	task=$(buy alice "$skill")
	deliver "$task" '{"n":1}'
	says verdict SCHEMA_MISMATCH
	sound
}

@test "a disputed delivery with a verdict is refunded by the rule" {
	trade
	deliver "$task" '{}'
	at bzn-escrow dispute "$task" --reason empty >out
	at bzn-settle >out
	says status DISPUTED
	pass 86400
	at bzn-settle >out
	says status REFUNDED
	is 0 '["refund_buyer","AUTO_RULE"]' "" bash -c 'bzn-escrow disputes |
	    jq -c "[.resolution, .resolved_by]"'
	is 0 "PROOF_MISSING FLAGGED_AUTO
BUYER_DISPUTE FLAGGED_MANUAL
PROOF_MISSING AUTO_REFUND" "" log
	# The last row says how the rule failed, as the first does.
	is 0 '{"task_status":"COMPLETED","output_data":null}
{"task_status":"COMPLETED","output_data":null,'\
'"auto_settle_at":"2026-11-21T08:00:00.000Z"}' "" bash -c 'bzn-escrow rules \
	    --rule PROOF_MISSING | tac | jq -c .rule_details'
	is 0 "ESCROW_LOCK DISPUTE_REFUND " "" moves
	has alice 100.00
	sound
}

@test "a dispute has evidence, which is summed up, and is listed" {
	trade
	deliver "$task"
	echo '{"verifier_skill":"qa_v1","score":0.25,"verdict":"FAIL",
	    "more":[1]}' >evidence
	at bzn-escrow dispute "$task" --reason bad --evidence evidence \
	    >answer
	is 0 '[true,"verifier_skill: qa_v1, score: 0.25, verdict: FAIL"]' "" \
	    jq -c '[.evidence_attached, .evidence_summary]' answer
	is 0 '[1]' "" bash -c 'bzn-escrow disputes --open |
	    jq -c .verification_evidence.more'
	is 0 "" "" bzn-escrow disputes --resolved
	is 2 "" "bzn-escrow: filters are for all disputes, not for one \
(usage)" bzn-escrow disputes "$(jq -r .dispute_id answer)" --resolved
	is 0 '{"score":0.25}' "" bash -c 'bzn-escrow rules --rule \
	    BUYER_DISPUTE | jq -c ".rule_details.verification_evidence |
	    {score}"'
	is 0 "" "" bzn-escrow rules --action AUTO_REFUND
	is 0 1 "" bash -c 'bzn-escrow rules --escrow-status DISPUTED --limit \
	    5 | wc -l'
	is 2 "" "bzn-escrow: filters are for the whole log, not for one task \
(usage)" bzn-escrow rules "$task" --limit 1
}

@test "whose trades, on which side, and which page of them" {
	home 'canary_exposure_pct 0'
	member alice bob carol
	skill=$(offer bob 1)
	for _ in 1 2 3; do buy alice "$skill" >out; done
	at bzn-escrow lock --buyer carol --seller alice --amount 1 >out
	echo '{}' | at bzn-escrow shadow --buyer carol --skill "$skill" \
	    --input - >out
	count() { bzn-escrow list "$@" | wc -l; }
	is 0 5 "" count
	is 0 4 "" count --as alice
	is 0 1 "" count --as alice --role seller
	is 0 3 "" count --as alice --role buyer
	is 0 4 "" count --as bob --role any
	is 0 2 "" count --limit 2
	is 0 1 "" count --offset 4
	bzn-escrow list | jq -r '.task_id // .escrow_id' >ids
	is 0 "" "" sort -c ids
	is 2 "" "bzn-escrow: --role is of a node: --as NODE (usage)" \
	    bzn-escrow list --role seller
	is 2 "" "bzn-escrow: --role is seller, buyer or any (usage)" \
	    bzn-escrow list --as bob --role judge
	is 2 "" "bzn-escrow: --limit: '-1' is not a number (usage)" \
	    bzn-escrow list --limit=-1
}

@test "what is due, of each kind, as the sweep would have it" {
	due() {
		at bzn-escrow list --due "$@" |
		    jq -r '.task_id // .escrow_id' | sort
	}

	home 'canary_exposure_pct 0'
	member alice bob
	skill=$(offer bob 1)
	open=$(buy alice "$skill")
	shadow=$(echo '{}' | at bzn-escrow shadow --buyer alice \
	    --skill "$skill" --input - | jq -r .task_id)
	direct=$(at bzn-escrow lock --buyer bob --seller alice --amount 1 |
	    jq -r .escrow_id)
	empty=$(buy alice "$skill")
	waits=$(buy alice "$skill")
	deliver "$empty" '{}'
	deliver "$waits"
	for task in "$empty" "$waits"; do
		at bzn-escrow dispute "$task" --reason no >out
	done
	paid=$(buy alice "$skill")
	deliver "$paid"
	at bzn-escrow complete "$direct" --proof-hash x >out
	pass 86399
	is 0 "" "" due
	pass 1
	is 0 "$(printf '%s\n' "$direct" "$empty" "$paid" | sort)" "" due
	is 0 "$direct" "" due --seller alice
	is 0 "$paid" "" due --status COMPLETED --as bob
	is 0 "" "" due --offset 3
	pass 172799
	is 0 3 "" bash -c "bzn-escrow list --due --now $clock | wc -l"
	pass 1
	is 0 "$(printf '%s\n' "$direct" "$empty" "$paid" "$open" "$shadow" |
	    sort)" "" due
	at bzn-settle >out
	is 0 "" "" due
	sound
}

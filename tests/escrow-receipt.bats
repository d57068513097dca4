# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2154
# Receipts of trades: made here, and checked where there is nothing of ours.
load common

# signed: the home of trade(), with keys that sign; $vkey is its log's.
signed() {
	clock=@1795161600000
	echo 'test_clock yes' >bzn.conf
	(umask 077; echo 'correct horse battery' >pw)
	at bzn-keygen identity -q --passphrase-file pw >names
	at bzn-keygen token >jwks
	vkey=$(at bzn-ledger init --origin ledger.example/test \
	    --passphrase-file pw | jq -r .vkey)
	member alice bob
	skill=$(offer bob 10)
	task=$(buy alice "$skill")
	escrow=$(bzn-escrow show "$task" | jq -r .escrow_id)
}

# receipt OPTION...: of the task, on standard output.
receipt() {
	at bzn-escrow receipt "$task" "$@"
}

# judge FILE... OPTION...: as a stranger does, who has nothing.
judge() {
	env -i "$BZN_BUILD/bin/bzn-escrow" receipt --check "$@"
}

# parts FILE OPTION...: the answers, in one line; of one who has the clock.
parts() {
	at bzn-escrow receipt --check "$@" 2>&1 | jq -r '[.parts[]] | join(" ")'
}

# says FILTER VALUE FILE
says() {
	local got

	got=$(jq -cr "$1" "$3")
	[[ $got == "$2" ]] || fail "$1 is '$got', not '$2'"
}

@test "vmp 13.45: a receipt has the whole trade, and one's own balances" {
	trade
	vkey=$(jq -r .vkey made.json)
	receipt >open.json
	says .final false open.json
	says .status PENDING open.json
	says '[.payout, .tax, .settled_at, .output_hash]' \
	    '[null,null,null,null]' open.json
	at bzn-escrow claim "$task" >out
	deliver "$task"
	pass 86400
	at bzn-settle >out
	receipt --as alice >alice.json
	pass 60
	receipt --as bob >bob.json
	says .final true bob.json
	says '[.receipt_id, .task_id, .escrow.escrow_id]' \
	    "[\"rcpt_$task\",\"$task\",\"$escrow\"]" bob.json
	says '[.status, .amount, .payout, .tax]' \
	    '["SETTLED","10.00","9.70","0.30"]' bob.json
	says '[.escrow_lifecycle[] | .state]' \
	    '["PENDING","AWAITING_SETTLEMENT","SETTLED"]' bob.json
	says '[.ledger_entries[] | .type + " " + .account[:6] + " " +
	    .amount]' '["DEBIT alice 10.00","CREDIT ESCROW 10.00",'\
'"DEBIT ESCROW 9.70","CREDIT bob 9.70","DEBIT ESCROW 0.30",'\
'"CREDIT VAULT 0.30"]' bob.json
	says '[.ledger_movements[].balance_after]' \
	    '[null,null,null,"109.20",null,null]' bob.json
	says '[.ledger_movements[].balance_after]' \
	    '["90.00",null,null,null,null,null]' alice.json
	says '[.evidence.proofs[].id | split(":")[1]]' \
	    '["lock","claimed","completed","close","tax"]' bob.json
	says .summary "${task: -12}: SETTLED, 10.00 TCK; no rule; 3 entries" \
	    bob.json
	says .generated_at 2026-11-21T08:01:00.000Z bob.json
	says '.core | keys | length' 20 bob.json
	says .receipt_hash "$(jq -cSj .core bob.json | sha256sum |
	    cut -c1-64)" bob.json
	is 0 "$(jq -c '[.core, .receipt_hash]' alice.json)" "" \
	    jq -c '[.core, .receipt_hash]' bob.json
	[[ $(jq -r .receipt_hash open.json) != \
	    "$(jq -r .receipt_hash bob.json)" ]]
	at bzn-escrow receipt "$escrow" --as bob | diff bob.json -
	is 0 "true absent absent true true true true" "" parts bob.json \
	    --vkey "$vkey"
	is 0 "true absent absent true true true true" "" parts open.json \
	    --vkey "$vkey"
}

@test "receipts of trades that end otherwise" {
	local t

	trade
	vkey=$(jq -r .vkey made.json)
	t=$(buy alice "$skill")
	pass 60
	deliver "$t"
	at bzn-escrow dispute "$t" --reason bad >out
	at bzn-escrow resolve "$t" --to refund_buyer >out
	at bzn-escrow receipt "$t" >returned.json
	says '[.status, .payout, .tax, .final]' \
	    '["REFUNDED",null,null,true]' returned.json
	says '[.ledger_movements[2:][] | .reference_type + " " + .note]' \
	    '["DISPUTE_REFUND DISPUTE_RESOLVED",'\
'"DISPUTE_REFUND DISPUTE_RESOLVED"]' returned.json
	says '[.escrow_lifecycle[].state]' \
	    '["PENDING","AWAITING_SETTLEMENT","DISPUTED","REFUNDED"]' \
	    returned.json
	says .escrow.dispute_reason bad returned.json
	t=$(buy alice "$skill")
	deliver "$t"
	at bzn-escrow dispute "$t" --reason bad >out
	at bzn-escrow receipt "$t" >disputed.json
	says '[.status, .final]' '["DISPUTED",false]' disputed.json
	at bzn-escrow resolve "$t" --to release_to_seller >out
	at bzn-escrow receipt "$t" >released.json
	says '[.status, .payout, .tax]' '["SETTLED","9.70","0.30"]' \
	    released.json
	skill=$(offer bob 0.16)
	t=$(buy alice "$skill")
	deliver "$t" '{}'
	pass 300000
	at bzn-settle >out
	at bzn-escrow receipt "$t" >failed.json
	says '.ledger_movements[2].note' AUTO_REFUND:PROOF_MISSING failed.json
	receipt >late.json
	says '[.status, .completed_at, .ledger_movements[2].note]' \
	    '["REFUNDED",null,"AUTO_REFUND:TIMEOUT"]' late.json
	t=$(buy alice "$skill")
	deliver "$t"
	pass 86400
	at bzn-settle >out
	at bzn-escrow receipt "$t" >small.json
	says '[.payout, .tax, (.ledger_entries | length)]' \
	    '["0.16","0.00",4]' small.json
	is 0 "6 true" "" bash -c "$(declare -f judge); judge *ed.json late.json \
	    small.json --vkey '$vkey' | jq -r .result | uniq -c | xargs"
}

# judged: bob sells with a contract; $task was delivered, and breaks it.
judged() {
	echo '{"output_schema": {"type": "object"}, "validators": [
	    {"type": "non_empty", "fields": ["words"]},
	    {"type": "length", "field": "words", "min_words": 2}]}' >m.json
	skill=$(at bzn-market publish --provider bob --price 10 --label w \
	    --metadata m.json | jq -r .skill_id)
	task=$(buy alice "$skill")
	echo '{"words":"x"}' >out.json
	at bzn-escrow complete "$task" --output out.json --llm-provider me \
	    --proof-hash "SHA256:$(printf '{"words":"x"}' | sha256sum |
	    cut -c1-64)" >out
}

@test "a receipt tells what validators and rules said; the core, in short" {
	trade
	vkey=$(jq -r .vkey made.json)
	judged
	at bzn-escrow dispute "$task" --reason 'one word' >out
	pass 90000
	at bzn-settle >out
	receipt >r.json
	says '[.task.protocol, .task.llm_provider, .proof_match]' \
	    '["api","me","python"]' r.json
	says '[.validator_results[] | .validator_id + " " + .result]' \
	    '["protocol:0:non_empty PASS","protocol:1:length FAIL"]' r.json
	says '.validator_results[1].details.error' \
	    "Field 'words' has 1 words, minimum is 2" r.json
	says '[.dispute_engine[] | .rule + " " + .action]' \
	    '["VALIDATOR_FAILED FLAGGED_AUTO","BUYER_DISPUTE FLAGGED_MANUAL",'\
'"VALIDATOR_FAILED AUTO_REFUND"]' r.json
	says '[.core.dispute_engine[] | keys_unsorted] | unique' \
	    '[["action","rule","timestamp"]]' r.json
	says '[.core.validator_results[] | keys_unsorted] | unique' \
	    '[["index","result","source","type","validator_id"]]' r.json
	says '.ledger_movements[2].note' AUTO_RULE:VALIDATOR_FAILED r.json
	says .summary "${task: -12}: REFUNDED, 10.00 TCK; \
VALIDATOR_FAILED, BUYER_DISPUTE; 2 entries" r.json
	is 0 "true absent absent true true true true" "" parts r.json \
	    --vkey "$vkey"
}

@test "no evidence of a dispute spoils the receipt for the other party" {
	local t

	trade
	vkey=$(jq -r .vkey made.json)
	python3 -c 'print("{\"a\":" * 62 + "1" + "}" * 62)' >deep
	python3 -c 'print("{\"a\":\"" + "x" * 1048000 + "\"}")' >long
	echo '{"verdict":"bad"}' >short
	for t in deep long short; do
		task=$(buy alice "$skill")
		deliver "$task"
		at bzn-escrow dispute "$task" --reason bad --evidence $t >out
		receipt >$t.json
	done
	says '[.dispute_engine[0].details, .core.status]' \
	    '[null,"DISPUTED"]' deep.json
	says '.dispute_engine[0].details' null long.json
	says '.dispute_engine[0].details.verification_evidence.verdict' bad \
	    short.json
	is 0 "3 true" "" bash -c "$(declare -f judge); judge deep.json \
	    long.json short.json --vkey '$vkey' | jq -r .result | uniq -c |
	    xargs"
}

@test "receipts of what is no task, and of what is no trade" {
	local d s

	signed
	d=$(at bzn-escrow lock --buyer alice --seller bob --amount 5 |
	    jq -r .escrow_id)
	at bzn-escrow complete "$d" --proof-hash x --as bob >out
	pass 86400
	at bzn-settle >out
	at bzn-escrow receipt "$d" --as bob --sign both \
	    --passphrase-file pw >direct.json
	says '[.receipt_id, .task, .task_id, .core.skill_id, .status, .payout,
	    .proof_hash]' "[\"rcpt_$d\",null,null,null,\"SETTLED\",\"4.85\",\
\"x\"]" direct.json
	is 0 "true true true true true true true" "" parts direct.json \
	    --vkey "$vkey" --jwks jwks
	run python3 "$BZN_SRC/tests/receipts.py" direct.json "$vkey" jwks
	[[ $status == 0 && ${lines[0]} == "caught all" ]] || fail "$output"
	is 5 "" "bzn-escrow: 'eve' is not a party to '$d' (not_escrow_party)" \
	    at bzn-escrow receipt "$d" --as eve
	s=$(echo '{}' | at bzn-escrow shadow --buyer alice --skill "$skill" \
	    --input - | jq -r .task_id)
	at bzn-escrow receipt "$s" >open.json
	says '[.final, .escrow, .ledger_entries, .evidence, .status]' \
	    '[false,null,[],null,"OPEN"]' open.json
	echo '{"n":1}' | at bzn-escrow complete "$s" --output - >out
	at bzn-escrow receipt "$s" --sign both --passphrase-file pw >s.json
	says '[.final, .task.protocol, .status, .payout]' \
	    '[true,"shadow","COMPLETED",null]' s.json
	is 0 "true true true true absent absent absent" "" parts s.json \
	    --jwks jwks
	is 0 "true true true true absent absent absent" "" parts s.json \
	    --jwks jwks --vkey "$vkey"
	run --separate-stderr judge s.json --vkey "$vkey"
	[[ $status == 1 && $stderr == *'(unknown_signer)' ]]
	task=$(buy alice "$skill")
	at bzn-escrow refund "$task" --as bob >out
	receipt >back.json
	says '[.status, .ledger_movements[3].note]' '["REFUNDED","MANUAL"]' \
	    back.json
}

@test "every change to a receipt is caught, by the part that it is in" {
	signed
	judged
	at bzn-escrow dispute "$task" --reason 'one word' >out
	pass 90000
	at bzn-settle >out
	receipt --sign both --passphrase-file pw --as bob >r.json
	run python3 "$BZN_SRC/tests/receipts.py" r.json "$vkey" jwks
	[[ $status == 0 && ${lines[0]} == "caught all" ]] || fail "$output"
	[[ ${lines[1]%% *} -gt 500 ]]
	skill=$(offer bob 10)
	echo '{"pattern":"^yes$"}' >config
	custom=$(at bzn-market validator add --as alice --name n \
	    --type regex --config config | jq -r .validator_id)
	task=$(echo '{}' | at bzn-escrow lock --buyer alice --input - \
	    --skill "$skill" --validator "$custom" | jq -r .task_id)
	at bzn-escrow claim "$task" >out
	deliver "$task"
	pass 90000
	at bzn-settle >out
	receipt --sign both --passphrase-file pw --as bob >r.json
	says '[.evidence.proofs[].id | split(":")[1]]' \
	    '["lock","claimed","validated","completed","close"]' r.json
	run python3 "$BZN_SRC/tests/receipts.py" r.json "$vkey" jwks
	[[ $status == 0 && ${lines[0]} == "caught all" ]] || fail "$output"
}

@test "software that is not ours finds hash, signatures and proofs good" {
	local here=$BZN_SRC/tests/foreign

	/usr/bin/python3 -c 'import jwt, cryptography' 2>/dev/null ||
	    skip "no python3-jwt"
	signed
	deliver "$task"
	pass 86400
	at bzn-settle >out
	receipt --sign both --passphrase-file pw >r.json
	run --separate-stderr /usr/bin/python3 "$here/stranger_paper.py" r.json jwks
	[[ $status == 0 && ${#lines[@]} == 5 ]] || fail "$output $stderr"
	run --separate-stderr /usr/bin/python3 "$here/stranger.py" receipt proof.* \
	    --vkey "$vkey"
	[[ $status == 0 ]] || fail "$output $stderr"
	jq -c '.core.payout = "9.71"' r.json >bad.json
	run /usr/bin/python3 "$here/stranger_paper.py" bad.json jwks
	[[ $status != 0 && $output == *'AssertionError: hash' ]]
}

@test "whom to trust: a log, a node, a set of keys; nobody is not enough" {
	signed
	receipt --sign both --passphrase-file pw >r.json
	receipt --sign rs256 >token.json
	receipt >bare.json
	at bzn-card show --passphrase-file pw >card.json
	is 0 "true unknown unknown true true true true" "" \
	    parts r.json --vkey "$vkey"
	is 0 "true true true true unknown unknown unknown" "" \
	    parts r.json --jwks jwks
	is 0 "true true absent true unknown unknown unknown" "" \
	    parts token.json --jwks jwks
	is 0 "true unknown true true true true true" "" \
	    parts r.json --card card.json
	is 0 "true true true true true true true" "" \
	    parts r.json --card card.json --jwks jwks
	is 2 "" "bzn-escrow: say whom to trust: --vkey, --policy, --card or \
--jwks (usage)" judge r.json
	# A part whose signers were named must be there.
	run --separate-stderr judge bare.json --jwks jwks --vkey "$vkey"
	[[ $status == 1 && $stderr == "bzn-escrow: it is not signed \
(receipt_token)" ]]
	run --separate-stderr at bzn-escrow receipt --check token.json \
	    --card card.json
	[[ $status == 1 && $stderr == "bzn-escrow: the node has not signed it \
(receipt_node)" ]]
	# Others' keys.
	mkdir other
	(umask 077; echo 'correct horse battery' >other/pw)
	bzn-keygen identity -q --home other --passphrase-file other/pw >out
	bzn-keygen token --home other >theirs
	bzn-card show --home other --passphrase-file other/pw >their.card
	run --separate-stderr judge r.json --jwks theirs
	[[ $status == 1 && $stderr == *' (receipt_token)' ]]
	run --separate-stderr judge r.json --card their.card
	[[ $status == 1 && $stderr == *' (receipt_node)' ]]
	run --separate-stderr judge bare.json --card their.card
	[[ $status == 1 && $stderr == *' (receipt_node)' ]]
	run --separate-stderr judge r.json --vkey \
	    ledger.example/demo+7b8488d1+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
	[[ $status == 1 && $stderr == *' (receipt_checkpoint)' ]]
}

@test "who trusts a node does not thereby trust every log" {
	trade			# of a log that no node has certified
	(umask 077; echo pw >pw)
	at bzn-keygen identity -q --passphrase-file pw >names
	at bzn-card show --passphrase-file pw >card.json
	receipt --sign ed25519 --passphrase-file pw >r.json
	is 0 "true absent true true unknown unknown unknown" "" \
	    parts r.json --card card.json
	is 0 "true absent true true true true true" "" \
	    parts r.json --card card.json --vkey "$(jq -r .vkey made.json)"
	jq -c '.evidence.checkpoint |= sub("e"; "f")' r.json >bad.json
	run --separate-stderr at bzn-escrow receipt --check bad.json \
	    --card card.json
	[[ $status == 1 && $stderr == *'(receipt_checkpoint)' ]]
}

@test "a receipt by a newer key of the log holds by the older one" {
	signed
	at bzn-ledger checkpoint rotate --reason scheduled \
	    --passphrase-file pw >out
	deliver "$task"
	receipt >r.json
	says '[.evidence.keys[].id] | length' 2 r.json
	[[ $(jq -r .evidence.vkey r.json) != "$vkey" ]]
	is 0 "true absent absent true true true true" "" parts r.json \
	    --vkey "$vkey"
	is 0 "true absent absent true true true true" "" parts r.json \
	    --vkey "$(jq -r .evidence.vkey r.json)"
}

@test "a policy asks for its witness" {
	trade
	vkey=$(jq -r .vkey made.json)
	receipt >r.json
	printf 'log %s\nquorum none\n' "$vkey" >policy
	is 0 "true absent absent true true true true" "" parts r.json \
	    --policy policy
	printf 'log %s\nwitness w %s\nquorum w\n' "$vkey" "$(sed -n \
	    's/^witness [^ ]* //p' "$BZN_SRC/tests/golden/demo.policy")" \
	    >policy
	run --separate-stderr judge r.json --policy policy
	[[ $status == 1 && $stderr == *'(receipt_checkpoint)' ]] ||
	    fail "$stderr"
	echo "witness w none" >bad
	run --separate-stderr judge r.json --policy bad
	[[ $status == 3 && $stderr == *'(bad_policy)' ]]
}

@test "many at once, by records on standard input" {
	local other

	trade
	pass 1
	other=$(buy alice "$skill")
	bzn-escrow list | at bzn-escrow receipt - >both
	is 0 "$task
$other" "" jq -r .task_id both
	at bzn-escrow receipt "$other" "$task" | jq -r .task_id >out
	is 0 "$other
$task" "" cat out
	printf '{"task_id":"%s"}\n{"x":1}\nx\n{"task_id":"none"}\n' "$task" >in
	run --separate-stderr at bzn-escrow receipt - <in
	[[ $status == 3 && ${#lines[@]} == 1 ]]
	is 0 "bzn-escrow: stdin:2: the document has no task_id and no \
escrow_id (bad_json)
bzn-escrow: stdin:3: byte 0: not a JSON value (bad_json)
bzn-escrow: stdin:4: no task 'none' (task_missing)" "" \
	    printf '%s' "$stderr"
}

@test "a receipt that was issued once holds for ever" {
	local gold=$BZN_SRC/tests/golden/trade

	is 0 '["true","SETTLED","10.00",true]' "" bash -c \
	    "$(declare -f judge); judge $gold.receipt --jwks $gold.jwks \
	    --vkey \$(cat $gold.vkey) |
	    jq -c '[.result, .status, .amount, .final]'"
	is 0 "true" "" bash -c "$(declare -f judge); judge $gold.receipt \
	    --jwks $gold.jwks --vkey \$(cat $gold.vkey) |
	    jq '[.parts[]] == [range(7) | \"true\"]'"
}

@test "the token of a receipt names the grid as certificates do" {
	signed
	echo 'base_url https://grid.example:8443/x' >>bzn.conf
	receipt --sign rs256 >r.json
	is 0 "$(at bzn-cri certificate bob | jq -r '.certificate |
	    split(".")[1] | @base64d | fromjson | .iss')" "" \
	    jq -r '.signatures.rs256 | split(".")[1] | @base64d |
	    fromjson | .iss' r.json
	is 0 "true unknown absent true true true true" "" parts r.json \
	    --vkey "$vkey"
}

@test "what cannot be made, and what is no receipt" {
	trade
	keeps is 4 "" "bzn-escrow: no task 'none' (task_missing)" \
	    at bzn-escrow receipt none
	keeps is 5 "" "bzn-escrow: 'eve' is not a party to '$task' \
(not_your_task)" at bzn-escrow receipt "$task" --as eve
	is 2 "" "bzn-escrow: no --home, no \$BZN_HOME and no \$HOME: say \
which home (usage)" env -i "$BZN_BUILD/bin/bzn-escrow" receipt "$task"
	is 2 "" "bzn-escrow: --sign is both, ed25519 or rs256 (usage)" \
	    at bzn-escrow receipt "$task" --sign no
	is 4 "" "bzn-escrow: this home has no token key: make one with \
'bzn-keygen token' (no_key)" at bzn-escrow receipt "$task" --sign rs256
	run --separate-stderr at bzn-escrow receipt "$task" --sign ed25519
	[[ $status == 4 && $stderr == *'(no_key)' ]]
	is 2 "" "bzn-escrow: --vkey, --policy, --card and --jwks are for \
--check (usage)" at bzn-escrow receipt "$task" --vkey x
	is 2 "" "bzn-escrow: --dry-run and --id are not for receipts: they \
change no trade (usage)" at bzn-escrow receipt "$task" --id x
	is 2 "" "bzn-escrow: --as, --sign, --dry-run and --id are not for \
--check (usage)" judge x --as alice --vkey x
	vkey=$(jq -r .vkey made.json)
	is 4 "" "bzn-escrow: cannot open 'x': No such file or directory \
(no_file)" judge x --vkey "$vkey"
	echo '{' >x
	is 3 "" "bzn-escrow: x: byte 2: the text ends too soon (bad_json)" \
	    judge x --vkey "$vkey"
	echo '{"receipt_id":"a","receipt_hash":"b","core":{}}' >x
	is 3 "" "bzn-escrow: x: '/signatures' is missing (bad_json)" \
	    judge x --vkey "$vkey"
	receipt >r.json
	receipt | is 0 "true" "" bash -c "$(declare -f judge); judge - \
	    --vkey '$vkey' | jq -r .result"
	run --separate-stderr judge r.json x --vkey "$vkey"
	[[ $status == 3 && $output == '{"file":"r.json","result":"true",'* ]]
	judge r.json --vkey "$vkey" --table >t
	is 0 "r.json true no PENDING 10.00 TCK -" "" \
	    bash -c 'tail -n 1 t | xargs'
	receipt --table >t
	grep -q "^rcpt_$task  *no  *${task: -12}: PENDING, 10.00 TCK" t
	sqlite3 node.db "UPDATE escrow_escrow SET state = 'DISPUTED'"
	run --separate-stderr at bzn-escrow receipt "$task"
	[[ $status == 7 && $stderr == *'is PENDING in the log and '* &&
	    $stderr == *'DISPUTED in the store: '*'(store_corrupt)' ]]
}

# heard NODE URL EVENTS [REF]: as if it had been subscribed.
heard() {
	sqlite3 node.db "INSERT INTO hook_hook (id, node_id, ref, url, events,
	    sealed, made_ms) VALUES ('$2', '$1', nullif('${4-}', ''), '$2',
	    $3, CASE '${4-}' WHEN '' THEN x'00' END, 1)"
}

@test "a receipt lists what its reader was told of the trade" {
	trade
	says '.webhooks' '[]' <(receipt --as bob)
	heard bob https://bob.example/ 127
	heard alice https://alice.example/ 32
	heard eve https://eve.example/ 127
	task=$(buy alice "$skill")
	deliver "$task" '{"b":2}'
	pass 86400
	at bzn-settle >/dev/null
	receipt --as bob >r.json
	says '[.webhooks[] | [.event, .status, .attempts,
	    .last_response_code, .timestamp]]' \
	    '[["task.created","pending",0,null,"2026-11-20T08:00:00.000Z"],'\
'["skill.purchased","pending",0,null,"2026-11-20T08:00:00.000Z"],'\
'["task.completed","pending",0,null,"2026-11-20T08:00:00.000Z"],'\
'["escrow.settled","pending",0,null,"2026-11-21T08:00:00.000Z"]]' r.json
	says '.webhooks' '[]' <(receipt --as alice)
	says '.webhooks' '[]' <(receipt)
	sqlite3 node.db "UPDATE hook_delivery SET state = 'delivered',
	    attempts = 2, code = 204, next_ms = NULL
	    WHERE event = 'task.created'"
	says '.webhooks[0] | [.event, .status, .attempts,
	    .last_response_code]' '["task.created","delivered",2,204]' \
	    <(receipt --as bob)
	# It is not signed, and says nothing of what is.
	says '.receipt_hash' "$(jq -r .receipt_hash r.json)" \
	    <(receipt --as alice)
}

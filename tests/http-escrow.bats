# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# Escrows without a task: spec/vmp.md 2.3; and receipts: 8.1.
load common
load http
load market

setup_file() {
	grid 'canary_exposure_pct 0' 'genesis_max 1'
	serve
	join seller buyer other
}

# locks AMOUNT: sets $escrow.
locks() {
	want 200 .status FUNDS_LOCKED as buyer post /v1/trade/escrow/init \
	    "{\"seller_id\":\"seller\",\"amount\":$1}" || return 1
	escrow=$(jq -r .escrow_id <<<"$body")
}

# at_escrow WHO ACT MORE: an act on $escrow.
at_escrow() {
	as "$1" post "/v1/trade/escrow/$2" "{\"escrow_id\":\"$escrow\",$3}"
}

@test "an escrow is delivered, and paid when its window is over (S8)" {
	local amount

	for amount in 10.00 0.16 0.50 1.00; do
		locks "\"$amount\""
		want 403 .code not_escrow_party at_escrow buyer complete \
		    '"proof_hash":"p1"'
		want 200 .status COMPLETED .escrow_status AWAITING_SETTLEMENT \
		    .settlement_status PENDING_DISPUTE_WINDOW \
		    '.eta_tck_release|length' 24 at_escrow seller complete \
		    '"proof_hash":"p1","output_data":{"x":1}'
		want 200 .idempotent true at_escrow seller complete \
		    '"proof_hash":"p1","output_data":{"x":1}'
		want 400 .code wrong_state at_escrow seller complete \
		    '"proof_hash":"p2"'
		want 400 .code window_open at_escrow seller settle \
		    '"proof_hash":"p3"'
		[[ $(jq -r .detail <<<"$body") == \
		    'Dispute window open until 20'* ]]
		want 403 .code not_escrow_party at_escrow other settle \
		    '"proof_hash":"p3"'
		pass 86400
		case $amount in
		10.00) paid=(9.70 0.30) ;;
		0.16) paid=(0.16 0.00) ;;
		0.50) paid=(0.48 0.02) ;;
		1.00) paid=(0.97 0.03) ;;
		esac
		want 200 .status SETTLED .escrow_id "$escrow" \
		    .payout "${paid[0]}" .tax "${paid[1]}" \
		    .receipt_id "rcpt_$escrow" at_escrow seller settle \
		    '"proof_hash":"p3"'
		want 400 .code wrong_state \
		    .detail 'Escrow not ready for settlement' \
		    at_escrow seller settle '"proof_hash":"p3"'
		want 200 .status SETTLED .proof_hash p1 .settle_proof_hash p3 \
		    .kind direct .task_id null .amount "$amount" \
		    as buyer get "/v1/trade/escrow/$escrow"
	done
	has seller 111.31
	has buyer 88.34
	has VAULT 0.35
	sound
}

@test "20 parallel settles pay once (2)" {
	local i tries=()

	locks 10
	at_escrow seller complete '"proof_hash":"p"'
	pass 86400
	before=$(bzn-ledger balance seller --unit TCK | jq -r .balance)
	for i in {1..20}; do
		(mkdir "try$i" && cd "try$i" && at_escrow seller settle \
		    '"proof_hash":"p"'; echo "$code $body" >"../$i") 3>&- &
		tries+=($!)
	done
	wait "${tries[@]}"
	[[ $(grep -c '^200 .*"status":"SETTLED"' {1..20} -h | paste -sd+ |
	    bc) == 1 ]]
	[[ $(cat {1..20} | grep -c '^400 .*wrong_state') == 19 ]]
	after=$(bzn-ledger balance seller --unit TCK | jq -r .balance)
	[[ $(bc <<<"$after - $before") == 9.70 ]]
	sound
}

# early NODE: one that has signed up before, whose first sale earns a badge.
early() {
	local token

	want 200 post /v1/early-access \
	    "{\"email\":\"$1@b.c\",\"node_name\":\"$1\"}"
	token=$(jq -r .signup_token <<<"$body")
	want 200 post /v1/node/register \
	    "{\"node_id\":\"$1\",\"signup_token\":\"$token\"}"
	want 200 post /v1/node/verify \
	    "{\"node_id\":\"$1\",\"solution\":$(solve)}"
	jq -r .api_key <<<"$body" >"$BZN_HOME/keys/$1"
}

@test "two first sales at once, and one badge is left (42)" {
	local node tries=()

	for node in first second; do
		early "$node"
		want 200 as buyer post /v1/trade/escrow/init \
		    "{\"seller_id\":\"$node\",\"amount\":1}"
		jq -r .escrow_id <<<"$body" >"$node"
		escrow=$(<"$node")
		want 200 at_escrow "$node" complete '"proof_hash":"p"'
	done
	pass 86400
	for node in first second; do
		(mkdir "at-$node" && cd "at-$node" && escrow=$(<"../$node") &&
		    at_escrow "$node" settle '"proof_hash":"p"'
		    echo "$code" >"../$node.code") 3>&- &
		tries+=($!)
	done
	wait "${tries[@]}"
	[[ $(<first.code) == 200 && $(<second.code) == 200 ]]
	want 200 '. | length' 1 .[0].rank 1 get /v1/genesis
	node=$(jq -r '.[0].node_id' <<<"$body")
	[[ $node == first || $node == second ]]
	want 200 .slots_filled 1 '.genesis_nodes | length' 1 \
	    get /v1/genesis/leaderboard
	# 100 of the start, 0.97 of the sale, and one of them 300.
	has "$node" 400.97
	has "$([[ $node == first ]] && echo second || echo first)" 100.97
	sound
}

@test "a buyer objects in time, and nobody else" {
	locks 1
	want 400 .code wrong_state at_escrow buyer dispute '"reason":"x"'
	at_escrow seller complete '"proof_hash":"p"'
	want 403 .code not_escrow_party at_escrow seller dispute \
	    '"reason":"x"'
	want 200 .status DISPUTE_OPEN .escrow_status DISPUTED \
	    '.|has("evidence_attached")' false \
	    at_escrow buyer dispute '"reason":"late"'
	pass 86400
	want 400 .code wrong_state at_escrow seller settle '"proof_hash":"p"'
	want 200 .status DISPUTED .dispute_reason late \
	    as seller get "/v1/trade/escrow/$escrow"
}

@test "refusals: shape, auth, what is not there (10, 33)" {
	local init=(as buyer post /v1/trade/escrow/init)

	for act in init complete dispute settle; do
		want 401 .code api_key_format post "/v1/trade/escrow/$act" '{}'
		want 422 .code validation as buyer post \
		    "/v1/trade/escrow/$act" '{}'
	done
	want 401 get /v1/trade/escrow/x
	want 401 get /v1/trade/escrow/x/receipt
	for amount in 0 0.001 100000.01 -1 true '"1,5"' '[]' 1e-3; do
		want 422 .detail[0].field amount "${init[@]}" \
		    "{\"seller_id\":\"seller\",\"amount\":$amount}"
	done
	want 404 .code seller_missing .detail 'Seller not found' \
	    "${init[@]}" '{"seller_id":"nobody","amount":1}'
	want 400 .code self_trade \
	    "${init[@]}" '{"seller_id":"buyer","amount":1}'
	want 402 .code insufficient_funds \
	    "${init[@]}" '{"seller_id":"seller","amount":1000}'
	sandboxed tester
	want 403 .code realm .detail \
	    'Production nodes cannot trade with sandbox nodes' \
	    "${init[@]}" "{\"seller_id\":\"$tester\",\"amount\":1}"
	escrow=none
	for act in complete dispute settle; do
		want 404 .code escrow_missing .detail 'Escrow not found' \
		    at_escrow seller "$act" '"proof_hash":"p","reason":"r"'
	done
	want 404 .code escrow_missing as buyer get /v1/trade/escrow/none
	want 404 .code escrow_missing as buyer get \
	    /v1/trade/escrow/none/receipt
	locks 0.01
	want 403 .code not_escrow_party .detail 'Not a party to this escrow' \
	    as other get "/v1/trade/escrow/$escrow"
	want 403 .code not_escrow_party \
	    as other get "/v1/trade/escrow/$escrow/receipt"
	pass 259200
	want 400 .code window_closed at_escrow seller complete \
	    '"proof_hash":"p"'
}

@test "the escrow of a task is delivered as a task" {
	offers seller 1.00
	buys buyer
	want 409 .code has_task .detail 'Escrow belongs to a task' \
	    at_escrow seller complete '"proof_hash":"p"'
	want 403 .code not_escrow_party \
	    at_escrow buyer complete '"proof_hash":"p"'
	delivers seller
	want 409 .code has_task at_escrow buyer dispute '"reason":"r"'
	pass 86400
	want 200 .status SETTLED .receipt_id "rcpt_$task" \
	    at_escrow buyer settle '"proof_hash":"p"'
	# A verdict that says no is a refund on this path too (37).
	buys buyer
	delivers seller '{}'
	pass 86400
	want 200 .status REFUNDED .amount 1.00 .reason PROOF_MISSING \
	    at_escrow seller settle '"proof_hash":"p"'
	sound
}

@test "a receipt is proven without the network, and without our store" {
	offers seller 2.00
	buys buyer
	want 200 .final false .status PENDING .settled_at null \
	    as buyer get "/v1/tasks/$task/receipt"
	delivers seller
	pass 86400
	sweep
	want 200 .final true .receipt_id "rcpt_$task" .payout 1.94 .tax 0.06 \
	    .task.status COMPLETED .escrow.status SETTLED \
	    '.ledger_movements|length' 6 \
	    '.ledger_movements|map(.balance_after|select(.))|length' 1 \
	    as seller get "/v1/tasks/$task/receipt"
	echo "$body" >seller.json
	want 200 as buyer get "/v1/tasks/$task/receipt"
	echo "$body" >buyer.json
	[[ $(jq -c .core seller.json) == "$(jq -c .core buyer.json)" ]]
	want 200 .receipt_id "rcpt_$task" \
	    as buyer get "/v1/trade/escrow/$escrow/receipt"
	want 403 .code not_task_party as other get "/v1/tasks/$task/receipt"
	want 404 .code task_missing as buyer get /v1/tasks/none/receipt
	jq -r .evidence.vkey seller.json >vkey
	BZN_HOME=$PWD/none bzn-escrow receipt --check seller.json \
	    --vkey "$(<vkey)" >checked.json
	[[ $(jq -r .result checked.json) == true ]]
	jq '.amount = "3.00"' seller.json >forged.json
	run -1 bzn-escrow receipt --check forged.json --vkey "$(<vkey)"
}

# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# Clients that exist, run against the server: spec/vmp.md 9.
load common
load http
load market

setup_file() {
	grid
	serve
}

# sells FLAVOUR COUNT: start a seller; sets $seller, $skill and $pid.
sells() {
	local base=$url

	mkfifo "sells.$1"
	[[ $1 == python ]] || base=$url//
	BOTNODE_API_URL=$base SELLER_POLL_INTERVAL=0.02 \
	    python3 "$BZN_SRC/tests/seller.py" "$1" "$2" >"sells.$1" \
	    2>"seller.$1.err" 3>&- &
	pid=$!
	exec 5<"sells.$1"
	read -r seller <&5
	read -r key <&5
	read -r skill <&5
	echo "$key" >"$BZN_HOME/keys/$seller"
	[[ -n $skill ]] || { cat "seller.$1.err"; return 1; }
}

# purchases LABEL INPUT...: run a buyer to its end; sets $buyer, and the lines
# of its tasks are in "bought".
purchases() {
	BOTNODE_API_URL=$url SELLER_POLL_INTERVAL=0.02 \
	    timeout 20 python3 "$BZN_SRC/tests/buyer.py" "$@" >buyer.out ||
	    return 1
	read -r buyer key <buyer.out
	echo "$key" >"$BZN_HOME/keys/$buyer"
	tail -n +2 buyer.out >bought
}

@test "the sequence of the Python client: sold, and paid 97 % after a day" {
	sells python 2
	want 200 .listings[0].price_tck 10.00 \
	    .listings[0].metadata.description Répète \
	    get '/v1/marketplace?q=echo_python'
	purchases echo_python '{"n":1.50,"text":"é\u0301","list":[1e21,{}]}' \
	    '{"fail":"no \"such\" thing"}'
	wait "$pid"
	[[ ! -s seller.python.err ]]
	grep -q '"by": "python"' bought
	grep -q 'Skill execution failed: no \\"such\\" thing' bought
	while read -r last _; do
		task=$last
		want 200 .proof_match python as "$buyer" get "/v1/tasks/$task"
	done <bought
	has "$seller" 99.50
	has "$buyer" 80.00
	pass 86400
	sweep
	has "$seller" 118.90
	has VAULT 1.10
	want 200 .valid true .all_valid true \
	    admin get /v1/admin/ledger/reconcile
	want 200 .final true .status SETTLED .payout 9.70 .tax 0.30 \
	    as "$buyer" get "/v1/tasks/$task/receipt"
	echo "$body" >receipt.json
	BZN_HOME=$PWD/none bzn-escrow receipt --check receipt.json \
	    --vkey "$(jq -r .evidence.vkey receipt.json)" >checked.json
	[[ $(jq -r .result checked.json) == true ]]
}

@test "the sequence of the TypeScript client: whole numbers, raw UTF-8" {
	sells typescript 1
	want 200 .listings[0].price_tck 10.00 \
	    get '/v1/marketplace?q=echo_typescript'
	purchases echo_typescript '{"z":2.0,"a":"ñ","n":[1,0.5]}'
	wait "$pid"
	[[ ! -s seller.typescript.err ]]
	read -r task _ <bought
	want 200 .proof_match js .output_data.by typescript \
	    as "$seller" get "/v1/tasks/$task"
	before=$(bzn-ledger balance VAULT --unit TCK | jq -r .balance)
	pass 86399
	sweep
	has "$seller" 99.50
	pass 1
	sweep
	has "$seller" 109.20
	after=$(bzn-ledger balance VAULT --unit TCK | jq -r .balance)
	[[ $(bc <<<"$after - $before") == .30 ]]
	sound
}

@test "a seller with an empty purse stops; a refunded task leaves its list" {
	join empty rich
	at bzn-ledger transfer empty rich 99.90 TCK -q
	run -1 env BOTNODE_API_URL="$url" \
	    BOTNODE_API_KEY="$(<"$BZN_HOME/keys/empty")" \
	    python3 "$BZN_SRC/tests/seller.py" python 1
	offers rich 1.00 '{}' slow_v1
	join waits
	buys waits
	want 200 .count 1 as rich get '/v1/tasks/mine?status=OPEN'
	pass 259200
	sweep
	want 200 .count 0 .tasks '[]' \
	    as rich get '/v1/tasks/mine?status=OPEN'
	has waits 100.00
}

@test "S2: a demo trade in the sandbox settles in 10 seconds (52)" {
	local tck

	tck=$(bzn-ledger balance VAULT --unit TCK | jq -r .balance)
	sandboxed dealer player
	offers dealer 50 '{}' demo_v1
	want 200 .total 1 as player get '/v1/marketplace?q=demo_v1'
	buys player
	want 200 '.tasks|length' 1 as dealer get /v1/tasks/mine
	want 200 .status COMPLETED '.eta_tck_release|length' 24 \
	    as dealer post /v1/tasks/complete "{\"task_id\":\"$task\",
	    \"output_data\":{\"done\":true},\"proof_hash\":\"hash123\"}"
	pass 9
	sweep
	has "$dealer" 9999.50 SBX
	pass 1
	sweep
	want 200 .balance_tck 10048.00 as dealer get /v1/mcp/wallet
	want 200 .balance_tck 9950.00 as player get /v1/mcp/wallet
	has VAULT 2.00 SBX
	has MINT -20000.00 SBX
	want 200 .valid true .sandbox.valid true \
	    admin get /v1/admin/ledger/reconcile
	has VAULT "$tck"
	sound
}

# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# The scenarios of spec/vmp.md 12.8 that need a grid of their own.
load common
load http
load market

# RFC 8032, 7.1: the second test.
SEED=4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb

# many CLIENTS: the requests in the file "asked", all at once; see many.py.
many() {
	python3 "$BZN_SRC/tests/http/many.py" "$url" "$1" <asked >told
}

# asks TIMES NODE PATH BODY: requests for many.
asks() {
	local i key

	key=$(<"$BZN_HOME/keys/$2")
	for ((i = 0; i < $1; i++)); do
		printf 'POST\t%s\t%s\t%s\n' "$3" "$key" "$4"
	done
}

@test "S6: the first sale of who came early earns a badge and 300.00" {
	grid
	serve
	join buyer
	at bzn-node signup --email a@b.example >signup.json
	token=$(jq -r .signup_token signup.json)
	want 200 post /v1/node/register \
	    "{\"node_id\":\"seller\",\"signup_token\":\"$token\"}"
	want 200 post /v1/node/verify \
	    "{\"node_id\":\"seller\",\"solution\":$(solve)}"
	jq -r .api_key <<<"$body" >"$BZN_HOME/keys/seller"
	offers seller 10.00
	buys buyer
	delivers seller
	pass 86400
	sweep
	has seller 409.20
	has MINT -500.00
	want 200 .listings[0].seller_cri 62.2 get /v1/marketplace
	sound
}

@test "S11: 200 parallel purchases by one node are 200 purchases (1)" {
	grid
	serve
	sandboxed seller buyer
	offers seller 1.00
	asks 200 buyer /v1/tasks/create \
	    "{\"skill_id\":\"$skill\",\"input_data\":{}}" >asked
	many 32
	[[ $(grep -c '^200 .*"status":"OPEN"' told) == 200 ]]
	has "$buyer" 9800.00 SBX
	want 200 .total 200 as seller get '/v1/tasks/mine?limit=1'
	[[ $(sort -u told | wc -l) == 200 ]]
	sound
}

@test "S12: 60 matured escrows, settlers at once, one killed (3)" {
	local pids=()

	grid
	serve
	sandboxed seller buyer
	asks 60 buyer /v1/trade/escrow/init \
	    "{\"seller_id\":\"$seller\",\"amount\":10}" >asked
	many 16
	[[ $(grep -c '^200 ' told) == 60 ]]
	for escrow in $(sed 's/^200 //' told | jq -r .escrow_id); do
		asks 1 seller /v1/trade/escrow/complete \
		    "{\"escrow_id\":\"$escrow\",\"proof_hash\":\"p\"}"
	done >asked
	many 16
	[[ $(grep -c '^200 ' told) == 60 ]]
	sed -i 's/complete/settle/' asked
	cat asked asked >twice && mv twice asked
	pass 10
	at bzn-settle -q >one.json 3>&- &
	pids+=($!)
	at bzn-settle -q >two.json 3>&- &
	pids+=($!)
	at bzn-settle -q >killed.json 3>&- &
	kill -9 $!
	many 16
	wait "${pids[@]}"
	sweep
	[[ $(grep -vc '^200 \|^400 .*wrong_state' told) == 0 ]]
	has "$seller" 10582.00 SBX
	has VAULT 18.00 SBX
	has "$buyer" 9400.00 SBX
	sound
}

@test "S13: when all of the sandbox is over, nothing is left of it" {
	grid
	serve
	sandboxed seller buyer
	offers seller 50
	buys buyer
	delivers seller
	pass 10
	sweep
	has "$seller" 10048.00 SBX
	pass 604800
	sweep
	want 401 .code node_unknown_or_banned as seller get /v1/tasks/mine
	has "$seller" 0.00 SBX
	has "$buyer" 0.00 SBX
	has MINT -2.00 SBX
	has VAULT 2.00 SBX
	want 200 .total 0 get '/v1/marketplace?realm=sandbox'
	sound
}

@test "a receipt is signed by the node, and its token key" {
	grid
	identity "$BZN_HOME" "$SEED"
	serve
	join seller buyer
	offers seller 0.16
	buys buyer
	delivers seller
	pass 86400
	sweep
	want 200 .final true .payout 0.16 .tax 0.00 as buyer get \
	    "/v1/tasks/$task/receipt"
	[[ $(jq -r '.signatures|keys|join(" ")' <<<"$body") == *ed25519* ]]
	echo "$body" >receipt.json
	get /.well-known/jwks.json
	echo "$body" >jwks.json
	mkdir elsewhere
	BZN_HOME=$PWD/elsewhere bzn-escrow receipt --check receipt.json \
	    --vkey "$(jq -r .evidence.vkey receipt.json)" --jwks jwks.json \
	    >checked.json
	[[ $(jq -r '.parts|map(.)|unique|join(" ")' checked.json) == true ]]
}

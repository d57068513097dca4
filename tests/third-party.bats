# shellcheck shell=bats disable=SC2016,SC2094,SC2154
# What software from npm says of ours.  It comes with "make third-party",
# which needs npm and the network; without it these tests are skipped.
load common
load npm
load alert

teardown() {
	[[ -z ${server-} ]] || kill "$server"
}

# a node with a wallet and a token key; its passphrase is in the file pw.
equip() {
	(umask 077; echo 'correct horse battery' >pw)
	bzn-keygen identity -q --passphrase-file pw >made
	bzn-keygen wallet --passphrase-file pw >wallet
	bzn-keygen token >jwks
}

@test "ethers opens our wallet, and knows who signed" {
	needs ethers
	equip
	printf 'pay bob\n0.50' >text
	bzn-sign eth --passphrase-file pw <text >signed
	run --separate-stderr node "$BZN_BUILD/npm/wallet.mjs" \
	    identity/wallet.json pw text "$(jq -r .signature signed)"
	[[ $status == 0 ]] || fail "$stderr"
	is 0 "$output" "" jq -nr --slurpfile w wallet --slurpfile s signed \
	    '$w[0].address, $w[0].address, $s[0].signature'
	sed -n 3p <<<"$output" >theirs
	is 0 "$(jq -r .address wallet)" "" sh -c 'bzn-sign eth --verify \
	    -s "$(cat theirs)" <text | jq -r .address'
}

@test "jose verifies our tokens by our keys" {
	needs jose
	equip
	echo '{"sub":"alice"}' | bzn-sign jwt --ttl 15m --passphrase-file pw \
	    >ours
	echo '{"sub":"bob"}' | bzn-sign jwt --token --ttl 15m >rsa
	is 0 $'EdDSA alice\nRS256 bob' "" \
	    node "$BZN_BUILD/npm/token.mjs" jwks ours rsa
	sed 's/.$/A/; s/^.\{30\}./&x/' rsa >bad
	run node "$BZN_BUILD/npm/token.mjs" jwks bad
	[[ $status != 0 ]]
}

@test "@sigstore/verify accepts our receipt, and none with one byte changed" {
	local vkey=ledger.example/demo+7b8488d1+
	local ours=$BZN_SRC/tests/golden/demo.6.tlog-proof size

	needs @sigstore/verify
	vkey+=AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
	cp "$ours" receipt
	is 0 "6 10" "" node "$BZN_BUILD/npm/receipt.mjs" "$vkey" receipt
	size=$(grep -ab '^— witness' receipt | cut -d: -f1)
	is 0 "" "" python3 "$BZN_SRC/tests/foreign/spoil.py" 0 "$size" 47 \
	    receipt node "$BZN_BUILD/npm/receipt.mjs" "$vkey" receipt
	home
	member alice bob
	at bzn-ledger receipt --out receipts 0 2
	is 0 $'0 5\n2 5' "" node "$BZN_BUILD/npm/receipt.mjs" \
	    "$(jq -r .vkey made.json)" receipts/*
}

@test "standardwebhooks takes our alerts, and none that is older or changed" {
	local secret

	needs standardwebhooks
	certified "$PWD"
	bzn-ledger init --no-node --origin ledger.example/try >made
	secret=whsec_$(printf '%064d' 7)
	(umask 077 && echo "$secret" >secret)
	serve hook "$cert" "$key" "$secret" ""
	printf '%s\n' "webhook_ports $port" 'alert_secret secret' >bzn.conf
	bzn-ping alert --test --webhook "https://127.0.0.1:$port/" \
	    --cafile "$cert" --allow-private >sent
	is 0 "alert.test" "" node "$BZN_BUILD/npm/hook.mjs" "$secret" box/1.json
	jq '.text |= sub("test"; "tent")' box/1.json >changed
	jq '.headers["webhook-timestamp"] |= (tonumber - 301 | tostring)' \
	    box/1.json >older
	jq '.headers["webhook-id"] = "evt_0"' box/1.json >other
	for one in changed older other; do
		run node "$BZN_BUILD/npm/hook.mjs" "$secret" "$one"
		[[ $status != 0 ]] || fail "$one"
	done
}

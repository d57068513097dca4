# shellcheck shell=bats disable=SC2154
load common

# bought NODE AMOUNT PURCHASE
bought() {
	at bzn-ledger transfer MINT "$1" "$2" TCK --type FIAT_PURCHASE \
	    --ref "$3"
}

# back NODE AMOUNT PURCHASE [OPTION...]: charged back
back() {
	at bzn-ledger transfer "$1" VAULT "$2" TCK \
	    --type CHARGEBACK_CLAWBACK --ref "$3" "${@:4}"
}

# refunded NODE AMOUNT PURCHASE
refunded() {
	at bzn-ledger transfer "$1" VAULT "$2" TCK --type REFUND_CLAWBACK \
	    --ref "$3"
}

@test "a purchase is credited once, by name, also by many at once" {
	local i

	home
	for i in 1 2 3 4 5 6; do
		bought alice 500.00 p1 >"$i.out" &
	done
	wait
	has alice 500.00
	is 0 1 "" bash -c 'cat *.out | grep -c "\"posted\""'
	is 0 5 "" bash -c 'cat *.out | grep -c "\"exists\""'
	is 10 "" "bzn-ledger: 'p1:paid' is known as entry 1 with other legs \
(id_conflict)" bought alice 500.01 p1
	is 10 "" "bzn-ledger: 'p1:paid' is known as entry 1 with other legs \
(id_conflict)" bought bob 500.00 p1
	sound
}

@test "a chargeback takes what was bought, once" {
	home
	bought alice 500 p1 >out
	is 0 '{"id":"p1:chargeback","result":"posted","seq":2,'\
'"at":"2026-11-20T08:00:00.000Z","amount":"500.00"}' "" back alice 500 p1
	mint alice 900
	is 0 '{"id":"p1:chargeback","result":"exists","seq":2,'\
'"at":"2026-11-20T08:00:00.000Z","amount":"500.00"}' "" back alice 500 p1
	has alice 900.00
	has VAULT 500.00
	sound
}

@test "a chargeback of more than is there takes what is there" {
	home
	bought alice 500 p1 >out
	at bzn-ledger transfer alice bob 380 TCK >out
	is 0 '{"id":"p1:chargeback","result":"posted","seq":3,'\
'"at":"2026-11-20T08:00:00.000Z","amount":"120.00","short":"380.00"}' "" \
	    back alice 500 p1
	has alice 0.00
	has VAULT 120.00
	# It was taken back, and what comes later is alice's.
	mint alice 50
	is 0 '{"id":"p1:chargeback","result":"exists","seq":3,'\
'"at":"2026-11-20T08:00:00.000Z","amount":"120.00"}' "" back alice 500 p1
	has alice 50.00
	sound
}

@test "a clawback never takes more than was bought" {
	home
	mint alice 900
	bought alice 500 p1 >out
	is 0 '"500.00" "400.00"' "" bash -c 'bzn-ledger --now '"$clock"' \
	    transfer alice VAULT 900 TCK --type REFUND_CLAWBACK --ref p1 |
	    jq -r "\"\(.amount | tojson) \(.short | tojson)\""'
	has alice 900.00
	is 9 "" "bzn-ledger: all of purchase 'p1' was taken back \
(already_reversed)" back alice 500 p1
	has VAULT 500.00
	sound
}

@test "a part of a purchase is refunded, and the rest charged back" {
	home
	mint alice 900
	bought alice 500 p1 >out
	refunded alice 200 p1 >out
	is 0 '"300.00"' "" bash -c 'bzn-ledger --now '"$clock"' \
	    transfer alice VAULT 500 TCK --type CHARGEBACK_CLAWBACK --ref p1 |
	    jq .amount'
	has alice 900.00
	has VAULT 500.00
	sound
}

@test "what cannot be taken back is refused, and nothing moves" {
	home
	bought alice 500 p1 >out
	keeps is 4 "" "bzn-ledger: no purchase 'p2' (no_entry)" \
	    back alice 500 p2
	keeps is 9 "" "bzn-ledger: 'bob' did not buy 'p1' (flow_refused)" \
	    back bob 500 p1
	keeps is 9 "" "bzn-ledger: CHARGEBACK_CLAWBACK needs a ref \
(flow_refused)" at bzn-ledger transfer alice VAULT 5 TCK \
	    --type CHARGEBACK_CLAWBACK
	keeps is 3 "" "bzn-ledger: 'x' is not the id of this \
CHARGEBACK_CLAWBACK, which is REF:chargeback (bad_id)" \
	    back alice 5 p1 --id x
	keeps is 9 "" "bzn-ledger: CHARGEBACK_CLAWBACK does not credit a \
node's account (flow_refused)" at bzn-ledger transfer alice bob 5 TCK \
	    --type CHARGEBACK_CLAWBACK --ref p1
	keeps back alice 5 p1 --dry-run >out
	at bzn-ledger transfer alice bob 500 TCK >out
	keeps is 9 "" "bzn-ledger: 'alice' has nothing that could be taken \
back (insufficient_funds)" back alice 500 p1
	sound
}

@test "a purchase that was reversed is not charged back" {
	home
	bought alice 500 p1 >out
	mint alice 500
	at bzn-ledger reverse p1:paid >out
	keeps is 9 "" "bzn-ledger: purchase 'p1' was reversed by entry 3 \
(already_reversed)" back alice 500 p1
	sound
}

@test "money is not bought for the sandbox" {
	local box

	home
	box=$(at bzn-node sandbox | jq -r .node_id)
	keeps is 9 "" "bzn-ledger: '$box' trades in SBX (realm)" \
	    bought "$box" 500 p1
}

@test "vmp 3.7: what a banned node is credited by hand is confiscated" {
	home 'strikes_to_ban 1'
	member alice bob
	at bzn-node strike alice >out
	has VAULT 100.00
	bought alice 500 p1 >out
	bought alice 500 p1 >out
	has alice 0.00
	has VAULT 600.00
	at bzn-ledger transfer bob alice 1 TCK >out
	has alice 0.00
	has VAULT 601.00
	sound
}

@test "vmp 3.7: what a banned node is credited by post or reverse, too" {
	home 'strikes_to_ban 1'
	member alice bob
	at bzn-ledger transfer alice bob 10 TCK --id t1 >out
	at bzn-node strike alice >out
	has VAULT 90.00
	at bzn-ledger reverse t1 --id r1 >out
	has alice 0.00
	has VAULT 100.00
	at bzn-ledger reverse t1 --id r1 >again
	is 0 exists "" jq -r .result again
	echo '{"id":"c","from":"MINT","to":"alice","amount":"3",
	    "unit":"TCK","type":"CREDIT_ISSUE"}' >c.json
	keeps at bzn-ledger post c.json --dry-run >out
	at bzn-ledger post c.json >out
	at bzn-ledger post c.json >out
	has alice 0.00
	has VAULT 103.00
	is 0 3 "" bash -c 'bzn-ledger export ndjson | grep -c CONFISCATION'
	sound
}

# claw ID TYPE AMOUNT: such an entry of alice, for post and import
claw() {
	printf '{"id":"%s","type":"%s","ref":"p1","from":"alice",%s}\n' \
	    "$1" "$2" "\"to\":\"VAULT\",\"amount\":\"$3\",\"unit\":\"TCK\""
}

@test "what is posted as a record takes no more than was bought, either" {
	home
	mint alice 900
	claw p1:refund REFUND_CLAWBACK 5 >none
	run at bzn-ledger post none
	[[ $status == 4 && $output == *'"no_entry"'* ]] || fail "$output"
	bought alice 500 p1 >out
	claw p1:chargeback CHARGEBACK_CLAWBACK 500.01 >rest
	run at bzn-ledger post rest
	[[ $status == 9 && $output == *'"flow_refused"'* ]] || fail "$output"
	claw p1:chargeback CHARGEBACK_CLAWBACK 400 >some
	at bzn-ledger import some >out
	claw p1:refund REFUND_CLAWBACK 100.01 >rest
	run at bzn-ledger import rest
	[[ $status == 9 && $output == *'"flow_refused"'* ]] || fail "$output"
	claw p1:refund REFUND_CLAWBACK 100 >rest
	at bzn-ledger import rest >out
	has alice 900.00
	has VAULT 500.00
	is 0 exists "" bash -c 'bzn-ledger import some | jq -r .result |
	    head -n 1'
	sound
}

@test "a group takes of a purchase back once" {
	home
	mint alice 900
	bought alice 500 p1 >out
	{
		claw p1:chargeback CHARGEBACK_CLAWBACK 400
		claw p1:refund REFUND_CLAWBACK 400
	} | sed 's/}$/,"group":"g"}/' >both
	run at bzn-ledger import both
	[[ $status == 9 && $output == *'"flow_refused"'* ]] || fail "$output"
	has alice 1400.00
	sound
}

@test "what was charged back is not reversed as well, nor the other way" {
	home
	mint alice 900
	bought alice 500 p1 >out
	back alice 300 p1 >out
	keeps is 9 "" "bzn-ledger: of purchase 'p1' something was taken back \
already (not_reversible)" at bzn-ledger reverse p1:paid
	at bzn-ledger reverse p1:chargeback >out
	has alice 1400.00
	# The bank gave up: that is no money back, and the rest is whole again.
	at bzn-ledger reverse p1:paid --dry-run >out
	refunded alice 500 p1 >out
	has alice 900.00
	keeps is 9 "" "bzn-ledger: of purchase 'p1' something was taken back \
already (not_reversible)" at bzn-ledger reverse p1:paid
	sound
}

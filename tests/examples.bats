# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2154
# The scripts in examples/ that are meant to be run by others.
load common

# states: of all tasks, the oldest first.
states() {
	bzn-escrow list | jq -r '.status + " " + .escrow_status'
}

@test "the seller sells what a command does, and gives back what it cannot" {
	local sell=$BZN_SRC/examples/seller.sh

	bzn-ledger init --no-node >made
	printf '{"node_id":"%s"}\n' alice bob | bzn-node challenge | answers |
	    bzn-node register >out
	clock=@$(date +%s%3N)
	echo 'test_clock yes' >bzn.conf
	skill=$(offer bob 10)
	task=$(buy alice "$skill")
	is 0 "" "" sh "$sell" -1 bob sh -c \
	    'jq -r .text | wc -w | jq "{words: .}"'
	is 0 "COMPLETED AWAITING_SETTLEMENT" "" states
	is 0 2 "" bash -c "bzn-escrow show $task | jq .output.words"
	pass 1
	task=$(buy alice "$skill")
	is 0 "" "seller.sh: task $task: no result" sh "$sell" -1 bob false
	pass 1
	task=$(buy alice "$skill")
	is 0 "" "seller.sh: task $task: no result" sh "$sell" -1 bob echo 5
	is 0 "COMPLETED AWAITING_SETTLEMENT
REFUNDED REFUNDED
REFUNDED REFUNDED" "" states
	has alice 90.00
	is 0 "" "" sh "$sell" -1 bob false	# nothing is open
	is 2 "" "usage: seller.sh [-1] node command [argument ...]" \
	    sh "$sell" bob
	is 4 "" "bzn-escrow: no directory '$PWD/none': make a home with \
'bzn-ledger init' (no_ledger)" env BZN_HOME="$PWD/none" sh "$sell" -1 bob true
	is 0 "" "" find . -name 'tmp.*'
}

@test "a job checks receipts: true and paid, true and not, neither" {
	local check=$BZN_SRC/examples/check-receipt.sh vkey

	trade
	vkey=$(jq -r .vkey made.json)
	deliver "$task"
	at bzn-escrow receipt "$task" >open.json
	pass 86400
	at bzn-settle >out
	at bzn-escrow receipt "$task" >paid.json
	jq '.amount = "99.00"' paid.json >false.json
	is 0 "" "" sh "$check" "$vkey" paid.json
	is 9 "" "check-receipt.sh: open.json: the trade is \
AWAITING_SETTLEMENT" sh "$check" "$vkey" paid.json open.json
	is 1 "" "bzn-escrow: '/amount' is not what the core says \
(receipt_core)" sh "$check" "$vkey" false.json
	is 1 "" "bzn-escrow: '/amount' is not what the core says \
(receipt_core)" sh "$check" "$vkey" paid.json false.json
	is 4 "" "bzn-escrow: cannot open 'none': No such file or directory \
(no_file)" sh "$check" "$vkey" none
	is 2 "" "usage: check-receipt.sh vkey receipt ..." sh "$check" x
}

# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2154
# What a stranger at a shell does to the verbs of the market.
load common

# long N: so many letters.
long() {
	printf "%0$1d" 0 | tr 0 a
}

@test "what is longer than a label is in none, however long it is" {
	home
	member alice bob
	skill=$(offer bob 10)
	is 0 "" "" at bzn-market list --text "$(long 70000)"
	is 0 "" "" at bzn-market list --text '%'
	run at bzn-market quote "$(long 70000)" --buyer alice
	[[ $status == 4 && $output == *'(skill_missing)' ]]
	is 4 "" "bzn-escrow: no dispute 'none' (dispute_missing)" \
	    at bzn-escrow disputes none
}

@test "a filter that is misspelt is not an empty list" {
	trade
	deliver "$task" '{}'
	is 2 "" "bzn-escrow: --rule: no 'PROOF' is ever logged (usage)" \
	    at bzn-escrow rules --rule PROOF
	is 2 "" "bzn-escrow: --action: no 'auto_refund' is ever logged \
(usage)" at bzn-escrow rules --action auto_refund
	is 2 "" "bzn-escrow: --escrow-status: no 'OPEN' is ever logged \
(usage)" at bzn-escrow rules --escrow-status OPEN
	at bzn-escrow rules --rule PROOF_MISSING --action FLAGGED_AUTO \
	    --escrow-status AWAITING_SETTLEMENT | jq -r .task_id >out
	is 0 "$task" "" cat out
}

@test "parallel acts on one trade end it once" {
	local i quote

	trade
	quote=$(at bzn-market quote work --buyer alice | jq -r .quote_id)
	echo '{}' >job
	for i in 1 2 3 4 5 6; do
		at bzn-escrow lock --buyer alice --quote "$quote" \
		    --input job >"q.$i" 2>&1 &
		at bzn-escrow refund "$task" --as bob >"r.$i" 2>&1 &
		at bzn-escrow receipt "$task" >"p.$i" 2>&1 &
	done
	wait
	is 0 1 "" bash -c 'grep -l task_id q.* | wc -l'
	is 0 5 "" bash -c 'grep -h "(quote_expired)$" q.* | wc -l'
	is 0 1 "" bash -c 'grep -l task_id r.* | wc -l'
	is 0 5 "" bash -c 'grep -h "(wrong_state)$" r.* | wc -l'
	is 0 6 "" bash -c 'cat p.* | jq -r .receipt_id | wc -l'
	has alice 90.00
	sound
}

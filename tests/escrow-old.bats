# shellcheck shell=bats disable=SC1010,SC2016,SC2030,SC2031,SC2094,SC2154
# Trades of a store that an older program has left.
load common

# as_before: what there is to say of each task, in one form.
as_before() {
	bzn-escrow list --full | jq -cS .
}

@test "a home with trades in all states goes on from where it was" {
	local name
	local -A id

	home 'canary_exposure_pct 0'
	member alice bob
	skill=$(offer bob 1)
	for name in late rule judged settled back open claimed done \
	    disputed; do
		id[$name]=$(buy alice "$skill")
		[[ $name != late ]] || pass 1
	done
	deliver "${id[rule]}" '{}'
	for name in judged settled back; do
		deliver "${id[$name]}"
	done
	at bzn-escrow dispute "${id[judged]}" --reason one >out
	at bzn-escrow dispute "${id[back]}" --reason two >out
	at bzn-escrow resolve "${id[judged]}" --to release_to_seller \
	    --reason "it is" >out
	at bzn-escrow resolve "${id[back]}" --to refund_buyer >out
	pass $((72 * 3600 - 1))
	at bzn-escrow claim "${id[claimed]}" >out
	for name in done disputed; do
		deliver "${id[$name]}"
	done
	at bzn-settle >out
	at bzn-escrow dispute "${id[disputed]}" --reason three >out
	as_before >before
	at bzn-ledger verify -q
	aged 8 "$(sqlite3 node.db 'PRAGMA application_id')"
	bzn-ledger migrate >out
	as_before | diff before -
	bzn-ledger doctor >out
	sound
	bzn-escrow disputes | jq -c '[.reason, .resolution, .resolved_by]' |
	    sort >disputes
	is 0 '["one","release_to_seller","MANUAL_REVIEW"]
["three",null,null]
["two","refund_buyer","MANUAL_REVIEW"]' "" cat disputes
	at bzn-escrow resolve --dispute "$(bzn-escrow disputes --open |
	    jq -r .dispute_id)" --to refund_buyer >out
	deliver "${id[open]}"
	at bzn-escrow refund "${id[claimed]}" --as bob >out
	pass 86400
	at bzn-settle >out
	is 0 "" "" bash -c 'bzn-escrow list | jq -r "select(.closed_at |
	    not) | .task_id"'
	has VAULT "$(bzn-ledger balance VAULT | jq -r .balance)"
	sound
}

@test "a contract that nobody can read counts against who wrote it" {
	local other

	home
	member alice bob
	skill=$(offer bob 1)
	task=$(buy alice "$skill")
	other=$(buy alice "$skill")
	sqlite3 node.db "UPDATE escrow_task SET contract =
	    json_set(contract, '\$.metadata', json('{\"validators\":
	    [{\"type\":\"magic\"}]}')) WHERE id = '$task'"
	deliver "$task"
	deliver "$other"
	bzn-escrow rules "$task" | jq -c '[.rule_applied, .action_taken,
	    .rule_details.error]' >log
	is 0 '["VALIDATOR_FAILED","FLAGGED_AUTO",'\
'"metadata.validators.0.type: no validator is a '"'magic'"'"]' "" cat log
	pass 86400
	at bzn-settle | jq -r .status | sort >out
	is 0 'REFUNDED
SETTLED' "" cat out
	sound
}

# shellcheck shell=bats disable=SC2030,SC2031,SC2034,SC2154
# The eleven operations of AEIS, as bzn-operations(7) has them.
load common

# listed OPERATION FIELD: what the page says there, one a line.
listed() {
	awk -v op="$1" -v field="$2" '
	/^\.S[sh] / { on = $3 == op; here = 0 }
	/^\.El/ { here = 0 }
	/^\.It / { here = on && $3 == field }
	here && /^\.(Va|Li) / {
		for (i = 2; i <= NF; i++)
			if ($i != ",")
				print $i
	}' "$BZN_SRC/man/bzn-operations.7"
}

# replies OPERATION COMMAND...: with all members that the page lists; the
# answer is left in the file answer.
replies() {
	local op=$1 member n=0

	shift
	"$@" >answer || fail "$op: status $?"
	for member in $(listed "$op" answers); do
		jq -e --arg m "$member" 'has($m)' answer >/dev/null ||
		    fail "$op: no $member in $(cat answer)"
		n=$((n + 1))
	done
	((n > 0)) || fail "$op is not in the page"
}

# asks OPERATION COMMAND...: it knows the members that the page lists.
asks() {
	local op=$1 member

	shift
	for member in $(listed "$op" asks); do
		printf '{"%s":"x"}\n' "$member" | "$@" >out 2>err || true
		! grep -q '(unknown_member)$' err || fail "$op: $(cat err)"
	done
	printf '{"qqq":"x"}\n' | "$@" >out 2>err || true
	grep -q '(unknown_member)$' err || fail "$op takes anything"
}

# fact FILTER VALUE: of the last answer.
fact() {
	local got

	got=$(jq -cr "$1" answer)
	[[ $got == "$2" ]] || fail "$1 is '$got', not '$2'"
}

@test "the page has eleven operations, and words that exist" {
	local op word

	sed -nE 's/^\.Ss [0-9]+ //p' "$BZN_SRC/man/bzn-operations.7" >ops
	is 0 "11" "" bash -c 'wc -l <ops'
	while read -r op; do
		[[ -n $(listed "$op" answers) && -n $(listed "$op" refuses) ]]
		for word in $(listed "$op" refuses); do
			grep -q "^CODE($word," "$BZN_SRC/lib/base/err.def" ||
			    fail "$op: $word"
		done
	done <ops
}

@test "requests have the members that the page says" {
	home
	asks quote at bzn-market quote
	asks hold at bzn-escrow lock
	asks refund at bzn-escrow refund
	asks dispute_initiate at bzn-escrow dispute
	asks dispute_resolve at bzn-escrow resolve
	asks policy_gate at bzn-node policy
}

@test "all eleven operations in one home, and the six invariants after" {
	local quote task escrow dispute late

	home
	member alice bob
	at bzn-keygen token >jwks
	echo '{"validators":[{"type":"non_empty","fields":["words"]}]}' >m
	at bzn-market publish --provider bob --price 10 --label 'word count' \
	    --metadata m >skill
	echo '{"text":"a b"}' >job
	echo '{"words":2}' >out.json
	# 1 quote, 2 hold, 11 policy_gate, 10 spending_cap
	replies quote at bzn-market quote 'word count' --buyer alice \
	    --max-price 20 --id q1
	fact .price 10.00
	fact '.acceptance_criteria | length' 1
	quote=$(jq -r .quote_id answer)
	replies policy_gate at bzn-node policy alice --action CREATE_TASK \
	    --skill "$(jq -r .skill_id skill)"
	fact .allowed true
	replies spending_cap at bzn-node caps alice --daily 60
	fact .max_spend_daily 60.00
	bzn-market retire "$(jq -r .skill_id skill)" --now "$clock" >out
	replies hold at bzn-escrow lock --buyer alice --quote "$quote" \
	    --input job --id h1
	fact .escrow_status PENDING
	task=$(jq -r .task_id answer) escrow=$(jq -r .escrow_id answer)
	has alice 90.00
	# I4: the same key, the same answer, and nothing moves.
	mv answer first
	replies hold at bzn-escrow lock --buyer alice --quote "$quote" \
	    --input job --id h1
	diff <(jq -cS 'del(.idempotent)' first) \
	    <(jq -cS 'del(.idempotent)' answer)
	has alice 90.00
	# 7 verify, and the delivery; 3 settle
	jq -c .validators m >rules
	replies verify at bzn-market verify --validators rules <out.json
	fact .passed true
	at bzn-escrow complete "$task" --as bob --output out.json >out
	run at bzn-settle "$task" --as bob
	[[ $status == 9 && $output == *'(window_open)' ]]
	pass 86400
	replies settle at bzn-settle "$escrow" --as bob --id s1
	fact '[.status, .payout, .tax, .receipt_id]' \
	    "[\"SETTLED\",\"9.70\",\"0.30\",\"rcpt_$task\"]"
	has bob 109.20
	# 5 receipt, 6 reputation_attestation
	replies receipt at bzn-escrow receipt "$task" --as bob
	fact '[.status, .final]' '["SETTLED",true]'
	cp answer r.json
	bzn-escrow receipt --check r.json --vkey "$(jq -r .vkey made.json)" \
	    >out
	replies reputation_attestation at bzn-cri certificate bob
	jq -r .attestation answer >jwt
	at bzn-cri verify --jwks jwks "$(cat jwt)" >out
	# 8 dispute_initiate, 9 dispute_resolve
	at bzn-market publish --provider bob --price 5 --label more >skill
	task=$(buy alice "$(jq -r .skill_id skill)")
	deliver "$task"
	replies dispute_initiate at bzn-escrow dispute "$task" --as alice \
	    --reason bad
	dispute=$(jq -r .dispute_id answer)
	replies dispute_resolve at bzn-escrow resolve --dispute "$dispute" \
	    --to refund_buyer --by MANUAL_REVIEW --reason so
	fact '[.escrow_status, .receipt_id]' "[\"REFUNDED\",\"rcpt_$task\"]"
	has alice 90.00
	# 4 refund, by the seller; I5: and by the time
	task=$(buy alice "$(jq -r .skill_id skill)")
	replies refund at bzn-escrow refund "$task" --as bob --reason MANUAL
	fact '[.escrow_status, .amount, .receipt_id]' \
	    "[\"REFUNDED\",\"5.00\",\"rcpt_$task\"]"
	late=$(buy alice "$(jq -r .skill_id skill)")
	pass 259200
	at bzn-settle >answer
	fact .reason TIMEOUT_NON_DELIVERY
	has alice 90.00
	# I1 to I3, I6
	run --separate-stderr at bzn-ledger reconcile
	[[ $status == 0 ]]
	head -n 1 <<<"$output" >answer
	fact '[.valid, .checks[]] | unique' '[true]'
	sound
}

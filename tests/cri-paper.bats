# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2154
# The worked examples of the whitepaper (its 8.4), played as real trades and
# computed from the log that they leave.
load common

# settle: direct escrows of lines "buyer seller amount" on stdin, to their end.
settle() {
	jq -cR 'split(" ") | {buyer_id: .[0], seller_id: .[1],
	    amount: .[2]}' | at bzn-escrow lock >locked
	jq -c '{task_id: .escrow_id, proof_hash: "x"}' locked |
	    at bzn-escrow complete >delivered
	pass 1
	at bzn-settle --no-checkpoint >paid
}

# ring: five nodes, 50 trades of 1.00 each; a node sells 13 to the next, 12 to
# the one after it.
ring() {
	local i k n

	for ((i = 0; i < 5; i++)); do
		for k in 1 2; do
			for ((n = 0; n < 14 - k; n++)); do
				echo "ring-$(((i + k) % 5)) ring-$i 1.00"
			done
		done
	done
}

# honest: 30 trades of 10.00 with 20 partners, half of them sales.
honest() {
	local i

	for ((i = 0; i < 15; i++)); do
		echo "p-$((i + 1)) honest 10.00"
		echo "honest p-$((20 - i)) 10.00"
	done
}

# parts NODE: the parts of its score in the file told.
parts() {
	jq -c --arg n "$1" 'select(.node_id == $n) |
	    [.cri_score, (.factors | .transaction_score, .diversity_score,
		.volume_score, .age_score, .buyer_activity | .value),
	    .penalties.concentration_penalty.value,
	    .factors.transaction_score.raw, .factors.diversity_score.raw_unique,
	    .factors.volume_score.raw_tck]' told
}


@test "whitepaper 8.4: a ring of five 59.4, an honest node 75.8: over 16" {
	local i

	home "dispute_window 1s" "canary_exposure_pct 0"
	# shellcheck disable=SC2046
	member honest $(for ((i = 1; i < 21; i++)); do echo "p-$i"; done)
	mint honest 1000
	honest >trades
	settle <trades
	pass $((90 * 86400 - 1))
	member ring-0 ring-1 ring-2 ring-3 ring-4
	ring >trades
	settle <trades
	# shellcheck disable=SC2094
	bzn-ledger export leaves >leaves
	bzn-cri explain --facts leaves --at "$clock" honest ring-0 ring-1 \
	    ring-2 ring-3 ring-4 >told
	is 0 '[75.8,16.5,10,6.2,8.13,5,0,30,20,"300.00"]' "" parts honest
	for i in 0 1 2 3 4; do
		is 0 '[59.4,18.89,1.2,4.27,0,5,0,50,4,"50.00"]' "" \
		    parts "ring-$i"
	done
	is 0 true "" bash -c 'jq .cri_score told | jq -s ".[0] - .[1] > 16"'
	is 0 "" "" bash -c "bzn-cri --now $clock explain honest \
	    ring-0 ring-1 ring-2 ring-3 ring-4 | diff told -"
	is 0 true "" bash -c 'bzn-cri audit | jq .valid'
}

@test "whitepaper: what the fifth and the fiftieth trade add by its formula" {
	# It says 1.1 and 0.12, which its formula does not make.
	home "dispute_window 1s" "canary_exposure_pct 0"
	member alice bob
	for n in 4 1 44 1; do
		yes "alice bob 0.01" | head -n $n >trades
		settle <trades
		bzn-cri --now "$clock" explain bob |
		    jq .factors.transaction_score.value
	done >told
	is 0 "7.73 8.61 18.79 18.89" "" xargs <told
}

@test "gcc and clang, -O0 and -O3: the same scores over a grid of facts" {
	local cc level found=0
	local want=87911a4ff5f9a33e8bdfa660283ad74abbfdfa926c960a10efc6b58b541308a7

	for cc in gcc clang; do
		command -v "$cc" >/dev/null || continue
		for level in -O0 -O3; do
			"$cc" "$level" -std=c17 -D_DEFAULT_SOURCE \
			    -I"$BZN_SRC/lib" -o grid \
			    "$BZN_SRC/tests/tools/cri_grid.c" \
			    "$BZN_SRC/lib/cri/formula.c" -lm
			is 0 "$want  -" "" bash -c './grid | sha256sum'
			found=$((found + 1))
		done
	done
	((found >= 2))
	is 0 "$want  -" "" bash -c '"$BZN_BUILD/tools/cri_grid" | sha256sum'
	# None of them hangs on the last bits of a logarithm.
	is 0 "" "" ./grid near
}

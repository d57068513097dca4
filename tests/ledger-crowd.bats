# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Writers, an import, who signs, readers, verify and backups, all at once.
#
# BZN_SECONDS	how long: 2
load common

# during NAME COMMAND...: again and again with a number, until the time is
# over; anything but 0 is kept, with what was said.
during() {
	local name=$1 n=0 got

	shift
	while ((EPOCHSECONDS < end)); do
		n=$((n + 1))
		got=0
		"$@" "$n" >>"$name.out" 2>"$name.err" || got=$?
		[[ $got == 0 ]] ||
		    echo "$name $n: $got $(<"$name.err")" >>wrong
	done
	echo "$name $n" >>turns
}

pay() {
	at bzn-ledger transfer alice bob 0.01 TCK --id "p$1.$2"
}

# More than a transaction holds, from the second on known by half.
bring() {
	jq -nc --argjson n "$1" 'range($n * 4000; $n * 4000 + 8400) |
	    {id: "b\(.)", from: "carol", to: "dave", amount: "0.01",
	    unit: "TCK"}' |
	    at bzn-ledger import
}

signs() {
	at bzn-ledger checkpoint >"note.$1.new" &&
	    mv "note.$1.new" "note.$1"
}

# Value only moves, within a snapshot.
adds_up() {
	bzn-ledger balance alice bob carol dave MINT >"$BATS_TEST_TMPDIR/sum.$1"
	[[ $(jq -r .balance "sum.$1" | awk '{ s += $1 * 100 }
	    END { printf "%d", s }') == 0 ]] || {
		cat "sum.$1" >&2
		return 1
	}
	rm "sum.$1"
}

true_now() {
	bzn-ledger verify -q --max-age 9999d
}

copied() {
	rm -f copy.db
	bzn-ledger backup copy.db >copy.json &&
	    bzn-ledger verify --file copy.db --layers 3-10 --allow-self -q &&
	    [[ $(bzn-ledger verify --file copy.db --layers 6 --allow-self |
	    tail -n 1 | jq -r .root) == "$(jq -r .root copy.json)" ]]
}

@test "all at once, and each sees the books whole" {
	local end n

	home
	for n in alice carol; do
		at bzn-ledger transfer MINT "$n" 100000 TCK --type \
		    CREDIT_ISSUE >out
	done
	at bzn-ledger transfer alice bob 0.01 TCK >out
	at bzn-ledger transfer carol dave 0.01 TCK >out
	end=$((EPOCHSECONDS + ${BZN_SECONDS:-2}))
	for n in 1 2; do
		during "pay$n" pay "$n" 3>&- &
	done
	during bring bring 3>&- &
	during signs signs 3>&- &
	during adds adds_up 3>&- &
	during true true_now 3>&- &
	during copied copied 3>&- &
	wait
	[[ ! -e wrong ]] || fail "$(head -n 20 wrong)"
	echo "# $(sort turns | paste -sd,)" >&3
	[[ $(wc -l <turns) == 7 ]] || fail "$(<turns)"
	[[ $(<turns) != *' 0'* ]] || fail "$(<turns)"
	cat pay?.out bring.out | jq -r 'select(.result == "posted").id' |
	    sort >told
	[[ -z $(uniq -d told) ]] || fail "posted twice: $(uniq -d told)"
	bzn-ledger export leaves | jq -r .id | sort >stored
	[[ -z $(uniq -d stored) ]] || fail "there twice: $(uniq -d stored)"
	[[ -z $(comm -23 told stored) ]] || fail "$(comm -23 told stored)"
	# What was signed on the way is of this log.
	for n in note.*; do
		bzn-ledger verify --fast -q --since "$n" || fail "$n"
	done
	sound
}

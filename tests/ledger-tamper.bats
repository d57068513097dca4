# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common
load tamper

# The corpus is made once, and judged once.
setup_file() {
	export CORPUS=$BATS_FILE_TMPDIR/corpus

	mkdir "$BATS_FILE_TMPDIR/home"
	export BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR/home
	setup
	tamper_base
	python3 -B "$BZN_SRC/tests/tamper.py" "$BATS_TEST_TMPDIR" "$CORPUS"
	for d in "$CORPUS"/*/; do
		judge "$d" >"$d/found" 2>"$d/said" || echo $? >"$d/status"
		[[ -e $d/status ]] || echo 0 >"$d/status"
		tell "$d" >"$d/told"
	done
}

# judge DIR: verify its database, as a stranger who has the key.
judge() {
	local args=()

	mapfile -t args < <(sed "s|@/|$CORPUS/|; s/ /\n/g" "$1/args")
	[[ ${args[*]} == *--policy* ]] ||
	    args+=(--vkey "$(<"$CORPUS/vkey")")
	[[ ${args[*]} == *--max-age* ]] || args+=(--max-age 9999d)
	bzn-ledger verify --file "$1/node.db" "${args[@]}"
}

# tell DIR: layer, code, status and seq, a line each; of the two that leave
# nothing to be judged, the word on stderr.
tell() {
	jq -r 'select(.code) | [.layer, .code, .status, .seq // empty] |
	    map(tostring) | join(" ")' "$1/found"
	case $(<"$1/said") in
	*'(not_a_ledger)') echo 1 not_a_ledger 3 ;;
	*'(unsupported_schema)') echo 1 unsupported_schema 7 ;;
	esac
}

findings() {
	cat "$1/told"
}

# verdict DIR: the status that its findings make; 6.2.
verdict() {
	local s

	for s in 1 7 6 5 4 3 9 0; do
		[[ $s == 0 || " $(cut -d' ' -f3 "$1/told" | paste -sd' ') " == \
		    *" $s "* ]] && break
	done
	echo "$s"
}

@test "each mutant is named, by layer, code, status and entry" {
	local d row bad=0

	for d in "$CORPUS"/*/; do
		while read -r row; do
			findings "$d" | grep -qx "$row\( .*\)\?" && continue
			echo "$d: no '$row' in: $(findings "$d" | paste -sd,)"
			bad=1
		done <"$d/expect"
		[[ -s $d/expect || -z $(findings "$d") ]] || {
			echo "$d: $(findings "$d")"
			bad=1
		}
		[[ $d == */head_gone/ || $(<"$d/status") == "$(verdict "$d")" ]] || {
			echo "$d: status $(<"$d/status"), not $(verdict "$d")"
			bad=1
		}
	done
	((!bad))
	# What is not there is not found wrong, and is no yes either.
	[[ $(<"$CORPUS/head_gone/status") == 7 ]]
	is 0 '[6,7]' "" jq -c '[.skipped[].layer]' "$CORPUS/head_gone/found"
}

@test "a page that cannot be read makes no statement false" {
	local d

	for d in page_posting page_memo; do
		[[ $(<"$CORPUS/$d/status") == 7 ]] || fail "$d"
		is 0 "3 store_corrupt 7" "" cut -d' ' -f1-3 "$CORPUS/$d/told"
	done
}

@test "leaves alone are found wrong in the same, and by a second verifier" {
	local d n=0 args

	for d in "$CORPUS"/*/leaves; do
		d=${d%/leaves}
		args=(verify --leaves "$d/leaves" --checkpoint "$d/ckpt"
		    --vkey "$(<"$CORPUS/vkey")")
		run --separate-stderr bzn-ledger "${args[@]}" --max-age 9999d
		jq -r 'select(.code) | "\(.layer) \(.code) \(.seq)"' \
		    <<<"$output" | sort >ours
		run --separate-stderr python3 -B \
		    "$BZN_SRC/tests/foreign/stranger.py" "${args[@]}" \
		    --grace 999999999999
		jq -r 'select(.code) | "\(.layer) \(.code) \(.seq)"' \
		    <<<"$output" | sort >theirs
		diff ours theirs || fail "$d: ours < > theirs"
		jq -r 'select(.code and .layer != 10) |
		    "\(.layer) \(.code) \(.seq)"' "$d/found" | sort |
		    diff ours - || fail "$d: leaves < > the store"
		n=$((n + 1))
	done
	((n > 15))
	# A line without a leaf is not passed over, wherever it is.
	d=$CORPUS/bounty_won
	for n in 3 286 '$'; do
		sed "${n}G" "$d/leaves" >all
		run bzn-ledger verify --leaves all --checkpoint "$d/ckpt" \
		    --vkey "$(<"$CORPUS/vkey")"
		[[ $status == 1 && $output == *'"leaf_not_canonical"'* ]] ||
		    fail "$n: $status $output"
	done
}

@test "each layer finds something that no other does" {
	awk 'FILENAME in one && one[FILENAME] != $1 { one[FILENAME] = "many" }
	!(FILENAME in one) { one[FILENAME] = $1 }
	END { for (f in one) print one[f] }' "$CORPUS"/*/told | sort -un >alone
	is 0 "" "" diff <(printf '%s\n' many 1 {3..12}) alone
}

@test "each code of verify is in the corpus, or met by another test" {
	local code

	while read -r code; do
		[[ $code == hold_broken ]] && continue	# there are no holds
		grep -qw "$code" "$BZN_SRC/tests/tamper.tsv" \
		    "$BZN_SRC/tests/ledger-verify.bats" || fail "$code"
	done < <(grep -oh '\bE_[a-z_]*' "$BZN_SRC"/lib/verify/*.c | cut -c3- |
	    sort -u | while read -r code; do
		grep -q "^CODE($code,[[:space:]]*NO,\|^CODE($code,.*REFUSED" \
		    "$BZN_SRC/lib/base/err.def" && echo "$code"
	done | grep -vxF -e account_closed -e account_not_empty \
	    -e already_reversed -e amount_overflow -e insufficient_funds \
	    -e limit_exceeded -e not_reversible)
}

@test "with more threads the same is said, in the same order" {
	local d

	for d in base amount_tile tile_gone middle_row swapped wrong_tax; do
		cp "$CORPUS/$d/found" want
		sed 's/$/ --jobs 3/; 1!d' "$CORPUS/$d/args" >args
		[[ -s args ]] || echo --jobs 3 >args
		mkdir -p "$d"
		cp "$CORPUS/$d/node.db" args "$d"
		judge "$d" >is 2>/dev/null || true
		diff want is
	done
}

@test "the database of the corpus is the same after all that" {
	local d

	for d in "$CORPUS"/*/; do
		is 0 "" "" find "$d" -name 'node.db?*'
	done
}

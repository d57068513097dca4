# shellcheck shell=bats disable=SC2154
# What "make check" does, for longer.
load ../common

@test "half a million requests against the model; seeds that no one knows yet" {
	local seed end

	BZN_MODEL_OPS=500000 "$BZN_BUILD/unit/test_model" >out.tap ||
	    fail "$(grep '^not ok' out.tap)"
	seed=$(date +%s)
	for ((end = seed + 100; seed < end; seed++)); do
		BZN_MODEL_SEED=$seed "$BZN_BUILD/unit/test_model" >out.tap ||
		    fail "$(grep '^not ok' out.tap)"
	done
}

@test "a hundred thousand operations on the books, and as many unknown" {
	local seed end

	BZN_BOOKS_OPS=100000 "$BZN_BUILD/unit/test_books" >out.tap ||
	    fail "$(grep '^not ok' out.tap)"
	seed=$(date +%s)
	for ((end = seed + 50; seed < end; seed++)); do
		BZN_BOOKS_SEED=$seed "$BZN_BUILD/unit/test_books" >out.tap ||
		    fail "$(grep '^not ok' out.tap)"
	done
}

@test "a thousand kills" {
	BZN_KILLS=500 bats -f '^killed at any moment' "$BZN_SRC/tests/crash.bats"
}

@test "keys, killed at every system call" {
	TORTURE=1 bats -f 'killed at' \
	    "$BZN_SRC/tests/bzn-keygen.bats"
}

@test "every proof of every tree up to 1,025 leaves, judged by x/mod" {
	BZN_TREES=1025 BZN_TREES_RANDOM=100000 \
	    bats -f '^x/mod accepts' "$BZN_SRC/tests/foreign.bats"
}

@test "every way to tamper, named alike by two verifiers" {
	BZN_SLICE=1 bats -f '^the second verifier' \
	    "$BZN_SRC/tests/foreign-ledger.bats"
}

@test "thousands of bytes that rot" {
	BZN_ROT=5000 bats -f 'a byte that rots' "$BZN_SRC/tests/ledger-verify.bats"
}

@test "hledger, ledger and beancount judge a thousand exports" {
	run /usr/bin/python3 "$BZN_SRC/tests/judge.py" 1000 1000
	[[ $status == 0 ]] || fail "$output"
}

@test "every combination of filters, against a full scan" {
	books filters 7 200
	echo 'test_clock yes' >filters/bzn.conf
	run env BZN_HOME=filters python3 "$BZN_SRC/tests/filters.py" all
	[[ $status == 0 ]] || fail "$output"
}

@test "limits on calls: a million schedules" {
	BZN_RATES=1000000 "$BZN_BUILD/unit/test_rate" >out.tap ||
	    fail "$(grep '^not ok' out.tap)"
}

@test "the server, killed twenty times under load" {
	BZN_KILLS=20 bats -f '^kill -9 under load' \
	    "$BZN_SRC/tests/http-writer.bats"
}

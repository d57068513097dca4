# shellcheck shell=bats disable=SC2154
# Does health tell the truth?  spec/ops.md 3.10, "right" and "consistent".
load ../common

@test "a hundred thousand node-days, and what is said of them" {
	BZN_TRUTH_DAYS=${BZN_TRUTH_DAYS:-100000} BZN_TRUTH_HISTORIES=0 \
	    BZN_TRUTH_SEED=${BZN_TRUTH_SEED:-$(date +%s)} \
	    "$BZN_BUILD/unit/test_truth" >out.tap || fail "$(cat out.tap)"
	grep '^#' out.tap >&3
}

@test "a million histories: what was down is in incidents" {
	BZN_TRUTH_DAYS=0 \
	    BZN_TRUTH_HISTORIES=${BZN_TRUTH_HISTORIES:-1000000} \
	    BZN_TRUTH_SEED=${BZN_TRUTH_SEED:-$(date +%s)} \
	    "$BZN_BUILD/unit/test_truth" >out.tap || fail "$(cat out.tap)"
	grep '^#' out.tap >&3
}

@test "the first year of a node takes 2.2 MB at most" {
	BZN_SIZE_DAYS=366 "$BZN_BUILD/unit/test_health_size" >out.tap ||
	    fail "$(cat out.tap)"
	grep '^#' out.tap >&3
}

@test "killed at each call of taking sweeps in" {
	BZN_STEP=1 bats "$BZN_SRC/tests/health-deaths.bats"
}

@test "bzn-ping killed at each call that changes anything" {
	BZN_STEP=1 bats "$BZN_SRC/tests/ping-deaths.bats"
}

@test "all of bzn-ping at once, while nodes go down forty times" {
	BZN_ROUNDS=${BZN_ROUNDS:-40} bats "$BZN_SRC/tests/ping-crowd.bats"
}

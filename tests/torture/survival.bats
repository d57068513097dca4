# shellcheck shell=bats
# What tests/ledger-faults.bats has slices of.
load ../common

@test "the power fails at each sync of 200 operations, 32 images each" {
	BZN_OPS=200 BZN_IMAGES=32 BZN_SEED=$(date +%s) \
	    bats -f '^the power fails' "$BZN_SRC/tests/ledger-faults.bats"
}

@test "what is computed is made anew over two levels of tiles" {
	BZN_LEAVES=66000 "$BZN_BUILD/unit/test_rebuild" >out.tap ||
	    fail "$(grep '^not ok' out.tap)"
}

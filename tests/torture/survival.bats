# shellcheck shell=bats
# What tests/ledger-faults.bats and tests/ledger-deaths.bats have slices of.
load ../common

@test "the power fails at each sync of 200 operations, 32 images each" {
	BZN_OPS=200 BZN_IMAGES=32 BZN_SEED=$(date +%s) \
	    bats -f '^the power fails a[tf]' "$BZN_SRC/tests/ledger-faults.bats"
}

@test "the same of 200 operations of every kind" {
	BZN_MIXED=200 BZN_EVERY=1 BZN_IMAGES=32 BZN_SEED=$(date +%s) \
	    bats -f '^the power fails amid' "$BZN_SRC/tests/ledger-faults.bats"
}

@test "every call of every verb that writes fails, in seven ways" {
	BZN_STEP=1 bats -f '^each call' "$BZN_SRC/tests/ledger-deaths.bats" \
	    "$BZN_SRC/tests/ledger-faults.bats"
}

@test "every call that keeps a store, brings it back or up to date fails" {
	BZN_STEP=1 bats -f 'any call|whatever stops it' \
	    "$BZN_SRC/tests/ledger-backup.bats"
}

@test "an import, killed 300 times" {
	BZN_KILLS=300 bats -f '^an import killed' \
	    "$BZN_SRC/tests/ledger-deaths.bats"
}

@test "what is computed is made anew over two levels of tiles" {
	BZN_LEAVES=66000 "$BZN_BUILD/unit/test_rebuild" >out.tap ||
	    fail "$(grep '^not ok' out.tap)"
}

@test "a file system of every so many pages is full" {
	BZN_SIZES=4 bats -f 'file system that is full' \
	    "$BZN_SRC/tests/ledger-faults.bats"
}

@test "thousands of writes that go to the wrong place" {
	BZN_SWAPS=5000 BZN_SEED=$(date +%s) bats -f 'wrong place' \
	    "$BZN_SRC/tests/ledger-faults.bats"
}

@test "writers, readers, verify, backups and who signs, for two minutes" {
	BZN_SECONDS=120 bats "$BZN_SRC/tests/ledger-crowd.bats"
}

# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# The same money from many sides at once: spec/vmp.md 3, 12.
load common
load http

setup_file() {
	grid
	serve
	(
		cd "$BATS_FILE_TMPDIR" || return 1
		join alice bob carol dave
		mint alice 1000000
	)
}

# teardown: whatever was tried, the books are right.
teardown() {
	sound
}

raced() {
	python3 "$BZN_SRC/tests/http/race.py" "$url" "$1"
}

@test "claims, deliveries, disputes, resolutions: each once" {
	raced steps
}

@test "a dispute against payment, at the millisecond" {
	raced window
}

@test "a delivery against the refund, at the millisecond" {
	raced deadline
}

@test "one key of two nodes, on three routes, with two bodies" {
	raced keys
}

@test "the last of the money, and one quote" {
	raced last
}

@test "a bounty is awarded or cancelled" {
	raced bounties
}

@test "a key is replaced once, and the one that was told is good" {
	raced rotation
}

@test "a name is taken once" {
	raced joining
}

@test "amounts that are none, and such that are" {
	raced refused
}

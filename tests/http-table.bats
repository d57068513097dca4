# shellcheck shell=bats disable=SC2154
# Raw requests over sockets: the table of spec/http.md 2, row by row.
load common
load http/toy

teardown() {
	toy_end
}

@test "each row is answered as the table says, sent whole" {
	toy "unix:$PWD/s"
	python3 "$BZN_SRC/tests/http/table.py" "$BZN_SRC/tests/http/table.tsv" \
	    "$PWD/s" whole
}

@test "the same, behind a good request" {
	toy "unix:$PWD/s"
	python3 "$BZN_SRC/tests/http/table.py" "$BZN_SRC/tests/http/table.tsv" \
	    "$PWD/s" behind
}

@test "the same, a byte at a time" {
	toy "unix:$PWD/s"
	python3 "$BZN_SRC/tests/http/table.py" "$BZN_SRC/tests/http/table.tsv" \
	    "$PWD/s" bytes
}

@test "the same, split at each offset" {
	toy "unix:$PWD/s"
	python3 "$BZN_SRC/tests/http/table.py" "$BZN_SRC/tests/http/table.tsv" \
	    "$PWD/s" splits
}

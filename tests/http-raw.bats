# shellcheck shell=bats disable=SC2154
# Raw requests over sockets: the table of spec/http.md 2, row by row.
load common
load http
load http/toy

teardown() {
	toy_end
	unserve
}

# rows SOCKET MODE...
rows() {
	python3 "$BZN_SRC/tests/http/table.py" "$BZN_SRC/tests/http/table.tsv" \
	    "$@"
}

@test "each row is answered as the table says, sent whole" {
	toy "unix:$PWD/s"
	rows "$PWD/s" whole
}

@test "the same, behind a good request" {
	toy "unix:$PWD/s"
	rows "$PWD/s" behind
}

@test "the same, a byte at a time" {
	toy "unix:$PWD/s"
	rows "$PWD/s" bytes
}

@test "the same, split at each offset" {
	toy "unix:$PWD/s"
	rows "$PWD/s" splits
}

@test "what is malformed gets the same from bzn-serve, as its errors are" {
	grid "base_url http://a"
	serve --listen "unix:$PWD/s"
	rows "$PWD/s" real
}
